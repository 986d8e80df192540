"""How long to wait between questions to a service that is still at work."""

from collections.abc import Callable, Iterator

Sleep = Callable[[float], None]
_LONGEST_PAUSE = 15.0


def pauses(longest: float) -> Iterator[float]:
    """Seconds to wait between questions: a quarter at first, doubled up to fifteen, `longest` in all."""
    pause, waited = 0.25, 0.0
    while waited < longest:
        yield pause
        waited += pause
        pause = min(pause * 2, _LONGEST_PAUSE)
