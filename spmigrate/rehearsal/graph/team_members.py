"""The people of a team: the members of its group, and those of them who own it."""

from __future__ import annotations

import base64
from typing import Any

from spmigrate.rehearsal.graph.call import VERSION, Call, GraphError
from spmigrate.rehearsal.graph.groups import join
from spmigrate.rehearsal.graph.memberships import find_reference
from spmigrate.rehearsal.graph.objects import bad
from spmigrate.rehearsal.graph.querying import answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.team_types import MEMBER
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.storage import Entity

_READ = ("TeamMember.Read.All", "GroupMember.Read.All", "Group.Read.All", "Directory.Read.All")
_WRITE = ("TeamMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All")
Content = dict[str, Any]


def membership_id(call: Call, holder: str, user: Entity) -> str:
    """The id of somebody's membership."""
    return base64.b64encode(f"1##{call.tenant.names.tenant_id}##{holder}##{user.guid}".encode()).decode()


def show_member(call: Call, holder: str, user: Entity, roles: list[str]) -> Content:
    """A member of a team or a channel."""
    guest = ["guest"] if user.props.get("userType") == "Guest" else []
    return {
        "@odata.type": "#microsoft.graph.aadUserConversationMember",
        "id": membership_id(call, holder, user),
        "roles": roles or guest,
        "displayName": user.props.get("displayName"),
        "visibleHistoryStartDateTime": "0001-01-01T00:00:00Z",
        "userId": user.guid,
        "email": user.props.get("mail"),
        "tenantId": call.tenant.names.tenant_id,
    }


def show_members(call: Call, team: Entity) -> list[Content]:
    """Everybody in a team, the owners first."""
    directory = call.tenant.directory
    owners = directory.people(team, "owner")
    known = {each.guid for each in owners}
    members = [each for each in directory.people(team, "member") if each.guid not in known]
    return [show_member(call, team.guid, each, ["owner"]) for each in owners] + [
        show_member(call, team.guid, each, []) for each in members
    ]


def read_member(call: Call, body: Content) -> tuple[Entity, list[str]]:
    """The person and the roles that a body names."""
    roles = body.get("roles") or []
    if not isinstance(roles, list) or set(roles) - {"owner", "guest"}:
        raise bad("Invalid role specified for member.", "BadRequest")
    bound = body.get("user@odata.bind") or body.get("userId")
    user = find_reference(call, bound)
    if user.kind != "user":
        raise bad("Bad Request: the member is not a user.", "BadRequest")
    if "owner" in roles and user.props.get("userType") == "Guest":
        raise bad("Guest users cannot be made owners of a team.", "BadRequest")
    return user, roles


def _team(call: Call) -> Entity:
    found = call.tenant.directory.group(call.parts["id"])
    if found is None or "_team" not in found.props:
        raise GraphError(404, "NotFound", f"No team found with Group id {call.parts['id']}")
    return found


def _list(call: Call) -> Response:
    team = _team(call)
    return answer_list(call, show_members(call, team), context=f"teams('{team.guid}')/members", of=MEMBER)


def _found(call: Call, team: Entity) -> Content:
    shown = next((each for each in show_members(call, team) if each["id"] == call.parts["member"]), None)
    if shown is None:
        raise GraphError(404, "NotFound", "The member does not exist in the team.")
    return shown


def _get(call: Call) -> Response:
    team = _team(call)
    return answer_one(call, _found(call, team), context=f"teams('{team.guid}')/members", of=MEMBER)


def _add_one(call: Call, team: Entity, body: Content) -> Content:
    user, roles = read_member(call, body)
    directory = call.tenant.directory
    if "owner" in roles:
        directory.add_person(team, "owner", user)
    join(call, team, "member", user)
    return show_member(call, team.guid, user, ["owner"] if "owner" in roles else [])


def _add(call: Call) -> Response:
    team = _team(call)
    made = _add_one(call, team, call.body())
    return answer_made(call, made, context=f"teams('{team.guid}')/members", of=MEMBER)


def _add_many(call: Call) -> Response:
    team, values = _team(call), call.body().get("values")
    if not isinstance(values, list) or not values:
        raise bad("The property 'values' is required.", "BadRequest")
    results = []
    for each in values:
        kind = "#microsoft.graph.aadUserConversationMemberResult"
        try:
            made = _add_one(call, team, each if isinstance(each, dict) else {})
            results.append({"@odata.type": kind, "userId": made["userId"], "error": None})
        except GraphError as problem:
            error = {"code": problem.code, "message": problem.message}
            results.append({"@odata.type": kind, "userId": None, "error": error})
    context = f"{VERSION}/$metadata#Collection(microsoft.graph.actionResultPart)"
    return json_response(200, {"@odata.context": context, "value": results})


def _patch(call: Call) -> Response:
    team = _team(call)
    shown, roles = _found(call, team), call.body().get("roles")
    user = call.tenant.store.get("user", shown["userId"])
    if not isinstance(roles, list) or set(roles) - {"owner"} or user is None:
        raise bad("Invalid role specified for member.", "BadRequest")
    directory = call.tenant.directory
    if "owner" in roles:
        if user.props.get("userType") == "Guest":
            raise bad("Guest users cannot be made owners of a team.", "BadRequest")
        directory.add_person(team, "owner", user)
    else:
        _require_other_owner(call, team, user)
        directory.remove_person(team, "owner", user.guid)
        directory.add_person(team, "member", user)
    again = show_member(call, team.guid, user, ["owner"] if "owner" in roles else [])
    return answer_one(call, again, context=f"teams('{team.guid}')/members", of=MEMBER)


def _require_other_owner(call: Call, team: Entity, user: Entity) -> None:
    if [each.guid for each in call.tenant.directory.people(team, "owner")] == [user.guid]:
        raise bad("The team must have at least one owner, hence this owner cannot be removed.", "BadRequest")


def _remove(call: Call) -> Response:
    team = _team(call)
    user = call.tenant.store.get("user", _found(call, team)["userId"])
    if user is not None:
        _require_other_owner(call, team, user)
        for role in ("owner", "member"):
            call.tenant.directory.remove_person(team, role, user.guid)
    return Response(204)


ROUTES: tuple[Route, ...] = (
    route("GET teams/{id}/members", _READ, _list),
    route("POST teams/{id}/members", _WRITE, _add),
    route("POST teams/{id}/members/add", _WRITE, _add_many),
    route("GET teams/{id}/members/{member}", _READ, _get),
    route("PATCH teams/{id}/members/{member}", _WRITE, _patch),
    route("DELETE teams/{id}/members/{member}", _WRITE, _remove),
)
