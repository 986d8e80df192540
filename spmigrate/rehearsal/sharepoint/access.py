"""What a token must hold before SharePoint does something for its caller."""

from __future__ import annotations

from enum import Enum

from spmigrate.rehearsal.http import Claims
from spmigrate.rehearsal.odata.errors import access_denied


class Level(Enum):
    """Levels of access, each with the permissions that grant it (application roles, delegated scopes)."""

    READ = ("Sites.Read.All", "AllSites.Read", "AllSites.Write", "AllSites.Manage", "AllSites.FullControl")
    WRITE = ("Sites.ReadWrite.All", "AllSites.Write", "AllSites.Manage", "AllSites.FullControl")
    MANAGE = ("Sites.Manage.All", "AllSites.Manage", "AllSites.FullControl")
    CONTROL = ("Sites.FullControl.All", "AllSites.FullControl")


def require(claims: Claims, level: Level) -> None:
    """Refuse (403) a caller whose token does not hold the level."""
    if not claims.permits(*level.value):
        raise access_denied()
