"""The lists of the admin host that hold all sites: real lists there, brought up to date whenever somebody asks.

Administrators' tools read them by REST, CAML and ``RenderListDataAsStream``, as any other list.
"""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.http import SHAREPOINT_APP_LOGIN
from spmigrate.rehearsal.sharepoint import lists
from spmigrate.rehearsal.sharepoint.fields import Fields, read_field_xml
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_ALL = "DO_NOT_DELETE_SPLIST_TENANTADMIN_ALL_SITES_AGGREGATED_SITECOLLECTIONS"
# The other one leaves out personal sites.
TITLES = ("DO_NOT_DELETE_SPLIST_TENANTADMIN_AGGREGATED_SITECOLLECTIONS", _ALL)
_COLUMNS = (
    ("Text", "SiteUrl TemplateName TemplateTitle CreatedBy SiteOwnerName SiteOwnerEmail ExternalSharing "
             "SensitivityLabel SiteCreationSource GeoLocation ArchiveStatus"),
    ("Guid", "SiteId HubSiteId GroupId"),
    ("DateTime", "TimeCreated TimeDeleted LastActivityOn LastItemModifiedDate"),
    ("Number", "State StorageUsed StorageQuota NumOfFiles ChildCount PageViews SiteFlags"),
    ("Boolean", "IsGroupConnected"),
)  # fmt: skip
_SHARING = {0: "Off", 1: "On", 2: "On", 3: "On"}


def refresh(scope: Scope, title: str) -> None:
    """Bring the list of a title up to date; for any other title nothing happens."""
    if title not in TITLES or not scope.admin:
        return
    owner = lists.find_by_title(scope, title) or _make(scope, title)
    root = scope.content.root(owner.id)
    assert root is not None
    known = {str(each.fields.get("SiteId")): each for each in scope.content.items(owner.id)}
    for row in _sites(scope, personal=title == _ALL):
        wanted = _describe(scope, row)
        item = known.pop(row.guid, None)
        if item is None:
            scope.content.add_item(root, by=SHAREPOINT_APP_LOGIN, fields=wanted)
        elif any(item.fields.get(name) != value for name, value in wanted.items()):
            scope.content.write(item, by=SHAREPOINT_APP_LOGIN, fields=wanted, keep_version=True)
    for item in known.values():
        scope.content.purge(item)


def _make(scope: Scope, title: str) -> Entity:
    props = {"Hidden": True, "AllowDeletion": False, "NoCrawl": True}
    owner = lists.add_list(scope, title, 100, address=f"Lists/{title}", props=props)
    fields = Fields(scope, owner, f"Web/Lists(guid'{owner.guid}')")
    for kind, names in _COLUMNS:
        for name in names.split():
            indexed = ' Indexed="TRUE"' if name in ("SiteUrl", "SiteId", "HubSiteId", "GroupId") else ""
            fields.add(read_field_xml(f'<Field Type="{kind}" Name="{name}" DisplayName="{name}"{indexed}/>'))
    return scope.store.by_id(owner.id) or owner


def _sites(scope: Scope, *, personal: bool) -> list[Entity]:
    names = scope.tenant.names
    rows = [*scope.store.every("site"), *scope.store.every("site", deleted=True)]
    rows = [row for row in rows if row.name not in names.unlisted_sites]
    return rows if personal else [row for row in rows if not row.name.startswith(names.personal)]


def _describe(scope: Scope, row: Entity) -> dict[str, Any]:
    props = row.props
    owner = scope.tenant.directory.user_by_login(str(props.get("Owner", "")))
    person = owner.props if owner else {}
    group = str(props.get("GroupId") or ZERO_GUID)
    return {
        "Title": props.get("Title", ""),
        "SiteUrl": f"https://{row.name}",
        "SiteId": row.guid,
        "HubSiteId": str(props.get("HubSiteId") or ZERO_GUID),
        "GroupId": group,
        "TemplateName": props.get("Template", "STS#3"),
        "CreatedBy": person.get("displayName") or "",
        "SiteOwnerName": person.get("displayName") or "",
        "SiteOwnerEmail": person.get("mail") or "",
        "ExternalSharing": _SHARING.get(int(props.get("SharingCapability", 0)), "On"),
        "SensitivityLabel": str(props.get("SensitivityLabel") or ""),
        "ArchiveStatus": str(props.get("ArchiveStatus") or "NotArchived"),
        "TimeCreated": row.created,
        "TimeDeleted": row.deleted,
        "LastActivityOn": row.modified,
        "State": 1 if props.get("LockState", "Unlock") != "NoAccess" else 0,
        "StorageQuota": 26214400 * 1048576,
        "IsGroupConnected": group != ZERO_GUID,
    }
