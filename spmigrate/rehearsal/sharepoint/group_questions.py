"""``GroupSiteManager``: what a page or a form asks about groups, their sites and the people in them."""

from __future__ import annotations

import json

from spmigrate.rehearsal import group_sites
from spmigrate.rehearsal.odata.errors import ODataError, bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Node, action, as_guid, function
from spmigrate.rehearsal.storage import Entity

# The service passes on what Exchange answers. Of its shape only the type is known, from a test of PnPjs.
_MEMBERS = "https://outlook.office365.com/api/beta/$metadata#Collection(Exchange.MemberGroup)"


class GroupQuestions(Node):
    """The part of ``GroupSiteManager`` that only answers."""

    @function("Notebook", Level.READ)
    def notebook(self, call: Call) -> str:
        """The address of a group's notebook in its site."""
        group = self._group(call)
        site = group_sites.find_group_site(self.scope.tenant, group)
        if site is None:
            raise _no_group()
        return f"https://{site.name}/SiteAssets/{group.name} Notebook"

    @function("GetUserTeamConnectedMemberGroups", Level.READ)
    def teams_of_person(self, call: Call) -> str:
        """The teams that somebody is a member of, as text that holds JSON."""
        return self._teams(call.text("userName", 0))

    @function("GetUserSharedChannelMemberGroups", Level.READ)
    def channels_of_person(self, _call: Call) -> str:
        """The shared channels that somebody is a member of, as text that holds JSON: none."""
        return _members([])

    @function("GetCurrentUserTeamConnectedMemberGroups", Level.READ)
    def own_teams(self, _call: Call) -> str:
        """The teams of the caller; refused for applications without a user."""
        self._need_person()
        return self._teams(self.scope.claims.user)

    @function("GetCurrentUserSharedChannelMemberGroups", Level.READ)
    def own_channels(self, _call: Call) -> str:
        """The shared channels of the caller; refused for applications without a user."""
        self._need_person()
        return _members([])

    @function("IsTeamifyPromptHidden", Level.READ)
    def prompt_hidden(self, _call: Call) -> bool:
        """Whether the site no longer asks to add a team: nobody sent the question away."""
        return False

    @action("GetAllOrgLabels", Level.READ)
    def labels(self, call: Call) -> Complex:
        """The sensitivity labels of the tenant: none."""
        call.number("pageNumber", 0)
        space = "Microsoft.SharePoint.Portal.OrgLabelsContext"
        return Complex(f"{space}List", {"IsLastPage": True, "Labels": Bag(f"Collection({space})")})

    @function("GetGroupSiteConversionData", Level.READ)
    def conversion(self, _call: Call) -> Complex:
        """Whether the site could get a group, and who would be in it."""
        names = ("SuggestedMembers", "SuggestedOwners", "UnsuggestablePrincipals")
        values = {"GroupType": 0, "IsGroupifyDisabled": False, "IsRegionRestricted": False, "IsWrongPdl": False}
        bags = {name: Bag("Collection(Edm.String)") for name in names}
        return Complex("Microsoft.SharePoint.Portal.GroupSiteConversionInfo", {**values, **bags})

    def _teams(self, login: str) -> str:
        directory = self.scope.tenant.directory
        person = directory.user(login.rpartition("|")[2])
        if person is None:
            raise bad_argument("The user does not exist or is not unique.\r\nParameter name: userName")
        return _members([
            group for group in directory.groups()
            if "Team" in (group.props.get("resourceProvisioningOptions") or [])
            and any(each.guid == person.guid for each in directory.people(group, "member"))
        ])  # fmt: skip

    def _need_person(self) -> None:
        if self.scope.claims.app_only:
            raise ODataError(403, "-2147024891, System.UnauthorizedAccessException", "Access is denied.")

    def _group(self, call: Call) -> Entity:
        group = self.scope.tenant.directory.group(as_guid(call.value("groupId", 0)) or "")
        if group is None:
            raise _no_group()
        return group


def _members(groups: list[Entity]) -> str:
    found = [{"objectId": each.guid, "displayName": each.name} for each in groups]
    return json.dumps({"@odata.context": _MEMBERS, "value": found})


def _no_group() -> ODataError:
    return bad_argument("Value does not fall within the expected range.\r\nParameter name: groupId")
