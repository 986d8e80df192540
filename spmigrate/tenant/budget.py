"""What a request costs of the app's budget, how large that budget is, and the purse that everybody pays from. Pure.

Source of the prices and limits: Microsoft, "Avoid getting throttled or blocked in SharePoint Online" (10 February
2025): resource units by Graph request, each request of a batch for itself, refused requests too; limits of an
application in a tenant by its licences. What that page has no price for is an assumption of ours, named as such.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Protocol
from urllib.parse import unquote, urlsplit

GET_ONE, ANY_OTHER, PERMISSIONS = 1.0, 2.0, 5.0
REST_UNITS = 2.0
"""A request of SharePoint REST or CSOM. Assumed: the page says only that they cost more than Graph's; it can be set."""
FRAGMENT_UNITS = 2.0
"""A fragment that is put to the address of an upload. Assumed to cost what any upload does."""

_GRAPH = "graph.microsoft.com"
# Signing in, and the storage of migration packages, which has limits of its own.
_FREE_HOSTS = re.compile(r"^login\.|\.(?:blob|queue)\.core\.", re.IGNORECASE)
# Where Graph asks SharePoint; people, groups and policies are other services with other limits.
_CONTENT = re.compile(
    r"^/+(?:v1\.0|beta)/+(?:sites|drives?|shares|search|admin/+sharepoint|me/+drives?|users/+[^/]+/+drives?"
    r"|groups/+[^/]+/+(?:drives?|sites))\b",
    re.IGNORECASE,
)
_ON_PERMISSIONS = re.compile(r"/(?:permissions|invite|createLink|shareLink|roleAssignments)\b", re.IGNORECASE)
_WITH_PERMISSIONS = re.compile(r"expand=[^&]*permissions", re.IGNORECASE)
_ONE_ITEM = re.compile(r"/(?:content|items/[^/:]+|root|drives/[^/]+|sites/[^/]+)$|^[^:]*:/[^:]+:?$", re.IGNORECASE)
_BATCHED = re.compile(rb"^(GET|POST|PUT|PATCH|DELETE|MERGE) (https?://\S+) HTTP/1\.1\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Budget:
    """What an application may use in a tenant, in resource units, in any minute and in any 24 hours."""

    minute: float
    day: float

    def part(self, share: float) -> "Budget":
        """So much of it, from 0 to 1."""
        return Budget(self.minute * share, self.day * share)


BUDGETS: Mapping[str, Budget] = {
    "0-1000": Budget(1_250, 1_200_000),
    "1001-5000": Budget(2_500, 2_400_000),
    "5001-15000": Budget(3_750, 3_600_000),
    "15001-50000": Budget(5_000, 4_800_000),
    "50000+": Budget(6_250, 6_000_000),
}
"""The budget of one application by the licences that the tenant has."""
COUNCIL = "5001-15000"
ENDLESS = Budget(inf, inf)


class Purse(Protocol):
    """The budget of an app id, shared by every program that uses it. Safe between threads.

    `now` is the sender's own clock, in seconds; only differences of it count.
    """

    def take(self, units: float, now: float) -> float:
        """Pay for a request before it is sent: 0.0 when it may go, else how many seconds later to ask again.

        What was let go occupies one of the requests that may be on their way at once, until `done`.
        """

    def done(self) -> None:
        """A request that was let go has ended, however it ended."""

    def refused(self, seconds: float) -> None:
        """The service asked to wait: nobody sends anything for so long, and fewer requests go at once afterwards."""

    def told(self, remaining: float, seconds: float) -> None:
        """The service says how many units are left for how many seconds."""

    def close(self) -> None:
        """Return what was reserved and not spent."""


def price(method: str, url: str, body: object = None, *, rest: float = REST_UNITS) -> float:
    """The resource units of a request; 0 for what does not count against the app's budget in SharePoint.

    The requests of a `$batch` are priced one by one, from its body. `rest` is what one of SharePoint REST is taken to
    cost.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _FREE_HOSTS.search(host):
        return 0.0
    if parts.path.lower().endswith("/$batch"):
        return sum(price(each, inner, rest=rest) for each, inner in _batched(host, body))
    query = unquote(parts.query)
    if host == _GRAPH:
        return _graph_price(method, unquote(parts.path), query)
    if "/uploadsession" in parts.path.lower():
        return GET_ONE if method in ("GET", "HEAD") else FRAGMENT_UNITS
    if "/_layouts/15/download.aspx" in parts.path.lower():
        return 0.0  # `content`, which led here, has paid
    if _ON_PERMISSIONS.search(parts.path) or _WITH_PERMISSIONS.search(query):
        return max(PERMISSIONS, rest)
    return rest


def _graph_price(method: str, path: str, query: str) -> float:
    if not _CONTENT.match(path):
        return 0.0
    if _ON_PERMISSIONS.search(path) or _WITH_PERMISSIONS.search(query):
        return PERMISSIONS
    if method not in ("GET", "HEAD"):
        return ANY_OTHER
    if "/delta" in path:
        return GET_ONE if "token=" in query else ANY_OTHER
    return GET_ONE if _ONE_ITEM.search(path) else ANY_OTHER


def _batched(host: str, body: object) -> list[tuple[str, str]]:
    """Method and address of each request within a batch."""
    if isinstance(body, str):
        body = body.encode()
    if not isinstance(body, bytes):
        return []
    if host != _GRAPH:
        return [(method.decode(), url.decode("ascii", "replace")) for method, url in _BATCHED.findall(body)]
    try:
        requests = json.loads(body)["requests"]
        return [(str(each["method"]), f"https://{_GRAPH}/v1.0/{str(each['url']).lstrip('/')}") for each in requests]
    except (ValueError, LookupError, TypeError):
        return []
