"""The front of Azure Storage: one HTTP request in, one response out."""

from __future__ import annotations

from spmigrate.rehearsal.azure import blob_service, queue_service
from spmigrate.rehearsal.azure.answers import AzureError, finish, refuse
from spmigrate.rehearsal.http import Request, Response
from spmigrate.rehearsal.tenant import Tenant


def handle(request: Request, tenant: Tenant) -> Response:
    """Answer a request to `*.blob.core.windows.net` or `*.queue.core.windows.net`."""
    try:
        with tenant.store.transaction():
            if ".queue." in request.host:
                return finish(queue_service.answer(request, tenant.azure.queues), request)
            return finish(blob_service.answer(request, tenant.azure.containers), request)
    except AzureError as error:
        return refuse(error, request)
