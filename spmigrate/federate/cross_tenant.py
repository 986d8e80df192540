"""Cross-tenant access settings, resolved: what really holds for a partner once defaults are inherited."""

from collections.abc import Iterable, Mapping
from typing import Any

from spmigrate.tenant.reading import Untold

DIRECT_CONNECT = {
    "direct connect inbound": "b2bDirectConnectInbound",
    "direct connect outbound": "b2bDirectConnectOutbound",
}
"""The two directions of shared channels, and the block that holds each."""

_OPENNESS = ("blocked", "limited", "open")
_TRUST = {
    "isMfaAccepted": "mfa",
    "isCompliantDeviceAccepted": "compliant device",
    "isHybridAzureADJoinedDeviceAccepted": "hybrid joined device",
}
_EVERYTHING = {"AllUsers", "AllApplications"}

Settings = Mapping[str, Any]


def resolve(partner: Settings, default: Settings, block: str) -> Settings:
    """A partner's block, or the default's when it is null: blocks are inherited whole. Raises Untold."""
    found = partner.get(block)
    found = default.get(block) if found is None else found
    if not isinstance(found, dict):
        raise Untold(f"the answer has no {block}")
    return found


def widest(blocks: Iterable[Settings]) -> str:
    """The widest of several blocks: `blocked`, `limited` or `open`."""
    return max((openness(block) for block in blocks), key=_OPENNESS.index)


def openness(block: Settings) -> str:
    """How open a block is. Blocked means all users and all applications; open means the same of allowed.

    Naming some targets as allowed blocks everybody else, so that is `limited`; naming some as blocked leaves everybody
    else allowed, so that is open. Raises Untold when a part is missing or malformed.
    """
    parts = [_part(block, name) for name in ("usersAndGroups", "applications")]
    if all(part == "blocked" for part in parts):
        return "blocked"
    return "open" if all(part == "open" for part in parts) else "limited"


def trusted(block: Settings) -> frozenset[str]:
    """The claims of the other tenant that are believed; null means no. Raises Untold for one absent or malformed."""
    for name in _TRUST:
        if name not in block or not isinstance(block[name], bool | None):
            raise Untold(f"the answer does not say {name} as true, false or null")
    return frozenset(word for name, word in _TRUST.items() if block[name])


def _part(block: Settings, name: str) -> str:
    part = block.get(name)
    if not isinstance(part, dict) or part.get("accessType") not in ("allowed", "blocked"):
        raise Untold(f"the answer has no {name}")
    targets = part.get("targets")
    if not isinstance(targets, list) or not all(isinstance(each, dict) and "target" in each for each in targets):
        raise Untold(f"the targets of {name} are not told")
    everything = any(each["target"] in _EVERYTHING for each in targets)
    if part["accessType"] == "blocked":
        return "blocked" if everything else "open"
    return "open" if everything else "limited"
