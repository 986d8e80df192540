"""`spmigrate report`: one accessible page of everything in the ledger, and the crosswalk of every file."""

from datetime import UTC, datetime
from pathlib import Path

import click

from spmigrate.cli import view
from spmigrate.errors import ExitCode, UsageProblem
from spmigrate.model import Explanation

_CROSSWALK = (
    "Wave", "Source", "Old path", "Bytes", "Outcome", "Code", "Reason", "Site", "Library", "New folder", "New name",
    "SHA-256 of source", "QuickXorHash", "Verified",
)  # fmt: skip


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("report.html"), show_default=True, help="The page."
)
@click.option("--items", type=click.Path(path_type=Path), help="Also write a CSV that names every file, old and new.")
@view.json_option
@view.pass_session
def report(session: view.Session, out: Path, items: Path | None, json_: bool) -> ExitCode:
    """Write one accessible HTML page of everything in the ledger."""
    from spmigrate.formats import csv
    from spmigrate.report import page
    from spmigrate.store import summary

    if items and items.resolve() == out.resolve():
        raise UsageProblem("--out and --items name the same file", hint="give the items another one: --items items.csv")
    html = page.build(
        session.ledger,
        tenant=session.tenant_name,
        made=datetime.now(UTC),
        explanations=explanations(),
    )
    page.write(out, html)
    written = {"report": str(out.resolve()), "items": None if items is None else str(items.resolve())}
    if items:
        csv.write(items, _CROSSWALK, summary.crosswalk(session.ledger))
    if json_:
        view.document(written)
    else:
        view.line(f"report: {written['report']}")
        if items:
            view.line(f"items:  {written['items']}")
    return ExitCode.DONE


def explanations() -> dict[str, Explanation]:
    """What every finding and outcome code means, gathered from where each is defined."""
    from spmigrate.migrate.codes import CODES as OUTCOME_CODES
    from spmigrate.scan.checks import CODES as SCAN_CODES

    known = {code.code: Explanation(code.title, code.remedy) for code in SCAN_CODES.values()}
    return known | {code.code: Explanation(code.title, code.remedy) for code in OUTCOME_CODES.values()}
