"""What did not pass in a wave, and what was recorded of its steps, as an evidence pack tells it."""

from collections.abc import Iterator
from typing import Any

from spmigrate.migrate import codes
from spmigrate.store import wave_evidence
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave


def of(ledger: Ledger, wave: Wave) -> Iterator[dict[str, Any]]:
    """Every file that failed or did not pass verification, with the reason, what to do, and who accepted it."""
    for row in wave_evidence.exceptions_of(ledger, wave):
        code = codes.CODES.get(row["code"] or "")
        yield {**dict(row), "remedy": code.remedy if code else ""}


def steps(ledger: Ledger, wave: Wave) -> Iterator[dict[str, Any]]:
    """What was asked of a wave, when its runs began and why they ended, oldest first."""
    for row in wave_evidence.wave_events_of(ledger, wave):
        yield dict(row)
