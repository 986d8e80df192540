"""Photos of users and groups: none until one is set."""

from __future__ import annotations

import base64
import binascii

from spmigrate.rehearsal.graph.call import VERSION, Call, GraphError
from spmigrate.rehearsal.graph.objects import bad, holder
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.storage import Entity

# Source: Microsoft, "Update profilePhoto": at most 4 MB.
_MOST = 4 * 1024 * 1024
_KINDS = {b"\x89PNG": "image/png", b"\xff\xd8": "image/jpeg", b"GIF8": "image/gif"}
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
    """Routes of the photo of everything at a path: `users`, `groups`."""

    def get(call: Call) -> Response:
        photo = _photo(call, holder(call, kind))
        shown = {"@odata.mediaContentType": photo.props["type"], "id": "648x648", "height": 648, "width": 648}
        return json_response(200, {"@odata.context": f"{VERSION}/$metadata#{path}/photo/$entity", **shown})

    def download(call: Call) -> Response:
        photo = _photo(call, holder(call, kind))
        return Response(200, {"content-type": photo.props["type"]}, base64.b64decode(photo.props["data"]))

    def put(call: Call) -> Response:
        _keep(call, holder(call, kind))
        return Response(200 if kind == "user" else 204)

    def delete(call: Call) -> Response:
        call.tenant.store.delete(_photo(call, holder(call, kind)))
        return Response(204)

    photo = f"{path}/{{id}}/photo"
    return [
        route(f"GET {photo}", read, get, own=own_read),
        route(f"GET {photo}/$value", read, download, own=own_read),
        route(f"GET {path}/{{id}}/photos/{{size}}/$value", read, download, own=own_read),
        route(f"PUT {photo}/$value", write, put, own=own_write),
        route(f"PATCH {photo}/$value", write, put, own=own_write),
        route(f"DELETE {photo}/$value", write, delete, own=own_write),
        route(f"DELETE {photo}", write, delete, own=own_write),
    ]


def _photo(call: Call, holder: Entity) -> Entity:
    found = call.tenant.store.find("photo", holder.id, "photo")
    if found is None:
        message = "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown."
        raise GraphError(404, "ImageNotFound", message)
    return found


def _keep(call: Call, holder: Entity) -> None:
    if call.request.body.size > _MOST:
        raise GraphError(413, "RequestEntityTooLarge", "The photo is larger than 4 MB.")
    content = call.request.body.read()
    if call.request.headers.get("content-transfer-encoding") == "base64":
        try:
            content = base64.b64decode(content, validate=True)
        except binascii.Error:
            raise bad("The photo is not base64.", "BadRequest") from None
    kind = next((name for mark, name in _KINDS.items() if content.startswith(mark)), None)
    if kind is None:
        raise bad("The image format is not supported.", "BadRequest")
    props = {"type": kind, "data": base64.b64encode(content).decode()}
    store, at = call.tenant.store, call.tenant.clock.iso()
    found = store.find("photo", holder.id, "photo")
    if found is None:
        store.insert("photo", "photo", parent=holder.id, at=at, props=props)
    else:
        store.update(found, props, at=at)
