"""Who may open the folders of a source, as the scan read it, and its files where it was asked to: for reports.

Reads only. What inherits everything is counted; folders and files that say something of their own are fetched.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Access, Right, join


@dataclass(frozen=True, slots=True)
class OwnAccess:
    """A folder, or with `item_id` a file in it, with rights of its own.

    `above` is the access of the folder that holds it; None at the top of a source, and where that was not read.
    """

    folder_id: int
    path: str
    access: Access
    above: Access | None
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class AccessFigures:
    """`read` of `folders` have had their access read.

    `own` are folders and files with rights of their own, and in any case the top folder and the folders of rows.
    """

    folders: int = 0
    read: int = 0
    own: tuple[OwnAccess, ...] = field(default_factory=tuple)


def figures(ledger: Ledger, source: Source) -> AccessFigures:
    """The access of the folders of a source."""
    place = {"source": source.id, "scan": source.scan_id}
    counted = ledger.one(
        "SELECT count(*), count(access_id) FROM folder WHERE source_id=:source AND scan_id=:scan", place
    )
    if counted is None or not counted[1]:
        return AccessFigures(counted[0] if counted else 0)
    known = dict(_lists(ledger))
    own = json.dumps([key for key, access in known.items() if has_own(access)])
    rows = ledger.rows(
        "SELECT d.id, d.path, d.access_id, p.access_id AS above FROM folder d LEFT JOIN folder p ON p.id = d.parent_id"
        " WHERE d.source_id=:source AND d.scan_id=:scan AND d.access_id IS NOT NULL"
        " AND (d.parent_id IS NULL OR d.access_id IN (SELECT CAST(value AS INTEGER) FROM json_each(:own))"
        " OR d.id IN (SELECT folder_id FROM mapping_row WHERE position > 0)) ORDER BY d.path",
        {**place, "own": own},
    )
    folders = [OwnAccess(row["id"], row["path"], known[row["access_id"]], known.get(row["above"])) for row in rows]
    files = _files(ledger, {**place, "own": own}, known) if source.access == "files" else ()
    return AccessFigures(counted[0], counted[1], (*folders, *files))


def _files(ledger: Ledger, place: dict[str, int | str], known: Mapping[int, Access]) -> Iterator[OwnAccess]:
    rows = ledger.rows(
        "SELECT d.id, d.path, i.id AS item, i.name, i.access_id, d.access_id AS above FROM item i"
        " JOIN folder d ON d.id = i.folder_id WHERE i.source_id=:source AND i.scan_id=:scan"
        " AND i.access_id IN (SELECT CAST(value AS INTEGER) FROM json_each(:own)) ORDER BY d.path, i.name",
        place,
    )
    for row in rows:
        path = join(row["path"], row["name"])
        yield OwnAccess(row["id"], path, known[row["access_id"]], known.get(row["above"]), row["item"])


def has_own(access: Access) -> bool:
    """Whether a list says something that does not come from above."""
    return not access.inherits or any(not right.inherited for right in access.rights)


def accounts(ledger: Ledger) -> list[str]:
    """Every owner and every account of a right, in the order in which the ledger met them."""
    met: dict[str, None] = {}
    for _, access in _lists(ledger):
        met.update(dict.fromkeys([access.owner, *(right.who for right in access.rights)]))
    return list(met)


def _lists(ledger: Ledger) -> Iterator[tuple[int, Access]]:
    for row in ledger.rows("SELECT id, owner, inherits, rights FROM access ORDER BY id"):
        rights = tuple(Right(**each) for each in json.loads(row["rights"]))
        yield row["id"], Access(row["owner"], bool(row["inherits"]), rights)
