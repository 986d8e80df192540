"""Users and guests in Graph."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.graph import extensions, licences, photos
from spmigrate.rehearsal.graph.call import VERSION, Call, GraphError
from spmigrate.rehearsal.graph.delta import Tracked, answer_delta
from spmigrate.rehearsal.graph.directory_types import DEVICE, DIRECTORY_OBJECT, USER
from spmigrate.rehearsal.graph.licences import require_premium
from spmigrate.rehearsal.graph.memberships import body_reference, membership_questions, relation
from spmigrate.rehearsal.graph.objects import bad, missing, show_all, show_object, show_user
from spmigrate.rehearsal.graph.querying import (
    Relations,
    answer_count,
    answer_list,
    answer_made,
    answer_one,
    answer_references,
    answer_values,
)
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.single_property import property_routes
from spmigrate.rehearsal.graph.values import read_properties, require_given
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

READ_USERS = ("User.Read.All", "User.ReadBasic.All", "Directory.Read.All", "Directory.AccessAsUser.All")
WRITE_USERS = ("User.ReadWrite.All", "Directory.ReadWrite.All", "Directory.AccessAsUser.All")
OWN_READ = ("User.Read", "User.ReadBasic.All")
_OWN_WRITE = ("User.ReadWrite",)
_READ_MEMBERSHIPS = ("Directory.Read.All", "GroupMember.Read.All", "Group.Read.All", "User.Read.All",
                     "Directory.AccessAsUser.All")  # fmt: skip
_NEEDED = ("accountEnabled", "displayName", "mailNickname", "passwordProfile", "userPrincipalName")
_FIXED = frozenset({"assignedLicenses", "externalUserState", "externalUserStateChangeDateTime"})
_SIGN_IN_PAGE = 500
# Source: Microsoft's password policy for accounts in the cloud.
_PASSWORD_LEAST = 8


def find_user(call: Call) -> Entity:
    """The user whom the path names."""
    found = call.tenant.directory.user(call.parts["id"])
    if found is None:
        raise missing(call.parts["id"])
    return found


def _check_sign_ins(call: Call) -> bool:
    """Whether sign-ins are asked for; a refusal of callers who may not see them."""
    wanted = "signinactivity" in f"{call.query.get('$select', '')} {call.query.get('$filter', '')}".lower()
    if wanted and not call.request.caller.permits("AuditLog.Read.All"):
        message = "Calling principal does not have required MSGraph permissions AuditLog.Read.All"
        raise GraphError(403, "Authentication_MSGraphPermissionMissing", message)
    if wanted:
        require_premium(call)
    return wanted


def relations(call: Call) -> Relations:
    """What can be expanded of a user."""
    directory, store = call.tenant.directory, call.tenant.store

    def user(content: dict[str, Any]) -> Entity:
        return store.get("user", content["id"]) or find_user(call)

    def manager(content: dict[str, Any]) -> object:
        found = _manager(call, user(content))
        return None if found is None else show_object(call, found)

    return {
        "manager": manager,
        "directreports": lambda content: show_all(call, _reports(call, user(content))),
        "sponsors": lambda content: show_all(call, _sponsors(call, user(content))),
        "memberof": lambda content: show_all(call, directory.holders("member", content["id"], *_HELD)),
        "transitivememberof": lambda content: show_all(call, directory.holders_deep(content["id"], *_HELD)),
        "ownedobjects": lambda content: show_all(call, directory.holders("owner", content["id"], *_OWNED)),
    }


_HELD = ("group", "directoryrole", "unit")
_OWNED = ("group", "app", "principal")


def _list_users(call: Call) -> Response:
    most = _SIGN_IN_PAGE if _check_sign_ins(call) else 999
    return answer_list(
        call,
        call.tenant.directory.users(),
        context="users",
        of=USER,
        most=most,
        relations=relations(call),
        show=lambda user: show_user(call, user),
    )


def _count_users(call: Call) -> Response:
    return answer_count(call, [show_user(call, each) for each in call.tenant.directory.users()], of=USER)


def _get_user(call: Call) -> Response:
    if _check_sign_ins(call) and "@" in call.parts["id"]:
        raise bad("Get By Key only supports UserId and the key has to be a valid Guid", "BadRequest")
    return answer_one(call, show_user(call, find_user(call)), context="users", of=USER, relations=relations(call))


def _require_domain(call: Call, upn: str) -> None:
    if upn.rpartition("@")[2].lower() != call.tenant.names.domain:
        message = "The domain portion of the userPrincipalName property is invalid. You must use one of the verified"
        raise bad(f"{message} domain names in your organization.")


def _require_free(call: Call, upn: str) -> None:
    if call.tenant.store.find("user", 0, upn) is not None:
        raise bad("Another object with the same value for property userPrincipalName already exists.")


def _password(props: dict[str, Any]) -> None:
    """Keep the password of a profile out of sight; it must be long enough."""
    profile = props.pop("passwordProfile", None)
    text = (profile or {}).get("password")
    if text is None:
        return
    if not isinstance(text, str) or len(text) < _PASSWORD_LEAST:
        message = "The specified password does not comply with password complexity requirements."
        raise bad(f"{message} Please provide a different password.")
    props["_password"] = text


def _add_user(call: Call) -> Response:
    props = read_properties(call.body(), USER, fixed=_FIXED)
    require_given(props, _NEEDED, USER)
    upn = str(props.pop("userPrincipalName"))
    if "@" not in upn or upn.startswith("@"):
        raise bad("Invalid value specified for property 'userPrincipalName' of resource 'User'.")
    _require_domain(call, upn)
    _require_free(call, upn)
    if "password" not in (props["passwordProfile"] or {}):
        raise bad("A value is required for property 'password' of resource 'PasswordProfile'.")
    _password(props)
    # A new account has no mailbox and no licence until somebody gives it one.
    user = call.tenant.directory.add_user(upn, props={"mail": None, "assignedLicenses": [], **props})
    address = f"{VERSION}/directoryObjects/{user.guid}/Microsoft.DirectoryServices.User"
    return answer_made(call, show_user(call, user), context="users", of=USER, location=address)


def _patch_user(call: Call) -> Response:
    user = find_user(call)
    patch = read_properties(call.body(), USER, fixed=_FIXED)
    upn = patch.pop("userPrincipalName", None)
    if upn is not None and str(upn).lower() != user.name.lower():
        _require_domain(call, str(upn))
        _require_free(call, str(upn))
    if "displayName" in patch and not patch["displayName"]:
        raise bad("Invalid value specified for property 'displayName' of resource 'User'.")
    _password(patch)
    call.tenant.store.update(user, patch, at=call.tenant.clock.iso(), name=upn)
    return Response(204)


def _delete_user(call: Call) -> Response:
    user = find_user(call)
    if user.guid == call.request.caller.object_id:
        raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    call.tenant.store.recycle(user, at=call.tenant.clock.iso())
    return Response(204)


def _manager(call: Call, user: Entity) -> Entity | None:
    guid = user.props.get("_manager")
    return call.tenant.store.get("user", guid) if guid else None


def _get_manager(call: Call) -> Response:
    found = _manager(call, find_user(call))
    if found is None:
        raise GraphError(404, "Request_ResourceNotFound", "Resource 'manager' does not exist or one of its queried"
                         " reference-property objects are not present.")  # fmt: skip
    if "ref" in call.parts:
        return answer_references([found.guid])
    return answer_one(call, show_object(call, found), context="directoryObjects", of=DIRECTORY_OBJECT)


def _put_manager(call: Call) -> Response:
    manager = body_reference(call)
    if manager.kind != "user":
        raise bad("The reference target is invalid for the 'manager' reference.")
    call.tenant.store.update(find_user(call), {"_manager": manager.guid}, at=call.tenant.clock.iso())
    return Response(204)


def _delete_manager(call: Call) -> Response:
    call.tenant.store.update(find_user(call), {"_manager": None}, at=call.tenant.clock.iso())
    return Response(204)


def _reports(call: Call, user: Entity) -> list[Entity]:
    return [each for each in call.tenant.directory.users() if each.props.get("_manager") == user.guid]


def _sponsors(call: Call, user: Entity) -> list[Entity]:
    found = (call.tenant.directory.find(each) for each in user.props.get("sponsors", []))
    return [each for each in found if each is not None]


def _add_sponsor(call: Call) -> Response:
    user, sponsor = find_user(call), body_reference(call)
    now = list(user.props.get("sponsors", []))
    if sponsor.kind not in ("user", "group"):
        raise bad("The reference target is invalid for the 'sponsors' reference.")
    if sponsor.guid in now:
        raise bad(
            "One or more added object references already exist for the following modified properties: 'sponsors'."
        )
    call.tenant.store.update(user, {"sponsors": [*now, sponsor.guid]}, at=call.tenant.clock.iso())
    return Response(204)


def _remove_sponsor(call: Call) -> Response:
    user, gone = find_user(call), call.parts["person"].lower()
    now = user.props.get("sponsors", [])
    if gone not in now:
        raise missing(call.parts["person"])
    call.tenant.store.update(user, {"sponsors": [each for each in now if each != gone]}, at=call.tenant.clock.iso())
    return Response(204)


def _revoke(call: Call) -> Response:
    call.tenant.store.update(
        find_user(call), {"signInSessionsValidFromDateTime": call.tenant.clock.iso()}, at=call.tenant.clock.iso()
    )
    return answer_values("Edm.Boolean", True)


def _no_devices(call: Call) -> Response:
    find_user(call)
    return answer_list(call, [], context="directoryObjects", of=DEVICE)


def _held(call: Call) -> list[Entity]:
    return call.tenant.directory.holders("member", find_user(call).guid, *_HELD)


def _held_deep(call: Call) -> list[Entity]:
    return call.tenant.directory.holders_deep(find_user(call).guid, *_HELD)


def _owned(call: Call) -> list[Entity]:
    return call.tenant.directory.holders("owner", find_user(call).guid, *_OWNED)


def _created(call: Call) -> list[Entity]:
    find_user(call)
    return []


TRACKED = Tracked("user", USER, "users", show_user)
_USER = "users/{id}"
ROUTES: tuple[Route, ...] = (
    route("GET users", READ_USERS, _list_users),
    route("GET users/$count", READ_USERS, _count_users),
    route("GET users/delta", READ_USERS, lambda call: answer_delta(call, TRACKED)),
    route("POST users", WRITE_USERS, _add_user),
    route(f"GET {_USER}", READ_USERS, _get_user, own=OWN_READ),
    route(f"PATCH {_USER}", WRITE_USERS, _patch_user, own=_OWN_WRITE),
    route(f"DELETE {_USER}", WRITE_USERS, _delete_user),
    route(f"GET {_USER}/manager", READ_USERS, _get_manager, own=OWN_READ),
    route(f"GET {_USER}/manager/${{ref:ref}}", READ_USERS, _get_manager, own=OWN_READ),
    route(f"PUT {_USER}/manager/$ref", WRITE_USERS, _put_manager),
    route(f"DELETE {_USER}/manager/$ref", WRITE_USERS, _delete_manager),
    *relation(f"{_USER}/directReports", READ_USERS, lambda call: _reports(call, find_user(call)), own=OWN_READ),
    *relation(f"{_USER}/sponsors", READ_USERS, lambda call: _sponsors(call, find_user(call)), own=OWN_READ),
    route(f"POST {_USER}/sponsors/$ref", WRITE_USERS, _add_sponsor),
    route(f"DELETE {_USER}/sponsors/{{person}}/$ref", WRITE_USERS, _remove_sponsor),
    *relation(f"{_USER}/memberOf", _READ_MEMBERSHIPS, _held, own=OWN_READ),
    *relation(f"{_USER}/transitiveMemberOf", _READ_MEMBERSHIPS, _held_deep, own=OWN_READ),
    *relation(f"{_USER}/ownedObjects", READ_USERS, _owned, own=OWN_READ),
    *relation(f"{_USER}/createdObjects", READ_USERS, _created, own=OWN_READ),
    *membership_questions(_USER, _READ_MEMBERSHIPS, find_user, own=OWN_READ),
    route(f"GET {_USER}/{{role:ownedDevices|registeredDevices}}", READ_USERS, _no_devices, own=OWN_READ),
    route(f"POST {_USER}/revokeSignInSessions", WRITE_USERS, _revoke, own=_OWN_WRITE),
    route(f"POST {_USER}/invalidateAllRefreshTokens", WRITE_USERS, _revoke, own=_OWN_WRITE),
    *licences.ROUTES,
    *photos.routes("users", "user", READ_USERS, WRITE_USERS, own_read=OWN_READ, own_write=_OWN_WRITE),
    *extensions.routes("users", "user", READ_USERS, WRITE_USERS, own_read=OWN_READ, own_write=_OWN_WRITE),
)
PROPERTIES: tuple[Route, ...] = tuple(
    property_routes("users", USER, READ_USERS, lambda call: show_user(call, find_user(call)), own=OWN_READ)
)
