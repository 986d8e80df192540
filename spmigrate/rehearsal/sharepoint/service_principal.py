"""What SharePoint Framework solutions may do at other services: requests, and what was granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.directory import grant_id, service_principal_id
from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, as_guid, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, GUID, TEXT, TEXTS, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_TYPE = "Microsoft.Online.SharePoint.TenantAdministration.Internal.SPOWebAppServicePrincipal"
_KEY = "spo.serviceprincipal"
# SharePoint Online Client Extensibility Web Application Principal.
APP_ID = "08e18876-6177-487e-b8b5-cf950c1e598c"


def _read(scope: Scope) -> dict[str, Any]:
    return {"enabled": True, "requests": [], **(scope.store.read_value(_KEY) or {})}


def _write(scope: Scope, patch: Mapping[str, Any]) -> None:
    scope.store.write_value(_KEY, {**_read(scope), **patch})


class PermissionRequest(Resource):
    """A solution's wish for a permission."""

    type = f"{_TYPE}PermissionRequest"
    feed = "PermissionRequests"
    declared = table(
        group(GUID, None, "ClientComponentItemUniqueId Id"),
        group(BOOLEAN, False, "IsDomainIsolated IsPreauthorizedPermission"),
        group(TEXT, None, "IsolatedDomainUrl MultiTenantAppId MultiTenantAppReplyUrl PackageApproverName PackageName "
              "PackageVersion Resource ResourceId Scope TimeRequested"),
    )  # fmt: skip

    def __init__(self, scope: Scope, values: Mapping[str, Any]) -> None:
        super().__init__(scope)
        self.values = values

    @property
    def path(self) -> str:
        return f"{self.type}('{self.values['Id']}')"

    def stored(self) -> Mapping[str, Any]:
        return self.values

    @action("Approve")
    def approve(self, _call: Call) -> PermissionGrant:
        """Grant it."""
        self._drop()
        return grant(self.scope, str(self.values["Resource"]), str(self.values["Scope"]))

    @action("Deny")
    def deny(self, _call: Call) -> None:
        """Refuse it."""
        self._drop()

    def _drop(self) -> None:
        left = [each for each in _read(self.scope)["requests"] if each["Id"] != self.values["Id"]]
        _write(self.scope, {"requests": left})


class PermissionRequests(Collection):
    """The wishes that nobody has decided on."""

    feed = "PermissionRequests"
    element = PermissionRequest

    def all(self) -> list[PermissionRequest]:
        return [PermissionRequest(self.scope, each) for each in _read(self.scope)["requests"]]

    def by_key(self, key: object) -> PermissionRequest:
        for each in self.all():
            if each.values["Id"] == as_guid(key):
                return each
        raise bad_argument(f"A permission request with the ID {key} could not be found.")

    @function("GetById")
    def get_by_id(self, call: Call) -> PermissionRequest:
        """A wish by id."""
        return self.by_key(call.value("id", 0))

    @action("Approve")
    def approve(self, call: Call) -> PermissionGrant:
        """Grant a permission that no solution asked for."""
        return grant(self.scope, call.text("resource", 0), call.text("scope", 1))


class PermissionGrant(Resource):
    """A permission that all solutions have."""

    type = f"{_TYPE}PermissionGrant"
    feed = "PermissionGrants"
    declared = table(
        group(TEXT, None, "ClientId ConsentType ObjectId PackageName Resource ResourceId Scope"),
        group(BOOLEAN, False, "IsDomainIsolated"),
    )

    def __init__(self, scope: Scope, values: Mapping[str, Any]) -> None:
        super().__init__(scope)
        self.values = values

    @property
    def path(self) -> str:
        return f"{self.type}('{self.values['ObjectId']}')"

    def stored(self) -> Mapping[str, Any]:
        return self.values

    def delete(self) -> None:
        _keep(self.scope, str(self.values["ResourceId"]), [])


class PermissionGrants(Collection):
    """What was granted."""

    feed = "PermissionGrants"
    element = PermissionGrant

    def all(self) -> list[PermissionGrant]:
        return [PermissionGrant(self.scope, _show(self.scope, each)) for each in _rows(self.scope)]

    @function("GetByObjectId")
    def get_by_object_id(self, call: Call) -> PermissionGrant:
        """A grant by id."""
        wanted = call.text("objectId", 0)
        for each in self.all():
            if each.values["ObjectId"] == wanted:
                return each
        raise bad_argument(f"A permission grant with the ObjectId {wanted} does not exist.")


class GrantManager(Resource):
    """Takes single permissions back."""

    type = f"{_TYPE}PermissionGrantManager"
    feed = "GrantManager"

    @property
    def path(self) -> str:
        return self.type

    @action("Remove")
    def remove(self, call: Call) -> None:
        """Take one permission out of a grant."""
        resource, wanted = call.text("resource", 1), call.text("scope", 2)
        for each in PermissionGrants(self.scope).all():
            names = str(each.values["Scope"]).split()
            if each.values["Resource"] == resource and wanted in names:
                names.remove(wanted)
                _keep(self.scope, str(each.values["ResourceId"]), names)


class WebAppServicePrincipal(Resource):
    """The principal under which solutions call other services."""

    type = _TYPE
    feed = "SPOWebAppServicePrincipal"
    declared = table(
        group(BOOLEAN, True, "AccountEnabled", writable=True),
        group(TEXT, APP_ID, "AppId"),
        group(TEXTS, ["https://contoso.sharepoint.com/"], "ReplyUrls"),
    )

    @property
    def path(self) -> str:
        return self.type

    def stored(self) -> Mapping[str, Any]:
        host = self.scope.tenant.names.sharepoint
        urls = [
            f"https://{host}/_forms/spfxsinglesignon.aspx",
            f"https://{host}/",
            f"https://{host}/_forms/singlesignon.aspx",
        ]
        return {"AccountEnabled": _read(self.scope)["enabled"], "ReplyUrls": urls}

    def save(self, patch: Mapping[str, Any]) -> None:
        _write(self.scope, {"enabled": patch["AccountEnabled"]})

    @link("PermissionRequests")
    def requests(self) -> PermissionRequests:
        """The wishes."""
        return PermissionRequests(self.scope)

    @link("PermissionGrants")
    def grants(self) -> PermissionGrants:
        """What was granted."""
        return PermissionGrants(self.scope)

    @link("GrantManager")
    def grant_manager(self) -> GrantManager:
        """Takes single permissions back."""
        return GrantManager(self.scope)


class PublicServicePrincipal(Resource):
    """``SPOWebAppServicePrincipalPublic``, which has methods alone."""

    type = "Microsoft.Online.SharePoint.TenantAdministration.SPOWebAppServicePrincipalPublic"
    feed = "SPOWebAppServicePrincipalPublic"

    @property
    def path(self) -> str:
        return self.type


def grant(scope: Scope, resource: str, wanted: str) -> PermissionGrant:
    """Grant a permission at a service, beside those that were granted there before."""
    if not resource.strip() or not wanted.strip():
        raise bad_argument("Value cannot be null.\r\nParameter name: resource")
    principal = _find_resource(scope, resource)
    if principal is None:
        raise bad_argument(f"A service principal with the name {resource} could not be found.\r\n"
                           "Parameter name: resourceName")  # fmt: skip
    found = _row(scope, principal.guid)
    names = str(found.props["scope"]).split() if found is not None else []
    if wanted in names:
        raise bad_argument(f"An OAuth permission with the resource {resource} and scope {wanted} already exists.\r\n"
                           "Parameter name: permissionRequest")  # fmt: skip
    return PermissionGrant(scope, _show(scope, _keep(scope, principal.guid, [*names, wanted])))


def _find_resource(scope: Scope, name: str) -> Entity | None:
    """The service that a permission is for, by the name under which the directory shows it."""
    directory, wanted = scope.tenant.directory, name.strip().lower()
    for each in scope.store.every("principal"):
        app = directory.app(each.name)
        shown = str(each.props.get("displayName") or (app.name if app is not None else ""))
        if wanted in (shown.lower(), each.name.lower()):
            return each
    return None


def _rows(scope: Scope) -> list[Entity]:
    """What was granted to the solutions' principal, as the directory keeps it."""
    client = service_principal_id(APP_ID)
    rows = scope.store.every("permissiongrant")
    return [each for each in rows if each.props["clientId"] == client and each.props["principalId"] is None]


def _row(scope: Scope, resource: str) -> Entity | None:
    return next((each for each in _rows(scope) if each.props["resourceId"] == resource), None)


def _keep(scope: Scope, resource: str, names: list[str]) -> Entity:
    """Keep the permissions at a resource, or with none of them end the grant."""
    found, client = _row(scope, resource), service_principal_id(APP_ID)
    if found is None:
        props = {"clientId": client, "resourceId": resource, "principalId": None, "scope": " ".join(names)}
        return scope.store.insert("permissiongrant", client, at=scope.now, props=props)
    if not names:
        scope.store.delete(found)
        return found
    return scope.store.update(found, {"scope": " ".join(names)}, at=scope.now)


def _show(scope: Scope, row: Entity) -> dict[str, Any]:
    client, resource = str(row.props["clientId"]), str(row.props["resourceId"])
    principal = scope.tenant.directory.principal(resource)
    app = scope.tenant.directory.app(principal.name) if principal is not None else None
    name = (principal.props.get("displayName") if principal is not None else "") or (app.name if app else "")
    return {
        "ClientId": client, "ConsentType": "AllPrincipals", "Resource": name, "ResourceId": resource,
        "ObjectId": grant_id(client, resource, None), "Scope": row.props["scope"],
    }  # fmt: skip
