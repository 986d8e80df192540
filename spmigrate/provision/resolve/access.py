"""Who has access to a site, and who may let others in."""

from collections.abc import Iterator

from spmigrate.provision.language import Permissions, name_of, names_of
from spmigrate.provision.resolve.wanted import Wanted, is_seeded, named, said, wanted
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import Kind, inside, name_key

ROLES = ("Owners", "Members", "Visitors", "Administrators")
"""What people can be in every site."""

GROUP_PREFIX = "group:"
"""Before the name of a group of Microsoft Entra."""


def login(vocabulary: Vocabulary, person: str) -> str:
    """How somebody is known to the tenant: a role id with the people domain, a whole address, or `group:Name`."""
    if person.startswith(GROUP_PREFIX):
        return GROUP_PREFIX + person.removeprefix(GROUP_PREFIX).strip()
    if "@" in person:
        return person
    return f"{person}@{vocabulary.organisation.people_domain}"


def who_is(vocabulary: Vocabulary, permissions: Permissions, somebody: str) -> str:
    """Whom a library's permissions name: a group of the site by its title, or somebody as the tenant knows them."""
    groups = {name_key(role): role for role in ROLES[:3]} | {
        name_key(each.name): each.name for each in permissions.groups
    }
    if name_key(somebody) in groups:
        return groups[name_key(somebody)]
    found = login(vocabulary, somebody)
    return found if found.startswith(GROUP_PREFIX) else found.casefold()


def access_parts(vocabulary: Vocabulary, permissions: Permissions, *, group_site: bool) -> Iterator[Wanted]:
    """The groups of a site, the people in them, and who is asked for access.

    Owners of a `group_site` are its members too: an owner who is none does not see the group in Outlook and Teams.
    """
    for group in permissions.groups:
        yield wanted(Kind.SITE_GROUP, name_key(group.name), group.name, {
            "title": group.name, "description": group.description, "level": vocabulary.proper_level(group.level),
        }, seeded=is_seeded(group))  # fmt: skip
    entries = [(role, getattr(permissions, role.casefold()), False) for role in ROLES]
    if group_site:
        members = {login(vocabulary, name).casefold() for name in names_of(permissions.members)}
        owners = [each for each in permissions.owners if login(vocabulary, name_of(each)).casefold() not in members]
        entries.append(("Members", tuple(owners), False))
    entries += [(group.name, group.people, is_seeded(group)) for group in permissions.groups]
    for role, people, left in entries:
        for person, seeded in named(people):
            signs_in = login(vocabulary, person)
            yield wanted(
                Kind.PERSON, inside(role, signs_in.casefold()), f"{person} in {role}",
                {"role": role, "login": signs_in}, seeded=left or seeded,
            )  # fmt: skip
    access = said(permissions.access, "members_can_share", "members_can_invite", "requests_go_to")
    asked = permissions.access.requests_go_to
    if asked is not None and asked not in ("Owners", "Nobody"):
        access["requests go to"] = login(vocabulary, asked)
    if access:
        yield wanted(Kind.ACCESS, "", "", access)


def first_owner(vocabulary: Vocabulary, permissions: Permissions) -> str:
    """Whom SharePoint is told as the owner of a new site: a person, since groups cannot be."""
    owners = [person for person in names_of(permissions.owners) if not person.startswith(GROUP_PREFIX)]
    return login(vocabulary, owners[0]) if owners else ""
