"""Killed before or after any request and any write to the ledger, and run again: nothing lost, nothing doubled.

The points are not chosen by hand: every request and every write of a batch is one, before it and after it.
"""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spmigrate.model import Destination, Outcome
from spmigrate.sealed import FileSealed
from spmigrate.store import batches, packages
from spmigrate.tenant.sender import Sender
from tests.contract.package_run import PackageRun, package_run
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import write
from tests.tenant_tree import Leaf, new_site, tree

_NUMBERS = itertools.count(1)
MODIFIED = 1_400_000_000
FILES = 6
_PLACES: tuple[tuple[Any, str], ...] = (
    (Sender, "send"), (Sender, "exchange"), (FileSealed, "put"), (FileSealed, "erase"), (packages, "begin"),
    (packages, "move_on"), (packages, "put_files"), (batches, "flush"),
)  # fmt: skip
SAMPLE = 9


class Killed(BaseException):
    """What ends a run as a kill does: nothing catches it."""


class Points:
    """Counts the points of a run, and ends it at one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.fatal: int | None = None
        for place, name in _PLACES:
            monkeypatch.setattr(place, name, self._watched(getattr(place, name)))

    def _pass(self) -> None:
        self.count += 1
        if self.count == self.fatal:
            raise Killed

    def _watched(self, run: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            self._pass()
            found = run(*given, **named)
            self._pass()
            return found

        return watched


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """Two archived files in folders, one of its own, one in blocks, an empty one, and one that vanishes."""
    root = tmp_path / "share"
    for number in range(3):
        write(root / f"{number % 2}" / f"small {number}.txt", b"%d" % number, modified=MODIFIED)
    write(root / "middle.bin", bytes(range(256)) * 1000, modified=MODIFIED)
    write(root / "large.bin", bytes(range(256)) * 33_000, modified=MODIFIED)
    write(root / "empty.txt", b"", modified=MODIFIED)
    return root


def settle(run: PackageRun) -> list[Outcome]:
    """Move what is left and say what the ledger has of all files."""
    while (batch := run.claim()) is not None:
        run.settle(batch)
    rows = run.ledger.rows("SELECT outcome FROM transfer ORDER BY id")
    return [Outcome(row["outcome"]) for row in rows]


def killed_at(
    point: int | None, folder: Path, rehearsal: RunningTenant, share: Path, points: Points
) -> tuple[dict[str, Leaf], int]:
    """A wave that is killed at a point and run again; what is at the destination, and how many jobs were made."""
    home: Destination = new_site(rehearsal, f"killed-{next(_NUMBERS)}")
    with package_run(folder, rehearsal, share, home) as run:
        since = rehearsal.mark()
        points.count, points.fatal = 0, point
        batch = run.claim()
        assert batch is not None
        try:
            run.settle(batch)
        except Killed:
            run.clock += 120
            points.fatal = None
            run.ledger.execute("UPDATE batch SET state = 'queued', lease_token = NULL WHERE state = 'leased'")
        assert settle(run) == [Outcome.COPIED] * FILES
        assert run.balanced()
        assert len(run.sealed.ids()) <= 1  # a pair that was provided and never noted is of no use to anybody
        assert not packages.secrets_in_use(run.ledger)
        events = run.ledger.one("SELECT count(*) AS n FROM outcome_event WHERE event = 'copied'")
        assert events is not None
        assert events["n"] == FILES
        made = sum("CreateMigrationJobEncrypted" in each["path"] for each in rehearsal.requests(since))
        points.fatal = None
        return tree(run.tenant, home), made


def test_points_of_a_batch(
    tmp_path: Path, rehearsal: RunningTenant, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = Points(monkeypatch)
    never, _ = killed_at(None, tmp_path / "never", rehearsal, share, points)
    assert len(never) == FILES
    for point in range(3, points.count, max(points.count // SAMPLE, 1)):
        found, made = killed_at(point, tmp_path / f"{point}", rehearsal, share, points)
        assert (found, made) == (never, 1), point


@pytest.mark.long
def test_every_point_of_a_batch(
    tmp_path: Path, rehearsal: RunningTenant, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = Points(monkeypatch)
    never, _ = killed_at(None, tmp_path / "never", rehearsal, share, points)
    for point in range(1, points.count + 1):
        found, made = killed_at(point, tmp_path / f"{point}", rehearsal, share, points)
        assert (found, made) == (never, 1), point
