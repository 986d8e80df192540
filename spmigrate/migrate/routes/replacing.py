"""What changed at the source since it was copied: the copy gets the new content, or the new name and folder.

Only while it is as it was left at the destination; what somebody did there since is never lost.
"""

from dataclasses import replace
from http import HTTPStatus

from spmigrate.errors import Conflict, NotFound
from spmigrate.migrate import codes
from spmigrate.migrate.routes import arrival
from spmigrate.migrate.routes.arrival import SECOND
from spmigrate.migrate.routes.sending import send
from spmigrate.migrate.routes.task import Task
from spmigrate.model import Outcome
from spmigrate.store.batches import Moved
from spmigrate.store.former import Former
from spmigrate.tenant import fields, files
from spmigrate.tenant.files import Stored
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import FRAGMENT, Over

_REMOVED = "The copy at the destination was removed since it was made."


def replace_copy(tenant: Tenant, task: Task) -> Moved:
    """Put the present content into the copy that was made of an earlier one. Raises SourceProblem and TenantError."""
    over = _known(task)
    if over is None:
        return _edited(task)
    if task.transfer.intended:
        found = files.by_id(tenant, task.folders.library, over.item_id)
        if found is None:
            return _edited(task, _REMOVED)
        if found.etag != over.etag:
            landed = _adopted(tenant, task, found)
            if landed is not None:
                return landed
            if not _is_untouched(found, task.former):
                return _edited(task)
            over = replace(over, etag=found.etag)
    try:
        return _sent_over(tenant, task, over)
    except NotFound:
        if files.by_id(tenant, task.folders.library, over.item_id) is not None:
            raise
        return _edited(task, _REMOVED)
    except Conflict as error:
        fresh = _fresh(tenant, task, over, error)
        return _edited(task) if fresh is None else _sent_over(tenant, task, fresh)


def rename_copy(tenant: Tenant, task: Task) -> Moved:
    """Give a copy the name and folder that its original has now. Raises TenantError."""
    over, former = _known(task), task.former
    if over is None or former is None or former.modified_ns is None:
        return _edited(task)
    spot = task.spot()
    found = files.by_id(tenant, spot.library, over.item_id) if task.transfer.intended else None
    adopted = found is not None and (found.parent_id, found.name) == (spot.parent_id, spot.name)
    if found is None or not adopted:
        try:
            found = _relocated(tenant, task, over)
        except NotFound:
            if files.by_id(tenant, spot.library, over.item_id) is not None:
                raise
            return _edited(task, _REMOVED)
        if found is None:
            return _edited(task)
    if found.modified != former.modified_ns // SECOND:
        fields.write_dates(tenant, spot, task.times(former.modified_ns), item_id=found.id)
    return Moved(
        transfer_id=task.transfer.id,
        batch_id=task.transfer.batch_id,
        size=task.transfer.size,
        outcome=Outcome.COPIED,
        drive_id=spot.library.drive_id,
        target_id=found.id,
        etag=found.etag,
        quickxor=former.quickxor,
        sha256=former.sha256,
        copied_size=former.copied_size,
        modified_ns=former.modified_ns,
        target_quickxor=found.quickxor or former.target_quickxor,
        adopted=adopted,
    )


def _relocated(tenant: Tenant, task: Task, over: Over) -> Stored | None:
    """The copy under its new name; None when somebody has worked on it. Raises TenantError."""
    spot = task.spot()

    def ask(over: Over) -> Stored:
        return files.relocate(
            tenant, spot.library, over.item_id, parent_id=spot.parent_id, name=spot.name, etag=over.etag
        )

    try:
        return ask(over)
    except Conflict as error:
        fresh = _fresh(tenant, task, over, error)
        return None if fresh is None else ask(fresh)


def _sent_over(tenant: Tenant, task: Task, over: Over) -> Moved:
    with task.open() as original:
        spot, times = task.spot(), task.times(original.modified_ns)
        arrived = send(tenant, task, original, spot=spot, times=times, over=over)
        if (arrived.parent_id, arrived.name) != (spot.parent_id, spot.name):
            arrived = files.relocate(
                tenant, spot.library, arrived.id, parent_id=spot.parent_id, name=spot.name, etag=arrived.etag
            )
        return arrival.finish(tenant, task, original, arrived, spot=spot, times=times)


def _adopted(tenant: Tenant, task: Task, found: Stored) -> Moved | None:
    """What an earlier attempt has brought there already, None when it did not."""
    with task.open() as original:
        original.read_all(FRAGMENT)
        times = task.times(original.modified_ns)
        if original.size and found.modified != times.modified_ns // SECOND:
            return None
        if not arrival.is_ours(tenant, task, original, found):
            return None
        return arrival.finish(tenant, task, original, found, spot=task.spot(), times=times, adopted=True)


def _fresh(tenant: Tenant, task: Task, over: Over, error: Conflict) -> Over | None:
    """The copy by its present eTag, when only its columns changed; None when somebody has worked on it.

    Raises the error when it means something else: a locked file, a name that is taken.
    """
    if error.status != HTTPStatus.PRECONDITION_FAILED:
        raise error
    found = files.by_id(tenant, task.folders.library, over.item_id)
    if found is not None and found.etag == over.etag:
        raise error
    return replace(over, etag=found.etag) if found is not None and _is_untouched(found, task.former) else None


def _is_untouched(found: Stored, former: Former | None) -> bool:
    """Whether a copy has the name and the content with which it was left there: columns alone make a new eTag, too."""
    if former is None or found.name.lower() != former.target_name.lower():
        return False
    return found.quickxor == former.target_quickxor and (found.quickxor is not None or not found.size)


def _known(task: Task) -> Over | None:
    item = task.transfer
    return Over(item.known_id, item.known_etag) if item.known_id and item.known_etag else None


def _edited(task: Task, reason: str = codes.TARGET_EDITED.title) -> Moved:
    return arrival.without_copy(task, Outcome.FAILED, codes.TARGET_EDITED, reason)
