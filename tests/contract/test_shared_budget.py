"""Programs of their own share one budget, and a Retry-After that one of them gets silences all, on a real tenant."""

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.rehearsal_fixtures import RunningTenant

_ASK = """
import sys, time
from pathlib import Path
from spmigrate.cli import tenants
from spmigrate.cli.view import Session

count = 0
with tenants.connect(Session(Path(sys.argv[1]) / "spmigrate.yaml")) as tenant:
    tenant.graph("GET", "/v1.0/sites/root")
    print("ready", flush=True)
    end = time.time() + float(sys.argv[2])
    while time.time() < end:
        tenant.graph("GET", "/v1.0/sites/root")
        count += 1
print(count)
"""
# One minute of 375: 6.25 a second, of which three seconds' worth may go at once.
_A_TENTH = "migrate:\n  licences: 5001-15000\n  budget share: 10\n"
_MINUTE = 375.0


def programs(folder: Path, rehearsal: RunningTenant, *, seconds: float, settings: str) -> "list[subprocess.Popen[str]]":
    (folder / "spmigrate.yaml").write_text(f"version: 1\ntenant:\n  rehearsal: {rehearsal.state}\n{settings}", "utf-8")
    return [
        subprocess.Popen(
            [sys.executable, "-c", _ASK, str(folder), str(seconds)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for _ in range(2)
    ]


def counts(running: "list[subprocess.Popen[str]]") -> list[int]:
    return [int(each.communicate(timeout=60)[0].split()[-1]) for each in running]


def moments(rehearsal: RunningTenant, since: int) -> list[tuple[float, int]]:
    """When each question came, in seconds, and what was answered."""
    return [
        (datetime.fromisoformat(each["at"]).timestamp(), each["status"])
        for each in rehearsal.requests(since)
        if each["path"].endswith("/sites/root")
    ]


def test_two_programs_share_one_budget_to_within_five_in_a_hundred(tmp_path: Path, rehearsal: RunningTenant) -> None:
    mark = rehearsal.mark()
    seconds = 10.0
    done = counts(programs(tmp_path, rehearsal, seconds=seconds, settings=_A_TENTH))
    asked = moments(rehearsal, mark)
    may = _MINUTE / 60 * (asked[-1][0] - asked[0][0] + 3)
    assert 0.95 * may - 2 <= len(asked) <= 1.05 * may + 2
    assert min(done) > 0.1 * sum(done)  # they did not begin at the same moment; neither starves


@pytest.mark.parametrize("settings", ["", "migrate:\n  licences: 5001-15000\n"])
def test_retry_after_of_one_program_silences_the_other(tmp_path: Path, rehearsal: RunningTenant, settings: str) -> None:
    mark = rehearsal.mark()
    running = programs(tmp_path, rehearsal, seconds=6, settings=settings)
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    time.sleep(0.5)
    rehearsal.fault({"status": 429, "retry_after": 2}, count=1, path="/sites/root")
    assert min(counts(running)) > 0
    asked = moments(rehearsal, mark)
    (refused,) = [at for at, status in asked if status == 429]
    after = [at - refused for at, _ in asked if at > refused]
    assert after, "nothing was asked afterwards"
    # What was on its way already may still arrive; the log has whole milliseconds.
    assert not [each for each in after if 0.15 < each < 1.95]
    assert len([each for each in after if each > 1.95]) > 3
