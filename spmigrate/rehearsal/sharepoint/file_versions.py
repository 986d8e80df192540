"""Earlier versions of files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.content import Version
from spmigrate.rehearsal.odata.errors import file_not_found
from spmigrate.rehearsal.sharepoint import files
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import (
    Call,
    Collection,
    Content,
    Raw,
    action,
    function,
)
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, DATE, INT, LONG, TEXT, group, table


class FileVersion(Content):
    """An earlier version of a file."""

    type = "SP.FileVersion"
    feed = "Versions"
    write_level = Level.WRITE
    declared = table(
        group(TEXT, "", "CheckInComment Url VersionLabel"),
        group(DATE, None, "Created"),
        group(DATE, None, "ExpirationDate"),
        group(INT, 0, "ID Size"),
        group(LONG, 0, "Length"),
        group(BOOLEAN, False, "IsCurrentVersion"),
    )

    def __init__(self, owner: files.File, version: Version) -> None:
        super().__init__(owner.scope)
        self.owner = owner
        self.version = version

    @property
    def path(self) -> str:
        return f"{self.owner.path}/Versions({self.version.number})"

    def stored(self) -> Mapping[str, Any]:
        number = self.version.number
        below = self.owner.address.removeprefix(self.scope.web_path + "/")
        return {
            "ID": number, "VersionLabel": f"{number // 512}.{number % 512}", "Size": self.version.size,
            "Length": self.version.size, "Created": self.version.modified, "Url": f"_vti_history/{number}/{below}",
        }  # fmt: skip

    def download(self, _headers: Mapping[str, str]) -> Raw:
        """The bytes of this version."""
        return Raw(self.scope.content.blobs.read(self.version.blob))

    def delete(self) -> None:
        self.scope.content.delete_version(self.owner.item, self.version.number)


class FileVersions(Collection):
    """Earlier versions of a file."""

    feed = "Versions"
    element = FileVersion
    write_level = Level.WRITE

    def __init__(self, owner: files.File) -> None:
        super().__init__(owner.scope)
        self.owner = owner

    def all(self) -> list[FileVersion]:
        return [FileVersion(self.owner, each) for each in reversed(self.scope.content.versions(self.owner.item))]

    def by_key(self, key: object) -> FileVersion:
        for each in self.all():
            if str(each.version.number) == str(key):
                return each
        raise file_not_found()

    @function("GetById")
    def get_by_id(self, call: Call) -> FileVersion:
        """A version by number."""
        return self.by_key(call.number("versionid", 0))

    @action("RestoreByLabel")
    def restore_by_label(self, call: Call) -> None:
        """Make an earlier version the current one."""
        label = call.text("versionlabel", 0)
        for each in self.all():
            if each.stored()["VersionLabel"] == label:
                by = self.scope.claims.login
                self.scope.content.restore_version(self.owner.item, each.version.number, by=by)
                return
        raise file_not_found()

    @action("DeleteAll")
    def delete_all(self, _call: Call) -> None:
        """Delete every earlier version."""
        for each in self.all():
            each.delete()
