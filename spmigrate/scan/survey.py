"""A scan: walk a folder, decide what is to be said of each name, keep it in the ledger. Memory stays flat.

Running it again after a kill goes on with the folders that are still to be listed; running it again after it finished
is a new scan of the same source, in which folders and items keep their ids. Nothing is taken for gone, and nothing for
seen, unless the root is the same directory before and after: a share that is unmounted is no empty share.
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from spmigrate.errors import SpmigrateError
from spmigrate.scan import checks, roots, sniff, walk
from spmigrate.scan.roots import Root
from spmigrate.store import inventory, scans
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Entry, Found, Listing

Progress = Callable[[int, int, int], None]
"""Told now and then how many folders, items and bytes have been kept since the start of this run."""

_FOLDERS_AT_ONCE = 1000
_ENTRIES_AT_ONCE = 20_000
_WORTH_COMPARING = 10_000
"""Bytes from which files of one name and size are noted as duplicates; below, they are logos and templates."""


def survey(
    ledger: Ledger,
    folder: Path,
    *,
    name: str | None = None,
    look_inside: bool = False,
    progress: Progress | None = None,
) -> Source:
    """Scan `folder` into the ledger as the source `name` (by default the folder's own name).

    `look_inside` also reads the first bytes of files, to find extensions that lie. Raises SpmigrateError when the
    folder cannot be listed, or is empty and was not before (nothing is kept then), and when it goes away meanwhile
    (the scan goes on when it is run again); UsageProblem when it overlaps another source.
    """
    root = roots.find(folder)
    with ledger.run_lock("scan run"):
        roots.check_apart(root, inventory.sources(ledger))
        if root.empty and scans.has_content(ledger, root.path):
            raise SpmigrateError(
                f"{root.path} is empty, and was not when it was scanned before",
                hint="mount the share first; if it was emptied on purpose, nothing is left to move",
            )
        source = scans.begin(ledger, root.path, name, directory=root.directory, look_inside=look_inside)
        for listings in _listings(ledger, source, root):
            roots.check_present(root)
            scans.keep(ledger, source, listings)
            if progress is not None:
                progress(*_amount(listings))
        return scans.finish(ledger, source, checks.remark(None, "DUPLICATE"), at_least=_WORTH_COMPARING)


def _listings(ledger: Ledger, source: Source, root: Root) -> Iterator[list[Listing]]:
    now_ns = _nanoseconds(source.started)
    while folders := scans.waiting(ledger, source, _FOLDERS_AT_ONCE):
        batch: list[Listing] = []
        size = 0
        for folder in folders:
            listing = _listing(root, folder, now_ns, look_inside=source.look_inside)
            if listing is None:
                roots.check_present(root)
                scans.forget(ledger, source, folder)
                continue
            batch.append(listing)
            size += len(listing.entries)
            if size >= _ENTRIES_AT_ONCE:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch


def _listing(root: Root, folder: Found, now_ns: int, *, look_inside: bool) -> Listing | None:
    """A folder's listing with its remarks; None when the folder was taken away meanwhile."""
    try:
        entries, modified_ns = walk.read(root.raw, folder.raw)
    except OSError as error:
        if not folder.raw:
            roots.check_present(root)
            raise SpmigrateError(
                f"{root.path} cannot be listed: {walk.reason(error)}", hint="run the same command again"
            ) from None
        return None if _has_left(root, folder, error) else _unseen(folder, walk.reason(error))
    remarks = checks.examine(folder.path, entries, now_ns=now_ns)
    if look_inside:
        inside = os.path.join(root.raw, folder.raw)  # noqa: PTH118 - names are bytes here, which pathlib does not take
        remarks += [checks.remark(entry, "CONTENT-TYPE", text) for entry, text in _lies(inside, entries)]
    return Listing(folder, entries, remarks, modified_ns)


def _has_left(root: Root, folder: Found, error: OSError) -> bool:
    try:
        return isinstance(error, FileNotFoundError) and walk.has_left(root.raw, folder.raw)
    except OSError:
        return False


def _unseen(folder: Found, reason: str) -> Listing:
    message = f"The scan could not look into this folder: {reason}."
    return Listing(folder, [], [checks.remark(None, "UNSEEN", message)], reason=reason)


def _lies(folder: bytes, entries: list[Entry]) -> Iterator[tuple[Entry, str]]:
    for entry in entries:
        if entry.kind != "file" or not entry.size or not sniff.knows(entry.name):
            continue
        try:
            with open(os.path.join(folder, entry.raw), "rb") as file:  # noqa: PTH118, PTH123 - names are bytes here
                head = file.read(sniff.HEAD)
        except OSError:
            continue  # the mover meets it again, and accounts for it
        text = sniff.mismatch(entry.name, head)
        if text:
            yield entry, text


def _amount(listings: list[Listing]) -> tuple[int, int, int]:
    items = [entry for listing in listings for entry in listing.entries if entry.kind != "folder"]
    return len(listings), len(items), sum(entry.size for entry in items)


def _nanoseconds(started: str) -> int:
    return int(datetime.fromisoformat(started).timestamp()) * 1_000_000_000
