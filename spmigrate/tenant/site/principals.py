"""People and groups as SharePoint names them: claims, and the words for them.

A person is named by how they sign in, a group of Entra by `group:` and its name, a group of the site by its title.
Source of the claims: the people pickers of SharePoint.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from spmigrate.errors import Conflict, NotFound, Refused
from spmigrate.tenant.contents import ROLES, name_key
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.question import Json

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

GROUP = "group:"
ASSOCIATED = {role: f"Associated{role.removesuffix('s')}Group" for role in ROLES}
"""The groups that every site has, by role."""

_PERSON, _SECURITY_GROUP, _MICROSOFT_365_GROUP = "i:0#.f|membership|", "c:0t.c|tenant|", (
    "c:0o.c|federateddirectoryclaimprovider|"
)  # fmt: skip
_ITS_OWNERS = "_o"
"""Behind the id of a Microsoft 365 group: its owners, whom SharePoint itself makes administrators of the group's
site."""


def word_of(user: Json) -> str:
    """How we name somebody whom SharePoint lists; empty for the service's own accounts and for owners of a group."""
    login = str(user["LoginName"])
    if login.lower().startswith(_PERSON):
        return login[len(_PERSON) :]
    if login.lower().startswith(_MICROSOFT_365_GROUP) and login.lower().endswith(_ITS_OWNERS):
        return ""
    if login.lower().startswith((_SECURITY_GROUP, _MICROSOFT_365_GROUP)):
        return GROUP + str(user.get("Title") or login.rpartition("|")[2])
    return str(user.get("Title") or "") if login.startswith("c:") else ""


def claim_of(tenant: Tenant, login: str) -> str:
    """The claim of a person or an Entra group. Raises NotFound, or Conflict for a name that several groups have."""
    if not login.casefold().startswith(GROUP):
        return _PERSON + login
    name = login[len(GROUP) :].strip()
    text = quote(f"displayName eq '{name.replace(chr(39), chr(39) * 2)}'", safe="")
    found = list(tenant.graph_pages(f"/v1.0/groups?$filter={text}&$select=id,groupTypes"))
    if not found:
        raise NotFound(f"Entra has no group called '{name}'", hint="make it, or name another one")
    if len(found) > 1:
        raise Conflict(f"Entra has {len(found)} groups called '{name}'", hint="give one of them another name")
    kind = _MICROSOFT_365_GROUP if "Unified" in (found[0].get("groupTypes") or ()) else _SECURITY_GROUP
    return f"{kind}{found[0]['id']}"


def ensure(site: "SiteWriter", login: str) -> tuple[int, str]:
    """Make somebody known to the site: their number there, and their claim. Raises TenantError."""
    claim = claim_of(site.tenant, login)
    user: Any = site.rest("POST", "web/ensureuser", {"logonName": claim}, repeatable=True)
    return int(user["Id"]), str(user["LoginName"])


def group_path(site: "SiteWriter", role: str) -> str:
    """The path, below `/_api/`, of one of the three groups or of a group of the site. Raises Refused for no such."""
    if role in ASSOCIATED:
        return f"web/{ASSOCIATED[role]}"
    found = find_group(site, role)
    if found is None:
        raise Refused(f"{site.address} has no group '{role}'", hint="declare it under 'groups'")
    return f"web/sitegroups({found})"


def find_group(site: "SiteWriter", title: str) -> int | None:
    """The number of a group of the site; None when it has none of this title."""
    groups = site.rest("GET", "web/sitegroups?$select=Id,Title")["value"]
    return next((int(each["Id"]) for each in groups if name_key(each["Title"]) == name_key(title)), None)


def number_of(site: "SiteWriter", who: str) -> int:
    """The number of one of the three groups, of a group of the site, of a person or an Entra group."""
    if who in ASSOCIATED:
        return int(site.rest("GET", f"web/{ASSOCIATED[who]}?$select=Id")["Id"])
    if "@" not in who and not who.casefold().startswith(GROUP):
        found = find_group(site, who)
        if found is None:
            raise Refused(f"{site.address} has no group '{who}'", hint="declare it under 'groups'")
        return found
    return ensure(site, who)[0]
