"""Policies on applications and devices, on how long roles may be held, and the templates of multi-tenant organisations.

What a new tenant's say, in Microsoft's words for them.
"""

from __future__ import annotations

import uuid
from typing import Any

from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.objects import bad, missing
from spmigrate.rehearsal.graph.querying import answer_list, answer_one
from spmigrate.rehearsal.graph.role_templates import TEMPLATES
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.sets import Set
from spmigrate.rehearsal.graph.singles import Single
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

Content = dict[str, Any]
_READ = ("Policy.Read.All",)
_READ_APPLICATIONS = ("Policy.Read.ApplicationConfiguration", "Policy.Read.All")
_WRITE_APPLICATIONS = ("Policy.ReadWrite.ApplicationConfiguration",)
_READ_DEVICES = ("Policy.Read.DeviceConfiguration", "Policy.Read.All")
_WRITE_DEVICES = ("Policy.ReadWrite.DeviceConfiguration",)
_READ_ROLES = ("RoleManagementPolicy.Read.Directory", "RoleManagement.Read.Directory", "RoleManagement.Read.All",
               "Policy.Read.All")  # fmt: skip
_NO_RESTRICTIONS: Content = {"passwordCredentials": [], "keyCredentials": [], "applicationRestrictions": None}


def _applications() -> Content:
    return {
        "id": "00000000-0000-0000-0000-000000000000",
        "displayName": "Default app management tenant policy",
        "description": "Default tenant policy that enforces app management restrictions on applications and service"
        " principals. To apply policy to targeted resources, create a new policy under appManagementPolicies"
        " collection.",
        "isEnabled": False,
        "applicationRestrictions": {"identifierUris": None, "passwordCredentials": [], "keyCredentials": []},
        "servicePrincipalRestrictions": {"passwordCredentials": [], "keyCredentials": []},
    }


def _devices() -> Content:
    anyone = {"@odata.type": "#microsoft.graph.allDeviceRegistrationMembership"}
    return {
        "id": "deviceRegistrationPolicy",
        "displayName": "Device Registration Policy",
        "description": "Tenant-wide policy that manages initial provisioning controls using quota restrictions,"
        " additional authentication and authorization checks",
        "userDeviceQuota": 50,
        "multiFactorAuthConfiguration": "notRequired",
        "azureADRegistration": {"isAdminConfigurable": False, "allowedToRegister": anyone},
        "azureADJoin": {
            "isAdminConfigurable": True,
            "allowedToJoin": anyone,
            "localAdmins": {"enableGlobalAdmins": True, "registeringUsers": anyone},
        },
        "localAdminPassword": {"isEnabled": False},
    }


def _template(name: str) -> Content:
    """A template that has not been changed: it applies to no partner."""
    return {"id": name, "templateApplicationLevel": "none"}


def _synchronisation() -> Content:
    return {**_template("multiTenantOrganizationIdentitySynchronization"), "userSyncInbound": None}


def _configuration() -> Content:
    blocks = ("automaticUserConsentSettings", "b2bCollaborationInbound", "b2bCollaborationOutbound",
              "b2bDirectConnectInbound", "b2bDirectConnectOutbound", "inboundTrust")  # fmt: skip
    return {**_template("multiTenantOrganizationPartnerConfiguration"), **dict.fromkeys(blocks)}


def _check_restrictions(_call: Call, props: Content, found: Entity | None) -> Content:
    if not isinstance(props.get("isEnabled", False), bool):
        raise bad("Invalid value specified for property 'isEnabled'.", "BadRequest")
    return props if found is not None else {"isEnabled": False, "restrictions": dict(_NO_RESTRICTIONS), **props}


# Microsoft's rules of a role's policy: what an administrator may give, and what a person must show to take it up.
_RULES: tuple[tuple[str, str, str, str, Content], ...] = (
    ("Expiration_Admin_Eligibility", "Expiration", "Admin", "Eligibility",
     {"isExpirationRequired": True, "maximumDuration": "P365D"}),
    ("Expiration_Admin_Assignment", "Expiration", "Admin", "Assignment",
     {"isExpirationRequired": True, "maximumDuration": "P180D"}),
    ("Expiration_EndUser_Assignment", "Expiration", "EndUser", "Assignment",
     {"isExpirationRequired": True, "maximumDuration": "PT8H"}),
    ("Enablement_Admin_Eligibility", "Enablement", "Admin", "Eligibility", {"enabledRules": []}),
    ("Enablement_Admin_Assignment", "Enablement", "Admin", "Assignment",
     {"enabledRules": ["MultiFactorAuthentication", "Justification"]}),
    ("Enablement_EndUser_Assignment", "Enablement", "EndUser", "Assignment",
     {"enabledRules": ["MultiFactorAuthentication", "Justification"]}),
    ("Approval_EndUser_Assignment", "Approval", "EndUser", "Assignment",
     {"setting": {"isApprovalRequired": False, "isApprovalRequiredForExtension": False,
                  "isRequestorJustificationRequired": True, "approvalMode": "SingleStage", "approvalStages": []}}),
    ("AuthenticationContext_EndUser_Assignment", "AuthenticationContext", "EndUser", "Assignment",
     {"isEnabled": False, "claimValue": ""}),
)  # fmt: skip


def _rule(name: str, kind: str, who: str, level: str, says: Content) -> Content:
    target = {"caller": who, "operations": ["all"], "level": level, "inheritableSettings": [], "enforcedSettings": []}
    return {"@odata.type": f"#microsoft.graph.unifiedRoleManagementPolicy{kind}Rule", "id": name, **says,
            "target": target}  # fmt: skip


def _policy_id(call: Call, role: str) -> str:
    return f"DirectoryRole_{call.tenant.names.tenant_id}_{uuid.uuid5(uuid.NAMESPACE_OID, f'rolepolicy/{role}')}"


def _role_policies(call: Call) -> list[Content]:
    return [
        {"id": _policy_id(call, role), "displayName": "DirectoryRole", "description": "DirectoryRole",
         "isOrganizationDefault": False, "scopeId": "/", "scopeType": "DirectoryRole", "lastModifiedDateTime": None,
         "lastModifiedBy": {"displayName": None, "id": None}}
        for role in TEMPLATES
    ]  # fmt: skip


def _rules(_content: Content) -> list[Content]:
    return [_rule(*each) for each in _RULES]


_EXPANDED: dict[str, Any] = {"rules": _rules, "effectiverules": _rules}


def _list_role_policies(call: Call) -> Response:
    return answer_list(call, _role_policies(call), context=_ROLE_POLICIES, of=_ROLE_POLICY, relations=_EXPANDED)


def _role_policy(call: Call) -> Content:
    found = next((each for each in _role_policies(call) if each["id"] == call.parts["id"]), None)
    if found is None:
        raise missing(call.parts["id"])
    return found


def _get_role_policy(call: Call) -> Response:
    return answer_one(call, _role_policy(call), context=_ROLE_POLICIES, of=_ROLE_POLICY, relations=_EXPANDED)


def _list_rules(call: Call) -> Response:
    return answer_list(call, _rules(_role_policy(call)), context=f"{_ROLE_POLICIES}/rules", of=_RULE)


def _get_rule(call: Call) -> Response:
    wanted = call.parts["rule"].lower()
    found = next((each for each in _rules(_role_policy(call)) if each["id"].lower() == wanted), None)
    if found is None:
        raise missing(call.parts["rule"])
    return answer_one(call, found, context=f"{_ROLE_POLICIES}/rules", of=_RULE)


def _list_policy_assignments(call: Call) -> Response:
    shown = [
        {"id": f"{_policy_id(call, role)}_{role}", "policyId": _policy_id(call, role),
         "scopeId": "/", "scopeType": "DirectoryRole", "roleDefinitionId": role}
        for role in TEMPLATES
    ]  # fmt: skip
    by_id = {each["id"]: each for each in _role_policies(call)}
    relations: dict[str, Any] = {"policy": lambda content: {**by_id[content["policyId"]], "rules": _rules(content)}}
    return answer_list(call, shown, context=_ASSIGNED, of=_ASSIGNMENT, relations=relations)


def _join_request(call: Call) -> Response:
    shown = {"id": call.tenant.names.tenant_id, "addedByTenantId": None, "memberState": None, "role": None,
             "transitionDetails": None}  # fmt: skip
    return answer_one(call, shown, context="tenantRelationships/multiTenantOrganization/joinRequest", of=_JOINING)


_ROLE_POLICIES = "policies/roleManagementPolicies"
_ASSIGNED = "policies/roleManagementPolicyAssignments"
_ROLE_POLICY = define_type(
    "unifiedRoleManagementPolicy",
    "description displayName isOrganizationDefault lastModifiedBy lastModifiedDateTime scopeId scopeType",
    "effectiveRules rules",
    expandable="effectiveRules rules",
)
_RULE = define_type(
    "unifiedRoleManagementPolicyRule",
    "target isExpirationRequired maximumDuration enabledRules setting isEnabled claimValue",
)
_ASSIGNMENT = define_type(
    "unifiedRoleManagementPolicyAssignment", "policyId roleDefinitionId scopeId scopeType", "policy",
    expandable="policy",
)  # fmt: skip
_JOINING = define_type("multiTenantOrganizationJoinRequestRecord", "addedByTenantId memberState role transitionDetails")
_TEMPLATES = "policies/crossTenantAccessPolicy/templates"
_WRITE_CROSS_TENANT = ("Policy.ReadWrite.CrossTenantAccess",)
_RESTRICTED = define_type(
    "appManagementPolicy", "deletedDateTime description displayName isEnabled restrictions", "appliesTo",
    expandable="appliesTo",
)  # fmt: skip
ROUTES: tuple[Route, ...] = (
    *Single(
        "policies/defaultAppManagementPolicy", "defaultAppManagementPolicy",
        define_type(
            "tenantAppManagementPolicy",
            "applicationRestrictions deletedDateTime description displayName isEnabled servicePrincipalRestrictions",
        ),
        _READ_APPLICATIONS, _WRITE_APPLICATIONS, _applications,
    ).routes(),
    *Set(
        "policies/appManagementPolicies", "appmanagementpolicy", _RESTRICTED, _READ_APPLICATIONS, _WRITE_APPLICATIONS,
        needed=("displayName",), usual={"description": None, "deletedDateTime": None}, check=_check_restrictions,
    ).routes(),
    *Single(
        "policies/deviceRegistrationPolicy", "deviceRegistrationPolicy",
        define_type(
            "deviceRegistrationPolicy",
            "azureADJoin azureADRegistration description displayName localAdminPassword multiFactorAuthConfiguration"
            " userDeviceQuota",
        ),
        _READ_DEVICES, _WRITE_DEVICES, _devices, method="PUT", shown=True,
        fixed=frozenset({"id", "displayName", "description"}),
    ).routes(),
    *Single(
        f"{_TEMPLATES}/multiTenantOrganizationIdentitySynchronization", "mtoIdentitySynchronization",
        define_type(
            "multiTenantOrganizationIdentitySyncPolicyTemplate", "templateApplicationLevel userSyncInbound"
        ),
        _READ, _WRITE_CROSS_TENANT, _synchronisation,
    ).routes(),
    *Single(
        f"{_TEMPLATES}/multiTenantOrganizationPartnerConfiguration", "mtoPartnerConfiguration",
        define_type(
            "multiTenantOrganizationPartnerConfigurationTemplate",
            "automaticUserConsentSettings b2bCollaborationInbound b2bCollaborationOutbound b2bDirectConnectInbound"
            " b2bDirectConnectOutbound inboundTrust templateApplicationLevel",
        ),
        _READ, _WRITE_CROSS_TENANT, _configuration,
    ).routes(),
    route(f"GET {_ROLE_POLICIES}", _READ_ROLES, _list_role_policies),
    route(f"GET {_ROLE_POLICIES}/{{id}}", _READ_ROLES, _get_role_policy),
    route(f"GET {_ROLE_POLICIES}/{{id}}/rules", _READ_ROLES, _list_rules),
    route(f"GET {_ROLE_POLICIES}/{{id}}/rules/{{rule}}", _READ_ROLES, _get_rule),
    route(f"GET {_ASSIGNED}", _READ_ROLES, _list_policy_assignments),
    route("GET tenantRelationships/multiTenantOrganization/joinRequest", ("MultiTenantOrganization.Read.All",),
          _join_request),
)  # fmt: skip
