"""`site apply`: bring sites to what a plan shows, or take back what a run did."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spmigrate.cli import progress, sites, tenants, view
from spmigrate.errors import ExitCode, InputError, Problem, UsageProblem

if TYPE_CHECKING:
    from spmigrate.plan.apply import Step
    from spmigrate.plan.change import Plan
    from spmigrate.provision.catalogue import Catalogue
    from spmigrate.provision.provisioning import Planned, Trouble
    from spmigrate.provision.resolve import DesiredSite
    from spmigrate.provision.undo import Undoing
    from spmigrate.tenant.session import Tenant


@dataclass
class Tally:
    """What became of the steps of a run."""

    applied: int = 0
    sites: set[str] = field(default_factory=set)
    failed: list[dict[str, str]] = field(default_factory=list)


@click.command()
@click.argument("what", nargs=-1, metavar="[PLAN|SITE]...")
@click.option("--plan", "file", type=click.Path(path_type=Path), help="Apply this saved plan and nothing else.")
@click.option("--template", help="The sites that stand on this template.")
@click.option("--undo", type=int, metavar="RUN", help="Take back what this run changed, as far as that goes.")
@sites.workers_option
@sites.yes_option
@view.json_option
@view.pass_session
def apply(
    session: view.Session,
    what: tuple[str, ...],
    file: Path | None,
    template: str | None,
    undo: int | None,
    workers: int,
    yes: bool,
    json_: bool,
) -> ExitCode:
    """Make all sites, those named, or those of a saved PLAN as their templates say: hubs first.

    Every change is written to the journal before and after it is made. Stopped at any point, the same command goes on.
    Each run has a number; --undo takes its changes back, and says what cannot be taken back.

    Exit codes: 0 done or nothing to do, 1 could not finish, the plan is out of date or was declined, 3 some changes
    failed.
    """
    if undo is not None:
        if what or file or template:
            raise UsageProblem("--undo takes a run and nothing else", hint="spmigrate site apply --undo 7")
        return _undo(session, undo, workers=workers, yes=yes, json_=json_)
    file, addresses = _plan_or_sites(what, file)
    kept = sites.saved(file) if file else None
    if kept and (addresses or template):
        raise UsageProblem("a plan names its sites itself", hint="leave out either the sites or the plan")
    catalogue, desired = sites.choose(session, sites.addresses_of(kept) if kept else addresses, template=template)
    with session.ledger.run_lock("site apply"), tenants.connect(session, workers=workers) as tenant:
        planned = sites.plan(session, tenant, desired, workers=workers)
        shown = kept or planned.plan
        if kept:
            _confirm_base(kept, planned.plan)
        if not json_:
            _show_left(shown, planned.plan, catalogue)
        sites.refuse_obstacles(planned)
        if planned.plan.changes:
            view.confirm("Apply this plan?", yes=yes)
        sites.keep_templates(session, catalogue, desired)
        run, tally = _apply(session, tenant, desired, planned, shown, workers=workers)
    if json_:
        view.document({
            "plan": shown.id, "run": run, "changes": len(planned.plan.changes),
            "sites": [each.address for each in desired], "failed": tally.failed,
        })  # fmt: skip
    elif tally.failed:
        _tell_failed(tally)
    elif planned.plan.changes:
        view.line(_outcome(planned.plan))
    if run and tally.applied and not json_:
        view.note(f"this was run {run}; take it back with: spmigrate site apply --undo {run}")
    return ExitCode.FINDINGS if tally.failed else ExitCode.DONE


def _tell_failed(tally: Tally) -> None:
    number = len(tally.failed)
    view.line(f"{number} of the changes failed; the message beside each says why.")
    view.note(f"next: put that right, then run the same command again: it does what is left ({number})")


def follow(events: "Iterable[Step | Trouble]", *, total: int, title: str = "Applying") -> Tally:
    """Show each step as it is made, a bar for people and a line a change for logs; returns what became of them."""
    from spmigrate.plan.apply import Step

    tally = Tally()
    with progress.bar(title, total=total, unit="changes") as show:
        for done, event in enumerate(events, 1):
            if not isinstance(event, Step):
                tally.failed.append({"site": event.site, "change": "", "message": event.text})
                continue
            _tell(event, done, show)
            tally.sites.add(event.change.site)
            tally.applied += not event.trouble
            if event.trouble:
                tally.failed.append({
                    "site": event.change.site, "change": event.change.subject, "message": event.trouble,
                })  # fmt: skip
    for each in tally.failed:
        view.note(f"failed: {each['site']} {each['change'] or 'the site'}: {each['message']}")
    return tally


def _tell(step: "Step", done: int, show: progress.Show) -> None:
    change = step.change
    show(done, f"{change.site} {change.subject}")
    if not sys.stderr.isatty():
        trouble = f": {step.trouble}" if step.trouble else ""
        view.note(f"{change.site} [{step.number}/{step.total}] {change.action.value} {change.subject}{trouble}")


def _plan_or_sites(what: Sequence[str], file: Path | None) -> tuple[Path | None, Sequence[str]]:
    """A saved plan is a file; everything else is a site."""
    if len(what) == 1 and file is None and (what[0].endswith(".json") or Path(what[0]).is_file()):
        return Path(what[0]), ()
    return file, what


def _confirm_base(kept: "Plan", left: "Plan") -> None:
    """Before anybody is asked: what is left to do is in the plan that was kept. Raises StalePlan."""
    from spmigrate.plan import apply

    for address in kept.sites:
        apply.confirm(kept, address, left.of(address), left.read.get(address))


def _show_left(shown: "Plan", left: "Plan", catalogue: "Catalogue") -> None:
    """The plan that will be applied; of one that was begun before, what is left of it."""
    if len(left.changes) < len(shown.changes):
        view.line("Some of this plan is applied already; what is left:" if left.changes else "Already applied.")
        shown = left
    sites.show(shown, catalogue)


def _apply(
    session: view.Session,
    tenant: "Tenant",
    desired: "list[DesiredSite]",
    planned: "Planned",
    shown: "Plan",
    *,
    workers: int,
) -> tuple[int, Tally]:
    """Apply all sites as one run; its number, 0 when there was nothing to do, and what became of the steps."""
    from spmigrate.provision.provisioning import apply_sites
    from spmigrate.store import site_runs

    ledger = session.ledger
    run = site_runs.begin(ledger, "site apply", shown.id) if planned.plan.changes else 0
    events = apply_sites(tenant, ledger, desired, planned, shown, workers=workers, number=run)
    tally = follow(events, total=len(planned.plan.changes))
    if run:
        site_runs.finish(ledger, run, site_runs.FAILED if tally.failed else site_runs.DONE)
    return run, tally


def _outcome(done: "Plan") -> str:
    """The last line of a run without failures."""
    from spmigrate import words

    changed = len({change.site for change in done.changes} & set(sites.addresses_of(done)))
    others = len(sites.addresses_of(done)) - changed
    return f"{words.plural(changed, 'site')} applied" + (f", {others} needed nothing." if others else ".")


def _undo(session: view.Session, run: int, *, workers: int, yes: bool, json_: bool) -> ExitCode:
    from spmigrate.provision import undo
    from spmigrate.store import site_runs

    ledger = session.ledger
    with ledger.run_lock("site apply"):
        done = undo.changes_of(ledger, run)
        if site_runs.get(ledger, run) is None:
            raise InputError("this cannot be undone", [Problem(f"run {run}", "there is no such run", _runs(session))])
        with tenants.connect(session, workers=workers) as tenant:
            undoing = undo.plan_undo(tenant, done)
            if not json_:
                _show_undoing(undoing, run)
            number, tally = 0, Tally()
            if undoing.plan.changes:
                view.confirm("Take this back?", yes=yes)
                number = site_runs.begin(ledger, f"site apply --undo {run}", undoing.plan.id)
                events = undo.undo_sites(tenant, ledger, undoing, run=number, undone=run, workers=workers)
                tally = follow(events, total=len(undoing.plan.changes), title="Taking back")
                site_runs.finish(ledger, number, site_runs.FAILED if tally.failed else site_runs.DONE)
    if json_:
        view.document({
            "undone": run, "run": number, "changes": len(undoing.plan.changes), "failed": tally.failed,
            "stays": [each.as_json() for each in undoing.lost],
        })  # fmt: skip
    elif tally.failed:
        _tell_failed(tally)
    elif undoing.plan.changes:
        view.line(f"{len(undoing.plan.changes)} changes taken back; site plan shows what the templates want again.")
    return ExitCode.FINDINGS if tally.failed or undoing.lost else ExitCode.DONE


def _show_undoing(undoing: "Undoing", run: int) -> None:
    from spmigrate.plan import describe
    from spmigrate.provision.undo import summary

    if not undoing.plan.changes:
        view.line(f"Nothing of run {run} is left to take back.")
    for address in undoing.plan.sites:
        view.line(address)
        for change in undoing.plan.of(address):
            view.line(f"  {describe.change_line(change)}")
    if undoing.lost:
        view.line("What stays:")
        for text in summary(undoing.lost):
            view.line(f"  ! {text}")


def _runs(session: view.Session) -> str:
    """The last runs that can be named."""
    from spmigrate.store import site_runs

    known = [f"{each.id} ({each.command}, {each.started[:16]})" for each in site_runs.latest(session.ledger)]
    return "the last runs are " + ", ".join(known) if known else "no run has changed a site yet"
