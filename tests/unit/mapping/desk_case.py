"""A scanned share, its sheet, and a data owner who answers in Excel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from spmigrate.mapping import collecting, desk, issuing, lists_file
from spmigrate.mapping.columns import COLUMNS, TAB
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.position import Position
from spmigrate.mapping.signoff import Evidence
from spmigrate.model import Destination, PartnerStanding
from spmigrate.registers.retention import read_schedule
from spmigrate.scan.survey import survey
from spmigrate.store import mappings, signoffs
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import SheetRecord
from spmigrate.store.signoffs import SignoffEntry

OWNER = "Head of Highways Maintenance"
DEPUTY = "Asset Management Lead"
HOMES = (
    Destination("/sites/t-a3w9c", "Shared Documents", "Asset Management > Documents"),
    Destination("/sites/t-s6p2x", "Shared Documents", "Structures > Documents"),
    Destination("/sites/p-f7d1m", "Shared Documents", "Shared with Districts > Documents", guests=True),
)
LETTER = {column.key: openpyxl.utils.get_column_letter(n) for n, column in enumerate(COLUMNS, start=1)}
MOVE = {
    "decision": "Move and tidy", "home": "Structures > Documents", "subject": "Transport and infrastructure",
    "sensitive": "No", "who": "Whole team",
}  # fmt: skip
ARCHIVE = {"decision": "Leave as read-only archive"}
APPROVED = Evidence("APR-2026-17")
_LISTS = Path(__file__).parents[3] / "mappings"
_REGISTERS = _LISTS.parent / "governance_rules"


def write_share(root: Path) -> Path:
    """Three folders with things to know, and a file that is in none."""
    for name in ("Bridges/plan.txt", "Bridges/old/a:b.txt", "Surveys/2019.csv", "=HYPERLINK(1)/x.txt", "loose.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def choices(homes: Sequence[Destination] = HOMES) -> Choices:
    """The lists that ship, with a few approved homes and a partner."""
    found = lists_file.choices(_LISTS, homes, schedule=read_schedule(_REGISTERS))
    return replace(found, partners=(PartnerStanding("P01", "District A", usable=True),))


@dataclass
class Desk:
    """A ledger with one scanned share, and the workbook that is out for it."""

    ledger: Ledger
    root: Path
    record: SheetRecord
    file: Path

    @classmethod
    def open(cls, folder: Path, root: Path | None = None) -> "Desk":
        """Scan a share and issue its sheet."""
        ledger = Ledger(folder / "ledger.db")
        root = root or write_share(folder / "share")
        survey(ledger, root, name="Highways")
        (folder / "mappings").mkdir()
        record = issuing.issue(ledger, "Highways", owner=OWNER, choices=choices(), folder=folder / "mappings")
        return cls(ledger, root, record, folder / record.file)

    def reissue(self, **changes: object) -> None:
        """Scan again and issue the same sheet again."""
        survey(self.ledger, self.root, name="Highways")
        given: dict[str, object] = {"owner": OWNER, "choices": choices(), "folder": self.file.parent, **changes}
        self.record = issuing.issue(self.ledger, "Highways", **given)  # type: ignore[arg-type]  # tests vary them
        self.file = self.file.parent.parent / self.record.file

    def edit(self, change: Callable[[Worksheet], object]) -> None:
        """Open the workbook, change the folders sheet, save."""
        book = openpyxl.load_workbook(self.file)
        change(book[TAB])
        book.save(self.file)

    def answer(self, answers: Mapping[str, Mapping[str, str]], *, others: Mapping[str, str] = MOVE) -> None:
        """Answer rows by the last part of their folder's name; all others alike."""

        def fill(page: Worksheet) -> None:
            for number in range(4, page.max_row + 1):
                name = str(page[f"{LETTER['name']}{number}"].value).rpartition(" > ")[2]
                for key, text in answers.get(name, others).items():
                    page[f"{LETTER[key]}{number}"] = text or None

        self.edit(fill)

    def collect(self) -> collecting.Collected:
        """Read the workbook back."""
        return collecting.collect(self.ledger, self.file, choices(), keep=True)

    def digest(self) -> str:
        """What the owner is shown for the rows that are ready; twelve zeros when there are none."""
        return desk.digest(self.stands()) or "0" * 12

    def stands(self) -> Position:
        """Where the sheet stands."""
        return desk.stand(self.ledger, self.record.id, choices())

    def sign(self, signer: str = OWNER, evidence: Evidence = APPROVED, **more: str) -> SignoffEntry | None:
        """The owner signs what is ready."""
        agreed = more.pop("agreed", None) or self.digest()
        return desk.sign(
            self.ledger, self.record.id, choices(), signer=signer, evidence=evidence, agreed=agreed, **more
        )

    def row_id(self, path: str) -> str:
        """The row of a folder."""
        return next(row.row_id for row in mappings.rows(self.ledger, self.record.id) if row.path == path)

    def signed(self) -> set[str]:
        """The paths of rows that may move; `.` is the root."""
        found = {row.row_id for row in signoffs.signed_rows(self.ledger)}
        return {row.path or "." for row in mappings.rows(self.ledger) if row.row_id in found}
