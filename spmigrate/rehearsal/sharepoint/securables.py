"""Permissions of webs, lists, folders, files and items: who holds what, inheriting and not inheriting."""

from __future__ import annotations

import json

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.http import SHAREPOINT_APP_LOGIN
from spmigrate.rehearsal.items import Item
from spmigrate.rehearsal.odata.errors import ODataError, bad_argument, invalid_operation, principal_missing
from spmigrate.rehearsal.odata.render import Complex
from spmigrate.rehearsal.permission_levels import LIMITED_ACCESS, read_mask, show_mask
from spmigrate.rehearsal.rights import HIDDEN, holder_of, user_mask, web_holder
from spmigrate.rehearsal.rights import Securable as Place
from spmigrate.rehearsal.sharepoint.access import Level, own_mask, require_at, secured
from spmigrate.rehearsal.sharepoint.link_groups import link_groups
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, Stored, action, computed, function, link
from spmigrate.rehearsal.sharepoint.people import as_resource
from spmigrate.rehearsal.sharepoint.principals import add_group, ensure_user, known_claim, principal
from spmigrate.rehearsal.sharepoint.properties import INT, group, plain, table
from spmigrate.rehearsal.sharepoint.roles import FULL_CONTROL, Roles
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# Source: Microsoft's limits page: lists and items with unique permissions in one list or library.
MAX_SCOPES = 50_000
# Source: the same page: principals with a permission level on one thing.
MAX_ASSIGNMENTS = 5_000
# Source: "Manage permission scopes": inheritance of a list or folder with more than this in it can't be broken or
# taken up again. The service answers 429 and goes on doing so.
MAX_INHERITING = 100_000
_HIDDEN_GROUP = {"web": "Limited Access System Group For Web", "list": "Limited Access System Group For List"}
_SHARED_ROLES = {"read": 1073741826, "write": 1073741827, "owner": FULL_CONTROL}


class Assignment(Resource):
    """The permission levels that one principal holds on something."""

    type = "SP.RoleAssignment"
    feed = "RoleAssignments"
    write_level = Level.PERMISSIONS
    declared = table(group(INT, 0, "PrincipalId"))

    def __init__(self, parent: Securable, number: int, roles: list[int], row: Entity | None) -> None:
        super().__init__(parent.scope)
        self.parent = parent
        self.number = number
        self.roles = roles
        self.row = row

    @property
    def path(self) -> str:
        return f"{self.parent.path}/RoleAssignments/GetByPrincipalId({self.number})"

    @computed("PrincipalId")
    def _principal_id(self) -> int:
        return self.number

    @link("Member")
    def member(self) -> Stored | None:
        """The principal."""
        found = principal(self.scope, self.number)
        return None if found is None else as_resource(self.scope, found)

    @link("RoleDefinitionBindings")
    def bindings(self) -> Roles:
        """The permission levels."""
        return Roles(self.scope, wanted=self.roles)

    @action("DeleteObject", Level.PERMISSIONS)
    def delete_object(self, _call: Call) -> None:
        """Take everything from the principal."""
        self.delete()

    def delete(self) -> None:
        refuse_inherited(self.parent)
        if self.row is not None:
            self.scope.store.delete(self.row)


class Assignments(Collection):
    """Who holds what on something; where it inherits, these are the holder's above."""

    feed = "RoleAssignments"
    element = Assignment
    write_level = Level.PERMISSIONS

    def __init__(self, parent: Securable) -> None:
        super().__init__(parent.scope)
        self.parent = parent

    def all(self) -> list[Assignment]:
        """Who has which roles here, those whom links let in included."""
        store = self.scope.store
        rows = store.children(holder_of(self.scope.tenant, secured(self.parent)).id, "assignment")
        found = {
            int(row.name): Assignment(self.parent, int(row.name), list(row.props.get("Roles", [])), row)
            for row in rows
            if principal(self.scope, int(row.name)) is not None
        }
        for number, role in _shared_roles(self.parent):
            if number in found:
                found[number].roles = [*dict.fromkeys([*found[number].roles, role])]
            else:
                found[number] = Assignment(self.parent, number, [role], None)
        return list(found.values())

    def by_key(self, key: object) -> Assignment:
        for each in self.all():
            if str(each.number) == str(key):
                return each
        raise ODataError(404, "-2147024809, System.ArgumentException", f"Can not find the principal with id: {key}.")

    @function("GetByPrincipalId")
    def get_by_principal_id(self, call: Call) -> Assignment:
        """What one principal holds."""
        return self.by_key(call.number("principalId", 0))

    @action("AddRoleAssignment")
    def add_role_assignment(self, call: Call) -> None:
        """Give a principal a permission level."""
        number, role = call.number("principalId", 0), call.number("roleDefId", 1)
        holder = refuse_inherited(self.parent)
        if principal(self.scope, number) is None:
            raise principal_missing()
        Roles(self.scope).by_key(role)
        if role == LIMITED_ACCESS:
            raise invalid_operation("You cannot grant a user the limited access permission level.")
        assign(self.scope, holder, number, role)
        open_above(self.scope, secured(self.parent), holder, number)

    @action("RemoveRoleAssignment")
    def remove_role_assignment(self, call: Call) -> None:
        """Take a permission level from a principal, or all that it holds when no level is named."""
        number, role = call.number("principalId", 0), call.number("roleDefId", 1, default=0)
        refuse_inherited(self.parent)
        row = self.by_key(number).row
        if row is None:
            return
        left = [each for each in row.props.get("Roles", []) if role not in (0, each)]
        if left:
            self.scope.store.update(row, {"Roles": left}, at=self.scope.now)
        else:
            self.scope.store.delete(row)


class Securable(Resource):
    """What webs, lists, folders, files and items have in common: role assignments and inheritance."""

    @property
    def unique(self) -> bool:
        """True when it does not inherit."""
        return own_holder(self) is not None

    @computed("HasUniqueRoleAssignments")
    def _has_unique(self) -> bool:
        item = secured(self).item
        return self.unique or (item is not None and bool(item.fields.get(sharing.MARK)))

    @computed("EffectiveBasePermissions")
    def _own_permissions(self) -> dict[str, str]:
        return show_mask(own_mask(self))

    @computed("EffectiveBasePermissionsForUI")
    def _own_permissions_for_ui(self) -> dict[str, str]:
        return show_mask(own_mask(self))

    @link("RoleAssignments")
    def role_assignments(self) -> Assignments:
        """Who holds what; whoever may not look at permissions is refused."""
        require_at(self, Level.ENUMERATE)
        return Assignments(self)

    @link("FirstUniqueAncestorSecurableObject")
    def first_unique_ancestor(self) -> Resource:
        """Where the permissions come from: this itself, or the nearest above that does not inherit."""
        from spmigrate.rehearsal.sharepoint import items, lists, webs  # they are made of this

        place = secured(self)
        holder = holder_of(self.scope.tenant, place)
        if holder.kind == "web":
            return webs.Web(self.scope, holder)
        if holder.kind == "list" or place.listing is None:
            return lists.List(self.scope, holder)
        found = self.scope.content.item(int(holder.name))
        return self if found is None else items.ListItem(self.scope, place.listing, found)

    @action("BreakRoleInheritance", Level.PERMISSIONS)
    def break_role_inheritance(self, call: Call) -> None:
        """Stop inheriting, with a copy of what was inherited or with the caller alone."""
        copy = call.flag("copyRoleAssignments", 0, default=False)
        clear = call.flag("clearSubscopes", 1, default=False)
        break_inheritance(self, copy=copy, clear=clear)

    @action("ResetRoleInheritance", Level.PERMISSIONS)
    def reset_role_inheritance(self, _call: Call) -> None:
        """Inherit again."""
        reset_inheritance(self)

    @function("GetUserEffectivePermissions")
    def user_permissions(self, call: Call) -> Complex:
        """What a person may do here."""
        login = known_claim(self.scope, call.text("userName", 0))
        if login != self.scope.claims.login:
            require_at(self, Level.ENUMERATE)
        mask = own_mask(self) if login == SHAREPOINT_APP_LOGIN else user_mask(self.scope.tenant, login, secured(self))
        return Complex("SP.BasePermissions", show_mask(mask))

    @function("DoesUserHavePermissions")
    def does_user_have_permissions(self, call: Call) -> bool:
        """Whether the caller holds all rights of a mask."""
        given = call.value("permissionMask", 0, default=None)
        mask = _read_wanted(call.record("permissionMask") if given is None else given)
        return own_mask(self) & mask == mask


def refuse_inherited(node: Securable) -> Entity:
    """Where the permissions of something are kept that does not inherit; refuses (400) what does."""
    holder = own_holder(node)
    if holder is None:
        raise bad_argument("You cannot grant unique permissions to an object that inherits its permissions.")
    return holder


def own_holder(node: Resource) -> Entity | None:
    """Where the node's own permissions are kept; None when it inherits."""
    place = secured(node)
    holder = holder_of(node.scope.tenant, place)
    if place.item is not None:
        return holder if holder.kind == "itemscope" and holder.name == str(place.item.id) else None
    wanted = place.web if place.listing is None else place.listing
    return holder if holder.id == wanted.id else None


def break_inheritance(node: Resource, *, copy: bool, clear: bool) -> None:
    """Stop inheriting; what does not inherit already keeps its assignments."""
    scope, place = node.scope, secured(node)
    refuse_too_many(scope, place)
    if clear:
        clear_below(scope, place)
    if own_holder(node) is not None:
        return
    above = scope.store.children(holder_of(scope.tenant, place).id, "assignment")
    holder = _make_holder(scope, place)
    if holder.kind == "list":
        _open_for_those_below(scope, holder)
    if not copy:
        assign(scope, holder, int(ensure_user(scope, scope.claims.login).props["Id"]), FULL_CONTROL)
        return
    for row in above:
        roles = [each for each in row.props.get("Roles", []) if each != LIMITED_ACCESS]
        if roles:
            scope.store.insert("assignment", row.name, at=scope.now, parent=holder.id, props={"Roles": roles})


def reset_inheritance(node: Resource) -> None:
    """Inherit again; the top web of a site has nothing to inherit from."""
    scope, place = node.scope, secured(node)
    refuse_too_many(scope, place)
    holder = own_holder(node)
    if holder is None:
        return
    if holder.kind == "itemscope":
        scope.store.delete(holder)
        return
    if holder.kind == "web" and holder.name.strip("/") == scope.site.name.partition("/")[2].strip("/"):
        raise invalid_operation("This operation is not allowed on a root web site.")
    for row in scope.store.children(holder.id, "assignment"):
        scope.store.delete(row)
    scope.store.update(holder, {"_Unique": False}, at=scope.now)


def refuse_too_many(scope: Scope, place: Place) -> None:
    """Refuse, with a 429 that no waiting clears, to alter the inheritance of a list or folder with too much in it;
    where the switch `inheritance` is on."""
    if "inheritance" not in scope.tenant.throttle.on or place.listing is None:
        return
    if place.item is not None and not place.item.folder:
        return
    held = scope.content.count_items(place.listing.id)
    if held > MAX_INHERITING and place.item is not None:
        held = scope.content.count_below(place.item)
    if held > MAX_INHERITING:
        raise ODataError(
            429, "-1, Microsoft.SharePoint.Client.ClientServiceException", "The request has been throttled."
        )


def clear_below(scope: Scope, place: Place) -> None:
    """Let everything below inherit again."""
    if place.listing is not None:
        _clear_list(scope, place.listing, place.item)
        return
    for row in scope.store.children(place.web.id, "list"):
        _clear_list(scope, row, None)
        if row.props.get("_Unique"):
            for each in scope.store.children(row.id, "assignment"):
                scope.store.delete(each)
            scope.store.update(row, {"_Unique": False}, at=scope.now)


def _clear_list(scope: Scope, listing: Entity, folder: Item | None) -> None:
    for row in scope.store.children(listing.id, "itemscope"):
        item = scope.content.item(int(row.name))
        if folder is not None and (item is None or all(each.id != folder.id for each in scope.content.ancestors(item))):
            continue
        scope.store.delete(row)


def _make_holder(scope: Scope, place: Place) -> Entity:
    if place.listing is None:
        return scope.store.update(place.web, {"_Unique": True}, at=scope.now)
    if place.item is None:
        return scope.store.update(place.listing, {"_Unique": True}, at=scope.now)
    if scope.store.count(place.listing.id, "itemscope", limit=MAX_SCOPES) >= MAX_SCOPES:
        raise ODataError(
            500,
            "-2146232832, Microsoft.SharePoint.SPException",
            "You cannot break inheritance for this item because there are too many items with unique permissions in "
            "this list.",
        )
    return scope.store.insert("itemscope", str(place.item.id), at=scope.now, parent=place.listing.id)


def assign(scope: Scope, owner: Entity, number: int, role: int) -> None:
    """Give a principal a permission level on something that does not inherit."""
    row = scope.store.find("assignment", owner.id, str(number))
    if row is None:
        if scope.store.count(owner.id, "assignment", limit=MAX_ASSIGNMENTS) >= MAX_ASSIGNMENTS:
            raise bad_argument(f"A scope can't have more than {MAX_ASSIGNMENTS} role assignments.")
        scope.store.insert("assignment", str(number), at=scope.now, parent=owner.id, props={"Roles": [role]})
    elif role not in row.props.get("Roles", []):
        scope.store.update(row, {"Roles": [*row.props.get("Roles", []), role]}, at=scope.now)


def open_above(scope: Scope, place: Place, holder: Entity, number: int) -> None:
    """Give a principal limited access to what lies above, so that they reach what they were given.

    As in the service, they are put into a hidden group of the web or list, which has that permission level.
    """
    above = [web_holder(scope.tenant, place.web)]
    if place.item is not None and place.listing is not None:
        above.append(holder_of(scope.tenant, Place(place.site, place.web, place.listing)))
    for each in above:
        if each.id != holder.id and each.kind in _HIDDEN_GROUP and not _has_own(scope, each, number):
            _let_in(scope, each, number)


def _open_for_those_below(scope: Scope, listing: Entity) -> None:
    """Who was given something in a list before it stopped inheriting reaches it still."""
    below = scope.store.children(listing.id, "itemscope")
    numbers = {int(row.name) for each in below for row in scope.store.children(each.id, "assignment")}
    for number in sorted(numbers):
        _let_in(scope, listing, number)


def _let_in(scope: Scope, holder: Entity, number: int) -> None:
    row = _hidden_group(scope, holder)
    members = row.props.get("_Users", [])
    if number not in members:
        scope.store.update(row, {"_Users": [*members, number]}, at=scope.now)


def _has_own(scope: Scope, holder: Entity, number: int) -> bool:
    return scope.store.find("assignment", holder.id, str(number)) is not None


def _hidden_group(scope: Scope, holder: Entity) -> Entity:
    title = f"{_HIDDEN_GROUP[holder.kind]} {holder.guid}"
    row = scope.store.find("sitegroup", scope.site.id, title)
    if row is None:
        row = add_group(scope, title, {"IsHiddenInUI": True, HIDDEN: True})
    assign(scope, holder, int(row.props["Id"]), LIMITED_ACCESS)
    return row


def _shared_roles(node: Securable) -> list[tuple[int, int]]:
    """The people to whom an item was given singly and the groups of its links, with their permission levels."""
    item = secured(node).item
    if item is None:
        return []
    found = link_groups(node.scope, item)
    if not item.fields.get(sharing.MARK):
        return found
    for grant in sharing.grants(node.scope.tenant, item):
        row = node.scope.store.find("sitegroup", node.scope.site.id, grant.name)
        row = row or ensure_user(node.scope, grant.name)
        found.append((int(row.props["Id"]), _SHARED_ROLES[str(grant.props["role"])]))
    return found


def _read_wanted(given: object) -> int:
    """The mask in an argument: an object, or its JSON as it stands in an address."""
    try:
        content = json.loads(given) if isinstance(given, str) else plain(given)
        return read_mask(content)
    except (ValueError, TypeError, AttributeError):
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: permissionMask") from None
