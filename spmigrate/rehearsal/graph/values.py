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
    " allowUserConsentForRiskyApps blockMsolPowerShell"
)
_FLAGS = frozenset(_FLAG_NAMES.split())
_CHOICES = {
    "userType": ("Member", "Guest"),
    "allowInvitesFrom": ("none", "adminsAndGuestInviters", "adminsGuestInvitersAndAllMembers", "everyone"),
    "accessType": ("allowed", "blocked"),
    "targetType": ("user", "group", "application"),
    "visibility": ("Private", "Public", "HiddenMembership"),
    # User as a member, a guest, and a restricted guest.
    "guestUserRoleId": (
        "a0b1b346-4d3e-4e8b-98f8-753987be4970",
        "10dae51f-b6af-4016-8d66-8c2a99b929b3",
        "2af84b1e-32c8-42b7-82bc-daa82404023b",
    ),
}
# What a person's account or a group has besides text.
_OBJECTS = frozenset({
    "passwordProfile", "employeeOrgData", "onPremisesExtensionAttributes", "customSecurityAttributes",
})  # fmt: skip


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


def require_properties(content: Mapping[str, Any], of: Type) -> None:
    """Refuse (400) a property that a type of the directory does not have, or a value of another kind."""
    for name, value in content.items():
        if name.lower() not in of.properties:
            message = f"Property '{name}' does not exist as a declared property or extension property."
            raise GraphError(400, "Request_BadRequest", message)
        wanted = of.properties[name.lower()]
        if value is not None and not _kind_of(wanted, of)(value):
            message = f"Invalid value specified for property '{name}' of resource '{of.name.capitalize()}'."
            raise GraphError(400, "Request_BadRequest", message)
    require_values(content)


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
    return lambda value: isinstance(value, str)
