"""The windows of a wave for the command line: the hours of the settings, without days that its services are frozen."""

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
    whose = tuple(whose_is(session, row, rules) for row in rows_of(session, wave))
    return Windows.of(settings, rules.calendar, whose or EVERYBODY)


def rows_of(session: view.Session, wave: "Wave") -> "list[MappedRow]":
    """The rows of a wave that still belong to it, in the order of their sheets."""
    from spmigrate.store import mappings, wave_changes, waves

    planned = waves.wave_digests(session.ledger, wave)
    sheets = wave_changes.sheets_of(session.ledger, wave)
    return [row for sheet in sheets for row in mappings.rows(session.ledger, sheet) if row.row_id in planned]


def whose_is(session: view.Session, row: "MappedRow", rules: "Rulebook") -> "Concerned":
    """The unit of a row's owner with those above it, its business class, and the days its owner avoids."""
    from spmigrate.mapping.gatekeeper import today
    from spmigrate.migrate.windows import Concerned
    from spmigrate.store import mappings

    sheet = mappings.sheet(session.ledger, row.sheet_id)
    owner = rules.owner(sheet.owner, today()) if sheet else None
    return Concerned(
        units=tuple(rules.unit_of(owner)), class_=str(row.meaning.get("subject") or "") or None,
        avoid=str(row.remarks.get("avoid") or ""),
    )  # fmt: skip
