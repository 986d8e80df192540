"""The package route: a batch as one job of the SharePoint Migration API.

Each call takes the next step that the ledger says: make and send the package, submit it, ask how far its job is, and,
when that has ended, look at the destination. What a step is about to do is written down before it, what came of it
after it, so that a run that was killed goes on; a job is submitted once, and when the answer to that was lost, it is
found by looking.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from spmigrate import log
from spmigrate.errors import TenantError, Throttled, Unavailable
from spmigrate.migrate.package import cipher
from spmigrate.migrate.package.contents import Contents, Document
from spmigrate.migrate.package.documents import documents
from spmigrate.migrate.routes import package_choice, package_loading
from spmigrate.migrate.routes.job import Later
from spmigrate.migrate.routes.package_choice import Choice
from spmigrate.migrate.routes.package_ending import POLL_SECONDS, Ending
from spmigrate.migrate.routes.package_loading import Load
from spmigrate.migrate.routes.package_outcome import FOUND
from spmigrate.migrate.routes.package_target import PackageTarget
from spmigrate.migrate.stamp import stamps
from spmigrate.migrate.target import fold, join
from spmigrate.sealed import Sealed
from spmigrate.store import batches, packages
from spmigrate.store.batches import Batch, Moved, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.store.packages import Package
from spmigrate.tenant import blobs
from spmigrate.tenant import packages as service
from spmigrate.tenant.blobs import ContainerGone
from spmigrate.tenant.packages import Containers, ContainersUsed
from spmigrate.tenant.session import Tenant

_WORTH_USING = 12 * 3600.0
"""Seconds that containers must still be open for a job that may wait for hours."""
_MOST_PAIRS = 3
_MAKING = frozenset({"making", "providing", "sending"})


class PackageRoute:
    """Moves batches as packages. Safe between threads; one call a batch at a time."""

    name = "package"

    def __init__(
        self,
        ledger: Ledger,
        tenant: Tenant,
        sealed: Sealed,
        *,
        poll_seconds: float | None = None,
        archives: bool = True,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`poll_seconds` lie between two questions after one job: a minute at least, but for a rehearsal tenant.

        Without `archives` each file is a blob of its own.
        """
        self._ledger = ledger
        self._tenant = tenant
        self._sealed = sealed
        self._archives = archives
        self._now = now
        self._targets: dict[tuple[str, str], PackageTarget] = {}
        self._lock = threading.Lock()
        least = 1.0 if tenant.settings.address else POLL_SECONDS
        self._ending = Ending(ledger, tenant, sealed, poll_seconds=max(poll_seconds or least, least), now=now)
        self._log = log.logger()

    def advance(self, batch: Batch, transfers: Sequence[Transfer]) -> Later | tuple[Moved, ...]:
        """The next step of a batch."""
        target = self._target(batch)
        package = packages.open_package(self._ledger, batch)
        if package is None:
            allowed = self._archives and packages.archives_work(self._ledger)
            package = packages.begin(self._ledger, batch, now=self._now(), archives=allowed)
        if package.phase in _MAKING:
            return self._make(batch, target, package, transfers)
        return self._ending.advance(batch, target, package, transfers)

    def is_away(self, batch: Batch) -> bool:
        """Whether its package was submitted, or may have been."""
        package = packages.open_package(self._ledger, batch)
        return package is not None and package.phase not in _MAKING

    def _target(self, batch: Batch) -> PackageTarget:
        place = (batch.site, batch.library)
        with self._lock:
            if place not in self._targets:
                self._targets[place] = PackageTarget(self._tenant, self._ledger, batch)
            return self._targets[place]

    def _make(
        self, batch: Batch, target: PackageTarget, package: Package, transfers: Sequence[Transfer]
    ) -> Later | tuple[Moved, ...]:
        choice = self._choose(batch, target, package, transfers)
        if not choice.going:
            package = packages.move_on(self._ledger, batch, package, "nothing to send", phase="ended", looks=0)
            return self._ending.advance(batch, target, package, transfers)
        for _ in range(_MOST_PAIRS):
            package, containers = self._containers(batch, target, package)
            try:
                return self._send(batch, target, package, containers, choice, transfers)
            except ContainerGone as error:
                self._log.info("package.containers_gone", package=package.id, reason=error.message)
                package = self._afresh(batch, package)
        raise Unavailable("containers of the service close as soon as they are opened")

    def _choose(self, batch: Batch, target: PackageTarget, package: Package, transfers: Sequence[Transfer]) -> Choice:
        """Sort the transfers by what the library holds now, and write down what has an outcome by that."""
        target.refresh()
        choice = package_choice.choose(target, transfers)
        if choice.compared:
            choice.left_out += package_loading.compare(self._tenant, target, choice.compared, choice.identities)
        if choice.left_out:
            packages.put_files(self._ledger, batch, package, choice.left_out)
        return choice

    def _containers(self, batch: Batch, target: PackageTarget, package: Package) -> tuple[Package, Containers]:
        """The containers of a package, a new pair where it has none that will still be open."""
        if package.phase == "sending" and (package.expires or 0.0) - self._now() > _WORTH_USING:
            kept = self._sealed.get(package.secret)
            if kept is not None:
                return package, Containers.load(kept)
        if package.phase == "sending":
            package = self._afresh(batch, package)
        package = packages.move_on(self._ledger, batch, package, "providing", phase="providing")
        containers = service.provide(self._tenant, target.facts.site_url)
        secret = self._sealed.put(containers.dump())
        expires = containers.expires() or self._now() + 2 * _WORTH_USING
        package = packages.move_on(
            self._ledger, batch, package, "provided", phase="sending", secret=secret, expires=expires
        )
        return package, containers

    def _afresh(self, batch: Batch, package: Package) -> Package:
        """Give a package up for a new one: nothing of it was submitted."""
        if package.secret:
            self._sealed.erase(package.secret)
        packages.move_on(self._ledger, batch, package, "abandoned", phase="abandoned", secret="")
        return packages.begin(self._ledger, batch, now=self._now(), archives=package.archives)

    def _send(
        self, batch: Batch, target: PackageTarget, package: Package, containers: Containers, choice: Choice,
        transfers: Sequence[Transfer],
    ) -> Later | tuple[Moved, ...]:  # fmt: skip
        load = Load(self._tenant, self._ledger, batch, package, containers, packages.files_of(self._ledger, package))
        # What an earlier package of this batch left out stands in that one; here it is written again.
        load.keep(choice.left_out)
        package_loading.send(load, choice.going, choice.identities)
        again = self._choose(batch, target, package, choice.going)
        allowed = {each.id for each in again.going}
        load.files = packages.files_of(self._ledger, package)
        sent = [each for each in choice.going if each.id in allowed and load.files[each.id].outcome is None]
        if not sent:
            package = packages.move_on(self._ledger, batch, package, "nothing to send", phase="ended", looks=0)
            return self._ending.advance(batch, target, package, transfers)
        contents = self._contents(target, load, sent, choice)
        for name, content in documents(contents).items():
            vector = cipher.new_vector()
            sealed = cipher.encrypt(content, containers.key, vector)
            blobs.put(self._tenant, containers.metadata, name, sealed, vector)
        return self._submit(batch, target, package, containers, sent)

    def _contents(self, target: PackageTarget, load: Load, sent: Sequence[Transfer], choice: Choice) -> Contents:
        folders = target.folders(each.target_folder for each in sent)
        carried = stamps(self._ledger, sent)
        made = []
        for each in sent:
            file = load.files[each.id]
            parent = folders[fold(each.target_folder)].identity.file_id if each.target_folder else target.home.root_id
            stamp = carried[each.id]
            modified = stamp.modified_ns if file.modified_ns is None else file.modified_ns
            stamp = replace(stamp, modified_ns=modified)
            path = join(each.target_folder, each.target_name)
            made.append(Document(path, choice.identities[each.id], parent, file.file_id, stamp))
        archives = tuple(each for each in load.archives if each.members)
        return Contents(target.home, list(folders.values()), made, archives)

    def _submit(
        self, batch: Batch, target: PackageTarget, package: Package, containers: Containers, sent: Sequence[Transfer]
    ) -> Later:
        """Make the job. The intent is on disk before; an answer that is lost leaves the package unsure."""
        with self._ledger.transaction():
            batches.flush(self._ledger, {batch.id: batch}, intended=[each.id for each in sent])
            package = packages.move_on(
                self._ledger, batch, package, "submitting", phase="submitting", submitted=self._now(), looks=0
            )
        try:
            job_id = service.submit(self._tenant, target.facts, containers)
        except (Unavailable, ContainersUsed) as error:
            packages.move_on(
                self._ledger, batch, package, f"unsure: {type(error).__name__}", phase="unsure",
                ending=FOUND if isinstance(error, ContainersUsed) else "", note=error.message,
            )  # fmt: skip
            return self._ending.later("nobody knows whether its job was made")
        except (TenantError, Throttled):
            packages.move_on(self._ledger, batch, package, "refused", phase="sending")
            raise
        packages.move_on(self._ledger, batch, package, f"submitted {job_id}", phase="submitted", job_id=job_id)
        self._log.info("package.submitted", batch=batch.id, package=package.id, job=job_id, files=len(sent))
        return self._ending.later("its job waits in the service's queue")
