"""Groups of a site besides its three, each with a permission level on the site."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from spmigrate.errors import NotFound
from spmigrate.tenant.contents import Attributes, Kind, Part, name_key
from spmigrate.tenant.site import permission_levels, principals
from spmigrate.tenant.site.question import Answers, Json, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_KINDS = frozenset({Kind.SITE_GROUP, Kind.PERSON})
_ROLE_IDS = ",".join(f"{group}/Id" for group in principals.ASSOCIATED.values())
HANDED_OUT = (1, 9)
"""RoleTypeKind of levels that SharePoint hands out by itself: Limited Access and its kin."""

QUESTIONS = (
    Question(
        "site groups", Service.SITE,
        "web/sitegroups?$select=Id,Title,Description,IsHiddenInUI,Users/LoginName,Users/Title&$expand=Users",
        kinds=_KINDS,
    ),
    Question(
        "roles", Service.SITE,
        f"web?$select={_ROLE_IDS}&$expand={','.join(principals.ASSOCIATED.values())}",
        kinds=_KINDS | {Kind.ACCESS_RIGHT},
    ),
    Question(
        "site rights", Service.SITE,
        "web/roleassignments?$select=PrincipalId,RoleDefinitionBindings/Name,RoleDefinitionBindings/RoleTypeKind"
        "&$expand=RoleDefinitionBindings",
        kinds=frozenset({Kind.SITE_GROUP}),
    ),
)  # fmt: skip


def roles_of(answers: Answers) -> dict[int, str]:
    """The roles of the three groups by their numbers."""
    found = answers.get("roles", {})
    groups = {role: found.get(name) for role, name in principals.ASSOCIATED.items()}
    return {int(group["Id"]): role for role, group in groups.items() if group}


def parts(answers: Answers) -> Iterator[Part]:
    """The groups besides the three, but those that SharePoint keeps behind shared links."""
    roles = roles_of(answers)
    levels = {each["PrincipalId"]: level_of(each) for each in answers.values("site rights")}
    for each in answers.values("site groups"):
        title = str(each["Title"])
        if each["Id"] not in roles and not each["IsHiddenInUI"] and not title.startswith("SharingLinks."):
            yield Part(Kind.SITE_GROUP, name_key(title), title, {
                "title": title, "description": each["Description"] or "", "level": levels.get(each["Id"], ""),
            })  # fmt: skip


def level_of(assignment: Json) -> str:
    """The permission levels of an assignment, but those that SharePoint hands out by itself."""
    bound = assignment["RoleDefinitionBindings"]
    return ", ".join(str(each["Name"]) for each in bound if each["RoleTypeKind"] not in HANDED_OUT)


def put(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Make a group, or change what is given of one that is there. Raises TenantError."""
    found = principals.find_group(site, key)
    if found is None:
        body: dict[str, Any] = {"Title": after["title"], "Description": after.get("description", "")}
        found = int(site.rest("POST", "web/sitegroups", body)["Id"])
    else:
        names = {"title": "Title", "description": "Description"}
        changes = {names[name]: value for name, value in after.items() if name in names}
        if changes:
            site.rest("MERGE", f"web/sitegroups({found})", changes)
    if after.get("level"):
        give(site, "web", found, str(after["level"]))


def remove(site: "SiteWriter", key: str) -> None:
    """Take a group away. Its people keep what they have otherwise. Raises TenantError."""
    found = principals.find_group(site, key)
    if found is not None:
        site.rest("POST", f"web/sitegroups/removebyid({found})", repeatable=True)


def give(site: "SiteWriter", holder: str, principal: int, level: str) -> None:
    """Let a principal have exactly this level at the path of a web or list. Raises Refused for an unknown level."""
    wanted = permission_levels.need(site, level)
    for bound in bindings(site, holder, principal):
        if bound != wanted:
            take(site, holder, principal, bound)
    call = f"addroleassignment(principalid={principal},roledefid={wanted})"
    site.rest("POST", f"{holder}/roleassignments/{call}", repeatable=True)


def take(site: "SiteWriter", holder: str, principal: int, level: int) -> None:
    """Take one level from a principal at the path of a web or list; it may be gone by now. Raises TenantError."""
    call = f"removeroleassignment(principalid={principal},roledefid={level})"
    with suppress(NotFound):  # when it was asked a second time, since the first answer was lost
        site.rest("POST", f"{holder}/roleassignments/{call}", repeatable=True)


def bindings(site: "SiteWriter", holder: str, principal: int) -> list[int]:
    """The numbers of the levels that a principal has there, but those that SharePoint hands out by itself."""
    select = "$select=PrincipalId,RoleDefinitionBindings/Id,RoleDefinitionBindings/RoleTypeKind"
    found = site.rest("GET", f"{holder}/roleassignments?{select}&$expand=RoleDefinitionBindings")["value"]
    return [
        int(bound["Id"])
        for each in found
        if each["PrincipalId"] == principal
        for bound in each["RoleDefinitionBindings"]
        if bound["RoleTypeKind"] not in HANDED_OUT
    ]
