"""A scanned share, its sheet, and a data owner who answers in Excel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from spmigrate.mapping import acts, collecting, desk, issuing, lists_file
from spmigrate.mapping.acts import Counter
from spmigrate.mapping.columns import COLUMNS, TAB
from spmigrate.mapping.gate import Turn, Verdict
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.position import Position
from spmigrate.mapping.rulebook import Rulebook
from spmigrate.mapping.signoff import Evidence
from spmigrate.model import Destination, PartnerStanding
from spmigrate.registers.retention import read_schedule
from spmigrate.scan.survey import survey
from spmigrate.store import mappings, signoffs
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import SheetRecord
from spmigrate.store.signoffs import SignoffEntry
from tests.registers import DEPUTY as DEPUTY
from tests.registers import GOVERNANCE, LEAD, rulebook
from tests.registers import OWNER as OWNER

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


def approved(digest: str) -> Evidence:
    """The record in which this digest was approved."""
    return Evidence(f"APR-{digest[:12]}")


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
    rules: Rulebook = field(default_factory=rulebook)

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
        return desk.digest(self.stands(), self.rules) or "0" * 12

    def counter(self, now: str | None = None) -> Counter:
        """Where acts are recorded, now or at another moment."""
        return Counter.open(self.ledger, choices(), self.rules, at=now)

    def stands(self, now: str | None = None) -> Position:
        """Where the sheet stands."""
        return self.counter(now).stand(self.record.id)

    def verdicts(self, now: str | None = None) -> dict[str, Verdict]:
        """What the gate says of each row, by path; `.` is the root."""
        return {each.path or ".": each for each in self.stands(now).verdicts}

    def moving(self, now: str | None = None) -> set[str]:
        """The paths of the rows that the gate lets through."""
        return {path for path, each in self.verdicts(now).items() if each.may_move}

    def sign(self, signer: str = OWNER, evidence: Evidence | None = None, **more: str) -> SignoffEntry | None:
        """The owner signs what is ready, on a record of that digest."""
        agreed, now = more.pop("agreed", None) or self.digest(), more.pop("now", None)
        return acts.sign(
            self.counter(now),
            self.record.id,
            signer=signer,
            evidence=evidence or approved(agreed),
            agreed=agreed,
            **more,
        )

    def announce(self, on: str | None = None, now: str | None = None) -> SignoffEntry:
        """The migration lead says when the sheet is locked; today, if nothing else is said."""
        at = self.counter(now)
        day = date.fromisoformat(on) if on else at.today
        return acts.announce(at, self.record.id, signer=LEAD, evidence=APPROVED, on=day)

    def countersign(
        self, signer: str = GOVERNANCE, evidence: Evidence | None = None, now: str | None = None
    ) -> SignoffEntry | None:
        """Information governance countersigns what needs it."""
        at = self.counter(now)
        rows = desk.waiting_for(at.stand(self.record.id), Turn.GOVERNANCE)
        agreed = desk.digest_of(at.stand(self.record.id), rows, self.rules)
        record = evidence or approved(agreed)
        return acts.countersign(at, self.record.id, signer=signer, evidence=record, agreed=agreed)

    def lock(self, signer: str = LEAD, evidence: Evidence = APPROVED, now: str | None = None) -> SignoffEntry | None:
        """The migration lead locks what is ready."""
        return acts.lock(self.counter(now), self.record.id, signer=signer, evidence=evidence)

    def reconfirm(self, signer: str = OWNER, now: str | None = None) -> SignoffEntry | None:
        """The owner, or a new one, stands by what must be confirmed."""
        at = self.counter(now)
        stands = at.stand(self.record.id)
        agreed = desk.digest_of(stands, desk.to_confirm(stands), self.rules)
        return acts.reconfirm(at, self.record.id, signer=signer, evidence=approved(agreed), agreed=agreed)

    def withdraw(self, *paths: str, signer: str = OWNER, now: str | None = None) -> SignoffEntry:
        """Rows, or all of them, are taken back."""
        rows = [self.row_id(path) for path in paths]
        return acts.withdraw(self.counter(now), self.record.id, signer=signer, reason="Not yet", row_ids=rows)

    def through(self, now: str | None = None) -> None:
        """From answers to locked rows: announced, signed, countersigned, locked."""
        self.announce(now=now)
        self.sign(**({"now": now} if now else {}))
        self.countersign(now=now)
        self.lock(now=now)

    def row_id(self, path: str) -> str:
        """The row of a folder."""
        return next(row.row_id for row in mappings.rows(self.ledger, self.record.id) if row.path == path)

    def signed(self) -> set[str]:
        """The paths of rows that may move; `.` is the root."""
        found = {row.row_id for row in signoffs.signed_rows(self.ledger)}
        return {row.path or "." for row in mappings.rows(self.ledger) if row.row_id in found}


def answered(desk: Desk) -> None:
    desk.answer({"Surveys": ARCHIVE})
    desk.collect()


def signed(desk: Desk) -> SignoffEntry:
    answered(desk)
    entry = desk.sign()
    assert entry is not None
    return entry
