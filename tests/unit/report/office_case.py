"""A small ledger like that of a whole council, and the desk that asks it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from spmigrate.report import where_is
from spmigrate.report.where_is import Answer, Desk, Role
from spmigrate.report.where_is_search import Search, search
from spmigrate.store import mappings
from spmigrate.store.ledger import Ledger
from spmigrate.store.signoffs import Act, SignoffEntry, add_signoff
from spmigrate.store.where_is_index import WordIndex
from tests.bench import _large_ledger

DESK = Desk(
    drives={"G": r"\\fs01\Directorate01", "H": r"\\fs01\Directorate02"}, incident="Ring IG.",
    people={_large_ledger.OWNER: "Head of Highways Maintenance"},
)  # fmt: skip


class Office:
    """A small ledger like that of a whole council: both sources are signed, the first has moved."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ledger.db"
        _large_ledger.make(self.path, sources=2, branches=(2, 2, 2))
        self.ledger = Ledger(self.path)
        for source in (1, 2):
            self.sign(source)
        self.index = WordIndex(folder / "where-is.db", write=True)
        self.index.fill(self.path)

    def change(self, sql: str, *values: object) -> None:
        with closing(sqlite3.connect(self.path)) as database, database:
            assert database.execute(sql, values).rowcount

    def path_of(self, source: int, depth: int, number: int = 0) -> str:
        rows = self.ledger.rows("SELECT path FROM folder WHERE source_id=? ORDER BY id", (source,))
        return [row["path"] for row in rows if row["path"].count("/") == depth - 1 and row["path"]][number]

    def file_of(self, path: str, source: int, *, moved: bool = True) -> str:
        row = self.ledger.one(
            "SELECT i.name FROM item i JOIN folder f ON f.id = i.folder_id WHERE f.path=? AND f.source_id=?"
            " AND (i.id % 10 <> 0) = ?", (path, source, moved))  # fmt: skip
        assert row is not None
        return f"{path}/{row['name']}"

    def decide(self, source: int, **answers: str) -> None:
        meaning = {**_large_ledger.DECISION["meaning"], **answers}
        decision = json.dumps({**_large_ledger.DECISION, "meaning": meaning})
        self.change("UPDATE mapping_row SET decision=? WHERE sheet_id=?", decision, f"S-{source:04}")

    def sign(self, source: int, act: str = Act.SIGNED) -> None:
        """The act of the owner for every row of the source's sheet, with the answers that it has now."""
        sheet = f"S-{source:04}"
        rows = tuple((row.row_id, row.digest(_large_ledger.OWNER)) for row in mappings.rows(self.ledger, sheet))
        draft = SignoffEntry(
            sheet_id=sheet, at="2026-10-06T09:00:00Z", signer=_large_ledger.OWNER, role="owner", evidence="CHG-1",
            statement="", digest="", rows=rows, act=act, level=3, person=_large_ledger.OWNER,
        )  # fmt: skip
        add_signoff(self.ledger, draft)

    def look(self, text: str, *, index: bool = True) -> Search:
        return search(self.ledger, self.index if index else None, text, DESK)

    def ask(self, text: str, role: Role = Role.SERVICE_DESK) -> Answer:
        (place,) = self.look(text).places
        return where_is.tell(place, DESK, role)
