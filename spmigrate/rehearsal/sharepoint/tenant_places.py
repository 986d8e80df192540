"""Sites and libraries with a part in the whole organisation: news, knowledge, home sites, shared assets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from spmigrate.rehearsal.http import split_address
from spmigrate.rehearsal.odata.errors import ODataError, bad_argument, file_not_found
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import lists, site_manager
from spmigrate.rehearsal.sharepoint.access import Level, require_tenant_administrator
from spmigrate.rehearsal.sharepoint.model import Call, Node, Resource, action, function
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, GUID, TEXT, ZERO_GUID, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope, scope_of_site
from spmigrate.rehearsal.storage import Entity

_NEWS, _KNOWLEDGE, _ASSETS, _HOMES = "spo.orgnews", "spo.knowledgehub", "spo.orgassets", "spo.homesites"
_COMMUNICATION = "SITEPAGEPUBLISHING#0"
_ASSET = "Microsoft.SharePoint.Administration.OrgAssetsLibrary"
# Source: the service's limits: 30 libraries in one site, and home sites for 50 audiences.
_MOST_LIBRARIES = 30


class NewsCalls(Node):
    """Sites whose news are the organisation's, and the knowledge hub."""

    @action("SetOrgNewsSite")
    def set_news_site(self, call: Call) -> None:
        """Let a site's news be the organisation's."""
        url = _site_url(self.scope, call.text("url", 0))
        have = self.scope.store.read_value(_NEWS) or []
        if url not in have:
            self.scope.store.write_value(_NEWS, [*have, url])

    @action("RemoveOrgNewsSite")
    def remove_news_site(self, call: Call) -> None:
        """Let a site's news be its own again."""
        url = _site_url(self.scope, call.text("url", 0))
        have = self.scope.store.read_value(_NEWS) or []
        if url not in have:
            raise bad_argument(f"The site {url} is not an organization news site.")
        self.scope.store.write_value(_NEWS, [each for each in have if each != url])

    @function("GetOrgNewsSites")
    def news_sites(self, _call: Call) -> Bag:
        """The sites whose news are the organisation's."""
        return Bag("Collection(Edm.String)", tuple(self.scope.store.read_value(_NEWS) or []))

    @function("GetKnowledgeHubSite")
    def knowledge_hub(self, _call: Call) -> str:
        """The knowledge hub, empty when there is none."""
        return str(self.scope.store.read_value(_KNOWLEDGE) or "")

    @action("SetKnowledgeHubSite")
    def set_knowledge_hub(self, call: Call) -> str:
        """Make a site the knowledge hub."""
        url = _site_url(self.scope, call.text("knowledgeHubSiteUrl", 0))
        self.scope.store.write_value(_KNOWLEDGE, url)
        return f"The Knowledge Hub site has been set to {url}."

    @action("RemoveKnowledgeHubSite")
    def remove_knowledge_hub(self, _call: Call) -> str:
        """Have no knowledge hub."""
        url = self.scope.store.read_value(_KNOWLEDGE) or ""
        self.scope.store.write_value(_KNOWLEDGE, "")
        return f"{url} has been removed as the Knowledge Hub site."


class AssetCalls(Node):
    """Libraries whose files the whole organisation may use."""

    @action("AddToOrgAssetsLibAndCdnWithType")
    def add_assets_with_type(self, call: Call) -> None:
        """Share a library; ``orgAssetType`` says what lies in it."""
        self._add(call.text("libUrl", 1), call.text("thumbnailUrl", 2, default=None), call.number("orgAssetType", 3))

    @action("AddToOrgAssetsLibAndCdn")
    def add_assets(self, call: Call) -> None:
        """Share a library of pictures."""
        self._add(call.text("libUrl", 1), call.text("thumbnailUrl", 2, default=None), 1)

    def _add(self, url: str, thumbnail: str, kind: int) -> None:
        scope, row = _library(self.scope, url)
        have = list(self.scope.store.read_value(_ASSETS) or [])
        if any(each["ListId"] == row.guid for each in have):
            raise bad_argument("This library is already an organization assets library.")
        if have and have[0]["SiteId"] != scope.site.guid:
            raise bad_argument(f"Run this command again and choose a library from this site: {have[0]['Site']}.")
        if len(have) >= _MOST_LIBRARIES:
            raise bad_argument("The organization assets site can't have more libraries.")
        kept = {"ListId": row.guid, "SiteId": scope.site.guid, "WebId": scope.web.guid, "Site": scope.site_url,
                "Path": f"{scope.web_path}/{row.name}".lstrip("/"), "Thumbnail": thumbnail or None, "Type": kind,
                "Title": row.props.get("Title", "")}  # fmt: skip
        self.scope.store.write_value(_ASSETS, [*have, kept])

    @action("RemoveFromOrgAssets")
    def remove_assets(self, call: Call) -> None:
        """Share a library no longer."""
        _, row = _library(self.scope, call.text("libUrl", 0))
        have = list(self.scope.store.read_value(_ASSETS) or [])
        if all(each["ListId"] != row.guid for each in have):
            raise bad_argument("This library is not an organization assets library.")
        self.scope.store.write_value(_ASSETS, [each for each in have if each["ListId"] != row.guid])

    @function("GetOrgAssets")
    def assets(self, _call: Call) -> Complex | None:
        """The libraries that are shared; null when there is none."""
        have = list(self.scope.store.read_value(_ASSETS) or [])
        if not have:
            return None
        libraries = [
            Complex(
                _ASSET,
                {
                    "DisplayName": each["Title"], "FileType": "", "LibraryUrl": _path(each["Path"]),
                    "ListId": each["ListId"], "OrgAssetType": each["Type"],
                    "ThumbnailUrl": _path(each["Thumbnail"]) if each["Thumbnail"] else None, "UniqueId": each["ListId"],
                },
            )
            for each in have
        ]  # fmt: skip
        site = split_address(have[0]["Site"])
        return Complex(
            "Microsoft.SharePoint.Administration.OrgAssets",
            {
                "CentralAssetRepositoryLibraries": None,
                "Domain": _path(site.hostname or ""),
                "OrgAssetsLibraries": Bag("Microsoft.SharePoint.Administration.OrgAssetsLibraryCollection",
                                          tuple(libraries)),
                "SiteId": have[0]["SiteId"],
                "Url": _path(site.path.lstrip("/")),
                "WebId": have[0]["WebId"],
            },
        )  # fmt: skip


class HomeCalls(Node):
    """Home sites: where the organisation's people begin."""

    @function("GetTargetedSitesDetails")
    @function("GetHomeSitesDetails")
    @function("GetHomeSites")
    def homes(self, _call: Call) -> Bag:
        """The home sites in their order."""
        kind = "Microsoft.Online.SharePoint.TenantAdministration.TargetedSiteDetails"
        return Bag(f"Collection({kind})", tuple(_described(self.scope, each) for each in read_homes(self.scope)))

    @function("GetSPHSiteUrl")
    def home_url(self, _call: Call) -> str:
        """The first home site's address, empty when there is none."""
        homes = read_homes(self.scope)
        return str(homes[0]["Url"]) if homes else ""

    @action("SetSPHSite")
    def set_home(self, call: Call) -> str:
        """Make a communication site the home site."""
        url = call.text("sphSiteUrl", 0)
        add_home(self.scope, url, {})
        return f"The Home site has been set to {url}. It may take some time for the change to apply."

    @action("RemoveSPHSite")
    @action("RemoveTargetedSite")
    @action("RemoveHomeSite")
    def remove_home(self, call: Call) -> str:
        """Take a home site away, or the first one when none is named."""
        homes = read_homes(self.scope)
        url = call.text("siteUrl", 0, default=homes[0]["Url"] if homes else "").rstrip("/")
        if not any(each["Url"].lower() == url.lower() for each in homes):
            raise bad_argument(f"The provided site url {url} is not a Home site.")
        self.scope.store.write_value(_HOMES, [each for each in homes if each["Url"].lower() != url.lower()])
        return f"{url} has been removed as a Home site. It may take some time for the change to apply."

    @action("UpdateTargetedSite")
    def update_home(self, call: Call) -> Complex:
        """Change how a home site serves its audiences."""
        url = call.text("siteUrl", 0).rstrip("/")
        homes = read_homes(self.scope)
        found = next((each for each in homes if each["Url"].lower() == url.lower()), None)
        if found is None:
            raise bad_argument(f"The provided site url {url} is not a Home site.")
        altered = {**found, **_options(call.record("configurationParam"))}
        self.scope.store.write_value(_HOMES, [altered if each is found else each for each in homes])
        return _described(self.scope, altered)


class HomeSite(Resource):
    """``SP.SPHSite``."""

    type = "SP.SPHSite"
    feed = "SPHSites"
    declared = table(group(TEXT, "", "LogoUrl Title Url"))

    @property
    def path(self) -> str:
        return "SP.SPHSite"

    def stored(self) -> Mapping[str, Any]:
        homes = read_homes(self.scope)
        return {"Url": homes[0]["Url"], "Title": homes[0]["Title"]} if homes else {}

    @function("Details")
    def details(self, _call: Call) -> Complex | None:
        """The home site; null when there is none."""
        found = self.stored()
        return Complex("SP.SPHSiteReference", {"LogoUrl": None, **found}) if found else None

    @action("SetSPHSite", Level.READ)
    def set_home(self, call: Call) -> str:
        """Make a communication site the home site."""
        url = call.text("siteUrl", 0, default=self.scope.site_url)
        add_home(self.scope, url, {})
        return f"The Home site has been set to {url}. It may take some time for the change to apply."

    @action("AddHomeSite", Level.READ)
    def add_home(self, call: Call) -> Complex:
        """Add a home site for some audiences."""
        return _described(self.scope, add_home(self.scope, call.text("siteUrl", 0), _options(call.body)))


class OrgNews(Resource):
    """``OrgNews``: the site that one is in, among those of the organisation's news."""

    type = "Microsoft.SharePoint.Portal.OrgNews"
    feed = "OrgNews"

    @property
    def path(self) -> str:
        return "OrgNews"

    @function("SitesReference")
    def sites_reference(self, _call: Call) -> Bag:
        """The sites whose news are the organisation's."""
        kind = "Microsoft.SharePoint.Portal.PortalAndOrgNewsSiteReference"
        rows = [site_manager.find_site(self.scope, url) for url in self.scope.store.read_value(_NEWS) or []]
        return Bag(f"Collection({kind})", tuple(Complex(kind, _reference(self.scope, row)) for row in rows))


class OrgNewsSite(Resource):
    """``OrgNewsSiteApi``: whether the site is one of the organisation's news."""

    type = "Microsoft.SharePoint.OrgNewsSite.OrgNewsSiteApi"
    feed = "OrgNewsSiteApi"
    declared = table(group(GUID, ZERO_GUID, "SiteId WebId"), group(TEXT, "", "Url"), group(BOOLEAN, False, "IsOrgNews"))

    @property
    def path(self) -> str:
        return self.type

    @function("Details")
    def details(self, _call: Call) -> Complex | None:
        """The site; null when its news are its own."""
        if self.scope.site_url not in (self.scope.store.read_value(_NEWS) or []):
            return None
        values = {"SiteId": self.scope.site.guid, "Url": self.scope.site_url, "WebId": self.scope.web.guid}
        return Complex("Microsoft.SharePoint.OrgNewsSite.OrgNewsSiteInfo", values)


def is_communication_site(scope: Scope, url: str) -> bool:
    """Whether an address is a communication site's."""
    return site_manager.find_site(scope, url).props.get("Template") == _COMMUNICATION


def read_homes(scope: Scope) -> list[dict[str, Any]]:
    """The home sites in their order."""
    return sorted(scope.store.read_value(_HOMES) or [], key=lambda each: each.get("Order") or 0)


def add_home(scope: Scope, url: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a home site; refuses one that is no communication site, or is a home site already."""
    require_tenant_administrator(scope)
    row = site_manager.find_site(scope, url)
    if row.props.get("Template") != _COMMUNICATION:
        raise bad_argument("The provided site url can't be set as a Home site. Check that it's a communication site.")
    homes = read_homes(scope)
    if any(each["SiteId"] == row.guid for each in homes):
        raise bad_argument(f"The provided site url https://{row.name} is already a Home site.")
    made = {"SiteId": row.guid, "Url": f"https://{row.name}", "Title": row.props.get("Title", ""), **options}
    scope.store.write_value(_HOMES, [*homes, made])
    return made


def _options(given: Mapping[str, Any]) -> dict[str, Any]:
    names = {"audiences": "Audiences", "vivaconnectionsdefaultstart": "VivaConnectionsDefaultStart", "order": "Order",
             "isindraftmode": "IsInDraftMode", "targetedlicensetype": "TargetedLicenseType"}  # fmt: skip
    kept = {names[name.lower()]: value for name, value in given.items() if name.lower() in names}
    return {name: value for name, value in kept.items() if value is not None}


def _described(scope: Scope, home: Mapping[str, Any]) -> Complex:
    row = scope.store.get("site", str(home["SiteId"]))
    web = scope_of_site(scope, row).web.guid if row else ZERO_GUID
    groups = [scope.tenant.directory.group(str(each)) for each in home.get("Audiences", [])]
    audience = "Microsoft.SharePoint.Administration.AudienceDetails"
    audiences = tuple(
        Complex(audience, {"Email": each.props.get("mail"), "Id": each.guid, "Title": each.name})
        for each in groups
        if each is not None
    )
    return Complex(
        "Microsoft.Online.SharePoint.TenantAdministration.TargetedSiteDetails",
        {
            "Audiences": Bag(f"Collection({audience})", audiences),
            "IsInDraftMode": bool(home.get("IsInDraftMode")),
            "IsVivaBackend": False,
            "MatchesAudience": None,
            "SiteId": home["SiteId"],
            "TargetedLicenseType": home.get("TargetedLicenseType", 0),
            "Title": home["Title"],
            "Url": home["Url"],
            "VivaConnectionsDefaultStart": bool(home.get("VivaConnectionsDefaultStart", True)),
            "WebId": web,
        },
    )


def _reference(scope: Scope, row: Entity) -> dict[str, object]:
    web = scope_of_site(scope, row).web
    return {"IsInDraftMode": False, "IsVivaBackend": False, "IsVivaHomeOptedOut": False, "SiteId": row.guid,
            "WebId": web.guid}  # fmt: skip


def _site_url(scope: Scope, url: str) -> str:
    return f"https://{site_manager.find_site(scope, url).name}"


def _library(scope: Scope, url: str) -> tuple[Scope, Entity]:
    parts = split_address(url)
    path = unquote(parts.path).rstrip("/")
    for row in scope.store.every("site"):
        host, _, below = row.name.partition("/")
        if host != parts.hostname or not f"{path.lower()}/".startswith(f"/{below}/".replace("//", "/").lower()):
            continue
        try:
            inner = scope_of_site(scope, row)
            return inner, lists.find_by_address(inner, path).entity
        except ODataError:
            continue
    raise file_not_found()


def _path(text: str) -> Complex:
    return Complex("SP.ResourcePath", {"DecodedUrl": text})
