"""What differs for moving when machines share a ledger in PostgreSQL: claims, sealed secrets, and the budget."""

import os
import platform
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from spmigrate.cli import view
from spmigrate.errors import SealedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spmigrate.migrate.engine.claims import Claims
    from spmigrate.migrate.engine.proposed import Queues
    from spmigrate.sealed import Sealed
    from spmigrate.store.pacing import Shelf
    from spmigrate.store.waves import Wave

KEY_FILE = "SPMIGRATE_SEALING_KEY_FILE"
_OWNER = f"{platform.node()} process {os.getpid()} {secrets.token_hex(2)}"
"""Machines may have the name and the numbers of others: this is nobody else's."""


def claims(
    session: view.Session, chosen: "Wave", *, queues: "Queues | None" = None, reaches: "Sequence[str] | None" = None
) -> "Claims | None":
    """Where batches come from; None for the ledger in a file, whose one run takes them itself.

    With `reaches` it is a worker's: it ends when nothing is free. Raises LedgerError.
    """
    if session.shared_ledger is None:
        return None
    from spmigrate.migrate.engine.proposed import Proposed
    from spmigrate.store.proposals import Proposals

    return Proposed(
        session.ledger, chosen, queues or Proposals(session.shared_ledger), owner=_OWNER, reaches=reaches or (),
        to_the_end=reaches is None,
    )  # fmt: skip


def sealed(session: view.Session) -> "Sealed":
    """Where secrets lie that a stopped run needs to go on. Raises SealedError."""
    if session.shared_ledger is None:
        from spmigrate.sealed import FileSealed

        return FileSealed(session.place.sealed)
    from spmigrate.store.shared_sealed import SharedSealed

    named = os.environ.get(KEY_FILE)
    if not named:
        raise SealedError(
            "machines that share a ledger need the key that secrets are sealed with",
            hint=f"the same on each: openssl rand 32 > sealing.key; export {KEY_FILE}=/path/to/sealing.key",
        )
    return SharedSealed(session.ledger, session.place.folder / Path(named).expanduser())


def shelf(session: view.Session) -> "Shelf":
    """Where the budget of the app is kept. Raises LedgerError."""
    if session.shared_ledger is None:
        from spmigrate.store.pacing import FileShelf

        return FileShelf(session.place.pacing)
    from spmigrate.store.shared_pacing import TableShelf

    session.ledger.moment()  # opened, so that its tables are there
    return TableShelf(session.shared_ledger)
