"""`SP.UserProfiles`: people's profiles, whom they follow, and their own sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import ODataError, access_denied, bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.one_drive import find_personal_site, personal_site
from spmigrate.rehearsal.rights import is_tenant_administrator
from spmigrate.rehearsal.sharepoint import site
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.followed import add_following, drop_following, followers, following, is_following
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, Result, action, computed, function, link
from spmigrate.rehearsal.sharepoint.profile_properties import (
    EDITABLE,
    SET,
    account_name,
    personal_url,
    profile_properties,
)
from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    DATE,
    INT,
    TEXT,
    TEXTS,
    group,
    plain,
    table,
)
from spmigrate.rehearsal.sharepoint.scope import Scope, scope_of_site
from spmigrate.rehearsal.storage import Entity

_PEOPLE = "SP.UserProfiles.PeopleManager"
_QUOTA = 1_048_576


def find_person(scope: Scope, account: str) -> Entity | None:
    """The person with an account name, None when there is none."""
    return scope.tenant.directory.user_by_login(account) if account.strip() else None


def need_person(scope: Scope, account: str) -> Entity:
    """The person with an account name; refuses (500) one without a profile, as the service does."""
    user = find_person(scope, account)
    if user is None:
        raise ODataError(
            500,
            "-1, Microsoft.Office.Server.UserProfiles.UserNotFoundException",
            f"User Not Found: Could not load profile data from the database for {account}.",
        )
    return user


def need_caller(scope: Scope) -> Entity:
    """The person behind the token; refuses (500) an application, which has no profile."""
    return need_person(scope, "" if scope.claims.app_only else scope.claims.user)


class PersonProperties(Resource):
    """What there is to know of a person."""

    type = "SP.UserProfiles.PersonProperties"
    feed = "PersonProperties"
    declared = table(
        group(TEXT, "", "AccountName DisplayName Email PersonalSiteHostUrl PersonalUrl UserUrl"),
        group(TEXT, None, "LatestPost PictureUrl Title"),
        group(TEXTS, [], "DirectReports ExtendedManagers ExtendedReports Peers"),
        group(BOOLEAN, False, "IsFollowed"),
        group("Collection(SP.KeyValue)", [], "UserProfileProperties"),
    )

    def __init__(self, scope: Scope, user: Entity) -> None:
        super().__init__(scope)
        self.user = user

    @property
    def path(self) -> str:
        return f"{_PEOPLE}/GetPropertiesFor(accountName='{account_name(self.user)}')"

    def stored(self) -> Mapping[str, Any]:
        host, account = self.scope.tenant.names.personal, account_name(self.user)
        page = account.replace("#", "%23").replace("|", "%7C")
        return {
            "AccountName": account,
            "DisplayName": self.user.props.get("displayName") or self.user.name,
            "Email": self.user.props.get("mail") or "",
            "ExtendedReports": [account],
            "PersonalSiteHostUrl": f"https://{host}:443/",
            "PersonalUrl": personal_url(self.scope, self.user),
            "Title": self.user.props.get("jobTitle"),
            "UserUrl": f"https://{host}:443/Person.aspx?accountname={page}",
            "IsFollowed": not self.scope.claims.app_only
            and is_following(self.scope, self.scope.tenant.directory.user(self.scope.claims.user), self.user),
        }

    @computed("UserProfileProperties")
    def _all(self) -> list[dict[str, str]]:
        values = profile_properties(self.scope, self.user)
        return [{"Key": name, "Value": value, "ValueType": "Edm.String"} for name, value in values.items()]


class People(Collection):
    """Several people."""

    feed = "PersonProperties"
    element = PersonProperties

    def __init__(self, scope: Scope, users: list[Entity]) -> None:
        super().__init__(scope)
        self.users = users

    def all(self) -> list[PersonProperties]:
        return [PersonProperties(self.scope, each) for each in self.users]


class PeopleManager(Resource):
    """Profiles of all people, and whom they follow."""

    type = _PEOPLE
    feed = "PeopleManager"
    write_level = Level.READ
    declared = table(group(TEXT, "", "EditProfileLink"), group(BOOLEAN, True, "IsMyPeopleListPublic"))

    @property
    def path(self) -> str:
        return _PEOPLE

    @computed("EditProfileLink")
    def _edit(self) -> str:
        return f"https://{self.scope.tenant.names.personal}/_layouts/15/editprofile.aspx"

    @function("GetPropertiesFor")
    def properties_for(self, call: Call) -> PersonProperties | Result:
        """Somebody's profile; null for who has none."""
        user = find_person(self.scope, call.text("accountName", 0))
        return Result("GetPropertiesFor", None) if user is None else PersonProperties(self.scope, user)

    @function("GetMyProperties")
    def my_properties(self, _call: Call) -> PersonProperties | Result:
        """The caller's profile; null for an application."""
        if self.scope.claims.app_only:
            return Result("GetMyProperties", None)
        return PersonProperties(self.scope, need_caller(self.scope))

    @function("GetUserProfileProperties")
    def profile_properties(self, call: Call) -> Result:
        """All values of a profile by name."""
        values = profile_properties(self.scope, need_person(self.scope, call.text("accountName", 0)))
        pairs = tuple({"Key": name, "Value": value, "ValueType": "Edm.String"} for name, value in values.items())
        shown = Bag("Collection(SP.KeyValue)", tuple(Complex("SP.KeyValue", each) for each in pairs))
        return Result("GetUserProfileProperties", shown)

    @function("GetUserProfilePropertyFor")
    def profile_property(self, call: Call) -> Result:
        """One value of a profile; null for a name that profiles don't have."""
        values = profile_properties(self.scope, need_person(self.scope, call.text("accountName", 0)))
        return Result("GetUserProfilePropertyFor", values.get(call.text("propertyName", 1)))

    @action("SetSingleValueProfileProperty")
    def set_single(self, call: Call) -> None:
        """Set a value: one's own, or as an administrator anybody's."""
        self._set(call, call.text("propertyValue", 2, default=""))

    @action("SetMultiValuedProfileProperty")
    def set_multiple(self, call: Call) -> None:
        """Set several values at once."""
        self._set(call, "|".join(call.texts("propertyValues", 2)))

    def _set(self, call: Call, value: str) -> None:
        user, name = need_person(self.scope, call.text("accountName", 0)), call.text("propertyName", 1)
        claims = self.scope.claims
        own = not claims.app_only and claims.user.lower() == user.name.lower()
        if not own and not claims.permits("User.ReadWrite.All"):
            raise access_denied()
        if not own and not claims.app_only and not is_tenant_administrator(self.scope.tenant, claims):
            raise access_denied()
        if name not in profile_properties(self.scope, user):
            raise ODataError(
                500,
                "-1, Microsoft.Office.Server.UserProfiles.PropertyNotFoundException",
                f"Property Not Found: The property {name} does not exist in the user profile.",
            )
        if name not in EDITABLE:
            raise bad_argument("Property Not Editable: This property can not be modified.")
        kept = {**(user.props.get(SET) or {}), name: value}
        self.scope.store.update(user, {SET: kept}, at=self.scope.now)

    @function("AmIFollowing")
    def am_i_following(self, call: Call) -> bool:
        """Whether the caller follows somebody."""
        return is_following(self.scope, need_caller(self.scope), need_person(self.scope, call.text("accountName", 0)))

    @function("AmIFollowedBy")
    def am_i_followed(self, call: Call) -> bool:
        """Whether somebody follows the caller."""
        return is_following(self.scope, need_person(self.scope, call.text("accountName", 0)), need_caller(self.scope))

    @action("Follow")
    def follow(self, call: Call) -> None:
        """Follow somebody."""
        add_following(self.scope, need_caller(self.scope), need_person(self.scope, call.text("accountName", 0)))

    @action("StopFollowing")
    def stop_following(self, call: Call) -> None:
        """Follow somebody no more."""
        drop_following(self.scope, need_caller(self.scope), need_person(self.scope, call.text("accountName", 0)))

    @function("GetFollowersFor")
    def followers_for(self, call: Call) -> People:
        """Who follows somebody."""
        return People(self.scope, followers(self.scope, need_person(self.scope, call.text("accountName", 0))))

    @function("GetMyFollowers")
    def my_followers(self, _call: Call) -> People:
        """Who follows the caller."""
        return People(self.scope, followers(self.scope, need_caller(self.scope)))

    @function("GetPeopleFollowedBy")
    def followed_by(self, call: Call) -> People:
        """Whom somebody follows."""
        return People(self.scope, following(self.scope, need_person(self.scope, call.text("accountName", 0))))

    @function("GetPeopleFollowedByMe")
    def followed_by_me(self, _call: Call) -> People:
        """Whom the caller follows."""
        return People(self.scope, following(self.scope, need_caller(self.scope)))

    @function("GetMySuggestions")
    def my_suggestions(self, _call: Call) -> People:
        """People of the caller's department whom they don't follow."""
        caller = need_caller(self.scope)
        hidden = set(caller.props.get("_Hidden") or ())
        known = {each.id for each in following(self.scope, caller)} | {caller.id}
        department = caller.props.get("department")
        found = [each for each in self.scope.tenant.directory.users() if each.props.get("department") == department]
        suggested = [each for each in found if department and each.id not in known and each.guid not in hidden]
        return People(self.scope, suggested)

    @action("HideSuggestion")
    def hide_suggestion(self, call: Call) -> None:
        """Suggest somebody no more."""
        caller, person = need_caller(self.scope), need_person(self.scope, call.text("accountName", 0))
        hidden = [*dict.fromkeys([*(caller.props.get("_Hidden") or ()), person.guid])]
        self.scope.store.update(caller, {"_Hidden": hidden}, at=self.scope.now)

    @action("FollowTag")
    def follow_tag(self, call: Call) -> None:
        """Follow a tag."""
        caller = need_caller(self.scope)
        tags = [*dict.fromkeys([*(caller.props.get("_Tags") or ()), call.text("value", 0)])]
        self.scope.store.update(caller, {"_Tags": tags}, at=self.scope.now)

    @action("StopFollowingTag")
    def stop_following_tag(self, call: Call) -> None:
        """Follow a tag no more."""
        caller, gone = need_caller(self.scope), call.text("value", 0)
        tags = [each for each in caller.props.get("_Tags") or () if each != gone]
        self.scope.store.update(caller, {"_Tags": tags}, at=self.scope.now)

    @function("GetFollowedTags")
    def followed_tags(self, call: Call) -> Result:
        """The tags that the caller follows."""
        tags = (need_caller(self.scope).props.get("_Tags") or [])[: call.number("cTagsToFetch", 0)]
        return Result("GetFollowedTags", Bag(TEXTS, tuple(tags)))

    @action("GetDefaultDocumentLibrary")
    def default_library(self, call: Call) -> Result:
        """The address of somebody's files; their site is made when that is asked for."""
        user = need_person(self.scope, call.text("accountName", 0))
        create = call.flag("createSiteIfNotExists", 1, default=False)
        found = personal_site(self.scope.tenant, user) if create else find_personal_site(self.scope.tenant, user)
        return Result("GetDefaultDocumentLibrary", "" if found is None else f"https://{found.name}/Documents")

    @function("GetUserOneDriveQuotaMax")
    def quota(self, call: Call) -> int:
        """The largest size of somebody's OneDrive in megabytes."""
        need_person(self.scope, call.text("accountName", 0))
        return _QUOTA


class UserProfile(Resource):
    """A person's own profile."""

    type = "SP.UserProfiles.UserProfile"
    feed = "UserProfile"
    write_level = Level.READ
    declared = table(
        group(TEXT, "", "AccountName DisplayName FollowPersonalSiteUrl JobTitle MySiteHostUrl PublicUrl SipAddress "
              "UrlToCreatePersonalSite"),
        group(TEXT, None, "PersonalSiteFirstCreationError PictureUrl"),
        group(BOOLEAN, False, "IsDefaultDocumentLibraryBlocked PictureImportEnabled"),
        group(BOOLEAN, True, "IsPeopleListPublic IsPrivacySettingOn IsSelf"),
        group(INT, 0, "MySiteFirstRunExperience O15FirstRunExperience PersonalSiteNumberOfRetries"),
        group(INT, 0, "PersonalSiteCapabilities PersonalSiteInstantiationState"),
        group(DATE, None, "PersonalSiteFirstCreationTime PersonalSiteLastCreationTime"),
    )  # fmt: skip

    def __init__(self, scope: Scope, user: Entity) -> None:
        super().__init__(scope)
        self.user = user

    @property
    def path(self) -> str:
        return "SP.UserProfiles.ProfileLoader.GetProfileLoader/GetUserProfile"

    def stored(self) -> Mapping[str, Any]:
        host, values = self.scope.tenant.names.personal, profile_properties(self.scope, self.user)
        found = find_personal_site(self.scope.tenant, self.user)
        return {
            "AccountName": values["AccountName"],
            "DisplayName": values["PreferredName"],
            "FollowPersonalSiteUrl": personal_url(self.scope, self.user),
            "JobTitle": values["Title"],
            "MySiteHostUrl": f"https://{host}:443/",
            "PublicUrl": f"https://{host}:443/Person.aspx?accountname={values['AccountName'].replace('#', '%23')}",
            "SipAddress": values["SPS-SipAddress"],
            "UrlToCreatePersonalSite": f"https://{host}/_layouts/15/CreatePersonalSite.aspx",
            "PersonalSiteCapabilities": int(values["SPS-PersonalSiteCapabilities"]),
            "PersonalSiteInstantiationState": int(values["SPS-PersonalSiteInstantiationState"]),
            "PersonalSiteFirstCreationTime": found.created if found else None,
            "PersonalSiteLastCreationTime": found.created if found else None,
            **(self.user.props.get("_Experience") or {}),
        }

    @link("PersonalSite")
    def own_site(self) -> site.Site | None:
        """The person's OneDrive."""
        found = find_personal_site(self.scope.tenant, self.user)
        return None if found is None else site.Site(scope_of_site(self.scope, found), found)

    @action("CreatePersonalSite")
    def create_site(self, call: Call) -> None:
        """Make the person's OneDrive."""
        self.create_site_later(call)

    @action("CreatePersonalSiteEnque")
    def create_site_later(self, _call: Call) -> None:
        """Ask for the person's OneDrive; the rehearsal makes it at once."""
        if personal_site(self.scope.tenant, self.user) is None:
            raise access_denied()

    @action("ShareAllSocialData")
    def share_social(self, call: Call) -> Result:
        """Show what one follows to everybody, or to nobody."""
        kept = {**(self.user.props.get("_Experience") or {}), "IsPrivacySettingOn": call.flag("shareAll", 0)}
        self.user = self.scope.store.update(self.user, {"_Experience": kept}, at=self.scope.now)
        return Result("ShareAllSocialData", None)

    @action("SetMySiteFirstRunExperience")
    def set_first_run(self, call: Call) -> None:
        """Note how far the person has been shown around."""
        kept = {**(self.user.props.get("_Experience") or {}), "MySiteFirstRunExperience": call.number("value", 0)}
        self.user = self.scope.store.update(self.user, {"_Experience": kept}, at=self.scope.now)


class ProfileLoader(Resource):
    """The way to the caller's own profile."""

    type = "SP.UserProfiles.ProfileLoader"
    feed = "ProfileLoader"
    write_level = Level.READ

    @property
    def path(self) -> str:
        return "SP.UserProfiles.ProfileLoader.GetProfileLoader"

    @function("GetUserProfile")
    def user_profile(self, _call: Call) -> UserProfile:
        """The caller's profile."""
        return UserProfile(self.scope, need_caller(self.scope))

    @action("CreatePersonalSiteEnqueueBulk", Level.CONTROL)
    def create_many(self, call: Call) -> Result:
        """Make the OneDrives of people; refused to who does not administer the tenant. Gives those who have none."""
        claims = self.scope.claims
        if not claims.app_only and not is_tenant_administrator(self.scope.tenant, claims):
            raise access_denied()
        emails = [str(each) for each in plain(call.value("emailIDs", 0)) or []]
        failed = []
        for email in emails:
            user = find_person(self.scope, email)
            if user is None or personal_site(self.scope.tenant, user) is None:
                failed.append(email)
        return Result("CreatePersonalSiteEnqueueBulk", Bag(TEXTS, tuple(failed)))
