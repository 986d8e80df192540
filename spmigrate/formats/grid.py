"""A table of a report before it has a form: numbers stay numbers, so that a page and a workbook can each show them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from spmigrate import words
from spmigrate.formats import workbook
from spmigrate.model import Chart, Section, Table

Cell = str | int


class Kind(Enum):
    """What the cells of a column are."""

    TEXT = "text"
    COUNT = "count"
    BYTES = "bytes"
    PATH = "path"
    PART = "part"
    HEAT = "heat"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `width` is in characters, for workbooks."""

    heading: str
    kind: Kind = Kind.TEXT
    width: int = 24


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: `tab` is its name in a workbook, `most` how many rows a page shows, `shades` as in `model.Table`."""

    tab: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    most: int = 200
    shades: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A part of a report: what it says, with its pictures and tables."""

    title: str
    sentences: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    charts: tuple[Chart, ...] = ()
    grids: tuple[Grid, ...] = ()
    level: int = 2


def count(heading: str) -> Column:
    """A column of whole numbers."""
    return Column(heading, Kind.COUNT, 12)


def path(heading: str) -> Column:
    """A column of folders and files."""
    return Column(heading, Kind.PATH, 50)


def part(heading: str) -> Column:
    """A column of percentages."""
    return Column(heading, Kind.PART, 12)


def heat(heading: str) -> Column:
    """A column of numbers that a page shades, and says in a word beside each how much it is."""
    return Column(heading, Kind.HEAT, 14)


LEVELS = ("none", "few", "some", "many", "most")
"""The words of the shades."""


def size(heading: str) -> Column:
    """A column of bytes."""
    return Column(heading, Kind.BYTES, 16)


def section(topic: Topic) -> Section:
    """The topic as a section of a page; long tables say how much of them the workbook has."""
    cut = tuple(
        f"{grid.caption}: the first {grid.most:,} of {len(grid.rows):,} are shown; the workbook has more."
        for grid in topic.grids
        if len(grid.rows) > grid.most
    )
    return Section(
        topic.title, topic.sentences + cut, topic.facts, charts=topic.charts, level=topic.level,
        tables=tuple(_table(grid) for grid in topic.grids if grid.rows),
    )  # fmt: skip


_NUMBERS = (Kind.COUNT, Kind.BYTES, Kind.PART)
_LONG = 40
"""Characters from which a column of a workbook is a wide one, on a page too."""

_LONGEST_PATH = 110
"""Characters of a path that a page shows, its middle left out; workbooks have all of it."""


def _table(grid: Grid) -> Table:
    numbers = tuple(n for n, column in enumerate(grid.columns) if column.kind in _NUMBERS)
    long = tuple(n for n, column in enumerate(grid.columns) if column.width >= _LONG)
    plain = (0,) * len(grid.columns)
    rows = tuple(
        tuple(
            _said(column, cell, shade)
            for column, cell, shade in zip(grid.columns, row, grid.shades[n] if grid.shades else plain, strict=True)
        )
        for n, row in enumerate(grid.rows[: grid.most])
    )
    return Table(
        grid.caption, tuple(column.heading for column in grid.columns), rows, numbers, grid.shades[: grid.most],
        long,
    )  # fmt: skip


def _said(column: Column, cell: Cell, shade: int) -> str:
    if column.kind is Kind.HEAT:
        return f"{cell:,} · {LEVELS[shade]}" if cell else LEVELS[0]
    if isinstance(cell, str):
        return words.shortened(cell, _LONGEST_PATH) if column.kind is Kind.PATH else cell
    return words.size(cell) if column.kind is Kind.BYTES else f"{cell:,}"


_MOST_ROWS = 20_000
"""Rows of a sheet: beyond, nobody reads them, and the CSV files have them all."""


def sheet(grid: Grid) -> workbook.Sheet:
    """The grid as a sheet of a workbook; an empty one says so in its only row."""
    columns = tuple(
        workbook.Column(column.heading + (" (bytes)" if column.kind is Kind.BYTES else ""), column.width)
        for column in grid.columns
    )
    rows: Sequence[tuple[Cell, ...]] = grid.rows[:_MOST_ROWS]
    if not rows:
        rows = [("None", *[""] * (len(columns) - 1))]
    cut = f" The first {_MOST_ROWS:,} of {len(grid.rows):,} rows." if len(grid.rows) > _MOST_ROWS else ""
    return workbook.Sheet(grid.tab, grid.caption, f"One table.{cut}", columns, tuple(rows), 1, protected=False)


def without_sources(grid: Grid) -> Grid:
    """The grid without its first column, for a report of one source."""
    return replace(
        grid, columns=grid.columns[1:], rows=tuple(row[1:] for row in grid.rows),
        shades=tuple(row[1:] for row in grid.shades),
    )  # fmt: skip
