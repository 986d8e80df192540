"""What the app must be permitted to make the changes of a plan, compared with what its tokens say. Pure."""

from collections.abc import Collection, Iterator, Mapping

from spmigrate.errors import Problem
from spmigrate.plan.change import Change
from spmigrate.plan.roles import GROUP_SITE
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.permissions import MICROSOFT_GRAPH, SHAREPOINT, Need, missing

_SITES = Need(SHAREPOINT, "Sites.FullControl.All", "provision", "create and change sites")
_PEOPLE = Need(
    MICROSOFT_GRAPH, "User.Read.All", "provision", "see whether the people of a site exist",
    ("User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"),
)  # fmt: skip
_GROUPS = Need(
    MICROSOFT_GRAPH, "Group.ReadWrite.All", "provision", "make Microsoft 365 groups and change who is in them",
    ("Directory.ReadWrite.All",),
)  # fmt: skip
_TEAMS = Need(MICROSOFT_GRAPH, "Team.Create", "provision", "make a team of a group", ("Group.ReadWrite.All",))
_CHANNELS = Need(MICROSOFT_GRAPH, "Channel.Create", "provision", "make channels of a team", ("Group.ReadWrite.All",))

_BY_KIND: Mapping[Kind, Need] = {
    Kind.PERSON: _PEOPLE, Kind.GROUP: _GROUPS, Kind.TEAM: _TEAMS, Kind.CHANNEL: _CHANNELS,
}  # fmt: skip


def needs(changes: Collection[Change]) -> list[Need]:
    """The permissions that these changes take (Microsoft Graph permissions reference)."""
    found = dict.fromkeys([_SITES] if changes else [])
    for change in changes:
        need = _BY_KIND.get(Kind(change.kind))
        if need is not None:
            found[need] = None
        if change.kind == Kind.SITE and change.after.get("type") == GROUP_SITE:
            found[_GROUPS] = None
    return list(found)


def denied(changes: Collection[Change], held: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    """What the app may not do of these changes; `held` are the permissions in its tokens, by API."""
    for need in missing(held, needs(changes)):
        hint = f"grant the app {need.permission} of {need.api}, with admin consent; spmigrate doctor lists what is held"
        yield Problem(need.api, f"the app may not {need.why}", hint)
