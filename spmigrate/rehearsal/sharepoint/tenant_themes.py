"""Themes of the tenant, as its administrators and ``ThemeManager`` see them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.shared_settings import read_settings, write_settings
from spmigrate.rehearsal.sharepoint import site_manager
from spmigrate.rehearsal.sharepoint.access import Level, require_tenant_administrator
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Node, Resource, action, function
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope, scope_of_site
from spmigrate.rehearsal.sharepoint.web_look import put_theme as put_on_web

_KEY = "spo.themes"
_HIDDEN = "HideDefaultThemes"
_PALETTE = "System.Collections.Generic.Dictionary"


class Theme(Resource):
    """A theme of the tenant."""

    type = "Microsoft.Online.SharePoint.TenantManagement.ThemeProperties"
    feed = "ThemeProperties"
    declared = table(group(TEXT, "", "Name"), group(BOOLEAN, False, "IsInverted"), group(_PALETTE, {}, "Palette"))

    def __init__(self, scope: Scope, theme: Mapping[str, Any]) -> None:
        super().__init__(scope)
        self.theme = theme

    @property
    def path(self) -> str:
        return f"{self.type}('{self.theme['name']}')"

    def stored(self) -> Mapping[str, Any]:
        return {"Name": self.theme["name"], "IsInverted": bool(self.theme.get("isInverted")),
                "Palette": self.theme.get("palette", {})}  # fmt: skip


class Themes(Collection):
    """The themes of the tenant."""

    feed = "ThemeProperties"
    element = Theme

    def all(self) -> list[Theme]:
        return [Theme(self.scope, each) for each in read_themes(self.scope)]


def read_themes(scope: Scope) -> list[dict[str, Any]]:
    """The tenant's themes in the order in which they were added."""
    return list(scope.store.read_value(_KEY) or [])


def find_theme(scope: Scope, name: str) -> dict[str, Any]:
    """A theme by name; refuses when there is none."""
    found = next((each for each in read_themes(scope) if each["name"] == name), None)
    if found is None:
        raise bad_argument(f"The specified theme {name} could not be found.")
    return found


def put_theme(scope: Scope, name: str, text: str, *, new: bool) -> None:
    """Add a theme from its JSON, or put another in the place of one."""
    given = read_theme(text)
    if not name.strip():
        raise bad_argument("Value cannot be null.\r\nParameter name: name")
    others = [each for each in read_themes(scope) if each["name"] != name]
    if new and len(others) < len(read_themes(scope)):
        raise bad_argument(f"A theme with the name {name} already exists.\r\nParameter name: name")
    palette = {str(key): str(value) for key, value in given["palette"].items()}
    kept = {"name": name, "isInverted": bool(given.get("isInverted")), "palette": palette}
    scope.store.write_value(_KEY, [*others, kept])


def read_theme(text: str) -> dict[str, Any]:
    """A theme from its JSON; refuses what is none."""
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict) or not isinstance(given.get("palette"), dict):
        raise bad_argument("The theme JSON is not valid.\r\nParameter name: themeJson")
    return given


class ThemeCalls(Node):
    """What the tenant's administrators do with themes."""

    @function("GetAllTenantThemes")
    def all_themes(self, _call: Call) -> Themes:
        """All themes."""
        return Themes(self.scope)

    @function("GetTenantTheme")
    def theme(self, call: Call) -> Theme:
        """A theme by name."""
        return Theme(self.scope, find_theme(self.scope, call.text("name", 0)))

    @action("AddTenantTheme", Level.READ)
    def add_theme(self, call: Call) -> bool:
        """Add a theme."""
        return self._put(call, new=True)

    @action("UpdateTenantTheme", Level.READ)
    def update_theme(self, call: Call) -> bool:
        """Add a theme, or put another in the place of one."""
        return self._put(call, new=False)

    def _put(self, call: Call, *, new: bool) -> bool:
        require_tenant_administrator(self.scope)
        put_theme(self.scope, call.text("name", 0), call.text("themeJson", 1), new=new)
        return True

    @action("DeleteTenantTheme", Level.READ)
    def delete_theme(self, call: Call) -> None:
        """Delete a theme; one that is not there is passed over."""
        require_tenant_administrator(self.scope)
        name = call.text("name", 0)
        self.scope.store.write_value(_KEY, [each for each in read_themes(self.scope) if each["name"] != name])

    @function("GetHideDefaultThemes")
    def are_default_themes_hidden(self, _call: Call) -> bool:
        """Whether Microsoft's own themes are hidden."""
        return bool(read_settings(self.scope.store).get(_HIDDEN, False))

    @action("SetHideDefaultThemes", Level.READ)
    def hide_default_themes(self, call: Call) -> None:
        """Hide Microsoft's own themes, or show them."""
        require_tenant_administrator(self.scope)
        write_settings(self.scope.store, {_HIDDEN: call.flag("hideDefaultThemes", 0)})


class WebThemeCalls(ThemeCalls):
    """The same, and giving a site one of the themes."""

    @action("SetWebTheme")
    def set_web_theme(self, call: Call) -> None:
        """Apply a theme of the tenant to a web."""
        theme = find_theme(self.scope, call.text("themeName", 0))
        scope = scope_of_site(self.scope, site_manager.find_site(self.scope, call.text("webUrl", 1)))
        put_on_web(scope, theme["name"], theme["palette"])


class ThemeManager(ThemeCalls, Resource):
    """``ThemeManager``: themes on every host."""

    type = "SP.Utilities.ThemeManager"
    feed = "ThemeManager"

    @property
    def path(self) -> str:
        return "ThemeManager"

    @function("GetTenantThemingOptions")
    def options(self, _call: Call) -> Complex:
        """The themes, and whether Microsoft's own are hidden."""
        themes = tuple(
            Complex("SP.Utilities.ThemeData", {"name": each["name"], "themeJson": json.dumps(each)})
            for each in read_themes(self.scope)
        )
        return Complex(
            "SP.Utilities.TenantThemingOptions",
            {
                "hideDefaultThemes": self.are_default_themes_hidden(_call),
                "themePreviews": Bag("Collection(SP.Utilities.ThemeData)", themes),
            },
        )

    @action("ApplyTheme", Level.CONTROL)
    def apply(self, call: Call) -> str:
        """Give the web a theme, by its JSON."""
        name, given = call.text("name", 0), read_theme(call.text("themeJson", 1))
        return put_on_web(self.scope, name, {key: _hexadecimal(value) for key, value in given["palette"].items()})


def _hexadecimal(colour: object) -> str:
    """A colour as ``#rrggbb``; some programs send its parts."""
    if not isinstance(colour, Mapping):
        return str(colour)
    try:
        return "#" + "".join(f"{int(colour[part]) & 255:02x}" for part in "RGB")
    except (KeyError, TypeError, ValueError):
        raise bad_argument("The theme JSON is not valid.\r\nParameter name: themeJson") from None
