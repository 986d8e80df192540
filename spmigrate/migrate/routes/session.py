"""The session route: one file from its source to its library, with dates, compared with what was sent at once."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from spmigrate.errors import AccessDenied, Conflict, NotFound, TenantError, Unavailable
from spmigrate.migrate import codes, office
from spmigrate.migrate.codes import Code
from spmigrate.migrate.comparison import equal_bytes, equal_in_content
from spmigrate.migrate.original import Original, SourceProblem
from spmigrate.model import Outcome
from spmigrate.store.batches import Batch, Moved, Transfer
from spmigrate.tenant import files, transfer
from spmigrate.tenant.files import Library, Stored
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import FRAGMENT, Spot, Times

_SECOND = 1_000_000_000
_LOCKED = (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.LOCKED)
_LOCKED_HINT = "see in the SharePoint admin centre whether the site is locked, then run the same command again"


class Folders:
    """The folders of one library as one batch knows them, made when they are first needed. Safe between threads."""

    def __init__(self, tenant: Tenant, library: Library) -> None:
        self._tenant = tenant
        self.library = library
        self._lock = threading.Lock()
        self._ids: dict[str, str] = {"": library.root_id}
        self._failures = 0

    def id_of(self, path: str) -> str:
        """The id of a folder below the library. Raises TenantError."""
        known = self._ids.get(path)
        if known is not None:
            return known
        failures = self._failures
        with self._lock:
            if self._failures != failures:
                raise Unavailable("its folder could not be made: the service does not answer")
            try:
                return self._ensure(path)
            except TenantError as error:
                # Those who wait here would only ask the same in turn, for minutes each.
                self._failures += error.transient
                raise

    def forget(self) -> None:
        """Look all folders up anew: one that was known has gone."""
        with self._lock:
            self._ids = {"": self.library.root_id}

    def _ensure(self, path: str) -> str:
        if path not in self._ids:
            parent, _, name = path.rpartition("/")
            self._ids[path] = files.ensure_folder(self._tenant, self.library, self._ensure(parent), name)
        return self._ids[path]


@dataclass(frozen=True, slots=True)
class Task:
    """A transfer in hand, and where its batch goes."""

    transfer: Transfer
    folders: Folders


class NameHeld(Unavailable):
    """The service keeps a name for an upload that nobody finished; it lets go of it when that upload expires."""


class SessionRoute:
    """The route that uploads file by file: a `FileRoute`."""

    name = "session"

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._lock = threading.Lock()
        self._libraries: dict[tuple[str, str], Library] = {}

    def open(self, batch: Batch) -> Callable[[Transfer], Moved]:
        """The mover of one batch, whose files share what is known of the library's folders. Raises TenantError."""
        folders = Folders(self._tenant, self._library(batch.site, batch.library))
        return lambda item: move(self._tenant, Task(item, folders))

    def _library(self, site: str, name: str) -> Library:
        with self._lock:
            if (site, name) not in self._libraries:
                self._libraries[site, name] = files.open_library(self._tenant, site, name)
            return self._libraries[site, name]


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
        return _without_copy(task, Outcome.FAILED, codes.TARGET_TAKEN, error.message)
    except NotFound as error:
        task.folders.forget()
        raise Unavailable(f"a folder at the destination has gone: {error.message}") from None
    except TenantError as error:
        if error.transient or error.fatal or isinstance(error, AccessDenied):
            raise
        return _without_copy(task, Outcome.FAILED, codes.REFUSED, error.message)


def _move(tenant: Tenant, task: Task) -> Moved:
    try:
        try:
            return _attempt(tenant, task)
        except SourceProblem as problem:
            if problem.code is not codes.SOURCE_CHANGED:
                raise
            return _attempt(tenant, task)
    except SourceProblem as problem:
        return _without_original(tenant, task, problem)


def _attempt(tenant: Tenant, task: Task) -> Moved:
    item = task.transfer
    with Original(item.root, item.path, item.name) as original:
        spot = _spot(task)
        times = Times(original.modified_ns if item.created_ns is None else item.created_ns, original.modified_ns)
        existing = _existing(tenant, spot) if item.intended else None
        if existing is not None:
            return _adopt(tenant, task, original, existing, spot, times)
        try:
            return _arrived(task, original, _send(tenant, spot, original, times))
        except Conflict as error:
            if error.status in _LOCKED:
                raise
            existing = _existing(tenant, spot)
            if existing is None:
                raise NameHeld(f"an unfinished upload holds its name: {error.message}", status=error.status) from None
            if not item.intended:
                raise
    # An earlier attempt was committed between the look and the sending.
    with Original(item.root, item.path, item.name) as original:
        return _adopt(tenant, task, original, existing, spot, times)


def _spot(task: Task) -> Spot:
    item, folders = task.transfer, task.folders
    return Spot(folders.library, folders.id_of(item.target_folder), item.target_folder, item.target_name)


def _existing(tenant: Tenant, spot: Spot) -> Stored | None:
    return files.child(tenant, spot.library, spot.parent_id, spot.name)


def _send(tenant: Tenant, spot: Spot, original: Original, times: Times) -> Stored:
    if original.size:
        return transfer.upload(tenant, spot, original.fragments(FRAGMENT), size=original.size, times=times)
    arrived = transfer.upload_empty(tenant, spot)
    transfer.set_dates(tenant, spot, times)
    return arrived


def _adopt(tenant: Tenant, task: Task, original: Original, existing: Stored, spot: Spot, times: Times) -> Moved:
    """An earlier attempt may have landed: it is ours when its content is. Nothing is ever overwritten."""
    original.read_all(FRAGMENT)
    modified = times.modified_ns // _SECOND
    if existing.folder or not _is_ours(tenant, task, original, existing):
        if existing.modified != modified and _may_be_ours(task, existing):
            return _landed(task, existing, codes.ARRIVED_EARLIER.title)
        return _without_copy(task, Outcome.FAILED, codes.TARGET_TAKEN, codes.TARGET_TAKEN.title)
    if not original.size and existing.modified != modified:
        transfer.set_dates(tenant, spot, times)
    return _arrived(task, original, existing, adopted=True)


def _is_ours(tenant: Tenant, task: Task, original: Original, existing: Stored) -> bool:
    if existing.size == original.size and (not original.size or existing.quickxor == original.quickxor()):
        return True
    library = task.folders.library
    if existing.size == original.size and existing.quickxor is None:  # the service works hashes out when it likes
        return equal_bytes(tenant, library, existing.id, sha256=original.sha256())
    item = task.transfer
    return office.is_office(existing.name) and equal_in_content(
        tenant, library, existing.id, root=item.root, path=item.path, name=item.name, sha256=original.sha256()
    )


def _without_original(tenant: Tenant, task: Task, problem: SourceProblem) -> Moved:
    """The original is not to be had; what an earlier attempt may have left at the destination is not passed over."""
    existing = _existing(tenant, _spot(task)) if task.transfer.intended else None
    if existing is not None and _may_be_ours(task, existing):
        return _landed(task, existing, problem.reason)
    outcome = Outcome.VANISHED if problem.code is codes.SOURCE_VANISHED else Outcome.FAILED
    return _without_copy(task, outcome, problem.code, problem.reason)


def _may_be_ours(task: Task, existing: Stored) -> bool:
    """Whether it can be what the original was when the wave was planned; the service changes the size of documents."""
    return not existing.folder and (existing.size == task.transfer.size or office.is_office(existing.name))


def _landed(task: Task, existing: Stored, reason: str) -> Moved:
    return replace(
        _without_copy(task, Outcome.FAILED, codes.ARRIVED_EARLIER, reason),
        drive_id=task.folders.library.drive_id,
        target_id=existing.id,
        etag=existing.etag,
        target_quickxor=existing.quickxor,
    )


def _arrived(task: Task, original: Original, arrived: Stored, *, adopted: bool = False) -> Moved:
    ours, theirs = original.quickxor(), arrived.quickxor
    exact = theirs in (None, ours) and arrived.size == original.size
    code = None if exact or office.is_office(arrived.name) else codes.HASH_DIFFERS
    return Moved(
        transfer_id=task.transfer.id,
        batch_id=task.transfer.batch_id,
        size=task.transfer.size,
        outcome=Outcome.COPIED if code is None else Outcome.FAILED,
        code=code.code if code else None,
        reason=code.title if code else None,
        drive_id=task.folders.library.drive_id,
        target_id=arrived.id,
        etag=arrived.etag,
        quickxor=ours,
        sha256=original.sha256(),
        copied_size=original.size,
        modified_ns=original.modified_ns,
        target_quickxor=theirs,
        adopted=adopted,
    )


def _without_copy(task: Task, outcome: Outcome, code: Code, reason: str) -> Moved:
    item = task.transfer
    return Moved(item.id, item.batch_id, item.size, outcome, code.code, reason)
