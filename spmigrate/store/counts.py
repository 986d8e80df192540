"""How much the last scan of a source met, by the folders at its top."""

from dataclasses import dataclass

from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger

ROOT = "."
"""Stands for what lies directly in the root."""


_TOP = "substr(d.path, 1, instr(d.path || '/', '/') - 1)"
_FOLDERS = (
    f"SELECT {_TOP}, sum(instr(d.path, '/') > 0), sum(d.items), sum(d.bytes), sum(d.state = 'unseen')"  # noqa: S608
    " FROM folder d WHERE d.source_id=:source AND d.scan_id=:scan GROUP BY 1 ORDER BY 1"
)
_OTHERS = (
    f"SELECT {_TOP}, count(*) FROM item i JOIN folder d ON d.id = i.folder_id"  # noqa: S608 - our own words alone
    " WHERE i.source_id=:source AND i.scan_id=:scan AND i.gone_scan IS NULL AND i.kind <> 'file' GROUP BY 1"
)


@dataclass(frozen=True, slots=True)
class Count:
    """Folders, files and bytes below a folder at the top; of those, the folders that could not be looked into.

    The folder itself is not counted, nor are links and what is no file: they hold nothing of their own.
    """

    top: str
    folders: int
    files: int
    bytes: int
    unseen: int = 0


def by_top(ledger: Ledger, source: Source) -> list[Count]:
    """The count of each folder at the top, in the order of names, and of the files beside them as `.`."""
    present = {"source": source.id, "scan": source.scan_id}
    others = dict(map(tuple, ledger.rows(_OTHERS, present)))
    rows = ledger.rows(_FOLDERS, present)
    return [Count(row[0] or ROOT, row[1], row[2] - others.get(row[0], 0), row[3], row[4]) for row in rows]
