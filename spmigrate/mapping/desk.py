"""The desk where sheets are looked at and signed."""

from spmigrate.errors import SpmigrateError
from spmigrate.mapping import position, signoff
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.position import Position
from spmigrate.mapping.states import State
from spmigrate.store import clock, inventory, mappings, signoffs
from spmigrate.store.ledger import Ledger
from spmigrate.store.signoffs import SignoffEntry


def status(ledger: Ledger, offered: Choices) -> list[Position]:
    """Where every sheet stands now."""
    return [position.of(ledger, record, offered) for record in mappings.sheets(ledger)]


def stand(ledger: Ledger, sheet_id: str, offered: Choices) -> Position:
    """Where one sheet stands now. Raises InputError when the ledger has no such sheet."""
    return position.of(ledger, position.record(ledger, sheet_id, sheet_id), offered)


def statement(stands: Position) -> str | None:
    """What the owner would agree to by signing the rows that are ready now; None when there are none."""
    if not stands.ready:
        return None
    waiting = [remark for remark in stands.remarks if remark.row_id in stands.blocked and remark.blocks]
    return signoff.statement(stands.record, stands.source.name, stands.answered(stands.ready), waiting)


def digest(stands: Position) -> str | None:
    """The digest that the owner would sign for the rows that are ready now; None when none can be signed."""
    if not stands.ready or stands.state in (State.DRAFT, State.ISSUED):
        return None
    return signoff.digest(stands.record, stands.ready)


def sign(
    ledger: Ledger,
    sheet_id: str,
    offered: Choices,
    *,
    signer: str,
    evidence: signoff.Evidence,
    agreed: str,
    now: str | None = None,
) -> SignoffEntry | None:
    """Record the sign-off of every row that is ready; None when every row is signed already.

    `agreed` is the digest that the signer approved, or its beginning. Raises SpmigrateError when this role may not
    sign, the workbook is not back, no row is ready, or the rows that are ready are not those that were approved.
    """
    at = now or clock.now()
    with ledger.transaction():
        record = position.record(ledger, sheet_id, sheet_id)
        position.refuse_unfinished(inventory.by_id(ledger, record.source_id))
        role = signoff.capacity(record, signer, evidence, at[:10])
        stands = position.of(ledger, record, offered)
        if not stands.unsigned:
            return None
        if stands.state in (State.DRAFT, State.ISSUED):
            hint = f"when it is back: spmigrate mapping collect {record.file}"
            raise SpmigrateError(f"the workbook of {sheet_id} has not come back", hint=hint)
        text = statement(stands)
        if text is None:
            raise SpmigrateError(f"no row of {sheet_id} can be signed yet", hint="spmigrate mapping status")
        signoff.check_agreed(sheet_id, agreed, signoff.digest(record, stands.ready))
        entry = signoffs.add_signoff(
            ledger,
            signoff.entry(record, stands.ready, signer=signer, role=role, evidence=evidence, text=text, at=at),
        )
        mappings.set_state(ledger, sheet_id, position.of(ledger, record, offered).state)
    return entry
