"""What Graph derives of people's work with documents (used, shared, trending), and their say in that."""

from __future__ import annotations

import mimetypes
from typing import Any

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.access import trim_items
from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.drive_items import Drive, show_item
from spmigrate.rehearsal.graph.drive_places import drive_of_item
from spmigrate.rehearsal.graph.drives import default_drive
from spmigrate.rehearsal.graph.objects import bad, missing
from spmigrate.rehearsal.graph.querying import answer_list, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.one_drive import find_personal_site
from spmigrate.rehearsal.storage import Entity

_READ = ("Sites.Read.All", "Sites.ReadWrite.All")
_ABOUT = "resourceReference resourceVisualization"
_USED = define_type("usedInsight", f"{_ABOUT} lastUsed", "resource")
_SHARED = define_type("sharedInsight", f"{_ABOUT} lastShared sharingHistory", "lastSharedMethod resource")
_TRENDING = define_type("trending", f"{_ABOUT} lastModifiedDateTime weight", "resource")
_MOST = 20
_KINDS = {".docx": "Word", ".xlsx": "Excel", ".pptx": "PowerPoint", ".pdf": "Pdf", ".txt": "Text", ".zip": "Archive"}
Content = dict[str, Any]


def _user(call: Call) -> Entity:
    found = call.tenant.directory.user(call.parts["id"])
    if found is None:
        raise missing(call.parts["id"])
    return found


def _describe(drive: Drive, item: Item) -> Content:
    """A document as an insight names it."""
    shown = show_item(drive, item)
    title, dot, end = item.name.rpartition(".")
    return {
        "id": shown["id"],
        "resourceVisualization": {
            "title": title or item.name,
            "type": _KINDS.get(f"{dot}{end}".lower(), "Other"),
            "mediaType": mimetypes.guess_type(item.name)[0] or "application/octet-stream",
            "previewImageUrl": None,
            "previewText": "",
            "containerWebUrl": f"https://{drive.site.name}",
            "containerDisplayName": drive.site.props.get("Title", ""),
            "containerType": "OneDriveBusiness" if drive.type == "business" else "Site",
        },
        "resourceReference": {
            "webUrl": shown["webUrl"],
            "id": f"drives/{drive.id}/items/{shown['id']}",
            "type": "microsoft.graph.driveItem",
        },
    }


def _newest(call: Call) -> list[tuple[Drive, Item]]:
    """The files of a person's OneDrive that were changed last, as far as the caller may see them."""
    site = find_personal_site(call.tenant, _user(call))
    if site is None:
        return []
    web = call.tenant.store.children(site.id, "web")[0]
    drive = default_drive(call.tenant, site, web)
    found = call.tenant.content.newest(drive.listing.id, limit=_MOST)
    return [(drive, item) for item in trim_items(call, drive, found)]


def _used(call: Call) -> Response:
    shown = [
        {
            **_describe(drive, item),
            "lastUsed": {"lastAccessedDateTime": item.modified, "lastModifiedDateTime": item.modified},
        }
        for drive, item in _newest(call)
    ]
    return answer_list(call, shown, context="insights/used", of=_USED)


def _trending(call: Call) -> Response:
    # Nobody's reading is recorded here: what was changed last trends, the newest most.
    shown = [
        {**_describe(drive, item), "lastModifiedDateTime": item.modified, "weight": 1.0 / place}
        for place, (drive, item) in enumerate(_newest(call), 1)
    ]
    return answer_list(call, shown, context="insights/trending", of=_TRENDING)


def _shared(call: Call) -> Response:
    user, shown = _user(call), []
    for given, item in sharing.given_to(call.tenant, f"i:0#.f|membership|{user.name}"):
        drive = drive_of_item(call, item)
        by = call.tenant.directory.user_by_login(str(given.props["by"]))
        about = _describe(drive, item)
        last = {
            "sharedDateTime": given.created, "sharingSubject": item.name, "sharingType": "Direct",
            "sharedBy": {"displayName": by.props.get("displayName") if by is not None else "",
                         "id": by.guid if by is not None else "", "address": by.name if by is not None else ""},
            "sharingReference": about["resourceReference"],
        }  # fmt: skip
        shown.append({**about, "lastShared": last, "sharingHistory": [last]})
    return answer_list(call, shown, context="insights/shared", of=_SHARED)


_SETTINGS = define_type(
    "userSettings",
    "contributionToContentDiscoveryAsOrganizationDisabled contributionToContentDiscoveryDisabled",
    "itemInsights shiftPreferences storage windows workHoursAndLocations",
)


def _settings(call: Call) -> Content:
    kept = _user(call).props.get("_settings", {})
    return {"id": "", "contributionToContentDiscoveryAsOrganizationDisabled": False,
            "contributionToContentDiscoveryDisabled": False, **kept}  # fmt: skip


def _get_settings(call: Call) -> Response:
    return answer_one(call, _settings(call), context="users/settings", of=_SETTINGS)


def _patch_settings(call: Call) -> Response:
    user, patch = _user(call), dict[str, bool]()
    for name, value in call.body().items():
        if name.startswith("@"):
            continue
        if name != "contributionToContentDiscoveryDisabled" or not isinstance(value, bool):
            raise bad(f"Invalid value specified for property '{name}'.", "BadRequest")
        patch[name] = value
    kept = {**user.props.get("_settings", {}), **patch}
    call.tenant.store.update(user, {"_settings": kept}, at=call.tenant.clock.iso())
    return answer_one(call, _settings(call), context="users/settings", of=_SETTINGS)


ROUTES: tuple[Route, ...] = (
    route("GET users/{id}/insights/used", _READ, _used),
    route("GET users/{id}/insights/trending", _READ, _trending),
    route("GET users/{id}/insights/shared", _READ, _shared),
    route("GET users/{id}/settings", ("User.Read.All",), _get_settings, own=("User.Read",)),
    route("PATCH users/{id}/settings", ("User.ReadWrite.All",), _patch_settings, own=("User.ReadWrite",)),
)
