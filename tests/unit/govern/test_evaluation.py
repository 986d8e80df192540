"""From facts to results: what applies, what counts, what is waived, and what was never seen."""

from datetime import date
from pathlib import Path

import pytest

from spmigrate.govern import rules, waivers
from spmigrate.govern.evaluation import evaluate
from spmigrate.model import Coverage, Fact, FactSheet, FactValue, Result, RuleResult

TODAY = date(2026, 6, 15)
RULES = {rule.id: rule for rule in rules.load(Path(__file__).parents[3] / "governance_rules")}


def sheet(
    subject: str = "/sites/a", *, gap: str | None = None, unknown: str | None = None, **values: FactValue
) -> FactSheet:
    facts = tuple(
        Fact("site", subject, name.replace("_", " "), value, "test", "", unknown=unknown)
        for name, value in values.items()
    )
    return FactSheet(facts, {"site": Coverage(1, gap)})


def one(rule: str, facts: FactSheet) -> RuleResult:
    (result,) = evaluate([RULES[rule]], facts, today=TODAY)
    return result


def test_a_failure_says_what_was_found_and_what_to_do() -> None:
    result = one("OWN-01", sheet(title="Bus Strategy", working_owners=1))
    assert result.result is Result.FAIL
    assert result.message == "Bus Strategy has only one working owner."
    assert result.remedy.startswith("Ask the owner")
    assert result.counts


@pytest.mark.parametrize(
    ("rule", "values", "said"),
    [
        ("GST-01", {"partner": None, "partner state": None, "guests permitted": False, "domain": "x.example"},
         "S belongs to no registered partner: no entry of the register has the domain x.example."),
        ("GST-01", {"partner": "P07 Uni", "partner state": "ended", "guests permitted": True},
         "S is still a guest of P07 Uni, a partnership that is ended."),
        ("GST-01", {"partner": "P07 Uni", "partner state": "assessing", "guests permitted": True},
         "S is a guest of P07 Uni, a partnership that has not begun: it is assessing."),
        ("GST-01", {"partner": "P07 Uni", "partner state": "live", "guests permitted": False},
         "The register permits no guests of P07 Uni, and S is one."),
        ("FED-12", {"name": "Uni", "state": "live", "agreement expires": "2025-03-31", "owner in post": True},
         "The agreement with Uni ran until 31 March 2025."),
        ("FED-12", {"name": "Uni", "state": "live", "agreement expires": "2035-03-31", "owner in post": False},
         "The owner of the partnership with Uni is not in post."),
        ("FED-12", {"name": "Uni", "state": "live", "agreement expires": None, "owner in post": True},
         "Uni has no agreement with a last day."),
        ("FED-07", {"name": "Uni", "configured": True, "on the register": True, "trust beyond agreement": (),
                    "trust missing": ("mfa",)},
         "Checks by Uni that were agreed are not trusted: mfa."),
        ("INF-04", {"versioning": False, "versions kept": 0}, "S keeps no earlier versions of files."),
        ("LIF-04", {"title": "Bus", "on the register": True, "review by": None},
         "No day has been set for the review of Bus."),
        ("TEN-14", {"sharing": "anyone", "anyone links expire after days": None}, "A link for anyone works for good."),
    ],
)  # fmt: skip
def test_a_message_reads_well_in_every_case(rule: str, values: dict[str, FactValue], said: str) -> None:
    kind = RULES[rule].subject
    facts = tuple(Fact(kind, "S", name, value, "test", "") for name, value in values.items())
    assert one(rule, FactSheet(facts, {kind: Coverage(1)})).message == said


def test_a_pass_says_nothing() -> None:
    result = one("OWN-01", sheet(title="Bus Strategy", working_owners=2))
    assert (result.result, result.message, result.remedy) == (Result.PASS, "", "")


def test_a_rule_that_does_not_apply_says_so_even_when_the_rest_is_unknown() -> None:
    assert one("SHR-01", sheet(marking="OFFICIAL")).result is Result.NOT_APPLICABLE


def test_a_missing_fact_says_what_to_grant() -> None:
    result = one("SHR-03", sheet(title="A"))
    assert result.result is Result.UNKNOWN
    assert "Sites.FullControl.All" in result.message


def test_an_unknown_fact_says_why() -> None:
    result = one("SHR-03", sheet(sharing=None, unknown="the site could not be read: grant Sites.FullControl.All"))
    assert result.message == "sharing: the site could not be read: grant Sites.FullControl.All"


def test_subjects_that_could_not_be_listed_are_unknown_and_never_a_pass() -> None:
    found = evaluate([RULES["SHR-03"]], sheet(sharing="existing guests", gap="two counts differ"), today=TODAY)
    assert [result.result for result in found] == [Result.PASS, Result.UNKNOWN]
    assert found[1].message == "two counts differ"


def test_a_kind_of_subject_that_nobody_looked_at_is_unknown() -> None:
    (result,) = evaluate([RULES["GST-01"]], FactSheet(), today=TODAY)
    assert result.result is Result.UNKNOWN


def test_days_are_spoken() -> None:
    result = one("LIF-04", sheet(title="A", on_the_register=True, review_by="2026-04-01"))
    assert result.message == "The review of A was due by 1 April 2026."


def waiver(**changes: object) -> waivers.Waiver:
    usual = {
        "id": "W-001", "rule": "OWN-01", "subjects": ("/sites/a",), "reason": "The second owner starts soon.",
        "owner": "a", "approved_by": "b", "approved_on": date(2026, 6, 1), "expires": date(2026, 6, 30),
    }  # fmt: skip
    return waivers.Waiver(**{**usual, **changes})  # type: ignore[arg-type]  # keywords by name


@pytest.mark.parametrize(
    ("changes", "covered"),
    [
        ({}, True),
        ({"subjects": ("/Sites/A",)}, True),
        ({"subjects": ("/sites/b",)}, False),
        ({"rule": "OWN-02"}, False),
        ({"expires": date(2026, 6, 15)}, True),
        ({"expires": date(2026, 6, 14)}, False),
        ({"approved_on": date(2026, 6, 16)}, False),
    ],
)
def test_a_waiver_covers_its_rule_its_subjects_and_its_time(changes: dict[str, object], covered: bool) -> None:
    results = evaluate([RULES["OWN-01"]], sheet(title="A", working_owners=1), today=TODAY)
    (result,) = waivers.apply(results, [waiver(**changes)], today=TODAY)
    assert (result.waiver == "W-001") is covered
    assert result.result is Result.FAIL
    assert result.counts is not covered


def test_what_is_unknown_cannot_be_waived() -> None:
    results = evaluate([RULES["OWN-01"]], sheet(title="A"), today=TODAY)
    (result,) = waivers.apply(results, [waiver()], today=TODAY)
    assert result.waiver is None
    assert result.counts


def test_a_waiver_that_ran_out_is_a_finding() -> None:
    facts = waivers.facts([waiver(expires=date(2026, 6, 14))], rules=RULES.values(), seen=FactSheet(), at="")
    found = evaluate([RULES["OPS-03"]], facts, today=TODAY)
    assert [result.result for result in found] == [Result.FAIL]
    assert found[0].message == "Waiver W-001 of OWN-01, asked for by a, ended on 14 June 2026."


@pytest.mark.parametrize(
    ("subjects", "gap", "expected"),
    [(("/SITES/a",), None, Result.PASS), (("/sites/a", "/sites/mispelt"), None, Result.FAIL),
     (("/sites/mispelt",), "not all sites were seen", Result.UNKNOWN), (("/sites/a",), "cut", Result.PASS)],
)  # fmt: skip
def test_a_waiver_of_what_is_not_there_is_a_finding(
    subjects: tuple[str, ...], gap: str | None, expected: Result
) -> None:
    seen = FactSheet((Fact("site", "/sites/a", "title", "A", "", ""),), {"site": Coverage(1, gap)})
    facts = waivers.facts([waiver(subjects=subjects)], rules=RULES.values(), seen=seen, at="")
    assert [result.result for result in evaluate([RULES["OPS-04"]], facts, today=TODAY)] == [expected]


def test_a_waiver_of_what_this_check_does_not_look_at_is_left_alone() -> None:
    facts = waivers.facts([waiver(rule="FED-08")], rules=RULES.values(), seen=FactSheet(), at="")
    assert [each.result for each in evaluate([RULES["OPS-04"]], facts, today=TODAY)] == [Result.NOT_APPLICABLE]
