"""Who is in a site's owners, members and visitors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from spmigrate.tenant.session import Tenant

_GROUPS = ("AssociatedOwnerGroup", "AssociatedMemberGroup", "AssociatedVisitorGroup")


@dataclass(frozen=True, slots=True)
class Principal:
    """A member of a SharePoint group: a person, a group of the directory, or a claim, as `login` tells."""

    login: str
    name: str

    @property
    def account(self) -> str | None:
        """The sign-in name of a person, None for anything else."""
        return self.login.rsplit("|", 1)[-1].lower() if self.login.startswith("i:0#.f|membership|") else None

    @property
    def directory_group(self) -> tuple[str, str] | None:
        """The id of a group of the directory and whose people are meant: `owners` or `members`."""
        claim, _, identity = self.login.rpartition("|")
        if claim == "c:0t.c|tenant":
            return identity, "members"
        if claim == "c:0o.c|federateddirectoryclaimprovider":
            return (identity[:-2], "owners") if identity.endswith("_o") else (identity, "members")
        return None

    @property
    def everyone(self) -> bool:
        """Whether it means all staff or everyone, present and future."""
        return self.login in ("c:0(.s|true", "c:0!.s|windows") or "spo-grid-all-users" in self.login


@dataclass(frozen=True, slots=True)
class SitePeople:
    """The three groups that every site has; one that was taken away is empty."""

    owners: tuple[Principal, ...]
    members: tuple[Principal, ...]
    visitors: tuple[Principal, ...]


def read_people(tenant: Tenant, site_url: str) -> SitePeople:
    """The people of a site's three groups, in one request."""
    select = ",".join(f"{group}/Users/{name}" for group in _GROUPS for name in ("LoginName", "Title"))
    expand = ",".join(f"{group}/Users" for group in _GROUPS)
    web = tenant.rest("GET", f"{site_url.rstrip('/')}/_api/web?$select={select}&$expand={expand}")
    return SitePeople(*(_principals(web, group) for group in _GROUPS))


def read_group_people(tenant: Tenant, group_id: str, role: str) -> tuple[str, ...]:
    """The sign-in names of a directory group's `owners` or `members`."""
    path = f"/v1.0/groups/{quote(group_id)}/{role}?$select=id,userPrincipalName"
    return tuple(
        str(person["userPrincipalName"]).lower()
        for person in tenant.graph_pages(path)
        if person.get("userPrincipalName")
    )


def _principals(web: Mapping[str, Any], group: str) -> tuple[Principal, ...]:
    found = web[group]
    if not found or found.get("odata.null"):
        return ()
    return tuple(Principal(str(user["LoginName"]), str(user.get("Title") or "")) for user in found["Users"])
