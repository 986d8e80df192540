"""``GroupSiteManager``: what it knows of Microsoft 365 groups beside making one with a site."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from spmigrate.rehearsal.odata.errors import ODataError, bad_argument, invalid_operation
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.shared_settings import read_settings
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Node, action, as_guid, function
from spmigrate.rehearsal.sharepoint.people import ensure_user
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID, plain

_READY = 2


@dataclass(frozen=True, slots=True)
class GroupOptions:
    """What `optionalParams` of a new group says beside name, alias and privacy."""

    texts: Mapping[str, str]
    owners: tuple[str, ...] = ()
    lcid: int = 1033
    hub: str = ""

    @classmethod
    def read(cls, call: Call) -> GroupOptions:
        """From a call; what is not said has its default."""
        given = plain(call.value("optionalParams", default=None) or {})
        if not isinstance(given, dict):
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: optionalParams")
        created = dict(str(each).partition(":")[::2] for each in given.get("CreationOptions") or ())
        texts = {name.lower(): str(given[name]) for name in ("Description", "Classification") if given.get(name)}
        lcid = created.get("SPSiteLanguage", "")
        return cls(
            texts=texts,
            owners=tuple(str(each) for each in given.get("Owners") or ()),
            lcid=int(lcid) if lcid.isdecimal() else 1033,
            hub=as_guid(created.get("HubSiteId", "")) or "",
        )


class GroupCalls(Node):
    """Groups of the caller, and groups for sites that have none."""

    @action("CreateGroupForSite", Level.CONTROL)
    def create_group_for_site(self, call: Call) -> Complex:
        """Give the site a group; it keeps its address and its content."""
        if self.scope.claims.app_only:
            raise ODataError(403, "-2147024891, System.UnauthorizedAccessException", "Access is denied.")
        site = self.scope.refreshed().site
        if (site.props.get("GroupId") or ZERO_GUID) != ZERO_GUID:
            raise invalid_operation("This site is already connected to a Microsoft 365 group.")
        alias, title = call.text("alias"), call.text("displayName")
        directory = self.scope.tenant.directory
        if any(str(each.props.get("mailNickname", "")).casefold() == alias.casefold() for each in directory.groups()):
            raise bad_argument("The group alias already exists.\r\nParameter name: alias")
        visibility = "Public" if call.flag("isPublic", default=True) else "Private"
        props = {"groupTypes": ["Unified"], "mailEnabled": True, "securityEnabled": False, "mailNickname": alias,
                 "visibility": visibility}  # fmt: skip
        group = directory.add_group(title, props=props)
        user = directory.user(self.scope.claims.user)
        if user is not None:
            directory.add_person(group, "owner", user)
            directory.add_person(group, "member", user)
        self.scope.store.update(site, {"GroupId": group.guid, "Template": "GROUP#0"}, at=self.scope.now)
        ensure_user(self.scope, self.scope.claims.login)
        url = self.scope.site_url
        return Complex(
            "Microsoft.SharePoint.Portal.GroupSiteInfo",
            {"DocumentsUrl": f"{url}/Shared Documents", "ErrorMessage": None, "GroupId": group.guid,
             "SiteStatus": _READY, "SiteUrl": url},
        )  # fmt: skip

    @function("GetGroupCreationContext", Level.READ)
    def creation_context(self, _call: Call) -> Complex:
        """What a form for a new group must know."""
        settings = read_settings(self.scope.store)
        names = self.scope.tenant.names
        texts = ("CustomFormUrl", "DefaultClassification", "SiteSensitivityLabelId", "UsageGuidelineUrl",
                 "URLForCustomHelpPageSensitivityLabel")  # fmt: skip
        flags = ("MachineLearningCaptureEnabled", "MachineLearningExperienceEnabled", "RequireSecondaryContact",
                 "SensitivityLabelPolicyMandatory")  # fmt: skip
        bags = ("ClassificationDescriptions", "ClassificationDescriptionsNew", "ClassificationExtSharingValue",
                "ClassificationPrivacyValue", "DataClassificationOptions", "DataClassificationOptionsNew")  # fmt: skip
        return Complex(
            "Microsoft.SharePoint.Portal.GroupCreationContext",
            {
                **dict.fromkeys(texts, ""),
                **dict.fromkeys(flags, False),
                **{name: Bag("Collection(Edm.String)") for name in bags},
                "ExternalInvitationEnabled": int(settings.get("SharingCapability", 2)) != 0,
                "PreferredLanguage": 1033,
                "ShowSelfServiceSiteCreation": not settings.get("SelfServiceSiteCreationDisabled", False),
                "SiteCreationNewUX": True,
                "SitePath": f"https://{names.sharepoint}/sites/",
            },
        )

    @function("GetCurrentUserJoinedTeams", Level.READ)
    def joined_teams(self, _call: Call) -> str:
        """The teams of the caller, as text that holds JSON."""
        directory = self.scope.tenant.directory
        user = directory.user(self.scope.claims.user) if self.scope.claims.user else None
        found = [
            {"id": group.guid, "displayName": group.name, "isArchived": False}
            for group in directory.groups()
            if user is not None
            and "Team" in (group.props.get("resourceProvisioningOptions") or [])
            and any(each.guid == user.guid for each in directory.people(group, "member"))
        ]
        return json.dumps({"value": found})

    @action("EnsureTeamForGroup", Level.CONTROL)
    def ensure_team(self, _call: Call) -> str:
        """Make a team of the site's group; answers the group's id."""
        group = self.scope.tenant.directory.group(str(self.scope.site.props.get("GroupId") or ""))
        if group is None:
            raise invalid_operation("This site is not connected to a Microsoft 365 group.")
        options = [*(group.props.get("resourceProvisioningOptions") or [])]
        if "Team" not in options:
            self.scope.store.update(group, {"resourceProvisioningOptions": [*options, "Team"]}, at=self.scope.now)
        return group.guid
