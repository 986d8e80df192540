"""How sharing looks: settings, information, links and results as SharePoint's REST interface writes them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.items import Item
from spmigrate.rehearsal.odata.render import Complex
from spmigrate.rehearsal.permission_levels import Right
from spmigrate.rehearsal.rights import effective_mask, standing
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.sharing_acts import (
    DIRECT,
    FLEXIBLE,
    ORGANIZATION_VIEW,
    Outcome,
    Target,
    kind_of,
    may_share,
    place_of,
)
from spmigrate.rehearsal.sharepoint.sharing_types import SharingResult
from spmigrate.rehearsal.storage import Entity

_INSIDE = (
    "CanCurrentUserManageOrganizationReadonlyLink CanCurrentUserManageOrganizationReadWriteLink"
    " CanCurrentUserRetrieveOrganizationReadonlyLink CanCurrentUserRetrieveOrganizationReadWriteLink"
    " CanCurrentUserShareInternally"
)
_ANONYMOUS = (
    "CanCurrentUserManageReadonlyLink CanCurrentUserManageReadWriteLink CanCurrentUserRetrieveReadonlyLink"
    " CanCurrentUserRetrieveReadWriteLink"
)
_LINK_INFO = "SP.Sharing.SharingLinkInfo"
_ROLE_NUMBERS = {"view": 1, "edit": 2, "blocksDownload": 4, "createOnly": 8, "embed": 1}
_SCOPE_NUMBERS = {"anonymous": 0, "organization": 1, "users": 2}
_GRANTED = {"read": 1, "write": 2, "owner": 3}


def settings_of(scope: Scope, target: Target) -> dict[str, Any]:
    """What the caller may do about sharing a thing."""
    allowed = sharing.capability(scope.tenant, scope.site)
    shares, claims = may_share(scope, target), scope.claims
    user = None if claims.app_only else scope.tenant.directory.user(claims.user)
    item = target.item
    can = dict.fromkeys(_INSIDE.split(), shares)
    can |= dict.fromkeys(_ANONYMOUS.split(), shares and allowed == sharing.ANYONE)
    roles = [{"Key": "View", "Value": "role:1073741826", "ValueType": "Edm.String"},
             {"Key": "Edit", "Value": "role:1073741827", "ValueType": "Edm.String"}]  # fmt: skip
    return {
        **can,
        "CanCurrentUserShareExternally": shares and allowed in (sharing.NEW_AND_EXISTING, sharing.ANYONE),
        "CanCurrentUserShareToExistingGuests": shares and allowed != sharing.DISABLED,
        "IsGuestUser": user is not None and user.props.get("userType") == "Guest",
        "IsUserSiteAdmin": not claims.app_only and standing(scope.tenant, claims.login, scope.site).administrator,
        "ItemId": str(item.list_item) if item else "",
        "ItemName": item.name if item else str(scope.web.props.get("Title", "")),
        "ItemUrl": _address(scope, item),
        "ListId": target.listing.guid if target.listing else "",
        "WebUrl": scope.web_url,
        "SiteIBMode": "Open",
        "DefaultLinkKind": int(scope.site.props.get("DefaultSharingLinkType") or DIRECT),
        "ShareByEmailEnabled": bool(scope.site.props.get("ShareByEmailEnabled", False)),
        "SupportsAclPropagation": item is not None and item.folder,
        "Roles": roles,
        "SimplifiedRoles": roles,
        "_state": state_of(scope, target),
    }


def state_of(scope: Scope, target: Target) -> dict[str, Any]:
    """How a thing is shared."""
    item = target.item
    found = sharing.links(scope.tenant, item) if item else []
    given = sharing.grants(scope.tenant, item) if item else []
    addresses = {kind_of(each): sharing.address(scope.site, item, each) for each in found if item}
    held = effective_mask(scope.tenant, scope.claims, place_of(scope, target))
    people = [_shared_user(scope, each) for each in given]
    waiting = scope.store.count(scope.web.id, "accessrequest", limit=1) > 0
    return {
        "AnonymousViewLink": addresses.get(4, ""),
        "AnonymousEditLink": addresses.get(5, ""),
        "CanBeShared": may_share(scope, target),
        "CanBeUnshared": bool(found or given) and may_share(scope, target),
        "CanManagePermissions": bool(held & Right.MANAGE_PERMISSIONS),
        "HasPendingAccessRequests": waiting,
        "HasPermissionLevels": True,
        "IsFolder": item is not None and item.folder,
        "IsSharedWithCurrentUser": any(each["LoginName"] == scope.claims.login for each in people),
        "IsSharedWithGuest": any(each["IsExternalUser"] for each in people),
        "IsSharedWithMany": len(people) > 1 or any(each.props["scope"] != "users" for each in found),
        "SharingLinks": [link_info(scope, item, each).values for each in found if item],
        "_people": people,
    }


def _shared_user(scope: Scope, grant: Entity) -> dict[str, Any]:
    user = scope.tenant.directory.user_by_login(grant.name)
    props = user.props if user else {}
    role = str(grant.props["role"])
    return {
        "LoginName": grant.name, "Name": str(props.get("displayName") or grant.name), "Email": props.get("mail") or "",
        "Department": props.get("department") or "", "JobTitle": props.get("jobTitle") or "",
        "HasEditPermission": role != "read", "HasViewPermission": True, "HasReviewPermission": role == "owner",
        "IsExternalUser": props.get("userType") == "Guest", "SipAddress": props.get("mail") or "",
    }  # fmt: skip


def link_info(scope: Scope, item: Item, found: Entity | None, kind: int = DIRECT) -> Complex:
    """SP.Sharing.SharingLinkInfo: a link; the file's own address where there is none."""
    props = found.props if found else {}
    scope_name = str(props.get("scope", ""))
    kind = kind_of(found) if found else kind
    values: dict[str, Any] = {
        "AllowsAnonymousAccess": scope_name == "anonymous",
        "ApplicationId": props.get("app") or None,
        "BlocksDownload": props.get("type") == "blocksDownload",
        "Created": found.created if found else "",
        "CreatedBy": {"loginName": props.get("by")} if found else None,
        "Description": None,
        "Embeddable": False,
        "Expiration": props.get("expires") or "",
        "HasExternalGuestInvitees": False,
        "Invitations": [],
        "IsActive": found is not None,
        "IsAddressBarLink": False,
        "IsCreateOnlyLink": props.get("type") == "createOnly",
        "IsDefault": kind == ORGANIZATION_VIEW,
        "IsEditLink": props.get("type") == "edit",
        "IsFormsLink": False,
        "IsMainLink": False,
        "IsManageListLink": False,
        "IsReviewLink": False,
        "IsUnhealthy": False,
        "LastModified": found.modified if found else "",
        "LimitUseToApplication": False,
        "LinkKind": kind,
        "PasswordLastModified": "",
        "PasswordProtected": bool(props.get("password")),
        "RedeemedUsers": [],
        "RequiresPassword": bool(props.get("password")),
        "RestrictedShareMembership": scope_name == "users",
        "Scope": _SCOPE_NUMBERS.get(scope_name, -1),
        "ShareId": found.guid if found else ZERO_GUID,
        "ShareTokenString": None,
        "SharingLinkStatus": 2 if found else 1,
        "TrackLinkUsers": kind == FLEXIBLE,
        "Url": sharing.address(scope.site, item, found) if found else _address(scope, item),
    }
    return Complex(_LINK_INFO, values)


def information_of(scope: Scope, target: Target, *, unique: bool) -> dict[str, Any]:
    """Everything that a sharing dialog shows."""
    item = target.item
    allowed, shares = sharing.capability(scope.tenant, scope.site), may_share(scope, target)
    limits = {"AnonymousLinks": 200, "DirectInvitation": 200}
    return {
        "canAddExistingExternalPrincipal": shares and allowed != sharing.DISABLED,
        "canAddExternalPrincipal": shares and allowed in (sharing.NEW_AND_EXISTING, sharing.ANYONE),
        "canAddInternalPrincipal": shares,
        "currentRole": 3 if shares else 1,
        "defaultLinkKind": int(scope.site.props.get("DefaultSharingLinkType") or DIRECT),
        "directUrl": _address(scope, item),
        "displayName": item.name if item else str(scope.web.props.get("Title", "")),
        "fileExtension": item.name.rpartition(".")[2] if item and not item.folder and "." in item.name else "",
        "hasUniquePermissions": unique,
        "itemUniqueId": item.guid if item else "",
        "itemUrl": _address(scope, item),
        "siteId": scope.site.guid,
        "listId": target.listing.guid if target.listing else None,
        "sharedObjectType": 1 if item is None else 2 if item.folder else 0,
        "sharingStatus": 1 if item is not None and item.fields.get(sharing.MARK) else 0,
        "siteIBMode": "Open",
        "tenantDisplayName": "Contoso County Council",
        "tenantId": scope.tenant.names.tenant_id,
        "webUrl": scope.web_url,
        "webTemplateId": {"STS": 1, "GROUP": 64, "SITEPAGEPUBLISHING": 68}.get(
            str(scope.site.props.get("Template", "")).partition("#")[0], 1
        ),
        "recipientLimits": limits,
        "permissionsInformation": _permissions(scope, item),
        "pickerSettings": {"AllowEmailAddresses": True, "AllowOnlyEmailAddresses": False, "PrincipalAccountType": "",
                           "PrincipalSource": 15, "VisibleSuggestions": 10},
    }  # fmt: skip


def _permissions(scope: Scope, item: Item | None) -> dict[str, Any]:
    if item is None:
        return {"appConsentPrincipals": [], "hasInheritedLinks": False, "links": [], "principals": [],
                "siteAdmins": [], "totalNumberOfPrincipals": 0}  # fmt: skip
    links = [
        {"isInherited": False, "linkDetails": link_info(scope, item, each).values, "linkMembers": [],
         "linkStatus": 2, "totalLinkMembersCount": 0}
        for each in sharing.links(scope.tenant, item)
    ]  # fmt: skip
    principals = [
        {"isInherited": False, "principal": {"loginName": each.name, "name": _shared_user(scope, each)["Name"],
                                             "email": _shared_user(scope, each)["Email"], "principalType": 1},
         "role": _GRANTED.get(str(each.props["role"]), 1)}
        for each in sharing.grants(scope.tenant, item)
    ]  # fmt: skip
    return {"appConsentPrincipals": [], "hasInheritedLinks": False, "links": links, "principals": principals,
            "siteAdmins": [], "totalNumberOfPrincipals": len(principals)}  # fmt: skip


def result_of(scope: Scope, target: Target, outcome: Outcome) -> SharingResult:
    """What came of sharing, as SharePoint answers it."""
    users = [
        {"AllowedRoles": [0], "CurrentRole": 0, "DisplayName": row.props.get("Title"), "Email": row.props.get("Email"),
         "InvitationLink": None, "IsUserKnown": True, "Message": None, "Status": True, "User": row.name}
        for row in outcome.added
    ]  # fmt: skip
    grouped = bool(outcome.groups)
    values = {
        "ErrorMessage": outcome.message, "Name": target.item.name if target.item else scope.web.props.get("Title"),
        "IconUrl": None, "PermissionsPageRelativeUrl": f"{scope.web_path}/_layouts/15/user.aspx",
        "StatusCode": outcome.status, "Url": _address(scope, target.item),
        "InvitedUsers": [{"Email": mail, "InvitationLink": None, "Succeeded": True} for mail in outcome.invited],
        "UniquelyPermissionedUsers": [] if grouped else users, "UsersAddedToGroup": users if grouped else [],
        "_groups": outcome.groups,
    }  # fmt: skip
    return SharingResult(scope, values)


def _address(scope: Scope, item: Item | None) -> str:
    if item is None:
        return scope.web_url
    below = f"{scope.content.list_path(item.list)}/{scope.content.path(item)}"
    return f"https://{scope.host}{quote(below)}"
