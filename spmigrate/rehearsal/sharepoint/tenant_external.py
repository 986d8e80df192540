"""External people, as the tenant's administrators list them in SharePoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.sharepoint import site_manager
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Node, Resource, action, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, DATE, INT, TEXT, TEXTS, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_TYPE = "Microsoft.Online.SharePoint.TenantManagement"
# Source: the documentation of Get-SPOExternalUser: at most 50 a page.
_LARGEST_PAGE = 50


class ExternalUser(Resource):
    """A guest."""

    type = f"{_TYPE}.ExternalUser"
    feed = "ExternalUsers"
    declared = table(
        group(TEXT, None, "AcceptedAs DisplayName InvitedAs InvitedBy LoginName UniqueId"),
        group(BOOLEAN, False, "IsCrossTenant"),
        group(INT, 0, "UserId"),
        group(DATE, None, "WhenCreated"),
    )

    def __init__(self, scope: Scope, row: Entity) -> None:
        super().__init__(scope)
        self.row = row

    @property
    def path(self) -> str:
        return f"{self.type}('{unique_id(self.row)}')"

    def stored(self) -> Mapping[str, Any]:
        props = self.row.props
        mail = str(props.get("mail") or self.row.name)
        accepted = props.get("externalUserState", "Accepted") == "Accepted"
        return {
            "AcceptedAs": mail if accepted else None, "DisplayName": props.get("displayName"), "InvitedAs": mail,
            "LoginName": f"i:0#.f|membership|{self.row.name.lower()}", "UniqueId": unique_id(self.row),
            "WhenCreated": props.get("createdDateTime") or self.row.created,
        }  # fmt: skip


class ExternalUsers(Collection):
    """A page of guests."""

    feed = "ExternalUsers"
    element = ExternalUser

    def __init__(self, scope: Scope, rows: list[Entity]) -> None:
        super().__init__(scope)
        self.rows = rows

    def all(self) -> list[ExternalUser]:
        return [ExternalUser(self.scope, row) for row in self.rows]


class FoundUsers(Resource):
    """A page of guests, how many there are, and where the next page begins (-1 after the last)."""

    type = f"{_TYPE}.GetExternalUsersResults"
    feed = "GetExternalUsersResults"
    declared = table(group(INT, 0, "TotalUserCount"), group(INT, -1, "UserCollectionPosition"))

    def __init__(self, scope: Scope, rows: list[Entity], position: int, size: int) -> None:
        super().__init__(scope)
        self.rows = rows[position : position + size]
        following = position + size
        self.values = {
            "TotalUserCount": len(rows),
            "UserCollectionPosition": following if following < len(rows) else -1,
        }

    @property
    def path(self) -> str:
        return self.type

    def stored(self) -> Mapping[str, Any]:
        return self.values

    @link("ExternalUserCollection")
    def users(self) -> ExternalUsers:
        """The guests of the page."""
        return ExternalUsers(self.scope, self.rows)


class RemovedUsers(Resource):
    """Which guests were removed, and which could not be."""

    type = f"{_TYPE}.RemoveExternalUsersResults"
    feed = "RemoveExternalUsersResults"
    declared = table(group(TEXTS, [], "RemoveFailed RemoveSucceeded"))

    def __init__(self, scope: Scope, failed: list[str], removed: list[str]) -> None:
        super().__init__(scope)
        self.values = {"RemoveFailed": failed, "RemoveSucceeded": removed}

    @property
    def path(self) -> str:
        return self.type

    def stored(self) -> Mapping[str, Any]:
        return self.values


class ExternalUserCalls(Node):
    """What the tenant's administrators ask about guests."""

    @function("GetExternalUsers")
    def external_users(self, call: Call) -> FoundUsers:
        """A page of the tenant's guests."""
        return self._page(call, 0, _guests(self.scope))

    @function("GetExternalUsersForSite")
    def external_users_of_site(self, call: Call) -> FoundUsers:
        """A page of the guests that a site knows."""
        site = site_manager.find_site(self.scope, call.text("siteUrl", 0))
        known = {str(each.props.get("UserPrincipalName") or "").lower() or each.name.rpartition("|")[2].lower()
                 for each in self.scope.store.children(site.id, "siteuser")}  # fmt: skip
        return self._page(call, 1, [row for row in _guests(self.scope) if row.name.lower() in known])

    def _page(self, call: Call, first: int, rows: list[Entity]) -> FoundUsers:
        position, size = call.number("position", first, default=0), call.number("pageSize", first + 1, default=50)
        if position < 0 or not 0 < size <= _LARGEST_PAGE:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: pageSize")
        wanted = call.text("filter", first + 2, default="").casefold()
        descending = bool(call.number("sortOrder", first + 3, default=0))
        found = [row for row in rows if not wanted or any(part.startswith(wanted) for part in _words(row))]
        found.sort(key=lambda row: str(row.props.get("mail") or row.name).casefold(), reverse=descending)
        return FoundUsers(self.scope, found, position, size)

    @action("RemoveExternalUsers")
    def remove_external_users(self, call: Call) -> RemovedUsers:
        """Take guests out of the directory."""
        rows = {unique_id(row): row for row in _guests(self.scope)}
        wanted = call.texts("uniqueIds", 0)
        for each in wanted:
            if each in rows:
                self.scope.store.recycle(rows[each], at=self.scope.now)
        removed = [each for each in wanted if each in rows]
        return RemovedUsers(self.scope, [each for each in wanted if each not in rows], removed)


def unique_id(row: Entity) -> str:
    """A guest's passport id, as SharePoint writes it."""
    return f"1003{row.guid.replace('-', '')[:12].upper()}"


def _guests(scope: Scope) -> list[Entity]:
    return [row for row in scope.tenant.directory.users() if row.props.get("userType") == "Guest"]


def _words(row: Entity) -> list[str]:
    text = f"{row.props.get('displayName', '')} {row.props.get('mail', '')}"
    return text.casefold().split()
