"""A scan in the lists of Microsoft's own tools, by their file and column names, for work that is built on those.

What a scan cannot know stays empty: destinations and their ids, packages and jobs, when a file was last opened. Task
ids are the codes of sources (`S-01`). Column names: Microsoft's pages on the reports of the SharePoint Migration Tool,
and of Migration Manager for file shares and for cloud sources.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spmigrate.fileserver import address
from spmigrate.model import Amount, Treatment
from spmigrate.scan.codes import CODES
from spmigrate.scan.reporting.causes import MEANING
from spmigrate.scan.reporting.figures import Figures
from spmigrate.scan.reporting.naming import Names
from spmigrate.scan.reporting.shares import extensions
from spmigrate.store import profile
from spmigrate.store.ledger import Ledger
from spmigrate.store.profile import Issue, LongFile
from spmigrate.words import visible

SCAN_SUMMARY = (
    "Incremental round", "Total scanned items", "Total scanned folders", "Total scanned list items",
    "Total scanned files", "Folders with issues", "Items with issues", "Items filtered out", "Folders to be migrated",
    "Items to be migrated", "Total items to be migrated", "Device name",
)  # fmt: skip
ITEM_FAILURE_REPORT = (
    "Source", "Destination", "Item name", "Extension", "Item size", "Content type", "Status", "Result category",
    "Message", "Error code", "Source item ID", "Destination item ID", "Package number", "Migration job ID",
    "Incremental round", "Task ID", "Device name",
)  # fmt: skip
SCAN_LIST = (
    "Source path", "Scan status", "Data size", "File count", "Folder count", "Max path length", "Root permissions",
    "Last accessed", "Created on", "Migration Readiness", "Task ID",
)  # fmt: skip
FILE_EXTENSION = ("TaskId", "Name", "SourcePath", "FullPath", "SourceExtension", "TotalSize")
LARGE_FILE_SIZE = ("TaskId", "Name", "SourcePath", "FullPath", "SourceSize", "SourceSizeInGB")
LONG_PATH = ("TaskId", "Name", "SourcePath", "FullPath", "SourcePathLength")

_LARGE = 15_000_000_000
_LONG = 300
_FAILING = (Treatment.BLOCK, Treatment.RENAME, Treatment.ROUTE)

Rows = Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True)
class List:
    """A file to be written: its place in the folder, its headings, and its rows, which stream."""

    file: str
    headings: tuple[str, ...]
    rows: Rows


def lists(ledger: Ledger, figures: Sequence[Figures], names: Names) -> Iterator[List]:
    """The files of a scan: those of all sources, then those of each, in a folder with its code."""
    yield List("ScanList.csv", SCAN_LIST, (_scan(ledger, f, names) for f in figures))
    yield List("FileExtension.csv", FILE_EXTENSION, (row for f in figures for row in _extensions(f, names)))
    large = ((f, each) for f in figures for each in profile.files_from(ledger, f.source, size=_LARGE))
    yield List("LargeFileSize.csv", LARGE_FILE_SIZE, (_large(f, each, names) for f, each in large))
    long = ((f, each) for f in figures for each in profile.paths_from(ledger, f.source, characters=_LONG))
    yield List("LongPath.csv", LONG_PATH, (_long(f, each, names) for f, each in long))
    for f in figures:
        failing = (each for each in profile.issues(ledger, f.source) if each.treatment in _FAILING)
        yield List(f"{task(f)}/ScanSummary.csv", SCAN_SUMMARY, [_summary(f)])
        yield List(
            f"{task(f)}/ItemFailureReport.csv", ITEM_FAILURE_REPORT, (_failure(f, each, names) for each in failing)
        )


def task(f: Figures) -> str:
    """The code of a source, which stands for the id of a task."""
    return f"S-{f.source.id:02d}"


def _summary(f: Figures) -> Sequence[object]:
    nothing = (Amount(), 0)
    issues = [f.treated.get(each, nothing) for each in _FAILING]
    bad_items, bad_folders = sum(amount.items for amount, _ in issues), sum(folders for _, folders in issues)
    out_items, out_folders = f.treated.get(Treatment.SKIP, nothing)
    folders = f.source.folders - bad_folders - out_folders
    items = f.source.items - bad_items - out_items.items
    return (
        0, f.source.folders + f.source.items, f.source.folders, 0, f.source.items, bad_folders, bad_items,
        out_items.items, folders, items, folders + items, "",
    )  # fmt: skip


def _scan(ledger: Ledger, f: Figures, names: Names) -> Sequence[object]:
    moving = _summary(f)[SCAN_SUMMARY.index("Items to be migrated")]
    complete = f.source.state == "complete"
    ready = complete and not any(each in f.treated for each in _FAILING)
    return (
        _root(f, names), "Success" if complete else "Failure", f.source.bytes, moving, f.source.folders,
        profile.longest_path(ledger, f.source), _root_permissions(f), "", f.source.started,
        "Ready" if ready else "Warning", task(f),
    )  # fmt: skip


def _root(f: Figures, names: Names) -> str:
    return _as_tools_write(names.root(f.source)) or task(f)


def _as_tools_write(place: str) -> str:
    r"""The path of a share as Microsoft's tools take it: `\\server\share\folder`; other places as they are."""
    if not place.lower().startswith(address.PREFIX):
        return place
    return "\\\\" + place[len(address.PREFIX) :].replace("/", "\\")


def _root_permissions(f: Figures) -> int | str:
    """How many entries the list of the top folder has; nothing where it was not read."""
    return next((len(each.access.rights) for each in f.access.own if not each.path), "")


def _extensions(f: Figures, names: Names) -> Iterator[Sequence[object]]:
    found: dict[str, int] = {}
    for extension, amount in extensions(f).items():
        shown = names.extension(extension)
        found[shown] = found.get(shown, 0) + amount.bytes
    for extension, size in found.items():
        yield task(f), names.source(f.source), _root(f, names), "", extension, size


def _large(f: Figures, each: LongFile, names: Names) -> Sequence[object]:
    return (task(f), names.source(f.source), _root(f, names), _full(f, each, names), each.size,
            f"{each.size / 1_000_000_000:.2f}")  # fmt: skip


def _long(f: Figures, each: LongFile, names: Names) -> Sequence[object]:
    return task(f), names.source(f.source), _root(f, names), _full(f, each, names), each.length


def _full(f: Figures, each: LongFile, names: Names) -> str:
    return _below(f, names.file(each.folder_id, each.item_id, each.path), names)


def _below(f: Figures, path: str, names: Names) -> str:
    root = names.root(f.source)
    return _as_tools_write(f"{root.rstrip('/')}/{path}".rstrip("/")) if root else path


def _failure(f: Figures, each: Issue, names: Names) -> Sequence[object]:
    if each.item_id is None:
        where = names.folder(each.folder_id, each.path) if each.path or names.redacted else ""
        name, extension, what = where.rpartition("/")[2] or names.source(f.source), "", "Folder"
    else:
        path = f"{each.path}/{each.name}" if each.path else each.name
        where = names.file(each.folder_id, each.item_id, path)
        name = where if names.redacted else visible(each.name)
        extension, what = names.extension(profile.extension(each.name)), "File"
    status = "Failed" if each.treatment is Treatment.BLOCK else "Warning"
    message = names.text(each.message) or CODES[each.code].message
    return (
        _below(f, where, names), "", name, extension, each.size if each.item_id else "", what, status,
        MEANING[each.treatment], message, each.code, each.item_id or "", "", "", "", 0, task(f), "",
    )  # fmt: skip
