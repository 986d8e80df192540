"""Facts about the tenant, from the admin centre's settings and the authorization policy."""

from collections.abc import Mapping
from typing import Any

from spmigrate.govern.vocabulary import SHARING_LEVELS, Subject
from spmigrate.model import Coverage, FactSheet, FactValue
from spmigrate.tenant.reading import Reading, Untold

_NOBODY_OUTSIDE, _EXISTING, _NEW, _ANYONE = SHARING_LEVELS
_SHARING = {0: _NOBODY_OUTSIDE, 3: _EXISTING, 1: _NEW, 2: _ANYONE}
_LINKS = {0: "not set", 1: "specific people", 2: "people in the council", 3: "anyone"}
_INVITERS = {
    "none": "nobody",
    "adminsAndGuestInviters": "administrators and guest inviters",
    "adminsGuestInvitersAndAllMembers": "members",
    "everyone": "everyone",
}
# The three roles are the same in every tenant.
_GUEST_RIGHTS = {
    "2af84b1e-32c8-42b7-82bc-daa82404023b": "most restricted",
    "10dae51f-b6af-4016-8d66-8c2a99b929b3": "limited",
    "a0b1b346-4d3e-4e8b-98f8-753987be4970": "same as members",
}


def describe(name: str, settings: Reading[dict[str, Any]], policy: Reading[dict[str, Any]]) -> FactSheet:
    """The facts about the tenant called `name`."""
    kind = Subject.TENANT
    facts = (
        settings.fact(kind, name, "sharing", sharing),
        settings.fact(kind, name, "guests can reshare", lambda it: not flag(it, "PreventExternalUsersFromResharing")),
        settings.fact(kind, name, "default link", lambda it: word(it, "DefaultSharingLinkType", _LINKS)),
        settings.fact(kind, name, "anyone links expire after days", _link_days),
        settings.fact(kind, name, "old sign-in allowed", lambda it: flag(it, "LegacyAuthProtocolsEnabled")),
        policy.fact(kind, name, "who may invite guests", lambda it: word(it, "allowInvitesFrom", _INVITERS)),
        policy.fact(kind, name, "directory rights of guests", _guest_rights),
    )
    return FactSheet(facts, {kind: Coverage(1)})


def sharing(properties: Mapping[str, Any]) -> FactValue:
    """The level of sharing, of a tenant or of a site. Raises Untold for a number that is not known."""
    return word(properties, "SharingCapability", _SHARING)


def word(properties: Mapping[str, Any], name: str, words: Mapping[Any, str]) -> str:
    """A service's value in our words. Raises Untold when it is absent or not known."""
    value = given(properties, name)
    if isinstance(value, bool | float) or value not in words:  # true is no 1, though they are equal
        raise Untold(f"{name} is {value!r}, which this version does not know")
    return words[value]


def flag(properties: Mapping[str, Any], name: str) -> bool:
    """A yes or no. Raises Untold when it is absent or something else."""
    value = given(properties, name)
    if not isinstance(value, bool):
        raise Untold(f"{name} is {value!r} instead of true or false")
    return value


def given(properties: Mapping[str, Any], name: str) -> Any:
    """A property that must be there. Raises Untold when it is not: absent never means a default."""
    if properties.get(name) is None:
        raise Untold(f"the answer has no {name}")
    return properties[name]


def _link_days(settings: Mapping[str, Any]) -> int | None:
    days = given(settings, "RequireAnonymousLinksExpireInDays")
    if type(days) is not int:
        raise Untold(f"RequireAnonymousLinksExpireInDays is {days!r} instead of a number")
    return days if days > 0 else None


def _guest_rights(policy: Mapping[str, Any]) -> str:
    return _GUEST_RIGHTS.get(str(given(policy, "guestUserRoleId")).lower(), "unrecognised")
