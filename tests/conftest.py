"""What every test has: no network but loopback, no settings of this machine, the command line, the rehearsal tenant."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from tests.postgres import Databases

pytest_plugins = ["tests.rehearsal_fixtures", "tests.postgres"]

ROOT = Path(__file__).parent.parent

# How long an example takes says how busy the machine is; what is measured stands in tests/bench.
hypothesis.settings.register_profile("spmigrate", deadline=None)
hypothesis.settings.load_profile("spmigrate")


@pytest.fixture(autouse=True)
def _only_loopback(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection that leaves this machine is an error of the test, unless it is there to reach a real tenant."""
    if request.node.get_closest_marker("live"):
        return
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if host is not None and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _clean_environment(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No test reads or writes the real home, or settings of the shell: but a real tenant may need its proxy."""
    live = request.node.get_closest_marker("live")
    for name in list(os.environ):
        if name.startswith("SPMIGRATE_") or (name.lower().endswith("_proxy") and not live):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("NO_COLOR", "1")


@dataclass(frozen=True)
class Finished:
    """A command line that has run."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The one document that it printed."""
        return json.loads(self.stdout)


@pytest.fixture
def spmigrate(tmp_path: Path, ledger_home: "Databases | None") -> Iterator[Callable[..., Finished]]:
    """Run the real command in its own process: `spmigrate("scan", "run", folder, cwd=...)`."""

    def run(*arguments: object, cwd: Path = tmp_path, timeout: float = 120) -> Finished:
        if ledger_home is not None:
            ledger_home.settle(cwd)
        done = subprocess.run(
            [sys.executable, "-m", "spmigrate", *map(str, arguments)],
            cwd=cwd, capture_output=True, text=True, timeout=timeout, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        return Finished(done.returncode, done.stdout, done.stderr)

    yield run
