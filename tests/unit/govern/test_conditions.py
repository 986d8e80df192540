"""Each comparison of the language, at its edges."""

from datetime import date
from itertools import product

import pytest

from spmigrate.formats.yaml import Source
from spmigrate.govern.conditions import Condition
from spmigrate.govern.grammar import Reader
from spmigrate.govern.vocabulary import SHARING_LEVELS, Subject
from spmigrate.model import Fact, FactValue

TODAY = date(2026, 6, 15)


def read(text: str, subject: Subject) -> Condition:
    document = Source(text, "rule.yaml")
    reader = Reader(document, subject)
    condition = reader.block(document.value, ())
    assert not reader.problems, reader.problems
    return condition


def holds(text: str, value: FactValue, *, subject: Subject = Subject.SITE) -> bool | None:
    condition = read(text, subject)
    name = next(condition.names())
    return condition.holds({name: Fact(subject, "s", name, value, "test", "")}, TODAY)


@pytest.mark.parametrize(("value", "limit"), list(product(SHARING_LEVELS, SHARING_LEVELS)))
def test_sharing_is_compared_by_permissiveness(value: str, limit: str) -> None:
    rank = {"only people in the council": 0, "existing guests": 1, "new and existing guests": 2, "anyone": 3}
    assert holds(f"sharing: {{at most: {limit}}}", value) is (rank[value] <= rank[limit])
    assert holds(f"sharing: {{at least: {limit}}}", value) is (rank[value] >= rank[limit])


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-06-15", True), ("2026-06-05", True), ("2026-06-04", False), ("2026-06-16", False), (None, False)],
)
def test_within_days_looks_back_and_never_ahead(day: str | None, expected: bool) -> None:
    assert holds("last sign-in: {within days: 10}", day, subject=Subject.GUEST) is expected


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("review by: {after: today}", "2026-06-16", True),
        ("review by: {after: today}", "2026-06-15", False),
        ("review by: {before: in 30 days}", "2026-07-14", True),
        ("review by: {before: in 30 days}", "2026-07-15", False),
        ("review by: {after: 1 days ago}", "2026-06-15", True),
        ("review by: {before: 2026-04-30}", "2026-04-29", True),
        ("review by: {after: in 36500 days}", "2026-04-29", False),
        ("review by: {after: 36500 days ago}", "2026-04-29", True),
        ("review by: {is: none}", "2026-04-29", False),
        ("review by: {is: none}", None, True),
        ("review by: {after: today}", None, False),
        ("review by: {before: today}", None, False),
    ],
)
def test_days_are_compared_as_days(text: str, day: str | None, expected: bool) -> None:
    assert holds(text, day) is expected


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("unfit owners: {contains: a@x.example}", ("a@x.example", "b@x.example"), True),
        ("unfit owners: {contains: a@x}", ("a@x.example",), False),
        ("unfit owners: {at most: 1}", ("a@x.example", "b@x.example"), False),
        ("title: {contains: pilot}", "Scanning Pilot", True),
        ("title: {is one of: [A, B]}", "B", True),
        ("title: {is not: A}", "A", False),
        ("title: {is not: A}", None, True),
        ("title: {is not: none}", None, False),
        ("title: {contains: A}", None, False),
        ("working owners: {at least: 1, at most: 2}", 3, False),
        ("working owners: {at least: 1, at most: 2}", 2, True),
        ("custom script allowed: {is: no}", False, True),
    ],
)
def test_comparisons(text: str, value: FactValue, expected: bool) -> None:
    assert holds(text, value) is expected


def test_a_value_that_the_vocabulary_does_not_have_is_unknown() -> None:
    assert holds("sharing: {at most: anyone}", "a level of next year") is None
    assert holds("sharing: {is not: anyone}", "a level of next year") is None
