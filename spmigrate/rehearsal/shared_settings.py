"""Settings that Graph and SPO.Tenant both show: one fact, kept under SPO.Tenant's name, two ways to write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
_SWITCHES = {
    "isLegacyAuthProtocolsEnabled": ("LegacyAuthProtocolsEnabled", True),
    "isResharingByExternalUsersEnabled": ("PreventExternalUsersFromResharing", False),
    "isRequireAcceptingUserToMatchInvitedUserEnabled": ("RequireAcceptingAccountMatchInvitedAccount", True),
}


def to_graph(sharepoint: Mapping[str, Any]) -> dict[str, Any]:
    """The shared settings among SPO.Tenant's, as Graph writes them."""
    shown: dict[str, Any] = {}
    for name, (other, choices) in _CHOICES.items():
        if other in sharepoint:
            shown[name] = choices[int(sharepoint[other])]
    for name, other in _LISTS.items():
        if other in sharepoint:
            shown[name] = str(sharepoint[other] or "").split()
    for name, (other, same) in _SWITCHES.items():
        if other in sharepoint:
            shown[name] = bool(sharepoint[other]) is same
    return shown


def to_sharepoint(graph: Mapping[str, Any]) -> dict[str, Any]:
    """The shared settings among Graph's, as SPO.Tenant writes them; a ValueError for a word that is none."""
    kept: dict[str, Any] = {}
    for name, (other, choices) in _CHOICES.items():
        if name in graph:
            kept[other] = choices.index(graph[name])
    for name, other in _LISTS.items():
        if name in graph:
            kept[other] = " ".join(graph[name] or [])
    for name, (other, same) in _SWITCHES.items():
        if name in graph:
            kept[other] = bool(graph[name]) is same
    return kept
