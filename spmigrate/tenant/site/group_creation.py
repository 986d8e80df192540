"""Making a site with a Microsoft 365 group: the group is made, and SharePoint makes the site for it."""

from typing import Any
from urllib.parse import quote, urlsplit

from spmigrate.errors import Conflict, NotFound, Refused, Unavailable
from spmigrate.tenant.contents import LANGUAGES, Attributes
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import addresses
from spmigrate.tenant.site.principals import GROUP
from spmigrate.tenant.site.waiting import Sleep, pauses

_LONGEST_WAIT = 60 * 60.0
"""Usually minutes; up to about an hour."""

_MOST_OWNERS = 10
"""Graph takes at most twenty relationships with a new group, and each owner is a member, too."""

_QUIET = ("WelcomeEmailDisabled", "HideGroupInOutlook")
_PREFERRED = {"English": "en-GB", "Welsh": "cy-GB"}


def create(tenant: Tenant, address: str, wanted: Attributes, *, sleep: Sleep) -> None:
    """Make the group and wait until its site is there. A group that a stopped run made is taken up again.

    Raises Conflict when alias or address are not free, Refused when they do not fit, Unavailable after an hour.
    """
    alias = address.rpartition("/")[2]
    given = str(wanted.get("alias") or alias)
    if given.casefold() != alias.casefold():
        raise Refused(
            f"a group with the alias {given} gets the address /sites/{given}, not {address}",
            hint="give the group the last part of the site's address as its alias",
        )
    group = _find(tenant, "groups", alias)
    if group is None:
        if _find(tenant, "directory/deletedItems/microsoft.graph.group", alias):
            hint = "restore it or delete it for good in Microsoft Entra (it is kept for 30 days), or choose another"
            raise Conflict(f"the alias {alias} is held by a deleted group", hint=hint)
        addresses.need_free(tenant, address)
        group = tenant.graph("POST", "/v1.0/groups", _body(tenant, alias, wanted))
    elif group["displayName"] != wanted["title"]:
        raise Conflict(f"the alias {alias} is taken by the group {group['displayName']}", hint="choose another address")
    _wait(tenant, str(group["id"]), address, sleep)


def _body(tenant: Tenant, alias: str, wanted: Attributes) -> dict[str, Any]:
    owners = wanted.get("owners")
    people = [each for each in owners if not each.startswith(GROUP)] if isinstance(owners, tuple) else []
    people = people or [str(wanted["owner"])]
    bound = [_person(tenant, each) for each in people[:_MOST_OWNERS]]
    language = str(wanted["language"])
    body = {
        "displayName": wanted["title"], "description": wanted.get("description") or None, "mailNickname": alias,
        "mailEnabled": True, "securityEnabled": False, "groupTypes": ["Unified"],
        "visibility": wanted.get("privacy") or "Private",
        # An owner who is no member does not see the group in Outlook and Teams.
        "owners@odata.bind": bound, "members@odata.bind": bound,
        "creationOptions": [f"SPSiteLanguage:{LANGUAGES[language]}"], "resourceBehaviorOptions": list(_QUIET),
        "preferredLanguage": _PREFERRED[language],
    }  # fmt: skip
    return {name: value for name, value in body.items() if value is not None}


def _person(tenant: Tenant, login: str) -> str:
    try:
        found = tenant.graph("GET", f"/v1.0/users/{quote(login, safe='@')}?$select=id")
    except NotFound:
        text = f"nobody signs in as {login}, who was to own the group"
        raise Refused(text, hint="correct the site's answers; a group needs an owner who is a person") from None
    return f"https://graph.microsoft.com/v1.0/users/{found['id']}"


def _find(tenant: Tenant, collection: str, alias: str) -> Any | None:
    text = quote(f"mailNickname eq '{alias.replace(chr(39), chr(39) * 2)}'", safe="")
    return next(tenant.graph_pages(f"/v1.0/{collection}?$filter={text}&$select=id,displayName"), None)


def _wait(tenant: Tenant, group: str, address: str, sleep: Sleep) -> None:
    for pause in pauses(_LONGEST_WAIT):
        try:
            site = tenant.graph("GET", f"/v1.0/groups/{group}/sites/root?$select=webUrl")
        except NotFound:
            sleep(pause)
            continue
        there = urlsplit(str(site["webUrl"])).path
        if there.casefold() != address.casefold():
            raise Refused(
                f"SharePoint made the site of the group at {there}, not at {address}",
                hint=f"delete the group, or write {there} as the site's address",
            )
        return
    raise Unavailable(f"{address} is still being made after an hour", hint="run the same command again later")
