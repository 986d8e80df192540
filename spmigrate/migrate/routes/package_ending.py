"""A submitted package until its outcome: its job is asked how far it is, its log read, the destination looked at."""

import time
from collections.abc import Callable, Sequence

from spmigrate import log, words
from spmigrate.errors import NotFound, Refused, TenantError
from spmigrate.migrate.job_codes import RECYCLED
from spmigrate.migrate.package import cipher
from spmigrate.migrate.package.events import Report, Trouble
from spmigrate.migrate.routes import package_outcome
from spmigrate.migrate.routes.job import Later
from spmigrate.migrate.routes.package_target import PackageTarget
from spmigrate.sealed import Sealed
from spmigrate.store import package_identities, packages
from spmigrate.store.batches import Batch, Moved, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.store.packages import Package, PackedFile
from spmigrate.tenant import blobs
from spmigrate.tenant import packages as service
from spmigrate.tenant.blobs import ContainerGone
from spmigrate.tenant.packages import Containers, JobForgotten
from spmigrate.tenant.session import Tenant

POLL_SECONDS = 60.0
"""How often a job is asked how far it is. Source: GetMigrationJobProgress, best practice: every minute."""
_PAGE = 100
"""Events of a page that is full, so that another may follow."""
_MOST_WAIT = 3600.0
_LOOKS = 3
_UNSURE_LOOKS = 3
_MADE_LOOKS = 30
_MOST_ERRORS = 100
"""A package with more errors is blocked as a whole. Source: settings of Microsoft's migration tools."""
_LOGS = ("err", "wrn", "log")


class Ending:
    """The second half of the package route: everything after the job was, or may have been, made."""

    def __init__(
        self,
        ledger: Ledger,
        tenant: Tenant,
        sealed: Sealed,
        *,
        poll_seconds: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`poll_seconds` lie between two questions after one job."""
        self._ledger = ledger
        self._tenant = tenant
        self._sealed = sealed
        self._poll_seconds = poll_seconds
        self._now = now
        self._log = log.logger()

    def later(self, why: str, package: Package | None = None, *, seconds: float = 0.0) -> Later:
        """Ask again after the usual time, or a longer one."""
        usual = self._poll_seconds if package is None else self._wait(package)
        return Later(max(usual, min(seconds, _MOST_WAIT)), why)

    def _wait(self, package: Package) -> float:
        """Seconds between two questions: a minute, or on a tenant that may be asked sooner, as long as it went on."""
        took = (package.asked or 0.0) - (package.submitted or 0.0)
        return max(self._poll_seconds, min(took, POLL_SECONDS))

    def advance(
        self, batch: Batch, target: PackageTarget, package: Package, transfers: Sequence[Transfer]
    ) -> Later | tuple[Moved, ...]:
        """The next step of a package that is beyond being made."""
        if package.phase != "ended":
            usual = self._wait(package) if package.asked else self._poll_seconds
            wait = usual - (self._now() - (package.asked or package.submitted or 0.0))
            if 0 < wait <= usual:
                return Later(wait, "its job is not asked more often than every minute")
            package = packages.move_on(self._ledger, batch, package, asked=self._now())
        if package.phase in ("submitting", "unsure"):
            return self._settle_unsure(batch, target, package, transfers)
        if package.phase == "submitted":
            return self._poll(batch, target, package, transfers)
        return self._judge(batch, target, package, transfers)

    # -- asking

    def _poll(
        self, batch: Batch, target: PackageTarget, package: Package, transfers: Sequence[Transfer]
    ) -> Later | tuple[Moved, ...]:
        report = Report()
        token = package.next_token
        try:
            while True:
                page = service.progress(self._tenant, target.facts.site_url, package.job_id, token)
                report.take(page.lines)
                token = page.token
                if report.over or len(page.lines) < _PAGE:
                    break
        except JobForgotten as error:
            return self._forgotten(batch, target, package, transfers, error)
        self._note(batch, target, package, transfers, report)
        counted = {"next_token": token, "unknown_people": package.unknown_people + len(report.people), "looks": 0}
        if not report.over:
            package = packages.move_on(self._ledger, batch, package, **counted)
            return self._wait_for(report, package)
        package = self._end(batch, package, report, **counted)
        return self._judge(batch, target, package, transfers)

    def _wait_for(self, report: Report, package: Package) -> Later:
        if report.waits is not None:
            line = f", behind {report.in_line} others" if report.in_line else ""
            return self.later(f"the service has postponed its job{line}", package, seconds=report.waits)
        why = "its job is being worked on" if report.started else "its job waits in the service's queue"
        return self.later(why, package)

    def _forgotten(
        self, batch: Batch, target: PackageTarget, package: Package, transfers: Sequence[Transfer], error: JobForgotten
    ) -> Later | tuple[Moved, ...]:
        """The service knows nothing of a job: a new one may not be known everywhere yet, an old one has expired."""
        if package.looks < _LOOKS and (error.code or "").startswith("-2147213145"):
            packages.move_on(self._ledger, batch, package, "job not known", looks=package.looks + 1)
            return self.later("the service does not know its job yet")
        package = packages.move_on(
            self._ledger, batch, package, "forgotten", phase="ended", ending=package_outcome.FORGOTTEN,
            note=error.message, looks=0,
        )  # fmt: skip
        return self._judge(batch, target, package, transfers)

    def _end(self, batch: Batch, package: Package, report: Report, **counted: object) -> Package:
        fatal = report.fatal
        ending = package_outcome.ENDED
        if fatal is not None:
            ending = package_outcome.BLOCKED if report.errors > _MOST_ERRORS else package_outcome.FATAL
        elif report.cancelled:
            ending = package_outcome.CANCELLED
        note = f"The service said: {fatal.message} ({fatal.number})" if fatal else ""
        self._log.info("package.ended", package=package.id, ending=ending, created=report.created, errors=report.errors)
        return packages.move_on(
            self._ledger, batch, package, f"ended: {ending}", phase="ended", ending=ending, note=note,
            created=report.created, errors=report.errors, warnings=report.warnings,
            **{**counted, "looks": 0},
        )  # fmt: skip

    def _note(
        self, batch: Batch, target: PackageTarget, package: Package, transfers: Sequence[Transfer], report: Report
    ) -> None:
        """Keep what a job told of single files."""
        if not report.troubles:
            return
        files = packages.files_of(self._ledger, package)
        self._attribute(batch, target, package, transfers, files, report.troubles)

    def _attribute(
        self, batch: Batch, target: PackageTarget, package: Package, transfers: Sequence[Transfer],
        files: dict[int, PackedFile], troubles: Sequence[Trouble],
    ) -> None:  # fmt: skip
        found = package_outcome.attribute(files, troubles)
        files = {**files, **{each.transfer_id: each for each in found}}
        found += package_outcome.attribute_folders(files, transfers, target.home.leaf, troubles)
        if found:
            packages.put_files(self._ledger, batch, package, found)

    # -- a job that may have been made

    def _settle_unsure(
        self, batch: Batch, target: PackageTarget, package: Package, transfers: Sequence[Transfer]
    ) -> Later | tuple[Moved, ...]:
        """Find out whether a job was made: among the jobs of the site by the log in our container, or by its files.

        Files prove nothing of the others while a job that may be ours is still worked on. Only when neither shows,
        several times, is the package submitted again, with the same containers: the service takes those once.
        """
        site = target.facts.site_url
        known = packages.known_jobs(self._ledger)
        running = [each for each in self._unfinished(site) if each not in known]
        suspects = tuple(dict.fromkeys([*package.suspects, *running]))
        for job_id in suspects:
            report = self._whole_report(site, job_id)
            # A new job may not be known everywhere yet; what an old one told has expired.
            expired = report is None and job_id not in running and package.looks >= _UNSURE_LOOKS
            if not expired and (report is None or not report.over):
                continue
            if report is None or self._log_of(package, job_id, "log") is None:
                suspects = tuple(each for each in suspects if each != job_id)
                continue
            self._note(batch, target, package, transfers, report)
            package = packages.move_on(self._ledger, batch, package, f"found {job_id}", job_id=job_id, suspects=())
            package = self._end(batch, package, report, unknown_people=len(report.people))
            return self._judge(batch, target, package, transfers)
        package = packages.move_on(
            self._ledger, batch, package, phase="unsure", suspects=suspects, looks=package.looks + 1
        )
        if not suspects and self._shows(target, package):
            package = packages.move_on(
                self._ledger, batch, package, "found at the destination", phase="ended", looks=0,
                ending=package_outcome.FOUND,
            )  # fmt: skip
            return self._judge(batch, target, package, transfers)
        if package.ending == package_outcome.FOUND and not suspects and package.looks >= _MADE_LOOKS:
            # The service took these containers before; that job is over, and nothing of it is to be seen.
            package = packages.move_on(self._ledger, batch, package, "made, and not found", phase="ended", looks=0)
            return self._judge(batch, target, package, transfers)
        if not package.ending and not suspects and package.looks >= _UNSURE_LOOKS:
            packages.move_on(self._ledger, batch, package, "not made", phase="sending", looks=0)
        return self.later("nobody knows yet whether its job was made")

    def _unfinished(self, site: str) -> tuple[str, ...]:
        try:
            return service.unfinished(self._tenant, site)
        except (NotFound, Refused):
            return ()

    def _whole_report(self, site: str, job_id: str) -> Report | None:
        report, token = Report(), "0"
        try:
            while True:
                page = service.progress(self._tenant, site, job_id, token)
                report.take(page.lines)
                if not page.lines or page.token == token:
                    return report
                token = page.token
        except JobForgotten:
            return None

    def _shows(self, target: PackageTarget, package: Package) -> bool:
        """Whether any file of a package is at the destination under the id that only this package gives it."""
        target.refresh()
        files = packages.files_of(self._ledger, package).values()
        new = [each.file_id for each in files if each.blob and each.outcome is None]
        view = target.view([], new)
        return any(view.by_unique_id(each) is not None for each in new)

    # -- logs and outcomes

    def _judge(
        self, batch: Batch, target: PackageTarget, package: Package, transfers: Sequence[Transfer]
    ) -> Later | tuple[Moved, ...]:
        package = self._read_logs(batch, target, package, transfers)
        target.refresh()
        files = packages.files_of(self._ledger, package)
        sent = [(each, files[each.id]) for each in transfers if each.id in files]
        view = target.view([each for each, _ in sent], [file.file_id for _, file in sent if file.file_id])
        missing = sum(package_outcome.is_missing(view, each, file) for each, file in sent)
        ran = package.ending in (package_outcome.ENDED, package_outcome.FOUND, package_outcome.FORGOTTEN)
        if missing and ran and package.looks < _LOOKS:
            packages.move_on(self._ledger, batch, package, looks=package.looks + 1)
            return Later(self._poll_seconds / 2, f"{words.plural(missing, 'file')} of its job cannot be seen yet")
        drive_id = target.library.drive_id
        jobs = packages.tried(self._ledger, [each.id for each, _ in sent])
        settled = []
        for each, file in sent:
            count = jobs.get(each.id, 0)
            outcome = package_outcome.settle(view, package, each, file, drive_id=drive_id, jobs=count)
            if outcome is not None:
                settled.append((each, outcome))
        for _, file in settled:
            if file.code == RECYCLED.code:
                package_identities.give_up(self._ledger, file.file_id)
        packages.put_files(self._ledger, batch, package, [file for _, file in settled])
        packages.move_on(self._ledger, batch, package, "done", phase="done")
        return tuple(packages.moved(batch, each.size, file) for each, file in settled)

    def _read_logs(
        self, batch: Batch, target: PackageTarget, package: Package, transfers: Sequence[Transfer]
    ) -> Package:
        """Read what the job left in our container, then forget the container and its key."""
        if not package.secret:
            return package
        report = Report()
        for ending in _LOGS if package.job_id else ():
            try:
                text = self._log_of(package, package.job_id, ending)
            except TenantError as error:
                if error.transient or error.fatal:
                    raise
                text = None
            report.take((text or "").splitlines())
        self._note(batch, target, package, transfers, report)
        self._sealed.erase(package.secret)
        people = max(package.unknown_people, len(report.people))
        return packages.move_on(self._ledger, batch, package, "logs read", secret="", unknown_people=people)

    def _log_of(self, package: Package, job_id: str, ending: str) -> str | None:
        """A log of a job in a package's container, as text; None when there is none, or nothing can be read there."""
        kept = self._sealed.get(package.secret) if package.secret else None
        if kept is None:
            return None
        containers = Containers.load(kept)
        try:
            found = blobs.get(self._tenant, containers.metadata, f"Import-{job_id}-1.{ending}")
            if found is None:
                return None
            content, vector = found
            return cipher.decrypt(content, containers.key, vector).decode("utf-8", "replace")
        except (ContainerGone, ValueError):
            return None
