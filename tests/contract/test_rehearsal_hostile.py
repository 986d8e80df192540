"""What arrives on the ports of a served tenant from those who mean harm, or are broken: nobody else waits for it, and
nothing of it reaches what is kept."""

import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.contract.rehearsal_client import PlainClient
from tests.rehearsal_fixtures import RunningTenant

_SECONDS = 5


@pytest.fixture
def dial(rehearsal: RunningTenant) -> Iterator[Callable[[str], ssl.SSLSocket]]:
    """Connections to the tenant's port that end with the test."""
    context = ssl.create_default_context(cafile=rehearsal.ready["ca"])
    with ExitStack() as stack:

        def connect(name: str = "graph.microsoft.com") -> ssl.SSLSocket:
            plain = stack.enter_context(socket.create_connection(rehearsal.address, timeout=_SECONDS))
            return stack.enter_context(context.wrap_socket(plain, server_hostname=name))

        yield connect


def _exchange(connection: socket.socket, content: bytes) -> bytes:
    """What comes back until the other side closes, or has nothing more to say."""
    got = b""
    try:
        connection.sendall(content)
        while piece := connection.recv(65_536):
            got += piece
            if b"\r\n\r\n" in got:
                break
    except OSError as problem:
        assert not isinstance(problem, TimeoutError), content[:60]
    return got


_MALFORMED = [
    b"\x00\x01\x02\x03\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET  HTTP/1.1\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: graph.microsoft.com\r\n\r\n", b"CONNECT graph.microsoft.com:443 HTTP/1.1\r\n\r\n",
    b"GET http:// HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: graph.microsoft.com\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n", b"GET / HTTP/1.1\r\n: x\r\n\r\n",
    b"GET /%zz%ff%00 HTTP/1.1\r\nHost: graph.microsoft.com\r\n\r\n",
    b"GET /v1.0/sites/root HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: graph.microsoft.com\r\nContent-Length: x\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: graph.microsoft.com\r\nContent-Length: -5\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: graph.microsoft.com\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nHost: graph.microsoft.com\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: graph.microsoft.com\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: graph.microsoft.com\r\nX: " + b"a" * 400_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 400_000 + b" HTTP/1.1\r\nHost: graph.microsoft.com\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: graph.microsoft.com\r\n" + b"x: y\r\n" * 60_000 + b"\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x00\x05hello" * 10,
]  # fmt: skip


def test_malformed_requests_are_refused(dial: Callable[[], ssl.SSLSocket], rehearsal: RunningTenant) -> None:
    for content in _MALFORMED:
        got = _exchange(dial(), content)
        status = got[9:10]
        assert not got or status == b"4" or content.startswith(b"GET /v1.0"), (content[:80], got[:80])
        assert b"Traceback" not in got
    assert PlainClient(rehearsal).graph("GET", "sites/root").status == 200
    assert [each for each in rehearsal.control.call("GET", "requests?unknown=1") if each["status"] == 500] == []


def test_clients_that_stand_still_hold_nobody_up(dial: Callable[[], ssl.SSLSocket], rehearsal: RunningTenant) -> None:
    proxy = rehearsal.ready["proxy"].rpartition(":")[2]
    still = [
        b"", b"GET /v1.0/sites/root HT", b"GET / HTTP/1.1\r\nHost: graph.microsoft.com\r\nA: ",
        b"PUT /v1.0/x HTTP/1.1\r\nHost: graph.microsoft.com\r\nContent-Length: 90000000\r\n\r\nabc",
        b"PUT /v1.0/x HTTP/1.1\r\nHost: graph.microsoft.com\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ]  # fmt: skip
    client = PlainClient(rehearsal)
    assert client.graph("GET", "sites/root").status == 200
    with ExitStack() as stack:
        for content in still * 8:
            dial().sendall(content)
            bare = stack.enter_context(socket.create_connection(rehearsal.address, timeout=_SECONDS))
            bare.sendall(b"\x16\x03\x01")
            through = stack.enter_context(socket.create_connection(("127.0.0.1", int(proxy)), timeout=_SECONDS))
            through.sendall(b"CONNECT graph.microsoft.com:443 HT")
        began = time.monotonic()
        assert PlainClient(rehearsal).graph("GET", "sites/root").status == 200
        assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "target",
    [
        "example.com:443",
        "127.0.0.1:22",
        "localhost:443",
        "[::1]:443",
        "graph.microsoft.com:22",
        "graph.microsoft.com",
        "graph.microsoft.com.evil.example:443",
        "evil.example/.blob.core.windows.net:443",
        ":443",
        "graph.microsoft.com:x",
        "graph.microsoft.com:443:443",
        "x@graph.microsoft.com:443",
    ],
)
def test_the_proxy_leads_to_the_tenant_alone(rehearsal: RunningTenant, target: str) -> None:
    proxy = int(rehearsal.ready["proxy"].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", proxy), timeout=_SECONDS) as connection:
        got = _exchange(connection, f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    assert got.startswith(b"HTTP/1.1 403"), target


@pytest.mark.parametrize("content", [b"GET http://example.com/ HTTP/1.1\r\n\r\n", b"\x00" * 50_000, b"CONNECT\r\n\r\n"])
def test_the_proxy_takes_connect_alone(rehearsal: RunningTenant, content: bytes) -> None:
    proxy = int(rehearsal.ready["proxy"].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", proxy), timeout=_SECONDS) as connection:
        got = _exchange(connection, content)
    assert not got or got.startswith(b"HTTP/1.1 403")


def test_names_lead_to_nothing_outside_of_what_is_kept(rehearsal: RunningTenant) -> None:
    client, before = PlainClient(rehearsal), sorted(each.name for each in rehearsal.state.parent.iterdir())
    drive = client.graph("GET", "sites/root/drive").json["id"]
    content = b"escaped" * 20_000
    for name in (
        "..%2f..%2f..%2fescaped.txt",
        "..%5c..%5cescaped.txt",
        "%2fetc%2fescaped",
        "a%00b",
        "..",
        ".",
        "C:%5cescaped",
    ):
        client.graph("PUT", f"drives/{drive}/root:/{name}:/content", content)
        client.graph("POST", f"drives/{drive}/root/children", {"name": name.replace("%2f", "/"), "folder": {}})
        client.send(
            "PUT",
            f"https://contoso.sharepoint.com/_api/v2.0/drives/{drive}/items/stub/uploadSession?guid={name}&tempauth={name}",
            content,
            token=False,
            Content_Range=f"bytes 0-{len(content) - 1}/{len(content)}",
        )
        client.send("PUT", f"https://spodm10008.blob.core.windows.net/{name}/{name}?sig=x", content, token=False)
        client.send("GET", f"https://127.0.0.1/_rehearsal/{name}", token=False)
    assert sorted(each.name for each in rehearsal.state.parent.iterdir()) == before
    assert not list(rehearsal.state.rglob("*escaped*"))


def test_what_is_kept_is_for_its_owner_alone(rehearsal: RunningTenant) -> None:
    PlainClient(rehearsal).graph("PUT", "sites/root/drive/root:/kept.bin:/content", b"k" * 200_000)
    kept = list(rehearsal.state.rglob("*"))
    assert any(each.name == "ready.json" for each in kept)
    assert [each for each in kept if each.stat().st_mode & 0o077 and not each.is_symlink()] == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one loopback address")
def test_an_exposed_tenant_is_steered_at_its_address(tmp_path: Path) -> None:
    spmigrate = [sys.executable, "-m", "spmigrate", "rehearsal"]
    command = [*spmigrate, "serve", "--state", str(tmp_path / "state"), "--listen", "127.0.0.2:0"]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert refused.returncode != 0
    assert "--expose" in refused.stderr
    with subprocess.Popen([*command, "--expose"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        try:
            assert ready["control"].startswith("https://127.0.0.2:")
            asked = subprocess.run(
                [*spmigrate, "clock", "--state", str(tmp_path / "state")], capture_output=True, timeout=30, check=False
            )
            assert asked.returncode == 0, asked.stderr
        finally:
            process.terminate()
