"""The site collection."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.odata.errors import file_not_found
from spmigrate.rehearsal.sharepoint import hubs, lists, recycle, webs
from spmigrate.rehearsal.sharepoint.changes import Changes, changes_of, current_token
from spmigrate.rehearsal.sharepoint.copy_jobs import CopyJobs
from spmigrate.rehearsal.sharepoint.event_receivers import EventReceivers
from spmigrate.rehearsal.sharepoint.features import Features
from spmigrate.rehearsal.sharepoint.migration_calls import MigrationCalls
from spmigrate.rehearsal.sharepoint.migration_storage import MigrationStorage
from spmigrate.rehearsal.sharepoint.model import (
    Call,
    Resource,
    action,
    as_guid,
    computed,
    function,
    link,
)
from spmigrate.rehearsal.sharepoint.people import (
    User,
    ensure_user,
)
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID
from spmigrate.rehearsal.sharepoint.site_version_policy import VersionPolicyTemplate
from spmigrate.rehearsal.sharepoint.user_custom_actions import UserCustomActions
from spmigrate.rehearsal.sharepoint.web_properties import SITE_PROPERTIES
from spmigrate.rehearsal.sharepoint.web_templates import WebTemplateList


class Site(MigrationStorage, MigrationCalls, CopyJobs):
    """A site collection."""

    type = "SP.Site"
    feed = "Sites"
    declared = SITE_PROPERTIES
    # PnPjs selects it from the site of a hub, and is not refused.
    passed_over = frozenset({"title"})
    sets_at_once = True

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
        label = str(self.entity.props.get("SensitivityLabel") or ZERO_GUID)
        known = self.scope.store.get("sensitivitylabel", label)
        return {"DisplayName": known.name if known else None, "Id": None if label == ZERO_GUID else label}

    @computed("CurrentChangeToken")
    def _change_token(self) -> dict[str, str]:
        return current_token(self.scope, f"1;1;{self.entity.guid}")

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

    def assign(self, name: str, target: Resource) -> None:
        if name != "Owner" or not isinstance(target, User):
            return super().assign(name, target)
        self.scope.store.update(target.entity, {"IsSiteAdmin": True}, at=self.scope.now)
        self.scope.store.update(self.entity, {"Owner": target.entity.name}, at=self.scope.now)
        return None

    @link("Features")
    def features(self) -> Features:
        """The active features of the site."""
        return Features(self.scope, self.entity, "Site")

    @link("EventReceivers")
    def event_receivers(self) -> EventReceivers:
        """What is told of the site's events."""
        return EventReceivers(self.scope, self.entity, "Site")

    @link("VersionPolicyForNewLibrariesTemplate")
    def version_policy_template(self) -> VersionPolicyTemplate:
        """How many versions new libraries keep."""
        return VersionPolicyTemplate(self.scope, self.entity, "Site")

    @link("UserCustomActions")
    def user_custom_actions(self) -> UserCustomActions:
        """The custom actions."""
        return UserCustomActions(self.scope, self.entity, "Site")

    @link("RecycleBin")
    def recycle_bin(self) -> recycle.RecycleBin:
        """What was recycled anywhere in the site."""
        return recycle.SiteRecycleBin(self.scope)

    @function("GetRecycleBinItems")
    def recycle_bin_items(self, call: Call) -> recycle.RecycleBin:
        """A page of what was recycled."""
        return recycle.query_bin(self.recycle_bin(), call)

    @function("GetChanges")
    def get_changes(self, call: Call) -> Changes:
        """What happened in the site collection."""
        return changes_of(self.scope, call, site=True)

    @function("OpenWebById")
    def open_web_by_id(self, call: Call) -> webs.Web:
        """A web of the site by id."""
        guid = as_guid(call.value("gWebId", 0))
        row = self.scope.store.get("web", guid, parent=self.entity.id) if guid else None
        if row is None:
            raise file_not_found()
        return webs.Web(self.scope, row)

    @function("OpenWeb")
    def open_web(self, call: Call) -> webs.Web:
        """A web of the site by its address below the site's, or by its server-relative one."""
        root = "/" + self.entity.name.partition("/")[2]
        below = call.text("strUrl", 0)
        address = below if below.startswith("/") else f"{root.rstrip('/')}/{below}".rstrip("/") or "/"
        row = self.scope.store.find("web", self.entity.id, address)
        if row is None:
            raise file_not_found()
        return webs.Web(self.scope, row)

    @function("GetWebTemplates")
    def web_templates(self, call: Call) -> WebTemplateList:
        """What webs can be made from."""
        return WebTemplateList(self.scope, call.number("LCID", 0, default=1033), subsites=False)

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
