"""The properties of a user profile: what the directory says of a person, and what was set besides."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.one_drive import find_personal_site, has_one_drive
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# What was set on a profile by its own interface, kept with the user.
SET = "_Profile"
# Properties that come from the directory; the others are empty until somebody sets them.
_EMPTY_NAMES = (
    "SPS-PhoneticFirstName SPS-PhoneticLastName SPS-PhoneticDisplayName AboutMe QuickLinks WebSite"
    " PublicSiteRedirect SPS-DataSource SPS-MemberOf SPS-Dotted-line SPS-Peers SPS-Responsibility"
    " SPS-MySiteUpgrade SPS-DontSuggestList SPS-HireDate SPS-DisplayOrder SPS-LastColleagueAdded SPS-OWAUrl"
    " SPS-ResourceAccountName SPS-MasterAccountName SPS-O15FirstRunExperience SPS-DistinguishedName"
    " SPS-SourceObjectDN SPS-ClaimProviderType SPS-SavedSID SPS-ObjectExists SPS-FeedIdentifier Fax HomePhone"
    " SPS-Location Assistant SPS-PastProjects SPS-Skills SPS-School SPS-Birthday SPS-StatusNotes SPS-Interests"
    " SPS-HashTags SPS-EmailOptin SPS-PictureTimestamp SPS-PicturePlaceholderState SPS-PictureExchangeSyncState"
    " SPS-TimeZone OfficeGraphEnabled SPS-UserType SPS-HideFromAddressLists SPS-RecipientTypeDetails DelveFlags"
    " PulseMRUPeople SPS-PointPublishingUrl SPS-TenantInstanceId SPS-SharePointHomeExperienceState SPS-RefreshToken"
    " SPS-MultiGeoFlags PreferredDataLocation SPS-PersonalSiteFirstCreationTime SPS-PersonalSiteLastCreationTime"
    " SPS-PersonalSiteNumberOfRetries SPS-PersonalSiteFirstCreationError SPS-ContentLanguages SPS-MUILanguages"
    " SPS-Locale SPS-CalendarType SPS-TimeZone SPS-RegionalSettings-FollowWeb"
)
_EMPTY = _EMPTY_NAMES.split()
# What people may alter on their own profile here; the rest comes from the directory.
_EDITABLE_NAMES = (
    "AboutMe SPS-Interests SPS-Skills SPS-School SPS-PastProjects SPS-Responsibility SPS-Birthday SPS-StatusNotes"
    " WebSite Fax HomePhone CellPhone Assistant SPS-Peers SPS-Dotted-line SPS-DisplayOrder SPS-HashTags SPS-TimeZone"
    " SPS-PictureTimestamp SPS-PicturePlaceholderState SPS-PictureExchangeSyncState PictureURL SPS-EmailOptin"
    " SPS-PrivacyPeople SPS-PrivacyActivity SPS-MUILanguages SPS-ContentLanguages SPS-Locale QuickLinks"
)
EDITABLE = frozenset(_EDITABLE_NAMES.split())


def account_name(user: Entity) -> str:
    """The claims login name of a person."""
    return f"i:0#.f|membership|{user.name.lower()}"


def personal_url(scope: Scope, user: Entity) -> str:
    """The address of somebody's OneDrive, or of their page where there is none."""
    host = scope.tenant.names.personal
    site = find_personal_site(scope.tenant, user)
    if site is not None:
        return f"https://{site.name}/"
    return f"https://{host}/person.aspx?accountname={account_name(user).replace('#', '%23').replace('|', '%7C')}"


def profile_properties(scope: Scope, user: Entity) -> dict[str, str]:
    """Every property of a profile by name; values are texts."""
    props = user.props
    site = find_personal_site(scope.tenant, user)
    phones = props.get("businessPhones") or [""]
    known: dict[str, Any] = {
        "UserProfile_GUID": user.guid,
        "SID": f"i:0h.f|membership|{user.guid.replace('-', '')[:16]}@live.com",
        "ADGuid": "System.Byte[]",
        "AccountName": account_name(user),
        "FirstName": props.get("givenName"),
        "LastName": props.get("surname"),
        "PreferredName": props.get("displayName"),
        "WorkPhone": phones[0],
        "Department": props.get("department"),
        "Title": props.get("jobTitle"),
        "SPS-Department": props.get("department"),
        "Manager": _manager(scope, user),
        "PersonalSpace": f"/{site.name.partition('/')[2]}/" if site else "",
        "PictureURL": "",
        "UserName": user.name,
        "SPS-JobTitle": props.get("jobTitle"),
        "SPS-SipAddress": props.get("mail"),
        "SPS-ProxyAddresses": "; ".join(props.get("proxyAddresses") or ()),
        "SPS-ClaimID": user.name,
        "SPS-ClaimProviderID": "membership",
        "SPS-UserPrincipalName": user.name,
        "SPS-SavedAccountName": account_name(user),
        "SPS-PersonalSiteInstantiationState": "2" if site else "0",
        "SPS-PersonalSiteCapabilities": "36" if has_one_drive(scope.tenant, user) else "0",
        "WorkEmail": props.get("mail"),
        "CellPhone": props.get("mobilePhone"),
        "Office": props.get("officeLocation"),
        "SPS-PrivacyPeople": "True",
        "SPS-PrivacyActivity": "4095",
        "msOnline-ObjectId": user.guid,
    }
    empty = dict.fromkeys(_EMPTY, "")
    set_here = props.get(SET) or {}
    return {name: "" if value is None else str(value) for name, value in {**known, **empty, **set_here}.items()}


def _manager(scope: Scope, user: Entity) -> str:
    manager = scope.tenant.directory.user(str(user.props.get("_manager") or ""))
    return "" if manager is None else account_name(manager)
