"""Scans as they are written: begun, kept listing by listing, finished.

The queue of a scan lies in the ledger: a folder is `found` when its parent was listed, and `seen` or `unseen` in the
same transaction that keeps its own listing. A scan that was killed therefore goes on where it was.
"""

import hashlib
from collections.abc import Sequence

from spmigrate.errors import UsageProblem
from spmigrate.store import clock, differences, inventory
from spmigrate.store.inventory import Source
from spmigrate.store.keeping import KEEP_FOLDER
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.listing import Found, Remark


def begin(
    ledger: Ledger,
    root: str,
    name: str | None,
    *,
    kind: str = "folder",
    directory: str,
    look_inside: bool = False,
    hashes: bool = False,
    access: str = "",
) -> Source:
    """Start a scan of `root`, or go on with the one that was interrupted, in the way that it was begun.

    `directory` tells which directory lies at the root; an interrupted scan of another one is given up. Raises
    UsageProblem when the name belongs to another root, the root to another name, or the interrupted scan does not
    look as deep as this one is to.
    """
    with ledger.transaction():
        source_id = _source_id(ledger, root, name, kind)
        running = ledger.one(
            "SELECT id, directory, look_inside, hashes, access FROM scan WHERE source_id=? AND state='running'",
            (source_id,),
        )
        if running is not None and running["directory"] != directory:
            _give_up(ledger, source_id, running["id"])
            running = None
        if running is None:
            scan_id = ledger.insert(
                "INSERT INTO scan(source_id, started, state, directory, look_inside, hashes, access)"
                " VALUES(?,?,'running',?,?,?,?)",
                (source_id, clock.now(), directory, look_inside, hashes, access),
            )
            ledger.execute("UPDATE source SET scan_id=? WHERE id=?", (scan_id, source_id))
            root_folder = {"path": "", "raw": b"", "parent": None, "file_id": None, "created": None, "baseline": 0}
            ledger.execute(KEEP_FOLDER, {**root_folder, "source": source_id, "scan": scan_id})
        else:
            _check_depth(running, look_inside=look_inside, hashes=hashes, access=access)
    return inventory.by_id(ledger, source_id)


def _check_depth(running: Row, *, look_inside: bool, hashes: bool, access: str) -> None:
    """Raise UsageProblem when a scan that goes on would have to look deeper than it was begun to."""
    for option, asked, begun, does in (
        ("--look-inside", look_inside, running["look_inside"], "look inside files"),
        ("--hash", hashes, running["hashes"], "read files for their digests"),
        ("--access files", access == "files", running["access"] == "files", "read the access lists of files"),
    ):
        if asked and not begun:
            raise UsageProblem(
                f"the scan that was interrupted does not {does}",
                hint=f"finish it without {option}, then scan again with it",
            )


def reserve(ledger: Ledger, source: Source, remarks: Sequence[Remark]) -> None:
    """Note at the root of a source what its place as a whole may hide; each keeps the scan from being complete."""
    ledger.execute_many(
        "INSERT INTO finding(scan_id, code, severity, treatment, message, folder_id)"
        " SELECT :scan, :code, :severity, :treatment, :message, f.id FROM folder f"
        " WHERE f.source_id=:source AND f.raw=x'' AND NOT EXISTS (SELECT 1 FROM finding n"
        " WHERE n.scan_id=:scan AND n.folder_id=f.id AND n.item_id IS NULL AND n.message=:message)",
        [
            {"scan": source.scan_id, "source": source.id, "code": remark.code, "severity": remark.severity,
             "treatment": remark.treatment, "message": remark.message}
            for remark in remarks
        ],
    )  # fmt: skip


def _give_up(ledger: Ledger, source_id: int, scan_id: int) -> None:
    """Close a scan that cannot go on; what it had still to list is left to the next one."""
    ledger.execute("UPDATE scan SET state='incomplete', ended=? WHERE id=?", (clock.now(), scan_id))
    ledger.execute("UPDATE folder SET state='seen', scan_id=0 WHERE source_id=? AND state='found'", (source_id,))


def has_content(ledger: Ledger, root: str) -> bool:
    """Whether any scan of this root, finished or not, has met something in it."""
    met = ledger.one(
        "SELECT 1 FROM source s WHERE s.root=? AND ("
        "EXISTS(SELECT 1 FROM folder f WHERE f.source_id=s.id AND f.parent_id IS NOT NULL)"
        " OR EXISTS(SELECT 1 FROM item i WHERE i.source_id=s.id))",
        (root,),
    )
    return met is not None


def _source_id(ledger: Ledger, root: str, name: str | None, kind: str) -> int:
    known = ledger.one("SELECT id, name FROM source WHERE root=?", (root,))
    if known is not None:
        if name not in (None, known["name"]):
            raise UsageProblem(
                f"{root} is in the ledger as '{known['name']}'",
                hint=f"leave out --name, or give --name {known['name']}",
            )
        return int(known["id"])
    chosen = name or root.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or root
    other = ledger.one("SELECT root FROM source WHERE name=?", (chosen,))
    if other is not None:
        raise UsageProblem(f"'{chosen}' is the name of {other['root']} already", hint="choose another with --name")
    return ledger.insert("INSERT INTO source(name, kind, root) VALUES(?,?,?)", (chosen, kind, root))


def waiting(ledger: Ledger, source: Source, limit: int) -> list[Found]:
    """Folders that this scan has found and not yet listed, oldest first."""
    rows = ledger.rows(
        "SELECT id, raw, path, EXISTS(SELECT 1 FROM item i WHERE i.folder_id = f.id), first_scan > ?"
        " FROM folder f WHERE source_id=? AND state='found' ORDER BY id LIMIT ?",
        (source.baseline, source.id, limit),
    )
    return [Found(row[0], row[1], row[2], bool(row[3]), bool(row[4])) for row in rows]


def forget(ledger: Ledger, source: Source, folder: Found) -> None:
    """Take back a folder that was gone before it could be listed."""
    with ledger.transaction():
        ledger.execute("DELETE FROM finding WHERE scan_id=? AND folder_id=?", (source.scan_id, folder.id))
        ledger.execute("UPDATE folder SET state='seen', scan_id=0 WHERE id=?", (folder.id,))


def _mark_duplicates(ledger: Ledger, source: Source, remark: Remark, *, at_least: int) -> None:
    """Note every file of `at_least` bytes or more that shares name and size with another one of the source.

    Files whose digest is known are told apart by that, and not by this.
    """
    ledger.execute(
        "WITH same AS (SELECT lower(name) AS name, size FROM item WHERE source_id=:source AND scan_id=:scan"
        " AND kind='file' AND sha256 IS NULL AND size>=:least GROUP BY 1, 2 HAVING count(*) > 1)"
        " INSERT INTO finding(scan_id, code, severity, treatment, message, folder_id, item_id)"
        " SELECT :scan, :code, :severity, :treatment, :message, i.folder_id, i.id FROM item i"
        " JOIN same ON same.size = i.size AND same.name = lower(i.name)"
        " WHERE i.source_id=:source AND i.scan_id=:scan AND i.kind='file' AND i.sha256 IS NULL AND i.size>=:least"
        " ORDER BY i.id",
        {"source": source.id, "scan": source.scan_id, "code": remark.code, "severity": remark.severity,
         "treatment": remark.treatment, "message": remark.message, "least": at_least},
    )  # fmt: skip


def finish(ledger: Ledger, source: Source, duplicate: Remark, *, at_least: int) -> Source:
    """Close the scan: duplicates, totals, digest and state in one transaction; earlier findings go."""
    with ledger.transaction():
        if source.baseline:
            differences.mark(ledger, source)
        _mark_duplicates(ledger, source, duplicate, at_least=at_least)
        ledger.execute(
            "DELETE FROM finding WHERE scan_id IN (SELECT id FROM scan WHERE source_id=? AND id<>?)",
            (source.id, source.scan_id),
        )
        totals = ledger.one(
            "SELECT count(*) - 1 AS folders, total(items) AS items, total(bytes) AS bytes,"
            " count(*) FILTER (WHERE state='unseen') AS unseen FROM folder WHERE source_id=? AND scan_id=?",
            (source.id, source.scan_id),
        )
        files = ledger.one(
            "SELECT count(*) FROM item WHERE source_id=? AND scan_id=? AND state='unseen'", (source.id, source.scan_id)
        )
        hidden = ledger.one(
            "SELECT count(*) FROM finding n JOIN folder f ON f.id = n.folder_id WHERE f.source_id=? AND f.raw=x''"
            " AND n.item_id IS NULL AND n.scan_id=? AND n.code='UNSEEN'",
            (source.id, source.scan_id),
        )
        assert totals is not None and files is not None and hidden is not None
        unseen = totals["unseen"] + files[0] + hidden[0]
        state = "incomplete" if unseen or inventory.by_id(ledger, source.id).unread else "complete"
        ledger.execute(
            "UPDATE scan SET ended=?, state=?, digest=?, folders=?, items=?, bytes=?, unseen=? WHERE id=?",
            (clock.now(), state, _inventory_digest(ledger, source), totals["folders"],
             int(totals["items"]), int(totals["bytes"]), unseen, source.scan_id),
        )  # fmt: skip
    return inventory.by_id(ledger, source.id)


def _inventory_digest(ledger: Ledger, source: Source) -> str:
    """SHA-256 over every folder and its listing's digest, in the order of their bytes; streams."""
    whole = hashlib.sha256()
    for row in ledger.rows(
        "SELECT raw, state, digest FROM folder WHERE source_id=? AND scan_id=? ORDER BY raw",
        (source.id, source.scan_id),
    ):
        whole.update(b"%b\0%b\0%b\0" % (row["raw"], row["state"].encode(), (row["digest"] or "").encode()))
    return whole.hexdigest()
