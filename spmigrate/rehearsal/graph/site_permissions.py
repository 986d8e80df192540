"""Permissions of applications on single sites (Sites.Selected)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.directory import service_principal_id
from spmigrate.rehearsal.graph.call import Call, collection, entity
from spmigrate.rehearsal.graph.site_routes import SiteRoute, bad_argument, not_found, site_route
from spmigrate.rehearsal.graph.site_types import PERMISSION
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import as_guid
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.site_grants import ROLES, grants
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tokens import encode


def _show(grant: Entity, *, with_roles: bool = True) -> dict[str, Any]:
    who = {"application": {"displayName": grant.props.get("displayName", ""), "id": grant.props["id"]}}
    shown = {"id": _id(grant)} | ({"roles": grant.props["roles"]} if with_roles else {})
    return shown | {"grantedToIdentitiesV2": [who], "grantedToIdentities": [who]}


def _id(grant: Entity) -> str:
    """`aTowaS50fG1zLnNwLmV4dHx…`: the claim by which SharePoint knows the application, in base64."""
    return encode(f"i:0i.t|ms.sp.ext|{grant.name}@{grant.guid}".encode())


def _context(call: Call) -> str:
    return f"sites('{call.parts['site']}')/permissions"


def _list(call: Call, scope: Scope) -> Response:
    # The service leaves the roles out of the list; only a single permission says them.
    shown = [_show(each, with_roles=False) for each in grants(scope.store, scope.site)]
    return collection(shown, context=_context(call), call=call, of=PERMISSION)


def _get(call: Call, scope: Scope) -> Response:
    return entity(_show(_need(call, scope)), context=_context(call), call=call, of=PERMISSION)


def _create(call: Call, scope: Scope) -> Response:
    body = call.body()
    roles = _roles(body)
    found = body.get("grantedToIdentitiesV2") or body.get("grantedToIdentities")
    single = body.get("grantedToV2") or body.get("grantedTo")
    identities = found if isinstance(found, list) else [single] if single else []
    apps = [each.get("application") for each in identities if isinstance(each, Mapping)]
    if len(apps) != 1 or not isinstance(apps[0], Mapping) or as_guid(apps[0].get("id")) is None:
        raise bad_argument("Only application permissions can be granted on a site.")
    identity = str(as_guid(apps[0]["id"]))
    client = _client_of(scope, identity)
    known = scope.tenant.directory.app(client)
    name = str(apps[0].get("displayName") or (known.props.get("displayName", "") if known else ""))
    kept = {"id": identity, "displayName": name, "roles": roles}
    before = scope.store.find("sitegrant", scope.site.id, client)
    if before is not None:
        made = scope.store.update(before, kept, at=scope.now)
    else:
        made = scope.store.insert("sitegrant", client, at=scope.now, parent=scope.site.id, props=kept)
    return entity(_show(made), context=_context(call), status=201)


def _client_of(scope: Scope, identity: str) -> str:
    """The client id of an application that is named by it, or by the id of its service principal."""
    for app in scope.store.every("app"):
        if identity in (app.name.lower(), service_principal_id(app.name)):
            return app.name.lower()
    return identity


def _change(call: Call, scope: Scope) -> Response:
    grant = _need(call, scope)
    grant = scope.store.update(grant, {"roles": _roles(call.body())}, at=scope.now)
    return entity(_show(grant), context=_context(call))


def _delete(call: Call, scope: Scope) -> Response:
    scope.store.delete(_need(call, scope))
    return Response(204)


def _roles(body: Mapping[str, Any]) -> list[str]:
    roles = body.get("roles")
    if not isinstance(roles, list) or not roles or any(str(each).lower() not in ROLES for each in roles):
        raise bad_argument("Roles must be one or more of read, write, manage, owner and fullcontrol.")
    return [str(each).lower() for each in roles]


def _need(call: Call, scope: Scope) -> Entity:
    wanted = call.parts["permission"]
    for grant in grants(scope.store, scope.site):
        if wanted in (_id(grant), base64.b64encode(f"i:0i.t|ms.sp.ext|{grant.name}@{grant.guid}".encode()).decode()):
            return grant
    raise not_found("Item not found")


ROUTES: tuple[SiteRoute, ...] = (
    site_route("GET permissions", Level.CONTROL, _list),
    site_route("POST permissions", Level.CONTROL, _create),
    site_route("GET permissions/{permission}", Level.CONTROL, _get),
    site_route("PATCH permissions/{permission}", Level.CONTROL, _change),
    site_route("DELETE permissions/{permission}", Level.CONTROL, _delete),
)
