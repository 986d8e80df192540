"""The folders of a row as waves walk them: each with its home, and the folders that will be made on the way to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spmigrate.migrate import target
from spmigrate.migrate.target import Mark, Place
from spmigrate.model import SignedRow, Treatment
from spmigrate.store import row_place, waves
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import Wave


@dataclass(slots=True)
class Level:
    """A folder on the way from a row's folder to the present one; `kept` once something moves into it or below."""

    folder_id: int
    place: Place
    kept: bool = False


def folders(ledger: Ledger, row: SignedRow) -> Iterator[list[Level]]:
    """Every folder whose own files are the row's, as the way to it from the row's folder; the last one is it."""
    trail: list[Level] = []
    for folder in waves.folders_of(ledger, row):
        del trail[folder["depth"] :]
        trail.append(Level(folder["id"], _place(ledger, row, folder, trail)))
        if folder["own"]:
            yield trail


def _place(ledger: Ledger, row: SignedRow, folder: Row, trail: Sequence[Level]) -> Place:
    found = marks(waves.folder_findings(ledger, folder["id"]))
    name = folder["path"].rpartition("/")[2]
    if not trail:
        above = row_place.above(ledger, [folder["id"]])[folder["id"]]
        return target.start(row.decision, name, found, is_root=not folder["path"], above=above)
    return target.below(trail[-1].place, row.decision, name, found)


def around(ledger: Ledger, rows: Sequence[SignedRow]) -> Iterator[bytes]:
    """The targets of the folders that the rows' own folders will lie in: no file may have the name of one."""
    moving = [row for row in rows if row.destination is not None]
    above = row_place.above(ledger, [row.folder_id for row in moving])
    for row in moving:
        assert row.destination is not None, "rows without one were left out"
        names = [name for name in above[row.folder_id].split("/") if name]
        for depth in range(1, len(names) + 1):
            yield target.key(row.destination, "/".join(names[:depth]))


def keep(ledger: Ledger, wave: Wave, row: SignedRow, trail: Sequence[Level]) -> None:
    """Note the folders that will exist at the destination, so that no file takes the name of one."""
    for level in reversed(trail):
        if level.kept:
            return
        level.kept = True
        if level.place.path and row.destination is not None:
            waves.keep_folder_key(ledger, wave, level.folder_id, target.key(row.destination, level.place.path))


def marks(findings: Sequence[Row]) -> list[Mark]:
    """What the scan says of one folder or item, as far as moving depends on it."""
    return [
        Mark(each["code"], Treatment(each["treatment"]), each["proposal"], each["message"])
        for each in findings
        if each["code"] is not None
    ]
