"""The demo's data owner: answers a workbook the way the sample council's asset manager would."""

from collections.abc import Mapping, Sequence
from zlib import crc32

OWNER = "asset.management.lead"

_ARCHIVED = ("Superseded", "Archive")
_ELSEWHERE = ("Payroll", "Finance")


def answers(row: Mapping[str, object], choices: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The nine cells that this owner types for one row; the same row always gets the same answer."""
    folder = str(row["What your team calls it"])
    homes = choices["New home"]
    decision = "Move and tidy"
    if folder.endswith(_ARCHIVED):
        decision = "Leave as read-only archive"
    elif folder.endswith(_ELSEWHERE):
        decision = "Belongs in a business system"
    return {
        "Decision": decision,
        "New home": homes[crc32(folder.encode()) % len(homes)],
        "What is it about": "Transport and infrastructure",
        "Sensitive?": "No",
        "Who should see it": "Whole team",
        "Used with other files?": "No",
    }
