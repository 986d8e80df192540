"""Collecting a workbook that came back: read it, look at every row, record the answers."""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from spmigrate.errors import Problem
from spmigrate.formats import returned_workbook
from spmigrate.mapping import answers, position, reordering, returned, sheet, signed_workbook
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.position import Position
from spmigrate.store import mappings
from spmigrate.store.ledger import Ledger
from spmigrate.store.row_facts import FolderFacts


@dataclass(frozen=True, slots=True)
class Observation:
    """A remark at its cell. `blocks` says that the row cannot be signed before it is settled."""

    problem: Problem
    blocks: bool


@dataclass(frozen=True, slots=True)
class Collected:
    """What came of a returned workbook. `changed` are the rows whose answers mean something else than before.

    `left_out` names what programs added to the workbook when they saved it, and nobody reads.
    """

    position: Position
    observations: tuple[Observation, ...]
    changed: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def collect(ledger: Ledger, path: Path, offered: Choices, *, keep: bool, folder: Path | None = None) -> Collected:
    """Read a workbook back and, if `keep`, record its answers, and its bytes in `folder`.

    Raises InputError when it cannot be used.
    """
    found = returned_workbook.read(path, returned.TABLES, typed=returned.TYPED, ask=offered.lists.contact)
    record = position.record(ledger, returned.sheet_id(found), found.name)
    returned.check_issue(found, record)
    source = position.finished_source(ledger, record)
    mapped = {row.row_id: row for row in mappings.rows(ledger, record.id) if row.position}
    shown = sheet.as_owners_know(record, source)
    checks = {
        row_id: sheet.check_of(row_id, shown, FolderFacts(row.folder_id, row.path, row.scope, row.identity))
        for row_id, row in mapped.items()
    }
    read = returned.read_sheet(found, checks, offered, issued=date.fromisoformat(record.issued[:10]))
    rows = [answers.answered(row, read.answers[row_id], offered) for row_id, row in mapped.items()]
    digest = signed_workbook.keep(path, folder) if keep else ""
    changed = tuple(row.row_id for row in rows if row.meaning != mapped[row.row_id].meaning)
    with ledger.transaction():
        if keep:
            mappings.put_answers(ledger, rows)
            mappings.put_basis(ledger, record.id, {**record.basis, signed_workbook.KEY: digest})
        stands = position.of(ledger, record, offered, rows)
        if keep:
            mappings.set_state(ledger, record.id, stands.state)
            if not reordering.check_recorded(rows):
                mappings.put_baseline(ledger, {row.row_id: asdict(answers.recorded(row)) for row in rows})
    remarks = sorted(
        (*stands.remarks, *read.remarks), key=lambda remark: (read.numbers.get(remark.row_id, 0), not remark.blocks)
    )
    observations = [Observation(read.problem(remark), remark.blocks) for remark in remarks]
    observations += (Observation(stray, False) for stray in found.strays)
    return Collected(stands, tuple(observations), changed, found.left_out)
