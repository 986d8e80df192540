"""The declared properties of the tenant, as its administrators see them."""

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

TENANT_PROPERTIES = table(
    group(BOOLEAN, False, "HasAdminCompletedCUConfiguration IsMultiGeo"),
    group(
        BOOLEAN,
        False,
        "AllowAppsBypassOfUnmanagedDevicePolicy AllowClassicPublishingSiteCreation "
        "AllowDownloadingNonWebViewableFiles AllowEveryoneExceptExternalUsersClaimInPrivateSite "
        "AllowFileArchive AllowFileArchiveOnNewSitesByDefault "
        "AllowGuestUserShareToUsersNotInSiteCollection AllowLegacyAuthProtocolsEnabledSetting "
        "AllowLegacyBrowserAuthProtocolsEnabledSetting AllowLimitedAccessOnUnmanagedDevices "
        "AllowOverrideForBlockUserInfoVisibility AllowSensitivityLabelOnRecords "
        "AllowSharingOutsideRestrictedAccessControlGroups "
        "AllowWebPropertyBagUpdateWhenDenyAddAndCustomizePagesIsEnabled AnyoneLinkTrackUsers "
        "AppBypassInformationBarriers AppOnlyBypassPeoplePickerPolicies "
        "ApplyAppEnforcedRestrictionsToAdHocRecipients AutofillColumnsCustomModelEnabled "
        "AutofillColumnsEnabled BccExternalSharingInvitations BlockAccessOnUnmanagedDevices "
        "BlockAppAccessWithAuthenticationContext BlockDownloadFileTypePolicy "
        "BlockDownloadOfAllFilesForGuests BlockDownloadOfAllFilesOnUnmanagedDevices "
        "BlockDownloadOfViewableFilesForGuests BlockDownloadOfViewableFilesOnUnmanagedDevices "
        "BlockMacSync BlockSendLabelMismatchEmail BusinessConnectivityServiceDisabled "
        "ClassicPagesRestrictMode CommentsOnFilesDisabled CommentsOnListItemsDisabled "
        "CommentsOnSitePagesDisabled ContentSecurityPolicyConfigSynced ContentSecurityPolicyEnforcement "
        "CopilotSearchOptIn CoreDefaultLinkToExistingAccess CustomScriptsRestrictMode "
        "DataverseUsageConsentEnabled DelayContentSecurityPolicyEnforcement "
        "DelayDenyAddAndCustomizePagesEnforcement "
        "DelayDenyAddAndCustomizePagesEnforcementOnClassicPublishingSites "
        "DelegateRestrictedAccessControlConfiguration DelegateRestrictedContentDiscoveryConfiguration "
        "DisableAddToOneDrive DisableBackToClassic DisableDocumentLibraryDefaultLabeling "
        "DisableOutlookPSTVersionTrimming DisablePersonalListCreation DisableReportProblemDialog "
        "DisableSharePointStoreAccess DisableSpacesActivation "
        "DisableSpfxTopBottomPlaceholdersInElevatedContent "
        "DisableTeamsMeetingRecordingDeletedNotification DisableVivaConnectionsAnalytics "
        "DisallowInfectedFileDownload DocumentUnderstandingEnabled ESignatureEnabled "
        "EmailAttestationEnabled EmailAttestationRequired EnableAgentWorkerSharingDisclaimer "
        "EnableAutoExpirationVersionTrim EnableAzureADB2BIntegration EnableDirectToCustomerBilling "
        "EnableDiscoverableByOrganizationForVideos EnableGuestSignInAcceleration EnableMediaReactions "
        "EnableMipSiteLabel EnableNotificationsSubscriptions EnablePromotedFileHandlers "
        "EnableRestrictedAccessControl EnableSensitivityLabelForOneNote EnableSensitivityLabelForPDF "
        "EnableSensitivityLabelForVideoFiles EnableSiteArchive EnableTenantRestrictionsInsights "
        "EnabledFlightAllowAADB2BSkipCheckingOTP EnforceRequestDigest "
        "ExemptNativeUsersFromTenantLevelRestricedAccessControl ExtendPermissionsToUnprotectedFiles "
        "ExternalServicesEnabled ExternalUserExpirationRequired HardDeprecationRPSEnabled "
        "HasIntelligentContentServicesCapability HasTopicExperiencesCapability HideDefaultThemes "
        "HideSyncButtonOnDocLib HideSyncButtonOnODB IBImplicitGroupBased IPAddressEnforcement "
        "InformationBarriersSuspension IsAppBarTemporarilyDisabled IsDataAccessInCardDesignerEnabled "
        "IsFilePreviewDomainRestrictionEnabled IsHubSitesMultiGeoFlightEnabled IsMnAFlightEnabled "
        "IsMultipleHomeSitesFlightEnabled IsMultipleVivaConnectionsFlightEnabled "
        "IsOnlyCertifiedAppsAllowed IsSelfServiceContainerTypeManagementEnabled "
        "IsUnmanagedSyncClientForTenantRestricted IsUnmanagedSyncClientRestrictionFlightEnabled "
        "IsVivaHomeFlightEnabled IsVivaHomeGAFlightEnabled IsWBFluidEnabled KnowledgeAgentEnabled "
        "LegacyBrowserAuthProtocolsEnabled M365AdditionalStorageSPOEnabled M365SharePointStorageEnabled "
        "MachineLearningCaptureEnabled MarkAllFilesAsSensitiveByDefault MassDeleteNotificationDisabled "
        "MassDeleteNotificationDisabledForODB MassDeleteNotificationDisabledForSPO "
        "NewSharePointExperienceOptIn NoAccessRedirectUrl ODBTranslationEnabled OfficeClientADALDisabled "
        "OneDriveDefaultLinkToExistingAccess OneDriveRequestFilesLinkEnabled OptOutOfGrooveBlock "
        "OptOutOfGrooveSoftBlock PermissiveBrowserFileHandlingOverride PrebuiltEnabled "
        "PreventExternalUsersFromResharing PublicCdnEnabled ReduceTempTokenLifetimeEnabled "
        "RequireAcceptingAccountMatchInvitedAccount RestrictExternalSharingForAgents "
        "RestrictResourceAccountAccess RestrictedOneDriveLicense RestrictedSharePointLicense "
        "SearchResolveExactEmailOrUPN SelfServiceSiteCreationDisabled SharePointAddInsBlocked "
        "ShowAllUsersClaim ShowEveryoneClaim ShowOpenInDesktopOptionForSyncedFiles "
        "ShowPeoplePickerGroupSuggestionsForIB ShowPeoplePickerSuggestionsForGuestUsers "
        "SiteOwnerManageLegacyServicePrincipalEnabled SiteOwnersCanAccessMissingContent "
        "SocialBarOnSitePagesDisabled StopAlerts TaxonomyTaggingEnabled TranslationEnabled "
        "UniversalAnnotationDisabled UnlicensedOdbSyntexBillingEnabled "
        "UsePersistentCookiesForExplorerView ViewersCanCommentOnMediaDisabled",
        writable=True,
    ),
    group(
        BOOLEAN,
        True,
        "AllowCommentsTextOnEmailEnabled AllowEditing CoreRequestFilesLinkEnabled "
        "DisableCustomAppAuthentication DisplayNamesOfFileViewers DisplayNamesOfFileViewersInSpo "
        "DisplayStartASiteOption EnableAIPIntegration EnableAutoNewsDigest "
        "EnableMinimumVersionRequirement FilePickerExternalImageSearchEnabled "
        "IncludeAtAGlanceInShareEmails IsCollabMeetingNotesFluidEnabled IsEnableAppAuthPopUpEnabled "
        "IsFluidEnabled IsLoopEnabled LegacyAuthProtocolsEnabled MobileFriendlyUrlEnabledInTenant "
        "NotificationsInOneDriveForBusinessEnabled NotificationsInSharePointEnabled "
        "NotifyOwnersWhenInvitationsAccepted NotifyOwnersWhenItemsReshared OneDriveForGuestsEnabled "
        "OwnerAnonymousNotification ProvisionSharedWithEveryoneFolder SharePointAddInsDisabled "
        "ShowEveryoneExceptExternalUsersClaim ShowNGSCDialogForSyncOnODB StopNew2010Workflows "
        "StopNew2013Workflows SyncPrivacyProfileProperties UseFindPeopleInPeoplePicker "
        "ViewInFileExplorerEnabled Workflow2010Disabled",
        writable=True,
    ),
    group(DATE, None, "StreamLaunchConfigLastUpdated", writable=True),
    group(DOUBLE, 0.0, "ReactivationCost ResourceQuota ResourceQuotaAllocated"),
    group(GUID, ZERO_GUID, "AllOrganizationSecurityGroupId", writable=True),
    group(
        GUIDS,
        [],
        "AIBuilderSiteList AllowedDomainListForSyncClient AppAccessInformationBarriersAllowList "
        "AutofillColumnsSiteList DisabledAdaptiveCardExtensionIds DisabledModernListTemplateIds "
        "DisabledWebPartIds DocumentUnderstandingSiteList ESignatureSiteList "
        "ExcludedBlockDownloadGroupIds ImageTaggingSiteList KnowledgeAgentSiteList OCRAdminODBGroupList "
        "OCRAdminODBUserList OCRAdminSiteList OCRComplianceODBGroupList OCRComplianceODBUserList "
        "OCRComplianceSiteList PrebuiltSiteList RestrictExternalSharing SmartWikiEntrySiteList "
        "TaxonomyTaggingSiteList TranslationSiteList",
        writable=True,
    ),
    group(
        INT,
        -1,
        "CoreDefaultShareLinkScope CoreLoopDefaultSharingLinkScope OneDriveDefaultShareLinkScope "
        "OneDriveLoopDefaultSharingLinkScope RequireAnonymousLinksExpireInDays",
        writable=True,
    ),
    group(INT, 0, "ArchivedFileStorageUsageMB"),
    group(
        INT,
        0,
        "AIBuilderEnabledInContentCenter AddressbarLinkPermission "
        "AllowAnonymousMeetingParticipantsToAccessWhiteboards AuthContextResilienceMode "
        "BlockUserInfoVisibilityInOneDrive BlockUserInfoVisibilityInSharePoint ConditionalAccessPolicy "
        "CoreAnyoneSharingLinkMaxExpirationInDays CoreAnyoneSharingLinkRecommendedExpirationInDays "
        "CoreBlockGuestsAsSiteAdmin CoreDefaultShareLinkRole CoreLoopDefaultSharingLinkRole "
        "CoreOrganizationSharingLinkMaxExpirationInDays "
        "CoreOrganizationSharingLinkRecommendedExpirationInDays CoreRequestFilesLinkExpirationInDays "
        "DocumentUnderstandingEnabledInContentCenter ExpireVersionsAfterDays KnowledgeAgentScopeMode "
        "MarkNewFilesSensitiveByDefault MediaTranscription MediaTranscriptionAutomaticFeatures "
        "OCRModeForAdminODBs OCRModeForAdminSites OCRModeForComplianceODBs OCRModeForComplianceSites "
        "ODBAccessRequests ODBMembersCanShare ODBSensitivityRefreshWindowInHours "
        "OneDriveAnyoneSharingLinkMaxExpirationInDays "
        "OneDriveAnyoneSharingLinkRecommendedExpirationInDays OneDriveBlockGuestsAsSiteAdmin "
        "OneDriveDefaultShareLinkRole OneDriveLoopDefaultSharingLinkRole "
        "OneDriveOrganizationSharingLinkMaxExpirationInDays "
        "OneDriveOrganizationSharingLinkRecommendedExpirationInDays "
        "OneDriveRequestFilesLinkExpirationInDays PrebuiltEnabledInContentCenter "
        "SharingDomainRestrictionMode SmartWikiEntryScope StreamLaunchConfig "
        "StreamLaunchConfigUpdateCount TlsTokenBindingPolicyValue "
        "UnlicensedOdbActiveStorageRetentionPeriod UnlicensedOdbStorageBillingMode Workflows2013State",
        writable=True,
    ),
    group(
        INT,
        1,
        "BlockDownloadLinksFileType LimitedAccessFileType SpecialCharactersStateInFileFolderNames",
        writable=True,
    ),
    group(INT, 15, "IPAddressWACTokenLifetime ReduceTempTokenLifetimeValue", writable=True),
    group(
        INT,
        2,
        "CoreLoopSharingCapability CoreSharingCapability DefaultLinkPermission FileAnonymousLinkType "
        "FolderAnonymousLinkType ImageTaggingOption ODBSharingCapability OneDriveLoopSharingCapability "
        "SharingCapability",
        writable=True,
    ),
    group(INT, 3, "DefaultSharingLinkType", writable=True),
    group(
        INT,
        30,
        "EmailAttestationReAuthDays OrphanedPersonalSitesRetentionPeriod",
        writable=True,
    ),
    group(INT, 500, "MajorVersionLimit", writable=True),
    group(INT, 60, "ExternalUserExpireInDays", writable=True),
    group(INT, 93, "RecycleBinRetentionPeriod", writable=True),
    group(LONG, 0, "StorageQuotaAllocated"),
    group(LONG, 0, "BonusStorageQuotaMB", writable=True),
    group(LONG, 1048576, "OneDriveStorageQuota", writable=True),
    group(LONG, 1304576, "StorageQuota"),
    group(LONG, 26214400, "MaxSiteStorageQuotaMB", writable=True),
    group(TEXT, "", "RootSiteUrl"),
    group(
        TEXT,
        "",
        "AIBuilderDefaultPowerAppsEnvironment AIBuilderEnabled AIBuilderSiteListFileName "
        "AmplifyAdminSettings ArchiveRedirectUrl AutofillColumnsSiteListFileName "
        "BccExternalSharingInvitationsList BlockUserInfoVisibility ConditionalAccessPolicyErrorHelpLink "
        "CustomizedExternalSharingServiceUrl DefaultLanguageForSiteCreation "
        "DocumentUnderstandingSiteListFileName ESignatureSiteListFileName "
        "ESignatureThirdPartyProviderListFileName FilePreviewAllowedDomainList FileVersionPolicyXml "
        "GuestSharingGroupAllowListInTenant IPAddressAllowList ImageTaggingSiteListFileName "
        "KnowledgeAgentSiteListFileName LabelMismatchEmailHelpLink OCRAdminSiteListFileName "
        "OCRComplianceSiteListFileName OrgNewsSiteUrl PrebuiltSiteListFileName PublicCdnAllowedFileTypes "
        "RestrictedAccessControlForOneDriveErrorHelpLink RestrictedAccessControlforSitesErrorHelpLink "
        "SharingAllowedDomainList SharingBlockedDomainList SignInAccelerationDomain StartASiteFormUrl "
        "TaxonomyTaggingSiteListFileName TranslationSiteListFileName WhoCanShareAllowListInTenant",
        writable=True,
    ),
    group(TEXT, "15,15", "CompatibilityRange"),
    group(TEXT, "Unspecified", "DefaultODBMode", writable=True),
    group(
        TEXTS,
        [],
        "AllowSelectSGsInODBListInTenant AllowSelectSecurityGroupsInSPSitesList "
        "ContentTypeSyncSiteTemplatesList DenySelectSGsInODBListInTenant "
        "DenySelectSecurityGroupsInSPSitesList ESignatureAppList ESignatureThirdPartyProviderInfoList "
        "ESignatureThirdPartyProviderList ExcludedFileExtensionsForSyncClient "
        "GuestSharingGroupAllowListInTenantByGroupId "
        "GuestSharingGroupAllowListInTenantByPrincipalIdentity ManagedPathsForSiteCreation "
        "PublicCdnOrigins WhoCanShareAllowListInTenantByGroupId "
        "WhoCanShareAllowListInTenantByPrincipalIdentity",
        writable=True,
    ),
)
