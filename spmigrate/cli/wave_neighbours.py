"""Rows of a wave that are used with other files, for the command line: which rows beside them do not move with them."""

from typing import TYPE_CHECKING

from spmigrate.cli import view
from spmigrate.model import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spmigrate.migrate.neighbours import Apart, PlacedRow
    from spmigrate.store.mappings import MappedRow
    from spmigrate.store.waves import Wave

_NAMED = 20
_STAYING = frozenset([Decision.ARCHIVE, Decision.BUSINESS_SYSTEM, Decision.NOT_OURS])


def look(session: view.Session, wave: "Wave") -> "list[Apart]":
    """The rows of a wave whose neighbours stay behind, by all sheets of its sources."""
    from spmigrate.migrate import neighbours
    from spmigrate.store import coverage, mappings, waves

    ledger = session.ledger
    rows = [
        (row, source_id)
        for source_id in sorted(coverage.sources_of(ledger, wave))
        for sheet in mappings.sheets_of_source(ledger, source_id)
        for row in mappings.rows(ledger, sheet.id)
        if row.position > 0
    ]
    named = mappings.waves_of_rows(ledger, [row.row_id for row, _ in rows])
    named |= dict.fromkeys(waves.wave_digests(ledger, wave), wave.name)
    placed = [_placed(row, source_id, named.get(row.row_id, "")) for row, source_id in rows]
    return neighbours.apart(placed, wave.name)


def _placed(row: "MappedRow", source_id: int, wave: str) -> "PlacedRow":
    from spmigrate.mapping.lists import UsedWith
    from spmigrate.migrate.neighbours import PlacedRow

    used_with = str(row.meaning.get("used_with") or UsedWith.NOTHING)
    stays = row.meaning.get("decision") in _STAYING
    return PlacedRow(row.row_id, source_id, row.path, "" if used_with == UsedWith.NOTHING else used_with, stays, wave)


def show(found: "Sequence[Apart]") -> None:
    """A sentence for each of the first rows."""
    if found:
        view.line()
        view.line("Used with other files, and these rows beside them do not move with them; links may break:")
    for each in found[:_NAMED]:
        view.line(f"  {each.said}")
    if len(found) > _NAMED:
        view.line(f"  and {len(found) - _NAMED:,} more")


def as_json(found: "Sequence[Apart]") -> list[dict[str, object]]:
    """All of them, for programs."""
    return [
        {
            "row": each.row.row_id,
            "used_with": each.row.used_with,
            "apart": [
                {"row": other.row_id, "path": other.path, "wave": other.wave, "stays": other.stays}
                for other in each.neighbours
            ],
        }
        for each in found
    ]
