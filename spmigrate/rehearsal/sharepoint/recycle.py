"""The recycle bin: lists, folders, files and items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, as_guid
from spmigrate.rehearsal.sharepoint.properties import DATE, GUID, INT, LONG, PATH, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity


class RecycleBinItem(Resource):
    """Something in the recycle bin."""

    type = "SP.RecycleBinItem"
    feed = "RecycleBin"
    declared = table(
        group(TEXT, "", "AuthorEmail AuthorName DeletedByEmail DeletedByName DirName LeafName Title"),
        group(PATH, None, "DirNamePath LeafNamePath"),
        group(DATE, None, "DeletedDate DeletedDateLocalFormatted"),
        group(GUID, "", "Id"),
        group(INT, 1, "ItemState"),
        group(INT, 1, "ItemType"),
        group(LONG, 0, "Size"),
    )

    def __init__(self, scope: Scope, owner: Entity, item: Item | None) -> None:
        super().__init__(scope)
        self.owner = owner
        self.item = item

    @property
    def id(self) -> str:
        """The id under which it was recycled."""
        return self.item.guid if self.item else self.owner.guid

    @property
    def path(self) -> str:
        return f"Web/RecycleBin(guid'{self.id}')"

    def stored(self) -> Mapping[str, Any]:
        """The properties of what lies in the bin: a list, or a file or folder of one."""
        scope, item = self.scope, self.item
        if item is None:
            leaf, above = self.owner.name, scope.web_path
            title, deleted = str(self.owner.props.get("Title", leaf)), self.owner.deleted
        else:
            below = scope.content.path(item)
            full = f"{scope.content.list_path(item.list)}/{below}"
            above, _, leaf = full.rpartition("/")
            title, deleted = leaf, scope.now
        above = above.strip("/")
        return {
            "Id": self.id, "Title": title, "LeafName": leaf, "DirName": above, "DeletedDate": deleted,
            "LeafNamePath": {"DecodedUrl": leaf}, "DirNamePath": {"DecodedUrl": above},
            "ItemType": 3 if item is None else (5 if item.folder else 1), "Size": item.size if item else 0,
        }  # fmt: skip

    @action("Restore")
    def restore(self, _call: Call) -> None:
        """Put it back where it was."""
        if self.item is None:
            self.scope.store.restore(self.owner)
        else:
            self.scope.content.restore(self.item)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Delete it for good."""
        self.delete()

    def delete(self) -> None:
        if self.item is None:
            self.scope.store.delete(self.owner)
        else:
            self.scope.content.purge(self.item)


class RecycleBin(Collection):
    """What was recycled in the web."""

    feed = "RecycleBin"
    element = RecycleBinItem

    def all(self) -> list[RecycleBinItem]:
        store, web = self.scope.store, self.scope.web
        found = [RecycleBinItem(self.scope, row, None) for row in store.children(web.id, "list", deleted=True)]
        for row in store.children(web.id, "list"):
            found += [RecycleBinItem(self.scope, row, item) for item in self.scope.content.recycled(row.id)]
        return found

    def by_key(self, key: object) -> RecycleBinItem:
        guid = as_guid(key)
        for each in self.all():
            if each.id == guid:
                return each
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: id")

    @action("GetById")
    def get_by_id(self, call: Call) -> RecycleBinItem:
        """Something recycled by id."""
        return self.by_key(call.value("id", 0))

    @action("RestoreByIds")
    def restore_by_ids(self, call: Call) -> None:
        """Put several things back."""
        for identity in call.texts("ids", 0):
            self.by_key(identity).restore(call)

    @action("DeleteAll")
    def delete_all(self, _call: Call) -> None:
        """Empty the bin."""
        for each in self.all():
            each.delete()

    @action("RestoreAll")
    def restore_all(self, call: Call) -> None:
        """Put everything back."""
        for each in self.all():
            each.restore(call)
