"""Who may do what: a person's own permissions, and what their token lets a program do with them.

| kind of entity | parent | name | props |
|---|---|---|---|
| `assignment` | a web, a list or an `itemscope` that does not inherit | number of the principal | `Roles` |
| `itemscope` | list | row id of the folder, file or item that does not inherit | `_Unique` |

A web without `_Unique` has permissions of its own; everything else inherits until `_Unique` says otherwise. What was
shared singly (`sharing.py`) comes on top of it, and opens the web and the list above just as far as is needed.
An application has no person behind it and is never looked up here: that is the way that must be quick.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.http import Claims
from spmigrate.rehearsal.items import Item
from spmigrate.rehearsal.permission_levels import (
    CONTRIBUTE_MASK,
    DESIGN_MASK,
    FULL_MASK,
    LIMITED_MASK,
    MASKS,
    READ_MASK,
    RESTRICTED_MASK,
    Right,
    add_up,
    read_mask,
)
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

EVERYONE = "c:0(.s|true"
# Marks the groups that SharePoint itself makes for limited access.
HIDDEN = "_Hidden"
# The template of the directory role "SharePoint Administrator".
SHAREPOINT_ADMINISTRATOR = "f28a1f50-f6e7-4571-818b-6a12f2af6b6c"
SECURITY_GROUP, M365_GROUP = "c:0t.c|tenant|", "c:0o.c|federateddirectoryclaimprovider|"
# Microsoft's documentation says that administrators of the tenant have no access to a site until somebody gives it to
# them, though they may make themselves its administrators (learn.microsoft.com: sharepoint/sharepoint-admin-role).
ADMINISTRATORS_OPEN_EVERY_SITE = False
# What a token is worth at most, the most first.
_WORTH = (
    (FULL_MASK, ("Sites.FullControl.All", "AllSites.FullControl")),
    (DESIGN_MASK, ("Sites.Manage.All", "AllSites.Manage")),
    (CONTRIBUTE_MASK, ("Sites.ReadWrite.All", "AllSites.Write", "Files.ReadWrite.All", "Files.ReadWrite")),
    (READ_MASK, ("Sites.Read.All", "AllSites.Read", "Files.Read.All", "Files.Read", "User.Read")),
)
# What a grant's role and a link's type let somebody do with the item.
_SHARED = {"read": READ_MASK, "view": READ_MASK, "embed": READ_MASK, "blocksDownload": RESTRICTED_MASK,
           "write": CONTRIBUTE_MASK, "edit": CONTRIBUTE_MASK, "createOnly": Right.ADD_ITEMS | LIMITED_MASK,
           "owner": FULL_MASK}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Securable:
    """Something with permissions: a web, or a list in it, or a folder, file or item in that."""

    site: Entity
    web: Entity
    listing: Entity | None = None
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A person at one site collection: the principals as whom it knows them, and whether they administer it."""

    numbers: frozenset[int]
    administrator: bool


@dataclass(frozen=True, slots=True)
class Share:
    """Something that was shared with somebody: its list, what they may do, and until when (empty: for ever)."""

    list: int
    mask: int
    expires: str


def effective_mask(tenant: Tenant, claims: Claims, place: Securable) -> int:
    """What a caller may do: what the token is worth, and of that what the person behind it may do."""
    worth = next((mask for mask, permissions in _WORTH if claims.permits(*permissions)), 0)
    return worth & (_site_mask(place.site) if claims.app_only else user_mask(tenant, claims.login, place))


def user_mask(tenant: Tenant, login: str, place: Securable) -> int:
    """What a person may do somewhere, by claims login name."""
    holder = holder_of(tenant, place)

    def add() -> int:
        who = standing(tenant, login, place.site)
        if who.administrator:
            return _site_mask(place.site)
        rows = tenant.store.children(holder.id, "assignment")
        given = ((int(row.name), row.props.get("Roles", [])) for row in rows)
        return add_up(who.numbers, given, level_masks(tenant, place.site)) & _site_mask(place.site)

    return tenant.store.remembered(("user mask", login, holder.id), add) | _shared_mask(tenant, login, place)


def may(tenant: Tenant, claims: Claims, place: Securable, right: Right) -> bool:
    """True when the caller holds all bits of a right."""
    return effective_mask(tenant, claims, place) & right == right


def holder_of(tenant: Tenant, place: Securable) -> Entity:
    """Where the permissions of something are kept: itself, or the nearest above that does not inherit."""
    if place.listing is not None:
        if place.item is not None:
            for scope in item_scopes(tenant, place.listing, place.item):
                return scope
        listing = tenant.store.by_id(place.listing.id) or place.listing
        if listing.props.get("_Unique"):
            return listing
    return web_holder(tenant, place.web)


def web_holder(tenant: Tenant, web: Entity) -> Entity:
    """The nearest web, upwards, with permissions of its own."""
    current = tenant.store.by_id(web.id) or web
    while current.props.get("_Unique", True) is False:
        above = tenant.store.find("web", current.parent, current.name.rpartition("/")[0] or "/")
        if above is None or above.id == current.id:
            return current
        current = above
    return current


def has_item_scopes(tenant: Tenant, listing: Entity) -> bool:
    """True when anything in a list does not inherit."""
    key = ("item scopes", listing.id)
    return tenant.store.remembered(key, lambda: tenant.store.count(listing.id, "itemscope", limit=1) > 0)


def item_scopes(tenant: Tenant, listing: Entity, item: Item) -> Iterator[Entity]:
    """The scopes of an item and the folders above it that do not inherit, the nearest first."""
    if not has_item_scopes(tenant, listing):
        return
    for each in (item, *tenant.content.ancestors(item)):
        found = tenant.store.find("itemscope", listing.id, str(each.id))
        if found is not None:
            yield found


def level_masks(tenant: Tenant, site: Entity) -> Mapping[int, int]:
    """The masks of a site's permission levels by number."""

    def collect() -> dict[int, int]:
        masks = dict(MASKS)
        for row in tenant.store.children(site.id, "role"):
            masks[int(row.props["Id"])] = read_mask(row.props.get("BasePermissions") or {})
        return masks

    return tenant.store.remembered(("level masks", site.id), collect)


def standing(tenant: Tenant, login: str, site: Entity) -> Standing:
    """As whom a site knows a person: by name, by their groups and claims, and by SharePoint groups with any of them."""

    def look() -> Standing:
        store = tenant.store
        found = (store.find("siteuser", site.id, claim) for claim in claims_of(tenant, login))
        rows = [row for row in found if row is not None]
        numbers = {int(row.props["Id"]) for row in rows}
        administrator = any(row.props.get("IsSiteAdmin") for row in rows) or _administers(tenant, login, site)
        # The hidden groups hold other groups too, so they come last.
        for group in sorted(store.children(site.id, "sitegroup"), key=lambda each: bool(each.props.get(HIDDEN))):
            if not numbers.isdisjoint(group.props.get("_Users", ())):
                numbers.add(int(group.props["Id"]))
        return Standing(frozenset(numbers), administrator)

    return tenant.store.remembered(("standing", login, site.id), look)


def claims_of(tenant: Tenant, login: str) -> list[str]:
    """The claims under which a person is known: the login name, the groups of the directory, everyone."""
    user = tenant.directory.user(login.rsplit("|", 1)[-1])
    claims = [login, EVERYONE]
    if user is None:
        return claims
    if user.props.get("userType") != "Guest":
        claims.append(everybody_inside(tenant))
    for role, suffix in (("member", ""), ("owner", "_o")):
        for group in _groups_with(tenant, user, role):
            if "Unified" in group.props.get("groupTypes", ()):
                claims.append(f"{M365_GROUP}{group.guid}{suffix}")
            elif not suffix:
                claims.append(f"{SECURITY_GROUP}{group.guid}")
    return claims


def everybody_inside(tenant: Tenant) -> str:
    """The claim "Everyone except external users"."""
    return f"c:0-.f|rolemanager|spo-grid-all-users/{tenant.names.tenant_id}"


def _groups_with(tenant: Tenant, person: Entity, role: str) -> Iterator[Entity]:
    """Groups with a person as member (through groups in groups) or owner (who are members of an M365 group too)."""
    seen: set[int] = set()
    waiting = [person.guid]
    while waiting:
        for number in tenant.store.holders(role, waiting.pop()):
            group = tenant.store.by_id(number)
            if number in seen or group is None or group.kind != "group" or group.deleted is not None:
                continue
            seen.add(number)
            yield group
            if role == "member":
                waiting.append(group.guid)


def is_tenant_administrator(tenant: Tenant, claims: Claims) -> bool:
    """True for a person who administers SharePoint in the whole tenant."""
    return not claims.app_only and administers_tenant(tenant, claims.login)


def administers_tenant(tenant: Tenant, login: str) -> bool:
    """True for a global administrator and a SharePoint administrator."""
    user = tenant.directory.user(login.rsplit("|", 1)[-1])
    return user is not None and (
        tenant.directory.is_administrator(user.name) or SHAREPOINT_ADMINISTRATOR in tenant.directory.roles_of(user.guid)
    )


def _administers(tenant: Tenant, login: str, site: Entity) -> bool:
    everywhere = ADMINISTRATORS_OPEN_EVERY_SITE or site.name == tenant.names.admin
    return everywhere and administers_tenant(tenant, login)


def _site_mask(site: Entity) -> int:
    """Everything, less what nobody may do where custom script is denied."""
    denied = site.props.get("DenyAddAndCustomizePages", 2) == 2
    return FULL_MASK & ~Right.CUSTOMIZE_PAGES if denied else FULL_MASK


def _shared_mask(tenant: Tenant, login: str, place: Securable) -> int:
    shares = shared_with(tenant, login, place.site)
    if not shares:
        return 0
    now = tenant.clock.iso()
    living = {number: each for number, each in shares.items() if not each.expires or each.expires > now}
    if place.item is not None:
        mask = 0
        for above in (place.item, *tenant.content.ancestors(place.item)):
            mask |= living[above.id].mask if above.id in living else 0
        return mask
    wanted = [each for each in living.values() if place.listing is None or each.list == place.listing.id]
    return LIMITED_MASK if wanted else 0


def shared_with(tenant: Tenant, login: str, site: Entity) -> Mapping[int, Share]:
    """What was shared singly with a person in a site, by row id of the folder, file or item."""

    def collect() -> dict[int, Share]:
        found: dict[int, Share] = {}
        for name in _shared_names(tenant, login, site):
            for kind in (sharing.GRANT, sharing.USE):
                for entity in _named(tenant, kind, name):
                    _add_share(tenant, site, entity, found)
        return found

    return tenant.store.remembered(("shared with", login, site.id), collect)


def _shared_names(tenant: Tenant, login: str, site: Entity) -> list[str]:
    user = tenant.directory.user(login.rsplit("|", 1)[-1])
    mail = [str(user.props["mail"])] if user is not None and user.props.get("mail") else []
    groups = standing(tenant, login, site).numbers
    titles = [row.name for row in tenant.store.children(site.id, "sitegroup") if row.props["Id"] in groups]
    return [*dict.fromkeys([*claims_of(tenant, login), *([user.name] if user else []), *mail, *titles])]


def _named(tenant: Tenant, kind: str, name: str) -> Iterator[Entity]:
    """The grants of a name; of the uses of links the links themselves."""
    for parent in tenant.store.holders(kind, name):
        found = tenant.store.find(kind, parent, name) if kind == sharing.GRANT else tenant.store.by_id(parent)
        if found is not None and found.deleted is None:
            yield found


def _add_share(tenant: Tenant, site: Entity, entity: Entity, found: dict[int, Share]) -> None:
    item = tenant.content.item(-entity.parent)
    listing = tenant.store.by_id(item.list) if item is not None else None
    web = tenant.store.by_id(listing.parent) if listing is not None else None
    if item is None or web is None or web.parent != site.id:
        return
    mask = _SHARED.get(str(entity.props.get("role") or entity.props.get("type")), 0)
    before = found.get(item.id)
    # Of two shares of one thing the wider one counts, for as long as it lasts.
    if before is None or mask & ~before.mask:
        found[item.id] = Share(item.list, mask, str(entity.props.get("expires") or ""))
