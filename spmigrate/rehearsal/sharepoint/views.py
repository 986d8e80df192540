"""Views of lists and libraries, and the columns that they show."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import tostring
from xml.sax.saxutils import escape, quoteattr

from spmigrate.rehearsal.odata.errors import bad_argument, view_missing
from spmigrate.rehearsal.sharepoint import overlay
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.builtin import LIST_TEMPLATES, derived_guid
from spmigrate.rehearsal.sharepoint.caml import malformed, parse, read_query, read_view
from spmigrate.rehearsal.sharepoint.field_definitions import defined_fields
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, as_guid, computed, function, link
from spmigrate.rehearsal.sharepoint.overlay import Defined
from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    CONTENT_TYPE_ID,
    GUID,
    INT,
    PATH,
    TEXT,
    TEXTS,
    group,
    table,
    texts,
    whole,
)
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_SCOPES = {"": 0, "Recursive": 1, "RecursiveAll": 2, "FilesOnly": 3}
_KINDS = {0: "HTML", 1: "HTML", 2048: "GRID", 524288: "CALENDAR", 131072: "CHART", 67108864: "GANTT"}


class ViewFields(Resource):
    """The columns that a view shows, in order."""

    type = "SP.ViewFieldCollection"
    feed = "ViewFields"
    write_level = Level.MANAGE
    declared = table(group(TEXT, "", "SchemaXml"), group(TEXTS, [], "Items"))

    def __init__(self, scope: Scope, view: View) -> None:
        super().__init__(scope)
        self.view = view

    @property
    def path(self) -> str:
        return f"{self.view.path}/ViewFields"

    @computed("Items")
    def _items(self) -> list[str]:
        return self.view.columns

    @computed("SchemaXml")
    def _schema(self) -> str:
        return "".join(f"<FieldRef Name={quoteattr(name)} />" for name in self.view.columns)

    @action("AddViewField")
    def add_view_field(self, call: Call) -> None:
        """Show one more column."""
        self.view.add_column(call.text("strField", 0))

    @action("RemoveViewField")
    def remove_view_field(self, call: Call) -> None:
        """Show a column no longer."""
        name = call.text("strField", 0)
        kept = [each for each in self.view.columns if each.casefold() != name.casefold()]
        if len(kept) == len(self.view.columns):
            raise bad_argument(f"Column '{name}' does not exist. It may have been deleted by another user. ")
        self.view.save({"_Columns": kept})

    @action("RemoveAllViewFields")
    def remove_all_view_fields(self, _call: Call) -> None:
        """Show no column."""
        self.view.save({"_Columns": []})

    @action("MoveViewFieldTo")
    def move_view_field_to(self, call: Call) -> None:
        """Put a column at another place."""
        name = call.text("field", 0)
        columns = [each for each in self.view.columns if each != name]
        if len(columns) == len(self.view.columns):
            raise bad_argument(f"Column '{name}' does not exist. It may have been deleted by another user. ")
        columns.insert(call.number("index", 1), name)
        self.view.save({"_Columns": columns})


class View(Resource):
    """A view."""

    type = "SP.View"
    feed = "Views"
    write_level = Level.MANAGE
    declared = table(
        group(TEXT, None, "Formats", writable=True),
        group(
            BOOLEAN,
            False,
            "DefaultView DefaultViewForContentType EditorModified Hidden IncludeRootFolder MobileDefaultView "
            "MobileView TabularView",
            writable=True,
        ),
        group(BOOLEAN, True, "Paged", writable=True),
        group(BOOLEAN, False, "OrderedView PersonalView ReadOnlyView RequiresClientIntegration Threaded"),
        group(INT, 30, "RowLimit", writable=True),
        group(INT, 0, "Scope", writable=True),
        group(INT, 0, "PageRenderType"),
        group(
            TEXT,
            None,
            "Aggregations AggregationsStatus CalendarViewStyles ColumnWidth CustomFormatter CustomOrder JSLink "
            "NewDocumentTemplates Toolbar ViewData ViewJoins ViewProjectedFields GridLayout Method ViewType2 "
            "VisualizationInfo",
            writable=True,
        ),
        group(TEXT, "", "Title ViewQuery ListViewXml", writable=True),
        group(TEXT, "", "HtmlSchemaXml ModerationType ServerRelativeUrl StyleId ToolbarTemplateName"),
        group(TEXT, "/_layouts/15/images/generic.png?rev=47", "ImageUrl"),
        group(TEXT, "1", "BaseViewId"),
        group(TEXT, "HTML", "ViewType"),
        group(GUID, "", "Id"),
        group(GUID, None, "AssociatedContentTypeId", writable=True),
        group(CONTENT_TYPE_ID, {"StringValue": "0x"}, "ContentTypeId", writable=True),
        group(PATH, None, "ServerRelativePath"),
    )

    def __init__(self, scope: Scope, owner: Entity, defined: Defined) -> None:
        super().__init__(scope)
        self.owner = owner
        self.defined = defined

    @property
    def path(self) -> str:
        return f"Web/Lists(guid'{self.owner.guid}')/Views(guid'{self.defined.key}')"

    def stored(self) -> Mapping[str, Any]:
        return self.defined.props

    @property
    def columns(self) -> list[str]:
        """The internal names of the columns shown."""
        return list(self.defined.props.get("_Columns", []))

    def add_column(self, name: str) -> None:
        """Show a column, at the end, if it is not there yet; refuses a column that the list lacks."""
        known = {each.name.casefold(): each for each in defined_fields(self.scope, self.owner)}
        found = known.get(name.casefold())
        if found is None:
            raise bad_argument(f"Column '{name}' does not exist. It may have been deleted by another user. ")
        if found.name not in self.columns:
            self.save({"_Columns": [*self.columns, found.name]})

    @link("ViewFields")
    def view_fields(self) -> ViewFields:
        """The columns shown."""
        return ViewFields(self.scope, self)

    @computed("Id")
    def _id(self) -> str:
        return self.defined.key

    @property
    def address(self) -> str:
        """Where its page is, server-relative."""
        return self._address()

    @computed("ServerRelativeUrl")
    def _address(self) -> str:
        folder = "/Forms" if self.owner.props.get("BaseType") == 1 else ""
        return f"{self.scope.web_path}/{self.owner.name}{folder}/{self.defined.name}.aspx"

    @computed("ServerRelativePath")
    def _server_path(self) -> dict[str, str]:
        return {"DecodedUrl": self._address()}

    @computed("ListViewXml")
    def _list_view_xml(self) -> str:
        return self._xml("RowLimit", "Query", "ViewFields")

    @computed("HtmlSchemaXml")
    def _html_schema_xml(self) -> str:
        return self._xml("Query", "ViewFields", "RowLimit")

    def _xml(self, *order: str) -> str:
        props = self.defined.props
        fields = "".join(f"<FieldRef Name={quoteattr(name)} />" for name in self.columns)
        paged = "TRUE" if props.get("Paged", True) else "FALSE"
        parts = {
            "Query": f"<Query>{props.get('ViewQuery', '')}</Query>",
            "ViewFields": f"<ViewFields>{fields}</ViewFields>",
            "RowLimit": f'<RowLimit Paged="{paged}">{props.get("RowLimit", 30)}</RowLimit>',
        }
        head = (
            f'<View Name="{{{self.defined.key.upper()}}}" Type="{props.get("ViewType", "HTML")}" '
            f'DefaultView="{"TRUE" if props.get("DefaultView") else "FALSE"}" '
            f'DisplayName="{escape(str(props.get("Title", "")))}" Url="{escape(self._address())}" Level="1" '
            'BaseViewID="1" ContentTypeID="0x">'
        )
        return head + "".join(parts[name] for name in order) + "</View>"

    def save(self, patch: Mapping[str, Any]) -> None:
        """Keep changed properties; refuses a query that cannot be read, and a list without a default view."""
        if "ListViewXml" in patch:
            patch = {**patch, **read_view_xml(str(patch["ListViewXml"] or ""))}
        if patch.get("ViewQuery"):
            read_query(str(patch["ViewQuery"]))
        if patch.get("DefaultView") is False and self.defined.props.get("DefaultView"):
            raise bad_argument("The default view of a list can't be unset; make another view the default.")
        if patch.get("DefaultView"):
            for other in Views(self.scope, self.owner).all():
                if other.defined.key != self.defined.key and other.defined.props.get("DefaultView"):
                    overlay.alter(self.scope, "view", self.owner, other.defined, {"DefaultView": False})
        kept = {name: value for name, value in patch.items() if name != "ListViewXml"}
        self.defined = overlay.alter(self.scope, "view", self.owner, self.defined, kept)

    def delete(self) -> None:
        if self.defined.props.get("DefaultView"):
            raise bad_argument("The default view of a list can't be deleted.")
        overlay.remove(self.scope, "view", self.owner, self.defined)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Remove the view."""
        self.delete()

    @action("SetViewXml")
    def set_view_xml(self, call: Call) -> None:
        """Take query, columns, limit and scope from a ``View`` element."""
        self.save(read_view_xml(call.text("viewXml", 0)))

    @function("RenderAsHtml")
    def render_as_html(self, _call: Call) -> str:
        """The view as an HTML table of its first page."""
        from spmigrate.rehearsal.sharepoint import view_pages  # it needs items, which need this

        return view_pages.draw(self)


class Views(Collection):
    """The views of a list."""

    feed = "Views"
    element = View
    write_level = Level.MANAGE

    def __init__(self, scope: Scope, owner: Entity) -> None:
        super().__init__(scope)
        self.owner = owner

    def all(self) -> list[View]:
        builtins = [_builtin_view(self.owner)]
        return [
            View(self.scope, self.owner, each) for each in overlay.lay_over(self.scope, "view", self.owner, builtins)
        ]

    def by_key(self, key: object) -> View:
        guid = as_guid(key)
        for each in self.all():
            if each.defined.key == guid:
                return each
        raise view_missing()

    @function("GetById")
    def get_by_id(self, call: Call) -> View:
        """A view by id."""
        return self.by_key(call.value("guidId", 0))

    @function("GetByTitle")
    def get_by_title(self, call: Call) -> View:
        """A view by title."""
        title = call.text("strTitle", 0)
        for each in self.all():
            if str(each.defined.props.get("Title", "")).casefold() == title.casefold():
                return each
        raise view_missing()

    @action("Add")
    def add(self, call: Call) -> View:
        """Add a view."""
        given = call.record("parameters")
        title = str(given.get("Title") or "").strip()
        if not title:
            raise bad_argument("Value cannot be null.\r\nParameter name: Title")
        props = {
            "Title": title,
            "ViewQuery": given.get("Query") or given.get("ViewQuery") or "",
            "RowLimit": whole(given.get("RowLimit") or 30, "RowLimit"),
            "Paged": bool(given.get("Paged", True)),
            "PersonalView": bool(given.get("PersonalView", False)),
            "ViewType": _KINDS.get(whole(given.get("ViewTypeKind") or 1, "ViewTypeKind"), "HTML"),
            "ViewData": given.get("ViewData"),
            "ViewType2": given.get("ViewType2"),
            "_Columns": texts(given.get("ViewFields"), "ViewFields") or default_view(self.scope, self.owner).columns,
        }
        return self._keep(props, default=bool(given.get("SetAsDefaultView") or given.get("DefaultView")))

    def create(self, call: Call) -> View:
        """A view with the properties that are given; a title is needed."""
        body = dict(call.record("parameters"))
        blank = View(self.scope, self.owner, Defined("", "", {}))
        blank.read_body({name: value for name, value in body.items() if name != "PersonalView"}, creating=True)
        kept = {"Id", "ServerRelativeUrl", "ViewType", "HtmlSchemaXml", "ServerRelativePath", "ViewFields"}
        given = {name: value for name, value in body.items() if name not in kept and name in _names()}
        title = str(given.get("Title") or "").strip()
        if not title:
            raise bad_argument("Value cannot be null.\r\nParameter name: Title")
        default = bool(given.pop("DefaultView", False))
        xml = given.pop("ListViewXml", None)
        props = {"_Columns": default_view(self.scope, self.owner).columns, **given}
        return self._keep({**props, **(read_view_xml(str(xml)) if xml else {})}, default=default)

    def _keep(self, props: dict[str, Any], *, default: bool) -> View:
        name = self._free_name(str(props["Title"]))
        row = self.scope.store.insert(
            "view", name, at=self.scope.now, parent=self.owner.id, guid=str(uuid.uuid4()), props=props
        )
        view = View(self.scope, self.owner, Defined(row.guid, name, row.props, row))
        if default:
            view.save({"DefaultView": True})
        return view

    def _free_name(self, title: str) -> str:
        base = "".join(char for char in title if char.isalnum() or char in " -_").strip() or "View"
        taken = {each.defined.name.casefold() for each in self.all()}
        name, number = base, 1
        while name.casefold() in taken:
            name, number = f"{base}{number}", number + 1
        return name


def _names() -> set[str]:
    return {each.name for each in View.declared.values()}


def read_view_xml(xml: str) -> dict[str, Any]:
    """What a ``View`` element says, as properties of a view; refuses what is none."""
    root = parse(xml)
    if root.tag.rpartition("}")[2] != "View":
        raise malformed()
    view = read_view(xml)
    found: dict[str, Any] = {}
    for part in root:
        name = part.tag.rpartition("}")[2]
        if name == "Query":
            found["ViewQuery"] = "".join(tostring(each, encoding="unicode").strip() for each in part)
        elif name in ("Aggregations", "CustomFormatter", "ViewData", "ColumnWidth"):
            found[name] = part.text or ""
    if "ViewFields" in view.given:
        found["_Columns"] = list(view.columns)
    if view.limit:
        found |= {"RowLimit": view.limit, "Paged": view.paged}
    if "Scope" in view.given:
        found["Scope"] = _SCOPES[view.scope]
    return found


def default_view(scope: Scope, owner: Entity) -> View:
    """The view that a list opens with."""
    views = Views(scope, owner).all()
    return next((each for each in views if each.defined.props.get("DefaultView")), views[0])


def _builtin_view(owner: Entity) -> Defined:
    template = LIST_TEMPLATES.get(int(owner.props.get("BaseTemplate", 100)), LIST_TEMPLATES[100])
    props = {
        "Title": "All Documents" if template.base == 1 else "All Items",
        "DefaultView": True,
        "MobileView": True,
        "MobileDefaultView": True,
        "ViewQuery": '<OrderBy><FieldRef Name="FileLeafRef" /></OrderBy>' if template.base == 1 else "",
        "ImageUrl": "/_layouts/15/images/dlicon.png?rev=47",
        "_Columns": list(template.view),
    }
    return Defined(derived_guid(owner.guid, "AllItems"), "AllItems", props, builtin=True)
