"""Files of libraries: properties, bytes, versions, check-out, and uploads in pieces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.http import Body, FileRange
from spmigrate.rehearsal.odata.errors import ODataError, not_built
from spmigrate.rehearsal.sharepoint import folder_places, folder_tree, folders, items, property_bag
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.file_checkouts import CHECKED_OUT, DRAFT, PUBLISHED, CheckOuts
from spmigrate.rehearsal.sharepoint.file_pieces import Pieces
from spmigrate.rehearsal.sharepoint.file_relocations import Relocations
from spmigrate.rehearsal.sharepoint.file_versions import FileVersions
from spmigrate.rehearsal.sharepoint.model import (
    Call,
    Content,
    Raw,
    Resource,
    action,
    computed,
    function,
    link,
)
from spmigrate.rehearsal.sharepoint.people import User, ensure_user
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, DATE, GUID, INT, LONG, PATH, TEXT, group, table
from spmigrate.rehearsal.sharepoint.removal import Removable
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.web_parts import PartHolder
from spmigrate.rehearsal.storage import Entity

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_WHOLE = 1 << 20
# Kinds of files that the browser opens in Office, which alone have a linking address.
_OFFICE = frozenset({
    "doc", "docm", "docx", "dot", "dotx", "odp", "ods", "odt", "one", "onetoc2", "pot", "potx", "pps", "ppsx", "ppt",
    "pptm", "pptx", "vsd", "vsdx", "xls", "xlsb", "xlsm", "xlsx",
})  # fmt: skip


class File(CheckOuts, Pieces, Relocations, Removable, PartHolder, Content):
    """A file."""

    type = "SP.File"
    feed = "Files"
    # office365-rest-python-client asks for it when it lists folders and files through all levels.
    passed_over = frozenset({"id"})
    write_level = Level.WRITE
    item: Item
    owner: Entity
    address: str
    declared = table(
        group(TEXT, "", "CheckInComment ContentTag ETag LinkingUrl ServerRelativeUrl Title UIVersionLabel"),
        group(TEXT, "", "Name", writable=True),
        group(TEXT, None, "LinkingUri"),
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
        if self.item.fields.get("CheckoutUser"):
            return CHECKED_OUT
        return PUBLISHED if self.item.version % 512 == 0 else DRAFT

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
    def _linking_uri(self) -> str | None:
        if self.item.name.rpartition(".")[2].lower() not in _OFFICE:
            return None
        return f"https://{self.scope.host}{quote(self.address)}?d=w{self.item.guid.replace('-', '')}"

    @computed("LinkingUrl")
    def _linking_url(self) -> str:
        return self._linking_uri() or ""

    @computed("VroomDriveID")
    def _drive_id(self) -> str:
        # Graph's front answers files by this package, so that it can't be imported before it.
        from spmigrate.rehearsal.graph.ids import drive_id

        return drive_id(self.scope.site, self.scope.web, self.owner)

    @computed("VroomItemID")
    def _item_id(self) -> str:
        from spmigrate.rehearsal.graph.ids import item_id

        return item_id(self.item)

    @computed("ServerRedirectedUrl")
    def _redirected(self) -> str:
        return f"{self.scope.web_url}/_layouts/15/Doc.aspx?sourcedoc=%7B{self.item.guid}%7D&action=default"

    @computed("CustomizedPageStatus")
    def _customised(self) -> int:
        return 1 if self.item.name.lower().endswith(".aspx") else 0

    @computed("ExpirationDate")
    def _expiration(self) -> str | None:
        return self.item.fields.get("_ExpirationDate")

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
    def list_item(self) -> items.ListItem | None:
        """The file as a list item; one at the web's root is none."""
        if self.owner.kind == folder_tree.WEB_ROOT:
            return None
        return items.ListItem(self.scope, self.owner, self.item)

    @link("Properties")
    def properties(self) -> Resource:
        """The file's property bag."""
        return property_bag.of_file(self.scope, f"{self.path}/Properties", self.item)

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

    @function("OpenBinaryStream")
    def open_binary_stream(self, call: Call) -> Raw:
        """The bytes."""
        return self.download(call.headers)

    @function("OpenBinaryStreamWithOptions")
    def open_binary_stream_with_options(self, call: Call) -> Raw:
        """The bytes."""
        return self.download(call.headers)

    @action("SaveBinaryStream")
    def save_binary_stream(self, call: Call) -> None:
        """Keep other bytes as a new version."""
        self.replace_content(call.upload)

    @action("Update")
    def update(self, _call: Call) -> None:
        """Keep what was set (nothing is pending over REST)."""

    @action("SetExpirationDate")
    def set_expiration_date(self, call: Call) -> None:
        """Say when the file expires."""
        moment = call.value("expirationDate", 0, default=None)
        fields = {"_ExpirationDate": moment}
        self.item = self.scope.content.write(self.item, by=self.scope.claims.login, fields=fields, keep_version=True)

    @function("GetMediaServiceMetadata")
    def media_metadata(self, _call: Call) -> str:
        """What the media service found in the file: nothing here."""
        return str(self.item.fields.get("MediaServiceMetadata") or "")

    @action("SetMediaServiceMetadata")
    def set_media_metadata(self, call: Call) -> None:
        """Keep what the media service found in the file."""
        fields = {"MediaServiceMetadata": call.text("mediaServiceMetadata", 0)}
        self.item = self.scope.content.write(self.item, by=self.scope.claims.login, fields=fields, keep_version=True)

    @function("GetPreAuthorizedAccessUrl")
    def pre_authorised(self, _call: Call) -> str:
        """An address that needs no token: transfers of this tenant are opened by Graph."""
        raise not_built("GET", f"{self.path}/GetPreAuthorizedAccessUrl")

    @function("GetWOPIFrameUrl")
    def wopi_frame_url(self, call: Call) -> str:
        """Where the browser opens the file (0 view, 1 edit); empty for kinds that it can't open."""
        if self._linking_uri() is None:
            return ""
        mode = "edit" if call.number("action", 0, default=0) == 1 else "view"
        query = f"sourcedoc=%7B{self.item.guid.upper()}%7D&file={quote(self.item.name)}&action={mode}"
        return f"{self.scope.web_url}/_layouts/15/Doc.aspx?{query}"

    @function("GetImagePreviewUrl")
    @function("GetImagePreviewUri")
    def image_preview(self, call: Call) -> str:
        """Where a picture of the file can be had."""
        width, height = call.number("width", 0, default=300), call.number("height", 1, default=300)
        query = f"path={quote(self.address, safe='')}&width={width}&height={height}"
        return f"{self.scope.web_url}/_layouts/15/getpreview.ashx?{query}"

    def save(self, patch: Mapping[str, Any]) -> None:
        name = str(patch.get("Name", self.item.name))
        if name != self.item.name:
            above = self.address.rpartition("/")[0]
            self.item = folder_places.move(self.scope, self.item, f"{above}/{name}")


def find_file(scope: Scope, address: str) -> File | None:
    """The file at a server-relative or absolute address."""
    found = folder_tree.find_item(scope, address)
    return None if found is None or found[1].folder else File(scope, found[0], found[1])


def as_resource(scope: Scope, owner: Entity, item: Item) -> Resource:
    """An item as the file or folder that it is."""
    return folders.Folder(scope, owner, item) if item.folder else File(scope, owner, item)
