"""How a file's versions look in Graph."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.drive_items import Drive, identity


def show_versions(drive: Drive, item: Item) -> list[dict[str, Any]]:
    """All versions, the current one first."""
    current = _show(drive, item, item.version, size=item.size, modified=item.modified, editor=item.editor)
    return [current] + [
        _show(drive, item, old.number, size=old.size, modified=old.modified, editor=old.editor)
        for old in drive.tenant.content.versions(item)
    ]


def _show(drive: Drive, item: Item, number: int, *, size: int, modified: str, editor: str) -> dict[str, Any]:
    return {
        "@microsoft.graph.downloadUrl": drive.tenant.links.download(drive.host, drive.web.name, item, version=number),
        "id": f"{number // 512}.{number % 512}",
        "lastModifiedDateTime": modified,
        "size": size,
        "lastModifiedBy": identity(drive.tenant, editor),
    }
