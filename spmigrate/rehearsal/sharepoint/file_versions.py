"""Earlier versions of files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.content import Version
from spmigrate.rehearsal.items import dump_fields
from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError
from spmigrate.rehearsal.odata.options import Options
from spmigrate.rehearsal.recycled import VERSION
from spmigrate.rehearsal.sharepoint import files
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Content, Raw, action, function, link
from spmigrate.rehearsal.sharepoint.people import User, ensure_user
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, DATE, INT, LONG, TEXT, group, table

EXPIRES = "_ExpirationDate"


class FileVersion(Content):
    """An earlier version of a file."""

    type = "SP.FileVersion"
    feed = "Versions"
    write_level = Level.WRITE
    declared = table(
        group(TEXT, "", "CheckInComment Url VersionLabel"),
        group(DATE, None, "Created"),
        group(DATE, None, "ExpirationDate SnapshotDate", on_select=True),
        group(INT, 0, "ID Size"),
        group(LONG, 0, "Length"),
        group(BOOLEAN, False, "IsCurrentVersion"),
    )

    def __init__(self, owner: files.File, version: Version) -> None:
        super().__init__(owner.scope)
        self.file = owner
        self.version = version

    @property
    def path(self) -> str:
        return f"{self.file.path}/Versions({self.version.number})"

    @property
    def label(self) -> str:
        """The version as people see it."""
        return f"{self.version.number // 512}.{self.version.number % 512}"

    def stored(self) -> Mapping[str, Any]:
        number = self.version.number
        below = self.file.address.removeprefix(self.scope.web_path + "/")
        return {
            "ID": number, "VersionLabel": self.label, "Size": self.version.size, "Length": self.version.size,
            "Created": self.version.modified, "Url": f"_vti_history/{number}/{below}",
            "CheckInComment": str(self.version.fields.get("_CheckInComment") or ""),
            "ExpirationDate": self.version.fields.get(EXPIRES),
        }  # fmt: skip

    @link("CreatedBy")
    def created_by(self) -> User:
        """Who made this version."""
        return User(self.scope, ensure_user(self.scope, self.version.editor))

    def download(self, _headers: Mapping[str, str]) -> Raw:
        """The bytes of this version."""
        return Raw(self.scope.content.blobs.read(self.version.blob))

    @function("OpenBinaryStream")
    def open_binary_stream(self, call: Call) -> Raw:
        """The bytes."""
        return self.download(call.headers)

    def delete(self) -> None:
        self.scope.content.delete_version(self.file.item, self.version.number)

    @action("SetExpirationDate")
    def set_expiration_date(self, call: Call) -> None:
        """Say until when the version is kept; without a date it is kept for ever."""
        day = call.text("expirationDate", 0, default="")
        self.scope.content.note_version(self.file.item, self.version, {EXPIRES: day or None})

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Delete the version for good."""
        self.delete()

    @action("Recycle")
    def recycle(self, _call: Call) -> None:
        """Put the version into the recycle bin."""
        each = self.version
        row = {"number": each.number, "size": each.size, "hash": each.hash, "blob": each.blob,
               "modified": each.modified, "editor": each.editor, "fields": dump_fields(each.fields)}  # fmt: skip
        self.scope.content.bin.add(
            VERSION, self.file.item.id, self.scope.web.id, by=self.scope.claims.login,
            address=f"{self.file.address} ({self.label})", size=each.size, props=row,
        )  # fmt: skip
        self.delete()


class FileVersions(Collection):
    """Earlier versions of a file."""

    feed = "Versions"
    element = FileVersion
    write_level = Level.WRITE

    def __init__(self, owner: files.File) -> None:
        super().__init__(owner.scope)
        self.file = owner

    def all(self) -> list[FileVersion]:
        return [FileVersion(self.file, each) for each in reversed(self.scope.content.versions(self.file.item))]

    def page(self, options: Options) -> tuple[list[Any], str | None] | None:
        return None if options.top or options.filter is not None or options.orderby else (self.all(), None)

    def by_key(self, key: object) -> FileVersion:
        for each in self.all():
            if str(each.version.number) == str(key):
                return each
        raise _missing()

    def by_label(self, label: str) -> FileVersion:
        """A version by its label; refuses when there is none."""
        for each in self.all():
            if each.label == label.strip():
                return each
        raise _missing()

    @function("GetById")
    def get_by_id(self, call: Call) -> FileVersion:
        """A version by number."""
        return self.by_key(call.number("versionid", 0))

    @function("GetByLabel")
    def get_by_label(self, call: Call) -> FileVersion:
        """A version by label."""
        return self.by_label(call.text("versionlabel", 0))

    @action("RestoreByLabel")
    def restore_by_label(self, call: Call) -> None:
        """Make an earlier version the current one."""
        number = self.by_label(call.text("versionlabel", 0)).version.number
        self.scope.content.restore_version(self.file.item, number, by=self.scope.claims.login)

    @action("DeleteById")
    def delete_by_id(self, call: Call) -> None:
        """Delete a version by number."""
        self.by_key(call.number("vid", 0)).delete()

    @action("DeleteByLabel")
    def delete_by_label(self, call: Call) -> None:
        """Delete a version by label."""
        self.by_label(call.text("versionlabel", 0)).delete()

    @action("DeleteAll")
    def delete_all(self, _call: Call) -> None:
        """Delete every earlier version."""
        for each in self.all():
            each.delete()

    @action("RecycleById")
    def recycle_by_id(self, call: Call) -> None:
        """Put a version into the recycle bin by number."""
        self.by_key(call.number("vid", 0)).recycle(call)

    @action("RecycleByLabel")
    def recycle_by_label(self, call: Call) -> None:
        """Put a version into the recycle bin by label."""
        self.by_label(call.text("versionlabel", 0)).recycle(call)

    @action("RecycleAll")
    def recycle_all(self, call: Call) -> None:
        """Put every earlier version into the recycle bin."""
        for each in self.all():
            each.recycle(call)


def _missing() -> ODataError:
    return ODataError(404, f"-2147024894, {SP_EXCEPTION}", "The specified version does not exist.")
