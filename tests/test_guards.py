"""What the tests stand on: the network guard bites, and the benchmark runner keeps its contract."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_connecting_beyond_this_machine_is_an_error() -> None:
    # A datagram socket: its connect would send nothing even if the guard were gone.
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outside,
        pytest.raises(AssertionError, match=r"tried to reach 192\.0\.2\.1"),
    ):
        outside.connect(("192.0.2.1", 9))


def _bench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.bench", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_benchmark_prints_one_object_a_figure() -> None:
    done = _bench("quickxor", "--json")
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and figures
    for figure in figures:
        assert set(figure) == {"name", "value", "unit", "other", "ratio"}
        assert figure["value"] > 0
        assert figure["ratio"] == pytest.approx(figure["value"] / figure["other"])


def test_unknown_benchmark_is_refused_and_the_others_are_named() -> None:
    done = _bench("quickxro")
    assert done.returncode == 2
    assert "no benchmark is called quickxro" in done.stderr and "quickxor" in done.stderr
