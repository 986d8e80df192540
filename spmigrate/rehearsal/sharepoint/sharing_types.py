"""The types in which SharePoint's REST interface tells about sharing."""

from __future__ import annotations

from typing import Any, ClassVar

from spmigrate.rehearsal.sharepoint.model import Collection, Resource, link
from spmigrate.rehearsal.sharepoint.people import SiteGroup, User
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, GUID, INT, TEXT, Table, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity


class SharingValue(Resource):
    """Something about sharing that is worked out and kept nowhere."""

    declared: ClassVar[Table] = {}

    def __init__(self, scope: Scope, values: dict[str, Any]) -> None:
        super().__init__(scope)
        self.values = values

    @property
    def path(self) -> str:
        return self.type

    def stored(self) -> dict[str, Any]:
        return self.values


class SharingSettings(SharingValue):
    """SP.ObjectSharingSettings: what the caller may do about sharing something."""

    type = "SP.ObjectSharingSettings"
    feed = "ObjectSharingSettings"
    declared = table(
        group(INT, 0, "AccessRequestMode DefaultLinkKind DefaultShareLinkPermission DefaultShareLinkScope"),
        group(INT, -1, "RequiredAnonymousLinkExpirationInDays"),
        group(BOOLEAN, False, "BlockPeoplePickerAndSharing DefaultShareLinkToExistingAccess EnforceIBSegmentFiltering "
              "EnforceSPOSearch InheritingWebLinkExists IsGuestUser IsPictureLibrary IsUserSiteAdmin "
              "PermissionsOnlyMode ShareByEmailEnabled ShowExternalSharingWarning SupportsAclPropagation "
              "CanCurrentUserManageOrganizationReadonlyLink CanCurrentUserManageOrganizationReadWriteLink "
              "CanCurrentUserManageReadonlyLink CanCurrentUserManageReadWriteLink "
              "CanCurrentUserRetrieveOrganizationReadonlyLink CanCurrentUserRetrieveOrganizationReadWriteLink "
              "CanCurrentUserRetrieveReadonlyLink CanCurrentUserRetrieveReadWriteLink CanCurrentUserShareExternally "
              "CanCurrentUserShareInternally CanCurrentUserShareToExistingGuests"),
        group(BOOLEAN, True, "CanSendEmail CanSendLink CanShareFolder HasEditRole HasReadRole"),
        group(INT, 0, "DefaultShareLinkType"),
        group(TEXT, "", "ItemId ItemName ItemUrl ListId WebUrl SiteIBMode"),
        group(TEXT, None, "InheritingWebLink"),
        group("Collection(Edm.Guid)", [], "SiteIBSegmentIDs"),
        group("Collection(SP.KeyValue)", [], "Roles SimplifiedRoles"),
        group("SP.SharingPermissionInformation", None, "SharePointSettings", on_select=True),
    )  # fmt: skip

    @link("ObjectSharingInformation")
    def information(self) -> SharingState:
        """How the thing is shared."""
        return SharingState(self.scope, self.values["_state"])


class SharingState(SharingValue):
    """SP.ObjectSharingInformation: how something is shared."""

    type = "SP.ObjectSharingInformation"
    feed = "ObjectSharingInformation"
    declared = table(
        group(TEXT, "", "AnonymousEditLink AnonymousViewLink PendingAccessRequestsLink"),
        group(BOOLEAN, False, "CanBeShared CanBeUnshared CanManagePermissions HasPendingAccessRequests "
              "HasPermissionLevels IsFolder IsSharedWithCurrentUser IsSharedWithGuest IsSharedWithMany "
              "IsSharedWithSecurityGroup"),
        group(INT, 0, "TotalFileCount"),
        group("Collection(SP.SharingLinkInfo)", [], "SharingLinks"),
    )  # fmt: skip

    @link("SharedWithUsersCollection")
    def shared_with(self) -> SharedWith:
        """The people with whom it is shared."""
        return SharedWith(self.scope, self.values.get("_people", []))


class SharedUser(SharingValue):
    """One with whom something is shared."""

    type = "SP.ObjectSharingInformationUser"
    feed = "SharedWithUsersCollection"
    declared = table(
        group(TEXT, "", "CustomRoleNames Department Email JobTitle LoginName Name Picture SipAddress"),
        group(INT, 0, "Id"),
        group(BOOLEAN, False, "HasEditPermission HasReviewPermission HasViewPermission IsDomainGroup IsExternalUser "
              "IsMemberOfGroup IsSiteAdmin"),
    )  # fmt: skip


class SharedWith(Collection):
    """With whom something is shared."""

    feed = "SharedWithUsersCollection"
    element = SharedUser

    def __init__(self, scope: Scope, people: list[dict[str, Any]]) -> None:
        super().__init__(scope)
        self.people = people

    def all(self) -> list[SharedUser]:
        return [SharedUser(self.scope, each) for each in self.people]


class SharingResult(SharingValue):
    """SP.SharingResult: what came of sharing."""

    type = "SP.SharingResult"
    feed = "SharingResult"
    declared = table(
        group(TEXT, None, "ErrorMessage IconUrl Name PermissionsPageRelativeUrl Url"),
        group(INT, 0, "StatusCode"),
        group("Collection(SP.Sharing.SPInvitationCreationResult)", [], "InvitedUsers"),
        group("Collection(SP.Sharing.UserSharingResult)", [], "UniquelyPermissionedUsers UsersAddedToGroup"),
    )

    @link("GroupsSharedWith")
    def groups_shared_with(self) -> Rows:
        """The groups that were shared with."""
        return Rows(self.scope, self.values.get("_groups", []))

    @link("GroupUsersAddedTo")
    def group_added_to(self) -> SiteGroup | None:
        """The group into which people were put."""
        groups = self.values.get("_groups", [])
        return SiteGroup(self.scope, groups[0]) if groups else None

    @link("UsersWithAccessRequests")
    def users_with_requests(self) -> Rows:
        """The people for whom access was asked."""
        return Rows(self.scope, [])


class Rows(Collection):
    """Principals that came of sharing."""

    feed = "Users"
    element = User

    def __init__(self, scope: Scope, rows: list[Entity]) -> None:
        super().__init__(scope)
        self._rows = rows

    def all(self) -> list[Resource]:
        return [SiteGroup(self.scope, row) if row.kind == "sitegroup" else User(self.scope, row) for row in self._rows]


class SharingInformation(SharingValue):
    """SP.Sharing.SharingInformation: everything that a sharing dialog shows."""

    type = "SP.Sharing.SharingInformation"
    feed = "SharingInformation"
    declared = table(
        group(INT, 0, "anonymousLinkExpirationRestrictionDays currentRole defaultLinkKind defaultShareLinkPermission "
              "defaultShareLinkScope sharedObjectType sharingStatus"),
        group(BOOLEAN, False, "blockPeoplePickerAndSharing canAddExistingExternalPrincipal canAddExternalPrincipal "
              "canRequestAccessForGrantAccess defaultShareLinkToExistingAccess discoverableByOrganizationEnabled "
              "enforceIBSegmentFiltering enforceSPOSearch hasUniquePermissions isConsumerFiles isPremium isStubFile "
              "showExternalSharingWarning standardRolesModified anyoneLinkTrackUsers userIsSharingViaMCS"),
        group(BOOLEAN, True, "canAddInternalPrincipal canSendEmail canUseSimplifiedRoles"),
        group(TEXT, "", "directUrl displayName fileExtension itemUniqueId itemUrl tenantDisplayName tenantId webUrl "
              "siteIBMode outlookEndpointHostUrl microserviceShareUiUrl shareUiUrl"),
        group(TEXT, None, "customizedExternalSharingServiceUrl allOrganizationSecurityGroupId"),
        group(GUID, None, "siteId listId"),
        group(INT, 0, "webTemplateId"),
        group("SP.Sharing.PermissionInformation", None, "permissionsInformation", on_select=True),
        group("SP.Sharing.PickerSettings", None, "pickerSettings", on_select=True),
        group("SP.Sharing.SharingAbilities", None, "sharingAbilities"),
        group("SP.Sharing.RecipientLimits", None, "recipientLimits"),
    )  # fmt: skip
    passed_over = frozenset({"permissionsinformation", "pickersettings"})
