"""Three-valued logic against its truth tables, and rules against every way that the unknown could turn out."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.govern import rules, truth
from spmigrate.govern.conditions import AllOf, AnyOf, Comparison, Condition, NoneOf
from spmigrate.govern.evaluation import combine
from spmigrate.govern.vocabulary import FactType, Kind, Subject
from spmigrate.model import Fact, Result

TODAY = date(2026, 1, 1)
NAMES = ("a", "b", "c", "d")

AND = {
    (True, True): True, (True, None): None, (True, False): False,
    (None, True): None, (None, None): None, (None, False): False,
    (False, True): False, (False, None): False, (False, False): False,
}  # fmt: skip
OR = {
    (True, True): True, (True, None): True, (True, False): True,
    (None, True): True, (None, None): None, (None, False): None,
    (False, True): True, (False, None): None, (False, False): False,
}  # fmt: skip


@pytest.mark.parametrize("pair", AND)
def test_and_and_or_follow_their_truth_tables(pair: tuple[truth.Truth, truth.Truth]) -> None:
    assert truth.all_of(pair) is AND[pair]
    assert truth.any_of(pair) is OR[pair]


def test_not_leaves_unknown_unknown() -> None:
    assert [truth.negate(each) for each in (True, None, False)] == [False, None, True]


@given(st.lists(st.sampled_from([True, None, False])))
def test_long_chains_equal_the_tables_applied_step_by_step(values: list[truth.Truth]) -> None:
    both: truth.Truth = True
    either: truth.Truth = False
    for value in values:
        both, either = AND[both, value], OR[either, value]
    assert truth.all_of(values) is both
    assert truth.any_of(values) is either


def leaf(name: str) -> Condition:
    """A condition that is simply the truth of one fact."""
    return Comparison(FactType(Subject.SITE, name, Kind.YES_NO, "", "", ""), "is", True)


conditions = st.recursive(
    st.sampled_from(NAMES).map(leaf),
    lambda parts: st.builds(
        lambda group, inner: group(tuple(inner)),
        st.sampled_from([AllOf, AnyOf, NoneOf]),
        st.lists(parts, min_size=1, max_size=3),
    ),
    max_leaves=8,
)
situations = st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in NAMES})


def facts(situation: dict[str, truth.Truth]) -> dict[str, Fact]:
    """Known facts as facts, unknown ones sometimes as an unknown fact and sometimes as none at all."""
    return {
        name: Fact("site", "s", name, value, "", "", unknown=None if value is not None else "no permission")
        for name, value in situation.items()
        if value is not None or name in ("a", "c")
    }


def completions(situation: dict[str, truth.Truth]) -> list[dict[str, truth.Truth]]:
    """Every way in which the unknown facts could turn out."""
    choices = [(value,) if value is not None else (True, False) for value in situation.values()]
    return [dict(zip(situation, chosen, strict=True)) for chosen in product(*choices)]


@given(conditions, situations)
def test_a_decided_condition_holds_however_the_unknown_turns_out(
    condition: Condition, situation: dict[str, truth.Truth]
) -> None:
    decided = condition.holds(facts(situation), TODAY)
    if decided is not None:
        assert {condition.holds(facts(each), TODAY) for each in completions(situation)} == {decided}


@given(conditions, conditions, situations)
def test_pass_and_fail_never_depend_on_what_is_unknown(
    when: Condition, require: Condition, situation: dict[str, truth.Truth]
) -> None:
    def result(each: dict[str, truth.Truth]) -> Result:
        return combine(when.holds(facts(each), TODAY), require.holds(facts(each), TODAY))

    possible = {result(each) for each in completions(situation)}
    found = result(situation)
    assert Result.UNKNOWN not in possible
    if found is Result.FAIL:
        assert possible == {Result.FAIL}
    elif found is not Result.UNKNOWN:
        assert Result.FAIL not in possible


@pytest.mark.parametrize("rule", rules.load(Path(__file__).parents[3] / "governance_rules"), ids=lambda rule: rule.id)
def test_no_shipped_rule_passes_when_nothing_is_known(rule: rules.Rule) -> None:
    assert combine(rule.when.holds({}, TODAY), rule.require.holds({}, TODAY)) is Result.UNKNOWN
