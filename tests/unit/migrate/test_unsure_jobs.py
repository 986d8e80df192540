"""A package whose job may have been made, and what other jobs of its site say meanwhile."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from spmigrate.migrate.package.events import Report
from spmigrate.migrate.routes.job import Later
from spmigrate.migrate.routes.package_ending import Ending
from spmigrate.sealed import FileSealed
from spmigrate.store import leases, packages, waves
from spmigrate.store.batches import Batch
from spmigrate.store.ledger import Ledger
from tests.unit.migrate.engine.engine_case import wave_of

JOB = "7f3c8f80-0000-4000-8000-000000000001"


class Unsure:
    """A package that is unsure, and a service that answers what it is told to."""

    def __init__(self, tmp_path: Path, ledger: Ledger, *, suspects: tuple[str, ...] = ()) -> None:
        wave_of(tmp_path, ledger, route="package")
        batch = leases.claim(ledger, waves.get(ledger, "pilot"), owner="test", routes=("package",))
        assert batch is not None
        self.ledger, self.batch, self.clock = ledger, batch, 0.0
        package = packages.begin(ledger, batch, now=0.0, archives=True)
        packages.move_on(ledger, batch, package, phase="unsure", submitted=0.0, suspects=suspects)
        tenant: Any = SimpleNamespace()
        self.ending = Ending(ledger, tenant, FileSealed(tmp_path / "sealed"), poll_seconds=60, now=lambda: self.clock)
        self.target: Any = SimpleNamespace(facts=SimpleNamespace(site_url="https://contoso.sharepoint.com/sites/0"))

    def look(self) -> packages.Package:
        """Ask once more; the package as it is then."""
        self.clock += 3600
        package = _open(self.ledger, self.batch)
        assert isinstance(self.ending.advance(self.batch, self.target, package, []), Later)
        return _open(self.ledger, self.batch)


def _open(ledger: Ledger, batch: Batch) -> packages.Package:
    found = packages.open_package(ledger, batch)
    assert found is not None
    return found


def test_files_that_are_there_end_nothing_while_a_job_that_may_be_ours_is_worked_on(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Unsure(tmp_path, ledger)
    monkeypatch.setattr(Ending, "_unfinished", lambda *_: (JOB,))
    monkeypatch.setattr(Ending, "_whole_report", lambda *_: Report())
    monkeypatch.setattr(Ending, "_shows", lambda *_: True)
    found = case.look()
    assert (found.phase, found.suspects) == ("unsure", (JOB,))


def test_a_job_of_which_the_service_has_forgotten_all_is_not_waited_for_for_ever(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Unsure(tmp_path, ledger, suspects=(JOB,))
    monkeypatch.setattr(Ending, "_unfinished", lambda *_: ())
    monkeypatch.setattr(Ending, "_whole_report", lambda *_: None)
    monkeypatch.setattr(Ending, "_shows", lambda *_: False)
    phases = [case.look().phase for _ in range(4)]
    assert phases[:3] == ["unsure"] * 3, "what is new may not be known everywhere yet"
    assert phases[-1] == "sending", "sent again with the same containers, which the service takes once"
