"""Graph's types by the names of their properties and relations: what a query may name, and what it may not."""

from __future__ import annotations

from dataclasses import dataclass

from spmigrate.rehearsal.graph.call import GraphError
from spmigrate.rehearsal.policy_defaults import sharepoint_settings


@dataclass(frozen=True, slots=True)
class Type:
    """A type: its properties and relations by lower-case name, and how its queries differ.

    `expandable` are the relations that the rehearsal can expand; `unlistable` properties come from another service,
    which is not rehearsed; `lists` are properties of many values. A `directory` type answers a property without a
    value as null or [], and wants ConsistencyLevel and $count for some operators (Microsoft: "Advanced query
    capabilities on Microsoft Entra ID objects"). `usual` are the properties that are answered without `$select`, all
    when it is empty.
    """

    name: str
    properties: dict[str, str]
    relations: frozenset[str] = frozenset()
    expandable: frozenset[str] = frozenset()
    unlistable: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    directory: bool = False
    known: frozenset[str] = frozenset()
    usual: tuple[str, ...] = ()

    def require_selection(self, text: str) -> None:
        """Refuse a `$select` that names what the type does not have."""
        for name in _names(text):
            if name in self.unlistable:
                raise GraphError(501, "NotImplemented", "This operation target is not yet supported.")
            if name not in self.known and name != "*" and "@" not in name and not name.startswith("content."):
                raise self._unknown(name, "Parsing OData Select and Expand failed")

    def require_expansion(self, text: str) -> None:
        """Refuse an `$expand` of what the type does not have (400), or of what is not rehearsed (501)."""
        for name in _names(_without_brackets(text)):
            if name in self.expandable:
                continue
            if name in self.relations:
                raise GraphError(501, "notImplemented", f"$expand={name} is not rehearsed.")
            raise self._unknown(name, "Parsing OData Select and Expand failed")

    def require_paths(self, paths: set[str], doing: str) -> None:
        """Refuse a filter or an order by what the type does not have; `doing` begins the message."""
        for path in sorted(paths):
            head = path.partition("/")[0]
            if head.lower() not in self.known:
                raise self._unknown(head, doing)

    def absent(self, name: str) -> object:
        """What a property without a value is answered as."""
        return [] if name in self.lists else None

    def _unknown(self, name: str, doing: str) -> GraphError:
        message = f"{doing}: Could not find a property named '{name}' on type 'microsoft.graph.{self.name}'."
        return GraphError(400, "BadRequest", message)


def _names(text: str) -> list[str]:
    return [name.strip().partition("/")[0].lower() for name in text.split(",") if name.strip()]


def _without_brackets(text: str) -> str:
    """An `$expand` without what is asked of the expanded things: `sponsors($select=id),manager`."""
    depth, kept = 0, []
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth == 0 and char != ")":
            kept.append(char)
    return "".join(kept)


def _type(
    name: str,
    properties: str,
    relations: str = "",
    *,
    expandable: str = "",
    unlistable: str = "",
    lists: str = "",
    directory: bool = False,
    usual: str = "",
) -> Type:
    by_lower = {each.lower(): each for each in f"id {properties}".split()}
    related = frozenset(relations.lower().split())
    return Type(
        name,
        by_lower,
        related,
        frozenset(expandable.lower().split()),
        frozenset(unlistable.lower().split()),
        frozenset(lists.lower().split()),
        directory,
        related.union(by_lower),
        tuple(usual.split()),
    )


define_type = _type  # types of an area of its own stand in a file of their own

# The names of Graph v1.0's metadata.
_BASE_ITEM = (
    "createdBy createdDateTime description eTag lastModifiedBy lastModifiedDateTime name parentReference webUrl"
)
USER = _type(
    "user",
    "accountEnabled ageGroup assignedLicenses assignedPlans authorizationInfo businessPhones city companyName"
    " consentProvidedForMinor country createdDateTime creationType customSecurityAttributes deletedDateTime department"
    " displayName employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType externalUserState"
    " externalUserStateChangeDateTime faxNumber givenName identities imAddresses isManagementRestricted"
    " isResourceAccount jobTitle lastPasswordChangeDateTime legalAgeGroupClassification licenseAssignmentStates mail"
    " mailNickname mobilePhone officeLocation onPremisesDistinguishedName onPremisesDomainName"
    " onPremisesExtensionAttributes onPremisesImmutableId onPremisesLastSyncDateTime onPremisesProvisioningErrors"
    " onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled onPremisesUserPrincipalName"
    " otherMails passwordPolicies passwordProfile postalCode preferredDataLocation preferredLanguage provisionedPlans"
    " proxyAddresses securityIdentifier serviceProvisioningErrors showInAddressList signInActivity"
    " signInSessionsValidFromDateTime state streetAddress surname usageLocation userPrincipalName userType",
    "sponsors manager directReports memberOf transitiveMemberOf ownedDevices ownedObjects registeredDevices"
    " createdObjects licenseDetails oauth2PermissionGrants appRoleAssignments extensions drive drives",
    expandable="sponsors",
    unlistable="aboutMe birthday hireDate interests mailboxSettings mySite pastProjects preferredName responsibilities"
    " schools skills",
    lists="assignedLicenses assignedPlans businessPhones identities imAddresses licenseAssignmentStates"
    " onPremisesProvisioningErrors otherMails provisionedPlans proxyAddresses serviceProvisioningErrors",
    directory=True,
)
GROUP = _type(
    "group",
    "assignedLabels assignedLicenses classification createdDateTime deletedDateTime description displayName"
    " expirationDateTime groupTypes isAssignableToRole isManagementRestricted licenseProcessingState mail mailEnabled"
    " mailNickname membershipRule membershipRuleProcessingState onPremisesDomainName onPremisesLastSyncDateTime"
    " onPremisesNetBiosName onPremisesProvisioningErrors onPremisesSamAccountName onPremisesSecurityIdentifier"
    " onPremisesSyncEnabled preferredDataLocation preferredLanguage proxyAddresses renewedDateTime"
    " resourceBehaviorOptions resourceProvisioningOptions securityEnabled securityIdentifier"
    " serviceProvisioningErrors theme uniqueName visibility",
    "owners members memberOf transitiveMembers transitiveMemberOf acceptedSenders rejectedSenders appRoleAssignments"
    " createdOnBehalfOf drive drives extensions sites team",
    expandable="owners members",
    unlistable="allowExternalSenders autoSubscribeNewMembers hideFromAddressLists hideFromOutlookClients"
    " isSubscribedByMail unseenCount",
    lists="assignedLabels assignedLicenses groupTypes onPremisesProvisioningErrors proxyAddresses"
    " resourceBehaviorOptions resourceProvisioningOptions serviceProvisioningErrors",
    directory=True,
)
# People of a group: what a query names there may be any directory object's.
DIRECTORY_OBJECT = _type(
    "directoryObject", " ".join([*USER.properties.values(), *GROUP.properties.values()]), "manager sponsors"
)
SERVICE_PRINCIPAL = _type(
    "servicePrincipal",
    "accountEnabled addIns alternativeNames appDescription appDisplayName appId appOwnerOrganizationId"
    " appRoleAssignmentRequired appRoles applicationTemplateId deletedDateTime description disabledByMicrosoftStatus"
    " displayName homepage info keyCredentials loginUrl logoutUrl notes notificationEmailAddresses"
    " oauth2PermissionScopes passwordCredentials preferredSingleSignOnMode replyUrls samlSingleSignOnSettings"
    " servicePrincipalNames servicePrincipalType signInAudience tags tokenEncryptionKeyId verifiedPublisher",
    "appRoleAssignments appRoleAssignedTo oauth2PermissionGrants owners memberOf ownedObjects transitiveMemberOf",
)
APP_ROLE_ASSIGNMENT = _type(
    "appRoleAssignment",
    "appRoleId createdDateTime deletedDateTime principalDisplayName principalId principalType resourceDisplayName"
    " resourceId",
)
ORGANIZATION = _type(
    "organization",
    "assignedPlans businessPhones city country countryLetterCode createdDateTime deletedDateTime displayName"
    " marketingNotificationEmails mobileDeviceManagementAuthority onPremisesLastSyncDateTime onPremisesSyncEnabled"
    " partnerTenantType postalCode preferredLanguage privacyProfile provisionedPlans"
    " securityComplianceNotificationMails securityComplianceNotificationPhones state street"
    " technicalNotificationMails tenantType verifiedDomains",
    "branding certificateBasedAuthConfiguration extensions",
)
SKU = _type(
    "subscribedSku",
    "accountId accountName appliesTo capabilityStatus consumedUnits prepaidUnits servicePlans skuId skuPartNumber"
    " subscriptionIds",
)
DRIVE = _type(
    "drive",
    f"{_BASE_ITEM} driveType owner quota sharePointIds system",
    "bundles following items list root special",
)
DRIVE_ITEM = _type(
    "driveItem",
    f"{_BASE_ITEM} audio bundle cTag content deleted file fileSystemInfo folder image location malware package"
    " pendingOperations photo publication remoteItem root searchResult shared sharepointIds size specialFolder video"
    " webDavUrl",
    "analytics children listItem permissions retentionLabel subscriptions thumbnails versions workbook",
    expandable="children listItem permissions thumbnails versions",
)
DRIVE_ITEM_VERSION = _type("driveItemVersion", "content lastModifiedBy lastModifiedDateTime publication size")
_BLOCKS = (
    "automaticUserConsentSettings b2bCollaborationInbound b2bCollaborationOutbound b2bDirectConnectInbound"
    " b2bDirectConnectOutbound inboundTrust tenantRestrictions m365CollaborationInbound m365CollaborationOutbound"
    " appServiceConnectInbound"
)
CROSS_TENANT_POLICY = _type(
    "crossTenantAccessPolicy", "allowedCloudEndpoints deletedDateTime description displayName definition",
    "default partners templates",
)  # fmt: skip
CROSS_TENANT_DEFAULT = _type(
    "crossTenantAccessPolicyConfigurationDefault",
    f"{_BLOCKS} invitationRedemptionIdentityProviderConfiguration isServiceDefault",
)
CROSS_TENANT_PARTNER = _type(
    "crossTenantAccessPolicyConfigurationPartner",
    f"{_BLOCKS} isInMultiTenantOrganization isServiceProvider tenantId",
    "identitySynchronization",
    expandable="identitySynchronization",
)
SYNCHRONISATION = _type("crossTenantIdentitySyncPolicyPartner", "displayName tenantId userSyncInbound")
AUTHORIZATION = _type(
    "authorizationPolicy",
    "allowEmailVerifiedUsersToJoinOrganization allowInvitesFrom allowUserConsentForRiskyApps"
    " allowedToSignUpEmailBasedSubscriptions allowedToUseSSPR blockMsolPowerShell defaultUserRolePermissions"
    " deletedDateTime description displayName guestUserRoleId",
)
SHAREPOINT_SETTINGS = _type("sharepointSettings", " ".join(sharepoint_settings()))
