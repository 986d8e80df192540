"""Numbers, sizes and days as people say them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime


def size(count: int) -> str:
    """Bytes as a data owner reads them: `3.4 GB`."""
    number = float(count)
    for unit in ("bytes", "KB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:,.1f} TB"


def counted(count: int, one: str, many: str | None = None) -> str:
    """`1 folder`, `1,204 folders`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def day(moment_ns: int | None) -> date | None:
    """The day of a file time in nanoseconds since 1970 (UTC); None before 1900, which Excel does not know."""
    try:
        found = None if moment_ns is None else datetime.fromtimestamp(moment_ns // 1_000_000_000, UTC).date()
    except (OverflowError, OSError, ValueError):
        return None
    return found if found and found.year >= 1900 else None


def listed(names: Sequence[str], *, most: int = 5) -> str:
    """`A, B and 3 more`."""
    if len(names) <= most:
        return ", ".join(names)
    return ", ".join(names[:most]) + f" and {len(names) - most:,} more"
