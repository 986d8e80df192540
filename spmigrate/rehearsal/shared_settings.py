"""The tenant's SharePoint settings, which Graph and SPO.Tenant both show: one value, two ways to write it.

What was set is kept under SPO.Tenant's names. Graph's own names (`policy` "sharepointSettings") hold what a new tenant
has, and what only Graph can say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.storage import Store

_KEY = "spo.tenant"
_CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "sharingCapability": (
        "SharingCapability",
        ("disabled", "externalUserSharingOnly", "externalUserAndGuestSharing", "existingExternalUserSharingOnly"),
    ),
    "sharingDomainRestrictionMode": ("SharingDomainRestrictionMode", ("none", "allowList", "blockList")),
}
_LISTS = {
    "sharingAllowedDomainList": "SharingAllowedDomainList",
    "sharingBlockedDomainList": "SharingBlockedDomainList",
}
_NUMBERS = {
    "deletedUserPersonalSiteRetentionPeriodInDays": "OrphanedPersonalSitesRetentionPeriod",
    "personalSiteDefaultStorageLimitInMB": "OneDriveStorageQuota",
}
# False where one name says the opposite of the other.
_SWITCHES = {
    "isCommentingOnSitePagesEnabled": ("CommentsOnSitePagesDisabled", False),
    "isFileActivityNotificationEnabled": ("NotificationsInOneDriveForBusinessEnabled", True),
    "isLegacyAuthProtocolsEnabled": ("LegacyAuthProtocolsEnabled", True),
    "isLoopEnabled": ("IsLoopEnabled", True),
    "isMacSyncAppEnabled": ("BlockMacSync", False),
    "isRequireAcceptingUserToMatchInvitedUserEnabled": ("RequireAcceptingAccountMatchInvitedAccount", True),
    "isResharingByExternalUsersEnabled": ("PreventExternalUsersFromResharing", False),
    "isSharePointMobileNotificationEnabled": ("NotificationsInSharePointEnabled", True),
    "isSiteCreationEnabled": ("SelfServiceSiteCreationDisabled", False),
    "isSiteCreationUIEnabled": ("DisplayStartASiteOption", True),
    "isSyncButtonHiddenOnPersonalSite": ("HideSyncButtonOnODB", True),
    "isUnmanagedSyncAppForTenantRestricted": ("IsUnmanagedSyncClientForTenantRestricted", True),
}
SHARED = frozenset({*_CHOICES, *_LISTS, *_NUMBERS, *_SWITCHES})
"""Graph's names of the settings that SPO.Tenant has too."""


def read_settings(store: Store) -> dict[str, Any]:
    """What was set for the tenant, under SPO.Tenant's names; anything else has its default."""
    return dict(store.read_value(_KEY) or {})


def write_settings(store: Store, patch: Mapping[str, Any]) -> None:
    """Keep settings under SPO.Tenant's names; a ValueError, whose text is the name, for a choice that is none."""
    for name, choices in _CHOICES.values():
        if name in patch and (type(patch[name]) is not int or not 0 <= patch[name] < len(choices)):
            raise ValueError(name)
    store.write_value(_KEY, {**read_settings(store), **patch})


def to_graph(sharepoint: Mapping[str, Any]) -> dict[str, Any]:
    """The shared settings among SPO.Tenant's, as Graph writes them."""
    shown: dict[str, Any] = {}
    for name, (other, choices) in _CHOICES.items():
        if other in sharepoint:
            shown[name] = choices[sharepoint[other]]
    for name, other in _LISTS.items():
        if other in sharepoint:
            shown[name] = str(sharepoint[other] or "").split()
    for name, other in _NUMBERS.items():
        if other in sharepoint:
            shown[name] = int(sharepoint[other])
    for name, (other, same) in _SWITCHES.items():
        if other in sharepoint:
            shown[name] = bool(sharepoint[other]) is same
    return shown


def to_sharepoint(graph: Mapping[str, Any]) -> dict[str, Any]:
    """The shared settings among Graph's, as SPO.Tenant writes them; a ValueError, whose text is the name, for a value
    that a setting can't have."""
    kept: dict[str, Any] = {}
    for name, (other, choices) in _CHOICES.items():
        if name in graph:
            _require(name, fits=graph[name] in choices)
            kept[other] = choices.index(graph[name])
    for name, other in _LISTS.items():
        if name in graph:
            domains = graph[name]
            _require(name, fits=isinstance(domains, list) and all(isinstance(each, str) for each in domains))
            kept[other] = " ".join(domains)
    for name, other in _NUMBERS.items():
        if name in graph:
            _require(name, fits=type(graph[name]) is int)
            kept[other] = graph[name]
    for name, (other, same) in _SWITCHES.items():
        if name in graph:
            _require(name, fits=isinstance(graph[name], bool))
            kept[other] = graph[name] is same
    return kept


def _require(name: str, *, fits: bool) -> None:
    if not fits:
        raise ValueError(name)
