"""What SharePoint Framework solutions may do at other services: requests, and what was granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, as_guid, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, GUID, TEXT, TEXTS, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope

_TYPE = "Microsoft.Online.SharePoint.TenantAdministration.Internal.SPOWebAppServicePrincipal"
_KEY = "spo.serviceprincipal"
# SharePoint Online Client Extensibility Web Application Principal.
APP_ID = "08e18876-6177-487e-b8b5-cf950c1e598c"


def _read(scope: Scope) -> dict[str, Any]:
    return {"enabled": True, "requests": [], "grants": [], **(scope.store.read_value(_KEY) or {})}


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
        left = [each for each in _read(self.scope)["grants"] if each["ObjectId"] != self.values["ObjectId"]]
        _write(self.scope, {"grants": left})


class PermissionGrants(Collection):
    """What was granted."""

    feed = "PermissionGrants"
    element = PermissionGrant

    def all(self) -> list[PermissionGrant]:
        return [PermissionGrant(self.scope, each) for each in _read(self.scope)["grants"]]

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
        left = []
        for each in _read(self.scope)["grants"]:
            names = str(each["Scope"]).split()
            if each["Resource"] == resource and wanted in names:
                names.remove(wanted)
            if names:
                left.append({**each, "Scope": " ".join(names)})
        _write(self.scope, {"grants": left})


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
    kept = _read(scope)["grants"]
    found = next((each for each in kept if each["Resource"] == resource), None)
    if found is None:
        identity = str(uuid5(NAMESPACE_URL, resource))
        found = {"ClientId": str(uuid5(NAMESPACE_URL, APP_ID)), "ConsentType": "AllPrincipals", "Resource": resource,
                 "ObjectId": identity.replace("-", "")[:22], "ResourceId": identity, "Scope": ""}  # fmt: skip
        kept.append(found)
    names = [*str(found["Scope"]).split()]
    if wanted in names:
        raise bad_argument(f"An OAuth permission with the resource {resource} and scope {wanted} already exists.\r\n"
                           "Parameter name: permissionRequest")  # fmt: skip
    found["Scope"] = " ".join([*names, wanted])
    _write(scope, {"grants": kept})
    return PermissionGrant(scope, found)
