"""Plans of groups, with their buckets and tasks, as far as a program that sets up a team makes them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.objects import bad, holder
from spmigrate.rehearsal.graph.querying import answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import Type, define_type
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

Content = dict[str, Any]
_Answer = Callable[[Call], Response]
_READ = ("Tasks.Read.All", "Tasks.ReadWrite.All", "Tasks.Read", "Tasks.ReadWrite", "Group.Read.All",
         "Group.ReadWrite.All")  # fmt: skip
_WRITE = ("Tasks.ReadWrite.All", "Tasks.ReadWrite", "Group.ReadWrite.All")
_PLAN = define_type(
    "plannerPlan", "archivalInfo container createdBy createdDateTime isArchived owner title", "buckets details tasks"
)
_DETAILS = define_type("plannerPlanDetails", "categoryDescriptions sharedWith")
_BUCKET = define_type("plannerBucket", "name orderHint planId", "tasks")
_TASK = define_type(
    "plannerTask",
    "activeChecklistItemCount appliedCategories assigneePriority assignments bucketId checklistItemCount completedBy"
    " completedDateTime conversationThreadId createdBy createdDateTime dueDateTime hasDescription orderHint"
    " percentComplete planId previewType priority referenceCount startDateTime title",
    "assignedToTaskBoardFormat bucketTaskBoardFormat details progressTaskBoardFormat",
)
_CATEGORIES: Content = {f"category{number}": None for number in range(1, 26)}
_TASK_USUAL: Content = {
    "orderHint": "8585269209601773376P]", "assigneePriority": "", "percentComplete": 0, "priority": 5,
    "startDateTime": None, "dueDateTime": None, "hasDescription": False, "previewType": "automatic",
    "completedDateTime": None, "completedBy": None, "referenceCount": 0, "checklistItemCount": 0,
    "activeChecklistItemCount": 0, "conversationThreadId": None, "appliedCategories": {}, "assignments": {},
    "bucketId": None,
}  # fmt: skip


def _absent() -> GraphError:
    return GraphError(404, "", "The requested item is not found.")


def _require_member(call: Call, group_id: str) -> None:
    """A person works with the plans of the groups that they belong to."""
    group, caller = call.tenant.directory.group(group_id), call.request.caller
    if group is None:
        raise _absent()
    people = [*call.tenant.directory.people(group, "member"), *call.tenant.directory.people(group, "owner")]
    if not caller.app_only and all(each.guid != caller.object_id for each in people):
        raise GraphError(403, "", "You do not have the required permissions to access this item.")


def _find(call: Call, kind: str, key: str) -> Entity:
    found = call.tenant.store.get(kind, call.parts[key])
    if found is None:
        raise _absent()
    _require_member(call, _owner(call, found))
    return found


def _owner(call: Call, found: Entity) -> str:
    """The group in whose plan something stands."""
    if found.kind == "plan":
        return str(found.props["owner"])
    plan = call.tenant.store.get("plan", str(found.props["planId"]))
    return str(plan.props["owner"]) if plan is not None else ""


def _tag(entity: Entity, part: str) -> str:
    mark = base64.b64encode(f"{entity.etag}-{part}".encode()).decode()
    return f'W/"{mark}"'


def _show(entity: Entity) -> Content:
    hidden = ("details",)
    shown = {name: value for name, value in entity.props.items() if name not in hidden}
    return {"@odata.etag": _tag(entity, entity.kind), **shown, "id": entity.guid}


def _show_details(plan: Entity) -> Content:
    usual = {"sharedWith": {}, "categoryDescriptions": _CATEGORIES}
    return {"@odata.etag": _tag(plan, "details"), **usual, **plan.props.get("details", {}), "id": plan.guid}


def _require_match(call: Call, tag: str) -> None:
    """Planner changes nothing that was not read just before."""
    given = call.request.headers.get("if-match", "")
    if not given:
        raise bad("The If-Match header must be specified.", "")
    if given not in ("*", tag):
        raise GraphError(412, "", "The If-Match header contains an invalid value, or the item has changed.")


def _read(body: Mapping[str, Any], of: Type, fixed: tuple[str, ...]) -> Content:
    kept: Content = {}
    for given, value in body.items():
        if "@" in given:
            continue
        name = of.properties.get(given.lower())
        if name is None or name in fixed or name == "id":
            raise bad(f"The property '{given}' cannot be set.", "")
        kept[name] = value
    return kept


def _made(call: Call) -> Content:
    caller = call.request.caller
    user = {"displayName": None, "id": caller.object_id or None}
    return {"createdDateTime": call.tenant.clock.iso(),
            "createdBy": {"user": user, "application": {"displayName": None, "id": caller.app_id}}}  # fmt: skip


def _add_plan(call: Call) -> Response:
    body = _read(call.body(), _PLAN, ("createdBy", "createdDateTime", "isArchived", "archivalInfo"))
    container = body.get("container")
    url = str(container.get("url") or "") if isinstance(container, Mapping) else ""
    inside = str(container.get("containerId") or "") if isinstance(container, Mapping) else ""
    owner = str(body.get("owner") or inside or url.rstrip("/").rpartition("/")[2]).lower()
    if not owner or not isinstance(body.get("title"), str) or not body["title"].strip():
        raise bad("A plan needs a title and the group that it is for.", "")
    _require_member(call, owner)
    place = {"containerId": owner, "type": "group", "url": f"https://graph.microsoft.com/v1.0/groups/{owner}"}
    props = {**_made(call), "owner": owner, "title": body["title"], "container": place}
    made = call.tenant.store.insert("plan", body["title"], at=call.tenant.clock.iso(), props=props)
    return answer_made(call, _show(made), context="planner/plans", of=_PLAN)


def _list_plans(call: Call) -> Response:
    group = holder(call, "group")
    _require_member(call, group.guid)
    rows = [each for each in call.tenant.store.every("plan") if each.props["owner"] == group.guid]
    return answer_list(call, [_show(each) for each in rows], context="planner/plans", of=_PLAN)


def _get_plan(call: Call) -> Response:
    return answer_one(call, _show(_find(call, "plan", "plan")), context="planner/plans", of=_PLAN)


def _patch_plan(call: Call) -> Response:
    plan = _find(call, "plan", "plan")
    _require_match(call, _tag(plan, "plan"))
    patch = _read(call.body(), _PLAN, ("owner", "container", "createdBy", "createdDateTime"))
    return _changed(call, plan, patch, _PLAN)


def _delete(kind: str) -> _Answer:
    def answer(call: Call) -> Response:
        found, store = _find(call, kind, kind), call.tenant.store
        _require_match(call, _tag(found, kind))
        inside = ("bucket", "task") if kind == "plan" else ("task",) if kind == "bucket" else ()
        name = "planId" if kind == "plan" else "bucketId"
        for each in [row for below in inside for row in store.every(below) if row.props.get(name) == found.guid]:
            store.delete(each)
        store.delete(found)
        return Response(204)

    return answer


def _changed(call: Call, found: Entity, patch: Content, of: Type) -> Response:
    """Nothing, or with `Prefer: return=representation` the thing as it is then."""
    changed = call.tenant.store.update(found, patch, at=call.tenant.clock.iso())
    if "return=representation" not in call.request.headers.get("prefer", "").lower():
        return Response(204)
    shown = _show_details(changed) if of is _DETAILS else _show(changed)
    return answer_one(call, shown, context=f"planner/{of.name}", of=of)


def _get_details(call: Call) -> Response:
    return answer_one(call, _show_details(_find(call, "plan", "plan")), context="planner/details", of=_DETAILS)


def _patch_details(call: Call) -> Response:
    plan = _find(call, "plan", "plan")
    _require_match(call, _tag(plan, "details"))
    now = _show_details(plan)
    patch = _read(call.body(), _DETAILS, ())
    if not all(isinstance(value, Mapping) for value in patch.values()):
        raise bad("The details of a plan are not valid.", "")
    merged = {name: {**now[name], **patch.get(name, {})} for name in ("sharedWith", "categoryDescriptions")}
    return _changed(call, plan, {"details": merged}, _DETAILS)


def _add_inside(kind: str, of: Type, title: str) -> _Answer:
    def answer(call: Call) -> Response:
        body = _read(call.body(), of, ("createdBy", "createdDateTime", "completedBy"))
        plan = call.tenant.store.get("plan", str(body.get("planId") or ""))
        if plan is None or not isinstance(body.get(title), str) or not body[title]:
            raise bad(f"The properties planId and {title} are required.", "")
        _require_member(call, str(plan.props["owner"]))
        usual = {**_TASK_USUAL, **_made(call)} if kind == "task" else {"orderHint": "8585269209601773376P]"}
        props = {**usual, **body}
        made = call.tenant.store.insert(kind, body[title], at=call.tenant.clock.iso(), props=props)
        return answer_made(call, _show(made), context=f"planner/{kind}s", of=of)

    return answer


def _list_inside(kind: str, of: Type, parent: str) -> _Answer:
    def answer(call: Call) -> Response:
        above = _find(call, parent, parent)
        rows = [each for each in call.tenant.store.every(kind) if each.props.get(f"{parent}Id") == above.guid]
        return answer_list(call, [_show(each) for each in rows], context=f"planner/{kind}s", of=of)

    return answer


def _list_own(call: Call) -> Response:
    """The tasks that a person is assigned to."""
    person, caller = holder(call, "user"), call.request.caller
    if not caller.app_only and person.guid != caller.object_id:
        raise GraphError(403, "", "You do not have the required permissions to access this item.")
    rows = [each for each in call.tenant.store.every("task") if person.guid in (each.props.get("assignments") or {})]
    return answer_list(call, [_show(each) for each in rows], context="planner/tasks", of=_TASK)


def _get_inside(kind: str, of: Type) -> _Answer:
    return lambda call: answer_one(call, _show(_find(call, kind, kind)), context=f"planner/{kind}s", of=of)


def _patch_inside(kind: str, of: Type) -> _Answer:
    def answer(call: Call) -> Response:
        found = _find(call, kind, kind)
        _require_match(call, _tag(found, kind))
        return _changed(call, found, _read(call.body(), of, ("planId", "createdBy", "createdDateTime")), of)

    return answer


ROUTES: tuple[Route, ...] = (
    route("GET groups/{id}/planner/plans", _READ, _list_plans),
    route("POST planner/plans", _WRITE, _add_plan, standing="anyone"),
    route("GET planner/plans/{plan}", _READ, _get_plan),
    route("PATCH planner/plans/{plan}", _WRITE, _patch_plan, standing="anyone"),
    route("DELETE planner/plans/{plan}", _WRITE, _delete("plan"), standing="anyone"),
    route("GET planner/plans/{plan}/details", _READ, _get_details),
    route("PATCH planner/plans/{plan}/details", _WRITE, _patch_details, standing="anyone"),
    *(
        each
        for kind, of, title in (("bucket", _BUCKET, "name"), ("task", _TASK, "title"))
        for each in (
            route(f"GET planner/plans/{{plan}}/{kind}s", _READ, _list_inside(kind, of, "plan")),
            route(f"POST planner/{kind}s", _WRITE, _add_inside(kind, of, title), standing="anyone"),
            route(f"GET planner/{kind}s/{{{kind}}}", _READ, _get_inside(kind, of)),
            route(f"PATCH planner/{kind}s/{{{kind}}}", _WRITE, _patch_inside(kind, of), standing="anyone"),
            route(f"DELETE planner/{kind}s/{{{kind}}}", _WRITE, _delete(kind), standing="anyone"),
        )
    ),
    route("GET users/{id}/planner/tasks", _READ, _list_own, own=("Tasks.Read", "Tasks.ReadWrite")),
    route("GET planner/buckets/{bucket}/tasks", _READ, _list_inside("task", _TASK, "bucket")),
)
