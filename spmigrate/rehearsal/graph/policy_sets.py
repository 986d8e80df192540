"""The tenant's other policies: what a new tenant's say, and sets of which it has none yet."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.objects import bad, missing
from spmigrate.rehearsal.graph.querying import answer_list, answer_one, answer_values
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.sets import Set, nothing
from spmigrate.rehearsal.graph.singles import Single
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response

_READ = ("Policy.Read.All",)
Content = dict[str, Any]


def _security_defaults() -> Content:
    return {
        "id": "00000000-0000-0000-0000-000000000005",
        "displayName": "Security Defaults",
        "description": "Security defaults is a set of basic identity security mechanisms recommended by Microsoft. When"
        " enabled, these recommendations will be automatically enforced in your organization.",
        "isEnabled": False,
    }


def _consent_requests() -> Content:
    return {"isEnabled": False, "notifyReviewers": False, "remindersEnabled": False, "requestDurationInDays": 0,
            "version": 0, "reviewers": []}  # fmt: skip


def _flows() -> Content:
    return {
        "id": "authenticationFlowsPolicy",
        "displayName": "Authentication flows policy",
        "description": "Authentication flows policy allows modification of settings related to authentication flows in"
        " AAD tenant, such as self-service sign up configuration.",
        "selfServiceSignUp": {"isEnabled": False},
    }


_METHODS = {
    "Fido2": "fido2", "MicrosoftAuthenticator": "microsoftAuthenticator", "Sms": "sms",
    "TemporaryAccessPass": "temporaryAccessPass", "SoftwareOath": "softwareOath", "Voice": "voice", "Email": "email",
    "X509Certificate": "x509Certificate",
}  # fmt: skip


def _methods() -> Content:
    return {
        "id": "authenticationMethodsPolicy",
        "displayName": "Authentication Methods Policy",
        "description": "The tenant-wide policy that controls which authentication methods are allowed in the tenant,"
        " authentication method registration requirements, and self-service password reset settings",
        "lastModifiedDateTime": "2024-01-15T09:00:00Z",
        "policyVersion": "1.5",
        "policyMigrationState": "migrationComplete",
        "reconfirmationInDays": None,
        "registrationEnforcement": {
            "authenticationMethodsRegistrationCampaign": {
                "snoozeDurationInDays": 1, "enforceRegistrationAfterAllowedSnoozes": True, "state": "default",
                "excludeTargets": [], "includeTargets": [],
            }
        },
    }  # fmt: skip


def _method(name: str) -> Content:
    target = {"targetType": "group", "id": "all_users", "isRegistrationRequired": False}
    state = "enabled" if name in ("Fido2", "MicrosoftAuthenticator", "SoftwareOath") else "disabled"
    kind = f"#microsoft.graph.{_METHODS[name]}AuthenticationMethodConfiguration"
    return {"@odata.type": kind, "id": name, "state": state, "excludeTargets": [], "includeTargets": [target]}


def _configurations(call: Call) -> list[Content]:
    kept = call.tenant.store.find("policy", 0, "authenticationMethodConfigurations")
    return [{**_method(name), **(kept.props.get(name, {}) if kept is not None else {})} for name in _METHODS]


def _get_methods(call: Call) -> Response:
    content = {**METHODS.value(call), "authenticationMethodConfigurations": _configurations(call)}
    return answer_one(call, content, context="authenticationMethodsPolicy", of=_METHODS_TYPE)


def _list_configurations(call: Call) -> Response:
    return answer_list(call, _configurations(call), context=_CONFIGURATIONS, of=_CONFIGURATION)


def _configuration(call: Call) -> Content:
    wanted = call.parts["id"].lower()
    found = next((each for each in _configurations(call) if each["id"].lower() == wanted), None)
    if found is None:
        raise missing(call.parts["id"])
    return found


def _get_configuration(call: Call) -> Response:
    return answer_one(call, _configuration(call), context=_CONFIGURATIONS, of=_CONFIGURATION)


def _patch_configuration(call: Call) -> Response:
    found, patch = _configuration(call), {k: v for k, v in call.body().items() if k[:1] not in ("@", "")}
    if patch.get("state", "enabled") not in ("enabled", "disabled"):
        raise bad("Invalid value specified for property 'state'.", "BadRequest")
    store, at = call.tenant.store, call.tenant.clock.iso()
    kept = store.find("policy", 0, "authenticationMethodConfigurations")
    before = dict(kept.props.get(found["id"], {})) if kept is not None else {}
    now = {found["id"]: {**before, **patch}}
    if kept is None:
        store.insert("policy", "authenticationMethodConfigurations", at=at, props=now)
    else:
        store.update(kept, now, at=at)
    return Response(204)


_CONFIGURATIONS = "policies/authenticationMethodsPolicy/authenticationMethodConfigurations"
_CONFIGURATION = define_type("authenticationMethodConfiguration", "excludeTargets includeTargets state")
_METHODS_TYPE = define_type(
    "authenticationMethodsPolicy",
    "authenticationMethodConfigurations description displayName lastModifiedDateTime policyMigrationState policyVersion"
    " reconfirmationInDays registrationEnforcement",
)
METHODS = Single(
    "policies/authenticationMethodsPolicy", "authenticationMethodsPolicy", _METHODS_TYPE,
    ("Policy.Read.All",), ("Policy.ReadWrite.AuthenticationMethod",), _methods,
    fixed=frozenset({"id", "displayName", "description", "policyVersion", "authenticationMethodConfigurations"}),
)  # fmt: skip
_GRANT_POLICY = define_type(
    "permissionGrantPolicy", "deletedDateTime description displayName includeAllPreApprovedApplications",
    "includes excludes",
)  # fmt: skip
_B2B = define_type("b2bManagementPolicy", "definition displayName isOrganizationDefault type")
_GRANT_POLICIES = {
    "microsoft-user-default-legacy": "All application permissions are consentable by member type users by default",
    "microsoft-user-default-low": "All low risk permissions are consentable by member type users by default",
    "microsoft-user-default-recommended": "Permissions consentable based on Microsoft's current recommendations.",
    "microsoft-all-application-permissions": "All application permissions, for any client app",
    "microsoft-application-admin": "Permissions consentable by Application Administrators.",
    "microsoft-company-admin": "Permissions consentable by Company Administrators.",
}


def _grant_policies(call: Call) -> Response:
    shown = [
        {"id": name, "displayName": text, "description": text, "deletedDateTime": None,
         "includeAllPreApprovedApplications": False}
        for name, text in _GRANT_POLICIES.items()
    ]  # fmt: skip
    return answer_list(call, shown, context="policies/permissionGrantPolicies", of=_GRANT_POLICY)


def _b2b_policies(call: Call) -> Response:
    found = call.tenant.store.find("policy", 0, "b2bManagementPolicy")
    shown = [{"id": found.guid, "displayName": "B2BManagementPolicy", "type": "6", "isOrganizationDefault": True,
              **found.props}] if found is not None else []  # fmt: skip
    return answer_list(call, shown, context="policies/b2bManagementPolicies", of=_B2B)


def _check_definition(_call: Call, props: Content, _found: object) -> Content:
    if "definition" in props and not (
        isinstance(props["definition"], list) and all(isinstance(each, str) for each in props["definition"])
    ):
        raise bad("Invalid value specified for property 'definition'.")
    return props


_APPLICATION_POLICY = ("Policy.ReadWrite.ApplicationConfiguration", "Directory.ReadWrite.All")
_STS = define_type(
    "stsPolicy",
    "definition deletedDateTime description displayName isOrganizationDefault",
    "appliesTo",
    lists="definition",
)
_STS_SETS = tuple(
    Set(
        f"policies/{name}",
        name.lower(),
        _STS,
        _READ,
        _APPLICATION_POLICY,
        needed=("displayName", "definition"),
        usual={"deletedDateTime": None, "isOrganizationDefault": False},
        check=_check_definition,
    )
    for name in (
        "activityBasedTimeoutPolicies", "claimsMappingPolicies", "homeRealmDiscoveryPolicies",
        "tokenIssuancePolicies", "tokenLifetimePolicies",
    )
)  # fmt: skip


_PROVIDERS = (
    ("MSASignup-OAUTH", "MicrosoftAccount", "Microsoft Account"),
    ("AADSignup-OAUTH", "AADSignup", "Azure Active Directory"),
    ("EmailOtpSignup-OAUTH", "EmailOTP", "Email One Time Passcode"),
)


def _providers() -> list[Content]:
    kind = "#microsoft.graph.builtInIdentityProvider"
    return [
        {"@odata.type": kind, "id": identity, "identityProviderType": word, "displayName": name}
        for identity, word, name in _PROVIDERS
    ]


def _list_providers(call: Call) -> Response:
    return answer_list(call, _providers(), context="identity/identityProviders", of=_IDENTITY)


def _get_provider(call: Call) -> Response:
    found = next((each for each in _providers() if each["id"] == call.parts["id"]), None)
    if found is None:
        raise missing(call.parts["id"])
    return answer_one(call, found, context="identity/identityProviders", of=_IDENTITY)


def _provider_types(_call: Call) -> Response:
    return answer_values("Collection(Edm.String)", ["Google", "Facebook", "Apple"])


_READ_PROVIDERS = ("IdentityProvider.Read.All",)
_IDENTITY = define_type("identityProviderBase", "displayName identityProviderType")
_FEATURES = define_type(
    "featureRolloutPolicy",
    "description displayName feature isAppliedToOrganization isEnabled",
    "appliesTo",
    expandable="appliesTo",
)
ROUTES: tuple[Route, ...] = (
    *Single(
        "policies/identitySecurityDefaultsEnforcementPolicy", "securityDefaults",
        define_type("identitySecurityDefaultsEnforcementPolicy", "deletedDateTime description displayName isEnabled"),
        _READ, ("Policy.ReadWrite.SecurityDefaults", "Policy.ReadWrite.ConditionalAccess"), _security_defaults,
        fixed=frozenset({"id", "displayName", "description"}),
    ).routes(),
    *Single(
        "policies/adminConsentRequestPolicy", "adminConsentRequestPolicy",
        define_type(
            "adminConsentRequestPolicy",
            "isEnabled notifyReviewers remindersEnabled requestDurationInDays reviewers version",
        ),
        _READ, ("Policy.ReadWrite.ConsentRequest",), _consent_requests, method="PUT",
        fixed=frozenset({"id", "version"}),
    ).routes(),
    *Single(
        "policies/authenticationFlowsPolicy", "authenticationFlowsPolicy",
        define_type("authenticationFlowsPolicy", "description displayName selfServiceSignUp"),
        _READ, ("Policy.ReadWrite.AuthenticationFlows",), _flows,
        fixed=frozenset({"id", "displayName", "description"}),
    ).routes(),
    route("GET policies/authenticationMethodsPolicy", _READ, _get_methods),
    *METHODS.routes()[1:],
    route(f"GET {_CONFIGURATIONS}", _READ, _list_configurations),
    route(f"GET {_CONFIGURATIONS}/{{id}}", _READ, _get_configuration),
    route(f"PATCH {_CONFIGURATIONS}/{{id}}", ("Policy.ReadWrite.AuthenticationMethod",), _patch_configuration),
    route("GET policies/permissionGrantPolicies", ("Policy.Read.PermissionGrant", *_READ), _grant_policies),
    route("GET policies/b2bManagementPolicies", _READ, _b2b_policies, beta=True),
    route("GET legacy/policies", _READ, _b2b_policies, beta=True),
    *(each for found in _STS_SETS for each in found.routes()),
    *nothing("policies/featureRolloutPolicies", _FEATURES, _READ),
    route("GET identity/identityProviders", _READ_PROVIDERS, _list_providers),
    route("GET identity/identityProviders/availableProviderTypes", _READ_PROVIDERS, _provider_types),
    route("GET identity/identityProviders/{id}", _READ_PROVIDERS, _get_provider),
    *nothing("identity/authenticationEventListeners",
             define_type("authenticationEventListener", "authenticationEventsFlowId conditions priority"),
             ("EventListener.Read.All", "EventListener.ReadWrite.All", "Policy.ReadWrite.AuthenticationFlows",
              "Application.Read.All", "Application.ReadWrite.All")),
    *nothing("identity/b2xUserFlows", define_type("b2xIdentityUserFlow", "userFlowType userFlowTypeVersion"),
             ("IdentityUserFlow.Read.All",)),
)  # fmt: skip
