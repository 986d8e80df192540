"""Retention labels of libraries."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import lists
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Node, action, function
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID

LABELS = "compliance.labels"
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
        row = lists.find_by_address(self.scope, call.text("listUrl", 0)).entity
        label = row.props.get("_Label")
        return None if not label else _tag(label)

    @action("SP.CompliancePolicy.SPPolicyStoreProxy.SetListComplianceTag")
    @action("SP_CompliancePolicy_SPPolicyStoreProxy_SetListComplianceTag")
    def write(self, call: Call) -> None:
        """Set a library's label, or take it away with an empty name; refuses one that is not published."""
        row = lists.find_by_address(self.scope, call.text("listUrl", 0)).entity
        name = call.text("complianceTagValue", 1, default="")
        label: dict[str, Any] | None = None
        if name:
            label = next((dict(each) for each in self._labels() if each["TagName"] == name), None)
            if label is None:
                raise bad_argument(f"The retention label '{name}' was not found.\r\nParameter name: complianceTagValue")
            label["BlockDelete"] = call.flag("blockDelete", 2, default=False)
            label["BlockEdit"] = call.flag("blockEdit", 3, default=False)
        self.scope.store.update(row, {"_Label": label}, at=self.scope.now)

    def _labels(self) -> list[dict[str, Any]]:
        return list(self.scope.store.read_value(LABELS) or [])


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
