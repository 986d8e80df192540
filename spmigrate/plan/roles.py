"""Who may make a change by hand, in the words of the Microsoft 365 admin centre: the role that a step needs."""

from spmigrate.plan.change import Action, Change
from spmigrate.tenant.contents import ADMINISTRATORS, Kind

OWNER = "Site owner"
SHAREPOINT = "SharePoint Administrator"
GROUPS = "Groups Administrator"
TERMS = "Term store administrator"

GROUP_SITE = "Team site with Microsoft 365 group"
"""The type of a site that comes with a Microsoft 365 group."""

_SHAREPOINT = frozenset({Kind.THEME, Kind.HUB, Kind.SHARING, Kind.LABEL, Kind.STORAGE, Kind.LOCK})
_GROUPS = frozenset({Kind.GROUP, Kind.TEAM, Kind.CHANNEL})


def needed(change: Change) -> str:
    """The least role that may make this change (Microsoft Learn: roles of SharePoint and of Microsoft 365 groups)."""
    kind = Kind(change.kind)
    if kind is Kind.TERM_SET:
        return TERMS
    if kind in _GROUPS:
        return GROUPS
    if kind is Kind.SITE and change.action is Action.CREATE:
        return GROUPS if change.after.get("type") == GROUP_SITE else SHAREPOINT
    if kind is Kind.SITE and "owner" in change.after:
        return SHAREPOINT
    administers = kind is Kind.PERSON and change.key.startswith(f"{ADMINISTRATORS}/")
    return SHAREPOINT if kind in _SHAREPOINT or administers else OWNER
