"""What a job has done so far, as its events tell it: every value is a text."""

from __future__ import annotations

import json
from typing import Any

# The sizes by which the events count files.
_SIZES = ((1 << 10, "0-1K"), (10 << 10, "1K-10K"), (100 << 10, "10K-100K"), (1 << 20, "100K-1M"), (10 << 20, "1M-10M"),
          (100 << 20, "10M-100M"), (1 << 30, "100M-1G"))  # fmt: skip
_LARGEST = "1G-"


def no_totals() -> dict[str, Any]:
    """The totals of a job that has done nothing."""
    return {
        "files": 0, "size": 0, "objects": 0, "expected": 0, "errors": 0, "warnings": 0, "whole_files": 0,
        "current": 0, "kinds": {}, "sizes": {},
    }  # fmt: skip


def count_object(totals: dict[str, Any], kind: str, *, versions: int = 0) -> None:
    """Count an object of a kind."""
    totals["objects"] += 1
    found = totals["kinds"].setdefault(
        kind, {"Count": 0, "TotalTime": 0, "AccumulatedVersions": 0, "ObjectsWithVersions": 0}
    )
    found["Count"] += 1
    if versions > 1:
        found["AccumulatedVersions"] += versions
        found["ObjectsWithVersions"] += 1


def count_file(totals: dict[str, Any], *, versions: int, size: int, current: int) -> None:
    """Count a file with its versions; `size` is that of all, `current` that of the last."""
    totals["files"] += versions
    totals["size"] += size
    totals["whole_files"] += 1
    totals["current"] += current
    name = next((name for limit, name in _SIZES if current <= limit), _LARGEST)
    found = totals["sizes"].setdefault(
        name, {"Count": 0, "TotalSize": 0, "TotalDownloadTime": 0, "TotalCreationTime": 0}
    )
    found["Count"] += versions
    found["TotalSize"] += size


def tell(totals: dict[str, Any], *, ended: bool, milliseconds: int) -> dict[str, str]:
    """The totals as `JobProgress` tells them, or as `JobEnd` does."""
    told = {
        "FilesCreated": str(totals["files"]), "BytesProcessed": str(totals["size"]),
        "ObjectsProcessed": str(totals["objects"]), "TotalExpectedSPObjects": str(totals["expected"]),
        "TotalErrors": str(totals["errors"]), "TotalWarnings": str(totals["warnings"]),
        "WaitTimeOnSqlThrottlingMilliseconds": "0", "TotalDurationInMs": str(milliseconds), "CpuDurationInMs": "0",
        "SqlDurationInMs": "0", "SqlQueryCount": "0", "IsShallowCopy": "False",
        "CreatedOrUpdatedFileStatsBySize": json.dumps(totals["sizes"], separators=(",", ":")),
        "ObjectsStatsByType": json.dumps(totals["kinds"], separators=(",", ":")),
        # Microsoft's examples of imports say 0.
        "TotalExpectedBytes": "0",
    }  # fmt: skip
    if ended:
        told["FilesCreatedIrrespectiveOfVersions"] = str(totals["whole_files"])
        told["BytesProcessedOnlyCurrentVersion"] = str(totals["current"])
    return told
