"""What has changed in the directory since a token: pages, then a link for the next time."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from spmigrate.rehearsal.graph.call import JSON_KIND, VERSION, Call, GraphError
from spmigrate.rehearsal.graph.querying import cut
from spmigrate.rehearsal.graph.types import Type
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tokens import decode, encode

Content = dict[str, Any]
_PAGE, _PAGE_LIMIT = 200, 999


@dataclass(frozen=True, slots=True)
class Tracked:
    """A kind that can be followed: `links` are the members and owners that are told with it."""

    kind: str
    of: Type
    context: str
    show: Callable[[Call, Entity], Content]
    links: tuple[str, ...] = ()


def answer_delta(call: Call, tracked: Tracked) -> Response:
    """A page of everything, or of what changed after a token's change.

    A token holds where to go on, and the `$select` that was given at the beginning.
    """
    call.require_options(frozenset({"$select", "$deltatoken", "$skiptoken", "$top", "$filter", "$expand"}))
    if "$filter" in call.query or "$expand" in call.query:
        raise GraphError(501, "notImplemented", f"$filter and $expand of {call.request.path} are not rehearsed.")
    text = call.query.get("$deltatoken") or call.query.get("$skiptoken")
    if text == "latest":
        return _page(
            call, tracked, [], delta=_token(call.tenant.directory.last_change(), call.query.get("$select", ""))
        )
    begin: Content = {"all": 0, "until": call.tenant.directory.last_change(), "select": _select(call)}
    state = _read(text) if text else begin
    tracked.of.require_selection(state["select"])
    return _everything(call, tracked, state) if "all" in state else _changes(call, tracked, state)


def _select(call: Call) -> str:
    return call.query.get("$select", "")


def _size(call: Call) -> int:
    prefer = call.request.headers.get("prefer", "")
    text = prefer.partition("odata.maxpagesize=")[2].partition(",")[0].strip() or call.query.get("$top", "")
    return min(max(int(text), 1), _PAGE_LIMIT) if text.isdecimal() else _PAGE


def _everything(call: Call, tracked: Tracked, state: Content) -> Response:
    size = _size(call)
    found = call.tenant.store.every(tracked.kind, after=int(state["all"]), limit=size)
    shown = [_show(call, tracked, each, state["select"], after=0) for each in found]
    if len(found) == size:
        return _page(call, tracked, shown, more=_encode({**state, "all": found[-1].id}))
    return _page(call, tracked, shown, delta=_token(int(state["until"]), state["select"]))


def _changes(call: Call, tracked: Tracked, state: Content) -> Response:
    size, directory = _size(call), call.tenant.directory
    after = int(state["number"])
    found = directory.changes(tracked.kind, after=after, limit=size)
    shown = []
    for each in found:
        entity = call.tenant.store.by_id(each.entity)
        if entity is None or entity.deleted is not None:
            reason = "deleted" if entity is None else "changed"
            shown.append({"id": each.guid, "@removed": {"reason": reason}})
        else:
            shown.append(_show(call, tracked, entity, state["select"], after=after))
    if len(found) == size:
        return _page(call, tracked, shown, more=_token(found[-1].number, state["select"]))
    return _page(call, tracked, shown, delta=_token(directory.last_change(), state["select"]))


def _show(call: Call, tracked: Tracked, entity: Entity, select: str, *, after: int) -> Content:
    names = {each.strip().lower() for each in select.split(",") if each.strip()}
    content = cut(tracked.show(call, entity), names | {"id"} if names else names, tracked.of)
    for role in tracked.links:
        if (role == "member" and not names) or f"{role}s" in names:
            content[f"{role}s@delta"] = _links(call, entity, role, after)
    return {name: value for name, value in content.items() if value is not None and value != []}


def _links(call: Call, holder: Entity, role: str, after: int) -> list[Content]:
    found = []
    for _, change, there in call.tenant.directory.changes_below(holder, role, after=after):
        member = call.tenant.directory.find(change.name)
        kind = member.kind if member is not None and member.kind != "principal" else "servicePrincipal"
        content: Content = {"@odata.type": f"#microsoft.graph.{kind if member else 'user'}", "id": change.name}
        if there or after:
            found.append(content if there else {**content, "@removed": {"reason": "deleted"}})
    return found


def _page(call: Call, tracked: Tracked, values: list[Content], *, more: str = "", delta: str = "") -> Response:
    base = f"https://{call.request.host}{call.request.path}"
    content: Content = {"@odata.context": f"{VERSION}/$metadata#{tracked.context}"}
    content |= {"@odata.nextLink": f"{base}?$skiptoken={more}"} if more else {}
    content |= {"@odata.deltaLink": f"{base}?$deltatoken={delta}"} if delta else {}
    return json_response(200, {**content, "value": values}, kind=JSON_KIND)


def _token(number: int, select: str) -> str:
    return _encode({"number": number, "select": select})


def _encode(state: Content) -> str:
    return encode(json.dumps(state, separators=(",", ":")).encode())


def _read(text: str) -> Content:
    try:
        state = json.loads(decode(text))
    except ValueError:
        state = None
    good = isinstance(state, dict) and isinstance(state.get("select"), str)
    numbers = [state.get(name) for name in ("all", "until", "number") if name in state] if good else []
    if not numbers or not all(type(each) is int for each in numbers):
        raise GraphError(400, "Directory_InvalidDeltaToken", "Badly formed token.")
    return dict(state)
