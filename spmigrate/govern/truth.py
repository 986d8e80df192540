"""Three-valued logic (Kleene's strong logic): true, false, or not known.

A known false decides an `and`, a known true decides an `or`; otherwise anything unknown makes the whole unknown.
"""

from collections.abc import Iterable

Truth = bool | None
"""True, False, or None for *unknown*."""


def all_of(truths: Iterable[Truth]) -> Truth:
    """False when any is false; else unknown when any is unknown; else true (also of nothing)."""
    unknown = False
    for truth in truths:
        if truth is False:
            return False
        unknown = unknown or truth is None
    return None if unknown else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """True when any is true; else unknown when any is unknown; else false (also of nothing)."""
    unknown = False
    for truth in truths:
        if truth is True:
            return True
        unknown = unknown or truth is None
    return None if unknown else False


def negate(truth: Truth) -> Truth:
    """The opposite; the opposite of unknown is unknown."""
    return None if truth is None else not truth
