"""Tenant-wide policies and settings in Graph."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.graph.call import JSON_KIND, VERSION, Call, GraphError, collection, entity, select
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import (
    AUTHORIZATION,
    CROSS_TENANT_DEFAULT,
    CROSS_TENANT_PARTNER,
    CROSS_TENANT_POLICY,
    SHAREPOINT_SETTINGS,
    SYNCHRONISATION,
)
from spmigrate.rehearsal.graph.values import is_guid, require_values
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.policy_defaults import PARTNER_BLOCKS, merge_block
from spmigrate.rehearsal.shared_settings import SHARED, read_settings, to_graph, to_sharepoint, write_settings
from spmigrate.rehearsal.storage import Entity

_READ = ("Policy.Read.All",)
_CROSS_TENANT = "policies/crossTenantAccessPolicy"
_WRITE_CROSS_TENANT = ("Policy.ReadWrite.CrossTenantAccess",)
_WRITE_AUTHORISATION = ("Policy.ReadWrite.Authorization",)
_READ_SETTINGS = ("SharePointTenantSettings.Read.All", "SharePointTenantSettings.ReadWrite.All")
_WRITE_SETTINGS = ("SharePointTenantSettings.ReadWrite.All",)


def _policy(call: Call, name: str) -> Entity:
    found = call.tenant.store.find("policy", 0, name)
    if found is None:
        raise GraphError(404, "Request_ResourceNotFound", f"The policy {name} does not exist.")
    return found


def _get_cross_tenant(call: Call) -> Response:
    shown = {"id": "cross-tenant-access", "displayName": "CrossTenantAccessPolicy", "allowedCloudEndpoints": []}
    return entity(shown, context="policies/crossTenantAccessPolicy", call=call, of=CROSS_TENANT_POLICY)


def _get_default(call: Call) -> Response:
    return entity(
        _policy(call, "crossTenantDefault").props,
        context=f"{_CROSS_TENANT}/default",
        call=call,
        of=CROSS_TENANT_DEFAULT,
    )


def _patch_default(call: Call) -> Response:
    policy = _policy(call, "crossTenantDefault")
    patch = _known(call.body(), set(PARTNER_BLOCKS) | {"invitationRedemptionIdentityProviderConfiguration"})
    merged = {name: merge_block(policy.props.get(name), value) for name, value in patch.items()}
    call.tenant.store.update(policy, {**merged, "isServiceDefault": False}, at=call.tenant.clock.iso())
    return Response(204)


def _get_partners(call: Call) -> Response:
    partners = [_show_partner(call, each) for each in call.tenant.store.every("partner")]
    return collection(partners, context=f"{_CROSS_TENANT}/partners", call=call, of=CROSS_TENANT_PARTNER)


def _show_partner(call: Call, partner: Entity) -> dict[str, Any]:
    shown = {"tenantId": partner.name, **partner.props}
    synchronisation = shown.pop("identitySynchronization", None)
    if "identitysynchronization" in call.query.get("$expand", "").lower():
        shown["identitySynchronization"] = synchronisation
    return shown


def _partner(call: Call) -> Entity:
    found = call.tenant.store.find("partner", 0, call.parts["id"])
    if found is None:
        raise GraphError(404, "ResourceNotFound", f"The partner {call.parts['id']} is not configured.")
    return found


def _get_partner(call: Call) -> Response:
    return entity(
        _show_partner(call, _partner(call)), context=f"{_CROSS_TENANT}/partners", call=call, of=CROSS_TENANT_PARTNER
    )


def _add_partner(call: Call) -> Response:
    body = call.body()
    tenant_id = str(body.pop("tenantId", ""))
    if not is_guid(tenant_id):
        raise GraphError(400, "BadRequest", "The property tenantId must be the id of a tenant.")
    store, at = call.tenant.store, call.tenant.clock.iso()
    if store.find("partner", 0, tenant_id) is not None:
        raise GraphError(409, "Request_MultipleObjectsWithSameKeyValue", "The partner is configured already.")
    patch = _known(body, set(PARTNER_BLOCKS) | {"isServiceProvider", "isInMultiTenantOrganization"})
    blocks: dict[str, Any] = dict.fromkeys(PARTNER_BLOCKS)
    props = {"isServiceProvider": None, "isInMultiTenantOrganization": False, **blocks, **patch}
    partner = store.insert("partner", tenant_id, at=at, props=props)
    return entity(_show_partner(call, partner), context=f"{_CROSS_TENANT}/partners", status=201)


def _patch_partner(call: Call) -> Response:
    partner = _partner(call)
    patch = _known(call.body(), set(PARTNER_BLOCKS) | {"isServiceProvider", "tenantId"})
    patch.pop("tenantId", None)
    merged = {name: merge_block(partner.props.get(name), value) for name, value in patch.items()}
    call.tenant.store.update(partner, merged, at=call.tenant.clock.iso())
    return Response(204)


def _delete_partner(call: Call) -> Response:
    call.tenant.store.delete(_partner(call))
    return Response(204)


def _get_synchronisation(call: Call) -> Response:
    found = _partner(call).props.get("identitySynchronization")
    if not found:
        raise GraphError(404, "ResourceNotFound", "Identity synchronization is not configured for the partner.")
    return entity(found, context=f"{_CROSS_TENANT}/partners/identitySynchronization", call=call, of=SYNCHRONISATION)


def _put_synchronisation(call: Call) -> Response:
    partner = _partner(call)
    body = call.body()
    require_values(body)
    found = {"tenantId": partner.name, **body}
    call.tenant.store.update(partner, {"identitySynchronization": found}, at=call.tenant.clock.iso())
    return Response(204)


def authorisation(call: Call) -> dict[str, Any]:
    """What the authorization policy says."""
    return _policy(call, "authorizationPolicy").props


def change_authorisation(call: Call, body: dict[str, Any]) -> None:
    """Change the authorization policy as a body says; a 400 for what it does not have."""
    policy = _policy(call, "authorizationPolicy")
    patch = _known(body, set(policy.props))
    for name, value in patch.items():
        if isinstance(policy.props.get(name), dict) and not isinstance(value, dict):
            raise GraphError(400, "Request_BadRequest", f"Invalid value specified for property '{name}'.")
    merged = {name: merge_block(policy.props.get(name), value) for name, value in patch.items()}
    call.tenant.store.update(policy, merged, at=call.tenant.clock.iso())


def _get_authorisation(call: Call) -> Response:
    return entity(authorisation(call), context="policies/authorizationPolicy", call=call, of=AUTHORIZATION)


def _patch_authorisation(call: Call) -> Response:
    change_authorisation(call, call.body())
    return Response(204)


def _get_settings(call: Call) -> Response:
    shared = to_graph(read_settings(call.tenant.store))
    shown = select([{**_policy(call, "sharepointSettings").props, **shared}], call, SHAREPOINT_SETTINGS)[0]
    context = f"{VERSION}/$metadata#admin/sharepoint/settings/$entity"
    return json_response(200, {"@odata.context": context, **shown}, kind=JSON_KIND)


def _patch_settings(call: Call) -> Response:
    policy = _policy(call, "sharepointSettings")
    patch = _known(call.body(), set(policy.props))
    store = call.tenant.store
    try:
        write_settings(store, to_sharepoint(patch))
    except ValueError as problem:
        raise GraphError(400, "BadRequest", f"The property '{problem}' has a value that it can't have.") from None
    own = {name: value for name, value in patch.items() if name not in SHARED}
    store.update(policy, own, at=call.tenant.clock.iso())
    return _get_settings(call)


def _known(body: dict[str, Any], names: set[str]) -> dict[str, Any]:
    by_lower = {name.lower(): name for name in names}
    patch = {}
    for name, value in body.items():
        if name.startswith("@"):
            continue
        if name.lower() not in by_lower:
            raise GraphError(400, "BadRequest", f"The property '{name}' does not exist on the type.")
        patch[by_lower[name.lower()]] = value
    require_values(patch)
    return patch


ROUTES: tuple[Route, ...] = (
    route(f"GET {_CROSS_TENANT}", _READ, _get_cross_tenant),
    route(f"GET {_CROSS_TENANT}/default", _READ, _get_default),
    route(f"PATCH {_CROSS_TENANT}/default", _WRITE_CROSS_TENANT, _patch_default),
    route(f"GET {_CROSS_TENANT}/partners", _READ, _get_partners),
    route(f"POST {_CROSS_TENANT}/partners", _WRITE_CROSS_TENANT, _add_partner),
    route(f"GET {_CROSS_TENANT}/partners/{{id}}", _READ, _get_partner),
    route(f"PATCH {_CROSS_TENANT}/partners/{{id}}", _WRITE_CROSS_TENANT, _patch_partner),
    route(f"DELETE {_CROSS_TENANT}/partners/{{id}}", _WRITE_CROSS_TENANT, _delete_partner),
    route(f"GET {_CROSS_TENANT}/partners/{{id}}/identitySynchronization", _READ, _get_synchronisation),
    route(f"PUT {_CROSS_TENANT}/partners/{{id}}/identitySynchronization", _WRITE_CROSS_TENANT, _put_synchronisation),
    route("GET policies/authorizationPolicy", _READ, _get_authorisation),
    route("PATCH policies/authorizationPolicy", _WRITE_AUTHORISATION, _patch_authorisation),
    route("GET admin/sharepoint/settings", _READ_SETTINGS, _get_settings),
    route("PATCH admin/sharepoint/settings", _WRITE_SETTINGS, _patch_settings),
)
