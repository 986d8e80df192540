"""Cross-tenant access settings, resolved: what really holds for a partner once defaults are inherited."""

from collections.abc import Iterable, Mapping
from typing import Any

from spmigrate.tenant.reading import Untold

DIRECT_CONNECT = ("b2bDirectConnectInbound", "b2bDirectConnectOutbound")
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

    Naming some targets as blocked leaves everybody else allowed, and naming some as allowed blocks everybody else:
    both are `limited`. Raises Untold when a part is missing.
    """
    parts = [_part(block, name) for name in ("usersAndGroups", "applications")]
    if all(part == "blocked" for part in parts):
        return "blocked"
    return "open" if all(part == "open" for part in parts) else "limited"


def trusted(block: Settings) -> frozenset[str]:
    """The claims of the other tenant that are believed; null means no."""
    return frozenset(word for name, word in _TRUST.items() if block.get(name) is True)


def _part(block: Settings, name: str) -> str:
    part = block.get(name)
    if not isinstance(part, dict) or part.get("accessType") not in ("allowed", "blocked"):
        raise Untold(f"the answer has no {name}")
    everything = any(target.get("target") in _EVERYTHING for target in part.get("targets") or ())
    if not everything:
        return "limited"
    return "blocked" if part["accessType"] == "blocked" else "open"
