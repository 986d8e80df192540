"""What of the inventory is in no row and in no wave: it would otherwise be in no account at all."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from spmigrate.model import Amount
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A folder that is in no row, with the files in it and below it; `path` is empty for the root of the source."""

    source: str
    path: str
    amount: Amount


def in_no_row(ledger: Ledger, source_ids: Iterable[int]) -> list[Uncovered]:
    """The topmost folders of sources whose files no row answers for, by source and path."""
    rows = ledger.rows(
        "WITH RECURSIVE bare(id, top) AS ("
        " SELECT f.id, f.id FROM folder f JOIN source s ON s.id = f.source_id AND s.scan_id = f.scan_id"
        " WHERE f.parent_id IS NULL AND f.source_id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))"
        " AND NOT EXISTS ("
        "   SELECT 1 FROM mapping_row o WHERE o.folder_id = f.id AND o.scope = 'tree' AND o.position > 0)"
        " UNION ALL"
        " SELECT f.id, CASE WHEN p.parent_id IS NULL THEN f.id ELSE b.top END FROM bare b"
        " JOIN folder p ON p.id = b.id JOIN folder f ON f.parent_id = p.id AND f.scan_id = p.scan_id"
        " WHERE NOT EXISTS ("
        "   SELECT 1 FROM mapping_row o WHERE o.folder_id = f.id AND o.scope = 'tree' AND o.position > 0))"
        " SELECT s.name, t.path, sum(f.items) AS items, sum(f.bytes) AS bytes, sum(f.state <> 'seen') AS unseen"
        " FROM bare b JOIN folder f ON f.id = b.id JOIN folder t ON t.id = b.top JOIN source s ON s.id = f.source_id"
        " WHERE NOT EXISTS ("
        "   SELECT 1 FROM mapping_row o WHERE o.folder_id = f.id AND o.scope = 'folder' AND o.position > 0)"
        " GROUP BY b.top, s.name, t.path HAVING sum(f.items) > 0 OR sum(f.state <> 'seen') > 0 ORDER BY s.name, t.path",
        (json.dumps(sorted(source_ids)),),
    )
    return [Uncovered(row["name"], row["path"], Amount(row["items"], row["bytes"])) for row in rows]


def folders_in_no_row(ledger: Ledger, source: Source) -> list[str]:
    """The folders of the last scan that are in no row of any sheet, topmost first named; files beside rows, too."""
    rows = ledger.rows(
        "WITH RECURSIVE opened(id) AS ("
        " SELECT f.id FROM mapping_row m JOIN folder f ON f.id = m.folder_id"
        " WHERE m.position > 0 AND f.source_id = :source"
        " UNION SELECT f.parent_id FROM opened o JOIN folder f ON f.id = o.id WHERE f.parent_id IS NOT NULL),"
        " covered(id, scope) AS (SELECT folder_id, scope FROM mapping_row WHERE position > 0)"
        " SELECT f.path, 1 AS whole FROM folder p JOIN folder f ON f.parent_id = p.id AND f.scan_id = :scan"
        " WHERE p.source_id = :source AND p.scan_id = :scan AND f.id NOT IN (SELECT id FROM opened)"
        " AND (p.parent_id IS NULL OR p.id IN (SELECT id FROM opened))"
        " AND NOT EXISTS (SELECT 1 FROM covered c WHERE c.id = p.id AND c.scope = 'tree')"
        " UNION ALL SELECT f.path, 0 FROM folder f"
        " WHERE f.source_id = :source AND f.scan_id = :scan AND (f.items > 0 OR f.state <> 'seen')"
        " AND (f.parent_id IS NULL OR f.id IN (SELECT id FROM opened))"
        " AND NOT EXISTS (SELECT 1 FROM covered c WHERE c.id = f.id) ORDER BY 1, 2",
        {"source": source.id, "scan": source.scan_id},
    )
    return [row["path"] if row["whole"] else _loose(row["path"]) for row in rows]


def _loose(path: str) -> str:
    return f"files in {path} itself" if path else "files in no folder"


def sources_of(ledger: Ledger, wave: Wave) -> list[int]:
    """The sources that the rows of a wave come from."""
    rows = ledger.rows(
        "SELECT DISTINCT h.source_id FROM wave_row w JOIN mapping_row m USING(row_id) JOIN sheet h ON h.id = m.sheet_id"
        " WHERE w.wave_id = ?",
        (wave.id,),
    )
    return [row["source_id"] for row in rows]


def in_no_wave(ledger: Ledger) -> Amount:
    """What the last scans list and no wave answers for; a wave does not answer for what it has released."""
    row = ledger.one(
        "SELECT count(*), coalesce(sum(i.size), 0) FROM item i JOIN source s ON s.id = i.source_id"
        " WHERE i.scan_id = s.scan_id AND NOT EXISTS ("
        "   SELECT 1 FROM transfer t JOIN wave_row r ON r.wave_id = t.wave_id AND r.row_id = t.row_id"
        "   WHERE t.item_id = i.id AND (r.released IS NULL OR t.outcome = 'copied'))"
    )
    assert row is not None
    return Amount(*row)
