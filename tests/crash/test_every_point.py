"""Killed at any point of its journal and run again, a wave ends as if it never was: the points find themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.points import KILLED, Commands
from tests.crash.small_wave import HASTE, WAVE, SmallWave, make_share
from tests.rehearsal_fixtures import RunningTenant
from tests.tenant_tree import Leaf

SAMPLE = 8


ROUTES = ("session", "package")


@dataclass(frozen=True)
class Calm:
    """How a wave ends that nobody killed, and the points that it passed."""

    route: str
    points: list[str]
    tree: Mapping[str, Leaf]
    outcomes: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_share(tmp_path_factory.mktemp("points") / "Share")


@pytest.fixture(scope="module", params=ROUTES)
def calm(
    request: pytest.FixtureRequest, commands: Commands, share: Path, rehearsal_server: RunningTenant,
    tmp_path_factory: pytest.TempPathFactory,
) -> Calm:  # fmt: skip
    folder = tmp_path_factory.mktemp("points") / f"points-{request.param}-calm"
    wave = SmallWave.plan(commands, folder, rehearsal_server, share, route=request.param)
    run = commands.run(wave.work, "wave", "run", WAVE, change=HASTE)
    assert run.code == 0, run.said
    commands.must(wave.work, "wave", "verify", WAVE)
    assert not wave.secrets()
    return Calm(request.param, run.points, wave.tree(), wave.outcomes())


def kill_at(point: int, calm: Calm, commands: Commands, share: Path, rehearsal: RunningTenant, folder: Path) -> str:
    """Kill a run at its n-th point, run it again, and look whether anything of it shows; what does, if anything."""
    wave = SmallWave.plan(commands, folder / f"points-{calm.route}-{point}", rehearsal, share, route=calm.route)
    killed = commands.run(wave.work, "wave", "run", WAVE, kill_at=point, change=HASTE)
    if killed.code != KILLED:  # its workers went another way than those of the first run, and it ended before
        assert killed.code == 0, killed.said
    where = f"killed {killed.points[-1]} ({point})"
    for command in ("run", "verify"):
        again = commands.run(wave.work, "wave", command, WAVE, change=HASTE)
        if again.code:
            return f"{where}: {command} ended with {again.code}: {again.said}"
    found, outcomes = wave.tree(), wave.outcomes()
    if found != calm.tree:
        return f"{where}: {set(found.items()) ^ set(calm.tree.items())}"
    if outcomes != calm.outcomes:
        return f"{where}: {set(outcomes) ^ set(calm.outcomes)}"
    return f"{where}: secrets are left" if wave.secrets() else ""


def spread(points: int, sample: int) -> list[int]:
    """So many of the points, evenly from the first to the last."""
    return sorted({1 + round(number * (points - 1) / (sample - 1)) for number in range(sample)})


def test_points_find_themselves(calm: Calm) -> None:
    kinds = {label.split(" ")[1] for label in calm.points}
    assert {"commit", "write", "GET", "POST", "PUT", "seal", "unseal"} <= kinds
    assert len(calm.points) > 100
    assert {leaf.versions for leaf in calm.tree.values()} == {1}


def test_killed_at_points_spread_over_the_run(
    calm: Calm, commands: Commands, share: Path, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    points = spread(len(calm.points), SAMPLE)
    wrong = [kill_at(point, calm, commands, share, rehearsal, tmp_path) for point in points]
    assert not list(filter(None, wrong))


@pytest.mark.long
def test_killed_at_every_point(
    calm: Calm, commands: Commands, share: Path, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    points = range(1, len(calm.points) + 1)
    wrong = [kill_at(point, calm, commands, share, rehearsal, tmp_path) for point in points]
    assert not list(filter(None, wrong))
