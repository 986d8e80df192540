"""The table of steps: what each needs, and that nothing is done before its time."""

from dataclasses import replace

import pytest

from spmigrate.migrate import steps
from spmigrate.migrate.steps import STEPS, Facts, lacking, open_ends, present

_DONE = Facts(
    state="verified", files=1_000, changed=(40, 10), final=True, window_over=True,
    said=dict.fromkeys((*steps.SAID, "redirect"), "done") | {"go": "go", "freeze": "clean"},
)  # fmt: skip


def test_a_wave_with_nothing_open_has_done_every_step() -> None:
    assert present(_DONE) is None
    assert all(not lacking(step.key, _DONE) for step in STEPS)


def test_steps_need_only_earlier_ones() -> None:
    for step in STEPS:
        assert all(steps.BY_KEY[need].number < step.number for need in step.needs), step.key
    assert [step.number for step in STEPS] == list(range(18))


@pytest.mark.parametrize(
    ("facts", "step", "words"),
    [
        (replace(_DONE, scanning=("share",)), "scan", "the scan of share has not finished"),
        (replace(_DONE, uncovered=2), "sheets", "2 folders of the source in no row"),
        (replace(_DONE, waiting=("M-1 (not signed off)",)), "sign-off", "may not move now: M-1"),
        (replace(_DONE, blockers=1), "remediation", "1 blocked file without a waiver"),
        (replace(_DONE, missing_sites=("/sites/t-a",)), "provision", "not made yet: /sites/t-a"),
        (replace(_DONE, failed=6), "bulk", "6 of 1,000 files failed, and 0.5 % is the most"),
        (replace(_DONE, changed=()), "deltas", "no round after the first"),
        (replace(_DONE, changed=(10, 11)), "deltas", "the last round had 11 files to move, the one before 10"),
        (replace(_DONE, final=False), "final delta", "no round was planned from the frozen source"),
        (replace(_DONE, lost=1), "final delta", "1 file without an outcome"),
        (replace(_DONE, unverified=1), "verify", "1 copy nobody looked at"),
        (replace(_DONE, unexplained=3), "verify", "3 files that no wave put there"),
        (replace(_DONE, exceptions=1), "verify", "1 file failed or did not pass, without a waiver"),
        (replace(_DONE, not_accepted=("S-1",)), "acceptance", "not accepted yet: S-1"),
        (replace(_DONE, held=("is under the hold H-1",)), "decommission", "a hold: is under the hold H-1"),
        (replace(_DONE, window_over=False), "roll-back window", "it lasts 20 working days"),
    ],
)
def test_what_is_missing_is_said_and_keeps_what_needs_it_from_being_done(facts: Facts, step: str, words: str) -> None:
    assert any(words in text for text in open_ends(step, facts)), open_ends(step, facts)
    for later in STEPS:
        assert bool(lacking(later.key, facts)) == any(open_ends(need, facts) for need in later.needs)
    assert any(step in later.needs and lacking(later.key, facts) for later in STEPS) or step == "decommission"


@pytest.mark.parametrize("said", [{}, {"go": "no-go"}])
def test_nothing_is_frozen_without_a_go(said: dict[str, str]) -> None:
    assert lacking("freeze", replace(_DONE, said=said))


def test_a_source_that_was_not_quiet_lets_no_final_delta_count() -> None:
    assert lacking("final delta", replace(_DONE, said={**_DONE.said, "freeze": "not clean"})) == [
        "Freeze: the source was not quiet"
    ]


def test_nobody_is_sent_to_the_new_home_and_nothing_is_accepted_while_the_source_is_not_frozen() -> None:
    loud = replace(_DONE, final=False, said={**_DONE.said, "freeze": "not clean"})
    assert lacking("redirect", loud)[:1] == ["Freeze: the source was not quiet"]
    assert lacking("acceptance", loud)[:1] == ["Freeze: the source was not quiet"]
    assert lacking("redirect", replace(_DONE, said={**_DONE.said, "go": "no-go"}))


def test_a_step_that_its_lead_called_not_needed_is_done() -> None:
    assert open_ends("deltas", replace(_DONE, changed=(), said={"deltas": "not needed"})) == []
    assert open_ends("rehearsal", replace(_DONE, said={"rehearsal": "not needed"})) == []


def test_half_a_percent_of_errors_is_let_through() -> None:
    assert open_ends("bulk", replace(_DONE, failed=5)) == []
