"""The declared properties of a web and of a site collection."""

from __future__ import annotations

from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    CHANGE_TOKEN,
    DATE,
    GUID,
    GUIDS,
    INT,
    INTS,
    MASK,
    PATH,
    TEXT,
    ZERO_GUID,
    group,
    table,
)

WEB_PROPERTIES = table(
    group(
        BOOLEAN,
        False,
        "CommentsOnSitePagesDisabled ContainsConfidentialInfo CustomSiteActionsDisabled DisableRecommendedItems "
        "ExcludeFromOfflineClient FooterEnabled HideTitleInHeader HorizontalQuickLaunch MegaMenuEnabled "
        "NavAudienceTargetingEnabled NextStepsFirstRunEnabled NoCrawl ObjectCacheEnabled OverwriteTranslationsOnChange "
        "PreviewFeaturesEnabled TreeViewEnabled DisableAppViews DisableFlows MembersCanShare",
        writable=True,
    ),
    group(
        BOOLEAN,
        True,
        "AllowRssFeeds EnableMinimalDownload IsMultilingual NotificationsInOneDriveForBusinessEnabled "
        "NotificationsInSharePointEnabled QuickLaunchEnabled SaveSiteAsTemplateEnabled SyndicationEnabled "
        "DocumentLibraryCalloutOfficeWebAppPreviewersDisabled",
        writable=True,
    ),
    group(BOOLEAN, True, "RecycleBinEnabled"),
    group(BOOLEAN, False, "HasWebTemplateExtension IsHomepageModernized IsRevertHomepageLinkHidden "
          "TenantTagPolicyEnabled ThirdPartyMdmEnabled UIVersionConfigurationEnabled "
          "WebTemplatesGalleryFirstRunEnabled"),
    group(BOOLEAN, False, "IsProvisioningComplete"),
    group(BOOLEAN, False, "AllowDesignerForCurrentUser AllowMasterPageEditingForCurrentUser "
          "AllowRevertFromTemplateForCurrentUser ShowUrlStructureForCurrentUser UseAccessRequestDefault "
          "HasUniqueRoleAssignments AllowAutomaticASPXPageIndexing", on_select=True),
    group(INT, 0, "FooterAlignment FooterEmphasis FooterLayout HeaderEmphasis HeaderLayout LogoAlignment "
          "SearchBoxInNavBar SearchScope", writable=True),
    group(INT, 1033, "Language"),
    group(INT, 15, "UIVersion"),
    group(INT, 0, "Configuration TenantAdminMembersCanShare"),
    group(INTS, [1033], "SupportedUILanguageIds", writable=True, on_select=True),
    group(TEXT, "", "AlternateCssUrl Description Title WelcomePage", writable=True),
    group(TEXT, None, "RequestAccessEmail SiteLogoUrl SiteLogoDescription SearchBoxPlaceholderText", writable=True),
    group(TEXT, "", "ServerRelativeUrl Url WebTemplate WebTemplateConfiguration MasterUrl CustomMasterUrl"),
    group(TEXT, None, "DesignPackageId ThemedCssFolderUrl ThemeData PrimaryColor Acronym ClassicWelcomePage"),
    group(TEXT, "", "AccessRequestListUrl AccessRequestSiteDescription DescriptionForExistingLanguage "
          "TitleForExistingLanguage", on_select=True),
    group(GUID, "", "Id"),
    group(GUID, ZERO_GUID, "AppInstanceId DefaultNewPageTemplateId"),
    group(GUIDS, [], "RelatedHubSiteIds", on_select=True),
    group(DATE, None, "Created LastItemModifiedDate LastItemUserModifiedDate"),
    group(PATH, None, "ResourcePath"),
    group(PATH, None, "ServerRelativePath", on_select=True),
    group(CHANGE_TOKEN, None, "CurrentChangeToken"),
    group(MASK, None, "EffectiveBasePermissions", on_select=True),
)  # fmt: skip

SITE_PROPERTIES = table(
    group(
        BOOLEAN,
        False,
        "AllowDesigner AllowMasterPageEditing AllowRevertFromTemplate AllowSelfServiceUpgrade "
        "CommentsOnSitePagesDisabled DisableAppViews DisableCompanyWideSharingLinks DisableFlows "
        "MediaTranscriptionDisabled ShareByEmailEnabled ShareByLinkEnabled SocialBarOnSitePagesDisabled TrimAuditLog "
        "UIVersionConfigurationEnabled ShowPeoplePickerSuggestionsForGuestUsers",
        writable=True,
    ),
    group(BOOLEAN, False, "CanUpgrade ExternalSharingTipsEnabled IsHubSite NeedsB2BUpgrade ReadOnly ShowUrlStructure "
          "UpgradeScheduled Upgrading WriteLocked"),
    group(BOOLEAN, False, "CanSyncHubSitePermissions IsRestrictContentOrgWideSearchPolicyEnforcedOnSite "
          "IsRestrictedAccessControlPolicyEnforcedOnSite", on_select=True),
    group(INT, 60, "ExternalUserExpirationInDays"),
    group(INT, 90, "AuditLogTrimmingRetention"),
    group(INT, 0, "AllowExternalEmbeddingWrapper SandboxedCodeActivationCapability SearchBoxInNavBar", writable=True),
    group(INT, 5000, "MaxItemsPerThrottledOperation"),
    group(INT, 15, "CompatibilityLevel"),
    group(TEXT, "", "Classification StatusBarText StatusBarLink SearchBoxPlaceholderText", writable=True),
    group(TEXT, "", "ComplianceAttribute GeoLocation RequiredDesignerVersion ServerRelativeUrl Url "
          "SensitivityLabelId"),
    group(TEXT, None, "LockIssue"),
    group(TEXT, None, "PrimaryUri"),
    group(GUID, ZERO_GUID, "ChannelGroupId GroupId HubSiteId RelatedGroupId SensitivityLabel"),
    group(GUID, "", "Id"),
    group(DATE, None, "UpgradeReminderDate UpgradeScheduledDate"),
    group(PATH, None, "ResourcePath"),
    group(PATH, None, "ServerRelativePath", on_select=True),
    group(CHANGE_TOKEN, None, "CurrentChangeToken"),
    group("SP.SensitivityLabelInfo", None, "SensitivityLabelInfo"),
    group("SP.UsageInfo", None, "Usage", on_select=True),
)  # fmt: skip
