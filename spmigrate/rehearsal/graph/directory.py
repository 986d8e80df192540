"""The rest of the directory: the organisation, its licences, applications and the permissions they hold."""

from __future__ import annotations

import uuid
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError, entity
from spmigrate.rehearsal.graph.people import ROUTES as PEOPLE
from spmigrate.rehearsal.graph.people import show_user
from spmigrate.rehearsal.graph.querying import answer_list
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import APP_ROLE_ASSIGNMENT, ORGANIZATION, SERVICE_PRINCIPAL, SKU, USER
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.permissions import API_ROLES, role_id
from spmigrate.rehearsal.signin import GRAPH_ID, SHAREPOINT_ID, service_principal_id
from spmigrate.rehearsal.storage import Entity

_READ_ORGANISATION = ("Organization.Read.All", "Directory.Read.All")
_READ_APPS = ("Application.Read.All", "Directory.Read.All")
_READ_SKUS = ("Organization.Read.All", "Directory.Read.All", "LicenseAssignment.Read.All")
_FIND_TENANT = ("CrossTenantInformation.ReadBasic.All",)
_APIS = {"graph": (GRAPH_ID, "Microsoft Graph"), "sharepoint": (SHAREPOINT_ID, "Office 365 SharePoint Online")}


def _list_organisation(call: Call) -> Response:
    names = call.tenant.names
    domain = {"name": names.domain, "isInitial": True, "isDefault": True, "type": "Managed", "capabilities": "Email"}
    shown = {
        "id": names.tenant_id,
        "displayName": "Contoso County Council",
        "countryLetterCode": "GB",
        "preferredLanguage": "en",
        "tenantType": "AAD",
        "verifiedDomains": [domain],
        "createdDateTime": "2020-01-06T09:00:00Z",
    }
    return answer_list(call, [shown], context="organization", of=ORGANIZATION)


def _list_skus(call: Call) -> Response:
    shown = []
    for name, count in call.tenant.store.read_value("licences").items():
        sku = str(uuid.uuid5(uuid.NAMESPACE_OID, f"sku/{name}"))
        units = {"enabled": count, "suspended": 0, "warning": 0, "lockedOut": 0}
        shown.append(
            {
                "id": f"{call.tenant.names.tenant_id}_{sku}",
                "accountName": "contoso",
                "appliesTo": "User",
                "capabilityStatus": "Enabled",
                "consumedUnits": count,
                "skuId": sku,
                "skuPartNumber": name,
                "prepaidUnits": units,
                "servicePlans": [],
            }
        )
    return answer_list(call, shown, context="subscribedSkus", of=SKU)


def _find_tenant(call: Call) -> Response:
    domain = call.parts["domain"].lower()
    names = call.tenant.names
    known = call.tenant.store.read_value("tenants") or {}
    if domain == names.domain:
        found: dict[str, Any] | None = {"tenantId": names.tenant_id, "displayName": "Contoso County Council"}
    else:
        found = known.get(domain)
    if found is None:
        raise GraphError(404, "Directory_ObjectNotFound", f"Unable to find tenant information for domain {domain}.")
    usual = {"federationBrandName": None, "defaultDomainName": domain}
    return entity({**usual, **found}, context="microsoft.graph.tenantInformation")


def _principals(call: Call) -> list[dict[str, Any]]:
    shown = [
        {
            "id": service_principal_id(app_id),
            "appId": app_id,
            "displayName": name,
            "servicePrincipalType": "Application",
            "accountEnabled": True,
            "appRoles": [_show_role(api, role) for role in API_ROLES[api]],
            "oauth2PermissionScopes": [],
        }
        for api, (app_id, name) in _APIS.items()
    ]
    return shown + [_show_app(each) for each in call.tenant.store.every("app")]


def _show_app(app: Entity) -> dict[str, Any]:
    return {
        "id": service_principal_id(app.guid),
        "appId": app.guid,
        "displayName": app.props.get("displayName", ""),
        "servicePrincipalType": "Application",
        "accountEnabled": True,
        "appRoles": [],
        "oauth2PermissionScopes": [],
    }


def _show_role(api: str, role: str) -> dict[str, Any]:
    return {
        "id": role_id(api, role),
        "value": role,
        "displayName": role,
        "isEnabled": True,
        "allowedMemberTypes": ["Application"],
        "origin": "Application",
    }


def _list_principals(call: Call) -> Response:
    return answer_list(call, _principals(call), context="servicePrincipals", of=SERVICE_PRINCIPAL)


def _principal(call: Call) -> dict[str, Any]:
    wanted = call.parts.get("id") or service_principal_id(call.parts["app"].lower())
    for each in _principals(call):
        if each["id"] == wanted.lower():
            return each
    raise GraphError(404, "Request_ResourceNotFound", f"Resource '{wanted}' does not exist.")


def _get_principal(call: Call) -> Response:
    return entity(_principal(call), context="servicePrincipals", call=call, of=SERVICE_PRINCIPAL)


def _assignments(call: Call) -> list[dict[str, Any]]:
    shown = []
    for app in call.tenant.store.every("app"):
        for api, roles in app.props.get("roles", {}).items():
            app_id, name = _APIS[api]
            shown += [
                {
                    "id": role_id(api, f"{app.guid}/{role}"),
                    "appRoleId": role_id(api, role),
                    "createdDateTime": app.created,
                    "principalDisplayName": app.props.get("displayName", ""),
                    "principalId": service_principal_id(app.guid),
                    "principalType": "ServicePrincipal",
                    "resourceDisplayName": name,
                    "resourceId": service_principal_id(app_id),
                }
                for role in roles
            ]
    return shown


def _list_assignments(call: Call) -> Response:
    principal = _principal(call)["id"]
    mine = [each for each in _assignments(call) if each["principalId"] == principal]
    return answer_list(call, mine, context="appRoleAssignments", of=APP_ROLE_ASSIGNMENT)


def _list_assigned(call: Call) -> Response:
    principal = _principal(call)["id"]
    mine = [each for each in _assignments(call) if each["resourceId"] == principal]
    return answer_list(call, mine, context="appRoleAssignments", of=APP_ROLE_ASSIGNMENT)


def _me(call: Call) -> Response:
    caller = call.request.caller
    if caller.app_only:
        raise GraphError(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
    user = call.tenant.directory.user(caller.user)
    if user is None:
        raise GraphError(404, "Request_ResourceNotFound", "The user no longer exists.")
    return entity(show_user(call, user), context="users", call=call, of=USER)


ROUTES: tuple[Route, ...] = (
    *PEOPLE,
    route("GET me", (), _me),
    route("GET organization", _READ_ORGANISATION, _list_organisation),
    route("GET subscribedSkus", _READ_SKUS, _list_skus),
    route(
        "GET tenantRelationships/findTenantInformationByDomainName(domainName='{domain}')", _FIND_TENANT, _find_tenant
    ),
    route("GET servicePrincipals", _READ_APPS, _list_principals),
    route("GET servicePrincipals(appId='{app}')", _READ_APPS, _get_principal),
    route("GET servicePrincipals(appId='{app}')/appRoleAssignments", _READ_APPS, _list_assignments),
    route("GET servicePrincipals/{id}", _READ_APPS, _get_principal),
    route("GET servicePrincipals/{id}/appRoleAssignments", _READ_APPS, _list_assignments),
    route("GET servicePrincipals/{id}/appRoleAssignedTo", _READ_APPS, _list_assigned),
)
