"""`site plan` and `site drift`: what would be done to sites, and what people changed on them. Nothing is written."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spmigrate.cli import sites, tenants, view
from spmigrate.errors import ExitCode

if TYPE_CHECKING:
    from spmigrate.provision.drift import Drift
    from spmigrate.provision.provisioning import Planned


@click.command()
@sites.chosen_sites
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Keep the plan in FILE, for site apply.")
@click.option("--details", is_flag=True, help="Show the role that each step needs, and what owners decide themselves.")
@sites.workers_option
@view.json_option
@view.pass_session
def plan(
    session: view.Session,
    addresses: tuple[str, ...],
    every: bool,
    template: str | None,
    out: Path | None,
    details: bool,
    workers: int,
    json_: bool,
) -> ExitCode:
    """Show what would be done to all sites, or to those named. Nothing is changed.

    With --out, or --json, the plan can be kept and applied later: site plan --out plan.json, site apply plan.json.

    Exit codes: 0 nothing to do, 3 something that SharePoint cannot change or would refuse, or a conflict, 4 changes are
    pending, 5 a site could not be looked at.
    """
    from spmigrate.formats.whole import writing
    from spmigrate.plan import describe

    catalogue, desired = sites.choose(session, addresses, every=every, template=template)
    with tenants.connect(session, workers=workers) as tenant:
        planned = sites.plan(session, tenant, desired, workers=workers)
    document = describe.document(planned.plan) | sites.trouble(planned)
    if out is not None:
        with writing(out) as partial:
            partial.write_text(json.dumps(document, ensure_ascii=False, indent=2), "utf-8")
    if json_:
        view.document(document)
    else:
        sites.show(planned.plan, catalogue, details=details)
        sites.show_trouble(planned)
    if out is not None:
        then = f"; apply it with: spmigrate site apply {out}" if planned.plan.changes else "; there is nothing to apply"
        view.note(f"kept in {out}{then}")
    elif planned.plan.changes and not json_:
        view.note(_next(planned, addresses, template))
    return sites.state(planned)


def _next(planned: "Planned", addresses: tuple[str, ...], template: str | None) -> str:
    """What to type after looking."""
    if planned.obstacles or planned.unread:
        return "next: put right what stands in the way; nothing is applied before, then run this command again"
    chosen = f" --template '{template}'" if template else "".join(f" {address}" for address in addresses)
    return f"next: spmigrate site apply{chosen}"


@click.command()
@sites.chosen_sites
@sites.workers_option
@view.json_option
@view.pass_session
def drift(
    session: view.Session, addresses: tuple[str, ...], every: bool, template: str | None, workers: int, json_: bool
) -> ExitCode:
    """Show what people changed on sites since they were applied, and who decides about it. For scheduled jobs.

    What the template owns and somebody changed is drift; what site owners own is theirs, and is shown for knowledge.
    What only the template changed is no drift: see site plan.

    Exit codes: 0 no drift, 3 drift was found, 5 a site could not be looked at.
    """
    from spmigrate.provision.drift import by_owner, drifts
    from spmigrate.store import sites as applied_sites

    _, desired = sites.choose(session, addresses, every=every, template=template)
    ledger = sites.ledger_if_any(session)
    applied = applied_sites.applied(ledger) if ledger else {}
    known = [site for site in desired if site.address in applied]
    waiting = [site.address for site in desired if site.address not in applied]
    with tenants.connect(session, workers=workers) as tenant:
        planned = sites.plan(session, tenant, known, workers=workers, check=False)
    gone = [address for address, found in planned.found.items() if found is None]
    found = [each for each in drifts(planned.plan) if each.site not in gone]
    drifted = [each for each in found if each.counts]
    if json_:
        view.document({
            "sites": len(known), "drifted": len({each.site for each in drifted} | set(gone)), "gone": gone,
            "counts": dict(by_owner(found)), "differences": [each.as_json() for each in found if not _planned(each)],
            "never_applied": waiting, "unread": dict(planned.unread),
        })  # fmt: skip
    else:
        _show(found, gone, looked=len(planned.found), waiting=waiting)
        for address, why in planned.unread.items():
            view.line(f"could not look at {address}: {why}")
    return ExitCode.worst(
        ExitCode.INCOMPLETE if planned.unread else ExitCode.DONE,
        ExitCode.FINDINGS if drifted or gone else ExitCode.DONE,
    )


def _planned(drift: "Drift") -> bool:
    """Whether a difference only waits for site apply."""
    return drift.mover == "template"


def _show(found: "list[Drift]", gone: list[str], *, looked: int, waiting: list[str]) -> None:
    from spmigrate import words

    drifted = [each for each in found if each.counts]
    where = len({each.site for each in drifted} | set(gone))
    view.line(
        f"{words.plural(where, 'site')} of {looked} drifted: {words.plural(len(drifted), 'difference')} in what the "
        "template owns."
    )
    for address in gone:
        view.line(f"- {address}: the site is not there any more")
    for each in found:
        if each.counts:
            view.line(f"~ {each.site}  {_told(each)}")
    kept = [each for each in found if not each.counts and not _planned(each)]
    if kept:
        view.line()
        view.line("For knowledge: what site owners decide, and what SharePoint cannot change back:")
        for each in kept:
            view.line(f"= {each.site}  {_told(each)}")
    if drifted:
        view.note("next: spmigrate site apply SITE puts right what the template owns; what is meant to stay goes into")
        view.note("      the template, or into an 'override' of the site's file")
    if waiting:
        view.note(f"{words.plural(len(waiting), 'site')} never applied from here: spmigrate site plan looks at them")


def _told(drift: "Drift") -> str:
    if not drift.attribute:
        return f"{drift.subject}: {drift.text}"
    return f"{drift.subject}  {drift.attribute}: {_said(drift.present)}, the template says {_said(drift.template)}"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    return "nothing" if value in (None, "") else str(value)
