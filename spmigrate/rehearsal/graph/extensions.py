"""Open extensions: properties that programs add to users and groups under a name of their own."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.graph.call import VERSION, Call
from spmigrate.rehearsal.graph.directory_types import OPEN_EXTENSION
from spmigrate.rehearsal.graph.objects import bad, holder, missing
from spmigrate.rehearsal.graph.querying import answer_list
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.storage import Entity

_TYPE = "#microsoft.graph.openTypeExtension"
_Permissions = tuple[str, ...]


def routes(
    path: str,
    kind: str,
    read: _Permissions,
    write: _Permissions,
    *,
    own_read: _Permissions = (),
    own_write: _Permissions = (),
) -> list[Route]:
    """Routes of the open extensions of everything at a path: `users`, `groups`."""

    def every(call: Call) -> Response:
        found = call.tenant.store.children(holder(call, kind).id, "extension")
        return answer_list(call, [_show(each) for each in found], context=f"{path}/extensions", of=OPEN_EXTENSION)

    def add(call: Call) -> Response:
        owner, body = holder(call, kind), call.body()
        name = body.get("extensionName") or body.get("id")
        given = str(body.get("@odata.type", _TYPE)).lstrip("#")
        if given != _TYPE.lstrip("#") or not isinstance(name, str) or not name:
            raise bad("The property 'extensionName' is required.", "BadRequest")
        if call.tenant.store.find("extension", owner.id, name) is not None:
            raise bad("An extension already exists with given id.", "BadRequest")
        made = call.tenant.store.insert(
            "extension", name, parent=owner.id, at=call.tenant.clock.iso(), props=_own(body)
        )
        return json_response(201, {"@odata.context": f"{VERSION}/$metadata#{path}/extensions/$entity", **_show(made)})

    def get(call: Call) -> Response:
        found = _extension(call, holder(call, kind))
        return json_response(200, {"@odata.context": f"{VERSION}/$metadata#{path}/extensions/$entity", **_show(found)})

    def patch(call: Call) -> Response:
        found = _extension(call, holder(call, kind))
        call.tenant.store.update(found, _own(call.body()), at=call.tenant.clock.iso())
        return Response(204)

    def delete(call: Call) -> Response:
        call.tenant.store.delete(_extension(call, holder(call, kind)))
        return Response(204)

    place = f"{path}/{{id}}/extensions"
    return [
        route(f"GET {place}", read, every, own=own_read),
        route(f"POST {place}", write, add, own=own_write),
        route(f"GET {place}/{{extension}}", read, get, own=own_read),
        route(f"PATCH {place}/{{extension}}", write, patch, own=own_write),
        route(f"DELETE {place}/{{extension}}", write, delete, own=own_write),
    ]


def _extension(call: Call, owner: Entity) -> Entity:
    name = call.parts["extension"]
    found = call.tenant.store.find("extension", owner.id, name)
    if found is None:
        raise missing(name)
    return found


def _own(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in ("extensionName", "id") and name[0] != "@"}


def _show(extension: Entity) -> dict[str, Any]:
    return {
        "@odata.type": _TYPE,
        "id": extension.name,
        "extensionName": extension.name,
        **extension.props,
    }
