"""Folders and files of libraries: one tree, the same that Graph shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.content import Conflict, Item
from spmigrate.rehearsal.odata.errors import bad_argument, duplicate_file, file_missing, file_not_found, not_built
from spmigrate.rehearsal.sharepoint import files, folder_tree, items
from spmigrate.rehearsal.sharepoint.access import Level
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
from spmigrate.rehearsal.sharepoint.property_values import PropertyValues, StorageMetrics
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity


class Folder(Resource):
    """A folder of a library or list; the web's own root folder has no item."""

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
        group(TEXT, "", "Name ServerRelativeUrl"),
        group(TEXT, None, "ProgID"),
        group(TEXT, "", "WelcomePage", writable=True),
        group(DATE, None, "TimeCreated TimeLastModified"),
        group(GUID, None, "UniqueId"),
        group(PATH, None, "ServerRelativePath", on_select=True),
        group(CONTENT_TYPE_IDS, None, "ContentTypeOrder", on_select=True),
        group(CONTENT_TYPE_IDS, None, "UniqueContentTypeOrder", writable=True, on_select=True),
    )

    def __init__(self, scope: Scope, owner: Entity | None, item: Item | None, address: str = "") -> None:
        super().__init__(scope)
        self.owner = owner
        self.item = item
        self.address = address or (scope.web_path if item is None else folder_tree.address_of(scope, item))

    @property
    def path(self) -> str:
        quoted = (self.address or "/").replace("'", "''")
        return f"Web/GetFolderByServerRelativePath(decodedurl='{quoted}')"

    def stored(self) -> Mapping[str, Any]:
        source = self.item.fields if self.item else self.scope.web.props
        return dict(source.get("_Folder", {}))

    @computed("Name")
    def _name(self) -> str:
        return self.item.name if self.item else self.address.rpartition("/")[2]

    @computed("ServerRelativeUrl")
    def _server_relative(self) -> str:
        return self.address or "/"

    @computed("ServerRelativePath")
    def _server_path(self) -> dict[str, str]:
        return {"DecodedUrl": self.address or "/"}

    @computed("UniqueId")
    def _unique_id(self) -> str:
        return self.item.guid if self.item else self.scope.web.guid

    @computed("ItemCount")
    def _count(self) -> int:
        return self.scope.content.count(self.item) if self.item else len(Folders(self).all())

    @computed("TimeCreated")
    def _created(self) -> str:
        return self.item.created if self.item else self.scope.web.created

    @computed("TimeLastModified")
    def _modified(self) -> str:
        return self.item.modified if self.item else self.scope.web.modified

    @computed("WelcomePage")
    def _welcome(self) -> str:
        default = "" if self.item else str(self.scope.web.props.get("WelcomePage", "SitePages/Home.aspx"))
        return str(self.stored().get("WelcomePage", default))

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
        if not self.address:
            return None
        return folder_tree.find_folder(self.scope, self.address.rpartition("/")[0])

    @link("ListItemAllFields")
    def list_item(self) -> Resource | None:
        """The folder as a list item."""
        if self.item is None or self.owner is None or self.item.list_item == 0:
            return None
        return items.ListItem(self.scope, self.owner, self.item)

    @link("Properties")
    def properties(self) -> Resource | None:
        """The folder's property bag."""
        return PropertyValues(self.scope, f"{self.path}/Properties", {"vti_isfolder": True})

    @link("StorageMetrics")
    def storage_metrics(self) -> Resource:
        """How much the folder holds."""
        total = self.scope.content.total_size(self.item) if self.item else 0
        return StorageMetrics(self.scope, f"{self.path}/StorageMetrics", total, self._modified())

    def save(self, patch: Mapping[str, Any]) -> None:
        kept = {**self.stored(), **patch}
        if self.item is None:
            self.scope.store.update(self.scope.web, {"_Folder": kept, **patch}, at=self.scope.now)
        else:
            by = self.scope.claims.login
            fields = {"_Folder": kept}
            self.item = self.scope.content.write(self.item, by=by, fields=fields, keep_version=True)

    def delete(self) -> None:
        self.scope.content.purge(self._own())

    @action("Recycle")
    def recycle(self, _call: Call) -> str:
        """Put the folder into the recycle bin."""
        item = self._own()
        self.scope.content.recycle(item)
        return item.guid

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Delete the folder for good."""
        self.delete()

    @action("MoveTo")
    def move_to(self, call: Call) -> None:
        """Rename or move the folder."""
        folder_tree.move(self.scope, self._own(), call.text("newUrl", 0))

    @action("MoveToUsingPath")
    def move_to_using_path(self, call: Call) -> None:
        """Rename or move the folder."""
        folder_tree.move(self.scope, self._own(), call.text("decodedUrl", 0))

    @action("AddSubFolderUsingPath")
    def add_sub_folder(self, call: Call) -> None:
        """Make a folder in the folder."""
        Folders(self).make(call.text("DecodedUrl", 0), overwrite=False)

    def _own(self) -> Item:
        if self.item is None or self.item.parent == 0:
            raise bad_argument("The folder can't be changed in this way.")
        return self.item

    def holder(self) -> Item:
        """The item of this folder, for adding to it; refuses the web's own root folder."""
        if self.item is None:
            raise not_built("POST", f"{self.path}/Folders")
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
        """The folders directly below this one, or below the root of the list."""
        parent = self.parent
        if parent.item is not None:
            children = self.scope.content.children(parent.item)
            return [
                Folder(self.scope, parent.owner, each, f"{parent.address}/{each.name}")
                for each in children
                if each.folder
            ]
        return [
            Folder(self.scope, row, root)
            for row in self.scope.store.children(self.scope.web.id, "list")
            if (root := self.scope.content.root(row.id)) is not None and "/" not in row.name
        ]

    def by_key(self, key: object) -> Folder:
        found = folder_tree.find_folder(self.scope, self._absolute(str(key)))
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

    def create(self, call: Call) -> Folder:
        return self.make(call.text("ServerRelativeUrl"), overwrite=True)

    def make(self, name: str, *, overwrite: bool) -> Folder:
        """Make the folder at a name or address below this one."""
        address = self._absolute(name)
        above, _, leaf = address.rpartition("/")
        parent = folder_tree.find_folder(self.scope, above)
        if parent is None:
            raise file_not_found()
        existing = folder_tree.find_folder(self.scope, address)
        if existing is not None and overwrite:
            return existing
        if existing is not None:
            raise duplicate_file(address)
        made = self.scope.content.add_folder(
            parent.holder(), leaf, by=self.scope.claims.login, conflict=Conflict.REPLACE
        )
        return Folder(self.scope, parent.owner, made)

    def _absolute(self, name: str) -> str:
        return folder_tree.absolute(self.scope, name, self.parent.address)


class Files(Collection):
    """The files in a folder."""

    feed = "Files"
    write_level = Level.WRITE

    def __init__(self, parent: Folder) -> None:
        super().__init__(parent.scope)
        self.parent = parent

    def has(self, name: str) -> bool:
        return name in files.File.declared or files.File.has_link(name)

    def all(self) -> list[Any]:
        parent = self.parent
        if parent.item is None:
            return []
        return [
            files.File(self.scope, parent.owner, each, f"{parent.address}/{each.name}")
            for each in self.scope.content.children(parent.item)
            if parent.owner is not None and each.file
        ]

    def by_key(self, key: object) -> files.File:
        address = folder_tree.absolute(self.scope, str(key), self.parent.address)
        found = folder_tree.find_item(self.scope, address)
        if found is None or found[1].folder:
            raise file_missing(address)
        return files.File(self.scope, found[0], found[1], address)

    @function("GetByUrl")
    def get_by_url(self, call: Call) -> files.File:
        """A file by name or address."""
        return self.by_key(call.text("url", 0))

    @function("GetByPath")
    def get_by_path(self, call: Call) -> files.File:
        """A file by decoded name or address."""
        return self.by_key(call.text("decodedUrl", 0))

    @action("Add")
    def add(self, call: Call) -> files.File:
        """Upload a file (up to 250 MB in one request)."""
        return self._upload(call, call.text("url", 0, default=""))

    @action("AddUsingPath")
    def add_using_path(self, call: Call) -> files.File:
        """Upload a file by decoded name."""
        return self._upload(call, call.text("DecodedUrl", 0, default=""))

    @action("AddTemplateFile")
    def add_template_file(self, call: Call) -> files.File:
        """Make an empty page."""
        return self._upload(call, call.text("urlOfFile", 0))

    def _upload(self, call: Call, name: str) -> files.File:
        if not name:
            raise bad_argument("Value cannot be null.\r\nParameter name: url")
        address = folder_tree.absolute(self.scope, name, self.parent.address)
        above, _, leaf = address.rpartition("/")
        parent = folder_tree.find_folder(self.scope, above)
        if parent is None:
            raise file_not_found()
        overwrite = call.flag("overwrite", 1, default=False)
        existing = self.scope.content.child(parent.holder(), leaf)
        if existing is not None and not overwrite:
            raise duplicate_file(address.lstrip("/"))
        made = self.scope.content.add_file(
            parent.holder(),
            leaf,
            self.scope.content.blobs.take(call.upload),
            by=self.scope.claims.login,
            conflict=Conflict.REPLACE if overwrite else Conflict.FAIL,
        )
        assert parent.owner is not None
        return files.File(self.scope, parent.owner, made, address)
