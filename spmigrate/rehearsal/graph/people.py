"""Users, guests and groups in Graph."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError, entity
from spmigrate.rehearsal.graph.querying import answer_count, answer_list
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import DIRECTORY_OBJECT, GROUP, USER
from spmigrate.rehearsal.graph.values import require_properties
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

_READ_USERS = ("User.Read.All", "Directory.Read.All")
_WRITE_USERS = ("User.ReadWrite.All", "Directory.ReadWrite.All")
_INVITE = ("User.Invite.All", *_WRITE_USERS)
_READ_GROUPS = ("Group.Read.All", "GroupMember.Read.All", "Directory.Read.All")
_WRITE_GROUPS = ("Group.ReadWrite.All", "Directory.ReadWrite.All")
_USER_DEFAULT = (
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
)
_SIGN_IN_PAGE = 500


def show_user(call: Call, user: Entity, *, whole: bool = False) -> dict[str, Any]:
    """A user; only the default properties unless `$select` (or the caller) asks for more."""
    usual: dict[str, Any] = {name: [] if name == "businessPhones" else None for name in _USER_DEFAULT}
    more = {"accountEnabled": True, "userType": "Member", "department": None, "creationType": None}
    external: dict[str, Any] = {"externalUserState": None, "externalUserStateChangeDateTime": None, "identities": []}
    stored = {name: value for name, value in user.props.items() if name != "sponsors"}
    shown = {**usual, **more, **external, **stored, "userPrincipalName": user.name, "id": user.guid}
    if "sponsors" in call.query.get("$expand", "").lower():
        shown["sponsors"] = _sponsors(call, user)
    if "$select" in call.query or whole:
        return shown
    return {name: shown[name] for name in (*_USER_DEFAULT, *(["sponsors"] if "sponsors" in shown else []))}


def _sponsors(call: Call, user: Entity) -> list[dict[str, Any]]:
    found = [call.tenant.directory.user(each) for each in user.props.get("sponsors", [])]
    return [{"@odata.type": "#microsoft.graph.user", **_brief(each)} for each in found if each is not None]


def _brief(user: Entity) -> dict[str, Any]:
    return {
        "id": user.guid,
        "displayName": user.props.get("displayName"),
        "mail": user.props.get("mail"),
        "userPrincipalName": user.name,
        "accountEnabled": user.props.get("accountEnabled", True),
    }


def _user(call: Call) -> Entity:
    found = call.tenant.directory.user(call.parts["id"])
    if found is None:
        message = f"Resource '{call.parts['id']}' does not exist or one of its queried reference-property objects are"
        raise GraphError(404, "Request_ResourceNotFound", f"{message} not present.")
    return found


def _check_sign_ins(call: Call) -> bool:
    wanted = "signinactivity" in f"{call.query.get('$select', '')} {call.query.get('$filter', '')}".lower()
    if wanted and not call.request.caller.permits("AuditLog.Read.All"):
        message = "Calling principal does not have required MSGraph permissions AuditLog.Read.All"
        raise GraphError(403, "Authentication_MSGraphPermissionMissing", message)
    return wanted


def _list_users(call: Call) -> Response:
    most = _SIGN_IN_PAGE if _check_sign_ins(call) else 999
    users = [show_user(call, each, whole=True) for each in call.tenant.directory.users()]
    # A filter may name what is not shown, so the whole user is filtered and cut down afterwards.
    usual = {"$select": ",".join([*_USER_DEFAULT, "sponsors"])} if "$select" not in call.query else {}
    return answer_list(replace(call, usual=usual), users, context="users", of=USER, most=most)


def _count_users(call: Call) -> Response:
    return answer_count(call, [show_user(call, each, whole=True) for each in call.tenant.directory.users()], of=USER)


def _get_user(call: Call) -> Response:
    _check_sign_ins(call)
    return entity(show_user(call, _user(call)), context="users", call=call, of=USER)


def _add_user(call: Call) -> Response:
    body = call.body()
    upn = str(body.pop("userPrincipalName", ""))
    if not upn or not body.get("displayName") or "@" not in upn:
        raise GraphError(400, "Request_BadRequest", "userPrincipalName and displayName are required.")
    if call.tenant.directory.user(upn) is not None:
        message = "Another object with the same value for property userPrincipalName already exists."
        raise GraphError(400, "Request_BadRequest", message)
    if upn.rpartition("@")[2].lower() != call.tenant.names.domain:
        message = "The domain portion of the userPrincipalName property is invalid. You must use one of the verified"
        raise GraphError(400, "Request_BadRequest", f"{message} domain names in your organization.")
    require_properties(body, USER)
    body.pop("passwordProfile", None)
    return entity(show_user(call, call.tenant.directory.add_user(upn, props=body)), context="users", status=201)


def _patch_user(call: Call) -> Response:
    patch = {name: value for name, value in call.body().items() if not name.startswith("@")}
    require_properties(patch, USER)
    call.tenant.store.update(_user(call), patch, at=call.tenant.clock.iso())
    return Response(204)


def _delete_user(call: Call) -> Response:
    call.tenant.store.recycle(_user(call), at=call.tenant.clock.iso())
    return Response(204)


def _list_sponsors(call: Call) -> Response:
    return answer_list(call, _sponsors(call, _user(call)), context="directoryObjects", of=DIRECTORY_OBJECT)


def _add_sponsor(call: Call) -> Response:
    user = _user(call)
    sponsor = call.tenant.directory.user(_reference(call))
    if sponsor is None:
        raise GraphError(404, "Request_ResourceNotFound", "The sponsor does not exist.")
    now = [*user.props.get("sponsors", []), sponsor.guid]
    call.tenant.store.update(user, {"sponsors": now}, at=call.tenant.clock.iso())
    return Response(204)


def _reference(call: Call) -> str:
    reference = str(call.body().get("@odata.id", ""))
    if not reference:
        raise GraphError(400, "Request_BadRequest", "The property '@odata.id' is required.")
    return reference.rstrip("/").rsplit("/", 1)[-1].strip("')").rpartition("'")[2]


def _invite(call: Call) -> Response:
    body = call.body()
    mail = str(body.get("invitedUserEmailAddress", ""))
    if "@" not in mail or not body.get("inviteRedirectUrl"):
        raise GraphError(400, "BadRequest", "invitedUserEmailAddress and inviteRedirectUrl are required.")
    directory, now = call.tenant.directory, call.tenant.clock.iso()
    upn = f"{mail.replace('@', '_')}#EXT#@{directory.domain}"
    props = {
        "displayName": body.get("invitedUserDisplayName") or mail.partition("@")[0],
        "mail": mail,
        "userType": body.get("invitedUserType", "Guest"),
        "creationType": "Invitation",
        "externalUserState": "PendingAcceptance",
        "externalUserStateChangeDateTime": now,
    }
    guest = directory.user(upn) or directory.add_user(upn, props=props)
    shown = {
        "id": guest.guid,
        "inviteRedeemUrl": f"https://login.microsoftonline.com/redeem?rd={guest.guid}",
        "invitedUserDisplayName": guest.props.get("displayName"),
        "invitedUserEmailAddress": mail,
        "invitedUserType": guest.props.get("userType"),
        "sendInvitationMessage": bool(body.get("sendInvitationMessage")),
        "inviteRedirectUrl": body["inviteRedirectUrl"],
        "status": guest.props.get("externalUserState", "PendingAcceptance"),
        "invitedUser": {"id": guest.guid},
    }
    return entity(shown, context="invitations", status=201)


def show_group(group: Entity) -> dict[str, Any]:
    """A group."""
    usual = {"description": None, "mail": None, "mailNickname": None, "visibility": None, "classification": None}
    return {"id": group.guid, "createdDateTime": group.created, "deletedDateTime": None, **usual, **group.props}


def _group(call: Call) -> Entity:
    found = call.tenant.directory.group(call.parts["id"])
    if found is None:
        raise GraphError(404, "Request_ResourceNotFound", f"Resource '{call.parts['id']}' does not exist.")
    return found


def _list_groups(call: Call) -> Response:
    shown = []
    for group in call.tenant.directory.groups():
        content = show_group(group)
        for role in ("owner", "member"):
            if f"{role}s" in call.query.get("$expand", "").lower():
                content[f"{role}s"] = _show_people(call, group, role)
        shown.append(content)
    return answer_list(call, shown, context="groups", of=GROUP)


def _count_groups(call: Call) -> Response:
    return answer_count(call, [show_group(each) for each in call.tenant.directory.groups()], of=GROUP)


def _get_group(call: Call) -> Response:
    return entity(show_group(_group(call)), context="groups", call=call, of=GROUP)


def _add_group(call: Call) -> Response:
    body = call.body()
    name = str(body.pop("displayName", ""))
    binds = {role: body.pop(f"{role}s@odata.bind", []) for role in ("owner", "member")}
    if not name or not (body.get("mailNickname") or body.get("mailNickName")):
        raise GraphError(400, "Request_BadRequest", "displayName and mailNickname are required.")
    require_properties(body, GROUP)
    group = call.tenant.directory.add_group(name, props=body)
    for role, references in binds.items():
        for reference in references:
            _join(call, group, role, str(reference).rstrip("/").rsplit("/", 1)[-1])
    return entity(show_group(group), context="groups", status=201)


def _patch_group(call: Call) -> Response:
    group = _group(call)
    body = {name: value for name, value in call.body().items() if not name.startswith("@")}
    for reference in body.pop("members@odata.bind", []):
        _join(call, group, "member", str(reference).rstrip("/").rsplit("/", 1)[-1])
    require_properties(body, GROUP)
    call.tenant.store.update(group, body, at=call.tenant.clock.iso(), name=body.get("displayName"))
    return Response(204)


def _delete_group(call: Call) -> Response:
    call.tenant.store.recycle(_group(call), at=call.tenant.clock.iso())
    return Response(204)


def _show_people(call: Call, group: Entity, role: str) -> list[dict[str, Any]]:
    people = call.tenant.directory.people(group, role)
    return [{"@odata.type": "#microsoft.graph.user", **show_user(call, each)} for each in people]


def _role(call: Call) -> str:
    return "owner" if call.parts["role"].lower() == "owners" else "member"


def _list_people(call: Call) -> Response:
    return answer_list(
        call, _show_people(call, _group(call), _role(call)), context="directoryObjects", of=DIRECTORY_OBJECT
    )


def _add_person(call: Call) -> Response:
    if not _join(call, _group(call), _role(call), _reference(call)):
        message = "One or more added object references already exist for the following modified properties: 'members'."
        raise GraphError(400, "Request_BadRequest", message)
    return Response(204)


def _remove_person(call: Call) -> Response:
    if not call.tenant.directory.remove_person(_group(call), _role(call), call.parts["person"]):
        raise GraphError(404, "Request_ResourceNotFound", f"Resource '{call.parts['person']}' does not exist.")
    return Response(204)


def _join(call: Call, group: Entity, role: str, user_id: str) -> bool:
    user = call.tenant.directory.user(user_id)
    if user is None:
        raise GraphError(404, "Request_ResourceNotFound", f"Resource '{user_id}' does not exist.")
    return call.tenant.directory.add_person(group, role, user)


ROUTES: tuple[Route, ...] = (
    route("GET users", _READ_USERS, _list_users),
    route("GET users/$count", _READ_USERS, _count_users),
    route("POST users", _WRITE_USERS, _add_user),
    route("GET users/{id}", _READ_USERS, _get_user),
    route("PATCH users/{id}", _WRITE_USERS, _patch_user),
    route("DELETE users/{id}", _WRITE_USERS, _delete_user),
    route("GET users/{id}/sponsors", _READ_USERS, _list_sponsors),
    route("POST users/{id}/sponsors/$ref", _WRITE_USERS, _add_sponsor),
    route("POST invitations", _INVITE, _invite),
    route("GET groups", _READ_GROUPS, _list_groups),
    route("GET groups/$count", _READ_GROUPS, _count_groups),
    route("POST groups", _WRITE_GROUPS, _add_group),
    route("GET groups/{id}", _READ_GROUPS, _get_group),
    route("PATCH groups/{id}", _WRITE_GROUPS, _patch_group),
    route("DELETE groups/{id}", _WRITE_GROUPS, _delete_group),
    route("GET groups/{id}/{role:owners|members|transitiveMembers}", _READ_GROUPS, _list_people),
    route("POST groups/{id}/{role:owners|members}/$ref", _WRITE_GROUPS, _add_person),
    route("DELETE groups/{id}/{role:owners|members}/{person}/$ref", _WRITE_GROUPS, _remove_person),
)
