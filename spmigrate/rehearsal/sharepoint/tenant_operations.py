"""``SpoOperation``: how far a long-running work of the tenant's administrators is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from spmigrate.rehearsal.odata.errors import wrong_method
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action, computed
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, INT, TEXT, ZERO_GUID, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope

TYPE = "Microsoft.Online.SharePoint.TenantAdministration"
# .NET counts time in ticks of 100 ns since the year 1.
_EPOCH = datetime(1, 1, 1, tzinfo=UTC)
_TICKS = 10_000_000
# How long each takes where the recorded delays of the service are kept; anything else is complete at once.
_TAKES = {
    "CreateSite": timedelta(seconds=12),
    "RemoveSite": timedelta(seconds=10),
    "RemoveDeletedSite": timedelta(seconds=10),
    "RestoreDeletedSite": timedelta(seconds=10),
    "SetSite": timedelta(seconds=5),
}


class SpoOperation(Resource):
    """A work begun at ``ticks``: the name says which, ``url`` on what. It is known by these alone."""

    type = f"{TYPE}.SpoOperation"
    feed = "SpoOperations"
    declared = table(
        group(BOOLEAN, False, "HasTimedout IsComplete"), group(INT, 15000, "PollingInterval"), group(TEXT, "", "Id")
    )

    def __init__(self, scope: Scope, name: str, url: str, target: str = ZERO_GUID, *, ticks: int = 0) -> None:
        super().__init__(scope)
        self.name = name
        self.url = url
        self.target = target
        self.ticks = ticks or int((scope.clock.now() - _EPOCH).total_seconds() * _TICKS)

    @property
    def path(self) -> str:
        return f"{TYPE}.SpoOperation"

    @computed("IsComplete")
    def _complete(self) -> bool:
        takes = _TAKES.get(self.name, timedelta()) if self.scope.tenant.delays.sites else timedelta()
        gone = (self.scope.clock.now() - _EPOCH).total_seconds() * _TICKS - self.ticks
        return gone >= takes.total_seconds() * _TICKS

    @computed("Id")
    def _id(self) -> str:
        return f"{self.name}:{self.ticks}"

    @action("Cancel")
    def cancel(self, _call: Call) -> None:
        """Nothing that is under way here can be taken back."""
        raise wrong_method("POST", "Cancel")
