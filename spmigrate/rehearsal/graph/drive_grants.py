"""Permissions on a file or folder, one by one: read, alter, take back, give more people what a link gives."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.call import Call, GraphError, collection, entity
from spmigrate.rehearsal.graph.drive_items import Drive
from spmigrate.rehearsal.graph.drive_permissions import (
    own_permissions,
    permission_id,
    show_grant,
    show_link,
    show_permissions,
)
from spmigrate.rehearsal.graph.drive_queries import cut_page, filter_shown
from spmigrate.rehearsal.graph.drive_sharing import (
    find_person,
    read_expiry,
    read_password,
    read_recipients,
    read_role,
)
from spmigrate.rehearsal.graph.drives import Action, Address, need_item
from spmigrate.rehearsal.graph.site_types import PERMISSION
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

_FILTERS = frozenset({"$filter"})


def answer_permissions(call: Call, drive: Drive, address: Address, action: Action) -> Response:
    """`…/permissions` and one of them: read, alter, take back, or give more people a link's permission."""
    item = need_item(drive, address)
    name, _, rest = action.rest.partition("/")
    method = "GET" if call.request.method == "HEAD" else call.request.method
    if not name:
        if method != "GET":
            raise GraphError(405, "notAllowed", "The method is not allowed for this resource.")
        return _list(call, drive, item)
    word = rest.lower().removeprefix("microsoft.graph.")
    if word == "grant" and method == "POST":
        return grant_link(call, drive, item, _find_own(drive, item, name))
    if word:
        raise GraphError(400, "BadRequest", f"Resource not found for the segment '{rest}'.")
    if method == "GET":
        shown = next((each for each in show_permissions(drive, item) if each["id"] == name), None)
        if shown is None:
            raise GraphError(404, "itemNotFound", "The resource could not be found.")
        return entity(shown, context="permission", call=call, of=PERMISSION)
    found = _find_own(drive, item, name)
    if method == "PATCH":
        return _alter(call, drive, item, found)
    sharing.remove(call.tenant, item, found)
    return Response(204)


def _list(call: Call, drive: Drive, item: Item) -> Response:
    found = filter_shown(call, show_permissions(drive, item), PERMISSION)
    shown, following = cut_page(call, found)
    context = f"drives('{drive.id}')/items('{item.guid}')/permissions"
    return collection(shown, context=context, call=call, of=PERMISSION, more=_FILTERS, next=following)


def _find_own(drive: Drive, item: Item, name: str) -> Entity:
    tenant = drive.tenant
    for each in (*sharing.links(tenant, item), *sharing.grants(tenant, item)):
        if name in (each.guid, permission_id(each.name)):
            return each
    if any(each["id"] == name for each in show_permissions(drive, item)):
        # Microsoft, "Delete a sharing permission": only those that are not inherited.
        raise GraphError(400, "invalidRequest", "Inherited permissions can't be changed here.")
    raise GraphError(404, "itemNotFound", "The resource could not be found.")


def _alter(call: Call, drive: Drive, item: Item, found: Entity) -> Response:
    body = call.body()
    patch: dict[str, Any] = {}
    if "expirationDateTime" in body:
        patch["expires"] = read_expiry(call, body)
    if "password" in body and found.kind == sharing.LINK:
        patch["password"] = read_password(body)
    if "roles" in body:
        role = read_role(body)
        if found.kind == sharing.LINK:
            # A link's role is its type; another one is refused (reported of SharePoint, msgraph-sdk-dotnet issue 1135).
            if [role] != show_link(drive, item, found)["roles"]:
                raise GraphError(400, "invalidRequest", "The roles of a sharing link can't be changed.")
        else:
            patch["role"] = role
    altered = sharing.alter(call.tenant, found, patch) if patch else found
    shown = show_link(drive, item, altered) if altered.kind == sharing.LINK else show_grant(drive, altered)
    return entity(shown, context="permission", call=call)


def answer_shared(call: Call, drive: Drive, address: Address, action: Action) -> Response:
    """`shares/{id}/permission` and its `grant`: the link that the share is."""
    item = need_item(drive, address)
    share, _, word = action.rest.partition("/")
    linked = sharing.find_link(call.tenant, sharing.read_share_id(share) or "")
    if linked is None:
        raise GraphError(400, "invalidRequest", "The address is not a sharing link.")
    if word.lower().removeprefix("microsoft.graph.") == "grant" and call.request.method == "POST":
        return grant_link(call, drive, item, linked[0])
    if word or call.request.method != "GET":
        raise GraphError(405, "notAllowed", "The method is not allowed for this resource.")
    return entity(show_link(drive, item, linked[0]), context="permission", call=call, of=PERMISSION)


def grant_link(call: Call, drive: Drive, item: Item, link: Entity) -> Response:
    """`POST …/grant`: who is named may use a link; roles that it does not have are given to them beside it."""
    body = call.body()
    if link.kind != sharing.LINK:
        raise GraphError(400, "invalidRequest", "Only a sharing link can be granted to more people.")
    people = [find_person(call, drive, each) for each in read_recipients(body, needed=True)]
    for name in people:
        sharing.redeem(call.tenant, link, name)
    known = list(link.props["people"])
    altered = sharing.alter(call.tenant, link, {"people": [*dict.fromkeys([*known, *people])]})
    if body.get("roles"):
        role = read_role(body)
        for name in people:
            if name.startswith(("i:", "c:")):
                sharing.grant(call.tenant, item, name, role=role, by=call.request.caller.login)
    shown = [show_link(drive, item, altered)]
    shown += [each for each in own_permissions(drive, item) if each["id"] in map(permission_id, people)]
    return collection(shown, context="Collection(permission)", call=call, of=PERMISSION)
