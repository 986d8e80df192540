"""Conditional access: policies, named locations, authentication strengths and contexts."""

from __future__ import annotations

import ipaddress
from typing import Any

from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.objects import bad, missing
from spmigrate.rehearsal.graph.querying import answer_list, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.sets import Set, nothing
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

_READ = ("Policy.Read.All", "Policy.Read.ConditionalAccess", "Policy.ReadWrite.ConditionalAccess")
_WRITE = ("Policy.ReadWrite.ConditionalAccess",)
Content = dict[str, Any]
POLICY = define_type(
    "conditionalAccessPolicy",
    "conditions createdDateTime deletedDateTime description displayName grantControls modifiedDateTime"
    " partialEnablementStrategy sessionControls state templateId",
)
LOCATION = define_type(
    "namedLocation",
    "createdDateTime deletedDateTime displayName modifiedDateTime ipRanges isTrusted countriesAndRegions"
    " countryLookupMethod includeUnknownCountriesAndRegions",
    lists="ipRanges countriesAndRegions",
)
STRENGTH = define_type(
    "authenticationStrengthPolicy",
    "allowedCombinations createdDateTime description displayName modifiedDateTime policyType requirementsSatisfied",
    "combinationConfigurations",
    lists="allowedCombinations",
)
CONTEXT = define_type("authenticationContextClassReference", "description displayName isAvailable")
_STATES = ("enabled", "disabled", "enabledForReportingButNotEnforced")
_USERS = ("includeUsers", "excludeUsers", "includeGroups", "excludeGroups", "includeRoles", "excludeRoles")
_APPLICATIONS = ("includeApplications", "excludeApplications", "includeUserActions",
                 "includeAuthenticationContextClassReferences")  # fmt: skip
_CONTROLS = frozenset({"block", "mfa", "compliantDevice", "domainJoinedDevice", "approvedApplication",
                       "compliantApplication", "passwordChange", "riskRemediation"})  # fmt: skip


def _check(call: Call, props: Content, found: Entity | None) -> Content:
    if found is None and not (props.get("grantControls") or props.get("sessionControls")):
        raise bad("1032: ConditionalActionPolicy validation failed due to InvalidConditionsForUnknown."
                  " At least one grant or session control is required.", "BadRequest")  # fmt: skip
    if props.get("state", "enabled") not in _STATES:
        raise bad("Invalid value specified for property 'state'.", "BadRequest")
    if found is None or "conditions" in props:
        props["conditions"] = _conditions(props.get("conditions"))
    controls = props.get("grantControls")
    if controls is not None:
        props["grantControls"] = _controls(controls)
    now = call.tenant.clock.iso()
    return {**props, "createdDateTime": now} if found is None else {**props, "modifiedDateTime": now}


def _conditions(given: object) -> Content:
    conditions = given if isinstance(given, dict) else {}
    users, applications = conditions.get("users"), conditions.get("applications")
    if not isinstance(users, dict) or not any(users.get(each) for each in (*_USERS, "includeGuestsOrExternalUsers")):
        raise bad("1011: Policy contains invalid users: no users are included.", "BadRequest")
    if not isinstance(applications, dict) or not any(applications.get(each) for each in _APPLICATIONS):
        raise bad("1009: Policy contains invalid applications: no applications are included.", "BadRequest")
    usual: Content = {
        "userRiskLevels": [], "signInRiskLevels": [], "servicePrincipalRiskLevels": [], "clientAppTypes": ["all"],
        "platforms": None, "locations": None, "times": None, "deviceStates": None, "devices": None,
        "clientApplications": None, "insiderRiskLevels": None, "authenticationFlows": None,
    }  # fmt: skip
    who: Content = {each: [] for each in _USERS}
    who |= {"includeGuestsOrExternalUsers": None, "excludeGuestsOrExternalUsers": None}
    what: Content = {**{each: [] for each in _APPLICATIONS}, "applicationFilter": None}
    return {**usual, **conditions, "users": {**who, **users}, "applications": {**what, **applications}}


def _controls(given: object) -> Content:
    controls = given if isinstance(given, dict) else {}
    named = controls.get("builtInControls") or []
    if not isinstance(named, list) or set(named) - _CONTROLS or controls.get("operator") not in ("AND", "OR"):
        raise bad("1007: Invalid grant controls.", "BadRequest")
    usual: Content = {"customAuthenticationFactors": [], "termsOfUse": [], "authenticationStrength": None}
    return {**usual, **controls, "builtInControls": named}


def _check_location(call: Call, props: Content, found: Entity | None) -> Content:
    kind = "ipNamedLocation" if "ipRanges" in props else "countryNamedLocation"
    if found is not None:
        kind = str(found.props["@odata.type"]).rpartition(".")[2]
    elif not props.get("ipRanges") and not props.get("countriesAndRegions"):
        raise bad("1044: A named location needs ranges of addresses, or countries.", "BadRequest")
    for each in props.get("ipRanges") or []:
        try:
            ipaddress.ip_network(str(each["cidrAddress"]), strict=False)
        except (KeyError, TypeError, ValueError):
            raise bad("1044: Invalid IP address range.", "BadRequest") from None
    usual: Content = {"isTrusted": False} if kind == "ipNamedLocation" else {
        "includeUnknownCountriesAndRegions": False, "countryLookupMethod": "clientIpAddress",
    }  # fmt: skip
    now = call.tenant.clock.iso()
    mark = {"@odata.type": f"#microsoft.graph.{kind}", "createdDateTime": now, "modifiedDateTime": now}
    return {**mark, **usual, **props} if found is None else {**props, "modifiedDateTime": now}


_COMBINATIONS = ("windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor", "deviceBasedPush",
                 "temporaryAccessPassOneTime", "temporaryAccessPassMultiUse", "password,microsoftAuthenticatorPush",
                 "password,softwareOath", "password,hardwareOath", "password,sms", "password,voice",
                 "federatedMultiFactor", "microsoftAuthenticatorPush,federatedSingleFactor",
                 "softwareOath,federatedSingleFactor", "hardwareOath,federatedSingleFactor",
                 "sms,federatedSingleFactor", "voice,federatedSingleFactor")  # fmt: skip
# Microsoft's own strengths: id, name, what satisfies it.
_BUILT_IN = (
    ("00000000-0000-0000-0000-000000000002", "Multifactor authentication", _COMBINATIONS),
    ("00000000-0000-0000-0000-000000000003", "Passwordless MFA",
     ("windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor", "deviceBasedPush")),
    ("00000000-0000-0000-0000-000000000004", "Phishing-resistant MFA",
     ("windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor")),
)  # fmt: skip


def _strengths(call: Call) -> list[Content]:
    built_in: list[Content] = [
        {
            "id": identity,
            "createdDateTime": "2021-12-01T00:00:00Z",
            "modifiedDateTime": "2021-12-01T00:00:00Z",
            "displayName": name,
            "description": f"{name}: what Microsoft counts as such.",
            "policyType": "builtIn",
            "requirementsSatisfied": "mfa",
            "allowedCombinations": list(ways),
        }
        for identity, name, ways in _BUILT_IN
    ]
    return built_in + [_STRENGTHS.show(each) for each in call.tenant.store.every("strength")]


def _check_strength(call: Call, props: Content, found: Entity | None) -> Content:
    if set(props.get("allowedCombinations") or []) - set(_COMBINATIONS):
        raise bad("Invalid value specified for property 'allowedCombinations'.", "BadRequest")
    now = call.tenant.clock.iso()
    if found is not None:
        return {**props, "modifiedDateTime": now}
    made = {"policyType": "custom", "requirementsSatisfied": "mfa", "createdDateTime": now, "modifiedDateTime": now}
    return {**props, **made}


def _list_strengths(call: Call) -> Response:
    return answer_list(call, _strengths(call), context="policies/authenticationStrengthPolicies", of=STRENGTH)


def _get_strength(call: Call) -> Response:
    found = next((each for each in _strengths(call) if each["id"] == call.parts["id"].lower()), None)
    if found is None:
        raise missing(call.parts["id"])
    return answer_one(call, found, context="policies/authenticationStrengthPolicies", of=STRENGTH)


_MADE = frozenset({"modifiedDateTime", "templateId"})
_STRENGTHS = Set(
    "policies/authenticationStrengthPolicies", "strength", STRENGTH, _READ, _WRITE,
    needed=("displayName", "allowedCombinations"), usual={"description": None}, check=_check_strength, answers=200,
    fixed=frozenset({"policyType", "requirementsSatisfied", "modifiedDateTime"}),
)  # fmt: skip
_POLICIES = tuple(
    Set(
        path, "conditionalaccess", POLICY, _READ, _WRITE, needed=("displayName", "state"), fixed=_MADE, check=_check,
        usual={"templateId": None, "createdDateTime": None, "modifiedDateTime": None, "grantControls": None,
               "sessionControls": None},
    )
    for path in ("identity/conditionalAccess/policies", "policies/conditionalAccessPolicies")
)  # fmt: skip
_LOCATIONS = Set(
    "identity/conditionalAccess/namedLocations", "namedlocation", LOCATION, _READ, _WRITE, needed=("displayName",),
    fixed=frozenset({"modifiedDateTime"}), check=_check_location,
)  # fmt: skip


def _strength_routes(path: str) -> list[Route]:
    own = Set(path, "strength", STRENGTH, _READ, _WRITE, needed=_STRENGTHS.needed, usual=_STRENGTHS.usual,
              check=_check_strength, answers=200, fixed=_STRENGTHS.fixed)  # fmt: skip
    return [
        route(f"GET {path}", _READ, _list_strengths),
        route(f"GET {path}/{{id}}", _READ, _get_strength),
        *own.routes(),
    ]


ROUTES: tuple[Route, ...] = (
    *(each for policies in _POLICIES for each in policies.routes()),
    *_LOCATIONS.routes(),
    *_strength_routes("policies/authenticationStrengthPolicies"),
    *_strength_routes("identity/conditionalAccess/authenticationStrength/policies"),
    *nothing("identity/conditionalAccess/authenticationContextClassReferences", CONTEXT, _READ),
)
