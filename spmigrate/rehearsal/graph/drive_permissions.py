"""How permissions on files and folders look in Graph: links, grants, and what is inherited."""

from __future__ import annotations

import base64
from typing import Any

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.drive_items import Drive
from spmigrate.rehearsal.graph.ids import item_id
from spmigrate.rehearsal.permission_levels import CONTRIBUTE_MASK, FULL_MASK, READ_MASK
from spmigrate.rehearsal.rights import Securable, holder_of, level_masks
from spmigrate.rehearsal.storage import Entity


def permission_id(name: str) -> str:
    """The id of what somebody was given: the claims login name, or a SharePoint group's title, in base64."""
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")


def show_permissions(drive: Drive, item: Item) -> list[dict[str, Any]]:
    """Everything that is effective on an item: its own, what comes from folders above it, and what the site gives."""
    shown = own_permissions(drive, item)
    seen = {each["id"] for each in shown}
    for folder in drive.tenant.content.ancestors(item):
        path = drive.tenant.content.path(folder)
        source = {"driveId": drive.id, "id": item_id(folder), "path": f"/drives/{drive.id}/root:/{path}".rstrip(":/")}
        for each in own_permissions(drive, folder):
            if each["id"] not in seen:
                seen.add(each["id"])
                shown.append({**each, "inheritedFrom": source})
    return shown + [each for each in _show_assignments(drive, item) if each["id"] not in seen]


def own_permissions(drive: Drive, item: Item) -> list[dict[str, Any]]:
    """The links to an item, and what was given on the item itself."""
    shown = [show_link(drive, item, each) for each in sharing.links(drive.tenant, item)]
    return shown + [show_grant(drive, each) for each in sharing.grants(drive.tenant, item)]


def show_link(drive: Drive, item: Item, link: Entity) -> dict[str, Any]:
    """A sharing link."""
    kind, scope = str(link.props["type"]), str(link.props["scope"])
    url = sharing.address(drive.site, item, link)
    shown: dict[str, Any] = {
        "id": link.guid,
        "roles": ["write" if kind in sharing.WRITING else "read"],
        "shareId": sharing.share_id(url),
        "hasPassword": bool(link.props["password"]),
        "link": {
            "scope": scope,
            "type": kind,
            "webUrl": url,
            "preventsDownload": kind == "blocksDownload",
        },
    }
    if link.props["expires"]:
        shown["expirationDateTime"] = link.props["expires"]
    if scope != "anonymous":
        people = [_person(drive, name) for name in link.props["people"]]
        shown["grantedToIdentitiesV2"] = [{name: each[name] for name in each if name != "group"} for each in people]
        shown["grantedToIdentities"] = [{"user": each["user"]} for each in people]
    return shown


def show_grant(drive: Drive, grant: Entity) -> dict[str, Any]:
    """What one person or group was given on an item."""
    shown: dict[str, Any] = {
        "id": permission_id(grant.name),
        "roles": [grant.props["role"]],
        **_granted(drive, grant.name),
    }
    if grant.props["expires"]:
        shown["expirationDateTime"] = grant.props["expires"]
    return shown


def _granted(drive: Drive, name: str) -> dict[str, Any]:
    person = _person(drive, name)
    user = person.get("user") or {"displayName": next(iter(person.values()))["displayName"]}
    return {"grantedToV2": person, "grantedTo": {"user": user}}


def _person(drive: Drive, name: str) -> dict[str, Any]:
    """Somebody as an identity set: of the directory, of the site, or of neither (an e-mail address)."""
    store, directory = drive.tenant.store, drive.tenant.directory
    group = store.find("sitegroup", drive.site.id, name)
    if group is not None:
        return {"siteGroup": {"displayName": group.name, "id": str(group.props.get("Id", "")), "loginName": group.name}}
    row = store.find("siteuser", drive.site.id, name)
    claim = name.rsplit("|", 1)[-1]
    listed = directory.group(claim.removesuffix("_o"))
    about: dict[str, Any]
    if listed is not None:
        about = {"displayName": listed.props.get("displayName"), "email": listed.props.get("mail"), "id": listed.guid}
        return {"group": about, "siteUser": _site_user(row, about, name)}
    user = directory.user(claim)
    if user is None:
        title = str(row.props.get("Title", claim)) if row is not None else claim
        email = {"email": claim} if "@" in claim else {}
        return {"user": {"displayName": title, **email}, "siteUser": _site_user(row, {"displayName": title}, name)}
    about = {"displayName": user.props.get("displayName"), "email": user.props.get("mail"), "id": user.guid}
    return {"user": about, "siteUser": _site_user(row, about, name)}


def _site_user(row: Entity | None, about: dict[str, Any], login: str) -> dict[str, Any]:
    number = {"id": str(row.props.get("Id", ""))} if row is not None else {}
    email = {"email": about["email"]} if about.get("email") else {}
    return {"displayName": about["displayName"], **email, **number, "loginName": login}


def _show_assignments(drive: Drive, item: Item) -> list[dict[str, Any]]:
    """The role assignments in force: an item's own when it does not inherit, else of the list or the site."""
    tenant = drive.tenant
    place = Securable(drive.site, drive.web, drive.listing, item if item.parent else None)
    holder = holder_of(tenant, place)
    own = holder.kind == "itemscope" and holder.name == str(item.id)
    masks = level_masks(tenant, drive.site)
    names = {int(row.props["Id"]): row.name for kind in ("sitegroup", "siteuser")
             for row in tenant.store.children(drive.site.id, kind)}  # fmt: skip
    shown = []
    for row in tenant.store.children(holder.id, "assignment"):
        mask = 0
        for level in row.props.get("Roles", []):
            mask |= masks.get(level, 0)
        role = _role(mask)
        name = names.get(int(row.name))
        if name is None or not role:
            continue
        shown.append({
            "id": permission_id(name), "roles": [role], **_granted(drive, name),
            **({} if own else {"inheritedFrom": {}}),
        })  # fmt: skip
    if drive.type == "business":
        owner = str(drive.site.props.get("Owner", ""))
        if all(each["id"] != permission_id(owner) for each in shown):
            shown.append({"id": permission_id(owner), "roles": ["owner"], **_granted(drive, owner)})
    return shown


def _role(mask: int) -> str:
    for role, wanted in (("owner", FULL_MASK), ("write", CONTRIBUTE_MASK), ("read", READ_MASK)):
        if mask & wanted == wanted:
            return role
    return ""
