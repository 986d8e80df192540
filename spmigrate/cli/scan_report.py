"""`spmigrate scan report`: what the last scans found, as text, JSON, a page, a workbook, and lists."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spmigrate import __version__
from spmigrate.cli import scan_view, view
from spmigrate.errors import ExitCode, UsageProblem
from spmigrate.model import Treatment

if TYPE_CHECKING:
    from spmigrate.scan.reporting.figures import Figures
    from spmigrate.scan.reporting.naming import CodedNames, Names
    from spmigrate.store.inventory import Source
    from spmigrate.store.ledger import Ledger

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--html", type=_FILE, metavar="FILE", help="Write a page: causes, where, age, types, access, forecast.")
@click.option("--xlsx", type=_FILE, metavar="FILE", help="Write the same as a workbook, a sheet for each table.")
@click.option(
    "--csv", "csv_", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help="Write the lists of Microsoft's tools: ScanList, ScanSummary, ItemFailureReport and others.",
)  # fmt: skip
@click.option(
    "--redact", is_flag=True, help="Leave out the names of folders, files and accounts; codes stand for them."
)
@click.option("--key", type=_FILE, metavar="FILE", help="With --redact: write what the codes stand for, for yourself.")
@view.json_option
@view.pass_session
def report(
    session: view.Session,
    sources: tuple[str, ...],
    html: Path | None,
    xlsx: Path | None,
    csv_: Path | None,
    redact: bool,
    key: Path | None,
    json_: bool,
) -> ExitCode:
    """Show what the last scan of each SOURCE found, by cause; of every source when none is named.

    Exit codes: 0 everything can move, stay or go elsewhere by rule; 2 the options make no sense together; 3 some names
    or files would be refused; 5 the scan did not see everything.
    """
    from spmigrate.store import inventory

    _check(html, xlsx, csv_, key, redact=redact)
    ledger = session.ledger
    named = {each.id: each for each in (inventory.source(ledger, text) for text in sources)}
    chosen = list(named.values()) or inventory.sources(ledger)
    if not chosen:
        raise UsageProblem("nothing has been scanned yet", hint="spmigrate scan run FOLDER")
    coded = _codes(ledger) if redact else None
    documents, codes = [], []
    for source in chosen:
        totals = inventory.finding_totals(ledger, source.id)
        unseen = inventory.unseen(ledger, source, scan_view.NAMED)
        refused = any(total.treatment in (Treatment.BLOCK, Treatment.RENAME) for total in totals)
        codes += [scan_view.complete(source), ExitCode.FINDINGS if refused else ExitCode.DONE]
        if json_:
            documents.append(scan_view.as_json(source, totals, unseen, coded))
        else:
            scan_view.show_source(source, unseen, coded)
            scan_view.show_causes(totals, coded)
    written = _write(ledger, chosen, coded, html=html, xlsx=xlsx, folder=csv_)
    if key is not None and coded is not None:
        written["key"] = _write_key(key, coded)
    if json_:
        view.document({"sources": documents} | ({"written": written} if written else {}))
    else:
        for what, path in written.items():
            view.line(f"{what + ':':<9} {path}")
    return ExitCode.worst(*codes)


def _check(html: Path | None, xlsx: Path | None, folder: Path | None, key: Path | None, *, redact: bool) -> None:
    if key is not None and not redact:
        raise UsageProblem("--key goes with --redact: without it, there are no codes", hint="add --redact")
    files = [each.resolve() for each in (html, xlsx, key) if each is not None]
    if len(set(files)) < len(files):
        raise UsageProblem("two options name the same file", hint="give each its own")
    if key is not None and folder is not None and key.resolve().is_relative_to(folder.resolve()):
        raise UsageProblem("the key would lie beside what it unlocks", hint="keep --key outside the folder of --csv")


def _codes(ledger: "Ledger") -> "CodedNames":
    from spmigrate.scan.reporting.naming import CodedNames
    from spmigrate.store import profile_access

    return CodedNames(profile_access.accounts(ledger))


def _write(
    ledger: "Ledger",
    chosen: "list[Source]",
    coded: "CodedNames | None",
    *,
    html: Path | None,
    xlsx: Path | None,
    folder: Path | None,
) -> dict[str, str]:
    """Write the files that were asked for; returns what was written where."""
    from spmigrate.scan.reporting.figures import gather
    from spmigrate.scan.reporting.naming import PlainNames

    if html is None and xlsx is None and folder is None:
        return {}
    names = coded or PlainNames()
    interrupted = [each for each in chosen if each.state == "running"]
    figures = [gather(ledger, each) for each in chosen if each.state != "running"]
    written = _write_report(ledger, figures, interrupted, names, html=html, xlsx=xlsx)
    if folder is not None:
        _write_lists(ledger, figures, names, folder)
        written["lists"] = str(folder.resolve())
    return written


def _write_report(
    ledger: "Ledger",
    figures: "list[Figures]",
    interrupted: "list[Source]",
    names: "Names",
    *,
    html: Path | None,
    xlsx: Path | None,
) -> dict[str, str]:
    from spmigrate.formats import workbook
    from spmigrate.report import document, page
    from spmigrate.scan.reporting import whole
    from spmigrate.scan.reporting.homes import homes
    from spmigrate.words import spoken

    made = datetime.now(UTC)
    by = (("Made", spoken(made)), ("By", f"spmigrate {__version__}"))
    report = whole.report(figures, interrupted, homes(ledger), names, made=by)
    written = {}
    if html is not None:
        page.write(html, document.build(whole.page(report), made=made))
        written["page"] = str(html.resolve())
    if xlsx is not None:
        workbook.write(xlsx, whole.book(report))
        written["workbook"] = str(xlsx.resolve())
    return written


def _write_lists(ledger: "Ledger", figures: "list[Figures]", names: "Names", folder: Path) -> None:
    from spmigrate.formats import csv
    from spmigrate.scan.reporting import exchange

    for each in exchange.lists(ledger, figures, names):
        target = folder / each.file
        target.parent.mkdir(parents=True, exist_ok=True)
        csv.write(target, each.headings, each.rows)


def _write_key(path: Path, coded: "CodedNames") -> str:
    """Write what the codes stand for, readable by its owner alone."""
    from spmigrate.formats import csv

    rows = ((code, kind, name) for code, (kind, name) in sorted(coded.key.items()))
    csv.write(path, ("Code", "What it is", "Name"), rows, mode=0o600)
    return str(path.resolve())
