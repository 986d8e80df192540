"""Conditional access at sign-in: which of the tenant's policies meets a sign-in, and what it wants.

Source of numbers and texts: Microsoft, "Microsoft Entra authentication and authorization error codes".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from spmigrate.rehearsal.permissions import API_IDS
from spmigrate.rehearsal.sign_in_errors import SignInProblem
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

# How a sign-in was proved: by a password alone, or at a page, where a second factor is asked for too. Everybody who
# has an account here is taken to have enrolled for one.
PASSWORD = "pwd"  # noqa: S105 - a word of the service
SECOND_FACTOR = "mfa"
BY_PAGE = (PASSWORD, SECOND_FACTOR)
# Entra's client app types, as far as they sign in here.
NATIVE, BROWSER = "mobileAppsAndDesktopClients", "browser"
_OFFICE = frozenset({"Office365", "All"})
_DEVICES = {
    "compliantDevice": (53000, "Device is not in required device state: compliant. Conditional Access policy requires"
                               " a compliant device, and the device is not compliant."),
    "domainJoinedDevice": (53001, "Device is not in required device state: domain_joined. Conditional Access policy"
                                  " requires a domain joined device, and the device is not domain joined."),
    "approvedApplication": (53002, "The app used isn't an approved app for Conditional Access."),
    "compliantApplication": (53009, "Application needs to enforce Intune protection policies."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SigningIn:
    """Who signs in to which API, and how: `client` is one of Entra's client app types."""

    user: Entity
    resource: str
    client: str
    proofs: tuple[str, ...]
    device_code: bool = False


def require_admission(tenant: Tenant, what: SigningIn) -> None:
    """Refuse a sign-in that a policy blocks, or that lacks what one wants."""
    groups = {each.guid for each in tenant.directory.holders_deep(what.user.guid, "group")}
    roles = tenant.directory.roles_of(what.user.guid)
    for policy in tenant.store.every("conditionalaccess"):
        meets = policy.props.get("state") == "enabled" and _meets(policy.props["conditions"], what, groups, roles)
        if meets:
            _require_controls(policy.props.get("grantControls") or {}, what)
    defaults = tenant.store.find("policy", 0, "securityDefaults")
    if defaults is not None and defaults.props.get("isEnabled") and roles and SECOND_FACTOR not in what.proofs:
        _want_second_factor(what)


def _meets(conditions: Mapping[str, Any], what: SigningIn, groups: set[str], roles: frozenset[str]) -> bool:
    return (
        _is_for(conditions["users"], what.user, groups, roles)
        and _is_about(conditions["applications"], what.resource)
        and _is_from(conditions, what)
    )


def _is_for(users: Mapping[str, Any], user: Entity, groups: set[str], roles: frozenset[str]) -> bool:
    guest = user.props.get("userType", "Member") == "Guest"

    def named(side: str) -> bool:
        people = set(users.get(f"{side}Users") or ())
        outside = bool(users.get(f"{side}GuestsOrExternalUsers")) or "GuestsOrExternalUsers" in people
        return (
            bool(people & {"All", user.guid})
            or (guest and outside)
            or not groups.isdisjoint(users.get(f"{side}Groups") or ())
            or not roles.isdisjoint(users.get(f"{side}Roles") or ())
        )

    return named("include") and not named("exclude")


def _is_about(applications: Mapping[str, Any], resource: str) -> bool:
    names = {resource, *(_OFFICE if resource in API_IDS.values() else ("All",))}
    left_out = names - {"All"}
    return not names.isdisjoint(applications.get("includeApplications") or ()) and left_out.isdisjoint(
        applications.get("excludeApplications") or ()
    )


def _is_from(conditions: Mapping[str, Any], what: SigningIn) -> bool:
    """Whether a policy is for such a client; nobody here is at risk, at a named place or at a known device."""
    kinds = conditions.get("clientAppTypes") or ["all"]
    risky = any(conditions.get(name) for name in ("userRiskLevels", "signInRiskLevels", "insiderRiskLevels"))
    flows = str((conditions.get("authenticationFlows") or {}).get("transferMethods") or "")
    if risky or conditions.get("devices") or (flows and not (what.device_code and "deviceCodeFlow" in flows)):
        return False
    places = (conditions.get("locations") or {}).get("includeLocations") or ["All"]
    platforms = (conditions.get("platforms") or {}).get("includePlatforms") or ["all"]
    return "All" in places and "all" in platforms and not {"all", what.client}.isdisjoint(kinds)


def _require_controls(controls: Mapping[str, Any], what: SigningIn) -> None:
    wanted = list(controls.get("builtInControls") or ())
    if "block" in wanted:
        _deny(53003, "Access has been blocked by Conditional Access policies. The access policy does not allow token"
                     " issuance.", "message_only")  # fmt: skip
    if controls.get("authenticationStrength"):
        wanted.append("mfa")
    lacking = [each for each in wanted if each != "mfa" or SECOND_FACTOR not in what.proofs]
    if not lacking or (controls.get("operator") == "OR" and len(lacking) < len(wanted)):
        return
    if "mfa" in lacking:
        _want_second_factor(what)
    number, text = next((_DEVICES[each] for each in lacking if each in _DEVICES), _DEVICES["compliantDevice"])
    _deny(number, text, "message_only")


def _want_second_factor(what: SigningIn) -> NoReturn:
    _deny(50076, "Due to a configuration change made by your administrator, or because you moved to a new location, you"
                 f" must use multi-factor authentication to access '{what.resource}'.", "basic_action")  # fmt: skip


def _deny(number: int, text: str, kind: str) -> NoReturn:
    raise SignInProblem(400, "invalid_grant", number, text, kind=kind)
