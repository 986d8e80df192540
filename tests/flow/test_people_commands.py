"""`people` from the command line: import shows, then writes; status says who lacks what."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

Command = Callable[..., Any]
HEAD = "highways.maintenance.head@contoso.onmicrosoft.com"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A working folder with the shipped registers; no tenant is needed."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("governance_rules", "site_templates", "mappings"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "spmigrate.yaml").write_text("version: 1\ntenant: {rehearsal: tenant}\n", "utf-8")
    people = folder / "governance_rules" / "people.yaml"
    today = datetime.now(UTC).date()
    lately = f"completed: {today - timedelta(days=9)}"
    people.write_text(re.sub("completed: [0-9-]{10}", lately, people.read_text("utf-8")), "utf-8")
    return folder


def test_import_shows_first_and_writes_only_when_told(work: Path, spmigrate: Command) -> None:
    (work / "list.csv").write_text(f"Account,Surname,Leaving date\n{HEAD},Somebody,30/11/2032\n", "utf-8")
    register = work / "governance_rules" / "people.yaml"
    before = register.read_text("utf-8")
    shown = spmigrate("people", "import", "list.csv", cwd=work)
    assert shown.code == 4, shown.stderr
    assert "highways.maintenance.head: leaves 30 November 2032" in shown.stdout
    assert "not read: Surname" in shown.stderr
    assert register.read_text("utf-8") == before
    done = spmigrate("people", "import", "list.csv", "--apply", "--json", cwd=work)
    assert done.code == 0
    assert done.json["applied"] is True
    after = register.read_text("utf-8")
    assert after.replace("    leaves: 2032-11-30\n", "") == before
    assert spmigrate("people", "import", "list.csv", cwd=work).code == 0


def test_rows_that_are_not_understood_end_with_3_and_the_others_are_written(work: Path, spmigrate: Command) -> None:
    (work / "list.csv").write_text(f"Who,Course,Done\n{HEAD},S02,01/11/2021\nx@y.example,S02,01/11/2021\n", "utf-8")
    named = ("--column", "account=Who", "--column", "completed=Done")
    done = spmigrate("people", "import", "list.csv", *named, "--apply", cwd=work)
    assert done.code == 3
    assert "list.csv:3: nobody in people.yaml signs in as x@y.example" in done.stdout
    assert "{module: S02, completed: 2021-11-01}" in (work / "governance_rules" / "people.yaml").read_text("utf-8")
    assert spmigrate("people", "import", "list.csv", "--column", "owner=Who", cwd=work).code == 2


def test_status_says_who_lacks_what_and_what_leavers_own(work: Path, spmigrate: Command) -> None:
    clean = spmigrate("people", "status", "--within", "0", cwd=work)
    assert clean.code == 0, clean.stdout
    (work / "list.csv").write_text(f"Account,Course,Done,Last day\n{HEAD},S02,01/11/2021,\n"
                                   "structures.lead@contoso.onmicrosoft.com,,,30/09/2026\n", "utf-8")  # fmt: skip
    spmigrate("people", "import", "list.csv", "--column", "completed=Done", "--apply", cwd=work)
    done = spmigrate("people", "status", "--json", cwd=work)
    assert done.code == 3
    (lack,) = [each for each in done.json["lacking"] if each["late"]]
    assert (lack["person"], lack["module"], lack["reason"]) == (
        "highways.maintenance.head", "S02", "ran out on 1 November 2022",
    )  # fmt: skip
    assert lack["booking"] == "https://learning.council.example/migration"
    owned = {(each["person"], each["why"]) for each in done.json["without_owner"]}
    assert owned == {("structures.lead", "left on 30 September 2026")}
    assert "structures.lead left on 30 September 2026: owns /sites/" in spmigrate("people", "status", cwd=work).stdout
