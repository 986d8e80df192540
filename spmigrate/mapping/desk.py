"""The desk where workbooks come back: collecting answers, looking at where sheets stand, taking sign-offs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spmigrate.errors import Problem, SpmigrateError
from spmigrate.formats import returned_workbook, yaml
from spmigrate.mapping import answers, position, returned, sheet, signoff
from spmigrate.mapping.lists import FILE_NAME, Choices, ListsFile
from spmigrate.mapping.position import Position
from spmigrate.mapping.states import State
from spmigrate.model import Destination
from spmigrate.store import clock, inventory, mappings
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import SignoffEntry
from spmigrate.store.row_facts import FolderFacts


@dataclass(frozen=True, slots=True)
class Observation:
    """A remark at its cell. `blocks` says that the row cannot be signed before it is settled."""

    problem: Problem
    blocks: bool


@dataclass(frozen=True, slots=True)
class Collected:
    """What came of a returned workbook. `changed` are the rows whose answers mean something else than before."""

    position: Position
    observations: tuple[Observation, ...]
    changed: tuple[str, ...]


def choices(folder: Path, destinations: Sequence[Destination]) -> Choices:
    """The choices of this council, from lists.yaml in `folder`. Raises InputError when it cannot be used."""
    return Choices(yaml.read(folder / FILE_NAME, ListsFile), tuple(destinations))


def collect(ledger: Ledger, path: Path, offered: Choices, *, keep: bool) -> Collected:
    """Read a workbook back and, if `keep`, record its answers. Raises InputError when it cannot be used."""
    found = returned_workbook.read(path, returned.TABLES)
    record = position.record(ledger, returned.sheet_id(found), found.name)
    returned.check_issue(found, record)
    source = position.finished_source(ledger, record)
    mapped = {row.row_id: row for row in mappings.rows(ledger, record.id) if row.position}
    checks = {
        row_id: sheet.check_of(row_id, source, FolderFacts(row.folder_id, row.path, row.scope, row.identity))
        for row_id, row in mapped.items()
    }
    read = returned.read_sheet(found, checks, offered)
    rows = [answers.answered(row, read.answers[row_id], offered) for row_id, row in mapped.items()]
    changed = tuple(row.row_id for row in rows if row.meaning != mapped[row.row_id].meaning)
    with ledger.transaction():
        if keep:
            mappings.put_answers(ledger, rows)
        stands = position.of(ledger, record, offered, rows)
        if keep:
            mappings.set_state(ledger, record.id, stands.state)
    remarks = sorted(
        (*stands.remarks, *read.remarks), key=lambda remark: (read.numbers.get(remark.row_id, 0), not remark.blocks)
    )
    observations = tuple(Observation(read.problem(remark), remark.blocks) for remark in remarks)
    return Collected(stands, observations, changed)


def status(ledger: Ledger, offered: Choices) -> list[Position]:
    """Where every sheet stands now."""
    return [position.of(ledger, record, offered) for record in mappings.sheets(ledger)]


def statement(stands: Position) -> str | None:
    """What the owner would agree to by signing the rows that are ready now; None when there are none."""
    if not stands.ready:
        return None
    waiting = [remark for remark in stands.remarks if remark.row_id in stands.blocked and remark.blocks]
    return signoff.statement(stands.record, stands.source.name, stands.answered(stands.ready), waiting)


def digest(stands: Position) -> str:
    """The digest that the owner would sign for the rows that are ready now."""
    return signoff.digest(stands.record, stands.ready)


def sign(
    ledger: Ledger, sheet_id: str, offered: Choices, *, signer: str, evidence: signoff.Evidence, now: str | None = None
) -> SignoffEntry | None:
    """Record the sign-off of every row that is ready; None when every row is signed already.

    Raises SpmigrateError when this role may not sign, the workbook is not back, or no row is ready.
    """
    at = now or clock.now()
    with ledger.transaction():
        record = position.record(ledger, sheet_id, sheet_id)
        position.refuse_unfinished(inventory.by_id(ledger, record.source_id))
        role = signoff.capacity(record, signer, evidence, at[:10])
        stands = position.of(ledger, record, offered)
        if not stands.unsigned:
            return None
        if stands.state in (State.DRAFT, State.ISSUED):
            hint = f"when it is back: spmigrate mapping collect {record.file}"
            raise SpmigrateError(f"the workbook of {sheet_id} has not come back", hint=hint)
        text = statement(stands)
        if text is None:
            raise SpmigrateError(f"no row of {sheet_id} can be signed yet", hint="spmigrate mapping status")
        entry = mappings.add_signoff(
            ledger,
            signoff.entry(record, stands.ready, signer=signer, role=role, evidence=evidence, text=text, at=at),
        )
        mappings.set_state(ledger, sheet_id, position.of(ledger, record, offered).state)
    return entry


def verify(ledger: Ledger) -> tuple[list[SignoffEntry], list[signoff.Break]]:
    """The chain of sign-offs, and every place where it does not hold."""
    chain = list(mappings.signoffs(ledger))
    return chain, list(signoff.breaks(chain))
