"""Sharing: the links to a file or folder, and what single people or groups were given on it.

Both are entities whose parent is the item (`-item.id`: row numbers of items and of entities are different numbers).
A link is a `sharinglink`: its name is `type/scope`, followed by its own GUID when it names people. A grant is a
`sharinggrant`: its name is the claims login name, or the title of a SharePoint group. Who a link names, or who has
used it, is a `sharinguse` below the link: its name is the claims login name, or the e-mail address.
What both show of the item (`shared` in Graph) is kept with the item itself, so that listing costs nothing.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from spmigrate.rehearsal.content import Item, Refusal
from spmigrate.rehearsal.http import split_address
from spmigrate.rehearsal.shared_settings import read_settings
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

LINK, GRANT, USE = "sharinglink", "sharinggrant", "sharinguse"
SCOPES = ("anonymous", "organization", "users")
# Which of a link's types let its user write.
WRITING = frozenset({"edit", "createOnly"})
MARK = "_Shared"
DISABLED, NEW_AND_EXISTING, ANYONE, EXISTING_ONLY = 0, 1, 2, 3
# SharingCapability from the strictest to the widest: its numbers are not in that order.
_WIDTH = {DISABLED: 0, EXISTING_ONLY: 1, NEW_AND_EXISTING: 2, ANYONE: 3}
_LETTERS = {
    "doc": "w", "docx": "w", "docm": "w", "rtf": "w", "xls": "x", "xlsx": "x", "xlsm": "x", "csv": "x",
    "ppt": "p", "pptx": "p", "pptm": "p", "pdf": "b", "txt": "t", "md": "t", "json": "t", "xml": "t", "one": "o",
    "png": "i", "jpg": "i", "jpeg": "i", "gif": "i", "bmp": "i", "mp4": "v", "mov": "v", "avi": "v", "vsdx": "u",
}  # fmt: skip
_PLACES = {"sites": "s", "teams": "t"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A link to be made. `password` is kept as a checksum alone; `people` (claims login names or e-mail addresses)
    belong to the scope `users`."""

    type: str
    scope: str
    by: str
    app: str = ""
    expires: str | None = None
    password: str = ""
    people: tuple[str, ...] = ()


def capability(tenant: Tenant, site: Entity) -> int:
    """The SharingCapability that counts for a site: its own, or the tenant's where that is stricter."""
    limit = int(read_settings(tenant.store).get("SharingCapability", ANYONE))
    own = int(site.props.get("SharingCapability", DISABLED))
    return own if _WIDTH[own] <= _WIDTH[limit] else limit


def require_scope(tenant: Tenant, site: Entity, scope: str) -> None:
    """Refuse (`sharingDisabled`) links of a scope that the tenant's or the site's settings rule out."""
    if scope == "anonymous" and capability(tenant, site) != ANYONE:
        raise Refusal("sharingDisabled", "Sharing by link is not enabled on the web, site, or tenant.")


def require_outsider(tenant: Tenant, site: Entity, *, known: bool) -> None:
    """Refuse (`sharingDisabled`) somebody from outside: everybody, or who is no guest yet."""
    allowed = capability(tenant, site)
    if allowed == DISABLED or (allowed == EXISTING_ONLY and not known):
        raise Refusal("sharingDisabled", "Sharing with people outside of the organization is not allowed here.")


def links(tenant: Tenant, item: Item) -> list[Entity]:
    """The links to an item that have not expired."""
    now = tenant.clock.iso()
    return [each for each in tenant.store.children(-item.id, LINK) if (each.props["expires"] or "9") > now]


def grants(tenant: Tenant, item: Item) -> list[Entity]:
    """What was given on an item itself, not above it, and has not expired."""
    now = tenant.clock.iso()
    return [each for each in tenant.store.children(-item.id, GRANT) if (each.props["expires"] or "9") > now]


def add_link(tenant: Tenant, site: Entity, item: Item, wanted: Wanted) -> tuple[Entity, bool]:
    """The link that was asked for, and whether it is a new one: there is one of each type and scope."""
    require_scope(tenant, site, wanted.scope)
    name = f"{wanted.type}/{wanted.scope}"
    found = None if wanted.people else next((each for each in links(tenant, item) if each.name == name), None)
    if found is not None:
        patch = {"expires": wanted.expires} if wanted.expires else {}
        if wanted.password:
            patch["password"] = _checksum(wanted.password)
        return (tenant.store.update(found, patch, at=tenant.clock.iso()) if patch else found), False
    guid = str(uuid.uuid4())
    props: dict[str, Any] = {
        "type": wanted.type, "scope": wanted.scope, "by": wanted.by, "app": wanted.app, "expires": wanted.expires,
        "password": _checksum(wanted.password) if wanted.password else "", "people": list(wanted.people),
        "item": item.guid,
    }  # fmt: skip
    full = f"{name}/{guid}" if wanted.people else name
    made = tenant.store.insert(LINK, full, at=tenant.clock.iso(), parent=-item.id, guid=guid, props=props)
    for each in wanted.people:
        redeem(tenant, made, each)
    _mark(tenant, item)
    return made, True


def redeem(tenant: Tenant, link: Entity, login: str) -> None:
    """Somebody opens a link, or is named by it: from now on they have what it gives without it."""
    if tenant.store.find(USE, link.id, login) is None:
        tenant.store.insert(USE, login, at=tenant.clock.iso(), parent=link.id)


def alter(tenant: Tenant, entity: Entity, patch: Mapping[str, Any]) -> Entity:
    """Alter a link's or grant's `expires`, `type`, `role` or `people`; `password` is given as it is."""
    given = dict(patch)
    if "password" in given:
        given["password"] = _checksum(str(given["password"])) if given["password"] else ""
    return tenant.store.update(entity, given, at=tenant.clock.iso())


def grant(tenant: Tenant, item: Item, login: str, *, role: str, by: str, expires: str | None = None) -> Entity:
    """Give somebody (a claims login name, or a SharePoint group's title) a role: `read`, `write`, `owner`.

    Who has one already has the new one instead.
    """
    props = {"role": role, "by": by, "expires": expires, "item": item.guid}
    found = tenant.store.find(GRANT, -item.id, login)
    if found is not None:
        return tenant.store.update(found, props, at=tenant.clock.iso())
    made = tenant.store.insert(GRANT, login, at=tenant.clock.iso(), parent=-item.id, props=props)
    _mark(tenant, item)
    return made


def remove(tenant: Tenant, item: Item, entity: Entity) -> None:
    """Take a link or a grant away."""
    tenant.store.delete(entity)
    _mark(tenant, item)


def given_to(tenant: Tenant, login: str) -> list[tuple[Entity, Item]]:
    """What was shared with somebody, newest last, with the items that still live."""
    found = []
    for each in tenant.store.every(GRANT):
        item = tenant.content.by_guid(str(each.props["item"])) if each.name.lower() == login.lower() else None
        if item is not None:
            found.append((each, item))
    return found


def address(site: Entity, item: Item, link: Entity) -> str:
    """A link's address: `https://contoso.sharepoint.com/:w:/s/team/E…`."""
    host, _, path = site.name.partition("/")
    managed, _, name = path.partition("/")
    place = f"{_PLACES[managed]}/{quote(name)}" if managed in _PLACES else "g" + (f"/{quote(path)}" if path else "")
    letter = "f" if item.folder else _LETTERS.get(item.name.rpartition(".")[2].lower(), "u")
    code = uuid.UUID(item.guid).bytes_le + b"\x01" + uuid.UUID(link.guid).bytes_le
    return f"https://{host}/:{letter}:/{place}/E{base64.urlsafe_b64encode(code).decode().rstrip('=')}"


def share_id(url: str) -> str:
    """`u!…`: an address as Graph's `shares` takes it."""
    return "u!" + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def read_share_id(text: str) -> str | None:
    """The address in a share id, None when there is none in it."""
    if not text.startswith("u!"):
        return None
    try:
        return base64.urlsafe_b64decode(text[2:] + "=" * (-len(text[2:]) % 4)).decode()
    except ValueError:
        return None


def find_link(tenant: Tenant, url: str) -> tuple[Entity, Item] | None:
    """The link that an address is, with its item; None when it is no link, or one that is gone or has expired."""
    path = unquote(split_address(url).path)
    code = path.rpartition("/")[2]
    if not path.startswith("/:") or not code.startswith("E"):
        return None
    try:
        content = base64.urlsafe_b64decode(code[1:] + "=" * (-len(code[1:]) % 4))
        item_guid, link_guid = (str(uuid.UUID(bytes_le=content[start : start + 16])) for start in (0, 17))
    except ValueError:
        return None
    item = tenant.content.by_guid(item_guid)
    link = next((each for each in links(tenant, item) if each.guid == link_guid), None) if item else None
    return (link, item) if link is not None and item is not None else None


def opens(link: Entity, password: str) -> bool:
    """True when a link has no password, or this one."""
    return not link.props["password"] or link.props["password"] == _checksum(password)


def scope_of(found: Sequence[Entity]) -> str:
    """The widest scope of some links: Graph's `shared.scope`; empty when there are none."""
    return next((scope for scope in SCOPES if any(each.props["scope"] == scope for each in found)), "")


def _mark(tenant: Tenant, item: Item) -> None:
    """Keep with the item what listings show of its sharing; the item's place in the log of changes is new."""
    now = tenant.content.item(item.id)
    if now is not None:
        tenant.content.mark(now, {MARK: scope_of(links(tenant, item)) or ("users" if grants(tenant, item) else "")})


def _checksum(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()
