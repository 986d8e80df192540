"""`spmigrate wave plan`: one transfer for every item in the scope of signed rows."""

import click

from spmigrate.cli import mapping_rules, view, wave_status
from spmigrate.cli import waves as of_waves
from spmigrate.errors import ExitCode

_SHEET_HELP = "Only the rows of this sheet, with files that came to them since an earlier wave; may be repeated."


@click.command()
@click.argument("name")
@click.option("--sheet", "sheets", multiple=True, metavar="ID", help=_SHEET_HELP)
@view.json_option
@view.pass_session
def plan(session: view.Session, name: str, sheets: tuple[str, ...], json_: bool) -> ExitCode:
    """Plan the wave NAME: one transfer for every item in the scope of the signed rows.

    Nothing moves yet. Rows that are not signed, countersigned where needed, and locked are refused by name; rows of
    another wave stay there. A wave that has not started is planned anew. From one that has started, rows that are not
    signed any more as they were are taken out, so that the rest can move.

    Exit codes: 0 planned; 1 a row may not move; 5 a folder in scope could not be looked into, or files of the source
    are in no row.
    """
    from spmigrate.migrate import planning
    from spmigrate.store import coverage, waves

    with session.ledger.run_lock(f"wave plan {name}"):
        gate = mapping_rules.noticing_gate(session, sheets or None)
        planned = planning.plan(session.ledger, name, sheets or None, tenant=of_waves.tenant_name(session), gate=gate)
    standing = waves.standing(session.ledger, planned)
    uncovered = coverage.in_no_row(session.ledger, coverage.sources_of(session.ledger, planned))
    wave_status.show(session, planned, standing, json_=json_, uncovered=uncovered)
    if not json_:
        view.note(f"next: spmigrate wave run {name}")
    return ExitCode.worst(*of_waves.incomplete(standing), *([ExitCode.INCOMPLETE] if uncovered else []))
