"""What was deleted in the directory: kept for thirty days, to be restored or removed for ever."""

from __future__ import annotations

from datetime import timedelta

from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.directory import application_id
from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.directory_types import APPLICATION, GROUP, SERVICE_PRINCIPAL, UNIT, USER
from spmigrate.rehearsal.graph.objects import bad, missing, show_object
from spmigrate.rehearsal.graph.querying import answer_count, answer_list, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import Type
from spmigrate.rehearsal.group_sites import restore_group_sites
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

_READ = ("Directory.Read.All", "User.Read.All", "Group.Read.All", "Application.Read.All", "Directory.AccessAsUser.All")
_WRITE = ("Directory.ReadWrite.All", "User.ReadWrite.All", "Group.ReadWrite.All", "Application.ReadWrite.All",
          "Directory.AccessAsUser.All")  # fmt: skip
# Source: Microsoft, "List deletedItems": thirty days.
_KEPT = timedelta(days=30)
_KINDS: dict[str, tuple[str, Type]] = {
    "user": ("user", USER),
    "group": ("group", GROUP),
    "application": ("app", APPLICATION),
    "serviceprincipal": ("principal", SERVICE_PRINCIPAL),
    "administrativeunit": ("unit", UNIT),
}


def _deleted(call: Call, kind: str) -> list[Entity]:
    now = call.tenant.clock.now()
    found = call.tenant.store.every(kind, deleted=True)
    return [each for each in found if each.deleted is not None and now - read_time(each.deleted) < _KEPT]


def _kind(call: Call) -> tuple[str, Type]:
    found = _KINDS.get(call.parts["kind"].lower())
    if found is None:
        raise bad(f"Resource not found for the segment 'microsoft.graph.{call.parts['kind']}'.", "BadRequest")
    return found


def _shown(call: Call) -> list[dict[str, object]]:
    shown = [show_object(call, each) for each in _deleted(call, _kind(call)[0])]
    return [{name: value for name, value in each.items() if name != "@odata.type"} for each in shown]


def _list(call: Call) -> Response:
    return answer_list(call, _shown(call), context=f"{call.parts['kind']}s", of=_kind(call)[1])


def _count(call: Call) -> Response:
    return answer_count(call, _shown(call), of=_kind(call)[1])


def _find(call: Call) -> Entity:
    wanted = call.parts["id"].lower()
    kinds = [_kind(call)[0]] if "kind" in call.parts else [kind for kind, _ in _KINDS.values()]
    for kind in kinds:
        for each in _deleted(call, kind):
            if wanted == (application_id(each.guid) if kind == "app" else each.guid):
                return each
    raise missing(call.parts["id"])


def _get(call: Call) -> Response:
    found = _find(call)
    of = next(of for kind, of in _KINDS.values() if kind == found.kind)
    return answer_one(call, show_object(call, found), context="directoryObjects", of=of)


def _restore(call: Call) -> Response:
    found = _find(call)
    store = call.tenant.store
    if found.kind == "user" and store.find("user", 0, found.name) is not None:
        raise GraphError(400, "Request_BadRequest", "Another object with the same value for property"
                         " userPrincipalName already exists.")  # fmt: skip
    store.restore(found)
    if found.kind == "group":
        restore_group_sites(call.tenant, found)
    if found.kind == "app":
        _bring_principal(call, found)
    again = store.by_id(found.id) or found
    of = next(of for kind, of in _KINDS.values() if kind == found.kind)
    return answer_one(call, show_object(call, again), context="directoryObjects", of=of)


def _bring_principal(call: Call, app: Entity) -> None:
    """A registration that is restored brings back the service principal that went with it."""
    for each in call.tenant.store.every("principal", deleted=True):
        if each.name == app.guid and each.deleted == app.deleted:
            call.tenant.store.restore(each)


def _remove(call: Call) -> Response:
    found = _find(call)
    if found.kind == "user":
        _forget_links(call, found)
    call.tenant.store.delete(found)
    return Response(204)


def _forget_links(call: Call, user: Entity) -> None:
    store = call.tenant.store
    for role in ("member", "owner"):
        for holder in store.holders(role, user.guid):
            link = store.find(role, holder, user.guid)
            if link is not None:
                store.delete(link)


_ITEMS = "directory/deletedItems"
ROUTES: tuple[Route, ...] = (
    route(f"GET {_ITEMS}/microsoft.graph.{{kind}}", _READ, _list),
    route(f"GET {_ITEMS}/microsoft.graph.{{kind}}/$count", _READ, _count),
    route(f"GET {_ITEMS}/microsoft.graph.{{kind}}/{{id}}", _READ, _get),
    route(f"DELETE {_ITEMS}/microsoft.graph.{{kind}}/{{id}}", _WRITE, _remove),
    route(f"GET {_ITEMS}/{{id}}", _READ, _get),
    route(f"POST {_ITEMS}/{{id}}/restore", _WRITE, _restore),
    route(f"DELETE {_ITEMS}/{{id}}", _WRITE, _remove),
)
