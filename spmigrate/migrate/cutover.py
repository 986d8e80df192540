"""Where a wave stands in the cutover protocol: the facts of the ledger, gathered for the table of steps."""

from collections.abc import Callable, Iterable
from datetime import date

from spmigrate.errors import SpmigrateError
from spmigrate.migrate import consent, steps
from spmigrate.migrate.steps import Facts
from spmigrate.store import coverage, rounds, signoffs, wave_steps, waves
from spmigrate.store.ledger import Ledger
from spmigrate.store.signoffs import Act, UnsignedRow
from spmigrate.store.wave_steps import StepEvent
from spmigrate.store.waves import Wave

WorkingDays = Callable[[date, int], date]
"""The day that is so many working days after another one."""

_MOVING = ("new", "changed", "renamed")


def gather(ledger: Ledger, wave: Wave, *, gate: consent.Gate, working_days: WorkingDays, today: date) -> Facts:
    """All that the protocol asks of a wave now."""
    standing = waves.standing(ledger, wave)
    recorded = wave_steps.events(ledger, wave)
    sheets = wave_steps.sheets(ledger, wave)
    planned = waves.wave_digests(ledger, wave)
    waiting = [row for row in gate(sheets) if isinstance(row, UnsignedRow) and row.row_id in planned]
    redirected = [each for each in recorded if (each.step, each.event) == ("redirect", "done")]
    return Facts(
        state=wave.state,
        scanning=tuple(rounds.scanning(ledger, wave)),
        uncovered=len(coverage.in_no_row(ledger, coverage.sources_of(ledger, wave))),
        waiting=tuple(f"{row.row_id} ({row.reason})" for row in waiting),
        missing_sites=tuple(wave_steps.missing_sites(ledger, wave)),
        blockers=wave_steps.count_exceptions(ledger, wave, planned=True),
        files=standing.accounting.source.items,
        failed=wave_steps.count_exceptions(ledger, wave, planned=False),
        open=standing.open.items,
        lost=abs(standing.lost.items) + abs(standing.lost.bytes),
        changed=tuple(
            sum(each.amounts[kind].items for kind in _MOVING if kind in each.amounts)
            for each in rounds.of_wave(ledger, wave)[1:]
        ),
        final=wave_steps.is_final(ledger, wave),
        unverified=wave_steps.count_unverified(ledger, wave),
        unexplained=wave_steps.count_unexplained(ledger, wave),
        exceptions=wave_steps.count_exceptions(ledger, wave),
        not_accepted=tuple(_not_accepted(ledger, wave, sheets)),
        window_over=bool(redirected) and today > window_ends(redirected[0], working_days),
        held=tuple(row.reason for row in waiting if "hold" in row.reason),
        said={each.step: each.event for each in recorded},
    )


def check(key: str, facts: Facts, *, name: str) -> None:
    """Raise SpmigrateError naming everything that is missing before this step of a wave may be done."""
    lacking = steps.lacking(key, facts)
    if lacking:
        raise SpmigrateError(
            f"wave '{name}' is not ready for step {steps.BY_KEY[key].number}, {steps.BY_KEY[key].title.lower()}:"
            f" {consent.listed(lacking)}",
            hint=f"see every step with: spmigrate wave steps {name}",
        )


def window_ends(redirected: StepEvent, working_days: WorkingDays) -> date:
    """The last day on which a wave may be rolled back."""
    return working_days(date.fromisoformat(redirected.at[:10]), steps.ROLL_BACK_DAYS)


def accepted_sheets(ledger: Ledger, wave: Wave, sheets: Iterable[str]) -> list[str]:
    """The sheets of a wave that their owners have accepted."""
    entries = signoffs.of_sheets(ledger, list(sheets))
    return [
        sheet
        for sheet in sheets
        if any(each.kind == Act.ACCEPTED and each.policy.get("wave") == wave.name for each in entries.get(sheet, ()))
    ]


def _not_accepted(ledger: Ledger, wave: Wave, sheets: list[str]) -> list[str]:
    accepted = accepted_sheets(ledger, wave, sheets)
    return [sheet for sheet in sheets if sheet not in accepted]
