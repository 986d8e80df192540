"""The folders that the rows of a wave get at their new homes, planned with the wave."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from spmigrate.errors import NotSignedOff
from spmigrate.migrate import consent, scope
from spmigrate.migrate.access.wanted import Home, Rules, decide
from spmigrate.model import SignedRow
from spmigrate.store import row_homes
from spmigrate.store.ledger import Ledger
from spmigrate.store.row_homes import RowHome
from spmigrate.store.waves import Wave
from spmigrate.words import plural

COLUMNS = {"subject": "Business class", "marking": "Marking"}
"""The columns of a library that a row's answers fill, where the library has them."""


def plan(ledger: Ledger, wave: Wave, rows: Sequence[SignedRow], rules: Rules) -> None:
    """Plan the folder of every row that moves. Raises NotSignedOff naming rows that need a decision first."""
    meanings = row_homes.meanings(ledger, [row.row_id for row in rows])
    found: list[RowHome] = []
    undecided: list[str] = []
    for row in rows:
        home = _home(ledger, row, meanings.get(row.row_id, {}), rules)
        if home is None:
            continue
        wanted, planned = home
        undecided += [f"{row.row_id} ({each})" for each in wanted.undecided]
        found.append(planned)
    if undecided:
        raise NotSignedOff(
            f"who may see {plural(len(undecided), 'row')} is not decided: {consent.listed(undecided)}",
            hint="decide it in governance_rules/access.yaml, or let the owner choose who should see it, and sign again",
        )
    row_homes.put(ledger, wave, _narrowed(found))


def changed(ledger: Ledger, wave: Wave, rows: Sequence[SignedRow], rules: Rules) -> dict[str, str]:
    """Which of these rows, signed anew, want another folder than the wave made for them, with a reason to wait."""
    planned = {home.row_id: home for home in row_homes.of_wave(ledger, wave)}
    meanings = row_homes.meanings(ledger, [row.row_id for row in rows])
    found: dict[str, str] = {}
    for row in rows:
        home = _home(ledger, row, meanings.get(row.row_id, {}), rules)
        if home is None:
            continue
        wanted, new = home
        old = planned.get(row.row_id)
        if wanted.undecided or old is None or _asked(new) != _asked(old):
            found[row.row_id] = "who may see it, its label or its columns were signed anew: plan another wave with it"
    return found


def _asked(home: RowHome) -> tuple[object, ...]:
    """What was signed of a folder."""
    return home.own, home.grants, home.label, home.columns


def _home(ledger: Ledger, row: SignedRow, meaning: Mapping[str, Any], rules: Rules) -> tuple[Home, RowHome] | None:
    """The folder of one row; None when nothing of it moves."""
    if row.destination is None:
        return None
    trail = next(scope.folders(ledger, row), None)
    if trail is None or trail[0].place.fate is not None:
        return None
    path = trail[0].place.path
    place, access = row_homes.access_of(ledger, row.folder_id)
    wanted = decide(meaning, rules, site=row.destination.site, place=place, fills_library=not path, access=access)
    return wanted, RowHome(
        row_id=row.row_id, site=row.destination.site, library=row.destination.library, path=path, own=wanted.own,
        grants=tuple((each.who, each.level) for each in wanted.grants), label=str(meaning.get("keep") or ""),
        columns=tuple((title, str(meaning[key])) for key, title in COLUMNS.items() if meaning.get(key)),
        remarks=wanted.remarks,
    )  # fmt: skip


def _narrowed(homes: Sequence[RowHome]) -> list[RowHome]:
    """The same, with a remark where a folder inherits from one that fewer people see."""
    closed = {(each.site, each.library, each.path.casefold()): each for each in homes if each.own}
    found: list[RowHome] = []
    for each in homes:
        parts = each.path.casefold().split("/")
        above = [closed.get((each.site, each.library, "/".join(parts[:n]))) for n in range(1, len(parts))]
        inside = next((other for other in reversed(above) if other is not None and other.row_id != each.row_id), None)
        if inside is not None and not each.own:
            remark = f"only those see it who see {inside.path} ({inside.row_id}), which it lies in"
            found.append(replace(each, remarks=(*each.remarks, remark)))
        else:
            found.append(each)
    return found
