"""Who is in the tenant: users, guests, groups, applications, and who belongs to what."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.storage import Entity, Store

ADMINISTRATOR = "admin"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
# What may be found by its object id alone, and what may be a member of something.
OBJECT_KINDS = ("user", "group", "principal", "app", "unit", "directoryrole")
# Every change of these gets a number, by which a delta goes on; a member's change is the group's as well.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS directory_change(
  number INTEGER PRIMARY KEY AUTOINCREMENT, entity INTEGER NOT NULL UNIQUE, kind TEXT NOT NULL, guid TEXT NOT NULL,
  parent INTEGER NOT NULL, name TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS directory_change_kind ON directory_change(kind, number);
CREATE INDEX IF NOT EXISTS directory_change_parent ON directory_change(parent, number);
"""
_TRIGGER = """
CREATE TRIGGER IF NOT EXISTS directory_{event} AFTER {event} ON entity WHEN {row}.kind IN
  ('user', 'group', 'member', 'owner', 'principal', 'app', 'unit', 'directoryrole', 'permissiongrant')
BEGIN
  INSERT OR REPLACE INTO directory_change(entity, kind, guid, parent, name)
    VALUES({row}.id, {row}.kind, {row}.guid, {row}.parent, {row}.name);
  INSERT OR REPLACE INTO directory_change(entity, kind, guid, parent, name)
    SELECT id, kind, guid, parent, name FROM entity WHERE id = {row}.parent AND {row}.kind IN ('member', 'owner');
END;
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What was last done to something: `number` rises with every change in the tenant."""

    number: int
    entity: int
    guid: str
    name: str


class Directory:
    """Users, groups and applications as entities of the kinds `user`, `group`, `app` and `principal`.

    A user's name is the UPN, a group's its display name, an application's its display name (its GUID is the client
    id), a service principal's the client id. Props are Graph's own property names; `_` begins what Graph never shows.
    Members and owners are entities of the kinds `member` and `owner` below the thing that has them; their name is the
    object id of the member.
    """

    def __init__(self, store: Store, clock: Clock, domain: str) -> None:
        self._store = store
        self._clock = clock
        self.domain = domain
        events = (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
        triggers = "".join(_TRIGGER.format(event=event, row=row) for event, row in events)
        store.extend(_SCHEMA + triggers, "directory_change")

    def user(self, upn_or_id: str) -> Entity | None:
        """A user or guest by UPN (also as the local part of the tenant's own domain), or object id."""
        found = self._store.get("user", upn_or_id) or self._store.find("user", 0, upn_or_id)
        if found is None and "@" not in upn_or_id:
            return self._store.find("user", 0, f"{upn_or_id}@{self.domain}")
        return found

    def is_administrator(self, upn: str) -> bool:
        """True for the account that administers the tenant from its first day, and for every global administrator."""
        if upn.lower() == f"{ADMINISTRATOR}@{self.domain}":
            return True
        found = self._store.find("user", 0, upn)
        return found is not None and GLOBAL_ADMINISTRATOR in self.roles_of(found.guid)

    def user_by_login(self, login: str) -> Entity | None:
        """A user by claims login name (`i:0#.f|membership|upn`), UPN or e-mail address."""
        name = login.rsplit("|", 1)[-1]
        found = self.user(name)
        if found is not None:
            return found
        matches = [each for each in self._store.every("user") if (each.props.get("mail") or "").lower() == name.lower()]
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

    def app_by_object(self, object_id: str) -> Entity | None:
        """An application by the object id of its registration."""
        wanted = object_id.lower()
        return next((each for each in self._store.every("app") if application_id(each.guid) == wanted), None)

    def principal(self, object_or_client_id: str) -> Entity | None:
        """A service principal by its object id, or by its application's client id."""
        found = self._store.get("principal", object_or_client_id)
        return found or self._store.find("principal", 0, object_or_client_id)

    def find(self, object_id: str) -> Entity | None:
        """Anything in the directory by its object id."""
        for kind in OBJECT_KINDS:
            found = self._store.get(kind, object_id) if kind != "app" else self.app_by_object(object_id)
            if found is not None:
                return found
        return None

    def roles_of(self, object_id: str) -> frozenset[str]:
        """The templates of the directory roles that somebody holds."""

        def look() -> frozenset[str]:
            held = self.holders("member", object_id, "directoryrole")
            return frozenset(each.props["roleTemplateId"] for each in held)

        return self._store.remembered(("directory roles", object_id), look)

    def people(self, group: Entity, role: str) -> list[Entity]:
        """A group's people, without its other members: `role` is `member` or `owner`."""
        return [each for each in self.linked(group, role) if each.kind == "user"]

    def linked(self, holder: Entity, role: str) -> list[Entity]:
        """All members or owners of something, in order of joining."""
        found = (self.find(each.name) for each in self._store.children(holder.id, role))
        return [each for each in found if each is not None]

    def linked_deep(self, holder: Entity, role: str = "member") -> list[Entity]:
        """The members of a group and of the groups in it, each once."""
        seen: dict[str, Entity] = {}
        waiting = [holder]
        while waiting:
            for each in self.linked(waiting.pop(0), role):
                if each.guid not in seen and each.guid != holder.guid:
                    seen[each.guid] = each
                    if each.kind == "group":
                        waiting.append(each)
        return list(seen.values())

    def holders(self, role: str, object_id: str, *kinds: str) -> list[Entity]:
        """What somebody is a member or an owner of, by kind."""
        found = (self._store.by_id(number) for number in self._store.holders(role, object_id))
        return [each for each in found if each is not None and each.deleted is None and each.kind in kinds]

    def holders_deep(self, object_id: str, *kinds: str) -> list[Entity]:
        """What somebody is a member of, also by groups in groups; each once."""
        seen: dict[str, Entity] = {}
        waiting = [object_id]
        while waiting:
            for each in self.holders("member", waiting.pop(0), *kinds):
                if each.guid not in seen:
                    seen[each.guid] = each
                    waiting.append(each.guid)
        return list(seen.values())

    def add_user(self, upn: str, *, props: Mapping[str, Any]) -> Entity:
        """Add a user; `props` needs at least `displayName`."""
        defaults = {"mail": upn, "userType": "Member", "accountEnabled": True}
        content = {**defaults, "createdDateTime": self._clock.iso(), **props}
        return self._store.insert("user", upn, at=self._clock.iso(), props=content)

    def add_group(self, name: str, *, props: Mapping[str, Any] | None = None) -> Entity:
        """Add a group without people."""
        content = {"mailEnabled": False, "securityEnabled": True, "groupTypes": [], **(props or {})}
        return self._store.insert("group", name, at=self._clock.iso(), props={**content, "displayName": name})

    def add_principal(self, client_id: str, *, props: Mapping[str, Any]) -> Entity:
        """Let an application into the tenant: its service principal."""
        identity = service_principal_id(client_id)
        return self._store.insert("principal", client_id, at=self._clock.iso(), guid=identity, props=props)

    def add_person(self, group: Entity, role: str, member: Entity) -> bool:
        """Put somebody into a group as `member` or `owner`; False when they are in it already."""
        identity = object_id(member)
        if self._store.find(role, group.id, identity) is not None:
            return False
        self._store.insert(role, identity, parent=group.id, at=self._clock.iso(), guid=str(uuid.uuid4()))
        return True

    def remove_person(self, group: Entity, role: str, member_id: str) -> bool:
        """Take somebody out of a group; False when they are not in it."""
        found = self._store.find(role, group.id, member_id)
        if found is None:
            return False
        self._store.delete(found)
        return True

    def last_change(self) -> int:
        """The number of the last change in the directory."""
        row = self._store.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'directory_change'").fetchone()
        return int(row[0]) if row else 0

    def changes(self, kind: str, *, after: int, limit: int = -1) -> list[Change]:
        """What happened to things of a kind since a change, the oldest first; each thing once, by its last change."""
        return self._changes("kind = ?", kind, after, limit)

    def changes_below(self, parent: Entity, *kinds: str, after: int) -> Iterator[tuple[str, Change, bool]]:
        """What happened to the members and owners of something: the kind, the change, and whether it is still there."""
        for kind in kinds:
            for each in self._changes("parent = ? AND kind = ?", parent.id, kind, after, -1):
                found = self._store.by_id(each.entity)
                yield kind, each, found is not None and found.deleted is None

    def _changes(self, clause: str, *arguments: object) -> list[Change]:
        rows = self._store.db.execute(
            f"SELECT number, entity, guid, name FROM directory_change WHERE {clause} AND number > ?"  # noqa: S608 - ours
            " ORDER BY number LIMIT ?",
            arguments,
        )
        return [Change(*row) for row in rows]


def object_id(entity: Entity) -> str:
    """The object id by which the directory knows something."""
    return application_id(entity.guid) if entity.kind == "app" else entity.guid


def application_id(client_id: str) -> str:
    """The object id of an application's registration."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"application/{client_id}"))


def grant_id(client: str, resource: str, person: str | None) -> str:
    """The id of delegated permissions that a client (a service principal) was granted at a resource."""
    digest = hashlib.sha256(f"{client}/{resource}/{person}".encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def service_principal_id(client_id: str) -> str:
    """The object id of an application's service principal."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"servicePrincipal/{client_id}"))
