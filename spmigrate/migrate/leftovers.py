"""Secrets that nothing names any more: a run was killed between sealing one and writing its id down."""

from spmigrate import log
from spmigrate.sealed import Sealed
from spmigrate.store import copy_files, half_sent, packages
from spmigrate.store.ledger import Ledger


def erase(ledger: Ledger, sealed: Sealed) -> int:
    """Erase them, before a run begins; how many there were. What they were for begins anew. Raises SealedError."""
    needed = half_sent.named_secrets(ledger) | packages.secrets_in_use(ledger) | copy_files.named_secrets(ledger)
    found = sealed.ids() - needed
    for secret_id in found:
        sealed.erase(secret_id)
    if found:
        log.logger().info("secrets.erased", count=len(found))
    return len(found)
