"""Three hundred sites of the shipped templates on a rehearsal tenant: applied, planned again, and what that costs.

Each figure stands beside its aim. A request is one HTTP request, a `$batch` too; what a batch asks is told apart. The
processor time of a request is the command's own, and the tenant's for answering it. Takes some minutes: all sites are
really there before they are planned again.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from spmigrate import config
from spmigrate.errors import ExitCode
from spmigrate.provision.lint import review
from spmigrate.provision.provisioning import plan_sites
from spmigrate.provision.resolve import resolve
from spmigrate.tenant.sender import Request
from spmigrate.tenant.session import connect
from tests.bench.rehearsal import processor
from tests.rehearsal_fixtures import RunningTenant, serve_tenant

_ROOT = Path(__file__).parent.parent.parent
_SEED = _ROOT / "spmigrate" / "rehearsal" / "seeds" / "demo.yaml"
_SITES, _TEAMS = 300, 60
_WORKERS = "8"
_MEGABYTE = 1024
_SITE = """\
address: /sites/{letter}-{number:05}
template: {template} site
unit: {unit}
business class: Transport and infrastructure
marking: OFFICIAL
answers:
  title: {template} {number}
  purpose: What people come here for, number {number}.
  owners: [highways.maintenance.head, service.desk]
"""
_QUESTION = re.compile(rb'^GET |"method": ?"GET"', re.MULTILINE)
_HUB, _FUNCTION = "  hub: /sites/d-00000\n", "  function: /sites/f-00000\n"
_TEAM = _HUB + _FUNCTION + "  members: [champion.highways, structures.lead]\n  case work: {case}\n"

Figure = dict[str, str | float | None]


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds, megabytes, seconds of its own processor and of the tenant's, requests, output."""

    wall: float
    memory: float
    cpu: float
    served: float
    requests: int
    said: str


def figures() -> Iterator[Figure]:
    """Seconds to apply 60 team sites and to plan 300 that need nothing, requests a site, memory, processor time."""
    with tempfile.TemporaryDirectory() as name, serve_tenant(Path(name) / "tenant", seed=_SEED) as running:
        work = _lay_out(Path(name) / "work", running)
        _write_sites(work, 0)
        _run(work, running, "apply", "--yes")
        _write_sites(work, _TEAMS)
        applied = _run(work, running, "apply", "--yes", "--template", "Team site")
        yield _figure("apply of 60 team sites", applied.wall, "s", most=120)
        yield _figure("apply, requests", applied.requests / _TEAMS, "a site")
        yield from _costs("apply", applied)
        _write_sites(work, _SITES - 2)
        _run(work, running, "apply", "--yes", "--template", "Team site")
        planned = _run(work, running, "plan", "--all", "--json")
        yield _figure("plan of 300 sites", planned.wall, "s", most=60)
        yield _figure("requests", planned.requests / _SITES, "a site", most=12)
        yield _figure("requests inside batches", _asked_inside(work), "a site")
        yield _figure("changes planned after applying", len(json.loads(planned.said)["changes"]), "changes")
        yield from _costs("plan", planned)


def _figure(name: str, value: float, unit: str, *, most: float = 0) -> Figure:
    return {"name": f"provision: {name}", "value": value, "unit": unit, "other": most or None,
            "ratio": value / most if most else None}  # fmt: skip


def _costs(word: str, cost: Cost) -> Iterator[Figure]:
    yield _figure(f"{word}, memory", cost.memory, "MB", most=250)
    yield _figure(f"{word}, processor", cost.cpu * 1000 / cost.requests, "ms/request")
    yield _figure(f"{word}, processor of the tenant", cost.served * 1000 / cost.requests, "ms/request")


def _lay_out(work: Path, running: RunningTenant) -> Path:
    command = [sys.executable, "-m", "spmigrate", "init", str(work), "--sites", "none"]
    subprocess.run(command, cwd=_ROOT, check=True, capture_output=True)
    text = f"version: 1\ntenant:\n  rehearsal: {json.dumps(str(running.state))}\n"
    (work / "spmigrate.yaml").write_text(text, "utf-8")
    return work


def _write_sites(work: Path, teams: int) -> None:
    """A hub, a function's site below it, and so many sites of teams, every other of which keeps case files."""
    texts = [
        _SITE.format(letter="d", number=0, template="Directorate", unit="HWT"),
        _SITE.format(letter="f", number=0, template="Function", unit="HWT/HWM") + _HUB,
    ]
    for number in range(teams):
        text = _SITE.format(letter="t", number=number, template="Team", unit="HWT/HWM/Structures")
        texts.append(text + _TEAM.format(case="yes" if number % 2 else "no"))
    for number, text in enumerate(texts):
        (work / "site_templates" / "sites" / f"{number:03}.yaml").write_text(text, "utf-8")


def _run(work: Path, running: RunningTenant, *arguments: str) -> Cost:
    """Run a command about sites and account for it; what it says goes to a file, as a job's would."""
    running.control.call("DELETE", "requests")
    served, begun = processor(running.process.pid), time.perf_counter()
    command = [sys.executable, "-m", "spmigrate", "site", *arguments, "--workers", _WORKERS]
    out, log = work / "out.txt", work / "log.txt"
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    with (
        out.open("w") as said, log.open("w") as noted,
        subprocess.Popen(command, cwd=work, stdout=said, stderr=noted, env=environment) as run,
    ):  # fmt: skip
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begun
    if run.returncode not in (ExitCode.DONE, ExitCode.PENDING):
        raise RuntimeError(f"site {arguments[0]} ended with {run.returncode}:\n{log.read_text('utf-8')[-2000:]}")
    served = processor(running.process.pid) - served
    asked = sum(not entry["path"].startswith("/_rehearsal") for entry in running.requests())
    cpu = used.ru_utime + used.ru_stime
    return Cost(wall, used.ru_maxrss / _MEGABYTE, cpu, served, asked, out.read_text("utf-8"))


def _asked_inside(work: Path) -> float:
    """How many questions the batches hold when a site is planned, on average over the first ten sites."""
    desired = resolve(review(work / "site_templates").catalogue)[:10]
    inside = 0
    with connect(config.tenant(config.load(work / "spmigrate.yaml"))) as tenant, pytest.MonkeyPatch.context() as patch:
        exchange: Callable[[Request], Any] = tenant.exchange

        def counted(request: Request) -> Any:
            nonlocal inside
            if request.url.endswith("/$batch"):
                inside += len(_QUESTION.findall(request.body))
            return exchange(request)

        patch.setattr(tenant, "exchange", counted)
        plan_sites(tenant, desired, watch=lambda _: None)
    return inside / len(desired)
