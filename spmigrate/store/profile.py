"""What a scanned source holds, counted for reports. Reads only.

Each question is one pass with GROUP BY, so that a million files take seconds and memory stays flat. Ages count from the
beginning of the scan, so that a report says the same whenever it is made.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from spmigrate.model import Amount, Treatment
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger

AGES = (1, 3, 7, 15)
"""Years since the last change at which one age ends and the next begins."""

SIZES = (1, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 15_000_000_000, 250_000_000_000)
"""Bytes from which a file belongs to the next size; below the first, it is empty."""

HEAT_DEPTH = 2
"""How many folder names deep findings are gathered."""

_YEAR_NS = 31_556_952 * 1_000_000_000
_FILES = "item i WHERE i.source_id=:source AND i.scan_id=:scan AND i.kind='file'"

# What follows the last full stop but one at the beginning, cut where it is too long to be an extension.
_LAST = (
    "CASE WHEN instr(substr(i.name, 2), '.') = 0 THEN ''"
    " ELSE substr(i.name, length(rtrim(i.name, replace(i.name, '.', ''))) + 1, 11) END"
)
_LIKE_AN_EXTENSION = re.compile(r"(?=[^a-z]*[a-z])[a-z0-9_~-]{1,10}")


class Slice(NamedTuple):
    """Files of one age, size and extension.

    `age` and `size` count the bounds of AGES and SIZES that are passed; `age` is -1 where the date is not known.
    `extension` is in small letters, empty where a name has none that looks like one.
    """

    age: int
    size: int
    extension: str
    amount: Amount


@dataclass(slots=True)
class FolderHeat:
    """A folder near the top, with the files below it and the findings about them by treatment."""

    folder_id: int
    path: str
    amount: Amount = field(default_factory=Amount)
    findings: dict[Treatment, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Copies beyond the first of their kind: what could be left behind. `hashed` of `files` files have a hash."""

    by_hash: Amount
    by_name: Amount
    hashed: int
    files: int


@dataclass(frozen=True, slots=True)
class Issue:
    """A finding about one folder or file, as a report of failures lists it."""

    folder_id: int
    item_id: int | None
    path: str
    name: str
    size: int
    code: str
    treatment: Treatment
    message: str


@dataclass(frozen=True, slots=True)
class LongFile:
    """A file of a list: where it is, how large, and how many characters its whole path has."""

    folder_id: int
    item_id: int
    path: str
    size: int
    length: int


def slices(ledger: Ledger, source: Source) -> list[Slice]:
    """The files of a source, counted by age, size and extension in one pass."""
    begun = int(datetime.fromisoformat(source.started).timestamp()) * 1_000_000_000
    age = " ".join(f"WHEN i.modified_ns > {begun - years * _YEAR_NS} THEN {n}" for n, years in enumerate(AGES))
    size = " ".join(f"WHEN i.size < {least} THEN {n}" for n, least in enumerate(SIZES))
    rows = ledger.rows(
        f"SELECT CASE WHEN i.modified_ns <= 0 THEN -1 {age} ELSE {len(AGES)} END,"  # noqa: S608 - numbers of our own
        f" CASE {size} ELSE {len(SIZES)} END, {_LAST}, count(*), sum(i.size) FROM {_FILES} GROUP BY 1, 2, 3",
        _place(source),
    )
    found: dict[tuple[int, int, str], Amount] = {}
    for row in rows:
        place = (row[0], row[1], _as_extension(row[2]))
        found[place] = found.get(place, Amount()) + Amount(row[3], row[4])
    return [Slice(*place, amount) for place, amount in found.items()]


def heat(ledger: Ledger, source: Source) -> list[FolderHeat]:
    """The folders near the top with what was found below each, those with most findings first."""
    parts = ", ".join(f"sum(treatment='{each.value}') AS {each.value}" for each in Treatment)
    rows = ledger.rows(
        "SELECT d.id, d.path, d.items, d.bytes, f.* FROM folder d LEFT JOIN ("  # noqa: S608 - words of our own
        f"SELECT folder_id, {parts} FROM finding WHERE scan_id=:scan GROUP BY folder_id) f ON f.folder_id = d.id"
        " WHERE d.source_id=:source AND d.scan_id=:scan",
        _place(source),
    )
    found: dict[str, FolderHeat] = {}
    for row in rows:
        names = row["path"].split("/", HEAT_DEPTH)
        top = "/".join(names[:HEAT_DEPTH])
        each = found.setdefault(top, FolderHeat(row["id"], top))
        if len(names) <= HEAT_DEPTH:
            each.folder_id = row["id"]
        each.amount += Amount(row["items"], row["bytes"])
        if row["folder_id"] is not None:
            for treatment in Treatment:
                each.findings[treatment] = each.findings.get(treatment, 0) + row[treatment.value]
    return sorted(found.values(), key=lambda each: (-sum(each.findings.values()), each.path))


def duplicates(ledger: Ledger, source: Source, *, at_least: int) -> Duplicates:
    """What could be left behind: by hash where files have one, else by name and size from `at_least` bytes on."""
    hashed = ledger.one(f"SELECT count(*), count(i.sha256) FROM {_FILES}", _place(source))  # noqa: S608
    assert hashed is not None
    by_hash = _copies(ledger, source, "i.sha256", "i.sha256 IS NOT NULL AND i.size > 0") if hashed[1] else Amount()
    by_name = _copies(ledger, source, "lower(i.name)", f"i.sha256 IS NULL AND i.size >= {max(1, at_least)}")
    return Duplicates(by_hash, by_name, hashed[1], hashed[0])


def _copies(ledger: Ledger, source: Source, key: str, condition: str) -> Amount:
    row = ledger.one(
        "SELECT coalesce(sum(n - 1), 0), coalesce(sum((n - 1) * size), 0) FROM ("  # noqa: S608 - words of our own
        f"SELECT count(*) AS n, i.size AS size FROM {_FILES} AND {condition} GROUP BY {key}, i.size"
        " HAVING count(*) > 1)",
        _place(source),
    )
    assert row is not None
    return Amount(row[0], row[1])


def treated(ledger: Ledger, source: Source) -> dict[Treatment, tuple[Amount, int]]:
    """Files, and folders, by the weightiest treatment that anything found about each asks for."""
    weight = "CASE f.treatment WHEN 'block' THEN 4 WHEN 'route' THEN 3 WHEN 'skip' THEN 2 WHEN 'rename' THEN 1 END"
    rows = ledger.rows(
        "SELECT w, sum(item_id IS NOT NULL), coalesce(sum(size), 0), sum(item_id IS NULL) FROM ("  # noqa: S608
        f"SELECT max({weight}) AS w, f.item_id AS item_id, max(i.size) AS size FROM finding f"
        " LEFT JOIN item i ON i.id = f.item_id WHERE f.scan_id=:scan AND f.treatment <> 'note'"
        " GROUP BY f.item_id, CASE WHEN f.item_id IS NULL THEN f.folder_id END) GROUP BY w",
        {"scan": source.scan_id},
    )
    order = (Treatment.RENAME, Treatment.SKIP, Treatment.ROUTE, Treatment.BLOCK)
    return {order[row[0] - 1]: (Amount(row[1], row[2]), row[3]) for row in rows}


def issues(ledger: Ledger, source: Source) -> Iterator[Issue]:
    """Everything that would not move as it is, folder by folder; streams."""
    rows = ledger.rows(
        "SELECT f.folder_id, f.item_id, d.path, coalesce(i.name, ''), coalesce(i.size, 0), f.code, f.treatment,"
        " f.message FROM finding f JOIN folder d ON d.id = f.folder_id LEFT JOIN item i ON i.id = f.item_id"
        " WHERE f.scan_id=:scan AND f.treatment IN ('block', 'rename', 'route', 'skip') ORDER BY f.folder_id, f.id",
        {"scan": source.scan_id},
    )
    for row in rows:
        yield Issue(row[0], row[1], row[2], row[3], row[4], row[5], Treatment(row[6]), row[7])


def files_from(ledger: Ledger, source: Source, *, size: int) -> Iterator[LongFile]:
    """The files of more than `size` bytes; streams."""
    return _files(ledger, source, "i.size > :least", size)


def paths_from(ledger: Ledger, source: Source, *, characters: int) -> Iterator[LongFile]:
    """The files whose path, with the source's root, has more than so many characters; streams."""
    return _files(ledger, source, f"{_LENGTH} > :least", characters)


_LENGTH = "length(:root) + 1 + length(d.path) + CASE d.path WHEN '' THEN 0 ELSE 1 END + length(i.name)"


def _files(ledger: Ledger, source: Source, condition: str, least: int) -> Iterator[LongFile]:
    rows = ledger.rows(
        "SELECT d.id, i.id, CASE WHEN d.path = '' THEN i.name ELSE d.path || '/' || i.name END, i.size,"  # noqa: S608
        f" {_LENGTH} FROM folder d JOIN item i ON i.folder_id = d.id WHERE d.source_id=:source AND d.scan_id=:scan"
        f" AND i.scan_id=:scan AND i.kind='file' AND {condition} ORDER BY d.id, i.id",
        {**_place(source), "root": source.root, "least": least},
    )
    return (LongFile(*row) for row in rows)


def longest_path(ledger: Ledger, source: Source) -> int:
    """The characters of the longest path of a file of the source, its root included; 0 when it has none."""
    row = ledger.one(
        "SELECT coalesce(max(length(:root) + 1 + length(d.path)"  # noqa: S608
        " + CASE d.path WHEN '' THEN 0 ELSE 1 END + n.longest), 0)"
        f" FROM folder d JOIN (SELECT i.folder_id AS id, max(length(i.name)) AS longest FROM {_FILES}"
        " GROUP BY i.folder_id) n ON n.id = d.id",
        {**_place(source), "root": source.root},
    )
    return int(row[0]) if row else 0


def extension(name: str) -> str:
    """The extension of one name, by the same rule as in `Slice`."""
    return _as_extension(name.rpartition(".")[2]) if "." in name[1:] else ""


def _as_extension(last: str) -> str:
    """What follows the last full stop, when it looks as an extension does: short, letters and digits, no number."""
    lowered = last.lower()
    return lowered if _LIKE_AN_EXTENSION.fullmatch(lowered) else ""


def _place(source: Source) -> dict[str, int]:
    return {"source": source.id, "scan": source.scan_id}
