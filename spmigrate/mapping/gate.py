"""The gate: whether each row may move now, and if not, why not and whose turn it is. One pure function.

It sees what the ledger holds of a row (answers, acts, what the latest scan says, whether a wave has it) and the rules,
and nothing else: the same values give the same verdict, on any day that is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from spmigrate.mapping import references
from spmigrate.mapping.lists import GovernanceView, Sensitive, Who
from spmigrate.mapping.rulebook import Rulebook
from spmigrate.model import Decision, Destination, SignedRow
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.row_identity import RowIdentity, growth
from spmigrate.store.signoffs import Act, RowAct, UnsignedRow, last_signature, signature
from spmigrate.words import day

_WEAKEST = 4
_PARTNERSHIP = "Partnership"


class Turn(StrEnum):
    """Whose turn it is before a row may move."""

    OWNER = "owner signs"
    RECONFIRM = "owner confirms again"
    GOVERNANCE = "information governance countersigns"
    LEAD = "migration lead locks"
    WAIT = "it waits"
    NOBODY = "may move"


@dataclass(frozen=True, slots=True)
class GateRow:
    """A row as the gate sees it: `now` is the latest finished scan's view of it, None while a scan runs.

    `acts` are the entries of the chain that name it, oldest first; `before` is what was signed, by digest, so that a
    change of class or keep rule is told from another; `wave` is the state of the wave that has it, if one has.
    """

    record: SheetRecord
    row: MappedRow
    acts: tuple[RowAct, ...] = ()
    now: RowIdentity | None = None
    before: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    wave: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of one row: whose turn it is, why it may not move, and what to know even if it may.

    `due` names what the owner must confirm again soon. `unclear` says that the gate could not tell.
    """

    row_id: str
    sheet_id: str
    path: str
    turn: Turn
    reason: str = ""
    note: str = ""
    due: str = ""
    unclear: bool = False
    voided: bool = False
    withdrawn: bool = False
    needs_countersignature: bool = False
    signed: SignedRow | None = None

    @property
    def may_move(self) -> bool:
        """Whether nothing stands between this row and a wave."""
        return self.turn is Turn.NOBODY

    def as_row(self) -> SignedRow | UnsignedRow:
        """The same in the mover's words."""
        if self.signed is not None and self.may_move:
            return self.signed
        return UnsignedRow(self.row_id, self.sheet_id, self.path, self.reason, self.voided, self.withdrawn)


def answer(verdict: Verdict, *, stopped: bool, left: bool) -> str:
    """In a word or two, whether a row of a wave moves when the wave goes on; `left` says that it has something to move.

    A row that its owner keeps where it is, and one that has moved, are signed like any other: nothing stands in their
    way, and still they do not move.
    """
    if verdict.unclear:
        return "cannot tell"
    if stopped:
        return "no"
    if verdict.signed is not None and not verdict.signed.decision.moves:
        return "stays"
    return "yes" if left and verdict.may_move else "has moved"


def verdicts(
    rows: Sequence[GateRow], rules: Rulebook, today: date, *, homes: Sequence[Destination] | None = None
) -> list[Verdict]:
    """The verdict on each row, in their order. `homes` are the approved libraries, None when nobody asks for them."""
    return [_verdict(each, rules, today, homes) for each in rows]


def _verdict(each: GateRow, rules: Rulebook, today: date, homes: Sequence[Destination] | None) -> Verdict:
    percent = rules.policy.growth_percent
    found = signature(each.record, each.row, each.acts, each.now, homes, percent=percent)
    blank = Verdict(each.row.row_id, each.row.sheet_id, each.row.path, Turn.OWNER)
    if isinstance(found, UnsignedRow):
        scanning = each.now is None and last_signature(each.acts) is not None
        turn = Turn.WAIT if scanning and not _changed(each) else Turn.OWNER
        return replace(
            blank, turn=turn, reason=found.reason, voided=found.voided, withdrawn=found.withdrawn, unclear=scanning
        )
    current = _since_signature(each.acts)
    needed = why_countersigned(each, rules, today, homes)
    turn, reason, due = _judge(each, current, rules, today, needed=needed is not None)
    return replace(
        blank, turn=turn, reason=reason, due=due, note=growth(each.row.identity, each.now) or "" if each.now else "",
        voided=turn is Turn.OWNER, needs_countersignature=needed is not None, signed=found,
    )  # fmt: skip


def _judge(
    each: GateRow, current: Sequence[RowAct], rules: Rulebook, today: date, *, needed: bool
) -> tuple[Turn, str, str]:
    """Whose turn it is with a row whose owner's signature stands, why, and what must be confirmed again soon."""
    row, signed = each.row, current[0].entry
    weak = _weak(current, rules) or references.changed(signed.policy.get("refs", {}).get(row.row_id, {}), row, rules)
    if weak:
        return Turn.OWNER, weak, ""
    if row.meaning.get("hold") or row.meaning.get("ig_view") == GovernanceView.HOLD:
        return Turn.WAIT, f"is under the hold {row.meaning.get('hold') or 'of information governance'}", ""
    expired, due = _must_confirm(each, current, rules, today)
    if expired:
        return Turn.RECONFIRM, expired, due
    if needed and not _is_done(current, Act.COUNTERSIGNED):
        return Turn.GOVERNANCE, "not countersigned by information governance", due
    if not _is_done(current, Act.LOCKED):
        return Turn.LEAD, "not locked by the migration lead", due
    return Turn.NOBODY, "", due


def day_of(moment: str) -> date:
    """The day of an ISO moment."""
    return date.fromisoformat(moment[:10])


def why_countersigned(
    each: GateRow, rules: Rulebook, today: date, homes: Sequence[Destination] | None = None
) -> str | None:
    """Why information governance must countersign a row as it stands; None when nobody must."""
    meaning = each.row.meaning
    rule = rules.schedule.rule(str(meaning.get("keep") or ""))
    if meaning.get("sensitive") == Sensitive.SPECIAL:
        return "special category or criminal details"
    if meaning.get("who") == Who.PARTNER or _is_partnership(meaning, homes):
        return "a partner can see it"
    held = meaning.get("hold") or meaning.get("ig_view") == GovernanceView.HOLD
    if held or (rule and rules.schedule.holds_on(rule, today)):
        return "a hold concerns it"
    if meaning.get("decision") == Decision.ARCHIVE:
        return "it stays as a read-only archive"
    return "its class or keep rule changed after a signature" if _reclassified(each) else None


def _is_partnership(meaning: Mapping[str, Any], homes: Sequence[Destination] | None) -> bool:
    home = meaning.get("home") or {}
    place = (home.get("site"), home.get("library"))
    return any((each.site, each.library) == place and each.kind == _PARTNERSHIP for each in homes or ())


def _reclassified(each: GateRow) -> bool:
    """Whether class or keep rule differ from what the owner signed the time before."""
    digests = [act.digest for act in each.acts if act.entry.kind == Act.SIGNED]
    present = last_signature(each.acts)
    earlier = [digest for digest in digests if present is None or digest != present.digest]
    before = each.before.get(earlier[-1]) if earlier else None
    if before is None:
        return False
    return any(before.get(key, "") != each.row.meaning.get(key, "") for key in ("subject", "keep"))


def _changed(each: GateRow) -> bool:
    last = last_signature(each.acts)
    return last is None or each.row.digest(each.record.owner) != last.digest


def _since_signature(acts: Sequence[RowAct]) -> list[RowAct]:
    """The owner's last signature of a row and what came after it: an earlier countersignature or lock counts no more.

    An entry from before there were other acts is only a signature.
    """
    last = last_signature(acts)
    start = next(n for n, each in enumerate(acts) if each is last)
    return list(acts[start:])


def _is_done(current: Sequence[RowAct], act: Act) -> bool:
    """Whether an act on exactly this digest stands."""
    done = False
    for each in current:
        if each.entry.kind == act and each.digest == current[0].digest:
            done = True
        elif each.entry.kind == Act.UNLOCKED and act is Act.LOCKED:
            done = False
    return done


def _weak(current: Sequence[RowAct], rules: Rulebook) -> str | None:
    """Why an act on this row does not count: weaker evidence than the policy asks for, or one person twice."""
    acting = [each.entry for each in current if each.entry.kind in (Act.SIGNED, Act.COUNTERSIGNED, Act.LOCKED)]
    for entry in acting:
        level = entry.level or _WEAKEST
        if level > rules.policy.lowest_evidence:
            return f"{entry.kind} on evidence of level {level}; the policy asks for {rules.policy.lowest_evidence}"
    sides: dict[str, str] = {}
    for entry in acting:
        if entry.person and sides.setdefault(entry.person, entry.kind) != entry.kind:
            return f"{entry.signer} acted twice: four eyes"
    return None


def _must_confirm(each: GateRow, current: Sequence[RowAct], rules: Rulebook, today: date) -> tuple[str | None, str]:
    """Why the owner must confirm a row before it may move; and what must be confirmed by a day that is still ahead."""
    confirmed = [act for act in current if act.entry.kind in (Act.SIGNED, Act.RECONFIRMED)][-1].entry
    last = day_of(confirmed.at)
    if each.wave is None and today > last + timedelta(days=rules.policy.expires_days):
        return f"signed on {day(last)} and not scheduled within {rules.policy.expires_days} days", ""
    cause, since = _turnover(each.record.owner, confirmed.person, confirmed.policy, rules, today)
    if not cause:
        return None, ""
    asked = [act.entry for act in current if act.entry.kind == Act.QUESTIONED and act.entry.id > confirmed.id]
    start = since or (day_of(asked[0].at) if asked else today)
    until = rules.calendar.working_days_after(start, rules.policy.reconfirm_working_days)
    if today > until:
        return f"suspended: {cause}, and nobody confirmed it by {day(until)}", ""
    return None, f"{cause}: to be confirmed by {day(until)}"


def _turnover(
    owner: str, person: str | None, policy: Mapping[str, Any], rules: Rulebook, today: date
) -> tuple[str, date | None]:
    """Why a new owner must confirm, and since when, where a register says so."""
    if not person:
        return "", None  # signed before persons were kept
    if policy.get("capacity") != "deputy":
        who = rules.people.person(person)
        if who is None:
            return f"{owner} is not on the register of people any more", None
        if not who.in_post(today):
            return f"the owner left on {day(who.leaves)}" if who.leaves else "the owner is not in post", who.leaves
        holder = rules.owner(owner, today)
        if holder is not None and holder.id != person:
            return f"the role of {owner} has passed on", holder.starts
    unit = policy.get("unit")
    holder = rules.owner(owner, today)
    if unit and holder is not None and rules.unit_of(holder) != unit:
        return "the owner's unit has another place in the organisation", None
    return "", None
