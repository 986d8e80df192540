"""Sensitivity labels that are published in the tenant: those that a seed names, in the order of their strictness."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.objects import missing
from spmigrate.rehearsal.graph.people import find_user
from spmigrate.rehearsal.graph.querying import answer_count, answer_list, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response

Content = dict[str, Any]
_READ = ("SensitivityLabels.Read.All", "SensitivityLabel.Read", "InformationProtectionPolicy.Read.All",
         "InformationProtectionPolicy.Read")  # fmt: skip
_LABEL = define_type(
    "sensitivityLabel",
    "actionSource autoTooltip color description displayName hasProtection isDefault isEndpointProtectionEnabled"
    " isScopedToUser locale name priority toolTip",
    "rights sublabels",
)
_BETA_LABEL = define_type(
    "security.sensitivityLabel",
    "color contentFormats description hasProtection isActive isAppliable name sensitivity tooltip", "parent",
    lists="contentFormats",
)  # fmt: skip
_SETTINGS = define_type(
    "security.labelPolicySettings",
    "defaultLabelId isDowngradeJustificationRequired isMandatory moreInfoUrl",
)


def _labels(call: Call) -> list[Content]:
    return [{"id": each.guid, **each.props} for each in call.tenant.store.every("sensitivitylabel")]


def _show(call: Call) -> list[Content]:
    return [
        {"id": each["id"], "name": each["name"], "displayName": each["name"], "description": each["tooltip"],
         "toolTip": each["tooltip"], "color": "", "priority": number, "hasProtection": False, "isDefault": False,
         "isEndpointProtectionEnabled": False, "isScopedToUser": True, "autoTooltip": "", "actionSource": None,
         "locale": None}
        for number, each in enumerate(_labels(call))
    ]  # fmt: skip


def _show_beta(call: Call) -> list[Content]:
    return [
        {"id": each["id"], "name": each["name"], "description": each["tooltip"], "color": "", "sensitivity": number,
         "tooltip": each["tooltip"], "isActive": True, "isAppliable": True, "hasProtection": False,
         "contentFormats": ["file", "email", "site", "unifiedGroup"]}
        for number, each in enumerate(_labels(call))
    ]  # fmt: skip


def _answer(call: Call) -> Response:
    shown, of = (_show_beta(call), _BETA_LABEL) if call.is_beta else (_show(call), _LABEL)
    if "id" in call.parts:
        find_user(call)
    if "label" not in call.parts:
        return answer_list(call, shown, context="sensitivityLabels", of=of)
    found = next((each for each in shown if each["id"] == call.parts["label"].lower()), None)
    if found is None:
        raise missing(call.parts["label"])
    return answer_one(call, found, context="sensitivityLabels", of=of)


def _count(call: Call) -> Response:
    shown, of = (_show_beta(call), _BETA_LABEL) if call.is_beta else (_show(call), _LABEL)
    return answer_count(call, shown, of=of)


def _settings(call: Call) -> Response:
    shown = {"id": call.tenant.names.tenant_id, "moreInfoUrl": None, "isMandatory": False,
             "isDowngradeJustificationRequired": False, "defaultLabelId": None}  # fmt: skip
    return answer_one(call, shown, context="labelPolicySettings", of=_SETTINGS)


def _routes(path: str, *, beta: bool) -> list[Route]:
    own = _READ if "{id}" in path else ()
    return [
        route(f"GET {path}", _READ, _answer, beta=beta, own=own),
        route(f"GET {path}/$count", _READ, _count, beta=beta, own=own),
        route(f"GET {path}/{{label}}", _READ, _answer, beta=beta, own=own),
    ]


_OF_BETA = "security/informationProtection"
ROUTES: tuple[Route, ...] = (
    *_routes("security/dataSecurityAndGovernance/sensitivityLabels", beta=False),
    *_routes("users/{id}/dataSecurityAndGovernance/sensitivityLabels", beta=False),
    *_routes(f"{_OF_BETA}/sensitivityLabels", beta=True),
    *_routes(f"users/{{id}}/{_OF_BETA}/sensitivityLabels", beta=True),
    *_routes("informationProtection/policy/labels", beta=True),
    route(f"GET {_OF_BETA}/labelPolicySettings", _READ, _settings, beta=True),
    route(f"GET users/{{id}}/{_OF_BETA}/labelPolicySettings", _READ, _settings, beta=True, own=_READ),
)
