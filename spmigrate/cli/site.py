"""`site`: plan, apply and list the council's sites."""

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate.cli import progress, view
from spmigrate.errors import ExitCode, InputError, Problem, UsageProblem

if TYPE_CHECKING:
    from spmigrate.plan.apply import Step
    from spmigrate.plan.change import Plan
    from spmigrate.provision.catalogue import Catalogue
    from spmigrate.provision.provisioning import Planned
    from spmigrate.provision.resolve import DesiredSite
    from spmigrate.tenant.session import Tenant

_NOT_FROM_HERE = "not applied from here"
"""The state of a site that this working folder has not applied: whether it exists, only the tenant knows."""

_addresses = click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")


@click.group()
def site() -> None:
    """Plan and apply sites from their templates."""


@site.command()
@_addresses
@view.json_option
@view.pass_session
def plan(session: view.Session, addresses: tuple[str, ...], json_: bool) -> ExitCode:
    """Show what would be done to all sites, or to those at ADDRESS. Nothing is changed.

    With --json the plan can be kept and applied later: site plan --json > plan.json, site apply --plan plan.json.

    Exit codes: 0 nothing to do, 3 something that SharePoint cannot change or would refuse, 4 changes are pending.
    """
    catalogue, desired = _desired(session, addresses)
    with _connect(session) as tenant:
        planned = _plan(tenant, desired)
    if json_:
        obstacles = [{"where": each.where, "text": each.text, "hint": each.hint} for each in planned.obstacles]
        view.document(planned.plan.as_json() | {"obstacles": obstacles})
    else:
        _show(planned.plan, catalogue)
        for each in planned.obstacles:
            view.line(f"obstacle: {each}")
    pending = ExitCode.PENDING if planned.plan.changes else ExitCode.DONE
    return ExitCode.worst(pending, ExitCode.FINDINGS if planned.plan.notes or planned.obstacles else ExitCode.DONE)


@site.command()
@_addresses
@click.option("--plan", "file", type=click.Path(path_type=Path), help="Apply this saved plan and nothing else.")
@click.option("--yes", is_flag=True, help="Do not ask before changing anything.")
@view.json_option
@view.pass_session
def apply(session: view.Session, addresses: tuple[str, ...], file: Path | None, yes: bool, json_: bool) -> ExitCode:
    """Make all sites, or those at ADDRESS, as their templates say: hubs first.

    Every change is written to the journal before and after it is made. Stopped at any point, the same command goes on.

    Exit codes: 0 done or nothing to do, 1 could not finish, the plan is out of date or was declined, 3 some changes
    failed.
    """
    saved = _saved(file) if file else None
    if saved and addresses:
        raise UsageProblem("--plan names its sites itself", hint="leave out either the addresses or --plan")
    catalogue, desired = _desired(session, saved.sites if saved else addresses)
    with session.ledger.run_lock("site apply"), _connect(session) as tenant:
        planned = _plan(tenant, desired)
        shown = saved or planned.plan
        if saved:
            _confirm_base(saved, planned.plan)
        if not json_:
            _show_left(shown, planned.plan, catalogue)
        if planned.obstacles:
            raise InputError("the plan cannot be applied; nothing was changed", list(planned.obstacles))
        if planned.plan.changes:
            view.confirm("Apply this plan?", yes=yes)
        failed = _apply(session, tenant, desired, planned, shown)
    if json_:
        view.document({
            "plan": shown.id, "changes": len(planned.plan.changes),
            "sites": [each.address for each in desired], "failed": failed,
        })  # fmt: skip
    elif failed:
        view.line(f"{len(failed)} of the changes failed.")
    elif planned.plan.changes:
        view.line(_outcome(planned.plan))
    return ExitCode.FINDINGS if failed else ExitCode.DONE


@site.command()
@view.json_option
@view.pass_session
def status(session: view.Session, json_: bool) -> None:
    """Show which sites are applied, and whether their template has moved on since. No tenant is needed."""
    from spmigrate.store import sites

    _, desired = _desired(session, ())
    applied = sites.applied(session.ledger)
    rows: list[dict[str, Any]] = []
    for each in desired:
        done = applied.get(each.address)
        state = _NOT_FROM_HERE if done is None else "current" if _is_current(each, done) else "template has moved on"
        rows.append({
            "address": each.address, "title": each.title, "kind": each.kind, "unit": each.unit,
            "business_class": each.business_class, "template": each.template, "version": each.version,
            "applied_version": done.version if done else None, "applied": done.applied if done else None,
            "state": state,
        })  # fmt: skip
    if json_:
        view.document({"sites": rows})
        return
    view.table(
        ["Address", "Title", "Template", "Version", "Applied", "State"],
        [
            [row["address"], row["title"], row["template"], row["version"], row["applied_version"] or "", row["state"]]
            for row in rows
        ],
    )
    if any(row["state"] == _NOT_FROM_HERE for row in rows):
        view.note("another working folder may have applied a site: spmigrate site plan looks at the tenant")


def _is_current(desired: "DesiredSite", done: Any) -> bool:
    return (done.template, done.version) == (desired.template, desired.version)


def _desired(session: view.Session, addresses: Sequence[str]) -> "tuple[Catalogue, list[DesiredSite]]":
    """The catalogue and the sites that a command is about, hubs first."""
    from spmigrate.provision.lint import review
    from spmigrate.provision.nearest import suggestion
    from spmigrate.provision.resolve import resolve

    catalogue = review(session.place.site_templates).catalogue
    every = {each.address: each for each in resolve(catalogue)}
    wanted = [address if address.startswith("/") else f"/sites/{address}" for address in addresses]
    for address in wanted:
        if address not in every:
            raise UsageProblem(f"no site file has the address {address}", hint=suggestion(address, every))
    return catalogue, [each for each in every.values() if not wanted or each.address in wanted]


def _connect(session: view.Session) -> "Tenant":
    from spmigrate import config

    tenant = config.tenant(session.settings)
    session.start_log()
    from spmigrate.tenant import session as tenants  # only now: it takes a second, which no refusal should cost

    return tenants.connect(tenant)


def _plan(tenant: "Tenant", desired: "list[DesiredSite]") -> "Planned":
    from spmigrate.provision.provisioning import plan_sites

    return plan_sites(tenant, desired, watch=lambda address: view.note(f"reading {address}"))


def _show(shown: "Plan", catalogue: "Catalogue") -> None:
    from spmigrate.plan import describe
    from spmigrate.provision.vocabulary import Vocabulary

    for text in describe.lines(shown, Vocabulary(catalogue.organisation.words).words):
        view.line(text)


def _show_left(shown: "Plan", left: "Plan", catalogue: "Catalogue") -> None:
    """The plan that will be applied; of one that was begun before, what is left of it."""
    if len(left.changes) < len(shown.changes):
        view.line("Some of this plan is applied already; what is left:" if left.changes else "Already applied.")
        shown = left
    _show(shown, catalogue)


def _confirm_base(saved: "Plan", left: "Plan") -> None:
    """Before anybody is asked: what is left to do is in the plan that was kept. Raises StalePlan."""
    from spmigrate.plan import apply

    for address in saved.sites:
        apply.confirm(saved, address, left.of(address))


def _outcome(done: "Plan") -> str:
    """The last line of a run without failures."""
    from spmigrate import words

    sites = len({change.site for change in done.changes})
    others = len(done.sites) - sites
    return f"{words.plural(sites, 'site')} applied" + (f", {others} needed nothing." if others else ".")


def _saved(file: Path) -> "Plan":
    from spmigrate.plan import change

    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise InputError(f"{file} cannot be read", [Problem(str(file), reason)]) from None
    return change.load(text, str(file))


def _apply(
    session: view.Session, tenant: "Tenant", desired: "list[DesiredSite]", planned: "Planned", shown: "Plan"
) -> list[dict[str, str]]:
    """Apply site after site; returns the changes that failed. A bar for people, a line a change for logs."""
    failed: list[dict[str, str]] = []
    with progress.bar("Applying", total=len(planned.plan.changes), unit="changes") as show:
        for done, (address, step) in enumerate(_steps(session, tenant, desired, planned, shown), 1):
            change = step.change
            trouble = f": {step.trouble}" if step.trouble else ""
            show(done, f"{address} {change.subject}")
            if not sys.stderr.isatty():
                view.note(f"{address} [{step.number}/{step.total}] {change.action.value} {change.subject}{trouble}")
            if step.trouble:
                failed.append({"site": address, "change": change.subject, "message": step.trouble})
    for each in failed:
        view.note(f"failed: {each['site']} {each['change']}: {each['message']}")
    return failed


def _steps(
    session: view.Session, tenant: "Tenant", desired: "list[DesiredSite]", planned: "Planned", shown: "Plan"
) -> "Iterator[tuple[str, Step]]":
    """Every change as it is made, with the address of its site.

    A site with nothing to do is recorded when this working folder did not know that, and else left as it is recorded.
    """
    from spmigrate.provision.provisioning import apply_site, record_site
    from spmigrate.store import sites

    applied = sites.applied(session.ledger)
    for each in desired:
        actual = planned.found[each.address]
        if actual is not None and not planned.plan.of(each.address):
            done = applied.get(each.address)
            if done is None or not _is_current(each, done):
                record_site(session.ledger, each, url=actual.url, site_id=actual.site_id)
            continue
        for step in apply_site(tenant, session.ledger, each, shown, sleep=time.sleep):
            yield each.address, step
