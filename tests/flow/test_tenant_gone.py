"""A tenant that ends in the middle of a run: said at once, and the same command completes when it is back."""

import time
from collections.abc import Callable
from pathlib import Path

from spmigrate.migrate import progress
from spmigrate.store.ledger import Ledger
from tests.conftest import ROOT, Finished
from tests.flow.refusal import check_refusal, refused
from tests.rehearsal_fixtures import serve_tenant
from tests.signed_estate import TIDY, make_estate, sign
from tests.tenant_tree import new_site, session, start, tree, working_folder

_LONGEST = 20.0
"""Seconds from the end of the tenant to the end of the run: the files in hand, and no waiting."""


def test_run_ends_with_its_tenant_and_completes_when_it_is_back(
    tmp_path: Path, spmigrate: Callable[..., Finished]
) -> None:
    with serve_tenant(tmp_path / "tenant") as running:
        work = working_folder(tmp_path / "work", running)
        home = new_site(running, "gone")
        root = make_estate(tmp_path / "Share", plain=120)
        with Ledger(work / "ledger.db") as ledger:
            sign(ledger, root / "Works", {"": (TIDY, home)})
            assert spmigrate("wave", "plan", "pilot", cwd=work).code == 0
            run = start(ROOT, work, "wave", "run", "pilot", "--json")
            while run.poll() is None and progress(ledger, "pilot").finished < 20:
                time.sleep(0.005)
        running.process.kill()
        ended = time.monotonic()
        output, errors = run.communicate(timeout=60)
        assert time.monotonic() - ended < _LONGEST
        stopped = Finished(run.returncode, output, errors)
        check_refusal(stopped)
        assert "is not running" in stopped.stderr and "spmigrate rehearsal serve --state" in stopped.stderr
        running.process.wait()
        again = refused(spmigrate, "wave", "run", "pilot", cwd=work)
        assert "is not running" in again.stderr
        assert spmigrate("wave", "status", "pilot", cwd=work).code == 4
    with serve_tenant(tmp_path / "tenant"):
        done = spmigrate("wave", "run", "pilot", "--json", cwd=work)
        assert (done.code, done.json["items"]["copied"], done.json["balances"]) == (0, 120, True), done.stderr
        with session(work) as tenant:
            assert {leaf.versions for leaf in tree(tenant, home).values()} == {1}


def test_other_commands_say_at_once_that_it_is_gone(tmp_path: Path, spmigrate: Callable[..., Finished]) -> None:
    with serve_tenant(tmp_path / "tenant") as running:
        folder = tmp_path / "work"
        assert spmigrate("init", "work", "--rehearsal", "tenant").code == 0
        running.process.kill()
        running.process.wait()
        assert (tmp_path / "tenant" / "ready.json").exists()
        began = time.monotonic()
        for command in (("site", "apply", "--yes"), ("rule", "check")):
            done = refused(spmigrate, *command, cwd=folder)
            assert "is not running" in done.stderr
        doctor = spmigrate("doctor", cwd=folder)
        assert doctor.code == 1 and "-> start it in another terminal with: spmigrate rehearsal serve" in doctor.stdout
        asked = spmigrate("rehearsal", "requests", "--state", "../tenant", cwd=folder)
        assert asked.code == 1 and "does not answer" in asked.stderr and "hint:" in asked.stderr
        assert time.monotonic() - began < 5 * _LONGEST
