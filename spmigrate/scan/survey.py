"""A scan: walk a place, decide what is to be said of each name, keep it in the ledger. Memory stays flat.

Running it again after a kill goes on with the folders that are still to be listed; running it again after it finished
is a new scan of the same source, in which folders and items keep their ids. Nothing is taken for gone, and nothing for
seen, unless the root is the same directory before and after: a share that is unmounted is no empty share.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from spmigrate.errors import SpmigrateError
from spmigrate.scan import amounts, checks, roots, walk
from spmigrate.scan.depth import Depth
from spmigrate.scan.place import Place
from spmigrate.scan.places import local
from spmigrate.store import inventory, keeping, scans
from spmigrate.store.entries import Entries
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Found, Listing

Progress = Callable[[int, int, int], None]
"""Told now and then how many folders, items and bytes have been kept since the start of this run."""

_FOLDERS_AT_ONCE = 1000
_VALUES_AT_ONCE = 500_000
_WEIGHT_AT_ONCE = 20_000
"""Entries kept in one transaction; less where files are read."""
_WORTH_COMPARING = 10_000
"""Bytes from which files of one name and size are noted as duplicates; below, they are logos and templates."""


def survey(
    ledger: Ledger,
    place: Place | Path,
    *,
    name: str | None = None,
    look_inside: bool = False,
    hashes: bool = False,
    access: str = "",
    emptied: bool = False,
    progress: Progress | None = None,
) -> Source:
    """Scan a place, or the folder at a path, into the ledger as the source `name` (by default the folder's own name).

    `look_inside` also reads what files contain, `hashes` reads them whole for their digests; `access` says whose access
    lists are read: those of `folders`, of `files` too, or none (empty). Unchanged files are not read again. Raises
    SpmigrateError when the place cannot be listed, or is empty and was not before (nothing is kept then; `emptied` says
    that it is meant to be), and when it goes away meanwhile (the scan goes on when it is run again); UsageProblem when
    it overlaps another source.
    """
    root = local.find(place) if isinstance(place, Path) else place
    with ledger.run_lock("scan run"), _seldom_collected():
        roots.check_apart(root, inventory.sources(ledger))
        if root.empty and not emptied and scans.has_content(ledger, root.path):
            raise SpmigrateError(
                f"{root.path} is empty, and was not when it was scanned before",
                hint="mount the share first; if it was emptied on purpose, say so with --emptied",
            )
        source = scans.begin(
            ledger, root.path, name, kind=root.kind, directory=root.directory, look_inside=look_inside, hashes=hashes,
            access=access,
        )  # fmt: skip
        _reserve(ledger, source, root)
        for listings in _listings(ledger, source, root):
            root.check_present()
            _reserve(ledger, source, root)  # a link may have led to a share that hides names
            keeping.keep(ledger, source, listings)
            if progress is not None:
                progress(*_amount(listings))
        amounts.mark(ledger, source)
        return scans.finish(ledger, source, checks.remark(None, "DUPLICATE"), at_least=_WORTH_COMPARING)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """A scan makes a few values a file, none in cycles: looking for cycles among them is a tenth of its time."""
    before = gc.get_threshold()
    gc.set_threshold(_VALUES_AT_ONCE, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _reserve(ledger: Ledger, source: Source, root: Place) -> None:
    scans.reserve(ledger, source, [checks.remark(None, "UNSEEN", text) for text in root.reservations])


def _listings(ledger: Ledger, source: Source, root: Place) -> Iterator[list[Listing]]:
    now_ns = _nanoseconds(source.started)
    depth = Depth(root, source, partial(keeping.side_by_side, ledger))
    while folders := scans.waiting(ledger, source, _FOLDERS_AT_ONCE):
        batch: list[Listing] = []
        weight = 0
        for folder in folders:
            listing = _listing(root, folder, now_ns, depth)
            if listing is None:
                root.check_present()
                scans.forget(ledger, source, folder)
                continue
            batch.append(listing)
            weight += len(listing.entries) + depth.weight(listing)
            if weight >= _WEIGHT_AT_ONCE:
                yield batch
                batch, weight = [], 0
        if batch:
            yield batch


def _listing(root: Place, folder: Found, now_ns: int, depth: Depth) -> Listing | None:
    """A folder's listing with its remarks; None when the folder was taken away meanwhile."""
    try:
        entries, modified_ns = root.read(folder.raw)
    except OSError as error:
        if not folder.raw:
            root.check_present()
            raise SpmigrateError(
                f"{root.path} cannot be listed: {walk.reason(error)}", hint="run the same command again"
            ) from None
        return None if _has_left(root, folder, error) else _unseen(folder, walk.reason(error))
    remarks = checks.examine(folder.path, entries, now_ns=now_ns)
    return depth.add(Listing(folder, entries, remarks, modified_ns))


def _has_left(root: Place, folder: Found, error: OSError) -> bool:
    try:
        return isinstance(error, FileNotFoundError) and root.has_left(folder.raw)
    except OSError:
        return False


def _unseen(folder: Found, reason: str) -> Listing:
    message = f"The scan could not look into this folder: {reason}."
    return Listing(folder, Entries(), [checks.remark(None, "UNSEEN", message)], reason=reason)


def _amount(listings: Sequence[Listing]) -> tuple[int, int, int]:
    entries = [listing.entries for listing in listings]
    return len(listings), sum(each.items for each in entries), sum(each.bytes for each in entries)


def _nanoseconds(started: str) -> int:
    return int(datetime.fromisoformat(started).timestamp()) * 1_000_000_000
