"""Evidence packs and lists of a wave, from the command line, and checked without its ledger."""

import csv
import hashlib
import itertools
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from spmigrate.model import Decision, Destination
from spmigrate.store import wave_steps, waves
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import files, transfer
from tests.conftest import ROOT, Finished
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import sign, write
from tests.tenant_tree import new_site, session, start, working_folder

Command = Callable[..., Finished]
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def home(rehearsal_server: RunningTenant) -> Destination:
    return new_site(rehearsal_server, f"evidence-{next(_NUMBERS)}")


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory, rehearsal_server: RunningTenant, home: Destination) -> Path:
    """A working folder with a verified wave: two files copied, one that failed."""
    folder = tmp_path_factory.mktemp("evidence")
    work = working_folder(folder / "work", rehearsal_server)
    for name in ("one.txt", "two & more #2.txt", "=what?.txt"):
        write(folder / "share" / "Plans" / name, name.encode())
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, folder / "share", {"Plans": (Decision.MOVE, home)})
    for verb in ("plan", "run", "verify"):
        start(ROOT, work, "wave", verb, "pilot").communicate(timeout=60)
    packing = start(ROOT, work, "wave", "evidence", "pilot", "--out", "pack.zip")
    _, errors = packing.communicate(timeout=60)
    assert packing.returncode == 0, errors
    return work


def _unpacked(pack: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(pack) as book:
        return {name: book.read(name) for name in book.namelist()}


def _packed(files: dict[str, bytes], at: Path, *, resum: bool = False) -> Path:
    """A pack of these files; with `resum`, by somebody who also corrected the list of digests."""
    if resum:
        names = sorted(set(files) - {"SHA256SUMS", "head.json"})
        files["SHA256SUMS"] = "".join(f"{hashlib.sha256(files[n]).hexdigest()}  {n}\n" for n in names).encode()
        head = json.loads(files["head.json"])
        head["sums"] = hashlib.sha256(files["SHA256SUMS"]).hexdigest()
        content = json.dumps([head["wave"], head["at"], head["sums"], head["previous"]])
        head["entry"] = hashlib.sha256(content.encode()).hexdigest()
        files["head.json"] = json.dumps(head).encode()
    with zipfile.ZipFile(at, "w") as book:
        for name, text in files.items():
            book.writestr(name, text)
    return at


def test_pack_holds_on_a_machine_without_the_ledger(moved: Path, tmp_path: Path, spmigrate: Command) -> None:
    elsewhere = tmp_path / "pack.zip"
    elsewhere.write_bytes((moved / "pack.zip").read_bytes())
    checked = spmigrate("wave", "evidence", "--check", elsewhere.name, "--json", cwd=tmp_path)
    assert checked.code == 0, checked.stdout
    assert checked.json["wave"]["items"]["copied"] == 2
    assert not (tmp_path / "ledger.db").exists()
    kept = checked.json["wave"]["head"]
    assert spmigrate("wave", "evidence", "--check", elsewhere.name, "--expect", kept, cwd=tmp_path).code == 0
    other = spmigrate("wave", "evidence", "--check", elsewhere.name, "--expect", "0" * 64, cwd=tmp_path)
    assert (other.code, "was kept elsewhere" in other.stdout) == (3, True)


def test_pack_says_of_every_file_what_it_was_and_what_it_is(moved: Path) -> None:
    items = [json.loads(line) for line in _unpacked(moved / "pack.zip")["items.jsonl"].splitlines()]
    copied = {each["name"]: each for each in items if each["outcome"] == "copied"}
    assert set(copied) == {"one.txt", "two & more #2.txt"}
    one = copied["one.txt"]
    assert one["sha256"] == hashlib.sha256(b"one.txt").hexdigest()
    assert one["etag"] and one["target_id"] and one["target_quickxor"] == one["quickxor"]
    assert one["verified"] == "exact"


def test_pack_names_what_did_not_pass_and_what_to_do(moved: Path) -> None:
    exceptions = json.loads(_unpacked(moved / "pack.zip")["exceptions.json"])
    assert [(each["path"], each["code"], bool(each["reason"]), each["waived_by"]) for each in exceptions] == [
        ("Plans/=what?.txt", "NAME-CHARACTER", True, "")
    ]


def test_pack_names_who_answers_for_what_did_not_pass(moved: Path, tmp_path: Path) -> None:
    with Ledger(moved / "ledger.db") as ledger:
        wave = waves.get(ledger, "pilot")
        who = wave_steps.Who("structures.lead", "owner", "P-1")
        wave_steps.waive(ledger, wave, wave_steps.exceptions(ledger, wave), who, reason="not needed any more")
    packing = start(ROOT, moved, "wave", "evidence", "pilot", "--out", str(tmp_path / "waived.zip"))
    packing.communicate(timeout=60)
    (told,) = json.loads(_unpacked(tmp_path / "waived.zip")["exceptions.json"])
    assert (told["waived_by"], told["waived_why"]) == ("structures.lead", "not needed any more")


def test_pack_can_be_checked_by_hand(moved: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(moved / "pack.zip") as book:
        book.extractall(tmp_path)
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["items.jsonl", "rows.json", "events.jsonl", "exceptions.json", "wave.json"])
def test_altered_file_of_a_pack_shows(moved: Path, tmp_path: Path, spmigrate: Command, name: str) -> None:
    parts = _unpacked(moved / "pack.zip")
    parts[name] = parts[name].replace(b"a", b"b", 1)
    assert parts[name] != _unpacked(moved / "pack.zip")[name], "nothing was altered"
    checked = spmigrate("wave", "evidence", "--check", str(_packed(parts, tmp_path / "p.zip")), cwd=tmp_path)
    assert (checked.code, name in checked.stdout) == (3, True)


def test_forger_who_corrects_the_digests_is_found_by_the_account(
    moved: Path, tmp_path: Path, spmigrate: Command
) -> None:
    parts = _unpacked(moved / "pack.zip")
    lines = parts["items.jsonl"].splitlines(keepends=True)
    parts["items.jsonl"] = b"".join(lines[1:])
    pack = _packed(parts, tmp_path / "p.zip", resum=True)
    checked = spmigrate("wave", "evidence", "--check", str(pack), cwd=tmp_path)
    assert (checked.code, "the account says" in checked.stdout) == (3, True), checked.stdout


def test_row_that_nobody_signed_shows(moved: Path, tmp_path: Path, spmigrate: Command) -> None:
    parts = _unpacked(moved / "pack.zip")
    rows = json.loads(parts["rows.json"])
    rows[0]["digest"] = "0" * 64
    parts["rows.json"] = json.dumps(rows).encode()
    pack = _packed(parts, tmp_path / "p.zip", resum=True)
    checked = spmigrate("wave", "evidence", "--check", str(pack), cwd=tmp_path)
    assert (checked.code, "signed by nobody" in checked.stdout) == (3, True), checked.stdout


def test_file_that_is_no_pack_is_refused_in_one_sentence(tmp_path: Path, spmigrate: Command) -> None:
    (tmp_path / "p.zip").write_bytes(b"PK\x03\x04 nothing")
    checked = spmigrate("wave", "evidence", "--check", "p.zip", cwd=tmp_path)
    assert (checked.code, "Traceback" in checked.stderr) == (3, False)
    assert "is no whole zip file" in checked.stdout


def test_packs_are_a_chain_that_the_database_keeps(moved: Path, spmigrate: Command) -> None:
    from spmigrate.store import wave_evidence

    assert spmigrate("wave", "evidence", "pilot", "--out", "again.zip", cwd=moved).code == 0
    with Ledger(moved / "ledger.db") as ledger:
        first, second = wave_evidence.packs(ledger)[-2:]
        assert second.previous == first.entry == first.computed()
        with pytest.raises(Exception, match="evidence"):
            ledger.execute("DELETE FROM evidence_pack")
    (moved / "again.zip").unlink()


def test_lists_have_the_columns_of_microsofts_tools(moved: Path, tmp_path: Path, spmigrate: Command) -> None:
    written = spmigrate("wave", "report", "pilot", "--out", str(tmp_path / "lists"), "--json", cwd=moved)
    assert written.code == 0, written.stderr
    with (tmp_path / "lists" / "ItemReport_R0.csv").open(encoding="utf-8-sig", newline="") as file:
        items = {row["File name"]: row for row in csv.DictReader(file)}
    assert items["one.txt"]["Status"] == "Migrated"
    assert items["'=what?.txt"]["Status"] == "Failed", "a name that a spreadsheet would run"
    with (tmp_path / "lists" / "SummaryReport_R0.csv").open(encoding="utf-8-sig", newline="") as file:
        (summary,) = csv.DictReader(file)
    assert (summary["Count of files"], summary["Migrated items in current round"]) == ("3", "2")
    with (tmp_path / "lists" / "FailureSummary_R0.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["File name"] for row in csv.DictReader(file)] == ["'=what?.txt"]


def test_strange_file_among_the_copies_is_found(
    moved: Path, home: Destination, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    with session(moved) as tenant:
        library = files.open_library(tenant, home.site, home.library)
        folder = files.child(tenant, library, library.root_id, "Plans")
        assert folder is not None
        spot = transfer.Spot(library, folder.id, "Plans", "stranger.txt")
        stranger = transfer.upload_empty(tenant, spot)
        found = spmigrate("wave", "verify", "pilot", "--json", cwd=moved)
        assert (found.code, found.json["state"]) == (3, "moved")
        assert (found.json["unexplained"]["items"], found.json["unexplained"]["examples"]) == (
            1, [f"{home.site}/{home.library}/Plans/stranger.txt"],
        )  # fmt: skip
        tenant.graph("DELETE", f"/v1.0/drives/{library.drive_id}/items/{stranger.id}")
    assert spmigrate("wave", "verify", "pilot", "--json", cwd=moved).json["unexplained"]["items"] == 0
