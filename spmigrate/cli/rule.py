"""`rule`: list the governance rules, try their examples, check the tenant against them, waive a finding."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from spmigrate.cli import view
from spmigrate.errors import ExitCode, InputError, Problem, UsageProblem
from spmigrate.model import Result, Severity

if TYPE_CHECKING:
    from spmigrate.govern.examples import Trial

_TYPED = {
    "rule": "RULE", "subjects": "SUBJECT", "reason": "--reason", "owner": "--owner", "approved by": "--approved-by",
    "expires": "--until",
}  # fmt: skip
"""Where `rule waive` takes each value of a waiver from."""

fail_on_option = click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.INFO.value,
    help="The mildest finding that ends in exit code 3; the default is any.",
)


@click.group(cls=view.InOrder)
def rule() -> None:
    """Check the tenant against the council's governance rules."""


@rule.command("list")
@view.json_option
@view.pass_session
def list_(session: view.Session, json_: bool) -> None:
    """List the rules of governance_rules. No tenant is needed."""
    from spmigrate.govern import rules

    loaded = rules.load(session.place.governance_rules)
    if json_:
        keys = ("id", "version", "area", "severity", "subject", "title", "why", "remedy", "benchmarks")
        view.document({"rules": [{key: getattr(each, key) for key in keys} for each in loaded]})
        return
    rows = [(each.id, each.severity, each.subject, each.area, each.title) for each in loaded]
    view.table(["Rule", "Severity", "About", "Area", "Title"], rows)


@rule.command()
@view.json_option
@view.pass_session
def test(session: view.Session, json_: bool) -> ExitCode:
    """Try the examples that every rule carries. No tenant is needed.

    Exit codes: 0 every rule does what its examples say, 3 some do not.
    """
    from spmigrate.govern import rules
    from spmigrate.govern.examples import try_examples

    loaded = rules.load(session.place.governance_rules)
    trials = try_examples(loaded)
    wrong = [trial for trial in trials if not trial.good]
    if json_:
        keys = ("rule", "where", "expected", "result")
        failures = [{key: getattr(trial, key) for key in keys} for trial in wrong]
        view.document({"rules": len(loaded), "examples": len(trials), "failures": failures})
    else:
        for trial in wrong:
            view.line(f"{trial.where}: {_contrary(trial)}")
        view.line(f"{len(loaded)} rules, {len(trials)} examples, {len(wrong)} not as they say.")
    return ExitCode.FINDINGS if wrong else ExitCode.DONE


def _contrary(trial: "Trial") -> str:
    """What a rule did with an example that says something else."""
    did = {
        Result.PASS: "the rule passed it",
        Result.FAIL: "the rule fired",
        Result.NOT_APPLICABLE: "the rule does not apply to it",
        Result.UNKNOWN: "the rule needs a fact that is not in it",
    }
    must = "fire" if trial.expected == "fires" else "stay quiet"
    return f"{trial.rule}: this example must {must}, and {did[trial.result]}"


@rule.command()
@fail_on_option
@view.json_option
@view.pass_session
def check(session: view.Session, fail_on: str, json_: bool) -> ExitCode:
    """Check tenant, sites, libraries, guests and waivers against every rule but those of partners.

    Exit codes: 0 clean, 3 findings that are not waived, 5 something could not be checked.
    """
    from spmigrate.cli import checking
    from spmigrate.govern.rules import Area

    checked = checking.run(session, "rule", lambda each: each.area is not Area.FEDERATION)
    checking.show(checked, json_=json_)
    return checking.exit_code(checked, Severity(fail_on))


@rule.command()
@click.argument("rule_id", metavar="RULE")
@click.argument("subjects", nargs=-1, required=True, metavar="SUBJECT...")
@click.option("--reason", required=True, help="Why the finding is accepted, in ten characters or more.")
@click.option("--owner", required=True, help="Who asks for it and answers for it: an id of people.yaml.")
@click.option("--approved-by", required=True, help="Who approved it: somebody else, who may approve waivers.")
@click.option("--until", required=True, metavar="DAY", help="The last day, such as 2026-10-31; twelve months at most.")
@view.json_option
@view.pass_session
def waive(
    session: view.Session,
    rule_id: str,
    subjects: tuple[str, ...],
    reason: str,
    owner: str,
    approved_by: str,
    until: str,
    json_: bool,
) -> None:
    """Add a waiver of RULE for each SUBJECT to waivers.yaml, approved today. No tenant is needed.

    A subject is written as `rule check` shows it: /sites/t-a3w9c, or a guest's address. Once a check has tried the
    rule, only what that check looked at can be waived.
    """
    from spmigrate.cli import checking
    from spmigrate.govern import waivers

    with session.ledger.run_lock("rule waive"):
        registers = checking.read_registers(session)
        waiver = waivers.Waiver.model_construct(
            id=waivers.next_id(registers.waivers), rule=rule_id, subjects=subjects, reason=reason, owner=owner,
            approved_by=approved_by, approved_on=datetime.now(UTC).date(), expires=_day(until),
        )  # fmt: skip
        wrong = waivers.objections(waiver, rules=registers.rules, people=registers.people, others=registers.waivers)
        problems = [Problem(_TYPED[key], text) for key, text in wrong]
        problems += _never_seen(session, rule_id, subjects)
        if problems:
            raise InputError("the waiver cannot be written", problems)
        folder = session.place.governance_rules
        waivers.add(folder, waiver, rules=registers.rules, people=registers.people)
    if json_:
        view.document({"waiver": waiver.model_dump(mode="json")})
    else:
        view.line(f"{waiver.id}: {rule_id} is waived until {until} for {', '.join(subjects)}.")


def _never_seen(session: view.Session, rule_id: str, subjects: tuple[str, ...]) -> list[Problem]:
    """A problem for every subject that the last check of the rule did not look at; none before the first check."""
    from spmigrate.govern import waivers
    from spmigrate.store import checks

    seen = checks.subjects(session.ledger, rule_id)
    if not seen:
        return []
    return [
        Problem(
            _TYPED["subjects"],
            f"the last check of {rule_id} did not see '{subject}'",
            f"did you mean '{meant}'?" if meant else "if it is new, run the check again first",
        )
        for subject, meant in waivers.unseen(subjects, seen)
    ]


def _day(text: str) -> date:
    from spmigrate.formats import yaml

    try:
        return yaml.read_day(text)
    except ValueError:
        raise UsageProblem(f"'{text}' is not a day", hint="write it as 2026-10-31") from None
