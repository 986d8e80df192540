"""Commands that end at a point of their journal, as a kill would end them; the points are found, not written down.

A point lies before and after everything that outlives the process: each commit of the ledger, each request that goes
out, each secret that is sealed or erased. A first run counts them; a later one stops existing at the n-th. `Commands`
forks each run from a process that has everything imported, so that hundreds of them take minutes.
"""

import json
import os
import re
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent.parent
KILLED = 137
_MODULES = (
    "spmigrate.cli.app", "spmigrate.cli.wave", "spmigrate.cli.tenants", "spmigrate.migrate.engine",
    "spmigrate.migrate.routes.session", "spmigrate.migrate.routes.package", "spmigrate.store.ledger",
    "spmigrate.tenant.session", "spmigrate.config", "spmigrate.govern.rules", "spmigrate.mapping.gate", "cryptography",
)  # fmt: skip
_WRITES = ("INSERT", "UPDATE", "DELETE")
_ID = re.compile(r"[^/]*(?:[0-9!']|%)[^/]*|[A-Z0-9]{12,}")


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code, the points that it passed, and what it said."""

    code: int
    points: list[str]
    said: str


class Commands:
    """Runs commands of the command line, each in a process of its own; close it when done."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.points"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
        )  # fmt: skip

    def __enter__(self) -> "Commands":
        return self

    def __exit__(self, *_exc: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def run(self, work: Path, *arguments: str, kill_at: int | str = 0, change: str = "") -> Ended:
        """Run a command in a working folder, and kill it at its n-th point, or the first so called; 0 lets it run.

        `change` is Python that is run before it, in its process.
        """
        asked = {"work": str(work), "arguments": arguments, "kill_at": kill_at, "change": change}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))

    def must(self, work: Path, *arguments: str, code: int = 0) -> Ended:
        """Run a command that ends as it should."""
        ended = self.run(work, *arguments)
        assert ended.code == code, (arguments, ended.code, ended.said)
        return ended


class Points:
    """The points of one run."""

    def __init__(self, report: Path, kill_at: int | str) -> None:
        self._report = report.open("w", encoding="utf-8")
        self._kill_at = kill_at
        self._passed = 0
        self._lock = threading.Lock()

    def reach(self, label: str) -> None:
        """Pass a point, or end here."""
        with self._lock:
            self._passed += 1
            self._report.write(label + "\n")
            if self._kill_at in (self._passed, label):
                self._report.flush()
                os._exit(KILLED)

    def around(self, call: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
        """A call with a point before it and one after it, however it ends."""

        def run(*arguments: Any, **named: Any) -> Any:
            label = name(*arguments, **named)
            self.reach(f"before {label}")
            try:
                return call(*arguments, **named)
            finally:
                self.reach(f"after {label}")

        return run

    def close(self) -> None:
        """Keep what was passed."""
        self._report.close()


class WatchedHome:
    """A home of the ledger with a point before and after everything that it keeps."""

    def __init__(self, home: Any, points: Points) -> None:
        self._home = home
        self._points = points
        self._within = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._home, name)

    def begin(self, **how: Any) -> None:
        self._home.begin(**how)
        self._within = True

    def commit(self) -> None:
        label = f"commit {_caller()}"
        self._points.reach(f"before {label}")
        self._home.commit()
        self._within = False
        self._points.reach(f"after {label}")

    def roll_back(self) -> None:
        self._within = False
        self._home.roll_back()

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        return self._kept(sql, self._home.execute, parameters)

    def insert(self, sql: str, parameters: Any) -> Any:
        return self._kept(sql, self._home.insert, parameters)

    def _kept(self, sql: str, call: Callable[..., Any], parameters: Any) -> Any:
        if self._within or not sql.lstrip().upper().startswith(_WRITES):
            return call(sql, parameters)
        return self._points.around(call, lambda *_: f"write {_caller()}")(sql, parameters)


def _caller() -> str:
    """The function of the product that keeps something."""
    frame: Any = sys._getframe(1)
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("spmigrate.") and module not in ("spmigrate.store.ledger", "spmigrate.store.sqlite"):
            return f"{module.removeprefix('spmigrate.')}.{frame.f_code.co_name}"
        frame = frame.f_back
    return "?"


def _request(_self: object, method: str, url: str, *_rest: Any, **_named: Any) -> str:
    parts = urlsplit(url)
    segments = "/".join("*" if _ID.fullmatch(each) else each for each in parts.path.split("/"))
    return f"{method} {(parts.hostname or '').partition('.')[0]}{segments}"


def _watch(points: Points) -> None:
    import requests
    import urllib3

    from spmigrate.sealed import FileSealed
    from spmigrate.store import ledger

    opened = ledger.home_at
    ledger.home_at = lambda where: WatchedHome(opened(where), points)  # type: ignore[assignment,return-value]
    kinds: tuple[tuple[Any, str, Callable[..., str]], ...] = (
        (requests.Session, "request", _request), (urllib3.PoolManager, "request", _request),
        (FileSealed, "put", lambda *_: "seal"), (FileSealed, "erase", lambda *_: "unseal"),
    )  # fmt: skip
    for kind, name, label in kinds:
        setattr(kind, name, points.around(getattr(kind, name), label))


def _child(asked: dict[str, Any], report: Path, said: Path) -> None:
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(asked["work"])
    points = Points(report, asked["kill_at"])
    _watch(points)
    from spmigrate.cli import app

    code = 1
    try:
        exec(asked["change"], {})
        code = int(app.run(list(asked["arguments"])))
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        points.close()
        os._exit(code)


def _serve() -> None:
    import importlib
    import tempfile

    for module in _MODULES:
        importlib.import_module(module)
    with tempfile.TemporaryDirectory() as folder:
        report, said = Path(folder) / "points", Path(folder) / "said"
        for line in sys.stdin:
            asked = json.loads(line)
            child = os.fork()
            if not child:
                _child(asked, report, said)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            ended = Ended(code, report.read_text("utf-8").splitlines(), said.read_text("utf-8", "replace")[-4000:])
            print(json.dumps(ended.__dict__), flush=True)


if __name__ == "__main__":
    _serve()
