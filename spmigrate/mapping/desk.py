"""The desk where sheets are looked at: where each stands, and what would be signed next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from spmigrate.mapping import phrases, position, references, signoff
from spmigrate.mapping.gate import Turn, Verdict
from spmigrate.mapping.gatekeeper import Gatekeeper
from spmigrate.mapping.gatekeeper import today as present_day
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.position import Position
from spmigrate.mapping.rulebook import Rulebook
from spmigrate.mapping.states import State, reached
from spmigrate.store import mappings, signoffs, wave_changes
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.signoffs import Act, SignoffEntry
from spmigrate.words import day

LOCK_DAYS = 21
"""How long after its issue a sheet may be locked, unless the migration lead announced another day."""


def status(ledger: Ledger, offered: Choices, rules: Rulebook, *, today: date | None = None) -> list[Position]:
    """Where every sheet stands now."""
    return [of(ledger, record, offered, rules, today=today) for record in mappings.sheets(ledger)]


def stand(ledger: Ledger, sheet_id: str, offered: Choices, rules: Rulebook, *, today: date | None = None) -> Position:
    """Where one sheet stands now. Raises InputError when the ledger has no such sheet."""
    return of(ledger, position.record(ledger, sheet_id, sheet_id), offered, rules, today=today)


def of(
    ledger: Ledger, record: SheetRecord, offered: Choices, rules: Rulebook, *, today: date | None = None
) -> Position:
    """Where a sheet stands now, as the gate sees it."""
    return judged(ledger, position.of(ledger, record, offered), offered, rules, today=today)


def judged(
    ledger: Ledger, stands: Position, offered: Choices, rules: Rulebook, *, today: date | None = None
) -> Position:
    """A position with the verdict on each of its rows, and the state that follows from them."""
    keeper = Gatekeeper(ledger, lambda: rules, homes=offered.destinations, day=lambda: today or present_day())
    found = keeper.ask([stands.record.id])
    unsigned = {each.row_id: each.reason for each in found if _waits_for_owner(each)}
    voided = frozenset(each.row_id for each in found if each.row_id in unsigned and each.voided)
    done = entries(ledger, stands.record.id)
    locks_on = lock_day(stands.record, done)
    now = replace(stands, verdicts=tuple(found), unsigned=unsigned, voided=voided, locks_on=locks_on)
    if stands.state in (State.DRAFT, State.ISSUED):
        return now
    waves = wave_changes.states_of_rows(ledger)
    acts = {entry.kind for entry in done}
    rows = [(each, waves.get(each.row_id)) for each in found]
    return replace(now, state=reached(rows, blocked=now.blocked, acts=acts))


def entries(ledger: Ledger, sheet_id: str) -> list[SignoffEntry]:
    """What was done with a sheet, oldest first."""
    return signoffs.of_sheets(ledger, [sheet_id]).get(sheet_id, [])


def lock_day(record: SheetRecord, acts: Sequence[SignoffEntry]) -> date:
    """The day from which a sheet may be locked: as the migration lead announced it last, or some weeks after issue."""
    announced = [entry.policy["lock on"] for entry in acts if entry.kind == Act.ANNOUNCED]
    if announced:
        return date.fromisoformat(announced[-1])
    return date.fromisoformat(record.issued[:10]) + timedelta(days=LOCK_DAYS)


def statement(ledger: Ledger, stands: Position) -> str | None:
    """What the owner would agree to by signing the rows that are ready now; None when there are none."""
    if not stands.ready:
        return None
    waiting = [remark for remark in stands.remarks if remark.row_id in stands.blocked and remark.blocks]
    locks_on = lock_day(stands.record, entries(ledger, stands.record.id))
    return signoff.statement(
        stands.record, stands.source.name, stands.answered(stands.ready), waiting,
        locks_on=locks_on, reservations=stands.reservations,
    )  # fmt: skip


def digest(stands: Position, rules: Rulebook) -> str | None:
    """The digest that the owner would sign for the rows that are ready now; None when none can be signed."""
    if not stands.ready or stands.state in (State.DRAFT, State.ISSUED):
        return None
    return signoff.digest(stands.record, stands.ready, signed_versions(stands, rules))


def signed_versions(stands: Position, rules: Rulebook) -> dict[str, Any]:
    """What an owner signs beside the rows: the versions, the lock day, and what the scan may not have seen.

    So an approval of other words than those of now is refused, whatever its evidence.
    """
    told = {"lock on": stands.locks_on.isoformat() if stands.locks_on else "", "not seen": list(stands.reservations)}
    return references.versions(stands.record, rules) | told


def digest_of(stands: Position, rows: Sequence[MappedRow], rules: Rulebook) -> str:
    """The digest of rows of a sheet with the versions that they rest on."""
    return signoff.digest(stands.record, rows, references.versions(stands.record, rules))


def waiting_for(stands: Position, *turns: Turn) -> list[MappedRow]:
    """The rows whose turn it is."""
    chosen = {each.row_id for each in stands.verdicts if each.turn in turns}
    return [row for row in stands.rows if row.row_id in chosen]


def to_confirm(stands: Position) -> list[MappedRow]:
    """The rows that their owner must confirm again: at once, or by a day that is still ahead."""
    chosen = {each.row_id for each in stands.verdicts if each.turn is Turn.RECONFIRM or each.due}
    return [row for row in stands.rows if row.row_id in chosen]


def promised(ledger: Ledger, sheet_id: str, rows: Sequence[MappedRow]) -> date | None:
    """The last of the days until which owners were told that they may change their mind about these rows."""
    acts = signoffs.by_row(entries(ledger, sheet_id))
    last = [signoffs.last_signature(acts.get(row.row_id, ())) for row in rows]
    told = max((str(each.entry.policy.get("lock on", "")) for each in last if each), default="")
    return date.fromisoformat(told) if told else None


def voided(stands: Position) -> list[str]:
    """A line for each reason for which rows must be signed again, with their ids; rows of one reason stand together."""
    together: dict[str, list[str]] = {}
    for row_id in sorted(stands.voided):
        together.setdefault(stands.unsigned[row_id], []).append(row_id)
    return [f"{phrases.listed(rows)} must be signed again: {why}" for why, rows in together.items()]


def left(stands: Position, rules: Rulebook, *, today: date | None = None) -> str:
    """What became of an owner who is not in post, when no deputy of the sheet acts for them; empty when all is well."""
    now = today or present_day()
    owner = rules.people.person(stands.record.owner, on=now)
    deputy = stands.record.deputy and (stands.record.deputy_until or "") >= now.isoformat()
    if owner is None or owner.in_post(now) or deputy:
        return ""
    return f"left on {day(owner.leaves)}" if owner.leaves and owner.leaves <= now else "is not in post"


def _waits_for_owner(verdict: Verdict) -> bool:
    return verdict.turn is Turn.OWNER or (verdict.turn is Turn.WAIT and verdict.signed is None)
