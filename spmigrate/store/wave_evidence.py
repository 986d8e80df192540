"""What an evidence pack of a wave tells: rows, items, events, and the chain of packs that were written."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import Wave

NO_PACK = "0" * 64
"""What the first pack of a ledger follows."""


@dataclass(frozen=True, slots=True)
class PackEntry:
    """A pack that was written: the digest of its list of digests, in a chain of all packs of the ledger."""

    wave: str
    at: str
    sums: str
    previous: str
    entry: str

    def computed(self) -> str:
        """What `entry` must be."""
        content = json.dumps([self.wave, self.at, self.sums, self.previous], ensure_ascii=True)
        return hashlib.sha256(content.encode()).hexdigest()


def rows_of(ledger: Ledger, wave: Wave) -> Iterator[Row]:
    """The rows of a wave with the digest that was signed: row_id, sheet_id, digest, signoff_id, scan_id, released."""
    return ledger.rows(
        "SELECT w.row_id, m.sheet_id, w.digest, w.signoff_id, w.scan_id, w.root, w.released, d.path"
        " FROM wave_row w JOIN mapping_row m ON m.row_id = w.row_id JOIN folder d ON d.id = m.folder_id"
        " WHERE w.wave_id = ? ORDER BY w.row_id",
        (wave.id,),
    )


def items_of(ledger: Ledger, wave: Wave) -> Iterator[Row]:
    """Every transfer of a wave, of all rounds, with its source, its target and all digests. Streams."""
    return ledger.rows(
        "SELECT t.id, t.round, t.action, t.superseded, t.gone, t.former_id, t.row_id, s.name AS source,"
        " d.path AS folder, i.name, t.size, t.modified_ns, t.created_ns, t.state, t.outcome, t.code, t.reason,"
        " b.id AS batch, b.route, t.site, t.library, t.target_folder, t.target_name, t.target_id, t.etag, t.sha256,"
        " t.quickxor, t.copied_size, t.copied_modified_ns, t.target_quickxor, t.verified, t.verify_note, t.at"
        " FROM transfer t JOIN item i ON i.id = t.item_id JOIN folder d ON d.id = i.folder_id"
        " JOIN source s ON s.id = i.source_id LEFT JOIN batch b ON b.id = t.batch_id"
        " WHERE t.wave_id = ? ORDER BY t.id",
        (wave.id,),
    )


def events_of(ledger: Ledger, wave: Wave) -> Iterator[Row]:
    """The log of outcomes of a wave, oldest first: id, transfer_id, at, event, code, note. Streams."""
    return ledger.rows(
        "SELECT e.id, e.transfer_id, e.at, e.event, e.code, e.note FROM outcome_event e"
        " JOIN transfer t ON t.id = e.transfer_id WHERE t.wave_id = ? ORDER BY e.id",
        (wave.id,),
    )


def wave_events_of(ledger: Ledger, wave: Wave) -> Iterator[Row]:
    """What was asked of a wave and what its runs did, oldest first: at, event, note."""
    return ledger.rows("SELECT at, event, note FROM wave_event WHERE wave_id = ? ORDER BY id", (wave.id,))


def roots(ledger: Ledger, wave: Wave) -> list[str]:
    """Where the rows of a wave come from."""
    found = ledger.rows("SELECT DISTINCT root FROM wave_row WHERE wave_id = ? ORDER BY root", (wave.id,))
    return [row["root"] for row in found]


def times(ledger: Ledger, wave: Wave) -> tuple[str, str] | None:
    """When the first and the last outcome of a wave was recorded; None before there is one."""
    row = ledger.one("SELECT min(at) AS first, max(at) AS last FROM transfer WHERE wave_id = ?", (wave.id,))
    return (row["first"], row["last"]) if row and row["first"] else None


def append(ledger: Ledger, wave: Wave, sums: str) -> PackEntry:
    """Note that a pack is written: `sums` is the SHA-256 of its list of digests. What is noted cannot be altered."""
    with ledger.transaction():
        last = ledger.one("SELECT entry FROM evidence_pack ORDER BY id DESC LIMIT 1")
        made = PackEntry(wave.name, clock.now(), sums, last["entry"] if last else NO_PACK, "")
        made = PackEntry(made.wave, made.at, made.sums, made.previous, made.computed())
        ledger.execute(
            "INSERT INTO evidence_pack(wave, at, sums, previous, entry) VALUES(?, ?, ?, ?, ?)",
            (made.wave, made.at, made.sums, made.previous, made.entry),
        )
    return made


def packs(ledger: Ledger) -> list[PackEntry]:
    """The packs that were written, oldest first."""
    return [
        PackEntry(row["wave"], row["at"], row["sums"], row["previous"], row["entry"])
        for row in ledger.rows("SELECT wave, at, sums, previous, entry FROM evidence_pack ORDER BY id")
    ]
