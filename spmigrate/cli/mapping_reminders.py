"""The reminders of `mapping status`: as a CSV file for a mail merge, and in its JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import view

if TYPE_CHECKING:
    from spmigrate.mapping.position import Position

option = click.option(
    "--reminders",
    "reminders_file",
    metavar="FILE.csv",
    type=click.Path(path_type=Path),
    help="Write whom to remind: owner, sheet, days since it was issued, rows open.",
)
"""The option that asks for the file."""


def write(file: Path, sheets: "Sequence[Position]") -> None:
    """Write the CSV of the sheets that wait for their owners, and say so."""
    from spmigrate.formats import csv
    from spmigrate.mapping.reminders import HEADINGS, reminders

    found = reminders(sheets, datetime.now(UTC).date())
    count = csv.write(file, HEADINGS, (each.as_row() for each in found))
    view.note(f"{words.plural(count, 'reminder')}: {file}")


def as_json(sheets: "Sequence[Position]") -> list[dict[str, Any]]:
    """The reminders for the JSON document."""
    from spmigrate.mapping.reminders import reminders

    return [
        {"owner": each.owner, "sheet": each.sheet, "about": each.about, "file": each.file,
         "issued": each.issued.isoformat(), "days": each.days, "returned": each.returned, "open": each.open}
        for each in reminders(sheets, datetime.now(UTC).date())
    ]  # fmt: skip
