"""How a site and a list look in Graph."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.graph.drive_items import identity
from spmigrate.rehearsal.graph.ids import site_id
from spmigrate.rehearsal.http import SHAREPOINT_APP_LOGIN
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# The names of list templates in Graph; one without a name here is shown by its number.
TEMPLATES = {
    100: "genericList", 101: "documentLibrary", 102: "survey", 103: "links", 104: "announcements", 105: "contacts",
    106: "events", 107: "tasks", 108: "discussionBoard", 109: "pictureLibrary", 110: "dataSources",
    111: "webTemplateCatalog", 112: "userInformation", 113: "webPartCatalog", 114: "listTemplateCatalog",
    115: "xmlForm", 116: "masterPageCatalog", 117: "noCodeWorkflows", 118: "workflowProcess", 119: "webPageLibrary",
    120: "customGrid", 121: "solutionCatalog", 122: "noCodePublic", 123: "themeCatalog", 124: "designCatalog",
    125: "appDataCatalog", 130: "dataConnectionLibrary", 140: "workflowHistory", 150: "ganttTasks",
    160: "accessRequest", 171: "tasksWithTimelineAndHierarchy", 175: "maintenanceLogs", 200: "meetings",
    201: "agenda", 202: "meetingUser", 204: "decision", 207: "meetingObjective", 210: "textBox", 211: "thingsToBring",
    212: "homePageLibrary", 301: "posts", 302: "comments", 303: "categories", 433: "reportLibrary",
    700: "mySiteDocumentLibrary",
    851: "assetLibrary", 1100: "issueTracking", 1200: "adminTasks",
}  # fmt: skip


def show_site(site: Entity, web: Entity) -> dict[str, Any]:
    """A site."""
    host = site.name.partition("/")[0]
    shown: dict[str, Any] = {
        "createdDateTime": web.created,
        "description": web.props.get("Description", ""),
        "id": site_id(site, web),
        "lastModifiedDateTime": web.modified,
        "name": web.name.rsplit("/", 1)[-1],
        "webUrl": f"https://{host}{quote(web.name.rstrip('/'))}",
        "displayName": web.props.get("Title", ""),
    }
    if web.name.strip("/").lower() == site.name.partition("/")[2].lower():
        shown |= {"root": {}, "siteCollection": {"hostname": host}}
    else:
        shown["parentReference"] = {"siteId": f"{host},{site.guid}"}
    return shown


def site_ids(site: Entity, web: Entity) -> dict[str, str]:
    """The identifiers that SharePoint itself goes by."""
    host = site.name.partition("/")[0]
    return {"siteId": site.guid, "siteUrl": f"https://{host}{web.name.rstrip('/')}", "webId": web.guid}


def show_list(scope: Scope, listing: Entity) -> dict[str, Any]:
    """A list or library."""
    template = int(listing.props.get("BaseTemplate", 100))
    root = scope.content.root(listing.id)
    author = root.author if root else SHAREPOINT_APP_LOGIN
    shown: dict[str, Any] = {
        "@odata.etag": f'"{listing.guid},{listing.etag}"',
        "createdDateTime": listing.created,
        "description": listing.props.get("Description", "") or "",
        "eTag": f'"{listing.guid},{listing.etag}"',
        "id": listing.guid,
        "lastModifiedDateTime": listing.modified,
        "name": listing.name.rsplit("/", 1)[-1],
        "webUrl": f"{quote(scope.web_url, safe=':/')}/{quote(listing.name)}",
        "displayName": listing.props.get("Title", ""),
        "createdBy": identity(scope.tenant, author),
        "lastModifiedBy": identity(scope.tenant, author),
        "parentReference": {"siteId": site_id(scope.site, scope.web)},
        "list": {
            "contentTypesEnabled": bool(listing.props.get("ContentTypesEnabled")),
            "hidden": bool(listing.props.get("Hidden")),
            "template": TEMPLATES.get(template, str(template)),
        },
    }
    if listing.props.get("Hidden"):
        shown["system"] = {}
    return shown
