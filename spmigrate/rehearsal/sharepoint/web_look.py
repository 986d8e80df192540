"""How a web looks: header, footer and menu, theme, logo."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument, file_not_found
from spmigrate.rehearsal.sharepoint import folder_tree
from spmigrate.rehearsal.sharepoint.model import Call, Node, Resource, action, function, link
from spmigrate.rehearsal.sharepoint.properties import INT, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_CHROME = {
    "headerlayout": "HeaderLayout", "headeremphasis": "HeaderEmphasis", "logoalignment": "LogoAlignment",
    "hidetitleinheader": "HideTitleInHeader", "footerenabled": "FooterEnabled", "footerlayout": "FooterLayout",
    "footeremphasis": "FooterEmphasis", "megamenuenabled": "MegaMenuEnabled",
    "horizontalquicklaunch": "HorizontalQuickLaunch",
}  # fmt: skip
# The palette of the theme that every site begins with.
_PALETTE = {
    "themePrimary": "#03787c", "themeLighterAlt": "#f0f9fa", "themeLighter": "#c5e9ea", "themeLight": "#98d6d8",
    "themeTertiary": "#49aeb1", "themeSecondary": "#13898d", "themeDarkAlt": "#026d70", "themeDark": "#025c5f",
    "themeDarker": "#014446", "neutralLighterAlt": "#faf9f8", "neutralLighter": "#f3f2f1",
    "neutralLight": "#edebe9", "neutralQuaternaryAlt": "#e1dfdd", "neutralQuaternary": "#d0d0d0",
    "neutralTertiaryAlt": "#c8c6c4", "neutralTertiary": "#a19f9d", "neutralSecondary": "#605e5c",
    "neutralPrimaryAlt": "#3b3a39", "neutralPrimary": "#323130", "neutralDark": "#201f1e", "black": "#000000",
    "white": "#ffffff", "primaryBackground": "#ffffff", "primaryText": "#323130", "accent": "#4f6bed",
}  # fmt: skip


class ThemeInfo(Resource):
    """The colours and fonts of a web."""

    type = "SP.ThemeInfo"
    feed = "ThemeInfo"
    declared = table(
        group(TEXT, "", "AccessibleDescription ThemeBackgroundImageUri"), group(INT, 0, "ThemeVersion", on_select=True)
    )

    @property
    def path(self) -> str:
        return "Web/ThemeInfo"

    @function("GetThemeShadeByName")
    def shade(self, call: Call) -> str:
        """A colour of the theme by its name, as ``AARRGGBB``."""
        colour = palette(self.scope).get(call.text("name", 0))
        if colour is None:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: name")
        return f"FF{str(colour).lstrip('#').upper()}"

    @function("GetThemeFontByName")
    def font(self, _call: Call) -> str:
        """A font of the theme."""
        return "Segoe UI"


class WebLook(Resource):
    """The part of a web that people see around its content."""

    entity: Entity

    @action("SetChromeOptions")
    def set_chrome_options(self, call: Call) -> None:
        """Header, footer and menu."""
        patch = {_CHROME[name.lower()]: value for name, value in call.body.items() if name.lower() in _CHROME}
        self.save(patch)

    @link("ThemeInfo")
    def theme_info(self) -> ThemeInfo:
        """The colours and fonts."""
        return ThemeInfo(self.scope)

    @action("ApplyTheme")
    def apply_theme(self, call: Call) -> None:
        """Take colours and fonts from files of the theme gallery."""
        colours = call.text("colorPaletteUrl", 0)
        self._refuse_missing(colours)
        theme = {
            "palette": colours,
            "fonts": call.text("fontSchemeUrl", 1, default=""),
            "image": call.text("backgroundImageUrl", 2, default=""),
        }
        folder = f"{self.scope.web_path}/_catalogs/theme/Themed/{self.entity.etag:07X}"
        self.entity = self.scope.store.update(
            self.entity, {"_Composed": theme, "ThemedCssFolderUrl": folder}, at=self.scope.now
        )

    def _refuse_missing(self, address: str) -> None:
        # The palettes that come with the service lie in the gallery without being kept here as files.
        if not address:
            raise bad_argument("Value cannot be null.\r\nParameter name: colorPaletteUrl")
        low = address.lower()
        if "/_catalogs/theme/15/palette" in low and low.endswith(".spcolor"):
            return
        if folder_tree.find_item(self.scope, address) is None:
            raise file_not_found()


class LookCalls(Node):
    """Static methods that read a web's theme."""

    @function("SP.Web.GetContextWebThemeData")
    def theme_data(self, _call: Call) -> str:
        """The theme of the web as JSON text."""
        palette_now = palette(self.scope)
        colours = {
            name: {"DefaultColor": {"R": red, "G": green, "B": blue, "A": 255}}
            for name, (red, green, blue) in ((each, _rgb(str(value))) for each, value in palette_now.items())
        }
        data = {
            "Palette": {"Colors": colours},
            "Cache": "",
            "BackgroundImageUri": "",
            "IsInverted": False,
            "Version": "",
        }
        return json.dumps(data, separators=(",", ":"))


def put_theme(scope: Scope, name: str, colours: Mapping[str, Any]) -> str:
    """Put a theme on the web; answers the folder of its style sheets."""
    web = scope.store.by_id(scope.web.id) or scope.web
    folder = f"{scope.web_path}/_catalogs/theme/Themed/{web.guid[:8].upper()}"
    patch = {"_Theme": name, "_Palette": dict(colours), "ThemedCssFolderUrl": folder}
    scope.store.update(web, patch, at=scope.now)
    return folder


def palette(scope: Scope) -> dict[str, Any]:
    """The colours of the web by name."""
    web = scope.store.by_id(scope.web.id) or scope.web
    return {**_PALETTE, **web.props.get("_Palette", {})}


def _rgb(colour: str) -> tuple[int, int, int]:
    text = colour.lstrip("#")
    try:
        return int(text[:2], 16), int(text[2:4], 16), int(text[4:6], 16)
    except ValueError:
        return 0, 0, 0
