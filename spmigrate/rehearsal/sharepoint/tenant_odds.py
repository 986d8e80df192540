"""Single questions that the tenant's administrators ask: health, logos, versions, the people of a site."""

from __future__ import annotations

import json
from uuid import UUID, uuid5

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.shared_settings import read_settings, write_settings
from spmigrate.rehearsal.sharepoint import site_manager
from spmigrate.rehearsal.sharepoint.model import Call, Node, action, function
from spmigrate.rehearsal.sharepoint.people import principal
from spmigrate.rehearsal.sharepoint.scope import Scope, scope_of_site
from spmigrate.rehearsal.storage import Entity

_TYPE = "Microsoft.Online.SharePoint.TenantAdministration"
_GROUPS = ("_OwnerGroup", "_MemberGroup", "_VisitorGroup")
# Source: Microsoft's limits of version history.
_FEWEST_VERSIONS, _MOST_VERSIONS = 1, 50_000
_SHORTEST_DAYS = 30
_VERSIONS = ("EnableAutoExpirationVersionTrim", "MajorVersionLimit", "ExpireVersionsAfterDays")


def subscription_id(scope: Scope) -> str:
    """The tenant's id among SharePoint's subscriptions, which is not its id in the directory."""
    return str(uuid5(UUID(scope.tenant.names.tenant_id), "subscription"))


class OddCalls(Node):
    """Questions with one answer each."""

    @function("GetSiteSubscriptionId")
    def site_subscription_id(self, _call: Call) -> UUID:
        """The tenant's id among SharePoint's subscriptions."""
        return UUID(subscription_id(self.scope))

    @function("GetSiteHealthStatus")
    def site_health(self, call: Call) -> Complex:
        """Whether a site is a healthy portal."""
        site_manager.find_site(self.scope, call.text("sourceUrl", 0))
        details = Bag("Collection(SP.Publishing.PortalHealthStatusDetails)")
        return Complex("SP.Publishing.PortalHealthStatus", {"Details": details, "Status": 0})

    @function("GetSiteThumbnailLogo")
    def site_thumbnail(self, call: Call) -> str | None:
        """The address of a site's small logo; null when it has none."""
        row = site_manager.find_site(self.scope, call.text("siteUrl", 0))
        logo = scope_of_site(self.scope, row).web.props.get("SiteLogoUrl")
        return None if logo is None else str(logo)

    @function("GetPowerAppsEnvironments")
    def power_apps_environments(self, _call: Call) -> Bag:
        """The environments of Power Apps, of which the tenant has none."""
        return Bag(f"Collection({_TYPE}.PowerAppsEnvironment)")

    @function("GetIdleSessionSignOutForUnmanagedDevices")
    def idle_sign_out(self, _call: Call) -> str:
        """When idle sessions end, as ``enabled,warn after,sign out after``."""
        return str(self.scope.store.read_value("spo.idle") or "False,0,0")

    @action("SetIdleSessionSignOutForUnmanagedDevices")
    def set_idle_sign_out(self, call: Call) -> bool:
        """Say when idle sessions end, in seconds."""
        values = (call.flag("enabled", 0), call.number("warnAfter", 1), call.number("signOutAfter", 2))
        if values[0] and not 0 < values[1] < values[2]:
            raise bad_argument("The warning must come before the sign-out.\r\nParameter name: warnAfter")
        self.scope.store.write_value("spo.idle", ",".join(map(str, values)))
        return True

    @action("SetFileVersionPolicy")
    def set_file_version_policy(self, call: Call) -> None:
        """How many versions new libraries keep, and for how long."""
        automatic = call.flag("isAutoTrimEnabled", 0)
        patch: dict[str, object] = {"EnableAutoExpirationVersionTrim": automatic}
        if not automatic:
            limit, days = call.number("majorVersionLimit", 1), call.number("expireVersionsAfterDays", 2)
            if not _FEWEST_VERSIONS <= limit <= _MOST_VERSIONS or (days and days < _SHORTEST_DAYS):
                raise bad_argument(
                    "Value does not fall within the expected range.\r\nParameter name: majorVersionLimit"
                )
            patch |= {"MajorVersionLimit": limit, "ExpireVersionsAfterDays": days}
        write_settings(self.scope.store, patch)

    @action("ClearFileVersionPolicy")
    def clear_file_version_policy(self, _call: Call) -> None:
        """Go back to what a new tenant has."""
        kept = {name: value for name, value in read_settings(self.scope.store).items() if name not in _VERSIONS}
        self.scope.store.write_value("spo.tenant", kept)


def user_groups(scope: Scope, row: Entity, text: str) -> Bag:
    """The people of a site's three groups, of those whose numbers stand in a JSON list."""
    try:
        numbers = json.loads(text)
        wanted = [_GROUPS[int(each)] for each in numbers]
    except (ValueError, TypeError, IndexError):
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: userGroupIds") from None
    inner = scope_of_site(scope, row)
    kind, person = f"{_TYPE}.SiteUserGroupsData", f"{_TYPE}.SiteUserGroupsInfo"
    found = []
    for name in wanted:
        group = principal(inner, int(inner.web.props.get(name) or 0))
        numbers = group.props.get("_Users", []) if group else []
        people = [each for each in (principal(inner, int(number)) for number in numbers) if each is not None]
        values = tuple(
            Complex(person, {"email": each.props.get("Email", ""), "loginName": each.name,
                             "name": each.props.get("Title", ""),
                             "userPrincipalName": each.props.get("UserPrincipalName")})
            for each in people
        )  # fmt: skip
        found.append(Complex(kind, {"userGroup": Bag(f"Collection({person})", values)}))
    return Bag(f"Collection({kind})", tuple(found))
