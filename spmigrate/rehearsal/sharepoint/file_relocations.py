"""Copying and moving files by their own methods, within a site collection."""

from __future__ import annotations

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.sharepoint import folder_places
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action
from spmigrate.rehearsal.storage import Entity

_OVERWRITE = 1


class Relocations(Resource):
    """The part of a file that goes elsewhere."""

    item: Item
    owner: Entity
    address: str

    @action("CopyTo")
    def copy_to(self, call: Call) -> None:
        """Copy the file to an address."""
        self._copy(call.text("strNewUrl", 0), overwrite=call.flag("bOverWrite", 1, default=False))

    @action("CopyToUsingPath")
    def copy_to_using_path(self, call: Call) -> None:
        """Copy the file to a decoded address."""
        self._copy(call.text("DecodedUrl", 0), overwrite=call.flag("bOverWrite", 1, default=False))

    def _copy(self, target: str, *, overwrite: bool) -> None:
        folder_places.copy(self.scope, self.item, target, overwrite=overwrite)

    @action("MoveTo")
    def move_to(self, call: Call) -> None:
        """Rename or move the file; flag 1 overwrites."""
        self._move(call.text("newUrl", 0), call.number("flags", 1, default=0))

    @action("MoveToUsingPath")
    def move_to_using_path(self, call: Call) -> None:
        """Rename or move the file; flag 1 overwrites."""
        address = call.text("newPath", 0, default="") or call.text("decodedUrl", 0)
        self._move(address, call.number("moveOperations", 1, default=0))

    @action("MoveToUsingPathWithParameters")
    def move_with_parameters(self, call: Call) -> None:
        """Rename or move the file."""
        address = call.text("newPath", 0, default="") or call.text("decodedUrl", 0)
        self._move(address, call.number("moveOperations", 1, default=0))

    def _move(self, target: str, flags: int) -> None:
        overwrite = flags & _OVERWRITE == _OVERWRITE
        self.item = folder_places.move(self.scope, self.item, target, overwrite=overwrite)
