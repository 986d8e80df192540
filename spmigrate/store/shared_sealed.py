"""Secrets of runs where machines share a ledger: sealed before they leave a machine, with a key that all of them have.

The database holds what nobody can open there. The key comes from each machine's own file, never from the ledger.
"""

from pathlib import Path

from spmigrate import sealed
from spmigrate.store.ledger import Ledger

_FORGOTTEN_SECONDS = 86_400.0
"""After which a secret that nothing names counts as left over: a machine may be about to write its id down."""


class SharedSealed:
    """Secrets in the ledger's database, sealed with the key in a file of this machine."""

    def __init__(self, ledger: Ledger, key_file: Path) -> None:
        """Read the key. Raises SealedError when it is no key, or open to others."""
        self._ledger = ledger
        self._key = sealed.read_key(key_file)

    def put(self, value: bytes) -> str:
        """Keep a secret; it is in the database before this returns. Raises LedgerError."""
        secret_id = sealed.new_id()
        self._ledger.execute(
            "INSERT INTO sealed(id, value, at) VALUES(?, ?, ?)",
            (secret_id, sealed.seal(self._key, secret_id, value), self._ledger.moment()),
        )
        return secret_id

    def get(self, secret_id: str) -> bytes | None:
        """The secret of this id; None where there is none. Raises SealedError when it cannot be opened."""
        row = self._ledger.one("SELECT value FROM sealed WHERE id = ?", (secret_id,))
        if row is None:
            return None
        return sealed.unseal(self._key, secret_id, row["value"], where=f"the secret {secret_id} in the ledger")

    def erase(self, secret_id: str) -> None:
        """Forget a secret, if there is one of this id."""
        self._ledger.execute("DELETE FROM sealed WHERE id = ?", (secret_id,))

    def ids(self) -> frozenset[str]:
        """All that are older than a day: younger ones may belong to work that another machine has just begun."""
        rows = self._ledger.rows("SELECT id FROM sealed WHERE at < ?", (self._ledger.moment() - _FORGOTTEN_SECONDS,))
        return frozenset(row["id"] for row in rows)
