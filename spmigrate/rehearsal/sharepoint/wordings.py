"""Titles and descriptions of lists, columns and content types in several languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action, function
from spmigrate.rehearsal.sharepoint.properties import TEXT, group, table

_LANGUAGES = {"en-us": 1033, "en-gb": 2057, "cy-gb": 1106, "de-de": 1031, "fr-fr": 1036, "es-es": 3082, "fi-fi": 1035,
              "it-it": 1040, "nl-nl": 1043, "pl-pl": 1045, "pt-pt": 2070, "sv-se": 1053}  # fmt: skip


class Wording(Resource):
    """One property of something that may be said in several languages; without a translation all say the same."""

    type = "SP.UserResource"
    feed = "UserResources"
    write_level = Level.MANAGE
    declared = table(group(TEXT, "", "Value", on_select=True))

    def __init__(self, holder: Resource, name: str, step: str) -> None:
        super().__init__(holder.scope)
        self.holder = holder
        self.name = name
        self.step = step

    @property
    def path(self) -> str:
        return f"{self.holder.path}/{self.step}"

    @property
    def _key(self) -> str:
        return f"_{self.name}Translations"

    def stored(self) -> Mapping[str, Any]:
        return {"Value": self._plain()}

    def _plain(self) -> str:
        return str(self.holder.stored().get(self.name) or "")

    @function("GetValueForUICulture")
    def value_for_culture(self, call: Call) -> str:
        """The text in one language."""
        culture = _culture(call)
        said: Mapping[str, str] = self.holder.stored().get(self._key) or {}
        return said.get(culture, self._plain())

    @action("SetValueForUICulture")
    def set_value_for_culture(self, call: Call) -> None:
        """Say it in one language; in the web's own language it is the plain text too."""
        culture, text = _culture(call), call.text("value", 1)
        said = {**(self.holder.stored().get(self._key) or {}), culture: text}
        own = _LANGUAGES.get(culture) == int(self.scope.web.props.get("Language", 1033))
        self.holder.save({self._key: said, **({self.name: text} if own else {})})


def _culture(call: Call) -> str:
    name = call.text("cultureName", 0).strip().lower()
    if not name or not name.replace("-", "").isalpha():
        raise bad_argument("Culture is not supported.\r\nParameter name: name")
    return name
