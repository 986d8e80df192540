"""Teams: Microsoft 365 groups with channels. Making one takes a while in the service, and is told as an operation."""

from __future__ import annotations

import uuid
from typing import Any

from spmigrate.rehearsal.directory import object_id
from spmigrate.rehearsal.graph import channel_mail, channels
from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.groups import find_group, is_unified, join, make_group
from spmigrate.rehearsal.graph.memberships import find_reference
from spmigrate.rehearsal.graph.objects import bad
from spmigrate.rehearsal.graph.querying import Relations, answer_count, answer_list, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.team_members import ROUTES as MEMBERS
from spmigrate.rehearsal.graph.team_members import show_members
from spmigrate.rehearsal.graph.team_types import CHAT, OPERATION, SETTINGS, TEAM
from spmigrate.rehearsal.group_sites import is_replicated, rename_group_site
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.policy_defaults import merge_block
from spmigrate.rehearsal.storage import Entity

_READ = ("Team.ReadBasic.All", "TeamSettings.Read.All", "Group.Read.All", "Directory.Read.All")
_WRITE = ("TeamSettings.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All")
_CREATE = ("Team.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All")
_CHANGED = ("displayName", "description", "visibility", "classification", "isArchived", *SETTINGS)
_KNOWN = frozenset({*_CHANGED, "members", "channels", "installedApps", "firstChannelName", "specialization",
                    "createdDateTime", "group", "template"})  # fmt: skip
Content = dict[str, Any]


def find_team(call: Call) -> Entity:
    """The group of the team that the path names; a 404 for a group that is no team."""
    group = call.tenant.directory.group(call.parts["id"])
    if group is None or "_team" not in group.props:
        message = f"No team found with Group id {call.parts['id']}"
        raise GraphError(404, "NotFound", message)
    return group


def show_team(call: Call, group: Entity) -> Content:
    """A team."""
    kept = group.props["_team"]
    general = channels.primary(call, group)
    tenant = call.tenant.names.tenant_id
    address = f"https://teams.microsoft.com/l/team/{general.name}/conversations?groupId={group.guid}&tenantId={tenant}"
    return {
        "id": group.guid,
        "createdDateTime": kept["created"],
        "displayName": group.name,
        "description": group.props.get("description"),
        "internalId": general.name,
        "classification": group.props.get("classification"),
        "specialization": "none",
        "visibility": str(group.props.get("visibility") or "Public").lower(),
        "webUrl": address,
        "isArchived": bool(kept.get("isArchived")),
        "isMembershipLimitedToOwners": False,
        "tenantId": tenant,
        "summary": None,
        **{name: merge_block(usual, kept.get(name, {})) for name, usual in SETTINGS.items()},
    }


def _relations(call: Call) -> Relations:
    return {
        "channels": lambda content: channels.show_all(call, _group(call, content)),
        "members": lambda content: show_members(call, _group(call, content)),
        "primarychannel": lambda content: channels.show_channel(
            call, _group(call, content), channels.primary(call, _group(call, content))
        ),
    }


def _group(call: Call, content: Content) -> Entity:
    found = call.tenant.directory.group(content["id"])
    return found if found is not None else find_team(call)


def _every(call: Call) -> list[Content]:
    return [show_team(call, each) for each in call.tenant.directory.groups() if "_team" in each.props]


def _list_teams(call: Call) -> Response:
    return answer_list(call, _every(call), context="teams", of=TEAM)


def _count_teams(call: Call) -> Response:
    return answer_count(call, _every(call), of=TEAM)


def _get_team(call: Call) -> Response:
    return answer_one(call, show_team(call, find_team(call)), context="teams", of=TEAM, relations=_relations(call))


def _read(body: Content) -> Content:
    patch = {name: value for name, value in body.items() if name[:1] not in ("@", "") and "@odata." not in name}
    for name, value in patch.items():
        fits = isinstance(value, dict) and not set(value) - set(SETTINGS[name]) if name in SETTINGS else name in _KNOWN
        if not fits:
            raise bad(f"Invalid property '{name}' in the request payload.", "BadRequest")
    return patch


def _keep(call: Call, group: Entity, patch: Content) -> Entity:
    """Keep what is said of a team: its name and such with the group, the settings with the team."""
    now = dict(group.props.get("_team", {}))
    for name in (*SETTINGS, "isArchived"):
        if patch.get(name) is not None:
            now[name] = merge_block(now.get(name, {}), patch[name]) if name in SETTINGS else patch[name]
    own: Content = {name: patch[name] for name in ("displayName", "description", "classification") if name in patch}
    if patch.get("visibility"):
        own["visibility"] = str(patch["visibility"]).title()
    changed = call.tenant.store.update(
        group, {**own, "_team": now}, at=call.tenant.clock.iso(), name=own.get("displayName")
    )
    if own.get("displayName"):
        rename_group_site(call.tenant, group, str(own["displayName"]))
    return changed


def _patch_team(call: Call) -> Response:
    _keep(call, find_team(call), _read(call.body()))
    return Response(204)


def _delete_team(_call: Call) -> Response:
    raise GraphError(405, "MethodNotAllowed", "A team is deleted with its group.")


def make_team(call: Call, group: Entity, patch: Content) -> Entity:
    """Make a team of a group, with its General channel."""
    if not is_unified(group):
        raise bad("Failed to execute Templates backend request: the group is not a Microsoft 365 group.", "BadRequest")
    if not call.tenant.directory.people(group, "owner"):
        message = "The group must have at least one owner to be provisioned as a team."
        raise GraphError(404, "NotFound", f"Failed to execute backend request: {message}")
    options = [*(group.props.get("resourceProvisioningOptions") or []), "Team"]
    made = {"resourceProvisioningOptions": options, "_team": {"created": call.tenant.clock.iso()}}
    team = call.tenant.store.update(group, made, at=call.tenant.clock.iso())
    channels.add_channel(call, team, {"displayName": patch.get("firstChannelName") or "General"}, primary=True)
    return _keep(call, team, patch)


def _put_team(call: Call) -> Response:
    group = find_group(call)
    if "_team" in group.props:
        raise GraphError(409, "Conflict", "Team already exists.")
    if not is_replicated(call.tenant, group):
        # "Create team from group": a group less than a quarter of an hour old may not be known yet.
        raise GraphError(404, "NotFound", f"No group with the id '{group.guid}' was found.")
    patch = _read(call.body())
    patch = {name: value for name, value in patch.items() if name in (*SETTINGS, "visibility", "displayName")}
    team = make_team(call, group, patch)
    return answer_one(call, show_team(call, team), context="teams", of=TEAM, status=201)


def _create_team(call: Call) -> Response:
    body = call.body()
    patch = _read(body)
    if not body.get("template@odata.bind") and not body.get("group@odata.bind"):
        raise bad("Invalid template: the property 'template@odata.bind' is required.", "BadRequest")
    bound = body.get("group@odata.bind")
    group = find_reference(call, bound) if bound else _group_of_team(call, patch)
    if "_team" in group.props:
        raise GraphError(409, "Conflict", "Team already exists.")
    team = make_team(call, group, patch)
    for each in patch.get("channels") or []:
        if isinstance(each, dict) and str(each.get("displayName", "")).casefold() != "general":
            channels.add_channel(call, team, each)
    return _accepted(call, team, "createTeam")


def _group_of_team(call: Call, patch: Content) -> Entity:
    """The group of a new team, with the people that the body names."""
    if not patch.get("displayName"):
        raise bad("Team display name is required.", "BadRequest")
    people = [each for each in patch.get("members") or [] if isinstance(each, dict)]
    owners = [each for each in people if "owner" in (each.get("roles") or [])]
    if not owners and call.request.caller.app_only:
        raise bad("A team owner must be provided when creating a team in application context.", "BadRequest")
    # The nickname of a team's group is its name without what an address can't hold.
    name = "".join(each for each in str(patch["displayName"]) if each.isascii() and each.isalnum()) or "team"
    nickname, taken = name, {str(e.props.get("mailNickname", "")).casefold() for e in call.tenant.directory.groups()}
    while nickname.casefold() in taken:
        nickname = f"{name}{uuid.uuid4().hex[:4]}"
    props: Content = {
        "displayName": str(patch["displayName"]),
        "description": patch.get("description") or str(patch["displayName"]),
        "groupTypes": ["Unified"],
        "mailEnabled": True,
        "mailNickname": nickname,
        "securityEnabled": False,
        "visibility": str(patch.get("visibility") or "public").title(),
    }
    binds = {"owner": [_bound_user(each) for each in owners]} if owners else {}
    group = make_group(call, props, binds)
    for each in people:
        join(call, group, "member", find_reference(call, _bound_user(each)))
    return group


def _bound_user(member: Content) -> object:
    return member.get("user@odata.bind") or (f"users/{member['userId']}" if member.get("userId") else None)


def _accepted(call: Call, team: Entity, kind: str) -> Response:
    now = call.tenant.clock.iso()
    props = {
        "operationType": kind,
        "createdDateTime": now,
        "lastActionDateTime": now,
        "status": "succeeded",
        "attemptsCount": 1,
        "targetResourceId": team.guid,
        "targetResourceLocation": f"/teams('{team.guid}')",
        "error": None,
    }
    made = call.tenant.store.insert("teamoperation", kind, parent=team.id, at=now, props=props)
    place = f"/teams('{team.guid}')"
    return Response(202, {"location": f"{place}/operations('{made.guid}')", "content-location": place})


def _get_operation(call: Call) -> Response:
    team = find_team(call)
    found = call.tenant.store.get("teamoperation", call.parts["operation"], parent=team.id)
    if found is None:
        raise GraphError(404, "NotFound", "The operation does not exist.")
    shown = {"id": found.guid, **found.props}
    return answer_one(call, shown, context=f"teams('{team.guid}')/operations", of=OPERATION)


def _archive(call: Call) -> Response:
    team = find_team(call)
    archived = call.request.path.rstrip("/").lower().endswith("/archive")
    _keep(call, team, {"isArchived": archived})
    return _accepted(call, team, "archiveTeam" if archived else "unarchiveTeam")


def _clone(call: Call) -> Response:
    source, body = find_team(call), call.body()
    if not body.get("displayName") or not body.get("mailNickname") or not body.get("partsToClone"):
        raise bad("The properties displayName, mailNickname and partsToClone are required.", "BadRequest")
    owners = call.tenant.directory.people(source, "owner")
    patch: Content = {"displayName": body["displayName"], "description": body.get("description"),
                      "visibility": body.get("visibility") or "private",
                      "members": [{"roles": ["owner"], "userId": each.guid} for each in owners]}  # fmt: skip
    team = make_team(call, _group_of_team(call, patch), {})
    parts = str(body["partsToClone"]).lower()
    if "channels" in parts:
        for each in channels.every(call, source):
            if not each.props.get("primary") and each.props["membershipType"] == "standard":
                channels.add_channel(call, team, dict(each.props))
    if "members" in parts:
        for person in call.tenant.directory.people(source, "member"):
            call.tenant.directory.add_person(team, "member", person)
    return _accepted(call, team, "cloneTeam")


def _joined(call: Call) -> Response:
    user = call.tenant.directory.user(call.parts["id"])
    if user is None:
        raise GraphError(404, "NotFound", "No user found with the id.")
    groups = {
        each.guid: each
        for role in ("member", "owner")
        for each in call.tenant.directory.holders(role, object_id(user), "group")
        if "_team" in each.props
    }
    return answer_list(call, [show_team(call, each) for each in groups.values()], context="teams", of=TEAM)


def _no_chats(call: Call) -> Response:
    return answer_list(call, [], context="chats", of=CHAT)


_TEAM = "teams/{id}"
ROUTES: tuple[Route, ...] = (
    route("GET teams", _READ, _list_teams),
    route("GET teams/$count", _READ, _count_teams),
    route("POST teams", _CREATE, _create_team, standing="anyone"),
    route(f"GET {_TEAM}", _READ, _get_team),
    route("GET groups/{id}/team", _READ, _get_team),
    route(f"PATCH {_TEAM}", _WRITE, _patch_team),
    route("PATCH groups/{id}/team", _WRITE, _patch_team),
    route(f"DELETE {_TEAM}", _WRITE, _delete_team),
    route("PUT groups/{id}/team", _CREATE, _put_team),
    route(f"POST {_TEAM}/{{action:archive|unarchive}}", _WRITE, _archive),
    route(f"POST {_TEAM}/clone", _CREATE, _clone),
    route(f"GET {_TEAM}/operations/{{operation}}", _READ, _get_operation),
    route("GET users/{id}/joinedTeams", _READ, _joined, own=("Team.ReadBasic.All", "User.Read")),
    route("GET users/{id}/chats", ("Chat.Read.All", "Chat.Read"), _no_chats, own=("Chat.Read", "Chat.ReadWrite")),
    *MEMBERS,
    *channels.ROUTES,
    *channel_mail.ROUTES,
)
