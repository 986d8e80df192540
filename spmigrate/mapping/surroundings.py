"""What lies around the rows of a sheet: rows of other sheets, and what the scan knows of names and lengths of paths."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spmigrate.mapping import collisions, homes, lint
from spmigrate.mapping.collisions import Going, Holding
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.remarks import AnsweredRow, Remark
from spmigrate.store import inventory, mappings, row_paths, row_place
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import MappedRow
from spmigrate.store.row_facts import FolderFacts

_LONG_PATHS = ("PATH-LONG", "PATH-TOO-LONG")
"""Findings without which no path of a row can be too long: a scan sees them well before that."""


@dataclass(frozen=True, slots=True)
class _Others:
    rows: tuple[MappedRow, ...]
    sources: Mapping[str, Source]


def check(
    ledger: Ledger, sheet_id: str, source: Source, rows: Sequence[AnsweredRow], choices: Choices
) -> Iterator[Remark]:
    """Every remark on rows of one sheet that comes from what lies around them."""
    others = _others(ledger, sheet_id)
    moving = [row for row in rows if row.answers.decision in lint.MOVES]
    yield from collisions.meeting(
        [_going(row, choices) for row in moving], _goings(ledger, others.rows),
        lambda seeds: row_paths.names_directly_in(ledger, seeds),
    )  # fmt: skip
    yield from collisions.overlapping(
        [_holding(source, row) for row in rows],
        [_other_holding(others.sources[row.sheet_id], row) for row in others.rows],
    )
    yield from _lengths(ledger, source, moving, choices)


def _others(ledger: Ledger, sheet_id: str) -> _Others:
    sources = {each.id: inventory.by_id(ledger, each.source_id) for each in mappings.sheets(ledger)}
    rows = tuple(row for row in mappings.rows(ledger) if row.position and row.sheet_id != sheet_id)
    return _Others(rows, sources)


def _going(row: AnsweredRow, choices: Choices) -> Going:
    home = choices.home(row.answers.home) if row.answers.home else None
    place = collisions.target(row.facts, row.answers.decision, home) if home else None
    return Going(row.row_id, (row.facts.folder_id, row.facts.scope), place)


def _goings(ledger: Ledger, rows: Sequence[MappedRow]) -> Iterator[Going]:
    moving = [
        (row, home)
        for row in rows
        if row.meaning.get("decision") in lint.MOVES and (home := mappings.destination(row)) is not None
    ]
    folder_ids = [row.folder_id for row, _ in moving]
    tidied, above = row_place.tidied_names(ledger, folder_ids), row_place.above(ledger, folder_ids)
    for row, home in moving:
        facts = FolderFacts(
            row.folder_id, row.path, row.scope, tidied=tidied.get(row.folder_id), above=above[row.folder_id]
        )
        place = collisions.target(facts, str(row.meaning["decision"]), home)
        yield Going(row.row_id, (row.folder_id, row.scope), place)


def _holding(source: Source, row: AnsweredRow) -> Holding:
    path = _whole_path(source, row.facts.path)
    return Holding(row.row_id, source.id, path, row.facts.scope, row.answers.decision, row.answers.notes)


def _other_holding(source: Source, row: MappedRow) -> Holding:
    said, noted = str(row.meaning.get("decision", "")), str(row.remarks.get("notes", ""))
    return Holding(row.row_id, source.id, _whole_path(source, row.path), row.scope, said, noted)


def _whole_path(source: Source, path: str) -> str:
    return "/".join(part for part in (source.root.rstrip("/"), path) if part) or "/"


def _lengths(ledger: Ledger, source: Source, rows: Sequence[AnsweredRow], choices: Choices) -> Iterator[Remark]:
    rooms = {
        (row.facts.folder_id, row.facts.scope): room
        for row in rows
        if any(code in _LONG_PATHS for _, code, _ in row.facts.findings)
        and (room := homes.room(row, choices)) is not None
    }
    found = row_paths.overlong(ledger, rooms, source.scan_id) if rooms else {}
    for row in rows:
        seed = (row.facts.folder_id, row.facts.scope)
        if seed in found:
            yield homes.check_lengths(row, rooms[seed], found[seed])
