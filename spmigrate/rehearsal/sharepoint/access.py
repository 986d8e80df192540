"""What a caller must hold before SharePoint does something: permissions of the token, and rights of the person."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any

from spmigrate.rehearsal.http import Claims
from spmigrate.rehearsal.items import Item
from spmigrate.rehearsal.odata.errors import access_denied, item_missing, list_missing
from spmigrate.rehearsal.permission_levels import Right
from spmigrate.rehearsal.rights import Securable, effective_mask, is_tenant_administrator, may, standing
from spmigrate.rehearsal.storage import Entity

if TYPE_CHECKING:
    from spmigrate.rehearsal.sharepoint.model import Node
    from spmigrate.rehearsal.sharepoint.scope import Scope

_ALL = ("Sites.FullControl.All", "AllSites.FullControl")
_READERS = ("Sites.Read.All", "AllSites.Read", "AllSites.Write", "AllSites.Manage", "AllSites.FullControl")
# Where a node keeps what it belongs to, when it is not a list or an item itself.
_ABOVE = ("parent", "file", "folder", "listitem", "holder")
_CREATES, _CHANGES, _DELETES = "create", "change", "delete"
_DELETING = frozenset({"recycle", "deleteobject", "deletewithparameters", "recyclewithparameters"})


class Level(Enum):
    """Levels of access: the right that a person needs on a web, and below it on a list or item; and the permissions
    (application roles, delegated scopes) of a token of which any will do."""

    READ = (Right.OPEN, Right.VIEW_ITEMS, _READERS)
    WRITE = (
        Right.EDIT_ITEMS,
        Right.EDIT_ITEMS,
        ("Sites.ReadWrite.All", "AllSites.Write", "AllSites.Manage", "AllSites.FullControl"),
    )
    MANAGE = (Right.MANAGE_LISTS, Right.MANAGE_LISTS, ("Sites.Manage.All", "AllSites.Manage", "AllSites.FullControl"))
    CONTROL = (Right.MANAGE_WEB, Right.MANAGE_WEB, _ALL)
    PERMISSIONS = (Right.MANAGE_PERMISSIONS, Right.MANAGE_PERMISSIONS, _ALL)
    ENUMERATE = (Right.ENUMERATE_PERMISSIONS, Right.ENUMERATE_PERMISSIONS, _READERS)
    # Whoever may open the web may do it; the thing itself looks at what else is needed.
    VISIT = (Right.OPEN, Right.OPEN, _ALL)

    @property
    def on_web(self) -> Right:
        """The right that is needed on a web."""
        right: Right = self.value[0]
        return right

    @property
    def below(self) -> Right:
        """The right that is needed on an item, or on a list to change it."""
        right: Right = self.value[1]
        return right

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions of a token that will do."""
        permissions: tuple[str, ...] = self.value[2]
        return permissions


def require(claims: Claims, level: Level) -> None:
    """Refuse (403) a caller whose token does not hold the level; the rights of a person are asked for at a node."""
    if not claims.permits(*level.permissions):
        raise access_denied()


def require_at(node: Node, level: Level, verb: str = _CHANGES) -> None:
    """Refuse a caller whose token or rights do not reach: 403, or a 404 for what is hidden from them.

    `verb` says for `Level.WRITE` whether something is added, altered or deleted.
    """
    claims = node.scope.claims
    require(claims, level)
    if claims.app_only:
        return
    place = secured(node)
    if not may(node.scope.tenant, claims, place, _right(level, place, verb)):
        raise _refusal(node, place, level)


def require_tenant_administrator(scope: Scope) -> None:
    """Refuse (403) whoever does not administer SharePoint in the whole tenant."""
    require(scope.claims, Level.CONTROL)
    if not scope.claims.app_only and not is_tenant_administrator(scope.tenant, scope.claims):
        raise access_denied()


def require_site_administrator(scope: Scope, site: Entity) -> None:
    """Refuse (403) a person who administers neither the site nor the tenant."""
    claims = scope.claims
    if claims.app_only or is_tenant_administrator(scope.tenant, claims):
        return
    if not standing(scope.tenant, claims.login, site).administrator:
        raise access_denied()


def verb_of(name: str) -> str:
    """What an action of `Level.WRITE` does, by its name."""
    low = name.lower()
    if low in _DELETING:
        return _DELETES
    return _CREATES if low.startswith(("add", "create")) else _CHANGES


def require_visible(node: Node) -> None:
    """Refuse a result that the caller may not read."""
    if not node.scope.claims.app_only:
        require_at(node, Level.READ)


def trim(members: list[Any], claims: Claims) -> list[Any]:
    """The members of a collection that the caller may read: SharePoint leaves out the others."""
    return members if claims.app_only else [each for each in members if _can_see(each)]


def item_filter(scope: Scope, listing: Entity) -> Callable[[Item], bool] | None:
    """What tells the items of a list that the caller may read; None for an application, which may read them all."""
    if scope.claims.app_only:
        return None
    return lambda item: may(
        scope.tenant, scope.claims, Securable(scope.site, scope.web, listing, item), Right.VIEW_ITEMS
    )


def _can_see(node: Node) -> bool:
    claims = node.scope.claims
    place = secured(node)
    listed = place.listing is not None and place.item is None
    right = Right.VIEW_ITEMS if listed else _right(Level.READ, place, "")
    return may(node.scope.tenant, claims, place, right)


def own_mask(node: Node) -> int:
    """What the caller may do with a node, as a mask."""
    return effective_mask(node.scope.tenant, node.scope.claims, secured(node))


def secured(node: Node) -> Securable:
    """What a node belongs to for permissions: an item, a list, or the web."""
    scope = node.scope
    listing, item = _belongs(node)
    if listing is None:
        return Securable(scope.site, scope.web)
    return Securable(scope.site, scope.web, listing, item if item is not None and item.parent else None)


def _belongs(node: object) -> tuple[Entity | None, Item | None]:
    for name in ("owner", "entity"):
        owner = getattr(node, name, None)
        if isinstance(owner, Entity) and owner.kind == "list":
            item = getattr(node, "item", None)
            return owner, item if isinstance(item, Item) else None
    for name in _ABOVE:
        above = getattr(node, name, None)
        if above is not None and hasattr(above, "scope"):
            return _belongs(above)
    return None, None


def _right(level: Level, place: Securable, verb: str) -> Right:
    if place.listing is None or (level is Level.READ and place.item is None):
        return level.on_web
    if level is Level.WRITE:
        return {_CREATES: Right.ADD_ITEMS, _DELETES: Right.DELETE_ITEMS}.get(verb, Right.EDIT_ITEMS)
    return level.below


def _refusal(node: Node, place: Securable, level: Level) -> Exception:
    """A 404 where SharePoint hides what is not to be seen; a file or folder by its address is refused openly."""
    if level is not Level.READ or place.listing is None:
        return access_denied()
    if place.item is None:
        return list_missing(str(place.listing.props.get("Title", "")), node.scope.web_url)
    return access_denied() if getattr(node, "type", "") in ("SP.File", "SP.Folder") else item_missing()
