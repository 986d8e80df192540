"""The permissions that the app needs, and for what: the one table that `doctor` compares its tokens with."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SHAREPOINT = "SharePoint"
MICROSOFT_GRAPH = "Microsoft Graph"


@dataclass(frozen=True, slots=True)
class Need:
    """An application permission of one API. `wider` ones contain it and are accepted in its place."""

    api: str
    permission: str
    work: str
    why: str
    wider: tuple[str, ...] = ()
    when: str = ""
    """What must be true of the templates for it to be needed; empty for what is always needed."""

    def met_by(self, held: frozenset[str]) -> bool:
        """Whether these permissions of the API are enough."""
        return not held.isdisjoint((self.permission, *self.wider))


NEEDS = (
    Need(SHAREPOINT, "Sites.FullControl.All", "provision", "create and change sites, read the settings of all sites"),
    Need(
        MICROSOFT_GRAPH,
        "Sites.ReadWrite.All",
        "move",
        "put files into libraries and read them back",
        ("Sites.Manage.All", "Sites.FullControl.All"),
    ),
    Need(MICROSOFT_GRAPH, "User.Read.All", "check", "list people and guests", ("User.ReadWrite.All",)),
    Need(MICROSOFT_GRAPH, "AuditLog.Read.All", "check", "see when a guest last signed in"),
    Need(MICROSOFT_GRAPH, "Group.Read.All", "check", "list groups and their owners", ("Group.ReadWrite.All",)),
    Need(MICROSOFT_GRAPH, "Policy.Read.All", "check", "read the settings for other organisations"),
    Need(
        MICROSOFT_GRAPH,
        "SharePointTenantSettings.Read.All",
        "check",
        "read the sharing settings of the tenant",
        ("SharePointTenantSettings.ReadWrite.All",),
    ),
    Need(
        MICROSOFT_GRAPH, "Group.ReadWrite.All", "provision", "make Microsoft 365 groups and teams",
        ("Directory.ReadWrite.All",), when="templates make sites with a Microsoft 365 group",
    ),
    Need(
        MICROSOFT_GRAPH, "InformationProtectionPolicy.Read.All", "provision", "find sensitivity labels by name",
        when="templates name sensitivity labels",
    ),
    Need(
        MICROSOFT_GRAPH, "TermStore.Read.All", "provision", "find term sets by name", ("TermStore.ReadWrite.All",),
        when="columns use managed metadata",
    ),
    Need(
        MICROSOFT_GRAPH, "TermStore.ReadWrite.All", "provision", "add term sets and terms",
        when="organisation.yaml writes out the terms of a term set",
    ),
)  # fmt: skip
"""Application permissions, least first (governance: Microsoft Graph permissions reference). `work` is provision, move
or check: what fails without it. Those with a `when` are asked for by plans that need them, not by `doctor`."""

ALWAYS = tuple(need for need in NEEDS if not need.when)
"""Those that every council needs."""


def roles(token: str) -> frozenset[str]:
    """The application permissions in one of our own access tokens; none when it is not a JWT."""
    try:
        middle = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return frozenset(claims.get("roles", ()))
    except (IndexError, ValueError, AttributeError):
        return frozenset()


def missing(held: Mapping[str, frozenset[str]], needs: Iterable[Need] = ALWAYS) -> list[Need]:
    """The needs that the held permissions, by API, do not meet; an API that is not in `held` is left out."""
    return [need for need in needs if need.api in held and not need.met_by(held[need.api])]


def excess(held: Mapping[str, frozenset[str]], needs: Iterable[Need] = NEEDS) -> dict[str, list[str]]:
    """The permissions that no need asks for, sorted, by API; an API without any is left out."""
    wanted = {(need.api, name) for need in needs for name in (need.permission, *need.wider)}
    found = {api: sorted(name for name in names if (api, name) not in wanted) for api, names in held.items()}
    return {api: names for api, names in found.items() if names}
