"""What became of a file: what arrived beside what was sent, and what an earlier attempt has left."""

from dataclasses import replace

from spmigrate.errors import Refused
from spmigrate.migrate import codes, office
from spmigrate.migrate.codes import Code
from spmigrate.migrate.comparison import equal_bytes, equal_in_content
from spmigrate.migrate.original import Original, SourceProblem
from spmigrate.migrate.routes.task import Task
from spmigrate.model import Outcome
from spmigrate.store.batches import Moved
from spmigrate.tenant import fields, files
from spmigrate.tenant.files import Stored
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import FRAGMENT, Spot, Times

SECOND = 1_000_000_000


def finish(
    tenant: Tenant, task: Task, original: Original, arrived: Stored, *, spot: Spot, times: Times, adopted: bool = False
) -> Moved:
    """Give what arrived the rest of what it is to carry, and say what became of the file. Raises TenantError."""
    moved = _compared(task, original, arrived, adopted=adopted)
    if moved.outcome is not Outcome.COPIED:
        return moved
    columns = task.columns()
    if columns:
        try:
            fields.write(tenant, spot, times, more=columns)
        except Refused as error:
            code = codes.STAMP_REFUSED
            return replace(moved, outcome=Outcome.FAILED, code=code.code, reason=error.message)
    elif not original.size and arrived.modified != times.modified_ns // SECOND:
        fields.write_dates(tenant, spot, times, item_id=arrived.id)
    return moved


def adopt(tenant: Tenant, task: Task, original: Original, existing: Stored, *, spot: Spot, times: Times) -> Moved:
    """An earlier attempt may have landed: it is ours when its content is. Nothing is ever overwritten."""
    original.read_all(FRAGMENT)
    if existing.folder or not is_ours(tenant, task, original, existing):
        if existing.modified != times.modified_ns // SECOND and _may_be_ours(task, existing):
            return _landed(task, existing, codes.ARRIVED_EARLIER.title)
        return without_copy(task, Outcome.FAILED, codes.TARGET_TAKEN, codes.TARGET_TAKEN.title)
    return finish(tenant, task, original, existing, spot=spot, times=times, adopted=True)


def is_ours(tenant: Tenant, task: Task, original: Original, existing: Stored) -> bool:
    """Whether a file at the destination has the content of an original that was read to its end."""
    if existing.size == original.size and (not original.size or existing.quickxor == original.quickxor()):
        return True
    library = task.folders.library
    if existing.size == original.size and existing.quickxor is None:  # the service works hashes out when it likes
        return equal_bytes(tenant, library, existing.id, sha256=original.sha256())
    return office.is_office(existing.name) and equal_in_content(
        tenant, library, existing.id, original=task.open, sha256=original.sha256()
    )


def without_original(tenant: Tenant, task: Task, problem: SourceProblem) -> Moved:
    """The original is not to be had; what an earlier attempt may have left at the destination is not passed over."""
    item = task.transfer
    if item.intended and item.action == "copy":
        spot = task.spot()
        existing = files.child(tenant, spot.library, spot.parent_id, spot.name)
        if existing is not None and _may_be_ours(task, existing):
            return _landed(task, existing, problem.reason)
    outcome = Outcome.VANISHED if problem.code is codes.SOURCE_VANISHED else Outcome.FAILED
    return without_copy(task, outcome, problem.code, problem.reason)


def without_copy(task: Task, outcome: Outcome, code: Code, reason: str) -> Moved:
    """An outcome that leaves nothing of ours at the destination."""
    item = task.transfer
    return Moved(item.id, item.batch_id, item.size, outcome, code.code, reason)


def _may_be_ours(task: Task, existing: Stored) -> bool:
    """Whether it can be what the original was when the wave was planned; the service changes the size of documents."""
    return not existing.folder and (existing.size == task.transfer.size or office.is_office(existing.name))


def _landed(task: Task, existing: Stored, reason: str) -> Moved:
    return replace(
        without_copy(task, Outcome.FAILED, codes.ARRIVED_EARLIER, reason),
        drive_id=task.folders.library.drive_id,
        target_id=existing.id,
        etag=existing.etag,
        target_quickxor=existing.quickxor,
    )


def _compared(task: Task, original: Original, arrived: Stored, *, adopted: bool) -> Moved:
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
