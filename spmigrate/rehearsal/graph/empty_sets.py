"""Sets of which the rehearsed tenant truly has none, and in which nothing can be made here.

A line each: path, the permission that reads it, its type, the type's properties, and after a bar its relations: the
names of v1.0's metadata.
"""

from __future__ import annotations

import re

from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.objects import holder, missing
from spmigrate.rehearsal.graph.querying import answer_count, answer_list
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import Type, define_type
from spmigrate.rehearsal.http import Response

_SETS = """
users/{id}/authentication/phoneMethods UserAuthenticationMethod.Read.All phoneAuthenticationMethod
  createdDateTime phoneNumber phoneType smsSignInState
users/{id}/authentication/emailMethods UserAuthenticationMethod.Read.All emailAuthenticationMethod
  createdDateTime emailAddress
users/{id}/authentication/fido2Methods UserAuthenticationMethod.Read.All fido2AuthenticationMethod aaGuid
  attestationCertificates attestationLevel createdDateTime displayName model passkeyType publicKeyCredential
users/{id}/authentication/microsoftAuthenticatorMethods UserAuthenticationMethod.Read.All
  microsoftAuthenticatorAuthenticationMethod createdDateTime deviceTag displayName phoneAppVersion | device
users/{id}/authentication/softwareOathMethods UserAuthenticationMethod.Read.All softwareOathAuthenticationMethod
  createdDateTime secretKey
users/{id}/authentication/temporaryAccessPassMethods UserAuthenticationMethod.Read.All
  temporaryAccessPassAuthenticationMethod createdDateTime isUsable isUsableOnce lifetimeInMinutes
  methodUsabilityReason startDateTime temporaryAccessPass
users/{id}/authentication/windowsHelloForBusinessMethods UserAuthenticationMethod.Read.All
  windowsHelloForBusinessAuthenticationMethod createdDateTime displayName keyStrength | device
users/{id}/agreementAcceptances AgreementAcceptance.Read.All agreementAcceptance agreementFileId agreementId
  deviceDisplayName deviceId deviceOSType deviceOSVersion expirationDateTime recordedDateTime state
  userDisplayName userEmail userId userPrincipalName
users/{id}/teamwork/installedApps TeamsAppInstallation.ReadForUser.All teamsAppInstallation
  consentedPermissionSet | teamsApp teamsAppDefinition
agreements Agreement.Read.All agreement displayName isPerDeviceAcceptanceRequired
  isViewingBeforeAcceptanceRequired termsExpiration userReacceptRequiredFrequency | acceptances file files
connections ExternalConnection.Read.All externalConnectors.externalConnection activitySettings configuration
  connectorId contentCategory description groups items name operations schema searchSettings state
external/connections ExternalConnection.Read.All externalConnectors.externalConnection activitySettings
  configuration connectorId contentCategory description groups items name operations schema searchSettings state
schemaExtensions Application.Read.All schemaExtension description owner properties status targetTypes
security/secureScoreControlProfiles SecurityEvents.Read.All secureScoreControlProfile actionType actionUrl
  azureTenantId complianceInformation controlCategory controlStateUpdates deprecated implementationCost
  lastModifiedDateTime maxScore rank remediation remediationImpact service threats tier title userImpact
  vendorInformation
security/attackSimulation/simulations AttackSimulation.Read.All simulation attackTechnique attackType
  automationId completionDateTime createdBy createdDateTime description displayName durationInDays
  endUserNotificationSetting excludedAccountTarget includedAccountTarget isAutomated lastModifiedBy
  lastModifiedDateTime launchDateTime oAuthConsentAppDetail payloadDeliveryPlatform report status
  trainingSetting | landingPage loginPage payload
security/labels/retentionLabels RecordsManagement.Read.All security.retentionLabel actionAfterRetentionPeriod
  behaviorDuringRetentionPeriod createdBy createdDateTime defaultRecordBehavior descriptionForAdmins
  descriptionForUsers descriptors displayName dispositionReviewStages isInUse labelToBeApplied lastModifiedBy
  lastModifiedDateTime retentionDuration retentionEventType retentionTrigger
security/triggers/retentionEvents RecordsManagement.Read.All security.retentionEvent createdBy createdDateTime
  description displayName eventPropagationResults eventQueries eventStatus eventTriggerDateTime lastModifiedBy
  lastModifiedDateTime lastStatusUpdateDateTime retentionEventType
security/triggerTypes/retentionEventTypes RecordsManagement.Read.All security.retentionEventType createdBy
  createdDateTime description displayName lastModifiedBy lastModifiedDateTime
identityProtection/riskyServicePrincipals IdentityRiskyServicePrincipal.Read.All riskyServicePrincipal appId
  displayName isEnabled isProcessing riskDetail riskLastUpdatedDateTime riskLevel riskState servicePrincipalType
  | history
identityProtection/servicePrincipalRiskDetections IdentityRiskyServicePrincipal.Read.All
  servicePrincipalRiskDetection activity activityDateTime additionalInfo appId correlationId detectedDateTime
  detectionTimingType ipAddress keyIds lastUpdatedDateTime location requestId riskDetail riskEventType riskLevel
  riskState servicePrincipalDisplayName servicePrincipalId source tokenIssuerType
identity/apiConnectors APIConnectors.Read.All identityApiConnector authenticationConfiguration displayName
  targetUrl
identity/customAuthenticationExtensions CustomAuthenticationExtension.Read.All customAuthenticationExtension
  authenticationConfiguration behaviorOnError clientConfiguration description displayName endpointConfiguration
identityGovernance/entitlementManagement/assignmentRequests EntitlementManagement.Read.All
  accessPackageAssignmentRequest answers completedDateTime createdDateTime customExtensionCalloutInstances
  justification parameters requestType schedule state status | accessPackage assignment requestor
identityGovernance/entitlementManagement/resources EntitlementManagement.Read.All accessPackageResource
  attributes createdDateTime description displayName modifiedDateTime originId originSystem | environment
  externalOriginResourceConnector roles scopes uploadSessions
identityGovernance/entitlementManagement/resourceRequests EntitlementManagement.Read.All
  accessPackageResourceRequest createdDateTime requestType state | catalog resource
identityGovernance/privilegedAccess/group/eligibilitySchedules PrivilegedEligibilitySchedule.Read.AzureADGroup
  privilegedAccessGroupEligibilitySchedule accessId createdDateTime createdUsing groupId memberType
  modifiedDateTime principalId scheduleInfo status | group principal
identityGovernance/privilegedAccess/group/assignmentSchedules PrivilegedAssignmentSchedule.Read.AzureADGroup
  privilegedAccessGroupAssignmentSchedule accessId assignmentType createdDateTime createdUsing groupId
  memberType modifiedDateTime principalId scheduleInfo status | activatedUsing group principal
tenantRelationships/delegatedAdminRelationships DelegatedAdminRelationship.Read.All delegatedAdminRelationship
  accessDetails activatedDateTime autoExtendDuration createdDateTime customer displayName duration endDateTime
  lastModifiedDateTime status | accessAssignments operations requests
admin/edge/internetExplorerMode/siteLists BrowserSiteLists.Read.All browserSiteList description displayName
  lastModifiedBy lastModifiedDateTime publishedBy publishedDateTime revision status | sharedCookies sites
domains/{id}/federationConfiguration Domain.Read.All internalDomainFederation activeSignInUri displayName
  federatedIdpMfaBehavior isSignedAuthenticationRequestRequired issuerUri metadataExchangeUri
  nextSigningCertificate passiveSignInUri passwordResetUri preferredAuthenticationProtocol promptLoginBehavior
  signOutUri signingCertificate signingCertificateUpdateStatus systemBrowserEnabledOn
teamwork/workforceIntegrations WorkforceIntegration.Read.All workforceIntegration apiVersion createdBy
  createdDateTime displayName eligibilityFilteringEnabledEntities encryption isActive lastModifiedBy
  lastModifiedDateTime supportedEntities url
teamwork/deletedTeams Team.ReadBasic.All deletedTeam  | channels
informationProtection/bitlocker/recoveryKeys BitlockerKey.Read.All bitlockerRecoveryKey createdDateTime deviceId
  key volumeType
solutions/bookingBusinesses Bookings.Read.All bookingBusiness address bookingPageSettings businessHours
  businessType createdDateTime defaultCurrencyIso displayName email isPublished languageTag lastUpdatedDateTime
  phone publicUrl schedulingPolicy webSiteUrl | appointments calendarView customQuestions customers services
  staffMembers
directory/publicKeyInfrastructure/certificateBasedAuthConfigurations PublicKeyInfrastructure.Read.All
  certificateBasedAuthPki deletedDateTime displayName lastModifiedDateTime status statusDetails |
  certificateAuthorities
"""


def _routes(line: str) -> list[Route]:
    words, _, relations = line.partition(" | ")
    path, permission, name, *properties = words.split()
    of = define_type(name, " ".join(properties), relations, expandable=relations)
    key = "key" if "{id}" in path else "id"
    return [
        route(f"GET {path}", (permission,), lambda call: _list(call, path, of)),
        route(f"GET {path}/$count", (permission,), lambda call: _count(call, of)),
        route(f"GET {path}/{{{key}}}", (permission,), lambda call: _one(call, key)),
    ]


def _require_holder(call: Call) -> None:
    """Refuse (404) a path below a person or a domain that is not there."""
    first = call.path.strip("/").split("/")[1].lower()
    if first == "users" or first == "me":
        holder(call, "user")
    elif first == "domains" and call.parts["id"].lower() != call.tenant.names.domain:
        raise missing(call.parts["id"])


def _list(call: Call, path: str, of: Type) -> Response:
    _require_holder(call)
    return answer_list(call, [], context=path, of=of, relations=dict.fromkeys(of.expandable, lambda _: None))


def _count(call: Call, of: Type) -> Response:
    _require_holder(call)
    return answer_count(call, [], of=of)


def _one(call: Call, key: str) -> Response:
    _require_holder(call)
    raise missing(call.parts[key])


ROUTES: tuple[Route, ...] = tuple(
    each for line in re.split(r"\n(?=\S)", _SETS.strip()) for each in _routes(" ".join(line.split()))
)
