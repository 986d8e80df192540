"""Views of libraries and lists. They are changed in place: one that is made anew breaks links to it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from spmigrate.errors import Conflict, NotFound
from spmigrate.tenant.contents import Attributes, Kind, Part, inside, name_key
from spmigrate.tenant.site import lists
from spmigrate.tenant.site.libraries import show
from spmigrate.tenant.site.list_paths import list_path
from spmigrate.tenant.site.question import Answers, Question, Service
from spmigrate.tenant.site.view_query import Query, from_caml, to_caml

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_QUERY = ("filter", "sort by", "descending", "group by")
_SELECT = "$select=Id,Title,DefaultView,Hidden,PersonalView,RowLimit,ViewQuery,CustomFormatter"
VIEWS = Question(
    "views", Service.SITE,
    lists.of_lists(f"views?{_SELECT},ViewFields/Items&$expand=ViewFields", lists.holds(Kind.VIEW)),
    round=2, kinds=frozenset({Kind.VIEW}),
)  # fmt: skip
QUESTIONS = (lists.LISTS, VIEWS)


def parts(answers: Answers) -> Iterator[Part]:
    """The views that everybody sees."""
    found = answers.get("views", {})
    for key, each in lists.ours(answers):
        for view in found.get(str(each["Id"]).lower(), {"value": []})["value"]:
            if view["Hidden"] or view["PersonalView"]:
                continue
            title = str(view["Title"])
            query = from_caml(view["ViewQuery"] or "")
            yield Part(Kind.VIEW, inside(key, name_key(title)), f"{title} of {each['Title']}", {
                "list": key, "title": title, "columns shown": tuple(view["ViewFields"]["Items"]),
                "filter": query.filter, "sort by": query.sort_by, "descending": query.descending,
                "group by": query.group_by, "rows": view["RowLimit"], "is default": view["DefaultView"],
                "formatting": view["CustomFormatter"] or "",
            })  # fmt: skip


def put(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Make a view, or change what is given of one that is there. Raises TenantError."""
    address, _, title = key.rpartition("/")
    path = list_path(site, address)
    found = _find(site, path, title)
    changes = _changes(site, path, after, found)
    if found is None:
        parameters: dict[str, Any] = {
            "__metadata": {"type": "SP.ViewCreationInformation"}, "Title": str(after.get("title", title)),
            "PersonalView": False, "Query": changes.pop("ViewQuery", ""), "RowLimit": changes.pop("RowLimit", 30),
            "Paged": True, "ViewTypeKind": 1,
            "ViewFields": {"__metadata": {"type": "Collection(Edm.String)"}, "results": after.get("columns shown", ())},
        }  # fmt: skip
        found = site.typed("POST", f"{path}/views/Add", {"parameters": parameters})["Id"]
    view = f"{path}/views(guid'{found if isinstance(found, str) else found['Id']}')"
    if changes:
        site.rest("MERGE", view, changes)
    shown = after.get("columns shown")
    if isinstance(shown, tuple):
        show(site, view, tuple(str(each) for each in shown))


def remove(site: "SiteWriter", key: str) -> None:
    """Take a view away. Raises Conflict for the one that opens first."""
    address, _, title = key.rpartition("/")
    path = list_path(site, address)
    found = _find(site, path, title)
    if found is None:
        return
    if found["DefaultView"]:
        raise Conflict(f"the view {title} opens first", hint="make another view the default one before")
    site.delete(f"{path}/views(guid'{found['Id']}')")


def _find(site: "SiteWriter", path: str, title: str) -> Any | None:
    try:
        views = site.rest("GET", f"{path}/views?{_SELECT}")["value"]
    except NotFound:
        raise NotFound(f"there is no library or list for the view {title}", hint="declare it too") from None
    return next((each for each in views if name_key(each["Title"]) == name_key(title)), None)


def _changes(site: "SiteWriter", path: str, after: Attributes, found: Any | None) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "title" in after and found is not None and found["Title"] != after["title"]:
        changes["Title"] = after["title"]
    if any(name in after for name in _QUERY):
        there = from_caml(found["ViewQuery"] or "") if found else Query()
        wanted = Query(
            filter=str(after.get("filter", there.filter) or ""),
            sort_by=str(after.get("sort by", there.sort_by) or ""),
            descending=bool(after.get("descending", there.descending)),
            group_by=str(after.get("group by", there.group_by) or ""),
        )
        changes["ViewQuery"] = to_caml(wanted, _types(site, path))
    if "rows" in after:
        changes["RowLimit"] = after["rows"]
    if "formatting" in after:
        changes["CustomFormatter"] = after["formatting"]
    if after.get("is default"):
        changes["DefaultView"] = True
    return changes


def _types(site: "SiteWriter", path: str) -> Mapping[str, str]:
    """SharePoint's types of the list's columns by internal name."""
    fields = site.rest("GET", f"{path}/fields?$select=InternalName,TypeAsString")["value"]
    return {str(each["InternalName"]): str(each["TypeAsString"]) for each in fields}
