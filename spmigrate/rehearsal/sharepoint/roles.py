"""Permission levels, role assignments and inheritance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument, duplicate_name, principal_missing
from spmigrate.rehearsal.sharepoint.builtin import ROLES
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, Stored, action, computed, function, link
from spmigrate.rehearsal.sharepoint.overlay import GONE
from spmigrate.rehearsal.sharepoint.people import as_resource, principal
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, INT, MASK, TEXT, group, plain, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# The first number that SharePoint gives a custom permission level.
_FIRST_CUSTOM = 1073741924
FULL_CONTROL, EDIT, READ = 1073741829, 1073741830, 1073741826


class Role(Resource):
    """A permission level."""

    type = "SP.RoleDefinition"
    feed = "RoleDefinitions"
    declared = table(
        group(INT, 0, "Id RoleTypeKind"),
        group(INT, 0, "Order", writable=True),
        group(TEXT, "", "Name Description", writable=True),
        group(BOOLEAN, False, "Hidden"),
        group(MASK, {"High": "0", "Low": "0"}, "BasePermissions", writable=True),
    )

    def __init__(self, scope: Scope, props: Mapping[str, Any], row: Entity | None) -> None:
        super().__init__(scope)
        self.props = props
        self.row = row

    @property
    def id(self) -> int:
        """The permission level's number."""
        return int(self.props["Id"])

    @property
    def path(self) -> str:
        return f"Web/RoleDefinitions({self.id})"

    def stored(self) -> Mapping[str, Any]:
        return self.props

    @computed("Hidden")
    def _hidden(self) -> bool:
        return self.props.get("RoleTypeKind") in (1, 9)

    def save(self, patch: Mapping[str, Any]) -> None:
        if "BasePermissions" in patch:
            patch = {**patch, "BasePermissions": mask(patch["BasePermissions"])}
        self._keep(patch)

    def delete(self) -> None:
        if self.props.get("RoleTypeKind") in (1, 5, 9):
            raise bad_argument("This permission level can't be deleted.")
        self._keep({GONE: True})

    def _keep(self, patch: Mapping[str, Any]) -> None:
        if self.row is None:
            content = {**self.props, **patch}
            self.row = self.scope.store.insert(
                "role", str(self.id), at=self.scope.now, parent=self.scope.site.id, props=content
            )
        else:
            self.row = self.scope.store.update(self.row, patch, at=self.scope.now)
        self.props = self.row.props


class Roles(Collection):
    """The permission levels of the site, or those of one assignment."""

    feed = "RoleDefinitions"
    element = Role

    def __init__(self, scope: Scope, wanted: list[int] | None = None) -> None:
        super().__init__(scope)
        self.wanted = wanted

    def all(self) -> list[Role]:
        """The built-in permission levels, altered where the site altered them, and its own."""
        rows = {int(row.props["Id"]): row for row in self.scope.store.children(self.scope.site.id, "role")}
        found: list[Role] = []
        for number, name, description, order, kind, high, low in ROLES:
            row = rows.pop(number, None)
            props = {
                "Id": number, "Name": name, "Description": description, "Order": order, "RoleTypeKind": kind,
                "BasePermissions": {"High": high, "Low": low},
            }  # fmt: skip
            found.append(Role(self.scope, row.props if row else props, row))
        found += [Role(self.scope, row.props, row) for row in rows.values()]
        kept = [each for each in found if not each.props.get(GONE)]
        return kept if self.wanted is None else [each for each in kept if each.id in self.wanted]

    def by_key(self, key: object) -> Role:
        for each in self.all():
            if str(each.id) == str(key):
                return each
        raise bad_argument("The role definition does not exist.\r\nParameter name: id")

    @function("GetById")
    def get_by_id(self, call: Call) -> Role:
        """A permission level by number."""
        return self.by_key(call.number("id", 0))

    @function("GetByName")
    def get_by_name(self, call: Call) -> Role:
        """A permission level by name."""
        name = call.text("name", 0)
        for each in self.all():
            if str(each.props["Name"]).casefold() == name.casefold():
                return each
        raise bad_argument(f"Can not find the permission level: {name}.")

    @function("GetByType")
    def get_by_type(self, call: Call) -> Role:
        """A permission level by its kind (SP.RoleType)."""
        kind = call.number("roleType", 0)
        for each in self.all():
            if each.props.get("RoleTypeKind") == kind:
                return each
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: roleType")

    def create(self, call: Call) -> Role:
        """A new permission level; a taken name is refused."""
        given = call.record("parameters")
        name = str(given.get("Name") or "").strip()
        if not name:
            raise bad_argument("Value cannot be null.\r\nParameter name: Name")
        every = self.all()
        if any(str(each.props["Name"]).casefold() == name.casefold() for each in every):
            raise duplicate_name()
        number = max([_FIRST_CUSTOM - 1, *(each.id for each in every)]) + 1
        props = {
            "Id": number, "Name": name, "Description": str(given.get("Description") or ""),
            "Order": int(given.get("Order") or 0), "RoleTypeKind": 0,
            "BasePermissions": mask(given.get("BasePermissions") or {}),
        }  # fmt: skip
        row = self.scope.store.insert("role", str(number), at=self.scope.now, parent=self.scope.site.id, props=props)
        return Role(self.scope, row.props, row)


class Assignment(Resource):
    """The permission levels that one principal holds on something."""

    type = "SP.RoleAssignment"
    feed = "RoleAssignments"
    declared = table(group(INT, 0, "PrincipalId"))

    def __init__(self, scope: Scope, owner_path: str, row: Entity) -> None:
        super().__init__(scope)
        self.owner_path = owner_path
        self.row = row

    @property
    def path(self) -> str:
        return f"{self.owner_path}/RoleAssignments/GetByPrincipalId({self.row.name})"

    @computed("PrincipalId")
    def _principal_id(self) -> int:
        return int(self.row.name)

    @link("Member")
    def member(self) -> Stored | None:
        """The principal."""
        found = principal(self.scope, int(self.row.name))
        return None if found is None else as_resource(self.scope, found)

    @link("RoleDefinitionBindings")
    def bindings(self) -> Roles:
        """The permission levels."""
        return Roles(self.scope, wanted=list(self.row.props.get("Roles", [])))

    def delete(self) -> None:
        self.scope.store.delete(self.row)


class Assignments(Collection):
    """Who holds what on a web or list; where it inherits, these are the holder's above."""

    feed = "RoleAssignments"
    element = Assignment

    def __init__(self, scope: Scope, owner: Entity, owner_path: str) -> None:
        super().__init__(scope)
        self.owner = owner
        self.owner_path = owner_path

    def all(self) -> list[Assignment]:
        holder = holder_of(self.scope, self.owner)
        rows = self.scope.store.children(holder.id, "assignment")
        return [
            Assignment(self.scope, self.owner_path, row)
            for row in rows
            if principal(self.scope, int(row.name)) is not None
        ]

    def by_key(self, key: object) -> Assignment:
        for each in self.all():
            if each.row.name == str(key):
                return each
        raise principal_missing()

    @function("GetByPrincipalId")
    def get_by_principal_id(self, call: Call) -> Assignment:
        """What one principal holds."""
        return self.by_key(call.number("principalId", 0))

    @action("AddRoleAssignment")
    def add_role_assignment(self, call: Call) -> None:
        """Give a principal a permission level."""
        number, role = call.number("principalId", 0), call.number("roleDefId", 1)
        self._refuse_inherited()
        if principal(self.scope, number) is None:
            raise principal_missing()
        Roles(self.scope).by_key(role)
        assign(self.scope, self.owner, number, role)

    @action("RemoveRoleAssignment")
    def remove_role_assignment(self, call: Call) -> None:
        """Take a permission level from a principal."""
        number, role = call.number("principalId", 0), call.number("roleDefId", 1)
        self._refuse_inherited()
        row = self.by_key(number).row
        left = [each for each in row.props.get("Roles", []) if each != role]
        if left:
            self.scope.store.update(row, {"Roles": left}, at=self.scope.now)
        else:
            self.scope.store.delete(row)

    def _refuse_inherited(self) -> None:
        if holder_of(self.scope, self.owner).id != self.owner.id:
            raise bad_argument("You cannot grant unique permissions to an object that inherits its permissions.")


class Securable(Stored):
    """What a web and a list have in common: role assignments and inheritance."""

    @property
    def unique(self) -> bool:
        """True when it does not inherit."""
        return holder_of(self.scope, self.entity).id == self.entity.id

    @computed("HasUniqueRoleAssignments")
    def _has_unique(self) -> bool:
        return self.unique

    @link("RoleAssignments")
    def role_assignments(self) -> Assignments:
        """Who holds what."""
        return Assignments(self.scope, self.entity, self.path)

    @action("BreakRoleInheritance")
    def break_role_inheritance(self, call: Call) -> None:
        """Stop inheriting, with or without a copy of what was inherited."""
        copy = call.flag("copyRoleAssignments", 0, default=False)
        if self.unique:
            return
        inherited = Assignments(self.scope, self.entity, self.path).all() if copy else []
        self.entity = self.scope.store.update(self.entity, {"_Unique": True}, at=self.scope.now)
        for each in inherited:
            for role in each.row.props.get("Roles", []):
                assign(self.scope, self.entity, int(each.row.name), role)

    @action("ResetRoleInheritance")
    def reset_role_inheritance(self, _call: Call) -> None:
        """Inherit again."""
        for row in self.scope.store.children(self.entity.id, "assignment"):
            self.scope.store.delete(row)
        self.entity = self.scope.store.update(self.entity, {"_Unique": False}, at=self.scope.now)


def assign(scope: Scope, owner: Entity, number: int, role: int) -> None:
    """Give a principal a permission level on something that does not inherit."""
    row = scope.store.find("assignment", owner.id, str(number))
    if row is None:
        scope.store.insert("assignment", str(number), at=scope.now, parent=owner.id, props={"Roles": [role]})
    elif role not in row.props.get("Roles", []):
        scope.store.update(row, {"Roles": [*row.props.get("Roles", []), role]}, at=scope.now)


def holder_of(scope: Scope, owner: Entity) -> Entity:
    """The nearest thing, upwards, that has role assignments of its own."""
    current = scope.store.by_id(owner.id) or owner
    if current.kind == "web" and "_Unique" not in current.props:
        return current
    if current.props.get("_Unique"):
        return current
    parent = scope.store.by_id(current.parent)
    if parent is None or parent.kind not in ("web", "list"):
        return current
    return holder_of(scope, parent)


def mask(given: Any) -> dict[str, str]:
    """Permission bits as SharePoint keeps them: two numbers, written as text."""
    content = plain(given) if isinstance(given, Mapping) else {}
    return {"High": str(content.get("High", "0")), "Low": str(content.get("Low", "0"))}
