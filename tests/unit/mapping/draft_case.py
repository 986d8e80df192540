"""A scanned share of the sample county, and its draft."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spmigrate.mapping import drafting, issuing, lists_file
from spmigrate.mapping.draft import Draft, DraftRow, file_of
from spmigrate.mapping.draft_check import Checked
from spmigrate.mapping.drafting import Drafted
from spmigrate.mapping.issuing import Issued
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.ownership import Organisation
from spmigrate.mapping.partition import Limits
from spmigrate.provision import destinations, units
from spmigrate.registers.retention import read_schedule
from spmigrate.scan.survey import survey
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import SheetRecord

_SHIPPED = Path(__file__).parents[3]
_ROLES = {"HWT": ("highways.director",), "HWMS": ("structures.lead",), "HWMAM": ("asset.management.lead",)}
FILES = {
    "Structures/Bridges/plan": 4, "Structures/old": 2, "Asset Management/Lamps": 6, "Contracts/2019": 8,
    "Contracts/2020": 1, "": 1,
}  # fmt: skip
SMALL = Limits(fewest_rows=3, most_rows=12, mixed_files=2, worth_files=5, large_files=40, deepest=3)


@cache
def organisation() -> Organisation:
    """The sample county with three people in post."""
    templates = _SHIPPED / "site_templates"
    return Organisation(tuple(units(templates)), tuple(destinations(templates)), _ROLES)


def choices() -> Choices:
    """What the sample county offers."""
    schedule = read_schedule(_SHIPPED / "governance_rules")
    return lists_file.choices(_SHIPPED / "mappings", organisation().destinations, schedule=schedule)


@dataclass
class Drawer:
    """A working folder with a scanned share called Highways."""

    folder: Path
    ledger: Ledger

    @classmethod
    def open(cls, folder: Path, files: dict[str, int] | None = None) -> "Drawer":
        """Write a share with so many files in each folder, and scan it."""
        drawer = cls(folder, Ledger(folder / "ledger.db"))
        for path, count in (FILES if files is None else files).items():
            drawer.write(path, count)
        drawer.scan()
        return drawer

    @property
    def file(self) -> Path:
        """Where the draft lies."""
        return file_of(self.folder / "mappings", "Highways")

    def write(self, path: str, count: int, *, name: str = "file") -> None:
        """Write so many files into a folder of the share."""
        place = self.folder / "share" / path
        place.mkdir(parents=True, exist_ok=True)
        for n in range(count):
            (place / f"{name} {n}.txt").write_text(path)

    def scan(self) -> None:
        """Scan the share."""
        survey(self.ledger, self.folder / "share", name="Highways")

    def draft(self) -> Drafted:
        """Draft, or draft again."""
        return drafting.draft(
            self.ledger, "Highways", organisation=organisation(), choices=choices(), folder=self.folder / "mappings",
            limits=SMALL,
        )  # fmt: skip

    def edit(self, change: Callable[[str], str]) -> None:
        """Change the text of the draft."""
        text = self.file.read_text("utf-8")
        changed = change(text)
        assert changed != text, "an edit changes something"
        self.file.write_text(changed, "utf-8")

    def check(self, roles: frozenset[str] = frozenset()) -> Checked:
        """What is wrong with the draft."""
        return self.read(roles)[1]

    def read(self, roles: frozenset[str] = frozenset()) -> tuple[Draft, Checked]:
        """The draft as it is now."""
        return drafting.check(self.ledger, "Highways", choices=choices(), roles=roles, folder=self.folder / "mappings")

    def issue(self, *, owner: str | None = None, sheet: str | None = None) -> list[SheetRecord]:
        """Issue the draft, or some sheets of it; those that are out unchanged are left out."""
        return self.issued(owner=owner, sheet=sheet).sheets

    def issued(self, *, owner: str | None = None, sheet: str | None = None) -> Issued:
        """Issue the draft, or some sheets of it."""
        found = self.read()[0]
        only = issuing.chosen(found, owner=owner, sheet_name=sheet)
        return issuing.issue_draft(self.ledger, found, choices=choices(), folder=self.folder / "mappings", only=only)


def rows(draft: Draft) -> dict[str, tuple[str, DraftRow]]:
    """The rows by folder, those of only files with a mark, with the owner of their sheet."""
    return {row.folder + (" *" if row.only_files else ""): (sheet.owner, row) for sheet, row in draft.rows()}
