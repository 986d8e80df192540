"""Texts that people see in their own language: titles and descriptions of webs, lists and columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action, function
from spmigrate.rehearsal.sharepoint.properties import TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

RESOURCES = "_Resources"


class UserResource(Resource):
    """One text (``TitleResource``, ``DescriptionResource``) of what ``entity`` keeps; ``value`` is the text in the
    web's own language."""

    type = "SP.UserResource"
    feed = "UserResources"
    write_level = Level.MANAGE
    declared = table(group(TEXT, "", "Value"))

    def __init__(self, scope: Scope, path: str, entity: Entity, name: str, value: str) -> None:
        super().__init__(scope)
        self._path = path
        self.entity = entity
        self.name = name
        self.value = value

    @property
    def path(self) -> str:
        return self._path

    def stored(self) -> Mapping[str, Any]:
        return {"Value": self.value}

    def _translations(self) -> dict[str, str]:
        row = self.scope.store.by_id(self.entity.id) or self.entity
        return dict(row.props.get(RESOURCES, {}).get(self.name, {}))

    @function("GetValueForUICulture")
    def get_value(self, call: Call) -> str:
        """The text in a language (``en-US``); where it was not translated, that of the web's language."""
        return self._translations().get(_culture(call), self.value)

    @action("SetValueForUICulture")
    def set_value(self, call: Call) -> None:
        """Keep the text in a language."""
        row = self.scope.store.by_id(self.entity.id) or self.entity
        every = dict(row.props.get(RESOURCES, {}))
        every[self.name] = {**self._translations(), _culture(call): call.text("value", 1)}
        self.entity = self.scope.store.update(row, {RESOURCES: every}, at=self.scope.now)


def _culture(call: Call) -> str:
    name = call.text("cultureName", 0)
    if not name.replace("-", "").isalnum() or not name[:2].isalpha():
        raise bad_argument(f"Culture name '{name}' is not supported.\r\nParameter name: cultureName")
    return name.lower()
