"""How much lies in and below each folder of a scan, and findings that only the whole of a scan shows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Remark

_FILES = (
    " + (SELECT count(*) FROM item i JOIN access b ON b.id = i.access_id"
    " WHERE i.folder_id = f.id AND i.scan_id = f.scan_id AND b.inherits = 0)"
)


class Amount(NamedTuple):
    """A folder (the source's root has an empty path) with what lies in it and anywhere below.

    `items` counts folders too, as a library does; `separate` counts folders and files with permissions of their own,
    as far as those were read.
    """

    folder_id: int
    path: str
    items: int
    files: int
    separate: int
    bytes: int = 0


def below(ledger: Ledger, source: Source) -> Iterator[Amount]:
    """Every folder of the present scan after the folders below it. Memory grows with the depth alone."""
    rows = ledger.rows(
        "SELECT f.id, f.path, f.items, CASE WHEN a.inherits = 0 THEN 1 ELSE 0 END"  # noqa: S608 - ours
        f"{_FILES if source.access == 'files' else ''},"
        " CASE f.raw WHEN X'' THEN X'' ELSE CAST(f.raw || X'2F' AS BLOB) END AS place, f.bytes"
        " FROM folder f LEFT JOIN access a ON a.id = f.access_id"
        " WHERE f.source_id=:source AND f.scan_id=:scan ORDER BY place",
        {"source": source.id, "scan": source.scan_id},
    )
    open_folders: list[tuple[bytes, Amount]] = []
    for folder_id, path, items, separate, place, size in rows:
        while open_folders and not place.startswith(open_folders[-1][0]):
            yield _closed(open_folders)
        open_folders.append((place, Amount(folder_id, path, items, items, separate, size)))
    while open_folders:
        yield _closed(open_folders)


def _closed(open_folders: list[tuple[bytes, Amount]]) -> Amount:
    """Take out the innermost folder, and add it to the one around it."""
    _, done = open_folders.pop()
    if open_folders:
        place, around = open_folders[-1]
        around = around._replace(
            items=around.items + done.items + 1,
            files=around.files + done.files,
            separate=around.separate + done.separate,
            bytes=around.bytes + done.bytes,
        )
        open_folders[-1] = place, around
    return done


def keep(ledger: Ledger, source: Source, codes: Sequence[str], found: Iterable[tuple[int, Remark]]) -> None:
    """Keep findings about folders by their ids, in place of earlier ones of `codes`."""
    with ledger.transaction():
        marks = ",".join("?" * len(codes))
        ledger.execute(f"DELETE FROM finding WHERE scan_id=? AND code IN ({marks})", (source.scan_id, *codes))  # noqa: S608 - marks
        ledger.execute_many(
            "INSERT INTO finding(scan_id, code, severity, treatment, message, folder_id) VALUES(?,?,?,?,?,?)",
            [
                (source.scan_id, each.code, each.severity, each.treatment, each.message, folder_id)
                for folder_id, each in found
            ],
        )


def keep_same_content(ledger: Ledger, source: Source, remark: Remark, *, at_least: int) -> None:
    """Note every file of `at_least` bytes or more whose digest another one of the source has."""
    with ledger.transaction():
        ledger.execute("DELETE FROM finding WHERE scan_id=? AND code=?", (source.scan_id, remark.code))
        ledger.execute(
            "WITH same AS (SELECT sha256 FROM item WHERE source_id=:source AND scan_id=:scan AND sha256 IS NOT NULL"
            " AND size>=:least GROUP BY sha256 HAVING count(*) > 1)"
            " INSERT INTO finding(scan_id, code, severity, treatment, message, folder_id, item_id)"
            " SELECT :scan, :code, :severity, :treatment, :message, folder_id, id FROM item"
            " WHERE source_id=:source AND scan_id=:scan AND size>=:least AND sha256 IN (SELECT sha256 FROM same)"
            " ORDER BY id",
            {"source": source.id, "scan": source.scan_id, "code": remark.code, "severity": remark.severity,
             "treatment": remark.treatment, "message": remark.message, "least": at_least},
        )  # fmt: skip
