"""What requests are to the limits: their price in resource units, and of which special kinds they are."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_DECORATION = re.compile(r"(^|[\s;,(])(NON)?ISV\|[^|]+\|[^|\s]+", re.IGNORECASE)
_PERMISSIONS = re.compile(
    r"/(permissions|invite|createlink|sharelink|roleassignments)\b|expand=[^&]*permissions", re.IGNORECASE
)
_ONE_ITEM = re.compile(r"/(content|items/[^/:]+|root|drives/[^/]+|sites/[^/]+)$", re.IGNORECASE)
# Where Graph answers from SharePoint; its directory has limits of other services.
_CONTENT = re.compile(
    r"/+(v1\.0|beta)/+(sites|drives?|shares|search|admin/+sharepoint|me/+drives?|users/+[^/]+/+drives?"
    r"|groups/+[^/]+/+(drives?|sites))\b",
    re.IGNORECASE,
)
_SEARCH = re.compile(r"/_api/+search/|/search/query$|/search\(", re.IGNORECASE)
_SHARES = re.compile(
    r"/(invite|createlink|sharelink|unsharelink|unshareobject|updatesharinginformation|createanonymouslink\w*"
    r"|createsharinglink|sp\.web\.shareobject|shareobject|permissions(/[^/]+)?(/grant)?)$",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"/sp\.userprofiles\.peoplemanager", re.IGNORECASE)
_LABELS = re.compile(r"/assignsensitivitylabel$", re.IGNORECASE)
# Microsoft does not say which request its "delegation token request" is; this is the one by which a page asks
# SharePoint for a token on behalf of the person who is looking at it.
_DELEGATION = re.compile(r"/sp\.oauth\.token/acquire\b", re.IGNORECASE)
_INVITE = re.compile(r"/invite$", re.IGNORECASE)
# The site collection in the identifier of a drive, or of a site.
_SITE = re.compile(r"/(?:drives/b!([\w-]{21})|sites/[^/,]+,([0-9a-f-]{36}),)", re.IGNORECASE)
# What a fragment costs that comes to an upload address. The table has no price for it; the session's beginning has paid
# 2, and a fragment is taken to cost what any other upload does.
FRAGMENT_UNITS = 2
# What a download costs at an address that was listed; where `content` led to it, `content` has paid.
DOWNLOAD_UNITS = 1


@dataclass(frozen=True, slots=True)
class Call:
    """What a request is to the limits: its price, who sends it, and of which special kinds it is. `mails` are the
    invitations that it sends to people outside, from `site`."""

    units: int
    user: str = ""
    decorated: bool = True
    search: bool = False
    sharing: bool = False
    people: bool = False
    labels: bool = False
    delegation: bool = False
    mails: int = 0
    site: str = ""


def describe_call(
    method: str, path: str, query: str, *, sharepoint: bool, user: str = "", user_agent: str = ""
) -> Call:
    """What a request is to the limits."""
    writes = method not in ("GET", "HEAD")
    return Call(
        units=resource_units(method, path, query, sharepoint=sharepoint),
        user=user,
        decorated=_DECORATION.search(user_agent) is not None,
        search=_SEARCH.search(path) is not None,
        sharing=writes and _SHARES.search(path) is not None,
        people=sharepoint and _PEOPLE.search(path) is not None,
        labels=writes and _LABELS.search(path) is not None,
        delegation=_DELEGATION.search(path) is not None,
    )


def count_mails(path: str, body: bytes, domain: str) -> tuple[int, str]:
    """How many people outside a tenant's domain an invitation is sent to, and from which site collection."""
    if not _INVITE.search(path):
        return 0, ""
    try:
        content = json.loads(body)
        outside = [each for each in content["recipients"] if not str(each["email"]).lower().endswith("@" + domain)]
    except (ValueError, TypeError, KeyError):
        return 0, ""
    site = _SITE.search(path)
    return len(outside) if content.get("sendInvitation") else 0, (site[1] or site[2]) if site else ""


def resource_units(method: str, path: str, query: str, *, sharepoint: bool) -> int:
    """What a request costs: 1 for one item, a download or a delta with token, 5 for permissions, else 2; what Graph
    does not ask SharePoint for costs nothing. The calls of a batch are charged one by one, the batch itself is not.

    SharePoint REST has no published price; 2 is charged for it, as for the dearer Graph requests.
    """
    if path.lower().endswith("/$batch") or not (sharepoint or _CONTENT.match(path)):
        return 0
    if _PERMISSIONS.search(path) or _PERMISSIONS.search(query):
        return 5
    if sharepoint or method != "GET":
        return 2
    if "/delta" in path:
        return 1 if "token=" in query else 2
    return 1 if _ONE_ITEM.search(path) else 2
