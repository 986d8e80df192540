"""A channel's address for mail, and the teams that it is shared with."""

from __future__ import annotations

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.channels import find_channel, find_team
from spmigrate.rehearsal.graph.querying import answer_list
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response, json_response

_WRITE = ("ChannelSettings.ReadWrite.All",)
_READ_MEMBERS = ("ChannelMember.Read.All", "Channel.ReadBasic.All", "Group.Read.All")
_ONE = "teams/{id}/channels/{channel}"
_SHARED = define_type("sharedWithChannelTeamInfo", "displayName isHostTeam tenantId", "allowedMembers team")


def _require_person(call: Call) -> None:
    # Source: Microsoft, "channel: provisionEmail": applications have no permission for it.
    if call.request.caller.app_only:
        raise GraphError(403, "Forbidden", "Missing scope permissions on the request.")


def _provision(call: Call) -> Response:
    _require_person(call)
    team = find_team(call)
    channel = find_channel(call, team)
    address = channel.props.get("email")
    if not address:
        address = f"{channel.guid[:8]}.{call.tenant.names.domain}@uk.teams.ms"
        call.tenant.store.update(channel, {"email": address}, at=call.tenant.clock.iso())
    context = f"{call.base}/$metadata#microsoft.graph.provisionChannelEmailResult"
    return json_response(200, {"@odata.context": context, "email": address})


def _remove(call: Call) -> Response:
    _require_person(call)
    team = find_team(call)
    channel = find_channel(call, team)
    if not channel.props.get("email"):
        raise GraphError(404, "NotFound", "The channel has no email address.")
    call.tenant.store.update(channel, {"email": ""}, at=call.tenant.clock.iso())
    return Response(204)


def _shared_with(call: Call) -> Response:
    """The team itself, of a shared channel; a channel of another kind is shared with nobody."""
    team = find_team(call)
    channel = find_channel(call, team)
    shared = channel.props["membershipType"] == "shared"
    host = {"id": team.guid, "displayName": team.name, "tenantId": call.tenant.names.tenant_id, "isHostTeam": True}
    context = f"teams('{team.guid}')/channels('{channel.name}')/sharedWithTeams"
    return answer_list(call, [host] if shared else [], context=context, of=_SHARED)


ROUTES: tuple[Route, ...] = (
    route(f"POST {_ONE}/provisionEmail", _WRITE, _provision),
    route(f"POST {_ONE}/removeEmail", _WRITE, _remove),
    route(f"GET {_ONE}/sharedWithTeams", _READ_MEMBERS, _shared_with),
)
