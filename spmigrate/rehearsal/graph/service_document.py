"""What Graph has at its root, as its service document lists it.

A path below one of these that is not answered is a gap of ours (501); anything else is a wrong path, which Graph itself
refuses (400).
"""

from __future__ import annotations

from spmigrate.rehearsal.graph.call import JSON_KIND, Call
from spmigrate.rehearsal.http import Response, json_response

# The names of v1.0's entity container.
_SINGLETONS = frozenset({
    "admin", "appCatalogs", "auditLogs", "authenticationMethodsPolicy", "communications", "compliance",
    "deviceAppManagement", "deviceManagement", "directory", "drive", "education", "employeeExperience", "external",
    "identity", "identityGovernance", "identityProtection", "informationProtection", "me", "planner", "policies",
    "print", "privacy", "reports", "roleManagement", "search", "security", "solutions", "storage", "teamwork",
    "tenantRelationships", "branding",
})  # fmt: skip
_SETS = frozenset({
    "agreementAcceptances", "agreements", "applicationTemplates", "applications", "authenticationMethodConfigurations",
    "certificateBasedAuthConfiguration", "chats", "connections", "contacts", "contracts", "dataPolicyOperations",
    "devices", "directoryObjects", "directoryRoleTemplates", "directoryRoles", "domainDnsRecords", "domains", "drives",
    "filterOperators", "functions", "groupLifecyclePolicies", "groupSettingTemplates", "groupSettings", "groups",
    "identityProviders", "invitations", "oauth2PermissionGrants", "organization", "permissionGrants", "places",
    "schemaExtensions", "scopedRoleMemberships", "servicePrincipals", "shares", "sites", "subscribedSkus",
    "subscriptions", "teams", "teamsTemplates", "users",
})  # fmt: skip
_OF_BETA = frozenset({
    "accessReviews", "administrativeUnits", "allowedDataLocations", "app", "appCredentialSignInActivities",
    "approvalWorkflowProviders", "businessFlowTemplates", "cloudLicensing", "commands", "conditionalAccess", "copilot",
    "dataClassification", "directorySettingTemplates", "financials", "governanceResources", "governanceRoleAssignments",
    "governanceRoleDefinitions", "ipApplicationSegment", "legacy", "messageEvents", "messageRecipients",
    "messageTraces", "monitoring", "networkAccess", "onPremisesPublishingProfiles", "payloadResponse",
    "privilegedAccess", "privilegedApproval", "privilegedOperationEvents", "privilegedRoleAssignmentRequests",
    "privilegedRoleAssignments", "privilegedRoles", "privilegedSignupStatus", "programControls",
    "programControlTypes", "programs", "riskDetections", "riskyUsers", "settings", "teamTemplateDefinition",
    "termStore", "threatSubmission", "trustFramework",
})  # fmt: skip
# The metadata document is the service's own, and not rehearsed.
_KNOWN = frozenset(each.lower() for each in (*_SINGLETONS, *_SETS, "$metadata"))
_KNOWN_OF_BETA = frozenset(each.lower() for each in _OF_BETA)


def is_segment(name: str, *, beta: bool) -> bool:
    """True for the name of something at Graph's root."""
    return name.lower() in _KNOWN or (beta and name.lower() in _KNOWN_OF_BETA)


def answer(call: Call) -> Response:
    """The list of all that there is at the root."""
    names = sorted(_SINGLETONS | _SETS | (_OF_BETA if call.is_beta else frozenset()))
    shown = [{"name": each, "kind": "Singleton" if each in _SINGLETONS else "EntitySet", "url": each} for each in names]
    return json_response(200, {"@odata.context": f"{call.base}/$metadata", "value": shown}, kind=JSON_KIND)
