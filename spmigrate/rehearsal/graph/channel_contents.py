"""What stands in channels besides files: messages with their replies, tabs, and the apps of a team."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.objects import bad
from spmigrate.rehearsal.graph.querying import Relations, answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.team_types import APP, APP_DEFINITION, INSTALLATION, MESSAGE, TAB
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

Content = dict[str, Any]
_READ_MESSAGES = ("ChannelMessage.Read.All", "Group.Read.All")
# Source: Microsoft, "Send chatMessage in a channel": users only, except for migrations.
_SEND = ("ChannelMessage.Send", "Group.ReadWrite.All")
_READ_TABS = ("TeamsTab.Read.All", "Group.Read.All")
_WRITE_TABS = ("TeamsTab.ReadWrite.All", "Group.ReadWrite.All")
_READ_APPS = ("TeamsAppInstallation.ReadForTeam.All", "TeamsAppInstallation.ReadWriteForTeam.All",
              "TeamsAppInstallation.ReadWriteForTeam", "Group.Read.All")  # fmt: skip
_WRITE_APPS = ("TeamsAppInstallation.ReadWriteForTeam.All", "TeamsAppInstallation.ReadWriteForTeam",
               "Group.ReadWrite.All")  # fmt: skip
_CATALOGUE = ("AppCatalog.Read.All", "AppCatalog.ReadWrite.All", "Directory.Read.All")
# Microsoft's own apps, which every tenant's catalogue has: id, name.
_APPS = {
    "com.microsoft.teamspace.tab.web": "Website",
    "com.microsoft.teamspace.tab.planner": "Planner",
    "com.microsoft.teamspace.tab.files.sharepoint": "SharePoint",
    "com.microsoft.teamspace.tab.wiki": "Wiki",
    "com.microsoft.teamspace.tab.file.staticviewer.word": "Word",
    "com.microsoft.teamspace.tab.file.staticviewer.excel": "Excel",
    "0d820ecd-def2-4297-adad-78056cde7c78": "OneNote",
    "2a527703-1f6f-4559-a332-d8a7d288cd88": "SharePoint Pages",
}


def _team(call: Call) -> Entity:
    found = call.tenant.directory.group(call.parts["id"])
    if found is None or "_team" not in found.props:
        raise GraphError(404, "NotFound", f"No team found with Group id {call.parts['id']}")
    return found


def _channel(call: Call) -> Entity:
    found = call.tenant.store.find("channel", _team(call).id, call.parts["channel"])
    if found is None:
        raise GraphError(404, "NotFound", "The channel does not exist, or is not in this team.")
    return found


def _show_message(call: Call, message: Entity) -> Content:
    props = message.props
    team, channel = call.parts["id"], call.parts["channel"]
    unsaid = ("lastEditedDateTime", "deletedDateTime", "subject", "summary", "chatId", "policyViolation", "eventDetail")
    usual: Content = dict.fromkeys(unsaid)
    return {
        "id": message.name,
        "replyToId": props.get("replyToId"),
        "etag": message.name,
        "messageType": "message",
        "createdDateTime": message.created,
        "lastModifiedDateTime": message.modified,
        **usual,
        "importance": "normal",
        "locale": "en-us",
        "webUrl": f"https://teams.microsoft.com/l/message/{channel}/{message.name}?groupId={team}",
        "attachments": [],
        "mentions": [],
        "reactions": [],
        **{name: value for name, value in props.items() if name != "replyToId"},
        "channelIdentity": {"teamId": team, "channelId": channel},
    }


def _list_messages(call: Call) -> Response:
    holder = _message(call) if "message" in call.parts else _channel(call)
    kind = "reply" if "message" in call.parts else "message"
    found = [_show_message(call, each) for each in call.tenant.store.children(holder.id, kind)]
    return answer_list(call, found[::-1], context="teams/channels/messages", of=MESSAGE, page=20, most=50)


def _message(call: Call) -> Entity:
    found = call.tenant.store.find("message", _channel(call).id, call.parts["message"])
    if found is None:
        raise GraphError(404, "NotFound", "The message does not exist.")
    return found


def _get_message(call: Call) -> Response:
    return answer_one(call, _show_message(call, _message(call)), context="teams/channels/messages", of=MESSAGE)


def _send(call: Call) -> Response:
    caller = call.request.caller
    if caller.app_only:
        raise GraphError(403, "Forbidden", "Messages are sent by users; an application may only migrate them.")
    body = call.body()
    text = body.get("body")
    if not isinstance(text, dict) or not isinstance(text.get("content"), str):
        raise bad("Missing body content.", "BadRequest")
    holder = _message(call) if "message" in call.parts else _channel(call)
    user = call.tenant.directory.user(caller.user)
    who: Content = {"id": caller.object_id, "displayName": user.props.get("displayName") if user is not None else None,
           "userIdentityType": "aadUser", "tenantId": call.tenant.names.tenant_id}  # fmt: skip
    props: Content = {
        "replyToId": call.parts.get("message"),
        "body": {"contentType": text.get("contentType") or "text", "content": text["content"]},
        "from": {"application": None, "device": None, "user": who},
        **{name: body[name] for name in ("subject", "importance", "attachments", "mentions") if name in body},
    }
    store, now = call.tenant.store, call.tenant.clock
    kind = "reply" if "message" in call.parts else "message"
    # A message is named by its moment in milliseconds, and no two are named alike.
    stamp = int(now.seconds() * 1000)
    while store.find(kind, holder.id, str(stamp)) is not None:
        stamp += 1
    made = store.insert(kind, str(stamp), parent=holder.id, at=now.iso(), props=props)
    return answer_made(call, _show_message(call, made), context="teams/channels/messages", of=MESSAGE)


def _show_app(identity: str) -> Content:
    return {"id": identity, "externalId": None, "displayName": _APPS[identity], "distributionMethod": "store"}


def _show_definition(identity: str) -> Content:
    return {
        "id": base64.b64encode(f"1##{identity}##Published".encode()).decode(),
        "teamsAppId": identity,
        "displayName": _APPS[identity],
        "version": "1.0",
        "publishingState": "published",
        "shortDescription": _APPS[identity],
        "description": _APPS[identity],
        "lastModifiedDateTime": None,
        "createdBy": None,
        "authorization": None,
    }


def _app(identity: str) -> str:
    if identity not in _APPS:
        raise GraphError(404, "NotFound", f"No app found with id {identity}.")
    return identity


def _list_apps(call: Call) -> Response:
    more: Relations = {"appdefinitions": lambda content: [_show_definition(content["id"])]}
    shown = [_show_app(each) for each in _APPS]
    return answer_list(call, shown, context="appCatalogs/teamsApps", of=APP, relations=more)


def _get_app(call: Call) -> Response:
    more: Relations = {"appdefinitions": lambda content: [_show_definition(content["id"])]}
    shown = _show_app(_app(call.parts["id"]))
    return answer_one(call, shown, context="appCatalogs/teamsApps", of=APP, relations=more)


def _list_definitions(call: Call) -> Response:
    shown = [_show_definition(_app(call.parts["id"]))]
    return answer_list(call, shown, context="appCatalogs/teamsApps/appDefinitions", of=APP_DEFINITION)


def _get_definition(call: Call) -> Response:
    shown = _show_definition(_app(call.parts["id"]))
    if shown["id"] != call.parts["definition"]:
        raise GraphError(404, "NotFound", "The definition does not exist.")
    return answer_one(call, shown, context="appCatalogs/teamsApps/appDefinitions", of=APP_DEFINITION)


def _installed(call: Call) -> list[Content]:
    rows = call.tenant.store.children(_team(call).id, "installedapp")
    return [{"id": each.guid, "consentedPermissionSet": None, "_app": each.name} for each in rows]


def _bound_app(call: Call) -> str:
    return _app(str(call.body().get("teamsApp@odata.bind", "")).rstrip("/").rsplit("/", 1)[-1].strip("')"))


def _list_installed(call: Call) -> Response:
    shown = _installed(call)
    apps = {each["id"]: each.pop("_app") for each in shown}
    more: Relations = {
        "teamsapp": lambda content: _show_app(apps[content["id"]]),
        "teamsappdefinition": lambda content: _show_definition(apps[content["id"]]),
    }
    return answer_list(call, shown, context="teams/installedApps", of=INSTALLATION, relations=more)


def _install(call: Call) -> Response:
    team, app = _team(call), _bound_app(call)
    if call.tenant.store.find("installedapp", team.id, app) is not None:
        raise GraphError(409, "Conflict", "The app is installed already.")
    call.tenant.store.insert("installedapp", app, parent=team.id, at=call.tenant.clock.iso())
    return Response(201)


def _uninstall(call: Call) -> Response:
    found = call.tenant.store.get("installedapp", call.parts["app"], parent=_team(call).id)
    if found is None:
        raise GraphError(404, "NotFound", "The app is not installed.")
    call.tenant.store.delete(found)
    return Response(204)


def _show_tab(tab: Entity) -> Content:
    props = {name: value for name, value in tab.props.items() if name[0] != "_"}
    return {"id": tab.guid, "displayName": tab.name, "webUrl": "https://teams.microsoft.com/l/entity/", **props}


def _tab_relations(call: Call) -> Relations:
    def app(content: Content) -> object:
        found = call.tenant.store.get("tab", content["id"])
        return _show_app(found.props["_app"]) if found is not None else None

    return {"teamsapp": app}


def _list_tabs(call: Call) -> Response:
    shown = [_show_tab(each) for each in call.tenant.store.children(_channel(call).id, "tab")]
    return answer_list(call, shown, context="teams/channels/tabs", of=TAB, relations=_tab_relations(call))


def _tab(call: Call) -> Entity:
    found = call.tenant.store.get("tab", call.parts["tab"], parent=_channel(call).id)
    if found is None:
        raise GraphError(404, "NotFound", "The tab does not exist.")
    return found


def _get_tab(call: Call) -> Response:
    return answer_one(
        call, _show_tab(_tab(call)), context="teams/channels/tabs", of=TAB, relations=_tab_relations(call)
    )


def _add_tab(call: Call) -> Response:
    channel, body, app = _channel(call), call.body(), _bound_app(call)
    name = body.get("displayName")
    if not isinstance(name, str) or not name:
        raise bad("The property 'displayName' is required.", "BadRequest")
    props = {"_app": app, "configuration": body.get("configuration") or {}}
    made = call.tenant.store.insert(
        "tab", name, parent=channel.id, at=call.tenant.clock.iso(), guid=str(uuid.uuid4()), props=props
    )
    return answer_made(call, _show_tab(made), context="teams/channels/tabs", of=TAB)


def _patch_tab(call: Call) -> Response:
    tab, body = _tab(call), call.body()
    patch = {"configuration": body["configuration"]} if "configuration" in body else {}
    changed = call.tenant.store.update(tab, patch, at=call.tenant.clock.iso(), name=body.get("displayName"))
    return answer_one(call, _show_tab(changed), context="teams/channels/tabs", of=TAB)


def _delete_tab(call: Call) -> Response:
    call.tenant.store.delete(_tab(call))
    return Response(204)


_CHANNEL = "teams/{id}/channels/{channel}"
ROUTES: tuple[Route, ...] = (
    route(f"GET {_CHANNEL}/messages", _READ_MESSAGES, _list_messages),
    route(f"POST {_CHANNEL}/messages", _SEND, _send, standing="anyone"),
    route(f"GET {_CHANNEL}/messages/{{message}}", _READ_MESSAGES, _get_message),
    route(f"GET {_CHANNEL}/messages/{{message}}/replies", _READ_MESSAGES, _list_messages),
    route(f"POST {_CHANNEL}/messages/{{message}}/replies", _SEND, _send, standing="anyone"),
    route(f"GET {_CHANNEL}/tabs", _READ_TABS, _list_tabs),
    route(f"POST {_CHANNEL}/tabs", _WRITE_TABS, _add_tab),
    route(f"GET {_CHANNEL}/tabs/{{tab}}", _READ_TABS, _get_tab),
    route(f"PATCH {_CHANNEL}/tabs/{{tab}}", _WRITE_TABS, _patch_tab),
    route(f"DELETE {_CHANNEL}/tabs/{{tab}}", _WRITE_TABS, _delete_tab),
    route("GET teams/{id}/installedApps", _READ_APPS, _list_installed),
    route("POST teams/{id}/installedApps", _WRITE_APPS, _install),
    route("DELETE teams/{id}/installedApps/{app}", _WRITE_APPS, _uninstall),
    route("GET appCatalogs/teamsApps", _CATALOGUE, _list_apps),
    route("GET appCatalogs/teamsApps/{id}", _CATALOGUE, _get_app),
    route("GET appCatalogs/teamsApps/{id}/appDefinitions", _CATALOGUE, _list_definitions),
    route("GET appCatalogs/teamsApps/{id}/appDefinitions/{definition}", _CATALOGUE, _get_definition),
)
