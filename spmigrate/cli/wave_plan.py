"""`spmigrate wave plan`: one transfer for every item in the scope of signed rows."""

from typing import TYPE_CHECKING, Any

import click

from spmigrate.cli import mapping_rules, view, wave_access, wave_neighbours, wave_outlook, wave_status
from spmigrate.cli import waves as of_waves
from spmigrate.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spmigrate.store.waves import Wave

_AFTER_HELP = "Not before this wave has moved; may be repeated, and stays until other ones are named."
_ROUTE_HELP = "How files go: one by one, or as packages; 'migrate: route:' unless told, which is auto."
_SHEET_HELP = "Only the rows of this sheet, with files that came to them since an earlier wave; may be repeated."


@click.command()
@click.argument("name")
@click.option("--sheet", "sheets", multiple=True, metavar="ID", help=_SHEET_HELP)
@click.option("--route", type=click.Choice(["auto", "session", "package"]), help=_ROUTE_HELP)
@click.option("--after", multiple=True, metavar="WAVE", help=_AFTER_HELP)
@click.option("--no-after", is_flag=True, help="The wave waits for no other any more.")
@wave_outlook.options
@view.json_option
@view.pass_session
def plan(
    session: view.Session,
    /,
    name: str,
    sheets: tuple[str, ...],
    route: str | None,
    after: tuple[str, ...],
    no_after: bool,
    json_: bool,
    **times: Any,
) -> ExitCode:
    """Plan the wave NAME: one transfer for every item in the scope of the signed rows.

    Nothing moves yet. Rows that are not signed, countersigned where needed, and locked are refused by name; rows of
    another wave stay there. A wave that has not started is planned anew. From one that has started, rows that are not
    signed any more as they were are taken out, so that the rest can move.

    Then it says which windows the wave needs, on which days it may not move and why, whose owner is not ready, how long
    it takes, as a range, and which rows are used with others that do not move with them. With --lose-weeks or --workers
    it only says what would be.

    Exit codes: 0 planned; 1 a row may not move; 3 with --until, it does not fit, or somebody is not ready; 5 a folder
    in scope could not be looked into, or files of the source are in no row.
    """
    from spmigrate.store import coverage, waves

    asked = wave_outlook.asked(**times)
    if asked.is_supposition:
        planned = waves.get(session.ledger, name)
    else:
        planned = _plan(session, name, sheets or None, route=route, after=() if no_after else after or None)
    found = wave_outlook.look(session, planned, asked)
    if not asked.is_supposition:
        wave_outlook.keep(session, planned, found)
    written = {} if asked.folder is None else wave_outlook.publish(session, found, asked.folder)
    standing = waves.standing(session.ledger, planned)
    uncovered = coverage.in_no_row(session.ledger, coverage.sources_of(session.ledger, planned))
    apart = wave_neighbours.look(session, planned)
    also = wave_outlook.as_json(session, found) | {"used_with_others": wave_neighbours.as_json(apart)}
    also |= {"written": written} if written else {}
    wave_status.show(session, planned, standing, json_=json_, uncovered=uncovered, also=also)
    if not json_:
        wave_outlook.show(session, planned, found, supposed=asked.is_supposition)
        wave_neighbours.show(apart)
        for what, path in written.items():
            view.line(f"{what + ':':<9} {path}")
        view.note(f"next: spmigrate wave run {name}")
    return ExitCode.worst(
        *of_waves.incomplete(standing),
        *([ExitCode.INCOMPLETE] if uncovered else []),
        *([ExitCode.FINDINGS] if asked.until and not found.is_good else []),
    )


def _plan(
    session: view.Session,
    name: str,
    sheets: "Sequence[str] | None",
    *,
    route: str | None,
    after: "Sequence[str] | None",
) -> "Wave":
    """Plan the wave; `after` None keeps the waves that it waits for."""
    from spmigrate.migrate import dependencies, planning
    from spmigrate.store import schedules, waves

    with session.ledger.run_lock(f"wave plan {name}"):
        before = None if after is None else [waves.get(session.ledger, each) for each in after if each != name]
        if after is not None:
            dependencies.refuse_circle(schedules.links(session.ledger), name, set(after))
        gate = mapping_rules.noticing_gate(session, sheets)
        planned = planning.plan(
            session.ledger, name, sheets, tenant=of_waves.tenant_name(session), gate=gate,
            rules=wave_access.rules(session), route=route or session.settings.config.migrate.route,
        )  # fmt: skip
        if before is not None:
            schedules.follow(session.ledger, planned, before)
    return planned
