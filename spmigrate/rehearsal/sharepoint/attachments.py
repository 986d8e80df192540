"""What is attached to list items: files below the list's folder ``Attachments``, one folder for each item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.http import Body
from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError, bad_argument, file_not_found
from spmigrate.rehearsal.sharepoint import files, folder_tree
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Content, Raw, action, computed, function
from spmigrate.rehearsal.sharepoint.properties import PATH, TEXT, group, table

if TYPE_CHECKING:
    from spmigrate.rehearsal.sharepoint.item_calls import ItemCalls

FOLDER = "Attachments"


def name_in_use() -> ODataError:
    """A second attachment of the same name (400)."""
    message = (
        "The specified name is already in use.\n\nThe document or folder name was not changed.  To change the name, "
        "close this dialog and enter a different name."
    )
    return ODataError(400, f"-2130575257, {SP_EXCEPTION}", message)


class Attachment(Content):
    """A file that is attached to an item."""

    type = "SP.Attachment"
    feed = "AttachmentFiles"
    write_level = Level.WRITE
    declared = table(
        group(TEXT, "", "FileName ServerRelativeUrl"), group(PATH, None, "FileNameAsPath ServerRelativePath")
    )

    def __init__(self, holder: ItemCalls, item: Item) -> None:
        super().__init__(holder.scope)
        self.holder = holder
        self.attached = item

    @property
    def path(self) -> str:
        quoted = self.attached.name.replace("'", "''")
        return f"{self.holder.path}/AttachmentFiles('{quoted}')"

    @computed("FileName")
    def _name(self) -> str:
        return self.attached.name

    @computed("FileNameAsPath")
    def _name_as_path(self) -> Mapping[str, str]:
        return {"DecodedUrl": self.attached.name}

    @computed("ServerRelativeUrl")
    def _address(self) -> str:
        return folder_tree.address_of(self.scope, self.attached)

    @computed("ServerRelativePath")
    def _address_as_path(self) -> Mapping[str, str]:
        return {"DecodedUrl": self._address()}

    def download(self, headers: Mapping[str, str]) -> Raw:
        return files.File(self.scope, self.holder.owner, self.attached).download(headers)

    def replace_content(self, upload: Body) -> None:
        blob = self.scope.content.blobs.take(upload)
        self.attached = self.scope.content.write(
            self.attached, by=self.scope.claims.login, blob=blob, keep_version=True
        )

    def delete(self) -> None:
        self.scope.content.purge(self.attached)
        self.holder.attachments().mark()

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Delete the attachment for good."""
        self.delete()

    @action("RecycleObject")
    def recycle_object(self, _call: Call) -> None:
        """Put the attachment into the recycle bin."""
        self.scope.content.recycle(self.attached, by=self.scope.claims.login)
        self.holder.attachments().mark()


class Attachments(Collection):
    """What is attached to an item."""

    feed = "AttachmentFiles"
    element = Attachment
    write_level = Level.WRITE

    def __init__(self, holder: ItemCalls) -> None:
        super().__init__(holder.scope)
        self.holder = holder

    def all(self) -> list[Attachment]:
        if not self.holder.item.fields.get("Attachments"):
            return []
        folder = self._folder()
        return [Attachment(self.holder, each) for each in self.scope.content.children(folder)] if folder else []

    def by_key(self, key: object) -> Attachment:
        folder = self._folder()
        found = self.scope.content.child(folder, str(key)) if folder else None
        if found is None:
            raise file_not_found()
        return Attachment(self.holder, found)

    @function("GetByFileName")
    def get_by_file_name(self, call: Call) -> Attachment:
        """An attachment by name."""
        return self.by_key(call.text("fileName", 0))

    @function("GetByFileNameAsPath")
    def get_by_file_name_as_path(self, call: Call) -> Attachment:
        """An attachment by decoded name."""
        return self.by_key(call.text("DecodedUrl", 0))

    @action("Add")
    def add(self, call: Call) -> Attachment:
        """Attach a file."""
        return self._attach(call.text("FileName", 0), call)

    @action("AddUsingPath")
    def add_using_path(self, call: Call) -> Attachment:
        """Attach a file, by decoded name."""
        return self._attach(call.text("DecodedUrl", 0), call)

    def _attach(self, name: str, call: Call) -> Attachment:
        owner, content, by = self.holder.owner, self.scope.content, self.scope.claims.login
        if owner.props.get("BaseType") == 1 or owner.props.get("EnableAttachments") is False:
            raise bad_argument("Attachments are not enabled for this list.")
        folder = self._folder() or self._make_folder()
        if content.child(folder, name) is not None:
            raise name_in_use()
        made = content.add_beside(folder, name, content.blobs.take(call.upload), by=by)
        self.mark()
        return Attachment(self.holder, made)

    def mark(self) -> None:
        """Let the item say whether anything is attached; as in the service, that changes the item."""
        folder = self._folder()
        attached = bool(folder and self.scope.content.children(folder, limit=1))
        self.holder.item = self.scope.content.write(
            self.holder.item, by=self.scope.claims.login, fields={"Attachments": attached}
        )

    def _folder(self) -> Item | None:
        root = self.scope.content.root(self.holder.owner.id)
        return self.scope.content.resolve(root, f"{FOLDER}/{self.holder.item.list_item}") if root else None

    def _make_folder(self) -> Item:
        content, by = self.scope.content, self.scope.claims.login
        root = content.root(self.holder.owner.id)
        if root is None:
            raise file_not_found()
        above = content.child(root, FOLDER) or content.add_beside(root, FOLDER, None, by=by)
        return content.add_beside(above, str(self.holder.item.list_item), None, by=by)
