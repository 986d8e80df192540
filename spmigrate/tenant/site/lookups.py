"""Whether what a template names is there: labels, term sets, themes, groups, hubs, a free alias.

Each thing is asked of the tenant once a run. Where the app may not look, that is what the answer says: nothing is
concluded from a refusal.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any
from urllib.parse import quote, urlsplit

from spmigrate.errors import AccessDenied, NotFound
from spmigrate.tenant.contents import name_key
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import hubs


class Seen(Enum):
    """What looking for something gave."""

    THERE = "there"
    MISSING = "missing"
    COULD_NOT_LOOK = "could not look"


class Lookups:
    """Looks things up in one tenant, remembering every answer. Make one for each run."""

    def __init__(self, tenant: Tenant) -> None:
        """Look in `tenant`."""
        self._tenant = tenant
        self._known: dict[object, Any] = {}

    def retention_label(self, site: str, name: str) -> Seen:
        """Whether a retention label is published to the site at this address."""
        return self._among(("retention", site.casefold()), lambda: retention_labels(self._tenant, site), name)

    def sensitivity_label(self, name: str) -> Seen:
        """Whether a sensitivity label is published for sites."""
        return self._among("sensitivity", lambda: sensitivity_labels(self._tenant), name)

    def term_set(self, path: str) -> Seen:
        """Whether a term set is there; `path` is `Group/Set`."""
        return self._among("term sets", lambda: term_sets(self._tenant), path)

    def theme(self, name: str) -> Seen:
        """Whether the tenant has a theme of this name."""
        return self._among("themes", lambda: theme_palettes(self._tenant), name)

    def group(self, name: str) -> Seen:
        """Whether Entra has a group of this display name."""
        return self._among(("group", name_key(name)), lambda: group_ids(self._tenant, name), name)

    def hub(self, address: str) -> Seen:
        """Whether the site at this address is a hub."""
        return self._among("hubs", lambda: dict.fromkeys(hubs.hub_addresses(self._tenant).values(), ""), address)

    def alias(self, alias: str) -> Seen:
        """Whether a group or an address below `/sites/` has this alias already; MISSING means that it is free."""
        return self._among(("alias", alias.casefold()), lambda: taken_aliases(self._tenant, alias), alias)

    def _among(self, key: object, look: Callable[[], Mapping[str, Any]], name: str) -> Seen:
        if key not in self._known:
            self._known[key] = _look(look)
        found = self._known[key]
        if found is None:
            return Seen.COULD_NOT_LOOK
        return Seen.THERE if name_key(name) in {name_key(each) for each in found} else Seen.MISSING


def retention_labels(tenant: Tenant, site: str) -> dict[str, str]:
    """Ids of the retention labels that are published to a site, by name. Raises TenantError."""
    url = quote(f"'{tenant.settings.sharepoint}{site}'", safe="")
    path = f"{site}/_api/SP.CompliancePolicy.SPPolicyStoreProxy.GetAvailableTagsForSite(siteUrl=@a1)?@a1={url}"
    return {str(each["TagName"]): str(each["TagId"]) for each in tenant.rest("GET", path)["value"]}


def sensitivity_labels(tenant: Tenant) -> dict[str, str]:
    """Ids of the sensitivity labels of the tenant, by name. Raises TenantError.

    Needs Graph `InformationProtectionPolicy.Read.All`; v1.0 does not list labels to an app that acts by itself.
    """
    found = tenant.graph_pages("/beta/security/informationProtection/sensitivityLabels")
    return {str(each["name"]): str(each["id"]) for each in found if each.get("isActive", True)}


def term_sets(tenant: Tenant) -> dict[str, str]:
    """Ids of the term sets of the tenant, by `Group/Set` in each of their names. Raises TenantError.

    Needs Graph `TermStore.Read.All`.
    """
    store = "/v1.0/sites/root/termStore"
    found: dict[str, str] = {}
    for group in tenant.graph_pages(f"{store}/groups"):
        for each in tenant.graph_pages(f"{store}/groups/{quote(str(group['id']))}/sets"):
            names = {str(name["name"]) for name in each["localizedNames"]}
            found |= {f"{group['displayName']}/{name}": str(each["id"]) for name in names}
    return found


def theme_palettes(tenant: Tenant) -> dict[str, str]:
    """The JSON of the tenant's themes, by name. Raises TenantError."""
    options = tenant.rest("GET", "/_api/ThemeManager/GetTenantThemingOptions")
    return {str(each["name"]): str(each["themeJson"]) for each in options["themePreviews"]}


def group_ids(tenant: Tenant, name: str) -> dict[str, str]:
    """Ids of the groups in Entra with this display name, by name. Raises TenantError."""
    text = quote(f"displayName eq '{name.replace(chr(39), chr(39) * 2)}'", safe="")
    found = tenant.graph_pages(f"/v1.0/groups?$filter={text}&$select=id,displayName")
    return {str(each["displayName"]): str(each["id"]) for each in found}


def taken_aliases(tenant: Tenant, alias: str) -> dict[str, str]:
    """The alias with what holds it, nothing when it is free: groups, deleted groups, addresses. Raises TenantError."""
    text = quote(f"mailNickname eq '{alias.replace(chr(39), chr(39) * 2)}'", safe="")
    for path in ("groups", "directory/deletedItems/microsoft.graph.group"):
        if next(tenant.graph_pages(f"/v1.0/{path}?$filter={text}&$select=id"), None):
            return {alias: path}
    # The service answers with the address that a site of this alias would get: another one when it is taken.
    body = {"alias": alias, "managedPath": "sites", "isTeamSite": True}
    answer = tenant.rest("POST", "/_api/GroupSiteManager/GetValidSiteUrlFromAlias", body, repeatable=True)
    offered = str(answer["value"])
    return {} if urlsplit(offered).path.rpartition("/")[2].casefold() == alias.casefold() else {alias: offered}


def _look(look: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What was found; None when the app may not look, or whom it would ask is not there."""
    try:
        return look()
    except (AccessDenied, NotFound):
        return None
