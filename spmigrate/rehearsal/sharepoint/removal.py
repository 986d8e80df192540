"""How files, folders and list items go away: into the recycle bin, or for good."""

from __future__ import annotations

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.odata.errors import changed_meanwhile, wrong_method
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action


class Leaving(Resource):
    """A resource that stands for an item and can go away."""

    def removed_item(self) -> Item:
        """The item that goes; refuses when it must stay."""
        raise wrong_method("DELETE", self.path)

    def delete(self) -> None:
        self.scope.content.purge(self.removed_item())

    @action("Recycle")
    def recycle(self, _call: Call) -> str:
        """Put it into the recycle bin; gives its id there."""
        return self.scope.content.recycle(self.removed_item(), by=self.scope.claims.login)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Delete it for good."""
        self.delete()

    @action("DeleteWithParameters")
    def delete_with_parameters(self, call: Call) -> None:
        """Delete it for good, if it is still in the state that the parameters name."""
        self._refuse_changed(call)
        self.delete()

    @action("RecycleWithParameters")
    def recycle_with_parameters(self, call: Call) -> str:
        """Put it into the recycle bin, if it is still in the state that the parameters name."""
        self._refuse_changed(call)
        return self.recycle(call)

    def _refuse_changed(self, call: Call) -> None:
        wanted = call.record("parameters").get("ETagMatch")
        if wanted and self.etag is not None and str(wanted) not in ("*", self.etag):
            raise changed_meanwhile(str(wanted), self.etag)


class Removable(Leaving):
    """A resource that is one item of a list."""

    item: Item

    def removed_item(self) -> Item:
        self.scope.content.refuse_if_locked(self.item, self.scope.claims.login)
        return self.item
