"""Whom to remind: the owners whose workbooks are out, or are back with rows that they still have to settle. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from spmigrate.mapping.position import Position
from spmigrate.mapping.states import State

HEADINGS = ("Owner", "Sheet", "About", "File", "Issued", "Days since", "Returned", "Rows open")


@dataclass(frozen=True, slots=True)
class Reminder:
    """A sheet that waits for its owner: `open` rows are not answered, or not signed."""

    owner: str
    sheet: str
    about: str
    file: str
    issued: date
    days: int
    returned: bool
    open: int

    def as_row(self) -> tuple[object, ...]:
        """Its cells, in the order of the headings."""
        returned = "yes" if self.returned else "no"
        return self.owner, self.sheet, self.about, self.file, self.issued.isoformat(), self.days, returned, self.open


def reminders(sheets: Iterable[Position], today: date) -> list[Reminder]:
    """The sheets that wait for their owners, those that have waited longest first."""
    return sorted(_waiting(sheets, today), key=lambda each: (-each.days, each.owner, each.sheet))


def _waiting(sheets: Iterable[Position], today: date) -> Iterator[Reminder]:
    for each in sheets:
        record = each.record
        out = each.state in (State.DRAFT, State.ISSUED)
        waiting = len(each.rows) if out else len(each.unsigned)
        if not waiting:
            continue
        issued = date.fromisoformat(record.issued[:10])
        about = f"{each.source.name}, {record.part}" if record.part else each.source.name
        days = max((today - issued).days, 0)
        yield Reminder(record.owner, record.id, about, record.file, issued, days, not out, waiting)
