"""The rehearsal tenant as it is loaded by a migration, beside a server that does nothing but keep each body.

A small file is two requests: an upload session, and its one fragment of 10 KiB. The processor time is the server's own.
"""

import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3

from tests.contract.rehearsal_client import PlainClient
from tests.rehearsal_fixtures import RunningTenant, serve_tenant

_WORKERS = 6
_FILES = 400
_ROUNDS = 4
_STARTS = 3
_CONTENT = bytes(range(256)) * 40
_GRAPH, _SHAREPOINT = "graph.microsoft.com", "contoso.sharepoint.com"
_SEED = Path(__file__).parents[2] / "spmigrate" / "rehearsal" / "seeds" / "demo.yaml"
_PACKAGES = "import uvicorn, uvloop, httptools, cryptography.x509, yaml, sqlite3"

Figure = dict[str, str | float | None]
Send = Callable[[str], None]


@dataclass(frozen=True)
class Cost:
    """Seconds for one piece of work: by the clock, and of the server's processor."""

    wall: float
    cpu: float


def figures() -> Iterator[Figure]:
    """Small files a second, the server's processor time for a file and for an entry of delta, and the start."""
    with tempfile.TemporaryDirectory() as folder, serve_tenant(Path(folder) / "tenant") as running:
        client = PlainClient(running)
        drive = _drive(client)
        with _bare(Path(folder), running) as (process, port):
            sides = (
                (running.process.pid, _tenant_sender(running, client.token(_GRAPH), drive)),
                (process.pid, _bare_sender(port, running.ready["ca"])),
            )
            rounds = [[_measure(pid, send, f"file {n}") for pid, send in sides] for n in range(_ROUNDS)]
        delta = min(_read_changes(client, drive, running.process.pid) for _ in range(_ROUNDS))
        client.close()
    ours, bare = (
        Cost(min(each[side].wall for each in rounds), min(each[side].cpu for each in rounds)) for side in (0, 1)
    )
    yield _figure("rehearsal-small-file (beside bare ASGI)", 1 / ours.wall, "files/s", 1 / bare.wall)
    yield _figure("rehearsal-small-file-cpu (beside bare ASGI)", ours.cpu * 1000, "ms", bare.cpu * 1000)
    yield {"name": "rehearsal-delta-cpu", "value": delta * 1_000_000, "unit": "us/item"}
    starts = [(_start(), _import()) for _ in range(_STARTS)]
    yield _figure(
        "rehearsal-start (beside its packages' import)",
        min(each[0] for each in starts), "s", min(each[1] for each in starts),
    )  # fmt: skip


def _figure(name: str, value: float, unit: str, other: float) -> Figure:
    return {"name": name, "value": value, "unit": unit, "other": other, "ratio": value / other}


def _drive(client: PlainClient) -> str:
    site = client.graph("GET", f"sites/{_SHAREPOINT}:/sites/team").json["id"]
    return str(client.graph("GET", f"sites/{site}/drives").json["value"][0]["id"])


def _pool(port: int, authority: str, host: str) -> urllib3.HTTPSConnectionPool:
    context = ssl.create_default_context(cafile=authority)
    return urllib3.HTTPSConnectionPool(
        "127.0.0.1", port, maxsize=_WORKERS, ssl_context=context, server_hostname=host, assert_hostname=host
    )


def _tenant_sender(running: RunningTenant, token: str, drive: str) -> Send:
    authority, port = running.ready["ca"], running.address[1]
    graph, sharepoint = _pool(port, authority, _GRAPH), _pool(port, authority, _SHAREPOINT)
    headers = {"Host": _GRAPH, "Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    span = {"Host": _SHAREPOINT, "Content-Range": f"bytes 0-{len(_CONTENT) - 1}/{len(_CONTENT)}"}
    times = {"createdDateTime": "2014-05-13T16:53:20Z", "lastModifiedDateTime": "2017-07-14T02:40:00Z"}
    item = {"@microsoft.graph.conflictBehavior": "fail", "fileSize": len(_CONTENT), "fileSystemInfo": times}
    body = json.dumps({"item": item}).encode()

    def send(name: str) -> None:
        path = f"/v1.0/drives/{drive}/items/root:/{name.replace(' ', '%20')}.bin:/createUploadSession"
        begun = graph.urlopen("POST", path, body=body, headers=headers)
        url = json.loads(begun.data)["uploadUrl"].removeprefix(f"https://{_SHAREPOINT}")
        assert sharepoint.urlopen("PUT", url, body=_CONTENT, headers=span).status == 201

    return send


def _bare_sender(port: int, authority: str) -> Send:
    pool = _pool(port, authority, _GRAPH)

    def send(name: str) -> None:
        for method, body in (("POST", name.encode()), ("PUT", _CONTENT)):
            answer = pool.urlopen(method, "/", body=body)
            assert answer.status == 200 and json.loads(answer.data)

    return send


@contextmanager
def _bare(folder: Path, running: RunningTenant) -> Iterator[tuple[subprocess.Popen[str], int]]:
    certificate = Path(running.ready["ca"]).parent / "server.pem"
    module = Path(__file__).with_name("_bare_server.py")
    process = subprocess.Popen(
        [sys.executable, str(module), str(folder / "bare.db"), str(certificate)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        yield process, int(process.stdout.readline())
    finally:
        # Asked politely it would wait half a minute for the connections that the pools keep open.
        process.kill()
        process.communicate()


def _measure(pid: int, send: Send, name: str) -> Cost:
    """What one file costs, of many that are sent by several threads."""
    wall, cpu = time.perf_counter(), processor(pid)
    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(send, (f"{name} {number}" for number in range(_FILES))))
    return Cost((time.perf_counter() - wall) / _FILES, (processor(pid) - cpu) / _FILES)


def _read_changes(client: PlainClient, drive: str, pid: int) -> float:
    """The server's processor time for one entry of a whole reading of delta."""
    cpu, count = processor(pid), 0
    url = f"https://{_GRAPH}/v1.0/drives/{drive}/root/delta"
    while url:
        page = client.send("GET", url).json
        count += len(page["value"])
        url = page.get("@odata.nextLink", "")
    return (processor(pid) - cpu) / count


def _start() -> float:
    """Seconds until a new tenant with the demo's seed is ready, its keys and certificates included."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with serve_tenant(Path(folder), seed=_SEED):
            return time.perf_counter() - began


def _import() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", _PACKAGES], check=True)
    return time.perf_counter() - began


def processor(pid: int) -> float:
    """Seconds of processor time that a process has used (Linux tells in hundredths)."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
