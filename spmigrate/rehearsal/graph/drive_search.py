"""Finding files: by words within a drive or folder, the newest, and what was shared with somebody."""

from __future__ import annotations

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.graph.access import trim_items
from spmigrate.rehearsal.graph.call import Call, GraphError, collection
from spmigrate.rehearsal.graph.drive_items import Drive, identity, show_item
from spmigrate.rehearsal.graph.drive_places import drive_of_item
from spmigrate.rehearsal.graph.drive_queries import expand
from spmigrate.rehearsal.graph.drives import Action, Address, need_item
from spmigrate.rehearsal.graph.types import DRIVE_ITEM
from spmigrate.rehearsal.http import Response

_PAGE = 200
_RECENT = 100
_ORDERED = frozenset({"$orderby"})


def search(call: Call, drive: Drive, address: Address, action: Action) -> Response:
    """`GET …/search(q='…')`: names, and text in files, below a folder; in pages."""
    words = action.arguments.get("q", action.arguments.get("", call.query.get("q")))
    if words is None:
        raise GraphError(400, "invalidRequest", "The parameter 'q' is missing.")
    folder = need_item(drive, Address(address.start, address.path, "")) if address.start else drive.root
    size = call.page_size(usual=_PAGE, most=_PAGE)
    token = call.query.get("$skiptoken", "0")
    content = drive.tenant.content
    found = content.search(folder, words.split(), after=int(token) if token.isdecimal() else 0, limit=size + 1)
    visible = trim_items(call, drive, found[:size])
    shown = [(item, {**show_item(drive, item), "searchResult": {}}) for item in visible]
    following = call.link(**{"$skiptoken": str(found[size - 1].id)}) if len(found) > size else ""
    return collection(
        expand(call, drive, shown), context="Collection(driveItem)", call=call, of=DRIVE_ITEM, more=_ORDERED,
        next=following,
    )  # fmt: skip


def list_recent(call: Call, drive: Drive, _address: Address) -> Response:
    """`GET …/recent`: the files that were changed last."""
    size = call.page_size(usual=_RECENT, most=_PAGE)
    newest = trim_items(call, drive, drive.tenant.content.newest(drive.listing.id, limit=size))
    shown = [show_item(drive, item) for item in newest]
    return collection(shown, context="Collection(driveItem)", call=call, of=DRIVE_ITEM)


def list_shared(call: Call, _drive: Drive, _address: Address) -> Response:
    """`GET …/sharedWithMe`: what others shared with the caller, as remote items."""
    caller = call.request.caller
    if caller.app_only:
        raise GraphError(403, "accessDenied", "Access denied")
    shown = []
    for given, item in sharing.given_to(call.tenant, caller.login):
        place = drive_of_item(call, item)
        about = show_item(place, item)
        by = identity(call.tenant, str(given.props["by"]))
        remote = {name: about[name] for name in _REMOTE if name in about}
        shared = {"scope": "users", "sharedBy": by, "sharedDateTime": given.created, "owner": about["createdBy"]}
        kept = {name: about[name] for name in _KEPT if name in about}
        shown.append({**kept, "remoteItem": {**remote, "shared": shared}})
    return collection(shown, context="Collection(driveItem)", call=call, of=DRIVE_ITEM)


_KEPT = ("createdDateTime", "id", "lastModifiedDateTime", "name", "webUrl", "size", "createdBy", "lastModifiedBy")
_REMOTE = (*_KEPT, "file", "folder", "fileSystemInfo", "parentReference")
