"""Accounts of the council's own directory, as Entra knows them by their SIDs. Needs Graph `User.Read.All`."""

from collections.abc import Sequence
from urllib.parse import quote

from spmigrate.tenant.session import Tenant

_AT_ONCE = 15
"""Comparisons in one filter. Source: Microsoft Graph, "Use the $filter query parameter": 15 by default."""


def people_by_sid(tenant: Tenant, sids: Sequence[str]) -> dict[str, str]:
    """The user principal name of each person with one of these SIDs, by SID; others are left out."""
    return _by_sid(tenant, "users", "userPrincipalName", sids)


def groups_by_sid(tenant: Tenant, sids: Sequence[str]) -> dict[str, str]:
    """The name of each group with one of these SIDs, by SID; others are left out."""
    return _by_sid(tenant, "groups", "displayName", sids)


def _by_sid(tenant: Tenant, what: str, name: str, sids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(sids), _AT_ONCE):
        chunk = sids[start : start + _AT_ONCE]
        wanted = " or ".join(f"onPremisesSecurityIdentifier eq '{sid}'" for sid in chunk)
        path = f"/v1.0/{what}?$filter={quote(wanted, safe='')}&$select=onPremisesSecurityIdentifier,{name}"
        for each in tenant.graph_pages(path):
            found[str(each["onPremisesSecurityIdentifier"])] = str(each[name])
    return found
