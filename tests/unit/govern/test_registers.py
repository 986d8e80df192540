"""The registers of people, sites and waivers: what they refuse, and where."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from spmigrate.errors import InputError
from spmigrate.govern import rules, site_register, waivers
from spmigrate.registers.people import FILE as PEOPLE
from spmigrate.registers.people import read_people

SHIPPED = Path(__file__).parents[3] / "governance_rules"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "governance_rules"
    shutil.copytree(SHIPPED, copied)
    return copied


def entry(**changes: object) -> waivers.Waiver:
    usual = {
        "id": "W-001", "rule": "OWN-01", "subjects": ("/sites/a",), "reason": 'The second owner "starts": soon #1.',
        "owner": "highways.director", "approved_by": "information.governance",
        "approved_on": date(2026, 6, 1), "expires": date(2026, 12, 31),
    }  # fmt: skip
    return waivers.Waiver(**{**usual, **changes})  # type: ignore[arg-type]  # keywords by name


def add(folder: Path, waiver: waivers.Waiver) -> list[waivers.Waiver]:
    people, known = read_people(folder), rules.load(folder)
    waivers.add(folder, waiver, rules=known, people=people)
    return waivers.read(folder, rules=known, people=people)


def test_a_waiver_written_is_the_waiver_read_and_comments_stay(folder: Path) -> None:
    first, second = entry(), entry(id="W-002", subjects=("/sites/b", "x@y.example"))
    assert add(folder, first) == [first]
    assert add(folder, second) == [first, second]
    assert "Whoever asks cannot approve" in (folder / waivers.FILE).read_text()
    assert waivers.next_id([first, second]) == "W-003"


def test_a_comment_about_an_empty_register_stays_a_comment(folder: Path) -> None:
    path = folder / waivers.FILE
    comment = "# It began as `waivers: []`, and\n# waivers: []\n"
    path.write_text(comment + path.read_text())
    assert add(folder, entry()) == [entry()]
    assert path.read_text().startswith(comment)


@pytest.mark.parametrize(
    ("changes", "key"),
    [({"reason": "x"}, "reason"), ({"subjects": ("",)}, "subjects"), ({"rule": "OWN-99"}, "rule"),
     ({"approved_by": "highways.director"}, "approved by"), ({"expires": date(2027, 6, 3)}, "expires")],
)  # fmt: skip
def test_what_is_wrong_with_a_new_waiver_is_said_of_its_key(folder: Path, changes: dict[str, object], key: str) -> None:
    waiver = entry().model_copy(update=changes)
    wrong = waivers.objections(waiver, rules=rules.load(folder), people=read_people(folder))
    assert [name for name, _ in wrong] == [key]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"approved_by": "highways.director"}, "whoever asks for a waiver cannot approve it"),
        ({"approved_by": "service.desk"}, "'service.desk' may not approve waivers; who may: information.governance"),
        ({"owner": "nobody.here"}, "'nobody.here' is not in people.yaml"),
        ({"rule": "OWN-99"}, "there is no rule OWN-99"),
        ({"expires": date(2027, 6, 3)}, "twelve months at most"),
        ({"expires": date(2026, 6, 1)}, "ends before it begins"),
    ],
)
def test_a_waiver_that_breaks_the_rules_is_not_written(folder: Path, changes: dict[str, object], said: str) -> None:
    before = (folder / waivers.FILE).read_text()
    with pytest.raises(InputError) as caught:
        add(folder, entry(**changes))
    assert said in str(caught.value.problems[0])
    assert (folder / waivers.FILE).read_text() == before


def test_where_nobody_may_approve_it_is_said_how_to_let_somebody(folder: Path) -> None:
    path = folder / PEOPLE
    path.write_text(path.read_text().replace("may: [approve waivers, approve assessments]", "may: []"))
    wrong = waivers.objections(entry(), rules=rules.load(folder), people=read_people(folder))
    assert [text for _, text in wrong] == [
        "'information.governance' may not approve waivers; nobody in people.yaml may: write it under somebody's 'may'"
    ]


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        ({}, True),
        ({"subjects": ("/sites/x", "/SITES/A")}, True),
        ({"expires": date(2026, 12, 30)}, False),
        ({"rule": "OWN-02"}, False),
        ({"subjects": ("/sites/b",)}, False),
        ({"approved_on": date(2026, 6, 2)}, False),
    ],
)
def test_what_is_waived_for_as_long_is_not_waived_twice(folder: Path, other: dict[str, object], refused: bool) -> None:
    standing, people = entry(**{"id": "W-002", **other}), read_people(folder)
    wrong = waivers.objections(entry(), rules=rules.load(folder), people=people, others=[standing])
    said = [("subjects", "'/sites/a' is already waived by W-002 until 2026-12-31")]
    assert wrong == (said if refused else [])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("t-r9s4e", "/sites/t-r9s4e"), ("/sites/t-r9s4", "/sites/t-r9s4e"), ("elsewhere", None)],
)
def test_a_subject_that_was_not_seen_is_told_what_was_meant(typed: str, meant: str | None) -> None:
    seen = ["/sites/t-r9s4e", "/sites/t-a3w9c", "pat@uni-f.example"]
    assert waivers.unseen(["/Sites/T-R9S4E", typed], seen) == [(typed, meant)]


def test_a_site_whose_owner_nobody_knows_is_refused_at_its_place(folder: Path) -> None:
    path = folder / site_register.FILE
    path.write_text(path.read_text().replace("owners: [structures.lead,", "owners: [structures.led,"))
    with pytest.raises(InputError) as caught:
        site_register.read_sites(folder, people=read_people(folder).ids())
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "structures.led" in text)
    assert str(caught.value.problems[0]).startswith(f"{path}:{line}:")


def test_addresses_do_not_tell_capitals_apart(folder: Path) -> None:
    path = folder / site_register.FILE
    path.write_text(path.read_text().replace("/sites/t-s6p2x", "/sites/T-A3W9C"))
    with pytest.raises(InputError, match="cannot be used"):
        site_register.read_sites(folder, people=read_people(folder).ids())


def test_an_account_belongs_to_one_person(folder: Path) -> None:
    path = folder / PEOPLE
    path.write_text(path.read_text().replace("account: service.desk@", "account: migration.lead@"))
    with pytest.raises(InputError) as caught:
        read_people(folder)
    assert len(caught.value.problems) == 2
