"""Where something that was scanned is now: everything an answer rests on, by a few look-ups through indexes.

No question here reads more than one folder's children: a ledger of 25 million items answers as fast as a small one.
Values are named tuples, and not the dataclasses of the other modules, because making those takes a tenth of an answer.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from spmigrate.store.ledger import Ledger, Row
from spmigrate.words import folded

_STATE = "CASE WHEN c.unseen = 0 AND c.digest IS NOT NULL THEN 'complete' ELSE c.state END"
"""How much a scan saw; whether it could read what it saw is no matter here."""
_MOST_PARTS = 12
_MOST_LOOKED_INTO = 60
"""Folders below one without files of its own that are looked into for where it went."""


class ScannedSource(NamedTuple):
    """A source with the state of its last scan."""

    id: int
    name: str
    root: str
    state: str


class Met(NamedTuple):
    """How far a path led: the folder it reached, at which depth, and the file in it that was meant, if one was."""

    folder_id: int
    depth: int
    item_id: int | None = None
    whole: bool = False


class RowAt(NamedTuple):
    """The row of a mapping sheet that answers for something: what its owner decided, and who that is."""

    row_id: str
    sheet_id: str
    signed: bool
    """Whether its owner signed the answers that it has now, and did not take that back."""
    owner: str
    deputy: str | None
    deputy_until: str | None
    path: str
    meaning: Mapping[str, Any]
    remarks: Mapping[str, Any]


class Landing(NamedTuple):
    """What became of a file when a wave ran; for a folder, of one of its files, and how far below that one lay."""

    wave: str
    outcome: str
    code: str | None
    reason: str | None
    site: str
    site_name: str | None
    url: str | None
    library: str
    folder: str
    name: str
    at: str | None
    below: int = 0


class Place(NamedTuple):
    """A folder, or a file in it, and all that is known of where it is."""

    source: ScannedSource
    path: str
    name: str | None = None
    gone: bool = False
    unseen: str | None = None
    row: RowAt | None = None
    wave: tuple[str, str] | None = None
    landing: Landing | None = None
    findings: tuple[tuple[str, str, str], ...] = ()
    parts: tuple[RowAt, ...] = ()
    """The rows below a folder that goes different ways."""
    waves: Mapping[str, tuple[str, str]] = MappingProxyType({})


_ROW = (
    "SELECT m.row_id, m.sheet_id, h.owner, h.deputy, h.deputy_until, f.path, m.decision, m.identity, m.scope,"
    " m.folder_id FROM mapping_row m JOIN sheet h ON h.id = m.sheet_id JOIN folder f ON f.id = m.folder_id"
    " WHERE m.position > 0"
)
_ROWS_AT = _ROW + " AND m.folder_id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))"  # noqa: S608 - both parts are ours
_ROWS_BELOW = (
    _ROW + " AND h.source_id = :source"
    " AND (:path = '' OR f.path = :path OR substr(f.path, 1, length(:path) + 1) = :path || '/')"
    " ORDER BY f.path LIMIT :most"
)


def sources(ledger: Ledger) -> list[ScannedSource]:
    """Every source that was scanned, by name."""
    rows = ledger.rows(
        f"SELECT s.id, s.name, s.root, {_STATE} FROM source s JOIN scan c ON c.id = s.scan_id ORDER BY s.name"  # noqa: S608 - ours
    )
    return [ScannedSource(*row) for row in rows]


def newest(ledger: Ledger) -> dict[str, int]:
    """The ids of the folder and of the item that were met last."""
    row = ledger.one(
        "SELECT (SELECT coalesce(max(id), 0) FROM folder) AS folder, (SELECT coalesce(max(id), 0) FROM item) AS item"
    )
    assert row is not None
    return {"folder": int(row["folder"]), "item": int(row["item"])}


def meet(ledger: Ledger, source_id: int, parts: Sequence[str]) -> Met | None:
    """How far these names lead from the root of a source: as they are written, else with other capitals."""
    found = _exact(ledger, source_id, parts)
    if found is not None:
        return Met(found, len(parts), whole=True)
    root = ledger.one("SELECT id FROM folder WHERE source_id=? AND raw=?", (source_id, b""))
    if root is None:
        return None
    above = _exact(ledger, source_id, parts[:-1])
    here, depth = (root["id"], 0) if above is None else (above, len(parts) - 1)
    while depth < len(parts) and (below := _child(ledger, here, parts[depth])) is not None:
        here, depth = below, depth + 1
    if depth == len(parts):
        return Met(here, depth, whole=True)
    item = _item(ledger, here, parts[depth]) if depth == len(parts) - 1 else None
    return Met(here, depth, item, whole=item is not None)


def at(ledger: Ledger, folder_id: int, item_id: int | None = None) -> Place | None:
    """Everything about a folder, or about a file in it; None when it is not in the ledger."""
    row = ledger.one(
        "SELECT f.id, f.source_id, f.path, f.state, f.reason, f.gone_scan IS NOT NULL AS gone, s.name, s.root,"  # noqa: S608
        f" s.scan_id, {_STATE} AS scan_state FROM folder f JOIN source s ON s.id = f.source_id"
        " JOIN scan c ON c.id = s.scan_id WHERE f.id = ?",
        (folder_id,),
    )
    if row is None:
        return None
    item = None if item_id is None else _item_row(ledger, item_id)
    chain = _chain(ledger, folder_id)
    owned = _row_of(ledger, chain, own_files=item_id is not None)
    parts = () if owned or item_id is not None else tuple(_rows_below(ledger, row["source_id"], row["path"]))
    landing = None
    if item_id is not None:
        landing = _landing(ledger, item_id)
    elif owned is not None and _has_moved(ledger, owned.row_id):
        landing = _landing_of_folder(ledger, folder_id)
    return Place(
        source=ScannedSource(row["source_id"], row["name"], row["root"], row["scan_state"]),
        path=row["path"],
        name=item["name"] if item else None,
        gone=bool(row["gone"] or (item and item["gone"])),
        unseen=(row["reason"] or "it could not be read") if row["state"] == "unseen" else None,
        row=owned,
        wave=_wave_of(ledger, owned.row_id) if owned else None,
        landing=landing,
        findings=_findings(ledger, row["scan_id"], item_id),
        parts=parts,
        waves={part.row_id: wave for part in parts if (wave := _wave_of(ledger, part.row_id))},
    )


def folder_paths(ledger: Ledger, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Of these folders, those that the ledger has: id, source and path."""
    rows = ledger.rows(
        "SELECT f.id, s.name, f.path FROM json_each(?) j JOIN folder f ON f.id = CAST(j.value AS INTEGER)"
        " JOIN source s ON s.id = f.source_id",
        (json.dumps(list(ids)),),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def item_names(ledger: Ledger, ids: Sequence[int]) -> list[tuple[int, int, str, str]]:
    """Of these files, those that the ledger has: id, folder id, name and the folder's path."""
    rows = ledger.rows(
        "SELECT i.id, i.folder_id, i.name, f.path FROM json_each(?) j JOIN item i ON i.id = CAST(j.value AS INTEGER)"
        " JOIN folder f ON f.id = i.folder_id",
        (json.dumps(list(ids)),),
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def published(ledger: Ledger, depth: int) -> Iterator[int]:
    """The folders of a published page: those of every row, and those at most `depth` below the root of a source."""
    rows = ledger.rows(
        "WITH RECURSIVE top(id, depth) AS ("
        " SELECT id, 0 FROM folder WHERE parent_id IS NULL"
        " UNION ALL SELECT f.id, t.depth + 1 FROM top t JOIN folder f ON f.parent_id = t.id"
        " WHERE t.depth < ? AND f.gone_scan IS NULL)"
        " SELECT id FROM top WHERE depth > 0 UNION SELECT folder_id FROM mapping_row WHERE position > 0",
        (depth,),
    )
    return (row["id"] for row in rows)


def _exact(ledger: Ledger, source_id: int, parts: Sequence[str]) -> int | None:
    raw = "/".join(parts).encode("utf-8", "surrogateescape")
    row = ledger.one("SELECT id FROM folder WHERE source_id=? AND raw=?", (source_id, raw))
    return None if row is None else int(row["id"])


def _child(ledger: Ledger, folder_id: int, name: str) -> int | None:
    """The folder of this name in another, present ones first."""
    wanted = folded(name)
    gone = None
    for row in ledger.rows("SELECT id, path, gone_scan FROM folder WHERE parent_id=? ORDER BY id", (folder_id,)):
        if folded(row["path"].rpartition("/")[2]) == wanted:
            if row["gone_scan"] is None:
                return int(row["id"])
            gone = int(row["id"])
    return gone


def _item(ledger: Ledger, folder_id: int, name: str) -> int | None:
    raw = name.encode("utf-8", "surrogateescape")
    row = ledger.one("SELECT id FROM item WHERE folder_id=? AND raw=?", (folder_id, raw))
    if row is not None:
        return int(row["id"])
    wanted = folded(name)
    rows = ledger.rows("SELECT id, name FROM item WHERE folder_id=? ORDER BY gone_scan IS NOT NULL, id", (folder_id,))
    return next((int(row["id"]) for row in rows if folded(row["name"]) == wanted), None)


def _item_row(ledger: Ledger, item_id: int) -> Row | None:
    return ledger.one("SELECT name, gone_scan IS NOT NULL AS gone FROM item WHERE id=?", (item_id,))


def _chain(ledger: Ledger, folder_id: int) -> list[int]:
    """A folder and those around it, innermost first."""
    rows = ledger.rows(
        "WITH RECURSIVE up(id, depth) AS (SELECT CAST(? AS INTEGER), 0 UNION ALL"
        " SELECT f.parent_id, u.depth + 1 FROM up u JOIN folder f ON f.id = u.id WHERE f.parent_id IS NOT NULL)"
        " SELECT id FROM up ORDER BY depth",
        (folder_id,),
    )
    return [row["id"] for row in rows]


def _row_of(ledger: Ledger, chain: Sequence[int], *, own_files: bool) -> RowAt | None:
    """The innermost row that answers for a folder with all below it, or for the files that lie directly in it."""
    rows = ledger.rows(_ROWS_AT, (json.dumps(list(chain)),))
    found = {(row["folder_id"], row["scope"]): row for row in rows}
    for depth, folder_id in enumerate(chain):
        scopes = ("folder", "tree") if own_files and depth == 0 else ("tree",)
        for scope in scopes:
            if (folder_id, scope) in found:
                return _as_row(ledger, found[(folder_id, scope)])
    return None


def _rows_below(ledger: Ledger, source_id: int, path: str) -> Iterator[RowAt]:
    """The rows of folders below one that is split, and its own, in the order of their paths."""
    rows = ledger.rows(
        _ROWS_BELOW,
        {"source": source_id, "path": path, "most": _MOST_PARTS},
    )
    return (_as_row(ledger, row) for row in rows)


def _as_row(ledger: Ledger, row: Row) -> RowAt:
    try:
        answers = json.loads(row["decision"])
    except ValueError:
        answers = {}
    meaning = answers.get("meaning", {})
    return RowAt(
        row["row_id"], row["sheet_id"], _is_signed(ledger, row, meaning), row["owner"], row["deputy"],
        row["deputy_until"], row["path"], meaning, answers.get("remarks", {}),
    )  # fmt: skip


def _is_signed(ledger: Ledger, row: Row, meaning: Mapping[str, Any]) -> bool:
    last = ledger.one(
        "SELECT coalesce(s.act, 'signed') AS act, r.digest FROM signoff s CROSS JOIN signoff_row r"
        " ON r.signoff_id = s.id AND r.row_id = :row"
        " WHERE s.sheet_id = :sheet AND coalesce(s.act, 'signed') IN ('signed', 'withdrawn')"
        " ORDER BY s.id DESC LIMIT 1",
        {"row": row["row_id"], "sheet": row["sheet_id"]},
    )
    if last is None or last["act"] != "signed":
        return False
    from spmigrate.store.row_identity import RowIdentity, row_digest  # an answer without signatures loads less

    try:
        identity = RowIdentity.parse(row["identity"])
    except (ValueError, TypeError):
        return False
    now = row_digest(row["row_id"], row["path"], row["scope"], row["owner"], identity, meaning)
    return now == str(last["digest"])


def _wave_of(ledger: Ledger, row_id: str) -> tuple[str, str] | None:
    row = ledger.one(
        "SELECT w.name, w.state FROM wave w CROSS JOIN wave_row r ON r.wave_id = w.id AND r.row_id = ?"
        " WHERE r.released IS NULL ORDER BY w.id DESC LIMIT 1",
        (row_id,),
    )
    return None if row is None else (row["name"], row["state"])


def _has_moved(ledger: Ledger, row_id: str) -> bool:
    """Whether a wave with this row has begun, released or not: what is planned has landed nowhere."""
    row = ledger.one(
        "SELECT 1 FROM wave w CROSS JOIN wave_row r ON r.wave_id = w.id AND r.row_id = ?"
        " WHERE w.state <> 'planned' LIMIT 1",
        (row_id,),
    )
    return row is not None


_LANDING = (
    "SELECT w.name AS wave, t.outcome, t.code, t.reason, t.site, s.name AS site_name, s.url, t.library,"
    " t.target_folder, t.target_name, t.at FROM transfer t JOIN wave w ON w.id = t.wave_id"
    " LEFT JOIN site s ON s.address = t.site"
)


_NOT_TAKEN_BACK = (
    "NOT EXISTS (SELECT 1 FROM wave_undo u WHERE u.wave_id = t.wave_id AND u.target_id = t.target_id"
    " AND u.event = 'removed')"
)
_FOLLOWED = (
    "WITH RECURSIVE up(id) AS (SELECT CAST(? AS INTEGER)"
    " UNION ALL SELECT t.id FROM up u JOIN transfer t ON t.former_id = u.id WHERE t.outcome = 'copied')"
    " SELECT max(u.id) AS id FROM up u"
)
"""The transfer by which a copy got its present place: later rounds rename what was renamed at the source."""


def _landing(ledger: Ledger, item_id: int) -> Landing | None:
    row = ledger.one(
        "SELECT t.id FROM transfer t WHERE t.item_id = ? AND t.outcome IS NOT NULL"  # noqa: S608 - ours
        f" AND {_NOT_TAKEN_BACK} ORDER BY t.outcome = 'copied' DESC, t.superseded IS NULL DESC, t.wave_id DESC,"
        " t.round DESC LIMIT 1",
        (item_id,),
    )
    return None if row is None else _as_landed(ledger, row["id"], 0)


def _as_landed(ledger: Ledger, transfer_id: int, below: int) -> Landing | None:
    last = ledger.one(_FOLLOWED, (transfer_id,))
    row = last and ledger.one(_LANDING + " WHERE t.id = ?", (last["id"],))
    return _as_landing(row, below) if row else None


def _landing_of_folder(ledger: Ledger, folder_id: int) -> Landing | None:
    """What became of the first copied file in a folder or, where it has none itself, in a few of those below it."""
    waiting = [(folder_id, 0)]
    for looked, (here, below) in enumerate(waiting):
        row = ledger.one(
            "SELECT t.id FROM item i JOIN transfer t ON t.item_id = i.id"  # noqa: S608 - ours
            " WHERE i.folder_id = ? AND t.outcome = 'copied'"
            f" AND {_NOT_TAKEN_BACK} ORDER BY t.superseded IS NULL DESC, t.id LIMIT 1",
            (here,),
        )
        found = row and _as_landed(ledger, row["id"], below)
        if found:
            return found
        if looked >= _MOST_LOOKED_INTO:
            break
        if len(waiting) <= _MOST_LOOKED_INTO:
            rows = ledger.rows("SELECT id FROM folder WHERE parent_id = ? LIMIT ?", (here, _MOST_LOOKED_INTO))
            waiting += [(each["id"], below + 1) for each in rows]
    return None


def _as_landing(row: Row, below: int) -> Landing:
    return Landing(
        row["wave"], row["outcome"], row["code"], row["reason"], row["site"] or "", row["site_name"], row["url"],
        row["library"] or "", row["target_folder"] or "", row["target_name"] or "", row["at"], below,
    )  # fmt: skip


def _findings(ledger: Ledger, scan_id: int, item_id: int | None) -> tuple[tuple[str, str, str], ...]:
    if item_id is None:
        return ()
    rows = ledger.rows(
        "SELECT code, treatment, message FROM finding WHERE item_id = ? AND scan_id = ? ORDER BY id", (item_id, scan_id)
    )
    return tuple((row[0], row[1], row[2]) for row in rows)
