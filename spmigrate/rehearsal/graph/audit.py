"""Audit logs: sign-ins and what was done to the directory, from what the tenant remembers of the last thirty days."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.licences import require_premium
from spmigrate.rehearsal.graph.objects import missing
from spmigrate.rehearsal.graph.querying import answer_list, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.identity import CLIENT_ID
from spmigrate.rehearsal.permissions import API_IDS
from spmigrate.rehearsal.storage import Entity

_READ = ("AuditLog.Read.All",)
# Source: Microsoft, "Microsoft Entra data retention": thirty days with a premium licence.
_KEPT = timedelta(days=30)
Content = dict[str, Any]
SIGN_IN = define_type(
    "signIn",
    "appDisplayName appId appliedConditionalAccessPolicies clientAppUsed conditionalAccessStatus correlationId"
    " createdDateTime deviceDetail homeTenantId ipAddress isInteractive location resourceDisplayName resourceId"
    " resourceTenantId riskDetail riskEventTypes riskEventTypes_v2 riskLevelAggregated riskLevelDuringSignIn riskState"
    " servicePrincipalId servicePrincipalName status userAgent userDisplayName userId userPrincipalName",
)
AUDIT = define_type(
    "directoryAudit",
    "activityDateTime activityDisplayName additionalDetails category correlationId initiatedBy loggedByService"
    " operationType result resultReason targetResources",
)
_DONE = {
    "user": ("Add user", "UserManagement", "User"),
    "group": ("Add group", "GroupManagement", "Group"),
    "app": ("Add application", "ApplicationManagement", "Application"),
    "principal": ("Add service principal", "ApplicationManagement", "ServicePrincipal"),
}


def _is_recent(call: Call, moment: str) -> bool:
    return call.tenant.clock.now() - read_time(moment) < _KEPT


def _identity(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(parts)))


def _sign_ins(call: Call) -> list[Content]:
    found = []
    for user in call.tenant.directory.users():
        moment = (user.props.get("signInActivity") or {}).get("lastSignInDateTime")
        if moment and _is_recent(call, moment):
            found.append(_show_sign_in(call, user, moment))
    return sorted(found, key=lambda each: str(each["createdDateTime"]), reverse=True)


def _show_sign_in(call: Call, user: Entity, moment: str) -> Content:
    nothing_known = dict.fromkeys(("riskDetail", "riskLevelAggregated", "riskLevelDuringSignIn", "riskState"), "none")
    device = dict.fromkeys(("deviceId", "displayName", "operatingSystem", "browser", "trustType"), "")
    return {
        "id": _identity("signIn", user.guid, moment),
        "createdDateTime": moment,
        "userDisplayName": user.props.get("displayName"),
        "userPrincipalName": user.name.lower(),
        "userId": user.guid,
        "appId": CLIENT_ID,
        "appDisplayName": "spmigrate rehearsal",
        "ipAddress": "192.0.2.10",
        "clientAppUsed": "Browser",
        "correlationId": _identity("correlation", user.guid, moment),
        "conditionalAccessStatus": "notApplied",
        "isInteractive": True,
        **nothing_known,
        "riskEventTypes": [],
        "riskEventTypes_v2": [],
        "resourceDisplayName": "Office 365 SharePoint Online",
        "resourceId": API_IDS["sharepoint"],
        "homeTenantId": call.tenant.names.tenant_id,
        "resourceTenantId": call.tenant.names.tenant_id,
        "status": {"errorCode": 0, "failureReason": "Other.", "additionalDetails": None},
        "deviceDetail": {**device, "isCompliant": False, "isManaged": False},
        "location": {"city": "", "state": "", "countryOrRegion": "GB", "geoCoordinates": {}},
        "appliedConditionalAccessPolicies": [],
    }


def _audits(call: Call) -> list[Content]:
    store = call.tenant.store
    found = [_show_audit(each) for kind in _DONE for each in store.every(kind) if _is_recent(call, each.created)]
    return sorted(found, key=lambda each: str(each["activityDateTime"]), reverse=True)


def _show_audit(entity: Entity) -> Content:
    activity, category, kind = _DONE[entity.kind]
    target: Content = {"id": entity.guid, "displayName": entity.props.get("displayName"), "type": kind,
                       "userPrincipalName": entity.name if kind == "User" else None, "groupType": None,
                       "modifiedProperties": []}  # fmt: skip
    return {
        "id": _identity("audit", entity.guid),
        "category": category,
        "correlationId": _identity("correlation", entity.guid),
        "result": "success",
        "resultReason": "",
        "activityDisplayName": activity,
        "activityDateTime": entity.created,
        "loggedByService": "Core Directory",
        "operationType": "Add",
        "initiatedBy": {
            "user": None,
            "app": {"appId": None, "displayName": "Microsoft Entra", "servicePrincipalId": None,
                    "servicePrincipalName": None},
        },
        "targetResources": [target],
        "additionalDetails": [],
    }  # fmt: skip


def _list_sign_ins(call: Call) -> Response:
    require_premium(call)
    return answer_list(call, _sign_ins(call), context="auditLogs/signIns", of=SIGN_IN)


def _get_sign_in(call: Call) -> Response:
    found = next((each for each in _sign_ins(call) if each["id"] == call.parts["id"]), None)
    if found is None:
        raise missing(call.parts["id"])
    return answer_one(call, found, context="auditLogs/signIns", of=SIGN_IN)


def _list_audits(call: Call) -> Response:
    return answer_list(call, _audits(call), context="auditLogs/directoryAudits", of=AUDIT)


def _get_audit(call: Call) -> Response:
    found = next((each for each in _audits(call) if each["id"] == call.parts["id"]), None)
    if found is None:
        raise missing(call.parts["id"])
    return answer_one(call, found, context="auditLogs/directoryAudits", of=AUDIT)


def _no_provisioning(call: Call) -> Response:
    return answer_list(call, [], context="auditLogs/provisioning", of=AUDIT)


ROUTES: tuple[Route, ...] = (
    route("GET auditLogs/signIns", _READ, _list_sign_ins, standing="admin"),
    route("GET auditLogs/signIns/{id}", _READ, _get_sign_in, standing="admin"),
    route("GET auditLogs/directoryAudits", _READ, _list_audits, standing="admin"),
    route("GET auditLogs/directoryAudits/{id}", _READ, _get_audit, standing="admin"),
    route("GET auditLogs/provisioning", _READ, _no_provisioning, standing="admin"),
)
