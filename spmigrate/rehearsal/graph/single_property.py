"""One property of one thing, as an address of its own: `users/x/displayName`, `applications/x/appRoles`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spmigrate.rehearsal.graph.call import JSON_KIND, Call
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import Type
from spmigrate.rehearsal.http import Response, json_response

Content = dict[str, Any]


def property_routes(
    path: str, of: Type, permissions: tuple[str, ...], show: Callable[[Call], Content], *, own: tuple[str, ...] = ()
) -> list[Route]:
    """Routes of every property of the things at a path, and of its bare value."""

    def answer(call: Call) -> Response:
        name = of.properties[call.parts["property"].lower()]
        content = show(call)
        value = content.get(name, of.absent(name.lower()))
        if value is None:
            return Response(204)
        if "value" in call.parts:
            return Response(200, {"content-type": "text/plain"}, str(value).encode())
        context = f"{call.base}/$metadata#{path}('{content['id']}')/{name}"
        return json_response(200, {"@odata.context": context, "value": value}, kind=JSON_KIND)

    place = f"{path}/{{id}}/{{property:{'|'.join(of.properties.values())}}}"
    return [
        route(f"GET {place}", permissions, answer, own=own),
        route(f"GET {place}/${{value:value}}", permissions, answer, own=own),
    ]
