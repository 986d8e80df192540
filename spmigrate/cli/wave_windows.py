"""The windows of a wave for the command line: the hours of the settings, without days that its services are frozen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spmigrate.cli import mapping_rules, view

if TYPE_CHECKING:
    from spmigrate.mapping.rulebook import Rulebook
    from spmigrate.migrate.windows import Concerned, Windows
    from spmigrate.store.mappings import MappedRow
    from spmigrate.store.waves import Wave


def windows(session: view.Session, wave: "Wave") -> "Windows":
    """When anything of this wave may move. Reads no register where no hours are set."""
    from spmigrate.migrate.windows import EVERYBODY, Windows

    settings = session.settings.config.migrate
    if not settings.windows:
        return Windows.of(settings, None)
    rules = mapping_rules.rulebook(session)
    whose = tuple(each for _, _, each in concerned(session, wave, rules))
    return Windows.of(settings, rules.calendar, whose or EVERYBODY)


def concerned(session: view.Session, wave: "Wave", rules: "Rulebook") -> "Iterator[tuple[MappedRow, str, Concerned]]":
    """The rows that a wave still has, in the order of their sheets: each with its owner, and whose content it is.

    That is the unit of the owner with those above it, the business class, and the days that the owner avoids.
    """
    from spmigrate.mapping.gatekeeper import today
    from spmigrate.migrate.windows import Concerned
    from spmigrate.store import mappings, wave_changes, waves

    planned = waves.wave_digests(session.ledger, wave)
    owners = {each.id: each.owner for each in mappings.sheets(session.ledger)}
    for sheet in wave_changes.sheets_of(session.ledger, wave):
        units = tuple(rules.unit_of(rules.owner(owners[sheet], today())))
        for row in mappings.rows(session.ledger, sheet):
            if row.row_id in planned:
                class_ = str(row.meaning.get("subject") or "") or None
                yield row, owners[sheet], Concerned(units, class_, str(row.remarks.get("avoid") or ""))
