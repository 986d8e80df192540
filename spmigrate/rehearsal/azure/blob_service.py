"""The blob service of Azure Storage, as far as a container's shared access signature reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from spmigrate.rehearsal.azure import blob_reads, blob_writes, sas
from spmigrate.rehearsal.azure.answers import AzureError
from spmigrate.rehearsal.azure.blob_writes import Place
from spmigrate.rehearsal.azure.containers import ACCOUNT, Containers
from spmigrate.rehearsal.http import Request, Response


@dataclass(frozen=True, slots=True)
class _Operation:
    """What answers, and the letters of permission of which one is needed."""

    run: Callable[[Request, Place], Response]
    letters: str


# By method and `comp`; what is not here the service has too, but a migration's containers have no use for it.
_OPERATIONS = {
    ("GET", ""): _Operation(blob_reads.get_blob, "r"),
    ("HEAD", ""): _Operation(blob_reads.get_blob, "r"),
    ("GET", "metadata"): _Operation(blob_reads.get_metadata, "r"),
    ("HEAD", "metadata"): _Operation(blob_reads.get_metadata, "r"),
    ("GET", "blocklist"): _Operation(blob_reads.get_block_list, "r"),
    ("PUT", ""): _Operation(blob_writes.put_blob, "wc"),
    ("PUT", "block"): _Operation(blob_writes.put_block, "wc"),
    ("PUT", "blocklist"): _Operation(blob_writes.put_block_list, "wc"),
    ("PUT", "metadata"): _Operation(blob_writes.set_metadata, "w"),
    ("PUT", "properties"): _Operation(blob_writes.set_properties, "w"),
    ("PUT", "snapshot"): _Operation(blob_writes.take_snapshot, "wc"),
    ("PUT", "lease"): _Operation(blob_writes.change_lease, "w"),
    ("DELETE", ""): _Operation(blob_writes.delete_blob, "d"),
}
# Letters that a migration's containers never have, so that these are refused before anything else is asked.
_OTHER = {("GET", "tags"): "t", ("PUT", "tags"): "t", ("PUT", "tier"): "w", ("PUT", "page"): "w",
          ("PUT", "appendblock"): "aw", ("PUT", "undelete"): "w", ("POST", "query"): "r", ("PUT", "copy"): "w",
          ("PUT", "immutabilityPolicies"): "i", ("PUT", "legalhold"): "i", ("PUT", "seal"): "w",
          ("GET", "pagelist"): "r", ("PUT", "incrementalcopy"): "w"}  # fmt: skip


def answer(request: Request, containers: Containers) -> Response:
    """Answer a request to the blob service; an `AzureError` when it is refused."""
    if request.host.partition(".")[0] != ACCOUNT:
        raise AzureError("ResourceNotFound")
    container_name, _, name = unquote(request.path).lstrip("/").partition("/")
    query = request.parameters()
    if "authorization" in request.headers and "sig" not in query:
        raise AzureError("AuthenticationFailed")
    now = containers.clock.seconds()
    resource = f"{container_name}/{name}" if name else container_name
    letters = sas.check(query, resource, account=ACCOUNT, key=containers.key(), now=now)
    if not name:
        return _answer_container(request, containers, container_name, letters)
    key = (request.method, query.get("comp", "").lower())
    operation = _OPERATIONS.get(key)
    needed = operation.letters if operation else _OTHER.get(key)
    if needed is None:
        raise AzureError("UnsupportedHttpVerb" if not key[1] else "InvalidQueryParameterValue")
    if not set(needed) & set(letters):
        raise AzureError("AuthorizationPermissionMismatch")
    if operation is None:
        raise AzureError("NotImplemented")
    container = containers.container(container_name)
    if container is None:
        raise AzureError("ContainerNotFound")
    snapshot = query.get("snapshot", "")
    if snapshot and request.method == "PUT":
        raise AzureError("InvalidQueryParameterValue", QueryParameterName="snapshot", QueryParameterValue=snapshot)
    place = Place(containers, container, name, containers.blob(container.id, name, snapshot))
    return operation.run(request, place)


def _answer_container(request: Request, containers: Containers, name: str, letters: str) -> Response:
    """What concerns a container as a whole; a service signature may only list it."""
    query = request.parameters()
    if not name or query.get("restype", "").lower() != "container":
        raise AzureError("AuthorizationFailure")
    if request.method != "GET" or query.get("comp", "").lower() != "list":
        raise AzureError("AuthorizationFailure")
    if "l" not in letters:
        raise AzureError("AuthorizationPermissionMismatch")
    container = containers.container(name)
    if container is None:
        raise AzureError("ContainerNotFound")
    return blob_reads.list_blobs(request, containers, container)
