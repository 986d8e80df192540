"""A wave from its bulk copy to its acceptance, and back again, from the command line on the rehearsal tenant."""

import itertools
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from spmigrate.model import Destination
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import files
from tests.conftest import Finished
from tests.registers import LEAD
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, sign_scanned, write
from tests.tenant_tree import new_site, session, tree, working_folder

Command = Callable[..., Finished]
RECORD = ("--approval-record", "CHG-7")
BY_LEAD = ("--signer", LEAD, *RECORD)
OWNER = "Structures Lead"
_NUMBERS = itertools.count(1)


class Office:
    """A working folder with one wave of one folder, and the command line in it."""

    def __init__(self, folder: Path, home: Destination, spmigrate: Command) -> None:
        self.folder, self.home, self._spmigrate = folder, home, spmigrate
        self.share = folder.parent / "share"

    def run(self, *arguments: str, code: int = 0) -> Any:
        """Run a command, hold its exit code against `code`, and return its document."""
        done = self._spmigrate(*arguments, "--json", cwd=self.folder)
        assert done.code == code, done.stdout + done.stderr
        return done.json

    def refused(self, *arguments: str, code: int = 1) -> str:
        """Run a command that ends with an error, and return what it says."""
        done = self._spmigrate(*arguments, cwd=self.folder)
        assert done.code == code, done.stdout + done.stderr
        return done.stderr

    def sign(self) -> None:
        """Scan the share and sign its folder."""
        self.run("scan", "run", str(self.share), code=0)
        with Ledger(self.folder / "ledger.db") as ledger:
            sign_scanned(ledger, self.share, {"Works": (TIDY, self.home)})

    def paths(self) -> list[str]:
        """The files of the library."""
        with session(self.folder) as tenant:
            return sorted(tree(tenant, self.home))

    def cut_over(self) -> None:
        """Everything up to a verified wave whose source is frozen."""
        for step in ("report", "rehearsal"):
            self.run("wave", "record", "pilot", step, *BY_LEAD, "--note", "as agreed")
        self.run("wave", "go", "pilot", *BY_LEAD, "--on", "2027-06-16")
        since = f"{datetime.now(UTC) - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}"
        self.run("wave", "freeze", "pilot", "--since", since, "--read-only-by", "file services, share set to read")
        self.run("wave", "delta", "pilot")
        self.run("wave", "run", "pilot")
        self.run("wave", "verify", "pilot")


@pytest.fixture
def office(tmp_path: Path, rehearsal: RunningTenant, spmigrate: Command) -> Office:
    folder = working_folder(tmp_path / "work", rehearsal)
    found = Office(folder, new_site(rehearsal, f"cutover-{next(_NUMBERS)}"), spmigrate)
    for number in range(30):
        write(found.share / "Works" / f"{number}.txt", b"text %d" % number)
    os.utime(found.share / "Works", (1_400_000_000, 1_400_000_000))
    found.sign()
    found.run("wave", "plan", "pilot")
    found.run("wave", "run", "pilot")
    return found


def _age(office: Office) -> None:
    """Let the folder have been written to long ago."""
    os.utime(office.share / "Works", (1_400_000_000, 1_400_000_000))


def test_nightly_round_copies_replaces_and_renames(office: Office) -> None:
    write(office.share / "Works" / "new.txt", b"new")
    write(office.share / "Works" / "3.txt", b"edited", modified=1_500_000_000)
    (office.share / "Works" / "4.txt").rename(office.share / "Works" / "four.txt")
    (office.share / "Works" / "5.txt").unlink()
    planned = office.run("wave", "delta", "pilot", "--rescan", code=3)
    assert "changed since it was signed off" in planned["rounds"][-1]["waiting"][0]["reason"]
    office.sign()
    planned = office.run("wave", "delta", "pilot")
    last = planned["rounds"][-1]
    assert {kind: last[kind]["items"] for kind in ("new", "changed", "renamed", "gone", "unchanged")} == {
        "new": 1, "changed": 1, "renamed": 1, "gone": 1, "unchanged": 27,
    }  # fmt: skip
    assert planned["gone"] == [{"path": "Works/5.txt", "copy": f"{office.home.site}/Shared Documents/Works/5.txt"}]
    ran = office.run("wave", "run", "pilot")
    assert (ran["items"], ran["lost"]) == (
        {"source": 30, "copied": 30, "skipped": 0, "routed": 0, "failed": 0, "vanished": 0}, {"items": 0, "bytes": 0},
    )  # fmt: skip
    assert office.run("wave", "verify", "pilot")["verified"] == {"exact": 30}
    paths = office.paths()
    assert len(paths) == 31
    assert {"Works/new.txt", "Works/four.txt", "Works/5.txt"} <= set(paths)
    assert "Works/4.txt" not in paths


@pytest.mark.homes
def test_a_copy_that_was_edited_in_the_new_home_is_a_decision_for_its_owner(office: Office) -> None:
    edit(office, "Works/3.txt", b"edited in the new home")
    write(office.share / "Works" / "3.txt", b"edited at the source", modified=1_500_000_000)
    office.run("wave", "delta", "pilot", "--rescan")
    ran = office.run("wave", "run", "pilot", code=3)
    assert [(each["code"], each["items"]) for each in ran["causes"]] == [("TARGET-EDITED", 1)]
    with session(office.folder) as tenant:
        assert tree(tenant, office.home)["Works/3.txt"].size == len(b"edited in the new home")


def test_steps_are_enforced_up_to_the_acceptance(office: Office, tmp_path: Path) -> None:
    assert "Freeze" not in office.refused("wave", "go", "pilot", *BY_LEAD)
    assert "Pre-scan report: nobody recorded" in office.refused("wave", "go", "pilot", *BY_LEAD)
    assert "Go or no-go: nobody decided" in office.refused("wave", "freeze", "pilot", "--since", "2026-01-01T00:00")
    assert office.run("wave", "steps", "pilot", code=4)["present"] == "report"
    assert office.run("wave", "status", "pilot")["step"] == "report"
    office.run("wave", "delta", "pilot", "--rescan")
    office.cut_over()
    assert office.run("wave", "steps", "pilot", code=4)["present"] == "redirect"
    assert "Redirect: no redirect was written" in office.refused("wave", "record", "pilot", "hypercare", *BY_LEAD,
                                                                 "--note", "done")  # fmt: skip
    written = office.run("wave", "redirect", "pilot", "--to", str(tmp_path / "redirect"))["written"]
    assert len(written) == 4
    assert sorted(path.name for path in office.share.iterdir()) == ["Works"], "nothing is written at the source"
    office.run("wave", "record", "pilot", "hypercare", *BY_LEAD, "--note", "no snags")
    (sheet,) = office.run("wave", "accept", "pilot", code=4)["sheets"]
    assert sheet["items"]["copied"] == 30
    other = office.refused("wave", "accept", "pilot", "--digest", "0" * 12, "--signer", OWNER, *RECORD)
    assert "not those that were approved" in other
    assert "may not sign" in office.refused("wave", "accept", "pilot", "--digest", sheet["digest"], *BY_LEAD)
    accepted = office.run("wave", "accept", "pilot", "--digest", sheet["digest"], "--signer", OWNER, *RECORD)
    assert accepted["sheets"][0]["accepted"] is True
    assert office.run("wave", "status", "pilot")["state"] == "accepted"
    assert "nothing more moves in it" in office.refused("wave", "delta", "pilot", "--rescan")
    assert office.run("mapping", "verify")["breaks"] == []
    assert office.run("wave", "verify", "pilot")["state"] == "accepted", "a later look changes nothing of that"


def test_a_source_that_is_written_to_is_not_frozen(office: Office) -> None:
    office.run("wave", "delta", "pilot", "--rescan")
    for step in ("report", "rehearsal"):
        office.run("wave", "record", "pilot", step, *BY_LEAD, "--note", "as agreed")
    assert "no-go" in office.run("wave", "go", "pilot", *BY_LEAD, "--no")["event"]
    since = f"{datetime.now(UTC) - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}"
    assert "the last decision was no-go" in office.refused("wave", "freeze", "pilot", "--since", since)
    office.run("wave", "go", "pilot", *BY_LEAD, "--on", "2027-06-16")
    (office.share / "Works" / "~$3.docx").write_bytes(b"owner")
    (office.folder / "open.csv").write_text(
        '"ShareRelativePath","ClientUserName"\n"Works\\7.txt","COUNCIL\\a.role"\n"Other\\x.txt","COUNCIL\\b.role"\n'
    )
    look = office.run("wave", "freeze", "pilot", "--since", since, "--open-files", "open.csv", code=3)
    assert (look["owner_files"], look["left_over"]) == ([], ["Works/~$3.docx"]), "the server does not hold it open"
    assert look["open"] == [{"path": "Works\\7.txt", "by": "COUNCIL\\a.role"}]
    assert {each["path"] for each in look["written"]} == {"Works", "Works/~$3.docx"}


def test_the_calendar_keeps_a_wave_from_being_cut_over(office: Office) -> None:
    office.run("wave", "delta", "pilot", "--rescan")
    for step in ("report", "rehearsal"):
        office.run("wave", "record", "pilot", step, *BY_LEAD, "--note", "as agreed")
    assert "Christmas" in office.refused("wave", "go", "pilot", *BY_LEAD, "--on", "2026-12-24")


def test_rolling_back_takes_away_what_nobody_touched_and_exports_the_rest(office: Office, tmp_path: Path) -> None:
    edit(office, "Works/3.txt", b"worked on")
    put(office, "Works", "minutes.txt", b"made here")
    plan = office.run("wave", "rollback", "pilot", code=4)
    assert (plan["recycle"]["items"], len(plan["stay"]), len(plan["export"])) == (29, 1, 2)
    assert len(office.paths()) == 31, "a plan changes nothing"
    office.refused("wave", "rollback", "pilot", "--apply", *BY_LEAD, "--yes", code=2)
    out = tmp_path / "out"
    done = office.run("wave", "rollback", "pilot", "--apply", "--export", str(out), *BY_LEAD, "--yes", code=3)
    assert (done["recycle"]["items"], [each["why"] for each in done["stay"]]) == (29, ["somebody changed it since"])
    assert office.paths() == ["Works/3.txt", "Works/minutes.txt"]
    home = out / office.home.site.strip("/") / "Shared Documents" / "Works"
    assert ((home / "3.txt").read_bytes(), (home / "minutes.txt").read_bytes()) == (b"worked on", b"made here")
    assert str(office.share) in (out / "reopen the source.txt").read_text()
    assert len(list((office.share / "Works").iterdir())) == 30, "nothing is deleted at the source"
    assert office.run("wave", "status", "pilot")["state"] == "rolled back"
    assert "nothing more moves in it" in office.refused("wave", "delta", "pilot", "--rescan")
    again = office.run("wave", "plan", "second")
    assert (again["open"]["items"], again["items"]["skipped"]) == (29, 1), "but for the copy that is still there"


def test_rolling_back_removes_folders_that_became_empty(office: Office, tmp_path: Path) -> None:
    done = office.run("wave", "rollback", "pilot", "--apply", "--export", str(tmp_path / "out"), *BY_LEAD, "--yes")
    assert (done["recycle"]["items"], done["folders"]) == (30, 1)
    with session(office.folder) as tenant:
        library = files.open_library(tenant, office.home.site, office.home.library)
        assert files.child(tenant, library, library.root_id, "Works") is None


def edit(office: Office, path: str, content: bytes) -> None:
    """Somebody edits a file in its new home."""
    folder, _, name = path.rpartition("/")
    put(office, folder, name, content)


def put(office: Office, folder: str, name: str, content: bytes) -> None:
    """Somebody saves a file in the library."""
    with session(office.folder) as tenant:
        library = files.open_library(tenant, office.home.site, office.home.library)
        path = f"/v1.0/drives/{library.drive_id}/root:/{folder}/{name}:/content"
        reply = tenant.send("PUT", f"https://graph.microsoft.com{path}", body=content, authorised=True,
                            headers={"Content-Type": "text/plain", "Content-Length": str(len(content))})  # fmt: skip
        assert reply.status in (200, 201)
