"""Every template that ships: once applied nothing is left to do, and no governance rule finds fault with the site."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from spmigrate.provision.lint import review
from spmigrate.provision.resolve import resolve
from tests.conftest import ROOT, Finished
from tests.rehearsal_fixtures import RunningTenant, serve_tenant

Run = Callable[..., Finished]
SEED = ROOT / "spmigrate" / "rehearsal" / "seeds" / "demo.yaml"
ONE_OF_EACH = ("d-2b55q", "f-fq9t6", "t-7k2qr", "d-u895n", "p-x5h9n", "g-w6r2v")
"""A site of each kind in the sample county, and the directorates that they belong to."""


@pytest.fixture
def council(tmp_path: Path) -> Iterator[tuple[Path, RunningTenant]]:
    """A working folder with the whole sample county, on a tenant where nothing is provisioned."""
    with serve_tenant(tmp_path / "tenant", seed=SEED) as running:
        work = tmp_path / "work"
        command = [sys.executable, "-m", "spmigrate", "init", str(work), "--sites", "county"]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        state = json.dumps(str(running.state))
        (work / "spmigrate.yaml").write_text(f"version: 1\ntenant:\n  rehearsal: {state}\n", "utf-8")
        yield work, running


def checked(spmigrate: Run, work: Path) -> tuple[int, dict[str, Any]]:
    """How many sites the governance rules saw, and what they found."""
    done = spmigrate("rule", "check", "--json", cwd=work)
    assert done.code in (0, 3), done.stderr
    seen: dict[str, Any] = done.json["coverage"]["site"]
    assert seen["gap"] is None
    return seen["seen"], {f"{each['rule']} {each['subject']}": each for each in done.json["findings"]}


def prove(spmigrate: Run, work: Path, addresses: tuple[str, ...], *, sites: int, timeout: float = 120) -> None:
    """Apply, plan again, and check; the rules see the sites and find what they found before, and nothing else."""
    seen, found = checked(spmigrate, work)
    applied = spmigrate("site", "apply", *addresses, "--yes", "--workers", "8", cwd=work, timeout=timeout)
    assert applied.code == 0, applied.stdout[-2000:] + applied.stderr[-2000:]
    planned = spmigrate("site", "plan", *addresses, "--json", cwd=work, timeout=timeout)
    assert (planned.code, planned.json["changes"], planned.json["obstacles"]) == (0, [], [])
    assert spmigrate("site", "drift", *addresses, cwd=work, timeout=timeout).code == 0
    again, after = checked(spmigrate, work)
    assert again == seen + sites
    assert after.keys() - found.keys() == set()


def test_a_site_of_each_kind_applies_plans_to_nothing_and_passes_the_governance_rules(
    spmigrate: Run, council: tuple[Path, RunningTenant]
) -> None:
    work, _ = council
    catalogue = review(work / "site_templates").catalogue
    used = {site.template for site in resolve(catalogue) if site.address.removeprefix("/sites/") in ONE_OF_EACH}
    assert used == {template.template for template in catalogue.by_name.values() if template.kind}
    prove(spmigrate, work, ONE_OF_EACH, sites=len(ONE_OF_EACH))


@pytest.mark.long
def test_the_whole_county_applies_plans_to_nothing_and_passes_the_governance_rules(
    spmigrate: Run, council: tuple[Path, RunningTenant]
) -> None:
    work, _ = council
    every = resolve(review(work / "site_templates").catalogue)
    assert len(every) > 100
    there = SEED.read_text("utf-8")
    prove(spmigrate, work, (), sites=sum(site.address not in there for site in every), timeout=900)
