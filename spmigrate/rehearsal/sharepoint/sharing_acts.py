"""Sharing in SharePoint's words: link kinds, roles, the people of a picker, and what comes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.items import Item, Refusal
from spmigrate.rehearsal.odata.errors import access_denied, bad_argument
from spmigrate.rehearsal.permission_levels import Right
from spmigrate.rehearsal.rights import Securable as Place
from spmigrate.rehearsal.rights import effective_mask
from spmigrate.rehearsal.sharepoint.people import SiteGroup
from spmigrate.rehearsal.sharepoint.principals import ensure_user, principal, resolve
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID, whole
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.securables import assign
from spmigrate.rehearsal.storage import Entity

DIRECT, ORGANIZATION_VIEW, ORGANIZATION_EDIT, ANONYMOUS_VIEW, ANONYMOUS_EDIT, FLEXIBLE = range(1, 7)
DONE, QUEUED, NOBODY, DENIED, DISABLED = 0, 1, -1, -2, -7
_KINDS = {
    ORGANIZATION_VIEW: ("view", "organization"), ORGANIZATION_EDIT: ("edit", "organization"),
    ANONYMOUS_VIEW: ("view", "anonymous"), ANONYMOUS_EDIT: ("edit", "anonymous"),
}  # fmt: skip
# SP.Sharing.SharingScope and Role, as flexible links name them.
_SCOPES = {0: "anonymous", 1: "organization", 2: "users"}
_TYPES = {1: "view", 2: "edit", 4: "blocksDownload", 7: "view", 8: "createOnly"}
_ROLES = {1073741826: "read", 1073741827: "write", 1073741828: "write", 1073741829: "owner", 1073741830: "write"}


@dataclass(slots=True)
class Outcome:
    """What came of sharing: SharingOperationStatusCode, and who got something."""

    status: int = DONE
    message: str | None = None
    added: list[Entity] = field(default_factory=list)
    invited: list[str] = field(default_factory=list)
    groups: list[Entity] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Target:
    """What is shared: an item of a list, or with `item` None the web."""

    listing: Entity | None = None
    item: Item | None = None


def place_of(scope: Scope, target: Target) -> Place:
    """The securable that is shared."""
    item = target.item if target.item is not None and target.item.parent else None
    return Place(scope.site, scope.web, target.listing, item)


def may_share(scope: Scope, target: Target) -> bool:
    """Whoever manages permissions may share, and where members can share whoever may edit."""
    held = effective_mask(scope.tenant, scope.claims, place_of(scope, target))
    members = bool(scope.web.props.get("MembersCanShare", True)) and target.item is not None
    return bool(held & Right.MANAGE_PERMISSIONS) or (members and bool(held & Right.EDIT_ITEMS))


def require_sharing(scope: Scope, target: Target) -> None:
    """Refuse (403) who may not share."""
    if not may_share(scope, target):
        raise access_denied()


def kind_of(link: Entity) -> int:
    """The link kind that a link has."""
    pair = (str(link.props["type"]), str(link.props["scope"]))
    return next((kind for kind, each in _KINDS.items() if each == pair), FLEXIBLE)


def find_link(scope: Scope, item: Item, kind: int, share: str = ZERO_GUID) -> Entity | None:
    """The link of a kind, or with an id that one."""
    for link in sharing.links(scope.tenant, item):
        if share.lower() == link.guid or (share == ZERO_GUID and kind_of(link) == kind):
            return link
    return None


def make_link(scope: Scope, item: Item, settings: Mapping[str, Any], people: tuple[str, ...]) -> Entity:
    """The link that the settings ask for, made when there is none; refuses (400) what the settings rule out."""
    kind = whole(settings.get("linkKind"), "linkKind")
    if kind == FLEXIBLE:
        role, reach = whole(settings.get("role") or 1, "role"), whole(settings.get("scope"), "scope")
        pair = (_TYPES.get(role, "view"), _SCOPES.get(reach, ""))
        if settings.get("scope") in (None, -1):
            pair = (pair[0], "anonymous" if settings.get("allowAnonymousAccess") else "users")
    elif kind in _KINDS:
        pair = _KINDS[kind]
    else:
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: linkKind")
    wanted = sharing.Wanted(
        pair[0], pair[1], scope.claims.login, expires=_moment(settings.get("expiration")),
        password=str(settings.get("password") or "") if settings.get("updatePassword", True) else "", people=people,
    )  # fmt: skip
    return sharing.add_link(scope.tenant, scope.site, item, wanted)[0]


def picked(text: str) -> list[str]:
    """The keys in a people picker's JSON text; refuses (400) what is none."""
    try:
        content = json.loads(text) if text.strip() else []
        return [str(each["Key"]) for each in content]
    except (ValueError, TypeError, KeyError):
        raise bad_argument(
            "Value does not fall within the expected range.\r\nParameter name: peoplePickerInput"
        ) from None


def share(scope: Scope, target: Target, people: list[str], role: str) -> Outcome:
    """Give people a role on an item or web, or put them into a group; `role` is `role:<level>` or `group:<number>`."""
    if not may_share(scope, target):
        return _queue(scope, target, people)
    outcome = Outcome()
    word, _, number = role.replace(" ", "").partition(":")
    if not number.isdecimal():
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: roleValue")
    group = _group(scope, int(number)) if word == "group" else None
    for key in people:
        login = _find_or_invite(scope, key, outcome)
        if login is None:
            continue
        row = ensure_user(scope, login)
        if group is not None:
            members = (scope.store.by_id(group.id) or group).props.get("_Users", [])
            scope.store.update(group, {"_Users": [*dict.fromkeys([*members, row.props["Id"]])]}, at=scope.now)
        elif target.item is not None:
            given = _ROLES.get(int(number), "read")
            sharing.grant(scope.tenant, target.item, row.name, role=given, by=scope.claims.login)
        else:
            assign(scope, scope.web, int(row.props["Id"]), int(number))
        outcome.added.append(row)
    if group is not None:
        outcome.groups.append(group)
    if not outcome.added and outcome.status == DONE:
        outcome.status, outcome.message = NOBODY, "No users could be resolved."
    return outcome


def unshare(scope: Scope, item: Item) -> None:
    """Take all links and what was given singly away."""
    for entity in (*sharing.links(scope.tenant, item), *sharing.grants(scope.tenant, item)):
        sharing.remove(scope.tenant, item, entity)


def _group(scope: Scope, number: int) -> Entity:
    row = principal(scope, number)
    if row is None or row.kind != "sitegroup":
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: groupId")
    if not SiteGroup(scope, row).can_edit_membership():
        raise access_denied()
    return row


def _find_or_invite(scope: Scope, key: str, outcome: Outcome) -> str | None:
    """The claims login name of somebody; who is outside and may be invited becomes a guest."""
    known = resolve(scope, key)
    directory = scope.tenant.directory
    user = directory.user_by_login(key)
    outside = known is None and "@" in key and not key.lower().endswith("@" + directory.domain)
    try:
        if user is not None and user.props.get("userType") == "Guest":
            sharing.require_outsider(scope.tenant, scope.site, known=True)
        if outside:
            sharing.require_outsider(scope.tenant, scope.site, known=False)
    except Refusal as refusal:
        outcome.status, outcome.message = DISABLED, refusal.message
        return None
    if not outside:
        return None if known is None else known[0]
    mail = key.rpartition("|")[2].strip()
    props = {"displayName": mail.partition("@")[0], "mail": mail, "userType": "Guest", "creationType": "Invitation",
             "externalUserState": "PendingAcceptance"}  # fmt: skip
    made = directory.add_user(f"{mail.replace('@', '_')}#EXT#@{directory.domain}", props=props)
    outcome.invited.append(mail)
    return f"i:0#.f|membership|{made.name.lower()}"


def _queue(scope: Scope, target: Target, people: list[str]) -> Outcome:
    """Members who may not share ask the owners, where the site takes requests."""
    takes = bool(scope.web.props.get("RequestAccessEmail") or scope.web.props.get("UseAccessRequestDefault"))
    if not takes:
        return Outcome(DENIED, "Access denied. You do not have permission to perform this action.")
    item = target.item.guid if target.item is not None else ""
    for key in people:
        props = {"by": scope.claims.login, "item": item, "state": "pending"}
        scope.store.insert("accessrequest", key, at=scope.now, parent=scope.web.id, props=props)
    return Outcome(QUEUED, None)


def _moment(value: object) -> str | None:
    return str(value) if value else None
