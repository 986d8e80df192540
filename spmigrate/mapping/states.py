"""How far a sheet has come. The state follows from facts; nobody sets it by hand."""

from enum import StrEnum


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
    """Every row carries a valid sign-off."""
    INVALIDATED = "INVALIDATED"
    """Rows that were signed have changed since, or their folders have; the others stay signed."""


def after(*, rows: int, signed: int, voided: int, blocked: int) -> State:
    """The state of a returned sheet: `voided` rows were signed once, `blocked` ones cannot be signed as they are."""
    if rows and signed == rows:
        return State.OWNER_SIGNED
    if voided:
        return State.INVALIDATED
    return State.RETURNED if blocked else State.VALIDATED
