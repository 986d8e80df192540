"""``getChanges``: the log of changes of a site, web, list, folder or item, by a query."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from spmigrate.rehearsal.change_log import Change, newest, read_log
from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.odata.errors import bad_argument, unknown_property
from spmigrate.rehearsal.sharepoint import folder_tree
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource
from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    CHANGE_TOKEN,
    CONTENT_TYPE_ID,
    DATE,
    GUID,
    INT,
    TEXT,
    ZERO_GUID,
    Table,
    group,
    table,
)
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# Source: a call of getChanges gives no more than this many.
MAX_CHANGES = 1000
_EPOCH_TICKS = 621_355_968_000_000_000
_OBJECTS = (
    "Item", "List", "Web", "Site", "File", "Folder", "Field", "View", "ContentType", "User", "Group", "Alert",
    "Navigation", "SecurityPolicy", "AppConsentPrincipal",
)  # fmt: skip
_OPERATIONS: Mapping[str, tuple[int, ...]] = {
    "Add": (1,), "Update": (2,), "SystemUpdate": (15,), "DeleteObject": (3,), "Rename": (4,), "Move": (5, 6),
    "Restore": (7,), "RoleDefinitionAdd": (8,), "RoleDefinitionDelete": (9,), "RoleDefinitionUpdate": (10,),
    "RoleAssignmentAdd": (11,), "RoleAssignmentDelete": (12,), "GroupMembershipAdd": (13,),
    "GroupMembershipDelete": (14,), "Activity": (),
}  # fmt: skip
_SETTINGS = (
    "ChangeTokenStart", "ChangeTokenEnd", "FetchLimit", "LatestFirst", "RecursiveAll", "RequireSecurityTrim",
    "IgnoreStartTokenNotFoundError",
)  # fmt: skip
_KINDS = {
    "List": "list", "Field": "field", "View": "view", "ContentType": "contenttype", "Web": "web", "Site": "site",
    "User": "siteuser", "Group": "sitegroup",
}  # fmt: skip
_COMMON = (
    *group(CHANGE_TOKEN, None, "ChangeToken"),
    *group(INT, 0, "ChangeType"),
    *group(GUID, None, "SiteId"),
    *group(DATE, None, "Time"),
)
_ITEM = (
    *group(TEXT, "", "Editor ServerRelativeUrl"),
    *group(TEXT, None, "EditorEmailHint SharedByUser SharedWithUsers"),
    *group(INT, 0, "ItemId"),
    *group(GUID, None, "ListId UniqueId WebId"),
)
_TABLES: Mapping[str, Table] = {
    "item": table(_COMMON, _ITEM),
    "File": table(_COMMON, group(GUID, None, "UniqueId WebId")),
    "Folder": table(_COMMON, group(GUID, None, "UniqueId WebId")),
    "list": table(
        _COMMON,
        group(INT, 0, "BaseTemplate"),
        group(TEXT, "", "Editor RootFolderUrl Title"),
        group(BOOLEAN, False, "Hidden"),
        group(GUID, None, "ListId TemplateFeatureId WebId"),
    ),
    "field": table(_COMMON, group(GUID, None, "FieldId WebId")),
    "view": table(_COMMON, group(GUID, None, "ListId ViewId WebId")),
    "contenttype": table(_COMMON, group(CONTENT_TYPE_ID, None, "ContentTypeId"), group(GUID, None, "WebId")),
    "web": table(_COMMON, group(GUID, None, "WebId")),
    "site": table(_COMMON),
    "siteuser": table(_COMMON, group(BOOLEAN, True, "Activate"), group(INT, 0, "UserId")),
    "sitegroup": table(_COMMON, group(INT, 0, "GroupId")),
}
_TYPES = {
    "item": "SP.ChangeItem", "File": "SP.ChangeFile", "Folder": "SP.ChangeFolder", "list": "SP.ChangeList",
    "field": "SP.ChangeField", "view": "SP.ChangeView", "contenttype": "SP.ChangeContentType", "web": "SP.ChangeWeb",
    "site": "SP.ChangeSite", "siteuser": "SP.ChangeUser", "sitegroup": "SP.ChangeGroup",
}  # fmt: skip


class ChangeEntry(Resource):
    """One change, of the type that its object asks for."""

    type = "SP.Change"
    feed = "Changes"
    declared = table(_COMMON)

    def __init__(self, scope: Scope, place: str, change: Change, kind: str) -> None:
        super().__init__(scope)
        self.place = place
        self.change = change
        self.kind = kind

    @property
    def entity_type(self) -> str:
        return _TYPES[self.kind]

    @property
    def path(self) -> str:
        return f"SP.Change{self.change.id}"

    def table(self) -> Table:
        return _TABLES[self.kind]

    def stored(self) -> Mapping[str, Any]:
        change = self.change
        common = {
            "ChangeToken": {"StringValue": f"{self.place};{ticks(change.at)};{change.id}"},
            "ChangeType": change.type, "SiteId": self.scope.site.guid, "Time": change.at,
            "WebId": self.scope.web.guid,
        }  # fmt: skip
        if self.kind in ("item", "File", "Folder"):
            return {**common, **self._item()}
        return {**common, **self._entity()}

    def _item(self) -> dict[str, Any]:
        found = self.scope.content.one("id = ?", self.change.target)
        listing = self.scope.store.by_id(self.change.parent)
        address = folder_tree.address_of(self.scope, found) if found and found.bin == 0 and listing else ""
        return {
            "ItemId": found.list_item if found else 0, "ListId": listing.guid if listing else ZERO_GUID,
            "UniqueId": found.guid if found else ZERO_GUID, "ServerRelativeUrl": address, "Editor": "",
        }  # fmt: skip

    def _entity(self) -> dict[str, Any]:
        change = self.change
        row = self.scope.store.by_id(change.target)
        props: Mapping[str, Any] = row.props if row else {}
        parent = self.scope.store.by_id(change.parent)
        return {
            "ListId": change.guid if change.kind == "list" else (parent.guid if parent else ZERO_GUID),
            "FieldId": change.guid, "ViewId": change.guid, "ContentTypeId": {"StringValue": change.name},
            "UserId": props.get("Id", 0), "GroupId": props.get("Id", 0), "Title": props.get("Title", ""),
            "BaseTemplate": props.get("BaseTemplate", 0), "Hidden": bool(props.get("Hidden")),
            "RootFolderUrl": f"{self.scope.web_path}/{change.name}",
            **({"WebId": change.guid} if change.kind == "web" else {}),
        }  # fmt: skip


class Changes(Collection):
    """Changes, the oldest first."""

    feed = "Changes"
    element = ChangeEntry
    collection_type = "SP.ChangeCollection"

    def __init__(self, scope: Scope, entries: list[ChangeEntry]) -> None:
        super().__init__(scope)
        self.entries = entries

    def has(self, name: str) -> bool:
        return any(name in each for each in _TABLES.values())

    def all(self) -> list[ChangeEntry]:
        return self.entries


def ticks(at: str) -> int:
    """A moment as .NET counts it: tenths of microseconds since the year 1."""
    return _EPOCH_TICKS + int(datetime.fromisoformat(at).timestamp()) * 10_000_000


def current_token(scope: Scope, place: str) -> dict[str, str]:
    """Where the log stands now; ``place`` is ``1;3;<list id>`` or ``1;2;<web id>`` or ``1;1;<site id>``."""
    return {"StringValue": f"{place};{ticks(scope.now)};{newest(scope.store)}"}


def changes_of(
    scope: Scope,
    call: Call,
    *,
    listing: Entity | None = None,
    item: Item | None = None,
    folder: Item | None = None,
    site: bool = False,
) -> Changes:
    """What the query of a call asks of the log: of an item, of a folder's content, of a list, of the web or site."""
    query = call.record("query")
    for name in query:
        if name not in _OBJECTS and name not in _OPERATIONS and name not in _SETTINGS:
            raise unknown_property(name, "SP.ChangeQuery")
    place = f"1;{3 if listing else (1 if site else 2)};{(listing or (scope.site if site else scope.web)).guid}"
    kinds = [_KINDS[name] for name in _OBJECTS if name in _KINDS and query.get(name)]
    content = [name for name in ("Item", "File", "Folder") if query.get(name)]
    clause, arguments = _where(scope, listing, item or folder, kinds, items=bool(content), site=site)
    types = [number for name, numbers in _OPERATIONS.items() if query.get(name) for number in numbers]
    start, end = _number(query.get("ChangeTokenStart")), _number(query.get("ChangeTokenEnd"))
    limit = min(int(query.get("FetchLimit") or MAX_CHANGES), MAX_CHANGES)
    found = read_log(
        scope.store,
        after=start or 0,
        until=newest(scope.store) if end is None else end,
        clause=f"type IN ({','.join(map(str, types)) or 'NULL'}) AND ({clause})",
        arguments=arguments,
        limit=limit,
        newest_first=bool(query.get("LatestFirst")),
    )
    entries = [made for change in found for made in _entries(scope, place, change, content, folder)]
    return Changes(scope, entries[:limit])


def _where(
    scope: Scope, listing: Entity | None, item: Item | None, kinds: list[str], *, items: bool, site: bool
) -> tuple[str, tuple[object, ...]]:
    """The condition on the log: which things, below what."""
    wanted = ",".join(f"'{kind}'" for kind in kinds) or "NULL"
    if item is not None and not item.folder:
        return "kind = 'item' AND target = ?", (item.id,) if items else (-1,)
    if listing is not None:
        own = f"kind IN ({wanted}) AND (parent = ? OR (kind = 'list' AND target = ?))"
        clause = f"(kind = 'item' AND parent = ?) OR ({own})" if items else own
        return clause, (listing.id, listing.id, listing.id) if items else (listing.id, listing.id)
    webs = "SELECT id FROM entity WHERE kind = 'web' AND parent = ?" if site else "SELECT ?"
    lists = f"SELECT id FROM entity WHERE kind = 'list' AND parent IN ({webs})"  # noqa: S608 - from the line above
    root = scope.site.id if site else scope.web.id
    below = f"parent IN ({webs}) OR parent IN ({lists}) OR target = ? OR parent = ?"
    clause = f"kind IN ({wanted}) AND ({below})"
    arguments: tuple[object, ...] = (root, root, root, scope.site.id)
    if items:
        return f"(kind = 'item' AND parent IN ({lists})) OR ({clause})", (root, *arguments)
    return clause, arguments


def _entries(scope: Scope, place: str, change: Change, content: list[str], folder: Item | None) -> list[ChangeEntry]:
    if change.kind != "item":
        return [ChangeEntry(scope, place, change, change.kind)]
    found = scope.content.one("id = ?", change.target)
    if found is None or (folder is not None and not _is_below(scope, found, folder)):
        return []
    shown = []
    if "Item" in content:
        shown.append(ChangeEntry(scope, place, change, "item"))
    if found.file and "File" in content:
        shown.append(ChangeEntry(scope, place, change, "File"))
    if found.folder and "Folder" in content:
        shown.append(ChangeEntry(scope, place, change, "Folder"))
    return shown


def _is_below(scope: Scope, item: Item, folder: Item) -> bool:
    return item.id == folder.id or any(each.id == folder.id for each in scope.content.ancestors(item))


def _number(token: Any) -> int | None:
    text = token.get("StringValue") if isinstance(token, Mapping) else token
    if not text:
        return None
    parts = str(text).split(";")
    if len(parts) < 4 or not parts[-1].isdecimal():
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: changeToken")
    return int(parts[-1])
