"""Where the workbook of a sheet lies when its owner works on it in a library."""

from dataclasses import dataclass

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class SheetDocument:
    """A workbook in a library, by the ids that never change; `version` is the issue of the sheet that it holds."""

    sheet_id: str
    version: int
    url: str
    site: str
    library: str
    drive_id: str
    item_id: str


def put(ledger: Ledger, document: SheetDocument) -> None:
    """Record where an issue of a sheet lies."""
    ledger.execute(
        "INSERT INTO sheet_document(sheet_id, version, url, site, library, drive_id, item_id, at)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(sheet_id, version) DO UPDATE SET url = excluded.url,"
        " site = excluded.site, library = excluded.library, drive_id = excluded.drive_id, item_id = excluded.item_id,"
        " at = excluded.at",
        (document.sheet_id, document.version, document.url, document.site, document.library, document.drive_id,
         document.item_id, clock.now()),
    )  # fmt: skip


def of_sheet(ledger: Ledger, sheet_id: str) -> SheetDocument | None:
    """Where the latest issue of a sheet lies, None when it went another way."""
    row = ledger.one(
        "SELECT d.* FROM sheet_document d JOIN sheet s ON s.id = d.sheet_id AND s.version = d.version"
        " WHERE d.sheet_id = ?",
        (sheet_id,),
    )
    if row is None:
        return None
    return SheetDocument(
        row["sheet_id"], row["version"], row["url"], row["site"], row["library"], row["drive_id"], row["item_id"]
    )
