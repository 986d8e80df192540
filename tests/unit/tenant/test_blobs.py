"""Blobs of packages: any length in one block of memory, and what a closed container is."""

import tracemalloc
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from spmigrate.migrate.package import cipher
from spmigrate.tenant import blobs
from spmigrate.tenant.blobs import ContainerGone
from spmigrate.tenant.sender import Reply

CONTAINER = "https://account.blob.core.windows.net/box?sig=secret"
MEGABYTE = 1 << 20


class Service:
    """Takes what is sent, and answers as told."""

    def __init__(self, status: int = 201, headers: Mapping[str, str] | None = None) -> None:
        self.patience = SimpleNamespace(pause=lambda _: None, silent=False)
        self.reply = Reply(status, headers or {}, b"")
        self.asked: list[tuple[str, int]] = []

    def send(self, method: str, url: str, *, body: bytes | None, **_: Any) -> Reply:
        self.asked.append((url.partition("sig=secret")[2], len(body or b"")))
        return self.reply


def test_a_large_file_is_never_whole_in_memory() -> None:
    service = Service()

    def pieces() -> Iterator[bytes]:
        for _ in range(12):
            yield bytes(8 * MEGABYTE)

    vector = cipher.new_vector()
    tracemalloc.start()
    blobs.put_pieces(service, CONTAINER, "large", cipher.encrypt_pieces(pieces(), bytes(32), vector), vector)  # type: ignore[arg-type]  # as much of a tenant as it needs
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 48 * MEGABYTE
    sizes = [size for query, size in service.asked if "comp=block&" in query]
    assert sum(sizes) == cipher.encrypted_size(96 * MEGABYTE)
    assert [query.partition("comp=")[2] for query, _ in service.asked[-2:]] == ["blocklist", "snapshot"]


@pytest.mark.parametrize("status", [403, 404])
def test_a_closed_container_is_told_apart(status: int) -> None:
    service = Service(status, {"x-ms-error-code": "AuthenticationFailed"})
    with pytest.raises(ContainerGone, match="AuthenticationFailed") as caught:
        blobs.put(service, CONTAINER, "a", b"x", cipher.new_vector())  # type: ignore[arg-type]  # as above
    assert "secret" not in str(caught.value)
    assert not caught.value.transient


def test_a_log_that_is_not_there_is_none() -> None:
    assert blobs.get(Service(404), CONTAINER, "Import-1.log") is None  # type: ignore[arg-type]  # as above
