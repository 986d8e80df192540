"""Sharing files and folders: links, invitations."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.clock import normal_time
from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.call import Call, GraphError, collection, entity
from spmigrate.rehearsal.graph.drive_items import Drive
from spmigrate.rehearsal.graph.drive_permissions import (
    show_grant,
    show_link,
)
from spmigrate.rehearsal.graph.drives import Address, need_item
from spmigrate.rehearsal.graph.site_types import PERMISSION
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.shared_settings import read_settings

_TYPES = {each.lower(): each for each in ("view", "edit", "review", "blocksDownload", "createOnly", "addressBar",
                                          "adminDefault", "embed")}  # fmt: skip
_ROLES = {"read": "read", "write": "write", "owner": "owner", "sp.full control": "owner"}
# DefaultSharingLinkType of the tenant: 1 specific people, 2 the organisation, 3 anyone.
_DEFAULT_SCOPES = {1: "users", 2: "organization", 3: "anonymous"}


def create_link(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/createLink`: 201 for a new link, 200 for the one of this type and scope that there is."""
    item = need_item(drive, address)
    body = call.body()
    wanted = sharing.Wanted(
        type=_read_type(body, item),
        scope=_read_scope(call, drive, body),
        by=call.request.caller.login,
        app=call.request.caller.app_id if call.request.caller.app_only else "",
        expires=read_expiry(call, body),
        password=read_password(body),
        people=tuple(find_person(call, drive, each) for each in read_recipients(body, needed=False)),
    )
    if wanted.password and wanted.scope != "anonymous":
        raise GraphError(400, "invalidRequest", "A password can be set for anonymous links alone.")
    if not item.parent and wanted.type != "view" and drive.type == "business":
        raise GraphError(400, "invalidRequest", "The root of a drive can't be shared for writing.")
    link, created = sharing.add_link(call.tenant, drive.site, item, wanted)
    shown = show_link(drive, item, link)
    return entity(shown, context="permission", status=201 if created else 200, call=call)


def _read_type(body: dict[str, Any], item: Item) -> str:
    text = body.get("type") or "view"
    kind = _TYPES.get(str(text).lower())
    # Embedding is for OneDrive for home (Microsoft, "Create a sharing link": type values).
    if kind is None or kind == "embed":
        raise GraphError(400, "invalidRequest", "Invalid request")
    if (kind == "createOnly" and not item.folder) or (kind in ("review", "blocksDownload") and item.folder):
        raise GraphError(400, "invalidRequest", "Invalid request")
    return "view" if kind in ("addressBar", "adminDefault") else kind


def _read_scope(call: Call, drive: Drive, body: dict[str, Any]) -> str:
    text = body.get("scope")
    if text is None:
        chosen = _DEFAULT_SCOPES.get(
            int(read_settings(call.tenant.store).get("DefaultSharingLinkType", 3)), "anonymous"
        )
        barred = chosen == "anonymous" and sharing.capability(call.tenant, drive.site) != sharing.ANYONE
        return "organization" if barred else chosen
    if str(text).lower() not in sharing.SCOPES:
        raise GraphError(400, "invalidRequest", "Invalid request")
    return str(text).lower()


def read_expiry(call: Call, body: dict[str, Any]) -> str | None:
    """The `expirationDateTime` in a body; a 400 for one that has passed."""
    text = body.get("expirationDateTime")
    if not text:
        return None
    try:
        moment = normal_time(str(text))
    except (ValueError, OverflowError):
        raise GraphError(400, "invalidRequest", "expirationDateTime is not a date.") from None
    if moment <= call.tenant.clock.iso():
        raise GraphError(400, "invalidRequest", "expirationDateTime must be in the future.")
    return moment


def read_password(body: dict[str, Any]) -> str:
    """The `password` in a body, empty when there is none."""
    text = body.get("password")
    if text is not None and not isinstance(text, str):
        raise GraphError(400, "invalidRequest", "The password is not a text.")
    return text or ""


def invite(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/invite`: gives people a role, or sends those from outside a link of their own."""
    item = need_item(drive, address)
    return _give(call, drive, item, call.body())


def _give(call: Call, drive: Drive, item: Item, body: dict[str, Any]) -> Response:
    role = read_role(body)
    expires = read_expiry(call, body)
    by = call.request.caller.login
    shown = []
    for each in read_recipients(body, needed=True):
        name = find_person(call, drive, each)
        if name.startswith(("i:", "c:")) or call.tenant.store.find("sitegroup", drive.site.id, name):
            given = sharing.grant(call.tenant, item, name, role=role, by=by, expires=expires)
            shown.append(show_grant(drive, given))
            continue
        kind = "view" if role == "read" else "edit"
        wanted = sharing.Wanted(kind, "users", by, expires=expires, people=(name,))
        link, _ = sharing.add_link(call.tenant, drive.site, item, wanted)
        shown.append({**show_link(drive, item, link), "invitation": {"email": name, "signInRequired": True}})
    return collection(shown, context="Collection(permission)", call=call, of=PERMISSION)


def read_role(body: dict[str, Any]) -> str:
    """The one role in a body."""
    roles = body.get("roles")
    found = {_ROLES.get(str(each).lower(), "") for each in roles} if isinstance(roles, list) else set()
    if len(found) != 1 or "" in found:
        raise GraphError(400, "invalidRequest", "One of the provided arguments is not acceptable.")
    return found.pop()


def read_recipients(body: dict[str, Any], *, needed: bool) -> list[dict[str, Any]]:
    """The `recipients` in a body."""
    given = body.get("recipients") or []
    if not isinstance(given, list) or (needed and not given) or not all(isinstance(each, dict) for each in given):
        raise GraphError(400, "invalidRequest", "At least one recipient is needed.")
    return given


def find_person(call: Call, drive: Drive, recipient: dict[str, Any]) -> str:
    """A recipient's claims login name; the e-mail address of somebody from outside whom the directory does not know."""
    directory = call.tenant.directory
    key = str(recipient.get("objectId") or recipient.get("alias") or recipient.get("email") or "")
    group = directory.group(key) or next((each for each in directory.groups() if key and key.lower() ==
                                          str(each.props.get("mail") or "").lower()), None)  # fmt: skip
    if group is not None:
        return f"c:0o.c|federateddirectoryclaimprovider|{group.guid}"
    if key and call.tenant.store.find("sitegroup", drive.site.id, key) is not None:
        return key
    user = directory.user(key) or (directory.user_by_login(key) if "@" in key else None)
    if user is not None:
        if user.props.get("userType") == "Guest":
            sharing.require_outsider(call.tenant, drive.site, known=True)
        return f"i:0#.f|membership|{user.name}"
    if "@" not in key or key.lower().endswith("@" + directory.domain):
        message = "One or more users could not be resolved."
        raise GraphError(400, "invalidRequest", message, inner="noResolvedUsers")
    sharing.require_outsider(call.tenant, drive.site, known=False)
    return key
