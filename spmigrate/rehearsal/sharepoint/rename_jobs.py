"""``SiteRenameJobs``: giving sites another address, on the admin host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.sharepoint import site_manager
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Stored, computed, function
from spmigrate.rehearsal.sharepoint.properties import GUID, INT, TEXT, ZERO_GUID, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity, Store

_KIND = "renamejob"


class RenameJob(Stored):
    """One change of a site's address."""

    type = "Microsoft.Online.SharePoint.Onboarding.RestService.Service.SiteRenameJobEntityData"
    feed = "SiteRenameJobs"
    declared = table(
        group(INT, 0, "ErrorCode Option"),
        group(TEXT, "", "ErrorDescription TriggeredBy SourceSiteUrl TargetSiteUrl"),
        group(TEXT, None, "Reserve SkipGestures TargetSiteTitle"),
        group(TEXT, "Success", "JobState"),
        group(GUID, ZERO_GUID, "OperationId ParentId SiteId"),
        group(GUID, "", "JobId"),
    )

    @property
    def path(self) -> str:
        return f"SiteRenameJobs('{self.entity.guid}')"

    @computed("JobId")
    def _id(self) -> str:
        return self.entity.guid


class QueuedJob(RenameJob):
    """A change as the answer shows it that takes the order."""

    @computed("JobState")
    def _state(self) -> str:
        return "Queued"


class RenameJobs(Collection):
    """All changes of addresses; each is done at once, though its answer says that it is in line."""

    feed = "SiteRenameJobs"
    element = RenameJob

    def all(self) -> list[RenameJob]:
        return [RenameJob(self.scope, row) for row in self.scope.store.every(_KIND)]

    @function("GetJobsBySiteUrl")
    def by_site(self, call: Call) -> JobsOfSite:
        """The changes of one site, named by its old address."""
        return JobsOfSite(self.scope, call.text("url", 0).rstrip("/").casefold())

    def create(self, call: Call) -> RenameJob:
        """Give a site another address, at once, and keep the job that says so; refuses an address that is held."""
        given = call.body
        source, target = (str(given.get(name) or "").rstrip("/") for name in ("SourceSiteUrl", "TargetSiteUrl"))
        row = site_manager.find_site(self.scope, source)
        address = target.partition("://")[2]
        _refuse_target(row, address)
        if site_manager.address_state(self.scope, address) != "free":
            raise bad_argument(f"The target site URL {target} already exists.\r\nParameter name: TargetSiteUrl")
        title = given.get("TargetSiteTitle")
        move_site(self.scope.store, row, address, at=self.scope.now, title=str(title or ""))
        props: Mapping[str, Any] = {
            "SourceSiteUrl": source, "TargetSiteUrl": target, "TargetSiteTitle": title, "SiteId": row.guid,
            "Option": int(given.get("Option") or 0), "TriggeredBy": self.scope.claims.user,
        }  # fmt: skip
        return QueuedJob(self.scope, self.scope.store.insert(_KIND, "", at=self.scope.now, props=props))


class JobsOfSite(RenameJobs):
    """The changes of one site's address, the newest first."""

    def __init__(self, scope: Scope, source: str) -> None:
        super().__init__(scope)
        self.source = source

    def all(self) -> list[RenameJob]:
        found = reversed(super().all())
        return [each for each in found if str(each.stored()["SourceSiteUrl"]).casefold() == self.source]


def move_site(store: Store, site: Entity, address: str, *, at: str, title: str = "") -> None:
    """Give a site and its webs another address, and a title if one is named."""
    old, new = (f"/{each.partition('/')[2]}" for each in (site.name, address))
    for web in store.children(site.id, "web"):
        root = web.name.casefold() == old.casefold()
        store.update(web, {"Title": title} if title and root else {}, at=at, name=new + web.name[len(old) :])
    store.update(site, {"Title": title} if title else {}, at=at, name=address)
    props = {"Template": site_manager.REDIRECT, "Title": site.props.get("Title", ""), "To": address}
    store.insert("redirect", site.name, at=at, props=props)


def _refuse_target(site: Entity, address: str) -> None:
    host, _, path = site.name.partition("/")
    if not path:
        raise bad_argument("The root site can't be renamed.\r\nParameter name: SourceSiteUrl")
    managed = path.partition("/")[0]
    if not address.casefold().startswith(f"{host}/{managed}/".casefold()) or address.count("/") != 2:
        raise bad_argument("The target site URL is not valid.\r\nParameter name: TargetSiteUrl")
