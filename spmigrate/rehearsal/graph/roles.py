"""Directory roles, who holds them, and administrative units. A role's assignment and its membership are one fact."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.directory import object_id
from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.directory_types import (
    DIRECTORY_ROLE,
    GROUP,
    ROLE_ASSIGNMENT,
    ROLE_DEFINITION,
    ROLE_TEMPLATE,
    UNIT,
    USER,
)
from spmigrate.rehearsal.graph.memberships import body_reference, relation
from spmigrate.rehearsal.graph.objects import bad, missing, show_all, show_object
from spmigrate.rehearsal.graph.querying import Relations, answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.role_templates import DEFAULT_ROLES, TEMPLATES
from spmigrate.rehearsal.graph.routes import Route, also_by_key, route
from spmigrate.rehearsal.graph.sets import Set
from spmigrate.rehearsal.graph.values import is_guid
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

_READ = ("RoleManagement.Read.Directory", "RoleManagement.Read.All", "Directory.Read.All", "Directory.AccessAsUser.All")
_WRITE = ("RoleManagement.ReadWrite.Directory",)
_READ_UNITS = ("AdministrativeUnit.Read.All", "Directory.Read.All", "Directory.AccessAsUser.All")
_WRITE_UNITS = ("AdministrativeUnit.ReadWrite.All", "Directory.ReadWrite.All")
Content = dict[str, Any]


def activate_role(tenant: Tenant, template: str) -> Entity:
    """The directory's role of a template, made when it is used for the first time."""
    found = next((e for e in tenant.store.every("directoryrole") if e.props["roleTemplateId"] == template), None)
    if found is not None:
        return found
    name, description = TEMPLATES[template]
    props = {"displayName": name, "description": description, "roleTemplateId": template}
    guid = str(uuid.uuid5(uuid.NAMESPACE_OID, f"directoryRole/{template}"))
    return tenant.store.insert("directoryrole", name, at=tenant.clock.iso(), guid=guid, props=props)


def _show_role(role: Entity) -> Content:
    return {"id": role.guid, "deletedDateTime": None, **role.props}


def find_role(call: Call) -> Entity:
    """The activated role that the path names, by object id or by its template's."""
    wanted = (call.parts.get("roleTemplateId") or call.parts["id"]).lower()
    for each in call.tenant.store.every("directoryrole"):
        if wanted in (each.guid, each.props["roleTemplateId"]):
            return each
    raise missing(wanted)


def _list_roles(call: Call) -> Response:
    shown = [_show_role(each) for each in call.tenant.store.every("directoryrole")]
    return answer_list(call, shown, context="directoryRoles", of=DIRECTORY_ROLE, relations=_relations(call))


def _relations(call: Call) -> Relations:
    def members(content: Content) -> object:
        found = call.tenant.store.by_id(_row(call, content["id"]))
        return [] if found is None else show_all(call, call.tenant.directory.linked(found, "member"))

    return {"members": members}


def _row(call: Call, guid: str) -> int:
    found = call.tenant.store.get("directoryrole", guid) or call.tenant.store.get("unit", guid)
    return found.id if found is not None else 0


def _get_role(call: Call) -> Response:
    shown = _show_role(find_role(call))
    return answer_one(call, shown, context="directoryRoles", of=DIRECTORY_ROLE, relations=_relations(call))


def _activate(call: Call) -> Response:
    template = str(call.body().get("roleTemplateId", "")).lower()
    if template not in TEMPLATES or template in DEFAULT_ROLES:
        raise bad("A value is required for property 'roleTemplateId' of resource 'DirectoryRole'.")
    if any(each.props["roleTemplateId"] == template for each in call.tenant.store.every("directoryrole")):
        raise bad("A conflicting object with one or more of the specified property values is present in the directory.")
    shown = _show_role(activate_role(call.tenant, template))
    return answer_made(call, shown, context="directoryRoles", of=DIRECTORY_ROLE)


def _join(call: Call, holder: Entity, kinds: tuple[str, ...]) -> Response:
    member = body_reference(call)
    if member.kind not in kinds:
        raise bad("The reference target is invalid for the 'members' reference.")
    if not call.tenant.directory.add_person(holder, "member", member):
        raise bad("One or more added object references already exist for the following modified properties: 'members'.")
    return Response(204)


def _leave(call: Call, holder: Entity) -> Response:
    if not call.tenant.directory.remove_person(holder, "member", call.parts["person"]):
        raise missing(call.parts["person"])
    return Response(204)


def _templates() -> list[Content]:
    return [
        {"id": identity, "deletedDateTime": None, "description": description, "displayName": name}
        for identity, (name, description) in TEMPLATES.items()
    ]


def _list_templates(call: Call) -> Response:
    return answer_list(call, _templates(), context="directoryRoleTemplates", of=ROLE_TEMPLATE)


def _get_template(call: Call) -> Response:
    found = next((each for each in _templates() if each["id"] == call.parts["id"].lower()), None)
    if found is None:
        raise missing(call.parts["id"])
    return answer_one(call, found, context="directoryRoleTemplates", of=ROLE_TEMPLATE)


def _definitions(call: Call) -> list[Content]:
    built_in: list[Content] = [
        {
            "id": identity,
            "description": description,
            "displayName": name,
            "isBuiltIn": True,
            "isEnabled": True,
            "resourceScopes": ["/"],
            "templateId": identity,
            "version": "1",
            "rolePermissions": [
                {"allowedResourceActions": ["microsoft.directory/allEntities/basic/read"], "condition": None}
            ],
        }
        for identity, (name, description) in TEMPLATES.items()
    ]
    own = [{"id": each.guid, **each.props} for each in call.tenant.store.every("roledefinition")]
    return built_in + own


def _list_definitions(call: Call) -> Response:
    shown = _definitions(call)
    return answer_list(call, shown, context="roleManagement/directory/roleDefinitions", of=ROLE_DEFINITION)


def _definition(call: Call, identity: str) -> Content:
    found = next((each for each in _definitions(call) if each["id"] == identity.lower()), None)
    if found is None:
        raise missing(identity)
    return found


def _get_definition(call: Call) -> Response:
    found = _definition(call, call.parts["id"])
    return answer_one(call, found, context="roleManagement/directory/roleDefinitions", of=ROLE_DEFINITION)


def _add_definition(call: Call) -> Response:
    body = call.body()
    permissions = body.get("rolePermissions")
    if not body.get("displayName") or not isinstance(permissions, list) or not permissions:
        raise bad("A value is required for property 'displayName' of resource 'UnifiedRoleDefinition'.")
    guid = str(uuid.uuid4())
    props: Content = {
        "description": body.get("description"),
        "displayName": str(body["displayName"]),
        "isBuiltIn": False,
        "isEnabled": bool(body.get("isEnabled", True)),
        "resourceScopes": ["/"],
        "templateId": str(body.get("templateId") or guid),
        "version": body.get("version"),
        "rolePermissions": permissions,
    }
    store = call.tenant.store
    store.insert("roledefinition", props["displayName"], at=call.tenant.clock.iso(), guid=guid, props=props)
    return answer_made(
        call, {"id": guid, **props}, context="roleManagement/directory/roleDefinitions", of=ROLE_DEFINITION
    )


def _own_definition(call: Call) -> Entity:
    found = call.tenant.store.get("roledefinition", call.parts["id"])
    if found is None:
        _definition(call, call.parts["id"])
        raise bad("The built-in role definition cannot be changed or deleted.")
    return found


def _patch_definition(call: Call) -> Response:
    known = ("description", "displayName", "isEnabled", "rolePermissions", "version")
    patch = {name: value for name, value in call.body().items() if name in known}
    call.tenant.store.update(_own_definition(call), patch, at=call.tenant.clock.iso())
    return Response(204)


def _delete_definition(call: Call) -> Response:
    call.tenant.store.delete(_own_definition(call))
    return Response(204)


def assignments(call: Call) -> list[Content]:
    """Every role that somebody holds."""
    store, directory = call.tenant.store, call.tenant.directory
    shown = [
        _show_assignment(link.guid, link.name, role.props["roleTemplateId"], "/")
        for role in store.every("directoryrole")
        for link in store.children(role.id, "member")
        if directory.find(link.name) is not None
    ]
    rest = store.every("roleassignment")
    return shown + [
        _show_assignment(e.guid, e.props["principalId"], e.props["roleDefinitionId"], e.props["directoryScopeId"])
        for e in rest
    ]


def _show_assignment(identity: str, principal: str, definition: str, scope: str) -> Content:
    return {
        "id": identity,
        "principalId": principal,
        "roleDefinitionId": definition,
        "directoryScopeId": scope,
        "appScopeId": None,
        "resourceScope": scope,
    }


def expand_assignment(call: Call) -> Relations:
    """What can be expanded of a role that somebody holds."""

    def principal(content: Content) -> object:
        found = call.tenant.directory.find(content["principalId"])
        return None if found is None else show_object(call, found)

    return {
        "principal": principal,
        "roledefinition": lambda content: _definition(call, content["roleDefinitionId"]),
    }


_ASSIGNMENTS = "roleManagement/directory/roleAssignments"


def _list_assignments(call: Call) -> Response:
    shown = assignments(call)
    return answer_list(call, shown, context=_ASSIGNMENTS, of=ROLE_ASSIGNMENT, relations=expand_assignment(call))


def _assignment(call: Call) -> Content:
    found = next((each for each in assignments(call) if each["id"] == call.parts["id"]), None)
    if found is None:
        raise missing(call.parts["id"])
    return found


def _get_assignment(call: Call) -> Response:
    found = _assignment(call)
    return answer_one(call, found, context=_ASSIGNMENTS, of=ROLE_ASSIGNMENT, relations=expand_assignment(call))


def require_assignable(call: Call, wanted: Mapping[str, Any]) -> tuple[Content, Entity]:
    """The role and the holder that are to be brought together; refuses what is not there."""
    principal, role = str(wanted.get("principalId", "")).lower(), str(wanted.get("roleDefinitionId", "")).lower()
    if not is_guid(principal) or not is_guid(role) or not wanted.get("directoryScopeId"):
        raise bad("Required property is missing: principalId, roleDefinitionId and directoryScopeId.")
    definition, holder = _definition(call, role), call.tenant.directory.find(principal)
    if holder is None:
        raise missing(principal)
    return definition, holder


def assign(call: Call) -> Response:
    """Give somebody a role."""
    body = call.body()
    scope = str(body.get("directoryScopeId") or body.get("appScopeId") or "")
    definition, holder = require_assignable(call, {**body, "directoryScopeId": scope})
    principal, role = str(body["principalId"]).lower(), str(body["roleDefinitionId"]).lower()
    if any((e["principalId"], e["roleDefinitionId"], e["directoryScopeId"]) == (principal, role, scope)
           for e in assignments(call)):  # fmt: skip
        raise bad("A conflicting object with one or more of the specified property values is present in the directory.")
    if scope == "/" and definition["isBuiltIn"]:
        directory_role = activate_role(call.tenant, role)
        call.tenant.directory.add_person(directory_role, "member", holder)
        link = call.tenant.store.find("member", directory_role.id, object_id(holder))
        identity = link.guid if link is not None else ""
    else:
        props = {"principalId": principal, "roleDefinitionId": role, "directoryScopeId": scope}
        identity = call.tenant.store.insert("roleassignment", principal, at=call.tenant.clock.iso(), props=props).guid
    shown = _show_assignment(identity, principal, role, scope)
    return answer_made(call, shown, context=_ASSIGNMENTS, of=ROLE_ASSIGNMENT)


def unassign(call: Call) -> Response:
    """Take a role from somebody."""
    shown, store = _assignment(call), call.tenant.store
    found = store.get("member", shown["id"]) or store.get("roleassignment", shown["id"])
    if found is not None:
        store.delete(found)
    return Response(204)


def _no_scoped_roles(call: Call) -> list[Entity]:
    find_role(call)
    return []


def _no_scoped_members(call: Call) -> list[Entity]:
    _find_unit(call)
    return []


def _get_unit_member(call: Call) -> Response:
    wanted = call.parts["person"].lower()
    for each in call.tenant.directory.linked(_find_unit(call), "member"):
        if object_id(each) == wanted:
            of = {"user": USER, "group": GROUP}[each.kind]
            return answer_one(call, show_object(call, each), context="directoryObjects", of=of)
    raise missing(wanted)


def _find_unit(call: Call) -> Entity:
    return UNITS.find(call)


UNITS = Set(
    "directory/administrativeUnits",
    "unit",
    UNIT,
    _READ_UNITS,
    _WRITE_UNITS,
    needed=("displayName",),
    usual={"deletedDateTime": None, "description": None, "visibility": None, "membershipType": None,
           "membershipRule": None, "membershipRuleProcessingState": None, "isMemberManagementRestricted": None},
)  # fmt: skip
_ROLE, _UNIT = "directoryRoles/{id}", "directory/administrativeUnits/{id}"
_ONE: tuple[Route, ...] = (
    route(f"GET {_ROLE}", _READ, _get_role),
    *relation(f"{_ROLE}/members", _READ, lambda call: call.tenant.directory.linked(find_role(call), "member")),
    route(
        f"POST {_ROLE}/members/$ref", _WRITE, lambda call: _join(call, find_role(call), ("user", "group", "principal"))
    ),
    route(f"DELETE {_ROLE}/members/{{person}}/$ref", _WRITE, lambda call: _leave(call, find_role(call))),
    *relation(f"{_ROLE}/scopedMembers", _READ, _no_scoped_roles),
)
ROUTES: tuple[Route, ...] = (
    route("GET directoryRoles", _READ, _list_roles),
    route("POST directoryRoles", _WRITE, _activate),
    *_ONE,
    *also_by_key(_ONE, "directoryRoles", "roleTemplateId"),
    route("GET directoryRoleTemplates", _READ, _list_templates),
    route("GET directoryRoleTemplates/{id}", _READ, _get_template),
    route("GET roleManagement/directory/roleDefinitions", _READ, _list_definitions),
    route("POST roleManagement/directory/roleDefinitions", _WRITE, _add_definition),
    route("GET roleManagement/directory/roleDefinitions/{id}", _READ, _get_definition),
    route("PATCH roleManagement/directory/roleDefinitions/{id}", _WRITE, _patch_definition),
    route("DELETE roleManagement/directory/roleDefinitions/{id}", _WRITE, _delete_definition),
    route(f"GET {_ASSIGNMENTS}", _READ, _list_assignments),
    route(f"POST {_ASSIGNMENTS}", _WRITE, assign),
    route(f"GET {_ASSIGNMENTS}/{{id}}", _READ, _get_assignment),
    route(f"DELETE {_ASSIGNMENTS}/{{id}}", _WRITE, unassign),
    *UNITS.routes(),
    *relation(f"{_UNIT}/members", _READ_UNITS, lambda call: call.tenant.directory.linked(_find_unit(call), "member")),
    route(f"GET {_UNIT}/members/{{person}}", _READ_UNITS, _get_unit_member),
    route(f"POST {_UNIT}/members/$ref", _WRITE_UNITS, lambda call: _join(call, _find_unit(call), ("user", "group"))),
    route(f"DELETE {_UNIT}/members/{{person}}/$ref", _WRITE_UNITS, lambda call: _leave(call, _find_unit(call))),
    *relation(f"{_UNIT}/scopedRoleMembers", _READ_UNITS, _no_scoped_members),
)
