"""A draft: the rows that are proposed for a source, sheet by sheet, as a file that a migration lead edits."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from spmigrate import words
from spmigrate.formats import yaml, yaml_text
from spmigrate.mapping.folders import ROOT
from spmigrate.store.row_facts import FOLDER, TREE

Key = tuple[str, str]
"""The folder of a row by its path, and its scope."""

VALUES: Mapping[str, str] = MappingProxyType({
    "home": "home", "about": "subject", "keep": "keep", "sensitive": "sensitive", "marking": "marking", "who": "who",
    "group": "group",
})  # fmt: skip
"""The proposals of a row by their words in the file, with the key of the column that they go to."""

UNOWNED = "Unowned"
"""The sheet of rows that nobody owns yet."""

_FOLDER_NAME = "drafts"
_HEAD = """\
# The rows that are proposed for {source}, made by: spmigrate mapping draft {typed}
# Look at them, change what you know better, then: spmigrate mapping issue {typed}
#
#   owner     of a sheet: the role that decides and signs, an id of people.yaml. On a row: it goes to that owner's sheet
#   folder    every folder is in one row, with all below it; '{root}' is the share itself
#   only files: yes   the row is the files that lie directly in the folder; each folder in it has a row of its own
#   split: yes        make one row for each folder in it; to put rows together, write one row for the folder above them
#   home, about, keep, sensitive, marking, who, group   what the owner finds filled in; the decision stays theirs
#   holds, why        written by the tool; what you change there is not read
#
# Drafting again, after a new scan for example, keeps what you changed here. Check it with:
#   spmigrate mapping draft {typed} --check
"""


class DraftRow(yaml.Described):
    """A row to be."""

    folder: str
    """The folder, by its path below the source; `.` is the source itself."""
    only_files: yaml.YesNo = False
    """Whether the row is only the files that lie directly in the folder."""
    owner: str = ""
    """Whose row it shall be, where that is not the owner of the sheet that it stands in."""
    split: yaml.YesNo = False
    """Whether the folder shall be split into rows of its own."""
    holds: str = ""
    """What lies in it; written by the tool."""
    home: str = ""
    """The library that is proposed, as owners see it."""
    about: str = ""
    """The business class that is proposed."""
    keep: str = ""
    """The keep rule that is proposed."""
    sensitive: str = ""
    """What is proposed for Sensitive?."""
    marking: str = ""
    """The marking that is proposed."""
    who: str = ""
    """Who should see it, as proposed."""
    group: str = ""
    """The group or partner that is proposed."""
    why: tuple[str, ...] = ()
    """Why; written by the tool."""

    @property
    def path(self) -> str:
        """The folder's path as the ledger has it: empty for the source itself."""
        return "" if self.folder == ROOT else self.folder.strip("/")

    @property
    def scope(self) -> str:
        """Whether it is a folder with all below it, or its own files alone."""
        return FOLDER if self.only_files else TREE

    @property
    def key(self) -> Key:
        """What a row is known by."""
        return self.path, self.scope

    @property
    def values(self) -> dict[str, str]:
        """The proposals that are there, by their words in the file."""
        return {name: str(getattr(self, name)) for name in VALUES if getattr(self, name)}


class DraftSheet(yaml.Described):
    """A sheet to be."""

    sheet: str
    """What it is called among the sheets of the source."""
    owner: str = ""
    """The role that decides and signs; empty while nobody owns these folders."""
    rows: tuple[DraftRow, ...] = ()
    """Its rows."""


class Draft(yaml.Described):
    """`mappings/drafts/SOURCE.yaml`."""

    source: str
    """The name of the scanned source."""
    scan: int
    """The scan that it was made from."""
    sheets: tuple[DraftSheet, ...] = ()
    """The sheets, each of one owner."""

    def rows(self) -> Iterator[tuple[DraftSheet, DraftRow]]:
        """Every row with the sheet that it stands in."""
        for sheet in self.sheets:
            for row in sheet.rows:
                yield sheet, row


def file_of(mappings: Path, source: str) -> Path:
    """Where the draft of a source lies in the mappings folder."""
    safe = "".join(each if each.isalnum() or each in " -_." else "-" for each in source).strip(" .") or "source"
    return mappings / _FOLDER_NAME / f"{safe}.yaml"


def text_of(draft: Draft) -> str:
    """The file of a draft, in its one form."""
    head = _HEAD.format(source=draft.source, typed=words.typed(draft.source), root=ROOT)
    body = yaml_text.dump(
        {"source": draft.source, "scan": draft.scan, "sheets": [_sheet(each) for each in draft.sheets]}
    )
    return f"{head}{body}"


def moved_to_owners(draft: Draft) -> Draft:
    """The same with every row that names an owner of its own in the sheet of that owner."""
    sheets: dict[str, list[DraftRow]] = {each.sheet: [] for each in draft.sheets}
    owners = {each.sheet: each.owner for each in draft.sheets}
    for sheet, row in draft.rows():
        if not row.owner or row.owner == sheet.owner:
            sheets[sheet.sheet].append(row.model_copy(update={"owner": ""}))
            continue
        name = next((each for each, owner in owners.items() if owner == row.owner), row.owner)
        owners.setdefault(name, row.owner)
        sheets.setdefault(name, []).append(row.model_copy(update={"owner": ""}))
    return draft.model_copy(update={"sheets": sheets_of((name, owners[name], rows) for name, rows in sheets.items())})


def sheets_of(found: Iterable[tuple[str, str, Iterable[DraftRow]]]) -> tuple[DraftSheet, ...]:
    """Sheets in the order of their names, unowned folders last, rows in the order of their paths; none is empty."""
    made = [
        DraftSheet(sheet=name, owner=owner, rows=tuple(sorted(rows, key=lambda row: (row.path.casefold(), row.key))))
        for name, owner, rows in found
    ]
    return tuple(sorted((each for each in made if each.rows), key=lambda each: (not each.owner, each.sheet.casefold())))


def _sheet(sheet: DraftSheet) -> dict[str, Any]:
    return {"sheet": sheet.sheet, "owner": sheet.owner, "rows": [_row(each) for each in sheet.rows]}


def _row(row: DraftRow) -> dict[str, Any]:
    found: dict[str, Any] = {"folder": row.folder}
    for name in ("only_files", "split"):
        if getattr(row, name):
            found[name.replace("_", " ")] = yaml_text.Word("yes")
    for name in ("owner", "holds", *VALUES):
        if getattr(row, name):
            found[name] = getattr(row, name)
    if row.why:
        found["why"] = list(row.why)
    return found
