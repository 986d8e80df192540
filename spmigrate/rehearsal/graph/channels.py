"""Channels of teams: standard ones in the team's site, private and shared ones with a site and people of their own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.graph import channel_contents
from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.drive_items import Drive, show_item
from spmigrate.rehearsal.graph.drives import default_drive
from spmigrate.rehearsal.graph.objects import bad
from spmigrate.rehearsal.graph.querying import Relations, answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.team_members import read_member, show_member, show_members
from spmigrate.rehearsal.graph.team_types import CHANNEL, MEMBER
from spmigrate.rehearsal.graph.types import DRIVE_ITEM
from spmigrate.rehearsal.group_sites import create_channel_site, find_group_site
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

_READ = ("Channel.ReadBasic.All", "ChannelSettings.Read.All", "Group.Read.All", "Directory.Read.All")
_WRITE = ("ChannelSettings.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All")
_CREATE = ("Channel.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All")
_DELETE = ("Channel.Delete.All", "Group.ReadWrite.All", "Directory.ReadWrite.All")
_READ_MEMBERS = ("ChannelMember.Read.All", "Group.Read.All", "Directory.Read.All")
_WRITE_MEMBERS = ("ChannelMember.ReadWrite.All", "Group.ReadWrite.All")
_READ_FILES = ("Files.Read.All", "Sites.Read.All", "Group.Read.All")
# Source: Microsoft, "Limits and specifications for Microsoft Teams": characters and length of a channel's name.
_BAD_NAME = frozenset("~#%&*{}/\\:<>?+|'\"")
_LONGEST = 50
Content = dict[str, Any]


def find_team(call: Call) -> Entity:
    """The group of the team that the path names."""
    found = call.tenant.directory.group(call.parts["id"])
    if found is None or "_team" not in found.props:
        raise GraphError(404, "NotFound", f"No team found with Group id {call.parts['id']}")
    return found


def every(call: Call, team: Entity) -> list[Entity]:
    """The channels of a team."""
    return call.tenant.store.children(team.id, "channel")


def primary(call: Call, team: Entity) -> Entity:
    """A team's General channel."""
    return next(each for each in every(call, team) if each.props.get("primary"))


def find_channel(call: Call, team: Entity) -> Entity:
    """The channel that the path names."""
    found = call.tenant.store.find("channel", team.id, call.parts["channel"])
    if found is None:
        raise GraphError(404, "NotFound", "The channel does not exist, or is not in this team.")
    return found


def show_channel(call: Call, team: Entity, channel: Entity) -> Content:
    """A channel."""
    tenant, props = call.tenant.names.tenant_id, channel.props
    address = f"https://teams.microsoft.com/l/channel/{quote(channel.name, safe='')}/{quote(props['displayName'])}"
    return {
        "id": channel.name,
        "createdDateTime": channel.created,
        "displayName": props["displayName"],
        "description": props.get("description"),
        "isFavoriteByDefault": props.get("isFavoriteByDefault"),
        "email": props.get("email", ""),
        "tenantId": tenant,
        "webUrl": f"{address}?groupId={team.guid}&tenantId={tenant}",
        "membershipType": props["membershipType"],
        "isArchived": False,
    }


def show_all(call: Call, team: Entity) -> list[Content]:
    """A team's channels."""
    return [show_channel(call, team, each) for each in every(call, team)]


def add_channel(call: Call, team: Entity, body: Mapping[str, Any], *, primary: bool = False) -> Entity:
    """Make a channel; a private or shared one gets its own site."""
    name = body.get("displayName")
    kind = str(body.get("membershipType") or "standard")
    if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST or _BAD_NAME & set(name):
        raise bad("Channel display name is invalid.", "BadRequest")
    if kind not in ("standard", "private", "shared"):
        raise bad("Invalid value specified for property 'membershipType'.", "BadRequest")
    _require_free(call, team, name)
    people = [read_member(call, each) for each in body.get("members") or [] if isinstance(each, dict)]
    owners = [user for user, roles in people if "owner" in roles]
    caller = call.request.caller
    maker = None if caller.app_only else call.tenant.directory.user(caller.user)
    if kind != "standard" and not owners:
        if maker is None:
            raise bad(f"A {kind} channel needs an owner.", "BadRequest")
        owners, people = [maker], [*people, (maker, ["owner"])]
    props = {
        "displayName": name,
        "description": body.get("description"),
        "membershipType": kind,
        "isFavoriteByDefault": body.get("isFavoriteByDefault"),
        "primary": primary,
    }
    store = call.tenant.store
    made = store.insert(
        "channel", f"19:{uuid.uuid4().hex}@thread.tacv2", parent=team.id, at=call.tenant.clock.iso(), props=props
    )
    if kind == "standard":
        return made
    for user, roles in people:
        call.tenant.directory.add_person(made, "owner" if "owner" in roles else "member", user)
    site = create_channel_site(call.tenant, team, made, owner=owners[0].name)
    return store.update(made, {"_site": site.guid}, at=call.tenant.clock.iso())


def _require_free(call: Call, team: Entity, name: str) -> None:
    if any(each.props["displayName"].casefold() == name.casefold() for each in every(call, team)):
        raise bad("Channel name already existed, please use other name.", "BadRequest")


def _relations(call: Call, team: Entity) -> Relations:
    def channel(content: Content) -> Entity:
        found = call.tenant.store.find("channel", team.id, content["id"])
        return found if found is not None else primary(call, team)

    return {
        "members": lambda content: _members(call, team, channel(content)),
        "filesfolder": lambda content: _files_folder(call, team, channel(content)),
    }


def _list(call: Call) -> Response:
    team = find_team(call)
    shown = show_all(call, team)
    return answer_list(
        call, shown, context=f"teams('{team.guid}')/channels", of=CHANNEL, relations=_relations(call, team)
    )


def _incoming(call: Call) -> Response:
    team = find_team(call)
    return answer_list(call, [], context=f"teams('{team.guid}')/incomingChannels", of=CHANNEL)


def _answer(call: Call, team: Entity, channel: Entity) -> Response:
    shown, context = show_channel(call, team, channel), f"teams('{team.guid}')/channels"
    return answer_one(call, shown, context=context, of=CHANNEL, relations=_relations(call, team))


def _get(call: Call) -> Response:
    team = find_team(call)
    return _answer(call, team, find_channel(call, team))


def _get_primary(call: Call) -> Response:
    team = find_team(call)
    return _answer(call, team, primary(call, team))


def _add(call: Call) -> Response:
    team = find_team(call)
    if team.props["_team"].get("isArchived"):
        raise bad("The team is archived.", "BadRequest")
    made = add_channel(call, team, call.body())
    return answer_made(call, show_channel(call, team, made), context=f"teams('{team.guid}')/channels", of=CHANNEL)


def _patch(call: Call) -> Response:
    team = find_team(call)
    channel, body = find_channel(call, team), call.body()
    patch = {
        name: value for name, value in body.items() if name in ("displayName", "description", "isFavoriteByDefault")
    }
    if set(body) - set(patch) - {"moderationSettings", "@odata.type"}:
        raise bad("Only displayName, description and moderation can be changed.", "BadRequest")
    name = patch.get("displayName")
    if name is not None:
        if channel.props.get("primary"):
            raise bad("The General channel cannot be renamed.", "BadRequest")
        if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST or _BAD_NAME & set(name):
            raise bad("Channel display name is invalid.", "BadRequest")
        if name.casefold() != channel.props["displayName"].casefold():
            _require_free(call, team, name)
    call.tenant.store.update(channel, patch, at=call.tenant.clock.iso())
    return Response(204)


def _delete(call: Call) -> Response:
    team = find_team(call)
    channel = find_channel(call, team)
    if channel.props.get("primary"):
        raise bad("The General channel cannot be deleted.", "BadRequest")
    site = call.tenant.store.get("site", channel.props["_site"]) if channel.props.get("_site") else None
    if site is not None:
        call.tenant.store.recycle(site, at=call.tenant.clock.iso())
    call.tenant.store.recycle(channel, at=call.tenant.clock.iso())
    return Response(204)


def _members(call: Call, team: Entity, channel: Entity) -> list[Content]:
    if channel.props["membershipType"] == "standard":
        return show_members(call, team)
    directory = call.tenant.directory
    owners = [show_member(call, channel.name, each, ["owner"]) for each in directory.people(channel, "owner")]
    return owners + [show_member(call, channel.name, each, []) for each in directory.people(channel, "member")]


def _list_members(call: Call) -> Response:
    team = find_team(call)
    channel = find_channel(call, team)
    context = f"teams('{team.guid}')/channels('{channel.name}')/members"
    return answer_list(call, _members(call, team, channel), context=context, of=MEMBER)


def _own_people(call: Call) -> tuple[Entity, Entity]:
    team = find_team(call)
    channel = find_channel(call, team)
    if channel.props["membershipType"] == "standard":
        raise bad("Membership of a standard channel is that of its team.", "BadRequest")
    return team, channel


def _add_member(call: Call) -> Response:
    team, channel = _own_people(call)
    user, roles = read_member(call, call.body())
    people = {each["userId"] for each in show_members(call, team)}
    if channel.props["membershipType"] == "private" and user.guid not in people:
        raise bad("The user is not a member of the team.", "BadRequest")
    call.tenant.directory.add_person(channel, "owner" if "owner" in roles else "member", user)
    shown = show_member(call, channel.name, user, ["owner"] if "owner" in roles else [])
    return answer_made(call, shown, context=f"teams('{team.guid}')/channels/members", of=MEMBER)


def _member(call: Call) -> tuple[Entity, Content]:
    team, channel = _own_people(call)
    wanted = call.parts["member"]
    found = next((each for each in _members(call, team, channel) if each["id"] == wanted), None)
    if found is None:
        raise GraphError(404, "NotFound", "The member does not exist in the channel.")
    return channel, found


def _get_member(call: Call) -> Response:
    return answer_one(call, _member(call)[1], context="teams/channels/members", of=MEMBER)


def _patch_member(call: Call) -> Response:
    channel, shown = _member(call)
    user, roles = call.tenant.store.get("user", shown["userId"]), call.body().get("roles")
    if user is None or not isinstance(roles, list) or set(roles) - {"owner"}:
        raise bad("Invalid role specified for member.", "BadRequest")
    directory = call.tenant.directory
    for role in ("owner", "member"):
        directory.remove_person(channel, role, user.guid)
    directory.add_person(channel, "owner" if roles else "member", user)
    return answer_one(
        call, show_member(call, channel.name, user, list(roles)), context="teams/channels/members", of=MEMBER
    )


def _remove_member(call: Call) -> Response:
    channel, shown = _member(call)
    for role in ("owner", "member"):
        call.tenant.directory.remove_person(channel, role, shown["userId"])
    return Response(204)


def _drive(call: Call, team: Entity, channel: Entity) -> Drive:
    store = call.tenant.store
    own = channel.props.get("_site")
    site = store.get("site", own) if own else find_group_site(call.tenant, team)
    web = store.find("web", site.id, "/" + site.name.partition("/")[2]) if site is not None else None
    if site is None or web is None:
        raise GraphError(404, "NotFound", "The team's site is not ready.")
    return default_drive(call.tenant, site, web)


def _files_folder(call: Call, team: Entity, channel: Entity) -> Content:
    """The folder of a channel in its site's library, made when it is first asked for."""
    drive, name = _drive(call, team, channel), str(channel.props["displayName"])
    content = call.tenant.content
    found = content.child(drive.root, name)
    if found is None:
        with call.tenant.store.transaction():
            found = content.add_folder(drive.root, name, by=call.request.caller.login)
    return show_item(drive, found)


def _get_files(call: Call) -> Response:
    team = find_team(call)
    shown = _files_folder(call, team, find_channel(call, team))
    return answer_one(call, shown, context="driveItem", of=DRIVE_ITEM)


_ALL, _ONE = "teams/{id}/channels", "teams/{id}/channels/{channel}"
ROUTES: tuple[Route, ...] = (
    route(f"GET {_ALL}", _READ, _list),
    route("GET teams/{id}/allChannels", _READ, _list),
    route("GET teams/{id}/incomingChannels", _READ, _incoming),
    route("GET teams/{id}/primaryChannel", _READ, _get_primary),
    route(f"POST {_ALL}", _CREATE, _add),
    route(f"GET {_ONE}", _READ, _get),
    route(f"PATCH {_ONE}", _WRITE, _patch),
    route(f"DELETE {_ONE}", _DELETE, _delete),
    route(f"GET {_ONE}/filesFolder", _READ_FILES, _get_files),
    route(f"GET {_ONE}/{{list:members|allMembers}}", _READ_MEMBERS, _list_members),
    route(f"POST {_ONE}/members", _WRITE_MEMBERS, _add_member),
    route(f"GET {_ONE}/members/{{member}}", _READ_MEMBERS, _get_member),
    route(f"PATCH {_ONE}/members/{{member}}", _WRITE_MEMBERS, _patch_member),
    route(f"DELETE {_ONE}/members/{{member}}", _WRITE_MEMBERS, _remove_member),
    *channel_contents.ROUTES,
)
