"""The demo's data owner: answers a workbook the way the sample council's asset manager would."""

from collections.abc import Mapping, Sequence
from zlib import crc32

OWNER = "asset.management.lead"
GOVERNANCE = "information.governance"
LEAD = "migration.lead"
TRAINING = ((OWNER, "O01"), (OWNER, "O02"), (GOVERNANCE, "G01"))
"""What those who act must have learnt."""

_DECISIONS = {
    "Highways > Contracts": "Leave as read-only archive",
    "Highways > Public Rights of Way": "Not ours",
}


def answers(row: Mapping[str, object], choices: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The nine cells that this owner types for one row; the same row always gets the same answer."""
    folder = str(row["What your team calls it"])
    homes = choices["New home"]
    decision = _DECISIONS.get(folder, "Move and tidy")
    return {
        "Decision": decision,
        "New home": homes[crc32(folder.encode()) % len(homes)],
        "What is it about": "Transport and infrastructure",
        "Sensitive?": "No",
        "Who should see it": "Whole team",
        "Used with other files?": "No",
    }
