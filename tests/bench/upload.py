"""Uploading small files: our sender, with dates and a compared hash, beside the client library's `Files.add`.

Ours makes two requests for each file and theirs one, which carries neither dates nor a hash.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from spmigrate.model import Destination
from spmigrate.quickxor import quickxor
from spmigrate.tenant import files, transfer
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import Spot, Times
from tests.rehearsal_fixtures import serve_tenant
from tests.tenant_tree import new_site, session, working_folder

_WORKERS = 4
_FILES = 150
_ROUNDS = 4
_CONTENT = bytes(range(256)) * 40
_TIMES = Times(1_400_000_000_000_000_000, 1_500_000_000_000_000_000)

Send = Callable[[str], object]


def figures() -> Iterator[dict[str, str | float | None]]:
    """Files a second and milliseconds of our processor time for each file of 10 KiB, four at a time."""
    with tempfile.TemporaryDirectory() as folder, serve_tenant(Path(folder) / "tenant") as running:
        home = new_site(running, "bench")
        with session(working_folder(Path(folder) / "work", running, workers=_WORKERS)) as tenant:
            ours, library = _ours(tenant, home), _library(tenant, home)
            rounds = [(_measure(ours, f"ours {n}"), _measure(library, f"library {n}")) for n in range(_ROUNDS)]
    wall, other_wall = (min(each[side][0] for each in rounds) for side in (0, 1))
    cpu, other_cpu = (min(each[side][1] for each in rounds) for side in (0, 1))
    yield _figure("upload-10-KiB (beside Files.add)", _FILES / wall, "files/s", _FILES / other_wall)
    yield _figure("upload-10-KiB-cpu (beside Files.add)", cpu * 1000 / _FILES, "ms", other_cpu * 1000 / _FILES)


def _figure(name: str, value: float, unit: str, other: float) -> dict[str, str | float | None]:
    return {"name": name, "value": value, "unit": unit, "other": other, "ratio": value / other}


def _measure(send: Send, name: str) -> tuple[float, float]:
    """Seconds by the clock and of the processor for one round."""
    wall, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(send, (f"{name} {number}.bin" for number in range(_FILES))))
    return time.perf_counter() - wall, time.process_time() - cpu


def _ours(tenant: Tenant, home: Destination) -> Send:
    library = files.open_library(tenant, home.site, home.library)

    def send(name: str) -> None:
        spot = Spot(library, library.root_id, "", name)
        arrived = transfer.upload(tenant, spot, iter([_CONTENT]), size=len(_CONTENT), times=_TIMES)
        assert arrived.quickxor == quickxor(_CONTENT)

    return send


def _library(tenant: Tenant, home: Destination) -> Send:
    """The library as its documentation shows it: one context for each thread, one query for each file."""
    own = threading.local()

    def send(name: str) -> None:
        if not hasattr(own, "context"):
            own.context = tenant.context(tenant.settings.sharepoint + home.site)
        context = own.context
        folder = context.web.get_folder_by_server_relative_url(f"{home.site}/{home.library}")
        tenant.call(folder.files.add(name, _CONTENT, overwrite=False).execute_query)

    return send
