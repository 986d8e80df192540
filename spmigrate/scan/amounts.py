"""Limits that only the whole of a scan shows: how much lies below a folder, and how many places differ in access."""

from collections.abc import Iterator

from spmigrate import words
from spmigrate.limits import (
    ADVISED_SCOPES,
    FIXED_PERMISSIONS,
    INDEXED_ITEMS,
    LIBRARY_ITEMS,
    MOST_SCOPES,
    SITE_BYTES,
    SYNCED_FILES,
)
from spmigrate.scan.codes import remark
from spmigrate.store import amounts
from spmigrate.store.amounts import Amount
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Remark

CODES = ("LIBRARY-ITEMS", "LIBRARY-PERMISSIONS", "LIBRARY-SCOPES", "LIBRARY-SYNC", "LIBRARY-INDEX", "SITE-SIZE")

_WORTH_COMPARING = 10_000
"""Bytes from which files of one content are noted as duplicates; below, they are logos and templates."""


def mark(ledger: Ledger, source: Source) -> None:
    """Keep the findings that only the whole of a scan shows, in place of those of an earlier attempt."""
    found = [(each.folder_id, note) for each in amounts.below(ledger, source) for note in examine(each)]
    amounts.keep(ledger, source, CODES, found)
    if source.hashes:
        same = remark(None, "DUPLICATE-CONTENT")
        amounts.keep_same_content(ledger, source, same, at_least=_WORTH_COMPARING)


def examine(amount: Amount) -> Iterator[Remark]:
    """What is to be said of a folder, were it one library. Pure."""
    if amount.items > FIXED_PERMISSIONS:
        yield remark(None, "LIBRARY-PERMISSIONS", f"{amount.items:,} files and folders lie below this folder.")
    if amount.separate > ADVISED_SCOPES:
        most = f"; a library takes {MOST_SCOPES:,}" if amount.separate > MOST_SCOPES else ""
        yield remark(None, "LIBRARY-SCOPES", f"{amount.separate:,} places have permissions of their own{most}.")
    if amount.path:
        return
    if amount.items > LIBRARY_ITEMS:
        yield remark(None, "LIBRARY-ITEMS", f"The source has {amount.items:,} files and folders.")
    if amount.files > SYNCED_FILES:
        yield remark(None, "LIBRARY-SYNC", f"The source has {amount.files:,} files.")
    if amount.items > INDEXED_ITEMS:
        yield remark(None, "LIBRARY-INDEX", f"The source has {amount.items:,} files and folders.")
    if amount.bytes > SITE_BYTES:
        yield remark(None, "SITE-SIZE", f"The source has {words.size(amount.bytes)}.")
