"""Running a migration job: read the package, see whether too much of it is wrong, import it, write the log.

A package with more than 100 errors is blocked as a whole, what is right in it included (the settings pages of the
SharePoint Migration Tool and of Migration Manager): so everything is looked at before anything is imported.
"""

from __future__ import annotations

import base64
import secrets
from typing import Any

from spmigrate.rehearsal.blobs import Blob
from spmigrate.rehearsal.http import Claims
from spmigrate.rehearsal.migration_content import need_blob, opened, put_text, vector_of
from spmigrate.rehearsal.migration_jobs import Step
from spmigrate.rehearsal.migration_package import (
    ARCHIVES,
    OTHERS,
    PEOPLE,
    SETTINGS,
    SYSTEM,
    PackageObject,
    PackageProblem,
    check_settings,
    read_document,
    read_manifest_names,
    read_objects,
    read_people,
)
from spmigrate.rehearsal.migration_totals import count_file, count_object, no_totals, tell
from spmigrate.rehearsal.naming import name_problem
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.sharepoint.migration_archives import read_archives
from spmigrate.rehearsal.sharepoint.migration_objects import Done, Importer, Source
from spmigrate.rehearsal.sharepoint.migration_people import PackagePeople
from spmigrate.rehearsal.sharepoint.migration_rows import Rows
from spmigrate.rehearsal.sharepoint.migration_security import import_assignments, import_roles
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

MOST_ERRORS = 100
_CHECKED_AT_ONCE, _IMPORTED_AT_ONCE = 100, 20
_BYTES_AT_ONCE = 16 << 20
_PROGRESS_EVERY = 100


def run_import(tenant: Tenant, job: Entity, moment: float) -> Step:
    """Do the next piece of an import job."""
    run = _Run(tenant, job, moment)
    phase = job.props.get("Phase", "read")
    try:
        if phase == "read":
            return run.read()
        return run.check() if phase == "check" else run.work()
    except PackageProblem as problem:
        run.note("JobFatalError", problem)
        return run.finish()


class _Run:
    """One step of one job."""

    def __init__(self, tenant: Tenant, job: Entity, moment: float) -> None:
        self._tenant = tenant
        self._jobs = tenant.jobs
        self._job = job
        self._moment = moment
        self._rows = Rows(tenant.store, job.id)
        self._totals: dict[str, Any] = dict(job.props.get("Totals") or no_totals())
        text = str(job.props.get("Key") or "")
        self._key = base64.b64decode(text) if text else None
        self._warned: list[str] = list(job.props.get("Warned", []))

    def read(self) -> Step:
        """Take the manifest files out of their container."""
        if self._key is None and self._job.props.get("Lent"):
            # "Migration API rejects migration jobs generated from unencrypted SharePoint-provided containers"
            # (migration-azure.md). Whether at once or when the job runs is not said; here it is the job.
            raise PackageProblem("The content of containers that SharePoint provides must be encrypted.")
        with self._manifest(SETTINGS) as (path, _):
            check_settings(path)
        with self._manifest(SYSTEM) as (path, _):
            names = read_manifest_names(path)
        with self._manifest(PEOPLE) as (path, _):
            people = read_people(path)
        for name in OTHERS:
            with self._manifest(name) as (path, _):
                read_document(path, name)
        archived: dict[str, Blob] = {}
        if self._tenant.azure.containers.blob(int(self._job.props["Manifest"]), ARCHIVES) is not None:
            with self._manifest(ARCHIVES) as (path, _):
                containers = self._tenant.azure.containers
                archived = read_archives(path, containers, int(self._job.props["Content"]), self._key)
        self._rows.keep_people({"users": people.users, "groups": people.groups})
        for _ in people.users:
            count_object(self._totals, "SPUser")
        self._totals["objects"] = 0
        number = 0
        for name in names:
            with self._manifest(name) as (path, _):
                for found in read_objects(path):
                    number += 1
                    self._rows.add(number, found)
        self._totals["expected"] = number
        return self._go_on("check", 0, Archived={name: [b.address, b.size, b.hash] for name, b in archived.items()})

    def check(self) -> Step:
        """Look for what can't be imported, without importing anything."""
        page = self._rows.after(int(self._job.props["Cursor"]), _CHECKED_AT_ONCE)
        if not page:
            return self._go_on("work", 0, Faulty=[])
        faulty: list[list[Any]] = list(self._job.props.get("Faulty", []))
        for _, found in page:
            problem = self._foresee(found)
            if problem is not None:
                faulty.append([found.dump(), problem.message, problem.error, problem.code])
        if len(faulty) > MOST_ERRORS:
            for dumped, message, error, code in faulty:
                self.note("JobError", PackageProblem(message, error=error, code=code), PackageObject.load(dumped))
            raise PackageProblem(
                f"The package has more than {MOST_ERRORS} errors. It is blocked, and nothing of it is imported."
            )
        return self._go_on("check", page[-1][0], Faulty=faulty)

    def _foresee(self, found: PackageObject) -> PackageProblem | None:
        if found.kind not in ("SPFile", "SPFolder"):
            return None
        name = found.node.get("Url").rstrip("/").rpartition("/")[2] or found.node.get("Name")
        refused = name_problem(name, folder=found.kind == "SPFolder")
        if refused is not None:
            return PackageProblem(refused, code=-2130245363)
        states = found.node.all("Versions", "File") or [found.node]
        try:
            for state in states if found.kind == "SPFile" else []:
                if state.get("FileValue") in self._job.props.get("Archived", {}):
                    continue
                container = int(self._job.props["Content"])
                blob = need_blob(self._tenant.azure.containers, container, state.get("FileValue"), snapshot=True)
                if self._key is not None:
                    vector_of(blob)
        except PackageProblem as problem:
            return problem
        return None

    def work(self) -> Step:
        """Import the next objects."""
        scope, page = self._scope(), self._rows.after(int(self._job.props["Cursor"]), _IMPORTED_AT_ONCE)
        if not page:
            return self.finish()
        people = PackagePeople(scope, self._rows.people(), self._warn)
        importer = Importer(
            scope,
            Source(int(self._job.props["Content"]), self._key, self._job.props.get("Archived", {})),
            people,
            self._rows,
        )
        items = size = 0
        last = 0
        for number, found in page:
            done = self._import(importer, scope, people, found)
            self._rows.place(number, done.item)
            last, size = number, size + done.size
            items += max(done.versions, 1 if found.kind == "SPFolder" else 0)
            if self._totals["objects"] % _PROGRESS_EVERY == 0:
                self._tell("JobProgress", ended=False)
            if self._totals["errors"] > MOST_ERRORS:
                raise PackageProblem(f"The job was stopped after more than {MOST_ERRORS} errors.")
            if size > _BYTES_AT_ONCE:
                break
        step = self._go_on("work", last)
        return Step(step.job, items=items, size=size)

    def _import(self, importer: Importer, scope: Scope, people: PackagePeople, found: PackageObject) -> Done:
        done = Done()
        try:
            with self._tenant.store.transaction():
                if found.kind == "DeploymentRoles":
                    self._job = self._jobs.keep(self._job, {"Roles": import_roles(scope, found)})
                elif found.kind == "DeploymentRoleAssignments":
                    roles = self._job.props.get("Roles", {})
                    for problem in import_assignments(scope, found, roles, people, importer):
                        self.note("JobError", problem, found)
                else:
                    done = importer.run(found)
        except PackageProblem as problem:
            self.note("JobError", problem, found)
        except ODataError as error:
            self.note("JobError", PackageProblem(error.message), found)
        count_object(self._totals, found.kind, versions=done.versions)
        if done.files:
            count_file(self._totals, versions=done.versions, size=done.size, current=done.current)
        return done

    def finish(self) -> Step:
        """The job is at its end: say so, and leave the log in the manifest's container."""
        self._tell("JobEnd", ended=True)
        lines: dict[str, list[str]] = {"log": [], "err": [], "wrn": []}
        after, page = 0, ["-"]
        while page:
            page, after = self._jobs.events(self._job, after=after)
            for line in page:
                lines["log"].append(line)
                kind = "err" if 'Error"}' in line else "wrn" if 'Warning"}' in line else ""
                if kind:
                    lines[kind].append(line)
        for ending, found in lines.items():
            if found:
                put_text(
                    self._tenant.azure.containers, int(self._job.props["Manifest"]),
                    f"Import-{self._job.guid}-1.{ending}", text="\r\n".join(found) + "\r\n", key=self._key,
                    vector=secrets.token_bytes(16),
                )  # fmt: skip
        self._jobs.end(self._job)
        return Step(self._job, ended=True)

    def note(self, event: str, problem: PackageProblem, found: PackageObject | None = None) -> None:
        """Tell what went wrong with an object, or with the whole."""
        self._totals["warnings" if event == "JobWarning" else "errors"] += 1
        node = found.node if found else None
        number = (node.get("ListItemIntId") or node.get("IntId")) if node else ""
        told = {
            "ObjectType": found.kind.removeprefix("SP") if found else "", "Url": node.get("Url") if node else "",
            "Id": found.id if found else "", "SourceListItemIntId": number, "TargetListItemIntId": number,
            "ErrorCode": str(problem.code), "ErrorType": problem.error, "Message": problem.message,
        }  # fmt: skip
        if event == "JobFatalError":
            told |= {"SourceListItemIntId": "-1", "TargetListItemIntId": "-1"}
        self._jobs.report(self._job, event, told, at=self._moment)

    def _warn(self, key: str, text: str) -> None:
        if key not in self._warned:
            self._warned.append(key)
            self.note("JobWarning", PackageProblem(text, code=-2130575276))

    def _tell(self, event: str, *, ended: bool) -> None:
        began = float(self._job.props.get("Started") or self._moment)
        told = tell(self._totals, ended=ended, milliseconds=round((self._moment - began) * 1000))
        self._jobs.report(self._job, event, told, at=self._moment)

    def _go_on(self, phase: str, cursor: int, **more: Any) -> Step:
        patch = {"Phase": phase, "Cursor": cursor, "Totals": self._totals, "Warned": self._warned, **more}
        self._job = self._jobs.keep(self._job, patch)
        return Step(self._job)

    def _manifest(self, name: str) -> Any:
        containers = self._tenant.azure.containers
        blob = need_blob(containers, int(self._job.props["Manifest"]), name, snapshot=False)
        return opened(containers, blob, self._key)

    def _scope(self) -> Scope:
        store = self._tenant.store
        site = store.by_id(self._job.parent)
        web = store.get("web", str(self._job.props["Web"]), parent=site.id) if site else None
        if site is None or web is None or site.deleted:
            raise PackageProblem("The target web of the job no longer exists.", code=-2147024894)
        return Scope(self._tenant, Claims("", "", "", ""), site.name.partition("/")[0], site, web)
