"""The folders of a source as its last scan left them, with the findings that proposals are made from."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Listed:
    """A folder as the ledger lists it: what lies directly in it, and how many findings of each code it has.

    `unseen` says that the scan could not look into it.
    """

    id: int
    parent_id: int | None
    path: str
    files: int = 0
    bytes: int = 0
    unseen: bool = False
    hints: Mapping[str, int] = field(default_factory=dict)


def listed(ledger: Ledger, source: Source, codes: Collection[str]) -> list[Listed]:
    """Every folder of the present inventory of a source, with how many findings of these codes lie directly in it."""
    hints: dict[int, dict[str, int]] = {}
    for row in ledger.rows(
        "SELECT folder_id, code, count(*) AS findings FROM finding WHERE scan_id = ?"
        " AND code IN (SELECT value FROM json_each(?)) GROUP BY folder_id, code",
        (source.scan_id, json.dumps(sorted(codes))),
    ):
        hints.setdefault(row["folder_id"], {})[row["code"]] = row["findings"]
    rows = ledger.rows(
        "SELECT id, parent_id, path, items, bytes, state FROM folder WHERE source_id = ? AND scan_id = ? ORDER BY id",
        (source.id, source.scan_id),
    )
    return [
        Listed(
            row["id"], row["parent_id"], row["path"], row["items"], row["bytes"], row["state"] != "seen",
            hints.get(row["id"], {}),
        )
        for row in rows
    ]  # fmt: skip


def ids(ledger: Ledger, source: Source, paths: Iterable[str]) -> dict[str, int]:
    """The ids of folders of the present inventory by their paths; those that are not in it are left out."""
    rows = ledger.rows(
        "SELECT f.path, f.id FROM folder f WHERE f.source_id = ? AND f.scan_id = ?"
        " AND f.path IN (SELECT value FROM json_each(?)) ORDER BY f.id DESC",
        (source.id, source.scan_id, json.dumps(sorted(set(paths)))),
    )
    return {row["path"]: row["id"] for row in rows}


def paths(ledger: Ledger, folder_ids: Iterable[int]) -> dict[int, str]:
    """The paths of folders by their ids."""
    rows = ledger.rows(
        "SELECT f.id, f.path FROM json_each(?) g JOIN folder f ON f.id = CAST(g.value AS INTEGER)",
        (json.dumps(sorted(folder_ids)),),
    )
    return {row["id"]: row["path"] for row in rows}
