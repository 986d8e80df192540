"""What differs between the last two scans of a source, as it is shown: totals by kind, and one line for each cause.

A folder stands for all that came, went or was renamed with it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger

KINDS = ("renamed", "gone", "new", "changed")
"""In the order in which a person should know of them."""


class Total(NamedTuple):
    """How much of one kind: folders, items and bytes. What a renamed folder has taken along is not counted there."""

    kind: str
    folders: int
    items: int
    bytes: int


class Difference(NamedTuple):
    """One folder with all that it stands for, or one item; `before` is the path that it had, where it was renamed."""

    kind: str
    is_folder: bool
    path: str
    before: str | None
    items: int
    bytes: int


_FOLDERS = (
    "CREATE TEMP TABLE folder_difference(id INTEGER PRIMARY KEY, kind TEXT, before INTEGER, own INTEGER DEFAULT 1)",
    "INSERT INTO temp.folder_difference(id, kind, before)"
    " SELECT id, CASE WHEN renamed_from IS NULL THEN 'new' ELSE 'renamed' END, renamed_from FROM folder"
    " WHERE source_id=:source AND scan_id=:scan AND parent_id IS NOT NULL"
    " AND (first_scan > :baseline OR renamed_from IS NOT NULL)",
    "INSERT INTO temp.folder_difference(id, kind) SELECT id, 'gone' FROM folder"
    " WHERE source_id=:source AND gone_scan > :baseline"
    " AND id NOT IN (SELECT before FROM temp.folder_difference WHERE before IS NOT NULL)",
    "UPDATE temp.folder_difference SET own=0 WHERE kind <> 'renamed' AND EXISTS (SELECT 1 FROM folder f"
    " JOIN temp.folder_difference p ON p.id = f.parent_id WHERE f.id = folder_difference.id"
    " AND p.kind = folder_difference.kind)",
    "UPDATE temp.folder_difference SET own=0 WHERE kind = 'renamed' AND EXISTS (SELECT 1 FROM folder f"
    " JOIN folder p ON p.id = f.parent_id JOIN folder w ON w.id = folder_difference.before"
    " JOIN folder q ON q.id = w.parent_id WHERE f.id = folder_difference.id AND p.renamed_from = q.id"
    " AND CASE WHEN p.path = '' THEN f.path ELSE substr(f.path, length(p.path) + 2) END"
    " = CASE WHEN q.path = '' THEN w.path ELSE substr(w.path, length(q.path) + 2) END)",
)
_ITEMS = (
    "CREATE TEMP TABLE item_difference(id INTEGER PRIMARY KEY, folder_id INTEGER, kind TEXT, before INTEGER,"
    " size INTEGER, own INTEGER)",
    "INSERT INTO temp.item_difference SELECT i.id, i.folder_id, CASE WHEN i.renamed_from IS NOT NULL THEN 'renamed'"
    " WHEN i.first_scan > :baseline THEN 'new' ELSE 'changed' END, i.renamed_from, i.size, CASE WHEN EXISTS (SELECT 1"
    "  FROM item w WHERE w.id = i.renamed_from AND w.folder_id = f.renamed_from AND w.raw = i.raw) THEN 0 ELSE 1 END"
    " FROM folder f JOIN item i ON i.folder_id = f.id WHERE f.source_id=:source AND f.scan_id=:scan"
    " AND f.changed_scan > :baseline AND i.gone_scan IS NULL"
    " AND (i.first_scan > :baseline OR i.changed_scan > :baseline)",
    "INSERT INTO temp.item_difference SELECT i.id, i.folder_id, 'gone', NULL, i.size, 1"
    " FROM folder f JOIN item i ON i.folder_id = f.id WHERE f.source_id=:source"
    " AND ((f.gone_scan > :baseline AND i.gone_scan IS NULL)"
    "   OR (f.changed_scan > :baseline AND i.gone_scan > :baseline))"
    " AND i.id NOT IN (SELECT before FROM temp.item_difference WHERE before IS NOT NULL)",
    "UPDATE temp.item_difference SET own=0 WHERE kind IN ('new', 'gone') AND EXISTS (SELECT 1"
    " FROM temp.folder_difference d WHERE d.id = item_difference.folder_id AND d.kind = item_difference.kind)",
)
_ALL = (1 << 63) - 1
_TABLES = ("folder_difference", "item_difference")
_TOTALS = (
    "SELECT kind, sum(folders) AS folders, sum(items) AS items, sum(bytes) AS bytes FROM ("
    " SELECT kind, count(*) AS folders, 0 AS items, 0 AS bytes FROM temp.folder_difference"
    " WHERE kind <> 'renamed' OR own = 1 GROUP BY kind"
    " UNION ALL SELECT kind, 0, count(*), sum(size) FROM temp.item_difference WHERE kind <> 'renamed' OR own = 1"
    " GROUP BY kind) GROUP BY kind"
)
_SHOWN = (
    "WITH RECURSIVE below(top, id, kind) AS ("
    " SELECT id, id, kind FROM temp.folder_difference WHERE own = 1"
    " UNION ALL SELECT b.top, f.id, b.kind FROM below b JOIN folder f ON f.parent_id = b.id"
    " JOIN temp.folder_difference d ON d.id = f.id AND d.kind = b.kind AND d.own = 0),"
    " amount(id, items, bytes) AS ("
    " SELECT b.top, count(i.id), total(i.size) FROM below b JOIN temp.item_difference i ON i.folder_id = b.id"
    "  AND i.kind = b.kind WHERE b.kind <> 'renamed' GROUP BY b.top"
    " UNION ALL SELECT b.top, sum(f.items), total(f.bytes) FROM below b JOIN folder f ON f.id = b.id"
    "  WHERE b.kind = 'renamed' GROUP BY b.top)"
    " SELECT * FROM (SELECT d.kind, 1 AS is_folder, f.path, w.path AS before, coalesce(a.items, 0) AS items,"
    " CAST(coalesce(a.bytes, 0) AS INTEGER) AS bytes FROM temp.folder_difference d JOIN folder f ON f.id = d.id"
    " LEFT JOIN folder w ON w.id = d.before LEFT JOIN amount a ON a.id = d.id WHERE d.own = 1"
    " UNION ALL SELECT d.kind, 0, CASE WHEN f.path = '' THEN i.name ELSE f.path || '/' || i.name END,"
    " CASE WHEN v.path = '' THEN w.name ELSE v.path || '/' || w.name END, 1, d.size FROM temp.item_difference d"
    " JOIN item i ON i.id = d.id JOIN folder f ON f.id = d.folder_id LEFT JOIN item w ON w.id = d.before"
    " LEFT JOIN folder v ON v.id = w.folder_id WHERE d.own = 1)"
    " ORDER BY CASE kind WHEN 'renamed' THEN 0 WHEN 'gone' THEN 1 WHEN 'new' THEN 2 ELSE 3 END, is_folder DESC,"
    " items DESC, bytes DESC, path LIMIT :limit"
)


def find(ledger: Ledger, source: Source) -> list[Total]:
    """The totals of each kind that there is; what is `shown` afterwards rests on them."""
    facts = {"source": source.id, "scan": source.scan_id, "baseline": source.baseline}
    for table in _TABLES:
        ledger.execute(f"DROP TABLE IF EXISTS temp.{table}")
    for sql in (*_FOLDERS, *_ITEMS):
        ledger.execute(sql, facts)
    totals = {row["kind"]: Total(*row) for row in ledger.rows(_TOTALS)}
    return [totals[kind] for kind in KINDS if kind in totals]


def shown(ledger: Ledger, limit: int | None = None) -> Iterator[Difference]:
    """What was found, the most important first: renamed, gone, new, changed, and of each the largest first; streams."""
    for row in ledger.rows(_SHOWN, {"limit": _ALL if limit is None else limit}):
        kind, is_folder, path, before, items, size = row
        yield Difference(kind, bool(is_folder), path or ".", before, items, size)


def baseline_of(ledger: Ledger, source: Source) -> str:
    """When the scan began with which the last one is compared."""
    row = ledger.one("SELECT started FROM scan WHERE id=?", (source.baseline,))
    return row["started"] if row is not None else ""
