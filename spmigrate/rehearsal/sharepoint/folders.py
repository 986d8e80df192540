"""Folders of libraries and of webs: one tree, the same that Graph shows."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.content import Conflict, Item
from spmigrate.rehearsal.odata.errors import bad_argument, duplicate_file, file_not_found
from spmigrate.rehearsal.sharepoint import folder_places, folder_tree, items, property_bag
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.changes import Changes, changes_of
from spmigrate.rehearsal.sharepoint.content_types import ContentTypes
from spmigrate.rehearsal.sharepoint.file_collection import Files
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, computed, function, link
from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    CONTENT_TYPE_IDS,
    DATE,
    GUID,
    INT,
    PATH,
    TEXT,
    group,
    table,
)
from spmigrate.rehearsal.sharepoint.property_values import StorageMetrics
from spmigrate.rehearsal.sharepoint.removal import Leaving
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# Content types of folders stand in no order of new items.
_FOLDER = "0x0120"


class Folder(Leaving):
    """A folder of a library or list, or of a web; one of a web may have no item yet."""

    type = "SP.Folder"
    feed = "Folders"
    # office365-rest-python-client asks for it when it lists folders and files through all levels.
    passed_over = frozenset({"id"})
    write_level = Level.WRITE
    declared = table(
        group(BOOLEAN, True, "Exists"),
        group(BOOLEAN, True, "ExistsAllowThrowForPolicyFailures", on_select=True),
        group(BOOLEAN, True, "ExistsWithException"),
        group(BOOLEAN, False, "IsWOPIEnabled"),
        group(INT, 0, "ItemCount"),
        group(TEXT, "", "Name", writable=True),
        group(TEXT, "", "ServerRelativeUrl"),
        group(TEXT, None, "ProgID"),
        group(TEXT, "", "WelcomePage", writable=True),
        group(DATE, None, "TimeCreated TimeLastModified"),
        group(GUID, None, "UniqueId"),
        group(PATH, None, "ServerRelativePath", on_select=True),
        group(CONTENT_TYPE_IDS, None, "ContentTypeOrder", on_select=True),
        group(CONTENT_TYPE_IDS, None, "UniqueContentTypeOrder", writable=True, on_select=True),
    )

    def __init__(self, scope: Scope, owner: Entity | None, item: Item | None, address: str | None = None) -> None:
        super().__init__(scope)
        self.owner = owner
        self.item = item
        if address is None:
            address = scope.web_path if item is None else folder_tree.address_of(scope, item)
        self.address = address

    @property
    def path(self) -> str:
        quoted = (self.address or "/").replace("'", "''")
        return f"Web/GetFolderByServerRelativePath(decodedurl='{quoted}')"

    @property
    def of_web(self) -> bool:
        """True for a folder that belongs to no list."""
        return self.owner is None or self.owner.kind == folder_tree.WEB_ROOT

    @property
    def is_web(self) -> bool:
        """True for the web's own root folder."""
        return self.address == self.scope.web_path

    def stored(self) -> Mapping[str, Any]:
        source = self.scope.web.props if self.item is None or self.is_web else self.item.fields
        return dict(source.get("_Folder", {}))

    @computed("Name")
    def _name(self) -> str:
        if self.is_web:
            return ""
        return self.item.name if self.item else self.address.rpartition("/")[2]

    @computed("ServerRelativeUrl")
    def _server_relative(self) -> str:
        return self.address or "/"

    @computed("ServerRelativePath")
    def _server_path(self) -> dict[str, str]:
        return {"DecodedUrl": self.address or "/"}

    @property
    def stored_id(self) -> str:
        """The unique id."""
        return self._unique_id()

    @computed("UniqueId")
    def _unique_id(self) -> str:
        if self.is_web:
            return str(uuid.uuid5(uuid.UUID(self.scope.web.guid), "root"))
        if self.item:
            return self.item.guid
        return str(uuid.uuid5(uuid.UUID(self.scope.web.guid), self.address.lower()))

    @computed("ItemCount")
    def _count(self) -> int:
        if self.of_web:
            files = self.scope.content.count_files(self.item) if self.item else 0
            return files + len(self.folders().all())
        return self.scope.content.count(self.item) if self.item else 0

    @computed("TimeCreated")
    def _created(self) -> str:
        return self.item.created if self.item and not self.is_web else self.scope.web.created

    @computed("TimeLastModified")
    def _modified(self) -> str:
        return self.item.modified if self.item and not self.is_web else self.scope.web.modified

    @computed("WelcomePage")
    def _welcome(self) -> str:
        default = str(self.scope.web.props.get("WelcomePage", "SitePages/Home.aspx")) if self.is_web else ""
        return str(self.stored().get("WelcomePage", default))

    @computed("ProgID")
    def _program(self) -> str | None:
        found = self.item.fields.get("HTML_x0020_File_x0020_Type") if self.item else None
        return None if found is None else str(found)

    @computed("ContentTypeOrder")
    def _content_type_order(self) -> list[dict[str, str]]:
        chosen = self.stored().get("UniqueContentTypeOrder")
        if chosen or self.owner is None or self.owner.kind != "list":
            return list(chosen or [])
        kinds = ContentTypes(self.scope, self.owner, "").all()
        return [{"StringValue": each.id} for each in kinds if not each.id.startswith(_FOLDER)]

    @link("Files")
    def files(self) -> Files:
        """The files in the folder."""
        return Files(self)

    @link("Folders")
    def folders(self) -> Folders:
        """The folders in the folder."""
        return Folders(self)

    @link("ParentFolder")
    def parent_folder(self) -> Folder | None:
        """The folder above."""
        return None if self.is_web else folder_places.find_folder(self.scope, self.address.rpartition("/")[0])

    @link("ListItemAllFields")
    def list_item(self) -> Resource | None:
        """The folder as a list item; a root folder, a web's and one without an item are none."""
        if self.item is None or self.owner is None or self.of_web or self.item.list_item <= 0:
            return None
        return items.ListItem(self.scope, self.owner, self.item)

    @link("Properties")
    def properties(self) -> Resource:
        """The folder's property bag."""
        if self.is_web:
            return property_bag.of_web(self.scope, f"{self.path}/Properties")
        return property_bag.of_folder(self.scope, f"{self.path}/Properties", self.owner, self.item)

    @link("StorageMetrics")
    def storage_metrics(self) -> Resource:
        """How much the folder holds."""
        count, total = self.scope.content.total(self.item) if self.item else (0, 0)
        return StorageMetrics(self.scope, f"{self.path}/StorageMetrics", total, self._modified(), count)

    def save(self, patch: Mapping[str, Any]) -> None:
        name = patch.get("Name")
        if name is not None and str(name) != self._name():
            self.item = folder_places.move(self.scope, self.removed_item(), f"{self.address.rpartition('/')[0]}/{name}")
        kept = {**self.stored(), **{key: value for key, value in patch.items() if key != "Name"}}
        if self.is_web:
            welcome = {"WelcomePage": patch["WelcomePage"]} if "WelcomePage" in patch else {}
            self.scope.store.update(self.scope.web, {"_Folder": kept, **welcome}, at=self.scope.now)
            return
        by = self.scope.claims.login
        self.item = self.scope.content.write(self.holder(), by=by, fields={"_Folder": kept}, keep_version=True)

    def removed_item(self) -> Item:
        if self.item is None or self.item.parent == 0:
            raise bad_argument("The folder can't be changed in this way.")
        return self.item

    @action("Update")
    def update(self, _call: Call) -> None:
        """Keep what was set (nothing is pending over REST)."""

    @action("MoveTo")
    def move_to(self, call: Call) -> None:
        """Rename or move the folder."""
        folder_places.move(self.scope, self.removed_item(), call.text("newUrl", 0))

    @action("MoveToUsingPath")
    def move_to_using_path(self, call: Call) -> None:
        """Rename or move the folder."""
        address = call.text("newPath", 0, default="") or call.text("decodedUrl", 0)
        folder_places.move(self.scope, self.removed_item(), address)

    @action("CopyTo")
    @action("CopyToUsingPath")
    def copy_to(self, call: Call) -> None:
        """Copy the folder."""
        address = call.text("newUrl", 0, default="") or call.text("decodedUrl", 0)
        folder_places.copy(self.scope, self.removed_item(), address)

    @function("GetChanges")
    def get_changes(self, call: Call) -> Changes:
        """What happened in the folder."""
        listing = None if self.of_web else self.owner
        return changes_of(self.scope, call, listing=listing, folder=None if self.is_web else self.item)

    @action("AddSubFolder")
    def add_sub_folder(self, call: Call) -> None:
        """Make a folder in the folder."""
        Folders(self).make(call.text("leafName", 0), overwrite=False, as_item=True)

    @action("AddSubFolderUsingPath")
    def add_sub_folder_using_path(self, call: Call) -> None:
        """Make a folder in the folder."""
        name = call.text("leafPath", 0, default="") or call.text("DecodedUrl", 0)
        Folders(self).make(name, overwrite=False, as_item=True)

    def holder(self) -> Item:
        """The item of this folder, for adding to it; a web's folder gets one now."""
        if self.item is None:
            below = self.address[len(self.scope.web_path) + 1 :]
            self.owner, self.item = folder_tree.make_web_folder(self.scope, below)
        return self.item


class MissingFolder(Folder):
    """What SharePoint answers for a missing folder when only ``Exists`` was asked for."""

    @computed("Exists")
    def _exists(self) -> bool:
        return False


class Folders(Collection):
    """The folders in a folder."""

    feed = "Folders"
    element = Folder
    write_level = Level.WRITE

    def __init__(self, parent: Folder) -> None:
        super().__init__(parent.scope)
        self.parent = parent

    def all(self) -> list[Folder]:
        """The folders directly below this one; at the web's root also those of its lists."""
        parent = self.parent
        found: dict[str, Folder] = {}
        if parent.item is not None:
            for each in self.scope.content.children(parent.item):
                if each.folder:
                    address = f"{parent.address}/{each.name}"
                    found[each.name.lower()] = Folder(self.scope, parent.owner, each, address)
        if parent.of_web:
            self._add_roots(found)
        elif parent.owner and parent.item and not parent.item.parent and parent.owner.props.get("BaseType") == 1:
            address = f"{parent.address}/Forms"
            found.setdefault("forms", Folder(self.scope, None, None, address))
        return list(found.values())

    def _add_roots(self, found: dict[str, Folder]) -> None:
        below = self.parent.address[len(self.scope.web_path) + 1 :].lower()
        for row in self.scope.store.children(self.scope.web.id, "list"):
            above, _, leaf = row.name.rpartition("/")
            root = self.scope.content.root(row.id) if above.lower() == below else None
            if root is not None:
                found[leaf.lower()] = Folder(self.scope, row, root, f"{self.scope.web_path}/{row.name}")
        for name in folder_tree.virtual_folders(self.scope).values():
            above, _, leaf = name.rpartition("/")
            if above.lower() == below:
                found.setdefault(leaf.lower(), Folder(self.scope, None, None, f"{self.scope.web_path}/{name}"))

    def by_key(self, key: object) -> Folder:
        found = folder_places.find_folder(self.scope, self._absolute(str(key)))
        if found is None:
            raise file_not_found()
        return found

    @function("GetByPath")
    def get_by_path(self, call: Call) -> Folder:
        """A folder by name or address."""
        return self.by_key(call.text("decodedUrl", 0))

    @function("GetByUrl")
    def get_by_url(self, call: Call) -> Folder:
        """A folder by name or address."""
        return self.by_key(call.text("url", 0))

    @action("Add")
    def add(self, call: Call) -> Folder:
        """Make a folder; one that is there already is answered as it is."""
        return self.make(call.text("url", 0), overwrite=True)

    @action("AddUsingPath")
    def add_using_path(self, call: Call) -> Folder:
        """Make a folder by decoded name or address."""
        return self.make(call.text("DecodedUrl", 0), overwrite=call.flag("overwrite", 1, default=True))

    @action("AddWithOverwrite")
    def add_with_overwrite(self, call: Call) -> Folder:
        """Make a folder, or refuse when there is one and nothing may be overwritten."""
        return self.make(call.text("url", 0), overwrite=call.flag("overwrite", 1))

    def create(self, call: Call) -> Folder:
        return self.make(call.text("ServerRelativeUrl"), overwrite=True)

    def make(self, name: str, *, overwrite: bool, as_item: bool = False) -> Folder:
        """Make the folder at a name or address below this one. As in the service, a list that is no library shows it
        among its items only where that was said: elsewhere the folder has no item (pnp/pnpjs 747, pnp/pnpcore 1680)."""
        address = self._absolute(name)
        above, _, leaf = address.rpartition("/")
        parent = folder_places.find_folder(self.scope, above)
        if parent is None:
            raise file_not_found()
        existing = folder_places.find_folder(self.scope, address)
        if existing is not None and overwrite:
            return existing
        if existing is not None:
            raise duplicate_file(address.lstrip("/"))
        content, by, holder = self.scope.content, self.scope.claims.login, parent.holder()
        if parent.owner is not None and not (as_item or parent.owner.props.get("BaseType") == 1):
            return Folder(self.scope, parent.owner, content.add_beside(holder, leaf, None, by=by))
        made = content.add_folder(holder, leaf, by=by, conflict=Conflict.REPLACE)
        return Folder(self.scope, parent.owner, made)

    def _absolute(self, name: str) -> str:
        return folder_tree.absolute(self.scope, name, self.parent.address)
