"""A scan: walk a folder, decide what is to be said of each name, keep it in the ledger. Memory stays flat.

Running it again after a kill goes on with the folders that are still to be listed; running it again after it finished
is a new scan of the same source, in which folders and items keep their ids.
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from spmigrate.errors import SpmigrateError
from spmigrate.scan import checks, sniff, walk
from spmigrate.store import scans
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
    ledger: Ledger, root: Path, *, name: str | None = None, look_inside: bool = False, progress: Progress | None = None
) -> Source:
    """Scan the folder `root` into the ledger as the source `name` (by default the folder's own name).

    `look_inside` also reads the first bytes of files, to find extensions that lie. Raises SpmigrateError when the
    folder itself cannot be listed: then nothing is kept.
    """
    path = _readable(root)
    with ledger.run_lock("scan run"):
        source = scans.begin(ledger, path, name)
        for listings in _listings(ledger, source, os.fsencode(path), look_inside=look_inside):
            scans.keep(ledger, source, listings)
            if progress is not None:
                progress(*_amount(listings))
        return scans.finish(ledger, source, checks.remark(None, "DUPLICATE"), at_least=_WORTH_COMPARING)


def _readable(root: Path) -> str:
    """The absolute path of the source, after a look at it."""
    hint = "name a folder that this account can read, or mount the share first"
    try:
        whole = root.resolve(strict=True)
        with os.scandir(whole) as names:
            next(names, None)
        str(whole).encode()
    except UnicodeEncodeError:
        raise SpmigrateError(
            "the path of the source is not readable text", hint="mount it under another name"
        ) from None
    except OSError as error:
        raise SpmigrateError(f"{root} cannot be scanned: {walk.reason(error)}", hint=hint) from None
    return str(whole)


def _listings(ledger: Ledger, source: Source, root: bytes, *, look_inside: bool) -> Iterator[list[Listing]]:
    now_ns = _nanoseconds(source.started)
    while folders := scans.waiting(ledger, source, _FOLDERS_AT_ONCE):
        batch: list[Listing] = []
        size = 0
        for folder in folders:
            listing = _listing(root, folder, now_ns, look_inside=look_inside)
            if listing is None:
                scans.forget(ledger, source, folder)
                continue
            batch.append(listing)
            size += len(listing.entries)
            if size >= _ENTRIES_AT_ONCE:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch


def _listing(root: bytes, folder: Found, now_ns: int, *, look_inside: bool) -> Listing | None:
    """A folder's listing with its remarks; None when the folder is gone."""
    try:
        entries, modified_ns = walk.read(root, folder.raw)
    except FileNotFoundError:
        if folder.raw:
            return None
        raise
    except OSError as error:
        reason = walk.reason(error)
        message = f"The scan was not allowed to look into this folder: {reason}."
        return Listing(folder, [], [checks.remark(None, "UNSEEN", message)], reason=reason)
    remarks = checks.examine(folder.path, entries, now_ns=now_ns)
    if look_inside:
        inside = os.path.join(root, folder.raw)  # noqa: PTH118 - names are bytes here, which pathlib does not take
        remarks += [checks.remark(entry, "CONTENT-TYPE", text) for entry, text in _lies(inside, entries)]
    return Listing(folder, entries, remarks, modified_ns)


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
