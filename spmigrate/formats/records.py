"""A list that another program exported, CSV or the first sheet of a workbook: records by heading, with their places."""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spmigrate.errors import InputError, Problem
from spmigrate.formats import container
from spmigrate.formats.parts import Parts
from spmigrate.formats.tables import Value, cell_name
from spmigrate.formats.tags import NotRead
from spmigrate.words import folded

if TYPE_CHECKING:
    from _csv import Reader

_LARGEST = 20_000_000
_HEADING_WITHIN = 20
"""Lines above the headings (a title, a date of printing) that are passed over."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line: its place as people find it, and its values by heading; empty cells are left out."""

    where: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Records:
    """A list: its headings in order, its records, and cells that hold no value of their own."""

    headings: tuple[str, ...]
    rows: tuple[Record, ...]
    problems: tuple[Problem, ...] = ()


def read(path: Path, *, wanted: Collection[str]) -> Records:
    """The list at `path`, by its ending. Its headings are the first line that holds one of `wanted`, folded.

    Raises InputError when it cannot be read, or has none of them.
    """
    problems: list[Problem] = []
    lines = _workbook(path, problems) if path.suffix.lower() == ".xlsx" else _text(path)
    for n, (_, heads) in enumerate(lines[:_HEADING_WITHIN]):
        named = {column: str(value).strip() for column, value in heads.items()}
        if any(folded(name) in wanted for name in named.values()):
            rows = [
                Record(where, {named[column]: value for column, value in cells.items() if column in named})
                for where, cells in lines[n + 1 :]
            ]
            return Records(tuple(named.values()), tuple(row for row in rows if row.values), tuple(problems))
    hint = "the headings known here are: " + ", ".join(sorted(wanted))
    raise InputError(f"{path.name} cannot be used", [Problem(path.name, "has no line of headings that is known", hint)])


def _workbook(path: Path, problems: list[Problem]) -> list[tuple[str, Mapping[int, Value]]]:
    found = container.opened(path, ask="whoever exported it")
    try:
        parts = Parts(found)
        tab = next((tab for tab in parts.tabs() if tab.visible and tab.kind == "worksheet"), None)
        page = parts.page(tab, parts.strings(), parts.styles()) if tab else None
    except NotRead:
        raise container.damaged(path.name) from None
    if tab is None or page is None:
        return []
    for (row, column), text in page.flaws:
        place = f"{path.name}!{tab.name}!{cell_name(column, row)}"
        problems.append(Problem(place, text, "export the list with values alone"))
    return [(f"{path.name}!{tab.name}!A{number}", page.rows[number]) for number in sorted(page.rows)]


def _text(path: Path) -> list[tuple[str, Mapping[int, Value]]]:
    lines = _decoded(path).splitlines()
    reader = csv.reader(lines, delimiter=_delimiter(lines))
    try:
        return list(_cells(path.name, reader))
    except csv.Error as error:
        where = f"{path.name}:{reader.line_num}"
        raise InputError(f"{path.name} cannot be read", [Problem(where, str(error))]) from None


def _cells(name: str, lines: "Reader") -> Iterator[tuple[str, Mapping[int, Value]]]:
    for cells in lines:
        found = {n: cell.strip() for n, cell in enumerate(cells) if cell.strip()}
        yield f"{name}:{lines.line_num}", found


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name} cannot be read", [Problem(path.name, error.strerror or "")]) from None
    if len(content) > _LARGEST or b"\0" in content[:4096]:
        why = "is no text of a list: export it as CSV (UTF-8) or .xlsx"
        raise InputError(f"{path.name} cannot be read", [Problem(path.name, why)])
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path.name} cannot be read", [Problem(path.name, "is neither UTF-8 nor Windows text")])


def _delimiter(lines: Sequence[str]) -> str:
    head = lines[:_HEADING_WITHIN]
    return max(",;\t", key=lambda mark: sum(line.count(mark) for line in head))
