"""What `rule check` and `partner check` share: read rules and registers, collect, evaluate, store, show."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from spmigrate import __version__, words
from spmigrate.cli import tenants, view
from spmigrate.errors import ExitCode, InputError, Problem
from spmigrate.model import FactSheet, Result, RuleResult, Severity

if TYPE_CHECKING:
    from spmigrate.federate.partners import PartnerRegister
    from spmigrate.govern.rules import Rule
    from spmigrate.govern.site_register import SiteRegister
    from spmigrate.govern.waivers import Waiver
    from spmigrate.provision.language.organisation import Organisation
    from spmigrate.registers.people import PeopleRegister
    from spmigrate.registers.policy import Policy
    from spmigrate.registers.training import TrainingRegister
    from spmigrate.tenant.session import Tenant

T = TypeVar("T")
PROFILE = "council"
"""The one set of thresholds that the shipped rules carry."""


@dataclass(frozen=True, slots=True)
class Registers:
    """Everything in governance_rules, read and checked together."""

    rules: "list[Rule]"
    people: "PeopleRegister"
    sites: "SiteRegister"
    partners: "PartnerRegister"
    waivers: "list[Waiver]"
    training: "TrainingRegister"
    policy: "Policy"


@dataclass(frozen=True, slots=True)
class Checked:
    """A finished check: its number in the ledger, when it was, and what it gave."""

    run: int
    at: str
    rules: int
    sheet: FactSheet
    results: list[RuleResult]

    @property
    def findings(self) -> list[RuleResult]:
        """Failures that count, worst first."""
        return _worst_first(each for each in self.results if each.result is Result.FAIL and each.waiver is None)

    @property
    def waived(self) -> list[RuleResult]:
        """Failures that somebody has accepted for a time."""
        return _worst_first(each for each in self.results if each.waiver is not None)

    @property
    def unknown(self) -> list[RuleResult]:
        """What could not be checked."""
        return _worst_first(each for each in self.results if each.result is Result.UNKNOWN)


def read_registers(session: view.Session) -> Registers:
    """Rules and registers of the working folder. Raises InputError with the problems of all files together."""
    from spmigrate.federate import partners
    from spmigrate.govern import rules, site_register, waivers
    from spmigrate.mapping import lists_file
    from spmigrate.registers import calendar, policy, retention, training
    from spmigrate.registers import people as roles

    folder = session.place.governance_rules
    problems: list[Problem] = []

    def gather(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except InputError as error:
            problems.extend(error.problems)
            return None

    loaded = gather(lambda: rules.load(folder))
    pathway = gather(lambda: training.read_training(folder))
    council = organisation(session)
    units = frozenset(unit.code for unit in council.units) if council else None
    people = gather(lambda: roles.read_people(folder, units=units, modules=pathway.ids() if pathway else None))
    ids = people.ids() if people else None
    approvers = people.who_may(roles.Right.APPROVE_ASSESSMENTS) if people else frozenset()
    sites = gather(lambda: site_register.read_sites(folder, people=ids))
    known = gather(lambda: partners.read(folder, people=ids, approvers=approvers))
    accepted = gather(lambda: waivers.read(folder, rules=loaded, people=people))
    agreed = gather(lambda: policy.read_policy(folder, people=people, training=pathway))
    schedule = gather(lambda: retention.read_schedule(folder))
    lists = session.place.mappings / lists_file.FILE_NAME
    written = schedule is not None and lists.is_file()
    offered = gather(lambda: lists_file.choices(lists.parent, [], schedule=schedule)) if schedule and written else None
    gather(lambda: calendar.read_calendar(folder, units=units, classes=offered.of("subject") if offered else None))
    for label in retention.unknown_labels(schedule, council.retention_labels) if schedule and council else []:
        view.note(f"note: organisation.yaml has the label '{label}', which no rule of {retention.FILE} has")
    if problems or not (
        loaded is not None and people and sites and known and accepted is not None and pathway and agreed
    ):
        raise InputError("the rules and registers cannot be used", problems)
    return Registers(loaded, people, sites, known, accepted, pathway, agreed)


def organisation(session: view.Session) -> "Organisation | None":
    """organisation.yaml; None when it cannot be read, of which `template lint` speaks."""
    from spmigrate.formats import yaml
    from spmigrate.provision.language.organisation import Organisation

    try:
        return yaml.read(session.place.site_templates / "organisation.yaml", Organisation)
    except InputError:
        return None


def run(session: view.Session, kind: str, chosen: "Callable[[Rule], bool]") -> Checked:
    """Collect what the chosen rules need, evaluate and store it."""
    from spmigrate.govern import waivers
    from spmigrate.govern.evaluation import evaluate
    from spmigrate.store import checks

    registers = read_registers(session)
    rules = [rule for rule in registers.rules if chosen(rule)]
    ledger = session.ledger  # opened first: minutes of questions to a tenant must not end at a damaged ledger
    now = datetime.now(UTC)
    at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
    with tenants.connect(session, part=tenants.GOVERNANCE_PART) as tenant:
        sheet = _collect(tenant, registers, {rule.subject for rule in rules}, at)
    results = waivers.apply(evaluate(rules, sheet, today=now.date()), registers.waivers, today=now.date())
    number = checks.save(ledger, kind, sheet, results, at=at, profile=PROFILE, tool=__version__)
    return Checked(number, at, len(rules), sheet, results)


def _collect(tenant: "Tenant", registers: Registers, needed: Collection[str], at: str) -> FactSheet:
    """The facts about the kinds of subject that are needed, and no others."""
    from spmigrate.federate import guests, partner_facts
    from spmigrate.govern import collection, waivers
    from spmigrate.govern.vocabulary import Subject

    view.note("reading the settings of the tenant")
    default = partner_facts.collect_default(tenant, at=at)
    sheet = collection.collect_tenant(tenant, at=at) + partner_facts.describe_default(tenant.settings.name, default)
    view.note("reading the accounts of staff and guests")
    accounts = collection.collect_accounts(tenant, at=at)
    if not {Subject.SITE, Subject.LIBRARY}.isdisjoint(needed):
        view.note("reading sites")
        sheet += collection.collect_sites(tenant, registers.sites, accounts, at=at)
    if Subject.GUEST in needed:
        view.note("reading guests")
        sheet += guests.collect(tenant, registers.partners, accounts, at=at)
    if Subject.PARTNER in needed:
        view.note("reading partners")
        owners = registers.people.accounts()
        sheet += partner_facts.collect(tenant, registers.partners, accounts, owners, default=default)
    if Subject.WAIVER in needed:
        sheet += waivers.facts(registers.waivers, rules=registers.rules, seen=sheet, at=at)
    return sheet


def exit_code(checked: Checked, fail_on: Severity) -> ExitCode:
    """5 when something could not be checked, 3 when a finding is at least as bad as `fail_on`."""
    failed = any(each.severity.rank <= fail_on.rank for each in checked.findings)
    return ExitCode.worst(
        ExitCode.INCOMPLETE if checked.unknown else ExitCode.DONE, ExitCode.FINDINGS if failed else ExitCode.DONE
    )


def show(checked: Checked, *, json_: bool) -> None:
    """The results for people, or as the one JSON document."""
    if json_:
        view.document(_document(checked))
        return
    for severity, group in groupby(checked.findings, key=lambda each: each.severity):
        _show_group(severity.value.upper(), list(group))
    if checked.unknown:
        _show_group("NOT KNOWN, SO NOT PASSED", checked.unknown)
    if checked.waived:
        _show_group("WAIVED", checked.waived)
    many = {"library": "libraries"}
    seen = ", ".join(words.plural(each.seen, kind, many.get(kind)) for kind, each in checked.sheet.coverage.items())
    view.line(f"{words.plural(checked.rules, 'rule')} over {seen}.")
    found = words.plural(len(checked.findings), "finding")
    view.line(
        f"{found}, {len(checked.waived)} waived, {len(checked.unknown)} not known. Run {checked.run} in the ledger."
    )


def _show_group(heading: str, results: list[RuleResult]) -> None:
    view.line(f"{heading} ({len(results)})")
    for (rule, title), group in groupby(results, key=lambda each: (each.rule, each.title)):
        listed = list(group)
        view.line(f"  {rule}  {title}")
        for each in listed:
            under = f" [{each.waiver}]" if each.waiver else ""
            view.line(f"    {each.subject}{under}: {each.message}")
        if listed[0].remedy:
            view.line(f"    What to do: {listed[0].remedy}")
    view.line()


def _document(checked: Checked) -> dict[str, Any]:
    counts = {result.value.replace(" ", "_"): 0 for result in Result}
    for each in checked.results:
        counts[each.result.value.replace(" ", "_")] += 1
    return {
        "run": checked.run,
        "at": checked.at,
        "profile": PROFILE,
        "rules": checked.rules,
        "open": len(checked.findings),
        "waived": len(checked.waived),
        "unknown": len(checked.unknown),
        "results": counts,
        "coverage": {kind: {"seen": each.seen, "gap": each.gap} for kind, each in checked.sheet.coverage.items()},
        "findings": [_entry(each) for each in (*checked.findings, *checked.unknown, *checked.waived)],
    }


def _entry(result: RuleResult) -> dict[str, Any]:
    return {
        "rule": result.rule,
        "title": result.title,
        "severity": result.severity.value,
        "subject_kind": str(result.subject_kind),
        "subject": result.subject,
        "result": result.result.value.replace(" ", "_"),
        "message": result.message,
        "remedy": result.remedy,
        "waiver": result.waiver,
    }


def _worst_first(results: Iterable[RuleResult]) -> list[RuleResult]:
    return sorted(results, key=lambda each: (each.severity.rank, each.rule, each.subject))
