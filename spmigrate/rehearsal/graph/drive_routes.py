"""The table of contents of a drive: what answers each action on it and on its items."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from spmigrate.rehearsal.graph import (
    changes,
    drive_actions,
    drive_copies,
    drive_editing,
    drive_grants,
    drive_labels,
    drive_search,
    drive_sharing,
    drive_uploads,
    file_versions,
    files,
)
from spmigrate.rehearsal.graph.access import require_drive, require_item
from spmigrate.rehearsal.graph.call import Call, GraphError, entity
from spmigrate.rehearsal.graph.drive_items import Drive
from spmigrate.rehearsal.graph.drives import (
    READ,
    WRITE,
    Action,
    Address,
    nearest_item,
    need_item,
    open_drive,
    read_action,
    read_address,
    show_drive,
)
from spmigrate.rehearsal.graph.ids import site_id
from spmigrate.rehearsal.graph.types import DRIVE
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.site_grants import claims_at

Answer = Callable[[Call, Drive, Address, Action], Response]
Dispatch = Callable[[Call, str], Response]


def _plain(answer: Callable[[Call, Drive, Address], Response]) -> Answer:
    return lambda call, drive, address, _: answer(call, drive, address)


_OF_ITEMS: dict[tuple[str, str], tuple[Answer, tuple[str, ...]]] = {
    ("GET", ""): (_plain(files.get_item), READ),
    ("PATCH", ""): (_plain(drive_editing.patch_item), WRITE),
    ("DELETE", ""): (_plain(drive_editing.delete_item), WRITE),
    ("GET", "children"): (_plain(files.get_children), READ),
    ("POST", "children"): (_plain(files.add_child), WRITE),
    ("GET", "content"): (_plain(files.get_content), READ),
    ("PUT", "content"): (_plain(files.put_content), WRITE),
    ("POST", "createuploadsession"): (_plain(drive_uploads.begin_upload), WRITE),
    ("GET", "delta"): (changes.answer_delta, READ),
    ("GET", "versions"): (file_versions.answer_versions, READ),
    ("POST", "versions"): (file_versions.answer_versions, WRITE),
    ("DELETE", "versions"): (file_versions.answer_versions, WRITE),
    ("POST", "permanentdelete"): (_plain(drive_editing.purge_item), WRITE),
    ("POST", "restore"): (_plain(drive_editing.restore_item), WRITE),
    ("POST", "copy"): (_plain(drive_copies.begin_copy), WRITE),
    ("POST", "createlink"): (_plain(drive_sharing.create_link), WRITE),
    ("POST", "invite"): (_plain(drive_sharing.invite), WRITE),
    ("GET", "permissions"): (drive_grants.answer_permissions, READ),
    ("POST", "permissions"): (drive_grants.answer_permissions, WRITE),
    ("PATCH", "permissions"): (drive_grants.answer_permissions, WRITE),
    ("DELETE", "permissions"): (drive_grants.answer_permissions, WRITE),
    ("GET", "sharedpermission"): (drive_grants.answer_shared, READ),
    ("POST", "sharedpermission"): (drive_grants.answer_shared, WRITE),
    ("GET", "search"): (drive_search.search, READ),
    ("GET", "thumbnails"): (drive_actions.answer_thumbnails, READ),
    ("GET", "analytics"): (drive_actions.answer_analytics, READ),
    ("GET", "getactivitiesbyinterval"): (drive_actions.answer_activities, READ),
    ("POST", "preview"): (_plain(drive_actions.preview), READ),
    ("POST", "checkout"): (_plain(drive_actions.check_out), WRITE),
    ("POST", "checkin"): (_plain(drive_actions.check_in), WRITE),
    ("POST", "discardcheckout"): (_plain(drive_actions.discard_check_out), WRITE),
    ("POST", "extractsensitivitylabels"): (_plain(drive_labels.extract_labels), READ),
    ("POST", "assignsensitivitylabel"): (_plain(drive_labels.assign_label), WRITE),
    ("GET", "retentionlabel"): (drive_labels.answer_retention, READ),
    ("PATCH", "retentionlabel"): (drive_labels.answer_retention, WRITE),
    ("DELETE", "retentionlabel"): (drive_labels.answer_retention, WRITE),
    ("POST", "follow"): (_plain(drive_actions.follow), READ),
    ("POST", "unfollow"): (_plain(drive_actions.unfollow), READ),
}
_OF_DRIVES: dict[tuple[str, str], tuple[Answer, tuple[str, ...]]] = {
    ("GET", "search"): (drive_search.search, READ),
    ("GET", "recent"): (_plain(drive_search.list_recent), READ),
    ("GET", "sharedwithme"): (_plain(drive_search.list_shared), READ),
    ("GET", "following"): (_plain(drive_actions.list_followed), READ),
}
# What the service has on items and drives and the rehearsal has not.
_UNREHEARSED = frozenset({
    "workbook", "subscriptions", "archive",
    "unarchive", "validatepermission", "createdbyuser", "lastmodifiedbyuser", "activities", "contentstream",
    "mediacontent",
})  # fmt: skip
# A business drive has no albums; nor can its items be listed without saying where (both seen as 400 invalidRequest).
_UNSUPPORTED = frozenset({"bundles", "items"})
_ITEM_KEY = re.compile(r"^items\('([^']+)'\)", re.IGNORECASE)
_SPECIAL = {"documents": "", "approot": "Apps", "photos": "Pictures", "cameraroll": "Pictures/Camera Roll"}


def answer_drive(call: Call, drive_id: str, rest: str, dispatch: Dispatch) -> Response:
    """`drives/{id}` and all below it."""
    drive = open_drive(call.tenant, drive_id)
    claims = claims_at(call.tenant.store, call.request.caller, drive.site)
    if claims is not call.request.claims:
        call = replace(call, request=replace(call.request, claims=claims))
    require_drive(call, drive)
    rest = _ITEM_KEY.sub(r"items/\1", rest)
    head = rest[:5].lower()
    if head[:4] == "root" or (head == "items" and rest[5:] not in ("", "/")):
        return answer_item(call, drive, read_address(rest), dispatch)
    return _answer_whole(call, drive, rest, dispatch)


def answer_item(call: Call, drive: Drive, address: Address, dispatch: Dispatch) -> Response:
    """An action on an item, or on what is to be one."""
    action = read_action(address.action)
    method = "GET" if call.request.method == "HEAD" else call.request.method
    known = _OF_ITEMS.get((method, action.name))
    if known is not None:
        if action.name == "children" and action.rest:
            return _answer_child(call, drive, address, action.rest, dispatch)
        answer, permissions = known
        call.require(*permissions)
        if not call.request.caller.app_only:
            require_item(call, drive, nearest_item(drive, address), (method, action.name))
        return answer(call, drive, address, action)
    if action.name == "children" and action.rest:
        return _answer_child(call, drive, address, action.rest, dispatch)
    if action.name == "listitem":
        item = need_item(drive, address)
        below = f"/{action.rest}" if action.rest else ""
        return dispatch(call, f"{_list_of(drive)}/items/{item.list_item}{below}")
    return _refuse(call, action.name, known_names=_ITEM_NAMES)


def _answer_child(call: Call, drive: Drive, address: Address, rest: str, dispatch: Dispatch) -> Response:
    """`children/{name}` and what follows: the form of addresses before there were colons."""
    name, _, action = rest.partition("/")
    path = f"{address.path}/{name}".strip("/")
    return answer_item(call, drive, Address(address.start, path, action), dispatch)


def _answer_whole(call: Call, drive: Drive, rest: str, dispatch: Dispatch) -> Response:
    method = "GET" if call.request.method == "HEAD" else call.request.method
    action = read_action(rest.strip("/"))
    if not action.name:
        return _answer_itself(call, drive, method)
    if action.name == "list":
        return dispatch(call, _list_of(drive) + (f"/{action.rest}" if action.rest else ""))
    if action.name == "special":
        return _answer_special(call, drive, action.rest, dispatch)
    known = _OF_DRIVES.get((method, action.name))
    if known is None:
        return _refuse(call, action.name, known_names=_DRIVE_NAMES)
    answer, permissions = known
    call.require(*permissions)
    return answer(call, drive, Address("root", "", rest), action)


def _answer_itself(call: Call, drive: Drive, method: str) -> Response:
    if method == "GET":
        call.require(*READ)
        return entity(show_drive(drive), context="drives", call=call, of=DRIVE)
    call.require(*WRITE)
    if method == "PATCH":
        return entity(drive_editing.patch_drive(call, drive), context="drives", call=call)
    raise GraphError(405, "notAllowed", "The method is not allowed for a drive.")


def _answer_special(call: Call, drive: Drive, rest: str, dispatch: Dispatch) -> Response:
    name, mark, after = rest, "", ""
    for position, char in enumerate(rest):
        if char in "/:":
            name, mark, after = rest[:position], char, rest[position + 1 :]
            break
    path = _SPECIAL.get(name.lower())
    if path is None:
        raise GraphError(404, "itemNotFound", "The resource could not be found.")
    if name.lower() == "approot":
        path = f"{path}/{call.request.caller.app_name or 'Graph'}"
    if drive.tenant.content.resolve(drive.root, path) is None:
        call.require(*READ)
        with call.tenant.store.transaction():
            files.make_parent(call, drive, Address("root", f"{path}/x", ""))
    if mark == ":":
        below, _, action = after.partition(":")
        return answer_item(call, drive, Address("root", f"{path}/{below.strip('/')}".strip("/"), action.strip("/")),
                           dispatch)  # fmt: skip
    return answer_item(call, drive, Address("root", path, after), dispatch)


def _list_of(drive: Drive) -> str:
    return f"sites/{site_id(drive.site, drive.web)}/lists/{drive.listing.guid}"


_ITEM_NAMES = frozenset(name for _, name in _OF_ITEMS) | {"listitem"}
_DRIVE_NAMES = frozenset(name for _, name in _OF_DRIVES) | {"list", "special", "root"}


def _refuse(call: Call, name: str, *, known_names: frozenset[str]) -> Response:
    if name in _UNSUPPORTED:
        raise GraphError(400, "invalidRequest", "The request is malformed or incorrect.")
    if name in known_names:
        raise GraphError(405, "notAllowed", "The method is not allowed for this resource.")
    if name in _UNREHEARSED:
        raise GraphError(501, "notImplemented", f"{call.request.method} {call.request.path} is not rehearsed.")
    raise GraphError(400, "BadRequest", f"Resource not found for the segment '{name}'.")
