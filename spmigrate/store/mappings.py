"""Sheets, their rows and the answers."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spmigrate.errors import LedgerError
from spmigrate.model import Destination
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.row_identity import RowIdentity, canonical, row_digest, row_form


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """A sheet as the ledger holds it. `basis` is what the sheet rests on: scan, lists and destinations, as digests.

    `part` is what the draft of its source calls it; empty for a sheet of the whole source.
    """

    id: str
    source_id: int
    scan_id: int
    version: int
    issue_key: str
    file: str
    owner: str
    state: str
    issued: str
    basis: Mapping[str, str]
    deputy: str | None = None
    deputy_until: str | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row with its answers: `meaning` is what a signature covers, `remarks` what may change under it.

    `position` counts from 1 on the sheet; 0 is a row whose folder has gone from the source. `baseline` are the answers
    that were issued, or collected last in the order of their rows; empty in rows of older ledgers.
    """

    row_id: str
    sheet_id: str
    position: int
    folder_id: int
    scope: str
    path: str
    identity: RowIdentity
    meaning: Mapping[str, Any] = field(default_factory=dict)
    remarks: Mapping[str, Any] = field(default_factory=dict)
    baseline: Mapping[str, str] = field(default_factory=dict)

    def digest(self, owner: str) -> str:
        """What the owner of the sheet signs for this row."""
        return row_digest(self.row_id, self.path, self.scope, owner, self.identity, self.meaning)

    def form(self, owner: str) -> dict[str, Any]:
        """The canonical form that the digest is made of."""
        return row_form(self.row_id, self.path, self.scope, owner, self.identity, self.meaning)


def sheets(ledger: Ledger) -> list[SheetRecord]:
    """All sheets, oldest first."""
    return [_sheet(row) for row in ledger.rows("SELECT * FROM sheet ORDER BY id")]


def sheet(ledger: Ledger, sheet_id: str) -> SheetRecord | None:
    """The sheet of this id, None when there is none."""
    row = ledger.one("SELECT * FROM sheet WHERE id = ?", (sheet_id,))
    return _sheet(row) if row else None


def sheets_of_source(ledger: Ledger, source_id: int) -> list[SheetRecord]:
    """The sheets of a source, oldest first."""
    return [_sheet(row) for row in ledger.rows("SELECT * FROM sheet WHERE source_id = ? ORDER BY id", (source_id,))]


def next_numbers(ledger: Ledger) -> tuple[int, int]:
    """The numbers of the next sheet and of the next row; both count through the whole ledger."""
    row = ledger.one("SELECT (SELECT count(*) FROM sheet) AS sheets, (SELECT count(*) FROM mapping_row) AS mapped")
    return (row["sheets"] + 1, row["mapped"] + 1) if row else (1, 1)


def put_sheet(ledger: Ledger, record: SheetRecord, rows: Sequence[MappedRow]) -> None:
    """Write a sheet and its rows: new ones are added, known ones get the facts of the present scan. Answers stay."""
    with ledger.transaction():
        ledger.execute(
            "INSERT INTO sheet(id, source_id, scan_id, version, issue_key, file, owner, deputy, deputy_until, state,"
            " issued, basis, part) VALUES(:id, :source, :scan, :version, :key, :file, :owner, :deputy, :until, :state,"
            " :issued, :basis, :part) ON CONFLICT(id) DO UPDATE SET"
            " scan_id = excluded.scan_id, version = excluded.version,"
            " issue_key = excluded.issue_key, file = excluded.file, owner = excluded.owner, deputy = excluded.deputy,"
            " deputy_until = excluded.deputy_until, state = excluded.state, issued = excluded.issued,"
            " basis = excluded.basis, part = excluded.part",
            {
                "id": record.id, "source": record.source_id, "scan": record.scan_id, "version": record.version,
                "key": record.issue_key, "file": record.file, "owner": record.owner, "deputy": record.deputy,
                "until": record.deputy_until, "state": record.state, "issued": record.issued,
                "basis": canonical(dict(record.basis)), "part": record.part,
            },
        )  # fmt: skip
        ledger.execute("UPDATE mapping_row SET position = 0 WHERE sheet_id = ?", (record.id,))
        ledger.execute_many(
            "INSERT INTO mapping_row(row_id, sheet_id, position, folder_id, scope, identity) VALUES(?, ?, ?, ?, ?, ?)"
            " ON CONFLICT(row_id) DO UPDATE SET sheet_id = excluded.sheet_id, position = excluded.position,"
            " identity = excluded.identity",
            [
                (row.row_id, row.sheet_id, row.position, row.folder_id, row.scope, row.identity.as_text())
                for row in rows
            ],
        )


def set_state(ledger: Ledger, sheet_id: str, state: str) -> None:
    """Record the state that a sheet has reached."""
    ledger.execute("UPDATE sheet SET state = ? WHERE id = ?", (state, sheet_id))


def put_basis(ledger: Ledger, sheet_id: str, basis: Mapping[str, str]) -> None:
    """Record what a sheet rests on."""
    ledger.execute("UPDATE sheet SET basis = ? WHERE id = ?", (canonical(dict(basis)), sheet_id))


def put_answers(ledger: Ledger, rows: Iterable[MappedRow]) -> None:
    """Replace the answers of rows."""
    ledger.execute_many(
        "UPDATE mapping_row SET decision = ? WHERE row_id = ?",
        [(canonical({"meaning": dict(row.meaning), "remarks": dict(row.remarks)}), row.row_id) for row in rows],
    )


def put_baseline(ledger: Ledger, baseline: Mapping[str, Mapping[str, str]]) -> None:
    """Record the answers, by row id, that later ones are compared with."""
    ledger.execute_many(
        "UPDATE mapping_row SET baseline = ? WHERE row_id = ?",
        [(canonical(dict(answers)), row_id) for row_id, answers in baseline.items()],
    )


def rows(ledger: Ledger, sheet_id: str | None = None) -> list[MappedRow]:
    """The rows of a sheet (of all sheets), in the order of the sheet, those whose folder has gone included."""
    which, parameters = ("", ()) if sheet_id is None else (" WHERE m.sheet_id = ?", (sheet_id,))
    found = ledger.rows(
        f"SELECT m.*, f.path FROM mapping_row m JOIN folder f ON f.id = m.folder_id{which}"  # noqa: S608 - ours
        " ORDER BY m.sheet_id, m.position, m.row_id",
        parameters,
    )
    return [_row(row) for row in found]


def waves_of_rows(ledger: Ledger, row_ids: Iterable[str]) -> dict[str, str]:
    """The wave that each of these rows is in, by name; rows that are in none are left out."""
    found = ledger.rows(
        "SELECT r.row_id, w.name FROM json_each(?) g JOIN wave_row r ON r.row_id = g.value"
        " JOIN wave w ON w.id = r.wave_id WHERE r.released IS NULL ORDER BY w.id",
        (json.dumps(list(row_ids)),),
    )
    return {row["row_id"]: row["name"] for row in found}


def destination(row: MappedRow) -> Destination | None:
    """The new home that the owner chose for a row, None when there is none."""
    home = row.meaning.get("home")
    if not home:
        return None
    return Destination(site=home["site"], library=home["library"], label=str(row.remarks.get("home label", "")))


def _sheet(row: Row) -> SheetRecord:
    values = {name: row[name] for name in row.keys()}  # noqa: SIM118 - a database row iterates its values
    return SheetRecord(**{**values, "basis": json.loads(row["basis"])})


def _row(row: Row) -> MappedRow:
    try:
        answers, baseline = json.loads(row["decision"]), json.loads(row["baseline"])
        identity = RowIdentity.parse(row["identity"])
    except (ValueError, TypeError):
        raise LedgerError(f"row {row['row_id']} of the ledger is damaged", hint="restore it from a backup") from None
    return MappedRow(
        row_id=row["row_id"], sheet_id=row["sheet_id"], position=row["position"], folder_id=row["folder_id"],
        scope=row["scope"], path=row["path"], identity=identity,
        meaning=answers.get("meaning", {}), remarks=answers.get("remarks", {}), baseline=baseline,
    )  # fmt: skip
