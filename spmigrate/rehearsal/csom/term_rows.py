"""What the groups, sets and terms of the term store have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from spmigrate.rehearsal import terms
from spmigrate.rehearsal.csom import taxonomy
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Stored, action, computed, function, link
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

Made = TypeVar("Made")


class Row(Stored):
    """What groups, sets and terms have in common."""

    sets_at_once = True

    @property
    def path(self) -> str:
        return f"{self.type}('{self.entity.guid}')"

    @property
    def etag(self) -> str | None:
        return None

    @computed("Id")
    def _id(self) -> str:
        return self.entity.guid

    @computed("Name")
    def _name(self) -> str:
        return self.entity.name

    @computed("CreatedDate")
    def _created(self) -> str:
        return self.entity.created

    @computed("LastModifiedDate")
    def _modified(self) -> str:
        return self.entity.modified

    @link("TermStore")
    def term_store(self) -> taxonomy.TermStore:
        """The term store."""
        return taxonomy.TermStore(self.scope)

    def save(self, patch: Mapping[str, Any]) -> None:
        kept = dict(patch)
        name = kept.pop("Name", None)
        if name is not None:
            kept |= self._renamed(str(name))
        self.entity = self.scope.store.update(self.entity, kept, at=self.scope.now, name=name)

    def _renamed(self, _name: str) -> dict[str, Any]:
        return {}

    def delete(self) -> None:
        self.scope.store.delete(self.entity)

    def _put(self, bag: str, name: str, value: str | None) -> None:
        values = {**self.entity.props.get(bag, {}), name: value}
        self.save({bag: {key: each for key, each in values.items() if each is not None}})

    @action("SetCustomProperty")
    def set_custom_property(self, call: Call) -> None:
        """Keep a property of one's own."""
        self._put("CustomProperties", call.text("name", 0), call.text("value", 1))

    @action("DeleteCustomProperty")
    def delete_custom_property(self, call: Call) -> None:
        """Take a property of one's own away."""
        self._put("CustomProperties", call.text("name", 0), None)

    @action("DeleteAllCustomProperties")
    def delete_custom_properties(self, _call: Call) -> None:
        """Take all properties of one's own away."""
        self.save({"CustomProperties": {}})


class Rows(Collection):
    """Rows of the term store, found by id or name."""

    one: ClassVar[type[Row]]

    def rows(self) -> list[Entity]:
        """The rows."""
        return []

    def all(self) -> list[Any]:
        return [self.one(self.scope, row) for row in self.rows()]

    @function("GetById")
    def get_by_id(self, call: Call) -> Any:
        """A member by id."""
        return self._pick(lambda row: row.guid == str(call.value("id", 0)).lower())

    @function("GetByName")
    def get_by_name(self, call: Call) -> Any:
        """A member by name."""
        return self.named(call.text("name", 0))

    def named(self, name: str) -> Any:
        """A member by name; refuses when there is none."""
        return self._pick(lambda row: row.name.casefold() == name.casefold())

    def _pick(self, fits: Callable[[Entity], bool]) -> Any:
        for row in self.rows():
            if fits(row):
                return self.one(self.scope, row)
        raise ODataError(
            400,
            "-2146233086, System.ArgumentOutOfRangeException",
            "Specified argument was out of the range of valid values.\r\nParameter name: index",
        )


def added(make: Callable[[], Made], taken: str) -> Made:
    """What was made; a name that is taken is refused with a text."""
    try:
        return make()
    except terms.NameTaken:
        raise refused(taken) from None


def refused(message: str) -> ODataError:
    """A refusal of the term store."""
    return ODataError(400, "-2146233088, Microsoft.SharePoint.Taxonomy.TermStoreOperationException", message)


def above(scope: Scope, row: Entity) -> Entity:
    """The row that another lies below."""
    found = scope.store.by_id(row.parent)
    assert found is not None
    return found
