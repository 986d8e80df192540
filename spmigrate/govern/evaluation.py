"""Evaluating rules over stored facts: a pure function, so that any run can be replayed.

applies   required   result
false     anything   not applicable
true      true       pass
true      false      fail
unknown   true       pass: whether it applies or not, nothing is wrong
anything else        unknown
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from spmigrate.govern.conditions import Facts
from spmigrate.govern.rules import Rule
from spmigrate.govern.truth import Truth
from spmigrate.govern.vocabulary import Kind, Subject, known_about
from spmigrate.model import Coverage, Fact, FactSheet, Result, RuleResult

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def evaluate(rules: Iterable[Rule], sheet: FactSheet, *, today: date) -> list[RuleResult]:
    """The result of every rule for every subject of its kind, in the order of rules and subjects.

    Where not all subjects of a kind could be seen, each of its rules also gets one unknown result for the rest.
    """
    subjects = _by_subject(sheet.facts)
    found: list[RuleResult] = []
    for rule in rules:
        found += [judge(rule, subject, facts, today=today) for subject, facts in subjects.get(rule.subject, {}).items()]
        found += _unseen(rule, sheet.coverage)
    return found


def judge(rule: Rule, subject: str, facts: Facts, *, today: date) -> RuleResult:
    """The result of one rule for one subject."""
    applies = rule.when.holds(facts, today)
    # Most rules do not apply to most subjects: what they require is then not looked at.
    result = Result.NOT_APPLICABLE if applies is False else combine(applies, rule.require.holds(facts, today))
    return RuleResult(
        rule.id, rule.title, rule.severity, rule.subject, subject, result,
        message=_message(rule, subject, facts, result, today),
        remedy=rule.remedy if result is Result.FAIL else "",
    )  # fmt: skip


def combine(applies: Truth, required: Truth) -> Result:
    """The table at the top of this module."""
    if applies is False:
        return Result.NOT_APPLICABLE
    if required is True:
        return Result.PASS
    if applies is True and required is False:
        return Result.FAIL
    return Result.UNKNOWN


def _by_subject(facts: Iterable[Fact]) -> dict[str, dict[str, dict[str, Fact]]]:
    found: dict[str, dict[str, dict[str, Fact]]] = defaultdict(lambda: defaultdict(dict))
    for fact in facts:
        found[fact.subject_kind][fact.subject][fact.name] = fact
    return found


def _unseen(rule: Rule, coverage: Mapping[str, Coverage]) -> Iterator[RuleResult]:
    seen = coverage.get(rule.subject)
    gap = f"no {rule.subject} was looked at" if seen is None else seen.gap
    if gap is not None:
        yield RuleResult(
            rule.id, rule.title, rule.severity, rule.subject, f"every {rule.subject} not seen", Result.UNKNOWN, gap
        )


def _message(rule: Rule, subject: str, facts: Facts, result: Result, today: date) -> str:
    if result is Result.FAIL:
        fitting = (say for when, say in rule.other_messages if when.holds(facts, today) is True)
        text = next(fitting, rule.message)
        return _PLACEHOLDER.sub(lambda match: _spoken(rule.subject, match[1], subject, facts), text)
    if result is Result.UNKNOWN:
        return "; ".join(dict.fromkeys(_reasons(rule, facts)))
    return ""


def _reasons(rule: Rule, facts: Facts) -> Iterator[str]:
    """Why the facts are unknown that the rule rests on, and what to grant."""
    known = known_about(rule.subject)
    for name in rule.fact_names():
        fact = facts.get(name)
        if fact is None:
            yield f"{name}: was not collected; it needs {known[name].permission}"
        elif fact.unknown is not None:
            yield f"{name}: {fact.unknown}"
        elif known[name].words and fact.value is not None and fact.value not in known[name].words:
            yield f"{name}: '{fact.value}' is not a value that this version knows"


def _spoken(kind: Subject, name: str, subject: str, facts: Facts) -> str:
    if name == "subject":
        return subject
    fact = facts.get(name)
    if fact is None or fact.unknown is not None:
        return "unknown"
    if fact.value is None:
        return "none"
    if isinstance(fact.value, tuple):
        return ", ".join(fact.value) or "nobody"
    if isinstance(fact.value, bool):
        return "yes" if fact.value else "no"
    if known_about(kind)[name].kind is Kind.DAY:
        day = date.fromisoformat(str(fact.value))
        return f"{day.day} {day:%B %Y}"
    return str(fact.value)
