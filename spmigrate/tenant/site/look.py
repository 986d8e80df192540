"""How a site looks: theme, logo, header, footer and menus. A site that belongs to a hub takes the hub's theme."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from spmigrate.errors import NotFound, Refused
from spmigrate.tenant.contents import Attributes, Kind, Part, word_for
from spmigrate.tenant.site import copies
from spmigrate.tenant.site.lookups import theme_palettes
from spmigrate.tenant.site.question import NO_ID, Answers, Paths, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

HEADERS: Mapping[str, int] = {"Standard": 1, "Compact": 2, "Minimal": 3, "Extended": 4}
"""HeaderLayout of a web; a new site has none, which is shown as Standard."""

EMPHASES: Mapping[str, int] = {"None": 0, "Neutral": 1, "Soft": 2, "Strong": 3}
"""HeaderEmphasis of a web."""

_KINDS = frozenset({Kind.LOOK})
_WEB = (
    "SiteLogoUrl,HeaderLayout,HeaderEmphasis,FooterEnabled,MegaMenuEnabled,QuickLaunchEnabled,"
    "CommentsOnSitePagesDisabled"
)


def _when_compared(path: str) -> Paths:
    def paths(answers: Answers) -> Mapping[str, str]:
        return {"": path} if answers.says(Kind.LOOK, "", "theme") else {}

    return paths


QUESTIONS = (
    Question("look", Service.SITE, f"web?$select={_WEB}", kinds=_KINDS),
    Question("theme", Service.SITE, _when_compared("SP.Web.GetContextWebThemeData"), kinds=_KINDS, optional=True),
    Question(
        "themes", Service.SITE, _when_compared("ThemeManager/GetTenantThemingOptions"), kinds=_KINDS, optional=True
    ),
)
_CHROME: Mapping[str, tuple[str, Mapping[str, int]]] = {
    "header": ("headerLayout", HEADERS),
    "header emphasis": ("headerEmphasis", EMPHASES),
    "footer": ("footerEnabled", {}),
    "mega menu": ("megaMenuEnabled", {}),
}
_ASSETS = "SiteAssets"
_WEB_LOGO, _RECTANGULAR = 0, 1
"""SiteLogoType and SiteLogoAspect of `setsitelogo`."""


def parts(answers: Answers) -> Iterator[Part]:
    """The look of the site; the theme is the one of the tenant that has its colours, empty when none has."""
    web = answers.get("look")
    if not web:
        return
    found: dict[str, str | bool] = {
        "logo": unquote(urlsplit(web["SiteLogoUrl"] or "").path.rpartition("/")[2]),
        "header": word_for(HEADERS, web["HeaderLayout"] or HEADERS["Standard"]),
        "header emphasis": word_for(EMPHASES, web["HeaderEmphasis"]),
        "footer": web["FooterEnabled"], "mega menu": web["MegaMenuEnabled"],
        "quick launch shown": web["QuickLaunchEnabled"], "comments on pages": not web["CommentsOnSitePagesDisabled"],
    }  # fmt: skip
    if answers.get("theme") and answers.get("themes"):
        asked = (answers.only or {}).get((Kind.LOOK, ""))
        wanted = str(asked.attributes.get("theme") or "") if asked else ""
        found["theme"] = _theme(answers["theme"], answers["themes"], wanted)
    yield Part(Kind.LOOK, "", "", found)


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Change what is given of the look. Raises Refused for the theme of a site in a hub, NotFound for one that the
    tenant lacks, TenantError."""
    if "theme" in after:
        _apply_theme(site, str(after["theme"]))
    if "logo" in after:
        _set_logo(site, str(after["logo"]))
    # Only what is wanted: whatever is sent besides would be set, too.
    wanted = [(name, words, after[word]) for word, (name, words) in _CHROME.items() if word in after]
    chrome = {name: words.get(str(value), value) for name, words, value in wanted}
    if chrome:
        site.rest("POST", "web/SetChromeOptions", chrome, repeatable=True)
    changes: dict[str, object] = {}
    if "quick launch shown" in after:
        changes["QuickLaunchEnabled"] = after["quick launch shown"]
    if "comments on pages" in after:
        changes["CommentsOnSitePagesDisabled"] = not after["comments on pages"]
    if changes:
        site.rest("MERGE", "web", changes)
    left = [name for name, value in _shown(site).items() if name in after and name != "logo" and after[name] != value]
    if left:
        hint = "set it in the site's own settings: Change the look"
        raise Refused(f"SharePoint did not take {', '.join(left)} of the look", hint=hint)


def _theme(data: object, options: Mapping[str, Any], wanted: str) -> str:
    """The name of the tenant's theme with these colours: the wanted one, where several have them."""
    text = data.get("value", data.get("GetContextWebThemeData")) if isinstance(data, Mapping) else data
    try:
        colours = json.loads(str(text))["Palette"]["Colors"]
    except (ValueError, KeyError, TypeError):
        return ""
    shown = {str(name).casefold(): _hexadecimal(each.get("DefaultColor") or {}) for name, each in colours.items()}
    for each in sorted(options["themePreviews"], key=lambda each: str(each["name"]) != wanted):
        palette = {str(name).casefold(): str(value).lower() for name, value in _palette(each["themeJson"]).items()}
        known = [name for name in palette if name in shown]
        if "themeprimary" in known and all(shown[name] == palette[name] for name in known):
            return str(each["name"])
    return ""


def _palette(theme: str) -> Mapping[str, Any]:
    found = json.loads(theme)
    palette: Mapping[str, Any] = found.get("palette") or found
    return palette


def _hexadecimal(colour: Mapping[str, int]) -> str:
    return "#" + "".join(f"{int(colour.get(part, 0)) & 255:02x}" for part in "RGB")


def _apply_theme(site: "SiteWriter", name: str) -> None:
    if not name:
        hint = "choose it in the site's own settings: Change the look"
        raise Refused("the theme that SharePoint gave the site cannot be put back from here", hint=hint)
    found = site.rest("GET", "site?$select=IsHubSite,HubSiteId")
    if not found["IsHubSite"] and str(found["HubSiteId"] or NO_ID).strip("{}") != NO_ID:
        hint = "leave `theme` out of templates of sites that join a hub, and give it to the hub"
        raise Refused(f"{site.address} takes the theme of its hub", hint=hint)
    themes = theme_palettes(site.tenant)
    if name not in themes:
        raise NotFound(f"the tenant has no theme '{name}'", hint=f"one of: {', '.join(themes) or 'none is there yet'}")
    body = {"name": name, "themeJson": json.dumps({"palette": _palette(themes[name])})}
    site.rest("POST", "ThemeManager/ApplyTheme", body, repeatable=True)


def _set_logo(site: "SiteWriter", name: str) -> None:
    """Show a picture, uploaded unless it lies there; an empty name takes the logo away."""
    address = f"{site.address}/{_ASSETS}/{name}" if name else ""
    if name in site.materials:
        site.rest("POST", "web/lists/EnsureSiteAssetsLibrary", repeatable=True)
        copies.upload(site, address, site.materials[name], overwrite=True)
    elif name and not copies.is_there(site, address):
        copies.material(site, name)
    body = {"relativeLogoUrl": address, "type": _WEB_LOGO, "aspect": _RECTANGULAR}
    site.rest("POST", "siteiconmanager/setsitelogo", body, repeatable=True)
    shown = str(site.rest("GET", "web?$select=SiteLogoUrl")["SiteLogoUrl"] or "")
    if unquote(urlsplit(shown).path.rpartition("/")[2]) != name:
        raise Refused("SharePoint did not take the logo", hint="a group's site may take it from the group instead")


def _shown(site: "SiteWriter") -> dict[str, object]:
    found = {"look": site.rest("GET", f"web?$select={_WEB}")}
    answers = Answers(site.address, site.tenant.settings.sharepoint, found=found)
    return {name: value for part in parts(answers) for name, value in part.attributes.items()}
