"""Names and lengths of paths below mapping rows, for the few rows where they may matter."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spmigrate.store.ledger import Ledger
from spmigrate.store.row_facts import TREE, Seed, below


@dataclass(frozen=True, slots=True)
class Overlong:
    """How many files of a row have a longer path than there is room for, and the characters of the longest."""

    files: int
    longest: int


def overlong(ledger: Ledger, rooms: Mapping[Seed, int], scan_id: int) -> dict[Seed, Overlong]:
    """The rows with files whose path below the row's folder has more characters than its room; an emoji counts one."""
    seeds = [[folder_id, scope, room] for (folder_id, scope), room in rooms.items()]
    rows = ledger.rows(
        below(
            "SELECT seed_id, scope, count(*) AS files, max(long) AS longest FROM ("
            " SELECT b.seed_id, b.scope, b.bound,"
            "   length(f.path) + CASE f.path WHEN '' THEN 0 ELSE 1 END + length(i.name)"
            "   - (length(s.path) + CASE s.path WHEN '' THEN 0 ELSE 1 END) AS long"
            " FROM below b JOIN folder f ON f.id = b.folder_id JOIN folder s ON s.id = b.seed_id"
            " JOIN item i ON i.folder_id = b.folder_id AND i.scan_id = :scan AND i.kind = 'file')"
            " WHERE long > bound GROUP BY seed_id, scope"
        ),
        {"seeds": json.dumps(seeds), "scan": scan_id},
    )
    return {(row["seed_id"], row["scope"]): Overlong(row["files"], row["longest"]) for row in rows}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the files and of the folders that lie directly in a row's folder and go with it."""

    files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)


def names_directly_in(ledger: Ledger, seeds: Sequence[Seed]) -> dict[Seed, Names]:
    """The names directly in the folder of each row, at its source's last scan; those of folders where they belong."""
    found = {seed: Names() for seed in seeds}
    for row in ledger.rows(
        "WITH seed(folder_id, scope) AS ("
        "  SELECT CAST(json_extract(value, '$[0]') AS INTEGER), json_extract(value, '$[1]') FROM json_each(:seeds))"
        " SELECT g.folder_id, g.scope, i.name, 'file' AS kind FROM seed g JOIN item i ON i.folder_id = g.folder_id"
        " JOIN source s ON s.id = i.source_id AND s.scan_id = i.scan_id WHERE i.kind = 'file'"
        " UNION ALL SELECT g.folder_id, g.scope, f.path, 'folder' FROM seed g"
        " JOIN folder f ON f.parent_id = g.folder_id"
        " JOIN source s ON s.id = f.source_id AND s.scan_id = f.scan_id WHERE g.scope = :tree",
        {"seeds": json.dumps(seeds), "tree": TREE},
    ):
        names = found[row["folder_id"], row["scope"]]
        (names.files if row["kind"] == "file" else names.folders).append(row["name"].rpartition("/")[2])
    return found
