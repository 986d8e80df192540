"""Finding principals by a name, an address or a claim: people and groups of the directory, groups of the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from spmigrate.rehearsal.rights import EVERYONE, everybody_inside
from spmigrate.rehearsal.sharepoint.principals import claim_of_group, resolve
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

USERS, DISTRIBUTION_LISTS, SECURITY_GROUPS, SITE_GROUPS, ALL = 1, 2, 4, 8, 15
_CLAIMS = {"Everyone except external users": "", "Everyone": EVERYONE}


@dataclass(frozen=True, slots=True)
class Found:
    """A principal; `number` is its place in the site, -1 while the site does not know it, `details` what the picker
    shows besides."""

    login: str
    title: str
    kind: int
    email: str = ""
    job: str = ""
    department: str = ""
    mobile: str = ""
    number: int = -1
    description: str = ""
    details: dict[str, str] = field(default_factory=dict)


def search(scope: Scope, text: str, kinds: int, limit: int, *, group: int = 0) -> list[Found]:
    """Principals of the wanted kinds whose name, address or login begins with a text or holds it as a word's start;
    with `group`, only those who are in that SharePoint group."""
    wanted = text.strip().lower()
    found: list[Found] = []
    for each in _everybody(scope, kinds):
        if len(found) >= limit:
            break
        if (not wanted or _matches(each, wanted)) and (not group or _in_group(scope, each, group)):
            found.append(each)
    return found


def find_one(scope: Scope, text: str, kinds: int) -> Found | None:
    """The one principal that a text names, None when it names nobody or several."""
    exact = resolve(scope, text) if text.strip() else None
    if exact is not None:
        matches = [each for each in _everybody(scope, kinds) if each.login == exact[0]]
        return matches[0] if matches else None
    wanted = text.strip().lower()
    named = [each for each in search(scope, text, kinds, 10) if wanted in (each.title.lower(), each.email.lower())]
    several = named or search(scope, text, kinds, 2)
    return several[0] if len(several) == 1 else None


def show_user(scope: Scope, user: Entity) -> Found:
    """A person of the directory."""
    props = user.props
    login = f"i:0#.f|membership|{user.name.lower()}"
    details = {
        "IsAltSecIdPresent": str(props.get("userType") == "Guest"), "ObjectId": user.guid,
        "Title": props.get("jobTitle") or "", "Email": props.get("mail") or "",
        "MobilePhone": props.get("mobilePhone") or "", "Department": props.get("department") or "",
        "OtherMails": "",
    }  # fmt: skip
    return Found(
        login=login,
        title=str(props.get("displayName") or user.name),
        kind=USERS,
        email=str(props.get("mail") or ""),
        job=str(props.get("jobTitle") or ""),
        department=str(props.get("department") or ""),
        mobile=str(props.get("mobilePhone") or ""),
        number=_number(scope, login),
        description=str(props.get("mail") or user.name),
        details=details,
    )


def show_group(scope: Scope, group: Entity) -> Found:
    """A group of the directory."""
    login, mail = claim_of_group(group), str(group.props.get("mail") or "")
    details = {"Email": mail, "ObjectId": group.guid}
    return Found(
        login=login, title=str(group.props.get("displayName") or group.name), kind=SECURITY_GROUPS, email=mail,
        number=_number(scope, login), description=mail or login, details=details,
    )  # fmt: skip


def show_site_group(row: Entity) -> Found:
    """A SharePoint group."""
    number = int(row.props["Id"])
    details = {"SPGroupID": str(number), "AccountName": row.name, "PrincipalType": "SharePointGroup"}
    return Found(login=row.name, title=row.name, kind=SITE_GROUPS, number=number, description=row.name, details=details)


def _everybody(scope: Scope, kinds: int) -> Iterator[Found]:
    if kinds & USERS:
        yield from (show_user(scope, user) for user in scope.tenant.directory.users())
    if kinds & (SECURITY_GROUPS | DISTRIBUTION_LISTS):
        yield from (show_group(scope, group) for group in scope.tenant.directory.groups())
        for title, claim in _CLAIMS.items():
            login = claim or everybody_inside(scope.tenant)
            yield Found(login, title, SECURITY_GROUPS, number=_number(scope, login), description=login)
    if kinds & SITE_GROUPS:
        yield from (
            show_site_group(row)
            for row in scope.store.children(scope.site.id, "sitegroup")
            if not row.props.get("IsHiddenInUI")
        )


def _matches(each: Found, wanted: str) -> bool:
    names = (each.email.lower(), each.login.lower(), each.login.rpartition("|")[2].lower())
    words = each.title.lower().split()
    title = each.title.lower()
    return title.startswith(wanted) or any(name.startswith(wanted) for name in (*names, *words) if name)


def _in_group(scope: Scope, each: Found, number: int) -> bool:
    rows = scope.store.children(scope.site.id, "sitegroup")
    return any(row.props["Id"] == number and each.number in row.props.get("_Users", []) for row in rows)


def _number(scope: Scope, login: str) -> int:
    row = scope.store.find("siteuser", scope.site.id, login)
    return -1 if row is None else int(row.props["Id"])
