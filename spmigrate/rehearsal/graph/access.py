"""A person's own rights at Graph's doors to sites, lists, drives and items; applications have passed before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.items import Item, Row, read_item
from spmigrate.rehearsal.permission_levels import Right
from spmigrate.rehearsal.rights import Securable, may
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

if TYPE_CHECKING:
    from spmigrate.rehearsal.graph.drive_items import Drive

# What an action on an item of a drive needs, where the method alone does not say it.
_ACTIONS: Mapping[tuple[str, str], Right] = {
    ("POST", "children"): Right.ADD_ITEMS,
    ("POST", "copy"): Right.VIEW_ITEMS,
    ("POST", "preview"): Right.VIEW_ITEMS,
    ("POST", "follow"): Right.VIEW_ITEMS,
    ("POST", "unfollow"): Right.VIEW_ITEMS,
    ("POST", "sharedpermission"): Right.VIEW_ITEMS,
    ("POST", "permanentdelete"): Right.DELETE_ITEMS,
    ("DELETE", ""): Right.DELETE_ITEMS,
    ("DELETE", "versions"): Right.DELETE_VERSIONS,
}
_SHARING = frozenset({"createlink", "invite", "permissions"})
_METHODS = {"GET": Right.VIEW_ITEMS, "HEAD": Right.VIEW_ITEMS}
_REDEEMING = ("redeemsharinglink", "redeemsharinglinkifnecessary")


def require_open(scope: Scope) -> None:
    """Refuse (403) a person who may not open a web."""
    if not scope.claims.app_only and not can_open(scope.tenant, scope, scope.site, scope.web):
        raise denied()


def can_open(tenant: Any, caller: Scope | Call, site: Entity, web: Entity) -> bool:
    """Whether the caller may open a web: sites that they may not open are left out of lists of them."""
    claims = caller.claims if isinstance(caller, Scope) else caller.request.caller
    return claims.app_only or may(tenant, claims, Securable(site, web), Right.OPEN)


def sees_list(scope: Scope, listing: Entity, *, listed: bool = False) -> bool:
    """Whether the caller may reach a list, be it for a single item; with `listed`, whether it is shown among lists."""
    if scope.claims.app_only:
        return True
    right = Right.VIEW_ITEMS if listed else Right.OPEN
    return may(scope.tenant, scope.claims, Securable(scope.site, scope.web, listing), right)


def require_level(scope: Scope, level: Level, method: str, place: tuple[Entity | None, Item | None]) -> None:
    """Refuse a person whose rights do not reach: 404 for what they may not read, 403 for what they may not do."""
    if scope.claims.app_only:
        return
    listing, item = place
    where = Securable(scope.site, scope.web, listing, item)
    if level is Level.READ:
        right = Right.OPEN if item is None else Right.VIEW_ITEMS
    elif level is Level.WRITE:
        right = {"DELETE": Right.DELETE_ITEMS, "POST": Right.ADD_ITEMS}.get(method, Right.EDIT_ITEMS)
        right = Right.EDIT_ITEMS if item is not None and method == "POST" else right
    else:
        right = level.on_web
    if not may(scope.tenant, scope.claims, where, right):
        raise denied() if level is not Level.READ else _hidden()


def require_drive(call: Call, drive: Drive) -> None:
    """Refuse a person who may not open the site (403), or not see the library (404)."""
    claims = call.request.caller
    if claims.app_only:
        return
    if not may(call.tenant, claims, Securable(drive.site, drive.web), Right.OPEN):
        raise denied()
    if not may(call.tenant, claims, Securable(drive.site, drive.web, drive.listing), Right.OPEN):
        raise _hidden()


def require_item(call: Call, drive: Drive, found: tuple[Item, bool], asked: tuple[str, str]) -> None:
    """Refuse a person what they may not do with an item; `found` is the nearest that exists, and whether it is the one
    that was addressed, `asked` the method and the action."""
    claims = call.request.caller
    item, exact = found
    method, action = asked
    right = _METHODS.get(method, Right.EDIT_ITEMS)
    if not exact and method != "GET":
        right = Right.ADD_ITEMS
    right = _ACTIONS.get(asked, right)
    place = _place(drive, item)
    if method != "GET" and action in _SHARING:
        if not _may_share(call, drive, item):
            raise denied()
    elif not may(call.tenant, claims, place, right):
        raise _hidden() if right == Right.VIEW_ITEMS and item.parent else denied()


def trim_items(call: Call, drive: Drive, items: Iterable[Item]) -> list[Item]:
    """The items that the caller may read; what is gone is told to everybody."""
    claims = call.request.caller
    if claims.app_only:
        return list(items)
    return [each for each in items if each.bin or may(call.tenant, claims, _place(drive, each), Right.VIEW_ITEMS)]


def trim_page(call: Call, drive: Drive, page: Sequence[Row | Item]) -> Sequence[Row | Item]:
    """The same for a page whose items need not be read yet."""
    return page if call.request.caller.app_only else trim_items(call, drive, map(read_item, page))


def trim_drives(call: Call, drives: list[Drive]) -> list[Drive]:
    """The libraries that the caller may read."""
    claims = call.request.caller
    if claims.app_only:
        return drives
    return [
        each
        for each in drives
        if may(call.tenant, claims, Securable(each.site, each.web, each.listing), Right.VIEW_ITEMS)
    ]


def use_link(call: Call, link: Entity) -> None:
    """Let a person who asks for it (`Prefer: redeemSharingLink`) have what a link gives; links for people in the
    organisation are no use to guests, and links for single people to others."""
    claims = call.request.caller
    wanted = call.request.headers.get("prefer", "").lower().replace(" ", "").split(",")
    if claims.app_only or not any(each in wanted for each in _REDEEMING):
        return
    user = call.tenant.directory.user(claims.user)
    guest = user is not None and user.props.get("userType") == "Guest"
    scope = link.props["scope"]
    if scope == "anonymous" or (scope == "organization" and not guest):
        with call.tenant.store.transaction():
            sharing.redeem(call.tenant, link, claims.login)


def denied() -> GraphError:
    """The refusal of a person who may not."""
    return GraphError(403, "accessDenied", "Access denied")


def _hidden() -> GraphError:
    return GraphError(404, "itemNotFound", "The resource could not be found.")


def _may_share(call: Call, drive: Drive, item: Item) -> bool:
    """Whoever manages permissions may share, and where members can share whoever may edit."""
    claims, place = call.request.caller, _place(drive, item)
    if may(call.tenant, claims, place, Right.MANAGE_PERMISSIONS):
        return True
    return bool(drive.web.props.get("MembersCanShare", True)) and may(call.tenant, claims, place, Right.EDIT_ITEMS)


def _place(drive: Drive, item: Item) -> Securable:
    return Securable(drive.site, drive.web, drive.listing, item if item.parent else None)
