"""Check runs in the ledger: the facts that were collected and the results of the rules over them.

Facts are kept so that rules can be evaluated again later over what was known then.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from spmigrate.model import Coverage, Fact, FactSheet, Result, RuleResult, Severity
from spmigrate.store.ledger import Ledger


def save(
    ledger: Ledger, kind: str, sheet: FactSheet, results: Iterable[RuleResult], *, at: str, profile: str, tool: str
) -> int:
    """Store a whole run, or nothing of it; returns its number. `kind` is `rule` or `partner`."""
    coverage = {name: {"seen": each.seen, "gap": each.gap} for name, each in sheet.coverage.items()}
    with ledger.transaction():
        run = ledger.insert(
            "INSERT INTO check_run(kind, at, profile, tool, coverage) VALUES (?, ?, ?, ?, ?)",
            (kind, at, profile, tool, json.dumps(coverage)),
        )
        ledger.execute_many("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _fact_rows(run, sheet.facts))
        ledger.execute_many("INSERT INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _result_rows(run, results))
    return run


def facts(ledger: Ledger, run: int) -> FactSheet:
    """The facts of a stored run, as they were collected."""
    found = ledger.rows(
        "SELECT subject_kind, subject, name, value, source, at, unknown FROM fact WHERE check_run_id = ?"
        " ORDER BY subject_kind, subject, name",
        (run,),
    )
    row = ledger.one("SELECT coverage FROM check_run WHERE id = ?", (run,))
    coverage: dict[str, Any] = json.loads(row["coverage"]) if row else {}
    return FactSheet(
        tuple(_fact(row) for row in found),
        {name: Coverage(each["seen"], each["gap"]) for name, each in coverage.items()},
    )


def results(ledger: Ledger, run: int) -> list[RuleResult]:
    """The results of a stored run."""
    return [
        RuleResult(
            row["rule"], row["title"], Severity(row["severity"]), row["subject_kind"], row["subject"],
            Result(row["result"]), row["message"], row["remedy"], row["waiver"],
        )
        for row in ledger.rows(
            "SELECT * FROM result WHERE check_run_id = ? ORDER BY rule, subject_kind, subject", (run,)
        )
    ]  # fmt: skip


def subjects(ledger: Ledger, rule: str) -> frozenset[str]:
    """What the last run with a rule looked at for it; nothing when no run has tried it, or none could see anything."""
    found = ledger.rows(
        "SELECT subject FROM result WHERE rule = ? AND subject != 'every ' || subject_kind || ' not seen' "
        "AND check_run_id = (SELECT max(check_run_id) FROM result WHERE rule = ?)",
        (rule, rule),
    )
    return frozenset(row["subject"] for row in found)


def _fact_rows(run: int, facts: Iterable[Fact]) -> Iterator[tuple[object, ...]]:
    for fact in facts:
        value = None if fact.unknown is not None else json.dumps(fact.value, ensure_ascii=False)
        yield run, fact.subject_kind, fact.subject, fact.name, value, fact.unknown, fact.source, fact.at


def _result_rows(run: int, results: Iterable[RuleResult]) -> Iterator[tuple[object, ...]]:
    for each in results:
        yield (
            run, each.rule, each.title, each.severity, each.subject_kind, each.subject, each.result, each.message,
            each.remedy, each.waiver,
        )  # fmt: skip


def _fact(row: Any) -> Fact:
    value = json.loads(row["value"]) if row["value"] is not None else None
    return Fact(
        row["subject_kind"], row["subject"], row["name"], tuple(value) if isinstance(value, list) else value,
        row["source"], row["at"], row["unknown"],
    )  # fmt: skip
