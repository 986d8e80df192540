"""Making a site, and waiting until SharePoint has furnished it.

A site with a Microsoft 365 group is made with its group, through Graph: SharePoint refuses an app that asks for both.
Sources: the states of `SPSiteManager` (0 not found, 1 provisioning, 2 ready, 3 error, 4 exists already) and
`IsProvisioningComplete`, which turns true when the default lists and pages are there.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from spmigrate.errors import Conflict, NotFound, Refused, Unavailable
from spmigrate.tenant.contents import LANGUAGES, SITE_TYPES, TIME_ZONES, Attributes
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import addresses, group_creation
from spmigrate.tenant.site.waiting import Sleep, pauses

BLANK = "Blank"
DESIGNS: Mapping[str, str] = {
    "Topic": "96c933ac-3698-44c7-9f4a-5fd17d71af9e",
    "Showcase": "6142d2a0-63a5-4ba0-aede-d9fefca2c767",
    BLANK: "f6cc5403-0d63-442e-96c0-285923709ffc",
}
"""Designs of a communication site (Microsoft Learn: creating a SharePoint site with REST). A blank one has no sample
content: nothing has to be removed afterwards."""

_NO_DESIGN = "00000000-0000-0000-0000-000000000000"
_PROVISIONING, _READY, _ERROR, _EXISTS = 1, 2, 3, 4
_LONGEST_WAIT = 20 * 60.0

COMMUNICATION_SITE = "Communication site"
GROUP_SITE = "Team site with Microsoft 365 group"


def create(tenant: Tenant, address: str, wanted: Attributes, *, sleep: Sleep) -> None:
    """Make the site and wait until it can be written to.

    `wanted` are the attributes of the site; for one with a group also `privacy` and `owners`, as far as they are known.
    Raises Conflict when the address is not free, Refused when SharePoint cannot make the site, Unavailable when it is
    not there after twenty minutes.
    """
    if wanted["type"] == GROUP_SITE:
        group_creation.create(tenant, address, wanted, sleep=sleep)
    else:
        _create(tenant, address, wanted, sleep=sleep)
    wait_until_ready(tenant, address, sleep=sleep)


def _create(tenant: Tenant, address: str, wanted: Attributes, *, sleep: Sleep) -> None:
    url = tenant.settings.sharepoint + address
    # A run that was stopped may have asked for it: a site that is still being made is waited for.
    status = _status(tenant, url)
    if status != _PROVISIONING:
        addresses.need_free(tenant, address)
        status = _request(tenant, url, wanted)
    if status == _EXISTS:
        hint = "plan again if the site is there; it may also be a deleted one: look in the admin centre"
        raise Conflict(f"{address} is taken", hint=hint)
    for pause in pauses(_LONGEST_WAIT):
        if status == _READY:
            return
        if status == _ERROR:
            raise Refused(
                f"SharePoint could not make {address}",
                hint="most often the address is held by a deleted site, or the first owner does not exist",
            )
        sleep(pause)
        status = _status(tenant, url)
    text = f"{address} is still being made after twenty minutes"
    raise Unavailable(text, hint="run the same command again later")


def wait_until_ready(tenant: Tenant, address: str, *, sleep: Sleep) -> None:
    """Wait until the site is furnished: its groups exist and its default lists are there.

    A few sites never say that they are; after twenty minutes those with groups are written to as they are. A site that
    was just made may not be found for a moment. Raises Unavailable when there are no groups even then.
    """
    url = f"{tenant.settings.sharepoint}{address}/_api/web"
    question = "?$select=IsProvisioningComplete,AssociatedOwnerGroup/Id&$expand=AssociatedOwnerGroup"
    has_groups = False
    for pause in pauses(_LONGEST_WAIT):
        try:
            web = tenant.rest("GET", url + question)
        except NotFound:
            web = {}
        has_groups = bool(web.get("AssociatedOwnerGroup"))
        if has_groups and web["IsProvisioningComplete"]:
            return
        sleep(pause)
    if not has_groups:
        text = f"{address} is still being furnished after twenty minutes"
        raise Unavailable(text, hint="run the same command again later")


def request_of(url: str, wanted: Attributes) -> dict[str, object]:
    """What SharePoint is asked for, to make a site without a group. Pure."""
    kind = str(wanted["type"])
    return {
        "Title": wanted["title"],
        "Url": url,
        "Description": wanted["description"],
        "Owner": wanted["owner"],
        "Lcid": LANGUAGES[str(wanted["language"])],
        "TimeZoneId": TIME_ZONES[str(wanted.get("time zone", "London"))],
        "WebTemplate": SITE_TYPES[kind],
        "SiteDesignId": DESIGNS[str(wanted.get("design") or BLANK)] if kind == COMMUNICATION_SITE else _NO_DESIGN,
        "ShareByEmailEnabled": False,
    }


def _request(tenant: Tenant, url: str, wanted: Attributes) -> int:
    """Ask for the site. Raw, because the library's answer loses the status of an address that is taken."""
    answer: Any = tenant.rest("POST", "/_api/SPSiteManager/create", {"request": request_of(url, wanted)})
    return int(answer["SiteStatus"])


def _status(tenant: Tenant, url: str) -> int:
    # Raw, because the library sends a GET with a body here and does not encode the address.
    answer: Any = tenant.rest("GET", f"/_api/SPSiteManager/status?url='{quote(url, safe='')}'")
    return int(answer["SiteStatus"])
