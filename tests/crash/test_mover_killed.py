"""Killed anywhere and run again equals never killed: no item lost, none doubled, one version each."""

import random
import signal
import time
from pathlib import Path
from subprocess import Popen

import pytest

from spmigrate.model import Amount, Destination
from spmigrate.store import waves
from spmigrate.store.ledger import Ledger
from tests.conftest import ROOT
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, make_estate, sign
from tests.tenant_tree import Leaf, new_site, session, start, tree, working_folder

ROWS = ("Works", "Plans", "Drawings")


def planned(folder: Path, rehearsal: RunningTenant, root: Path, home: Destination) -> Path:
    work = working_folder(folder, rehearsal)
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, root, dict.fromkeys(ROWS, (TIDY, home)))
    finish(start(ROOT, work, "wave", "plan", "pilot"))
    return work


def finish(running: "Popen[str]", *, code: int = 0) -> None:
    _, errors = running.communicate(timeout=120)
    assert running.returncode == code, errors


def kill_after(work: Path, *, results: int, pause: float) -> bool:
    """Run the wave and kill it once so many results are recorded, and a moment later; False if it ended before."""
    with Ledger(work / "ledger.db") as ledger:
        enough = _recorded(ledger)[0] + results
        running = start(ROOT, work, "wave", "run", "pilot")
        while running.poll() is None:
            recorded, intended = _recorded(ledger)
            if intended and recorded >= enough:
                time.sleep(pause)
                running.send_signal(signal.SIGKILL)
                break
            time.sleep(0.002)
    running.communicate(timeout=60)
    return running.returncode == -signal.SIGKILL


def _recorded(ledger: Ledger) -> tuple[int, int]:
    """How many results there are, and how many files are on their way."""
    row = ledger.one(
        "SELECT (SELECT count(*) FROM outcome_event), (SELECT count(*) FROM transfer WHERE state = 'copying')"
    )
    assert row is not None
    return row[0], row[1]


def outcomes(work: Path) -> list[tuple[object, ...]]:
    """Every transfer of the wave with what is recorded of it, places and moments aside."""
    with Ledger(work / "ledger.db") as ledger:
        standing = waves.standing(ledger, waves.get(ledger, "pilot"))
        assert (standing.accounting.balances, standing.lost, standing.open) == (True, Amount(), Amount())
        assert not list(
            ledger.rows(
                "SELECT transfer_id FROM outcome_event WHERE event IN ('copied', 'failed', 'skipped', 'routed',"
                " 'vanished') GROUP BY transfer_id HAVING count(*) > 1"
            )
        )
        return [
            tuple(row)
            for row in ledger.rows(
                "SELECT t.id, outcome, code, quickxor, sha256, copied_size, verified, target_folder, target_name"
                " FROM transfer t ORDER BY t.id"
            )
        ]


def adopted(work: Path) -> int:
    """How many files had arrived in a run that was killed before it could record them."""
    with Ledger(work / "ledger.db") as ledger:
        row = ledger.one("SELECT count(*) FROM outcome_event WHERE note = 'adopted'")
        assert row is not None
        return int(row[0])


def unkilled(folder: Path, rehearsal: RunningTenant, root: Path, home: Destination) -> tuple[Path, dict[str, Leaf]]:
    work = planned(folder, rehearsal, root, home)
    finish(start(ROOT, work, "wave", "run", "pilot"))
    finish(start(ROOT, work, "wave", "verify", "pilot"))
    with session(work) as tenant:
        return work, tree(tenant, home)


def kill_and_compare(tmp_path: Path, rehearsal: RunningTenant, *, plain: int, kills: int, seed: int) -> None:
    root = make_estate(tmp_path / "share", plain=plain)
    calm, expected = unkilled(tmp_path / "calm", rehearsal, root, new_site(rehearsal, f"calm-{seed}"))
    home = new_site(rehearsal, f"killed-{seed}")
    work = planned(tmp_path / "killed", rehearsal, root, home)
    chance = random.Random(seed)
    killed = [
        kill_after(work, results=chance.randint(0, plain // kills - 2), pause=chance.choice((0, 0.003, 0.01, 0.03)))
        for _ in range(kills)
    ]
    assert sum(killed) >= kills - 1, "the runs ended before they could be killed"
    finish(start(ROOT, work, "wave", "run", "pilot"))
    finish(start(ROOT, work, "wave", "verify", "pilot"))
    with session(work) as tenant:
        assert tree(tenant, home) == expected
    assert {leaf.versions for leaf in expected.values()} == {1}
    assert outcomes(work) == outcomes(calm)
    assert adopted(work), "no kill fell between an upload and its record: this proves nothing"


def test_mover_killed_ten_times_ends_as_if_it_never_was(tmp_path: Path, rehearsal: RunningTenant) -> None:
    kill_and_compare(tmp_path, rehearsal, plain=120, kills=10, seed=20261121)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_mover_killed_often_ends_as_if_it_never_was(tmp_path: Path, rehearsal: RunningTenant, seed: int) -> None:
    kill_and_compare(tmp_path, rehearsal, plain=600, kills=30, seed=seed)
