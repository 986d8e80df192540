"""The static methods around profiles, at the root: managers and loaders, links of one's own site, promoted sites."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import followed
from spmigrate.rehearsal.sharepoint.access import Level, require_tenant_administrator
from spmigrate.rehearsal.sharepoint.model import Call, Node, Resource, Result, action, function, link
from spmigrate.rehearsal.sharepoint.profile_properties import profile_properties
from spmigrate.rehearsal.sharepoint.profiles import PeopleManager, ProfileLoader, UserProfile, need_person
from spmigrate.rehearsal.sharepoint.properties import TEXT, TEXTS, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_PEOPLE = "SP.UserProfiles.PeopleManager"
_LOADER = "SP.UserProfiles.ProfileLoader"
_PORTAL = "Microsoft.SharePoint.Portal.UserProfiles"
_FOR_USER = "SP.UserProfiles.UserProfilePropertiesForUser"


class PropertiesForUser(Resource):
    """Which properties of a profile somebody is interested in."""

    type = _FOR_USER
    feed = "UserProfilePropertiesForUser"
    declared = table(group(TEXT, "", "AccountName"), group(TEXTS, [], "PropertyNames"))

    def __init__(self, scope: Scope, user: Entity, account: str, names: list[str]) -> None:
        super().__init__(scope)
        self.user = user
        self.values = {"AccountName": account, "PropertyNames": names}

    @property
    def path(self) -> str:
        return f"{_FOR_USER}(accountName='{self.values['AccountName']}')"

    def stored(self) -> dict[str, Any]:
        return self.values

    @function("GetPropertyNames")
    def property_names(self, _call: Call) -> Result:
        """The names: those that were asked for, or all."""
        names = self.values["PropertyNames"] or list(profile_properties(self.scope, self.user))
        return Result("GetPropertyNames", Bag(TEXTS, tuple(names)))


class ProfileCalls(Node):
    """What stands at the root."""

    @link(_PEOPLE)
    def people_manager(self) -> PeopleManager:
        """Profiles of all people."""
        return PeopleManager(self.scope)

    @function(f"{_PEOPLE}.GetTrendingTags")
    def trending_tags(self, _call: Call) -> Result:
        """The tags that are used most, of which there are none without a newsfeed."""
        return Result("GetTrendingTags", Complex("SP.UserProfiles.HashTagCollection", {"Items": []}))

    @function(f"{_PEOPLE}.IsFollowing")
    def is_following(self, call: Call) -> Result:
        """Whether one person follows another."""
        follower = need_person(self.scope, call.text("possibleFollowerAccountName", 0))
        person = need_person(self.scope, call.text("possibleFolloweeAccountName", 1))
        return Result("IsFollowing", followed.is_following(self.scope, follower, person))

    @function(f"{_LOADER}.GetProfileLoader")
    def profile_loader(self, _call: Call) -> ProfileLoader:
        """The way to the caller's own profile."""
        return ProfileLoader(self.scope)

    @function(f"{_LOADER}.GetOwnerUserProfile")
    def owner_profile(self, _call: Call) -> UserProfile:
        """The profile of the site's primary administrator."""
        return UserProfile(self.scope, need_person(self.scope, str(self.scope.site.props.get("Owner", ""))))

    @function(_FOR_USER)
    def properties_for_user(self, call: Call) -> PropertiesForUser:
        """What is asked of somebody's profile."""
        account = call.text("accountName", 0)
        names = call.value("propertyNames", 1, default=None) or []
        return PropertiesForUser(self.scope, need_person(self.scope, account), account, list(names))

    @function(f"{_PORTAL}.MySiteLinks.GetMySiteLinks")
    def my_site_links(self, _call: Call) -> Result:
        """The pages of one's own files and sites."""
        base = f"https://{self.scope.tenant.names.personal}/_layouts/15"
        links = {"AllDocumentsLink": f"{base}/onedrive.aspx", "AllSitesLink": f"{base}/sharepoint.aspx"}
        return Result("GetMySiteLinks", Complex(f"{_PORTAL}.MySiteLinks", links))

    @action(f"{_PORTAL}.PromotedSites.AddSiteLink", Level.READ)
    def add_site_link(self, call: Call) -> None:
        """Promote a site to everybody; an administrator's right."""
        require_tenant_administrator(self.scope)
        given = {name: call.text(name, default="") for name in ("title", "description", "imageUrl")}
        self.scope.store.insert("promotedsite", call.text("url"), at=self.scope.now, props=given)

    @action(f"{_PORTAL}.PromotedSites.DeleteSiteLink", Level.READ)
    def delete_site_link(self, call: Call) -> None:
        """Promote a site no more."""
        require_tenant_administrator(self.scope)
        for each in self.scope.store.every("promotedsite"):
            if each.id == call.number("itemId"):
                self.scope.store.delete(each)

    @function(f"{_PORTAL}.PromotedSites.GetPromotedLinksAsTiles")
    def promoted_tiles(self, _call: Call) -> Result:
        """The promoted sites."""
        kind = "SP.Publishing.TileData"
        tiles = tuple(
            Complex(kind, {
                "BackgroundImageLocation": row.props["imageUrl"], "BackgroundImageRendering": 0,
                "Description": row.props["description"], "ID": row.id, "LinkLocation": row.name, "TileOrder": order,
                "Title": row.props["title"],
            })
            for order, row in enumerate(self.scope.store.every("promotedsite"))
        )  # fmt: skip
        return Result("GetPromotedLinksAsTiles", Bag(f"Collection({kind})", tiles))
