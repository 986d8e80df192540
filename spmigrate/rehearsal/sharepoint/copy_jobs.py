"""Copy jobs: files and folders that SharePoint itself copies or moves, within a site or to another one.

What stands here was seen on a real tenant (October 2026): one job for each address; an export and an import, each with
its own JobStart and JobEnd; JobFinishedObjectInfo for the object that was named alone; a copy takes the earlier
versions along and gets a new id, new people and new dates; what it replaces keeps its id and loses its history.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from spmigrate.rehearsal.content import Conflict, Item, Refusal
from spmigrate.rehearsal.http import Claims, split_address
from spmigrate.rehearsal.migration_jobs import QUEUED, RUNNING, Step
from spmigrate.rehearsal.migration_totals import count_file, count_object, no_totals, tell
from spmigrate.rehearsal.odata.errors import ODataError, bad_argument, file_not_found, invalid_query
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import folder_places, folder_tree
from spmigrate.rehearsal.sharepoint.access import Level, require_at
from spmigrate.rehearsal.sharepoint.items import ListItem
from spmigrate.rehearsal.sharepoint.model import Call, Result, Stored, action, function
from spmigrate.rehearsal.sharepoint.properties import whole
from spmigrate.rehearsal.sharepoint.scope import Scope, open_scope
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.transplant import Manner, Progress, advance, begin, finish, read_progress, write_progress

KIND = "Copy"
_PICKUP_SECONDS = 2
_AT_ONCE = 20
_PROGRESS_EVERY = 100
_CONFLICTS = (Conflict.FAIL, Conflict.REPLACE, Conflict.RENAME)
_FLAGS = frozenset({
    "AllowSchemaMismatch", "AllowSmallerVersionLimitOnDestination", "BypassSharedLock", "ExcludeChildren",
    "IgnoreVersionHistory", "IncludeItemPermissions", "IsMoveMode", "MergeEmailNotifications", "MoveAndShareItems",
    "MoveButKeepSource", "SameWebCopyMoveOptimization",
})  # fmt: skip
_OTHERS = frozenset({"ClientEtags", "CustomizedItemName", "MoveAndShareFileInfo", "NameConflictBehavior"})
_STATES = {QUEUED: 2, RUNNING: 4}


class CopyJobs(Stored):
    """The calls of a site that make copy jobs and ask after them."""

    @action("CreateCopyJobs", level=Level.WRITE)
    def create_copy_jobs(self, call: Call) -> Result:
        """A job for each address."""
        infos = [self._make_job([uri], call, place) for place, uri in enumerate(call.texts("exportObjectUris", 0))]
        return Result("CreateCopyJobs", Bag("Collection(SP.CopyMigrationInfo)", tuple(infos)))

    @action("CreateCopyJob", level=Level.WRITE)
    def create_copy_job(self, call: Call) -> Result:
        """One job for all addresses; the older form."""
        return Result("CreateCopyJob", self._make_job(call.texts("exportObjectUris", 0), call, 0))

    @function("GetCopyJobProgress")
    def get_copy_job_progress(self, call: Call) -> Result:
        """How a job stands, and what it reported since this was asked last."""
        info = call.value("copyJobInfo", 0)
        if not isinstance(info, Mapping):
            raise bad_argument("Value cannot be null.\r\nParameter name: copyJobInfo")
        jobs = self.scope.tenant.jobs
        job = jobs.find_anywhere(str(info.get("JobId") or ""))
        logs: list[str] = []
        if job is not None:
            logs, told = jobs.events(job, after=int(job.props.get("Told", 0)))
            jobs.keep(job, {"Told": told})
        state = 0 if job is None else _STATES.get(str(job.props["State"]), 0)
        values = {"JobState": state, "Logs": Bag("Collection(Edm.String)", tuple(logs))}
        return Result("GetCopyJobProgress", Complex("SP.CopyJobProgress", values))

    def _make_job(self, uris: list[str], call: Call, place: int) -> Complex:
        options = read_options(call.value("options", 2, default=None))
        destination = call.text("destinationUri", 1)
        sources = [_find_source(self.scope, uri) for uri in uris]
        target, address = _scope_at(self.scope, destination)
        folder = folder_places.find_folder(target, address)
        if folder is not None:
            require_at(folder, Level.WRITE, "create")
        names, tags = options.get("CustomizedItemName") or [], options.get("ClientEtags") or []
        if tags:  # each belongs to the address at its own place, as the names do
            options["ClientEtags"] = tags[place : place + len(uris)]
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        containers = self.scope.tenant.azure.containers
        queue_uri = containers.provision_queue(site=self.entity.id, number=self.entity.id, key=key)
        queue = containers.queue(split_address(queue_uri).path.strip("/"))
        props = {
            "Web": target.web.guid, "By": self.scope.claims.login, "Key": key, "Queue": queue.id if queue else 0,
            "Sources": [[uri, item.guid, item.list] for uri, item in zip(uris, sources, strict=True)],
            "Host": target.host, "Folder": address, "Options": options,
            "Name": str(names[place]) if place < len(names) else "",
        }  # fmt: skip
        job = self.scope.tenant.jobs.add(target.site, KIND, "Export", props, wait=_PICKUP_SECONDS)
        if job is None:
            raise ODataError(503, "-1, Microsoft.SharePoint.Client.ClientServiceException", "The queue is full.")
        ids = Bag("Collection(Edm.Guid)", tuple(item.guid for item in sources))
        values = {
            "EncryptionKey": key, "JobId": job.guid, "JobQueueUri": queue_uri, "SourceListItemUniqueIds": ids,
        }  # fmt: skip
        return Complex("SP.CopyMigrationInfo", values)


def read_options(given: object) -> dict[str, Any]:
    """The options of a job; refuses what the type does not have."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: options")
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name == "__metadata" or "odata" in name or value is None:
            continue
        if name not in _FLAGS | _OTHERS:
            raise invalid_query(
                f"The property '{name}' does not exist on type 'SP.CopyMigrationOptions'. Make sure to only use "
                "property names that are defined by the type."
            )
        found[name] = list(value["results"]) if isinstance(value, Mapping) and "results" in value else value
    if found.get("NameConflictBehavior", 0) not in (0, 1, 2):
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: NameConflictBehavior")
    return found


def _find_source(scope: Scope, uri: str) -> Item:
    source, address = _scope_at(scope, uri)
    found = folder_tree.find_item(source, address)
    if found is None:
        raise file_not_found()
    require_at(ListItem(source, *found), Level.READ)
    return found[1]


def _scope_at(scope: Scope, uri: str) -> tuple[Scope, str]:
    """The surroundings of an absolute or server-relative address, and the address itself on its server."""
    parts = split_address(uri)
    address = unquote(parts.path).rstrip("/")
    host = (parts.hostname or scope.host).lower()
    return open_scope(scope.tenant, scope.claims, host, address), address


def run_copy(tenant: Tenant, job: Entity, moment: float) -> Step:
    """Do the next piece of a copy job."""
    run = _Run(tenant, job, moment)
    try:
        return run.go_on() if job.props.get("Progress") else run.begin()
    except Refusal as refusal:
        return run.fail(refusal)
    except ODataError as error:
        return run.fail(Refusal(error.code, error.message))


class _Run:
    """One step of one job."""

    def __init__(self, tenant: Tenant, job: Entity, moment: float) -> None:
        self._tenant = tenant
        self._jobs = tenant.jobs
        self._job = job
        self._moment = moment
        self._totals: dict[str, Any] = dict(job.props.get("Totals") or no_totals())
        self._manner = _manner(str(job.props["By"]), job.props["Options"])

    def begin(self) -> Step:
        """Export what is named, and do the object itself."""
        number = int(self._job.props["Cursor"])
        uri, source = self._source(number)
        if number == 0:
            self._totals["expected"] = len(self._job.props["Sources"])
            self._tell("JobEnd", ended=True)
            self._job = self._jobs.keep(self._job, {"Direction": "Import"})
            self._jobs.report_start(self._job, at=self._moment)
        self._refuse_changed(source, number)
        folder = self._folder()
        try:
            with self._tenant.store.transaction():
                progress = begin(
                    self._tenant, source, folder, name=self._job.props["Name"] or None, manner=self._manner
                )
        except Refusal as refusal:
            if refusal.code != "nameAlreadyExists":
                raise
            name = self._job.props["Name"] or source.name
            message = f"A file or folder with the name {name} already exists at the destination."
            raise Refusal(refusal.code, message) from None
        return self._after(progress, source, uri, Progress(progress.made))

    def go_on(self) -> Step:
        """Do more of a folder's content."""
        uri, source = self._source(int(self._job.props["Cursor"]))
        before = read_progress(self._tenant, self._job.props["Progress"])
        progress = advance(self._tenant, before, manner=self._manner, limit=_AT_ONCE)
        return self._after(progress, source, uri, before)

    def _after(self, progress: Progress, source: Item, uri: str, before: Progress) -> Step:
        files, size = progress.files - before.files, progress.size - before.size
        folders = progress.folders - before.folders
        for _ in range(files):
            count_object(self._totals, "SPFile")
            count_file(self._totals, versions=1, size=size // files, current=size // files)
        for _ in range(folders):
            count_object(self._totals, "SPFolder")
        if progress.frames:
            if self._totals["objects"] // _PROGRESS_EVERY > (self._totals["objects"] - files) // _PROGRESS_EVERY:
                self._tell("JobProgress", ended=False)
            self._job = self._jobs.keep(self._job, {"Progress": write_progress(progress), "Totals": self._totals})
            return Step(self._job, items=files + folders, size=0)
        finish(self._tenant, source, progress.made, manner=self._manner)
        self._say_where(progress.made, uri)
        return self._next_or_end(files + folders)

    def _next_or_end(self, items: int) -> Step:
        number = int(self._job.props["Cursor"]) + 1
        if number < len(self._job.props["Sources"]):
            patch = {"Cursor": number, "Totals": self._totals, "Progress": None}
            self._job = self._jobs.keep(self._job, patch)
            return Step(self._job, items=items)
        self._tell("JobEnd", ended=True)
        self._jobs.end(self._job)
        return Step(self._job, items=items, ended=True)

    def fail(self, refusal: Refusal) -> Step:
        """Tell why an object could not be copied."""
        self._totals["errors"] += 1
        uri = str(self._job.props["Sources"][int(self._job.props["Cursor"])][0])
        codes = {"nameAlreadyExists": -2147024713, "itemNotFound": -2147024894, "resourceLocked": -2147018894}
        told = {
            "ObjectType": "File", "Url": uri, "Id": "", "SourceListItemIntId": "-1", "TargetListItemIntId": "-1",
            "ErrorCode": str(codes.get(refusal.code, -2130575245)), "ErrorType": "Microsoft.SharePoint.SPException",
            "Message": refusal.message,
        }  # fmt: skip
        self._jobs.report(self._job, "JobError", told, at=self._moment)
        return self._next_or_end(1)

    def _source(self, number: int) -> tuple[str, Item]:
        uri, guid, listing = self._job.props["Sources"][number]
        found = self._tenant.content.one("guid = ? AND list = ? AND bin = 0", guid, listing)
        if found is None:
            raise Refusal("itemNotFound", "File Not Found.")
        return str(uri), found

    def _refuse_changed(self, source: Item, number: int) -> None:
        tags = self._job.props["Options"].get("ClientEtags") or []
        if number < len(tags) and tags[number]:
            wanted = str(tags[number]).strip('"').lower()
            if wanted != f"{{{source.guid}}},{source.etag}":
                raise Refusal("changed", "The file has been changed since it was last read: the ETag does not match.")

    def _folder(self) -> Item:
        scope = self._scope()
        folder = folder_places.find_folder(scope, str(self._job.props["Folder"]))
        if folder is None or folder.item is None:
            raise Refusal("itemNotFound", "The destination folder does not exist.")
        return folder.item

    def _scope(self) -> Scope:
        claims = Claims("", "", "", "")
        return open_scope(self._tenant, claims, str(self._job.props["Host"]), str(self._job.props["Folder"]))

    def _say_where(self, made: Item, uri: str) -> None:
        scope = self._scope()
        listing = self._tenant.store.by_id(made.list)
        address = folder_tree.address_of(scope, made)
        told = {
            "SourceObjectFullUrl": uri, "TargetServerUrl": f"https://{scope.host}", "TargetSiteId": scope.site.guid,
            "TargetWebId": scope.web.guid, "TargetListId": listing.guid if listing else "",
            "TargetObjectUniqueId": made.guid,
            "TargetObjectSiteRelativeUrl": address.removeprefix(f"/{scope.site.name.partition('/')[2]}").strip("/"),
        }  # fmt: skip
        self._jobs.report(self._job, "JobFinishedObjectInfo", told, at=self._moment)

    def _tell(self, event: str, *, ended: bool) -> None:
        self._jobs.report(self._job, event, tell(self._totals, ended=ended, milliseconds=0), at=self._moment)


def _manner(by: str, options: Mapping[str, Any]) -> Manner:
    keeps_source = bool(options.get("MoveButKeepSource"))
    return Manner(
        by=by,
        move=bool(options.get("IsMoveMode")) and not keeps_source,
        versions=keeps_source or not options.get("IgnoreVersionHistory"),
        author=keeps_source,
        editor=keeps_source,
        conflict=_CONFLICTS[whole(options.get("NameConflictBehavior"), "NameConflictBehavior")],
        anew=True,
        children=not options.get("ExcludeChildren"),
    )
