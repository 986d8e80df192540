"""Uploads of large files that go on after a crash: their addresses are sealed before the first fragment is sent."""

import json
import threading
from dataclasses import dataclass
from typing import Any

from spmigrate.errors import SealedError
from spmigrate.migrate.original import Original
from spmigrate.sealed import Sealed
from spmigrate.store import half_sent
from spmigrate.store.batches import Batch, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import transfer as content
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import HalfSent


class HalfSentUploads:
    """The uploads of a run that are on their way. Safe between threads."""

    def __init__(self, ledger: Ledger, sealed: Sealed, tenant: Tenant) -> None:
        self._ledger = ledger
        self._sealed = sealed
        self._tenant = tenant
        self._lock = threading.Lock()
        self._begun: dict[int, str | None] = {}

    def of(self, batch: Batch, item: Transfer) -> "HalfSentUpload":
        """The upload of one file of a batch in hand."""
        return HalfSentUpload(self, batch, item)

    def find(self, batch: Batch, item: Transfer, original: Original) -> HalfSent | None:
        """Where the upload of a file stands; see `HalfSentUpload`."""
        kept = self._opened(item)
        if kept is not None:
            url, *known = kept
            if known == [original.size, original.modified_ns]:
                standing = content.find_half_sent(self._tenant, url, size=original.size)
                if standing is not None:
                    return standing
            else:
                content.cancel(self._tenant, url)
        self.forget(batch, item)
        return None

    def keep(self, batch: Batch, item: Transfer, original: Original, begun: HalfSent) -> None:
        """Seal a new upload, and name it in the ledger; see `HalfSentUpload`."""
        secret_id = self._sealed.put(json.dumps([begun.url, original.size, original.modified_ns]).encode())
        half_sent.name_secret(self._ledger, batch, item.id, secret_id)
        with self._lock:
            self._begun[item.id] = secret_id

    def give_up(self, batch: Batch, item: Transfer) -> None:
        """End an upload at the service, and forget it; see `HalfSentUpload`."""
        kept = self._opened(item)
        if kept is not None:
            content.cancel(self._tenant, kept[0])
        self.forget(batch, item)

    def forget(self, batch: Batch, item: Transfer) -> None:
        """Erase what is sealed of a file; see `HalfSentUpload`."""
        secret_id = self._secret_of(item)
        if secret_id is None:
            return
        self._sealed.erase(secret_id)
        half_sent.name_secret(self._ledger, batch, item.id, None)
        with self._lock:
            self._begun[item.id] = None

    def _opened(self, item: Transfer) -> list[Any] | None:
        """Address, size and time of what is on its way; None when there is nothing that can be trusted."""
        secret_id = self._secret_of(item)
        if secret_id is None:
            return None
        try:
            kept = self._sealed.get(secret_id)
        except SealedError:
            return None  # it was altered, or its key is gone
        return None if kept is None else list(json.loads(kept))

    def _secret_of(self, item: Transfer) -> str | None:
        """The id of the sealed upload: what this run did counts, the transfer in hand may be older."""
        with self._lock:
            return self._begun.get(item.id, item.secret)


@dataclass(frozen=True, slots=True)
class HalfSentUpload:
    """The upload of one file, as far as it outlives the attempt that began it."""

    _uploads: HalfSentUploads
    _batch: Batch
    _item: Transfer

    def find(self, original: Original) -> HalfSent | None:
        """Where the upload stands that an earlier attempt began, None when it has to begin anew.

        It begins anew when the service has forgotten it, or when the original is not what was sent of it.
        """
        return self._uploads.find(self._batch, self._item, original)

    def keep(self, original: Original, begun: HalfSent) -> None:
        """Seal a new upload, and name it in the ledger. Raises SealedError and LedgerError."""
        self._uploads.keep(self._batch, self._item, original, begun)

    def give_up(self) -> None:
        """End the upload at the service, if there is one, and forget it."""
        self._uploads.give_up(self._batch, self._item)

    def forget(self) -> None:
        """Erase what is sealed of an upload that has ended; nothing happens when there is nothing."""
        self._uploads.forget(self._batch, self._item)
