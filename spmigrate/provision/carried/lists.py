"""Libraries and lists of PnP files: settings, content types, views in CAML, folders, default values, permissions."""

from collections.abc import Iterator, Mapping

from spmigrate.provision.carried import caml
from spmigrate.provision.carried.draft import Draft, Entry, add, put
from spmigrate.provision.carried.fields import content_type_name, site_column
from spmigrate.provision.carried.node import Node

LIBRARY = "101"
LIST_TYPES: Mapping[str, str] = {
    "100": "Custom list", "103": "Links", "104": "Announcements", "105": "Contacts", "106": "Calendar",
    "107": "Tasks", "171": "Tasks", "1100": "Issues",
}  # fmt: skip
"""Our words for the templates of lists (list template ids of SharePoint)."""

_FLAGS: Mapping[str, str] = {
    "approval": "EnableModeration", "check out": "ForceCheckout", "allow folders": "EnableFolderCreation",
}  # fmt: skip
_DRAFTS: Mapping[str, str] = {"0": "Readers", "1": "Editors", "2": "Approvers"}
_SAID_ANEW = ("OnQuickLaunch", "TemplateFeatureID", "TemplateInternalName", "Hidden", "DocumentTemplate", "Direction")
_FOLDER = "0x0120"


def lists(draft: Draft, template: Entry, nodes: list[Node]) -> None:
    """Carry `<ListInstance>` elements over into a template."""
    for node in nodes:
        kind = node.get("TemplateType")
        if kind == LIBRARY:
            _carry(draft, template, node, "libraries")
        elif kind in LIST_TYPES:
            _carry(draft, template, node, "lists")
        else:
            node.leave(f"lists of the type {kind or 'that is not said'} have no word")


def _carry(draft: Draft, template: Entry, node: Node, section: str) -> None:
    name = draft.text(node, "Title")
    if not name:
        node.leave("it has no name")
        return
    entry: Entry = {"name": name}
    address = node.get("Url").strip("/").rpartition("/")[2]
    put(entry, "address", address if address.replace("_", "").replace("-", "").replace(" ", "").isalnum() else "")
    if section == "lists" and node.get("TemplateType") != "100":
        entry["type"] = LIST_TYPES[node.get("TemplateType")]
    put(entry, "description", draft.text(node, "Description"))
    _settings(node, entry, section)
    _columns(draft, node, entry)
    _content_types(draft, node, entry)
    caml.views(draft, node, entry)
    _folders(node, entry)
    _defaults(draft, node, entry)
    _permissions(draft, node, entry)
    _used_columns(draft, entry)
    add(template.setdefault(section, []), entry)


def _settings(node: Node, entry: Entry, section: str) -> None:
    node.understood(*_SAID_ANEW)
    for key, attribute in _FLAGS.items():
        value = node.flag(attribute)
        if value is not None and (section == "libraries" or key != "check out"):
            entry[key] = value
    unseen = node.flag("NoCrawl")
    if unseen is not None:
        entry["searchable"] = not unseen
    for name in ("ContentTypesEnabled", "RemoveExistingContentTypes", "EnableAttachments", "ListExperience"):
        if node.get(name).casefold() in ("true", "false", "auto", "newexperience"):
            node.understood(name)
    most = node.number("MaxVersionLimit")
    if node.flag("EnableVersioning") and most:
        entry["versions"] = {"major": most}
        drafts = node.number("MinorVersionLimit")
        if node.flag("EnableMinorVersions") is not None:
            entry["versions"]["drafts"] = (drafts or most) if node.flag("EnableMinorVersions") else 0
        seen = _DRAFTS.get(node.get("DraftVersionVisibility"))
        put(entry["versions"], "drafts seen by", seen)


def _columns(draft: Draft, node: Node, entry: Entry) -> None:
    """Columns of the list's own, and site columns that are added to it."""
    names = [site_column(draft, each) for each in node.inside("Fields", "Field")]
    for each in node.inside("FieldRefs", "FieldRef"):
        each.understood("DisplayName", "Name")
        key = each.get("ID") if each.get("ID").strip("{}").casefold() in draft.columns else each.get("Name")
        names.append(draft.column(each, key or each.get("ID")))
    put(entry, "columns", [name for name in dict.fromkeys(names) if name])


def _content_types(draft: Draft, node: Node, entry: Entry) -> None:
    names: list[str] = []
    for each in node.inside("ContentTypeBindings", "ContentTypeBinding"):
        identity = each.get("ContentTypeID")
        name = content_type_name(draft, identity)
        if each.flag("Remove"):
            each.leave("content types of a library are never taken away")
        elif name is None and identity.casefold().startswith(_FOLDER) and len(identity) == len(_FOLDER):
            each.understood_whole()
        elif name is None:
            each.leave("it is neither a content type of this file nor one that every site has")
        else:
            names.append(name)
            if each.flag("Default"):
                entry["default content type"] = name
    put(entry, "content types", names)


def _folders(node: Node, entry: Entry) -> None:
    def paths(above: str, folders: list[Node]) -> Iterator[str]:
        for each in folders:
            path = f"{above}{each.get('Name')}"
            yield path
            yield from paths(f"{path}/", each.open("Folder"))

    put(entry, "folders", list(paths("", node.inside("Folders", "Folder"))))


def _defaults(draft: Draft, node: Node, entry: Entry) -> None:
    values: Entry = {}
    for each in node.inside("FieldDefaults", "FieldDefault"):
        name = draft.column(each, each.get("FieldName"))
        value = draft.filled(each, each.content())
        if name and value:
            values[name] = value
    for each in node.inside("DefaultColumnValues", "DefaultColumnValue"):
        name = draft.column(each, each.get("Key"))
        value = draft.text(each, "Value")
        if name and value:
            values[name] = value
    put(entry, "default values", values)


def _used_columns(draft: Draft, entry: Entry) -> None:
    """A library has the columns that its views and default values name, whatever its content types bring."""
    ours = set(draft.columns.values())
    views = [entry, *entry.get("views", ())]
    used = [*entry.get("default values", ())]
    for view in views:
        used += [*view.get("columns shown", ()), view.get("sort by"), view.get("group by")]
        used += [name for name in ours if f"{name} " in f"{view.get('filter', '')} "]
    put(entry, "columns", list(dict.fromkeys([*entry.get("columns", ()), *(name for name in used if name in ours)])))


def _permissions(draft: Draft, node: Node, entry: Entry) -> None:
    for each in node.inside("Security", "BreakRoleInheritance"):
        each.understood("ClearSubscopes")
        if each.flag("CopyRoleAssignments"):
            each.leave("permissions are written out: add those of the site that should stay", "CopyRoleAssignments")
        give = {}
        for assignment in each.open("RoleAssignment"):
            who = principal(draft, assignment, "Principal")
            level = assignment.get("RoleDefinition")
            if assignment.flag("Remove"):
                assignment.leave("what people were given by hand is never taken away from here")
            elif who:
                give[who] = level
        entry["permissions"] = {"inherit": False} | ({"give": give} if give else {})


def principal(draft: Draft, node: Node, name: str) -> str | None:
    """Who an attribute names: one of the three groups, a site group, or a person; None, and left, for everyone."""
    value = node.get(name)
    known = {"{associatedownergroup}": "Owners", "{associatedmembergroup}": "Members",
             "{associatedvisitorgroup}": "Visitors"}  # fmt: skip
    if value.casefold() in known:
        return known[value.casefold()]
    if "everyone" in value.casefold():
        node.leave("nothing is given to everyone: name groups or roles")
        return None
    return draft.text(node, name).partition("@")[0].rpartition("|")[2] or None
