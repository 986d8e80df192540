"""Sending one original: whole, or from where an earlier attempt was interrupted."""

from spmigrate.errors import TenantError
from spmigrate.migrate.original import Original, SourceProblem
from spmigrate.migrate.routes.task import Task
from spmigrate.tenant import transfer
from spmigrate.tenant.files import Stored
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import FRAGMENT, Over, SessionGone, Spot, Times


def send(
    tenant: Tenant, task: Task, original: Original, *, spot: Spot, times: Times, over: Over | None = None
) -> Stored:
    """Send a file that was just opened; its digests are whole afterwards. Raises SourceProblem and TenantError.

    A file of one fragment is there or not there. The upload of a larger one outlives a crash, and whatever may pass.
    """
    size = original.size
    if not size:
        return transfer.upload_empty(tenant, spot, over=over)
    upload = task.upload
    if size <= FRAGMENT or upload is None:
        return transfer.upload(tenant, spot, original.fragments(FRAGMENT), size=size, times=times, over=over)
    half_sent = upload.find(original)
    start = half_sent.position if half_sent else 0
    try:
        return transfer.upload(
            tenant, spot, original.fragments(FRAGMENT, start=start), size=size, times=times, over=over,
            half_sent=half_sent, begun=lambda begun: upload.keep(original, begun),
        )  # fmt: skip
    except SessionGone:
        upload.forget()
        raise
    except SourceProblem:
        upload.give_up()
        raise
    except TenantError as error:
        if not error.transient and not error.fatal:
            upload.give_up()
        raise
