"""The queue of jobs: turns, the clock, restarts, and a job that can't be run."""

from pathlib import Path

import pytest

from spmigrate.rehearsal.migration_jobs import Step
from spmigrate.rehearsal.sharepoint import job_runs
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant, open_tenant


def add(tenant: Tenant, name: str) -> Entity:
    with tenant.store.transaction():
        site = tenant.store.find("site", 0, "host/sites/x") or tenant.store.insert("site", "host/sites/x", at="now")
        job = tenant.jobs.add(site, "Count", "Import", {"Name": name})
    assert job is not None
    return job


def work(tenant: Tenant, *, budget: int = 10_000) -> list[str]:
    """Let the jobs count to 100, ten items a step; what they did, in order."""
    done: list[str] = []

    def count(job: Entity, _moment: float) -> Step:
        number = int(job.props["Cursor"]) + 10
        job = tenant.jobs.keep(job, {"Cursor": number})
        done.append(f"{job.props['Name']}{number}")
        if number == 100:
            tenant.jobs.end(job)
        return Step(job, items=10, ended=number == 100)

    with tenant.store.transaction():
        tenant.jobs.advance({"Count": count}, budget=budget)
    return done


def test_jobs_take_turns_and_go_on_where_they_stood_after_a_restart(tmp_path: Path) -> None:
    tenant = open_tenant(tmp_path / "state")
    add(tenant, "a")
    add(tenant, "b")
    assert work(tenant, budget=40) == ["a10", "a20", "a30", "a40"]
    tenant.store.close()
    again = open_tenant(tmp_path / "state")
    assert again.jobs.waiting
    assert work(again)[0] == "a50"
    assert not again.jobs.waiting


def test_a_second_of_the_clock_is_58_items(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tenant = open_tenant(tmp_path / "state", profile="council")
    monkeypatch.setattr(tenant.clock, "_real", lambda: 1_800_000_000.0)
    add(tenant, "a")
    assert work(tenant) == []
    tenant.clock.advance(121)
    assert work(tenant)[-1] == "a60"
    assert work(tenant) == []
    tenant.clock.advance(1)
    assert work(tenant)[-1] == "a100"
    assert tenant.jobs.waiting is False


def test_a_job_that_can_not_be_run_is_the_only_one_that_suffers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = open_tenant(tmp_path / "state")
    job = add(tenant, "a")

    def fail(*_: object) -> Step:
        raise KeyError("a mistake")

    monkeypatch.setattr(job_runs, "run_import", fail)
    monkeypatch.setattr(job_runs.migration_calls, "KIND", "Count")
    with pytest.raises(KeyError):
        job_runs.advance_jobs(tenant)
    assert not tenant.jobs.waiting
    events, last = tenant.jobs.events(job, after=0)
    assert '"JobFatalError"' in events[-1]
    assert tenant.jobs.events(job, after=0, limit=1) == (events[:1], 1)
    assert tenant.jobs.events(job, after=last) == ([], last)


def test_nobody_can_queue_more_than_the_queue_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spmigrate.rehearsal.migration_jobs.MOST_QUEUED", 2)
    tenant = open_tenant(tmp_path / "state", profile="council")
    site = add(tenant, "a").parent
    add(tenant, "b")
    with tenant.store.transaction():
        row = tenant.store.by_id(site)
        assert row is not None
        assert tenant.jobs.add(row, "Count", "Import", {}) is None
