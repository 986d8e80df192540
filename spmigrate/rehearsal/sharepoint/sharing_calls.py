"""Sharing over REST: the static methods at the root."""

from __future__ import annotations

from urllib.parse import unquote

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.http import split_address
from spmigrate.rehearsal.odata.errors import bad_argument, file_not_found
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import folder_tree
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Node, Result, action, function
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID, whole
from spmigrate.rehearsal.sharepoint.roles import Role, Roles
from spmigrate.rehearsal.sharepoint.scope import Scope, open_scope
from spmigrate.rehearsal.sharepoint.sharable import drop_link, link_to, need_item, share_with
from spmigrate.rehearsal.sharepoint.sharing_acts import (
    ANONYMOUS_EDIT,
    ANONYMOUS_VIEW,
    ORGANIZATION_EDIT,
    ORGANIZATION_VIEW,
    Outcome,
    Target,
    kind_of,
    require_sharing,
    share,
    unshare,
)
from spmigrate.rehearsal.sharepoint.sharing_types import SharingResult, SharingSettings, SharingState
from spmigrate.rehearsal.sharepoint.sharing_views import result_of, settings_of, state_of

_WEB, _MANAGER = "SP.Web", "SP.Sharing.DocumentSharingManager"
_REPORT, _STATE = "SP.Sharing.SiteSharingReportHelper", "SP.ObjectSharingInformation"
_ROLE_OF = {1: 1073741826, 2: 1073741827, 3: 1073741829}


class SharingCalls(Node):
    """The static methods."""

    @function(f"{_WEB}.GetObjectSharingSettings")
    def settings_at(self, call: Call) -> SharingSettings:
        """What the caller may do about sharing what lies at an address."""
        scope, target = _find(self.scope, call.text("objectUrl", 0))
        return SharingSettings(scope, settings_of(scope, target))

    @action(f"{_WEB}.ShareObject", Level.READ)
    def share_at(self, call: Call) -> SharingResult:
        """Give people something on what lies at an address."""
        scope, target = _find(self.scope, call.text("url", 0))
        return share_with(scope, target, call)

    @action(f"{_WEB}.UnshareObject", Level.READ)
    def unshare_at(self, call: Call) -> SharingResult:
        """Take all links and what was given singly away."""
        scope, target = _find(self.scope, call.text("url", 0))
        require_sharing(scope, target)
        if target.item is not None:
            unshare(scope, target.item)
        return result_of(scope, target, Outcome())

    @action(f"{_WEB}.CreateAnonymousLink", Level.READ)
    def anonymous_link(self, call: Call) -> Result:
        """A link for anybody."""
        return Result("CreateAnonymousLink", self._make(call, ANONYMOUS_VIEW, ANONYMOUS_EDIT, None))

    @action(f"{_WEB}.CreateAnonymousLinkWithExpiration", Level.READ)
    def expiring_link(self, call: Call) -> Result:
        """A link for anybody, until a moment."""
        until = call.text("expirationString", 2)
        return Result("CreateAnonymousLinkWithExpiration", self._make(call, ANONYMOUS_VIEW, ANONYMOUS_EDIT, until))

    @action(f"{_WEB}.CreateOrganizationSharingLink", Level.READ)
    def organization_link(self, call: Call) -> Result:
        """A link for everybody inside."""
        return Result("CreateOrganizationSharingLink", self._make(call, ORGANIZATION_VIEW, ORGANIZATION_EDIT, None))

    @action(f"{_WEB}.DestroyOrganizationSharingLink", Level.READ)
    def drop_organization_link(self, call: Call) -> None:
        """Take the link for everybody inside away."""
        self._drop(call, ORGANIZATION_VIEW, ORGANIZATION_EDIT)

    @action(f"{_WEB}.DeleteAnonymousLinkForObject", Level.READ)
    def drop_anonymous_link(self, call: Call) -> None:
        """Take the link for anybody away."""
        self._drop(call, ANONYMOUS_VIEW, ANONYMOUS_EDIT)

    @action(f"{_WEB}.DeleteAllAnonymousLinksForObject", Level.READ)
    def drop_anonymous_links(self, call: Call) -> None:
        """Take all links for anybody away."""
        scope, target = _find(self.scope, call.text("url", 0))
        require_sharing(scope, target)
        for found in sharing.links(scope.tenant, need_item(target)):
            if found.props["scope"] == "anonymous":
                sharing.remove(scope.tenant, need_item(target), found)

    @function(f"{_WEB}.GetSharingLinkKind")
    def sharing_link_kind(self, call: Call) -> Result:
        """Which kind of link an address is; 0 for one that is none."""
        found = sharing.find_link(self.scope.tenant, call.text("fileUrl", 0))
        return Result("GetSharingLinkKind", kind_of(found[0]) if found else 0)

    @function(f"{_STATE}.GetWebSharingInformation")
    def web_sharing(self, _call: Call) -> SharingState:
        """How the web is shared."""
        return SharingState(self.scope, state_of(self.scope, Target()))

    @function(f"{_STATE}.GetListItemSharingInformation")
    def item_sharing(self, call: Call) -> SharingState:
        """How an item is shared."""
        row = self.scope.store.get("list", call.text("listID", 0), parent=self.scope.web.id)
        item = self.scope.content.by_number(row.id, call.number("itemID", 1)) if row else None
        if row is None or item is None:
            raise file_not_found()
        return SharingState(self.scope, state_of(self.scope, Target(row, item)))

    @function("SP.SharedWithMeItemCollection.GetSharedWithMeItems")
    def shared_with_me(self, _call: Call) -> Result:
        """What others shared with the caller; nothing with an application."""
        kind, shown = "SP.SharedDocumentInfo", []
        claims = self.scope.claims
        for grant, item in [] if claims.app_only else sharing.given_to(self.scope.tenant, claims.login):
            address = f"{self.scope.content.list_path(item.list)}/{self.scope.content.path(item)}"
            url = f"https://{self.scope.host}{address}"
            shown.append(Complex(kind, {"Activity": {}, "Author": item.author, "CreatedByCloudUser": None,
                "DocId": item.guid, "Editor": item.editor, "FileName": item.name, "FileSize": item.size,
                "FileType": item.name.rpartition(".")[2], "LastModifiedTime": item.modified,
                "SharedBy": grant.props["by"], "Title": item.name, "Url": url}))  # fmt: skip
        return Result("GetSharedWithMeItems", Bag(f"Collection({kind})", tuple(shown)))

    @function(f"{_MANAGER}.GetRoleDefinition")
    def role_definition(self, call: Call) -> Role:
        """The permission level behind a role of documents (1 view, 2 edit, 3 owner)."""
        number = _ROLE_OF.get(call.number("role", 0))
        if number is None:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: role")
        return Roles(self.scope).by_key(number)

    @function(f"{_MANAGER}.IsDocumentSharingEnabled")
    def sharing_enabled(self, _call: Call) -> Result:
        """Whether documents of a list can be shared singly."""
        return Result("IsDocumentSharingEnabled", True)

    @action(f"{_MANAGER}.UpdateDocumentSharingInfo", Level.READ)
    def update_sharing(self, call: Call) -> Result:
        """Give people roles on a document: each has its own result."""
        scope, target = _find(self.scope, call.text("resourceAddress", 0))
        require_sharing(scope, target)
        kind, results = "SP.Sharing.UserSharingResult", []
        for each in call.records("userRoleAssignments", 1):
            number = _ROLE_OF.get(whole(each.get("Role"), "Role"))
            outcome = share(scope, target, [str(each.get("UserId"))], f"role:{number or 1073741826}")
            good = outcome.status == 0
            results.append(Complex(kind, {"User": str(each.get("UserId")), "Status": good, "Message": outcome.message,
                "IsUserKnown": good, "CurrentRole": whole(each.get("Role"), "Role"), "AllowedRoles": [1, 2, 3],
                "DisplayName": None, "Email": None, "InvitationLink": None}))  # fmt: skip
        return Result("UpdateDocumentSharingInfo", Bag(f"Collection({kind})", tuple(results)))

    @function(f"{_REPORT}.GetSiteSharingReportCapabilities")
    def report_capabilities(self, _call: Call) -> Result:
        """Whether a report on the site's sharing can be made."""
        kind = "SP.Sharing.SiteSharingReportCapabilities"
        values = {"canCancelSharingReport": False, "canCreateSharingReport": True,
                  "createSharingReportNotAllowedReason": None, "jobData": None,
                  "stopSharingReportNotAllowedReason": None}  # fmt: skip
        return Result("GetSiteSharingReportCapabilities", Complex(kind, values))

    def _make(self, call: Call, view: int, edit: int, until: str | None) -> str:
        scope, target = _find(self.scope, call.text("url", 0))
        require_sharing(scope, target)
        kind = edit if call.flag("isEditLink", 1) else view
        found = link_to(scope, target, {"linkKind": kind, "expiration": until}, "")
        return sharing.address(scope.site, need_item(target), found)

    def _drop(self, call: Call, view: int, edit: int) -> None:
        scope, target = _find(self.scope, call.text("url", 0))
        drop_link(scope, target, edit if call.flag("isEditLink", 1) else view, ZERO_GUID)


def _find(scope: Scope, url: str) -> tuple[Scope, Target]:
    """The web and what is shared at an address, which may lie in another site."""
    parts = split_address(url)
    host = (parts.hostname or scope.host).lower()
    path = unquote(parts.path) if parts.scheme else url
    # A page of the site's own, such as the one for inviting people, stands for the site.
    path = path[: path.lower().find("/_layouts/")] if "/_layouts/" in path.lower() else path
    inside = open_scope(scope.tenant, scope.claims, host, path)
    found = folder_tree.find_item(inside, path)
    if found is not None:
        return inside, Target(found[0], found[1])
    if path.strip("/").lower() != inside.web_path.strip("/").lower():
        raise file_not_found()
    return inside, Target()
