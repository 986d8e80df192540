"""What PnP files say about the site as a whole: settings, people, features, look and pages."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from spmigrate.provision.carried.draft import Draft, Entry, add, put
from spmigrate.provision.carried.lists import principal
from spmigrate.provision.carried.node import Node
from spmigrate.tenant.contents import LANGUAGES, name_key
from spmigrate.tenant.site.features import FEATURES
from spmigrate.tenant.site.permission_levels import RIGHTS

FEATURE_NAMES: Mapping[str, str] = {feature.id: name for name, feature in FEATURES.items()}
"""Our names of features by their ids."""

_OURS = {"LocaleId": "2057", "TimeZone": "2", "FirstDayOfWeek": "Monday", "Time24": "true"}
_ROLES = {"AdditionalAdministrators": "administrators", "AdditionalOwners": "owners", "AdditionalMembers": "members",
          "AdditionalVisitors": "visitors"}  # fmt: skip
_EMPHASIS = ("None", "Neutral", "Soft", "Strong")
_STAYS = "what people were given by hand is never taken away from here"


def web_settings(template: Entry, node: Node, draft: Draft) -> None:
    """`<WebSettings>`."""
    site, look, access = _part(template, "site"), _part(template, "look"), {}
    put(site, "title", draft.text(node, "Title"))
    put(site, "description", draft.text(node, "Description"))
    hub = urlsplit(draft.text(node, "HubSiteUrl")).path
    if hub:
        _part(template, "hub")["member of"] = hub
    shown = node.flag("QuickLaunchEnabled")
    if shown is not None:
        look["quick launch shown"] = shown
    sharing = node.flag("MembersCanShare")
    if sharing is not None:
        access["members can share"] = sharing
    put(access, "requests go to", draft.text(node, "RequestAccessEmail"))
    if access:
        _part(template, "permissions")["access"] = access
    if node.get("SiteLogo"):
        node.leave("put the picture into this folder and name it under 'look'", "SiteLogo")
    node.understood("IsMultilingual")
    silent = node.flag("CommentsOnSitePagesDisabled")
    if silent is not None:
        site["comments on pages"] = not silent
    for name in ("NoCrawl", "ExcludeFromOfflineClient"):
        if node.flag(name) is not False and node.get(name):
            node.leave("site templates have no word for it", name)


def regional_settings(_template: Entry, node: Node, _draft: Draft) -> None:
    """`<RegionalSettings>`: the same for the whole organisation; what differs is left."""
    for name, ours in _OURS.items():
        if node.get(name).casefold() not in ("", ours.casefold()):
            node.leave("'region' of organisation.yaml holds for all sites: United Kingdom", name)
    node.understood("WorkDays", "WorkDayStartHour", "WorkDayEndHour", "Collation", "FirstWeekOfYear")


def languages(template: Entry, node: Node, draft: Draft) -> None:
    """`<SupportedUILanguages>`: those that sites can have, besides the organisation's own."""
    words = {str(number): word for word, number in LANGUAGES.items()}
    own = draft.organisation.get("language", "English")
    found: list[str] = []
    for each in node.open("SupportedUILanguage"):
        word = words.get(each.get("LCID").strip())
        if word is None:
            each.leave(f"menus are in {' or '.join(LANGUAGES)}", "LCID")
        elif word != own:
            found.append(word)
    put(_part(template, "site"), "other languages", list(dict.fromkeys(found)))


def features(template: Entry, node: Node, _draft: Draft) -> None:
    """`<Features>`: those that have a name in our table."""
    wanted: list[str] = []
    gone: list[str] = []
    for each in [*node.inside("SiteFeatures", "Feature"), *node.inside("WebFeatures", "Feature")]:
        name = FEATURE_NAMES.get(each.get("ID").strip("{}").casefold())
        each.understood("Description")
        if name is None:
            each.leave(f"the feature {each.get('ID')} has no name here")
        else:
            (gone if each.flag("Deactivate") else wanted).append(name)
    put(template, "features", wanted)
    put(_part(template, "remove"), "features", gone)


def security(template: Entry, node: Node, draft: Draft) -> None:
    """`<Security>`: groups, people and permission levels."""
    permissions = _part(template, "permissions")
    for element, role in _ROLES.items():
        for holder in node.open(element):
            put(permissions, role, _people(draft, holder))
    node.understood("AssociatedOwnerGroup", "AssociatedMemberGroup", "AssociatedVisitorGroup")
    for each in node.inside("Permissions", "RoleDefinitions", "RoleDefinition"):
        _level(draft, each)
    groups = {
        name_key(each["name"]): each for each in [_group(draft, g) for g in node.inside("SiteGroups", "SiteGroup")]
    }
    for each in node.inside("Permissions", "RoleAssignments", "RoleAssignment"):
        who, level = principal(draft, each, "Principal") or "", each.get("RoleDefinition")
        if each.flag("Remove"):
            each.leave(_STAYS)
        elif name_key(who) in groups:
            groups[name_key(who)]["level"] = level
        elif who:
            each.leave("single people have no rights of their own: put them into a group")
    put(permissions, "groups", list(groups.values()))


def _group(draft: Draft, node: Node) -> Entry:
    entry: Entry = {"name": draft.text(node, "Title")}
    put(entry, "description", draft.text(node, "Description"))
    node.understood("Owner")
    put(entry, "people", [who for holder in node.open("Members") for who in _people(draft, holder)])
    return entry


def _people(draft: Draft, holder: Node) -> list[str]:
    if holder.flag("ClearExistingItems"):
        holder.leave(_STAYS, "ClearExistingItems")
    found = [principal(draft, each, "Name") for each in holder.open("User")]
    return [who for who in dict.fromkeys(found) if who]


def _level(draft: Draft, node: Node) -> None:
    words = {kind.casefold(): word for word, (kind, _) in RIGHTS.items()}
    allows = []
    for each in node.inside("Permissions", "Permission"):
        word = words.get(each.content().casefold())
        if word is None:
            each.leave(f"{each.text.strip()} is not on the permissions page")
        else:
            allows.append(word)
    entry: Entry = {"name": node.get("Name")}
    put(entry, "description", draft.text(node, "Description"))
    if allows:
        add(draft.organisation.setdefault("permission levels", []), entry | {"allows": allows})
    else:
        node.leave("it allows nothing that has a word")


def header(template: Entry, node: Node, _draft: Draft) -> None:
    """`<Header>`."""
    look = _part(template, "look")
    if node.get("Layout") in ("Standard", "Compact", "Minimal", "Extended"):
        look["header"] = node.get("Layout")
    if node.get("BackgroundEmphasis") in _EMPHASIS:
        look["header emphasis"] = node.get("BackgroundEmphasis")
    style = node.get("MenuStyle")
    if style:
        look["mega menu"] = style == "MegaMenu"
    for name in ("ShowSiteTitle", "ShowSiteNavigation"):
        if node.flag(name):
            node.understood(name)
        elif node.get(name):
            node.leave("the title and the links of a site are always shown", name)


def theme(template: Entry, node: Node, draft: Draft) -> None:
    """`<Theme>` of a template: its name, and its colours into the vocabulary."""
    name = tenant_theme(draft, node)
    if template.get("hub", {}).get("member of"):
        node.leave("a site that joins a hub has the hub's theme", "Name")
        return
    put(_part(template, "look"), "theme", name)


def tenant_theme(draft: Draft, node: Node) -> str:
    """A theme into the vocabulary; returns its name."""
    import json

    name = draft.text(node, "Name")
    node.understood("IsInverted", "Overwrite")
    entry: Entry = {"name": name}
    text = node.content()
    if text:
        try:
            palette: Mapping[str, Any] = json.loads(text)
            put(entry, "palette", {str(key): str(value) for key, value in palette.items()})
        except (ValueError, AttributeError):
            node.leave("its colours are not written as JSON")
            return ""
    if name:
        add(draft.organisation.setdefault("themes", []), entry)
    return name


def pages(template: Entry, node: Node, draft: Draft) -> None:
    """`<ClientSidePages>`: which pages there are; what is on them is left."""
    for each in node.open("ClientSidePage"):
        name = draft.text(each, "PageName").removesuffix(".aspx")
        file = "".join(c if c.isalnum() and c.isascii() else "-" for c in name).strip("-")
        each.understood("Publish", "Overwrite", "Layout", "EnableComments", "PromoteAsTemplate", "ContentTypeID")
        each.understood("ThumbnailUrl", "CreateTranslations")
        for heading in each.open("Header"):
            if heading.get("Type") in ("Default", "None", ""):
                heading.understood_whole()
            else:
                heading.leave("the heading of a page belongs to its owners")
        if not file:
            each.leave("it has no name")
            continue
        entry: Entry = {"file": f"{file}.aspx", "title": draft.text(each, "Title") or name}
        if name_key(file) == "home":
            entry["home page"] = True
        add(template.setdefault("pages", []), entry, "file")


def _part(template: Entry, name: str) -> Entry:
    found: Entry = template.setdefault(name, {})
    return found
