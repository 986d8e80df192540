"""The values that a caller may give to the properties of Graph's directory and policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from spmigrate.rehearsal.graph.call import GraphError
from spmigrate.rehearsal.graph.types import Type

_FLAG_NAMES = (
    "accountEnabled showInAddressList mailEnabled securityEnabled isAssignableToRole isMfaAccepted"
    " isCompliantDeviceAccepted isHybridAzureADJoinedDeviceAccepted inboundAllowed outboundAllowed isSyncAllowed"
    " isServiceProvider isInMultiTenantOrganization allowedToCreateApps allowedToCreateSecurityGroups"
    " allowedToCreateTenants allowedToReadBitlockerKeysForOwnedDevice allowedToReadOtherUsers"
    " allowedToSignUpEmailBasedSubscriptions allowedToUseSSPR allowEmailVerifiedUsersToJoinOrganization"
    " allowUserConsentForRiskyApps blockMsolPowerShell appRoleAssignmentRequired isEnabled isTrusted isArchived"
    " isMemberManagementRestricted includeUnknownCountriesAndRegions isFallbackPublicClient"
    " isDeviceOnlyAuthSupported oauth2RequirePostResponse displayConcealedNames isBuiltIn notifyReviewers"
    " remindersEnabled isResourceAccount isExternallyVisible"
)
_FLAGS = frozenset(_FLAG_NAMES.split())
_CHOICES: dict[str, tuple[object, ...]] = {
    "userType": ("Member", "Guest"),
    "allowInvitesFrom": ("none", "adminsAndGuestInviters", "adminsGuestInvitersAndAllMembers", "everyone"),
    "accessType": ("allowed", "blocked"),
    "targetType": ("user", "group", "application"),
    "membershipRuleProcessingState": ("On", "Paused"),
    "signInAudience": (
        "AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount",
    ),
    "ageGroup": ("Minor", "NotAdult", "Adult"),
    "consentProvidedForMinor": ("Granted", "Denied", "NotRequired"),
    # User as a member, a guest, and a restricted guest.
    "guestUserRoleId": (
        "a0b1b346-4d3e-4e8b-98f8-753987be4970",
        "10dae51f-b6af-4016-8d66-8c2a99b929b3",
        "2af84b1e-32c8-42b7-82bc-daa82404023b",
    ),
}  # fmt: skip
# What an account, a group or an application has besides text.
_OBJECTS = frozenset({
    "passwordProfile", "employeeOrgData", "onPremisesExtensionAttributes", "customSecurityAttributes", "web", "api",
    "spa", "publicClient", "info", "optionalClaims", "parentalControlSettings", "verifiedPublisher", "privacyProfile",
    "samlSingleSignOnSettings", "servicePrincipalLockConfiguration", "requestSignatureVerification", "certification",
    "authorizationInfo", "signInActivity", "licenseProcessingState", "authenticationBehaviors", "conditions",
    "grantControls", "sessionControls", "partialEnablementStrategy", "scope", "settings", "instanceEnumerationScope",
})  # fmt: skip
# What the service alone says.
_READ_ONLY_NAMES = (
    "id createdDateTime deletedDateTime signInActivity securityIdentifier proxyAddresses renewedDateTime"
    " expirationDateTime publisherDomain assignedPlans provisionedPlans lastPasswordChangeDateTime"
    " onPremisesSyncEnabled onPremisesLastSyncDateTime onPremisesDomainName onPremisesSamAccountName"
    " signInSessionsValidFromDateTime verifiedDomains tenantType appOwnerOrganizationId licenseAssignmentStates"
    " isManagementRestricted"
)
_READ_ONLY = frozenset(_READ_ONLY_NAMES.split())
_NUMBERS = frozenset({"deviceEnrollmentLimit", "groupLifetimeInDays", "maxAttributesPerSet", "requestDurationInDays"})


def require_values(content: Mapping[str, Any]) -> None:
    """Refuse (400) a flag that is no flag and a choice that is none, at any depth."""
    for name, value in content.items():
        if isinstance(value, Mapping):
            require_values(value)
        elif isinstance(value, list):
            for each in value:
                if isinstance(each, Mapping):
                    require_values(each)
        elif value is not None and not _fits(name, value):
            raise GraphError(400, "Request_BadRequest", f"Invalid value specified for property '{name}'.")


def read_properties(content: Mapping[str, Any], of: Type, *, fixed: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The properties of a type of the directory in a body, under Graph's own spelling; annotations are left out.

    A 400 for a property that the type does not have, for one that the service alone says (or that is `fixed`), and
    for a value of another kind.
    """
    kept: dict[str, Any] = {}
    for given, value in content.items():
        if given.startswith("@") or "@odata." in given:
            continue
        lower = given.lower()
        if lower not in of.properties and not (of.directory and lower.startswith("extension_")):
            message = f"Property '{given}' does not exist as a declared property or extension property."
            raise GraphError(400, "Request_BadRequest", message)
        name = of.properties.get(lower, given)
        if name in _READ_ONLY or name in fixed:
            message = f"Property '{name}' is read-only and cannot be set."
            raise GraphError(400, "Request_BadRequest", message)
        if value is not None and not _kind_of(name, of)(value):
            resource = of.name[0].upper() + of.name[1:]
            message = f"Invalid value specified for property '{name}' of resource '{resource}'."
            raise GraphError(400, "Request_BadRequest", message)
        kept[name] = value
    require_values(kept)
    return kept


def require_given(content: Mapping[str, Any], names: tuple[str, ...], of: Type) -> None:
    """Refuse (400) a body without a property that a new thing needs."""
    for name in names:
        if content.get(name) in (None, ""):
            resource = of.name[0].upper() + of.name[1:]
            message = f"A value is required for property '{name}' of resource '{resource}'."
            raise GraphError(400, "Request_BadRequest", message)


def is_guid(text: str) -> bool:
    """True for the text of a GUID."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _fits(name: str, value: object) -> bool:
    if name in _FLAGS:
        return isinstance(value, bool)
    return name not in _CHOICES or value in _CHOICES[name]


def _kind_of(name: str, of: Type) -> Callable[[object], bool]:
    if name in _FLAGS:
        return lambda value: isinstance(value, bool)
    if name.lower() in of.lists:
        return lambda value: isinstance(value, list)
    if name in _OBJECTS:
        return lambda value: isinstance(value, dict)
    if name in _NUMBERS:
        return lambda value: type(value) is int
    if name.startswith("extension_"):
        return lambda value: value is not None
    return lambda value: isinstance(value, str)
