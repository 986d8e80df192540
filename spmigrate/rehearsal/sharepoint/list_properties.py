"""The declared properties of a list."""

from __future__ import annotations

from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    CHANGE_TOKEN,
    DATE,
    GUID,
    INT,
    MASK,
    PATH,
    TEXT,
    ZERO_GUID,
    group,
    table,
)

LIST_PROPERTIES = table(
    group(
        BOOLEAN,
        False,
        "ContentTypesEnabled DisableCommenting DisableGridEditing EnableAssignToEmail EnableAttachments "
        "EnableMinorVersions EnableModeration EnableVersioning ExcludeFromOfflineClient "
        "ExemptFromBlockDownloadOfNonViewableFiles ForceCheckout Hidden HighPriorityMediaProcessing IrmEnabled "
        "IrmExpire IrmReject IsApplicationList IsPrivate MultipleDataList NoCrawl OnQuickLaunch ParserDisabled "
        "DefaultItemOpenInBrowser DefaultItemOpenUseListSetting ShowHiddenFieldsInModernForm",
        writable=True,
    ),
    group(
        BOOLEAN,
        True,
        "AllowContentTypes CrawlNonDefaultViews EnableFolderCreation EnableRequestSignOff "
        "FileSavePostProcessingEnabled",
        writable=True,
    ),
    group(BOOLEAN, True, "AllowDeletion ServerTemplateCanCreateFolders"),
    group(
        BOOLEAN,
        False,
        "HasExternalDataSource IsCatalog HasContentAssemblyTemplates HasCopyMoveRules HasFolderColoringFields "
        "HasListBoundContentAssemblyTemplates IsContributorOwnerEnabled IsEnterpriseGalleryLibrary "
        "IsPredictionModelApplied ListFormCustomized",
    ),
    group(
        BOOLEAN,
        False,
        "HasUniqueRoleAssignments IsDefaultDocumentLibrary IsSiteAssetsLibrary IsSystemList DocumentReadSecurity "
        "ShowOneTabOnly",
        on_select=True,
    ),
    group(INT, 0, "DraftVersionVisibility ListExperienceOptions MajorVersionLimit MajorWithMinorVersionsLimit",
          writable=True),
    group(INT, 0, "BaseType ItemCount"),
    group(INT, 100, "BaseTemplate"),
    group(INT, 0, "PageRenderType BrowserFileHandling", on_select=True),
    group(INT, 1, "ReadSecurity WriteSecurity", writable=True, on_select=True),
    group(TEXT, "", "Description Title", writable=True),
    group(TEXT, None, "ValidationFormula ValidationMessage Color Icon AdditionalUXProperties", writable=True),
    group(TEXT, "", "DefaultSensitivityLabelForLibrary SensitivityLabelToEncryptOnDownloadForLibrary", writable=True),
    group(TEXT, "none", "Direction", writable=True),
    group(TEXT, None, "DocumentTemplateUrl"),
    group(TEXT, "", "EntityTypeName ImageUrl ListItemEntityTypeFullName ParentWebUrl"),
    group(TEXT, None, "DefaultDisplayFormUrl DefaultEditFormUrl DefaultNewFormUrl", writable=True, on_select=True),
    group(TEXT, "", "DefaultViewUrl SchemaXml ListSchemaVersion TemplateTypeId", on_select=True),
    group(GUID, ZERO_GUID, "DefaultContentApprovalWorkflowId", writable=True),
    group(GUID, "", "Id TemplateFeatureId"),
    group(DATE, None, "Created LastItemDeletedDate LastItemModifiedDate LastItemUserModifiedDate"),
    group(PATH, None, "ImagePath ParentWebPath"),
    group(PATH, None, "DefaultViewPath", on_select=True),
    group(CHANGE_TOKEN, None, "CurrentChangeToken"),
    group(
        MASK, {"High": "2147483647", "Low": "4294967295"}, "EffectiveBasePermissions EffectiveBasePermissionsForUI",
        on_select=True,
    ),
    within={
        # Source: SharePoint limits, "Versions": 50,000 major versions.
        "MajorVersionLimit MajorWithMinorVersionsLimit": range(50_001),
        "DraftVersionVisibility ListExperienceOptions": range(3),
        "ReadSecurity": (1, 2),
        "WriteSecurity": (1, 2, 4),
    },
)  # fmt: skip
