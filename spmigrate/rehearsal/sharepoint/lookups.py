"""What a column of people shows of somebody: the site's own record of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError
from spmigrate.rehearsal.sharepoint.model import Stored
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, DATE, INT, TEXT, group, table

# Source: the scan risks of SharePoint's migration tools: lookup, person and managed metadata columns of one query.
MAX_LOOKUPS = 12


class UserInfo(Stored):
    """Somebody as an item of the site's user information list, as columns of people expand to them."""

    type = "SP.Data.UserInfoItem"
    feed = "UserInfo"
    declared = table(
        group(INT, 0, "Id ID"),
        group(TEXT, None, "Title Name EMail UserName FirstName LastName JobTitle Department MobilePhone WorkPhone "
              "Office SipAddress Notes WebSite AskMeAbout ContentTypeDisp ImnName SPSPictureExchangeSyncState "
              "UserExternalID"),
        group(BOOLEAN, False, "Deleted UserInfoHidden IsSiteAdmin"),
        group(BOOLEAN, True, "IsActive"),
        group(DATE, None, "Created Modified"),
    )  # fmt: skip

    @property
    def path(self) -> str:
        return self.entity.guid

    def stored(self) -> Mapping[str, Any]:
        props, person = self.entity.props, self._directory()
        return {
            "Id": props.get("Id"), "ID": props.get("Id"), "Title": props.get("Title") or self.entity.name,
            "Name": props.get("LoginName") or self.entity.name, "EMail": props.get("Email") or None,
            "UserName": props.get("UserPrincipalName"), "SipAddress": props.get("UserPrincipalName"),
            "FirstName": person.get("givenName"), "LastName": person.get("surname"),
            "JobTitle": person.get("jobTitle"), "Department": person.get("department"),
            "MobilePhone": person.get("mobilePhone"), "Office": person.get("officeLocation"),
            "IsSiteAdmin": bool(props.get("IsSiteAdmin")), "ContentTypeDisp": "Person", "ImnName": props.get("Title"),
            "Created": self.entity.created, "Modified": self.entity.modified,
        }  # fmt: skip

    def _directory(self) -> Mapping[str, Any]:
        upn = self.entity.props.get("UserPrincipalName")
        user = self.scope.tenant.directory.user_by_login(str(upn)) if upn else None
        return user.props if user else {}


def too_many_lookups() -> ODataError:
    """A query with more lookups than the service joins for one (500)."""
    message = (
        "The query cannot be completed because the number of lookup columns it contains exceeds the lookup column "
        "threshold enforced by the administrator."
    )
    return ODataError(500, "-2147024860, Microsoft.SharePoint.SPQueryThrottledException", message)


def refuse_many_lookups(known: Collection[str], asked: Iterable[str]) -> None:
    """Refuse a query that shows or judges by more lookups than the service joins; `known` are the list's."""
    if len(set(known) & set(asked)) > MAX_LOOKUPS:
        raise too_many_lookups()


def lookup_refusal(column: str, part: str) -> ODataError:
    """A query that names a person or item without what it should show of it (400)."""
    field = f"{column}/{part}" if part else column
    message = (
        f"The query to field '{field}' is not valid. The $select query string must specify the target fields and the "
        f"$expand query string must contains {column}."
    )
    return ODataError(400, f"-1, {SP_EXCEPTION}", message)
