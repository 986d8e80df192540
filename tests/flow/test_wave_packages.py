"""A wave by the package route from the command line: planned, run, killed, run again, verified."""

import json
import signal
import time
from pathlib import Path
from subprocess import Popen

from spmigrate.model import Outcome
from spmigrate.sealed import FileSealed
from spmigrate.store import packages, waves
from spmigrate.store.ledger import Ledger
from tests.conftest import ROOT
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, make_estate, sign, write
from tests.tenant_tree import new_site, session, start, tree, working_folder

ROWS = ("Works", "Plans", "Drawings")


def finish(running: "Popen[str]", *, code: int = 0) -> str:
    said, errors = running.communicate(timeout=180)
    assert running.returncode == code, said + errors
    return said


def kill_when(work: Path, phase: str) -> bool:
    """Run the wave and kill it once a package is in a phase; False when it ended before."""
    running = start(ROOT, work, "wave", "run", "pilot")
    with Ledger(work / "ledger.db") as ledger:
        while running.poll() is None:
            if ledger.one("SELECT 1 FROM package WHERE phase = ?", (phase,)) is not None:
                running.send_signal(signal.SIGKILL)
                break
            time.sleep(0.005)
    running.communicate(timeout=60)
    return running.returncode == -signal.SIGKILL


def test_a_wave_of_packages_is_killed_run_again_and_verified(tmp_path: Path, rehearsal: RunningTenant) -> None:
    home = new_site(rehearsal, "wave-packages")
    share = make_estate(tmp_path / "share", plain=290)
    work = working_folder(tmp_path / "work", rehearsal)
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, share, dict.fromkeys(ROWS, (TIDY, home)))
    assert "package" in finish(start(ROOT, work, "wave", "plan", "pilot", "--route", "package"))
    killed = [kill_when(work, phase) for phase in ("sending", "submitted")]
    assert killed[0]
    finish(start(ROOT, work, "wave", "run", "pilot"))
    with Ledger(work / "ledger.db") as ledger, session(work) as tenant:
        standing = waves.standing(ledger, waves.get(ledger, "pilot"))
        assert standing.accounting.balances
        assert not standing.open.items
        found = tree(tenant, home)
        assert len(found) == standing.accounting.of(Outcome.COPIED).items > 300
        assert all(leaf.versions == 1 for leaf in found.values())
        jobs = ledger.one("SELECT count(*) AS n FROM package WHERE job_id <> ''")
        assert jobs is not None
        assert jobs["n"] == 2  # one for each batch, however often the run was killed
        assert not packages.secrets_in_use(ledger)
    assert not FileSealed(work / ".sealed").ids()
    verified = json.loads(finish(start(ROOT, work, "wave", "verify", "pilot", "--json")))
    assert verified["verified"]["exact"] == len(found), verified


def test_files_of_a_wave_that_was_rolled_back_move_again_by_packages(tmp_path: Path, rehearsal: RunningTenant) -> None:
    home = new_site(rehearsal, "packages-back")
    for number in range(3):
        write(tmp_path / "share" / "Plans" / f"{number}.txt", b"text")
    work = working_folder(tmp_path / "work", rehearsal)
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, tmp_path / "share", {"Plans": (TIDY, home)})
    finish(start(ROOT, work, "wave", "plan", "pilot", "--route", "package"))
    finish(start(ROOT, work, "wave", "run", "pilot"))
    by_lead = ("--signer", "migration.lead", "--approval-record", "CHG-0009", "--yes")
    export = str(tmp_path / "out")
    finish(start(ROOT, work, "wave", "rollback", "pilot", "--apply", "--export", export, *by_lead))
    with session(work) as tenant:
        assert tree(tenant, home) == {}
    finish(start(ROOT, work, "wave", "plan", "again", "--route", "package"))
    finish(start(ROOT, work, "wave", "run", "again"))
    with session(work) as tenant:
        assert len(tree(tenant, home)) == 3
