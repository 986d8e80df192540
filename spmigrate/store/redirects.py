"""What people who look at an old folder must be told: its new homes, and where each of its files is."""

from collections.abc import Iterator
from typing import NamedTuple

from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import Wave


class OldRoot(NamedTuple):
    """A folder of the source that a row of a wave is about, and where its content went."""

    source_id: int
    source: str
    root: str
    kind: str
    path: str
    raw: bytes
    row_id: str
    site: str
    site_name: str | None
    url: str | None
    library: str
    folder: str


def old_roots(ledger: Ledger, wave: Wave) -> list[OldRoot]:
    """The folders of a wave's rows with something at the destination, by source and path.

    `folder` is where the files of the row lie closest to the library's own folder.
    """
    rows = ledger.rows(
        "SELECT s.id, s.name, s.root, s.kind, f.path, f.raw, t.row_id, t.site, h.name, h.url, t.library,"
        " min(t.target_folder) FROM transfer t JOIN mapping_row m ON m.row_id = t.row_id"
        " JOIN folder f ON f.id = m.folder_id JOIN source s ON s.id = f.source_id"
        " LEFT JOIN site h ON h.address = t.site"
        " WHERE t.wave_id = ? AND t.outcome = 'copied' AND t.superseded IS NULL AND t.gone IS NULL"
        " GROUP BY s.id, s.name, s.root, s.kind, f.path, f.raw, t.row_id, t.site, h.name, h.url, t.library"
        " ORDER BY s.name, f.path, t.site, t.library",
        (wave.id,),
    )
    return [OldRoot(*row) for row in rows]


def crosswalk(ledger: Ledger, wave: Wave, source_id: int) -> Iterator[Row]:
    """Every file of a wave in one source: its old path, what became of it, and where it is; streams."""
    return ledger.rows(
        "SELECT CASE WHEN d.path = '' THEN i.name ELSE d.path || '/' || i.name END AS path, t.size, t.outcome, t.code,"
        " t.reason, t.site, t.library, t.target_folder, t.target_name, h.url, t.gone FROM transfer t"
        " JOIN item i ON i.id = t.item_id JOIN folder d ON d.id = i.folder_id LEFT JOIN site h ON h.address = t.site"
        " WHERE t.wave_id = ? AND i.source_id = ? AND t.superseded IS NULL ORDER BY d.path, i.name, t.id",
        (wave.id, source_id),
    )
