"""The Migration API's calls of a site: make a job, ask after it, cancel it.

Source: "SharePoint Migration API Reference Guide" and "GetMigrationJobProgress API" (sp-dev-docs).
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qsl

from spmigrate.rehearsal.azure import sas
from spmigrate.rehearsal.azure.answers import AzureError
from spmigrate.rehearsal.azure.containers import ACCOUNT
from spmigrate.rehearsal.http import split_address
from spmigrate.rehearsal.migration_content import KEY_BYTES
from spmigrate.rehearsal.migration_jobs import DELETED, ENDED, KEPT_SECONDS, QUEUED, RUNNING
from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError, bad_argument, not_built
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint.model import Call, Result, Stored, action, as_guid, function
from spmigrate.rehearsal.storage import Entity

KIND = "Import"
_STATES = {QUEUED: 2, RUNNING: 4}
_NOT_FOUND, _EXPIRED = -2147213145, -2147213146


class MigrationCalls(Stored):
    """The calls of a site that import packages."""

    @action("CreateMigrationJob")
    def create_migration_job(self, call: Call) -> Result:
        """Import a package that is not encrypted."""
        return Result("CreateMigrationJob", self._submit(call, ""))

    @action("CreateMigrationJobEncrypted")
    def create_migration_job_encrypted(self, call: Call) -> Result:
        """Import an encrypted package."""
        options = call.value("options", 4)
        text = str(options.get("AES256CBCKey") or "") if isinstance(options, dict) else ""
        try:
            length = len(base64.b64decode(text, validate=True))
        except ValueError:
            raise bad_argument(
                "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two "
                "padding characters, or an illegal character among the padding characters."
            ) from None
        if length != KEY_BYTES:
            raise bad_argument("Specified key is not a valid size for this algorithm.")
        return Result("CreateMigrationJobEncrypted", self._submit(call, text))

    def _submit(self, call: Call, key: str) -> str | None:
        web = self.scope.store.get("web", as_guid(call.value("gWebId", 0)) or "", parent=self.entity.id)
        if web is None:
            raise ODataError(500, f"-2147024894, {SP_EXCEPTION}", "The web with the given id could not be found.")
        content = self._container_at(call.text("azureContainerSourceUri", 1), "r")
        manifest = self._container_at(call.text("azureContainerManifestUri", 2), "rw")
        if content.id == manifest.id:
            raise bad_argument("The containers of content and manifest must be different.")
        for each in (content, manifest):
            # "Migration API uses a container exclusively once for each request" (migration-azure.md).
            if each.props.get("Job"):
                raise bad_argument("The container has been used by another migration job already.")
        report = call.value("azureQueueReportUri", 3, default=None)
        props: dict[str, Any] = {
            "Web": web.guid, "Content": content.id, "Manifest": manifest.id, "Key": key, "Lent": True,
            "Queue": self._queue_at(str(report)).id if report else 0, "By": self.scope.claims.login,
        }  # fmt: skip
        job = self.scope.tenant.jobs.add(self.entity, KIND, "Import", props)
        if job is None:
            return None
        for each in (content, manifest):
            self.scope.store.update(each, {"Job": job.guid}, at=self.scope.now)
        return job.guid

    def _container_at(self, uri: str, letters: str) -> Entity:
        name = self._granted(uri, "blob", letters)
        found = self.scope.tenant.azure.containers.container(name)
        if found is None:
            raise bad_argument("The specified container does not exist.")
        return found

    def _queue_at(self, uri: str) -> Entity:
        found = self.scope.tenant.azure.containers.queue(self._granted(uri, "queue", "a"))
        if found is None:
            raise bad_argument("The specified queue does not exist.")
        return found

    def _granted(self, uri: str, kind: str, letters: str) -> str:
        """The name of the container or queue at an address whose signature allows what is needed."""
        address = split_address(uri)
        host = address.hostname or ""
        if address.scheme != "https" or f".{kind}." not in host:
            raise bad_argument(f"The address of the Azure {kind} is not valid.")
        containers = self.scope.tenant.azure.containers
        name, query = address.path.strip("/"), dict(parse_qsl(address.query, keep_blank_values=True))
        if host.partition(".")[0] != ACCOUNT:
            # A storage account of the customer's own, which the rehearsal does not have.
            raise not_built("POST", f"jobs with containers or queues at {host}")
        try:
            now = self.scope.clock.seconds()
            allowed = sas.check(query, name, account=ACCOUNT, key=containers.key(), now=now)
        except AzureError as error:
            raise bad_argument(f"The remote server returned an error: ({error.status}) {error.code}.") from None
        if not set(letters) <= set(allowed):
            raise bad_argument("The shared access signature does not have the permissions that are needed.")
        return name

    @function("GetMigrationJobStatus")
    def get_migration_job_status(self, call: Call) -> int:
        """0 for none (also for one that is done), 2 for queued, 4 for processing."""
        job = self.scope.tenant.jobs.find(self.entity, call.text("id", 0))
        return 0 if job is None else _STATES.get(str(job.props["State"]), 0)

    @function("GetMigrationStatus")
    def get_migration_status(self, _call: Call) -> Result:
        """The jobs of this site that are not done."""
        jobs = self.scope.tenant.jobs.unfinished(site=self.entity.id)
        states = tuple(
            Complex("SP.SPMigrationJobStatus", {"JobId": job.guid, "JobState": _STATES.get(str(job.props["State"]), 0)})
            for job in jobs
        )
        return Result("GetMigrationStatus", Bag("Collection(SP.SPMigrationJobStatus)", states))

    @function("GetMigrationJobProgress")
    def get_migration_job_progress(self, call: Call) -> Result:
        """Events after a token, and the next token."""
        jobs = self.scope.tenant.jobs
        job = jobs.find(self.entity, call.text("jobId", 0))
        if job is None:
            raise ODataError(500, f"{_NOT_FOUND}, {SP_EXCEPTION}", "Job not found")
        ended = job.props.get("Ended")
        if ended is not None and self.scope.clock.seconds() - float(ended) > KEPT_SECONDS:
            raise ODataError(500, f"{_EXPIRED}, {SP_EXCEPTION}", "Job status expired")
        token = call.text("nextToken", 1, default="0").strip() or "0"
        if not token.isdecimal():
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: nextToken")
        logs, last = jobs.events(job, after=int(token))
        values = {"Logs": Bag("Collection(Edm.String)", tuple(logs)), "NextToken": str(last)}
        return Result("GetMigrationJobProgress", Complex("SP.MigrationJobProgress", values))

    @action("DeleteMigrationJob")
    def delete_migration_job(self, call: Call) -> bool:
        """Cancel a job; false when there is none that could be."""
        jobs = self.scope.tenant.jobs
        job = jobs.find(self.entity, call.text("id", 0))
        if job is None or job.props["State"] in (ENDED, DELETED):
            return False
        jobs.report(job, "JobDeleted", {}, at=self.scope.clock.seconds())
        jobs.end(job, DELETED)
        return True
