"""How files and list items go away: into the recycle bin, or for good."""

from __future__ import annotations

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action


class Removable(Resource):
    """A resource that is one item of a list."""

    item: Item

    def delete(self) -> None:
        self.scope.content.purge(self.item)

    @action("Recycle")
    def recycle(self, _call: Call) -> str:
        """Put it into the recycle bin; gives its id there."""
        self.scope.content.recycle(self.item)
        return self.item.guid

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Delete it for good."""
        self.delete()
