"""The workbook of a sheet: what the tool writes into it. Reading one back is in `returned`."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spmigrate import words
from spmigrate.formats.tables import CHOICES_TAB, Book, Column, Sheet, Value, plain
from spmigrate.mapping import agreement, phrases
from spmigrate.mapping.agreement import Presented
from spmigrate.mapping.answers import Answers
from spmigrate.mapping.columns import COLUMNS, TAB, SheetColumn
from spmigrate.mapping.lists import Choices
from spmigrate.store.inventory import Source
from spmigrate.store.listing import join
from spmigrate.store.mappings import SheetRecord
from spmigrate.store.row_facts import FOLDER, FolderFacts
from spmigrate.store.signoffs import SignoffEntry

README_TAB = "Read me"
SHEET_ID = "Sheet"
VERSION = "Version"
ISSUE_KEY = "Issue key"
README_HEADINGS = ("About", "Answer")
SHOWN = ("row_id", "changed", "know", "target", "remediation")
"""The tool's columns behind the second half of the row check; the first half stands for what the ledger knows."""
KNOWN_AS = "known as"
"""Under which the basis of a sheet keeps what its owner's team calls the drive, when it was issued."""
PRACTICE = "PRACTICE"
"""What a workbook to practise with calls itself, in place of a sheet."""

_TREATMENTS = {
    "block": ("cannot go to SharePoint as it is", "cannot go to SharePoint as they are"),
    "rename": ("name needs changing", "names need changing"),
    "route": ("belongs in another kind of system", "belong in another kind of system"),
    "skip": ("stays behind by rule", "stay behind by rule"),
}
NOTES = {
    "SENSITIVE-NAME": ("name looks sensitive", "names look sensitive"),
    "DIRECTION": ("name is disguised: tell the security team", "names are disguised: tell the security team"),
    "OLD": ("folder unchanged for seven years", "folders unchanged for seven years"),
    "DUPLICATE": ("possible duplicate", "possible duplicates"),
    "PATH-LONG": ("long path", "long paths"),
    "SHAPEFILE": ("map data set", "map data sets"),
    "ONENOTE": ("OneNote notebook", "OneNote notebooks"),
    "SOFTWARE": ("program", "programs"),
    "EXTERNAL-LINKS": ("workbook with links to others", "workbooks with links to others"),
    "PASSWORD": ("file with a password", "files with a password"),
    "LABEL-ENCRYPTED": ("file encrypted by its label", "files encrypted by their labels"),
    "CAD-SET": ("folder of drawings that belong together", "folders of drawings that belong together"),
    "GEODATABASE": ("geodatabase", "geodatabases"),
    "ACL-DENY": ("place that is closed to somebody today", "places that are closed to somebody today"),
}
"""What owners read of a finding that changes nothing by itself, by its code."""
_MOST_THINGS = 6


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it goes into the workbook: facts, and answers or proposals; `wave` is empty while it is in none."""

    row_id: str
    facts: FolderFacts
    answers: Answers
    wave: str = ""


def book(record: SheetRecord, source: Source, rows: Sequence[SheetRow], choices: Choices,
         history: Sequence[SignoffEntry], presented: Presented | None = None) -> Book:  # fmt: skip
    """The six sheets, in order. `presented` is what the owner can agree to in the workbook itself, in a library."""
    marking = choices.lists.marking
    return Book(
        title=f"{_named(record, source)}: your folders and where they go",
        marking=marking,
        sheets=(
            _read_me(record, source, rows, choices),
            _folders(record, source, rows, choices),
            _summary(rows),
            _lists(choices),
            _sign_off(record, presented),
            _change_log(record, history),
        ),
    )


def row_check(values: Sequence[Value]) -> str:
    """A short digest of a row's locked facts: when it no longer fits, somebody sorted some columns without the others.

    `values` are row id, name, files, size and source path, or those of `SHOWN`, as the cells hold them.
    """
    # Reading drops this escape, so that a name which contains it literally must not fail the check.
    text = "\n".join("" if value is None else str(value).strip() for value in values).replace("x005F_", "")
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8].upper()


def as_owners_know(record: SheetRecord, source: Source) -> Source:
    """The source under the name that it has on the sheet: the drive's letter, where one leads to it."""
    return replace(source, name=record.basis.get(KNOWN_AS) or source.name)


def display_name(source: Source, facts: FolderFacts) -> str:
    """A folder as its team sees it: `G: > Bridges`, or `Highways > Bridges`."""
    name = " > ".join([source.name, *(part for part in facts.path.split("/") if part)])
    if facts.scope != FOLDER:
        return plain(name)
    return plain(f"{name} ({'files that lie beside its folders' if facts.path else 'files that are in no folder'})")


def source_path(source: Source, facts: FolderFacts) -> str:
    """Where the folder lies, for engineers."""
    return plain("/".join(part for part in (source.root.rstrip("/"), facts.path) if part))


def check_of(row_id: str, source: Source, facts: FolderFacts) -> str:
    """The row check that was issued with a row."""
    return row_check(
        (row_id, display_name(source, facts).strip(), facts.identity.items, words.size(facts.identity.bytes),
         source_path(source, facts).strip())
    )  # fmt: skip


def things_to_know(facts: FolderFacts) -> str:
    """`2 folders could not be looked into; 212 names need changing; 3 belong in another kind of system`."""
    parts = []
    if facts.unseen:
        parts.append(f"{words.plural(facts.unseen, 'folder')} could not be looked into")
    for treatment, (one, many) in _TREATMENTS.items():
        count = sum(number for kind, code, number in facts.findings if kind == treatment and code != "UNSEEN")
        if count:
            parts.append(words.plural(count, one, many))
    for _, code, count in facts.findings:
        if code in NOTES:
            parts.append(words.plural(count, *NOTES[code]))
    return "; ".join(parts[:_MOST_THINGS])


def _named(record: SheetRecord, source: Source) -> str:
    """What the sheet is about: the share, and the part of it that is the owner's."""
    return f"{source.name}, {record.part}" if record.part else source.name


def _folders(record: SheetRecord, source: Source, rows: Sequence[SheetRow], choices: Choices) -> Sheet:
    guidance = (
        "Please answer the columns from Decision to Notes, one row at a time. The other columns are filled for you."
        ' "I don\'t know" is a good answer.'
    )
    known = as_owners_know(record, source)
    return Sheet(
        tab=TAB,
        title=f"Your folders: {_named(record, source)} ({choices.lists.marking})",
        guidance=guidance,
        columns=tuple(_column(column, choices) for column in COLUMNS),
        rows=tuple(tuple(cells(known, row, choices)) for row in rows),
        fixed=2,
    )


def _column(column: SheetColumn, choices: Choices) -> Column:
    """A column for the writer; a list that the council left empty is no list."""
    return Column(
        heading=column.heading,
        width=column.width,
        locked=column.locked,
        choices=column.choices if choices.of(column.key) else None,
        strict=column.strict,
        longest=column.longest,
        prompt=column.prompt,
    )


def cells(source: Source, row: SheetRow, choices: Choices) -> Iterator[Value]:
    """The cells of a row, in the order of the columns."""
    facts, answers = row.facts, row.answers
    home = choices.home(answers.home) if answers.home else None
    name = join(facts.above, facts.path.rpartition("/")[2])
    renames = sum(count for kind, _, count in facts.findings if kind == "rename")
    tool: dict[str, Value] = {
        "row_id": row.row_id,
        "name": display_name(source, facts),
        "files": facts.identity.items,
        "size": words.size(facts.identity.bytes),
        "changed": phrases.day(facts.identity.newest_ns),
        "know": things_to_know(facts),
        "source": source_path(source, facts),
        "target": plain("/".join(part for part in (home.site, home.library, name) if part)) if home else "",
        "remediation": f"{words.plural(renames, 'new name')}: spmigrate scan report" if renames else "",
        "wave": row.wave,
    }
    tool["check"] = f"{check_of(row.row_id, source, facts)}-{row_check([tool[key] for key in SHOWN])}"
    for column in COLUMNS:
        yield tool[column.key] if column.key in tool else getattr(answers, column.key, "")


def _read_me(record: SheetRecord, source: Source, rows: Sequence[SheetRow], choices: Choices) -> Sheet:
    lists = choices.lists
    answer = "Choose from the drop-down, or leave it and come back. Everything you can choose is on the sheet Lists."
    return Sheet(
        tab=README_TAB,
        title=f"{_named(record, source)}: your folders and where they go ({lists.marking})",
        guidance="This workbook asks you to decide what happens to each folder of a shared drive.",
        columns=(Column(README_HEADINGS[0], 26), Column(README_HEADINGS[1], 96)),
        rows=(
            ("What this is for", f"{words.plural(len(rows), 'folder')} of {source.name} are moving to SharePoint."),
            ("What to do", f"Go to the sheet '{TAB}' and answer the columns from Decision to Notes. {answer}"),
            ("If you are not sure", "Choose \"I don't know\". That row waits, and information governance helps you."),
            ("What happens next", "Send the workbook back. You then see what you are asked to agree to, in plain words."
             " Nothing moves before you have agreed, and nothing will be deleted."),
            ("If you change your mind", "Change the row and send the workbook back: only that row is signed again."),
            ("Please do not", "hide rows or columns, type formulas, add comments or sheets, or change the format."),
            ("Owner (role)", record.owner),
            ("Contact (role)", lists.contact),
            ("Marking of this workbook", lists.marking),
            (SHEET_ID, record.id),
            (VERSION, record.version),
            (ISSUE_KEY, record.issue_key),
            ("Issued", record.issued[:10]),
            ("Scan", f"{source.scan_id} ({source.state}), {(source.ended or '')[:10]}"),
            ("Keep rules", f"version {choices.schedule.version}"),
        ),
    )  # fmt: skip


def _summary(rows: Sequence[SheetRow]) -> Sheet:
    def line(label: str, chosen: Sequence[SheetRow]) -> tuple[Value, ...]:
        size = sum(row.facts.identity.bytes for row in chosen)
        return label, len(chosen), sum(row.facts.identity.items for row in chosen), words.size(size)

    decisions = sorted({row.answers.decision for row in rows})
    by_decision = [
        line(decision or "Not decided yet", [row for row in rows if row.answers.decision == decision])
        for decision in decisions
    ]
    return Sheet(
        tab="Summary",
        title="Summary of this workbook when it was issued",
        guidance="Written by the tool; it does not change while you answer. Send the workbook back for new numbers.",
        columns=(Column("Decision", 34), Column("Folders", 12), Column("Files", 14), Column("Size", 14)),
        rows=(*by_decision, line("All folders", rows)),
    )


def _lists(choices: Choices) -> Sheet:
    listed = dict.fromkeys(column.key for column in COLUMNS if column.choices)
    names = {column.key: column.choices or "" for column in COLUMNS}
    rows = [(names[key], choice) for key in listed for choice in choices.of(key)]
    rows += [(agreement.QUESTION, choice) for choice in (agreement.AGREE, agreement.NOT_YET)]
    return Sheet(
        tab=CHOICES_TAB,
        title="Lists: everything that you can choose",
        guidance="The drop-downs read from here. Please do not change this sheet.",
        columns=(Column("Column", 26), Column("Choice", 60)),
        rows=tuple(rows),
    )


def _sign_off(record: SheetRecord, presented: Presented | None) -> Sheet:
    here = presented is not None and bool(presented.digest)
    guidance = "What you type here is not a signature: the sign-off is recorded from the council's approval tool."
    if presented is not None:
        guidance = (
            f"Read what you agree to, choose '{agreement.AGREE}' and save: SharePoint keeps that it was you."
            if here
            else "Answer your folders first. What there is to agree to is then written here for you."
        )
    digest, statement, question = agreement.HEADINGS
    ask = Column(question, 16, locked=not here, choices=question if here else None, prompt="Choose, then save.")
    text = agreement.in_a_cell(presented.statement) if presented else ""
    return Sheet(
        tab=agreement.TAB,
        title=f"Sign-off by {record.owner}",
        guidance=guidance,
        columns=(Column(digest, 24), Column(statement, 110), ask),
        rows=((presented.digest if presented else "", text or "Nothing yet", ""),),
    )


def _change_log(record: SheetRecord, history: Sequence[SignoffEntry]) -> Sheet:
    events: list[tuple[str, str, str]] = [
        (entry.at[:10], "Sign-off", f"{entry.signer}, {entry.evidence}: " + re.sub(r"\s+", " ", entry.statement))
        for entry in history
    ]
    events.append((record.issued[:10], "Issued", f"Version {record.version}, to {record.owner}"))
    return Sheet(
        tab="Change log",
        title="Change log of this workbook",
        guidance="Written by the tool, oldest first.",
        columns=(Column("Day", 14), Column("What", 16), Column("Details", 110)),
        rows=tuple(sorted(events)),
    )
