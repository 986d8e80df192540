"""The rehearsal tenant as tests use it: one server process for the whole run, reached as any client reaches it."""

from __future__ import annotations

import gc
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from spmigrate.rehearsal.client import ControlClient
from spmigrate.rehearsal.environment import exports

_ROOT = Path(__file__).parent.parent
_READY_SECONDS = 60
_STOP_SECONDS = 15
_COMMAND = (
    "import sys; from pathlib import Path; from spmigrate.rehearsal.server import Options, serve;"
    "serve(Options(Path(sys.argv[1]), '127.0.0.1:0', Path(sys.argv[2]) if sys.argv[2] else None, sys.argv[3]),"
    " lambda line: print(line, flush=True))"
)


@dataclass(frozen=True)
class RunningTenant:
    """A served tenant: what it said when ready, and the control calls."""

    state: Path
    ready: dict[str, Any]
    control: ControlClient
    process: subprocess.Popen[str]

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that it listens on."""
        host, _, port = self.ready["address"].rpartition(":")
        return host, int(port)

    @property
    def environment(self) -> dict[str, str]:
        """What makes an unmodified program reach it, as `spmigrate rehearsal env` prints it."""
        return exports(self.ready)

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        """What was asked of it after a number."""
        return list(self.control.call("GET", f"requests?since={since}"))

    def mark(self) -> int:
        """The number of the newest request, to ask `requests(since=…)` with."""
        return max((entry["number"] for entry in self.requests()), default=0)

    def fault(self, action: dict[str, Any], *, count: int = 1, skip: int = 0, **match: str) -> None:
        """Let the next requests that match go wrong."""
        self.control.call("POST", "faults", {"match": match, "count": count, "skip": skip, "action": action})

    def faults_left(self) -> int:
        """How many requests the faults in force will still strike."""
        return sum(fault["count"] for fault in self.control.call("GET", "faults"))

    def clear_faults(self) -> None:
        """Take back all faults."""
        self.control.call("DELETE", "faults")

    def seed(self, text: str) -> None:
        """Add what a seed describes."""
        self.control.call("POST", "seed", text=text)

    def advance(self, seconds: float) -> None:
        """Move the tenant's clock on."""
        self.control.call("POST", "clock", {"advance": seconds})


@contextmanager
def serve_tenant(state: Path, *, seed: Path | None = None, profile: str = "open") -> Iterator[RunningTenant]:
    """Serve a tenant in a process of its own until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMAND, str(state), str(seed or ""), profile],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])},
    )
    try:
        ready = json.loads(_first_line(process))
        yield RunningTenant(state, ready, ControlClient(state), process)
    finally:
        gc.collect()  # an error that went by may still hold an answer, and so a connection that the server waits for
        process.terminate()
        try:
            process.communicate(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _first_line(process: subprocess.Popen[str]) -> str:
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout
    threading.Thread(target=lambda out: lines.put(out.readline()), args=(process.stdout,), daemon=True).start()
    line = lines.get(timeout=_READY_SECONDS)
    if not line:
        _, said = process.communicate(timeout=_STOP_SECONDS)
        raise RuntimeError(f"the rehearsal tenant did not start:\n{said}")
    return line


@pytest.fixture(scope="session")
def rehearsal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTenant]:
    """One served tenant for the whole run."""
    with serve_tenant(tmp_path_factory.mktemp("rehearsal")) as running:
        yield running


@pytest.fixture
def rehearsal(rehearsal_server: RunningTenant) -> Iterator[RunningTenant]:
    """The served tenant, without faults and with the right time; what a test makes in it stays, so take own names."""
    yield rehearsal_server
    rehearsal_server.clear_faults()
    rehearsal_server.control.call("POST", "clock", {"reset": True})
