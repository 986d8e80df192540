"""Whom and what people follow: people, sites and documents.

| kind of entity | parent | name |
|---|---|---|
| `following` | user | object id of the person who is followed |
| `followedplace` | user | absolute address of a site or document; `ActorType` says which |
"""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

PERSON, DOCUMENT, SITE, TAG = 0, 1, 2, 3
OK, ALREADY, LIMIT_REACHED = 0, 1, 2
# Source: the limits of following that SharePoint has: people and documents together with sites.
MAX_PLACES = 500


def is_following(scope: Scope, follower: Entity | None, person: Entity) -> bool:
    """Whether somebody follows somebody."""
    return follower is not None and scope.store.find("following", follower.id, person.guid) is not None


def add_following(scope: Scope, follower: Entity, person: Entity) -> int:
    """Follow somebody; says whether that is new (SocialFollowResult)."""
    if is_following(scope, follower, person):
        return ALREADY
    scope.store.insert("following", person.guid, at=scope.now, parent=follower.id)
    return OK


def drop_following(scope: Scope, follower: Entity, person: Entity) -> None:
    """Follow somebody no more."""
    found = scope.store.find("following", follower.id, person.guid)
    if found is not None:
        scope.store.delete(found)


def following(scope: Scope, follower: Entity) -> list[Entity]:
    """Whom somebody follows."""
    found = (scope.tenant.directory.user(each.name) for each in scope.store.children(follower.id, "following"))
    return [each for each in found if each is not None]


def followers(scope: Scope, person: Entity) -> list[Entity]:
    """Who follows somebody."""
    found = (scope.store.by_id(number) for number in scope.store.holders("following", person.guid))
    return [each for each in found if each is not None and each.deleted is None]


def places(scope: Scope, follower: Entity) -> list[Entity]:
    """The sites and documents that somebody follows."""
    return scope.store.children(follower.id, "followedplace")


def find_place(scope: Scope, follower: Entity, url: str) -> Entity | None:
    """What somebody follows at an address."""
    return scope.store.find("followedplace", follower.id, url.rstrip("/"))


def add_place(scope: Scope, follower: Entity, url: str, kind: int) -> int:
    """Follow a site or document; refuses (500) an address where there is none."""
    if find_place(scope, follower, url) is not None:
        return ALREADY
    if len(places(scope, follower)) >= MAX_PLACES:
        return LIMIT_REACHED
    props = _describe(scope, url, kind)
    scope.store.insert("followedplace", url.rstrip("/"), at=scope.now, parent=follower.id, props=props)
    return OK


def _describe(scope: Scope, url: str, kind: int) -> dict[str, Any]:
    address = url.partition("://")[2].rstrip("/")
    host, _, path = address.partition("/")
    parts = path.split("/")
    managed = parts[0].lower() in ("sites", "teams", "personal")
    site = scope.store.find("site", 0, "/".join([host, *(parts[:2] if managed else [])]))
    if site is None:
        raise ODataError(
            500, "-1, Microsoft.Office.Server.Social.SocialException", "The operation failed: item not found."
        )
    title = str(site.props.get("Title", "")) if kind == SITE else path.rpartition("/")[2]
    return {"ActorType": kind, "Title": title, "Site": site.guid}
