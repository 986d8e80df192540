"""Killed at the lines of the journal for parts of every kind, and run again: it ends as if it had never been killed."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from spmigrate.plan import apply as applying
from spmigrate.plan.change import Plan
from spmigrate.provision.provisioning import apply_site, plan_sites
from spmigrate.provision.resolve import DesiredSite
from spmigrate.store import site_runs, sites
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.hubs import hub_addresses
from spmigrate.tenant.site.reading import read
from tests.contract.full_sites import KINDS, SEED, add_themes, write_full_sites
from tests.contract.site_samples import apply_all
from tests.rehearsal_fixtures import RunningTenant

MOMENTS = ("intended", "applied")
"""Before a change is written, and after that but before the journal knows."""


class Killed(BaseException):
    """The run was killed: nothing catches it."""


@contextmanager
def killing(done: set[tuple[str, ...]], *, each: bool) -> Iterator[None]:
    """Die once at each of a change's moments: of each change, or of the first of its kind."""
    journal = sites.journal

    def watched(ledger: Ledger, entry: sites.Entry, event: str, note: str = "") -> None:
        point = (event, entry.kind, *((entry.site, entry.key) if each else ()))
        is_new = event in MOMENTS and point not in done
        if is_new:
            done.add(point)
        if is_new and event == "applied":
            raise Killed  # in the transaction that would have told of it
        journal(ledger, entry, event, note)
        if is_new:
            raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(applying.sites, "journal", watched)
        yield


def survives(tenant: Tenant, ledger: Ledger, site: DesiredSite, plan: Plan) -> bool:
    """Apply; whether the run came to its end."""
    try:
        steps = list(apply_site(tenant, ledger, site, plan, sleep=time.sleep, number=1))
    except Killed:
        return False
    assert [(step.change.subject, step.trouble) for step in steps if step.trouble] == []
    return True


def known(tenant: Tenant, ledger: Ledger, site: DesiredSite, word: str) -> Any:
    """What is recorded of a site and what it holds, without what differs between two of the same kind."""
    found = read(tenant, site.address, hub_addresses(tenant), None)
    assert found is not None
    held = {
        (kind.value, key): {name: value for name, value in part.attributes.items() if name not in ("id", "items")}
        for (kind, key), part in found.parts.items()
    }
    told = {"recorded": sites.parts(ledger, site.address), "held": held}
    every = {f"{side}: {' '.join(place)}": part for side, parts in told.items() for place, part in parts.items()}
    return json.loads(json.dumps(every, default=str).replace(word, "(word)"))


def kill_and_compare(tenant: Tenant, running: RunningTenant, folder: Path, *, word: str, each: bool) -> int:
    """Apply the sites calmly, and again under other addresses with deaths; how many times the second died."""
    running.seed(SEED)
    add_themes(tenant)
    calm, killed = f"calm{word}", f"dead{word}"
    died, done = 0, set[tuple[str, ...]]()
    with Ledger(folder / "calm.db") as first, Ledger(folder / "killed.db") as second:
        expected = write_full_sites(folder / "calm", calm)
        assert [step.trouble for step in apply_all(tenant, first, expected) if step.trouble] == []
        site_runs.begin(second, "site apply", "p")
        for whole, site in zip(expected, write_full_sites(folder / "killed", killed), strict=True):
            plan = plan_sites(tenant, [site], watch=lambda _: None, ledger=second).plan
            with killing(done, each=each):
                while not survives(tenant, second, site, plan):
                    died += 1
            left = plan_sites(tenant, [site], watch=lambda _: None, ledger=second).plan
            assert (left.changes, left.notes) == ((), ())
            now, then = known(tenant, second, site, killed), known(tenant, first, whole, calm)
            assert {place for place in now.keys() | then.keys() if now.get(place) != then.get(place)} == set()
    # A new site is not locked, and its group is made with it: nothing may be left to do about these.
    assert {point[1] for point in done} >= {kind.value for kind in KINDS - {Kind.LOCK, Kind.GROUP}}
    return died


def test_killed_at_the_first_part_of_every_kind_and_run_again_equals_never_killed(
    shared_tenant: Tenant, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    died = kill_and_compare(shared_tenant, rehearsal, tmp_path, word="kinds", each=False)
    assert died > 45


@pytest.mark.long
def test_killed_at_every_line_of_the_journal_and_run_again_equals_never_killed(
    shared_tenant: Tenant, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    assert kill_and_compare(shared_tenant, rehearsal, tmp_path, word="lines", each=True) > 90
