"""Groups in Graph: Microsoft 365 groups with their sites, security groups, dynamic groups, and their people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.directory import object_id
from spmigrate.rehearsal.graph import extensions, group_settings, lifecycle, photos
from spmigrate.rehearsal.graph.call import VERSION, Call, GraphError
from spmigrate.rehearsal.graph.delta import Tracked, answer_delta
from spmigrate.rehearsal.graph.directory_types import GROUP
from spmigrate.rehearsal.graph.group_mailbox import GROUP_ALONE, patch_mailbox, selects_mailbox, show_mailbox
from spmigrate.rehearsal.graph.group_settings import group_rule
from spmigrate.rehearsal.graph.memberships import body_reference, find_reference, membership_questions, relation
from spmigrate.rehearsal.graph.objects import bad, missing, show_all, show_group, type_name
from spmigrate.rehearsal.graph.querying import Relations, answer_count, answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.values import read_properties, require_given
from spmigrate.rehearsal.group_sites import create_group_site, recycle_group_sites, rename_group_site
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

READ_GROUPS = ("Group.Read.All", "GroupMember.Read.All", "Directory.Read.All", "Directory.AccessAsUser.All")
WRITE_GROUPS = ("Group.ReadWrite.All", "Directory.ReadWrite.All", "Directory.AccessAsUser.All")
_CREATE = ("Group.Create", *WRITE_GROUPS)
_WRITE_MEMBERS = ("GroupMember.ReadWrite.All", *WRITE_GROUPS)
_NEEDED = ("displayName", "mailEnabled", "mailNickname", "securityEnabled")
_FIXED = frozenset({"mail", "resourceProvisioningOptions", "assignedLicenses", "hasMembersWithLicenseErrors"})
_LATER_FIXED = _FIXED | {"isAssignableToRole", "creationOptions", "resourceBehaviorOptions"}
# Source: Microsoft, resource group: characters that a nickname may not hold, and its length.
_NICKNAME = re.compile(r'[^@()\\\[\]";:<>, ]{1,64}', re.ASCII)
# Source: Microsoft, "Create group" and "Update group": at most twenty people in one call.
_BIND_LIMIT = 20
_ROLES = {"owners": "owner", "members": "member"}


def find_group(call: Call) -> Entity:
    """The group that the path names."""
    found = call.tenant.directory.group(call.parts["id"])
    if found is None:
        raise missing(call.parts["id"])
    return found


def is_unified(group: Entity) -> bool:
    """True for a Microsoft 365 group."""
    return "Unified" in group.props.get("groupTypes", ())


def _show(call: Call, group: Entity) -> dict[str, Any]:
    content = show_group(call, group)
    end = lifecycle.expiration(call, group) if is_unified(group) else None
    return {**content, "expirationDateTime": end}


def relations(call: Call) -> Relations:
    """What can be expanded of a group."""
    directory = call.tenant.directory

    def group(content: dict[str, Any]) -> Entity:
        found = directory.group(content["id"])
        if found is None:
            raise missing(content["id"])
        return found

    held = ("group", "unit", "directoryrole")
    return {
        "owners": lambda content: show_all(call, directory.linked(group(content), "owner")),
        "members": lambda content: show_all(call, directory.linked(group(content), "member")),
        "transitivemembers": lambda content: show_all(call, directory.linked_deep(group(content))),
        "memberof": lambda content: show_all(call, directory.holders("member", content["id"], *held)),
        "transitivememberof": lambda content: show_all(call, directory.holders_deep(content["id"], *held)),
    }


def _list_groups(call: Call) -> Response:
    return answer_list(
        call,
        call.tenant.directory.groups(),
        context="groups",
        of=GROUP,
        relations=relations(call),
        show=lambda group: _show(call, group),
    )


def _count_groups(call: Call) -> Response:
    return answer_count(call, [_show(call, each) for each in call.tenant.directory.groups()], of=GROUP)


def _get_group(call: Call) -> Response:
    group = find_group(call)
    shown = _show(call, group)
    if selects_mailbox(call):
        shown = {**shown, **show_mailbox(group)}
        return answer_one(call, shown, context="groups", of=GROUP_ALONE, relations=relations(call))
    return answer_one(call, shown, context="groups", of=GROUP, relations=relations(call))


def _split(body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The properties of a body, and the people that it binds."""
    plain: dict[str, Any] = {}
    binds: dict[str, list[Any]] = {}
    for name, value in body.items():
        relation_name, _, annotation = name.lower().partition("@odata.")
        if annotation == "bind" and relation_name in _ROLES:
            if not isinstance(value, list):
                raise bad(f"Invalid value specified for property '{name}'.")
            binds[_ROLES[relation_name]] = value
        else:
            plain[name] = value
    if sum(len(each) for each in binds.values()) > _BIND_LIMIT:
        raise bad(f"The number of relationships in the request exceeds the maximum of {_BIND_LIMIT}.")
    return plain, binds


def _require_kind(props: Mapping[str, Any]) -> None:
    """Refuse a combination of properties that is no kind of group."""
    types = props.get("groupTypes") or []
    unified = "Unified" in types
    if set(types) - {"Unified", "DynamicMembership"}:
        raise bad("A value provided for property 'groupTypes' of resource 'Group' is invalid.")
    if not unified and (props["mailEnabled"] or not props["securityEnabled"]):
        raise bad("The service does not currently support writes of mail-enabled groups. Please ensure that the"
                  " mail-enablement property is unset and the security-enablement property is set.")  # fmt: skip
    if unified and not props["mailEnabled"]:
        raise bad("Invalid value specified for property 'mailEnabled' of resource 'Group'.")
    if "DynamicMembership" in types and not props.get("membershipRule"):
        raise bad("A value is required for property 'membershipRule' of resource 'Group'.")
    if props.get("membershipRule") and "DynamicMembership" not in types:
        raise bad("The property 'membershipRule' can only be set for a group with dynamic membership.")
    visibility = ("Private", "Public", "HiddenMembership") if unified else ("Private", "Public", None)
    if props.get("visibility") not in (*visibility, None):
        raise bad("Invalid value specified for property 'visibility' of resource 'Group'.")


def _require_nickname(call: Call, nickname: str) -> None:
    if not _NICKNAME.fullmatch(nickname):
        raise bad("Invalid value specified for property 'mailNickname' of resource 'Group'.")
    taken = (each.props for each in call.tenant.directory.groups() if is_unified(each))
    if any(str(each.get("mailNickname", "")).casefold() == nickname.casefold() for each in taken):
        raise bad("Another object with the same value for property mailNickname already exists.")


def _add_group(call: Call) -> Response:
    plain, binds = _split(call.body())
    group = make_group(call, read_properties(plain, GROUP, fixed=_FIXED), binds)
    address = f"{VERSION}/directoryObjects/{group.guid}/Microsoft.DirectoryServices.Group"
    return answer_made(call, _show(call, group), context="groups", of=GROUP, location=address)


def make_group(call: Call, props: dict[str, Any], binds: Mapping[str, list[Any]]) -> Entity:
    """Make a group with its people; a Microsoft 365 group gets its site."""
    require_given(props, _NEEDED, GROUP)
    _require_kind(props)
    unified = "Unified" in (props.get("groupTypes") or [])
    if unified:
        _require_nickname(call, str(props["mailNickname"]))
    if "DynamicMembership" in (props.get("groupTypes") or []):
        props.setdefault("membershipRuleProcessingState", "On")
    if len(str(props["displayName"])) > 256:
        raise bad("Invalid value specified for property 'displayName' of resource 'Group'.")
    mail = {"mail": f"{props['mailNickname']}@{call.tenant.names.domain}"} if unified else {}
    directory, caller = call.tenant.directory, call.request.caller
    group = directory.add_group(str(props["displayName"]), props={**props, **mail})
    for role, references in binds.items():
        for reference in references:
            join(call, group, role, find_reference(call, reference))
    if "owner" not in binds and not caller.app_only:
        maker = directory.user(caller.user)
        # An administrator who makes a security group is not put among its owners.
        if maker is not None and (unified or not directory.is_administrator(caller.user)):
            directory.add_person(group, "owner", maker)
    if unified:
        owners = directory.people(group, "owner")
        create_group_site(call.tenant, group, owner=owners[0].name if owners else "")
    return group


def _patch_group(call: Call) -> Response:
    group = find_group(call)
    plain, binds = _split(call.body())
    if patch_mailbox(call, group, plain):
        return Response(204)
    patch = read_properties(plain, GROUP, fixed=_LATER_FIXED)
    if "displayName" in patch and not patch["displayName"]:
        raise bad("Invalid value specified for property 'displayName' of resource 'Group'.")
    nickname = patch.get("mailNickname")
    if nickname is not None and nickname != group.props.get("mailNickname"):
        _require_nickname(call, str(nickname))
    now = {"mailEnabled": False, "securityEnabled": True, **group.props, **patch}
    _require_kind(now)
    for role, references in binds.items():
        for reference in references:
            if not join(call, group, role, find_reference(call, reference)):
                raise _joined_already(role)
    name = patch.get("displayName")
    call.tenant.store.update(group, patch, at=call.tenant.clock.iso(), name=name)
    if name and is_unified(group):
        rename_group_site(call.tenant, group, str(name))
    return Response(204)


def _delete_group(call: Call) -> Response:
    group = find_group(call)
    recycle_group_sites(call.tenant, group)
    call.tenant.store.recycle(group, at=call.tenant.clock.iso())
    return Response(204)


def join(call: Call, group: Entity, role: str, member: Entity) -> bool:
    """Put somebody into a group; False when they are in it already; refuses whom such a group does not take."""
    _require_welcome(call, group, role, member)
    return call.tenant.directory.add_person(group, role, member)


def _require_welcome(call: Call, group: Entity, role: str, member: Entity) -> None:
    if role == "member" and "DynamicMembership" in group.props.get("groupTypes", ()):
        raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    kinds = (
        ("user", "principal") if role == "owner" else ("user",) if is_unified(group) else ("user", "group", "principal")
    )
    if member.kind not in kinds or object_id(member) == group.guid:
        name = type_name(member)
        kind = name[0].upper() + name[1:]
        raise bad(f"The reference target '{kind}_{object_id(member)}' of type '{kind}' is invalid for the '{role}s'"
                  " reference.")  # fmt: skip
    if not is_unified(group) or member.props.get("userType") != "Guest":
        return
    allowed = group_rule(call, group, "AllowToAddGuests" if role == "member" else "AllowGuestsToBeGroupOwner")
    if not allowed:
        what = "join this Unified Group" if role == "member" else "own this Unified Group"
        message = (
            f"Guests users are not allowed to {what} due to policy setting. paramName: {role.title()}s, paramValue: ,"
            " objectType: Microsoft.Online.DirectoryServices.Group"
        )
        raise GraphError(403, "Authorization_RequestDenied", message)


def _joined_already(role: str) -> GraphError:
    return bad(f"One or more added object references already exist for the following modified properties: '{role}s'.")


def _add_link(call: Call) -> Response:
    group, role = find_group(call), _ROLES[call.parts["role"].lower()]
    if not join(call, group, role, body_reference(call)):
        raise _joined_already(role)
    return Response(204)


def _remove_link(call: Call) -> Response:
    group, role = find_group(call), _ROLES[call.parts["role"].lower()]
    directory, gone = call.tenant.directory, call.parts["person"]
    owners = directory.linked(group, "owner")
    if role == "owner" and [object_id(each) for each in owners] == [gone.lower()]:
        raise bad("The group must have at least one owner, hence this owner cannot be removed.")
    if not directory.remove_person(group, role, gone):
        raise missing(gone)
    return Response(204)


def _renew(call: Call) -> Response:
    group = find_group(call)
    if not is_unified(group):
        raise bad("The group is not a Microsoft 365 group and cannot be renewed.")
    now = call.tenant.clock.iso()
    call.tenant.store.update(group, {"renewedDateTime": now}, at=now)
    return Response(204)


def _validate(call: Call) -> Response:
    body = call.body()
    if "id" not in call.parts and str(body.get("entityType", "")).lower() != "group":
        raise bad("Invalid value specified for parameter 'entityType'.")
    nickname = body.get("mailNickname")
    if isinstance(nickname, str):
        try:
            _require_nickname(call, nickname)
        except GraphError as problem:
            raise GraphError(422, "ValidationError", problem.message) from None
    return Response(204)


TRACKED = Tracked("group", GROUP, "groups", show_group, ("member", "owner"))
_GROUP = "groups/{id}"


def _linked(role: str, call: Call) -> list[Entity]:
    return call.tenant.directory.linked(find_group(call), role)


ROUTES: tuple[Route, ...] = (
    route("GET groups", READ_GROUPS, _list_groups),
    route("GET groups/$count", READ_GROUPS, _count_groups),
    route("GET groups/delta", READ_GROUPS, lambda call: answer_delta(call, TRACKED)),
    route("POST groups", _CREATE, _add_group, standing="anyone"),
    route(f"GET {_GROUP}", READ_GROUPS, _get_group),
    route(f"PATCH {_GROUP}", WRITE_GROUPS, _patch_group),
    route(f"DELETE {_GROUP}", WRITE_GROUPS, _delete_group),
    *relation(f"{_GROUP}/members", READ_GROUPS, lambda call: _linked("member", call)),
    *relation(f"{_GROUP}/owners", READ_GROUPS, lambda call: _linked("owner", call)),
    *relation(
        f"{_GROUP}/transitiveMembers", READ_GROUPS, lambda call: call.tenant.directory.linked_deep(find_group(call))
    ),
    *relation(
        f"{_GROUP}/memberOf",
        READ_GROUPS,
        lambda call: call.tenant.directory.holders("member", find_group(call).guid, "group", "unit", "directoryrole"),
    ),
    *relation(
        f"{_GROUP}/transitiveMemberOf",
        READ_GROUPS,
        lambda call: call.tenant.directory.holders_deep(find_group(call).guid, "group", "unit", "directoryrole"),
    ),
    route(f"POST {_GROUP}/{{role:owners|members}}/$ref", _WRITE_MEMBERS, _add_link),
    route(f"DELETE {_GROUP}/{{role:owners|members}}/{{person}}/$ref", _WRITE_MEMBERS, _remove_link),
    *membership_questions(_GROUP, READ_GROUPS, find_group),
    route(f"POST {_GROUP}/renew", WRITE_GROUPS, _renew),
    route(f"POST {_GROUP}/validateProperties", WRITE_GROUPS, _validate, standing="anyone"),
    route("POST directoryObjects/validateProperties", WRITE_GROUPS, _validate, standing="anyone"),
    *photos.routes("groups", "group", READ_GROUPS, WRITE_GROUPS),
    *extensions.routes("groups", "group", READ_GROUPS, WRITE_GROUPS),
    *group_settings.ROUTES,
    *lifecycle.ROUTES,
)
