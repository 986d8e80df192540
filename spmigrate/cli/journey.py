"""The demo's script: the ordinary commands, run the way a user runs them, one after the other.

Nothing here does the product's work. Each step starts `spmigrate …` as its own process, in the working folder, and
reads the JSON document that the command prints; what people see of a command is what it shows on stderr.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spmigrate.errors import ExitCode, SpmigrateError

Say = Callable[[str], None]


@dataclass
class Journey:
    """One run of the demo: its folders, and what each command has answered."""

    folder: Path
    say: Say
    facts: dict[str, Any] = field(default_factory=dict)
    _tenant: subprocess.Popen[str] | None = None

    @property
    def tenant(self) -> Path:
        """State of the rehearsal tenant."""
        return self.folder / "tenant"

    @property
    def work(self) -> Path:
        """The working folder."""
        return self.folder / "work"

    def start_tenant(self, seed: str) -> None:
        """Start the rehearsal tenant as a process of its own and wait until it says that it is ready."""
        command = ("rehearsal", "serve", "--state", str(self.tenant), "--listen", "127.0.0.1:0", "--seed", seed)
        self._echo(command)
        self._tenant = subprocess.Popen(_argv(command), stdout=subprocess.PIPE, text=True, env=_environment())
        assert self._tenant.stdout is not None
        if not self._tenant.stdout.readline():
            raise SpmigrateError("the rehearsal tenant did not start", hint="try it alone: spmigrate rehearsal serve")

    def stop_tenant(self) -> None:
        """Stop the rehearsal tenant, if it runs."""
        if self._tenant is None:
            return
        self._tenant.terminate()
        self._tenant.communicate(timeout=30)
        self._tenant = None

    def run(self, *arguments: str, codes: tuple[int, ...] = (0,), inside: bool = True, json_: bool = True) -> Any:
        """Run a command to its end and return its JSON document; any exit code but `codes` ends the demo."""
        text = self._output(arguments, codes=codes, inside=inside, json_=json_)
        return json.loads(text) if json_ else None

    def lines(self, *arguments: str) -> list[Any]:
        """Run a command that prints one JSON object a line, and return them."""
        return [json.loads(each) for each in self._output(arguments, json_=False).splitlines()]

    def _output(
        self, arguments: tuple[str, ...], *, codes: tuple[int, ...] = (0,), inside: bool = True, json_: bool
    ) -> str:
        self._echo(arguments)
        done = subprocess.run(
            [*_argv(arguments), *(["--json"] if json_ else [])], cwd=self.work if inside else self.folder,
            stdout=subprocess.PIPE, text=True, env=_environment(), check=False,
        )  # fmt: skip
        if done.returncode not in codes:
            raise SpmigrateError(
                f"'spmigrate {shlex.join(arguments)}' ended with exit code {done.returncode}",
                hint="the message above is its own; nothing outside the demo's folder was touched",
            )
        return done.stdout

    def run_and_kill(self, *arguments: str, when: Callable[[], bool]) -> bool:
        """Start a command and kill it with SIGKILL as soon as `when()`; False if it had finished by then."""
        self._echo(arguments)
        running = subprocess.Popen(
            [*_argv(arguments), "--json"], cwd=self.work, stdout=subprocess.DEVNULL, env=_environment()
        )
        while running.poll() is None:
            if when():
                running.send_signal(signal.SIGKILL)
                running.wait()
                return True
            time.sleep(0.02)
        if running.returncode not in (ExitCode.DONE, ExitCode.FINDINGS, ExitCode.INCOMPLETE):
            raise SpmigrateError(f"'spmigrate {shlex.join(arguments)}' ended with exit code {running.returncode}")
        return False

    def _echo(self, arguments: tuple[str, ...]) -> None:
        self.say(f"  $ spmigrate {shlex.join(arguments)}")


def _argv(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "spmigrate", *arguments]


def _environment() -> dict[str, str]:
    """The user's environment without settings of another working folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SPMIGRATE_")}
    # A checkout that is run from its own folder must stay importable in the demo's folders.
    root = str(Path(__file__).parents[2])
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))}
