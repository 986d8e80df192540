"""Time as the ledger writes it."""

from datetime import UTC, datetime


def now() -> str:
    """The present moment as ISO 8601 UTC text, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
