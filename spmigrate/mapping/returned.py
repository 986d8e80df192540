"""A workbook that came back: is it ours, is it whole, and what does each row say now? Pure: values in, rows out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from spmigrate.errors import InputError, Problem, SpmigrateError
from spmigrate.formats.returned_workbook import Returned, TablePage, TableRow
from spmigrate.formats.tables import CHOICES_TAB
from spmigrate.mapping import agreement, avoid_dates, ids, sheet
from spmigrate.mapping.agreement import Presented
from spmigrate.mapping.answers import Answers, read
from spmigrate.mapping.avoid_dates import Avoided
from spmigrate.mapping.columns import ANSWER_KEYS, COLUMNS, HEADING, TAB
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.remarks import Remark
from spmigrate.store.mappings import SheetRecord
from spmigrate.words import folded

_ISSUED = "collect the workbook that was issued to the owner"
_START_AGAIN = "start again from the workbook that was issued, and copy your answers over"

TABLES: Mapping[str, Sequence[str]] = {
    sheet.README_TAB: sheet.README_HEADINGS,
    TAB: tuple(column.heading for column in COLUMNS),
    "Summary": (),
    CHOICES_TAB: (),
    agreement.TAB: agreement.HEADINGS,
    "Change log": (),
}
"""The tabs of a workbook of ours and, of those that are read back, the headings."""

TYPED: Mapping[str, Sequence[str]] = {
    TAB: tuple(HEADING[key] for key in ANSWER_KEYS),
    agreement.TAB: (agreement.QUESTION,),
}
"""The headings under which people type."""


@dataclass(frozen=True, slots=True)
class ReturnedSheet:
    """The answers of a workbook by row id, remarks about how they were written, and where each row stands."""

    answers: Mapping[str, Answers]
    remarks: tuple[Remark, ...]
    page: TablePage
    name: str
    numbers: Mapping[str, int]

    def problem(self, remark: Remark) -> Problem:
        """A remark at its place: `workbook.xlsx!Your folders!G12`."""
        number = self.numbers.get(remark.row_id)
        place = self.page.place(HEADING[remark.key], number) if number else TAB
        return Problem(f"{self.name}!{place}", remark.text, remark.hint)


def sheet_id(returned: Returned) -> str:
    """Which sheet the workbook says it is. Raises SpmigrateError when it does not say, or when it is for practice."""
    found = _about(returned).get(sheet.SHEET_ID)
    if not found:
        problem = Problem(f"{returned.name}!{sheet.README_TAB}", "does not say which sheet it is", _START_AGAIN)
        raise InputError(f"{returned.name} is not a mapping workbook", [problem])
    if found == sheet.PRACTICE:
        raise SpmigrateError(f"{returned.name} is a practice workbook, and nothing in it counts", hint=_ISSUED)
    return found


def presented(returned: Returned) -> tuple[Presented, bool]:
    """What the workbook asks its owner to agree to, and whether its cell says that they do."""
    rows = [row.values for row in returned.pages[agreement.TAB].rows if row.values]
    digest, statement, question = agreement.HEADINGS
    first: Mapping[str, object] = rows[0] if rows else {}
    said = folded(str(first.get(question) or ""))
    shown = Presented(str(first.get(digest) or "").strip(), str(first.get(statement) or ""))
    return shown, said == folded(agreement.AGREE)


def check_issue(returned: Returned, record: SheetRecord) -> None:
    """Raises InputError when the workbook is not the present issue of its sheet."""
    about = _about(returned)
    if about.get(sheet.ISSUE_KEY) == record.issue_key:
        return
    where = f"{returned.name}!{sheet.README_TAB}"
    version = about.get(sheet.VERSION, "")
    if version.isdigit() and int(version) < record.version:
        problem = Problem(
            where, f"is version {version} of {record.id}; version {record.version} was issued since",
            f"answer {record.file}",
        )  # fmt: skip
    else:
        problem = Problem(where, f"was not issued as {record.id} from this ledger", f"answer {record.file}")
    raise InputError(f"{returned.name} is not the workbook that was issued", [problem])


def read_sheet(returned: Returned, checks: Mapping[str, str], choices: Choices, *, issued: date) -> ReturnedSheet:
    """The answers of every row. `checks` maps the rows of the sheet, which was `issued` then, to their row check.

    Raises InputError when rows are missing, doubled or foreign, or when columns were sorted apart.
    """
    page = returned.pages[TAB]
    rows = [row for row in page.rows if len(row.values) > 0]
    problems = [*_trouble_with_ids(rows, checks), *_trouble_with_order(rows, checks)]
    if problems:
        placed = [
            Problem(f"{returned.name}!{page.place(HEADING[key], number) if number else TAB}", text, hint)
            for number, key, text, hint in sorted(problems, key=lambda found: found[0])
        ]
        raise InputError(f"{returned.name} cannot be used as it is", placed)
    answers: dict[str, Answers] = {}
    remarks: list[Remark] = []
    for row in rows:
        row_id = _row_id(row)
        found, guessed = read(row.values, choices)
        avoided = avoid_dates.read(found.avoid, issued)
        answers[row_id] = replace(found, avoid=avoided.text)
        remarks += (_guess(row_id, key, text, found) for key, text in guessed.items())
        remarks += _oddities(row_id, row, avoided)
    return ReturnedSheet(answers, tuple(remarks), page, returned.name, {_row_id(row): row.number for row in rows})


_KEYS = {heading: key for key, heading in HEADING.items()}
_Trouble = tuple[int, str, str, str | None]


def _trouble_with_ids(rows: Sequence[TableRow], checks: Mapping[str, str]) -> Iterator[_Trouble]:
    times = Counter(_row_id(row) for row in rows)
    for row in rows:
        row_id = _row_id(row)
        if not row_id:
            yield row.number, "row_id", "has no Row ID", "delete this row: rows cannot be added by hand"
        elif row_id not in checks:
            what = "belongs to another sheet" if ids.is_row_id(row_id) else "is not a row id"
            yield row.number, "row_id", f"'{row_id}' {what}", _START_AGAIN
        elif times[row_id] > 1:
            yield row.number, "row_id", f"{row_id} stands here {times[row_id]} times", "delete the copies"
    missing = [row_id for row_id in checks if row_id not in times]
    if missing:
        yield 0, "row_id", f"rows are missing: {', '.join(missing[:5])}{' …' if len(missing) > 5 else ''}", _START_AGAIN


def _trouble_with_order(rows: Sequence[TableRow], checks: Mapping[str, str]) -> Iterator[_Trouble]:
    for row in rows:
        row_id = _row_id(row)
        if row_id not in checks:
            continue
        known, shown = (
            sheet.row_check([row.values.get(HEADING[key]) for key in keys])
            for keys in (("row_id", "name", "files", "size", "source"), sheet.SHOWN)
        )
        if known != checks[row_id] or row.values.get(HEADING["check"]) != f"{known}-{shown}":
            text = "this row no longer fits together: some columns were sorted or typed over without the others"
            yield row.number, "check", text, "undo the sorting, or " + _START_AGAIN


def _guess(row_id: str, key: str, text: str, answers: Answers) -> Remark:
    return Remark(row_id, key, f"read '{text}' as '{getattr(answers, key)}'", "choose from the drop-down", blocks=False)


def _oddities(row_id: str, row: TableRow, avoided: Avoided) -> Iterator[Remark]:
    """What is said of how a row was typed, whatever it says."""
    for heading, text in row.flaws.items():
        yield Remark(row_id, _KEYS[heading], text, "type the value instead")
    for heading in sorted(row.tidied):
        text = "has spaces or signs that nobody sees; they are left out"
        yield Remark(row_id, _KEYS[heading], text, "type it anew", blocks=False)
    for text in avoided.wrong:
        yield Remark(row_id, "avoid", text, "type days like 1 April 2027, or 1 to 5 April 2027")
    for text in avoided.notes:
        yield Remark(row_id, "avoid", text, "type days like 1 April 2027, or 1 to 5 April 2027", blocks=False)


def _row_id(row: TableRow) -> str:
    return str(row.values.get(HEADING["row_id"], "")).strip()


def _about(returned: Returned) -> dict[str, str]:
    page = returned.pages[sheet.README_TAB]
    question, answer = sheet.README_HEADINGS
    return {str(row.values.get(question, "")): str(row.values.get(answer, "")) for row in page.rows}
