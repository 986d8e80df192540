"""Retention labels of libraries and of what is in them."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from spmigrate.rehearsal.odata.errors import bad_argument, item_missing
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.retention import published, put_label
from spmigrate.rehearsal.sharepoint import lists
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Node, action, function
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID
from spmigrate.rehearsal.storage import Entity

_TAG = "SP.CompliancePolicy.ComplianceTag"


class LabelCalls(Node):
    """``SP.CompliancePolicy.SPPolicyStoreProxy``: static methods, under both spellings of the separator."""

    write_level = Level.MANAGE

    @function("SP.CompliancePolicy.SPPolicyStoreProxy.GetAvailableTagsForSite")
    @function("SP_CompliancePolicy_SPPolicyStoreProxy_GetAvailableTagsForSite")
    def available(self, _call: Call) -> Bag:
        """The labels published to the site."""
        return Bag(f"Collection({_TAG})", tuple(_tag(each) for each in self._labels()))

    @function("SP.CompliancePolicy.SPPolicyStoreProxy.GetListComplianceTag")
    @function("SP_CompliancePolicy_SPPolicyStoreProxy_GetListComplianceTag")
    def read(self, call: Call) -> Complex | None:
        """The label of a library, null when it has none."""
        row = self._list(call)
        label = row.props.get("_Label")
        return None if not label else _tag(label)

    @action("SP.CompliancePolicy.SPPolicyStoreProxy.SetListComplianceTag")
    @action("SP_CompliancePolicy_SPPolicyStoreProxy_SetListComplianceTag")
    def write(self, call: Call) -> None:
        """Set a library's label, or take it away with an empty name; refuses one that is not published."""
        row = self._list(call)
        name = call.text("complianceTagValue", 1, default="")
        label: dict[str, Any] | None = None
        if name:
            label = self._need(name)
            label["BlockDelete"] = call.flag("blockDelete", 2, default=False)
            label["BlockEdit"] = call.flag("blockEdit", 3, default=False)
        self.scope.store.update(row, {"_Label": label}, at=self.scope.now)

    @action("SP.CompliancePolicy.SPPolicyStoreProxy.SetComplianceTagOnBulkItems", Level.WRITE)
    @action("SP_CompliancePolicy_SPPolicyStoreProxy_SetComplianceTagOnBulkItems", Level.WRITE)
    def write_items(self, call: Call) -> None:
        """Put a label on items of a list, or take it away with an empty name."""
        row = self._list(call)
        name = call.text("complianceTagValue", 1, default="")
        if name:
            self._need(name)
        content = self.scope.content
        for number in call.numbers("itemIds", 2):
            item = content.by_number(row.id, number)
            if item is None:
                raise item_missing()
            put_label(content, item, name, at=self.scope.now, by=self.scope.claims.login)

    def _list(self, call: Call) -> Entity:
        """The list that a call names, by its whole address or the part after the host."""
        address = call.text("listUrl", 0)
        return lists.find_by_address(self.scope, unquote(address.removeprefix(f"https://{self.scope.host}"))).entity

    def _need(self, name: str) -> dict[str, Any]:
        found = next((dict(each) for each in self._labels() if each["TagName"] == name), None)
        if found is None:
            raise bad_argument(f"The retention label '{name}' was not found.\r\nParameter name: complianceTagValue")
        return found

    def _labels(self) -> list[dict[str, Any]]:
        return published(self.scope.store)


def _tag(label: dict[str, Any]) -> Complex:
    defaults: dict[str, Any] = {
        "AccessType": "", "AcceptMessagesOnlyFromSendersOrMembers": False, "AllowAccessFromUnmanagedDevice": None,
        "AutoDelete": False, "BlockDelete": True, "BlockEdit": False, "ComplianceFlags": 1,
        "ContainsSiteLabel": False, "DisplayName": "", "EncryptionRMSTemplateId": None, "HasRetentionAction": True,
        "IsEventTag": False, "MultiStageReviewerEmail": None, "NextStageComplianceTag": None, "Notes": None,
        "RequireSenderAuthenticationEnabled": False, "ReviewerEmail": None, "SharingCapabilities": None,
        "SuperLock": False, "TagDuration": 0, "TagId": ZERO_GUID, "TagName": "", "TagRetentionBasedOn": None,
        "UnlockedAsDefault": False,
    }  # fmt: skip
    known = {name: value for name, value in label.items() if name in defaults}
    return Complex(_TAG, {**defaults, **known})
