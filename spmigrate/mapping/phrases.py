"""Days and short lists, as sheets and statements show them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

_FIRST_YEAR_OF_EXCEL = 1900


def day(moment_ns: int | None) -> date | None:
    """The day of a file time in nanoseconds since 1970 (UTC); None where Excel has no such day."""
    try:
        found = None if moment_ns is None else datetime.fromtimestamp(moment_ns // 1_000_000_000, UTC).date()
    except (OverflowError, OSError, ValueError):
        return None
    return found if found and found.year >= _FIRST_YEAR_OF_EXCEL else None


def listed(names: Sequence[str], *, most: int = 5) -> str:
    """`A, B and 3 more`."""
    if len(names) <= most:
        return ", ".join(names)
    return ", ".join(names[:most]) + f" and {len(names) - most:,} more"
