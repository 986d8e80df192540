"""The README, followed to the letter: every command of 'A working folder' runs, in its order, and ends as it should."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from spmigrate.tenant.permissions import NEEDS

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")

ENDS = {
    "rule check": 3, "partner check": 3, "wave run pilot": 3, "wave verify pilot": 3, "scan report": 3, "site plan": 4,
    "mapping status": 4,
}  # fmt: skip
"""Exit codes other than 0: the sample council has findings, pending changes, and one path that is too long."""


def _section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def _commands(text: str) -> list[str]:
    return [line.strip() for line in re.findall(r"^    (?:cd|spmigrate) .*$", text, re.M)]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[list[str]]:
    """The section's commands with `init` run and the tenant serving; what is left to run."""
    init, serve, *rest = _commands(_section("A working folder"))
    subprocess.run(_argv(init), cwd=tmp_path, check=True, capture_output=True, env=_environment())
    with subprocess.Popen(
        [*_argv(serve), "--listen", "127.0.0.1:0"], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=_environment()
    ) as tenant:
        try:
            assert tenant.stdout is not None
            assert tenant.stdout.readline().startswith("{")
            yield rest
        finally:
            tenant.terminate()


def test_the_working_folder_section_runs_as_written(served: list[str], tmp_path: Path) -> None:
    folder, digest = tmp_path, ""
    for command in served:
        if command.startswith("cd "):
            folder /= command.removeprefix("cd ")
            continue
        if "SECOND" in command:
            sheets = json.loads(_run(_argv("spmigrate mapping status --json"), folder).stdout)["sheets"]
            command = command.replace("SECOND", sheets[0]["countersign"])
        command = command.replace("TODAY", f"{datetime.now(UTC):%Y-%m-%d}")
        words = _argv(command.replace("DIGEST", digest)) + (["--yes"] if command == "spmigrate site apply" else [])
        if command.startswith("spmigrate mapping collect"):
            digest = json.loads(_run([*words, "--json"], folder).stdout)["digest"]
        done = _run(words, folder)
        assert done.returncode == ENDS.get(command.removeprefix("spmigrate "), 0), (command, done.stdout, done.stderr)
        if command == "spmigrate scan report":
            _assert_scan_report(folder, done.stdout)
    page = (folder / "report.html").read_text("utf-8")
    assert "Every file is accounted for" in page
    assert "<dt>State</dt><dd>VERIFIED</dd>" in page
    assert len((folder / "items.csv").read_text("utf-8-sig").splitlines()) > 2000


def _assert_scan_report(folder: Path, printed: str) -> None:
    """What the section on the scan report shows is what is printed, but for where the folder lies."""
    section = _section("A scan report")
    shown, files = re.findall(r"```\n(.*?)```", section, re.S)[:2]
    lines = printed.replace(str(folder.parent), "/srv/work").splitlines()
    for line in shown.splitlines():
        assert line in lines or line.strip() == "…", line
    for command in _commands(section):
        done = _run(_argv(command), folder)
        assert done.returncode == 3, (command, done.stderr)
        if "--xlsx" in command:
            assert done.stdout.replace(str(folder.parent), "/srv/work").endswith(files)


def test_permissions_are_those_that_doctor_asks_for() -> None:
    named = set(re.findall(r"\| (.+?) \| `(.+?)` \|", _section("Your own tenant")))
    assert named == {(need.api, need.permission) for need in NEEDS}


def test_sample_configuration_is_a_configuration(tmp_path: Path) -> None:
    from spmigrate import config

    text = re.search(r"```yaml\n(.*?)```", _section("Your own tenant"), re.S)
    assert text
    (tmp_path / "spmigrate.yaml").write_text(text[1])
    assert config.load(tmp_path / "spmigrate.yaml").config.tenant.name == "council.onmicrosoft.example"


def _argv(command: str) -> list[str]:
    return [sys.executable, "-m", *shlex.split(command)]


def _run(words: list[str], folder: Path) -> Any:
    return subprocess.run(
        words, cwd=folder, capture_output=True, text=True, check=False, timeout=300, env=_environment()
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}
