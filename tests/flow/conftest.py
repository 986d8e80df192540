"""The command line without the privileges that tests may have."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

_SETTINGS = "version: 1\ntenant:\n  rehearsal: tenant\n"
_UNPRIVILEGED = """
import os, sys
from pathlib import Path
from spmigrate.cli.app import run

first, folder, *arguments = sys.argv[1:]
os.chdir(first)
# Imports everything while the interpreter's own files can still be read.
for command in (["scan", "run", "Share"], ["report"], ["init", "work"], ["estate", "generate", "share"]):
    run(command)
if os.geteuid() == 0:
    os.setgroups([])
    os.setegid(65534)
    os.seteuid(65534)
os.chdir(folder)
print("BEGIN", flush=True)
print("BEGIN", file=sys.stderr, flush=True)
sys.exit(run(arguments))
"""


@pytest.fixture
def unprivileged(tmp_path: Path) -> Iterator[tuple[Path, Callable[..., tuple[int, str, str]]]]:
    """A working folder that any account can reach, and the command line as an account without privileges."""
    (tmp_path / "Share").mkdir()
    (tmp_path / "spmigrate.yaml").write_text(_SETTINGS, "utf-8")
    with tempfile.TemporaryDirectory(prefix="spmigrate-test-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "spmigrate.yaml").write_text(_SETTINGS, "utf-8")

        def run(*arguments: str) -> tuple[int, str, str]:
            done = subprocess.run(
                [sys.executable, "-c", _UNPRIVILEGED, tmp_path, folder, *arguments], capture_output=True, text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
            )  # fmt: skip
            return done.returncode, done.stdout.partition("BEGIN\n")[2], done.stderr.partition("BEGIN\n")[2]

        yield folder, run
        folder.chmod(0o755)
        for path in (folder / "Share").glob("*"):
            path.chmod(0o755)
