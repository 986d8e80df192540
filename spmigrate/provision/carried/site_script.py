"""Site scripts as our vocabulary and templates: every verb that Microsoft documents is carried over or listed.

Source of the verbs: https://learn.microsoft.com/sharepoint/dev/declarative-customization/site-design-json-schema
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from spmigrate.errors import InputError, Problem
from spmigrate.formats import xml
from spmigrate.provision.carried import menus
from spmigrate.provision.carried.draft import Draft, Entry, add, put
from spmigrate.provision.carried.fields import ROOTS, site_column
from spmigrate.provision.carried.lists import LIBRARY, LIST_TYPES
from spmigrate.provision.carried.node import Node
from spmigrate.provision.carried.settings import FEATURE_NAMES

_FIELD_TYPES: Mapping[str, str] = {
    "Text": "Text", "Note": "Note", "Number": "Number", "Boolean": "Yes or no", "User": "Person", "DateTime": "Date",
    "URL": "Link", "Choice": "Choice", "Currency": "Currency",
}  # fmt: skip
_SHARING: Mapping[str, str] = {
    "Disabled": "Only people in the organisation", "ExistingExternalUserSharingOnly": "Existing guests",
    "ExternalUserSharingOnly": "New and existing guests", "ExternalUserAndGuestSharing": "Anyone with the link",
}  # fmt: skip
_MENUS: Mapping[str, str] = {"QuickLaunch": "quick launch", "": "quick launch", "Hub": "hub navigation",
                             "Footer": "footer"}  # fmt: skip
_GROUPS: Mapping[str, str] = {"Owners": "owners", "Members": "members", "Visitors": "visitors"}
_LONDON, _UK, _HOURS = "2", "2057", ("1", "24")


def read(data: bytes, name: str) -> Draft:
    """A site script. Raises InputError when it is none."""
    try:
        whole = json.loads(data.decode("utf-8-sig"))
        actions = whole["actions"]
        if not isinstance(actions, list) or not all(isinstance(each, dict) and each.get("verb") for each in actions):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        text = 'a site script is JSON with a list of "actions", each with a "verb"'
        raise InputError(f"{name} is not read", [Problem(name, text)]) from None
    draft = Draft()
    template: Entry = {"template": "Imported site", "version": 1, "site": {}}
    for number, action in enumerate(actions, 1):
        node = _node(action, f"action {number}", number)
        node.accept()
        draft.roots.append(node)
        _carry(node, template, draft, _VERBS)
    put(template, "content types", [each["name"] for each in draft.organisation["content types"]])
    used = {name for each in draft.organisation["content types"] for name in _names(each.get("columns", ()))}
    used |= {
        name for each in template.get("libraries", []) + template.get("lists", []) for name in each.get("columns", ())
    }
    put(template, "site columns", [e["name"] for e in draft.organisation["site columns"] if e["name"] not in used])
    draft.templates.append(template)
    return draft


def _names(columns: Any) -> Iterator[str]:
    for each in columns:
        yield each if isinstance(each, str) else each["column"]


def _node(action: Mapping[str, Any], place: str, number: int) -> Node:
    """An action as a node: plain values are its attributes, lists and objects are below it."""
    verb = str(action.get("verb") or "")
    shown = f"{place} {verb}".strip()
    attributes, below = {}, []
    for key, value in action.items():
        if key == "verb":
            continue
        if isinstance(value, dict):
            below.append(_node(value | {"verb": key}, shown, number))
        elif isinstance(value, list):
            objects = [each if isinstance(each, dict) else {"value": each} for each in value]
            for n, each in enumerate(objects, 1):
                below.append(_node(each if each.get("verb") else each | {"verb": key}, f"{shown}, {n}", number))
        elif value is not None:
            attributes[key] = str(value)
    return Node(verb, shown, number, attributes, below)


Carry = Callable[[Node, Entry, Draft], None]


def _carry(node: Node, entry: Entry, draft: Draft, verbs: Mapping[str, Carry]) -> None:
    verb = verbs.get(node.name)
    if verb is None:
        node.leave(node.reason())
    else:
        verb(node, entry, draft)


def _below(node: Node, entry: Entry, draft: Draft, verbs: Mapping[str, Carry]) -> None:
    for each in node.children:
        each.accept()
        _carry(each, entry, draft, verbs)


def _create_list(node: Node, template: Entry, draft: Draft) -> None:
    kind, name = node.get("templateType"), node.get("listName")
    if not name or (kind != LIBRARY and kind not in LIST_TYPES):
        node.leave(f"lists of the type {kind or 'that is not said'} have no word" if name else "it has no name")
        return
    entry: Entry = {"name": name}
    if kind not in (LIBRARY, "100"):
        entry["type"] = LIST_TYPES[kind]
    for cosmetic in ("color", "icon"):
        if node.get(cosmetic):
            node.leave("lists have no colour and no icon here", cosmetic)
    _below(node, entry, draft, _SUBACTIONS)
    add(template.setdefault("libraries" if kind == LIBRARY else "lists", []), entry)


def _title(node: Node, entry: Entry, _draft: Draft) -> None:
    title = node.get("title")
    if title:
        entry.setdefault("address", "".join(c for c in entry["name"] if c.isalnum() or c in "-_"))
        entry["name"] = title


def _description(node: Node, entry: Entry, _draft: Draft) -> None:
    put(entry, "description", node.get("description"))


def _add_field(node: Node, entry: Entry, draft: Draft) -> None:
    name = _column(node, draft, node.get("fieldType"), node.get("displayName"))
    node.understood("addToDefaultView")
    if name:
        entry.setdefault("columns", []).append(name)
        if node.flag("addToDefaultView"):
            entry.setdefault("columns shown", ["Name", "Modified"]).append(name)


def _column(node: Node, draft: Draft, kind: str, name: str) -> str | None:
    word = _FIELD_TYPES.get(kind)
    if word is None or not name:
        node.leave(f"columns of the type {kind or 'that is not said'} have no word")
        return None
    column: Entry = {"name": name, "type": word}
    for key, attribute in (("required", "isRequired"), ("unique values", "enforceUnique")):
        if node.flag(attribute):
            column[key] = True
    node.understood("internalName", "id", "group", "isHidden")
    add(draft.organisation["site columns"], column)
    for each in (node.get("internalName"), node.get("id").strip("{}"), name):
        draft.columns[each.casefold()] = name
    return name


def _site_column(node: Node, _template: Entry, draft: Draft) -> None:
    _column(node, draft, node.get("fieldType"), node.get("displayName"))


def _column_xml(node: Node, draft: Draft) -> str | None:
    text = node.get("schemaXml")
    try:
        field = _xml_node(xml.parse(text.encode(), node.place), node.place)
    except InputError as error:
        node.leave(error.problems[0].text)
        return None
    field.accept()
    node.understood("pushChanges", "addToDefaultView", "targetListName")
    name = site_column(draft, field)
    for each in field.left():
        node.leave(each.reason, "" if name is None else "schemaXml")
    return name


def _xml_node(element: xml.Element, place: str) -> Node:
    below = [_xml_node(child, place) for child in element.children]
    return Node(element.name, place, 1, element.attributes, below, element.text)


def _site_column_xml(node: Node, _template: Entry, draft: Draft) -> None:
    _column_xml(node, draft)


def _field_xml(node: Node, entry: Entry, draft: Draft) -> None:
    name = _column_xml(node, draft)
    if name:
        entry.setdefault("columns", []).append(name)


def _add_site_column(node: Node, entry: Entry, draft: Draft) -> None:
    name = draft.column(node, node.get("internalName") or node.get("displayName"))
    node.understood("id", "addToDefaultView")
    if name:
        entry.setdefault("columns", []).append(name)


def _view(node: Node, entry: Entry, draft: Draft) -> None:
    view: Entry = {}
    put(view, "name", node.get("name"))
    shown = [draft.column(each, each.get("value")) for each in node.open("viewFields")]
    put(view, "columns shown", [name for name in shown if name])
    put(view, "rows", node.number("rowLimit"))
    put(view, "formatting", node.get("formatterJSON"))
    if node.flag("isDefault"):
        view["is default"] = True
    node.understood("isPaged", "scope", "addToDefaultView")
    if node.get("query"):
        node.leave("write the filter in words: a column, a question and a value", "query")
    if "name" in view:
        add(entry.setdefault("views", []), view)
    else:
        node.leave("it has no name")


def _add_content_type(node: Node, entry: Entry, draft: Draft) -> None:
    name = node.get("name")
    known = {each["name"].casefold() for each in draft.organisation["content types"]}
    if name.casefold() not in known and name not in ROOTS.values():
        add(draft.organisation["content types"], {"name": name, "from hub": True})
    node.understood("id")
    entry.setdefault("content types", []).append(name)


def _content_type(node: Node, _template: Entry, draft: Draft) -> None:
    base = ROOTS.get(node.get("parentId").casefold()) or node.get("parentName") or "Item"
    if base not in ROOTS.values() and base.casefold() not in {n.casefold() for n in draft.content_types.values()}:
        node.leave(f"it is based on {base}, which is not in this script")
        return
    entry: Entry = {"name": node.get("name")}
    if base != "Document":
        entry["based on"] = base
    put(entry, "description", node.get("description"))
    node.understood("id", "hidden")
    draft.content_types[entry["name"].casefold()] = entry["name"]
    _below(node, entry, draft, {"addSiteColumn": _add_site_column})
    add(draft.organisation["content types"], entry)


def _link(node: Node, template: Entry, _draft: Draft) -> None:
    menu = _MENUS.get(node.get("navComponent"))
    title, url = node.get("displayName"), node.get("url")
    node.understood("isWebRelative", "isParentUrlWebRelative", "parentUrl")
    to = menus.target(template, url)
    if menu is None or not title or to is None:
        node.leave(f"where {url or 'it'} leads is not known: name a library, a list, a page or a web address")
        return
    found: list[Entry] = template.setdefault(menu, {}).setdefault("links", [])
    parent = node.get("parentDisplayName")
    if parent:
        heading = next((each for each in found if each["title"] == parent), None)
        if heading is None:
            heading = {"title": parent}
            found.append(heading)
        found = heading.setdefault("links", [])
    add(found, {"title": title, "to": to}, "title")


def _remove_link(node: Node, template: Entry, _draft: Draft) -> None:
    menu = _MENUS.get(node.get("navComponent"))
    node.understood("url", "isWebRelative")
    if menu is None or not node.get("displayName"):
        node.leave("it has no title")
        return
    parent = node.get("parentDisplayName")
    title = f"{parent}/{node.get('displayName')}" if parent else node.get("displayName")
    template.setdefault("remove", {}).setdefault(menu, []).append(title)


def _theme(node: Node, template: Entry, draft: Draft) -> None:
    name = node.get("themeName")
    if not name:
        node.leave("it names no theme")
        return
    template.setdefault("look", {})["theme"] = name
    add(draft.organisation.setdefault("themes", []), {"name": name})


def _branding(node: Node, template: Entry, _draft: Draft) -> None:
    look = template.setdefault("look", {})
    if node.get("headerLayout") in ("Standard", "Compact", "Minimal", "Extended"):
        look["header"] = node.get("headerLayout")
    if node.get("headerBackground") in ("None", "Neutral", "Soft", "Strong"):
        look["header emphasis"] = node.get("headerBackground")
    if node.get("navigationLayout"):
        look["mega menu"] = node.get("navigationLayout").casefold() == "megamenu"
    footer = node.flag("showFooter")
    if footer is not None:
        look["footer"] = footer


def _logo(node: Node, _template: Entry, _draft: Draft) -> None:
    node.leave("put the picture into this folder and name it under 'look'")


def _hub(node: Node, _template: Entry, _draft: Draft) -> None:
    node.leave("it names the hub by an id: write the hub's address, or ask for it, under 'hub'")


def _region(node: Node, _template: Entry, _draft: Draft) -> None:
    ours = (
        node.get("timeZone") in ("", _LONDON),
        node.get("locale") in ("", _UK),
        node.get("hourFormat") in ("", *_HOURS),
    )
    node.understood("sortOrder")
    if not all(ours):
        node.leave("'region' of organisation.yaml holds for all sites: United Kingdom")


def _principal(node: Node, template: Entry, _draft: Draft) -> None:
    group, who = node.get("group"), node.get("principal")
    if "everyone" in who.casefold():
        node.leave("nothing is given to everyone: name groups or roles")
    elif group in _GROUPS and who:
        role = template.setdefault("permissions", {}).setdefault(_GROUPS[group], [])
        role.append(who.rpartition("|")[2].partition("@")[0])
    else:
        node.leave("only Owners, Members and Visitors have people from a script")


def _sharing(node: Node, template: Entry, _draft: Draft) -> None:
    word = _SHARING.get(node.get("capability"))
    if word is None:
        node.leave(f"{node.get('capability')} is no setting of sharing")
    else:
        template.setdefault("sharing", {})["external sharing"] = word


def _feature(node: Node, template: Entry, _draft: Draft) -> None:
    name = FEATURE_NAMES.get(node.get("featureId").strip("{}").casefold())
    node.understood("title", "scope")
    if name is None:
        node.leave(f"the feature {node.get('featureId')} has no name here")
    else:
        template.setdefault("features", []).append(name)


_SUBACTIONS: Mapping[str, Carry] = {
    "setTitle": _title, "setDescription": _description, "addSPField": _add_field, "addSPFieldXml": _field_xml,
    "addSPLookupFieldXml": _field_xml, "addSiteColumn": _add_site_column, "addSPView": _view,
    "addContentType": _add_content_type,
}  # fmt: skip
_VERBS: Mapping[str, Carry] = {
    "createSPList": _create_list, "createSiteColumn": _site_column, "createSiteColumnXml": _site_column_xml,
    "createContentType": _content_type, "addNavLink": _link, "removeNavLink": _remove_link, "applyTheme": _theme,
    "setSiteBranding": _branding, "setSiteLogo": _logo, "joinHubSite": _hub, "setRegionalSettings": _region,
    "addPrincipalToSPGroup": _principal, "setSiteExternalSharingCapability": _sharing, "activateSPFeature": _feature,
}  # fmt: skip
