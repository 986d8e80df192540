"""``SPO.Tenant`` on the admin host: tenant settings, and sites as administrators see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument, not_built, unknown_property
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.shared_settings import read_settings, write_settings
from spmigrate.rehearsal.sharepoint import site_manager
from spmigrate.rehearsal.sharepoint.model import (
    Call,
    Resource,
    action,
    computed,
    function,
    link,
)
from spmigrate.rehearsal.sharepoint.people import ensure_user
from spmigrate.rehearsal.sharepoint.properties import whole
from spmigrate.rehearsal.sharepoint.scope import scope_of_site
from spmigrate.rehearsal.sharepoint.site import Site
from spmigrate.rehearsal.sharepoint.site_filters import read_site_filter
from spmigrate.rehearsal.sharepoint.tenant_cdn import CdnCalls
from spmigrate.rehearsal.sharepoint.tenant_hubs import HubCalls
from spmigrate.rehearsal.sharepoint.tenant_odds import OddCalls
from spmigrate.rehearsal.sharepoint.tenant_places import AssetCalls, HomeCalls, NewsCalls
from spmigrate.rehearsal.sharepoint.tenant_properties import TENANT_PROPERTIES
from spmigrate.rehearsal.sharepoint.tenant_site_life import SiteLife
from spmigrate.rehearsal.sharepoint.tenant_sites import TYPE, SiteList, SiteProperties
from spmigrate.rehearsal.sharepoint.tenant_themes import WebThemeCalls
from spmigrate.rehearsal.storage import Entity

# Source: the page size of the service's site listing.
PAGE = 300


_FILTER: dict[str, type] = {
    "Filter": str, "StartIndex": str, "Template": str, "UserId": str, "ArchiveStatus": int, "GroupIdDefined": int,
    "IncludeDetail": bool, "IncludePersonalSite": int,
}  # fmt: skip
_NOT_FILTERED = frozenset({"UserId", "ArchiveStatus"})


class TenantAdmin(WebThemeCalls, CdnCalls, NewsCalls, AssetCalls, HomeCalls, HubCalls, SiteLife, OddCalls, Resource):
    """The tenant."""

    type = f"{TYPE}.Tenant"
    feed = "Tenants"
    declared = TENANT_PROPERTIES
    sets_at_once = True

    @property
    def path(self) -> str:
        return f"{TYPE}.Tenant"

    def stored(self) -> Mapping[str, Any]:
        return read_settings(self.scope.store)

    @computed("RootSiteUrl")
    def _root(self) -> str:
        return f"https://{self.scope.tenant.names.sharepoint}/"

    @link("sites")
    def sites(self) -> SiteList:
        """All sites."""
        return SiteList(self.scope)

    def save(self, patch: Mapping[str, Any]) -> None:
        try:
            write_settings(self.scope.store, patch)
        except ValueError as problem:
            raise bad_argument(f"Value does not fall within the expected range.\r\nParameter name: {problem}") from None

    @action("Update")
    def update(self, _call: Call) -> None:
        """Nothing is pending over REST."""

    @function("GetSitePropertiesByUrl")
    def by_url(self, call: Call) -> SiteProperties:
        """A site by address."""
        row = site_manager.find_site(self.scope, call.text("url", 0), moved=True)
        return SiteProperties(self.scope, row, detail=True)

    @function("GetSitePropertiesBySiteId")
    def by_site_id(self, call: Call) -> SiteProperties:
        """A site by id."""
        return SiteList(self.scope).by_key(call.value("siteId", 0))

    @function("GetSiteByUrl")
    def site_by_url(self, call: Call) -> Site:
        """A site collection by address."""
        row = site_manager.find_site(self.scope, call.text("url", 0))
        return Site(scope_of_site(self.scope, row), row)

    @function("GetSitePropertiesFromSharePointByFilters")
    def by_filters(self, call: Call) -> SiteList:
        """One page of sites; without detail most properties have their defaults, as in the service."""
        given = call.record("speFilter")
        _check_filter(given)
        rows = self._filtered(given)
        return self._page(rows, str(given.get("StartIndex") or "0"), detail=bool(given.get("IncludeDetail")))

    @function("GetSitePropertiesFromSharePoint")
    def from_sharepoint(self, call: Call) -> SiteList:
        """One page of sites."""
        detail = call.flag("includeDetail", 1, default=False)
        return self._page(self._filtered({}), call.text("startIndex", 0, default="0"), detail=detail)

    def _page(self, rows: list[Entity], start: str, *, detail: bool) -> SiteList:
        begin = int(start) if start.isascii() and start.isdecimal() else 0
        following = begin + PAGE if begin + PAGE < len(rows) else -1
        return SiteList(self.scope, rows[begin : begin + PAGE], detail=detail, following=following)

    @function("GetSiteProperties")
    def site_properties(self, call: Call) -> SiteList:
        """One page of sites."""
        return self.from_sharepoint(call)

    def _filtered(self, given: Mapping[str, Any]) -> list[Entity]:
        rows = self.scope.store.every("site")
        personal = whole(given.get("IncludePersonalSite"), "IncludePersonalSite")
        template = str(given.get("Template") or "")
        group = whole(given.get("GroupIdDefined"), "GroupIdDefined")
        names = self.scope.tenant.names
        rows = [row for row in rows if row.name not in names.unlisted_sites]
        if personal != 1:
            rows = [row for row in rows if not row.name.startswith(names.personal)]
        if template:
            redirects = self.scope.store.every("redirect") if template == site_manager.REDIRECT else []
            rows = [row for row in (*rows, *redirects) if row.props.get("Template") == template]
        if given.get("Filter"):
            holds = read_site_filter(str(given["Filter"]))
            rows = [row for row in rows if holds(SiteProperties(self.scope, row, detail=True).as_text)]
        if group:
            rows = [row for row in rows if bool(row.props.get("GroupId")) == (group == 1)]
        return rows

    @function("GetSiteAdministrators")
    def site_administrators(self, call: Call) -> Bag:
        """Who administers a site."""
        row = SiteList(self.scope).by_key(call.value("siteId", 0)).entity
        people = [each for each in self.scope.store.children(row.id, "siteuser") if each.props.get("IsSiteAdmin")]
        kind = f"{TYPE}.SiteAdministratorsInfo"
        return Bag(
            f"Collection({kind})",
            tuple(
                Complex(
                    kind,
                    {
                        "email": each.props.get("Email", ""),
                        "loginName": each.name,
                        "name": each.props.get("Title", ""),
                        "userPrincipalName": each.props.get("UserPrincipalName"),
                    },
                )
                for each in people
            ),
        )

    @function("GetSiteSecondaryAdministrators")
    def secondary_administrators(self, call: Call) -> Bag:
        """Who administers a site beside its owner."""
        given = call.record("secondaryAdministratorsFieldsData")
        row = SiteList(self.scope).by_key(given.get("siteId")).entity
        kind = f"{TYPE}.SecondaryAdministratorsInfo"
        people = [
            each
            for each in self.scope.store.children(row.id, "siteuser")
            if each.props.get("IsSiteAdmin") and each.name != row.props.get("Owner")
        ]
        values = [
            {"email": each.props.get("Email", ""), "loginName": each.name, "name": each.props.get("Title", ""),
             "userPrincipalName": each.props.get("UserPrincipalName")}
            for each in people
        ]  # fmt: skip
        return Bag(f"Collection({kind})", tuple(Complex(kind, each) for each in values))

    @action("SetSiteSecondaryAdministrators")
    def set_secondary_administrators(self, call: Call) -> None:
        """Replace the administrators beside the owner."""
        given = call.record("secondaryAdministratorsFieldsData")
        row = SiteList(self.scope).by_key(given.get("siteId")).entity
        scope = scope_of_site(self.scope, row)
        wanted = {ensure_user(scope, str(login)).name for login in given.get("secondaryAdministratorLoginNames") or []}
        wanted.add(str(row.props.get("Owner")))
        for each in self.scope.store.children(row.id, "siteuser"):
            if bool(each.props.get("IsSiteAdmin")) != (each.name in wanted):
                self.scope.store.update(each, {"IsSiteAdmin": each.name in wanted}, at=self.scope.now)

    @function("GetRootSiteUrl")
    def root_site_url(self, _call: Call) -> str:
        """The tenant's root address."""
        return self._root()


def _check_filter(given: Mapping[str, Any]) -> None:
    """Refuse members that the filter does not have (400), and those that are not rehearsed (501)."""
    for name, value in given.items():
        if name not in _FILTER:
            raise unknown_property(name, f"{TYPE}.SPOSitePropertiesEnumerableFilter")
        if not isinstance(value, _FILTER[name]) and value is not None:
            raise bad_argument(f"Value does not fall within the expected range.\r\nParameter name: {name}")
        if name in _NOT_FILTERED and value:
            raise not_built("GetSitePropertiesFromSharePointByFilters with", name)
