"""Permissions of a package: levels under numbers of our own, and who has which on which file.

Source: "XML manifest files", permission roles; levels of the system may not be updated, and masks are decimal.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from spmigrate.migrate.package.contents import Contents
from spmigrate.migrate.package.people import People
from spmigrate.migrate.package.xml import attributes


@dataclass(frozen=True, slots=True)
class Level:
    """A permission level that every site has: its number here, its rights, its order and type."""

    number: int
    mask: int
    order: int
    kind: int


LEVELS = {
    "Full Control": Level(1, 9223372036854775807, 1, 5),
    "Design": Level(2, 1856438737919, 32, 4),
    "Edit": Level(3, 1856436902639, 48, 6),
    "Contribute": Level(4, 1856436900591, 64, 3),
    "Read": Level(5, 756052856929, 128, 2),
}
"""Levels by title, which is what the service matches them by. Others are not given: an equal title with other rights
would change the level of the whole site. Source of the rights: SPBasePermissions of Microsoft's levels."""


def roles(contents: Contents) -> Iterator[str]:
    """The levels that are used; nothing when none is."""
    used = {each.role for document in contents.documents for each in document.stamp.grants or ()}
    unknown = used - set(LEVELS)
    if unknown:
        raise ValueError(f"no site has these permission levels by itself: {', '.join(sorted(unknown))}")
    if not used:
        return
    inside = "".join(_role(title, LEVELS[title]) for title in LEVELS if title in used)
    yield _wrapped(contents, "DeploymentRoles", f"<Roles>{inside}</Roles>")


def assignments(contents: Contents, people: People) -> Iterator[str]:
    """Who has which level on the files that have permissions of their own; nothing when none has."""
    home = contents.home
    found = []
    for document in contents.documents:
        if document.stamp.grants is None:
            continue
        given = attributes(
            ScopeId=str(uuid.uuid5(uuid.UUID(document.identity.file_id), "scope")), RoleDefWebId=home.web_id,
            RoleDefWebUrl=home.web.lstrip("/"), ObjectId=document.identity.file_id, ObjectType="2",
            ObjectUrl=f"{home.address.lstrip('/')}/{document.path}", AnonymousPermMask="0",
        )  # fmt: skip
        inside = "".join(
            f'<Assignment RoleId="{LEVELS[each.role].number}" PrincipalId="{people.number(each.principal)}" />'
            for each in document.stamp.grants
        )
        found.append(f"<RoleAssignment{given}>{inside}</RoleAssignment>")
    if found:
        yield _wrapped(contents, "DeploymentRoleAssignments", f"<RoleAssignments>{''.join(found)}</RoleAssignments>")


def _role(title: str, level: Level) -> str:
    given = attributes(
        RoleId=str(level.number), Title=title, PermMask=str(level.mask), Hidden="false", RoleOrder=str(level.order),
        Type=str(level.kind),
    )  # fmt: skip
    return f"<Role{given} />"


def _wrapped(contents: Contents, kind: str, inner: str) -> str:
    home = contents.home
    identity = uuid.uuid5(uuid.UUID(home.list_id), kind)
    given = attributes(
        Id=str(identity), ObjectType=kind, ParentId=home.web_id, ParentWebId=home.web_id, ParentWebUrl=home.web,
        Url=home.web,
    )  # fmt: skip
    return f"<SPObject{given}>{inner}</SPObject>\n"
