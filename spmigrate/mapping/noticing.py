"""Noting in the chain that an owner left or a unit moved: from that day the time to confirm runs."""

from collections.abc import Sequence

from spmigrate.mapping import gate, references
from spmigrate.mapping.authority import Capacity
from spmigrate.mapping.gate import GateRow
from spmigrate.mapping.gatekeeper import Gatekeeper, today
from spmigrate.mapping.rulebook import Rulebook
from spmigrate.store import clock, signoffs
from spmigrate.store.ledger import Ledger
from spmigrate.store.signoffs import Act, SignoffEntry


def notice(
    ledger: Ledger, keeper: Gatekeeper, sheet_ids: Sequence[str] | None = None, *, at: str | None = None
) -> list[SignoffEntry]:
    """Note the rows of these sheets that must be confirmed again by a day still ahead; each cause once."""
    moment = at or clock.now()
    rules = keeper.rules()
    with ledger.transaction():
        rows = keeper.rows(sheet_ids)
        found = gate.verdicts(rows, rules, today() if at is None else gate.day_of(moment))
        due: dict[str, list[tuple[GateRow, str]]] = {}
        for row, verdict in zip(rows, found, strict=True):
            if verdict.due and row.acts[-1].entry.kind != Act.QUESTIONED:
                due.setdefault(row.record.id, []).append((row, verdict.due))
        return [_note(ledger, chosen, rules, moment) for chosen in due.values()]


def _note(ledger: Ledger, rows: Sequence[tuple[GateRow, str]], rules: Rulebook, at: str) -> SignoffEntry:
    record = rows[0][0].record
    versions = references.versions(record, rules)
    digests = tuple(sorted((each.row.row_id, each.row.digest(record.owner)) for each, _ in rows))
    return signoffs.add_signoff(
        ledger,
        SignoffEntry(
            sheet_id=record.id, at=at, signer="spmigrate", role=str(Capacity.TOOL), evidence="",
            statement="; ".join(dict.fromkeys(due for _, due in rows)),
            digest=signoffs.form_digest(digests, versions), rows=digests, act=str(Act.QUESTIONED), person="",
            policy={"versions": versions},
        ),
    )  # fmt: skip
