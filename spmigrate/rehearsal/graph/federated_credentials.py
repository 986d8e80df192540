"""Federated credentials of an application: whose tokens, besides its own secrets, another issuer's may stand for it.

They are kept and shown; a sign-in with one is refused, since the issuer's keys lie outside of this machine.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.objects import bad, missing
from spmigrate.rehearsal.graph.querying import answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.graph.values import read_properties, require_given
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

# Source: Microsoft, federatedIdentityCredential resource type.
_LARGEST_COUNT = 20
_LONGEST_NAME = 120
_LONGEST_TEXT = 600
_TYPE = define_type("federatedIdentityCredential", "audiences description issuer name subject", lists="audiences")
_CONTEXT = "federatedIdentityCredentials"
KEPT = "_federated"
"""Where an application keeps them."""


def credential_routes(
    path: str, reading: tuple[str, ...], writing: tuple[str, ...], find: Callable[[Call], Entity]
) -> list[Route]:
    """The routes below an application."""

    def listing(call: Call) -> Response:
        return answer_list(call, _kept(find(call)), context=_CONTEXT, of=_TYPE)

    def one(call: Call) -> Response:
        return answer_one(call, _chosen(call, _kept(find(call))), context=_CONTEXT, of=_TYPE)

    def add(call: Call) -> Response:
        app, given = find(call), _read(call)
        require_given(given, ("name", "issuer", "subject", "audiences"), _TYPE)
        made = {"id": str(uuid.uuid4()), "description": None, **given}
        _require_room(made, _kept(app))
        _keep(call, app, [*_kept(app), made])
        return answer_made(call, made, context=_CONTEXT, of=_TYPE)

    def patch(call: Call) -> Response:
        app = find(call)
        chosen, given = _chosen(call, _kept(app)), _read(call)
        if given.get("name", chosen["name"]) != chosen["name"]:
            raise bad("Property 'name' is read-only and cannot be set.")
        others = _without(app, chosen)
        _require_alone({**chosen, **given}, others)
        _keep(call, app, [*others, {**chosen, **given}])
        return Response(204)

    def delete(call: Call) -> Response:
        app = find(call)
        chosen = _chosen(call, _kept(app))
        _keep(call, app, _without(app, chosen))
        return Response(204)

    below = f"{path}/federatedIdentityCredentials"
    return [
        route(f"GET {below}", reading, listing),
        route(f"POST {below}", writing, add),
        route(f"GET {below}/{{credential}}", reading, one),
        route(f"PATCH {below}/{{credential}}", writing, patch),
        route(f"DELETE {below}/{{credential}}", writing, delete),
    ]


def _kept(app: Entity) -> list[dict[str, Any]]:
    return list(app.props.get(KEPT, []))


def _without(app: Entity, chosen: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in _kept(app) if each["id"] != chosen["id"]]


def _keep(call: Call, app: Entity, credentials: list[dict[str, Any]]) -> None:
    call.tenant.store.update(app, {KEPT: credentials}, at=call.tenant.clock.iso())


def _chosen(call: Call, credentials: list[dict[str, Any]]) -> dict[str, Any]:
    """The one that the path names, by id or by name."""
    wanted = call.parts["credential"]
    found = next((each for each in credentials if wanted in (each["id"], each["name"])), None)
    if found is None:
        raise missing(wanted)
    return found


def _read(call: Call) -> dict[str, Any]:
    given = read_properties(call.body(), _TYPE)
    for name, longest in (("name", _LONGEST_NAME), ("issuer", _LONGEST_TEXT), ("subject", _LONGEST_TEXT)):
        value = given.get(name, "")
        if not isinstance(value, str) or len(value) > longest:
            raise bad(f"Invalid value specified for property '{name}' of resource 'FederatedIdentityCredential'.")
    audiences = given.get("audiences", [""])
    if len(audiences) != 1 or not isinstance(audiences[0], str):
        raise bad("Invalid value specified for property 'audiences' of resource 'FederatedIdentityCredential'.")
    return given


def _require_room(made: dict[str, Any], others: list[dict[str, Any]]) -> None:
    if len(others) >= _LARGEST_COUNT:
        raise bad(f"The number of federated identity credentials exceeds the maximum of {_LARGEST_COUNT}.")
    if any(each["name"] == made["name"] for each in others):
        raise _taken(f"FederatedIdentityCredential with name {made['name']} already exists.")
    _require_alone(made, others)


def _require_alone(made: dict[str, Any], others: list[dict[str, Any]]) -> None:
    if any((each["issuer"], each["subject"]) == (made["issuer"], made["subject"]) for each in others):
        raise _taken("FederatedIdentityCredential with the same issuer and subject already exists.")


def _taken(message: str) -> GraphError:
    return GraphError(409, "Request_MultipleObjectsWithSameKeyValue", message)
