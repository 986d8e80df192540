"""What the inventory says about the content of mapping rows, in a few passes over the ledger for all rows at once."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from spmigrate.store import row_place, row_sample
from spmigrate.store.ledger import Ledger
from spmigrate.store.row_identity import RowIdentity

TREE = "tree"
FOLDER = "folder"

_SENSITIVE = "SENSITIVE-NAME"  # the one note that an owner must see again when it comes or goes

_NOTHING = (0, 0, None)

Seed = tuple[int, str]
"""The folder of a row and its scope."""

_BELOW = """
WITH RECURSIVE seed(folder_id, scope, bound) AS (
  SELECT CAST(json_extract(value, '$[0]') AS INTEGER), json_extract(value, '$[1]'),
    CAST(json_extract(value, '$[2]') AS INTEGER)
  FROM json_each(:seeds)),
below(folder_id, seed_id, scope, bound) AS (
  SELECT folder_id, folder_id, scope, bound FROM seed
  UNION ALL
  SELECT f.id, b.seed_id, b.scope, b.bound FROM below b JOIN folder f ON f.parent_id = b.folder_id
  WHERE b.scope = 'tree' AND f.scan_id = :scan AND f.id NOT IN (SELECT folder_id FROM seed))
"""


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """A folder that can be a row, its content, and how many findings of each treatment and code lie below it.

    `tidied` is the new name that the scan proposes for the folder itself, None where its own will do; `above` is the
    path of the folders around it at a destination.
    """

    folder_id: int
    path: str
    scope: str
    identity: RowIdentity = field(default_factory=RowIdentity)
    findings: tuple[tuple[str, str, int], ...] = ()
    unseen: int = 0
    tidied: str | None = None
    above: str = ""


def row_seeds(ledger: Ledger, source_id: int, scan_id: int) -> list[Seed]:
    """The rows that a source needs: each top folder with all below it, and the root if files lie directly in it."""
    root = ledger.one("SELECT id FROM folder WHERE source_id = ? AND parent_id IS NULL", (source_id,))
    if root is None:
        return []
    tops = ledger.rows(
        "SELECT id FROM folder WHERE parent_id = ? AND scan_id = ? ORDER BY path, raw", (root["id"], scan_id)
    )
    seeds: list[Seed] = [(row["id"], TREE) for row in tops]
    loose = ledger.one("SELECT 1 FROM item WHERE folder_id = ? AND scan_id = ?", (root["id"], scan_id))
    return [*seeds, (root["id"], FOLDER)] if loose or not seeds else seeds


def folder_facts(ledger: Ledger, seeds: Sequence[Seed], scan_id: int) -> list[FolderFacts]:
    """The facts of rows, in the order of `seeds`. A row's content ends where another of the rows begins."""
    given: dict[str, Any] = {"seeds": json.dumps(seeds), "scan": scan_id}
    paths = {
        row["id"]: row["path"]
        for row in ledger.rows(
            "SELECT id, path FROM folder WHERE id IN (SELECT CAST(json_extract(value, '$[0]') AS INTEGER)"
            " FROM json_each(:seeds))",
            {"seeds": given["seeds"]},
        )
    }
    sums = _sums(ledger, given)
    bounds = {folder_id: row_sample.bound(sums.get(folder_id, _NOTHING)[0]) for folder_id, _ in seeds}
    sampled = [(folder_id, scope, bounds[folder_id]) for folder_id, scope in seeds]
    samples = _samples(ledger, {**given, "seeds": json.dumps(sampled)})
    folders = _folder_digests(ledger, given)
    findings = _finding_digests(ledger, given)
    access = _access_digests(ledger, given)
    counts = _finding_counts(ledger, given)
    unseen = _unseen(ledger, given)
    tidied = row_place.tidied_names(ledger, [folder_id for folder_id, _ in seeds])
    above = row_place.above(ledger, [folder_id for folder_id, _ in seeds])
    looked_ns = _started(ledger, scan_id)
    return [
        FolderFacts(
            folder_id=folder_id,
            path=paths[folder_id],
            scope=scope,
            identity=RowIdentity(
                *sums.get(folder_id, _NOTHING), folders.get(folder_id, ""), findings.get(folder_id, ""), looked_ns,
                bounds[folder_id], samples.get(folder_id, ""), access.get(folder_id, ""),
            ),
            findings=tuple(counts.get(folder_id, ())),
            unseen=unseen.get(folder_id, 0),
            tidied=tidied.get(folder_id),
            above=above.get(folder_id, ""),
        )
        for folder_id, scope in seeds
    ]  # fmt: skip


def _started(ledger: Ledger, scan_id: int) -> int:
    """When a scan began, in nanoseconds since 1970."""
    row = ledger.one("SELECT started FROM scan WHERE id = ?", (scan_id,))
    assert row is not None, "rows are asked about in a scan that there is"
    return int(datetime.fromisoformat(row["started"]).timestamp() * 1_000_000) * 1000


def below(select: str) -> str:
    """A query over `below`: every folder of the rows that are asked about, with the folder of its row."""
    return _BELOW + select


def _sums(ledger: Ledger, given: dict[str, Any]) -> dict[int, tuple[int, int, int | None]]:
    rows = ledger.rows(
        below(
            "SELECT b.seed_id, count(*) AS items, sum(i.size) AS bytes, max(i.modified_ns) AS newest FROM below b"
            " JOIN item i ON i.folder_id = b.folder_id AND i.scan_id = :scan GROUP BY b.seed_id"
        ),
        given,
    )
    return {row["seed_id"]: (row["items"], row["bytes"], row["newest"]) for row in rows}


def _samples(ledger: Ledger, given: dict[str, Any]) -> dict[int, str]:
    rows = ledger.rows(
        below(
            "SELECT b.seed_id, i.id, i.size, i.modified_ns FROM below b"
            " JOIN item i ON i.folder_id = b.folder_id AND i.scan_id = :scan"
            " WHERE ((i.id & 2147483647) * 2654435761 & 4294967295) < b.bound ORDER BY b.seed_id, i.id"
        ),
        given,
    )
    return {
        seed: row_sample.pack((row["id"], row["size"], row["modified_ns"]) for row in found)
        for seed, found in groupby(rows, key=lambda row: int(row["seed_id"]))
    }


def _folder_digests(ledger: Ledger, given: dict[str, Any]) -> dict[int, str]:
    return _digests(
        (row["seed_id"], (row["raw"], row["state"]))
        for row in ledger.rows(
            below(
                "SELECT b.seed_id, f.raw, f.state FROM below b JOIN folder f ON f.id = b.folder_id"
                " ORDER BY b.seed_id, f.raw"
            ),
            given,
        )
    )


def _access_digests(ledger: Ledger, given: dict[str, Any]) -> dict[int, str]:
    """One digest a row of who may open its folders; none where no scan asked. What could not be read counts as such."""
    return _digests(
        (row["seed_id"], (row["raw"], row["digest"]))
        for row in ledger.rows(
            below(
                "SELECT b.seed_id, f.raw, coalesce(a.digest, '') AS digest FROM below b"
                " JOIN folder f ON f.id = b.folder_id LEFT JOIN access a ON a.id = f.access_id"
                " JOIN scan s ON s.id = :scan WHERE s.access <> ''"
                " ORDER BY b.seed_id, f.raw"
            ),
            given,
        )
    )


def _finding_digests(ledger: Ledger, given: dict[str, Any]) -> dict[int, str]:
    return _digests(
        (row["seed_id"], tuple(row)[1:])
        for row in ledger.rows(
            below(
                "SELECT b.seed_id, f.raw, i.raw AS item, n.code, n.treatment, n.proposal FROM below b"
                " JOIN folder f ON f.id = b.folder_id JOIN finding n ON n.folder_id = b.folder_id AND n.scan_id = :scan"
                " LEFT JOIN item i ON i.id = n.item_id WHERE n.treatment <> 'note' OR n.code = :sensitive"
                " ORDER BY b.seed_id, f.raw, i.raw NULLS FIRST, n.code, n.treatment, n.proposal NULLS FIRST"
            ),
            {**given, "sensitive": _SENSITIVE},
        )
    )


def _digests(rows: Iterable[tuple[int, tuple[Any, ...]]]) -> dict[int, str]:
    """One SHA-256 for each row id, over its values in the order given; lengths keep neighbours apart."""
    hashes: dict[int, Any] = {}
    for seed, values in rows:
        running = hashes.setdefault(seed, hashlib.sha256())
        for value in values:
            raw = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
            running.update(f"{len(raw)}:".encode() + raw)
    return {seed: running.hexdigest() for seed, running in hashes.items()}


def _finding_counts(ledger: Ledger, given: dict[str, Any]) -> dict[int, list[tuple[str, str, int]]]:
    counts: dict[int, list[tuple[str, str, int]]] = {}
    for row in ledger.rows(
        below(
            "SELECT b.seed_id, n.treatment, n.code, count(*) AS findings FROM below b"
            " JOIN finding n ON n.folder_id = b.folder_id AND n.scan_id = :scan"
            " GROUP BY b.seed_id, n.treatment, n.code ORDER BY b.seed_id, findings DESC, n.code"
        ),
        given,
    ):
        counts.setdefault(row["seed_id"], []).append((row["treatment"], row["code"], row["findings"]))
    return counts


def _unseen(ledger: Ledger, given: dict[str, Any]) -> dict[int, int]:
    rows = ledger.rows(
        below(
            "SELECT b.seed_id, count(*) AS folders FROM below b JOIN folder f ON f.id = b.folder_id"
            " WHERE f.state = 'unseen' GROUP BY b.seed_id"
        ),
        given,
    )
    return {row["seed_id"]: row["folders"] for row in rows}
