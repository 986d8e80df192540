"""The owner accepts what a wave did with a sheet: an act of the protocol like a sign-off, in the same chain."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from spmigrate.errors import SpmigrateError
from spmigrate.mapping import acts, authority, position, signoff
from spmigrate.mapping.rulebook import Rulebook
from spmigrate.mapping.signoff import Evidence
from spmigrate.store import clock, mappings
from spmigrate.store.ledger import Ledger
from spmigrate.store.signoffs import Act, SignoffEntry


@dataclass(frozen=True, slots=True)
class Account:
    """What an owner accepts of one sheet, as values of the mover: its digest, in words, and its figures."""

    wave: str
    sheet_id: str
    rows: Collection[str]
    digest: str
    statement: str
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """Where an acceptance is recorded: the ledger, the rules, and the moment (ISO, UTC)."""

    ledger: Ledger
    rules: Rulebook
    at: str = field(default_factory=clock.now)

    @property
    def today(self) -> date:
        """The day of the moment."""
        return date.fromisoformat(self.at[:10])


def accept(at: Bench, account: Account, *, signer: str, evidence: Evidence, agreed: str) -> SignoffEntry:
    """Record that the owner, or a deputy, accepts this account of a wave.

    `agreed` is the digest that they approved, or its beginning. Raises SpmigrateError when this role may not, the
    evidence is too weak, or the account is not the one that was approved.
    """
    with acts.kept(at, account.sheet_id, Act.ACCEPTED, signer):
        record = position.record(at.ledger, account.sheet_id, account.sheet_id)
        who = authority.owner(record, signer, at.rules, at.today)
        acts.check(at, record, who, evidence)
        signoff.check_agreed(account.sheet_id, agreed, account.digest)
        acts.check_bound(at, evidence, account.digest)
        rows = [row for row in mappings.rows(at.ledger, record.id) if row.row_id in account.rows]
        if not rows:
            raise SpmigrateError(f"no row of {account.sheet_id} is in wave '{account.wave}' any more")
        more = {"wave": account.wave, "account": account.digest, "figures": dict(account.figures)}
        return acts.append(at, record, who, Act.ACCEPTED, rows, evidence, account.statement, more=more)
