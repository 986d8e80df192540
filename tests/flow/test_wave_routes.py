"""Which way content goes: chosen, explained, overridden, and from site to site by the service itself."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from spmigrate.model import Destination
from spmigrate.scan import places
from spmigrate.scan.survey import survey
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import files, transfer
from spmigrate.tenant.transfer import Spot, Times
from tests.conftest import Finished
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, sign, sign_scanned, write
from tests.tenant_tree import new_site, session, tree, working_folder

Command = Callable[..., Finished]


@pytest.fixture
def work(tmp_path: Path, rehearsal: RunningTenant) -> Path:
    return working_folder(tmp_path / "work", rehearsal)


def signed(work: Path, share: Path, home: Destination) -> None:
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, share, {"a": (TIDY, home)})


def routes(planned: Finished) -> dict[str, int]:
    assert planned.code == 0, planned.stderr
    return dict(sum((Counter({each["route"]: each["items"]}) for each in planned.json["routes"]), Counter[str]()))


def words(done: Finished) -> str:
    """What was printed, however wide the terminal is."""
    return " ".join(done.stdout.split())


def test_plan_says_which_route_and_why_and_an_option_or_setting_overrides_it(
    tmp_path: Path, work: Path, spmigrate: Command
) -> None:
    for number in range(5):
        write(tmp_path / "share" / "a" / f"{number}.txt", b"x")
    write(tmp_path / "share" / "a" / "page.aspx", b"x")
    signed(work, tmp_path / "share", Destination(site="/sites/team", library="Shared Documents", label="Team"))
    plan = ("wave", "plan", "pilot")
    assert "a job would queue longer than they take" in words(spmigrate(*plan, cwd=work))
    assert routes(spmigrate(*plan, "--json", cwd=work)) == {"session": 6}
    assert routes(spmigrate(*plan, "--route", "package", "--json", cwd=work)) == {"package": 5, "session": 1}
    with (work / "spmigrate.yaml").open("a") as settings:
        settings.write("  route: package\n")
    assert routes(spmigrate(*plan, "--json", cwd=work)) == {"package": 5, "session": 1}
    assert routes(spmigrate(*plan, "--route", "session", "--json", cwd=work)) == {"session": 6}
    assert routes(spmigrate(*plan, "--route", "auto", "--json", cwd=work)) == {"session": 6}
    spmigrate(*plan, cwd=work)
    said = words(spmigrate("wave", "status", "pilot", cwd=work))
    assert "the package route was asked for" in said and "blocked as a whole" in said


def test_site_is_moved_to_another_one_with_its_versions(
    tmp_path: Path, work: Path, rehearsal: RunningTenant, spmigrate: Command
) -> None:
    old, home = new_site(rehearsal, "old-team"), new_site(rehearsal, "new-team")
    with session(work) as tenant, Ledger(work / "ledger.db") as ledger:
        library = files.open_library(tenant, old.site, old.library)
        parent = files.ensure_folder(tenant, library, library.root_id, "a")
        times = Times(1_300_000_000 * 10**9, 1_400_000_000 * 10**9)
        for name in ("one.txt", "two #2.txt"):
            transfer.upload(tenant, Spot(library, parent, "a", name), iter([b"content"]), size=7, times=times)
        address = f"{tenant.settings.sharepoint}{old.site}/{old.library}"
        survey(ledger, places.find(address, connect=lambda: tenant), name="old")
        sign_scanned(ledger, Path("old"), {"a": (TIDY, home)})
        assert routes(spmigrate("wave", "plan", "pilot", "--json", cwd=work)) == {"copy": 2}
        ran = spmigrate("wave", "run", "pilot", "--json", cwd=work)
        assert (ran.code, ran.json["items"]["copied"]) == (0, 2), ran.stderr
        assert spmigrate("wave", "verify", "pilot", "--json", cwd=work).json["verified"] == {"exact": 2}
        assert tree(tenant, home) == tree(tenant, old)
