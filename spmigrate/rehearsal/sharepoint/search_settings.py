"""What search tells its administrators: how queries are routed, what was asked for, what is promoted."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.odata.literals import parse_date
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint.access import Level, require_tenant_administrator
from spmigrate.rehearsal.sharepoint.model import Call, Node, Resource, action, function, link
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID
from spmigrate.rehearsal.sharepoint.scope import Scope

_LOG = "search.queries"
# So many of the newest queries are remembered.
_KEPT = 500
_REST = "Microsoft.Office.Server.Search.REST"
_QUERY = "Microsoft.SharePoint.Client.Search.Query"


def note_query(scope: Scope, text: str) -> None:
    """Remember what somebody searched for."""
    if text:
        entries = list(scope.store.read_value(_LOG) or [])[1 - _KEPT :]
        scope.store.write_value(_LOG, [*entries, [scope.now, scope.claims.user, text]])


class QueryLog(Resource):
    """The part of search that tells what was asked for."""

    @action("export", Level.CONTROL)
    def export(self, call: Call) -> str:
        """The queries of somebody since a moment, as comma-separated values."""
        require_tenant_administrator(self.scope)
        name, since = call.text("userName", 0), parse_date(call.text("startTime", 1))
        login = name.rpartition("|")[2].casefold()
        written = io.StringIO()
        writer = csv.writer(written)
        writer.writerow(("Date", "QueryText"))
        for at, user, text in self._entries():
            if user.casefold() == login and parse_date(at) >= since:
                writer.writerow((at, text))
        return written.getvalue()

    @action("exportpopulartenantqueries", Level.CONTROL)
    def popular_queries(self, call: Call) -> Bag:
        """What was asked for most often."""
        count = call.number("count", 0)
        if count < 1:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: count")
        asked = Counter(text.lower() for _, _, text in self._entries())
        kind = f"{_QUERY}.PopularTenantQuery"
        rows = (
            Complex(kind, {"AlwaysSuggest": False, "ClickCount": 0, "LCID": 1033, "QueryCount": times,
                           "QueryText": text, "SiteId": ZERO_GUID, "SourceId": ZERO_GUID, "WebId": ZERO_GUID})
            for text, times in asked.most_common(count)
        )  # fmt: skip
        return Bag(f"Collection({kind})", tuple(rows))

    @action("exportmanualsuggestions", Level.CONTROL)
    def manual_suggestions(self, _call: Call) -> Complex:
        """Suggestions that somebody wrote: none."""
        empty = Bag(f"Collection({_QUERY}.CustomQuerySuggestions)")
        return Complex(f"{_QUERY}.TenantCustomQuerySuggestions", {"AlwaysSuggest": empty, "NeverSuggest": empty})

    def _entries(self) -> list[tuple[str, str, str]]:
        return [(at, user, text) for at, user, text in self.scope.store.read_value(_LOG) or []]


class SearchSetting(Resource):
    """``SearchSetting``."""

    type = f"{_REST}.SearchSetting"
    feed = "SearchSettings"
    write_level = Level.READ

    @property
    def path(self) -> str:
        return self.type

    @function("getqueryconfiguration")
    def query_configuration(self, _call: Call) -> Complex:
        """Where queries go from this web."""
        return Complex(
            f"{_REST}.QueryConfiguration",
            {
                "QueryContext": self._context(),
                "QueryParameters": Complex(f"{_REST}.ExpandedQueryParameters", {"QueryParameters": None}),
                "QueryRoutingInfo": Complex(f"{_REST}.QueryRoutingInfo", {"QueryState": None}),
                "SearchEndpoints": Complex(f"{_REST}.SearchEndpoints", self._endpoints()),
            },
        )

    @function("getpromotedresultqueryrules")
    def promoted_results(self, call: Call) -> Complex:
        """What is promoted in a site collection or the tenant: nothing."""
        site = call.flag("siteCollectionLevel", 0, default=False)
        number = call.number("numberOfRules", 2, default=100)
        if number < 0 or call.number("offset", 1, default=0) < 0:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: numberOfRules")
        owner = {
            "Level": 2 if site else 0, "SiteCollectionId": self.scope.site.guid if site else ZERO_GUID,
            "SiteId": ZERO_GUID, "TenantId": self.scope.tenant.names.tenant_id,
        }  # fmt: skip
        return Complex(
            f"{_REST}.PromotedResultsOperationsResult",
            {
                "Result": Bag(f"Collection({_REST}.PromotedResultQueryRule)"),
                "SearchObjectOwner": Complex(f"{_REST}.SearchObjectOwnerResult", owner),
            },
        )

    @function("PingAdminEndpoint")
    def ping(self, _call: Call) -> bool:
        """Whether the administration of search answers."""
        return True

    def _context(self) -> Complex:
        names = self.scope.tenant.names
        values: dict[str, Any] = {
            "GroupObjectIds": Bag("Collection(Edm.String)"), "PortalUrl": f"https://{names.sharepoint}",
            "RoleIds": Bag("Collection(Edm.Guid)"), "SpSiteId": self.scope.site.guid, "SpWebId": self.scope.web.guid,
            "TenantInstanceId": names.tenant_id,
        }  # fmt: skip
        return Complex(f"{_REST}.QueryContext", values)

    def _endpoints(self) -> dict[str, object]:
        base = f"https://{self.scope.tenant.names.sharepoint}/_api/search"
        return {"AdminEndpoint": base, "AfdEndpoint": None, "Geolocation": None, "QueryContext": self._context(),
                "QueryEndpoint": base}  # fmt: skip


class SearchSettingCalls(Node):
    """Where the settings of search stand below ``_api``."""

    @link("Microsoft.Office.Server.Search.REST.SearchSetting")
    def search_setting(self) -> SearchSetting:
        """The settings of search."""
        return SearchSetting(self.scope)
