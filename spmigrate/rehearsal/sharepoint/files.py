"""Files of libraries: properties, bytes, versions, check-out, and uploads in pieces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.blobs import Checksum
from spmigrate.rehearsal.content import Conflict, Item
from spmigrate.rehearsal.http import Body, FileRange
from spmigrate.rehearsal.odata.errors import ODataError, bad_argument, file_not_found
from spmigrate.rehearsal.sharepoint import folder_tree, folders, items
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.file_versions import FileVersions
from spmigrate.rehearsal.sharepoint.model import (
    Call,
    Content,
    Raw,
    Resource,
    action,
    as_guid,
    computed,
    function,
    link,
)
from spmigrate.rehearsal.sharepoint.people import User, ensure_user
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, DATE, GUID, INT, LONG, PATH, TEXT, group, table
from spmigrate.rehearsal.sharepoint.removal import Removable
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_WHOLE = 1 << 20


class File(Removable, Content):
    """A file."""

    type = "SP.File"
    feed = "Files"
    # office365-rest-python-client asks for it when it lists folders and files through all levels.
    passed_over = frozenset({"id"})
    write_level = Level.WRITE
    declared = table(
        group(TEXT, "", "CheckInComment ContentTag ETag LinkingUri LinkingUrl Name ServerRelativeUrl Title "
              "UIVersionLabel"),
        group(TEXT, "", "VroomDriveID VroomItemID ServerRedirectedUrl", on_select=True),
        group(INT, 2, "CheckOutType"),
        group(INT, 0, "CustomizedPageStatus Level MajorVersion MinorVersion UIVersion"),
        group(INT, 0, "PageRenderType", on_select=True),
        group(BOOLEAN, True, "Exists ExistsWithException"),
        group(BOOLEAN, True, "ExistsAllowThrowForPolicyFailures", on_select=True),
        group(BOOLEAN, False, "IrmEnabled HasAlternateContentStreams"),
        group(LONG, 0, "Length"),
        group(DATE, None, "TimeCreated TimeLastModified"),
        group(DATE, None, "ExpirationDate", on_select=True),
        group(GUID, None, "UniqueId"),
        group(GUID, None, "ListId SiteId WebId", on_select=True),
        group(PATH, None, "ServerRelativePath", on_select=True),
    )  # fmt: skip

    def __init__(self, scope: Scope, owner: Entity, item: Item, address: str = "") -> None:
        super().__init__(scope)
        self.owner = owner
        self.item = item
        self.address = address or folder_tree.address_of(scope, item)

    @property
    def path(self) -> str:
        quoted = self.address.replace("'", "''")
        return f"Web/GetFileByServerRelativePath(decodedurl='{quoted}')"

    @property
    def etag(self) -> str | None:
        return self._etag()

    def stored(self) -> Mapping[str, Any]:
        return {}

    @computed("ETag")
    def _etag(self) -> str:
        return f'"{{{self.item.guid.upper()}}},{self.item.etag}"'

    @computed("ContentTag")
    def _content_tag(self) -> str:
        return f"{{{self.item.guid.upper()}}},{self.item.etag},{self.item.ctag}"

    @computed("Name")
    def _name(self) -> str:
        return self.item.name

    @computed("Title")
    def _title(self) -> str:
        return str(self.item.fields.get("Title") or "")

    @computed("CheckInComment")
    def _comment(self) -> str:
        return str(self.item.fields.get("_CheckInComment", ""))

    @computed("CheckOutType")
    def _check_out_type(self) -> int:
        return 0 if self.item.fields.get("CheckoutUser") else 2

    @computed("Length")
    def _length(self) -> int:
        return self.item.size

    @computed("Level")
    def _level(self) -> int:
        return 1 if self.item.version % 512 == 0 else 2

    @computed("MajorVersion")
    def _major(self) -> int:
        return self.item.version // 512

    @computed("MinorVersion")
    def _minor(self) -> int:
        return self.item.version % 512

    @computed("UIVersion")
    def _ui_version(self) -> int:
        return self.item.version

    @computed("UIVersionLabel")
    def _ui_version_label(self) -> str:
        return self.item.version_label

    @computed("ServerRelativeUrl")
    def _address(self) -> str:
        return self.address

    @computed("ServerRelativePath")
    def _server_path(self) -> dict[str, str]:
        return {"DecodedUrl": self.address}

    @computed("LinkingUri")
    def _linking_uri(self) -> str:
        return f"https://{self.scope.host}{quote(self.address)}?d=w{self.item.guid.replace('-', '')}"

    @computed("LinkingUrl")
    def _linking_url(self) -> str:
        return self._linking_uri()

    @computed("TimeCreated")
    def _created(self) -> str:
        return self.item.created

    @computed("TimeLastModified")
    def _modified(self) -> str:
        return self.item.modified

    @computed("UniqueId")
    def _unique_id(self) -> str:
        return self.item.guid

    @computed("ListId")
    def _list_id(self) -> str:
        return self.owner.guid

    @computed("SiteId")
    def _site_id(self) -> str:
        return self.scope.site.guid

    @computed("WebId")
    def _web_id(self) -> str:
        return self.scope.web.guid

    @link("ListItemAllFields")
    def list_item(self) -> items.ListItem:
        """The file as a list item."""
        return items.ListItem(self.scope, self.owner, self.item)

    @link("Author")
    def author(self) -> User:
        """Who made it."""
        return User(self.scope, ensure_user(self.scope, self.item.author))

    @link("ModifiedBy")
    def modified_by(self) -> User:
        """Who changed it last."""
        return User(self.scope, ensure_user(self.scope, self.item.editor))

    @link("CheckedOutByUser")
    def checked_out_by(self) -> User | None:
        """Who has it checked out."""
        login = self.item.fields.get("CheckoutUser")
        return User(self.scope, ensure_user(self.scope, str(login))) if login else None

    @link("LockedByUser")
    def locked_by(self) -> User | None:
        """Who holds a lock on it."""
        lock = self.item.fields.get("_Lock")
        return User(self.scope, ensure_user(self.scope, str(lock[0]))) if lock else None

    @link("Versions")
    def versions(self) -> FileVersions:
        """Earlier versions."""
        return FileVersions(self)

    def download(self, headers: Mapping[str, str]) -> Raw:
        """The bytes, or the range that was asked for."""
        found = _RANGE.fullmatch(headers.get("range", "").strip())
        size = self.item.size
        if found is None or not size:
            return self._part(0, size, {"etag": self._etag()})
        first, last = found.groups()
        start = int(first) if first else max(0, size - int(last or 0))
        end = min(int(last), size - 1) if first and last else size - 1
        if start > end:
            raise ODataError(416, "-1, System.ArgumentOutOfRangeException", "The range is not satisfiable.")
        extra = {"etag": self._etag(), "content-range": f"bytes {start}-{end}/{size}"}
        return self._part(start, end - start + 1, extra)

    def _part(self, start: int, length: int, headers: Mapping[str, str]) -> Raw:
        blobs = self.scope.content.blobs
        path = blobs.file(self.item.blob)
        if path is not None and length > _WHOLE:
            return Raw(file=FileRange(path, start, length), headers=headers)
        return Raw(blobs.read(self.item.blob, start, length), headers=headers)

    def replace_content(self, upload: Body) -> None:
        """Keep other bytes as a new version."""
        self._write(self.scope.content.blobs.take(upload))

    def _write(self, blob: Any) -> None:
        self.item = self.scope.content.write(self.item, by=self.scope.claims.login, blob=blob)

    @action("DeleteWithParameters")
    def delete_with_parameters(self, _call: Call) -> None:
        """Delete the file for good."""
        self.delete()

    @function("OpenBinaryStream")
    def open_binary_stream(self, call: Call) -> Raw:
        """The bytes."""
        return self.download(call.headers)

    @action("SaveBinaryStream")
    def save_binary_stream(self, call: Call) -> None:
        """Keep other bytes as a new version."""
        self.replace_content(call.upload)

    @action("CheckOut")
    def check_out(self, _call: Call) -> None:
        """Take the file for oneself."""
        login = self.scope.claims.login
        if self.item.fields.get("CheckoutUser"):
            raise ODataError(
                423,
                "-2147018894, Microsoft.SharePoint.SPFileCheckOutException",
                f'The file "{self.address}" is checked out for editing by {login}.',
            )
        self._keep({"CheckoutUser": login})

    @action("CheckIn")
    def check_in(self, call: Call) -> None:
        """Give the file back, as a new version."""
        comment = call.text("comment", 0, default="")
        if not self.item.fields.get("CheckoutUser"):
            raise ODataError(
                400,
                "-2147024738, Microsoft.SharePoint.SPFileCheckOutException",
                f'The file "{self.address}" is not checked out.',
            )
        self._keep({"CheckoutUser": None, "_CheckInComment": comment})

    @action("UndoCheckOut")
    def undo_check_out(self, _call: Call) -> None:
        """Give the file back unchanged."""
        self._keep({"CheckoutUser": None})

    def _keep(self, fields: Mapping[str, Any]) -> None:
        by = self.scope.claims.login
        self.item = self.scope.content.write(self.item, by=by, fields=fields, keep_version=True)

    @action("Publish")
    def publish(self, call: Call) -> None:
        """Make the draft a major version."""
        self._keep({"_CheckInComment": call.text("comment", 0, default="")})

    @action("CopyTo")
    def copy_to(self, call: Call) -> None:
        """Copy the file to an address of this site."""
        self._copy(call.text("strNewUrl", 0), overwrite=call.flag("bOverWrite", 1, default=False))

    @action("CopyToUsingPath")
    def copy_to_using_path(self, call: Call) -> None:
        """Copy the file to a decoded address of this site."""
        self._copy(call.text("DecodedUrl", 0), overwrite=call.flag("bOverWrite", 1, default=False))

    def _copy(self, target: str, *, overwrite: bool) -> None:
        address = folder_tree.absolute(self.scope, target, self.scope.web_path)
        above, _, leaf = address.rpartition("/")
        parent = folder_tree.find_folder(self.scope, above)
        if parent is None:
            raise file_not_found()
        source = self.item
        blob = self.scope.content.blobs.put(self.scope.content.blobs.read(source.blob))
        conflict = Conflict.REPLACE if overwrite else Conflict.FAIL
        by = self.scope.claims.login
        self.scope.content.add_file(parent.holder(), leaf, blob, by=by, conflict=conflict, fields=source.fields)

    @action("MoveTo")
    def move_to(self, call: Call) -> None:
        """Rename or move the file."""
        overwrite = call.number("flags", 1, default=0) & 1 == 1
        folder_tree.move(self.scope, self.item, call.text("newUrl", 0), overwrite=overwrite)

    @action("MoveToUsingPath")
    def move_to_using_path(self, call: Call) -> None:
        """Rename or move the file."""
        overwrite = call.number("moveOperations", 1, default=0) & 1 == 1
        folder_tree.move(self.scope, self.item, call.text("decodedUrl", 0), overwrite=overwrite)

    @action("StartUpload")
    def start_upload(self, call: Call) -> str:
        """The first piece of a large file; the answer is the place to go on at."""
        part = self._part_file(call)
        part.unlink(missing_ok=True)
        part.write_bytes(call.upload.read())
        return str(part.stat().st_size)

    @action("ContinueUpload")
    def continue_upload(self, call: Call) -> str:
        """One more piece."""
        return str(self._append(call))

    @action("FinishUpload")
    def finish_upload(self, call: Call) -> File:
        """The last piece: the file gets its bytes."""
        self._append(call)
        part = self._part_file(call)
        checksum = Checksum()
        checksum.read(part)
        blob = self.scope.content.blobs.adopt(part, checksum)
        part.unlink(missing_ok=True)
        self._write(blob)
        return self

    @action("CancelUpload")
    def cancel_upload(self, call: Call) -> None:
        """Forget the pieces."""
        self._part_file(call).unlink(missing_ok=True)

    def _append(self, call: Call) -> int:
        part = self._part_file(call)
        offset = call.number("fileOffset", 1)
        if not part.exists() or part.stat().st_size != offset:
            raise bad_argument("The file offset is not valid.\r\nParameter name: fileOffset")
        with part.open("ab") as out:
            out.write(call.upload.read())
        return part.stat().st_size

    def _part_file(self, call: Call) -> Path:
        identity = as_guid(call.value("uploadId", 0))
        if identity is None:
            raise bad_argument("Value cannot be null.\r\nParameter name: uploadId")
        return self.scope.content.blobs.uploads / f"rest-{self.item.guid}-{identity}"


def find_file(scope: Scope, address: str) -> File | None:
    """The file at a server-relative or absolute address."""
    found = folder_tree.find_item(scope, address)
    return None if found is None or found[1].folder else File(scope, found[0], found[1])


def as_resource(scope: Scope, owner: Entity, item: Item) -> Resource:
    """An item as the file or folder that it is."""
    return folders.Folder(scope, owner, item) if item.folder else File(scope, owner, item)
