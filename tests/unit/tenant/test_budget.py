"""What requests cost, by the page that says so; what it does not say is an assumption that can be set."""

import json

import pytest

from spmigrate.tenant.budget import BUDGETS, Budget, price
from spmigrate.tenant.site import batch

GRAPH = "https://graph.microsoft.com/v1.0"
SITE = "https://contoso.sharepoint.com/sites/Works"


@pytest.mark.parametrize(
    ("units", "method", "url"),
    [
        # one item, a download, a delta with a token
        (1, "GET", f"{GRAPH}/drives/b!x/items/01ABC"),
        (1, "GET", f"{GRAPH}/drives/b!x/items/01ABC?$select=id"),
        (1, "GET", f"{GRAPH}/drives/b!x/items/01ABC:/Report.docx?$select=id"),
        (1, "GET", f"{GRAPH}/drives/b!x/root:/Area%201/Report.docx:"),
        (1, "GET", f"{GRAPH}/drives/b!x/items/01ABC/content"),
        (1, "GET", f"{GRAPH}/drives/b!x/root/delta?token=abc"),
        (1, "GET", f"{GRAPH}/sites/contoso.sharepoint.com:/sites/Works"),
        # several, and everything that writes
        (2, "GET", f"{GRAPH}/drives/b!x/items/01ABC/children"),
        (2, "GET", f"{GRAPH}/drives/b!x/root:/Area%201:/children"),
        (2, "GET", f"{GRAPH}/drives/b!x/root/delta"),
        (2, "GET", f"{GRAPH}/sites?search=*"),
        (2, "POST", f"{GRAPH}/drives/b!x/items/01ABC/children"),
        (2, "PATCH", f"{GRAPH}/drives/b!x/items/01ABC"),
        (2, "DELETE", f"{GRAPH}/drives/b!x/items/01ABC"),
        (2, "PUT", f"{GRAPH}/drives/b!x/items/01ABC:/empty.txt:/content?@microsoft.graph.conflictBehavior=fail"),
        (2, "POST", f"{GRAPH}/drives/b!x/items/01ABC:/a.txt:/createUploadSession"),
        (2, "GET", f"{GRAPH}/groups/1/drive/root/children"),
        # anything on permissions
        (5, "GET", f"{GRAPH}/drives/b!x/items/01ABC/permissions"),
        (5, "POST", f"{GRAPH}/drives/b!x/items/01ABC/invite"),
        (5, "GET", f"{GRAPH}/drives/b!x/items/01ABC/children?%24expand=permissions"),
        (5, "POST", f"{SITE}/_api/web/lists(guid'1')/roleAssignments/addRoleAssignment(1,2)"),
        # other services
        (0, "GET", f"{GRAPH}/users?$top=999"),
        (0, "GET", f"{GRAPH}/groups/1/owners"),
        (0, "POST", "https://login.microsoftonline.com/1/oauth2/v2.0/token"),
        (0, "PUT", "https://spodata.blob.core.windows.net/container/file?sig=secret"),
        (0, "GET", "https://spodata.queue.core.windows.net/reports/messages?sig=secret"),
        # what the page has no price for
        (2, "GET", f"{SITE}/_api/web/title"),
        (2, "POST", f"{SITE}/_vti_bin/client.svc/ProcessQuery"),
        (2, "PUT", f"{SITE}/_api/v2.0/drives/b!x/items/stub/uploadSession?guid=1&tempauth=secret"),
        (1, "GET", f"{SITE}/_api/v2.0/drives/b!x/items/stub/uploadSession?guid=1&tempauth=secret"),
        (0, "GET", f"{SITE}/_layouts/15/download.aspx?UniqueId=1&tempauth=secret"),
    ],
)
def test_request_costs_what_the_page_says(units: float, method: str, url: str) -> None:
    assert price(method, url) == units


def test_requests_of_a_batch_cost_one_by_one() -> None:
    asked = batch.write_graph_batch(["/sites/1", "/drives/2/items/3/permissions", "/users/4"])
    assert price("POST", f"{GRAPH}/$batch", json.dumps(asked)) == 1 + 5 + 0
    urls = [f"{SITE}/_api/web/title", f"{SITE}/_api/web/lists", f"{SITE}/_api/web/roleassignments"]
    assert price("POST", f"{SITE}/_api/$batch", batch.write_site_batch(urls)) == 2 + 2 + 5
    assert price("POST", f"{GRAPH}/$batch", b"no JSON") == 0


def test_price_of_rest_is_an_assumption_that_can_be_set() -> None:
    assert price("GET", f"{SITE}/_api/web/title", rest=4) == 4
    assert price("GET", f"{GRAPH}/sites/1", rest=4) == 1


def test_council_may_use_3750_in_a_minute_and_3_6_million_in_a_day() -> None:
    assert BUDGETS["5001-15000"] == Budget(3_750, 3_600_000)
    assert Budget(3_750, 3_600_000).part(0.65) == Budget(2_437.5, 2_340_000)
