"""The page about workbooks says what the code does."""

import re
from pathlib import Path

from spmigrate.mapping.columns import COLUMNS
from spmigrate.mapping.ids import is_row_id
from spmigrate.mapping.lists import GovernanceView, Sensitive, UsedWith, Who
from spmigrate.mapping.lists_file import FILE_NAME, ListsFile
from spmigrate.mapping.signoff import APPROVAL_LEVEL, WITNESS_LEVEL
from spmigrate.mapping.states import State
from spmigrate.model import Decision
from tests.unit.mapping.desk_case import MOVE, Desk, choices

PAGE = (Path(__file__).parents[3] / "mappings" / "README.md").read_text("utf-8")


def table(heading: str) -> list[list[str]]:
    """The body of the first table below a heading."""
    section = PAGE.partition(f"# {heading}\n")[2]
    lines = re.findall(r"^\|(.*)\|$", section.partition("\n#")[0], flags=re.M)
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


def test_every_column_is_described_in_order() -> None:
    rows = table("Columns of `Your folders`")
    assert [(row[0], row[1]) for row in rows] == [(column.heading, column.part.value) for column in COLUMNS]
    described = {row[0]: row[3] for row in rows}
    for heading, words in {
        "Decision": Decision, "Sensitive?": Sensitive, "Who should see it": Who, "Used with other files?": UsedWith,
        "IG view": GovernanceView,
    }.items():  # fmt: skip
        assert described[heading].startswith(", ".join(words))


def test_every_check_is_described_in_the_words_that_it_uses() -> None:
    package = Path(__file__).parents[3] / "spmigrate"
    checks = [
        *(package / "formats").glob("*.py"),
        *(package / "mapping").glob("*.py"),
        package / "cli/mapping_collect.py",
    ]
    source = "\n".join(path.read_text("utf-8") for path in checks)
    rows = table("What is checked")
    assert [what for what, _, words in rows if words not in source] == []
    assert {effect for _, effect, _ in rows} == {"refused", "waits", "note"}


def test_columns_marked_as_signed_are_those_that_end_a_signature(desk: Desk) -> None:
    desk.answer({})
    desk.collect()
    desk.sign()
    marked = {row[0] for row in table("Columns of `Your folders`") if row[2] == "yes"}
    other = {
        "decision": "Move", "home": "Asset Management > Documents", "subject": "Finance", "keep": "RL-FI01 FY+6",
        "sensitive": "Personal", "marking": "OFFICIAL-SENSITIVE", "who": "Function", "group": "G",
        "used_with": "Database", "avoid": "May", "notes": "n", "ig_view": "Hold", "hold": "HOLD-CSA",
    }  # fmt: skip
    answered = {column.key: column.heading for column in COLUMNS if not column.locked}
    assert set(answered) == set(other)
    for key, heading in answered.items():
        desk.answer({"Bridges": dict.fromkeys(answered, "") | MOVE | {key: other[key]}})
        desk.collect()
        assert ("Bridges" not in desk.signed()) == (heading in marked), heading


def test_every_state_and_evidence_level_is_described() -> None:
    assert [row[0] for row in table("States of a sheet")] == list(State)
    assert [row[0] for row in table("Sign-off")] == ["1", "2", str(APPROVAL_LEVEL), str(WITNESS_LEVEL)]


def test_every_key_of_the_lists_is_described() -> None:
    keys = [field.alias for field in ListsFile.model_fields.values()]
    assert [row[0].strip("`") for row in table(FILE_NAME)] == keys


def test_the_lists_that_ship_agree_with_themselves() -> None:
    lists = choices().lists
    assert len({each.name for each in lists.business_classes}) == len(lists.business_classes)


def test_the_example_row_id_is_a_real_one() -> None:
    assert all(map(is_row_id, re.findall(r"`(M-[^`]+)`", PAGE)))
