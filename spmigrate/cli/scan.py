"""`spmigrate scan`: look at a shared drive, and say what SharePoint would refuse."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from spmigrate import words
from spmigrate.cli import scan_view, tenants, view
from spmigrate.cli.scan_diff import diff
from spmigrate.cli.scan_reconcile import reconcile
from spmigrate.cli.scan_report import report
from spmigrate.errors import ExitCode

if TYPE_CHECKING:
    from types import FrameType

    from spmigrate.scan.place import Place


@click.group(cls=view.InOrder)
def scan() -> None:
    """Look at what is to be moved, and say what SharePoint would refuse."""


@scan.command()
@click.argument("text", metavar="SOURCE")
@click.option("--name", help="What to call the source; by default the folder's own name.")
@click.option("--look-inside", is_flag=True, help="Also read what files contain: type, protection, links, macros.")
@click.option("--hash", "hashes", is_flag=True, help="Also read files whole, for SHA-256 and QuickXorHash.")
@click.option(
    "--access",
    type=click.Choice(["folders", "files"]),
    default="folders",
    show_default=True,
    help="Whose access lists are read: those of folders, or those of files too.",
)
@click.option("--streams", is_flag=True, help="Also ask a file server for the named streams of each file.")
@click.option("--no-access", is_flag=True, help="Read no access lists.")
@click.option(
    "--emptied", is_flag=True, help="It was emptied on purpose; else a source that held files and is empty is refused."
)
@view.json_option
@view.pass_session
def run(
    session: view.Session,
    text: str,
    name: str | None,
    look_inside: bool,
    hashes: bool,
    access: str,
    streams: bool,
    no_access: bool,
    emptied: bool,
    json_: bool,
) -> ExitCode:
    """Scan SOURCE, a folder or an address, into the ledger. Nothing is followed or changed there.

    Nothing is opened either but with --look-inside or --hash, and then only what is new or has changed; what is kept
    elsewhere and would be fetched is never opened. Interrupted, it goes on when it is run again. Exit codes: 0
    everything was seen, whatever was found; 1 SOURCE cannot be scanned, or went away; 2 it overlaps another source; 5
    something in it could not be looked at, nor read where that was asked for; 130 interrupted.
    """
    from spmigrate.scan.survey import survey
    from spmigrate.store import inventory

    with _interrupted_by_sigterm(), _progress() as progress:
        source = survey(
            session.ledger, _place(session, text, streams=streams), name=name, look_inside=look_inside, hashes=hashes,
            access="" if no_access else access, emptied=emptied, progress=progress,
        )  # fmt: skip
    totals = inventory.finding_totals(session.ledger, source.id)
    unseen = inventory.unseen(session.ledger, source, scan_view.NAMED)
    if json_:
        view.document(scan_view.as_json(source, totals, unseen))
    else:
        scan_view.show_source(source, unseen)
        scan_view.show_treatments(totals)
        if source.baseline:
            view.note(f"next: spmigrate scan diff {words.typed(source.name)}")
        view.note(f"next: spmigrate scan report {words.typed(source.name)}")
    return scan_view.complete(source)


def _place(session: view.Session, text: str, *, streams: bool) -> "Place":
    """What SOURCE means; names for the accounts of a mounted share come from sids.csv in the working folder."""
    from spmigrate.scan import places, sids

    known = sids.read(session.place.folder / sids.FILE_NAME)
    return places.find(text, connect=lambda: tenants.connect(session), sids=known, streams=streams)


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


scan.add_command(report)
scan.add_command(diff)
scan.add_command(reconcile)
