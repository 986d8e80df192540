"""Why parts of other tools' templates are not carried over, by the name of the element, or of element and attribute."""

from collections.abc import Mapping

NO_WORD = "site templates have no word for it"
_CLASSIC = "it belongs to classic sites; modern ones do not have it"
_TENANT = "it is a setting of the whole tenant, not of a site"
_CODE = "it installs or calls programs; ask whoever looks after apps"
_CONTENT = "it is content, which is migrated, not provisioned"
_STORE = "write its term sets under 'term sets' of organisation.yaml, with the terms that they have at least"

REASONS: Mapping[str, str] = {
    "Localizations": "texts are written once; sites have one language",
    "AppCatalog": _CODE,
    "ContentDeliveryNetwork": _TENANT,
    "WebApiPermissions": _CODE,
    "SiteDesigns": "templates take the place of site designs",
    "SiteScripts": "import the script's own JSON file",
    "StorageEntities": _TENANT,
    "SPUsersProfiles": _TENANT,
    "Office365GroupLifecyclePolicies": _TENANT,
    "Office365GroupsSettings": _TENANT,
    "SharingSettings": _TENANT,
    "TermStore": _STORE,
    "AzureActiveDirectory": "people and groups come from the directory; they are not made here",
    "Drive": _CONTENT,
    "ProvisioningWebhooks": _CODE,
    "ProvisioningTemplateWebhooks": _CODE,
    "Webhooks": _CODE,
    "SiteWebhooks": _CODE,
    "Providers": _CODE,
    "ApplicationLifecycleManagement": _CODE,
    "CustomActions": _CODE,
    "UserCustomActions": _CODE,
    "SitePolicy": _CLASSIC,
    "AuditSettings": "auditing is a setting of Microsoft Purview for the whole tenant",
    "PropertyBagEntries": "new sites do not allow custom scripts, and SharePoint then refuses to keep properties",
    "Properties": "they describe the file to its own tool",
    "ComposedLook": _CLASSIC,
    "Workflows": "workflows of this kind no longer run in SharePoint Online",
    "Publishing": _CLASSIC,
    "SearchSettings": "search is set up for the whole tenant",
    "SearchNavigation": _CLASSIC,
    "Pages": "wiki and web part pages are classic; pages of modern sites are",
    "Directory": "name the files that libraries begin with one by one, under 'files'; the others are migrated",
    "WebParts": _CLASSIC,
    "Navigation EnableAudienceTargeting": "name the groups that a link is for under 'for'",
    "DataRows": _CONTENT,
    "DataSource": _CODE,
    "IRMSettings": "libraries are protected by sensitivity labels now",
    "DocumentSetTemplate": "what a document set begins with is set up in its library, by the site's owners",
    "Sites": "subsites are not made: each site stands on its own, joined by a hub",
    "ManagedNavigation": _CLASSIC,
    "Controls": "what is on a page is written in pages/*.yaml: copy what people still need",
    "Translations": "pages have one language",
    "ContentType Overwrite": "a content type that is there is completed, never made anew",
    "RegionalSettings CalendarType": "the calendar is the one of the United Kingdom",
    "associateExtension": _CODE,
    "installSolution": _CODE,
    "triggerFlow": _CODE,
    "enableApprovals": "approvals of list items have no word yet; 'approval' is that of documents",
    "setSPFieldCustomFormatter": "the formatting belongs to the site column",
    "associateFieldCustomizer": _CODE,
    "associateListViewCommandSet": _CODE,
}
"""Reasons; whatever is not named here has no word in the language."""
