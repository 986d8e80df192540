"""Service principals, and the permissions that they were granted: what is granted here stands in the next token."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.directory import service_principal_id
from spmigrate.rehearsal.graph.applications import READ_APPS, WRITE_APPS
from spmigrate.rehearsal.graph.call import VERSION, Call
from spmigrate.rehearsal.graph.credentials import password_routes
from spmigrate.rehearsal.graph.delta import Tracked, answer_delta
from spmigrate.rehearsal.graph.directory_types import APP_ROLE_ASSIGNMENT, SERVICE_PRINCIPAL
from spmigrate.rehearsal.graph.memberships import body_reference, membership_questions, relation
from spmigrate.rehearsal.graph.objects import bad, missing, show_all, show_principal
from spmigrate.rehearsal.graph.permission_grants import show_grants
from spmigrate.rehearsal.graph.querying import Relations, answer_count, answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.routes import Route, also_by_key, route
from spmigrate.rehearsal.graph.values import is_guid, read_properties
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.permissions import API_IDS, role_id, role_name
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tokens import encode

_GRANT = ("AppRoleAssignment.ReadWrite.All", "Directory.AccessAsUser.All")
_READ_GRANTS = (*READ_APPS, "AppRoleAssignment.ReadWrite.All")
_FIXED = frozenset({"appId", "appRoles", "oauth2PermissionScopes", "passwordCredentials", "keyCredentials",
                    "appDisplayName", "appDescription", "servicePrincipalType", "signInAudience"})  # fmt: skip
# The role of those who are assigned to an application that has no roles.
_DEFAULT_ROLE = "00000000-0000-0000-0000-000000000000"
Content = dict[str, Any]


def find_principal(call: Call) -> Entity:
    """The service principal that the path names, by object id or `appId=`."""
    wanted = call.parts.get("appId")
    found = call.tenant.store.get("principal", service_principal_id(wanted.lower()) if wanted else call.parts["id"])
    if found is None:
        raise missing(wanted or call.parts["id"])
    return found


def relations(call: Call) -> Relations:
    """What can be expanded of a service principal."""
    directory = call.tenant.directory

    def principal(content: Content) -> Entity:
        found = directory.principal(content["appId"])
        if found is None:
            raise missing(content["id"])
        return found

    return {
        "approleassignments": lambda content: _given_to(call, content["id"]),
        "approleassignedto": lambda content: _given_by(call, content["id"]),
        "oauth2permissiongrants": lambda content: show_grants(call, client=content["id"]),
        "owners": lambda content: show_all(call, directory.linked(principal(content), "owner")),
        "memberof": lambda content: show_all(
            call, directory.holders("member", content["id"], "group", "directoryrole")
        ),
    }


def _every(call: Call) -> list[Content]:
    return [show_principal(call, each) for each in call.tenant.store.every("principal")]


def _list_principals(call: Call) -> Response:
    return answer_list(call, _every(call), context="servicePrincipals", of=SERVICE_PRINCIPAL, relations=relations(call))


def _count_principals(call: Call) -> Response:
    return answer_count(call, _every(call), of=SERVICE_PRINCIPAL)


def _get_principal(call: Call) -> Response:
    shown = show_principal(call, find_principal(call))
    return answer_one(call, shown, context="servicePrincipals", of=SERVICE_PRINCIPAL, relations=relations(call))


def _add_principal(call: Call) -> Response:
    body = call.body()
    client = str(body.pop("appId", "")).lower()
    if not is_guid(client):
        raise bad("A value is required for property 'appId' of resource 'ServicePrincipal'.")
    if call.tenant.directory.app(client) is None:
        raise bad(f"The appId '{client}' of the service principal does not reference a valid application object.",
                  "Request_BadRequest")  # fmt: skip
    if call.tenant.directory.principal(client) is not None:
        raise bad(f"The service principal cannot be created, updated, or restored because the service principal name"
                  f" {client} is already in use.", "Request_MultipleObjectsWithSameKeyValue")  # fmt: skip
    props = read_properties(body, SERVICE_PRINCIPAL, fixed=_FIXED)
    made = call.tenant.directory.add_principal(client, props=props)
    address = f"{VERSION}/directoryObjects/{made.guid}/Microsoft.DirectoryServices.ServicePrincipal"
    shown = show_principal(call, made)
    return answer_made(call, shown, context="servicePrincipals", of=SERVICE_PRINCIPAL, location=address)


def _patch_principal(call: Call) -> Response:
    patch = read_properties(call.body(), SERVICE_PRINCIPAL, fixed=_FIXED)
    call.tenant.store.update(find_principal(call), patch, at=call.tenant.clock.iso())
    return Response(204)


def _delete_principal(call: Call) -> Response:
    principal = find_principal(call)
    if principal.name in API_IDS.values():
        raise bad("Specified App Principal ID is owned by Microsoft and cannot be deleted.")
    call.tenant.store.recycle(principal, at=call.tenant.clock.iso())
    return Response(204)


def assignments(call: Call) -> list[Content]:
    """Every application role that somebody was given: an API's to an application, or an application's to anybody."""
    directory, shown = call.tenant.directory, []
    for app in call.tenant.store.every("app"):
        principal = directory.principal(app.guid)
        if principal is None:
            continue
        for api, roles in app.props.get("roles", {}).items():
            resource = directory.principal(API_IDS[api])
            if resource is not None:
                shown += [_show(call, principal, resource, role_id(api, role), app.created) for role in roles]
    for each in call.tenant.store.every("approleassignment"):
        holder, resource = directory.find(each.props["principalId"]), directory.principal(each.props["resourceId"])
        if holder is not None and resource is not None:
            shown.append(_show(call, holder, resource, each.props["appRoleId"], each.created))
    return shown


def _show(call: Call, holder: Entity, resource: Entity | None, role: str, created: str) -> Content:
    kinds = {"principal": "ServicePrincipal", "user": "User", "group": "Group"}
    names = {"principal": lambda: show_principal(call, holder)["displayName"]}
    resource_id = resource.guid if resource is not None else ""
    key = hashlib.sha256(f"{holder.guid}/{resource_id}/{role}".encode()).digest()
    return {
        "id": encode(key),
        "deletedDateTime": None,
        "appRoleId": role,
        "createdDateTime": created,
        "principalDisplayName": names[holder.kind]() if holder.kind in names else holder.props.get("displayName"),
        "principalId": holder.guid,
        "principalType": kinds.get(holder.kind, holder.kind),
        "resourceDisplayName": show_principal(call, resource)["displayName"] if resource is not None else None,
        "resourceId": resource_id,
    }


def _given_to(call: Call, identity: str) -> list[Content]:
    return [each for each in assignments(call) if each["principalId"] == identity]


def _given_by(call: Call, identity: str) -> list[Content]:
    return [each for each in assignments(call) if each["resourceId"] == identity]


def _answer(call: Call, found: list[Content], *, one: str = "") -> Response:
    if not one:
        return answer_list(call, found, context="appRoleAssignments", of=APP_ROLE_ASSIGNMENT)
    chosen = next((each for each in found if each["id"] == one), None)
    if chosen is None:
        raise missing(one)
    return answer_one(call, chosen, context="appRoleAssignments", of=APP_ROLE_ASSIGNMENT)


def _holder(call: Call) -> Entity:
    """The principal, user or group that the path names."""
    kind = call.request.path.strip("/").split("/")[1].partition("(")[0].lower()
    if "appId" in call.parts or kind == "serviceprincipals":
        return find_principal(call)
    directory = call.tenant.directory
    found = directory.group(call.parts["id"]) if kind == "groups" else directory.user(call.parts["id"])
    if found is None:
        raise missing(call.parts["id"])
    return found


def _list_given_to(call: Call) -> Response:
    return _answer(call, _given_to(call, _holder(call).guid), one=call.parts.get("assignment", ""))


def _list_given_by(call: Call) -> Response:
    return _answer(call, _given_by(call, find_principal(call).guid), one=call.parts.get("assignment", ""))


def _give(call: Call) -> Response:
    body = call.body()
    wanted = {name: str(body.get(name, "")).lower() for name in ("principalId", "resourceId", "appRoleId")}
    for name, value in wanted.items():
        if not is_guid(value):
            raise bad(f"A value is required for property '{name}' of resource 'AppRoleAssignment'.")
    directory = call.tenant.directory
    holder, resource = directory.find(wanted["principalId"]), call.tenant.store.get("principal", wanted["resourceId"])
    if holder is None or resource is None:
        raise missing(wanted["principalId"] if holder is None else wanted["resourceId"])
    _require_role(call, resource, wanted["appRoleId"])
    shown = _show(call, holder, resource, wanted["appRoleId"], call.tenant.clock.iso())
    if any(each["id"] == shown["id"] for each in assignments(call)):
        raise bad("Permission being assigned already exists on the object")
    _keep(call, holder, resource, wanted)
    return answer_made(call, shown, context="appRoleAssignments", of=APP_ROLE_ASSIGNMENT)


def _require_role(call: Call, resource: Entity, role: str) -> None:
    known = {each["id"] for each in show_principal(call, resource)["appRoles"]} | {_DEFAULT_ROLE}
    if role not in known:
        raise bad("Permission being assigned was not found on application")


def _api(resource: Entity) -> str:
    return next((api for api, client in API_IDS.items() if client == resource.name), "")


def _keep(call: Call, holder: Entity, resource: Entity, wanted: Mapping[str, str]) -> None:
    store, now = call.tenant.store, call.tenant.clock.iso()
    app = call.tenant.directory.app(holder.name) if holder.kind == "principal" else None
    name = role_name(_api(resource), wanted["appRoleId"])
    if app is None or name is None:
        store.insert("approleassignment", holder.guid, at=now, props=dict(wanted))
        return
    roles = dict(app.props.get("roles", {}))
    roles[_api(resource)] = [*roles.get(_api(resource), []), name]
    store.update(app, {"roles": roles}, at=now)


def _take(call: Call) -> Response:
    found = next((each for each in assignments(call) if each["id"] == call.parts["assignment"]), None)
    side = _holder(call).guid
    if found is None or side not in (found["principalId"], found["resourceId"]):
        raise missing(call.parts["assignment"])
    store, now = call.tenant.store, call.tenant.clock.iso()
    resource = store.get("principal", found["resourceId"])
    holder = store.get("principal", found["principalId"])
    app = call.tenant.directory.app(holder.name) if holder is not None else None
    name = role_name(_api(resource), found["appRoleId"]) if resource is not None else None
    if app is not None and name is not None and resource is not None:
        roles = dict(app.props.get("roles", {}))
        roles[_api(resource)] = [each for each in roles.get(_api(resource), []) if each != name]
        store.update(app, {"roles": roles}, at=now)
        return Response(204)
    for each in store.every("approleassignment"):
        if all(each.props[name] == found[name] for name in ("principalId", "resourceId", "appRoleId")):
            store.delete(each)
    return Response(204)


def _add_owner(call: Call) -> Response:
    if not call.tenant.directory.add_person(find_principal(call), "owner", body_reference(call)):
        raise bad("One or more added object references already exist for the following modified properties: 'owners'.")
    return Response(204)


def _remove_owner(call: Call) -> Response:
    if not call.tenant.directory.remove_person(find_principal(call), "owner", call.parts["person"]):
        raise missing(call.parts["person"])
    return Response(204)


TRACKED = Tracked("principal", SERVICE_PRINCIPAL, "servicePrincipals", show_principal)
_ONE_PATH = "servicePrincipals/{id}"
_ONE: tuple[Route, ...] = (
    route(f"GET {_ONE_PATH}", READ_APPS, _get_principal),
    route(f"PATCH {_ONE_PATH}", WRITE_APPS, _patch_principal),
    route(f"DELETE {_ONE_PATH}", WRITE_APPS, _delete_principal),
    *password_routes(_ONE_PATH, WRITE_APPS, find_principal),
    route(f"GET {_ONE_PATH}/appRoleAssignments", _READ_GRANTS, _list_given_to),
    route(f"GET {_ONE_PATH}/appRoleAssignedTo", _READ_GRANTS, _list_given_by),
    route(f"GET {_ONE_PATH}/appRoleAssignments/{{assignment}}", _READ_GRANTS, _list_given_to),
    route(f"GET {_ONE_PATH}/appRoleAssignedTo/{{assignment}}", _READ_GRANTS, _list_given_by),
    route(f"POST {_ONE_PATH}/{{side:appRoleAssignments|appRoleAssignedTo}}", _GRANT, _give),
    route(f"DELETE {_ONE_PATH}/{{side:appRoleAssignments|appRoleAssignedTo}}/{{assignment}}", _GRANT, _take),
    *relation(
        f"{_ONE_PATH}/owners", READ_APPS, lambda call: call.tenant.directory.linked(find_principal(call), "owner")
    ),
    route(f"POST {_ONE_PATH}/owners/$ref", WRITE_APPS, _add_owner),
    route(f"DELETE {_ONE_PATH}/owners/{{person}}/$ref", WRITE_APPS, _remove_owner),
    *relation(
        f"{_ONE_PATH}/memberOf",
        READ_APPS,
        lambda call: call.tenant.directory.holders("member", find_principal(call).guid, "group", "directoryrole"),
    ),
    *relation(
        f"{_ONE_PATH}/transitiveMemberOf",
        READ_APPS,
        lambda call: call.tenant.directory.holders_deep(find_principal(call).guid, "group", "directoryrole"),
    ),
    *relation(
        f"{_ONE_PATH}/ownedObjects",
        READ_APPS,
        lambda call: call.tenant.directory.holders("owner", find_principal(call).guid, "group", "app", "principal"),
    ),
    *membership_questions(_ONE_PATH, READ_APPS, find_principal),
)
ROUTES: tuple[Route, ...] = (
    route("GET servicePrincipals", READ_APPS, _list_principals),
    route("GET servicePrincipals/$count", READ_APPS, _count_principals),
    route("GET servicePrincipals/delta", READ_APPS, lambda call: answer_delta(call, TRACKED)),
    route("POST servicePrincipals", WRITE_APPS, _add_principal),
    *_ONE,
    *also_by_key(_ONE, "servicePrincipals", "appId"),
    route("GET users/{id}/appRoleAssignments", _READ_GRANTS, _list_given_to, own=("User.Read",)),
    route("POST users/{id}/appRoleAssignments", _GRANT, _give),
    route("DELETE users/{id}/appRoleAssignments/{assignment}", _GRANT, _take),
    route("GET groups/{id}/appRoleAssignments", _READ_GRANTS, _list_given_to),
    route("POST groups/{id}/appRoleAssignments", _GRANT, _give),
    route("DELETE groups/{id}/appRoleAssignments/{assignment}", _GRANT, _take),
)
