"""Sharing as items and webs answer it themselves."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.items import Item, Refusal
from spmigrate.rehearsal.odata.errors import ODataError, bad_argument, invalid_operation
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.permission_levels import Right
from spmigrate.rehearsal.rights import user_mask
from spmigrate.rehearsal.sharepoint.access import Level, secured
from spmigrate.rehearsal.sharepoint.model import Call, Result, action, function
from spmigrate.rehearsal.sharepoint.principals import known_claim
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID, plain, record, whole
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.securables import Securable, own_holder, reset_inheritance
from spmigrate.rehearsal.sharepoint.sharing_acts import (
    DIRECT,
    Outcome,
    Target,
    find_link,
    make_link,
    picked,
    require_sharing,
    share,
    unshare,
)
from spmigrate.rehearsal.sharepoint.sharing_types import SharingInformation, SharingResult, SharingSettings
from spmigrate.rehearsal.sharepoint.sharing_views import information_of, link_info, result_of, settings_of
from spmigrate.rehearsal.storage import Entity


class Sharable(Securable):
    """What items and webs answer about sharing themselves."""

    def _shared(self) -> Target:
        place = secured(self)
        return Target(place.listing, place.item)

    @function("GetObjectSharingSettings")
    def object_sharing_settings(self, _call: Call) -> SharingSettings:
        """What the caller may do about sharing this."""
        return SharingSettings(self.scope, settings_of(self.scope, self._shared()))

    @function("GetSharingInformation")
    def sharing_information(self, _call: Call) -> SharingInformation:
        """Everything that a sharing dialog shows."""
        values = information_of(self.scope, self._shared(), unique=own_holder(self) is not None)
        return SharingInformation(self.scope, values)

    @function("CheckPermissions")
    def check_permissions(self, call: Call) -> Result:
        """The roles that people have on this."""
        found = []
        for each in _recipients(call.value("recipients", 0)):
            name = each.get("alias") or each.get("email") or each.get("Key") if isinstance(each, dict) else each
            login = known_claim(self.scope, str(name))
            mask = user_mask(self.scope.tenant, login, secured(self))
            role = _role(mask)
            found.append(Complex("SP.Sharing.EntityPermission", {"inputEntity": str(name), "resolvedEntity": login,
                                                                  "role": role, "hasAccess": role > 0}))  # fmt: skip
        return Result("CheckPermissions", Bag("Collection(SP.Sharing.EntityPermission)", tuple(found)))

    @action("ShareLink", Level.READ)
    def share_link(self, call: Call) -> Result:
        """A link to this: the one that there is, or a new one."""
        target, given = self._shared(), call.record("request")
        item = need_item(target)
        require_sharing(self.scope, target)
        settings: dict[str, Any] = {**given, **record(given.get("settings"), "settings")}
        kind = whole(settings.get("linkKind"), "linkKind")
        found = find_link(self.scope, item, kind, str(settings.get("shareId") or ZERO_GUID))
        changes = settings.get("expiration") or settings.get("password") or found is None
        if kind != DIRECT and given.get("createLink", True) and changes:
            found = link_to(self.scope, target, settings, str(given.get("peoplePickerInput") or ""))
        info = link_info(self.scope, item, found, kind)
        return Result("ShareLink", Complex("SP.Sharing.ShareLinkResponse", {"sharingLinkInfo": info}))

    @action("UnshareLink", Level.READ)
    def unshare_link(self, call: Call) -> None:
        """Take a link away."""
        share_id = call.text("shareId", 1, default=ZERO_GUID) or ZERO_GUID
        drop_link(self.scope, self._shared(), call.number("linkKind", 0), share_id)

    @action("DeleteLinkByKind", Level.READ)
    def delete_link_by_kind(self, call: Call) -> None:
        """Take the link of a kind away."""
        drop_link(self.scope, self._shared(), call.number("linkKind", 0), ZERO_GUID)

    @action("ShareObject", Level.READ)
    def share_object(self, call: Call) -> SharingResult:
        """Give people something on this."""
        return share_with(self.scope, self._shared(), call)

    @action("UnshareObject", Level.READ)
    def unshare_object(self, _call: Call) -> SharingResult:
        """Take all links and what was given singly away, and inherit again."""
        target = self._shared()
        require_sharing(self.scope, target)
        if target.item is not None:
            unshare(self.scope, target.item)
            reset_inheritance(self)
        return result_of(self.scope, target, Outcome())


def _recipients(given: object) -> list[Any]:
    """The people of a call, as texts or as structured values; refuses (400) what is no collection."""
    found = plain(given)
    if found is not None and not isinstance(found, list):
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: recipients")
    return found or []


def _role(mask: int) -> int:
    """SP.Sharing.Role: none, view, edit, owner."""
    if mask & Right.MANAGE_PERMISSIONS:
        return 3
    return 2 if mask & Right.EDIT_ITEMS else 1 if mask & Right.VIEW_ITEMS else 0


def need_item(target: Target) -> Item:
    """The item that is shared; refuses (400) the web, which has no links."""
    if target.item is None:
        raise invalid_operation("The object does not support sharing links.")
    return target.item


def link_to(scope: Scope, target: Target, settings: dict[str, Any], people: str) -> Entity:
    """The link that the settings ask for, made when there is none; refuses (400) what is not allowed here."""
    try:
        logins = tuple(known_claim(scope, each) for each in picked(people))
        return make_link(scope, need_item(target), settings, logins)
    except Refusal as refusal:
        raise ODataError(400, "-1, System.InvalidOperationException", refusal.message) from None


def drop_link(scope: Scope, target: Target, kind: int, share_id: str) -> None:
    """Take a link away."""
    require_sharing(scope, target)
    found = find_link(scope, need_item(target), kind, share_id)
    if found is not None:
        sharing.remove(scope.tenant, need_item(target), found)


def share_with(scope: Scope, target: Target, call: Call) -> SharingResult:
    """Give the people of a call what it says."""
    people = picked(call.text("peoplePickerInput", default=""))
    role = call.text("roleValue", default="")
    group = call.number("groupId", default=0) if call.value("groupId", default=None) else 0
    return result_of(scope, target, share(scope, target, people, role or f"group:{group}"))
