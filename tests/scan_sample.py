"""Scanned sources written straight into a ledger: for reports about more than a test would lay out on a disk."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Access, Right

BEGUN = "2026-04-01T09:30:00.000000Z"
YEAR_NS = 31_556_952 * 1_000_000_000
BEGUN_NS = 1_775_035_800 * 1_000_000_000
DOMAIN = "S-1-5-21-1-2-3-"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a source: its name, and what a scan would know of it."""

    name: str
    size: int = 1000
    years: float = 0.5
    sha256: str | None = None


def right(who: str, name: str = "", *, allows: bool = True, level: str = "change", inherited: bool = False) -> Right:
    """One entry of an access list; `who` is the last part of a SID of the domain, or a whole SID."""
    sid = who if who.startswith("S-") else DOMAIN + who
    return Right(sid, name, "user", allows, level, inherited)


def scanned(
    ledger: Ledger,
    name: str,
    folders: dict[str, Sequence[File]],
    *,
    access: dict[str, Access] | None = None,
    unseen: dict[str, str] | None = None,
    state: str | None = None,
) -> int:
    """A source with these folders (the root, '', is always there) and their files; returns its id.

    `access` is by folder; `unseen` has folders that could not be looked at, with the reason.
    """
    refused = unseen or {}
    paths = sorted({"", *folders, *refused})
    source = ledger.insert("INSERT INTO source(name, kind, root) VALUES(?, 'folder', ?)", (name, f"/srv/{name}"))
    files = [each for content in folders.values() for each in content]
    scan = ledger.insert(
        "INSERT INTO scan(source_id, started, ended, state, digest, folders, items, bytes, unseen)"
        " VALUES(?,?,?,?,'d1',?,?,?,?)",
        (source, BEGUN, BEGUN, state or ("incomplete" if refused else "complete"), len(paths) - 1, len(files),
         sum(each.size for each in files), len(refused)),
    )  # fmt: skip
    ledger.execute("UPDATE source SET scan_id=? WHERE id=?", (scan, source))
    ids: dict[str, int] = {}
    for path in paths:
        content = folders.get(path, ())
        ids[path] = ledger.insert(
            "INSERT INTO folder(source_id, parent_id, path, raw, state, reason, scan_id, items, bytes)"
            " VALUES(?,?,?,?,?,?,?,?,?)",
            (source, None if not path else ids[path.rpartition("/")[0]], path, path.encode("utf-8", "surrogatepass"),
             "unseen" if path in refused else "seen", refused.get(path), scan, len(content),
             sum(each.size for each in content)),
        )  # fmt: skip
        _add_files(ledger, source, scan, ids[path], content)
    for path in refused:
        add_finding(ledger, scan, "UNSEEN", "block", ids[path])
    for path, each in (access or {}).items():
        ledger.execute("UPDATE folder SET access_id=? WHERE id=?", (_access(ledger, each), ids[path]))
    return source


def add_finding(ledger: Ledger, scan: int, code: str, treatment: str, folder: int, item: int | None = None) -> None:
    """A finding of a scan about a folder, or a file in it."""
    ledger.execute(
        "INSERT INTO finding(scan_id, code, severity, folder_id, item_id, treatment, message)"
        " VALUES(?,?,'high',?,?,?,'m')",
        (scan, code, folder, item, treatment),
    )


def _add_files(ledger: Ledger, source: int, scan: int, folder: int, files: Iterable[File]) -> None:
    ledger.execute_many(
        "INSERT INTO item(source_id, folder_id, name, kind, size, modified_ns, scan_id, sha256)"
        " VALUES(?,?,?,'file',?,?,?,?)",
        [
            (source, folder, each.name, each.size, BEGUN_NS - int(each.years * YEAR_NS), scan, each.sha256)
            for each in files
        ],
    )


def _access(ledger: Ledger, access: Access) -> int:
    rights = json.dumps([asdict(each) for each in access.rights])
    digest = f"{access.owner} {access.inherits} {rights}"
    known = ledger.one("SELECT id FROM access WHERE digest=?", (digest,))
    if known is not None:
        return int(known["id"])
    return ledger.insert(
        "INSERT INTO access(digest, owner, inherits, rights) VALUES(?,?,?,?)",
        (digest, access.owner, access.inherits, rights),
    )
