"""Whether a site takes more content: its lock, and its storage limit."""

from __future__ import annotations

from spmigrate.rehearsal.items import PURGED, Refusal
from spmigrate.rehearsal.storage import Entity, Store

_MEGABYTE = 1024 * 1024
_LIMIT = "StorageMaximumLevel"
_USED = (
    "SELECT coalesce(sum(size), 0) + coalesce(sum((SELECT sum(version.size) FROM version"
    " WHERE version.item = item.id)), 0) FROM item WHERE bin <> ? AND list IN"
    " (SELECT list.id FROM entity AS list JOIN entity AS web ON list.parent = web.id"
    " WHERE web.parent = ? AND web.kind = 'web' AND list.kind IN ('list', 'webroot'))"
)


class Admission:
    """Asked before content is added or altered. What a site uses is worked out once, and only where the site has a
    storage limit of its own; earlier versions and what lies in the recycle bin count, as in the service."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._used: dict[int, int] = {}
        store.remembering(self._used.clear)

    def admit(self, list_id: int, *, size: int = 0, added: bool = False) -> None:
        """Refuse (`Refusal`: `siteLocked`, `quotaLimitReached`) what the list's site does not take."""
        site = self._site(list_id)
        if site is None:
            return
        lock = site.props.get("LockState", "Unlock")
        if lock in ("ReadOnly", "NoAccess") or (lock == "NoAdditions" and added):
            raise Refusal("siteLocked", "Access to this site has been blocked, or it can be read only.")
        limit = site.props.get(_LIMIT)
        if limit is None or not size:
            return
        used = self.used(site) + size
        if used > int(limit) * _MEGABYTE:
            raise Refusal("quotaLimitReached", "The site has reached its storage limit.")
        self._used[site.id] = used

    def used(self, site: Entity) -> int:
        """The bytes that a site's files take, with their versions."""
        known = self._used.get(site.id)
        if known is not None:
            return known
        row = self._store.db.execute(_USED, (PURGED, site.id)).fetchone()
        self._used[site.id] = int(row[0])
        return int(row[0])

    def forget(self) -> None:
        """Work out anew what sites use: something was deleted for good."""
        self._used.clear()

    def _site(self, list_id: int) -> Entity | None:
        listing = self._store.by_id(list_id)
        web = self._store.by_id(listing.parent) if listing else None
        return self._store.by_id(web.parent) if web else None
