"""A scan held against a count that somebody else made: on the file server, where nothing is hidden. Pure.

A scan sees what its account may see. A count by the server's administrator, made without this product, shows whether
that was everything.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spmigrate.errors import InputError, Problem
from spmigrate.formats import records
from spmigrate.formats.records import Record
from spmigrate.store.counts import ROOT, Count

_PATH, _NUMBERS = ("path", "folder", "name"), ("folders", "files", "bytes")
_SOURCE = re.compile(r"\s*Source\s*:\s*(.+?)\s*$")
_TOTALS = tuple(re.compile(rf"\s*{what}\s*:\s*(\d+)(?:\s|$)") for what in ("Dirs", "Files", "Bytes"))
"""What a summary has, in this order; `Files : *.*` at the head of a run says which files were asked for."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A folder at the top of which scan and server say different things; None for what one of them does not know."""

    top: str
    scanned: Count | None
    counted: Count | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What equals, what differs, and what cannot be compared, with the reason."""

    equal: tuple[str, ...]
    differing: tuple[Difference, ...]
    unknown: tuple[tuple[str, str], ...]


def compare(scanned: Iterable[Count], counted: Iterable[Count], doubts: Iterable[str] = ()) -> Comparison:
    """Hold the counts of a scan against those of a server, folder by folder at the top.

    `doubts` say what the count as a whole may have missed.
    """
    ours, theirs = _by_name(scanned), _by_name(counted)
    equal: list[str] = []
    differing: list[Difference] = []
    unknown = [(ROOT, doubt) for doubt in doubts]
    for name in sorted({*ours, *theirs}):
        one, other = ours.get(name), theirs.get(name)
        if one is not None and one.unseen:
            unknown.append((one.top, f"the scan could not look into {one.unseen} of its folders"))
        elif other is not None and other.unseen:
            unknown.append((other.top, f"the count could not look into {other.unseen} of its folders"))
        elif one is not None and other is None and name == ROOT:
            if one.files:
                unknown.append((ROOT, f"the count has no line '{ROOT}' for the {one.files} files beside the folders"))
        elif one is not None and other is not None and _numbers(one) == _numbers(other):
            equal.append(one.top)
        elif (one or other) != Count(ROOT, 0, 0, 0):
            differing.append(Difference(one.top if one else other.top if other else name, one, other))
    return Comparison(tuple(equal), tuple(differing), tuple(unknown))


def read(path: Path) -> list[Count]:
    """The counts in a CSV file or workbook with path, folders, files and bytes, or in logs of robocopy.

    Raises InputError with everything that is wrong in it.
    """
    log = _of_robocopy(path)
    if log:
        return log
    listed = records.read(path, wanted=_NUMBERS)
    problems = list(listed.problems)
    counts = [count for row in listed.rows if (count := _count(row, problems)) is not None]
    if problems:
        raise InputError(f"{path.name} cannot be used", problems)
    return counts


def _count(row: Record, problems: list[Problem]) -> Count | None:
    values = {str(key).strip().casefold(): value for key, value in row.values.items()}
    name = next((str(values[key]) for key in _PATH if key in values), "")
    numbers = []
    for key in _NUMBERS:
        text = re.sub(r"[,\s]", "", str(values.get(key, "0")))
        if not re.fullmatch(r"\d+(?:\.0+)?", text):
            problems.append(Problem(row.where, f"'{values.get(key)}' is no number of {key}"))
            return None
        numbers.append(int(float(text)) if "." in text else int(text))
    if not name:
        problems.append(Problem(row.where, f"names no folder; write {ROOT} for the files beside the folders"))
        return None
    return Count(top_of(name), *numbers)


def _of_robocopy(path: Path) -> list[Count]:
    try:
        with path.open("rb") as log:
            utf_16 = log.read(2) in (b"\xff\xfe", b"\xfe\xff")
        with path.open(encoding="utf-16" if utf_16 else "utf-8", errors="replace") as log:
            return list(_summaries(log))
    except OSError as error:
        raise InputError(f"{path.name} cannot be read", [Problem(path.name, error.strerror or "")]) from None


def _summaries(lines: Iterable[str]) -> Iterator[Count]:
    """The counts of each run in a log, which may name every file of a share: it is read a line at a time."""
    path, totals = "", list[int]()
    for line in lines:
        if found := _SOURCE.match(line):
            path, totals = found[1], []
        elif path and (found := _TOTALS[len(totals)].match(line)):
            totals.append(int(found[1]))
            if len(totals) == len(_TOTALS):
                folders, files, size = totals
                # robocopy counts the folder that it was asked for among its folders.
                yield Count(top_of(path), folders - 1, files, size)
                path, totals = "", []


def top_of(path: str) -> str:
    r"""The last part of a path: people give `Letters`, `.\Letters` or `D:\Shares\Common\Letters`."""
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1] or ROOT


def _by_name(counts: Iterable[Count]) -> dict[str, Count]:
    """Counts by name as a server compares names; what is one name there is added up."""
    found: dict[str, Count] = {}
    for each in counts:
        name = each.top.strip().casefold()
        known = found.get(name)
        found[name] = each if known is None else _sum(known, each)
    return found


def _sum(one: Count, other: Count) -> Count:
    return replace(
        one, folders=one.folders + other.folders, files=one.files + other.files, bytes=one.bytes + other.bytes,
        unseen=one.unseen + other.unseen,
    )  # fmt: skip


def _numbers(count: Count) -> Sequence[int]:
    return count.folders, count.files, count.bytes
