"""Views: CAML, SharePoint's own query language, in the words of our filters."""

from collections.abc import Mapping

from spmigrate.provision.carried.draft import Draft, Entry, put
from spmigrate.provision.carried.node import Node

_ASKS: Mapping[str, str] = {
    "Eq": "is", "Neq": "is not", "Contains": "contains", "BeginsWith": "begins with", "Lt": "is before",
    "Gt": "is after", "IsNull": "is empty", "IsNotNull": "is not empty",
}  # fmt: skip
_SAID_ANEW = (
    "Name", "MobileView", "MobileDefaultView", "Type", "Level", "BaseViewID", "ContentTypeID", "ImageUrl", "Url",
    "ServerEmit", "TabularView", "WebPartZoneID", "OrderedView", "Personal", "ReadOnly", "Scope",
)  # fmt: skip


def views(draft: Draft, node: Node, entry: Entry) -> None:
    """Carry the `<Views>` of a list over: the one that opens first gives `columns shown`, the others `views`."""
    found: list[Entry] = []
    for holder in node.open("Views"):
        if holder.flag("RemoveExistingViews"):
            holder.leave("views that owners made stay", "RemoveExistingViews")
        for each in holder.open("View"):
            view = _view(draft, each)
            plain = set(view) <= {"name", "columns shown", "is default"}
            if view.get("is default") and plain:
                put(entry, "columns shown", view.get("columns shown"))
            elif view.get("name"):
                found.append(view)
            else:
                each.leave("it has no name")
    put(entry, "views", found)


def _view(draft: Draft, node: Node) -> Entry:
    node.understood(*_SAID_ANEW)
    view: Entry = {}
    put(view, "name", draft.text(node, "DisplayName"))
    shown = [draft.column(each, each.get("Name")) for each in node.inside("ViewFields", "FieldRef")]
    put(view, "columns shown", [name for name in shown if name])
    for query in node.open("Query"):
        _sort(draft, query, view)
        _group(draft, query, view)
        put(view, "filter", " and ".join(_filter(draft, query)))
    for each in node.open("RowLimit"):
        each.understood("Paged")
        rows = each.content()
        put(view, "rows", int(rows) if rows.isdecimal() else None)
    for each in node.open("Toolbar", "XslLink", "JSLink", "ParameterBindings", "Aggregations"):
        if each.name in ("Aggregations", "JSLink") and (each.text.strip() or each.children):
            each.leave("views of ours add nothing up and run nothing")
        else:
            each.understood_whole()
    for each in node.open("CustomFormatter"):
        put(view, "formatting", each.content())
    if node.flag("DefaultView"):
        view["is default"] = True
    return view


def _sort(draft: Draft, query: Node, view: Entry) -> None:
    for number, each in enumerate(query.inside("OrderBy", "FieldRef")):
        if number:
            each.leave("views are sorted by one column")
            continue
        put(view, "sort by", draft.column(each, each.get("Name")))
        if each.flag("Ascending") is False and "sort by" in view:
            view["descending"] = True


def _group(draft: Draft, query: Node, view: Entry) -> None:
    for holder in query.open("GroupBy"):
        holder.understood("Collapse", "GroupLimit")
        for number, each in enumerate(holder.open("FieldRef")):
            each.understood("Ascending")
            if number:
                each.leave("views are grouped by one column")
            else:
                put(view, "group by", draft.column(each, each.get("Name")))


def _filter(draft: Draft, query: Node) -> list[str]:
    where = query.only("Where")
    if where is None:
        return []
    conditions = [_condition(draft, each) for each in _flat(where)]
    found = [each for each in conditions if each]
    if len(found) < len(conditions) or any(child.name == "Or" for child in where.walk()):
        where.leave("filters are conditions joined by 'and', each a column, a question and a value")
        return []
    return found


def _flat(node: Node) -> list[Node]:
    """The conditions below `And`, left to right."""
    found: list[Node] = []
    for child in node.children:
        node.open(child.name)
        found += _flat(child) if child.name == "And" else [child]
    return found


def _condition(draft: Draft, node: Node) -> str:
    ask = _ASKS.get(node.name)
    field = node.only("FieldRef")
    column = draft.column(field, field.get("Name")) if field else None
    if ask is None or column is None:
        return ""
    value = node.only("Value")
    if value is None:
        return f"{column} {ask}" if ask.endswith("empty") else ""
    value.understood("Type", "IncludeTimeValue")
    if value.only("Today") is not None:
        return f"{column} {ask} today"
    if value.only("UserID") is not None:
        for each in value.children:
            each.understood_whole()
        return f"{column} {ask} me"
    return f"{column} {ask} {draft.filled(value, value.content())}"
