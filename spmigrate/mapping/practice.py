"""Practice workbooks: a few of an owner's own folders to try the drop-downs on. Nothing in them is ever recorded."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from spmigrate import words
from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.formats import workbook
from spmigrate.formats.workbook import Book
from spmigrate.mapping import ids, issuing, sheet
from spmigrate.mapping.draft import Draft
from spmigrate.mapping.drive_letters import known_as
from spmigrate.mapping.issuing import SheetPlan
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.states import State
from spmigrate.store import clock, folders, row_facts
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import MappedRow, SheetRecord

_ROWS = 6
_NOTHING_COUNTS = "PRACTICE: try everything, nothing here counts and nothing moves."


def write(
    ledger: Ledger,
    source_name: str,
    draft: Draft | None,
    *,
    owner: str | None,
    sheet_name: str | None,
    choices: Choices,
    folder: Path,
) -> list[tuple[str, Path]]:
    """Write a practice workbook for each owner, over those of before; returns owner and file of each.

    Raises UsageProblem when there is neither a draft nor an owner.
    """
    source = issuing.ready(ledger, source_name, choices)
    written = []
    for number, plan in enumerate(_plans(ledger, source, draft, owner, sheet_name), start=1):
        path = folder / "practice" / f"{_safe(source.name)}-{_safe(plan.part or plan.owner)}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        workbook.write(path, _book(ledger, source, plan, choices, number))
        written.append((plan.owner, path))
    if not written:
        raise SpmigrateError(
            f"nobody owns folders of {source.name} yet", hint=f"spmigrate mapping draft {words.typed(source.name)}"
        )
    return written


def _plans(
    ledger: Ledger, source: Source, draft: Draft | None, owner: str | None, sheet_name: str | None
) -> Iterator[SheetPlan]:
    if draft is None:
        if owner is None:
            hint = f"spmigrate mapping draft {words.typed(source.name)}, or --owner ROLE"
            raise UsageProblem(f"{source.name} has no draft that says whose its folders are", hint=hint)
        yield SheetPlan("", owner, tuple(row_facts.row_seeds(ledger, source.id, source.scan_id)[:_ROWS]))
        return
    for each in issuing.chosen(draft, owner=owner, sheet_name=sheet_name) or draft.sheets:
        if each.owner:
            few = each.model_copy(update={"rows": each.rows[:_ROWS]})
            yield issuing.plan_of(few, folders.ids(ledger, source, [row.path for row in few.rows]))


def _book(ledger: Ledger, source: Source, plan: SheetPlan, choices: Choices, number: int) -> Book:
    at = clock.now()
    record = SheetRecord(
        id=sheet.PRACTICE, source_id=source.id, scan_id=source.scan_id, version=number, issue_key=sheet.PRACTICE,
        file="", owner=plan.owner, state=State.DRAFT, issued=at, part=plan.part,
        basis={sheet.KNOWN_AS: known_as(source.root, choices.drives, choices.shares)},
    )  # fmt: skip
    rows = issuing.rows_of_book(ledger, source, _mapped(ledger, source, plan.seeds), plan.proposals, choices)
    return _marked(sheet.book(record, source, rows, choices, ()))


def _mapped(ledger: Ledger, source: Source, seeds: Sequence[row_facts.Seed]) -> list[MappedRow]:
    found = row_facts.folder_facts(ledger, seeds, source.scan_id)
    return [
        MappedRow(ids.row_id(n), sheet.PRACTICE, n, facts.folder_id, facts.scope, facts.path, facts.identity)
        for n, facts in enumerate(found, start=1)
    ]


def _marked(book: Book) -> Book:
    """The same with PRACTICE in its title, on every sheet and on every printed page."""
    sheets = tuple(
        replace(each, title=f"{sheet.PRACTICE}: {each.title}", guidance=f"{_NOTHING_COUNTS} {each.guidance}")
        for each in book.sheets
    )
    return replace(
        book, title=f"{sheet.PRACTICE}: {book.title}", marking=f"{sheet.PRACTICE} - {book.marking}", sheets=sheets
    )


def _safe(name: str) -> str:
    return "".join(each if each.isalnum() else "-" for each in name).strip("-") or "sheet"
