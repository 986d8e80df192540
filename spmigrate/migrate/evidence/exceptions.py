"""What did not pass in a wave, and what was recorded of its steps, as an evidence pack tells it."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from spmigrate.migrate import codes, incomplete
from spmigrate.store import row_homes, wave_evidence, wave_steps
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave


def of(ledger: Ledger, wave: Wave) -> Iterator[dict[str, Any]]:
    """Every file that failed or did not pass verification: why, what to do, and who answers for it with which reason;
    and every row whose folder is not seen by those who were signed. `set` is of files without which others that arrived
    may not open."""
    sets = {path: each.said for each in incomplete.sets(ledger, wave) for path in each.missing}
    for each in wave_steps.exceptions(ledger, wave):
        code = codes.CODES.get(each.code)
        of_set = {"set": sets[each.path]} if each.path in sets else {}
        yield {**asdict(each), "remedy": code.remedy if code else "", **of_set}
    for home in row_homes.of_wave(ledger, wave):
        if home.seen not in ("", row_homes.AS_SIGNED):
            yield {"row": home.row_id, "path": home.path, "code": home.seen, "reason": home.seen_note}


def steps(ledger: Ledger, wave: Wave) -> Iterator[dict[str, Any]]:
    """The steps of the wave that were recorded, by whom and on which evidence; what was asked of it, when its runs
    began, and why they ended. Oldest first of each."""
    yield from (asdict(each) for each in wave_steps.events(ledger, wave))
    yield from (dict(row) for row in wave_evidence.wave_events_of(ledger, wave))
