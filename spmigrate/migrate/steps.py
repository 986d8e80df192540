"""The steps of a wave from its baseline scan to decommissioning: what each needs, and what it lacks. Pure.

The table is the council's cutover protocol. Commands ask `lacking` before they do a step, and refuse while something
is missing; nothing here looks at a ledger.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from spmigrate.words import plural

MOST_ERRORS = 0.005
"""The most files of a bulk copy that may have failed before its cutover is decided: 0.5 %."""
ROLL_BACK_DAYS = 20
ACCEPT_DAYS = 10
"""Working days after the redirect: the last on which a wave is rolled back, and the one on which owners accept."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the protocol: when it is due, what it does, what ends it, and the steps that come before it.

    `said` steps are done by people outside the program, who have them recorded; the ledger shows the others.
    """

    number: int
    key: str
    title: str
    when: str
    ends: str
    needs: tuple[str, ...] = ()
    said: bool = False


STEPS: tuple[Step, ...] = (
    Step(0, "scan", "Baseline scan", "T-10 weeks", "every folder was read, or is listed as unreadable"),
    Step(1, "report", "Pre-scan report", "T-9 weeks", "the lead accepts the report", ("scan",), said=True),
    Step(2, "sheets", "Sheets issued", "T-8 weeks", "every folder is in exactly one sheet", ("scan",)),
    Step(3, "sign-off", "Sign-off", "T-5 weeks", "every row is decided and signed", ("sheets",)),
    Step(4, "remediation", "Remediation", "T-5 to T-2 weeks", "no blocker without a waiver", ("sign-off",)),
    Step(5, "provision", "Provision", "T-4 weeks", "every site that rows go to was made", ("sign-off",)),
    Step(6, "rehearsal", "Rehearsal", "T-3 weeks", "a sample was copied and timed; the forecast fits", ("provision",),
         said=True),
    Step(7, "bulk", "Bulk copy", "T-2 weeks, nights and weekends", "all was offered; at most 0.5 % failed",
         ("sign-off", "provision")),
    Step(8, "deltas", "Deltas", "nightly", "what changes from round to round goes down", ("bulk",)),
    Step(9, "go", "Go or no-go", "T-2 days", "a signed go",
         ("scan", "report", "sheets", "sign-off", "remediation", "provision", "rehearsal", "bulk", "deltas")),
    Step(10, "freeze", "Freeze", "T0, 18:00", "read-only, nothing open, no writes since", ("go",)),
    Step(11, "final delta", "Final delta", "T0, evening", "a round after the freeze; nothing unaccounted", ("freeze",)),
    Step(12, "verify", "Verify", "T0, evening", "everything was looked at; what did not pass is waived",
         ("final delta",)),
    Step(13, "redirect", "Redirect", "T+1, 07:00", "notice, shortcut and crosswalk were written",
         ("go", "freeze", "final delta", "verify")),
    Step(14, "hypercare", "Hypercare", "T+1 to T+10 working days", "every snag is closed or owned", ("redirect",),
         said=True),
    Step(15, "acceptance", "Acceptance", "T+10 working days", "the owner of every sheet accepts",
         ("freeze", "final delta", "verify", "redirect", "hypercare")),
    Step(16, "roll-back window", "Roll-back window", "to T+20 working days", "the window is over", ("redirect",)),
    Step(17, "decommission", "Decommission", "T+6 months", "the disposal certificate",
         ("acceptance", "roll-back window"), said=True),
)  # fmt: skip
BY_KEY: Mapping[str, Step] = {step.key: step for step in STEPS}
SAID = tuple(step.key for step in STEPS if step.said)
"""The steps that people record."""
DISPENSABLE = ("sheets", "remediation", "provision", "deltas")
"""Other steps that a wave can do without, when its lead says why."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ledger knows of a wave, as far as the protocol asks.

    `said` is the last event recorded of each step: `done`, `not needed`, `go`, `no-go`, `clean`, `not clean`.
    `changed` is how many files each round after the first had to move. `blockers` and `exceptions` count files without
    a waiver: those that planning refused, and those that failed or did not pass verification.
    """

    state: str = "planned"
    scanning: tuple[str, ...] = ()
    uncovered: int = 0
    waiting: tuple[str, ...] = ()
    missing_sites: tuple[str, ...] = ()
    blockers: int = 0
    files: int = 0
    failed: int = 0
    open: int = 0
    lost: int = 0
    changed: tuple[int, ...] = ()
    final: bool = False
    unverified: int = 0
    unexplained: int = 0
    exceptions: int = 0
    not_accepted: tuple[str, ...] = ()
    window_over: bool = False
    held: tuple[str, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)


def lacking(key: str, facts: Facts) -> list[str]:
    """What is missing before a step may be done: the open ends of the steps that it needs, in words."""
    return [f"{BY_KEY[need].title}: {text}" for need in BY_KEY[key].needs for text in open_ends(need, facts)]


def present(facts: Facts) -> Step | None:
    """The step that a wave is at: the first with an open end; None when the last one is done."""
    return next((step for step in STEPS if open_ends(step.key, facts)), None)


def open_ends(key: str, facts: Facts) -> list[str]:
    """Why a step is not done yet, in words; empty when it is, or was recorded as not needed."""
    if facts.said.get(key) == "not needed":
        return []
    if BY_KEY[key].said:
        held = [f"a hold: {each}" for each in facts.held] if key == "decommission" else []
        return held + ([] if facts.said.get(key) == "done" else ["nobody recorded that it is done"])
    found = _before_go(facts) | _after_go(facts)
    return [text for text, is_open in found[key] if is_open]


_Ends = dict[str, list[tuple[str, bool]]]


def _before_go(facts: Facts) -> _Ends:
    offered = facts.state not in ("planned", "running", "paused")
    return {
        "scan": [(f"the scan of {', '.join(facts.scanning)} has not finished", bool(facts.scanning))],
        "sheets": [(f"{plural(facts.uncovered, 'folder')} of the source in no row", facts.uncovered > 0)],
        "sign-off": [(f"may not move now: {', '.join(facts.waiting)}", bool(facts.waiting))],
        "remediation": [(f"{plural(facts.blockers, 'blocked file')} without a waiver", facts.blockers > 0)],
        "provision": [(f"not made yet: {', '.join(facts.missing_sites)}", bool(facts.missing_sites))],
        "bulk": [
            (f"{plural(facts.open, 'file')} still to move", facts.open > 0 or not offered),
            (f"{plural(facts.lost, 'file')} without an outcome", facts.lost != 0),
            (f"{facts.failed:,} of {facts.files:,} files failed, and 0.5 % is the most",
             facts.failed > MOST_ERRORS * facts.files),
        ],
        "deltas": _trend(facts),
        "go": [
            ("nobody decided", "go" not in facts.said),
            ("the last decision was no-go", facts.said.get("go") == "no-go"),
        ],
    }  # fmt: skip


def _trend(facts: Facts) -> list[tuple[str, bool]]:
    last = facts.changed[-1] if facts.changed else 0
    before = facts.changed[-2] if len(facts.changed) > 1 else facts.files
    return [
        ("no round after the first", not facts.changed),
        (f"the last round had {last:,} files to move, the one before {before:,}", last > 0 and last > before),
    ]


def _after_go(facts: Facts) -> _Ends:
    return {
        "freeze": [
            ("nobody looked whether the source is frozen", "freeze" not in facts.said),
            ("the source was not quiet", facts.said.get("freeze") == "not clean"),
        ],
        "final delta": [
            ("no round was planned from the frozen source", not facts.final),
            (f"{plural(facts.open, 'file')} still to move", facts.open > 0),
            (f"{plural(facts.lost, 'file')} without an outcome", facts.lost != 0),
        ],
        "verify": [
            (f"{plural(facts.unverified, 'copy', 'copies')} nobody looked at", facts.unverified > 0),
            (f"{plural(facts.unexplained, 'file')} that no wave put there", facts.unexplained > 0),
            (f"{plural(facts.exceptions, 'file')} failed or did not pass, without a waiver", facts.exceptions > 0),
            (f"{plural(facts.lost, 'file')} without an outcome", facts.lost != 0),
        ],
        "redirect": [("no redirect was written", facts.said.get("redirect") != "done")],
        "acceptance": [(f"not accepted yet: {', '.join(facts.not_accepted)}", bool(facts.not_accepted))],
        "roll-back window": [
            (f"it lasts {ROLL_BACK_DAYS} working days from the redirect", not facts.window_over),
        ],
    }  # fmt: skip
