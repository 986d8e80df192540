"""Secrets of applications and of service principals: made and taken away; each signs its application in at once."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.graph.call import VERSION, Call
from spmigrate.rehearsal.graph.objects import bad
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.storage import Entity

# Source: Microsoft, application: addPassword: two years unless another end is given.
_SECRET_LIFE = timedelta(days=730)


def password_routes(one: str, permissions: tuple[str, ...], find: Callable[[Call], Entity]) -> list[Route]:
    """`addPassword` and `removePassword` of what stands at a path."""
    return [
        route(f"POST {one}/addPassword", permissions, lambda call: _add(call, find(call))),
        route(f"POST {one}/removePassword", permissions, lambda call: _remove(call, find(call))),
    ]


def _add(call: Call, holder: Entity) -> Response:
    given = call.body().get("passwordCredential") or {}
    if not isinstance(given, dict):
        raise bad("Invalid value specified for parameter 'passwordCredential'.")
    now = call.tenant.clock.now()
    try:
        end = read_time(str(given["endDateTime"])) if given.get("endDateTime") else now + _SECRET_LIFE
    except ValueError:
        raise bad("Invalid value specified for property 'endDateTime' of resource 'PasswordCredential'.") from None
    text = secrets.token_urlsafe(30)
    made: dict[str, Any] = {
        "customKeyIdentifier": None,
        "displayName": given.get("displayName"),
        "endDateTime": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "hint": text[:3],
        "keyId": str(uuid.uuid4()),
        "secretText": text,
        "startDateTime": str(given.get("startDateTime") or call.tenant.clock.iso()),
    }
    call.tenant.store.update(
        holder, {"_passwords": [*holder.props.get("_passwords", []), made]}, at=call.tenant.clock.iso()
    )
    _sign_in_with(call, holder, add=text)
    return json_response(200, {"@odata.context": f"{VERSION}/$metadata#microsoft.graph.passwordCredential", **made})


def _remove(call: Call, holder: Entity) -> Response:
    key = str(call.body().get("keyId", ""))
    kept = holder.props.get("_passwords", [])
    gone = next((each for each in kept if each["keyId"] == key.lower()), None)
    if gone is None:
        raise bad(f"No password credential found with keyId '{key}'.")
    call.tenant.store.update(
        holder, {"_passwords": [each for each in kept if each is not gone]}, at=call.tenant.clock.iso()
    )
    _sign_in_with(call, holder, drop=gone["secretText"])
    return Response(204)


def _sign_in_with(call: Call, holder: Entity, *, add: str = "", drop: str = "") -> None:
    """What the sign-in takes as the application's secret; Microsoft's own applications sign in elsewhere."""
    app = call.tenant.store.by_id(holder.id) if holder.kind == "app" else call.tenant.directory.app(holder.name)
    if app is None:
        return
    kept = [each for each in app.props.get("secrets", []) if each != drop]
    call.tenant.store.update(app, {"secrets": [*kept, add] if add else kept}, at=call.tenant.clock.iso())
