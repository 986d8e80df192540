"""Tenant-wide policies as a new tenant has them."""

from __future__ import annotations

from typing import Any

PARTNER_BLOCKS = (
    "b2bCollaborationInbound",
    "b2bCollaborationOutbound",
    "b2bDirectConnectInbound",
    "b2bDirectConnectOutbound",
    "inboundTrust",
    "automaticUserConsentSettings",
    "tenantRestrictions",
    "m365CollaborationInbound",
    "m365CollaborationOutbound",
    "appServiceConnectInbound",
    "m365Capabilities",
)


def access(kind: str, *, applications: str = "AllApplications") -> dict[str, Any]:
    """A block that allows or blocks everybody and everything."""
    return {
        "usersAndGroups": {"accessType": kind, "targets": [{"target": "AllUsers", "targetType": "user"}]},
        "applications": {"accessType": kind, "targets": [{"target": applications, "targetType": "application"}]},
    }


def cross_tenant_default() -> dict[str, Any]:
    """Collaboration open both ways, direct connect closed both ways: Microsoft's service default."""
    everyone = {"accessType": "blocked", "targets": [{"target": "AllUsers", "targetType": "user"}]}
    return {
        "isServiceDefault": True,
        "inboundTrust": {
            "isMfaAccepted": False,
            "isCompliantDeviceAccepted": False,
            "isHybridAzureADJoinedDeviceAccepted": False,
        },
        "b2bCollaborationOutbound": access("allowed"),
        "b2bCollaborationInbound": access("allowed"),
        "b2bDirectConnectOutbound": access("blocked"),
        "b2bDirectConnectInbound": access("blocked"),
        "tenantRestrictions": {"devices": None, **access("blocked")},
        "automaticUserConsentSettings": {"inboundAllowed": False, "outboundAllowed": False},
        "invitationRedemptionIdentityProviderConfiguration": {
            "primaryIdentityProviderPrecedenceOrder": [
                "externalFederation",
                "azureActiveDirectory",
                "socialIdentityProviders",
            ],
            "fallbackIdentityProvider": "defaultConfiguredIdp",
        },
        "m365CollaborationInbound": {"users": everyone},
        "m365CollaborationOutbound": {"usersAndGroups": everyone},
        "appServiceConnectInbound": {"applications": access("blocked")["applications"]},
        "m365Capabilities": None,
    }


def authorisation_policy() -> dict[str, Any]:
    """Who may invite, what users and guests may do: a new tenant's defaults."""
    return {
        "id": "authorizationPolicy",
        "allowInvitesFrom": "everyone",
        "allowedToSignUpEmailBasedSubscriptions": True,
        "allowedToUseSSPR": True,
        "allowEmailVerifiedUsersToJoinOrganization": False,
        "allowUserConsentForRiskyApps": None,
        "blockMsolPowerShell": False,
        "description": "Used to manage authorization related settings across the company.",
        "displayName": "Authorization Policy",
        "guestUserRoleId": "10dae51f-b6af-4016-8d66-8c2a99b929b3",
        "defaultUserRolePermissions": {
            "allowedToCreateApps": True,
            "allowedToCreateSecurityGroups": True,
            "allowedToCreateTenants": True,
            "allowedToReadBitlockerKeysForOwnedDevice": True,
            "allowedToReadOtherUsers": True,
            "permissionGrantPoliciesAssigned": ["ManagePermissionGrantsForSelf.microsoft-user-default-legacy"],
        },
    }


def sharepoint_settings() -> dict[str, Any]:
    """The 29 settings of `admin/sharepoint/settings`."""
    return {
        "allowedDomainGuidsForSyncApp": [],
        "availableManagedPathsForSiteCreation": ["/sites/", "/teams/"],
        "deletedUserPersonalSiteRetentionPeriodInDays": 30,
        "excludedFileExtensionsForSyncApp": [],
        "idleSessionSignOut": {"isEnabled": False, "warnAfterInSeconds": 0, "signOutAfterInSeconds": 0},
        "imageTaggingOption": "basic",
        "isCommentingOnSitePagesEnabled": True,
        "isFileActivityNotificationEnabled": True,
        "isLegacyAuthProtocolsEnabled": True,
        "isLoopEnabled": True,
        "isMacSyncAppEnabled": True,
        "isRequireAcceptingUserToMatchInvitedUserEnabled": False,
        "isResharingByExternalUsersEnabled": True,
        "isSharePointMobileNotificationEnabled": True,
        "isSharePointNewsfeedEnabled": False,
        "isSiteCreationEnabled": True,
        "isSiteCreationUIEnabled": True,
        "isSitePagesCreationEnabled": True,
        "isSitesStorageLimitAutomatic": True,
        "isSyncButtonHiddenOnPersonalSite": False,
        "isUnmanagedSyncAppForTenantRestricted": False,
        "personalSiteDefaultStorageLimitInMB": 1_048_576,
        "sharingAllowedDomainList": [],
        "sharingBlockedDomainList": [],
        "sharingCapability": "externalUserAndGuestSharing",
        "sharingDomainRestrictionMode": "none",
        "siteCreationDefaultManagedPath": "/sites/",
        "siteCreationDefaultStorageLimitInMB": 26_214_400,
        "tenantDefaultTimezone": "(UTC) Dublin, Edinburgh, Lisbon, London",
    }


def merge_block(now: object, patch: object) -> object:
    """A complex property after a PATCH: the parts that are given replace the parts that were there."""
    if isinstance(now, dict) and isinstance(patch, dict):
        return {**now, **{name: merge_block(now.get(name), value) for name, value in patch.items()}}
    return patch
