"""Every address that the governance checks read: whole, of the right kind, and closed without its permission."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from spmigrate.rehearsal.http import Body, Claims, Request
from spmigrate.rehearsal.sharepoint import handle
from tests.unit.rehearsal.directory_calls import EVERY_ROLE, Directory, open_directory

PARTNER = "5f3c1c7e-2a0b-4d1e-9a55-0b9c2f4d7a10"
CROSS = "policies/crossTenantAccessPolicy"
BLOCKS = (
    "b2bCollaborationInbound b2bCollaborationOutbound b2bDirectConnectInbound b2bDirectConnectOutbound inboundTrust"
    " automaticUserConsentSettings tenantRestrictions m365CollaborationInbound m365CollaborationOutbound"
    " appServiceConnectInbound"
)
REVIEW = {
    "displayName": "Guests",
    "scope": {"@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": "/groups", "queryType": "Graph"},
    "settings": {"defaultDecision": "Deny", "autoApplyDecisionsEnabled": True, "instanceDurationInDays": 14},
}
POLICY = {
    "displayName": "Guests need a second factor",
    "state": "enabledForReportingButNotEnforced",
    "conditions": {
        "users": {"includeUsers": ["GuestsOrExternalUsers"]},
        "applications": {"includeApplications": ["All"]},
    },
    "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
}


@dataclass(frozen=True)
class Read:
    """An address, the one permission that is enough, what every thing there says, and the values that a word has."""

    path: str
    permission: str
    says: str
    words: dict[str, tuple[object, ...]] = field(default_factory=dict)
    version: str = "v1.0"

    def __str__(self) -> str:
        return self.path.partition("?")[0]


READS = (
    Read(
        "admin/sharepoint/settings", "SharePointTenantSettings.Read.All",
        "allowedDomainGuidsForSyncApp availableManagedPathsForSiteCreation deletedUserPersonalSiteRetentionPeriodInDays"
        " excludedFileExtensionsForSyncApp idleSessionSignOut imageTaggingOption isCommentingOnSitePagesEnabled"
        " isFileActivityNotificationEnabled isLegacyAuthProtocolsEnabled isLoopEnabled isMacSyncAppEnabled"
        " isRequireAcceptingUserToMatchInvitedUserEnabled isResharingByExternalUsersEnabled"
        " isSharePointMobileNotificationEnabled isSharePointNewsfeedEnabled isSiteCreationEnabled"
        " isSiteCreationUIEnabled isSitePagesCreationEnabled isSitesStorageLimitAutomatic"
        " isSyncButtonHiddenOnPersonalSite isUnmanagedSyncAppForTenantRestricted personalSiteDefaultStorageLimitInMB"
        " sharingAllowedDomainList sharingBlockedDomainList sharingCapability sharingDomainRestrictionMode"
        " siteCreationDefaultManagedPath siteCreationDefaultStorageLimitInMB tenantDefaultTimezone",
        {"sharingCapability": ("disabled", "externalUserSharingOnly", "externalUserAndGuestSharing",
                               "existingExternalUserSharingOnly"),
         "sharingDomainRestrictionMode": ("none", "allowList", "blockList"),
         "imageTaggingOption": ("disabled", "basic", "enhanced")},
    ),
    Read(
        "policies/authorizationPolicy", "Policy.Read.All",
        "id allowInvitesFrom allowedToSignUpEmailBasedSubscriptions allowedToUseSSPR"
        " allowEmailVerifiedUsersToJoinOrganization allowUserConsentForRiskyApps blockMsolPowerShell description"
        " displayName guestUserRoleId defaultUserRolePermissions",
        {"allowInvitesFrom": ("none", "adminsAndGuestInviters", "adminsGuestInvitersAndAllMembers", "everyone")},
    ),
    Read("policies/b2bManagementPolicies", "Policy.Read.All", "id definition displayName type isOrganizationDefault",
         version="beta"),
    Read("legacy/policies", "Policy.Read.All", "id definition displayName type isOrganizationDefault", version="beta"),
    Read(CROSS, "Policy.Read.All", "displayName allowedCloudEndpoints"),
    Read(f"{CROSS}/default", "Policy.Read.All",
         f"{BLOCKS} isServiceDefault invitationRedemptionIdentityProviderConfiguration"),
    Read(f"{CROSS}/partners?$expand=identitySynchronization", "Policy.Read.All",
         f"{BLOCKS} tenantId isServiceProvider isInMultiTenantOrganization identitySynchronization"),
    Read(f"{CROSS}/partners/{PARTNER}/identitySynchronization", "Policy.Read.All",
         "tenantId displayName userSyncInbound"),
    Read(f"{CROSS}/templates/multiTenantOrganizationIdentitySynchronization", "Policy.Read.All",
         "id templateApplicationLevel userSyncInbound"),
    Read(f"{CROSS}/templates/multiTenantOrganizationPartnerConfiguration", "Policy.Read.All",
         "id templateApplicationLevel b2bCollaborationInbound b2bCollaborationOutbound b2bDirectConnectInbound"
         " b2bDirectConnectOutbound inboundTrust automaticUserConsentSettings"),
    Read("identity/conditionalAccess/policies", "Policy.Read.All",
         "id displayName createdDateTime modifiedDateTime state templateId conditions grantControls sessionControls",
         {"state": ("enabled", "disabled", "enabledForReportingButNotEnforced")}),
    Read("identityGovernance/accessReviews/definitions", "AccessReview.Read.All",
         "id displayName createdDateTime lastModifiedDateTime status descriptionForAdmins descriptionForReviewers scope"
         " instanceEnumerationScope reviewers fallbackReviewers settings stageSettings"
         " additionalNotificationRecipients createdBy",
         {"status": ("NotStarted", "InProgress", "Completed")}),
    Read("identityGovernance/entitlementManagement/connectedOrganizations", "EntitlementManagement.Read.All",
         "id displayName description createdDateTime modifiedDateTime state identitySources",
         {"state": ("configured", "proposed")}),
    Read("groups?$filter=groupTypes/any(c:c eq 'Unified')&$expand=owners&$top=999", "Group.Read.All",
         "id displayName description visibility groupTypes mail mailNickname mailEnabled securityEnabled"
         " createdDateTime renewedDateTime expirationDateTime classification resourceProvisioningOptions owners",
         {"visibility": ("Public", "Private", "HiddenMembership")}),
    Read("groups?$select=id,assignedLabels,visibility", "Group.Read.All", "id assignedLabels visibility"),
    Read("users?$filter=userType eq 'Guest'&$expand=sponsors", "User.Read.All", "id mail displayName sponsors"),
    Read("users?$select=id,accountEnabled,department,userType&$top=999", "User.Read.All",
         "id accountEnabled department userType", {"userType": ("Member", "Guest"), "accountEnabled": (True, False)}),
    Read("users/delta?$select=id,accountEnabled", "User.Read.All", "id"),
    Read("roleManagement/directory/roleAssignments", "RoleManagement.Read.Directory",
         "id principalId roleDefinitionId directoryScopeId"),
    Read("roleManagement/directory/roleAssignmentScheduleInstances", "RoleManagement.Read.Directory",
         "id principalId roleDefinitionId directoryScopeId assignmentType memberType startDateTime endDateTime"
         " roleAssignmentOriginId roleAssignmentScheduleId",
         {"assignmentType": ("Assigned", "Activated"), "memberType": ("Direct", "Group", "Inherited")}),
    Read("directoryRoles", "RoleManagement.Read.Directory", "id displayName description roleTemplateId"),
    Read("tenantRelationships/findTenantInformationByDomainName(domainName='nhstrust.example')",
         "CrossTenantInformation.ReadBasic.All", "tenantId federationBrandName displayName defaultDomainName"),
    Read("tenantRelationships/multiTenantOrganization", "MultiTenantOrganization.Read.All",
         "id createdDateTime displayName description state", {"state": ("active", "inactive")}),
    Read("tenantRelationships/multiTenantOrganization/joinRequest", "MultiTenantOrganization.Read.All",
         "addedByTenantId memberState role transitionDetails"),
    Read("admin/reportSettings", "ReportSettings.Read.All", "displayConcealedNames"),
    Read("groupSettings", "Group.Read.All", "id displayName templateId values"),
    Read("subscribedSkus", "Organization.Read.All",
         "id accountId accountName appliesTo capabilityStatus consumedUnits prepaidUnits servicePlans skuId"
         " skuPartNumber subscriptionIds", {"capabilityStatus": ("Enabled",), "appliesTo": ("User", "Company")}),
    Read("organization", "Organization.Read.All", "id displayName verifiedDomains tenantType createdDateTime"),
    Read("sites/getAllSites", "Sites.Read.All",
         "id createdDateTime lastModifiedDateTime name webUrl displayName siteCollection"),
)  # fmt: skip


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    opened = open_directory(tmp_path_factory.mktemp("governance"), "demo")
    made = {"templateId": "62375ab9-6b52-47ed-826b-58e47e0e304b", "values": []}
    roles = [*EVERY_ROLE, "AccessReview.ReadWrite.All", "EntitlementManagement.ReadWrite.All"]
    organisation = {"displayName": "Police", "identitySources": [
        {"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": "police.example"}]}  # fmt: skip
    for path, content in (
        ("groupSettings", made),
        ("identity/conditionalAccess/policies", POLICY),
        ("identityGovernance/accessReviews/definitions", REVIEW),
        ("identityGovernance/entitlementManagement/connectedOrganizations", organisation),
    ):
        status, said = opened.ask("POST", path, content, roles=roles)
        assert status == 201, said
    if opened.ask("GET", f"{CROSS}/partners/{PARTNER}")[0] == 404:
        assert opened.ask("POST", f"{CROSS}/partners", {"tenantId": PARTNER})[0] == 201
    synchronised = {"displayName": "Trust", "userSyncInbound": {"isSyncAllowed": True}}
    assert opened.ask("PUT", f"{CROSS}/partners/{PARTNER}/identitySynchronization", synchronised)[0] == 204
    props = {"definition": [json.dumps({"B2BManagementPolicy": {}})]}
    store = opened.tenant.store
    if store.find("policy", 0, "b2bManagementPolicy") is None:
        store.insert("policy", "b2bManagementPolicy", at=opened.tenant.clock.iso(), props=props)
    yield opened
    store.close()


@pytest.mark.parametrize("read", READS, ids=str)
def test_address_answers_whole_with_its_own_permission(directory: Directory, read: Read) -> None:
    found = directory.get(read.path, roles=[read.permission], version=read.version)
    things = found["value"] if isinstance(found.get("value"), list) else [found]
    assert things
    for thing in things:
        missing = set(read.says.split()) - set(thing)
        assert not missing
        for word, values in read.words.items():
            assert thing[word] in values


@pytest.mark.parametrize("read", READS, ids=str)
def test_address_is_closed_without_its_permission(directory: Directory, read: Read) -> None:
    status, said = directory.ask("GET", read.path, roles=["Mail.Read"], version=read.version)
    assert status == 403
    assert said["error"]["code"] in ("Authorization_RequestDenied", "accessDenied")
    assert said["error"]["message"]
    assert set(said["error"]["innerError"]) >= {"date", "request-id", "client-request-id"}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{CROSS}/partners/11111111-1111-1111-1111-111111111111", "ResourceNotFound"),
        ("identity/conditionalAccess/policies/11111111-1111-1111-1111-111111111111", "Request_ResourceNotFound"),
        ("identityGovernance/accessReviews/definitions/11111111-1111-1111-1111-111111111111",
         "Request_ResourceNotFound"),
        ("groups/11111111-1111-1111-1111-111111111111", "Request_ResourceNotFound"),
        ("users/nobody@contoso.onmicrosoft.com", "Request_ResourceNotFound"),
        ("sites/contoso.sharepoint.com:/sites/none", "itemNotFound"),
        ("tenantRelationships/findTenantInformationByDomainName(domainName='none.example')",
         "Directory_ObjectNotFound"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_to_be_missing(directory: Directory, path: str, code: str) -> None:
    assert directory.refusal("GET", path) == (404, code)


@pytest.mark.parametrize(
    ("path", "size"),
    [("users?$top=2", 2), ("groups?$top=1", 1), ("users?$select=id,signInActivity&$top=3", 3),
     ("roleManagement/directory/roleDefinitions?$top=5", 5), ("policies/roleManagementPolicies?$top=5", 5)],
)  # fmt: skip
def test_pages_lead_to_the_end_without_loss(directory: Directory, path: str, size: int) -> None:
    seen: list[str] = []
    following = path
    while following:
        page = directory.get(following.removeprefix("https://graph.microsoft.com/v1.0/"))
        assert 0 < len(page["value"]) <= size
        seen += [each["id"] for each in page["value"]]
        following = page.get("@odata.nextLink", "")
    whole = directory.get(f"{path.partition('?')[0]}?$top=500")["value"]
    assert seen == [each["id"] for each in whole]


def test_review_is_filtered_changed_and_removed(directory: Directory) -> None:
    path, roles = "identityGovernance/accessReviews/definitions", ["AccessReview.ReadWrite.All"]
    text = "contains(scope/microsoft.graph.accessReviewQueryScope/query, '/groups')"
    (found,) = directory.get(f"{path}?$filter={text}", roles=roles)["value"]
    assert found["settings"]["defaultDecision"] == "Deny"
    assert found["settings"]["mailNotificationsEnabled"] is False
    status, made = directory.ask("POST", path, {**REVIEW, "displayName": "Second"}, roles=roles)
    assert status == 201
    one = f"{path}/{made['id']}"
    assert directory.ask("PUT", one, {**REVIEW, "displayName": "Third"}, roles=roles)[0] == 204
    assert directory.get(one, roles=roles)["displayName"] == "Third"
    assert directory.get(f"{one}/instances", roles=roles)["value"] == []
    assert directory.ask("DELETE", one, roles=roles)[0] == 204
    assert directory.ask("GET", one, roles=roles)[0] == 404
    assert directory.ask("POST", path, {"displayName": "No scope"}, roles=roles)[0] == 400
    wrong = {**REVIEW, "settings": {"defaultDecision": "Perhaps"}}
    assert directory.ask("POST", path, wrong, roles=roles)[0] == 400


def test_sign_ins_come_five_hundred_a_page_and_need_their_permission(directory: Directory) -> None:
    path = "users?$select=id,signInActivity&$top=999"
    assert directory.get(path)["value"]
    lacking = EVERY_ROLE - {"AuditLog.Read.All"}
    assert directory.refusal("GET", path, roles=lacking) == (403, "Authentication_MSGraphPermissionMissing")


def test_usage_report_leads_to_its_file(directory: Directory) -> None:
    path = "reports/getSharePointSiteUsageDetail(period='D30')"
    answer = directory.send("GET", path, roles=["Reports.Read.All"])
    assert (answer.status, answer.headers["location"].startswith("https://reports")) == (302, True)
    assert directory.ask("GET", path, roles=["Mail.Read"])[0] == 403
    assert directory.ask("GET", "reports/getSharePointSiteUsageDetail(period='D31')")[0] == 400


_SITE_READS = (
    ("GET", "SPO.Tenant", None, "SharingCapability ODBSharingCapability SharingDomainRestrictionMode"
     " SharingAllowedDomainList EnableAzureADB2BIntegration PreventExternalUsersFromResharing DefaultSharingLinkType"
     " DefaultLinkPermission RequireAnonymousLinksExpireInDays FileAnonymousLinkType FolderAnonymousLinkType"
     " EmailAttestationRequired EmailAttestationReAuthDays ExternalUserExpirationRequired ExternalUserExpireInDays"
     " LegacyAuthProtocolsEnabled DisableCustomAppAuthentication ConditionalAccessPolicy ShowEveryoneClaim"
     " ShowAllUsersClaim AllowEveryoneExceptExternalUsersClaimInPrivateSite CoreBlockGuestsAsSiteAdmin"
     " DisallowInfectedFileDownload StorageQuota StorageQuotaAllocated"),
    ("GET", "SPO.Tenant/sites('{site}')", None, "SharingCapability SensitivityLabel SensitivityLabel2"
     " SharingDomainRestrictionMode SharingAllowedDomainList DefaultSharingLinkType DefaultLinkPermission"
     " DefaultLinkToExistingAccess OverrideTenantAnonymousLinkExpirationPolicy AnonymousLinkExpirationInDays"
     " OverrideTenantExternalUserExpirationPolicy ExternalUserExpirationInDays DisableCompanyWideSharingLinks"
     " ConditionalAccessPolicy RestrictedAccessControl BlockDownloadPolicy RestrictContentOrgWideSearch LockState"
     " DenyAddAndCustomizePages InheritVersionPolicyFromTenant EnableAutoExpirationVersionTrim ExpireVersionsAfterDays"
     " MajorVersionLimit Template HubSiteId WebsCount Lcid TimeZoneId StorageUsage StorageMaximumLevel VersionSize"
     " VersionCount TeamsChannelType Owner Status ArchiveStatus"),
    ("POST", "SPO.Tenant/GetSiteAdministrators", {"siteId": "{site}"}, ""),
    ("POST", "SPO.Tenant/GetSitePropertiesFromSharePointByFilters",
     {"speFilter": {"IncludeDetail": False, "IncludePersonalSite": 0, "StartIndex": None, "Template": None}}, ""),
)  # fmt: skip


def _call_admin(directory: Directory, method: str, path: str, content: Any, role: str) -> tuple[int, Any]:
    (site,) = [each for each in directory.tenant.store.every("site") if each.name.endswith("/sites/team")]
    body = b"" if content is None else json.dumps(content).replace("{site}", site.guid).encode()
    claims = Claims("app", "App", "", "", roles=frozenset({role}), by_certificate=True)
    names = {"accept": "application/json;odata=nometadata", "content-type": "application/json"}
    address = f"/_api/{path.replace('{site}', site.guid)}"
    answer = handle(
        Request(method, "contoso-admin.sharepoint.com", address, "", names, Body(len(body), body), claims),
        directory.tenant,
    )
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize(("method", "path", "content", "says"), _SITE_READS, ids=[each[1] for each in _SITE_READS])
def test_admin_host_answers_whole_and_to_full_control_alone(
    directory: Directory, method: str, path: str, content: Any, says: str
) -> None:
    status, found = _call_admin(directory, method, path, content, "Sites.FullControl.All")
    assert status == 200, found
    assert not set(says.split()) - set(found)
    assert _call_admin(directory, method, path, content, "Sites.Read.All")[0] in (401, 403)
