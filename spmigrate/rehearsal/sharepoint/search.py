"""SharePoint search: `_api/search/query`, `postquery` and `suggest`, over what the sites hold now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from spmigrate.rehearsal.odata.errors import ODataError, invalid_query, not_built
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.search_index import PROPERTIES, Found, Hit, search
from spmigrate.rehearsal.search_kql import Beyond, Malformed, parse
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Node, Result, action, function, link
from spmigrate.rehearsal.sharepoint.properties import plain
from spmigrate.rehearsal.sharepoint.search_settings import QueryLog, SearchSettingCalls, note_query

_KEY = "SP.KeyValue"
_MALFORMED = "Microsoft.Office.Server.Search.Query.QueryMalformedException"
# Source: Microsoft's limits of search: 500 rows an answer.
MOST_ROWS = 500
_USUAL_ROWS = 10
_USUAL_SUGGESTIONS = 5
# What an answer holds when nothing was selected, and what it holds besides in any case.
_USUAL_NAMES = (
    "Rank DocId WorkId Title Author Size Path Description Write HitHighlightedSummary contentclass FileExtension"
    " ContentTypeId ParentLink ViewsLifeTime ViewsRecent SiteName IsDocument LastModifiedTime FileType IsContainer"
    " WebTemplate SecondaryFileExtension OriginalPath EditorOWSUSER DisplayAuthor"
)
_ALWAYS = ("OriginalPath",)
_LAST = {"PartitionId": "0", "UrlZone": "0", "Culture": "en-US", "ResultTypeId": "0", "RenderTemplateId":
         "~sitecollection/_catalogs/masterpage/Display Templates/Search/Item_Default.js"}  # fmt: skip
_KNOWN = {each.lower(): each for each in PROPERTIES}
_EDM = {"Size": "Edm.Int64", "Rank": "Edm.Double", "DocId": "Edm.Int64", "WorkId": "Edm.Int64",
        "Write": "Edm.DateTime", "LastModifiedTime": "Edm.DateTime", "Created": "Edm.DateTime",
        "ViewsLifeTime": "Edm.Int64", "ViewsRecent": "Edm.Int64", "ListItemID": "Edm.Int64"}  # fmt: skip
_RANK = 16.8
# Names in templates are read without regard to case.
_TERMS = re.compile(r"\{searchterms\}", re.IGNORECASE)
# The one place that results come from: everything in SharePoint.
_LOCAL_RESULTS = "8413cd39-2156-4e00-b54d-11efd9abdb89"


class SearchService(QueryLog):
    """Search."""

    type = "Microsoft.Office.Server.Search.REST.SearchService"
    write_level = Level.READ

    @property
    def path(self) -> str:
        return "search"

    @function("query")
    def query(self, call: Call) -> Result:
        """A search whose request stands in the address."""
        given: dict[str, Any] = {}
        for name in ("querytext", "queryTemplate", "rowlimit", "startrow", "selectproperties", "sortlist", "refiners",
                     "refinementfilters", "sourceid", "rowsperpage"):  # fmt: skip
            value = call.value(name, default=None)
            if value is not None:
                given[name.lower()] = value
        return Result("query", self._answer(given))

    @action("postquery", Level.READ)
    def post_query(self, call: Call) -> Result:
        """A search whose request stands in the body."""
        request = plain(call.value("request"))
        if not isinstance(request, Mapping):
            raise invalid_query("The search request is malformed.")
        return Result("postquery", self._answer({name.lower(): value for name, value in request.items()}))

    @function("suggest")
    def suggest(self, call: Call) -> Result:
        """Titles that go on from what was typed."""
        typed = str(call.value("querytext", default="") or "").lower()
        count = call.number("inumberofquerysuggestions", default=_USUAL_SUGGESTIONS)
        found = self._find(f"title:{typed}*" if typed else "", 0, MOST_ROWS, ()).hits if typed else ()
        titles = [title for title in dict.fromkeys(str(hit.values.get("Title", "")) for hit in found) if title]
        queries = [
            Complex("Microsoft.Office.Server.Search.REST.QuerySuggestionQuery", {"IsPersonal": False, "Query": title})
            for title in titles[:count]
        ]
        kind = "Collection(Microsoft.Office.Server.Search.REST.QuerySuggestionQuery)"
        empty = "Collection(Microsoft.Office.Server.Search.REST.PersonalResultSuggestion)"
        values = {"PeopleNames": Bag("Collection(Edm.String)"), "PersonalResults": Bag(empty),
                  "PopularResults": None, "Queries": Bag(kind, tuple(queries))}  # fmt: skip
        return Result("suggest", Complex("Microsoft.Office.Server.Search.REST.QuerySuggestionResults", values))

    @function("searchCenterUrl")
    def search_center(self, _call: Call) -> str:
        """The address of the search centre; there is none."""
        return ""

    @function("resultsPageAddress")
    def results_page(self, _call: Call) -> str:
        """The address of the page of results."""
        return ""

    def _answer(self, request: Mapping[str, Any]) -> Complex:
        for name in ("refiners", "refinementfilters"):
            if request.get(name):
                raise not_built("search", name)
        source = str(request.get("sourceid") or _LOCAL_RESULTS).strip("{}").lower()
        if source not in (_LOCAL_RESULTS, "00000000-0000-0000-0000-000000000000"):
            raise not_built("search", f"the result source {source}")
        text = str(request.get("querytext") or "")
        template = str(request.get("querytemplate") or "{searchTerms}")
        start = _number(request.get("startrow"), 0)
        rows = min(_number(request.get("rowlimit"), _USUAL_ROWS), MOST_ROWS)
        asked = _TERMS.sub(lambda _: text, template)
        note_query(self.scope, text)
        found = self._find(asked, start, rows, _order(request.get("sortlist")))
        return _show(found, _names(request.get("selectproperties")), start=start, query=text)

    def _find(self, text: str, start: int, rows: int, order: tuple[tuple[str, bool], ...]) -> Found:
        try:
            return search(self.scope.tenant, self.scope.claims, parse(text), start=start, rows=rows, order=order)
        except Malformed:
            message = "The query is malformed. Please rephrase your query."
            raise ODataError(500, f"-2147467259, {_MALFORMED}", message) from None
        except Beyond as beyond:
            raise not_built("search", f"'{beyond}'") from None


class SearchCalls(SearchSettingCalls, Node):
    """Where search stands below ``_api``."""

    @link("search")
    @link("Microsoft.Office.Server.Search.REST.SearchService")
    def search(self) -> SearchService:
        """Search."""
        return SearchService(self.scope)


def _number(value: object, usual: int) -> int:
    try:
        return usual if value in (None, "") else max(int(str(value)), 0)
    except ValueError:
        raise invalid_query(f'The expression "{value}" is not valid.') from None


def _names(value: object) -> list[str]:
    """The selected properties: a list, or a text with commas between."""
    names = value if isinstance(value, list) else str(value or "").split(",")
    return [str(each).strip() for each in names if str(each).strip()]


def _order(value: object) -> tuple[tuple[str, bool], ...]:
    """The order: `[{"Property", "Direction"}]` (0 up, 1 down), or `Size:descending,Write:ascending`."""
    if isinstance(value, list):
        pairs = [(str(each.get("Property", "")), str(each.get("Direction", "0"))) for each in value if each]
        return tuple((name, direction.lower() in ("1", "descending")) for name, direction in pairs)
    parts = [part.partition(":") for part in str(value or "").split(",") if part.strip()]
    # `[DocId]` is how Microsoft writes the number of a document in an order.
    return tuple((name.strip(" []"), direction.strip().lower() == "descending") for name, _, direction in parts)


def _show(found: Found, selected: list[str], *, start: int, query: str) -> Complex:
    rows = tuple(
        Complex("SP.SimpleDataRow", {"Cells": Bag(f"Collection({_KEY})", tuple(_cells(hit, selected)))})
        for hit in found.hits
    )
    marks = {"RowLimit": str(len(rows)), "SourceId": _LOCAL_RESULTS, "StartRecord": str(start),
             "IsLastBlockInSubstrate": "true", "IsFirstPinnedResultBlock": "false",
             "IsLastPinnedResultBlock": "false", "IsFirstRankedResultBlock": "true"}  # fmt: skip
    relevant = {
        "GroupTemplateId": None, "ItemTemplateId": None, "Properties": _pairs(marks), "ResultTitle": None,
        "ResultTitleUrl": None, "RowCount": len(rows),
        "Table": Complex("SP.SimpleDataTable", {"Rows": Bag("Collection(SP.SimpleDataRow)", rows)}),
        "TotalRows": found.total, "TotalRowsIncludingDuplicates": found.total,
    }  # fmt: skip
    primary = {
        "CustomResults": Bag("Collection(Microsoft.Office.Server.Search.REST.CustomResult)"),
        "QueryId": str(uuid5(NAMESPACE_URL, query)), "QueryRuleId": "00000000-0000-0000-0000-000000000000",
        "RefinementResults": None,
        "RelevantResults": Complex("Microsoft.Office.Server.Search.REST.RelevantResults", relevant),
        "SpecialTermResults": None,
    }  # fmt: skip
    values = {
        "ElapsedTime": 41,
        "PrimaryQueryResult": Complex("Microsoft.Office.Server.Search.REST.QueryResult", primary),
        "Properties": _pairs({"RowLimit": str(MOST_ROWS), "SourceId": _LOCAL_RESULTS, "SerializedQuery": query}),
        "SecondaryQueryResults": Bag("Collection(Microsoft.Office.Server.Search.REST.QueryResult)"),
        "SpellingSuggestion": "",
        "TriggeredRules": Bag("Collection(Edm.Guid)"),
    }
    return Complex("Microsoft.Office.Server.Search.REST.SearchResult", values)


def _cells(hit: Hit, selected: list[str]) -> list[Complex]:
    names = ["Rank", "DocId", *selected, *_ALWAYS] if selected else _USUAL_NAMES.split()
    cells: dict[str, Complex] = {}
    for name in names:
        known = _KNOWN.get(name.lower(), name)
        value = hit.values.get(known, _RANK if known == "Rank" else None)
        kind = "Null" if value is None else _EDM.get(known, "Edm.String")
        cells.setdefault(name, _pair(name, _text(value), kind))
    for name, value in _LAST.items():
        cells.setdefault(name, _pair(name, value, "Edm.String"))
    return list(cells.values())


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None if value is None else ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _pairs(values: Mapping[str, str]) -> Bag:
    return Bag(f"Collection({_KEY})", tuple(_pair(name, value, "Edm.String") for name, value in values.items()))


def _pair(key: str, value: str | None, kind: str) -> Complex:
    return Complex(_KEY, {"Key": key, "Value": value, "ValueType": kind})
