"""Features of sites and webs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import ODataError, bad_argument, invalid_operation
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, as_guid, function
from spmigrate.rehearsal.sharepoint.properties import GUID, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# Names of features that come with the service. Any other id is taken too: a tenant has features that no public list
# names, and refusing a real one would be worse than taking an invented one.
NAMES = {
    "b21b090c-c796-4b0f-ac0f-7ef1659c20ae": "BaseSite",
    "73ef14b1-13a9-416b-a9b5-ececa2b0604c": "TaxonomyFieldAdded",
    "3bae86a2-776d-499d-9db8-fa4cdc7884f8": "DocumentSet",
    "b50e3104-6812-424f-a011-cc90e6327318": "DocId",
    "8581a8a7-cf16-4770-ac54-260265ddb0b2": "PremiumSite",
    "7c637b23-06c4-472d-9a9a-7c175762c5c4": "ViewFormPagesLockDown",
    "0af5989a-3aea-4519-8ab0-85d91abe39ff": "Workflows",
    "eaf6a128-0482-4f71-9a2f-b1c650680e77": "SearchWebParts",
    "068bc832-4951-11dc-8314-0800200c9a66": "EnhancedTheming",
    "f6924d36-2fa8-4f0b-b16d-06b7250180fa": "PublishingSite",
    "da2e115b-07e4-49d9-bb2c-35e93bb9fca9": "InPlaceRecords",
    "99fe402e-89a0-45aa-9163-85342e865dc8": "BaseWeb",
    "0806d127-06e6-447a-980e-2e90b03101b8": "PremiumWeb",
    "b6917cb1-93a0-4b97-a84d-7cf49975d4ec": "SitePages",
    "00bfea71-4ea5-48d4-a4ad-7ea5c011abe5": "TeamCollab",
    "d95c97f3-e528-4da2-ae9f-32b3535fbb59": "MobilityRedirect",
    "87294c72-f260-42f3-a41b-981a2ffce37a": "MDSFeature",
    "24611c05-ee19-45da-955f-6602264abaf8": "MultilingualSitePages",
    "7201d6a4-a5d3-49a1-8c19-19c4bac6e668": "MetaDataNav",
    "94c94ca6-b32f-4da9-a9e3-1f3d343d7ecb": "PublishingWeb",
    "f151bb39-7c3b-414f-bb36-6bf18872052f": "SiteNotebook",
    "15a572c6-e545-4d32-897a-bab6f5846e18": "SiteFeed",
    "00bfea71-e717-4e80-aa17-d0c71b360101": "DocumentLibrary",
    "00bfea71-de22-43b2-a848-c05709900100": "CustomList",
    "00bfea71-c796-4402-9f2f-0eb9a6e71b18": "WebPageLibrary",
    "00bfea71-2062-426c-90bf-714c59600103": "LinksList",
    "00bfea71-d1ce-42de-9c63-a44004ce0104": "AnnouncementsList",
    "00bfea71-7e6d-4186-9ba8-c047ac750105": "ContactsList",
    "00bfea71-ec85-4903-972d-ebe475780106": "EventsList",
    "00bfea71-a83e-497e-9ba0-7a5c597d0107": "TasksList",
    "00bfea71-52d4-45b3-b544-b1c71b620109": "PictureLibrary",
    "00bfea71-5932-4f9c-ad71-1557e5751100": "IssuesList",
    "00bfea71-eb8a-40b1-80c7-506be7590102": "SurveysList",
    "00bfea71-6a49-43fa-b535-d15c05500108": "DiscussionsList",
    "00bfea71-f381-423d-b9d1-da7a54c50110": "DataSourceLibrary",
    "00bfea71-1e1d-4562-b56a-f05371bb0115": "XmlFormLibrary",
    "00bfea71-3a1d-41d3-a0ee-651d11570120": "GridList",
    "00bfea71-513d-4ca0-96c2-6a47775c0119": "GanttTasksList",
    "00bfea71-2d77-4a75-9fca-76516689e21a": "WorkflowProcessList",
    "00bfea71-4ea5-48d4-a4ad-305cf7030140": "WorkflowHistoryList",
    "f9ce21f8-f437-4f7e-8bc6-946378c850f0": "HierarchyTasksList",
}
_SITE = (
    "b21b090c-c796-4b0f-ac0f-7ef1659c20ae", "73ef14b1-13a9-416b-a9b5-ececa2b0604c",
    "3bae86a2-776d-499d-9db8-fa4cdc7884f8", "8581a8a7-cf16-4770-ac54-260265ddb0b2",
    "7c637b23-06c4-472d-9a9a-7c175762c5c4", "0af5989a-3aea-4519-8ab0-85d91abe39ff",
    "eaf6a128-0482-4f71-9a2f-b1c650680e77", "068bc832-4951-11dc-8314-0800200c9a66",
)  # fmt: skip
_WEB = (
    "99fe402e-89a0-45aa-9163-85342e865dc8", "0806d127-06e6-447a-980e-2e90b03101b8",
    "b6917cb1-93a0-4b97-a84d-7cf49975d4ec", "00bfea71-4ea5-48d4-a4ad-7ea5c011abe5",
    "d95c97f3-e528-4da2-ae9f-32b3535fbb59", "87294c72-f260-42f3-a41b-981a2ffce37a",
    *(each for each in NAMES if each.startswith("00bfea71") and not each.endswith("7ea5c011abe5")),
    "f9ce21f8-f437-4f7e-8bc6-946378c850f0",
)  # fmt: skip
_DEFAULTS = {"site": _SITE, "web": _WEB}


class Feature(Resource):
    """An active feature."""

    type = "SP.Feature"
    feed = "Features"
    declared = table(group(GUID, "", "DefinitionId"), group(TEXT, "", "DisplayName", on_select=True))

    def __init__(self, scope: Scope, owner_path: str, identity: str) -> None:
        super().__init__(scope)
        self.owner_path = owner_path
        self.identity = identity

    @property
    def path(self) -> str:
        return f"{self.owner_path}/Features(guid'{self.identity}')"

    def stored(self) -> Mapping[str, Any]:
        return {"DefinitionId": self.identity, "DisplayName": NAMES.get(self.identity, "")}


class Features(Collection):
    """The active features."""

    feed = "Features"
    element = Feature

    def __init__(self, scope: Scope, owner: Entity, owner_path: str) -> None:
        super().__init__(scope)
        self.owner = owner
        self.owner_path = owner_path

    def active(self) -> list[str]:
        """The ids of the active features."""
        row = self.scope.store.by_id(self.owner.id) or self.owner
        return list(row.props.get("_Features", _DEFAULTS[self.owner.kind]))

    def all(self) -> list[Feature]:
        return [Feature(self.scope, self.owner_path, each) for each in self.active()]

    def by_key(self, key: object) -> Feature | None:
        """A feature by id; one that is not active is null."""
        guid = as_guid(key)
        return Feature(self.scope, self.owner_path, guid) if guid in self.active() and guid else None

    @function("GetById")
    def get_by_id(self, call: Call) -> Feature | None:
        """A feature by id."""
        return self.by_key(call.value("featureId", 0))

    @action("Add")
    def add(self, call: Call) -> Feature:
        """Activate a feature; one that is active already is refused unless it is forced."""
        guid = as_guid(call.value("featureId", 0))
        if guid is None:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: featureId")
        if guid in self.active() and not call.flag("force", 1, default=False):
            # System.Data.DuplicateNameException is what SPFeatureCollection.Add throws; the status is that of REST for
            # such exceptions.
            raise ODataError(
                500,
                "-1, System.Data.DuplicateNameException",
                f"Feature with Id '{guid}' is already activated at scope '{self._address}'.",
            )
        return self.activate(guid)

    def activate(self, guid: str) -> Feature:
        """Make a feature active."""
        if guid not in self.active():
            self._keep([*self.active(), guid])
        return Feature(self.scope, self.owner_path, guid)

    @action("Remove")
    def remove(self, call: Call) -> None:
        """Deactivate a feature; one that is not active is refused, forced or not."""
        guid = as_guid(call.value("featureId", 0))
        call.flag("force", 1, default=False)
        if guid not in self.active():
            raise invalid_operation(f"Feature '{guid}' is not activated at this scope.")
        self._keep([each for each in self.active() if each != guid])

    @property
    def _address(self) -> str:
        return self.scope.site_url if self.owner.kind == "site" else self.scope.web_url

    def _keep(self, features: list[str]) -> None:
        self.scope.store.update(self.owner, {"_Features": features}, at=self.scope.now)
