"""The chain of sign-offs, and what counts as signed: that is decided here, at each reading."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spmigrate.model import Decision, Destination, SignedRow
from spmigrate.store import inventory, row_facts
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import MappedRow, SheetRecord, destination, rows, sheets
from spmigrate.store.row_identity import RowIdentity, difference, sha256, sheet_digest

NO_ENTRY = "0" * 64
"""What the first entry of the chain of sign-offs names as its predecessor."""


@dataclass(frozen=True, slots=True)
class UnsignedRow:
    """A row that may not move, and why not. `voided` says that it was signed once."""

    row_id: str
    sheet_id: str
    path: str
    reason: str
    voided: bool


@dataclass(frozen=True, slots=True)
class SignoffEntry:
    """One entry of the chain of sign-offs, with the rows and digests that it covers."""

    sheet_id: str
    at: str
    signer: str
    role: str
    evidence: str
    statement: str
    digest: str
    rows: tuple[tuple[str, str], ...]
    previous: str = NO_ENTRY
    entry: str = ""
    id: int = 0

    def computed(self) -> str:
        """The digest of this entry's content and of the entry before it."""
        return sha256(
            [self.sheet_id, self.at, self.signer, self.role, self.evidence, self.statement, self.digest,
             self.previous, [list(pair) for pair in sorted(self.rows)]]
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain of sign-offs does not hold."""

    signoff_id: int
    text: str

    def __str__(self) -> str:
        return f"sign-off {self.signoff_id} {self.text}"


def add_signoff(ledger: Ledger, draft: SignoffEntry) -> SignoffEntry:
    """Append a sign-off to the chain; returns it with its id, predecessor and own digest."""
    with ledger.transaction():
        last = ledger.one("SELECT entry FROM signoff ORDER BY id DESC LIMIT 1")
        entry = replace(draft, previous=last["entry"] if last else NO_ENTRY)
        entry = replace(entry, entry=entry.computed())
        number = ledger.insert(
            "INSERT INTO signoff(sheet_id, at, signer, role, evidence, statement, digest, previous, entry)"
            " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (entry.sheet_id, entry.at, entry.signer, entry.role, entry.evidence, entry.statement, entry.digest,
             entry.previous, entry.entry),
        )  # fmt: skip
        ledger.execute_many(
            "INSERT INTO signoff_row(signoff_id, row_id, digest) VALUES(?, ?, ?)",
            [(number, row_id, digest) for row_id, digest in entry.rows],
        )
    return replace(entry, id=number)


def signoffs(ledger: Ledger) -> Iterator[SignoffEntry]:
    """The chain of sign-offs, oldest first."""
    for row in list(ledger.rows("SELECT * FROM signoff ORDER BY id")):
        covered = ledger.rows(
            "SELECT row_id, digest FROM signoff_row WHERE signoff_id = ? ORDER BY row_id", (row["id"],)
        )
        yield SignoffEntry(
            sheet_id=row["sheet_id"], at=row["at"], signer=row["signer"], role=row["role"], evidence=row["evidence"],
            statement=row["statement"], digest=row["digest"], previous=row["previous"], entry=row["entry"],
            rows=tuple((each["row_id"], each["digest"]) for each in covered), id=row["id"],
        )  # fmt: skip


def chain_breaks(ledger: Ledger) -> list[Break]:
    """Every place where the ledger's chain of sign-offs does not hold; empty when nothing was altered or forged."""
    return list(breaks(signoffs(ledger)))


def breaks(chain: Iterable[SignoffEntry]) -> Iterator[Break]:
    """Every entry that was altered, or that does not follow the one before it. Pure."""
    previous = NO_ENTRY
    for each in chain:
        if each.previous != previous:
            yield Break(each.id, "does not follow the entry before it: one was removed, added or altered")
        if each.computed() != each.entry:
            yield Break(each.id, "was altered after it was written")
        elif sheet_digest(dict(each.rows)) != each.digest:
            yield Break(each.id, "names other rows than its digest")
        previous = each.entry


def signed_rows(
    ledger: Ledger, sheet_ids: Sequence[str] | None = None, *, homes: Sequence[Destination] | None = None
) -> list[SignedRow]:
    """The rows that may move: signed, and neither their answers nor their content has changed since.

    With `homes`, the libraries that are approved now, only those whose new home is still among them.
    """
    return [verdict for verdict in _verdicts(ledger, sheet_ids, homes) if isinstance(verdict, SignedRow)]


def unsigned_rows(
    ledger: Ledger, sheet_ids: Sequence[str] | None = None, *, homes: Sequence[Destination] | None = None
) -> list[UnsignedRow]:
    """The rows that may not move, each with the reason; `homes` as for `signed_rows`."""
    return [verdict for verdict in _verdicts(ledger, sheet_ids, homes) if isinstance(verdict, UnsignedRow)]


def _verdicts(
    ledger: Ledger, sheet_ids: Sequence[str] | None, homes: Sequence[Destination] | None
) -> Iterator[SignedRow | UnsignedRow]:
    approved = None if homes is None else {(home.site, home.library) for home in homes}
    for record in sheets(ledger):
        if sheet_ids is not None and record.id not in sheet_ids:
            continue
        signed = {
            row["row_id"]: (row["signoff_id"], row["digest"])
            for row in ledger.rows(
                "SELECT r.row_id, r.signoff_id, r.digest FROM signoff_row r JOIN signoff s ON s.id = r.signoff_id"
                " WHERE s.sheet_id = ? ORDER BY s.id",
                (record.id,),
            )
        }
        mapped = [row for row in rows(ledger, record.id) if row.position]
        present = _present(ledger, record, mapped)
        for row in mapped:
            now = present[row.folder_id, row.scope] if present is not None else None
            yield _verdict(record, row, signed.get(row.row_id), now, approved)


def _present(
    ledger: Ledger, record: SheetRecord, mapped: Sequence[MappedRow]
) -> dict[row_facts.Seed, RowIdentity] | None:
    """What the rows hold in the latest scan, None while it runs. A finished scan does not change."""
    source = inventory.by_id(ledger, record.source_id)
    if source.scan_id == record.scan_id:
        return {(row.folder_id, row.scope): row.identity for row in mapped}
    if source.state == "running":
        return None
    found = row_facts.folder_facts(ledger, [(row.folder_id, row.scope) for row in mapped], source.scan_id)
    return {(facts.folder_id, facts.scope): facts.identity for facts in found}


def _verdict(
    record: SheetRecord,
    row: MappedRow,
    signed: tuple[int, str] | None,
    present: RowIdentity | None,
    approved: set[tuple[str, str]] | None,
) -> SignedRow | UnsignedRow:
    def unsigned(reason: str) -> UnsignedRow:
        return UnsignedRow(row.row_id, row.sheet_id, row.path, reason, voided=signed is not None)

    if signed is None:
        return unsigned("not signed off")
    signoff_id, digest = signed
    if row.digest(record.owner) != digest:
        return unsigned("changed since it was signed off")
    if present is None:
        return unsigned("a scan of its source has not finished")
    changed = difference(row.identity, present)
    if changed:
        return unsigned(f"the folder changed since it was signed off: {changed}")
    decision = Decision(row.meaning["decision"])
    home = destination(row) if decision.moves else None
    if home and approved is not None and (home.site, home.library) not in approved:
        return unsigned(f"its new home '{home.label}' is not an approved library any more")
    return SignedRow(
        row_id=row.row_id,
        sheet_id=row.sheet_id,
        source_id=record.source_id,
        folder_id=row.folder_id,
        scope=row.scope,
        decision=decision,
        destination=home,
        digest=digest,
        signoff_id=signoff_id,
    )
