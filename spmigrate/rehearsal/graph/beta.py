"""What Graph's beta version has besides v1.0, or answers otherwise."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.graph import group_settings, site_making
from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.objects import missing
from spmigrate.rehearsal.graph.policies import authorisation, change_authorisation
from spmigrate.rehearsal.graph.querying import answer_list, answer_one
from spmigrate.rehearsal.graph.routes import Route, as_beta, route
from spmigrate.rehearsal.graph.types import AUTHORIZATION
from spmigrate.rehearsal.http import Response

_POLICY = "policies/authorizationPolicy"
_READ = ("Policy.Read.All",)
_WRITE = ("Policy.ReadWrite.Authorization",)
_GRANTED = "permissionGrantPoliciesAssigned"
_GRANTED_OF_BETA = "permissionGrantPolicyIdsAssignedToDefaultUserRole"


def _show_authorisation(call: Call) -> dict[str, Any]:
    """The policy in beta's words: what users may consent to stands beside the permissions, not among them."""
    content = dict(authorisation(call))
    role = dict(content["defaultUserRolePermissions"])
    granted = role.pop(_GRANTED, [])
    return {**content, "defaultUserRolePermissions": role, "enabledPreviewFeatures": [], _GRANTED_OF_BETA: granted}


def _list_authorisation(call: Call) -> Response:
    # A set of one in beta's metadata, whose documentation asks for the one by its name.
    return answer_list(call, [_show_authorisation(call)], context=_POLICY, of=AUTHORIZATION)


def _get_authorisation(call: Call) -> Response:
    _require_name(call)
    return answer_one(call, _show_authorisation(call), context=_POLICY, of=AUTHORIZATION)


def _patch_authorisation(call: Call) -> Response:
    _require_name(call)
    body = call.body()
    granted = body.pop(_GRANTED_OF_BETA, None)
    if granted is not None:
        role = body.get("defaultUserRolePermissions")
        body["defaultUserRolePermissions"] = {**(role if isinstance(role, dict) else {}), _GRANTED: granted}
    change_authorisation(call, body)
    return Response(204)


def _require_name(call: Call) -> None:
    if call.parts["id"].lower() != "authorizationpolicy":
        raise missing(call.parts["id"])


ROUTES: tuple[Route, ...] = (
    route(f"GET {_POLICY}", _READ, _list_authorisation, beta=True),
    route(f"GET {_POLICY}/{{id}}", _READ, _get_authorisation, beta=True),
    route(f"PATCH {_POLICY}/{{id}}", _WRITE, _patch_authorisation, beta=True),
    *as_beta(group_settings.ROUTES, "groupSettings", "settings"),
    *as_beta(group_settings.ROUTES, "groupSettingTemplates", "directorySettingTemplates"),
    *site_making.ROUTES,
)
