"""The types of sites, lists and what they hold, by the names of their properties and relations."""

from __future__ import annotations

from dataclasses import replace

from spmigrate.rehearsal.graph.types import define_type, with_beta

BASE_ITEM = "createdBy createdDateTime description eTag lastModifiedBy lastModifiedDateTime name parentReference webUrl"

SITE = with_beta(
    define_type(
        "site",
        f"{BASE_ITEM} displayName error isPersonalSite root sharepointIds siteCollection",
        "analytics columns contentTypes createdByUser drive drives externalColumns items lastModifiedByUser lists"
        " onenote operations pages permissions sites termStore termStores",
        expandable="drive drives lists columns contentTypes sites",
    ),
    "deleted locale lockState ownerIdentityToResolve settings shareByEmailEnabled template",
)
SITE_OF_HOST = replace(SITE, properties=SITE.properties | {"title": "title"}, known=SITE.known | {"title"})
"""A site of the API on the SharePoint hosts, which says its title besides (n8n asks for `id,title`)."""
LIST = define_type(
    "list",
    f"{BASE_ITEM} displayName list sharepointIds system",
    "columns contentTypes createdByUser drive items lastModifiedByUser operations subscriptions",
    expandable="columns contentTypes drive items",
)
COLUMN = define_type(
    "columnDefinition",
    "boolean calculated choice columnGroup contentApprovalStatus currency dateTime defaultValue description"
    " displayName enforceUniqueValues geolocation hidden hyperlinkOrPicture indexed isDeletable isReorderable isSealed"
    " lookup name number personOrGroup propagateChanges readOnly required sourceContentType term text thumbnail type"
    " validation",
    "sourceColumn",
)
CONTENT_TYPE = define_type(
    "contentType",
    "associatedHubsUrls description documentSet documentTemplate group hidden inheritedFrom isBuiltIn name order"
    " parentId propagateChanges readOnly sealed",
    "base baseTypes columnLinks columnPositions columns",
    expandable="base baseTypes columnLinks columnPositions columns",
)
COLUMN_LINK = define_type("columnLink", "name")
LIST_ITEM = define_type(
    "listItem",
    f"{BASE_ITEM} contentType deleted sharepointIds",
    "analytics createdByUser documentSetVersions driveItem fields lastModifiedByUser permissions versions",
    expandable="fields driveItem versions",
)
LIST_ITEM_VERSION = define_type(
    "listItemVersion", "lastModifiedBy lastModifiedDateTime publication", "fields", expandable="fields"
)
PERMISSION = define_type(
    "permission",
    "expirationDateTime grantedTo grantedToIdentities grantedToIdentitiesV2 grantedToV2 hasPassword inheritedFrom"
    " invitation link roles shareId",
)
ACTIVITY_STAT = define_type(
    "itemActivityStat",
    "access create delete edit endDateTime incompleteData isTrending move startDateTime",
    "activities",
)
OPERATION = define_type(
    "richLongRunningOperation",
    "createdDateTime error lastActionDateTime percentageComplete resourceId resourceLocation status statusDetail type",
)
PAGE = define_type(
    "sitePage",
    f"{BASE_ITEM} pageLayout promotionKind publishingState reactions showComments showRecommendedPages"
    " thumbnailWebUrl title titleArea",
    "canvasLayout createdByUser lastModifiedByUser webParts",
    expandable="canvasLayout webParts",
)
WEB_PART = define_type("webPart", "innerHtml webPartType data")
TERM_STORE = define_type("termStore.store", "defaultLanguageTag languageTags", "groups sets", expandable="groups")
TERM_GROUP = define_type(
    "termStore.group",
    "createdDateTime description displayName lastModifiedDateTime name parentSiteId scope type",
    "sets",
    expandable="sets",
)
TERM_SET = define_type(
    "termStore.set",
    "childrenCount contact createdDateTime customSortOrder description groupId isAvailableForTagging isOpen"
    " localizedNames properties",
    "children parentGroup relations terms",
    expandable="children parentGroup terms relations",
)
TERM = define_type(
    "termStore.term",
    "childrenCount createdDateTime customSortOrder descriptions isAvailableForTagging isDeprecated labels"
    " lastModifiedDateTime properties topicRequested",
    "children relations set",
    expandable="children set relations",
)
RELATION = define_type("termStore.relation", "relationship", "fromTerm set toTerm", expandable="fromTerm set toTerm")
