"""A draft: what is proposed, how a person edits it, and what stays of that."""

from pathlib import Path

import pytest

from spmigrate.errors import InputError
from spmigrate.formats import yaml
from spmigrate.mapping import desk
from spmigrate.mapping.draft import Draft, text_of
from spmigrate.mapping.states import State
from spmigrate.store import coverage, inventory, mappings
from tests.registers import rulebook
from tests.unit.mapping.draft_case import Drawer, choices, rows

pytestmark = pytest.mark.homes


@pytest.fixture
def drawer(tmp_path: Path) -> Drawer:
    return Drawer.open(tmp_path)


def test_rows_go_to_the_sheet_of_the_unit_that_their_folder_names(drawer: Drawer) -> None:
    found = rows(drawer.draft().draft)
    assert {folder: owner for folder, (owner, _) in found.items()} == {
        ". *": "highways.director",
        "Contracts/2019": "highways.director",
        "Contracts/2020": "highways.director",
        "Asset Management": "asset.management.lead",
        "Structures/Bridges": "structures.lead",
        "Structures/old": "structures.lead",
    }


def test_a_row_says_what_is_proposed_and_why(drawer: Drawer) -> None:
    row = rows(drawer.draft().draft)["Structures/Bridges"][1]
    assert row.holds == "4 files, 92 bytes in 2 folders"
    assert row.values == {
        "home": "Structures > Documents", "about": "Transport and infrastructure", "keep": "RL-TR01 Asset life+12",
        "who": "Whole team",
    }  # fmt: skip
    assert row.why == (
        "Owner: the folder is named Structures; structures.lead decides for Structures",
        "Home: the site of Structures",
        "About: Transport and infrastructure, because of 'structures' in the name",
        "Keep: RL-TR01 Asset life+12, the usual rule for Transport and infrastructure",
        "Who: the home is the site of a team",
    )


def test_names_that_hint_at_people_raise_marking_and_narrow_who_sees_it(drawer: Drawer) -> None:
    drawer.write("Structures/old", 4, name="Safeguarding referral")
    drawer.scan()
    row = rows(drawer.draft().draft)["Structures/old"][1]
    assert (row.sensitive, row.marking, row.who) == ("Personal", "OFFICIAL-SENSITIVE PERSONAL", "Restricted list")
    assert "Sensitive: 4 names hint at people" in row.why


def test_what_nobody_owns_stands_last_and_is_said(tmp_path: Path) -> None:
    drawer = Drawer(tmp_path, Drawer.open(tmp_path, {"Bits": 1}).ledger)
    (tmp_path / "other/Things").mkdir(parents=True)
    from spmigrate.mapping import drafting
    from spmigrate.scan.survey import survey
    from tests.unit.mapping.draft_case import organisation

    survey(drawer.ledger, tmp_path / "other", name="Common")
    made = drafting.draft(
        drawer.ledger, "Common", organisation=organisation(), choices=choices(), folder=tmp_path / "mappings"
    )
    assert [(each.sheet, each.owner) for each in made.draft.sheets] == [("Unowned", "")]
    assert made.draft.sheets[0].rows[0].why[0] == "Owner: nobody, because no unit of the organisation is named here"


def test_a_draft_reads_back_as_it_was_written(drawer: Drawer) -> None:
    drawer.write('Structures/odd: yes, "no" # 1\'', 3)
    drawer.write("Structures/- [x]: {y}", 3)
    drawer.scan()
    made = drawer.draft()
    read = yaml.read(made.file, Draft)
    assert read == made.draft
    assert text_of(read) == made.file.read_text("utf-8")


def test_a_fresh_draft_has_nothing_wrong_with_it(drawer: Drawer) -> None:
    drawer.draft()
    found = drawer.check(frozenset({"highways.director", "structures.lead", "asset.management.lead"}))
    assert (found.problems, found.notes) == ((), ())


def test_drafting_twice_changes_nothing(drawer: Drawer) -> None:
    before = drawer.draft().file.read_bytes()
    again = drawer.draft()
    assert (again.file.read_bytes(), again.edits.count) == (before, 0)


def test_what_a_person_changed_stays_when_it_is_drafted_again(drawer: Drawer) -> None:
    drawer.draft()
    drawer.edit(lambda text: text.replace("home: Structures > Documents", "home: Structures > Working papers", 1))
    drawer.edit(lambda text: text.replace("owner: highways.director", "owner: highways.maintenance.head"))
    drawer.write("Structures/new", 9)
    drawer.write("Signs", 9)
    drawer.scan()
    found = rows(drawer.draft().draft)
    assert found["Structures/Bridges"][1].home == "Structures > Working papers"
    assert found["Structures/old"][1].home == "Structures > Documents"
    assert found["Contracts/2019"][0] == found["Signs"][0] == "highways.maintenance.head"
    assert found["Structures/new"][0] == "structures.lead"


def test_a_folder_that_a_person_wants_split_is_split_and_stays_so(drawer: Drawer) -> None:
    drawer.draft()
    drawer.edit(
        lambda text: text.replace("folder: Asset Management\n", "folder: Asset Management\n        split: yes\n")
    )
    drawer.edit(lambda text: text.replace("home: Asset Management > Documents", "home: Structures > Documents"))
    assert rows(drawer.draft().draft)["Asset Management/Lamps"][1].home == "Structures > Documents"
    again = drawer.draft()
    assert "Asset Management/Lamps" in rows(again.draft) and "Asset Management" not in rows(again.draft)
    assert rows(again.draft)["Asset Management/Lamps"][1].home == "Structures > Documents"


def test_rows_that_a_person_put_together_stay_together(drawer: Drawer) -> None:
    drawer.draft()

    def together(text: str) -> str:
        start, end = text.index("      - folder: Structures/Bridges"), text.index("      - folder: Structures/old")
        return text[:start] + text[end:].replace("folder: Structures/old", "folder: Structures")

    drawer.edit(together)
    assert drawer.check().problems == ()
    assert "Structures" in rows(drawer.draft().draft)
    found = rows(drawer.draft().draft)
    assert "Structures" in found and "Structures/old" not in found


def test_a_row_that_names_another_owner_goes_to_that_owners_sheet(drawer: Drawer) -> None:
    drawer.draft()
    drawer.edit(
        lambda text: text.replace(
            "folder: Contracts/2019\n", "folder: Contracts/2019\n        owner: structures.lead\n"
        )
    )
    found = rows(drawer.draft().draft)
    assert found["Contracts/2019"][0] == "structures.lead"
    assert rows(drawer.draft().draft)["Contracts/2019"][0] == "structures.lead"


def test_every_problem_of_an_edited_draft_is_said_at_once_and_in_place(drawer: Drawer) -> None:
    drawer.draft()
    drawer.edit(
        lambda text: (
            text.replace("folder: Contracts/2019", "folder: Contracts/2018")
            .replace("folder: Structures/old", "folder: Structures/Bridges/plan")
            .replace("about: Procurement", "about: Procurment")
            .replace("home: Structures > Documents", "home: Structure > Documents", 1)
        )
    )
    lines = drawer.file.read_text("utf-8").splitlines()
    found = [(each.where.removeprefix(f"{drawer.file}:"), each.text, each.hint) for each in drawer.check().problems]

    def at(words: str) -> str:
        line = next(n for n, text in enumerate(lines, start=1) if words in text)
        return f"{line}:{lines[line - 1].index(words.partition(':')[0]) + 1}"

    inner = "'Structures/Bridges/plan' lies in the row of 'Structures/Bridges' in line"
    assert (at("folder: Contracts/2018"), "there is no folder 'Contracts/2018' in the last scan",
            "did you mean 'Contracts/2019'?") in found  # fmt: skip
    assert any(where == at("folder: Structures/Bridges/plan") and inner in text for where, text, _ in found)
    assert (at("about: Procurment"), "'Procurment' is not one of the choices", "did you mean 'Procurement'?") in found
    assert (at("home: Structure >"), "'Structure > Documents' is no library of an approved site",
            "did you mean 'Structures > Documents'?") in found  # fmt: skip
    assert [each[0] for each in found] == sorted((each[0] for each in found), key=lambda w: [*map(int, w.split(":"))])


def test_a_folder_in_no_row_is_named(drawer: Drawer) -> None:
    drawer.draft()
    start = drawer.file.read_text("utf-8").index("      - folder: Structures/old")
    drawer.edit(lambda text: text[:start])
    assert [each.text for each in drawer.check().problems] == ["'Structures/old' is in no row"]


def test_a_draft_of_an_older_scan_says_so(drawer: Drawer) -> None:
    drawer.draft()
    drawer.scan()
    assert "was made from scan 1; scan 2 of" in drawer.check().notes[0].text


def test_an_owner_that_nobody_knows_is_noted_with_the_nearest(drawer: Drawer) -> None:
    drawer.draft()
    drawer.edit(lambda text: text.replace("owner: structures.lead", "owner: structure.lead"))
    notes = drawer.check(frozenset({"highways.director", "structures.lead", "asset.management.lead"})).notes
    assert [(each.text, each.hint) for each in notes] == [
        ("'structure.lead' is not in people.yaml", "did you mean 'structures.lead'?")
    ]


def test_a_file_that_is_no_draft_is_refused_whole(drawer: Drawer) -> None:
    drawer.draft()
    drawer.edit(lambda text: text.replace("source: Highways", "source: Roads"))
    with pytest.raises(InputError, match="cannot be used"):
        drawer.draft()
    drawer.edit(lambda text: text.replace("source: Roads", "source: Highways").replace("rows:", "lines:", 1))
    with pytest.raises(InputError) as caught:
        drawer.check()
    assert caught.value.problems[0].text == "unknown key 'lines'"


def test_a_sheet_is_issued_for_each_owner_with_the_proposals_filled_in(drawer: Drawer) -> None:
    drawer.draft()
    issued = drawer.issue()
    assert [(each.id, each.part, each.owner, each.version) for each in issued] == [
        ("S-0001", "Asset Management", "asset.management.lead", 1),
        ("S-0002", "Highways and Transport", "highways.director", 1),
        ("S-0003", "Structures", "structures.lead", 1),
    ]
    every = [(row.path, row.scope) for row in mappings.rows(drawer.ledger)]
    assert len(every) == len(set(every)) == 6
    assert coverage.folders_in_no_row(drawer.ledger, inventory.source(drawer.ledger, "Highways")) == []


def test_issued_again_sheets_and_rows_keep_their_ids(drawer: Drawer) -> None:
    drawer.draft()
    drawer.issue()
    before = {row.path: (row.row_id, row.sheet_id) for row in mappings.rows(drawer.ledger)}
    drawer.write("Structures/new", 9)
    drawer.scan()
    assert coverage.folders_in_no_row(drawer.ledger, inventory.source(drawer.ledger, "Highways")) == ["Structures/new"]
    drawer.draft()
    assert [(each.id, each.version) for each in drawer.issue()] == [("S-0003", 2)]
    after = {row.path: (row.row_id, row.sheet_id) for row in mappings.rows(drawer.ledger)}
    assert after.items() > before.items()
    assert after["Structures/new"][1] == "S-0003"


def test_a_row_that_changes_hands_leaves_the_sheet_that_it_was_in(drawer: Drawer) -> None:
    from spmigrate.errors import SpmigrateError

    drawer.draft()
    drawer.issue()
    was = next(row for row in mappings.rows(drawer.ledger) if row.path == "Contracts/2019")
    drawer.edit(
        lambda text: text.replace(
            "folder: Contracts/2019\n", "folder: Contracts/2019\n        owner: structures.lead\n"
        )
    )
    drawer.draft()
    with pytest.raises(SpmigrateError, match="rows of S-0002 are cut or owned anew"):
        drawer.issue(owner="structures.lead")
    drawer.issue()
    now = next(row for row in mappings.rows(drawer.ledger) if row.path == "Contracts/2019")
    assert (was.row_id, was.sheet_id, now.row_id, now.sheet_id) == (now.row_id, "S-0002", was.row_id, "S-0003")


def test_a_folder_that_is_split_later_is_in_its_new_rows_alone(drawer: Drawer) -> None:
    drawer.draft()
    drawer.issue()
    drawer.edit(
        lambda text: text.replace("folder: Asset Management\n", "folder: Asset Management\n        split: yes\n")
    )
    drawer.draft()
    drawer.issue(owner="asset.management.lead")
    places = {(row.path, row.position > 0) for row in mappings.rows(drawer.ledger, "S-0001")}
    assert places == {("Asset Management", False), ("Asset Management/Lamps", True)}
    assert coverage.folders_in_no_row(drawer.ledger, inventory.source(drawer.ledger, "Highways")) == []


def test_a_sheet_that_the_draft_no_longer_has_keeps_no_rows(drawer: Drawer) -> None:
    drawer.draft()
    drawer.issue()
    drawer.edit(lambda text: text.replace("owner: asset.management.lead", "owner: structures.lead"))
    drawer.edit(lambda text: text.replace("sheet: Asset Management", "sheet: Lamps"))
    drawer.draft()
    issued = drawer.issued()
    assert [each.part for each in issued.sheets] == ["Lamps"]
    assert [each.part for each in issued.kept] == ["Highways and Transport", "Structures"]
    assert [row for row in mappings.rows(drawer.ledger, "S-0001") if row.position] == []
    gone = mappings.sheet(drawer.ledger, "S-0001")
    assert gone is not None and gone.state == State.WITHDRAWN
    offered, rules = choices(), rulebook()
    assert desk.of(drawer.ledger, gone, offered, rules).state is State.WITHDRAWN
    drawer.ledger.execute("UPDATE sheet SET state = 'VALIDATED' WHERE id = 'S-0001'")
    assert desk.stand(drawer.ledger, "S-0001", offered, rules).state is State.WITHDRAWN, "it is not kept, but follows"


def test_rows_of_nobody_are_not_issued_and_stay_uncovered(drawer: Drawer) -> None:
    drawer.draft()
    drawer.edit(lambda text: text.replace("owner: asset.management.lead", 'owner: ""'))
    assert [each.part for each in drawer.issue()] == ["Highways and Transport", "Structures"]
    source = inventory.source(drawer.ledger, "Highways")
    assert coverage.folders_in_no_row(drawer.ledger, source) == ["Asset Management"]


def test_owners_whose_workbooks_are_out_are_on_the_list_of_reminders(drawer: Drawer) -> None:
    from datetime import date, timedelta

    from spmigrate.mapping import position
    from spmigrate.mapping.reminders import reminders

    drawer.draft()
    issued = drawer.issue()
    stands = [position.of(drawer.ledger, each, choices()) for each in issued]
    found = reminders(stands, date.fromisoformat(issued[0].issued[:10]) + timedelta(days=9))
    assert [(each.owner, each.sheet, each.days, each.returned, each.open) for each in found] == [
        ("asset.management.lead", "S-0001", 9, False, 1),
        ("highways.director", "S-0002", 9, False, 3),
        ("structures.lead", "S-0003", 9, False, 2),
    ]


def test_the_rows_of_all_sheets_hold_every_file_of_the_source_once(drawer: Drawer) -> None:
    drawer.draft()
    drawer.issue()
    source = inventory.source(drawer.ledger, "Highways")
    every = mappings.rows(drawer.ledger)
    assert sum(row.identity.items for row in every) == source.items == 22
    assert sum(row.identity.bytes for row in every) == source.bytes
