"""Two returned copies of one issue: merged where they agree or only one was changed, named cell by cell where not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from spmigrate.errors import InputError, Problem
from spmigrate.formats import returned_workbook
from spmigrate.formats.fill_in import fill_in
from spmigrate.formats.returned_workbook import Returned
from spmigrate.mapping import returned, sheet
from spmigrate.mapping.columns import ANSWER_KEYS, HEADING, TAB

_Cells = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that the two copies fill differently."""

    row_id: str
    name: str
    heading: str
    places: tuple[str, str]
    texts: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """What two copies have become: the cells of both, how many only one of them had changed, and the conflicts."""

    cells: _Cells
    taken: int
    conflicts: tuple[Conflict, ...]


def compare(first: Path, second: Path, *, issued: Path | None = None) -> Compared:
    """Merge two copies. With the workbook as it was `issued`, a cell that only one of them changed is no conflict.

    Raises InputError when one of them cannot be read, or they are not copies of one issue.
    """
    a, b = _read(first), _read(second)
    before = _read(issued) if issued else None
    for other in (b, *([before] if before else [])):
        if _about(other) != _about(a):
            where = f"{other.name}!{sheet.README_TAB}"
            problem = Problem(where, f"is not a copy of the same issue as {a.name}", "compare copies of one version")
            raise InputError(f"{a.name} and {other.name} cannot be merged", [problem])
    one, two, was = _cells(a), _cells(b), _cells(before) if before else {}
    if one.keys() != two.keys():
        odd = sorted(one.keys() ^ two.keys())
        raise InputError(f"{a.name} and {b.name} cannot be merged", [Problem(a.name, f"not in both: {', '.join(odd)}")])
    cells: dict[str, dict[str, str]] = {}
    conflicts: list[Conflict] = []
    taken = 0
    for row_id in one:
        cells[row_id] = {}
        for heading in one[row_id]:
            texts = (one[row_id][heading], two[row_id][heading])
            found = _merged(*texts, was.get(row_id, {}).get(heading))
            taken += found is not None and texts[0] != texts[1]
            if found is None:
                conflicts.append(_conflict(a, b, row_id, heading, texts))
            cells[row_id][heading] = texts[0] if found is None else found
    return Compared(cells, taken, tuple(conflicts))


def write(copy: Path, out: Path, merged: Compared) -> int:
    """Write the merged cells into a copy of `copy`; returns the number of rows."""
    return fill_in(copy, out, lambda row, _: merged.cells.get(str(row["Row ID"]), {}))


def _merged(one: str, two: str, was: str | None) -> str | None:
    """What a cell becomes, None for a conflict. Without what was issued, an empty cell gives way to a filled one."""
    if one == two:
        return one
    if was is None:
        return (one or two) if not one or not two else None
    if one == was:
        return two
    return one if two == was else None


def _conflict(a: Returned, b: Returned, row_id: str, heading: str, texts: tuple[str, str]) -> Conflict:
    rows = [next(each for each in book.pages[TAB].rows if _id(each.values) == row_id) for book in (a, b)]
    one, two = (
        f"{book.name}!{book.pages[TAB].place(heading, row.number)}" for book, row in zip((a, b), rows, strict=True)
    )
    return Conflict(row_id, str(rows[0].values.get(HEADING["name"], "")), heading, (one, two), texts)


def _read(path: Path) -> Returned:
    found = returned_workbook.read(path, returned.TABLES)
    returned.sheet_id(found)
    return found


def _about(book: Returned) -> tuple[str, ...]:
    question, answer = sheet.README_HEADINGS
    said = {
        str(row.values.get(question, "")): str(row.values.get(answer, "")) for row in book.pages[sheet.README_TAB].rows
    }
    return tuple(said.get(key, "") for key in (sheet.SHEET_ID, sheet.VERSION, sheet.ISSUE_KEY))


def _cells(book: Returned) -> dict[str, dict[str, str]]:
    return dict(_rows(book))


def _rows(book: Returned) -> Iterator[tuple[str, dict[str, str]]]:
    for row in book.pages[TAB].rows:
        if _id(row.values):
            yield _id(row.values), {HEADING[key]: _text(row.values.get(HEADING[key])) for key in ANSWER_KEYS}


def _id(values: Mapping[str, object]) -> str:
    return str(values.get(HEADING["row_id"], "") or "").strip()


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
