"""How a source differs from what its scan before found: new, changed, renamed, gone. Marked when a scan ends.

A folder or a file is renamed when what the place knows it by (`file_id`) belonged to another name before, which has
gone or has something else now. Numbers of file systems are used again, so more must agree: its time of creation where
there is one, and for a file its size and time of change. What lies in a renamed folder has been renamed with it.
"""

from datetime import datetime

from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger

_GONE_FOLDERS = (
    "WITH RECURSIVE hidden(id) AS ("
    "SELECT f.id FROM folder f JOIN folder p ON p.id = f.parent_id"
    " WHERE p.source_id=:source AND p.scan_id=:scan AND p.state='unseen' AND f.scan_id<>:scan"
    " UNION ALL SELECT f.id FROM folder f JOIN hidden h ON f.parent_id = h.id WHERE f.scan_id<>:scan)"
    " UPDATE folder SET gone_scan=:scan WHERE source_id=:source AND scan_id<>:scan AND gone_scan IS NULL"
    " AND id NOT IN (SELECT id FROM hidden)"
)
_LEFT_FOLDERS = (
    "CREATE TEMP TABLE left_folder AS"
    " SELECT file_id, id, created_ns, CAST(NULL AS INTEGER) AS before_ns FROM folder"
    " WHERE source_id=:source AND gone_scan > :baseline AND file_id IS NOT NULL"
    " UNION ALL SELECT former_file_id, id, NULL, :before FROM folder"
    " WHERE source_id=:source AND scan_id=:scan AND former_file_id IS NOT NULL"
)
_BY_FILE_ID = "CREATE INDEX temp.left_folder_file ON left_folder(file_id)"
_RENAMED_FOLDERS = (
    "UPDATE folder SET renamed_from=(SELECT min(l.id) FROM temp.left_folder l WHERE l.file_id = folder.file_id"
    " AND l.id <> folder.id AND (l.before_ns IS NULL OR folder.created_ns IS NULL OR folder.created_ns < l.before_ns)"
    " AND (l.created_ns IS NULL OR folder.created_ns IS NULL OR l.created_ns = folder.created_ns))"
    " WHERE source_id=:source AND scan_id=:scan AND file_id IS NOT NULL"
    " AND (first_scan > :baseline OR former_file_id IS NOT NULL)"
)
_LEFT_ITEMS = (
    "CREATE TEMP TABLE left_item AS SELECT i.id, i.raw, i.file_id, i.size, i.modified_ns, i.created_ns"
    " FROM folder f JOIN item i ON i.folder_id = f.id WHERE f.source_id=:source AND i.file_id IS NOT NULL"
    " AND ((f.gone_scan > :baseline AND i.gone_scan IS NULL)"
    "   OR (f.changed_scan > :baseline AND i.gone_scan > :baseline))"
    " UNION ALL SELECT i.id, i.raw, i.former_file_id, NULL, NULL, NULL FROM folder f JOIN item i ON i.folder_id = f.id"
    " WHERE f.source_id=:source AND f.changed_scan > :baseline AND i.changed_scan > :baseline"
    " AND i.former_file_id IS NOT NULL"
)
_COME_ITEMS = (
    "CREATE TEMP TABLE come_item AS SELECT i.id, i.raw, i.file_id, i.size, i.modified_ns, i.created_ns"
    " FROM folder f JOIN item i ON i.folder_id = f.id WHERE f.source_id=:source AND f.scan_id=:scan"
    " AND f.changed_scan > :baseline AND i.gone_scan IS NULL AND i.file_id IS NOT NULL"
    " AND (i.first_scan > :baseline OR (i.changed_scan > :baseline AND i.former_file_id IS NOT NULL))"
)
# Names of one file (hard links) share its number: they are paired in the order of their names.
_PAIRS = (
    "CREATE TEMP TABLE pair AS SELECT c.id, l.id AS was FROM ("
    " SELECT *, row_number() OVER (PARTITION BY file_id ORDER BY raw, id) AS place FROM temp.come_item) c JOIN ("
    " SELECT *, row_number() OVER (PARTITION BY file_id ORDER BY raw, id) AS place FROM temp.left_item) l"
    " ON l.file_id = c.file_id AND l.place = c.place AND l.id <> c.id WHERE CASE WHEN l.size IS NULL"
    " THEN c.created_ns IS NULL OR c.created_ns < :before"
    " ELSE l.size = c.size AND l.modified_ns = c.modified_ns"
    " AND (l.created_ns IS NULL OR c.created_ns IS NULL OR l.created_ns = c.created_ns) END"
)
_RENAMED_ITEMS = "UPDATE item SET renamed_from=p.was FROM temp.pair p WHERE p.id = item.id"
_SAME_CONTENT = (
    "UPDATE item SET sha256=w.sha256, quickxor=w.quickxor FROM temp.pair p JOIN item w ON w.id = p.was"
    " WHERE p.id = item.id AND item.sha256 IS NULL AND w.size = item.size AND w.modified_ns = item.modified_ns"
)
_TABLES = ("left_folder", "left_item", "come_item", "pair")


def mark(ledger: Ledger, source: Source) -> None:
    """Note in the inventory what has gone since the scan before, and what has another name. Part of ending a scan."""
    before = ledger.one("SELECT started FROM scan WHERE id=?", (source.baseline,))
    assert before is not None
    facts = {
        "source": source.id, "scan": source.scan_id, "baseline": source.baseline,
        "before": int(datetime.fromisoformat(before["started"]).timestamp() * 1e6) * 1000,
    }  # fmt: skip
    statements = (_GONE_FOLDERS, _LEFT_FOLDERS, _BY_FILE_ID, _RENAMED_FOLDERS, _LEFT_ITEMS, _COME_ITEMS, _PAIRS)
    for table in _TABLES:
        ledger.execute(f"DROP TABLE IF EXISTS temp.{table}")
    for sql in (*statements, _RENAMED_ITEMS, _SAME_CONTENT):
        ledger.execute(sql, facts)
    for table in _TABLES:
        ledger.execute(f"DROP TABLE temp.{table}")
