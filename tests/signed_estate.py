"""A small estate with every awkward thing in it, scanned and signed straight in the ledger."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from spmigrate.migrate.consent import Gate
from spmigrate.model import Decision, Destination, SignedRow
from spmigrate.scan.survey import survey
from spmigrate.store import clock, inventory, mappings, row_facts, signoffs
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.signoffs import Act, SignoffEntry, UnsignedRow, form_digest

TIDY = Decision.MOVE_AND_TIDY
FRAGMENT = 10 * 1024 * 1024
_AT = "2026-04-01T09:30:00.000000Z"
_ACTS = {
    Act.SIGNED: ("structures.lead", "owner"),
    Act.COUNTERSIGNED: ("information.governance", "information governance"),
    Act.LOCKED: ("migration.lead", "migration lead"),
}
_AWKWARD = (
    "O'Brien #1.txt", "100% sure.txt", "100%25.txt", "Café & bar + grill, [1]; =~{}.txt", "naïve £ € 🚧.txt",
    "a..b.txt", "no extension", ".hidden", "trailing space .txt", "x" * 200 + ".txt", "İstanbul.txt",
)  # fmt: skip
_TIDIED = ("what?.txt", "aux.txt", "ends with a stop.", " leading.txt", "back\\slash.txt", "TWIN.txt", "twin.txt")


def library(site: str = "/sites/team", name: str = "Shared Documents") -> Destination:
    """A library of the tenant."""
    return Destination(site=site, library=name, label=f"{site} > {name}")


def write(path: Path, content: bytes, *, modified: int = 1_400_000_000) -> Path:
    """A file with a time of its own, in seconds since 1970; folders on the way are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (modified, modified))
    return path


def make_estate(root: Path, *, plain: int = 120) -> Path:
    """`plain` + 27 files: awkward names, empty files, junk, a database, a link, one large file."""
    for number in range(plain):
        content = f"report {number}\n".encode() * (number * 7 % 400 + 1)
        write(
            root / "Works" / f"{number % 6}" / f"Report {number}.txt", content, modified=1_500_000_000 + number * 86_399
        )
    for number, name in enumerate(_AWKWARD):
        write(root / "Plans" / "Odd & ends #2" / name, name.encode(), modified=1_300_000_000 + number)
    for number, name in enumerate(_TIDIED):
        write(root / "Plans" / "To tidy" / name, name.encode(), modified=1_200_000_000 + number)
    write(root / "Plans" / "To tidy" / os.fsdecode(b"caf\xe9.txt"), b"no UTF-8", modified=1_250_000_000)
    for number in range(4):
        write(root / "Plans" / f"empty {number}.txt", b"", modified=1_469_000_000 + number * 15_000_000)
    write(root / "Plans" / "Thumbs.db", b"junk")
    write(root / "Plans" / "Assets.accdb", b"rows")
    (root / "Plans" / "link").symlink_to("Assets.accdb")
    write(
        root / "Drawings" / "large.bin", bytes(range(256)) * (FRAGMENT * 5 // 2 // 256) + b"!", modified=1_350_000_001
    )
    return root


def sign(
    ledger: Ledger,
    root: Path,
    rows: Mapping[str, tuple[Decision, Destination | None]],
    *,
    sheet_id: str = "S-0001",
    answers: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Scan `root` and sign one row for each folder in `rows`, with all below it that no other row covers.

    `answers` are more answers of rows, by folder: who should see it, keep rule, marking.
    """
    survey(ledger, root, name=root.name)
    sign_scanned(ledger, root, rows, sheet_id=sheet_id, answers=answers)


def sign_scanned(
    ledger: Ledger,
    root: Path,
    rows: Mapping[str, tuple[Decision, Destination | None]],
    *,
    sheet_id: str = "S-0001",
    answers: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Sign as `sign` does, on the last scan of `root`; signed again, rows keep their ids."""
    source = inventory.source(ledger, root.name)
    ids = {
        row["path"]: row["id"] for row in ledger.rows("SELECT id, path FROM folder WHERE source_id = ?", (source.id,))
    }
    facts = row_facts.folder_facts(ledger, [(ids[path], row_facts.TREE) for path in rows], source.scan_id)
    record = SheetRecord(
        id=sheet_id, source_id=source.id, scan_id=source.scan_id, version=1, issue_key=sheet_id,
        file=f"{sheet_id}.xlsx", owner="structures.lead", state="ISSUED", issued=_AT, basis={},
    )  # fmt: skip
    mapped = [
        MappedRow(
            row_id=f"M-{sheet_id}-{number}", sheet_id=sheet_id, position=number, folder_id=each.folder_id,
            scope=each.scope, path=each.path, identity=each.identity,
            meaning={**_meaning(*rows[each.path]), **(answers or {}).get(each.path, {})},
        )
        for number, each in enumerate(facts, start=1)
    ]  # fmt: skip
    mappings.put_sheet(ledger, record, mapped)
    mappings.put_answers(ledger, mapped)
    digests = {row.row_id: row.digest(record.owner) for row in mapped}
    forms = {digests[row.row_id]: row.form(record.owner) for row in mapped}
    for act, (signer, role) in _ACTS.items():
        signoffs.add_signoff(
            ledger,
            SignoffEntry(
                sheet_id=sheet_id, at=clock.now(), signer=signer, role=role, evidence="level 3: approval record APR-1",
                statement="move", digest=form_digest(digests.items(), {}), rows=tuple(digests.items()), act=act,
                level=3, person=signer,
            ),
            forms if act is Act.SIGNED else None,
        )  # fmt: skip


def gate(ledger: Ledger) -> Gate:
    """A gate that asks for the owner's signature alone: for tests of what moving does with its answers."""

    def ask(sheet_ids: Sequence[str] | None) -> list[SignedRow | UnsignedRow]:
        return [*signoffs.signed_rows(ledger, sheet_ids), *signoffs.unsigned_rows(ledger, sheet_ids)]

    return ask


def _meaning(decision: Decision, home: Destination | None) -> dict[str, object]:
    place = None if home is None else {"site": home.site, "library": home.library}
    return {"decision": str(decision), "home": place}
