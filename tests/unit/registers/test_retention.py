"""The retention schedule: what it refuses, and the one period that can be worked out."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from spmigrate.errors import InputError
from spmigrate.formats import yaml
from spmigrate.mapping import lists_file
from spmigrate.provision.language.organisation import Organisation
from spmigrate.registers import retention
from spmigrate.registers.retention import Trigger, end_of_period, read_schedule
from tests.conftest import ROOT

SHIPPED = read_schedule(ROOT / "governance_rules")


def schedule(tmp_path: Path, text: str) -> retention.Schedule:
    (tmp_path / retention.FILE).write_text(text)
    return read_schedule(tmp_path)


@pytest.mark.parametrize(
    ("changed", "end"), [(date(2018, 4, 1), date(2025, 3, 31)), (date(2018, 3, 31), date(2024, 3, 31))]
)
def test_six_years_are_six_full_financial_years(changed: date, end: date) -> None:
    assert end_of_period(changed, "6 years") == end


def test_months_are_counted_from_the_end_of_the_year_too() -> None:
    assert end_of_period(date(2026, 2, 3), "6 months") == date(2026, 9, 30)


def test_only_the_year_of_the_last_change_can_be_computed() -> None:
    known = [rule for rule in SHIPPED.rules if rule.ends(date(2020, 1, 1)) is not None]
    assert {rule.trigger for rule in known} == {Trigger.YEAR_CHANGED}
    assert [trigger for trigger in Trigger if trigger.computable] == [Trigger.YEAR_CHANGED]


def test_a_rule_is_found_by_its_label_and_its_reference() -> None:
    rule = SHIPPED.rule("rl-mg01  working FY+3")
    assert rule is not None
    assert SHIPPED.rule("MG01") is rule
    assert SHIPPED.rule("RL-XX01") is None


def test_whatever_changes_in_a_rule_changes_its_digest() -> None:
    rule = SHIPPED.rules[0]
    others = [
        rule.model_copy(update={"period": "7 years"}), rule.model_copy(update={"holds": ()}),
        rule.model_copy(update={"record_group": "Other"}),
    ]  # fmt: skip
    assert len({rule.digest, *(each.digest for each in others)}) == 4
    assert rule.model_copy().digest == rule.digest


def test_a_lifted_hold_stands_no_longer(tmp_path: Path) -> None:
    found = schedule(tmp_path, (
        'version: "1"\ndefault: RL-A\nholds: [{ref: HOLD-A, reason: Inquiry, since: 2020-01-01, ended: 2026-01-31}]\n'
        "rules:\n  - {ref: AA01, record group: Files, trigger: case closed, period: 6 years, disposal: destroy, "
        "label: RL-A, holds: [HOLD-A]}\n"
    ))  # fmt: skip
    rule = found.rules[0]
    assert [hold.ref for hold in found.holds_on(rule, date(2026, 1, 31))] == ["HOLD-A"]
    assert not found.holds_on(rule, date(2026, 2, 1))
    assert not found.holds_on(rule, date(2019, 12, 31))


def test_every_problem_is_shown_at_its_line(tmp_path: Path) -> None:
    rule = "{{ref: AA01, record group: Files, trigger: {}, period: {}, disposal: destroy, label: {}{}}}\n"
    text = 'version: "1"\ndefault: RL-Z\nrules:\n  - ' + rule.format("case closed", "6 years", "RL-A", "")
    text += "  - " + rule.format("case closed", "1 year", "RL-A", ", holds: [HOLD-B]")
    with pytest.raises(InputError) as refused:
        schedule(tmp_path, text)
    told = [f"{each.where.split(':')[-2]}: {each.text}" for each in refused.value.problems]
    assert told == [
        "4: 'AA01' stands in more than one entry", "5: 'AA01' stands in more than one entry",
        "4: 'rl-a' stands in more than one entry", "5: 'rl-a' stands in more than one entry",
        "5: AA01: there is no HOLD-B under 'holds'", "2: no rule has the label 'RL-Z'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "said"),
    [("trigger: permanent, period: 6 years", "permanent together"), ("trigger: event, period: 6 years", "'event'"),
     ("trigger: case closed, period: six years", "a period such as"),
     ("trigger: case closed, event: x, period: 6 years", "'event'")],
)  # fmt: skip
def test_a_rule_that_contradicts_itself_is_refused(tmp_path: Path, part: str, said: str) -> None:
    entry = f"{{ref: AA01, record group: F, {part}, disposal: review, label: RL-A}}"
    text = f'version: "1"\ndefault: RL-A\nrules:\n  - {entry}\n'
    with pytest.raises(InputError) as refused:
        schedule(tmp_path, text)
    assert said in str(refused.value.problems[0])
    assert "retention.yaml:4:" in refused.value.problems[0].where


def test_the_usual_rule_of_a_class_must_be_in_the_schedule(tmp_path: Path) -> None:
    shutil.copy(ROOT / "mappings" / "lists.yaml", tmp_path)
    file = tmp_path / "lists.yaml"
    file.write_text(file.read_text().replace("RL-FI01 FY+6", "RL-FI09 FY+6").replace("name: Democracy", "name: Votes"))
    with pytest.raises(InputError) as refused:
        lists_file.choices(tmp_path, [], schedule=SHIPPED)
    first, second = refused.value.problems
    assert first.text == "Finance: 'RL-FI09 FY+6' is no label of retention.yaml"
    assert first.hint == "did you mean 'RL-FI01 FY+6'?"
    assert second.text == "rule DM01 of retention.yaml is for 'Democracy', which is no class here"


def test_keep_rules_that_owners_choose_from_are_the_labels_of_the_schedule() -> None:
    offered = lists_file.choices(ROOT / "mappings", [], schedule=SHIPPED)
    assert offered.of("keep") == (*SHIPPED.labels, "Query")
    assert offered.keep_rule("Finance") == "RL-FI01 FY+6"
    assert offered.keep_rule("nothing known") == SHIPPED.default


def test_the_labels_of_the_organisation_that_ships_are_in_the_schedule() -> None:
    organisation = yaml.read(ROOT / "site_templates" / "organisation.yaml", Organisation)
    assert not retention.unknown_labels(SHIPPED, organisation.retention_labels)
    assert retention.unknown_labels(SHIPPED, ["RL-MG01 Working FY+3", "RL-OLD"]) == ["RL-OLD"]
