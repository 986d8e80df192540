"""A day of waves in compressed time: six hours lie between two of them, for the tenant and for this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.model import Amount
from spmigrate.store import waves
from spmigrate.store.allowance import Limits
from spmigrate.store.ledger import Ledger
from spmigrate.store.pacing import FileShelf, spent
from tests.crash.points import Commands
from tests.crash.small_wave import HASTE
from tests.rehearsal_fixtures import RunningTenant, serve_tenant
from tests.signed_estate import TIDY, sign, write
from tests.tenant_tree import new_site, session, tree, working_folder

HOURS = (0, 6, 12, 18)
FILES = 12
_AT = """
import time
from spmigrate.migrate.routes.package import PackageRoute
real = time.time
time.time = lambda: real() + {seconds}
PackageRoute.__init__.__kwdefaults__["now"] = time.time
"""


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    with Commands() as running:
        yield running


@pytest.fixture
def council(tmp_path: Path) -> Iterator[RunningTenant]:
    """A tenant of its own, with the limits of a council."""
    with serve_tenant(tmp_path / "tenant", profile="council") as running:
        running.control.call("POST", "throttle", {"latency": 0, "off": ["jobs"]})
        yield running


def test_day_of_waves_balances_and_pays_what_the_service_counts(
    council: RunningTenant, commands: Commands, tmp_path: Path
) -> None:
    work = working_folder(tmp_path / "day", council, workers=3)
    with (work / "spmigrate.yaml").open("a", encoding="utf-8") as file:
        file.write("  licences: 5001-15000\n  budget share: 90\n  poll seconds: 1\n")
    home = new_site(council, "day")
    with Ledger(work / "ledger.db") as ledger:
        for hour in HOURS:
            root = tmp_path / f"Share {hour}"
            for number in range(FILES):
                write(root / f"Hour {hour}" / f"Report {number}.txt", f"{hour} {number}".encode() * 40)
            sign(ledger, root, {f"Hour {hour}": (TIDY, home)}, sheet_id=f"S-{hour:04}")
    for number, hour in enumerate(HOURS):
        route = ("session", "package")[number % 2]
        at = HASTE + _AT.format(seconds=hour * 3600)
        if number:
            council.advance(6 * 3600)
        name = f"wave-{hour}"
        for command in (("plan", name, "--sheet", f"S-{hour:04}", "--route", route), ("run", name), ("verify", name)):
            ended = commands.run(work, "wave", *command, change=at)
            assert ended.code in (0, 5), (command, ended.said)  # 5: what is planned is not all that there is
    with Ledger(work / "ledger.db") as ledger:
        for hour in HOURS:
            standing = waves.standing(ledger, waves.get(ledger, f"wave-{hour}"))
            assert (standing.accounting.balances, standing.lost, standing.open) == (True, Amount(), Amount())
            assert standing.accounting.source.items == FILES
    council.control.call("POST", "clock", {"reset": True})
    used = council.control.call("GET", "throttle")["usage"][council.ready["client_id"]]["day"]
    shelf = FileShelf(work / "pacing.db")
    paid = spent(shelf, f"rehearsal {council.state.resolve()}", lambda _: Limits(1.0, 1.0)).day
    shelf.close()
    assert 0.95 * used <= paid <= 1.05 * used + 5
    with session(work) as tenant:
        found = tree(tenant, home)
    assert len(found) == len(HOURS) * FILES
    assert {leaf.versions for leaf in found.values()} == {1}
