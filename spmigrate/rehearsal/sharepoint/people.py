"""Users and SharePoint groups of a site collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.http import SHAREPOINT_APP_LOGIN
from spmigrate.rehearsal.odata.errors import (
    bad_argument,
    duplicate_name,
    group_missing,
    principal_missing,
    user_missing,
)
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Stored, action, computed, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, INT, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# Characters that a SharePoint group's title may not hold.
_BAD_TITLE = frozenset("\"/\\[]:|<>+=;,?*'@")
_EVERYONE = "c:0(.s|true"
_SPECIAL = {
    _EVERYONE: "Everyone",
    SHAREPOINT_APP_LOGIN: "SharePoint App",
}


class User(Stored):
    """A person, a security group or a claim that a site knows."""

    type = "SP.User"
    feed = "Users"
    declared = table(
        group(INT, 0, "Id"),
        group(INT, 1, "PrincipalType"),
        group(TEXT, "", "LoginName Expiration"),
        group(TEXT, "", "Title Email", writable=True),
        group(TEXT, None, "UserPrincipalName"),
        group(BOOLEAN, False, "IsEmailAuthenticationGuestUser IsHiddenInUI IsShareByEmailGuestUser"),
        group(BOOLEAN, False, "IsSiteAdmin", writable=True),
        group("SP.UserIdInfo", None, "UserId"),
        group("Collection(Edm.String)", [], "AlternateContacts", on_select=True),
    )

    @property
    def id(self) -> int:
        """The number of this principal in its site."""
        return int(self.entity.props["Id"])

    @property
    def path(self) -> str:
        return f"Web/GetUserById({self.id})"

    @link("Groups")
    def groups(self) -> SiteGroups:
        """The SharePoint groups that the person is in."""
        return SiteGroups(self.scope, member=self.id)

    def delete(self) -> None:
        remove_principal(self.scope, self.entity)


class SiteGroup(Stored):
    """A SharePoint group."""

    type = "SP.Group"
    feed = "SiteGroups"
    declared = table(
        group(INT, 0, "Id"),
        group(INT, 8, "PrincipalType"),
        group(TEXT, "", "LoginName"),
        group(TEXT, "", "Title RequestToJoinLeaveEmailSetting", writable=True),
        group(TEXT, None, "Description", writable=True),
        group(TEXT, "", "OwnerTitle"),
        group(BOOLEAN, False, "AllowMembersEditMembership AllowRequestToJoinLeave AutoAcceptRequestToJoinLeave "
              "OnlyAllowMembersViewMembership", writable=True),
        group(BOOLEAN, False, "IsHiddenInUI"),
        group(BOOLEAN, True, "CanCurrentUserEditMembership CanCurrentUserManageGroup CanCurrentUserViewMembership",
              on_select=True),
    )  # fmt: skip

    @property
    def id(self) -> int:
        """The number of this principal in its site."""
        return int(self.entity.props["Id"])

    @property
    def path(self) -> str:
        return f"Web/SiteGroups/GetById({self.id})"

    @computed("Title")
    def _title(self) -> str:
        return self.entity.name

    @computed("LoginName")
    def _login(self) -> str:
        return self.entity.name

    @computed("OwnerTitle")
    def _owner_title(self) -> str:
        owner = principal(self.scope, int(self.entity.props.get("_Owner", self.id)))
        if owner is None:
            return self.entity.name
        return owner.name if owner.kind == "sitegroup" else str(owner.props.get("Title", ""))

    @link("Users")
    def users(self) -> GroupUsers:
        """The people in the group."""
        return GroupUsers(self.scope, self.entity)

    @link("Owner")
    def owner(self) -> Stored | None:
        """Who may change the membership."""
        found = principal(self.scope, int(self.entity.props.get("_Owner", self.id)))
        return None if found is None else as_resource(self.scope, found)

    @action("SetUserAsOwner")
    def set_user_as_owner(self, call: Call) -> None:
        """Make a principal the group's owner."""
        found = principal(self.scope, call.number("ownerId", 0))
        if found is None:
            raise principal_missing()
        self.entity = self.scope.store.update(self.entity, {"_Owner": found.props["Id"]}, at=self.scope.now)

    def save(self, patch: Mapping[str, Any]) -> None:
        title = str(patch.get("Title", self.entity.name))
        if title.casefold() != self.entity.name.casefold():
            refuse_title(self.scope, title)
        kept = {key: value for key, value in patch.items() if key != "Title"}
        self.entity = self.scope.store.update(self.entity, kept, at=self.scope.now, name=title)

    def delete(self) -> None:
        remove_principal(self.scope, self.entity)


class Users(Collection):
    """Everybody whom the site knows."""

    feed = "SiteUsers"
    element = User

    def rows(self) -> list[Entity]:
        """The rows behind the collection."""
        return self.scope.store.children(self.scope.site.id, "siteuser")

    def all(self) -> list[User]:
        return [User(self.scope, row) for row in self.rows()]

    def by_key(self, key: object) -> User:
        for row in self.rows():
            if str(row.props["Id"]) == str(key) or row.name.casefold() == str(key).casefold():
                return User(self.scope, row)
        raise principal_missing()

    @function("GetById")
    def get_by_id(self, call: Call) -> User:
        """A user by number."""
        return self.by_key(call.number("id", 0))

    @function("GetByEmail")
    def get_by_email(self, call: Call) -> User:
        """A user by e-mail address."""
        email = call.text("emailAddress", 0).casefold()
        for row in self.rows():
            if str(row.props.get("Email", "")).casefold() == email:
                return User(self.scope, row)
        raise principal_missing()

    @function("GetByLoginName")
    def get_by_login_name(self, call: Call) -> User:
        """A user by claims login name."""
        return self.by_key(call.text("loginName", 0))

    @action("RemoveById")
    def remove_by_id(self, call: Call) -> None:
        """Remove a user by number."""
        self.by_key(call.number("id", 0)).delete()

    @action("RemoveByLoginName")
    def remove_by_login_name(self, call: Call) -> None:
        """Remove a user by claims login name."""
        self.by_key(call.text("loginName", 0)).delete()

    def create(self, call: Call) -> User:
        return User(self.scope, ensure_user(self.scope, call.text("LoginName")))


class GroupUsers(Users):
    """The people of one SharePoint group."""

    feed = "Users"

    def __init__(self, scope: Scope, owner: Entity) -> None:
        super().__init__(scope)
        self.owner = owner

    def _numbers(self) -> list[int]:
        row = self.scope.store.by_id(self.owner.id)
        return list(row.props.get("_Users", [])) if row else []

    def rows(self) -> list[Entity]:
        wanted = set(self._numbers())
        return [row for row in super().rows() if row.props["Id"] in wanted]

    def create(self, call: Call) -> User:
        row = ensure_user(self.scope, call.text("LoginName"))
        number = row.props["Id"]
        if number not in self._numbers():
            self._keep([*self._numbers(), number])
        return User(self.scope, row)

    @action("RemoveById")
    def remove_by_id(self, call: Call) -> None:
        """Take a person out of the group, by number."""
        self._remove(self.by_key(call.number("id", 0)))

    @action("RemoveByLoginName")
    def remove_by_login_name(self, call: Call) -> None:
        """Take a person out of the group, by claims login name."""
        self._remove(self.by_key(call.text("loginName", 0)))

    def _remove(self, user: User) -> None:
        self._keep([number for number in self._numbers() if number != user.id])

    def _keep(self, numbers: list[int]) -> None:
        self.scope.store.update(self.owner, {"_Users": numbers}, at=self.scope.now)


class SiteGroups(Collection):
    """The SharePoint groups of the site, or those that a person is in."""

    feed = "SiteGroups"
    element = SiteGroup

    def __init__(self, scope: Scope, member: int | None = None) -> None:
        super().__init__(scope)
        self.member = member

    def rows(self) -> list[Entity]:
        """The rows behind the collection."""
        every = self.scope.store.children(self.scope.site.id, "sitegroup")
        if self.member is None:
            return every
        return [row for row in every if self.member in row.props.get("_Users", [])]

    def all(self) -> list[SiteGroup]:
        return [SiteGroup(self.scope, row) for row in self.rows()]

    def by_key(self, key: object) -> SiteGroup:
        for row in self.rows():
            if str(row.props["Id"]) == str(key):
                return SiteGroup(self.scope, row)
        raise group_missing()

    @function("GetById")
    def get_by_id(self, call: Call) -> SiteGroup:
        """A group by number."""
        return self.by_key(call.number("id", 0))

    @function("GetByName")
    def get_by_name(self, call: Call) -> SiteGroup:
        """A group by title."""
        name = call.text("name", 0)
        for row in self.rows():
            if row.name.casefold() == name.casefold():
                return SiteGroup(self.scope, row)
        raise group_missing()

    @action("RemoveById")
    def remove_by_id(self, call: Call) -> None:
        """Remove a group by number."""
        self.by_key(call.number("id", 0)).delete()

    @action("RemoveByLoginName")
    def remove_by_login_name(self, call: Call) -> None:
        """Remove a group by title."""
        self.get_by_name(Call(call.segment, body={"name": call.text("loginName", 0)})).delete()

    def create(self, call: Call) -> SiteGroup:
        given = call.record("parameters")
        title = str(given.get("Title") or "")
        refuse_title(self.scope, title)
        props = {name: value for name, value in given.items() if name in ("Description", *_GROUP_FLAGS)}
        return SiteGroup(self.scope, add_group(self.scope, title, props))


_GROUP_FLAGS = (
    "AllowMembersEditMembership",
    "AllowRequestToJoinLeave",
    "AutoAcceptRequestToJoinLeave",
    "OnlyAllowMembersViewMembership",
    "RequestToJoinLeaveEmailSetting",
)
_PRINCIPAL_KINDS = ("siteuser", "sitegroup")


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
    for kind in _PRINCIPAL_KINDS:
        for row in scope.store.children(scope.site.id, kind):
            if row.props["Id"] == number:
                return row
    return None


def as_resource(scope: Scope, row: Entity) -> Stored:
    """A principal's row as the resource that it is."""
    return SiteGroup(scope, row) if row.kind == "sitegroup" else User(scope, row)


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
    known = _resolve(scope, login.strip())
    if known is None:
        raise user_missing(login)
    name, props = known
    found = scope.store.find("siteuser", scope.site.id, name)
    if found is not None:
        return found
    number = next_number(scope)
    return scope.store.insert(
        "siteuser", name, at=scope.now, parent=scope.site.id, props={**props, "LoginName": name, "Id": number}
    )


def _resolve(scope: Scope, login: str) -> tuple[str, dict[str, Any]] | None:
    low = login.lower()
    tenant_id = scope.tenant.names.tenant_id
    everyone = f"c:0-.f|rolemanager|spo-grid-all-users/{tenant_id}"
    if low in _SPECIAL:
        return low, {"Title": _SPECIAL[low], "PrincipalType": 4 if low == _EVERYONE else 1}
    if low in (everyone, "everyone except external users"):
        return everyone, {"Title": "Everyone except external users", "PrincipalType": 4}
    for prefix in ("c:0o.c|federateddirectoryclaimprovider|", "c:0t.c|tenant|"):
        if low.startswith(prefix):
            return _resolve_group(scope, low, low.removeprefix(prefix))
    user = scope.tenant.directory.user_by_login(login)
    if user is None:
        return None
    props = user.props
    content = {
        "Title": props.get("displayName") or user.name,
        "Email": props.get("mail") or "",
        "UserPrincipalName": user.name,
        "PrincipalType": 1,
        "IsShareByEmailGuestUser": props.get("userType") == "Guest",
        "UserId": {"NameId": user.guid.replace("-", "")[:16], "NameIdIssuer": "urn:federation:microsoftonline"},
    }
    return f"i:0#.f|membership|{user.name.lower()}", content


def _resolve_group(scope: Scope, login: str, identity: str) -> tuple[str, dict[str, Any]] | None:
    row = scope.tenant.directory.group(identity.removesuffix("_o"))
    if row is None:
        return None
    title = str(row.props.get("displayName", row.name))
    suffix = " Owners" if identity.endswith("_o") else ""
    return login, {"Title": title + suffix, "Email": row.props.get("mail") or "", "PrincipalType": 4}
