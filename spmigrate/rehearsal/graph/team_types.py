"""Types of Teams in Graph: the names of v1.0's metadata."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.graph.types import define_type

TEAM = define_type(
    "team",
    "classification createdDateTime description displayName firstChannelName funSettings guestSettings internalId"
    " isArchived isMembershipLimitedToOwners memberSettings messagingSettings specialization summary tenantId"
    " visibility webUrl discoverySettings",
    "allChannels channels group incomingChannels installedApps members operations permissionGrants photo primaryChannel"
    " schedule tags template",
    expandable="channels members primaryChannel",
)
CHANNEL = define_type(
    "channel",
    "createdDateTime description displayName email isArchived isFavoriteByDefault layoutType membershipType"
    " moderationSettings summary tenantId webUrl",
    "allMembers enabledApps filesFolder members messages sharedWithTeams tabs",
    expandable="members filesFolder",
)
MEMBER = define_type(
    "conversationMember", "displayName email roles tenantId userId visibleHistoryStartDateTime", "user", lists="roles"
)
OPERATION = define_type(
    "teamsAsyncOperation",
    "attemptsCount createdDateTime error lastActionDateTime operationType status targetResourceId"
    " targetResourceLocation",
)
MESSAGE = define_type(
    "chatMessage",
    "attachments body channelIdentity chatId createdDateTime deletedDateTime etag eventDetail from importance"
    " lastEditedDateTime lastModifiedDateTime locale mentions messageType policyViolation reactions replyToId subject"
    " summary webUrl",
    "hostedContents replies",
)
CHAT = define_type("chat", "chatType createdDateTime lastUpdatedDateTime tenantId topic webUrl", "members messages")
APP = define_type("teamsApp", "displayName distributionMethod externalId", "appDefinitions",
                  expandable="appDefinitions")  # fmt: skip
APP_DEFINITION = define_type(
    "teamsAppDefinition",
    "authorization createdBy description displayName lastModifiedDateTime publishingState shortDescription teamsAppId"
    " version",
)
INSTALLATION = define_type(
    "teamsAppInstallation", "consentedPermissionSet", "teamsApp teamsAppDefinition",
    expandable="teamsApp teamsAppDefinition",
)  # fmt: skip
TAB = define_type("teamsTab", "configuration displayName webUrl", "teamsApp", expandable="teamsApp")
# What a new team lets its people do.
SETTINGS: dict[str, dict[str, Any]] = {
    "memberSettings": {
        "allowCreateUpdateChannels": True,
        "allowCreatePrivateChannels": True,
        "allowDeleteChannels": True,
        "allowAddRemoveApps": True,
        "allowCreateUpdateRemoveTabs": True,
        "allowCreateUpdateRemoveConnectors": True,
    },
    "guestSettings": {"allowCreateUpdateChannels": False, "allowDeleteChannels": False},
    "messagingSettings": {
        "allowUserEditMessages": True,
        "allowUserDeleteMessages": True,
        "allowOwnerDeleteMessages": True,
        "allowTeamMentions": True,
        "allowChannelMentions": True,
    },
    "funSettings": {
        "allowGiphy": True,
        "giphyContentRating": "moderate",
        "allowStickersAndMemes": True,
        "allowCustomMemes": True,
    },
    "discoverySettings": {"showInTeamsSearchAndSuggestions": True},
}
