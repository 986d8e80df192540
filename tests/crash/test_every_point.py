"""Killed at any point of its journal and run again, a wave ends as if it never was: the points find themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.points import KILLED, Commands
from tests.crash.small_wave import WAVE, SmallWave, make_share
from tests.rehearsal_fixtures import RunningTenant
from tests.tenant_tree import Leaf

SAMPLE = 12


@dataclass(frozen=True)
class Calm:
    """How a wave ends that nobody killed, and the points that it passed."""

    points: list[str]
    tree: Mapping[str, Leaf]
    outcomes: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    with Commands() as running:
        yield running


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_share(tmp_path_factory.mktemp("points") / "Share")


@pytest.fixture(scope="module")
def calm(
    commands: Commands, share: Path, rehearsal_server: RunningTenant, tmp_path_factory: pytest.TempPathFactory
) -> Calm:
    wave = SmallWave.plan(commands, tmp_path_factory.mktemp("points") / "points-calm", rehearsal_server, share)
    run = commands.must(wave.work, "wave", "run", WAVE)
    commands.must(wave.work, "wave", "verify", WAVE)
    assert not wave.secrets()
    return Calm(run.points, wave.tree(), wave.outcomes())


def kill_at(point: int, calm: Calm, commands: Commands, share: Path, rehearsal: RunningTenant, folder: Path) -> None:
    """Kill a run at its n-th point, run it again, and see that nothing of it shows."""
    wave = SmallWave.plan(commands, folder / f"points-{point}", rehearsal, share)
    killed = commands.run(wave.work, "wave", "run", WAVE, kill_at=point)
    if killed.code != KILLED:  # its workers went another way than those of the first run, and it ended before
        assert killed.code == 0, killed.said
    what = killed.points[-1]
    again = commands.run(wave.work, "wave", "run", WAVE)
    assert again.code == 0, (what, again.said)
    verified = commands.run(wave.work, "wave", "verify", WAVE)
    assert verified.code == 0, (what, verified.said)
    assert wave.tree() == calm.tree, what
    assert wave.outcomes() == calm.outcomes, what
    assert not wave.secrets(), what


def spread(points: int, sample: int) -> list[int]:
    """So many of the points, evenly from the first to the last."""
    return sorted({1 + round(number * (points - 1) / (sample - 1)) for number in range(sample)})


def test_every_kind_of_point_is_found(calm: Calm) -> None:
    found = {label.split(" ")[1] for label in calm.points}
    assert {"commit", "GET", "POST", "PUT", "seal", "unseal"} <= found
    assert len(calm.points) > 60
    assert {leaf.versions for leaf in calm.tree.values()} == {1}


def test_killed_at_points_spread_over_the_run(
    calm: Calm, commands: Commands, share: Path, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    for point in spread(len(calm.points), SAMPLE):
        kill_at(point, calm, commands, share, rehearsal, tmp_path)


@pytest.mark.long
def test_killed_at_every_point(
    calm: Calm, commands: Commands, share: Path, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    for point in range(1, len(calm.points) + 1):
        kill_at(point, calm, commands, share, rehearsal, tmp_path)
