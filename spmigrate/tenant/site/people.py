"""People: who has which role in a site, and whether they exist in the directory.

Owners and members of a site with a Microsoft 365 group are those of the group.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from spmigrate.errors import Conflict, NotFound, Refused
from spmigrate.tenant.contents import ADMINISTRATORS, Attributes, Kind, Part, inside, name_key
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import principals, site_groups
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_KINDS = frozenset({Kind.PERSON})
_GROUP_ROLES: Mapping[str, str] = {"Owners": "owners", "Members": "members"}
"""What Graph calls the roles that a Microsoft 365 group keeps."""

QUESTIONS = (
    *site_groups.QUESTIONS,
    Question(
        "administrators", Service.SITE,
        "web/siteusers?$select=LoginName,Title&$filter=IsSiteAdmin eq true", kinds=_KINDS,
    ),
    *(
        Question(
            f"group {each}", Service.GRAPH, f"groups/{{group_id}}/{each}?$select=id,userPrincipalName&$top=999",
            round=2, kinds=_KINDS,
        )
        for each in _GROUP_ROLES.values()
    ),
)  # fmt: skip


def is_known(tenant: Tenant, login: str) -> bool:
    """Whether somebody signs in with this name. Raises AccessDenied when the app may not read users."""
    try:
        tenant.graph("GET", f"/v1.0/users/{quote(login, safe='@')}?$select=id")
    except NotFound:
        return False
    return True


def parts(answers: Answers) -> Iterator[Part]:
    """Who is in the three groups, in groups of the site, and administers it.

    Groups that SharePoint has not made yet are empty.
    """
    yield from site_groups.parts(answers)
    roles = site_groups.roles_of(answers)
    for each in answers.values("site groups"):
        role = roles.get(each["Id"], str(each["Title"]))
        if role in _GROUP_ROLES and answers.group_id:
            continue
        for user in each.get("Users") or ():
            yield from _person(role, principals.word_of(user))
    for role, name in _GROUP_ROLES.items():
        for user in answers.values(f"group {name}"):
            yield from _person(role, str(user.get("userPrincipalName") or ""))
    for user in answers.values("administrators"):
        yield from _person(ADMINISTRATORS, principals.word_of(user))


def _person(role: str, login: str) -> Iterator[Part]:
    if login:
        label = f"{login.split('@')[0]} in {role}"
        yield Part(Kind.PERSON, inside(role, login.casefold()), label, {"role": role, "login": login})


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Give somebody a role. Raises TenantError."""
    role, login = str(after["role"]), str(after["login"])
    if role == ADMINISTRATORS:
        _set_administrator(site, login, wanted=True)
    elif role in _GROUP_ROLES and site.group_id:
        _join_group(site, role, login)
    else:
        claim = principals.ensure(site, login)[1]
        path = principals.group_path(site, role)
        site.rest("POST", f"{path}/users", {"LoginName": claim}, repeatable=True)


def remove(site: "SiteWriter", key: str) -> None:
    """Take a role from somebody. Raises Refused for the last owner of a group, TenantError."""
    role, _, login = key.partition("/")
    if role == ADMINISTRATORS:
        _set_administrator(site, login, wanted=False)
        return
    if role in _GROUP_ROLES and site.group_id:
        user = site.tenant.graph("GET", f"/v1.0/users/{quote(login, safe='@')}?$select=id")["id"]
        site.tenant.graph("DELETE", f"/v1.0/groups/{site.group_id}/{_GROUP_ROLES[role]}/{user}/$ref")
        return
    path = principals.group_path(site, role)
    claim = principals.claim_of(site.tenant, login)
    present = {
        str(each["LoginName"]).casefold() for each in site.rest("GET", f"{path}/users?$select=LoginName")["value"]
    }
    if claim.casefold() in present:
        site.rest("POST", f"{path}/users/removebyloginname(@v)?@v='{quote(claim, safe='')}'", repeatable=True)


def _join_group(site: "SiteWriter", role: str, login: str) -> None:
    if login.casefold().startswith(principals.GROUP):
        raise Refused(
            f"a Microsoft 365 group cannot have the group {login.removeprefix(principals.GROUP)} in it",
            hint="name its people, or give the group a role of its own under 'groups'",
        )
    user = site.tenant.graph("GET", f"/v1.0/users/{quote(login, safe='@')}?$select=id")["id"]
    body = {"@odata.id": f"https://graph.microsoft.com/v1.0/users/{user}"}
    try:
        site.tenant.graph("POST", f"/v1.0/groups/{site.group_id}/{_GROUP_ROLES[role]}/$ref", body)
    except Conflict:
        return
    except Refused as error:
        if "already exist" not in error.message:
            raise


def _set_administrator(site: "SiteWriter", login: str, *, wanted: bool) -> None:
    """Add somebody to the administrators, or take them out: SharePoint replaces the whole list, so it is read first.

    Raises Refused when the list is not as wanted afterwards.
    """
    claim = principals.claim_of(site.tenant, login)
    present = _administrators(site)
    has = claim.casefold() in {name_key(each) for each in present}
    if has is wanted:
        return
    names = [*present, claim] if wanted else [each for each in present if each.casefold() != claim.casefold()]
    site.admin("POST", "SPOInternalUseOnly.Tenant/SetSiteSecondaryAdministrators", {
        "secondaryAdministratorsFieldsData": {"siteId": site.site_id, "secondaryAdministratorLoginNames": names},
    }, repeatable=True)  # fmt: skip
    if (claim.casefold() in {name_key(each) for each in _administrators(site)}) is not wanted:
        raise Refused(
            f"{site.address}: SharePoint did not take the change to its administrators ({login})",
            hint="the first administrator cannot be taken out; see Active sites in the SharePoint admin centre",
        )


def _administrators(site: "SiteWriter") -> list[str]:
    found: Any = site.admin("GET", f"SPO.Tenant/GetSiteAdministrators?siteId='{site.site_id}'")
    return [str(each["loginName"]) for each in found["value"]]
