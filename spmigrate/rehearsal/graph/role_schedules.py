"""Roles that people hold, or may take up, for a time: Privileged Identity Management.

A role that somebody holds is an active assignment here too; eligibility is kept as entities of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal.graph import roles
from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.objects import bad, missing
from spmigrate.rehearsal.graph.querying import answer_count, answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Body, Response
from spmigrate.rehearsal.storage import Entity

Content = dict[str, Any]
_AT = "roleManagement/directory"
_READ = ("RoleManagement.Read.Directory", "RoleManagement.Read.All")
_READ_HELD = (*_READ, "RoleAssignmentSchedule.Read.Directory", "RoleAssignmentSchedule.ReadWrite.Directory")
_READ_POSSIBLE = (*_READ, "RoleEligibilitySchedule.Read.Directory", "RoleEligibilitySchedule.ReadWrite.Directory")
_WRITE_HELD = ("RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory")
_WRITE_POSSIBLE = ("RoleEligibilitySchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory")
_COMMON = "appScopeId directoryScopeId principalId roleDefinitionId"
_LEADS = "appScope directoryScope principal roleDefinition"
_PLAIN = f"{_COMMON} createdDateTime createdUsing memberType modifiedDateTime scheduleInfo status"
_RUN = f"{_COMMON} endDateTime memberType startDateTime"
_ASKED = (
    f"{_COMMON} action approvalId completedDateTime createdBy createdDateTime customData isValidationOnly justification"
    " scheduleInfo status targetScheduleId ticketInfo"
)
_SEEN = "principal roleDefinition"
_TYPES = {
    "roleAssignmentSchedules": define_type(
        "unifiedRoleAssignmentSchedule", f"{_PLAIN} assignmentType", f"{_LEADS} activatedUsing", expandable=_SEEN
    ),
    "roleAssignmentScheduleInstances": define_type(
        "unifiedRoleAssignmentScheduleInstance",
        f"{_RUN} assignmentType roleAssignmentOriginId roleAssignmentScheduleId", f"{_LEADS} activatedUsing",
        expandable=_SEEN,
    ),
    "roleAssignmentScheduleRequests": define_type(
        "unifiedRoleAssignmentScheduleRequest", _ASKED, f"{_LEADS} activatedUsing targetSchedule", expandable=_SEEN
    ),
    "roleEligibilitySchedules": define_type(
        "unifiedRoleEligibilitySchedule", _PLAIN, _LEADS, expandable=_SEEN
    ),
    "roleEligibilityScheduleInstances": define_type(
        "unifiedRoleEligibilityScheduleInstance", f"{_RUN} roleEligibilityScheduleId", _LEADS, expandable=_SEEN
    ),
    "roleEligibilityScheduleRequests": define_type(
        "unifiedRoleEligibilityScheduleRequest", _ASKED, f"{_LEADS} targetSchedule", expandable=_SEEN
    ),
}  # fmt: skip
_ACTIONS = ("adminAssign", "adminUpdate", "adminRemove", "selfActivate", "selfDeactivate", "adminExtend", "adminRenew",
            "selfExtend", "selfRenew")  # fmt: skip


def _held(call: Call) -> list[Content]:
    return [
        {"id": each["id"], **_of(each), "startDateTime": None, "endDateTime": None, "memberType": "Direct",
         "assignmentType": "Assigned"}
        for each in roles.assignments(call)
    ]  # fmt: skip


def _possible(call: Call) -> list[Content]:
    return [
        {"id": each.guid, **_of(each.props), "startDateTime": each.created, "memberType": "Direct",
         "endDateTime": each.props["endDateTime"]}
        for each in call.tenant.store.every("roleeligibility")
        if each.props["endDateTime"] is None or each.props["endDateTime"] > call.tenant.clock.iso()
    ]  # fmt: skip


def _of(content: Mapping[str, Any]) -> Content:
    names = ("principalId", "roleDefinitionId", "directoryScopeId")
    return {**{name: content[name] for name in names}, "appScopeId": None}


def _instances(call: Call, kind: str) -> list[Content]:
    if kind == "roleEligibilityScheduleInstances":
        return [{**each, "roleEligibilityScheduleId": each["id"]} for each in _possible(call)]
    return [
        {**each, "roleAssignmentOriginId": each["id"], "roleAssignmentScheduleId": each["id"]} for each in _held(call)
    ]


def _schedules(call: Call, kind: str) -> list[Content]:
    shown = []
    for each in _possible(call) if kind == "roleEligibilitySchedules" else _held(call):
        start, end = each.pop("startDateTime"), each.pop("endDateTime")
        expiry = {"type": "noExpiration" if end is None else "afterDateTime", "endDateTime": end, "duration": None}
        shown.append({**each, "createdDateTime": start, "modifiedDateTime": None, "createdUsing": each["id"],
                      "status": "Provisioned",
                      "scheduleInfo": {"startDateTime": start, "recurrence": None, "expiration": expiry}})  # fmt: skip
    return shown


def _requests(call: Call, kind: str) -> list[Content]:
    return [{"id": each.guid, **each.props} for each in call.tenant.store.every(kind.lower())]


def _every(call: Call, kind: str) -> list[Content]:
    if kind.endswith("Requests"):
        return _requests(call, kind)
    return _instances(call, kind) if kind.endswith("Instances") else _schedules(call, kind)


def _kind(call: Call) -> str:
    wanted = call.parts["kind"].lower()
    return next(each for each in _TYPES if each.lower() == wanted)


def _list(call: Call) -> Response:
    kind = _kind(call)
    shown, of = _every(call, kind), _TYPES[kind]
    return answer_list(call, shown, context=f"{_AT}/{kind}", of=of, relations=roles.expand_assignment(call))


def _count(call: Call) -> Response:
    kind = _kind(call)
    return answer_count(call, _every(call, kind), of=_TYPES[kind])


def _get(call: Call) -> Response:
    kind = _kind(call)
    found = next((each for each in _every(call, kind) if each["id"] == call.parts["id"]), None)
    if found is None:
        raise missing(call.parts["id"])
    context, relations = f"{_AT}/{kind}", roles.expand_assignment(call)
    return answer_one(call, found, context=context, of=_TYPES[kind], relations=relations)


def _ask(call: Call) -> Response:
    """A request: carried out at once, as nobody approves here."""
    kind, body = _kind(call), call.body()
    action = str(body.get("action", ""))
    if action not in _ACTIONS:
        raise bad("The property 'action' is required, with one of its values.", "BadRequest")
    wanted = {name: str(body.get(name) or "").lower() for name in ("principalId", "roleDefinitionId")}
    wanted["directoryScopeId"] = str(body.get("directoryScopeId") or "/")
    if not body.get("isValidationOnly"):
        _carry_out(call, kind, action, wanted, body)
    now = call.tenant.clock.iso()
    status = "Revoked" if action.endswith(("Remove", "Deactivate")) else "Provisioned"
    props = {
        "status": status, "createdDateTime": now, "completedDateTime": now, "approvalId": None, "customData": None,
        "action": action, **wanted, "appScopeId": None, "isValidationOnly": bool(body.get("isValidationOnly")),
        "targetScheduleId": None, "justification": body.get("justification"), "scheduleInfo": body.get("scheduleInfo"),
        "ticketInfo": body.get("ticketInfo") or {"ticketNumber": None, "ticketSystem": None},
        "createdBy": {"application": None, "device": None,
                      "user": {"displayName": None, "id": call.request.caller.object_id}},
    }  # fmt: skip
    made = call.tenant.store.insert(kind.lower(), action, at=now, props=props)
    return answer_made(call, {"id": made.guid, **props}, context=f"{_AT}/{kind}", of=_TYPES[kind])


def _carry_out(call: Call, kind: str, action: str, wanted: Content, body: Mapping[str, Any]) -> None:
    eligibility = kind.startswith("roleEligibility")
    if action in ("adminRemove", "selfDeactivate"):
        _take_away(call, wanted, eligibility=eligibility)
        return
    if action == "selfActivate" and _eligibility(call, wanted) is None:
        raise bad("The Role assignment does not exist.", "RoleAssignmentDoesNotExist")
    if action in ("adminAssign", "selfActivate"):
        _give(call, wanted, body, eligibility=eligibility)


def _give(call: Call, wanted: Content, body: Mapping[str, Any], *, eligibility: bool) -> None:
    if not eligibility:
        content = json.dumps(wanted).encode()
        roles.assign(replace(call, request=replace(call.request, body=Body(len(content), content))))
        return
    roles.require_assignable(call, wanted)
    if _eligibility(call, wanted) is not None:
        raise bad("The Role assignment already exists.", "RoleAssignmentExists")
    info = body.get("scheduleInfo")
    expiry = info.get("expiration") if isinstance(info, dict) else None
    end = expiry.get("endDateTime") if isinstance(expiry, dict) else None
    props = {**wanted, "endDateTime": str(end) if end else None}
    call.tenant.store.insert("roleeligibility", wanted["principalId"], at=call.tenant.clock.iso(), props=props)


def _take_away(call: Call, wanted: Content, *, eligibility: bool) -> None:
    if eligibility:
        found = _eligibility(call, wanted)
        if found is None:
            raise bad("The Role assignment does not exist.", "RoleAssignmentDoesNotExist")
        call.tenant.store.delete(found)
        return
    held = next((each for each in roles.assignments(call) if _of(each) == {**wanted, "appScopeId": None}), None)
    if held is None:
        raise bad("The Role assignment does not exist.", "RoleAssignmentDoesNotExist")
    roles.unassign(replace(call, parts={"id": held["id"]}))


def _eligibility(call: Call, wanted: Mapping[str, Any]) -> Entity | None:
    rows = call.tenant.store.every("roleeligibility")
    return next((each for each in rows if all(each.props[name] == value for name, value in wanted.items())), None)


def _routes(kinds: str, read: tuple[str, ...], write: tuple[str, ...], requests: str) -> list[Route]:
    return [
        route(f"GET {_AT}/{{kind:{kinds}}}", read, _list),
        route(f"GET {_AT}/{{kind:{kinds}}}/$count", read, _count),
        route(f"GET {_AT}/{{kind:{kinds}}}/{{id}}", read, _get),
        route(f"POST {_AT}/{{kind:{requests}}}", write, _ask, standing="anyone"),
    ]


_HELD = "roleAssignmentSchedules|roleAssignmentScheduleInstances|roleAssignmentScheduleRequests"
_POSSIBLE = "roleEligibilitySchedules|roleEligibilityScheduleInstances|roleEligibilityScheduleRequests"
ROUTES: tuple[Route, ...] = (
    *_routes(_HELD, _READ_HELD, _WRITE_HELD, "roleAssignmentScheduleRequests"),
    *_routes(_POSSIBLE, _READ_POSSIBLE, _WRITE_POSSIBLE, "roleEligibilityScheduleRequests"),
)
