"""What the rows of mapping sheets decide for the folders of a source, as far as a report of a scan needs it."""

from dataclasses import dataclass

from spmigrate.model import Decision
from spmigrate.store import mappings
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import MappedRow


@dataclass(frozen=True, slots=True)
class Home:
    """What a row decides for a folder (`tree`: and all below it): where it goes, and who should see it there."""

    path: str
    scope: str
    moves: bool
    decision: str
    label: str
    who: str
    group: str


def homes(ledger: Ledger) -> dict[int, list[Home]]:
    """The rows of every source, by its id; those whose folder has gone are left out."""
    sources = {sheet.id: sheet.source_id for sheet in mappings.sheets(ledger)}
    found: dict[int, list[Home]] = {}
    for row in mappings.rows(ledger):
        if row.position:
            found.setdefault(sources[row.sheet_id], []).append(_home(row))
    return found


def _home(row: MappedRow) -> Home:
    decided = str(row.meaning.get("decision", ""))
    decision = Decision(decided) if decided in list(Decision) else None
    destination = mappings.destination(row)
    return Home(
        row.path, row.scope, decision is not None and decision.moves, decision.value if decision else "",
        destination.label or destination.library if destination else "", str(row.meaning.get("who", "")),
        str(row.meaning.get("group", "")),
    )  # fmt: skip
