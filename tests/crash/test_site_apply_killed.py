"""`site apply` killed anywhere, with several workers, and run again equals never killed."""

import json
import random
import signal
import time
from pathlib import Path
from typing import Any

from spmigrate.store import sites
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.site.reading import read
from tests.conftest import ROOT
from tests.contract.site_samples import SMALL_ORGANISATION
from tests.rehearsal_fixtures import RunningTenant
from tests.tenant_tree import session, start

TEMPLATE = """\
template: Team site
version: 1
kind: Team
parameters: [{name: title, ask: What is it called?}]
site: {type: Team site without group, title: "{title}"}
sharing: {external sharing: Existing guests, default link: Specific people}
permissions: {owners: [migration.lead, service.desk]}
libraries:
  - {name: Case papers, versions: {major: 50}, content types: [Council policy], columns shown: [Name, Marking]}
  - {name: Plans, versions: {major: 20}}
quick launch: {links: [{title: Case papers, to: library/Case papers}, {title: Plans, to: library/Plans}]}
"""
SITES = 4


def lay_out(folder: Path, rehearsal: RunningTenant, word: str) -> list[str]:
    addresses = [f"/sites/t-{word}{n}" for n in range(SITES)]
    files = {
        "spmigrate.yaml": f"version: 1\ntenant:\n  rehearsal: '{rehearsal.state}'\n",
        "site_templates/organisation.yaml": SMALL_ORGANISATION,
        "site_templates/templates/team.yaml": TEMPLATE,
    } | {
        f"site_templates/sites/{n}.yaml": f"address: {address}\ntemplate: Team site\nanswers: {{title: The team}}\n"
        for n, address in enumerate(addresses)
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return addresses


def apply(work: Path, *, kill_after: int | None = None) -> bool:
    """Run the command; kill it once the journal has so many lines. Whether it was killed."""
    running = start(ROOT, work, "site", "apply", "--yes", "--workers", "3")
    with Ledger(work / "ledger.db") as ledger:
        while kill_after is not None and running.poll() is None:
            row = ledger.one("SELECT count(*) FROM change")
            if row is not None and row[0] >= kill_after:
                running.send_signal(signal.SIGKILL)
                break
            time.sleep(0.002)
    _, errors = running.communicate(timeout=120)
    assert running.returncode in (0, -signal.SIGKILL), errors
    return running.returncode != 0


def shape(work: Path, addresses: list[str]) -> list[Any]:
    """What each site holds and what is recorded of it, without what differs between two sites."""
    found: list[Any] = []
    with Ledger(work / "ledger.db") as ledger, session(work) as tenant:
        for address in addresses:
            site = read(tenant, address, {}, None)
            assert site is not None
            held = sorted(
                (kind.value, key, sorted((name, value) for name, value in part.attributes.items() if name != "id"))
                for (kind, key), part in site.parts.items()
            )
            recorded = sorted(sites.parts(ledger, address).items())
            found.append(json.loads(json.dumps([held, recorded], default=str).replace(address, "(site)")))
        assert set(sites.applied(ledger)) == set(addresses)
    return found


def test_killed_many_times_and_run_again_ends_as_if_it_never_was(tmp_path: Path, rehearsal: RunningTenant) -> None:
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    expected_at = lay_out(calm, rehearsal, "calm")
    assert not apply(calm)
    addresses = lay_out(killed, rehearsal, "killed")
    chance = random.Random(20261122)
    lines, kills = 0, 0
    for _ in range(12):
        lines += chance.randint(3, 22)
        if not apply(killed, kill_after=lines):
            break
        kills += 1
    assert kills >= 3, "the runs ended before they could be killed"
    apply(killed)
    assert shape(killed, addresses) == shape(calm, expected_at)
