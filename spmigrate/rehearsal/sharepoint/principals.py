"""The principals of a site collection as rows: whom it knows, under which number, and how a name leads to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.http import SHAREPOINT_APP_LOGIN
from spmigrate.rehearsal.odata.errors import bad_argument, duplicate_name, user_missing
from spmigrate.rehearsal.rights import EVERYONE, M365_GROUP, SECURITY_GROUP, everybody_inside
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

USER, SECURITY, SITE_GROUP = 1, 4, 8
SYSTEM_ACCOUNT = "sharepoint\\system"
APP_LOGIN = "i:0i.t|00000003-0000-0ff1-ce00-000000000000|"
# Characters that a SharePoint group's title may not hold.
_BAD_TITLE = frozenset("\"/\\[]:|<>+=;,?*'@")
_SPECIAL = {
    EVERYONE: ("Everyone", SECURITY),
    SHAREPOINT_APP_LOGIN: ("SharePoint App", USER),
    SYSTEM_ACCOUNT: ("System Account", USER),
}
_EVERYONE_INSIDE = "Everyone except external users"
_PRINCIPAL_KINDS = ("siteuser", "sitegroup")
_PERSON = "i:0#.f|membership|"
# The number of the system account in every site.
_SYSTEM_NUMBER = 1073741823


def refuse_title(scope: Scope, title: str) -> None:
    """Refuse a group title that is empty, forbidden or taken."""
    if not title.strip() or len(title) > 255 or not _BAD_TITLE.isdisjoint(title):
        raise bad_argument(
            "The group name is empty, or you are using one or more of the following invalid characters: "
            "\" / \\ [ ] : | < > + = ; , ? * ' @"
        )
    if scope.store.find("sitegroup", scope.site.id, title) is not None:
        raise duplicate_name()


def add_group(scope: Scope, title: str, props: Mapping[str, Any]) -> Entity:
    """Add a SharePoint group to the site."""
    number = next_number(scope)
    content = {"_Owner": number, **props, "Id": number}
    return scope.store.insert("sitegroup", title, at=scope.now, parent=scope.site.id, props=content)


def next_number(scope: Scope) -> int:
    """The next number for a principal of the site."""
    site = scope.store.by_id(scope.site.id) or scope.site
    number = int(site.props.get("_LastPrincipal", 2)) + 1
    scope.store.update(site, {"_LastPrincipal": number}, at=scope.now)
    return number


def principal(scope: Scope, number: int) -> Entity | None:
    """A user or group of the site by number."""

    def collect() -> dict[int, Entity]:
        rows = (row for kind in _PRINCIPAL_KINDS for row in scope.store.children(scope.site.id, kind))
        return {int(row.props["Id"]): row for row in rows}

    return scope.store.remembered(("principals", scope.site.id), collect).get(number)


def remove_principal(scope: Scope, row: Entity) -> None:
    """Remove a user or group, with its memberships and assignments."""
    number = row.props["Id"]
    for each in scope.store.children(scope.site.id, "sitegroup"):
        members = each.props.get("_Users", [])
        if number in members:
            scope.store.update(each, {"_Users": [one for one in members if one != number]}, at=scope.now)
    scope.store.delete(row)


def ensure_user(scope: Scope, login: str) -> Entity:
    """The site's row for somebody, made when missing; refuses (400) whom the directory does not know."""
    known = resolve(scope, login)
    if known is None:
        # Somebody who has left, or whom a migration brought along, is still in the site's list of people.
        kept = scope.store.find("siteuser", scope.site.id, login.strip())
        if kept is None:
            raise user_missing(login)
        return kept
    name, props = known
    found = scope.store.find("siteuser", scope.site.id, name)
    if found is not None:
        return found
    number = _SYSTEM_NUMBER if name == SYSTEM_ACCOUNT else next_number(scope)
    return scope.store.insert(
        "siteuser", name, at=scope.now, parent=scope.site.id, props={**props, "LoginName": name, "Id": number}
    )


def known_claim(scope: Scope, login: str) -> str:
    """The claims login name of somebody; refuses (400) whom the directory does not know."""
    known = resolve(scope, login)
    if known is None:
        raise user_missing(login)
    return known[0]


def resolve(scope: Scope, login: str) -> tuple[str, dict[str, Any]] | None:
    """The claims login name that a name, address or claim leads to, and what a site keeps of it; None for nobody."""
    low = login.strip().lower()
    inside = everybody_inside(scope.tenant)
    if low in _SPECIAL:
        title, kind = _SPECIAL[low]
        content: dict[str, Any] = {"Title": title, "PrincipalType": kind}
        if low == SHAREPOINT_APP_LOGIN:
            content["UserId"] = _app_id(low.removeprefix(APP_LOGIN))
        return low, content
    if low in (inside, _EVERYONE_INSIDE.lower()):
        return inside, {"Title": _EVERYONE_INSIDE, "PrincipalType": SECURITY}
    for prefix in (M365_GROUP, SECURITY_GROUP):
        if low.startswith(prefix):
            return _resolve_group(scope, low, low.removeprefix(prefix))
    if low.startswith(APP_LOGIN):
        return _resolve_app(scope, low)
    user = scope.tenant.directory.user_by_login(login.strip())
    return _show_user(user) if user is not None else _group_by_name(scope, low)


def claim_of_group(group: Entity) -> str:
    """The claim under which sites know a group of the directory."""
    unified = "Unified" in (group.props.get("groupTypes") or ())
    return f"{M365_GROUP if unified else SECURITY_GROUP}{group.guid}"


def _show_user(user: Entity) -> tuple[str, dict[str, Any]]:
    props = user.props
    content = {
        "Title": props.get("displayName") or user.name,
        "Email": props.get("mail") or "",
        "UserPrincipalName": user.name,
        "PrincipalType": USER,
        "IsShareByEmailGuestUser": props.get("userType") == "Guest",
        "UserId": {"NameId": user.guid.replace("-", "")[:16], "NameIdIssuer": "urn:federation:microsoftonline"},
    }
    return f"{_PERSON}{user.name.lower()}", content


def _resolve_group(scope: Scope, login: str, identity: str) -> tuple[str, dict[str, Any]] | None:
    row = scope.tenant.directory.group(identity.removesuffix("_o"))
    if row is None:
        return None
    title = str(row.props.get("displayName", row.name))
    suffix = " Owners" if identity.endswith("_o") else " Members" if login.startswith(M365_GROUP) else ""
    return login, {"Title": title + suffix, "Email": row.props.get("mail") or "", "PrincipalType": SECURITY}


def _resolve_app(scope: Scope, login: str) -> tuple[str, dict[str, Any]] | None:
    client = login.removeprefix(APP_LOGIN).partition("@")[0]
    app = scope.tenant.directory.app(client)
    if app is None:
        return None
    identity = f"{app.guid}@{scope.tenant.names.tenant_id}"
    return f"{APP_LOGIN}{identity}", {
        "Title": str(app.props.get("displayName") or app.name), "PrincipalType": USER, "UserId": _app_id(identity),
    }  # fmt: skip


def _app_id(identity: str) -> dict[str, str]:
    """Applications have an id as people have; that its issuer is the one in their login names is a guess."""
    return {"NameId": identity, "NameIdIssuer": APP_LOGIN.split("|")[1]}


def _group_by_name(scope: Scope, low: str) -> tuple[str, dict[str, Any]] | None:
    for group in scope.tenant.directory.groups():
        mail = str(group.props.get("mail") or "").lower()
        if low in (mail, group.name.lower(), group.guid) and low:
            claim = claim_of_group(group)
            return _resolve_group(scope, claim, group.guid)
    return None
