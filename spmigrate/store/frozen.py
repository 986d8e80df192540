"""What the last scan says of whether the source of a wave is quiet: writes since a moment, open documents, access."""

from collections.abc import Iterator

from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import Wave

_COVER = (
    "WITH RECURSIVE cover(id, scope) AS ("
    " SELECT m.folder_id, m.scope FROM wave_row r JOIN mapping_row m ON m.row_id = r.row_id"
    " WHERE r.wave_id = :wave AND r.released IS NULL"
    " UNION SELECT f.id, c.scope FROM cover c JOIN folder f ON f.parent_id = c.id JOIN source s ON s.id = f.source_id"
    " WHERE c.scope = 'tree' AND f.scan_id = s.scan_id AND NOT EXISTS ("
    "  SELECT 1 FROM mapping_row o WHERE o.folder_id = f.id AND o.scope = 'tree' AND o.position > 0)),"
    " own(id) AS (SELECT DISTINCT c.id FROM cover c WHERE c.scope = 'folder' OR NOT EXISTS ("
    "  SELECT 1 FROM mapping_row o WHERE o.folder_id = c.id AND o.scope = 'folder' AND o.position > 0)) "
)
_ITEM_PATH = "CASE WHEN f.path = '' THEN i.name ELSE f.path || '/' || i.name END"


def written_since(ledger: Ledger, wave: Wave, since_ns: int, limit: int) -> list[tuple[str, int]]:
    """Files and folders of a wave's rows that were written after a moment: path, and when, in nanoseconds."""
    rows = ledger.rows(
        _COVER + f"SELECT {_ITEM_PATH} AS path, CASE WHEN coalesce(i.created_ns, 0) > i.modified_ns THEN i.created_ns"  # noqa: S608 - ours
        " ELSE i.modified_ns END AS at FROM own o JOIN folder f ON f.id = o.id JOIN item i ON i.folder_id = f.id"
        " JOIN source s ON s.id = i.source_id WHERE i.scan_id = s.scan_id"
        " AND (i.modified_ns > :since OR i.created_ns > :since)"
        " UNION ALL SELECT CASE WHEN f.path = '' THEN '.' ELSE f.path END, f.modified_ns FROM own o"
        " JOIN folder f ON f.id = o.id WHERE f.modified_ns > :since ORDER BY 2 DESC, 1 LIMIT :limit",
        {"wave": wave.id, "since": since_ns, "limit": limit},
    )
    return [(row["path"], row["at"]) for row in rows]


def count_differences(ledger: Ledger, wave: Wave, since: str) -> int:
    """How many files differ between the last two scans, where both were begun after a moment (ISO, UTC)."""
    row = ledger.one(
        _COVER + "SELECT count(*) FROM own o JOIN item i ON i.folder_id = o.id JOIN source s ON s.id = i.source_id"  # noqa: S608 - ours
        " JOIN scan b ON b.id = (SELECT max(p.id) FROM scan p WHERE p.source_id = s.id AND p.id < s.scan_id"
        "  AND p.digest IS NOT NULL)"
        " WHERE b.started >= :since AND (i.first_scan > b.id OR i.changed_scan > b.id OR i.gone_scan > b.id)",
        {"wave": wave.id, "since": since},
    )
    assert row is not None
    return int(row[0])


def owner_files(ledger: Ledger, wave: Wave, limit: int) -> list[tuple[str, int]]:
    """The owner files (`~$`) that Office keeps beside documents that somebody has open: path, and when it was made.

    They hold who that is in at most 165 bytes; something larger is a document of that name. Newest first.
    """
    rows = ledger.rows(
        _COVER + f"SELECT {_ITEM_PATH} AS path, i.modified_ns AS at FROM own o JOIN folder f ON f.id = o.id"  # noqa: S608 - ours
        " JOIN item i ON i.folder_id = f.id JOIN source s ON s.id = i.source_id"
        " WHERE i.scan_id = s.scan_id AND substr(i.name, 1, 2) = '~$' AND i.size <= 165"
        " ORDER BY 2 DESC, 1 LIMIT :limit",
        {"wave": wave.id, "limit": limit},
    )
    return [(row["path"], row["at"]) for row in rows]


def count_unseen(ledger: Ledger, wave: Wave) -> int:
    """How many folders and files of a wave's rows the last scan could not look at."""
    row = ledger.one(
        _COVER + "SELECT (SELECT count(*) FROM own o JOIN folder f ON f.id = o.id WHERE f.state = 'unseen')"  # noqa: S608 - ours
        " + (SELECT count(*) FROM own o JOIN item i ON i.folder_id = o.id JOIN source s ON s.id = i.source_id"
        "  WHERE i.scan_id = s.scan_id AND i.state = 'unseen')",
        {"wave": wave.id},
    )
    assert row is not None
    return int(row[0])


def access_lists(ledger: Ledger, wave: Wave) -> Iterator[Row]:
    """The different access lists of a wave's folders, each with one folder that has it; `rights` NULL: not read."""
    return ledger.rows(
        _COVER + "SELECT a.rights, min(f.path) AS path FROM own o JOIN folder f ON f.id = o.id"  # noqa: S608 - ours
        " LEFT JOIN access a ON a.id = f.access_id GROUP BY a.id, a.rights ORDER BY 2",
        {"wave": wave.id},
    )


def row_paths(ledger: Ledger, wave: Wave) -> list[str]:
    """The folders that the rows of a wave are about."""
    rows = ledger.rows(
        "SELECT DISTINCT f.path FROM wave_row r JOIN mapping_row m ON m.row_id = r.row_id"
        " JOIN folder f ON f.id = m.folder_id WHERE r.wave_id = ? AND r.released IS NULL ORDER BY f.path",
        (wave.id,),
    )
    return [row["path"] for row in rows]
