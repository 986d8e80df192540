"""Waves from the command line, end to end, on the rehearsal tenant."""

import itertools
import signal
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from spmigrate.migrate import progress
from spmigrate.model import Decision, Destination
from spmigrate.quickxor import quickxor
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import files
from tests.conftest import ROOT, Finished
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, make_estate, sign, write
from tests.tenant_tree import new_site, session, start, tree, working_folder

Command = Callable[..., Finished]
_NUMBERS = itertools.count(1)


@pytest.fixture
def work(tmp_path: Path, rehearsal: RunningTenant) -> Path:
    return working_folder(tmp_path / "work", rehearsal)


@pytest.fixture
def home(rehearsal: RunningTenant) -> Destination:
    return new_site(rehearsal, f"wave-{next(_NUMBERS)}")


def signed(work: Path, root: Path, home: Destination, *rows: str, decision: Decision = TIDY) -> None:
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, root, dict.fromkeys(rows or ("",), (decision, home if decision.moves else None)))


@pytest.mark.homes
def test_wave_moves_everything_and_accounts_for_it(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    root = make_estate(tmp_path / "share", plain=20)
    signed(work, root, home, "Works", "Plans", "Drawings")
    planned = spmigrate("wave", "plan", "pilot", "--json", cwd=work)
    assert (planned.code, planned.json["open"]["items"]) == (0, 44)
    assert spmigrate("wave", "status", "pilot", cwd=work).code == 4
    ran = spmigrate("wave", "run", "pilot", "--json", cwd=work)
    assert ran.code == 0, ran.stderr
    assert ran.json["balances"] is True
    assert ran.json["items"] == {"source": 47, "copied": 44, "skipped": 2, "routed": 1, "failed": 0, "vanished": 0}
    verified = spmigrate("wave", "verify", "pilot", "--json", cwd=work)
    assert (verified.code, verified.json["verified"], verified.json["state"]) == (0, {"exact": 44}, "verified")
    with session(work) as tenant:
        found = tree(tenant, home)
    assert len(found) == 44
    for path in ("Works/3/Report 3.txt", "Plans/Odd & ends #2/O'Brien #1.txt", "Plans/Odd & ends #2/100%25.txt"):
        original = root / path
        assert found[path].quickxor == quickxor(original.read_bytes())
        assert found[path].versions == 1
    assert {path for path in found if path.startswith("Plans/empty")} == {f"Plans/empty {n}.txt" for n in range(4)}
    assert spmigrate("wave", "run", "pilot", cwd=work).code == 0
    with session(work) as tenant:
        assert tree(tenant, home) == found


def test_wave_in_which_nothing_moves_is_done_at_once(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    write(tmp_path / "share" / "a.txt", b"x")
    signed(work, tmp_path / "share", home, decision=Decision.ARCHIVE)
    spmigrate("wave", "plan", "pilot", cwd=work)
    ran = spmigrate("wave", "run", "pilot", "--json", cwd=work)
    assert (ran.code, ran.json["state"], ran.json["items"]["skipped"]) == (0, "moved", 1)
    assert spmigrate("wave", "verify", "pilot", "--json", cwd=work).json["state"] == "verified"


def test_people_read_the_account(work: Path, home: Destination, tmp_path: Path, spmigrate: Command) -> None:
    write(tmp_path / "share" / "a.txt", b"x" * 1234)
    signed(work, tmp_path / "share", home)
    spmigrate("wave", "plan", "pilot", cwd=work)
    ran = spmigrate("wave", "run", "pilot", cwd=work)
    assert "source          1  1,234" in ran.stdout
    assert "= copied        1  1,234" in ran.stdout
    assert "wave verify pilot" in ran.stderr


def test_failures_are_named_and_the_rest_moves(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    root = tmp_path / "share"
    for name in ("taken.txt", "gone.txt", "good.txt", "what?.txt"):
        write(root / name, name.encode())
    signed(work, root, home, decision=Decision.MOVE)
    with session(work) as tenant:
        library = files.open_library(tenant, home.site, home.library)
        files.ensure_folder(tenant, library, library.root_id, "TAKEN.txt")
    spmigrate("wave", "plan", "pilot", cwd=work)
    (root / "gone.txt").unlink()
    ran = spmigrate("wave", "run", "pilot", "--json", cwd=work)
    assert ran.code == 3
    assert {each["code"]: each["outcome"] for each in ran.json["causes"]} == {
        "TARGET-TAKEN": "failed", "SOURCE-VANISHED": "vanished", "NAME-CHARACTER": "failed",
    }  # fmt: skip
    assert (ran.json["items"]["copied"], ran.json["balances"]) == (1, True)


def test_throttling_and_lost_answers_cost_nothing_but_time(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    for number in range(30):
        write(tmp_path / "share" / f"{number % 3}" / f"{number}.txt", b"x" * number)
    signed(work, tmp_path / "share", home)
    spmigrate("wave", "plan", "pilot", cwd=work)
    rehearsal.fault({"status": 429, "retry_after": 1}, count=3, skip=10, method="PUT")
    rehearsal.fault({"reset": "after"}, count=4, skip=3, method="PUT", path="/uploadSession")
    rehearsal.fault({"reset": "before"}, count=2, skip=12, method="PUT", path="/uploadSession")
    rehearsal.fault({"reset": "after"}, count=2, skip=8, method="POST")
    ran = spmigrate("wave", "run", "pilot", "--json", cwd=work)
    assert (ran.code, ran.json["items"]["copied"]) == (0, 30), ran.stderr
    assert spmigrate("wave", "verify", "pilot", cwd=work).code == 0
    with session(work) as tenant:
        assert {leaf.versions for leaf in tree(tenant, home).values()} == {1}


def test_terminated_run_finishes_what_it_has_in_hand_and_goes_on_later(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    signed(work, make_estate(tmp_path / "share", plain=300), home, "Works")
    spmigrate("wave", "plan", "pilot", cwd=work)
    running = start(ROOT, work, "wave", "run", "pilot", "--json")
    with Ledger(work / "ledger.db") as ledger:
        while running.poll() is None and progress(ledger, "pilot").finished < 20:
            time.sleep(0.005)
        running.send_signal(signal.SIGTERM)
        output, errors = running.communicate(timeout=60)
        assert running.returncode == 130, errors
        assert "safe to run" in errors
        assert ledger.one("SELECT count(*) FROM transfer WHERE state = 'copying'")[0] == 0  # type: ignore[index]  # count
    assert '"lost": {\n    "items": 0' in output
    ran = spmigrate("wave", "run", "pilot", "--json", cwd=work)
    assert (ran.code, ran.json["items"]["copied"]) == (0, 300)


@pytest.mark.parametrize(("status", "hint"), [(507, "storage limit"), (403, "spmigrate doctor")])
def test_full_or_forbidden_site_stops_the_run_and_a_remedy_lets_it_go_on(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant, status: int, hint: str
) -> None:
    for number in range(6):
        write(tmp_path / "share" / f"{number}.txt", b"x")
    signed(work, tmp_path / "share", home)
    spmigrate("wave", "plan", "pilot", cwd=work)
    rehearsal.fault({"status": status}, count=99, method="PUT")
    ran = spmigrate("wave", "run", "pilot", cwd=work)
    assert (ran.code, hint in ran.stderr) == (1, True), ran.stderr
    rehearsal.clear_faults()
    assert spmigrate("wave", "run", "pilot", cwd=work).code == 0


def test_share_that_has_gone_stops_the_run_and_nothing_counts_as_vanished(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    write(tmp_path / "share" / "a.txt", b"x")
    signed(work, tmp_path / "share", home)
    spmigrate("wave", "plan", "pilot", cwd=work)
    (tmp_path / "share").rename(tmp_path / "unmounted")
    gone = spmigrate("wave", "run", "pilot", cwd=work)
    assert (gone.code, "not there any more" in gone.stderr) == (1, True), gone.stderr
    (tmp_path / "unmounted").rename(tmp_path / "share")
    assert spmigrate("wave", "run", "pilot", "--json", cwd=work).json["items"]["copied"] == 1


@pytest.mark.homes
def test_altered_and_missing_files_fail_verification(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    for name in ("kept.txt", "edited.txt", "deleted.txt"):
        write(tmp_path / "share" / name, name.encode())
    signed(work, tmp_path / "share", home)
    spmigrate("wave", "plan", "pilot", cwd=work)
    spmigrate("wave", "run", "pilot", cwd=work)
    with session(work) as tenant:
        library = files.open_library(tenant, home.site, home.library)
        for name, method, path in (("edited.txt", "PUT", "/content"), ("deleted.txt", "DELETE", "")):
            item = files.child(tenant, library, library.root_id, name)
            assert item is not None
            body = b"other" if method == "PUT" else None
            tenant.graph(method, f"/v1.0/drives/{library.drive_id}/items/{item.id}{path}", body)
    verified = spmigrate("wave", "verify", "pilot", "--json", cwd=work)
    assert verified.code == 3
    assert verified.json["verified"] == {"exact": 1, "failed": 2}
    assert {each["path"].rpartition("/")[2] for each in verified.json["problems"]} == {"edited.txt", "deleted.txt"}


def test_rewritten_office_file_is_equal_in_content_until_it_is_edited(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    def document(path: Path, text: str, promoted: str) -> bytes:
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("word/document.xml", text)
            archive.writestr("docProps/core.xml", promoted)
        return path.read_bytes()

    for name in ("rewritten.docx", "edited.docx"):
        document(tmp_path / "share" / name, "text", "")
    signed(work, tmp_path / "share", home)
    spmigrate("wave", "plan", "pilot", cwd=work)
    spmigrate("wave", "run", "pilot", cwd=work)
    with session(work) as tenant:
        library = files.open_library(tenant, home.site, home.library)
        for name, text in (("rewritten.docx", "text"), ("edited.docx", "other")):
            item = files.child(tenant, library, library.root_id, name)
            assert item is not None
            place = f"/v1.0/drives/{library.drive_id}/items/{item.id}"
            tenant.graph("PUT", f"{place}/content", document(tmp_path / "new.docx", text, "title"))
            modified = files.child(tenant, library, library.root_id, name)
            assert modified is not None and modified.quickxor != item.quickxor
            stamp = {"fileSystemInfo": {"lastModifiedDateTime": _stamp(tmp_path / "share" / name)}}
            tenant.graph("PATCH", place, stamp)
    verified = spmigrate("wave", "verify", "pilot", "--json", cwd=work)
    assert verified.json["verified"] == {"equal in content": 1, "failed": 1}
    (tmp_path / "share" / "rewritten.docx").unlink()
    again = spmigrate("wave", "verify", "pilot", "--json", cwd=work)
    assert (again.code, again.json["verified"]) == (5, {"failed": 1, "unverifiable": 1})


def _stamp(path: Path) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(path.stat().st_mtime))


def test_library_that_cannot_be_listed_is_no_pass(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    write(tmp_path / "share" / "a.txt", b"x")
    signed(work, tmp_path / "share", home)
    spmigrate("wave", "plan", "pilot", cwd=work)
    spmigrate("wave", "run", "pilot", cwd=work)
    rehearsal.fault({"status": 403}, count=9, method="GET", path="/delta")
    verified = spmigrate("wave", "verify", "pilot", "--json", cwd=work)
    assert (verified.code, verified.json["verified"]) == (5, {"unverifiable": 1})


def test_unsigned_and_unknown_things_are_refused_with_a_hint(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    write(tmp_path / "share" / "a.txt", b"x")
    signed(work, tmp_path / "share", home)
    with Ledger(work / "ledger.db") as ledger:
        ledger.execute("UPDATE mapping_row SET decision = replace(decision, 'Documents', 'Papers')")
    refused = spmigrate("wave", "plan", "pilot", cwd=work)
    assert (refused.code, "M-S-0001-1" in refused.stderr) == (1, True)
    assert spmigrate("wave", "plan", "pilot", "--sheet", "S-9", cwd=work).code == 2
    assert spmigrate("wave", "run", "nothing", cwd=work).code == 2
    assert "Traceback" not in refused.stderr
