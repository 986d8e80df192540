"""Workbooks that are out already and would be written again just as they are: those stay with their owners."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from spmigrate.mapping import answers, sheet
from spmigrate.mapping.answers import Answers
from spmigrate.mapping.columns import ANSWER_KEYS
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.sheet import SheetRow
from spmigrate.mapping.states import State
from spmigrate.store import mappings, row_facts
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import SheetRecord
from spmigrate.store.row_facts import FolderFacts, Seed
from spmigrate.store.row_identity import difference, sha256

SHOWN = "shown"
"""Under which the basis of a sheet keeps the digest of what its workbook shows."""

_NOT_OUT = (State.DRAFT, State.WITHDRAWN)


def proposal(facts: FolderFacts, proposals: Mapping[Seed, Answers], choices: Choices) -> Answers:
    """What a fresh workbook offers for a row: what its draft proposes, else what its name suggests."""
    return proposals.get((facts.folder_id, facts.scope)) or answers.proposed(facts, choices)


def shown(
    record: SheetRecord,
    source: Source,
    rows: Sequence[tuple[str, FolderFacts]],
    proposals: Mapping[Seed, Answers],
    choices: Choices,
) -> str:
    """The digest of what a workbook shows before anybody answers: rows by id, facts, proposals, choices, and owner."""
    offered = [(row_id, facts, proposal(facts, proposals, choices)) for row_id, facts in rows]
    known = sheet.as_owners_know(record, source)
    cells = [
        [str(cell) for cell in sheet.cells(known, SheetRow(row_id, facts, given), choices)]
        for row_id, facts, given in offered
    ]
    lists = [choices.lists.marking, choices.lists.contact, choices.schedule.version]
    return sha256([
        record.owner, record.deputy, record.deputy_until, record.part, lists,
        [choices.of(key) for key in ANSWER_KEYS], cells,
    ])  # fmt: skip


def stays(
    ledger: Ledger,
    source: Source,
    known: SheetRecord,
    fresh: SheetRecord,
    proposals: Mapping[Seed, Answers],
    seeds: Sequence[Seed],
    choices: Choices,
    folder: Path,
) -> bool:
    """Whether the workbook of `known` is out and says all that the one of `fresh` would: nothing has changed."""
    if known.state in _NOT_OUT or SHOWN not in known.basis or not (folder.parent / known.file).is_file():
        return False
    mapped = [row for row in mappings.rows(ledger, known.id) if row.position]
    if [(row.folder_id, row.scope) for row in mapped] != list(seeds):
        return False
    found = row_facts.folder_facts(ledger, seeds, source.scan_id)
    drifted = any(
        difference(row.identity, facts.identity, percent=choices.growth_percent)
        for row, facts in zip(mapped, found, strict=True)
    )
    rows = [(row.row_id, facts) for row, facts in zip(mapped, found, strict=True)]
    return not drifted and shown(fresh, source, rows, proposals, choices) == known.basis[SHOWN]
