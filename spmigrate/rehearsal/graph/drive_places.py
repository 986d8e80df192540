"""Whose drive: the ways that lead to one through people, groups, the tenant itself and what was shared."""

from __future__ import annotations

import re
from urllib.parse import unquote

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.access import use_link
from spmigrate.rehearsal.graph.call import Call, GraphError, entity
from spmigrate.rehearsal.graph.drive_items import Drive, identity
from spmigrate.rehearsal.graph.drives import READ, answer_drives, default_drive, show_drive
from spmigrate.rehearsal.graph.ids import item_id, site_id
from spmigrate.rehearsal.graph.types import DRIVE
from spmigrate.rehearsal.group_sites import create_group_site, find_group_site, is_ready
from spmigrate.rehearsal.http import Response, split_address
from spmigrate.rehearsal.one_drive import personal_site
from spmigrate.rehearsal.storage import Entity, fold

_PLACE = re.compile(
    r"(?:(?P<me>me)|users/(?P<user>[^/]+)|groups/(?P<group>[^/]+))/(?P<word>drives?)(?P<rest>[/:].*)?", re.IGNORECASE
)
_TENANT = re.compile(r"(?P<word>drives?)(?P<rest>/.*)?", re.IGNORECASE)
_SHARE = re.compile(r"shares/(?P<share>[^/]+)(?:/(?P<rest>.*))?", re.IGNORECASE)
# What GET shares/{id} itself has below it, as the part of the path after the item.
_BELOW_SHARE = {"driveitem": "", "root": "", "listitem": "listItem", "permission": "permission", "items": "items"}


def find_way(call: Call, rest: str) -> str | Response | None:
    """Where a path leads that goes through a person, a group, the tenant or a share: another path, or the answer.

    None for a path that is none of these.
    """
    share = _SHARE.fullmatch(rest)
    if share is not None:
        return _way_of_share(call, share["share"], share["rest"] or "")
    place = _PLACE.fullmatch(rest)
    if place is not None:
        call.require(*READ)
        site = group_site(call, place["group"]) if place["group"] else _site_of_user(call, place["user"] or "me")
        return _way_below(call, site, place["word"].lower(), place["rest"] or "")
    tenant = _TENANT.fullmatch(rest)
    if tenant is None or (tenant["word"].lower() == "drives" and tenant["rest"]):
        return None
    call.require(*READ)
    root = _root_site(call)
    return _way_below(call, root, tenant["word"].lower(), tenant["rest"] or "")


def _way_below(call: Call, site: Entity, word: str, rest: str) -> str | Response:
    web = _root_web(call, site)
    if word == "drives":
        return f"drives{rest}" if rest else answer_drives(call, site, web)
    drive = default_drive(call.tenant, site, web)
    if not rest:
        if call.request.method != "GET":
            raise GraphError(405, "notAllowed", "The method is not allowed for a drive.")
        return entity(show_drive(drive), context="drives", call=call, of=DRIVE)
    return f"drives/{drive.id}{rest}"


def _site_of_user(call: Call, name: str) -> Entity:
    caller = call.request.caller
    if name.lower() == "me":
        if caller.app_only:
            raise GraphError(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
        name = caller.user
    user = call.tenant.directory.user(name)
    if user is None:
        message = f"Resource '{name}' does not exist or one of its queried reference-property objects are not present."
        raise GraphError(404, "Request_ResourceNotFound", message)
    site = personal_site(call.tenant, user)
    if site is None:
        raise GraphError(404, "ResourceNotFound", "User's mysite not found.")
    return site


def group_site(call: Call, name: str) -> Entity:
    """The site of a group; a 404 when it has none."""
    group = call.tenant.directory.group(name)
    if group is None:
        message = f"Resource '{name}' does not exist or one of its queried reference-property objects are not present."
        raise GraphError(404, "Request_ResourceNotFound", message)
    found = find_group_site(call.tenant, group)
    if found is None and "Unified" in group.props.get("groupTypes", ()):
        # Made when it is first asked for, as a OneDrive is.
        with call.tenant.store.transaction():
            found = create_group_site(call.tenant, group)
    if found is None or not is_ready(call.tenant, found):
        raise GraphError(404, "ResourceNotFound", "Resource is not found.")
    return found


def _root_site(call: Call) -> Entity:
    site = call.tenant.store.find("site", 0, call.tenant.names.sharepoint)
    if site is None:
        raise GraphError(404, "itemNotFound", "Requested site could not be found")
    return site


def _root_web(call: Call, site: Entity) -> Entity:
    web = call.tenant.store.find("web", site.id, "/" + site.name.partition("/")[2])
    if web is None:
        raise GraphError(404, "itemNotFound", "Requested site could not be found")
    return web


def _way_of_share(call: Call, share: str, rest: str) -> str | Response:
    call.require(*READ)
    drive, item = find_shared(call, share)
    word, _, below = rest.partition("/")
    name = word.lower().partition(":")[0]
    if not word:
        return _show_share(call, share, drive, item)
    if name == "site":
        return f"sites/{site_id(drive.site, drive.web)}" + (f"/{below}" if below else "")
    if name == "list":
        return f"sites/{site_id(drive.site, drive.web)}/lists/{drive.listing.guid}" + (f"/{below}" if below else "")
    if name == "permission" and item is not None:
        return f"drives/{drive.id}/items/{item_id(item)}/sharedPermission/{share}" + (f"/{below}" if below else "")
    if name not in _BELOW_SHARE:
        raise GraphError(400, "BadRequest", f"Resource not found for the segment '{word}'.")
    start = f"drives/{drive.id}/items/{item_id(item)}" if item is not None else f"drives/{drive.id}/root"
    if name == "items":
        return f"drives/{drive.id}/items/{below}" if below else f"{start}/children"
    if name == "listitem":
        return f"{start}/listItem" + (f"/{below}" if below else "")
    colon = word[len(name) :]
    return f"{start}{colon}" + (f"/{below}" if below else "")


def find_shared(call: Call, share: str) -> tuple[Drive, Item | None]:
    """Where a share id leads: a drive, and the item in it unless it is the drive itself; a 404 when nowhere."""
    tenant = call.tenant
    url = sharing.read_share_id(share)
    if url is None:
        raise GraphError(400, "invalidRequest", "The sharing token is malformed.")
    linked = sharing.find_link(tenant, url)
    if linked is not None:
        use_link(call, linked[0])
        return drive_of_item(call, linked[1]), linked[1]
    parts = split_address(url)
    place = _find_library(call, parts.netloc.lower(), unquote(parts.path))
    if place is None:
        raise GraphError(404, "itemNotFound", "The sharing link no longer exists, or you do not have permission.")
    drive, below = place
    item = tenant.content.resolve(drive.root, below) if below else None
    if below and item is None:
        raise GraphError(404, "itemNotFound", "The resource could not be found.")
    return drive, item


def drive_of_item(call: Call, item: Item) -> Drive:
    """The drive that holds an item."""
    store = call.tenant.store
    listing = store.by_id(item.list)
    web = store.by_id(listing.parent) if listing else None
    site = store.by_id(web.parent) if web else None
    root = call.tenant.content.root(item.list)
    if listing is None or web is None or site is None or root is None:
        raise GraphError(404, "itemNotFound", "The resource could not be found.")
    return Drive(call.tenant, site, web, listing, root)


def _find_library(call: Call, host: str, path: str) -> tuple[Drive, str] | None:
    """The library in which an address lies, and the path below it."""
    store = call.tenant.store
    names = [each for each in path.split("/") if each]
    managed = len(names) > 1 and names[0].lower() in ("sites", "teams", "personal")
    site = store.find("site", 0, "/".join([host, *(names[:2] if managed else [])]))
    if site is None:
        return None
    for count in range(len(names), -1, -1):
        web = store.find("web", site.id, "/" + "/".join(names[:count]))
        if web is None:
            continue
        below = "/".join(names[count:])
        for listing in store.children(web.id, "list"):
            root = call.tenant.content.root(listing.id)
            if root is not None and (fold(below) + "/").startswith(fold(listing.name) + "/"):
                return Drive(call.tenant, site, web, listing, root), below[len(listing.name) :].strip("/")
        return (default_drive(call.tenant, site, web), "") if not below else None
    return None


def _show_share(call: Call, share: str, drive: Drive, item: Item | None) -> Response:
    call.require_options(frozenset())
    shown = item or drive.root
    about = {
        "id": share,
        "name": shown.name if shown.parent else drive.listing.props.get("Title", drive.listing.name),
        "owner": identity(call.tenant, shown.author),
    }
    return entity(about, context="shares", call=call)
