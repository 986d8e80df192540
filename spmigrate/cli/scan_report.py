"""`spmigrate scan report`: what the last scan found."""

import click

from spmigrate.cli import scan_view, view
from spmigrate.errors import ExitCode, UsageProblem
from spmigrate.model import Treatment


@click.command()
@click.argument("name", metavar="[SOURCE]", required=False)
@view.json_option
@view.pass_session
def report(session: view.Session, name: str | None, json_: bool) -> ExitCode:
    """Show what the last scan of SOURCE found, by cause; of every source when none is named.

    Exit codes: 0 everything can move, stay or go elsewhere by rule; 3 some names or files would be refused; 5 the scan
    did not see everything.
    """
    from spmigrate.store import inventory

    chosen = [inventory.source(session.ledger, name)] if name else inventory.sources(session.ledger)
    if not chosen:
        raise UsageProblem("nothing has been scanned yet", hint="spmigrate scan run FOLDER")
    documents, codes = [], []
    for source in chosen:
        totals = inventory.finding_totals(session.ledger, source.id)
        unseen = inventory.unseen(session.ledger, source, scan_view.NAMED)
        refused = any(total.treatment in (Treatment.BLOCK, Treatment.RENAME) for total in totals)
        codes += [scan_view.complete(source), ExitCode.FINDINGS if refused else ExitCode.DONE]
        if json_:
            documents.append(scan_view.as_json(source, totals, unseen))
        else:
            scan_view.show_source(source, unseen)
            scan_view.show_causes(totals)
    if json_:
        view.document({"sources": documents})
    return ExitCode.worst(*codes)
