"""Who owns a site, and who may read and change it: its groups, direct grants and administrators."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from spmigrate.tenant.session import Tenant

_USER = ("LoginName", "Title")
_GROUP = "#microsoft.graph.group"
# Bits of SP.BasePermissions (low half): ViewListItems; and AddListItems, EditListItems, DeleteListItems, ManageLists,
# ManagePermissions, ManageWeb.
_READING = 0x1
_CHANGING = 0x2 | 0x4 | 0x8 | 0x800 | 0x2000000 | 0x40000000


@dataclass(frozen=True, slots=True)
class Principal:
    """A member of a SharePoint group: a person, a group of the directory, or a claim, as `login` tells."""

    login: str
    name: str

    @property
    def account(self) -> str | None:
        """The sign-in name of a person, None for anything else."""
        login = self.login.lower()
        return login.rsplit("|", 1)[-1] if login.startswith("i:0#.f|membership|") else None

    @property
    def directory_group(self) -> tuple[str, str] | None:
        """The id of a group of the directory and whose people are meant: `owners` or `members`."""
        claim, _, identity = self.login.lower().rpartition("|")
        if claim == "c:0t.c|tenant":
            return identity, "members"
        if claim == "c:0o.c|federateddirectoryclaimprovider":
            return (identity[:-2], "owners") if identity.endswith("_o") else (identity, "members")
        return None

    @property
    def everyone(self) -> bool:
        """Whether it means all staff or everyone, present and future."""
        login = self.login.lower()
        return login == "c:0(.s|true" or login.startswith("c:0!.s|") or "spo-grid-all-users" in login


@dataclass(frozen=True, slots=True)
class SitePeople:
    """Who owns a site, who may change its content (administrators among them), and who may read and no more.

    What libraries, folders and files with permissions of their own grant is not in it.
    """

    owners: tuple[Principal, ...]
    changing: tuple[Principal, ...]
    reading: tuple[Principal, ...]


def read_people(tenant: Tenant, site_url: str) -> SitePeople:
    """The people of a site, whichever way their right came: two requests."""
    site = f"{site_url.rstrip('/')}/_api/web"
    select = (
        "AssociatedOwnerGroup/Id", "SiteGroups/Id", *(f"SiteGroups/Users/{name}" for name in _USER),
        "RoleAssignments/PrincipalId", *(f"RoleAssignments/Member/{name}" for name in _USER),
        "RoleAssignments/RoleDefinitionBindings/BasePermissions",
    )  # fmt: skip
    expand = "AssociatedOwnerGroup,SiteGroups/Users,RoleAssignments/Member,RoleAssignments/RoleDefinitionBindings"
    web = tenant.rest("GET", f"{site}?$select={','.join(select)}&$expand={expand}")
    wanted = f"$select={','.join(_USER)}&$filter=IsSiteAdmin eq true"
    return sort_people(web, tenant.rest("GET", f"{site}/siteusers?{wanted}")["value"])


def sort_people(web: Mapping[str, Any], administrators: Iterable[Mapping[str, Any]]) -> SitePeople:
    """The people of a web with its groups and role assignments; an owners group that was taken away is empty."""
    groups = {int(group["Id"]): tuple(map(_principal, group["Users"])) for group in web["SiteGroups"]}
    owning = web["AssociatedOwnerGroup"]
    owners = () if not owning or owning.get("odata.null") else groups[int(owning["Id"])]
    changing = [_principal(each) for each in administrators]
    reading: list[Principal] = []
    for assignment in web["RoleAssignments"]:
        rights = _rights(assignment)
        people = groups.get(int(assignment["PrincipalId"]), (_principal(assignment["Member"]),))
        if rights & _CHANGING:
            changing += people
        elif rights & _READING:
            reading += people
    return SitePeople(owners, tuple(dict.fromkeys(changing)), tuple(dict.fromkeys(reading)))


def read_group_people(tenant: Tenant, group_id: str, role: str) -> tuple[str, ...]:
    """The sign-in names of a directory group's `owners` or `members`, those of groups inside it included.

    Raises ValueError when somebody has no sign-in name: an application, a device, or a person the app may not see.
    """
    relation = "transitiveMembers" if role == "members" else role
    path = f"/v1.0/groups/{quote(group_id)}/{relation}?$select=id,userPrincipalName"
    return tuple(sign_in_names(tenant.graph_pages(path)))


def sign_in_names(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The sign-in names of what a group holds. Raises ValueError for anybody but a group who has none."""
    for each in found:
        if each.get("userPrincipalName"):
            yield str(each["userPrincipalName"]).lower()
        elif each.get("@odata.type") != _GROUP:
            raise ValueError(f"{each.get('@odata.type', 'somebody')} {each['id']} has no sign-in name")


def _rights(assignment: Mapping[str, Any]) -> int:
    """The low half of everything that an assignment grants."""
    rights = 0
    for role in assignment["RoleDefinitionBindings"]:
        rights |= int(role["BasePermissions"]["Low"])
    return rights


def _principal(user: Mapping[str, Any]) -> Principal:
    return Principal(str(user["LoginName"]), str(user.get("Title") or ""))
