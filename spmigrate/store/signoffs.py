"""The chain of sign-offs: who did what with which rows, on which evidence; and whose signature stands at present."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from typing import Any

from spmigrate.model import Decision, Destination, SignedRow
from spmigrate.store import clock, inventory, row_facts
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.mappings import MappedRow, SheetRecord, destination, rows, sheets
from spmigrate.store.row_identity import CHANGE_PERCENT, RowIdentity, canonical, difference, sha256, sheet_digest

NO_ENTRY = "0" * 64
"""What the first entry of the chain of sign-offs names as its predecessor."""


class Act(StrEnum):
    """What an entry of the chain says was done."""

    SIGNED = "signed"
    COUNTERSIGNED = "countersigned"
    ANNOUNCED = "announced"
    """The migration lead named the day from which the sheet may be locked."""
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    WITHDRAWN = "withdrawn"
    RECONFIRMED = "reconfirmed"
    QUESTIONED = "questioned"
    """The tool saw that the owner left or that the unit moved: from that day the time to re-confirm runs."""
    ACCEPTED = "accepted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class UnsignedRow:
    """A row without a signature that stands, and why: `voided` if it was signed once, `withdrawn` if taken back."""

    row_id: str
    sheet_id: str
    path: str
    reason: str
    voided: bool
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class SignoffEntry:
    """One entry of the chain, with the rows and digests that it covers.

    `person` is the id of the signer on the register of people, `level` the level of the evidence. `policy` holds what
    was in force: `versions` (sheet, issue, scan, retention, templates, partners, policy) and, by row, the entries of
    registers that it names. An entry without `act` is a sign-off from before there were others.
    """

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
    act: str | None = None
    level: int | None = None
    person: str | None = None
    policy: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The act, of older entries too."""
        return self.act or Act.SIGNED

    def computed(self) -> str:
        """The digest of this entry's content and of the entry before it."""
        if self.act is not None:
            return link_digest(self.sheet_id, self.previous, self.content())
        return sha256([
            self.sheet_id, self.at, self.signer, self.role, self.evidence, self.statement, self.digest,
            self.previous, [list(pair) for pair in sorted(self.rows)],
        ])  # fmt: skip

    def content(self) -> str:
        """The digest of all that this entry says of its sheet, without its place in the chain."""
        return sha256([
            self.at, self.signer, self.role, self.evidence, self.statement, self.digest,
            [list(pair) for pair in sorted(self.rows)], self.act, self.level, self.person, dict(self.policy),
        ])  # fmt: skip

    def covered(self) -> str:
        """The digest of the rows and of the versions that they rest on: what the signer approved."""
        return form_digest(self.rows, self.policy.get("versions", {})) if self.act else sheet_digest(dict(self.rows))


@dataclass(frozen=True, slots=True)
class RowAct:
    """What an entry says of one row: the digest that it covers."""

    entry: SignoffEntry
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain of sign-offs does not hold."""

    signoff_id: int
    text: str

    def __str__(self) -> str:
        return f"sign-off {self.signoff_id} {self.text}"


def link_digest(sheet_id: str, previous: str, content: str) -> str:
    """The digest of an entry: of its sheet, of the entry before it, and of what it says, by the digest of that.

    So somebody who may not read an entry can still tell of which sheet it is.
    """
    return sha256([sheet_id, previous, content])


def form_digest(rows: Iterable[tuple[str, str]], versions: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical form of a sheet: its rows by id, and the versions of everything that they rest on."""
    return sha256({"rows": [list(pair) for pair in sorted(rows)], "versions": dict(versions)})


def add_signoff(
    ledger: Ledger, draft: SignoffEntry, forms: Mapping[str, Mapping[str, Any]] | None = None
) -> SignoffEntry:
    """Append an entry to the chain; returns it with its id, predecessor and own digest.

    `forms` are the canonical forms behind the row digests, kept so that anybody can recompute them later.
    """
    with ledger.transaction():
        last = ledger.one("SELECT entry FROM signoff ORDER BY id DESC LIMIT 1")
        entry = replace(draft, previous=last["entry"] if last else NO_ENTRY)
        entry = replace(entry, entry=entry.computed())
        number = ledger.insert(
            "INSERT INTO signoff(sheet_id, at, signer, role, evidence, statement, digest, previous, entry, act, level,"
            " person, policy) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (entry.sheet_id, entry.at, entry.signer, entry.role, entry.evidence, entry.statement, entry.digest,
             entry.previous, entry.entry, entry.act, entry.level, entry.person, canonical(dict(entry.policy))),
        )  # fmt: skip
        ledger.execute_many(
            "INSERT INTO signoff_row(signoff_id, row_id, digest) VALUES(?, ?, ?)",
            [(number, row_id, digest) for row_id, digest in entry.rows],
        )
        ledger.execute_many(
            "INSERT INTO signed_form(digest, form) VALUES(?, ?)",
            [(digest, canonical(dict(form))) for digest, form in (forms or {}).items()],
        )
    return replace(entry, id=number)


def signoffs(ledger: Ledger, *, after: int | None = None) -> Iterator[SignoffEntry]:
    """The chain of sign-offs, oldest first; with `after`, the entries that follow the one of this id."""
    yield from _entries(ledger, "WHERE s.id > ?", (after or 0,))


def _entries(ledger: Ledger, which: str, parameters: Sequence[object]) -> Iterator[SignoffEntry]:
    found = ledger.rows(
        "SELECT s.*, r.row_id AS covered, r.digest AS covered_digest FROM signoff s"  # noqa: S608 - ours
        f" LEFT JOIN signoff_row r ON r.signoff_id = s.id {which} ORDER BY s.id, r.row_id",
        parameters,
    )
    for _, some in groupby(found, key=lambda row: row["id"]):
        rows = list(some)
        yield _entry(rows[0], tuple((row["covered"], row["covered_digest"]) for row in rows if row["covered"]))


def of_sheets(ledger: Ledger, sheet_ids: Sequence[str] | None = None) -> dict[str, list[SignoffEntry]]:
    """The entries of each sheet, oldest first."""
    found: dict[str, list[SignoffEntry]] = {}
    if sheet_ids is None:
        entries = signoffs(ledger)
    else:
        marks = ", ".join("?" for _ in sheet_ids)
        entries = _entries(ledger, f"WHERE s.sheet_id IN ({marks})", sheet_ids) if sheet_ids else iter(())
    for entry in entries:
        found.setdefault(entry.sheet_id, []).append(entry)
    return found


def is_empty(ledger: Ledger, sheet_id: str | None = None) -> bool:
    """Whether nothing was ever done, on this sheet where one is named."""
    which, given = ("", ()) if sheet_id is None else (" WHERE sheet_id = ?", (sheet_id,))
    return ledger.one(f"SELECT id FROM signoff{which} LIMIT 1", given) is None  # noqa: S608 - ours


def proved_by(ledger: Ledger, level: int) -> list[SignoffEntry]:
    """The acts of all sheets on evidence of one level, oldest first, without their rows."""
    return [_entry(row, ()) for row in ledger.rows("SELECT * FROM signoff WHERE level = ? ORDER BY id", (level,))]


def by_row(entries: Iterable[SignoffEntry]) -> dict[str, list[RowAct]]:
    """The acts of each row, oldest first. Pure."""
    found: dict[str, list[RowAct]] = {}
    for entry in entries:
        for row_id, digest in entry.rows:
            found.setdefault(row_id, []).append(RowAct(entry, digest))
    return found


def forms(ledger: Ledger, digests: Iterable[str]) -> dict[str, str]:
    """The canonical forms, as text, behind these digests; older sign-offs kept none."""
    found = ledger.rows(
        "SELECT digest, form FROM signed_form WHERE digest IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(digests))),),
    )
    return {row["digest"]: row["form"] for row in found}


def add_refusal(ledger: Ledger, sheet_id: str, act: str, signer: str, *, rule: str, message: str) -> None:
    """Note that an act was asked for and refused, and by which rule."""
    ledger.execute(
        "INSERT INTO refusal(at, sheet_id, act, signer, rule, message) VALUES(?, ?, ?, ?, ?, ?)",
        (clock.now(), sheet_id, act, signer, rule, message),
    )


def chain_breaks(ledger: Ledger) -> list[Break]:
    """Every place where the ledger's chain of sign-offs does not hold; empty when nothing was altered or forged."""
    return list(breaks(signoffs(ledger)))


def breaks(chain: Iterable[SignoffEntry], *, previous: str = NO_ENTRY) -> Iterator[Break]:
    """Every entry that was altered, or that does not follow the one before it. Pure.

    `previous` is the digest of the entry before the first of these.
    """
    for each in chain:
        if each.previous != previous:
            yield Break(each.id, "does not follow the entry before it: one was removed, added or altered")
        if each.computed() != each.entry:
            yield Break(each.id, "was altered after it was written")
        elif each.covered() != each.digest:
            yield Break(each.id, "names other rows than its digest")
        previous = each.entry


def signed_rows(
    ledger: Ledger,
    sheet_ids: Sequence[str] | None = None,
    *,
    homes: Sequence[Destination] | None = None,
    percent: int = CHANGE_PERCENT,
) -> list[SignedRow]:
    """The rows whose owner's signature stands: neither their answers nor their content has changed since.

    With `homes`, the libraries that are approved now, only those whose new home is still among them; `percent` of the
    files must come or go to end a signature. Whether a row may move says `mapping.gate`, which asks for more.
    """
    return [each for each in _verdicts(ledger, sheet_ids, homes, percent) if isinstance(each, SignedRow)]


def unsigned_rows(
    ledger: Ledger,
    sheet_ids: Sequence[str] | None = None,
    *,
    homes: Sequence[Destination] | None = None,
    percent: int = CHANGE_PERCENT,
) -> list[UnsignedRow]:
    """The rows without an owner's signature that stands, each with the reason; arguments as for `signed_rows`."""
    return [each for each in _verdicts(ledger, sheet_ids, homes, percent) if isinstance(each, UnsignedRow)]


def _verdicts(
    ledger: Ledger, sheet_ids: Sequence[str] | None, homes: Sequence[Destination] | None, percent: int
) -> Iterator[SignedRow | UnsignedRow]:
    entries = of_sheets(ledger, sheet_ids)
    for record in sheets(ledger):
        if sheet_ids is not None and record.id not in sheet_ids:
            continue
        acts = by_row(entries.get(record.id, ()))
        mapped = [row for row in rows(ledger, record.id) if row.position]
        now = present(ledger, record, mapped)
        for row in mapped:
            yield signature(record, row, acts.get(row.row_id, ()), now.get(row.row_id), homes, percent=percent)


def present(ledger: Ledger, record: SheetRecord, mapped: Sequence[MappedRow]) -> dict[str, RowIdentity]:
    """What the rows hold in the latest scan, nothing while it runs. A finished scan does not change."""
    source = inventory.by_id(ledger, record.source_id)
    if source.scan_id == record.scan_id:
        return {row.row_id: row.identity for row in mapped}
    if source.state == "running":
        return {}
    found = row_facts.folder_facts(ledger, [(row.folder_id, row.scope) for row in mapped], source.scan_id)
    return {row.row_id: facts.identity for row, facts in zip(mapped, found, strict=True)}


def signature(
    record: SheetRecord,
    row: MappedRow,
    acts: Sequence[RowAct],
    now: RowIdentity | None,
    homes: Sequence[Destination] | None,
    *,
    percent: int = CHANGE_PERCENT,
) -> SignedRow | UnsignedRow:
    """Whether the owner's last signature of a row stands. Pure.

    `acts` are the entries that name the row, oldest first; `now` is what the latest finished scan says, None while one
    runs; `homes` are the libraries that are approved, None when nobody asks.
    """
    last = last_signature(acts)
    withdrawn = acts[-1].entry if acts and acts[-1].entry.kind == Act.WITHDRAWN else None
    reason = _why_unsigned(record, row, last, now, homes, percent)
    if last is None or reason:
        if withdrawn:
            reason = f"taken back by {withdrawn.signer} on {withdrawn.at[:10]}: {withdrawn.statement}"
        return UnsignedRow(row.row_id, row.sheet_id, row.path, reason or "not signed off", bool(acts), bool(withdrawn))
    decision = Decision(row.meaning["decision"])
    return SignedRow(
        row_id=row.row_id,
        sheet_id=row.sheet_id,
        source_id=record.source_id,
        folder_id=row.folder_id,
        scope=row.scope,
        decision=decision,
        destination=destination(row) if decision.moves else None,
        digest=last.digest,
        signoff_id=last.entry.id,
    )


def last_signature(acts: Sequence[RowAct]) -> RowAct | None:
    """The last sign-off of a row by its owner that was not taken back. Pure."""
    found: RowAct | None = None
    for each in acts:
        if each.entry.kind == Act.SIGNED:
            found = each
        elif each.entry.kind == Act.WITHDRAWN:
            found = None
    return found


def _why_unsigned(
    record: SheetRecord,
    row: MappedRow,
    last: RowAct | None,
    now: RowIdentity | None,
    homes: Sequence[Destination] | None,
    percent: int,
) -> str | None:
    if last is None:
        return "not signed off"
    if row.digest(record.owner) != last.digest:
        return "changed since it was signed off"
    if now is None:
        return "a scan of its source has not finished"
    changed = difference(row.identity, now, percent=percent)
    if changed:
        return f"the folder changed since it was signed off: {changed}"
    home = destination(row) if Decision(row.meaning["decision"]).moves else None
    if home and homes is not None and (home.site, home.library) not in {(each.site, each.library) for each in homes}:
        return f"its new home '{home.label}' is not an approved library any more"
    return None


def _entry(row: Row, covered: tuple[tuple[str, str], ...]) -> SignoffEntry:
    return SignoffEntry(
        sheet_id=row["sheet_id"], at=row["at"], signer=row["signer"], role=row["role"], evidence=row["evidence"],
        statement=row["statement"], digest=row["digest"], previous=row["previous"], entry=row["entry"], rows=covered,
        id=row["id"], act=row["act"], level=row["level"], person=row["person"],
        policy=_policy(row["policy"]),
    )  # fmt: skip


def _policy(text: str | None) -> dict[str, Any]:
    """What was in force; text that somebody damaged stays as it is, so that the chain shows a break."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {"damaged": text}
    return found if isinstance(found, dict) else {"damaged": text}
