"""The rehearsal tenant at a council's size: 5,000 sites and a million files, 300,000 of them in one library."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.rehearsal import processor
from tests.contract.rehearsal_client import PlainClient
from tests.rehearsal_fixtures import serve_tenant

_SITES = 5_000
_FILES = 1_000_000
_LARGE = 300_000
_GRAPH = "graph.microsoft.com"
_SHAREPOINT = "contoso.sharepoint.com"
_MEGABYTE = 1024
_READINGS = 3

Figure = dict[str, str | float | None]


def figures() -> Iterator[Figure]:
    """Seconds to seed the sites and the files, the start on them, delta of the large library, and memory."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "tenant"
        with serve_tenant(state) as running:
            yield _figure("seed-5000-sites", _timed(lambda: running.seed(_sites())), "s", most=60)
            # Library by library: a seed is one transaction, and its request waits for the end.
            yield _figure("seed-1000000-files", _timed(lambda: _each(running.seed, _files())), "s")
        began = time.perf_counter()
        with serve_tenant(state) as running:
            yield _figure("start-on-that", time.perf_counter() - began, "s", most=1.5)
            client = PlainClient(running)
            readings = [_read_changes(client, running.process.pid) for _ in range(_READINGS)]
            client.close()
            best = max(readings, key=lambda each: each.rate)
            yield _figure(f"delta-of-{best.count}", best.rate, "items/s", least=20_000)
            yield _figure("delta-server-cpu", best.server, "us/item", most=18)
            yield _figure("delta-reader-cpu", best.reader, "us/item")
            yield _figure("memory", _memory(running.process.pid), "MB", most=300)


def _figure(name: str, value: float, unit: str, *, most: float = 0, least: float = 0) -> Figure:
    aim = most or least
    return {"name": f"rehearsal-scale-{name}", "value": value, "unit": unit, "other": aim or None,
            "ratio": value / aim if aim else None}  # fmt: skip


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _each(seed: Callable[[str], None], texts: Iterator[str]) -> None:
    for text in texts:
        seed(text)


def _sites() -> str:
    people = "owner: admin, owners: [migration.lead], members: [engineer]"
    return "sites:\n" + "\n".join(
        f"  - {{url: /sites/scale{each}, title: Scale {each}, template: STS#3, {people}}}" for each in range(_SITES)
    )


def _files() -> Iterator[str]:
    yield _library("scale0", _LARGE)
    for each in range(1, 8):
        yield _library(f"scale{each}", (_FILES - _LARGE) // 7)


def _library(site: str, count: int) -> str:
    file = f"{{path: 'Folder {{thousand}}/File {{n}}.txt', count: {count}, text: scale}}"
    return f"sites:\n  - {{url: /sites/{site}, title: Scale, libraries: [{{name: Documents, files: [{file}]}}]}}"


@dataclass(frozen=True)
class _Reading:
    """One reading of delta to its end: entries, entries a second, and microseconds of processor time for each."""

    count: int
    rate: float
    server: float
    reader: float


def _read_changes(client: PlainClient, pid: int) -> _Reading:
    began, own, served = time.perf_counter(), time.process_time(), processor(pid)
    site = client.graph("GET", f"sites/{_SHAREPOINT}:/sites/scale0").json["id"]
    drive = client.graph("GET", f"sites/{site}/drive").json["id"]
    count, url = 0, f"https://{_GRAPH}/v1.0/drives/{drive}/root/delta?$top=1000"
    while url:
        page = client.send("GET", url).json
        count += len(page["value"])
        url = page.get("@odata.nextLink", "")
    server, reader = ((each / count * 1_000_000) for each in (processor(pid) - served, time.process_time() - own))
    return _Reading(count, count / (time.perf_counter() - began), server, reader)


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return int(next(each for each in lines if each.startswith("VmHWM")).split()[1]) / _MEGABYTE
