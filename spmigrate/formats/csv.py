"""CSV for people who will open it in a spreadsheet: UTF-8 with a mark, and no cell that acts as a formula."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from spmigrate.formats import whole

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]], *, mode: int = 0o666) -> int:
    """Write `rows` below `headings`, streaming, whole or not at all; returns how many there were.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, as a person would type it.
    `mode` says who may read the new file, as far as the system allows anybody.
    """
    count = 0
    with whole.writing(path) as partial:
        partial.touch(mode)
        with partial.open("w", encoding="utf-8-sig", newline="", errors="backslashreplace") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            for row in rows:
                writer.writerow([_safe(cell) for cell in row])
                count += 1
    return count


def _safe(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return "'" + cell
    return "" if cell is None else cell
