"""A retention label as drive items show it."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.drive_items import Drive, identity
from spmigrate.rehearsal.retention import label_of, published


def show_retention(drive: Drive, item: Item) -> dict[str, Any]:
    """An item's retention label."""
    kept = label_of(item)
    label = next((each for each in published(drive.tenant.store) if each["TagName"] == kept["name"]), None)
    shown: dict[str, Any] = {
        "name": None, "isLabelAppliedExplicitly": None, "labelAppliedDateTime": None, "labelAppliedBy": None,
        "retentionSettings": None,
    }  # fmt: skip
    if label is None:
        return shown
    locked, record = bool(label.get("BlockEdit")), bool(label.get("BlockDelete"))
    behaviour = "retainAsRecord" if record else "retain" if label.get("HasRetentionAction", True) else "doNotRetain"
    return {
        "name": label["TagName"],
        "isLabelAppliedExplicitly": True,
        "labelAppliedDateTime": kept["at"],
        "labelAppliedBy": identity(drive.tenant, kept["by"]),
        "retentionSettings": {
            "behaviorDuringRetentionPeriod": behaviour, "isContentUpdateAllowed": not locked,
            "isDeleteAllowed": not record, "isLabelUpdateAllowed": not record,
            "isMetadataUpdateAllowed": not locked, "isRecordLocked": locked,
        },
    }  # fmt: skip
