"""The people and groups of a site collection: users, security groups and claims that it knows, SharePoint groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import (
    access_denied,
    group_missing,
    principal_missing,
    site_user_missing,
    unknown_member,
)
from spmigrate.rehearsal.permission_levels import Right
from spmigrate.rehearsal.rights import standing
from spmigrate.rehearsal.sharepoint.access import Level, own_mask, require_at
from spmigrate.rehearsal.sharepoint.alerts import Alerts
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Stored, action, computed, function, link
from spmigrate.rehearsal.sharepoint.principals import (
    add_group,
    ensure_user,
    principal,
    refuse_title,
    remove_principal,
)
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, INT, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_OWN = frozenset({"Title", "Email"})
_GROUP_FLAGS = (
    "AllowMembersEditMembership",
    "AllowRequestToJoinLeave",
    "AutoAcceptRequestToJoinLeave",
    "OnlyAllowMembersViewMembership",
    "RequestToJoinLeaveEmailSetting",
)


class User(Stored):
    """A person, a security group or a claim that a site knows."""

    type = "SP.User"
    feed = "Users"
    write_level = Level.VISIT
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

    @link("Alerts")
    def alerts(self) -> Alerts:
        """Mails about changes that the person asked for."""
        return Alerts(self.scope)

    @link("Groups")
    def groups(self) -> SiteGroups:
        """The SharePoint groups that the person is in."""
        return SiteGroups(self.scope, member=self.id)

    @action("Expire")
    def expire(self, _call: Call) -> None:
        """End the access of somebody from outside at once."""
        self.entity = self.scope.store.update(self.entity, {"Expiration": self.scope.now}, at=self.scope.now)

    def save(self, patch: Mapping[str, Any]) -> None:
        """Alter the entry: everybody their own name and address, administrators of the site anything."""
        if not self.scope.claims.app_only:
            own = self.entity.name == self.scope.claims.login.lower() and set(patch) <= _OWN
            if not (own or standing(self.scope.tenant, self.scope.claims.login, self.scope.site).administrator):
                raise access_denied()
        super().save(patch)

    def delete(self) -> None:
        if not self.scope.claims.app_only and not own_mask(self) & Right.MANAGE_WEB:
            raise access_denied()
        remove_principal(self.scope, self.entity)


class SiteGroup(Stored):
    """A SharePoint group."""

    type = "SP.Group"
    feed = "SiteGroups"
    write_level = Level.VISIT
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
        owner = principal(self.scope, int(self.entity.props.get("_Owner") or self.id))
        if owner is None:
            return self.entity.name
        return owner.name if owner.kind == "sitegroup" else str(owner.props.get("Title", ""))

    @computed("CanCurrentUserManageGroup")
    def can_manage(self) -> bool:
        """Whether the caller may alter the group: its owner, and who manages the site's permissions."""
        if self.scope.claims.app_only or own_mask(self) & Right.MANAGE_PERMISSIONS:
            return True
        return int(self.entity.props.get("_Owner") or self.id) in self._caller()

    @computed("CanCurrentUserEditMembership")
    def can_edit_membership(self) -> bool:
        """Whether the caller may put people in and take them out."""
        member = bool(self.entity.props.get("AllowMembersEditMembership")) and self.id in self._caller()
        return member or self.can_manage()

    @computed("CanCurrentUserViewMembership")
    def can_view_membership(self) -> bool:
        """Whether the caller may see who is in the group."""
        restricted = bool(self.entity.props.get("OnlyAllowMembersViewMembership"))
        return not restricted or self.id in self._caller() or self.can_manage()

    def _caller(self) -> frozenset[int]:
        return standing(self.scope.tenant, self.scope.claims.login, self.scope.site).numbers

    @link("Users")
    def users(self) -> GroupUsers:
        """The people in the group; refused (403) to who may not see them."""
        if not self.can_view_membership():
            raise access_denied()
        return GroupUsers(self.scope, self.entity)

    @link("Owner")
    def owner(self) -> Stored | None:
        """Who may change the membership."""
        found = principal(self.scope, int(self.entity.props.get("_Owner") or self.id))
        return None if found is None else as_resource(self.scope, found)

    @action("SetUserAsOwner")
    def set_user_as_owner(self, call: Call) -> None:
        """Make a principal the group's owner."""
        found = principal(self.scope, call.number("ownerId", 0))
        if found is None:
            raise principal_missing()
        self._require_manager()
        self.entity = self.scope.store.update(self.entity, {"_Owner": found.props["Id"]}, at=self.scope.now)

    def save(self, patch: Mapping[str, Any]) -> None:
        self._require_manager()
        title = str(patch.get("Title", self.entity.name))
        if title.casefold() != self.entity.name.casefold():
            refuse_title(self.scope, title)
        kept = {key: value for key, value in patch.items() if key != "Title"}
        self.entity = self.scope.store.update(self.entity, kept, at=self.scope.now, name=title)

    def delete(self) -> None:
        self._require_manager()
        remove_principal(self.scope, self.entity)

    def _require_manager(self) -> None:
        if not self.can_manage():
            raise access_denied()


class Users(Collection):
    """Everybody whom the site knows."""

    feed = "SiteUsers"
    element = User
    write_level = Level.CONTROL

    def rows(self) -> list[Entity]:
        """The rows behind the collection."""
        return self.scope.store.children(self.scope.site.id, "siteuser")

    def all(self) -> list[User]:
        return [User(self.scope, row) for row in self.rows()]

    def by_key(self, key: object) -> User:
        for row in self.rows():
            if str(row.props["Id"]) == str(key) or row.name.casefold() == str(key).casefold():
                return User(self.scope, row)
        raise site_user_missing()

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
        raise site_user_missing()

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
    write_level = Level.VISIT

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
        self._require_editor()
        row = ensure_user(self.scope, call.text("LoginName"))
        number = row.props["Id"]
        if number not in self._numbers():
            self._keep([*self._numbers(), number])
        return User(self.scope, row)

    @action("RemoveById")
    def remove_by_id(self, call: Call) -> None:
        """Take a person out of the group, by number."""
        self._remove(call.number("id", 0))

    @action("RemoveByLoginName")
    def remove_by_login_name(self, call: Call) -> None:
        """Take a person out of the group, by claims login name."""
        self._remove(self.by_key(call.text("loginName", 0)).id)

    def _remove(self, number: int) -> None:
        self._require_editor()
        if number not in self._numbers():
            raise unknown_member(number)
        self._keep([each for each in self._numbers() if each != number])

    def _require_editor(self) -> None:
        if not SiteGroup(self.scope, self.owner).can_edit_membership():
            raise access_denied()

    def _keep(self, numbers: list[int]) -> None:
        self.scope.store.update(self.owner, {"_Users": numbers}, at=self.scope.now)


class SiteGroups(Collection):
    """The SharePoint groups of the site, or those that a person is in."""

    feed = "SiteGroups"
    element = SiteGroup
    write_level = Level.VISIT

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
        return self._named(call.text("name", 0))

    def _named(self, name: str) -> SiteGroup:
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
        self._named(call.text("loginName", 0)).delete()

    def create(self, call: Call) -> SiteGroup:
        self._require_creator()
        given = call.record("parameters")
        title = str(given.get("Title") or "")
        refuse_title(self.scope, title)
        blank = SiteGroup(self.scope, Entity(0, "sitegroup", "", 0, "", {}, 1, "", "", None))
        patch = blank.read_body(given, creating=True)
        props = {name: value for name, value in patch.items() if name in ("Description", *_GROUP_FLAGS)}
        return SiteGroup(self.scope, add_group(self.scope, title, props))

    def _require_creator(self) -> None:
        if not self.scope.claims.app_only and not own_mask(self) & Right.CREATE_GROUPS:
            require_at(self, Level.PERMISSIONS)


def as_resource(scope: Scope, row: Entity) -> Stored:
    """A principal's row as the resource that it is."""
    return SiteGroup(scope, row) if row.kind == "sitegroup" else User(scope, row)


def associated(scope: Scope, web: Entity, name: str) -> SiteGroup | None:
    """One of a web's three groups, by the property that keeps its number."""
    number = web.props.get(name)
    row = principal(scope, int(number)) if number else None
    return SiteGroup(scope, row) if row is not None and row.kind == "sitegroup" else None


def current_user(scope: Scope) -> User:
    """The caller."""
    return User(scope, ensure_user(scope, scope.claims.login))


__all__ = [
    "GroupUsers", "SiteGroup", "SiteGroups", "User", "Users", "add_group", "as_resource", "associated",
    "current_user", "ensure_user", "principal",
]  # fmt: skip
