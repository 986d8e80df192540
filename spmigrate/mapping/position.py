"""Where a sheet stands: its answers against the present scan, the approved homes and the sign-offs there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from spmigrate import words
from spmigrate.errors import InputError, Problem, SpmigrateError
from spmigrate.mapping import answers, lint, reordering, surroundings
from spmigrate.mapping.gate import Verdict
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.remarks import AnsweredRow, Remark
from spmigrate.mapping.states import State, after
from spmigrate.store import coverage, inventory, mappings, row_facts, signoffs
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.row_facts import FolderFacts
from spmigrate.store.row_identity import difference


@dataclass(frozen=True, slots=True)
class Position:
    """A sheet with its rows in order, what the scan says of them, what blocks them, and what is signed.

    `unsigned` maps the rows without a valid sign-off to the reason; `voided` are those among them that had one.
    `uncovered` are the folders of the source that are in no row; `verdicts` what the gate says, once it was asked.
    `reservations` say what the scan may not have seen; `locks_on` is the day from which the sheet may be locked.
    """

    record: SheetRecord
    source: Source
    state: State
    rows: tuple[MappedRow, ...]
    facts: Mapping[str, FolderFacts]
    remarks: tuple[Remark, ...]
    unsigned: Mapping[str, str]
    voided: frozenset[str]
    uncovered: tuple[str, ...]
    verdicts: tuple[Verdict, ...] = ()
    reservations: tuple[str, ...] = ()
    locks_on: date | None = None

    @property
    def signed(self) -> int:
        """How many rows carry a valid sign-off."""
        return len(self.rows) - len(self.unsigned)

    @property
    def blocked(self) -> frozenset[str]:
        """The rows that cannot be signed as they are."""
        return lint.blocked(self.remarks) & self.unsigned.keys()

    @property
    def ready(self) -> tuple[MappedRow, ...]:
        """The rows that can be signed and are not."""
        blocked = self.blocked
        return tuple(row for row in self.rows if row.row_id in self.unsigned and row.row_id not in blocked)

    def answered(self, rows: Sequence[MappedRow]) -> list[AnsweredRow]:
        """Rows with the numbers that their owner saw and the answers to them."""
        return [
            AnsweredRow(row.row_id, replace(self.facts[row.row_id], identity=row.identity), answers.recorded(row))
            for row in rows
        ]


def record(ledger: Ledger, sheet_id: str, where: str) -> SheetRecord:
    """The sheet of this id. Raises InputError, at `where`, when the ledger has none."""
    found = mappings.sheet(ledger, sheet_id)
    if found is None:
        known = ", ".join(each.id for each in mappings.sheets(ledger)) or "none"
        problem = Problem(where, f"there is no sheet {sheet_id} in this ledger", f"there are: {known}")
        raise InputError(f"{sheet_id} is not a sheet of this ledger", [problem])
    return found


def finished_source(ledger: Ledger, sheet: SheetRecord) -> Source:
    """The source of a sheet. Raises SpmigrateError while it is being scanned."""
    source = inventory.by_id(ledger, sheet.source_id)
    refuse_unfinished(source)
    return source


def refuse_unfinished(source: Source) -> None:
    """Raises SpmigrateError while the scan of a source is not complete: its numbers would be too small."""
    if source.state == "running":
        raise SpmigrateError(
            f"the scan of {source.name} has not finished", hint=f"finish it with: spmigrate scan run {source.root}"
        )


def of(ledger: Ledger, sheet: SheetRecord, choices: Choices, given: Sequence[MappedRow] | None = None) -> Position:
    """Where a sheet stands with the answers in the ledger, or with the rows `given` in their place."""
    source = inventory.by_id(ledger, sheet.source_id)
    rows = [row for row in given or mappings.rows(ledger, sheet.id) if row.position]
    seeds = [(row.folder_id, row.scope) for row in rows]
    found = row_facts.folder_facts(ledger, seeds, source.scan_id)
    facts = {row.row_id: each for row, each in zip(rows, found, strict=True)}
    unsigned = signoffs.unsigned_rows(ledger, [sheet.id], homes=choices.destinations, percent=choices.growth_percent)
    uncovered = tuple(coverage.folders_in_no_row(ledger, source))
    remarks = [*_remarks(ledger, sheet.id, source, rows, facts, choices), *lint.check_coverage(uncovered)]
    reservations = tuple(inventory.hidden(ledger, source))
    remarks += lint.check_hidden(reservations)
    voided = frozenset(row.row_id for row in unsigned if row.voided)
    state = State(sheet.state)
    if not rows:
        state = State.WITHDRAWN
    elif state not in (State.DRAFT, State.ISSUED) or given is not None:
        blocked = len(lint.blocked(remarks) & {row.row_id for row in unsigned})
        state = after(rows=len(rows), signed=len(rows) - len(unsigned), voided=len(voided), blocked=blocked)
    reasons = {row.row_id: row.reason for row in unsigned}
    return Position(
        sheet, source, state, tuple(rows), facts, tuple(remarks), reasons, voided, uncovered, reservations=reservations
    )


def _remarks(
    ledger: Ledger,
    sheet_id: str,
    source: Source,
    rows: Sequence[MappedRow],
    facts: Mapping[str, FolderFacts],
    choices: Choices,
) -> list[Remark]:
    answered = [AnsweredRow(row.row_id, facts[row.row_id], answers.recorded(row)) for row in rows]
    remarks = [*lint.check(answered, choices), *surroundings.check(ledger, sheet_id, source, answered, choices)]
    remarks += reordering.check_recorded(rows)
    for row in rows:
        now, percent = facts[row.row_id].identity, choices.growth_percent
        drift = difference(row.identity, now, percent=percent) if source.state != "running" else None
        if drift:
            text = f"the folder changed since this workbook was issued: {drift}"
            command = f"spmigrate mapping issue {words.typed(source.name)}"
            remarks.append(Remark(row.row_id, "know", text, f"show the owner the new facts: {command}"))
    return remarks
