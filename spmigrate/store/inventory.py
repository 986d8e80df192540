"""The inventory as it is read: sources with their last scan, findings by cause, what could not be seen."""

from dataclasses import dataclass
from typing import NamedTuple

from spmigrate.errors import LedgerError, UsageProblem
from spmigrate.model import Severity, Treatment
from spmigrate.store.ledger import Ledger, Row


@dataclass(frozen=True, slots=True)
class Source:
    """Where content comes from, with the state of its last scan: `running`, `complete` or `incomplete`."""

    id: int
    name: str
    root: str
    scan_id: int
    state: str
    started: str
    ended: str | None
    digest: str | None
    folders: int
    items: int
    bytes: int
    unseen: int
    look_inside: bool = False
    kind: str = "folder"
    hashes: bool = False
    access: str = ""
    """Whose access is read: nobody's, that of `folders`, or that of `files` too."""
    unread: int = 0
    """Access lists and contents that the last scan was asked to read and could not."""
    baseline: int = 0
    """The finished scan before the last one, with which that is compared; 0 for none."""


@dataclass(frozen=True, slots=True)
class FindingTotal:
    """One cause within the present inventory. `example` is the first path in the order of the alphabet.

    `folder_id` and `item_id` say which folder, or which file in it, the example is.
    """

    code: str
    severity: Severity
    treatment: Treatment
    count: int
    bytes: int
    example: str
    proposal: str | None
    folder_id: int
    item_id: int | None


class Unseen(NamedTuple):
    """A place that the scan was not allowed to look at: a folder, or with `item_id` a file in it."""

    path: str
    reason: str
    folder_id: int
    item_id: int | None


_SOURCE = (
    "SELECT s.id, s.name, s.root, s.scan_id, c.state, c.started, c.ended, c.digest, c.folders, c.items, c.bytes,"
    " c.unseen, c.look_inside, s.kind, c.hashes, c.access,"
    " (SELECT count(*) FROM finding n WHERE n.scan_id = c.id AND n.code IN ('ACL-UNSEEN', 'UNREADABLE')) AS unread,"
    " coalesce((SELECT max(b.id) FROM scan b WHERE b.source_id = s.id AND b.id < c.id AND b.digest IS NOT NULL), 0)"
    " AS baseline FROM source s JOIN scan c ON c.id = s.scan_id"
)


_PATH = "CASE WHEN f.item_id IS NULL THEN d.path WHEN d.path = '' THEN i.name ELSE d.path || '/' || i.name END"
_PRESENT = (
    "FROM finding f JOIN source s ON s.scan_id = f.scan_id JOIN folder d ON d.id = f.folder_id"
    " LEFT JOIN item i ON i.id = f.item_id"
)


def by_id(ledger: Ledger, source_id: int) -> Source:
    """The source with this id. Raises LedgerError when there is none."""
    row = ledger.one(f"{_SOURCE} WHERE s.id=?", (source_id,))
    if row is None:
        raise LedgerError(f"the ledger has no source {source_id}")
    return _as_source(row)


def source(ledger: Ledger, name: str) -> Source:
    """The source of this name, or of this root. Raises UsageProblem that names those there are."""
    row = ledger.one(f"{_SOURCE} WHERE s.name=? OR s.root=?", (name, name))
    if row is None:
        known = ", ".join(each.name for each in sources(ledger))
        raise UsageProblem(
            f"no source called '{name}' has been scanned",
            hint=f"there are: {known}" if known else "scan one with: spmigrate scan run FOLDER",
        )
    return _as_source(row)


def sources(ledger: Ledger) -> list[Source]:
    """Every source that was scanned, by name."""
    return [_as_source(row) for row in ledger.rows(f"{_SOURCE} ORDER BY s.name")]


def _as_source(row: Row) -> Source:
    return Source(**{**dict(row), "look_inside": bool(row["look_inside"]), "hashes": bool(row["hashes"])})


def finding_totals(ledger: Ledger, source_id: int) -> list[FindingTotal]:
    """The present findings of a source by cause: what could not be seen first, then worst and most frequent first."""
    rows = ledger.rows(
        f"SELECT f.code, f.severity, f.treatment, count(*), total(i.size), min({_PATH}) {_PRESENT} WHERE s.id = ?"
        " GROUP BY f.code, f.severity, f.treatment",
        (source_id,),
    )
    totals = [
        FindingTotal(row[0], Severity(row[1]), Treatment(row[2]), row[3], int(row[4]), row[5] or ".",
                     *_example(ledger, source_id, row))
        for row in list(rows)
    ]  # fmt: skip
    order = [Treatment.BLOCK, Treatment.RENAME, Treatment.ROUTE, Treatment.SKIP, Treatment.NOTE]
    return sorted(
        totals, key=lambda t: (t.code != "UNSEEN", order.index(t.treatment), t.severity.rank, -t.count, t.code)
    )


def _example(ledger: Ledger, source_id: int, cause: Row) -> Row:
    """What is proposed for the finding with the first path of a cause, its folder and its item."""
    row = ledger.one(
        f"SELECT f.proposal, f.folder_id, f.item_id {_PRESENT} WHERE s.id = ? AND f.code = ? AND f.severity = ?"
        f" AND f.treatment = ? AND {_PATH} = ? ORDER BY f.id LIMIT 1",
        (source_id, cause[0], cause[1], cause[2], cause[5]),
    )
    assert row is not None
    return row


def hidden(ledger: Ledger, source: Source) -> list[str]:
    """What a source as a whole may hide from its last scan, one sentence each."""
    rows = ledger.rows(
        "SELECT DISTINCT n.message FROM folder f JOIN finding n ON n.folder_id = f.id WHERE f.source_id=? AND f.raw=x''"
        " AND n.item_id IS NULL AND n.scan_id=? AND n.code='UNSEEN' ORDER BY n.message",
        (source.id, source.scan_id),
    )
    return [row["message"] for row in rows]


def unseen(ledger: Ledger, source: Source, limit: int) -> list[Unseen]:
    """Places that the scan was not allowed to look at, in the order of their paths."""
    rows = ledger.rows(
        "SELECT path, reason, folder_id, item_id FROM (SELECT path, reason, id AS folder_id, NULL AS item_id"
        " FROM folder WHERE source_id=:source AND scan_id=:scan AND state='unseen'"
        " UNION ALL SELECT CASE WHEN d.path = '' THEN i.name ELSE d.path || '/' || i.name END, i.reason, d.id, i.id"
        " FROM item i JOIN folder d ON d.id = i.folder_id"
        " WHERE i.source_id=:source AND i.scan_id=:scan AND i.state='unseen'"
        " UNION ALL SELECT '', n.message, f.id, NULL FROM folder f JOIN finding n ON n.folder_id = f.id"
        " WHERE f.source_id=:source AND f.raw=x'' AND n.item_id IS NULL AND n.scan_id=:scan AND n.code='UNSEEN'"
        ") ORDER BY path LIMIT :limit",
        {"source": source.id, "scan": source.scan_id, "limit": limit},
    )
    return [Unseen(row["path"] or ".", *row[1:]) for row in rows]
