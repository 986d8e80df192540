"""Every check of a row, in the owner's words: what blocks it, and what is only worth knowing."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from spmigrate.mapping import answers, homes, lint
from spmigrate.mapping.answers import Answers
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.remarks import AnsweredRow, Remark
from spmigrate.model import Destination, PartnerStanding
from spmigrate.store.row_facts import FolderFacts
from spmigrate.store.row_identity import RowIdentity
from spmigrate.store.row_paths import Overlong
from tests.unit.mapping.desk_case import MOVE, choices

TEAM = Destination(
    "/sites/t-s6p2x", "Shared Documents", "Structures > Documents", kind="Team", marking="OFFICIAL", provisioned=True
)
OPEN = replace(TEAM, site="/sites/p-1", label="Flood Forum > Documents", kind="Partnership", guests=True)
CLOSED = replace(TEAM, site="/sites/t-hr", label="People > Cases", marking="OFFICIAL-SENSITIVE PERSONAL")
FUNCTION = replace(TEAM, site="/sites/f-1", label="Highways > Documents", kind="Function", business_class="Finance")
LATER = replace(TEAM, site="/sites/t-new", label="New Team > Documents", provisioned=False)
KEPT = replace(TEAM, site="/sites/t-kept", label="Deeds > Documents", keep_rule="RL-LG02 Deed 12y")
PARTNERS = (
    PartnerStanding("P03", "Health Board", usable=True),
    PartnerStanding("P05", "Police", usable=False, reason="its agreement ran out on 1 May 2026"),
)
CHOICES: Choices = replace(choices([TEAM, OPEN, CLOSED, FUNCTION, LATER, KEPT]), partners=PARTNERS)
SPECIAL = {"sensitive": "Special category or criminal"}


def remarks(said: Mapping[str, str], findings: tuple[tuple[str, str, int], ...] = (), items: int = 9) -> list[Remark]:
    """What is said of one row that moves with these answers."""
    facts = FolderFacts(1, "Bridges", "tree", RowIdentity(items, 100, None), findings)
    given = answers.completed(Answers(**{**MOVE, **said}), CHOICES)
    return lint.check([AnsweredRow("M-0001-B0", facts, given)], CHOICES)


def test_a_complete_row_needs_no_remark() -> None:
    assert remarks({}) == []


@pytest.mark.parametrize(
    ("said", "key", "text"),
    [
        ({"decision": ""}, "decision", "the decision is missing"),
        ({"decision": "I don't know"}, "decision", 'the decision is "I don\'t know"'),
        ({"decision": "Ask Sue"}, "decision", "'Ask Sue' is not one of the choices"),
        ({"home": "G drive"}, "home", "'G drive' is not an approved home"),
        ({"home": CLOSED.label, "marking": "OFFICIAL"}, "marking", "OFFICIAL is too low for 'People > Cases'"),
        ({"home": OPEN.label, **SPECIAL}, "home", "may be shared with people from outside"),
        ({"who": "Partner", "group": "P05", "home": OPEN.label}, "group", "Police cannot be shared with now: its agr"),
        ({"who": "Partner", "group": "P99", "home": OPEN.label}, "group", "'P99' is not in the register of partners"),
        ({"who": "Partner", "group": "P03"}, "home", "is closed to people from outside"),
        ({"who": "Named group", "group": "Everyone"}, "group", "'Everyone' is everybody"),
        ({"who": "Named group", "group": "Domain  Users"}, "group", "is everybody"),
        ({"who": "Restricted list", "group": "All staff"}, "group", "is everybody"),
        ({"who": "Named group", "group": "Everyone except external users"}, "group", "is everybody"),
        ({"keep": "RL-CF02 Adoption 100y"}, "keep", "a rule for Children and families services, and none for Transp"),
        ({"keep": "Query"}, "keep", "the keep rule is queried"),
        ({"sensitive": "Personal", "marking": "OFFICIAL"}, "marking", "OFFICIAL is too low for 'Personal'"),
        ({"ig_view": "Hold"}, "ig_view", "information governance says: Hold"),
        ({"hold": "HOLD-COVID19"}, "hold", "is under the hold HOLD-COVID19"),
    ],
)
def test_what_blocks_a_row(said: Mapping[str, str], key: str, text: str) -> None:
    blocking = [(remark.key, remark.text) for remark in remarks(said) if remark.blocks]
    assert [found for found, _ in blocking] == [key]
    assert text in blocking[0][1]


@pytest.mark.parametrize(
    ("said", "key", "text"),
    [
        ({"home": LATER.label}, "home", "is not made yet, and 1 row moves there"),
        ({"home": FUNCTION.label}, "home", "is for Finance, and this is Transport"),
        ({"home": FUNCTION.label}, "home", "more people than the team see"),
        ({"who": "Function"}, "home", "belongs to a team, and the whole function should see this"),
        ({"home": KEPT.label}, "keep", "keeps what lies in it by 'RL-LG02 Deed 12y'"),
        ({"keep": "RL-LG02 Deed 12y", "ig_view": "OK"}, "keep", "RL-LG02 Deed 12y"),
        ({"hold": "HOLD-NEW"}, "hold", "is not in the retention schedule"),
        ({"notes": "n" * 501}, "notes", "is longer than 500 characters"),
        ({"notes": "Ask Mrs Taylor about this"}, "notes", "looks as if it held somebody's name"),
        ({"notes": "NHS 943 476 5919"}, "notes", "an NHS number"),
        ({"notes": "nino QQ 12 34 56 C, AB 12 34 56 C"}, "notes", "a National Insurance number"),
        ({"notes": "dob 1.2.2009"}, "notes", "a date of birth"),
        ({"notes": "write to a.b@council.example"}, "notes", "an e-mail address"),
        ({"notes": "ring 01632 960 983"}, "notes", "a telephone number"),
        ({"notes": "at CM1 1QH"}, "notes", "a postcode"),
    ],
)
def test_what_is_worth_knowing(said: Mapping[str, str], key: str, text: str) -> None:
    found = remarks(said)
    assert any(each.key == key and text in each.text and not each.blocks for each in found), found


@pytest.mark.parametrize(
    "notes", ["Keep until the audit of 2026", "see ref 20260401", "1,204 drawings, A1 size", "FOI 4321"]
)
def test_ordinary_notes_are_not_suspected(notes: str) -> None:
    assert remarks({"notes": notes}) == []


@pytest.mark.parametrize("text", ["P03", "p03", "Health Board", "P03 Health Board"])
def test_a_registered_partner_may_be_written_in_any_way(text: str) -> None:
    assert [each for each in remarks({"who": "Partner", "group": text, "home": OPEN.label}) if each.blocks] == []


def test_partners_that_cannot_be_shared_with_are_not_offered() -> None:
    assert CHOICES.of("group") == ("P03 Health Board",)


def test_an_empty_marking_rises_to_that_of_the_home() -> None:
    assert answers.completed(Answers(**MOVE), CHOICES).marking == "OFFICIAL"
    assert (
        answers.completed(Answers(**{**MOVE, "home": CLOSED.label}), CHOICES).marking == "OFFICIAL-SENSITIVE PERSONAL"
    )


def test_moving_databases_is_spoken_of_and_blocks_where_there_is_nothing_else() -> None:
    databases = (("route", "DATABASE", 2), ("route", "MAILBOX", 1))
    some = remarks({"used_with": "No"}, databases)
    assert [(each.key, each.blocks) for each in some] == [("decision", False), ("used_with", False)]
    assert "3 databases and mailboxes belong in a business system" in some[0].text
    (only,) = remarks({}, databases, items=3)
    assert only.blocks and "choose 'Belongs in a business system'" in str(only.hint)


def test_names_that_move_does_not_change_are_counted() -> None:
    (only,) = remarks({"decision": "Move"}, (("rename", "NAME-SPACE", 2),))
    assert "2 names need changing" in only.text and not only.blocks


def test_the_room_for_paths_is_that_of_the_real_home() -> None:
    facts = FolderFacts(1, "Old/Bridges", "tree", RowIdentity(2, 100, None))
    row = AnsweredRow("M-0001-B0", facts, Answers(**MOVE))
    room = homes.room(row, CHOICES)
    assert room == 400 - len("sites/t-s6p2x/Shared Documents/Bridges/")
    some = homes.check_lengths(row, room, Overlong(1, room + 20))
    assert "1 file has a path too long for 'Structures > Documents': up to 420 characters" in some.text
    assert not some.blocks and homes.check_lengths(row, room, Overlong(2, room + 20)).blocks
