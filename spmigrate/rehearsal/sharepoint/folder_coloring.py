"""``foldercoloring``: folders that people see in a colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import file_not_found
from spmigrate.rehearsal.sharepoint import folder_places, folders
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Node, Resource, action, link


class FolderColoring(Resource):
    """Making, renaming and painting folders."""

    type = "Microsoft.SharePoint.FolderColoring"
    feed = "FolderColoring"
    write_level = Level.WRITE

    @property
    def path(self) -> str:
        return "foldercoloring"

    @action("CreateFolder")
    def create_folder(self, call: Call) -> folders.Folder:
        """Make a folder that has a colour."""
        address = call.text("DecodedUrl", 0)
        parent = folders.Folders(folder_places.web_folder(self.scope))
        made = parent.make(address, overwrite=call.flag("overwrite", 1, default=False))
        return _paint(made, _colour(call))

    @action("RenameFolder")
    def rename_folder(self, call: Call) -> None:
        """Give a folder another name and colour."""
        folder = self._folder(call)
        name = call.text("newName", default="")
        if name:
            folder.save({"Name": name})
        _paint(folder, _colour(call))

    @action("StampColor")
    def stamp_colour(self, call: Call) -> None:
        """Give a folder another colour; an empty one takes it away."""
        _paint(self._folder(call), _colour(call))

    def _folder(self, call: Call) -> folders.Folder:
        found = folder_places.find_folder(self.scope, call.text("DecodedUrl", 0))
        if found is None:
            raise file_not_found()
        return found


class ColoringCalls(Node):
    """The way to it from the root."""

    @link("FolderColoring")
    def folder_coloring(self) -> FolderColoring:
        """Folders in colours."""
        return FolderColoring(self.scope)


def _colour(call: Call) -> str:
    given: Any = call.value("coloringInformation", default=None)
    return str(given.get("ColorHex") or "") if isinstance(given, Mapping) else ""


def _paint(folder: folders.Folder, colour: str) -> folders.Folder:
    item, by = folder.removed_item(), folder.scope.claims.login
    folder.item = folder.scope.content.write(item, by=by, fields={"_ColorTag": colour}, keep_version=True)
    return folder
