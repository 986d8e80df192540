"""Who may do what in a library or list that has permissions of its own."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from spmigrate.tenant.contents import Attributes, Kind, Part, inside
from spmigrate.tenant.site import lists, principals, site_groups
from spmigrate.tenant.site.list_paths import list_path
from spmigrate.tenant.site.question import Answers, Json, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_SITE_GROUP = 8
"""PrincipalType of a group of the site."""


def _paths(answers: Answers) -> Mapping[str, str]:
    ask = (
        "roleassignments?$select=PrincipalId,Member/LoginName,Member/Title,Member/PrincipalType,"
        "RoleDefinitionBindings/Name,RoleDefinitionBindings/RoleTypeKind&$expand=Member,RoleDefinitionBindings"
    )
    return {
        key: f"web/lists(guid'{each['Id']}')/{ask}"
        for key, each in lists.ours(answers)
        if each.get("HasUniqueRoleAssignments") and lists.holds(Kind.ACCESS_RIGHT)(answers, key)
    }


QUESTIONS = (
    lists.LISTS,
    *site_groups.QUESTIONS,
    Question("list rights", Service.SITE, _paths, round=2, kinds=frozenset({Kind.ACCESS_RIGHT})),
)


def parts(answers: Answers) -> Iterator[Part]:
    """The permissions of every list that does not inherit them."""
    roles = site_groups.roles_of(answers)
    for key, given in answers.get("list rights", {}).items():
        for each in given["value"]:
            who = roles.get(each["PrincipalId"]) or _word(each["Member"])
            level = site_groups.level_of(each)
            if who and level:
                found = {"list": key, "who": who, "level": level}
                yield Part(Kind.ACCESS_RIGHT, inside(key, who), f"{who} in {key}", found)


def put(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Let somebody have exactly this level in a list with permissions of its own. Raises TenantError."""
    address, who = _split(key)
    site_groups.give(site, list_path(site, address), principals.number_of(site, who), str(after["level"]))


def remove(site: "SiteWriter", key: str) -> None:
    """Take from somebody what they may do in a list. Raises TenantError."""
    address, who = _split(key)
    path, principal = list_path(site, address), principals.number_of(site, who)
    for level in site_groups.bindings(site, path, principal):
        site_groups.take(site, path, principal, level)


def _split(key: str) -> tuple[str, str]:
    """The list's address and the person; an address may have a slash, and so may the name of an Entra group."""
    address, group, name = key.partition(f"/{principals.GROUP}")
    if group:
        return address, principals.GROUP + name
    address, _, who = key.rpartition("/")
    return address, who


def _word(member: Json) -> str:
    if member["PrincipalType"] == _SITE_GROUP:
        return str(member["Title"])
    word = principals.word_of(member)
    return word if word.startswith(principals.GROUP) else word.casefold()
