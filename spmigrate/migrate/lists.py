"""The account of a wave under the column names of Microsoft's own tools, for people who have reports on those.

Names of files and columns: Microsoft, "Using the SharePoint Migration Tool (SPMT) reports" and "Migration Manager
reports". Their tools have no column for a hash or an approver; `wave evidence` has.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from spmigrate.migrate import codes
from spmigrate.model import Outcome
from spmigrate.store.ledger import Row
from spmigrate.store.waves import Standing, Wave

SUMMARY = (
    "Source", "Destination", "Status", "Total bytes", "Total GB", "Count of files", "Migrated bytes",
    "Migrated GB in current round", "GB not migrated in current round", "Total scanned items",
    "Total to be migrated in current round", "Migrated items in current round", "Items not migrated in current round",
    "Warning count in current round", "Start time", "End time", "Duration", "GB/hour", "Round number", "Workflow ID",
    "Task ID", "Log Path",
)  # fmt: skip
ITEMS = (
    "Source", "Destination", "File name", "Extension", "File size", "Content type", "Status", "Result category",
    "Message", "Source item ID", "Destination item ID", "Package number", "Migration job ID", "Incremental round",
    "Task ID", "Device name",
)  # fmt: skip
FAILURES = (
    "Source", "Destination", "File name", "Extension", "File size", "Content type", "Status", "Result category",
    "Message", "Error code", "Package number", "Migration job ID", "Incremental round", "Task ID", "Device name",
)  # fmt: skip
ITEM_SUMMARY = (
    "Incremental round", "Scanned", "Item scan failures", "Filtered out items", "Expected migrated file count", "Read",
    "Packaged", "Uploaded", "ReUploaded", "Submitted", "ReSubmitted", "Migrated", "Failed reading", "Failed packing",
    "Failed uploading", "Failed submitting", "Failed querying", "Device name",
)  # fmt: skip
AGGREGATE = (
    "Task name", "Status", "Source", "Destination", "Total scanned items", "Total to be migrated items",
    "Migrated items", "Items not migrated", "Total bytes", "Total GB", "Migrated bytes", "Migrated GB", "Agent",
    "Duration", "TaskID", "Task failure reason", "Agent group",
)  # fmt: skip

_STATUS = {
    Outcome.COPIED: "Migrated", Outcome.SKIPPED: "Skipped", Outcome.ROUTED: "Skipped", Outcome.FAILED: "Failed",
    Outcome.VANISHED: "Failed", None: "Not migrated",
}  # fmt: skip
_GB = 1 << 30


def items(rows: Iterable[Row], *, device: str) -> Iterator[Sequence[object]]:
    """ItemReport: one line for every transfer, all rounds."""
    for row in rows:
        yield (
            *_place(row), row["code"] or "", _message(row), row["id"], row["target_id"] or "", row["batch"] or "", "",
            row["round"] - 1, row["row_id"], device,
        )  # fmt: skip


def failures(rows: Iterable[Row], *, device: str) -> Iterator[Sequence[object]]:
    """FailureSummary: what failed or vanished, of all rounds."""
    for row in rows:
        if row["outcome"] in (Outcome.FAILED, Outcome.VANISHED):
            yield (
                *_place(row), row["outcome"], _message(row), row["code"] or "", row["batch"] or "", "",
                row["round"] - 1, row["row_id"], device,
            )  # fmt: skip


def summary(
    wave: Wave, standing: Standing, *, sources: Sequence[str], times: tuple[str, str] | None, log: str
) -> Sequence[object]:
    """SummaryReport: the wave as one line; `times` are its first and its last event."""
    account, copied = standing.accounting, standing.accounting.of(Outcome.COPIED)
    staying = account.of(Outcome.SKIPPED) + account.of(Outcome.ROUTED)
    wanted, left = account.source.items - staying.items, account.source.items - staying.items - copied.items
    left_bytes = account.source.bytes - staying.bytes - copied.bytes
    seconds = _seconds(times)
    return (
        "; ".join(sources), wave.tenant, _state(wave), account.source.bytes, _gb(account.source.bytes),
        account.source.items, copied.bytes, _gb(copied.bytes), _gb(left_bytes), account.source.items, wanted,
        copied.items, left, 0, *(times or ("", "")), seconds, _per_hour(copied.bytes, seconds), wave.round - 1, "",
        wave.name, log,
    )  # fmt: skip


def aggregate(
    wave: Wave, standing: Standing, *, sources: Sequence[str], times: tuple[str, str] | None, device: str
) -> Sequence[object]:
    """Aggregate Summary Report: the same line as Migration Manager has it."""
    account, copied = standing.accounting, standing.accounting.of(Outcome.COPIED)
    staying = account.of(Outcome.SKIPPED) + account.of(Outcome.ROUTED)
    wanted = account.source.items - staying.items
    return (
        wave.name, _state(wave), "; ".join(sources), wave.tenant, account.source.items, wanted, copied.items,
        wanted - copied.items, account.source.bytes, _gb(account.source.bytes), copied.bytes, _gb(copied.bytes),
        device, _seconds(times), wave.name, "", "",
    )  # fmt: skip


def item_summary(wave: Wave, standing: Standing, *, device: str) -> Sequence[object]:
    """ItemSummary: the wave in counts. What these tools count as read, packaged and submitted is one step here."""
    account = standing.accounting
    copied, failed = account.of(Outcome.COPIED).items, account.of(Outcome.FAILED).items
    staying = account.of(Outcome.SKIPPED).items + account.of(Outcome.ROUTED).items
    vanished = account.of(Outcome.VANISHED).items
    return (
        wave.round - 1, account.source.items, standing.unseen, staying, account.source.items - staying, copied, copied,
        copied, 0, copied, 0, copied, vanished, 0, failed, 0, 0, device,
    )  # fmt: skip


def _place(row: Row) -> Sequence[object]:
    name = row["name"]
    extension = name.rpartition(".")[2] if "." in name.strip(".") else ""
    source = "/".join(filter(None, (row["source"], row["folder"], name)))
    target = "/".join(filter(None, (row["site"], row["library"], row["target_folder"], row["target_name"])))
    return source, target, name, extension, row["size"], "File", _STATUS[row["outcome"]]


def _message(row: Row) -> str:
    code = codes.CODES.get(row["code"] or "")
    return " ".join(filter(None, (row["reason"] or "", code.remedy if code else "")))


def _state(wave: Wave) -> str:
    return "Completed" if wave.state in ("moved", "verified", "accepted") else "In progress"


def _gb(amount: int) -> str:
    return f"{amount / _GB:.3f}"


def _seconds(times: tuple[str, str] | None) -> int:
    if times is None:
        return 0
    first, last = (datetime.fromisoformat(each).astimezone(UTC) for each in times)
    return int((last - first).total_seconds())


def _per_hour(amount: int, seconds: int) -> str:
    return f"{amount / _GB / seconds * 3600:.3f}" if seconds else ""
