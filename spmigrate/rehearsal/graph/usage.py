"""How much there is in each site, counted in the database."""

from __future__ import annotations

from dataclasses import dataclass

from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

_COUNT = """
SELECT site.id, count(*), total(item.size), max(item.modified), sum(item.modified >= ?) FROM item
  JOIN entity AS list ON list.id = item.list JOIN entity AS web ON web.id = list.parent
  JOIN entity AS site ON site.id = web.parent
  WHERE item.folder = 0 AND item.bin = 0 AND site.kind = 'site' GROUP BY site.id
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """A site's files: how many, how many were changed of late, their bytes, and the last change."""

    site: Entity
    files: int
    active: int
    size: int
    last_activity: str


def measure(tenant: Tenant, *, since: str) -> list[Usage]:
    """The usage of every site; a file is active that was changed since a day."""
    rows = {row[0]: row[1:] for row in tenant.store.db.execute(_COUNT, (since,))}
    found = []
    for site in tenant.store.every("site"):
        files, size, last, active = rows.get(site.id, (0, 0, site.modified, 0))
        found.append(Usage(site, int(files), int(active or 0), int(size), str(last)))
    return found
