"""How far a sheet has come. The state follows from facts; nobody sets it by hand."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from spmigrate.mapping.gate import Turn, Verdict
from spmigrate.store.signoffs import Act

_STARTED = ("running", "paused", "moved", "verified", "accepted")
"""States of a wave that has begun: from then on the wave says how far its rows are."""
_VERIFIED = ("verified", "accepted")


class State(StrEnum):
    """The states of a sheet, in the order of work."""

    DRAFT = "DRAFT"
    """Rows are in the ledger; the workbook is not written yet."""
    ISSUED = "ISSUED"
    """The workbook is with the owner."""
    RETURNED = "RETURNED"
    """It came back, and some rows are not ready to be signed."""
    VALIDATED = "VALIDATED"
    """It came back, and every row is ready to be signed or is signed."""
    OWNER_SIGNED = "OWNER-SIGNED"
    """Every row carries a valid signature of the owner; some must still be countersigned, or locked."""
    COUNTERSIGNED = "COUNTERSIGNED"
    """Information governance countersigned every row that needs it; some are not locked."""
    LOCKED = "LOCKED"
    """Every row is locked: a wave may take it."""
    SCHEDULED = "SCHEDULED"
    """Every row is in a wave that has not started."""
    MOVING = "MOVING"
    """A wave with rows of the sheet has started, and not everything is verified."""
    VERIFIED = "VERIFIED"
    """Every row is in a wave that is verified."""
    ACCEPTED = "ACCEPTED"
    """The owner accepted what was verified."""
    CLOSED = "CLOSED"
    """Nothing is left to do."""
    WITHDRAWN = "WITHDRAWN"
    """Signatures were taken back; the other rows stay signed. Or no row is left: the draft no longer has the sheet."""
    INVALIDATED = "INVALIDATED"
    """Rows that were signed have changed since, or must be confirmed again; the others stay signed."""


def after(*, rows: int, signed: int, voided: int, blocked: int) -> State:
    """The state of a returned sheet: `voided` rows were signed once, `blocked` ones cannot be signed as they are."""
    if rows and signed == rows:
        return State.OWNER_SIGNED
    if voided:
        return State.INVALIDATED
    return State.RETURNED if blocked else State.VALIDATED


def reached(
    rows: Sequence[tuple[Verdict, str | None]], *, blocked: Collection[str] = (), acts: Collection[str] = ()
) -> State:
    """The state of a returned sheet from the verdict on each row and the state of the wave that has it.

    `blocked` are the rows that cannot be signed as they are; `acts` what the chain says of the whole sheet.
    """
    waiting = [
        (verdict, wave)
        for verdict, wave in rows
        if wave not in _STARTED or (verdict.withdrawn and wave not in _VERIFIED)
    ]
    unsettled = _unsettled([verdict for verdict, _ in waiting], blocked)
    if unsettled is not None or not rows:
        return unsettled or State.WITHDRAWN
    if len(waiting) < len(rows):
        verified = not waiting and all(wave in _VERIFIED for _, wave in rows)
        return _accepted(acts) if verified else State.MOVING
    turns = {verdict.turn for verdict, _ in waiting}
    if Turn.GOVERNANCE in turns:
        return State.OWNER_SIGNED
    if Turn.LEAD in turns:
        needed = any(verdict.needs_countersignature for verdict, _ in waiting)
        return State.COUNTERSIGNED if needed else State.OWNER_SIGNED
    return State.SCHEDULED if all(wave for _, wave in waiting) else State.LOCKED


def _unsettled(verdicts: Sequence[Verdict], blocked: Collection[str]) -> State | None:
    """The state while the owner has something to do with a row, or nobody can say; None when all is signed."""
    voided = [each for each in verdicts if each.voided or each.turn in (Turn.RECONFIRM, Turn.WAIT)]
    if voided:
        return State.WITHDRAWN if all(each.withdrawn for each in voided) else State.INVALIDATED
    unsigned = [each for each in verdicts if each.turn is Turn.OWNER]
    if unsigned:
        return State.RETURNED if any(each.row_id in blocked for each in unsigned) else State.VALIDATED
    return None


def _accepted(acts: Collection[str]) -> State:
    if Act.CLOSED in acts:
        return State.CLOSED
    return State.ACCEPTED if Act.ACCEPTED in acts else State.VERIFIED
