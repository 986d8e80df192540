"""The declared properties of a site, as the tenant's administrators see it."""

from __future__ import annotations

from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    DATE,
    DOUBLE,
    GUID,
    GUIDS,
    INT,
    LONG,
    TEXT,
    TEXTS,
    ZERO_GUID,
    group,
    table,
)

SITE_DETAIL_PROPERTIES = table(
    group(
        BOOLEAN,
        False,
        "HasHolds IsGroupOwnerSiteAdmin IsHubSite IsTeamsChannelConnected IsTeamsConnected",
    ),
    group(
        BOOLEAN,
        False,
        "AllowFileArchive AllowWebPropertyBagUpdateWhenDenyAddAndCustomizePagesIsEnabled "
        "ApplyToExistingDocumentLibraries ApplyToNewDocumentLibraries AuthenticationContextLimitedAccess "
        "BlockDownloadPolicy ClearGroupId ClearRestrictedAccessControl CommentsOnSitePagesDisabled "
        "DefaultLinkToExistingAccess DefaultLinkToExistingAccessReset "
        "DisableClassicPageBaselineSecurityMode DisableSiteBranding EnableAutoExpirationVersionTrim "
        "ExcludeBlockDownloadPolicySiteOwners HidePeoplePreviewingFiles HidePeopleWhoHaveListsOpen "
        "IsAuthoritative ListsShowHeaderAndNavigation OverrideSharingCapability "
        "OverrideTenantAnonymousLinkExpirationPolicy OverrideTenantExternalUserExpirationPolicy "
        "OverrideTenantOrganizationLinkExpirationPolicy ReadOnlyAccessPolicy "
        "ReadOnlyForBlockDownloadPolicy ReadOnlyForUnmanagedDevices RequestFilesLinkEnabled "
        "RestrictContentOrgWideSearch RestrictedAccessControl "
        "RestrictedContentDiscoveryforCopilotAndAgents SetOwnerWithoutUpdatingSecondaryAdmin "
        "SharingLockDownCanBeCleared SharingLockDownEnabled ShowPeoplePickerSuggestionsForGuestUsers "
        "SocialBarOnSitePagesDisabled",
        writable=True,
    ),
    group(
        BOOLEAN,
        True,
        "AllowDownloadingNonWebViewableFiles AllowEditing AllowSelfServiceUpgrade InheritVersionPolicyFromTenant",
        writable=True,
    ),
    group(DATE, None, "ArchivedTime CreatedTime LastContentModifiedDate"),
    group(DOUBLE, 0.0, "AverageResourceUsage CurrentResourceUsage"),
    group(DOUBLE, 200.0, "UserCodeWarningLevel", writable=True),
    group(DOUBLE, 300.0, "UserCodeMaximumLevel", writable=True),
    group(GUID, ZERO_GUID, "GroupId HubSiteId RelatedGroupId SiteId"),
    group(GUID, ZERO_GUID, "SensitivityLabel", writable=True),
    group(
        GUIDS,
        [],
        "ExcludedBlockDownloadGroupIds IBSegments IBSegmentsToAdd IBSegmentsToRemove "
        "RestrictedAccessControlGroups RestrictedAccessControlGroupsToAdd "
        "RestrictedAccessControlGroupsToRemove",
        writable=True,
    ),
    group(
        INT,
        -1,
        "DefaultMainLinkScope DefaultShareLinkScope LoopDefaultSharingLinkScope",
        writable=True,
    ),
    group(INT, 0, "SiteDefinedSharingCapability TeamsChannelType VersionCount"),
    group(
        INT,
        0,
        "AnonymousLinkExpirationInDays AnyoneLinkRecommendedExpirationInDays BlockGuestsAsSiteAdmin "
        "ConditionalAccessPolicy DefaultLinkPermission DefaultShareLinkRole DefaultSharingLinkType "
        "ExpireVersionsAfterDays ExternalUserExpirationInDays FileAnonymousLinkType "
        "FolderAnonymousLinkType LockReason LoopDefaultSharingLinkRole MajorWithMinorVersionsLimit "
        "MediaTranscription OrganizationLinkMaxExpirationInDays "
        "OrganizationLinkRecommendedExpirationInDays OverrideBlockUserInfoVisibility "
        "RequestFilesLinkExpirationInDays SharingCapability SharingDomainRestrictionMode",
        writable=True,
    ),
    group(INT, 1, "PWAEnabled WebsCount"),
    group(INT, 1, "BlockDownloadLinksFileType LimitedAccessFileType", writable=True),
    group(INT, 1033, "Lcid"),
    group(INT, 13, "TimeZoneId", writable=True),
    group(INT, 15, "CompatibilityLevel", writable=True),
    group(
        INT,
        2,
        "DenyAddAndCustomizePages DisableAppViews DisableCompanyWideSharingLinks DisableFlows "
        "SandboxedCodeActivationCapability",
        writable=True,
    ),
    group(INT, 3, "RestrictedToRegion", writable=True),
    group(INT, 500, "MajorVersionLimit", writable=True),
    group(
        LONG,
        0,
        "ArchivedFileDiskUsed BonusDiskQuota StorageUsage VersionSize",
    ),
    group(LONG, 25574400, "StorageWarningLevel", writable=True),
    group(LONG, 26214400, "StorageMaximumLevel", writable=True),
    group(
        TEXT,
        "",
        "ArchivedBy GroupOwnerLoginName LockIssue OwnerEmail OwnerLoginName OwnerName Template Url",
    ),
    group(
        TEXT,
        "",
        "AuthContextStrength AuthenticationContextName Description IBMode Owner SensitivityLabel2 "
        "SharingAllowedDomainList SharingBlockedDomainList Title",
        writable=True,
    ),
    group(TEXT, "Active", "Status"),
    group(TEXT, "NotArchived", "ArchiveStatus"),
    group(TEXT, "Unlock", "LockState", writable=True),
    group(TEXT, None, "StorageQuotaType", writable=True),
    group(
        TEXTS,
        [],
        "BlockDownloadMicrosoft365GroupIds BlockDownloadPolicyFileTypeIds "
        "ExcludeBlockDownloadSharePointGroups FileTypesForVersionExpiration "
        "RemoveVersionExpirationFileTypeOverride",
        writable=True,
    ),
    within={
        "DenyAddAndCustomizePages DisableAppViews DisableCompanyWideSharingLinks DisableFlows": range(3),
        "SandboxedCodeActivationCapability DefaultLinkPermission SharingDomainRestrictionMode": range(3),
        "FileAnonymousLinkType FolderAnonymousLinkType LimitedAccessFileType": range(3),
        "SharingCapability DefaultSharingLinkType ConditionalAccessPolicy RestrictedToRegion": range(4),
        "AnonymousLinkExpirationInDays ExternalUserExpirationInDays RequestFilesLinkExpirationInDays": range(731),
        "MajorVersionLimit MajorWithMinorVersionsLimit": range(-1, 50_001),
        "ExpireVersionsAfterDays": range(36_501),
        # Source: SharePoint limits, "Site storage": 25 TB, in MB.
        "StorageMaximumLevel StorageWarningLevel": range(26_214_401),
    },
)
