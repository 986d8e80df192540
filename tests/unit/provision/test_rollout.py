"""Stages of a rollout, and when it is halted."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.provision.rollout import Limits, counts, open_stages, prepare, stages, too_many
from spmigrate.store import rollouts
from spmigrate.store.ledger import Ledger

SITES = [f"/sites/t-{n:02}" for n in range(30)]


@given(st.integers(0, 30), st.integers(0, 5), st.integers(1, 9), st.sets(st.sampled_from(SITES), max_size=3))
def test_every_site_is_in_one_stage_and_the_lab_goes_first(count: int, canary: int, wave: int, lab: set[str]) -> None:
    found = stages(SITES[:count], Limits(tuple(lab), canary, wave))
    assert sorted(site for _, group in found for site in group) == SITES[:count]
    sizes = {name: len(group) for name, group in found}
    assert sizes.get("lab", 0) == len(lab & set(SITES[:count]))
    assert sizes.get("canary", 0) <= canary
    assert all(size <= wave for name, size in sizes.items() if name.startswith("wave"))
    order = ["lab", "canary", *(f"wave {n}" for n in range(1, 31))]
    assert [name for name in order if name in sizes] == list(sizes)


def test_more_failures_than_the_limit_are_too_many() -> None:
    assert not too_many(0, 20, stop_above=0)
    assert not too_many(1, 20, stop_above=5)
    assert too_many(2, 20, stop_above=5)
    assert too_many(1, 1, stop_above=5)


def test_an_unfinished_rollout_goes_on_and_takes_new_sites_in(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        limits = Limits((SITES[3],), canary=1, wave=2)
        first = prepare(ledger, "Team site", version=2, addresses=SITES[:6], limits=limits)
        assert [(each.site, each.stage) for each in rollouts.sites(ledger, first)] == [
            (SITES[3], "lab"), (SITES[0], "canary"), (SITES[1], "wave 1"), (SITES[2], "wave 1"),
            (SITES[4], "wave 2"), (SITES[5], "wave 2"),
        ]  # fmt: skip
        for site, outcome in ((SITES[3], rollouts.UPGRADED), (SITES[0], rollouts.FAILED)):
            rollouts.settle(ledger, first, site, outcome=outcome)
        rollouts.set_state(ledger, first, rollouts.HALTED)
        again = prepare(ledger, "Team site", version=2, addresses=SITES[:8], limits=limits)
        assert again == first
        left = open_stages(rollouts.sites(ledger, again))
        assert [stage for stage, _ in left] == ["canary", "wave 1", "wave 2", "wave 3"]
        assert [each.site for each in left[-1][1]] == SITES[6:8]
        assert counts(rollouts.sites(ledger, again)) == {"upgraded": 1, "failed": 1, "waiting": 6}
        latest = rollouts.latest(ledger, "Team site")
        assert latest is not None and (latest.state, latest.version) == ("running", 2)


def test_another_version_or_a_finished_rollout_begins_a_new_one(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        first = prepare(ledger, "Team site", version=2, addresses=SITES[:2], limits=Limits())
        newer = prepare(ledger, "Team site", version=3, addresses=SITES[:2], limits=Limits())
        assert newer != first
        rollouts.set_state(ledger, newer, rollouts.FINISHED)
        assert prepare(ledger, "Team site", version=3, addresses=SITES[:2], limits=Limits()) not in (first, newer)
