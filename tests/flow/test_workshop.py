"""`template workshop`: what a workshop decides in a workbook becomes a draft and a page, or is told cell by cell."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from spmigrate.formats import yaml
from spmigrate.provision.language import Template
from tests.conftest import ROOT

Command = Callable[..., Any]
Rows = Mapping[str, Sequence[Mapping[str, object]]]
DECIDED: dict[str, object] = {
    "Decision id": "CAB-112", "Forum": "Design workshop", "Date": "2026-04-30", "Template": "Social work site",
    "Kind of site": "Team", "What it is for": "Social work teams.", "Made from": "Team site without group",
}  # fmt: skip


@pytest.fixture
def work(tmp_path: Path, spmigrate: Command) -> Path:
    shutil.copytree(ROOT / "site_templates", tmp_path / "site_templates")
    (tmp_path / "spmigrate.yaml").write_text("version: 1\ntenant: {rehearsal: ../tenant}\n")
    done = spmigrate("template", "workshop", "sheet.xlsx", "--blank", cwd=tmp_path)
    assert done.code == 0, done.stderr
    return tmp_path


def fill_in(work: Path, rows: Rows) -> None:
    """Type into the sheet as people do."""
    book = load_workbook(work / "sheet.xlsx")
    for tab, entries in rows.items():
        columns = {cell.value: cell.column for cell in book[tab][3]}
        for number, entry in enumerate(entries, 4):
            for heading, value in entry.items():
                book[tab].cell(number, columns[heading]).value = value
    book.save(work / "sheet.xlsx")


def test_a_filled_sheet_becomes_a_draft_with_its_preview(work: Path, spmigrate: Command) -> None:
    fill_in(work, {
        "Template": [DECIDED | {"Adds to": "Base site", "Shared outside with": "Existing guests"}],
        "Libraries": [
            {"Library": "Case notes", "What it holds": "Notes of visits.", "Kind of document": "council document",
             "More columns": "Visit date, Review date", "Versions kept": 50, "Keep for": "RL-IM01 Request 3y",
             "Who may open it": "Owners and members", "Folders": "2026, 2027"},
        ],
        "Columns": [{"Column": "Visit date", "Type": "Date", "Must be filled in": "Yes"}],
        "Links": [{"Link": "Notes", "Leads to": "case notes"}, {"Link": "Law", "Leads to": "https://law.example"}],
    })  # fmt: skip
    done = spmigrate("template", "workshop", "sheet.xlsx", cwd=work)
    assert done.code == 0, done.stderr + done.stdout
    text = (work / "draft-sheet" / "templates" / "social-work-site.yaml").read_text("utf-8")
    assert text.startswith("# Decided by Design workshop on 2026-04-30: CAB-112\n")
    template = yaml.validate(yaml.Source(text, "t.yaml"), Template)
    assert template.decision is not None
    assert (template.decision.id, template.extends) == ("CAB-112", "Base site")
    assert [library.name for library in template.libraries] == ["Case notes"]
    assert template.libraries[0].permissions is not None
    page = (work / "draft-sheet" / "preview.html").read_text("utf-8")
    for shown in ("CAB-112, by Design workshop on 2026-04-30", "Visit date", "2026", "Notes of visits."):
        assert shown in page
    linted = spmigrate("template", "lint", "--folder", "draft-sheet", cwd=work)
    assert linted.code == 0, linted.stdout + linted.stderr


def test_a_template_that_adds_to_none_asks_for_a_title_and_owners(work: Path, spmigrate: Command) -> None:
    fill_in(work, {"Template": [DECIDED]})
    done = spmigrate("template", "workshop", "sheet.xlsx", "--to", "draft", "--json", cwd=work)
    assert done.code == 0, done.stderr
    assert done.json["errors"] == []
    assert "What is the site called?" in (work / "draft" / "preview.html").read_text("utf-8")


def test_every_cell_that_must_be_put_right_is_told_at_once(work: Path, spmigrate: Command) -> None:
    fill_in(work, {
        "Template": [DECIDED | {"Kind of site": "Teem"}],
        "Libraries": [{"Library": "A", "Versions kept": "many", "Keep for": "RL-XX", "More columns": "Nothing like it"},
                      {"What it holds": "no name"}],
        "Columns": [{"Column": "Stage", "Type": "Choice"}, {"Type": "Text"}],
        "Links": [{"Link": "Nowhere", "Leads to": "Atlantis"}],
    })  # fmt: skip
    done = spmigrate("template", "workshop", "sheet.xlsx", cwd=work)
    assert done.code == 1
    for cell in ("Template!E4", "Libraries!E4", "Libraries!F4", "Libraries!D4", "Libraries!A5", "Columns!C4",
                 "Columns!A5", "Links!B4"):  # fmt: skip
        assert f"sheet.xlsx!{cell}: " in done.stderr
    assert "did you mean 'Team'" in done.stderr
    assert not (work / "draft-sheet").exists()


@pytest.mark.parametrize(("missing", "cell"), [("Decision id", "A4"), ("Forum", "B4"), ("Date", "C4")])
def test_a_decision_needs_its_reference_forum_and_date(work: Path, spmigrate: Command, missing: str, cell: str) -> None:
    fill_in(work, {"Template": [{name: value for name, value in DECIDED.items() if name != missing}]})
    done = spmigrate("template", "workshop", "sheet.xlsx", cwd=work)
    assert done.code == 1
    assert f"sheet.xlsx!Template!{cell}: '{missing}' is missing" in done.stderr


def test_an_empty_sheet_another_workbook_and_a_sheet_that_is_there_are_refused(work: Path, spmigrate: Command) -> None:
    done = spmigrate("template", "workshop", "sheet.xlsx", cwd=work)
    assert (done.code, "nothing is decided" in done.stderr) == (1, True)
    assert spmigrate("template", "workshop", "sheet.xlsx", "--blank", cwd=work).code == 2
    (work / "other.xlsx").write_bytes(b"PK no workbook")
    assert spmigrate("template", "workshop", "other.xlsx", cwd=work).code == 1


def test_a_design_against_the_rules_is_told_in_plain_english(work: Path, spmigrate: Command) -> None:
    columns = [{"Column": f"Needed {chr(65 + n)}", "Type": "Text", "Must be filled in": "Yes"} for n in range(20)]
    fill_in(work, {
        "Template": [DECIDED],
        "Columns": columns,
        "Libraries": [{"Library": "Deep", "Folders": "a/b/c/d/e"}],
    })  # fmt: skip
    assert spmigrate("template", "workshop", "sheet.xlsx", "--to", "draft", cwd=work).code == 0
    told = spmigrate("template", "lint", "--folder", "draft", cwd=work)
    assert told.code == 3
    assert "[DES-02]" in told.stdout
    assert "[DES-03]" in told.stdout
