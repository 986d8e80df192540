"""Waves that wait for others: no circle among them, and none that begins too early."""

from collections.abc import Collection, Mapping

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.store import schedules
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave
from spmigrate.words import typed

_GIVEN_UP = ("cancelled", "rolled back")


def check(ledger: Ledger, wave: Wave) -> None:
    """Raise SpmigrateError unless every wave that this one waits for has moved."""
    waiting = [each for each in schedules.before(ledger, wave) if not each.is_done]
    if not waiting:
        return
    said = ", ".join(f"{each.name} ({each.state})" for each in waiting)
    lost = [each for each in waiting if each.state in _GIVEN_UP]
    hint = (
        f"plan it anew without that: spmigrate wave plan {typed(wave.name)} --no-after"
        if lost
        else f"run that first: spmigrate wave run {typed(waiting[0].name)}"
    )
    raise SpmigrateError(f"wave '{wave.name}' waits for {said}", hint=hint)


def refuse_circle(links: Mapping[str, Collection[str]], name: str, before: Collection[str]) -> None:
    """Raise UsageProblem when the wave `name` would wait for itself, by the waves that it is to wait for. Pure."""
    for each in sorted(before):
        circle = _way({**links, name: before}, each, name)
        if circle:
            raise UsageProblem(
                f"waves would wait for each other: {' after '.join([name, *circle])}",
                hint="leave out --after for one of them",
            )


def _way(links: Mapping[str, Collection[str]], start: str, end: str) -> list[str]:
    """The waves from one to another along what they wait for; empty when there is no way."""
    reached: dict[str, str | None] = {start: None}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here == end:
            way = [here]
            while (earlier := reached[way[-1]]) is not None:
                way.append(earlier)
            return way[::-1]
        for following in sorted(links.get(here, ())):
            if following not in reached:
                reached[following] = here
                waiting.append(following)
    return []
