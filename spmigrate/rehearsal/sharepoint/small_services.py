"""Small services at the root: following under its other names, currencies, the video portal, organisation assets."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument, duplicate_file, file_not_found
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import files, folder_places, folder_tree
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Node, Resource, Result, action, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, TEXT, group, table
from spmigrate.rehearsal.sharepoint.social import Following, MyFollowing

_MIGRATION = "Microsoft.Online.SharePoint.MigrationCenter.Service"
_ASSETS = "spo.orgassets"
_ORG_ASSETS = "Microsoft.SharePoint.Administration.OrgAssets"
_ZERO = "00000000-0000-0000-0000-000000000000"
_WIKI_PAGE = b'<%@ Page Language="C#" Inherits="Microsoft.SharePoint.WebPartPages.WikiEditPage" %>\r\n<WikiField />\r\n'
# (LCID, tag, how an amount is written there, country)
_CURRENCIES = (
    (1031, "de-DE", "123.456,00 €", "Germany"), (1033, "en-US", "$123,456.00", "United States"),
    (1036, "fr-FR", "123 456,00 €", "France"), (1040, "it-IT", "123.456,00 €", "Italy"),
    (1041, "ja-JP", "¥123,456", "Japan"), (1043, "nl-NL", "€ 123.456,00", "Netherlands"),
    (1053, "sv-SE", "123 456,00 kr", "Sweden"), (2055, "de-CH", "CHF 123'456.00", "Switzerland"),
    (2057, "en-GB", "£123,456.00", "United Kingdom"), (3081, "en-AU", "$123,456.00", "Australia"),
    (4105, "en-CA", "$123,456.00", "Canada"), (6153, "en-IE", "€123,456.00", "Ireland"),
)  # fmt: skip


class VideoPortal(Resource):
    """Where videos are: Stream on SharePoint, since the video portal was retired."""

    type = "SP.Publishing.VideoServiceDiscoverer"
    feed = "VideoServiceDiscoverer"
    declared = table(
        group(TEXT, "", "ChannelUrlTemplate O365VideoPageUrl PlayerUrlTemplate VideoPortalLayoutsUrl VideoPortalUrl"),
        group(BOOLEAN, False, "IsFeedbackEnabled IsLicensedForVideoPortal IsO365VideoEnabled IsVideoPortalEnabled"),
        group(BOOLEAN, True, "IsMigratedToStream"),
    )

    @property
    def path(self) -> str:
        return "SP.Publishing.VideoServiceDiscoverer"


class MigrationServices(Resource):
    """The services of the Migration Manager; what they do stands in methods that are not built."""

    type = f"{_MIGRATION}.MigrationCenterServices"

    @property
    def path(self) -> str:
        return self.type


class MigrationStorage(MigrationServices):
    """Its storage."""

    type = f"{_MIGRATION}.MigrationCenterStorage"


class MigrationPerformance(MigrationServices):
    """How fast it is."""

    type = f"{_MIGRATION}.PerformanceData"


class Workflows(Resource):
    """The manager of workflows of 2013, which the service has retired."""

    type = "SP.WorkflowServices.WorkflowServicesManager"
    feed = "WorkflowServicesManager"
    declared = table(group(TEXT, "", "AppId ScopePath"), group(BOOLEAN, False, "IsConnected"))

    @property
    def path(self) -> str:
        return f"{self.type}.Current"


class FollowingOfOldForm(Following):
    """The same under the name that the client object model has for it."""

    type = "SP.Social.SocialFollowingManager"
    feed = "SocialFollowingManager"

    @property
    def path(self) -> str:
        return "SP.Social.SocialFollowingManager"

    @function("GetFollowers")
    def get_followers(self, call: Call) -> Result:
        """Who follows the caller."""
        return Result("GetFollowers", MyFollowing(self.scope).followers(call).value)

    @function("GetSuggestions")
    def get_suggestions(self, call: Call) -> Result:
        """Whom the caller might follow."""
        return Result("GetSuggestions", MyFollowing(self.scope).suggestions(call).value)

    @function("GetFollowed")
    def get_followed(self, call: Call) -> Result:
        """What the caller follows, of the kinds that are asked for."""
        return Result("GetFollowed", MyFollowing(self.scope).followed(call).value)

    @function("GetFollowedCount")
    def get_followed_count(self, call: Call) -> Result:
        """How much the caller follows, of the kinds that are asked for."""
        return Result("GetFollowedCount", MyFollowing(self.scope).followed_count(call).value)


class SmallServices(Node):
    """Where they stand."""

    @link("SP.Social.SocialRestFollowingManager")
    def social_rest_following(self) -> Following:
        """What the caller follows."""
        return Following(self.scope)

    @link("SP.Social.SocialFollowingManager")
    def social_following_manager(self) -> FollowingOfOldForm:
        """What the caller follows."""
        return FollowingOfOldForm(self.scope)

    @function("SP.Utilities.SPSocialSwitch.IsFollowingFeatureEnabled")
    def is_following_enabled(self, _call: Call) -> bool:
        """Whether sites and documents can be followed."""
        return True

    @link("SP.Publishing.VideoServiceDiscoverer")
    def video_portal(self) -> VideoPortal:
        """Where videos are."""
        return VideoPortal(self.scope)

    @link(f"{_MIGRATION}.MigrationCenterServices")
    def migration_services(self) -> MigrationServices:
        """The Migration Manager."""
        return MigrationServices(self.scope)

    @link(f"{_MIGRATION}.MigrationCenterStorage")
    def migration_storage(self) -> MigrationStorage:
        """Its storage."""
        return MigrationStorage(self.scope)

    @link(f"{_MIGRATION}.PerformanceData")
    def migration_performance(self) -> MigrationPerformance:
        """How fast it is."""
        return MigrationPerformance(self.scope)

    @link("SP.WorkflowServices.WorkflowServicesManager.Current")
    def workflows(self) -> Workflows:
        """The manager of workflows of 2013."""
        return Workflows(self.scope)

    @function("SP.MetadataNavigation.MetadataNavigationSettings.GetConfiguredSettings")
    def metadata_navigation(self, call: Call) -> Complex:
        """By which columns a library is browsed; nothing here sets any."""
        address = folder_tree.absolute(self.scope, call.text("DecodedUrl", 0), self.scope.web_path)
        if folder_tree.find_list(self.scope, address) is None:
            raise file_not_found()
        kind = "SP.MetadataNavigation.ConfiguredMetadataNavigationItem"
        return Complex(f"{kind}Collection", {"Items": Bag(f"Collection({kind})")})

    @function("SP.CurrencyList.GetList")
    def currencies(self, _call: Call) -> Complex:
        """How amounts are written; a short list of the countries that the service knows."""
        values = [
            Complex("SP.CurrencyInformation",
                    {"DisplayString": f"{shown} ({country})", "LanguageCultureName": tag, "LCID": str(lcid)})
            for lcid, tag, shown, country in sorted(_CURRENCIES, key=lambda each: each[3])
        ]  # fmt: skip
        bag = Bag("Collection(SP.CurrencyInformation)", tuple(values))
        return Complex("SP.CurrencyInformationCollection", {"Items": bag})

    @function("SP.Publishing.SitePageService.OrgAssets")
    def org_assets(self, _call: Call) -> Complex:
        """The libraries of pictures and templates that everybody may use."""
        kept = list(self.scope.store.read_value(_ASSETS) or [])
        library = "Microsoft.SharePoint.Administration.OrgAssetsLibrary"
        found = Bag(f"Collection({library})", tuple(Complex(library, each) for each in kept))
        values: dict[str, Any] = {
            "CentralAssetRepositoryLibraries": None, "Domain": {"DecodedUrl": self.scope.tenant.names.sharepoint},
            "OrgAssetsLibraries": Complex(f"{library}Collection", {"Items": found}),
            "SiteId": self.scope.site.guid if kept else _ZERO, "WebId": self.scope.web.guid if kept else _ZERO,
            "Url": {"DecodedUrl": ""},
        }  # fmt: skip
        return Complex(_ORG_ASSETS, values)

    @action("SP.Utilities.Utility.CreateWikiPageInContextWeb", Level.WRITE)
    def create_wiki_page(self, call: Call) -> files.File:
        """Make a page of the old kind with its text."""
        given = call.record("parameters")
        address = str(given.get("ServerRelativeUrl") or "")
        if not address:
            raise bad_argument("Value cannot be null.\r\nParameter name: ServerRelativeUrl")
        address = folder_tree.absolute(self.scope, address, self.scope.web_path)
        above, _, leaf = address.rpartition("/")
        parent = folder_places.find_folder(self.scope, above)
        if parent is None or parent.owner is None:
            raise file_not_found()
        content, holder = self.scope.content, parent.holder()
        if content.child(holder, leaf) is not None:
            raise duplicate_file(address.lstrip("/"))
        fields = {"WikiField": str(given.get("WikiHtmlContent") or "")}
        made = content.add_file(holder, leaf, content.blobs.put(_WIKI_PAGE), by=self.scope.claims.login, fields=fields)
        return files.File(self.scope, parent.owner, made)
