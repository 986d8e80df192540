"""The tenant's content delivery networks, public and private."""

from __future__ import annotations

import re
from typing import Any

from spmigrate.rehearsal.odata.errors import ODataError, bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.shared_settings import write_settings
from spmigrate.rehearsal.sharepoint.model import Call, Node, Resource, action, function
from spmigrate.rehearsal.sharepoint.scope import Scope

PUBLIC, PRIVATE = 0, 1
_KEY = "spo.cdn"
_EXTENSIONS = {
    PUBLIC: "CSS,EOT,GIF,ICO,JPEG,JPG,JS,MAP,PNG,SVG,TTF,WOFF",
    PRIVATE: "GIF,ICO,JPEG,JPG,JS,PNG",
}
# Source: the origins that the service adds when a network is enabled with its defaults.
_ORIGINS = {
    PUBLIC: ["*/MASTERPAGE", "*/STYLE LIBRARY", "*/CLIENTSIDEASSETS"],
    PRIVATE: ["*/USERPHOTO.ASPX", "*/SITEASSETS"],
}
_POLICIES = ("IncludeFileExtensions", "ExcludeRestrictedSiteClassifications", "ExcludeIfNoScriptDisabled")


def _read(scope: Scope, kind: int) -> dict[str, Any]:
    kept = (scope.store.read_value(_KEY) or {}).get(str(kind), {})
    return {"enabled": False, "origins": [], "policies": [_EXTENSIONS[kind], " ", "False"], **kept}


def _write(scope: Scope, kind: int, patch: dict[str, Any]) -> None:
    both = scope.store.read_value(_KEY) or {}
    kept = {**_read(scope, kind), **patch}
    scope.store.write_value(_KEY, {**both, str(kind): kept})
    if kind == PUBLIC:
        shown = {"PublicCdnEnabled": kept["enabled"], "PublicCdnOrigins": kept["origins"],
                 "PublicCdnAllowedFileTypes": kept["policies"][0]}  # fmt: skip
        write_settings(scope.store, shown)


class CdnCalls(Node):
    """What the tenant's administrators do with the networks."""

    @function("GetTenantCdnEnabled")
    def is_enabled(self, call: Call) -> bool:
        """Whether a network is enabled."""
        return bool(_read(self.scope, _kind(call))["enabled"])

    @action("SetTenantCdnEnabled")
    def enable(self, call: Call) -> None:
        """Enable a network, or disable it."""
        _write(self.scope, _kind(call), {"enabled": call.flag("isEnabled", 1)})

    @function("GetTenantCdnOrigins")
    def origins(self, call: Call) -> Bag:
        """The places whose files a network serves."""
        return Bag("Collection(Edm.String)", tuple(_read(self.scope, _kind(call))["origins"]))

    @action("CreateTenantCdnDefaultOrigins")
    def add_default_origins(self, call: Call) -> None:
        """Add the origins that a network has by default."""
        kind = _kind(call)
        have = _read(self.scope, kind)["origins"]
        _write(self.scope, kind, {"origins": [*have, *(each for each in _ORIGINS[kind] if each not in have)]})

    @action("AddTenantCdnOrigin")
    def add_origin(self, call: Call) -> None:
        """Add an origin; refuses one that is there already."""
        kind, origin = _kind(call), _origin(call.text("originUrl", 1))
        have = _read(self.scope, kind)["origins"]
        if origin in have:
            raise _refused("The library is already registered as a CDN origin.")
        _write(self.scope, kind, {"origins": [*have, origin]})

    @action("RemoveTenantCdnOrigin")
    def remove_origin(self, call: Call) -> None:
        """Take an origin away; refuses one that is not there."""
        kind, origin = _kind(call), _origin(call.text("originUrl", 1))
        have = _read(self.scope, kind)["origins"]
        if origin not in have:
            raise _refused("The library is not registered as a CDN origin.")
        _write(self.scope, kind, {"origins": [each for each in have if each != origin]})

    @function("GetTenantCdnPolicies")
    def policies(self, call: Call) -> Bag:
        """What a network leaves out, each as ``name;value``."""
        values = _read(self.scope, _kind(call))["policies"]
        pairs = [f"{name};{value}" for name, value in zip(_POLICIES, values, strict=True)]
        return Bag("Collection(Edm.String)", tuple(pairs))

    @action("SetTenantCdnPolicy")
    def set_policy(self, call: Call) -> None:
        """Say what a network leaves out."""
        kind, policy = _kind(call), call.number("policy", 1)
        if policy not in range(len(_POLICIES)):
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: policy")
        values = list(_read(self.scope, kind)["policies"])
        values[policy] = call.text("policyValue", 2)
        _write(self.scope, kind, {"policies": values})


class TenantCdnApi(Resource):
    """``TenantCdnApi``: addresses in the networks."""

    type = "Microsoft.SharePoint.TenantCdn.TenantCdnApi"
    feed = "TenantCdnApi"

    @property
    def path(self) -> str:
        return self.type

    @function("GetCdnUrls")
    def urls(self, call: Call) -> Bag:
        """The addresses of files in the public network."""
        kind = "Microsoft.SharePoint.TenantCdn.TenantCdnUrl"
        host = self.scope.host
        found = [
            Complex(kind, {"CdnUrl": f"https://publiccdn.sharepointonline.com/{host}{_path(each)}", "ItemUrl": each})
            for each in call.texts("items", 0)
        ]
        return Bag(f"Collection({kind})", tuple(found))


def _path(address: str) -> str:
    return "/" + re.sub(r"^https://[^/]+", "", address).lstrip("/")


def _kind(call: Call) -> int:
    kind = call.number("cdnType", 0)
    if kind not in (PUBLIC, PRIVATE):
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: cdnType")
    return kind


def _origin(text: str) -> str:
    origin = text.strip().strip("/").upper()
    if not origin or "/" not in origin:
        raise _refused("The origin URL is not valid.")
    return origin


def _refused(message: str) -> ODataError:
    return ODataError(400, "-1, Microsoft.SharePoint.PublicCdn.TenantCdnAdministrationException", message)
