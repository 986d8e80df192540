"""Delegated permissions that were granted: an administrator's grant for everybody stands in the next token."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.directory import grant_id, service_principal_id
from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.directory_types import PERMISSION_GRANT
from spmigrate.rehearsal.graph.objects import bad, missing
from spmigrate.rehearsal.graph.querying import answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.values import is_guid
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.permissions import API_IDS
from spmigrate.rehearsal.storage import Entity

_READ = ("Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.AccessAsUser.All")
_WRITE = ("DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All", "Directory.AccessAsUser.All")
Content = dict[str, Any]


def show_grants(call: Call, *, client: str = "", user: str = "") -> list[Content]:
    """The grants, of one client or of one user where that is asked."""
    directory, shown = call.tenant.directory, []
    for app in call.tenant.store.every("app"):
        principal = directory.principal(app.guid)
        if principal is None:
            continue
        for api, scopes in app.props.get("scopes", {}).items():
            resource = service_principal_id(API_IDS[api])
            if scopes:
                shown.append(_show(principal.guid, resource, None, " ".join(scopes)))
    for each in call.tenant.store.every("permissiongrant"):
        props = each.props
        shown.append(_show(props["clientId"], props["resourceId"], props["principalId"], props["scope"]))
    return [
        each for each in shown
        if (not client or each["clientId"] == client) and (not user or each["principalId"] == user)
    ]  # fmt: skip


def _show(client: str, resource: str, person: str | None, scope: str) -> Content:
    return {
        "clientId": client,
        "consentType": "Principal" if person else "AllPrincipals",
        "id": grant_id(client, resource, person),
        "principalId": person,
        "resourceId": resource,
        "scope": scope,
    }


def _find(call: Call) -> Content:
    found = next((each for each in show_grants(call) if each["id"] == call.parts["id"]), None)
    if found is None:
        raise missing(call.parts["id"])
    return found


def _list(call: Call) -> Response:
    return answer_list(call, show_grants(call), context="oauth2PermissionGrants", of=PERMISSION_GRANT)


def _list_of_principal(call: Call) -> Response:
    found = call.tenant.store.get("principal", call.parts["id"])
    if found is None:
        raise missing(call.parts["id"])
    shown = show_grants(call, client=found.guid)
    return answer_list(call, shown, context="oauth2PermissionGrants", of=PERMISSION_GRANT)


def _list_of_user(call: Call) -> Response:
    found = call.tenant.directory.user(call.parts["id"])
    if found is None:
        raise missing(call.parts["id"])
    return answer_list(call, show_grants(call, user=found.guid), context="oauth2PermissionGrants", of=PERMISSION_GRANT)


def _get(call: Call) -> Response:
    return answer_one(call, _find(call), context="oauth2PermissionGrants", of=PERMISSION_GRANT)


def _add(call: Call) -> Response:
    body = call.body()
    client, resource = str(body.get("clientId", "")).lower(), str(body.get("resourceId", "")).lower()
    consent, person = body.get("consentType"), body.get("principalId")
    for name, value in (("clientId", client), ("resourceId", resource)):
        if not is_guid(value):
            raise bad(f"A value is required for property '{name}' of resource 'OAuth2PermissionGrant'.")
        if call.tenant.store.get("principal", value) is None:
            raise missing(value)
    if consent not in ("AllPrincipals", "Principal") or (consent == "Principal") is not bool(person):
        raise bad("Invalid value specified for property 'consentType' of resource 'OAuth2PermissionGrant'.")
    made = _show(client, resource, str(person).lower() if person else None, str(body.get("scope") or "").strip())
    if any(each["id"] == made["id"] for each in show_grants(call)):
        raise GraphError(409, "Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.")
    _keep(call, made, made["scope"])
    return answer_made(call, made, context="oauth2PermissionGrants", of=PERMISSION_GRANT)


def _keep(call: Call, grant: Content, scope: str | None) -> None:
    """Keep the scopes of a grant, or with None end it."""
    store, now = call.tenant.store, call.tenant.clock.iso()
    app, api = _app(call, grant["clientId"]), _api(call, grant["resourceId"])
    if grant["principalId"] is None and app is not None and api:
        scopes = {**app.props.get("scopes", {}), api: (scope or "").split()}
        store.update(app, {"scopes": scopes}, at=now)
        return
    names = ("clientId", "resourceId", "principalId")
    rows = store.every("permissiongrant")
    found = next((each for each in rows if all(each.props[name] == grant[name] for name in names)), None)
    if found is not None and scope is None:
        store.delete(found)
    elif found is not None:
        store.update(found, {"scope": scope}, at=now)
    elif scope is not None:
        props = {**{name: grant[name] for name in names}, "scope": scope}
        store.insert("permissiongrant", grant["clientId"], at=now, props=props)


def _app(call: Call, principal: str) -> Entity | None:
    found = call.tenant.store.get("principal", principal)
    return call.tenant.directory.app(found.name) if found is not None else None


def _api(call: Call, resource: str) -> str:
    found = call.tenant.store.get("principal", resource)
    return next((api for api, client in API_IDS.items() if found is not None and client == found.name), "")


def _patch(call: Call) -> Response:
    grant, body = _find(call), call.body()
    if set(body) - {"scope"} or not isinstance(body.get("scope"), str):
        raise bad("Invalid value specified for property 'scope' of resource 'OAuth2PermissionGrant'.")
    _keep(call, grant, body["scope"].strip())
    return Response(204)


def _delete(call: Call) -> Response:
    _keep(call, _find(call), None)
    return Response(204)


ROUTES: tuple[Route, ...] = (
    route("GET oauth2PermissionGrants", _READ, _list),
    route("POST oauth2PermissionGrants", _WRITE, _add),
    route("GET oauth2PermissionGrants/{id}", _READ, _get),
    route("PATCH oauth2PermissionGrants/{id}", _WRITE, _patch),
    route("DELETE oauth2PermissionGrants/{id}", _WRITE, _delete),
    route("GET servicePrincipals/{id}/oauth2PermissionGrants", _READ, _list_of_principal),
    route("GET users/{id}/oauth2PermissionGrants", _READ, _list_of_user, own=("User.Read",)),
)
