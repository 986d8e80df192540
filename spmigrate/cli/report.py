"""`spmigrate report`: one accessible page of everything in the ledger, and the crosswalk of every file."""

from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from spmigrate.cli import mapping_choices, mapping_rules, view
from spmigrate.errors import ExitCode, SpmigrateError, UsageProblem
from spmigrate.model import Explanation

_CROSSWALK = (
    "Wave", "Source", "Old path", "Bytes", "Outcome", "Code", "Reason", "Site", "Library", "New folder", "New name",
    "New address", "SHA-256 of source", "QuickXorHash (hex)", "Verified",
)  # fmt: skip


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("report.html"), show_default=True, help="The page."
)
@click.option("--items", type=click.Path(path_type=Path), help="Also write a CSV that names every file, old and new.")
@view.json_option
@view.pass_session
def report(session: view.Session, out: Path, items: Path | None, json_: bool) -> ExitCode:
    """Write one accessible HTML page of everything in the ledger.

    Exit codes: 0 written; 5 written, and where the sheets stand could not be told.
    """
    from spmigrate.formats import csv
    from spmigrate.report import page
    from spmigrate.store import summary

    if items and items.resolve() == out.resolve():
        raise UsageProblem("--out and --items name the same file", hint="give the items another one: --items items.csv")
    states = _states(session)
    html = page.build(
        session.ledger,
        tenant=session.tenant_name,
        made=datetime.now(UTC),
        explanations=explanations(),
        states=states or {},
    )
    page.write(out, html)
    written = {"report": str(out.resolve()), "items": None if items is None else str(items.resolve())}
    if items:
        csv.write(items, _CROSSWALK, map(_crossed, summary.crosswalk(session.ledger)))
    if json_:
        view.document(written)
    else:
        view.line(f"report: {written['report']}")
        if items:
            view.line(f"items:  {written['items']}")
    return ExitCode.INCOMPLETE if states is None else ExitCode.DONE


def _states(session: view.Session) -> dict[str, str] | None:
    """Where every sheet stands, as `mapping status` says it; None when a register that it rests on cannot be read."""
    from spmigrate.mapping import desk
    from spmigrate.store import mappings

    if not mappings.sheets(session.ledger):
        return {}
    try:
        found = desk.status(session.ledger, mapping_choices.choices(session), mapping_rules.rulebook(session))
    except SpmigrateError as error:
        view.note(f"where the sheets stand is not in the report: {error}; {error.hint or 'spmigrate mapping status'}")
        return None
    return {each.record.id: str(each.state) for each in found}


def _crossed(row: Any) -> list[object]:
    """A row of the crosswalk: with a link to open, and the hash in a form that no spreadsheet takes for a formula."""
    cells = dict(row)
    if cells["outcome"] == "copied" and cells["url"]:
        path = "/".join(filter(None, (cells["library"], cells["target_folder"], cells["target_name"])))
        cells["url"] = f"{cells['url']}/{quote(path)}"
    else:
        cells["url"] = None
    cells["quickxor"] = b64decode(cells["quickxor"]).hex() if cells["quickxor"] else None
    return list(cells.values())


def explanations() -> dict[str, Explanation]:
    """What every finding and outcome code means, gathered from where each is defined."""
    from spmigrate.migrate.codes import CODES as OUTCOME_CODES
    from spmigrate.scan.checks import CODES as SCAN_CODES

    known = {code.code: Explanation(code.title, code.remedy) for code in SCAN_CODES.values()}
    return known | {code.code: Explanation(code.title, code.remedy) for code in OUTCOME_CODES.values()}
