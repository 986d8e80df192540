"""Features of sites and webs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, as_guid, function
from spmigrate.rehearsal.sharepoint.properties import GUID, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_DEFAULTS = {
    "site": ("73ef14b1-13a9-416b-a9b5-ececa2b0604c", "b21b090c-c796-4b0f-ac0f-7ef1659c20ae"),
    "web": (
        "b6917cb1-93a0-4b97-a84d-7cf49975d4ec",
        "00bfea71-e717-4e80-aa17-d0c71b360101",
        "00bfea71-de22-43b2-a848-c05709900100",
    ),
}


class Feature(Resource):
    """An active feature."""

    type = "SP.Feature"
    feed = "Features"
    declared = table(group(GUID, "", "DefinitionId"), group(TEXT, "", "DisplayName", on_select=True))

    def __init__(self, scope: Scope, owner_path: str, identity: str) -> None:
        super().__init__(scope)
        self.owner_path = owner_path
        self.identity = identity

    @property
    def path(self) -> str:
        return f"{self.owner_path}/Features(guid'{self.identity}')"

    def stored(self) -> Mapping[str, Any]:
        return {"DefinitionId": self.identity}


class Features(Collection):
    """The active features."""

    feed = "Features"
    element = Feature

    def __init__(self, scope: Scope, owner: Entity, owner_path: str) -> None:
        super().__init__(scope)
        self.owner = owner
        self.owner_path = owner_path

    def _active(self) -> list[str]:
        row = self.scope.store.by_id(self.owner.id) or self.owner
        return list(row.props.get("_Features", _DEFAULTS[self.owner.kind]))

    def all(self) -> list[Feature]:
        return [Feature(self.scope, self.owner_path, each) for each in self._active()]

    def by_key(self, key: object) -> Feature | None:
        """A feature by id; one that is not active is null."""
        guid = as_guid(key)
        return Feature(self.scope, self.owner_path, guid) if guid in self._active() and guid else None

    @function("GetById")
    def get_by_id(self, call: Call) -> Feature | None:
        """A feature by id."""
        return self.by_key(call.value("featureId", 0))

    @action("Add")
    def add(self, call: Call) -> Feature:
        """Activate a feature."""
        guid = as_guid(call.value("featureId", 0))
        if guid is None:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: featureId")
        if guid not in self._active():
            self._keep([*self._active(), guid])
        return Feature(self.scope, self.owner_path, guid)

    @action("Remove")
    def remove(self, call: Call) -> None:
        """Deactivate a feature."""
        guid = as_guid(call.value("featureId", 0))
        self._keep([each for each in self._active() if each != guid])

    def _keep(self, features: list[str]) -> None:
        self.scope.store.update(self.owner, {"_Features": features}, at=self.scope.now)
