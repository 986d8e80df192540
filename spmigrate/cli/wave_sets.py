"""Sets of files of which only a part arrived, for the command line."""

from typing import TYPE_CHECKING

from spmigrate import words
from spmigrate.cli import view

if TYPE_CHECKING:
    from spmigrate.store.waves import Wave

_NAMED = 20


def show(session: view.Session, wave: "Wave") -> None:
    """How many sets of a wave are not whole at the destination, and a line for each of the first ones."""
    from spmigrate.migrate import incomplete

    found = incomplete.sets(session.ledger, wave)
    if found:
        view.line(f"not whole at the destination: {words.plural(len(found), 'set')} of files that belong together")
    for each in found[:_NAMED]:
        view.line(f"  {each.said}: {each.missing[0]}")


def as_json(session: view.Session, wave: "Wave") -> list[dict[str, object]]:
    """All of them, for programs."""
    from spmigrate.migrate import incomplete

    return [
        {"set": each.kin.kind, "folder": each.kin.folder, "name": each.kin.stem, "missing": list(each.missing)}
        for each in incomplete.sets(session.ledger, wave)
    ]
