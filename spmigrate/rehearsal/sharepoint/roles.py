"""The permission levels of a site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument, duplicate_name
from spmigrate.rehearsal.permission_levels import LEVELS
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, computed, function
from spmigrate.rehearsal.sharepoint.overlay import GONE
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, INT, MASK, TEXT, group, plain, table, whole
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# The first number that SharePoint gives a custom permission level.
_FIRST_CUSTOM = 1073741924
# Source: Microsoft's limits page: permission levels of a site.
MAX_LEVELS = 1000
FULL_CONTROL, EDIT, READ = 1073741829, 1073741830, 1073741826


class Role(Resource):
    """A permission level."""

    type = "SP.RoleDefinition"
    feed = "RoleDefinitions"
    write_level = Level.PERMISSIONS
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
    write_level = Level.PERMISSIONS

    def __init__(self, scope: Scope, wanted: list[int] | None = None) -> None:
        super().__init__(scope)
        self.wanted = wanted

    def all(self) -> list[Role]:
        """The built-in permission levels, altered where the site altered them, and its own."""
        rows = {int(row.props["Id"]): row for row in self.scope.store.children(self.scope.site.id, "role")}
        found: list[Role] = []
        for number, name, description, order, kind, high, low in LEVELS:
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
        if len(every) >= MAX_LEVELS:
            raise bad_argument(f"A site can't have more than {MAX_LEVELS} permission levels.")
        number = max([_FIRST_CUSTOM - 1, *(each.id for each in every)]) + 1
        props = {
            "Id": number, "Name": name, "Description": str(given.get("Description") or ""),
            "Order": whole(given.get("Order"), "Order"), "RoleTypeKind": 0,
            "BasePermissions": mask(given.get("BasePermissions") or {}),
        }  # fmt: skip
        row = self.scope.store.insert("role", str(number), at=self.scope.now, parent=self.scope.site.id, props=props)
        return Role(self.scope, row.props, row)


def mask(given: Any) -> dict[str, str]:
    """Permission bits as SharePoint keeps them: two numbers, written as text."""
    content = plain(given) if isinstance(given, Mapping) else {}
    return {"High": str(content.get("High", "0")), "Low": str(content.get("Low", "0"))}
