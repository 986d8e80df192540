"""The permissions of a migration package: levels by title, and who has which on what.

Source: "XML manifest files", permission roles; what a real tenant refuses (system levels, masks that are not decimal)
was found by the authors of office365-rest-python-client 3.3.0.
"""

from __future__ import annotations

from spmigrate.rehearsal.migration_package import Node, PackageObject, PackageProblem
from spmigrate.rehearsal.odata.paths import Segment
from spmigrate.rehearsal.sharepoint.items import ListItem
from spmigrate.rehearsal.sharepoint.lists import List
from spmigrate.rehearsal.sharepoint.migration_objects import Importer
from spmigrate.rehearsal.sharepoint.migration_people import PackagePeople
from spmigrate.rehearsal.sharepoint.model import Call, Resource
from spmigrate.rehearsal.sharepoint.roles import Roles
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.securables import assign, break_inheritance, own_holder

_WORD = 1 << 32
# The levels that every site has (Full Control and the others).
_SYSTEM_ROLES = range(1073741824, 1073741832)


def import_roles(scope: Scope, found: PackageObject) -> dict[str, int]:
    """Find or make the permission levels of a package; gives the site's number of each."""
    numbers = {}
    for role in found.node.all("Role") if found.node.tag == "Roles" else []:
        identity, title = role.get("RoleId"), role.get("Title")
        if identity.isdecimal() and int(identity) in _SYSTEM_ROLES:
            raise PackageProblem("Updates to system roles is not allowed.")
        if not role.get("PermMask").isdecimal():
            raise PackageProblem("Input string was not in a correct format.", error="System.FormatException")
        every = Roles(scope).all()
        known = next((each for each in every if str(each.props["Name"]).casefold() == title.casefold()), None)
        numbers[identity] = known.id if known else _make_role(scope, role)
    return numbers


def _make_role(scope: Scope, role: Node) -> int:
    mask = int(role.get("PermMask"))
    wanted = {
        "Name": role.get("Title"), "Description": role.get("Description"), "Order": int(role.get("RoleOrder") or 0),
        "BasePermissions": {"High": str(mask // _WORD), "Low": str(mask % _WORD)},
    }  # fmt: skip
    return Roles(scope).create(Call(Segment("RoleDefinitions"), body={"parameters": wanted})).id


def import_assignments(
    scope: Scope, found: PackageObject, roles: dict[str, int], people: PackagePeople, importer: Importer
) -> list[PackageProblem]:
    """Give the objects of a package permissions of their own; what could not be given."""
    problems = []
    for each in found.node.all("RoleAssignment"):
        try:
            _secure(scope, each, roles, people, importer)
        except PackageProblem as problem:
            problems.append(problem)
    return problems


def _secure(scope: Scope, wanted: Node, roles: dict[str, int], people: PackagePeople, importer: Importer) -> None:
    node = _target(scope, wanted, importer)
    if node is None:
        return
    break_inheritance(node, copy=False, clear=False)
    holder = own_holder(node)
    assert holder is not None
    for given in scope.store.children(holder.id, "assignment"):
        scope.store.delete(given)
    for each in wanted.all("Assignment"):
        principal, role = people.principal(each.get("PrincipalId")), roles.get(each.get("RoleId"))
        if principal is None or role is None:
            raise PackageProblem(
                f"The role or the principal of the assignment on '{wanted.get('ObjectUrl')}' is missing."
            )
        assign(scope, holder, int(principal.props["Id"]), role)


def _target(scope: Scope, wanted: Node, importer: Importer) -> Resource | None:
    """What is to be secured; None for the web, which a package does not secure."""
    kind, identity = wanted.get("ObjectType"), wanted.get("ObjectId")
    if kind == "0":
        return None
    if kind == "1":
        return List(scope, importer.list_of(identity))
    item = importer.find(identity)
    owner = scope.store.by_id(item.list) if item else None
    if item is None or owner is None:
        raise PackageProblem(f"The object '{wanted.get('ObjectUrl')}' could not be found.", code=-2147024894)
    return ListItem(scope, owner, item)
