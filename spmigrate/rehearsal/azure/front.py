"""The front of Azure Storage: one HTTP request in, one response out."""

from __future__ import annotations

from spmigrate.rehearsal.azure import blob_service, queue_service
from spmigrate.rehearsal.azure.answers import AzureError, finish, refuse
from spmigrate.rehearsal.faults import Action
from spmigrate.rehearsal.http import Request, Response
from spmigrate.rehearsal.tenant import Tenant

_FAULTS = {429: "ServerBusy", 503: "ServerBusy", 504: "OperationTimedOut", 403: "AuthenticationFailed"}


def strike(action: Action, request: Request) -> Response:
    """The answer of a request that a fault strikes."""
    if action.expired:
        detail = "Signature not valid in the specified time frame: it has expired."
        return refuse(AzureError("AuthenticationFailed", AuthenticationErrorDetail=detail), request)
    error = AzureError(_FAULTS.get(action.status, "InternalError"), status=action.status)
    if action.retry_after is not None:
        error.headers["retry-after"] = str(action.retry_after)
    return refuse(error, request)


def handle(request: Request, tenant: Tenant) -> Response:
    """Answer a request to `*.blob.core.windows.net` or `*.queue.core.windows.net`."""
    try:
        with tenant.store.transaction():
            if ".queue." in request.host:
                return finish(queue_service.answer(request, tenant.azure.queues), request)
            return finish(blob_service.answer(request, tenant.azure.containers), request)
    except AzureError as error:
        return refuse(error, request)
