"""The acts of the protocol, each recorded in the chain: sign, countersign, lock, withdraw, confirm again.

Every act is checked by the rules that it is under, all in one transaction; a refusal names its rule and is kept too.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from spmigrate.errors import SpmigrateError
from spmigrate.mapping import authority, desk, position, references, signed_workbook, signoff
from spmigrate.mapping.authority import Refused, Signer
from spmigrate.mapping.gate import Turn, why_countersigned
from spmigrate.mapping.gatekeeper import Gatekeeper
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.position import Position
from spmigrate.mapping.rulebook import Rulebook
from spmigrate.mapping.signoff import Evidence
from spmigrate.mapping.states import State
from spmigrate.store import clock, inventory, signoffs, wave_changes
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.signoffs import Act, SignoffEntry
from spmigrate.words import day, plural

_NO_EVIDENCE = Evidence("", level=4)


class Record(Protocol):
    """Where an act is recorded, as the rules see it: the ledger, the rules, and the moment (ISO, UTC)."""

    @property
    def ledger(self) -> Ledger: ...
    @property
    def rules(self) -> Rulebook: ...
    @property
    def at(self) -> str: ...
    @property
    def today(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Counter:
    """Where acts are recorded: the ledger, what sheets offer, the rules, and the moment (ISO, UTC)."""

    ledger: Ledger
    offered: Choices
    rules: Rulebook
    at: str

    @classmethod
    def open(cls, ledger: Ledger, offered: Choices, rules: Rulebook, *, at: str | None = None) -> "Counter":
        """The counter as of now, or as of another moment."""
        return cls(ledger, offered, rules, at or clock.now())

    @property
    def today(self) -> date:
        """The day of the moment."""
        return date.fromisoformat(self.at[:10])

    def stand(self, sheet_id: str) -> Position:
        """Where a sheet stands at the moment. Raises InputError when there is none."""
        return desk.stand(self.ledger, sheet_id, self.offered, self.rules, today=self.today)


def sign(
    at: Counter,
    sheet_id: str,
    *,
    signer: str,
    evidence: Evidence,
    agreed: str,
    shown: str | None = None,
    edited_by: str | None = None,
) -> SignoffEntry | None:
    """Record the owner's sign-off of every row that is ready; None when every row is signed already.

    `agreed` is the digest that the signer approved, or its beginning; `shown` the words that stood beside it, and
    `edited_by` who filled the workbook in last, where these are known. Raises SpmigrateError when this role may not
    sign, the workbook is not back, no row is ready, the rows that are ready are not those that were approved, or the
    evidence signed them before.
    """
    with kept(at, sheet_id, Act.SIGNED, signer):
        record = position.record(at.ledger, sheet_id, sheet_id)
        position.refuse_unfinished(inventory.by_id(at.ledger, record.source_id))
        who = authority.owner(record, signer, at.rules, at.today)
        check(at, record, who, evidence)
        authority.check_age(record, signer, evidence, at.rules, at.today)
        stands = at.stand(sheet_id)
        if not stands.unsigned:
            return None
        if stands.state in (State.DRAFT, State.ISSUED):
            hint = f"when it is back: spmigrate mapping collect {record.file}"
            raise SpmigrateError(f"the workbook of {sheet_id} has not come back", hint=hint)
        text = desk.statement(at.ledger, stands)
        if text is None:
            raise SpmigrateError(f"no row of {sheet_id} can be signed yet", hint="spmigrate mapping status")
        versions = desk.signed_versions(stands, at.rules)
        digest = signoff.digest(stands.record, stands.ready, versions)
        signoff.check_agreed(sheet_id, agreed, digest)
        authority.check_not_used(evidence, digest, desk.entries(at.ledger, sheet_id))
        check_bound(at, evidence, digest)
        if shown is not None:
            signoff.check_shown(sheet_id, shown, text)
        more: dict[str, Any] = {"versions": versions, "lock on": versions["lock on"]}
        if signed_workbook.KEY in record.basis:
            more[signed_workbook.KEY] = record.basis[signed_workbook.KEY]
        if edited_by:
            person = at.rules.people.person(edited_by, on=at.today)
            more["edited by"] = person.id if person else edited_by
        return append(at, stands.record, who, Act.SIGNED, stands.ready, evidence, text, more=more)


def countersign(at: Counter, sheet_id: str, *, signer: str, evidence: Evidence, agreed: str) -> SignoffEntry | None:
    """Record that information governance countersigns every row that needs it; None when no row does now."""
    with kept(at, sheet_id, Act.COUNTERSIGNED, signer):
        stands = at.stand(sheet_id)
        who = authority.governance(signer, at.rules, at.today)
        check(at, stands.record, who, evidence)
        rows = desk.waiting_for(stands, Turn.GOVERNANCE)
        if not rows:
            return None
        digest = desk.digest_of(stands, rows, at.rules)
        signoff.check_agreed(sheet_id, agreed, digest)
        check_bound(at, evidence, digest)
        reasons = _reasons(at, sheet_id)
        named = "; ".join(f"{row.row_id}: {reasons[row.row_id]}" for row in rows)
        text = f"Countersigned: {plural(len(rows), 'row')} of {sheet_id} ({named}). Nothing will be deleted."
        return append(at, stands.record, who, Act.COUNTERSIGNED, rows, evidence, text)


def announce(at: Counter, sheet_id: str, *, signer: str, evidence: Evidence, on: date) -> SignoffEntry:
    """Record the day from which the migration lead will lock a sheet; until then its owner may change any row."""
    with kept(at, sheet_id, Act.ANNOUNCED, signer):
        stands = at.stand(sheet_id)
        who = authority.lead(signer, at.rules, at.today)
        check(at, stands.record, who, evidence)
        if on < at.today:
            raise Refused(f"{day(on)} has passed", rule="a lock day lies ahead", hint=f"--on {at.today}")
        text = f"{sheet_id} is locked on {day(on)} at the earliest."
        return append(at, stands.record, who, Act.ANNOUNCED, [], evidence, text, more={"lock on": on.isoformat()})


def lock(at: Counter, sheet_id: str, *, signer: str, evidence: Evidence) -> SignoffEntry | None:
    """Lock every row that is signed and, where needed, countersigned; None when there is none to lock now."""
    with kept(at, sheet_id, Act.LOCKED, signer):
        stands = at.stand(sheet_id)
        who = authority.lead(signer, at.rules, at.today)
        check(at, stands.record, who, evidence)
        rows = desk.waiting_for(stands, Turn.LEAD)
        if not rows:
            return None
        until = desk.promised(at.ledger, sheet_id, rows)
        if until and at.today < until:
            raise Refused(
                f"the owner of {sheet_id} may change their mind until {day(until)}",
                rule="not before the lock day that the owner was told",
                hint=f"lock it on {day(until)}; or withdraw, announce a day with --on, and have it signed again",
            )
        text = f"Locked: {plural(len(rows), 'row')} of {sheet_id}. A wave may take them."
        return append(at, stands.record, who, Act.LOCKED, rows, evidence, text)


def unlock(at: Counter, sheet_id: str, *, signer: str, reason: str) -> SignoffEntry | None:
    """Take back the lock of every row that has not begun to move; None when none is locked."""
    with kept(at, sheet_id, Act.UNLOCKED, signer):
        stands = at.stand(sheet_id)
        who = authority.lead(signer, at.rules, at.today)
        authority.check_four_eyes(who, desk.entries(at.ledger, sheet_id))
        rows = _not_begun(at, desk.waiting_for(stands, Turn.NOBODY))
        return append(at, stands.record, who, Act.UNLOCKED, rows, _NO_EVIDENCE, reason) if rows else None


def withdraw(at: Counter, sheet_id: str, *, signer: str, reason: str, row_ids: Sequence[str] = ()) -> SignoffEntry:
    """Take back the signatures of rows, of all without any named: they may not move before they are signed again.

    The owner, a deputy, information governance and the migration lead may. It needs no evidence, for it only stops.
    """
    with kept(at, sheet_id, Act.WITHDRAWN, signer):
        stands = at.stand(sheet_id)
        who = authority.anyone(stands.record, signer, at.rules, at.today)
        unknown = sorted(set(row_ids) - {row.row_id for row in stands.rows})
        if unknown:
            raise SpmigrateError(f"{sheet_id} has no row {', '.join(unknown)}", hint="spmigrate mapping status")
        acts = signoffs.by_row(desk.entries(at.ledger, sheet_id))
        moved = {
            row_id
            for row_id, wave in wave_changes.states_of_rows(at.ledger).items()
            if wave in ("verified", "accepted")
        }
        rows = [
            row
            for row in stands.rows
            if (not row_ids or row.row_id in row_ids)
            and row.row_id not in moved
            and signoffs.last_signature(acts.get(row.row_id, ())) is not None
        ]
        if not rows:
            raise Refused(
                f"no such row of {sheet_id} is signed, or all have moved and are verified",
                rule="only what is signed and has not moved can be taken back",
                hint="see where rows stand with: spmigrate mapping status",
            )
        return append(at, stands.record, who, Act.WITHDRAWN, rows, _NO_EVIDENCE, reason)


def reconfirm(at: Counter, sheet_id: str, *, signer: str, evidence: Evidence, agreed: str) -> SignoffEntry | None:
    """Record that the owner, perhaps a new one, stands by what was signed; None when nothing must be confirmed."""
    with kept(at, sheet_id, Act.RECONFIRMED, signer):
        stands = at.stand(sheet_id)
        who = authority.owner(stands.record, signer, at.rules, at.today)
        check(at, stands.record, who, evidence)
        rows = desk.to_confirm(stands)
        if not rows:
            return None
        digest = desk.digest_of(stands, rows, at.rules)
        signoff.check_agreed(sheet_id, agreed, digest)
        check_bound(at, evidence, digest)
        text = (
            f"Confirmed again: {plural(len(rows), 'row')} of {sheet_id} as they were signed"
            f" ({', '.join(row.row_id for row in rows)}). Nothing will be deleted."
        )
        return append(at, stands.record, who, Act.RECONFIRMED, rows, evidence, text)


@contextmanager
def kept(at: Record, sheet_id: str, act: Act, signer: str) -> Iterator[None]:
    """One transaction for an act, and for what belongs to it; what a rule refuses is kept, with the rule."""
    try:
        with at.ledger.transaction():
            yield
    except Refused as refused:
        signoffs.add_refusal(at.ledger, sheet_id, act, signer, rule=refused.rule, message=refused.message)
        raise


def check(at: Record, record: SheetRecord, who: Signer, evidence: Evidence) -> None:
    """Raise Refused when the evidence is too weak, or this person acted on the sheet in another capacity."""
    authority.check_evidence(evidence, who, at.rules, at.today)
    done = desk.entries(at.ledger, record.id)
    editors = [entry.policy["edited by"] for entry in done if "edited by" in entry.policy]
    authority.check_four_eyes(who, done, last_editor=editors[-1] if editors else None)


def check_bound(at: Record, evidence: Evidence, digest: str) -> None:
    """Raise Refused when the record that is named approved another digest, of this sheet or another."""
    if evidence.level in signoff.RECORD_LEVELS:
        authority.check_bound(evidence, digest, signoffs.proved_by(at.ledger, evidence.level))


def append(
    at: Record,
    record: SheetRecord,
    who: Signer,
    act: Act,
    rows: Sequence[MappedRow],
    evidence: Evidence,
    text: str,
    *,
    more: Mapping[str, Any] | None = None,
) -> SignoffEntry:
    """Add an act on these rows to the chain, with the versions that it rests on.

    `more` joins what was in force, or stands in its place.
    """
    rules = at.rules
    policy: dict[str, Any] = {"versions": references.versions(record, rules), **(more or {})}
    if act in (Act.SIGNED, Act.RECONFIRMED):
        policy["capacity"] = str(who.capacity)
        policy["unit"] = rules.unit_of(rules.owner(record.owner, at.today))
    if act is Act.SIGNED:
        policy["refs"] = {row.row_id: found for row in rows if (found := references.of_row(row, rules))}
    digests = tuple(sorted((row.row_id, row.digest(record.owner)) for row in rows))
    draft = SignoffEntry(
        sheet_id=record.id, at=at.at, signer=who.role, role=str(who.capacity),
        evidence=str(evidence) if evidence.reference else "", statement=text,
        digest=signoffs.form_digest(digests, policy["versions"]), rows=digests, act=str(act),
        level=evidence.level if evidence.reference else None, person=who.person, policy=policy,
    )  # fmt: skip
    forms: dict[str, dict[str, Any]] = {}
    if act is Act.SIGNED:
        forms = {row.digest(record.owner): row.form(record.owner) for row in rows} | references.forms(rows, rules)
    return signoffs.add_signoff(at.ledger, draft, forms)


def _reasons(at: Counter, sheet_id: str) -> dict[str, str]:
    keeper = Gatekeeper(at.ledger, lambda: at.rules, homes=at.offered.destinations, day=lambda: at.today)
    found = ((each.row.row_id, why_countersigned(each, at.rules, at.today, at.offered.destinations))
             for each in keeper.rows([sheet_id]))  # fmt: skip
    return {row_id: why for row_id, why in found if why}


def _not_begun(at: Counter, rows: Sequence[MappedRow]) -> list[MappedRow]:
    waves = wave_changes.states_of_rows(at.ledger)
    return [row for row in rows if waves.get(row.row_id) in (None, "planned")]
