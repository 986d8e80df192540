"""The session route: one file from its source to its library, with dates, compared with what was sent at once."""

import threading
from collections.abc import Callable
from http import HTTPStatus

from spmigrate.errors import AccessDenied, Conflict, NeverServed, NotFound, TenantError, Unavailable
from spmigrate.migrate import codes
from spmigrate.migrate.original import SourceProblem
from spmigrate.migrate.routes import arrival, replacing
from spmigrate.migrate.routes.half_sent import HalfSentUploads
from spmigrate.migrate.routes.sending import send
from spmigrate.migrate.routes.target_folders import Folders
from spmigrate.migrate.routes.task import Task
from spmigrate.migrate.stamp import Stamp, stamps
from spmigrate.model import Outcome
from spmigrate.sealed import Sealed
from spmigrate.store import batches, former
from spmigrate.store.batches import Batch, Moved, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import files
from spmigrate.tenant.session import Tenant

_LOCKED = (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.LOCKED)
_LOCKED_HINT = "see in the SharePoint admin centre whether the site is locked, then run the same command again"
_ACTIONS: dict[str, Callable[[Tenant, Task], Moved]] = {
    "replace": replacing.replace_copy,
    "rename": replacing.rename_copy,
}


class NameHeld(Unavailable):
    """The service keeps a name for an upload that nobody finished; it lets go of it when that upload expires."""


class SessionRoute:
    """The route that uploads file by file: a `FileRoute`."""

    name = "session"

    def __init__(self, tenant: Tenant, ledger: Ledger, sealed: Sealed) -> None:
        """`sealed` keeps the addresses of uploads that outlive this process."""
        self._tenant = tenant
        self._ledger = ledger
        self._uploads = HalfSentUploads(ledger, sealed, tenant)
        self._lock = threading.Lock()
        self._folders: dict[tuple[str, str], Folders] = {}

    def open(self, batch: Batch) -> Callable[[Transfer], Moved]:
        """The mover of one batch; what is known of a library's folders is shared by all. Raises TenantError."""
        folders = self._folders_of(batch.site, batch.library)
        left = batches.transfers(self._ledger, batch)
        given = {each: stamp for each, stamp in stamps(self._ledger, left).items() if _says_more_than_dates(stamp)}
        known = former.of_batch(self._ledger, batch) if any(each.action != "copy" for each in left) else {}

        def move_one(item: Transfer) -> Moved:
            upload = self._uploads.of(batch, item)
            moved = move(self._tenant, Task(item, folders, upload, given.get(item.id), known.get(item.id)))
            if moved.outcome is Outcome.COPIED:
                upload.forget()
            else:
                upload.give_up()
            return moved

        return move_one

    def _folders_of(self, site: str, library: str) -> Folders:
        with self._lock:
            if (site, library) not in self._folders:
                self._folders[site, library] = Folders(self._tenant, files.open_library(self._tenant, site, library))
            return self._folders[site, library]


def move(tenant: Tenant, task: Task) -> Moved:
    """Move one file and say what became of it.

    Raises transient and fatal TenantErrors, AccessDenied, Conflict for what is locked, and SpmigrateError when the
    whole source has gone. After a transient one the file may have arrived, so the next attempt must be `intended`.
    """
    try:
        return _move(tenant, task)
    except Conflict as error:
        if error.status in _LOCKED:
            raise Conflict(error.message, hint=_LOCKED_HINT, status=error.status) from None
        return arrival.without_copy(task, Outcome.FAILED, codes.TARGET_TAKEN, error.message)
    except NotFound as error:
        task.folders.forget()
        raise Unavailable(f"a folder at the destination has gone: {error.message}") from None
    except TenantError as error:
        if error.transient or error.fatal or isinstance(error, AccessDenied):
            raise
        code = codes.NEVER_SERVED if isinstance(error, NeverServed) else codes.REFUSED
        return arrival.without_copy(task, Outcome.FAILED, code, error.message)


def _move(tenant: Tenant, task: Task) -> Moved:
    attempt = _ACTIONS.get(task.transfer.action, _copy)
    try:
        try:
            return attempt(tenant, task)
        except SourceProblem as problem:
            if problem.code is not codes.SOURCE_CHANGED:
                raise
            return attempt(tenant, task)
    except SourceProblem as problem:
        return arrival.without_original(tenant, task, problem)


def _copy(tenant: Tenant, task: Task) -> Moved:
    item = task.transfer
    with task.open() as original:
        spot, times = task.spot(), task.times(original.modified_ns)
        library, parent, name = spot.library, spot.parent_id, spot.name
        existing = files.child(tenant, library, parent, name) if item.intended else None
        if existing is not None:
            return arrival.adopt(tenant, task, original, existing, spot=spot, times=times)
        try:
            arrived = send(tenant, task, original, spot=spot, times=times)
            return arrival.finish(tenant, task, original, arrived, spot=spot, times=times)
        except Conflict as error:
            if error.status in _LOCKED:
                raise
            existing = files.child(tenant, library, parent, name)
            if existing is None:
                raise NameHeld(f"an unfinished upload holds its name: {error.message}", status=error.status) from None
            if not item.intended:
                raise
    # An earlier attempt was committed between the look and the sending.
    with task.open() as original:
        return arrival.adopt(tenant, task, original, existing, spot=spot, times=times)


def _says_more_than_dates(stamp: Stamp) -> bool:
    return stamp.author is not None or stamp.editor is not None or bool(stamp.columns)
