"""Columns and content types of PnP files and site scripts: SharePoint's own field XML, and ids in place of names."""

import re
from collections.abc import Mapping

from spmigrate.provision.carried.draft import Draft, Entry, add, put
from spmigrate.provision.carried.files import document_template
from spmigrate.provision.carried.node import Node
from spmigrate.provision.carried.terms import name_of
from spmigrate.provision.language import ColumnType
from spmigrate.tenant.contents import ROOT_CONTENT_TYPES, name_key

_TYPES: Mapping[str, ColumnType] = {
    "Text": ColumnType.TEXT, "Note": ColumnType.NOTE, "Choice": ColumnType.CHOICE,
    "MultiChoice": ColumnType.MULTIPLE_CHOICE, "DateTime": ColumnType.DATE, "Number": ColumnType.NUMBER,
    "Currency": ColumnType.CURRENCY, "Boolean": ColumnType.YES_NO, "User": ColumnType.PERSON,
    "UserMulti": ColumnType.PERSON, "URL": ColumnType.LINK, "Lookup": ColumnType.LOOKUP,
    "LookupMulti": ColumnType.LOOKUP, "TaxonomyFieldType": ColumnType.MANAGED_METADATA,
    "TaxonomyFieldTypeMulti": ColumnType.MANAGED_METADATA,
}  # fmt: skip
_TERM_SET = re.compile(r"\{termsetid:([^{}:]+):([^{}:]+)\}", re.IGNORECASE)
"""How PnP files name a term set: its group and its name."""

_SAID_ANEW = (
    "ID", "Name", "StaticName", "Group", "SourceID", "Version", "RowOrdinal", "ColName", "Customization", "xmlns",
    "AllowDeletion", "MaxLength", "NumLines", "RichText", "Format", "FillInChoice", "StorageTZ",
    "FriendlyDisplayFormat",
)  # fmt: skip
"""Made anew from the name and type, or without a meaning on another site."""

ROOTS: Mapping[str, str] = {identity.casefold(): name for name, identity in ROOT_CONTENT_TYPES.items()}
"""Content types that everything else is based on, by id in lower case."""

_DERIVED = 34
_FLAG = {"TRUE": True, "FALSE": False, "1": True, "0": False}


def site_column(draft: Draft, node: Node) -> str | None:
    """Carry a `<Field>` over into the vocabulary; returns its name, None when it is left."""
    kind = node.get("Type")
    if kind not in _TYPES:
        node.leave(f"columns of the type {kind or 'that is not said'} have no word")
        return None
    node.understood(*_SAID_ANEW)
    name = draft.text(node, "DisplayName") or node.get("Name")
    entry: Entry = {"name": name, "type": _TYPES[kind].value}
    put(entry, "description", draft.text(node, "Description"))
    for key, attribute in (("required", "Required"), ("indexed", "Indexed"), ("unique values", "EnforceUniqueValues")):
        if node.flag(attribute):
            entry[key] = True
    choices = node.inside("CHOICES", "CHOICE")
    put(entry, "choices", [choice.content() for choice in choices])
    if "choices" not in entry and kind in ("Choice", "MultiChoice"):
        node.leave("it has no choices")
        return None
    if kind.startswith("Lookup") and not _lookup(node, entry):
        return None
    if kind.startswith("Taxonomy") and not _term_set(draft, node, entry):
        return None
    _default(node, entry)
    put(entry, "formatting", node.get("CustomFormatter"))
    add(draft.organisation["site columns"], entry)
    for key in (node.get("Name"), node.get("ID").strip("{}")):
        if key:
            draft.columns[key.casefold()] = name
    return name


def _lookup(node: Node, entry: Entry) -> bool:
    target = node.get("List").rpartition("/")[2]
    if not target or target.startswith("{"):
        node.leave("the list that it looks up is not named")
        return False
    shown = node.get("ShowField") or "Title"
    entry["looks up"] = {"list": target, "shows": {"FileLeafRef": "Name"}.get(shown, shown)}
    return True


def _term_set(draft: Draft, node: Node, entry: Entry) -> bool:
    """Bind a column to the term set that its properties name; ids alone mean nothing in another tenant."""
    for each in node.open("Customization"):
        each.understood_whole()
    texts = [node.get("TermSetId"), *(below.text for below in node.walk())]
    found = next((match for text in texts if (match := _TERM_SET.search(text))), None)
    if found is None:
        node.leave("its term set is an id, which another tenant does not know")
        return False
    node.understood("ShowField", "Mult", "WebId", "List")
    entry["term set"] = f"{found[1]}/{found[2]}"
    named = draft.organisation.setdefault("term sets", [])
    known = {name_key(name_of(each)) for each in named}
    named += [entry["term set"]] if name_key(entry["term set"]) not in known else []
    return True


def _default(node: Node, entry: Entry) -> None:
    for each in node.open("Default"):
        value = each.content()
        if entry["type"] == ColumnType.YES_NO and value.upper() in _FLAG:
            entry["default"] = "yes" if _FLAG[value.upper()] else "no"
        elif entry["type"] == ColumnType.DATE and value.casefold() == "[today]":
            entry["default"] = "today"
        elif entry["type"] in (ColumnType.PERSON, ColumnType.LINK, ColumnType.LOOKUP):
            each.leave("a column of this type cannot come with a value")
        elif value:
            entry["default"] = value


def content_types(draft: Draft, nodes: list[Node]) -> None:
    """Carry `<ContentType>` elements over: all names first, since each may be based on any other."""
    for node in nodes:
        draft.content_types[node.get("ID").casefold()] = node.get("Name")
    for node in nodes:
        _content_type(draft, node)


def _content_type(draft: Draft, node: Node) -> None:
    base = _parent(draft, node.get("ID"))
    if base is None:
        node.leave("it is based on neither Document, Item nor Document Set, nor on another one of this file")
        del draft.content_types[node.get("ID").casefold()]
        return
    entry: Entry = {"name": node.get("Name")}
    if base != "Document":
        entry["based on"] = base
    put(entry, "description", draft.text(node, "Description"))
    node.understood("Group", "UpdateChildren")
    for name in ("Hidden", "ReadOnly", "Sealed", "Overwrite"):
        if node.flag(name) is False:
            node.understood(name)
        elif node.get(name):
            node.leave("content types are visible and can be changed", name)
    columns = [_use(draft, each) for each in node.inside("FieldRefs", "FieldRef")]
    put(entry, "columns", [each for each in columns if each])
    document_template(entry, node, draft)
    add(draft.organisation["content types"], entry)


def _parent(draft: Draft, identity: str) -> str | None:
    """The name of what an id derives from; None when nobody here knows it."""
    whole = identity.casefold()
    for end in range(len(whole) - 1, 3, -1):
        above = whole[:end]
        if above in draft.content_types:
            return draft.content_types[above]
        if above in ROOTS and len(whole) - end == _DERIVED:
            return ROOTS[above]
    return None


def _use(draft: Draft, node: Node) -> str | Entry | None:
    node.understood("UpdateChildren", "Name")
    key = node.get("ID") if node.get("ID").strip("{}").casefold() in draft.columns else node.get("Name")
    name = draft.column(node, key or node.get("ID"))
    if name is None:
        return None
    flags = {key: True for key, attribute in (("required", "Required"), ("hidden", "Hidden")) if node.flag(attribute)}
    return {"column": name} | flags if flags else name


def content_type_name(draft: Draft, identity: str) -> str | None:
    """The name of a content type by its id, or by the id of a list's copy; None when nobody here knows it."""
    key = identity.casefold()
    return draft.content_types.get(key) or ROOTS.get(key) or draft.content_types.get(key[:-_DERIVED])
