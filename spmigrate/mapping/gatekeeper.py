"""Asks the gate: what the ledger and the registers hold now goes in, the verdict on each row comes out."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from spmigrate.mapping import gate
from spmigrate.mapping.gate import GateRow, Verdict
from spmigrate.mapping.rulebook import Rulebook
from spmigrate.model import Destination, SignedRow
from spmigrate.store import clock, inventory, mappings, signoffs, wave_changes
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.row_identity import RowIdentity
from spmigrate.store.signoffs import Act, RowAct, UnsignedRow


def today() -> date:
    """The present day, in UTC as the ledger has it."""
    return date.fromisoformat(clock.now()[:10])


class Gatekeeper:
    """The gate before the mover, for one ledger: called at the start of a wave and at every batch.

    `rules` is asked each time, so that a hold or a leaver that somebody enters while a wave runs counts at once. What
    a finished scan says of a sheet's rows is kept: it does not change.
    """

    def __init__(
        self,
        ledger: Ledger,
        rules: Callable[[], Rulebook],
        *,
        homes: Sequence[Destination] | None = None,
        day: Callable[[], date] = today,
    ) -> None:
        """`homes` are the approved libraries; None where nobody declares any."""
        self._ledger = ledger
        self.rules = rules
        self._homes = homes
        self._day = day
        self._seen: dict[tuple[str, int, int, int], dict[str, RowIdentity]] = {}

    def __call__(self, sheet_ids: Sequence[str] | None = None) -> list[SignedRow | UnsignedRow]:
        """The rows of these sheets, of all without any: those that may move, and the others with the reason."""
        return [each.as_row() for each in self.ask(sheet_ids)]

    def ask(self, sheet_ids: Sequence[str] | None = None) -> list[Verdict]:
        """The verdict on every row of these sheets, of all without any."""
        with self._ledger.transaction():
            return gate.verdicts(self.rows(sheet_ids), self.rules(), self._day(), homes=self._homes)

    def rows(self, sheet_ids: Sequence[str] | None = None) -> list[GateRow]:
        """What the gate is shown of every row of these sheets."""
        entries = signoffs.of_sheets(self._ledger, sheet_ids)
        waves = wave_changes.states_of_rows(self._ledger)
        found: list[GateRow] = []
        for record in mappings.sheets(self._ledger):
            if sheet_ids is not None and record.id not in sheet_ids:
                continue
            acts = signoffs.by_row(entries.get(record.id, ()))
            mapped = [row for row in mappings.rows(self._ledger, record.id) if row.position]
            now = self._present(record, mapped)
            before = _meanings(self._ledger, acts)
            found += [
                GateRow(
                    record, row, tuple(acts.get(row.row_id, ())), now.get(row.row_id), before, waves.get(row.row_id)
                )
                for row in mapped
            ]
        return found

    def _present(self, record: SheetRecord, mapped: Sequence[MappedRow]) -> dict[str, RowIdentity]:
        source = inventory.by_id(self._ledger, record.source_id)
        if source.state == "running":
            return signoffs.present(self._ledger, record, mapped)
        key = (record.id, record.version, record.scan_id, source.scan_id)
        if key not in self._seen:
            self._seen[key] = signoffs.present(self._ledger, record, mapped)
        return self._seen[key]


def _meanings(ledger: Ledger, acts: dict[str, list[RowAct]]) -> dict[str, dict[str, Any]]:
    """What was signed before, by digest, of rows that were signed more than once."""
    digests = {
        each.digest
        for found in acts.values()
        if sum(act.entry.kind == Act.SIGNED for act in found) > 1
        for each in found
    }
    return {digest: json.loads(text)["meaning"] for digest, text in signoffs.forms(ledger, digests).items()}
