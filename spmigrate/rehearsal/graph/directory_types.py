"""Types of Graph's directory: the names of v1.0's metadata."""

from __future__ import annotations

from spmigrate.rehearsal.graph.types import define_type, with_beta

_ON_PREMISES = (
    "onPremisesDomainName onPremisesLastSyncDateTime onPremisesProvisioningErrors onPremisesSamAccountName"
    " onPremisesSecurityIdentifier onPremisesSyncEnabled"
)
_USER = define_type(
    "user",
    f"accountEnabled ageGroup assignedLicenses assignedPlans authorizationInfo businessPhones city companyName"
    " consentProvidedForMinor country createdDateTime creationType customSecurityAttributes deletedDateTime department"
    " deviceEnrollmentLimit displayName employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType"
    " identityParentId externalUserState externalUserStateChangeDateTime faxNumber givenName identities imAddresses"
    " isManagementRestricted isResourceAccount jobTitle lastPasswordChangeDateTime legalAgeGroupClassification"
    " licenseAssignmentStates mail mailNickname mobilePhone officeLocation onPremisesDistinguishedName"
    f" onPremisesExtensionAttributes onPremisesImmutableId {_ON_PREMISES} onPremisesUserPrincipalName otherMails"
    " passwordPolicies passwordProfile postalCode preferredDataLocation preferredLanguage provisionedPlans"
    " proxyAddresses securityIdentifier serviceProvisioningErrors showInAddressList signInActivity"
    " signInSessionsValidFromDateTime state streetAddress surname usageLocation userPrincipalName userType",
    "sponsors manager directReports memberOf transitiveMemberOf ownedDevices ownedObjects registeredDevices"
    " createdObjects licenseDetails oauth2PermissionGrants appRoleAssignments extensions drive drives photo photos"
    " calendar calendars events messages mailFolders contacts planner onenote outlook joinedTeams teamwork todo"
    " authentication chats people presence insights settings followedSites scopedRoleMemberOf permissionGrants"
    " activities adhocCalls agreementAcceptances calendarGroups calendarView cloudClipboard cloudPCs contactFolders"
    " dataSecurityAndGovernance deviceManagementTroubleshootingEvents employeeExperience inferenceClassification"
    " managedAppRegistrations managedDevices notes onPremisesSyncBehavior onlineMeetings print solutions sponsorOf",
    expandable="sponsors manager directReports memberOf transitiveMemberOf ownedObjects appRoleAssignments",
    unlistable="aboutMe birthday hireDate interests mailboxSettings mySite pastProjects preferredName responsibilities"
    " schools skills",
    lists="assignedLicenses assignedPlans businessPhones identities imAddresses licenseAssignmentStates"
    " onPremisesProvisioningErrors otherMails provisionedPlans proxyAddresses serviceProvisioningErrors",
    directory=True,
    usual="businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname"
    " userPrincipalName id",
)
USER = with_beta(
    _USER,
    "cloudRealtimeCommunicationInfo isLicenseReconciliationNeeded onPremisesObjectIdentifier"
    " onPremisesSipInfo refreshTokensValidFromDateTime",
    selected="signInActivity customSecurityAttributes",
)
_GROUP = define_type(
    "group",
    f"assignedLabels assignedLicenses classification createdDateTime creationOptions deletedDateTime description"
    " displayName expirationDateTime groupTypes hasMembersWithLicenseErrors isAssignableToRole isManagementRestricted"
    " licenseProcessingState mail mailEnabled mailNickname membershipRule membershipRuleProcessingState"
    f" {_ON_PREMISES} infoCatalogs onPremisesExtensionAttributes onPremisesNetBiosName organizationId"
    " preferredDataLocation preferredLanguage proxyAddresses renewedDateTime"
    " resourceBehaviorOptions resourceProvisioningOptions securityEnabled securityIdentifier"
    " serviceProvisioningErrors theme uniqueName visibility",
    "owners members memberOf transitiveMembers transitiveMemberOf acceptedSenders rejectedSenders appRoleAssignments"
    " createdOnBehalfOf drive drives extensions sites team settings groupLifecyclePolicies photo conversations threads"
    " calendar events onenote planner permissionGrants calendarView membersWithLicenseErrors"
    " onPremisesSyncBehavior photos",
    expandable="owners members memberOf transitiveMembers transitiveMemberOf appRoleAssignments team",
    unlistable="allowExternalSenders autoSubscribeNewMembers hideFromAddressLists hideFromOutlookClients"
    " isSubscribedByMail unseenCount isArchived isFavorite accessType unseenConversationsCount unseenMessagesCount"
    " welcomeMessageEnabled",
    lists="assignedLabels assignedLicenses creationOptions groupTypes infoCatalogs onPremisesProvisioningErrors"
    " proxyAddresses resourceBehaviorOptions resourceProvisioningOptions serviceProvisioningErrors",
    directory=True,
    usual="id deletedDateTime classification createdDateTime creationOptions description displayName"
    " expirationDateTime groupTypes isAssignableToRole mail mailEnabled mailNickname membershipRule"
    " membershipRuleProcessingState onPremisesDomainName onPremisesLastSyncDateTime onPremisesNetBiosName"
    " onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled preferredDataLocation"
    " preferredLanguage proxyAddresses renewedDateTime resourceBehaviorOptions resourceProvisioningOptions"
    " securityEnabled securityIdentifier theme uniqueName visibility onPremisesProvisioningErrors"
    " serviceProvisioningErrors",
)
GROUP = with_beta(
    _GROUP,
    "cloudLicensing onPremisesObjectIdentifier writebackConfiguration",
    selected="assignedLabels assignedLicenses hasMembersWithLicenseErrors licenseProcessingState",
)
APPLICATION = define_type(
    "application",
    "addIns api appId appRoles applicationTemplateId authenticationBehaviors certification createdByAppId"
    " createdDateTime defaultRedirectUri deletedDateTime description disabledByMicrosoftStatus displayName"
    " isDisabled managerApplications"
    " groupMembershipClaims identifierUris info isDeviceOnlyAuthSupported isFallbackPublicClient keyCredentials logo"
    " nativeAuthenticationApisEnabled notes oauth2RequirePostResponse optionalClaims parentalControlSettings"
    " passwordCredentials publicClient publisherDomain requestSignatureVerification requiredResourceAccess"
    " samlMetadataUrl serviceManagementReference servicePrincipalLockConfiguration signInAudience spa tags"
    " tokenEncryptionKeyId uniqueName verifiedPublisher web",
    "appManagementPolicies createdOnBehalfOf extensionProperties federatedIdentityCredentials"
    " homeRealmDiscoveryPolicies owners synchronization tokenIssuancePolicies tokenLifetimePolicies",
    expandable="owners extensionProperties federatedIdentityCredentials",
    lists="addIns appRoles identifierUris keyCredentials passwordCredentials requiredResourceAccess tags",
    directory=True,
)
SERVICE_PRINCIPAL = define_type(
    "servicePrincipal",
    "accountEnabled addIns alternativeNames appDescription appDisplayName appId appOwnerOrganizationId"
    " appRoleAssignmentRequired appRoles applicationTemplateId createdByAppId createdDateTime customSecurityAttributes"
    " deletedDateTime description"
    " disabledByMicrosoftStatus displayName homepage info isDisabled keyCredentials loginUrl logoutUrl notes"
    " notificationEmailAddresses oauth2PermissionScopes passwordCredentials preferredSingleSignOnMode"
    " preferredTokenSigningKeyThumbprint replyUrls resourceSpecificApplicationPermissions samlSingleSignOnSettings"
    " servicePrincipalNames servicePrincipalType signInAudience tags tokenEncryptionKeyId verifiedPublisher",
    "appRoleAssignments appRoleAssignedTo oauth2PermissionGrants owners memberOf ownedObjects transitiveMemberOf"
    " createdObjects claimsMappingPolicies delegatedPermissionClassifications endpoints homeRealmDiscoveryPolicies"
    " synchronization tokenIssuancePolicies tokenLifetimePolicies federatedIdentityCredentials appManagementPolicies"
    " remoteDesktopSecurityConfiguration",
    expandable="appRoleAssignments appRoleAssignedTo oauth2PermissionGrants owners memberOf",
    lists="addIns alternativeNames appRoles keyCredentials notificationEmailAddresses oauth2PermissionScopes"
    " passwordCredentials replyUrls resourceSpecificApplicationPermissions servicePrincipalNames tags",
    directory=True,
)
# What stands in a list of several kinds may be any of them.
DIRECTORY_OBJECT = define_type(
    "directoryObject",
    " ".join(
        dict.fromkeys(
            name
            for each in (USER, GROUP, APPLICATION, SERVICE_PRINCIPAL)
            for name in (*each.properties.values(), "roleTemplateId", "isMemberManagementRestricted")
        )
    ),
    "manager sponsors",
    lists=" ".join((*USER.lists, *GROUP.lists)),
    directory=True,
)
APP_ROLE_ASSIGNMENT = define_type(
    "appRoleAssignment",
    "appRoleId createdDateTime deletedDateTime principalDisplayName principalId principalType resourceDisplayName"
    " resourceId",
    directory=True,
)
PERMISSION_GRANT = define_type(
    "oAuth2PermissionGrant", "clientId consentType principalId resourceId scope", directory=True
)
ORGANIZATION = define_type(
    "organization",
    "assignedPlans businessPhones city country countryLetterCode createdDateTime defaultUsageLocation deletedDateTime"
    " displayName isMultipleDataLocationsForServicesEnabled marketingNotificationEmails"
    " mobileDeviceManagementAuthority onPremisesLastSyncDateTime onPremisesSyncEnabled partnerTenantType postalCode"
    " preferredLanguage privacyProfile provisionedPlans securityComplianceNotificationMails"
    " securityComplianceNotificationPhones state street technicalNotificationMails tenantType verifiedDomains",
    "branding certificateBasedAuthConfiguration extensions",
    lists="assignedPlans businessPhones marketingNotificationEmails provisionedPlans"
    " securityComplianceNotificationMails securityComplianceNotificationPhones technicalNotificationMails"
    " verifiedDomains",
    directory=True,
)
SKU = define_type(
    "subscribedSku",
    "accountId accountName appliesTo capabilityStatus consumedUnits prepaidUnits servicePlans skuId skuPartNumber"
    " subscriptionIds",
)
LICENSE_DETAILS = define_type("licenseDetails", "servicePlans skuId skuPartNumber")
DOMAIN = define_type(
    "domain",
    "authenticationType availabilityStatus isAdminManaged isDefault isInitial isRoot isVerified manufacturer model"
    " passwordNotificationWindowInDays passwordValidityPeriodInDays state supportedServices",
    "domainNameReferences federationConfiguration rootDomain serviceConfigurationRecords verificationDnsRecords",
)
DEVICE = define_type(
    "device",
    "accountEnabled alternativeSecurityIds approximateLastSignInDateTime complianceExpirationDateTime deletedDateTime"
    " deviceCategory deviceId deviceMetadata deviceOwnership deviceVersion displayName enrollmentProfileName"
    " enrollmentType isCompliant isManaged isManagementRestricted isRooted managementType manufacturer mdmAppId model"
    " onPremisesLastSyncDateTime onPremisesSecurityIdentifier onPremisesSyncEnabled operatingSystem"
    " operatingSystemVersion physicalIds profileType registrationDateTime systemLabels trustType",
    "extensions memberOf registeredOwners registeredUsers transitiveMemberOf",
    directory=True,
)
CONTACT = define_type(
    "orgContact",
    "addresses companyName deletedDateTime department displayName givenName jobTitle mail mailNickname"
    " onPremisesLastSyncDateTime onPremisesProvisioningErrors onPremisesSyncEnabled phones proxyAddresses"
    " serviceProvisioningErrors surname",
    "directReports manager memberOf transitiveMemberOf",
    directory=True,
)
UNIT = define_type(
    "administrativeUnit",
    "deletedDateTime description displayName isMemberManagementRestricted membershipRule"
    " membershipRuleProcessingState membershipType visibility",
    "extensions members scopedRoleMembers",
    expandable="members",
    directory=True,
)
DIRECTORY_ROLE = define_type(
    "directoryRole",
    "deletedDateTime description displayName roleTemplateId",
    "members scopedMembers",
    expandable="members",
    directory=True,
)
ROLE_TEMPLATE = define_type("directoryRoleTemplate", "deletedDateTime description displayName", directory=True)
ROLE_DEFINITION = define_type(
    "unifiedRoleDefinition",
    "allowedPrincipalTypes description displayName isBuiltIn isEnabled isPrivileged resourceScopes rolePermissions"
    " templateId version",
    "inheritsPermissionsFrom",
    directory=True,
)
ROLE_ASSIGNMENT = define_type(
    "unifiedRoleAssignment",
    "appScopeId condition directoryScopeId principalId principalOrganizationId resourceScope roleDefinitionId",
    "appScope directoryScope principal roleDefinition",
    expandable="principal roleDefinition",
    directory=True,
)
INVITATION = define_type(
    "invitation",
    "inviteRedeemUrl inviteRedirectUrl invitedUserDisplayName invitedUserEmailAddress invitedUserMessageInfo"
    " invitedUserType resetRedemption sendInvitationMessage status",
    "invitedUser invitedUserSponsors",
)
EXTENSION_PROPERTY = define_type(
    "extensionProperty",
    "appDisplayName dataType deletedDateTime isMultiValued isSyncedFromOnPremises name targetObjects",
)
OPEN_EXTENSION = define_type("openTypeExtension", "extensionName")
