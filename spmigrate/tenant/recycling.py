"""Files and folders into the recycle bin of their site, only while they are as they were seen."""

from dataclasses import dataclass
from typing import Any

from spmigrate.errors import NotFound
from spmigrate.tenant.files import Library, item_path
from spmigrate.tenant.session import Tenant

_FIELDS = "$select=id,eTag,folder,createdBy,lastModifiedBy"
_APP = "SharePoint App"


@dataclass(frozen=True, slots=True)
class Present:
    """What is at the destination now: whether a person made it, or changed it last, and what a folder holds."""

    etag: str
    made_by_person: bool
    changed_by_person: bool
    children: int


def look(tenant: Tenant, library: Library, item_id: str) -> Present | None:
    """The present state of one file or folder; None when it is not there any more."""
    try:
        answer = tenant.graph("GET", f"{item_path(library, item_id)}?{_FIELDS}")
    except NotFound:
        return None
    return Present(
        etag=answer.get("eTag", ""),
        made_by_person=_is_person(answer.get("createdBy")),
        changed_by_person=_is_person(answer.get("lastModifiedBy")),
        children=int(answer.get("folder", {}).get("childCount", 0)),
    )


def _is_person(identity: Any) -> bool:
    """Whether somebody with an account did it, also one that is gone; an app by itself is the SharePoint App."""
    known = identity or {}
    user = known.get("user") or {}
    if user.get("id") or user.get("email"):
        return True
    return "application" not in known and user.get("displayName") != _APP


def recycle(tenant: Tenant, library: Library, item_id: str, *, etag: str) -> bool:
    """Put one file or empty folder into the recycle bin, where it lies for 93 days; False when it was not there.

    Raises Conflict when it is not as this eTag says any more, or is locked. Source: Graph, driveItem: delete.
    """
    try:
        tenant.graph("DELETE", item_path(library, item_id), headers={"If-Match": etag}, repeatable=True)
    except NotFound:
        return False
    return True
