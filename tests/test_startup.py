"""Start-up: offline commands are at work before anyone notices, because heavy libraries wait until they are needed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = ("office365", "structlog", "pydantic", "rich", "openpyxl", "msal", "requests", "jinja2", "sqlite3", "yaml")


def loaded_by(*arguments: str) -> set[str]:
    """The heavy modules that one command line imports."""
    script = (
        "import sys\n"
        "from spmigrate.cli.app import run\n"
        f"code = run({list(arguments)!r})\n"
        f"print('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.rsplit("LOADED", 1)[1].split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("wave", "--help"), ("rule", "check", "--help")])
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert loaded_by(*arguments) == set()


@pytest.mark.parametrize("arguments", [("wave", "status", "w"), ("scan", "report"), ("mapping", "verify")])
def test_commands_that_only_ask_the_ledger_load_no_reader_of_files(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "spmigrate.yaml").write_text("version: 1\ntenant: {rehearsal: tenant}\n")
    assert loaded_by("--config", str(tmp_path / "spmigrate.yaml"), *arguments) <= {"sqlite3"}


@pytest.mark.parametrize("arguments", [("template", "lint"), ("rule", "list"), ("rule", "test"), ("explain", "3")])
def test_offline_commands_load_nothing_of_the_tenant(arguments: tuple[str, ...]) -> None:
    assert not loaded_by(*arguments) & {"office365", "structlog", "openpyxl", "msal", "requests", "rich"}
