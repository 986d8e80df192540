"""The team of a site's Microsoft 365 group, and its channels. Microsoft Teams learns of a new group late."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from spmigrate.errors import Conflict, NotFound, Unavailable
from spmigrate.tenant.contents import Attributes, Kind, Part, name_key, word_for
from spmigrate.tenant.site.group import require_group
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

QUESTIONS = (
    Question(
        "team", Service.GRAPH, "teams/{group_id}?$select=id,displayName", round=2,
        kinds=frozenset({Kind.TEAM}), optional=True,
    ),
    Question(
        "channels", Service.GRAPH, "teams/{group_id}/channels?$select=id,displayName,description,membershipType",
        round=2, kinds=frozenset({Kind.CHANNEL}), optional=True,
    ),
)  # fmt: skip
PRIVACY: Mapping[str, str] = {"Standard": "standard", "Private": "private", "Shared": "shared"}
"""membershipType of a channel."""

_LONGEST_WAIT = 15 * 60.0
"""Seconds that a new group may take to be known to Teams. Source: Microsoft Graph, "Create team from group"."""
_FIRST_PAUSE, _LONGEST_PAUSE = 10.0, 60.0


def parts(answers: Answers) -> Iterator[Part]:
    """The team with its channels, if the group has become one."""
    team = answers.get("team")
    if team:
        yield Part(Kind.TEAM, "", "", {"name": team["displayName"]})
    for each in answers.values("channels"):
        name = str(each["displayName"])
        yield Part(Kind.CHANNEL, name_key(name), name, {
            "name": name, "description": each.get("description") or "",
            "privacy": word_for(PRIVACY, each.get("membershipType") or "standard"),
        })  # fmt: skip


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Make a team of the group, or rename the team. Raises Unavailable when Teams does not learn of the group."""
    group = quote(require_group(site))
    found = _find_team(site, group)
    if found is None:
        _create(site, group)
        found = _find_team(site, group) or {}
    if "name" in after and found.get("displayName") != after["name"]:
        site.tenant.graph("PATCH", f"/v1.0/teams/{group}", {"displayName": after["name"]}, repeatable=True)


def put_channel(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Make a channel, or describe the one of this name. A private one belongs to the group's first owner at first.

    Raises TenantError.
    """
    path = f"/v1.0/teams/{quote(require_group(site))}/channels"
    found = next((each for each in site.tenant.graph_pages(path) if name_key(each["displayName"]) == key), None)
    if found is None:
        site.tenant.graph("POST", path, _channel(site, after))
    elif "description" in after and (found.get("description") or "") != after["description"]:
        body = {"description": after["description"]}
        site.tenant.graph("PATCH", f"{path}/{quote(str(found['id']))}", body, repeatable=True)


def _channel(site: "SiteWriter", after: Attributes) -> dict[str, object]:
    privacy = PRIVACY[str(after.get("privacy", "Standard"))]
    body: dict[str, object] = {
        "displayName": after["name"], "description": after.get("description") or "", "membershipType": privacy,
    }  # fmt: skip
    if privacy != "standard":
        owners = list(site.tenant.graph_pages(f"/v1.0/groups/{quote(site.group_id)}/owners?$select=id"))
        if not owners:
            raise NotFound("the group has no owner to whom a private channel could belong", hint="give it two owners")
        body["members"] = [{
            "@odata.type": "#microsoft.graph.aadUserConversationMember", "roles": ["owner"],
            "user@odata.bind": f"https://graph.microsoft.com/v1.0/users('{owners[0]['id']}')",
        }]  # fmt: skip
    return body


def _find_team(site: "SiteWriter", group: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = site.tenant.graph("GET", f"/v1.0/teams/{group}?$select=id,displayName")
    except NotFound:
        return None
    return found


def _create(site: "SiteWriter", group: str) -> None:
    """Ask for the team until Teams knows the group; one that was made by an earlier, interrupted try is adopted."""
    pause, waited = _FIRST_PAUSE, 0.0
    while True:
        try:
            site.tenant.graph("PUT", f"/v1.0/groups/{group}/team", {}, repeatable=True)
        except Conflict:
            return
        except NotFound as error:
            if waited >= _LONGEST_WAIT:
                hint = "see that the group has an owner, then run the same command again later"
                raise Unavailable(f"Teams does not know the group yet: {error.message}", hint=hint) from None
            site.sleep(pause)
            waited += pause
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            return
