"""Waves from the command line: what was not signed does not move, and what nobody answers for is said."""

import itertools
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from spmigrate.model import Amount, Decision, Destination
from spmigrate.scan.places import local
from spmigrate.scan.survey import survey
from spmigrate.store import waves
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import files
from tests.conftest import Finished
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, sign, sign_scanned, write
from tests.tenant_tree import new_site, session, tree, working_folder

Command = Callable[..., Finished]
_NUMBERS = itertools.count(1)
_OTHER_TENANT = """version: 1
tenant:
  name: council.onmicrosoft.example
  tenant id: 00000000-0000-0000-0000-000000000001
  sharepoint: https://council.sharepoint.example
  client id: 00000000-0000-0000-0000-000000000002
"""


@pytest.fixture
def work(tmp_path: Path, rehearsal: RunningTenant) -> Path:
    return working_folder(tmp_path / "work", rehearsal)


@pytest.fixture
def home(rehearsal: RunningTenant) -> Destination:
    return new_site(rehearsal, f"consent-{next(_NUMBERS)}")


@pytest.fixture
def planned(work: Path, home: Destination, tmp_path: Path, spmigrate: Command) -> Path:
    """A working folder with the wave `pilot` of one row, `a`, with one file."""
    write(tmp_path / "share" / "a" / "one.txt", b"one")
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, tmp_path / "share", {"a": (TIDY, home)})
    assert spmigrate("wave", "plan", "pilot", cwd=work).code == 0
    return work


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        ("UPDATE mapping_row SET decision = replace(decision, 'Documents', 'Papers')", "changed since it was signed"),
        ("UPDATE transfer SET site = '/sites/public'", "not what was signed"),
        ("UPDATE batch SET library = 'Public'", "not what was signed"),
        ("UPDATE source SET root = '/etc'", "would be read from /etc"),
        (
            "INSERT INTO signoff(sheet_id, at, signer, role, evidence, statement, digest, previous, entry)"
            " SELECT sheet_id, 'x', 'nobody', 'owner', '', '', '', entry, 'forged' FROM signoff"
            " ORDER BY id DESC LIMIT 1",
            "chain of sign-offs does not hold",
        ),
    ],
    ids=["answer", "transfer", "batch", "source", "chain"],
)
def test_run_refuses_what_was_not_signed_before_any_request(
    planned: Path, spmigrate: Command, rehearsal: RunningTenant, edit: str, says: str
) -> None:
    with Ledger(planned / "ledger.db") as ledger:
        ledger.execute(edit)
    before = rehearsal.mark()
    ran = spmigrate("wave", "run", "pilot", cwd=planned)
    assert (ran.code, says in ran.stderr) == (1, True), ran.stderr
    assert [each for each in rehearsal.requests(before) if each["host"] != "127.0.0.1"] == [], "the tenant was asked"


def test_wave_of_one_tenant_is_refused_for_another_even_when_nothing_is_left_to_move(
    planned: Path, spmigrate: Command
) -> None:
    assert spmigrate("wave", "run", "pilot", cwd=planned).code == 0
    (planned / "spmigrate.yaml").write_text(_OTHER_TENANT)
    for verb in ("run", "verify", "retry", "plan"):
        refused = spmigrate("wave", verb, "pilot", cwd=planned)
        assert (refused.code, "is for the rehearsal tenant" in refused.stderr) == (1, True), (verb, refused.stderr)
    assert "the rehearsal tenant in" in spmigrate("wave", "status", "pilot", "--json", cwd=planned).json["tenant"]


def test_folder_that_nobody_could_look_into_is_exit_5_from_plan_to_verify(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    root = tmp_path / "share"
    write(root / "a" / "one.txt", b"one")
    (root / "a" / "closed").mkdir()
    with Ledger(work / "ledger.db") as ledger:
        survey(ledger, root, name=root.name)
        ledger.execute("UPDATE folder SET state = 'unseen', reason = 'no access' WHERE path = 'a/closed'")
        sign_scanned(ledger, root, {"a": (TIDY, home)})
    assert spmigrate("wave", "plan", "pilot", cwd=work).code == 5
    for verb in ("run", "verify", "status"):
        said = spmigrate("wave", verb, "pilot", "--json", cwd=work)
        assert (said.code, said.json["unseen_folders"]) == (5, 1), verb


def test_share_that_may_hide_names_is_exit_5_from_gate_to_verify(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    root = tmp_path / "share"
    write(root / "a" / "one.txt", b"one")
    hides = "The share leaves out of its listings what the account that scans may not open."
    with Ledger(work / "ledger.db") as ledger:
        survey(ledger, replace(local.find(root), reservations=(hides,)), name=root.name)
        sign_scanned(ledger, root, {"a": (TIDY, home)})
    assert spmigrate("wave", "plan", "pilot", cwd=work).code == 5
    gate = spmigrate("mapping", "gate", "pilot", "--json", cwd=work)
    assert (gate.json["may_move"], gate.json["may_be_hidden"]) == (False, [hides])
    for verb in ("run", "verify", "status"):
        said = spmigrate("wave", verb, "pilot", "--json", cwd=work)
        assert (said.code, said.json["may_be_hidden"]) == (5, [hides]), verb
    assert hides in spmigrate("wave", "status", "pilot", cwd=work).stdout
    assert hides in spmigrate("mapping", "gate", "pilot", cwd=work).stdout
    spmigrate("report", cwd=work)
    page = (work / "report.html").read_text("utf-8")
    assert hides in page and "Every file is accounted for" not in page


def test_plan_names_what_is_in_no_row(planned: Path, tmp_path: Path, spmigrate: Command) -> None:
    write(tmp_path / "share" / "new" / "below" / "two.txt", b"1234")
    with Ledger(planned / "ledger.db") as ledger:
        survey(ledger, tmp_path / "share", name="share")
    said = spmigrate("wave", "plan", "pilot", "--json", cwd=planned)
    assert said.code == 5
    assert said.json["in_no_row"] == [{"source": "share", "path": "new", "items": 1, "bytes": 4}]
    assert "share/new: 1 file, 4 bytes" in spmigrate("wave", "plan", "pilot", cwd=planned).stdout
    spmigrate("report", cwd=planned)
    assert "In no wave: 1 file, 4 bytes." in (planned / "report.html").read_text("utf-8")


def test_wave_in_which_everything_failed_does_not_verify_clean_and_is_offered_again(
    planned: Path, home: Destination, spmigrate: Command
) -> None:
    with session(planned) as tenant:
        library = files.open_library(tenant, home.site, home.library)
        folder = files.ensure_folder(tenant, library, library.root_id, "a")
        taken = files.ensure_folder(tenant, library, folder, "one.txt")
        assert spmigrate("wave", "run", "pilot", cwd=planned).code == 3
        verified = spmigrate("wave", "verify", "pilot", "--json", cwd=planned)
        assert (verified.code, verified.json["items"]["failed"]) == (3, 1)
        tenant.graph("DELETE", f"/v1.0/drives/{library.drive_id}/items/{taken}")
    offered = spmigrate("wave", "retry", "pilot", "--json", cwd=planned)
    assert (offered.code, offered.json["offered_again"]) == (0, {"items": 1, "bytes": 3})
    assert spmigrate("wave", "status", "pilot", cwd=planned).code == 4
    assert spmigrate("wave", "run", "pilot", "--json", cwd=planned).json["items"]["copied"] == 1
    assert spmigrate("wave", "verify", "pilot", cwd=planned).code == 0
    assert spmigrate("wave", "retry", "pilot", "--json", cwd=planned).json["offered_again"]["items"] == 0


def test_wave_that_lost_an_item_is_never_verified(planned: Path, spmigrate: Command) -> None:
    spmigrate("wave", "run", "pilot", cwd=planned)
    with Ledger(planned / "ledger.db") as ledger:
        ledger.execute("UPDATE wave_folder SET items = items + 1")
        assert waves.standing(ledger, waves.get(ledger, "pilot")).lost == Amount(1, 0)
    verified = spmigrate("wave", "verify", "pilot", "--json", cwd=planned)
    assert (verified.code, verified.json["state"]) == (5, "moved")


def test_file_edited_between_scan_and_move_is_accounted_as_scanned_and_said(
    planned: Path, tmp_path: Path, spmigrate: Command
) -> None:
    write(tmp_path / "share" / "a" / "one.txt", b"x" * 1000)
    ran = spmigrate("wave", "run", "pilot", "--json", cwd=planned)
    assert (ran.json["bytes"]["copied"], ran.json["moved_bytes"], ran.json["balances"]) == (3, 1000, True)
    assert "1,000 bytes; files were edited" in spmigrate("wave", "status", "pilot", cwd=planned).stdout


def test_owner_who_changes_one_answer_stops_that_row_only(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    root = tmp_path / "share"
    write(root / "a" / "one.txt", b"one")
    os.mkfifo(root / "a" / "pipe")
    for number in range(3):
        write(root / "b" / f"{number}.txt", b"two")
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, root, {"a": (TIDY, home), "b": (TIDY, home)})
    assert spmigrate("wave", "plan", "pilot", cwd=work).code == 0
    rehearsal.fault({"status": 507}, count=99, method="PUT")
    assert spmigrate("wave", "run", "pilot", cwd=work).code == 1
    rehearsal.clear_faults()
    with Ledger(work / "ledger.db") as ledger:
        ledger.execute("UPDATE transfer SET state = 'todo' WHERE state = 'copying' AND row_id = 'M-S-0001-1'")
        sign_scanned(ledger, root, {"a": (Decision.ARCHIVE, None), "b": (TIDY, home)})
    refused = spmigrate("wave", "run", "pilot", cwd=work)
    assert (refused.code, "spmigrate wave plan pilot" in refused.stderr) == (1, True)
    replanned = spmigrate("wave", "plan", "pilot", "--json", cwd=work)
    assert (replanned.code, replanned.json["released"]) == (0, [{"row": "M-S-0001-1", "path": "a"}])
    ran = spmigrate("wave", "run", "pilot", "--json", cwd=work)
    assert (ran.code, ran.json["items"]["copied"], ran.json["balances"]) == (0, 3, True), ran.stderr
    assert spmigrate("wave", "plan", "second", "--json", cwd=work).json["items"]["skipped"] == 2
    with session(work) as tenant:
        assert {path.partition("/")[0] for path in tree(tenant, home)} == {"b"}
