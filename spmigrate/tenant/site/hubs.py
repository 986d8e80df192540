"""Hubs: whether a site is one, how it is described and who may join it, and which hub a site belongs to."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from spmigrate.errors import NotFound, Refused
from spmigrate.tenant import csom
from spmigrate.tenant.contents import Attributes, Kind, Part
from spmigrate.tenant.link_address import plain_address
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import principals
from spmigrate.tenant.site.question import NO_ID, Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_MINIMAL = {"Accept": "application/json;odata=minimalmetadata"}
"""Answers with their etag, which a change of a hub's parent must name."""

_WORDS: Mapping[str, str] = {
    "title": "Title", "description": "Description", "logo": "LogoUrl", "approval": "RequiresJoinApproval",
}  # fmt: skip


def _of_a_hub(answers: Answers) -> Mapping[str, str]:
    return {"": f"HubSites/GetById('{answers.site_id}')"} if answers["site"]["IsHubSite"] else {}


def _of_its_joiners(answers: Answers) -> Mapping[str, str]:
    asked = answers["site"]["IsHubSite"] and answers.says(Kind.HUB, "", "who may join")
    return {"": answers.site_id} if asked else {}


QUESTIONS = (
    Question("hub", Service.SITE, _of_a_hub, round=2, kinds=frozenset({Kind.HUB})),
    Question("hub rights", Service.HUB, _of_its_joiners, round=2, kinds=frozenset({Kind.HUB}), optional=True),
)


def hub_addresses(tenant: Tenant) -> dict[str, str]:
    """The hubs of the tenant: address of the site by hub id, the id in lower case."""
    found = tenant.rest("GET", "/_api/HubSites?$select=ID,SiteUrl")["value"]
    return {str(hub["ID"]).casefold(): urlsplit(hub["SiteUrl"]).path for hub in found}


def parts(answers: Answers) -> Iterator[Part]:
    """Whether the site is a hub, with what it says of itself; or joined to one."""
    site = answers["site"]
    joined = str(site["HubSiteId"] or NO_ID).strip("{}").casefold()
    if site["IsHubSite"]:
        yield Part(Kind.HUB, "", "", _describe(answers))
    elif joined != NO_ID:
        yield Part(Kind.HUB_MEMBERSHIP, "", "", {"hub": answers.hubs.get(joined, joined)})


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Make the site a hub, describe it, say who may join, and put it below another hub.

    Raises Refused for a site that belongs to a hub, NotFound for a parent that is none, TenantError.
    """
    _register(site)
    changes = {_WORDS[word]: _text(site, word, value) for word, value in after.items() if word in _WORDS}
    if changes:
        _as_administrator(site, csom.set_hub(site.site_id, changes))
    if "who may join" in after:
        _let_join(site, after["who may join"])
    if "parent" in after:
        _put_below(site, str(after["parent"] or ""))


def put_membership(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Join the site to a hub, leaving the one that it belongs to. Raises NotFound when there is no hub, Refused."""
    _join(site, _hub_id(site.tenant, str(after["hub"])))


def remove_membership(site: "SiteWriter", _key: str) -> None:
    """Take the site out of its hub. Raises TenantError."""
    if _state(site)[1] != NO_ID:
        _join(site, NO_ID)


def _describe(answers: Answers) -> dict[str, str | bool | tuple[str, ...]]:
    hub = answers.get("hub")
    if not hub:
        return {}
    parent = str(hub.get("ParentHubSiteId") or NO_ID).strip("{}").casefold()
    found: dict[str, str | bool | tuple[str, ...]] = {
        "title": hub["Title"] or "", "description": hub["Description"] or "",
        "logo": plain_address(hub["LogoUrl"] or "", answers.host), "approval": hub["RequiresJoinApproval"],
        "parent": "" if parent == NO_ID else answers.hubs.get(parent, parent),
    }  # fmt: skip
    rights = answers.get("hub rights")
    return found | ({"who may join": tuple(sorted(_joiners(rights)))} if rights else {})


def _joiners(rights: Mapping[str, Any]) -> dict[str, str]:
    """Those who may join sites, and how the hub names each; nobody named is everybody."""
    found: dict[str, str] = {}
    for each in rights["Permissions"] or ():
        name = str(each["PrincipalName"])
        word = principals.word_of({"LoginName": name, "Title": each.get("DisplayName")}) or name.rsplit("|", 1)[-1]
        found[word if word.startswith(principals.GROUP) else word.lower()] = name
    return found


def _register(site: "SiteWriter") -> None:
    is_hub, joined = _state(site)
    if is_hub:
        return
    if joined != NO_ID:
        hub = hub_addresses(site.tenant).get(joined, joined)
        hint = f"take it out of that hub first; its own place among hubs is said with parent: {hub}"
        raise Refused(f"{site.address} belongs to the hub {hub}, so it cannot become one", hint=hint)
    site.rest("POST", "site/RegisterHubSite")


def _state(site: "SiteWriter") -> tuple[bool, str]:
    """Whether the site is a hub, and the id of the hub that it is joined to."""
    found = site.rest("GET", "site?$select=IsHubSite,HubSiteId")
    return bool(found["IsHubSite"]), str(found["HubSiteId"] or NO_ID).strip("{}").casefold()


def _text(site: "SiteWriter", word: str, value: object) -> csom.Setting:
    if isinstance(value, bool):
        return value
    text = str(value or "")
    return site.tenant.settings.sharepoint + text if word == "logo" and text.startswith("/") else text


def _let_join(site: "SiteWriter", wanted: object) -> None:
    names = {each.casefold(): each for each in wanted} if isinstance(wanted, tuple) else {}
    present = _joining(site)
    # Granting comes first: with nobody named for a moment, everybody might join.
    grant = [_principal(site.tenant, each) for name, each in sorted(names.items()) if name not in present]
    revoke = [each for name, each in sorted(present.items()) if name not in names]
    if grant or revoke:
        _as_administrator(site, csom.set_joiners(site.url, grant=grant, revoke=revoke))
    left = names.keys() ^ _joining(site).keys()
    if left:
        raise Refused(f"SharePoint did not take who may join: {', '.join(sorted(left))}", hint="check their names")


def _principal(tenant: Tenant, login: str) -> str:
    """How a hub is told of somebody: a person by the sign-in name, a group by its claim. Raises NotFound."""
    return principals.claim_of(tenant, login) if login.casefold().startswith(principals.GROUP) else login


def _joining(site: "SiteWriter") -> dict[str, str]:
    return {word.casefold(): name for word, name in _joiners(csom.read_hub(site.tenant, site.site_id)).items()}


def _put_below(site: "SiteWriter", parent: str) -> None:
    """Put the hub below another, or below none; SharePoint passes over a parent that is no hub without a word."""
    wanted = _hub_id(site.tenant, parent) if parent else NO_ID
    url = f"{site.tenant.settings.admin}/_api/HubSites/GetById('{site.site_id}')"
    hub = site.tenant.rest("GET", url, headers=_MINIMAL)
    if _parent(hub) == wanted:
        return
    etag = {"If-Match": str(hub.get("odata.etag") or "*")}
    site.tenant.rest("PATCH", url, {"ParentHubSiteId": wanted}, headers=etag)
    if _parent(site.tenant.rest("GET", url)) != wanted:
        raise Refused(
            f"SharePoint did not put the hub below {parent or 'none'}",
            hint="hubs may be three levels deep at most, and none below itself",
        )


def _parent(hub: Mapping[str, Any]) -> str:
    return str(hub.get("ParentHubSiteId") or NO_ID).strip("{}").casefold()


def _hub_id(tenant: Tenant, address: str) -> str:
    """The id of the hub at an address. Raises NotFound."""
    for hub, found in hub_addresses(tenant).items():
        if found.casefold() == address.casefold():
            return hub
    raise NotFound(f"{address} is not a hub", hint=f"make it one first: spmigrate site apply {address}")


def _join(site: "SiteWriter", hub: str) -> None:
    site.rest("POST", f"site/JoinHubSite('{hub}')", repeatable=True)
    if _state(site)[1] != hub:
        raise Refused(
            f"SharePoint did not take {site.address} into the hub",
            hint="joining may need a yes from the hub's owners, or the right to join: see who may join it",
        )


def _as_administrator(site: "SiteWriter", request: bytes) -> None:
    csom.run(site.tenant, site.tenant.settings.admin, request)
