"""`where-is` from the command line: exit codes, roles, settings that change, pages for a desk without a ledger."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spmigrate.store.ledger import Ledger
from tests.bench import _large_ledger
from tests.conftest import ROOT
from tests.test_startup import loaded_by

Command = Callable[..., Any]
SETTINGS = "version: 1\ntenant: {rehearsal: tenant}\ndrives: {G: '\\\\fs01\\Directorate01'}\n"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A working folder whose first source has moved."""
    folder = tmp_path / "work"
    folder.mkdir()
    shutil.copytree(ROOT / "governance_rules", folder / "governance_rules")
    (folder / "spmigrate.yaml").write_text(SETTINGS, "utf-8")
    _large_ledger.make(folder / "ledger.db", sources=2, branches=(2, 2, 2))
    return folder


def moved_folder(work: Path) -> str:
    """A folder that has moved, as Windows writes it."""
    with Ledger(work / "ledger.db") as ledger:
        row = ledger.one("SELECT path FROM folder WHERE source_id=1 ORDER BY id DESC LIMIT 1")
    assert row is not None
    return "\\\\fs01\\Directorate01\\" + row["path"].replace("/", "\\")


def test_an_answer_has_its_marking_owner_address_and_the_way_for_incidents(work: Path, spmigrate: Command) -> None:
    assert spmigrate("where-is", "index", cwd=work).code == 0
    was = moved_folder(work)
    done = spmigrate("where-is", f'"{was}"', cwd=work)
    assert done.code == 0
    assert done.stdout.startswith("OFFICIAL-SENSITIVE\nThis folder has moved. It is now in Asset Management > ")
    assert "since 16 October 2026, with Wave 1." in done.stdout
    assert "Owner    Head of Highways Maintenance" in done.stdout
    assert "If the caller can see something they shouldn't: This is an incident, not a ticket." in done.stdout
    drive = was.replace("\\\\fs01\\Directorate01", "G:")
    assert spmigrate("where-is", drive, "--json", cwd=work).json["answers"][0]["was"] == was


def test_an_answer_loads_no_library_but_that_of_the_database(work: Path, spmigrate: Command) -> None:
    """What is loaded is most of what an answer takes: settings are kept, and neither YAML nor models are needed."""
    spmigrate("where-is", "index", cwd=work)
    asked = ("--config", str(work / "spmigrate.yaml"), "where-is", moved_folder(work))
    assert loaded_by(*asked) == {"sqlite3"}
    (work / "spmigrate.yaml").write_text(SETTINGS + "# edited\n", "utf-8")
    assert "pydantic" in loaded_by(*asked)
    assert loaded_by(*asked) == {"sqlite3"}


def test_exit_codes_tell_not_found_from_not_looked_at(work: Path, spmigrate: Command) -> None:
    bare = spmigrate("where-is", "no such name", cwd=work)
    assert bare.code == 5
    assert "run spmigrate where-is index" in bare.stdout
    spmigrate("where-is", "index", cwd=work)
    assert spmigrate("where-is", "no such name", cwd=work).code == 3
    unknown = spmigrate("where-is", "Z:\\x", cwd=work)
    assert unknown.code == 5
    assert "does not say what the drive Z: is" in unknown.stdout
    assert spmigrate("where-is", '""', cwd=work).code == 2
    (work / "ledger.db").unlink()
    assert spmigrate("where-is", "G:/x", cwd=work).code == 2


def test_what_the_council_writes_is_what_the_desk_reads_at_once(work: Path, spmigrate: Command) -> None:
    spmigrate("where-is", "index", cwd=work)
    policy = work / "governance_rules" / "policy.yaml"
    spmigrate("where-is", "archive", cwd=work)
    policy.write_text("version: 1\nservice desk:\n  incident: Ring 1234.\n  marking: OFFICIAL\n", "utf-8")
    done = spmigrate("where-is", "archive", cwd=work)
    assert done.stdout.startswith("OFFICIAL\n")
    assert done.stdout.endswith("Ring 1234.\n")
    (work / "spmigrate.yaml").write_text(SETTINGS.replace("G:", "Z:"), "utf-8")
    assert spmigrate("where-is", "Z:/No such", cwd=work).code == 3


def test_a_drive_that_is_no_letter_is_refused_at_its_line(work: Path, spmigrate: Command) -> None:
    (work / "spmigrate.yaml").write_text(SETTINGS.replace("{G:", "{Gee:"), "utf-8")
    done = spmigrate("where-is", "G:/x", cwd=work)
    assert done.code == 1
    assert "spmigrate.yaml:3:" in done.stderr
    assert "the letter of a drive" in done.stderr


def test_pages_for_the_desk_name_folders_and_no_file(work: Path, spmigrate: Command) -> None:
    done = spmigrate("where-is", "publish", "--out", "pages", cwd=work)
    assert done.code == 0, done.stderr
    text = (work / "pages" / "index.html").read_text("utf-8")
    assert text.count("OFFICIAL-SENSITIVE") == 2
    assert "<script" not in text
    assert "https://council.sharepoint.example/sites/t-a3w9c/Shared%20Documents/" in text
    assert not any(ending in text for ending in (".docx", ".pdf", ".xlsx"))
    assert "This is an incident, not a ticket." in text
