"""Who is in the tenant: users, guests, groups, applications, and the tenant-wide policies."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.storage import Entity, Store

ADMINISTRATOR = "admin"


class Directory:
    """Users, groups and applications as entities of the kinds `user`, `group` and `app`.

    A user's name is the UPN, a group's its display name, an application's its client id (= GUID). Props
    are Graph's own property names. Members and owners are entities of the kinds `member` and `owner`
    below the group; their name is the object id of the person.
    """

    def __init__(self, store: Store, clock: Clock, domain: str) -> None:
        self._store = store
        self._clock = clock
        self.domain = domain

    def user(self, upn_or_id: str) -> Entity | None:
        """A user or guest by UPN (also as the local part of the tenant's own domain), or object id."""
        found = self._store.get("user", upn_or_id) or self._store.find("user", 0, upn_or_id)
        if found is None and "@" not in upn_or_id:
            return self._store.find("user", 0, f"{upn_or_id}@{self.domain}")
        return found

    def is_administrator(self, upn: str) -> bool:
        """True for the one account that administers the tenant: `admin` in its own domain."""
        return upn.lower() == f"{ADMINISTRATOR}@{self.domain}"

    def user_by_login(self, login: str) -> Entity | None:
        """A user by claims login name (`i:0#.f|membership|upn`), UPN or e-mail address."""
        name = login.rsplit("|", 1)[-1]
        found = self.user(name)
        if found is not None:
            return found
        matches = [each for each in self._store.every("user") if each.props.get("mail", "").lower() == name.lower()]
        return matches[0] if matches else None

    def users(self) -> list[Entity]:
        """All users and guests."""
        return self._store.every("user")

    def groups(self) -> list[Entity]:
        """All groups."""
        return self._store.every("group")

    def group(self, group_id: str) -> Entity | None:
        """A group by object id."""
        return self._store.get("group", group_id)

    def app(self, client_id: str) -> Entity | None:
        """An application by client id."""
        return self._store.get("app", client_id)

    def people(self, group: Entity, role: str) -> list[Entity]:
        """A group's people: `role` is `member` or `owner`."""
        found = (self._store.get("user", each.name) for each in self._store.children(group.id, role))
        return [each for each in found if each is not None]

    def add_user(self, upn: str, *, props: Mapping[str, Any]) -> Entity:
        """Add a user; `props` needs at least `displayName`."""
        defaults = {"mail": upn, "userType": "Member", "accountEnabled": True}
        content = {**defaults, "createdDateTime": self._clock.iso(), **props}
        return self._store.insert("user", upn, at=self._clock.iso(), props=content)

    def add_group(self, name: str, *, props: Mapping[str, Any] | None = None) -> Entity:
        """Add a group without people."""
        content = {"mailEnabled": False, "securityEnabled": True, "groupTypes": [], **(props or {})}
        return self._store.insert("group", name, at=self._clock.iso(), props={"displayName": name, **content})

    def add_person(self, group: Entity, role: str, user: Entity) -> bool:
        """Put a person into a group as `member` or `owner`; False when they are in it already."""
        if self._store.find(role, group.id, user.guid) is not None:
            return False
        self._store.insert(role, user.guid, parent=group.id, at=self._clock.iso(), guid=str(uuid.uuid4()))
        return True

    def remove_person(self, group: Entity, role: str, user_id: str) -> bool:
        """Take a person out of a group; False when they are not in it."""
        found = self._store.find(role, group.id, user_id)
        if found is None:
            return False
        self._store.delete(found)
        return True
