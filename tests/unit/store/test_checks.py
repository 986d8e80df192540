"""Check runs in the ledger: what goes in comes out, or nothing goes in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.model import Coverage, Fact, FactSheet, FactValue, Result, RuleResult, Severity
from spmigrate.store import checks
from spmigrate.store.ledger import Ledger

pytestmark = pytest.mark.homes


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def fact(name: str, value: FactValue, unknown: str | None = None) -> Fact:
    return Fact("site", "/sites/a", name, value, "SPO.Tenant/sites", "2026-06-15T02:10:00Z", unknown)


def result(rule: str, waiver: str | None = None) -> RuleResult:
    return RuleResult(rule, "T", Severity.HIGH, "site", "/sites/a", Result.FAIL, "M", "R", waiver)


def save(ledger: Ledger, sheet: FactSheet, results: list[RuleResult]) -> int:
    return checks.save(ledger, "rule", sheet, results, at="2026-06-15T02:10:00Z", profile="council", tool="1")


def test_a_stored_run_is_the_run_that_was(ledger: Ledger) -> None:
    values: dict[str, FactValue] = {"a": True, "b": 3, "c": "x", "d": ("y", "z"), "e": (), "f": None}
    facts = (*(fact(name, value) for name, value in values.items()), fact("g", None, "grant it"))
    sheet = FactSheet(facts, {"site": Coverage(1, "two counts differ"), "guest": Coverage(0)})
    results = [result("OWN-01"), result("OWN-02", "W-001")]
    run = save(ledger, sheet, results)
    assert checks.facts(ledger, run) == sheet
    assert checks.results(ledger, run) == results


def test_what_a_rule_looked_at_is_that_of_its_last_run(ledger: Ledger) -> None:
    def judged(subject: str, rule: str = "OWN-01") -> RuleResult:
        return RuleResult(rule, "T", Severity.HIGH, "site", subject, Result.PASS, "", "")

    assert checks.subjects(ledger, "OWN-01") == frozenset()
    save(ledger, FactSheet(()), [judged("/sites/gone")])
    save(ledger, FactSheet(()), [judged("/sites/a"), judged("/sites/b"), judged("every site not seen")])
    save(ledger, FactSheet(()), [judged("P01", "FED-04")])
    assert checks.subjects(ledger, "OWN-01") == {"/sites/a", "/sites/b"}


def test_a_run_that_cannot_be_stored_whole_leaves_nothing(ledger: Ledger) -> None:
    with pytest.raises(Exception, match=r"(?i)unique"):
        save(ledger, FactSheet((fact("a", 1), fact("a", 2))), [])
    row = ledger.one("SELECT count(*) FROM check_run")
    assert row is not None
    assert row[0] == 0
