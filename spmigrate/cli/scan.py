"""`spmigrate scan`: look at a shared drive, and say what SharePoint would refuse."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import view
from spmigrate.errors import ExitCode, UsageProblem
from spmigrate.model import Treatment

if TYPE_CHECKING:
    from types import FrameType

    from spmigrate.store.inventory import FindingTotal, Source

_NAMED = 20
"""How many places that could not be seen are named one by one."""

_MEANING = {
    Treatment.BLOCK: "will fail",
    Treatment.RENAME: "need another name",
    Treatment.ROUTE: "belong elsewhere",
    Treatment.SKIP: "stay behind by rule",
    Treatment.NOTE: "worth knowing",
}


@click.group()
def scan() -> None:
    """Look at what is to be moved, and say what SharePoint would refuse."""


@scan.command()
@click.argument("folder", metavar="SOURCE", type=click.Path(path_type=Path))
@click.option("--name", help="What to call the source; by default the folder's own name.")
@click.option("--look-inside", is_flag=True, help="Also read the first bytes of files, to find extensions that lie.")
@view.json_option
@view.pass_session
def run(session: view.Session, folder: Path, name: str | None, look_inside: bool, json_: bool) -> ExitCode:
    """Scan the folder SOURCE into the ledger. Nothing is opened, followed or changed there.

    Interrupted, it goes on when it is run again. Exit codes: 0 everything was seen, whatever was found; 1 SOURCE
    cannot be scanned, or went away; 2 it overlaps another source; 5 something in it could not be looked at; 130
    interrupted.
    """
    from spmigrate.scan.survey import survey
    from spmigrate.store import inventory

    with _interrupted_by_sigterm(), _progress() as progress:
        source = survey(session.ledger, folder, name=name, look_inside=look_inside, progress=progress)
    totals = inventory.finding_totals(session.ledger, source.id)
    unseen = inventory.unseen(session.ledger, source, _NAMED)
    if json_:
        view.document(_as_json(source, totals, unseen))
    else:
        _show_source(source, unseen)
        _show_treatments(totals)
        view.note(f"next: spmigrate scan report {source.name}")
    return _complete(source)


@scan.command()
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
        unseen = inventory.unseen(session.ledger, source, _NAMED)
        refused = any(total.treatment in (Treatment.BLOCK, Treatment.RENAME) for total in totals)
        codes += [_complete(source), ExitCode.FINDINGS if refused else ExitCode.DONE]
        if json_:
            documents.append(_as_json(source, totals, unseen))
        else:
            _show_source(source, unseen)
            _show_causes(totals)
    if json_:
        view.document({"sources": documents})
    return ExitCode.worst(*codes)


def _complete(source: "Source") -> ExitCode:
    return ExitCode.DONE if source.state == "complete" else ExitCode.INCOMPLETE


def _show_source(source: "Source", unseen: list[tuple[str, str]]) -> None:
    if source.state == "running":
        view.line(f"{source.name}: the scan of {source.started} was interrupted")
        view.note(f"hint:  go on with: spmigrate scan run {source.root}")
        return
    view.line(
        f"{source.name} ({source.root}), {source.state}: {source.items:,} items in {source.folders:,} folders,"
        f" {words.size(source.bytes)}"
    )
    if source.unseen:
        view.line(f"NOT SEEN: {source.unseen:,}")
        for path, reason in unseen:
            view.line(f"  {_printable(path)}: {reason}")
        if source.unseen > len(unseen):
            view.line(f"  and {source.unseen - len(unseen):,} more")


def _show_treatments(totals: "list[FindingTotal]") -> None:
    for treatment, meaning in _MEANING.items():
        count = sum(total.count for total in totals if total.treatment == treatment)
        if count:
            view.line(f"{count:>9,}  {meaning}")


def _show_causes(totals: "list[FindingTotal]") -> None:
    from spmigrate.scan.checks import CODES

    for treatment, meaning in _MEANING.items():
        chosen = [total for total in totals if total.treatment == treatment]
        if not chosen:
            continue
        view.line()
        view.line(f"{meaning[0].upper()}{meaning[1:]}")
        advice = ""
        for total in chosen:
            code = CODES[total.code]
            view.line(f"{total.count:>9,}  {code.title} ({total.code}, {total.severity})")
            renamed = f" -> {_printable(total.proposal)}" if total.proposal else ""
            view.line(f"{'':>11}for example {_printable(total.example)}{renamed}")
            if treatment != Treatment.NOTE and code.remedy != advice:
                advice = code.remedy
                view.line(f"{'':>11}{advice}")


def _printable(text: str) -> str:
    """Text whose control, invisible and direction characters are shown as escapes: a name must not alter a report."""
    shown = text.encode("unicode_escape").decode() if not text.isprintable() else text
    return f"'{shown}'"


def _as_json(source: "Source", totals: "list[FindingTotal]", unseen: list[tuple[str, str]]) -> dict[str, Any]:
    from spmigrate.scan.checks import CODES

    return {
        "source": source.name,
        "root": source.root,
        "scan": source.scan_id,
        "state": source.state,
        "started": source.started,
        "ended": source.ended,
        "folders": source.folders,
        "items": source.items,
        "bytes": source.bytes,
        "digest": source.digest,
        "unseen": {"count": source.unseen, "examples": [{"path": path, "reason": reason} for path, reason in unseen]},
        "findings": [
            {
                "code": total.code,
                "severity": total.severity,
                "treatment": total.treatment,
                "title": CODES[total.code].title,
                "count": total.count,
                "bytes": total.bytes,
                "example": total.example,
                "proposal": total.proposal,
                "remedy": CODES[total.code].remedy,
            }
            for total in totals
        ],
    }


@contextmanager
def _interrupted_by_sigterm() -> "Iterator[None]":
    """SIGTERM is taken for Ctrl-C: what is half written is taken back, and the command ends as interrupted."""

    def interrupt(_signal: int, _frame: "FrameType | None") -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _progress() -> "Iterator[Callable[[int, int, int], None] | None]":
    """A line on a terminal that says how far the scan is; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    folders = items = size = 0
    with Console(stderr=True).status("scanning") as status:

        def show(more_folders: int, more_items: int, more_bytes: int) -> None:
            nonlocal folders, items, size
            folders, items, size = folders + more_folders, items + more_items, size + more_bytes
            status.update(f"scanning: {items:,} items in {folders:,} folders, {words.size(size)}")

        yield show
