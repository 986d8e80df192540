"""The machine of the ledger loses its power: what was committed is there, the rest of its log is torn."""

import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.store.sqlite import SQLite
from tests.conftest import ROOT
from tests.crash.points import Commands
from tests.crash.small_wave import WAVE, SmallWave, make_share
from tests.rehearsal_fixtures import RunningTenant
from tests.tenant_tree import start


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    with Commands() as running:
        yield running


def test_every_commit_is_on_disk_before_it_returns(tmp_path: Path) -> None:
    home = SQLite(tmp_path / "ledger.db")
    asked = {name: home.one(f"PRAGMA {name}", ())[0] for name in ("journal_mode", "synchronous")}
    home.close()
    assert asked == {"journal_mode": "wal", "synchronous": 2}


def lose_power(wave: SmallWave, folder: Path, chance: random.Random) -> SmallWave:
    """Stop a run at a moment, and take what a disk would hold: the log ends in what was never synced."""
    ledger = wave.work / "ledger.db"
    running = start(ROOT, wave.work, "wave", "run", WAVE)
    try:
        with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as looking:
            while running.poll() is None:
                if looking.execute("SELECT count(*) FROM transfer WHERE state <> 'planned'").fetchone()[0]:
                    break
                time.sleep(0.005)
        looking.close()
        time.sleep(chance.random() * 0.6)
        running.send_signal(signal.SIGSTOP)
        shutil.copytree(wave.work, folder, ignore=shutil.ignore_patterns("*-shm", "*.lock"))
    finally:
        running.kill()
        running.communicate(timeout=60)
    with (folder / "ledger.db-wal").open("ab") as log:
        log.write(os.urandom(chance.randint(1, 9000)))
    return SmallWave(folder, wave.home)


def survive(commands: Commands, rehearsal: RunningTenant, folder: Path, *, times: int, seed: int) -> None:
    chance = random.Random(seed)
    share = make_share(folder / "Share")
    for number in range(times):
        wave = SmallWave.plan(commands, folder / f"power-{seed}-{number}", rehearsal, share)
        after = lose_power(wave, folder / f"after-{number}", chance)
        commands.must(after.work, "wave", "run", WAVE)
        commands.must(after.work, "wave", "verify", WAVE)
        assert [each[1] for each in after.outcomes()] == ["copied"] * 7
        assert {leaf.versions for leaf in after.tree().values()} == {1}
        assert len(after.tree()) == 7


def test_wave_survives_the_loss_of_power(commands: Commands, rehearsal: RunningTenant, tmp_path: Path) -> None:
    survive(commands, rehearsal, tmp_path, times=3, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 6))
def test_wave_survives_the_loss_of_power_often(
    seed: int, commands: Commands, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    survive(commands, rehearsal, tmp_path, times=20, seed=seed)
