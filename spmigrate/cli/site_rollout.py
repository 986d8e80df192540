"""`site rollout`: a template's new version to all of its sites: lab, canaries, waves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from spmigrate.cli import sites, tenants, view
from spmigrate.cli.site_apply import follow
from spmigrate.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spmigrate.plan.apply import Step
    from spmigrate.provision.catalogue import Catalogue
    from spmigrate.provision.provisioning import Planned
    from spmigrate.provision.resolve import DesiredSite
    from spmigrate.provision.rollout import Limits
    from spmigrate.store.rollouts import Rollout, RolloutSite
    from spmigrate.tenant.session import Tenant


@dataclass
class Roll:
    """One rollout under way, and how it is to be carried out."""

    session: view.Session
    number: int
    catalogue: "Catalogue"
    desired: "dict[str, DesiredSite]"
    limits: "Limits"
    workers: int
    yes: bool
    quiet: bool
    halted: str = ""
    conflicts: dict[str, list[str]] = field(default_factory=dict)


@click.command()
@click.argument("template")
@click.option("--lab", multiple=True, metavar="SITE", help="A site that is upgraded first of all; repeat for more.")
@click.option("--canary", type=click.IntRange(0), default=3, show_default=True, help="How many sites follow the lab.")
@click.option("--wave", type=click.IntRange(1), default=20, show_default=True, help="How many sites a wave has.")
@click.option(
    "--stop-above", type=click.IntRange(0, 100), default=5, show_default=True, metavar="PERCENT",
    help="Halt when more of a stage's sites fail.",
)  # fmt: skip
@click.option("--until", type=click.Choice(["lab", "canary", "end"]), default="end", show_default=True,
              help="The last stage to carry out now.")  # fmt: skip
@click.option("--report", is_flag=True, help="Only show how the last rollout of this template stands.")
@sites.workers_option
@sites.yes_option
@view.json_option
@view.pass_session
def rollout(
    session: view.Session,
    template: str,
    lab: tuple[str, ...],
    canary: int,
    wave: int,
    stop_above: int,
    until: str,
    report: bool,
    workers: int,
    yes: bool,
    json_: bool,
) -> ExitCode:
    """Upgrade all sites that stand on TEMPLATE to its present version, stage by stage.

    What the template owns is changed. What site owners own is changed only where they left it as it was; where both
    moved, theirs stays and the conflict is shown. Stopped or halted, the same command goes on where it was.

    Exit codes: 0 done, 1 could not finish or was declined, 3 sites failed, or owners' edits are in conflict.
    """
    from spmigrate.provision.rollout import Limits, prepare

    catalogue, desired = sites.choose(session, (), template=template)
    if report:
        return _report(session, template, json_=json_)
    limits = Limits(tuple(sites.whole_address(each) for each in lab), canary, wave, stop_above)
    known = {each.address: each for each in desired}
    strange = [address for address in limits.lab if address not in known]
    if strange:
        raise UsageProblem(f"{strange[0]} does not stand on {template}", hint="name sites of this template with --lab")
    with session.ledger.run_lock("site rollout"):
        version = catalogue.by_name[template].version
        number = prepare(session.ledger, template, version=version, addresses=list(known), limits=limits)
        roll = Roll(session, number, catalogue, known, limits, workers, yes, json_)
        with tenants.connect(session, workers=workers) as tenant:
            _carry_out(roll, tenant, until)
    return _report(session, template, json_=json_, conflicts=roll.conflicts, halted=roll.halted)


def _carry_out(roll: Roll, tenant: "Tenant", until: str) -> None:
    """Stage after stage, until one is halted or the last one wanted is done."""
    from spmigrate.provision import rollout as rolling
    from spmigrate.store import rollouts

    ledger = roll.session.ledger
    for stage, group in rolling.open_stages(rollouts.sites(ledger, roll.number)):
        if _beyond(stage, until):
            return
        _stage(roll, tenant, stage, group)
        after = [each for each in rollouts.sites(ledger, roll.number) if each.stage == stage]
        failed = sum(each.outcome == rollouts.FAILED for each in after)
        if rolling.too_many(failed, len(after), stop_above=roll.limits.stop_above):
            roll.halted = f"{stage}: {failed} of {len(after)} sites failed"
            rollouts.set_state(ledger, roll.number, rollouts.HALTED)
            return
    if not rolling.open_stages(rollouts.sites(ledger, roll.number)):
        rollouts.set_state(ledger, roll.number, rollouts.FINISHED)


def _beyond(stage: str, until: str) -> bool:
    order = {"lab": 0, "canary": 1}
    return order.get(stage, 2) > order.get(until, 2)


def _stage(roll: Roll, tenant: "Tenant", stage: str, group: "Sequence[RolloutSite]") -> None:
    """Plan, ask and upgrade the sites of a stage that are left."""
    from spmigrate.provision import rollout as rolling
    from spmigrate.store import rollouts, site_runs

    ledger = roll.session.ledger
    left = [each.site for each in group if each.outcome in (rollouts.WAITING, rollouts.FAILED)]
    for address in left:
        if address not in roll.desired:
            note = "there is no site file any more"
            rollouts.settle(ledger, roll.number, address, outcome=rollouts.NOTHING, note=note)
    desired = [roll.desired[address] for address in left if address in roll.desired]
    planned = sites.plan(roll.session, tenant, desired, workers=roll.workers)
    _refuse_rights(planned)
    roll.conflicts |= {site: list(texts) for site, texts in rolling.conflicts(planned.plan).items()}
    if not roll.quiet:
        view.line(f"{stage}: {len(desired)} of {len(group)} sites")
        sites.show(planned.plan, roll.catalogue)
        sites.show_trouble(planned)
    if planned.plan.changes:
        view.confirm(f"Go on with the {stage}?", yes=roll.yes)
    run = site_runs.begin(ledger, "site rollout", rolling.plan_name(roll.number)) if planned.plan.changes else 0
    events = rolling.run_stage(
        tenant, ledger, desired, planned, rollout=roll.number, run=run, size=len(group),
        stop_above=roll.limits.stop_above, workers=roll.workers,
    )  # fmt: skip
    tally = follow(_steps(events), total=len(planned.plan.changes), title=stage.capitalize())
    if run:
        site_runs.finish(ledger, run, site_runs.FAILED if tally.failed else site_runs.DONE)


def _steps(events: "Iterator[Any]") -> "Iterator[Step]":
    """The steps among what a stage tells; sites that are settled stand in the report."""
    from spmigrate.plan.apply import Step

    return (event for event in events if isinstance(event, Step))


def _refuse_rights(planned: "Planned") -> None:
    """What is in the way of all sites stops everything before anything is changed. Raises InputError."""
    from spmigrate.errors import InputError

    general = [each for each in planned.obstacles if each.where not in planned.found]
    if general:
        raise InputError("the rollout cannot go on; nothing was changed in this stage", general)


def _report(
    session: view.Session,
    template: str,
    *,
    json_: bool,
    conflicts: dict[str, list[str]] | None = None,
    halted: str = "",
) -> ExitCode:
    """How the last rollout of a template stands."""
    from spmigrate.provision.rollout import counts
    from spmigrate.store import rollouts

    last = rollouts.latest(session.ledger, template)
    if last is None:
        raise UsageProblem(f"'{template}' was never rolled out from here", hint=f"spmigrate site rollout '{template}'")
    found = rollouts.sites(session.ledger, last.id)
    told = counts(found)
    if json_:
        view.document({
            "rollout": last.id, "template": last.template, "version": last.version, "state": last.state,
            "counts": dict(told), "halted": halted or None, "conflicts": conflicts or {},
            "sites": [
                {"site": each.site, "stage": each.stage, "outcome": each.outcome, "note": each.note,
                 "run": each.run or None, "at": each.at or None}
                for each in found
            ],
        })  # fmt: skip
    else:
        _show_report(last, found, halted)
        if told[rollouts.WAITING] and not halted:
            view.note(f"next: look at the upgraded sites; then spmigrate site rollout '{template}' goes on")
    troubled = told[rollouts.FAILED] or halted or any(each.note.startswith("kept as") for each in found)
    return ExitCode.FINDINGS if troubled else ExitCode.DONE


def _show_report(last: "Rollout", found: "Sequence[RolloutSite]", halted: str) -> None:
    from spmigrate.provision.rollout import counts

    view.table(
        ["Site", "Stage", "Outcome", "Run", "Note"],
        [[each.site, each.stage, each.outcome, each.run or "", each.note] for each in found],
    )
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts(found).most_common())
    view.line(f"Rollout {last.id} of '{last.template}', version {last.version}, is {last.state}: {told}.")
    if halted:
        view.line(f"Halted: {halted}. Put right what failed, then run the same command: it goes on there.")
