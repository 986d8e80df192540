"""The site collection."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.sharepoint import hubs, lists, recycle, webs
from spmigrate.rehearsal.sharepoint.features import Features
from spmigrate.rehearsal.sharepoint.migration_storage import MigrationStorage
from spmigrate.rehearsal.sharepoint.model import (
    Call,
    action,
    computed,
    function,
    link,
)
from spmigrate.rehearsal.sharepoint.people import (
    User,
    ensure_user,
)
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID
from spmigrate.rehearsal.sharepoint.web_properties import SITE_PROPERTIES


class Site(MigrationStorage):
    """A site collection."""

    type = "SP.Site"
    feed = "Sites"
    declared = SITE_PROPERTIES

    @property
    def path(self) -> str:
        return "Site"

    @computed("Id")
    def _id(self) -> str:
        return self.entity.guid

    @computed("Url")
    def _url(self) -> str:
        return self.scope.site_url

    @computed("PrimaryUri")
    def _primary(self) -> str:
        return self.scope.site_url

    @computed("ServerRelativeUrl")
    def _server_relative(self) -> str:
        return "/" + self.entity.name.partition("/")[2]

    @computed("ServerRelativePath")
    def _server_path(self) -> dict[str, str]:
        return {"DecodedUrl": self._server_relative()}

    @computed("ResourcePath")
    def _resource_path(self) -> dict[str, str]:
        return {"DecodedUrl": self.scope.site_url}

    @computed("IsHubSite")
    def _is_hub(self) -> bool:
        return hubs.find_hub(self.scope, self.entity.guid) is not None

    @computed("HubSiteId")
    def _hub_id(self) -> str:
        return str(self.entity.props.get("HubSiteId") or ZERO_GUID)

    @computed("ReadOnly")
    def _read_only(self) -> bool:
        return self.entity.props.get("LockState") == "ReadOnly"

    @computed("RelatedGroupId")
    def _related_group(self) -> str:
        return str(self.entity.props.get("GroupId") or ZERO_GUID)

    @computed("SensitivityLabelInfo")
    def _label_info(self) -> dict[str, Any]:
        label = self.entity.props.get("SensitivityLabel") or ""
        return {"DisplayName": None, "Id": None if label in ("", ZERO_GUID) else label}

    @computed("CurrentChangeToken")
    def _change_token(self) -> dict[str, str]:
        return {"StringValue": f"1;1;{self.entity.guid};638000000000000000;{self.scope.content.last_change}"}

    @computed("Usage")
    def _usage(self) -> dict[str, Any]:
        return {"Bandwidth": "0", "DiscussionStorage": "0", "Hits": "0", "Storage": "0", "StoragePercentageUsed": 0.0,
                "Visits": "0"}  # fmt: skip

    @link("RootWeb")
    def root_web(self) -> webs.Web:
        """The site's root web."""
        row = self.scope.store.find("web", self.entity.id, "/" + self.entity.name.partition("/")[2])
        assert row is not None
        return webs.Web(self.scope, row)

    @link("Owner")
    def owner(self) -> User:
        """The primary administrator."""
        return User(self.scope, ensure_user(self.scope, str(self.entity.props.get("Owner"))))

    @link("Features")
    def features(self) -> Features:
        """The active features of the site."""
        return Features(self.scope, self.entity, "Site")

    @link("RecycleBin")
    def recycle_bin(self) -> recycle.RecycleBin:
        """What was recycled anywhere in the site."""
        return recycle.RecycleBin(self.scope)

    @action("RegisterHubSite")
    def register_hub_site(self, call: Call) -> hubs.HubSite:
        """Make the site a hub."""
        return hubs.register(self.scope, call.record("creationInformation"))

    @action("UnregisterHubSite")
    def unregister_hub_site(self, _call: Call) -> None:
        """Make the site an ordinary one."""
        hubs.unregister(self.scope)

    @action("JoinHubSite")
    def join_hub_site(self, call: Call) -> None:
        """Associate the site with a hub; the zero GUID leaves it."""
        hubs.join(self.scope, str(call.value("hubSiteId", 0)))

    @function("GetCatalog")
    def get_catalog(self, call: Call) -> lists.List:
        """A gallery by kind."""
        return self.root_web().get_catalog(call)
