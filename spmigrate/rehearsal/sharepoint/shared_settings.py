"""Tenant settings that Graph shows too: one value, two names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.sharepoint.scope import Scope

_SHARING = {
    0: "disabled",
    1: "externalUserSharingOnly",
    2: "externalUserAndGuestSharing",
    3: "existingExternalUserSharingOnly",
}
_RESTRICTION = {0: "none", 1: "allowList", 2: "blockList"}
# Name here, name in Graph, and how the value there follows from the value here.
_ENUMS = (
    ("SharingCapability", "sharingCapability", _SHARING),
    ("SharingDomainRestrictionMode", "sharingDomainRestrictionMode", _RESTRICTION),
)
_LISTS = (
    ("SharingAllowedDomainList", "sharingAllowedDomainList"),
    ("SharingBlockedDomainList", "sharingBlockedDomainList"),
)
_FLAGS = (
    ("LegacyAuthProtocolsEnabled", "isLegacyAuthProtocolsEnabled", False),
    ("RequireAcceptingAccountMatchInvitedAccount", "isRequireAcceptingUserToMatchInvitedUserEnabled", False),
    ("IsLoopEnabled", "isLoopEnabled", False),
    ("PreventExternalUsersFromResharing", "isResharingByExternalUsersEnabled", True),
    ("CommentsOnSitePagesDisabled", "isCommentingOnSitePagesEnabled", True),
)


def read_shared(scope: Scope) -> dict[str, Any]:
    """The shared settings under SharePoint's names, from what Graph keeps."""
    policy = scope.store.find("policy", 0, "sharepointSettings")
    kept = policy.props if policy else {}
    found: dict[str, Any] = {}
    for name, other, words in _ENUMS:
        numbers = {word: number for number, word in words.items()}
        if kept.get(other) in numbers:
            found[name] = numbers[kept[other]]
    for name, other in _LISTS:
        if other in kept:
            found[name] = " ".join(kept[other] or [])
    for name, other, opposite in _FLAGS:
        if isinstance(kept.get(other), bool):
            found[name] = kept[other] is not opposite
    return found


def write_shared(scope: Scope, patch: Mapping[str, Any]) -> None:
    """Carry changed settings over to what Graph keeps."""
    policy = scope.store.find("policy", 0, "sharepointSettings")
    if policy is None:
        return
    changes: dict[str, Any] = {}
    for name, other, words in _ENUMS:
        if patch.get(name) in words:
            changes[other] = words[patch[name]]
    for name, other in _LISTS:
        if name in patch:
            changes[other] = str(patch[name] or "").split()
    for name, other, opposite in _FLAGS:
        if name in patch:
            changes[other] = bool(patch[name]) is not opposite
    if changes:
        scope.store.update(policy, changes, at=scope.now)
