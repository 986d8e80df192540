"""Numbers and times the way people say them, in every table, sheet and page."""

import re
import shlex
import unicodedata
from datetime import date, datetime
from functools import lru_cache


def size(count: int) -> str:
    """Bytes in decimal units: `3.4 GB`."""
    number = float(count)
    for unit in ("bytes", "KB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"


def moment(text: str | None) -> str:
    """An ISO time of the ledger: `1 April 2026, 09:30 UTC`; `not yet` where there is none."""
    return spoken(datetime.fromisoformat(text)) if text else "not yet"


def spoken(at: datetime) -> str:
    """A moment: `1 April 2026, 09:30 UTC`."""
    return f"{at.day} {at:%B %Y, %H:%M %Z}"


def day(on: date) -> str:
    """A calendar day: `1 April 2026`."""
    return f"{on.day} {on:%B %Y}"


def day_of(text: str) -> str:
    """The day of an ISO time of the ledger: `1 April 2026`."""
    return day(datetime.fromisoformat(text).date())


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """`text` for comparison: one space between words, no case, straight apostrophes, composed accents."""
    straight = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u2018", "'")
    return re.sub(r"\s+", " ", straight).strip().casefold()


def plural(count: int, noun: str, many: str | None = None) -> str:
    """A counted noun: `1 file`, `2,000 files`."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def shortened(text: str, most: int = 90) -> str:
    """A long path with its middle left out: the beginning says where, the end says what."""
    if len(text) <= most:
        return text
    return f"{text[: most // 2 - 1]} … {text[-most // 2 + 2 :]}"


def visible(text: str) -> str:
    """A name with its control, invisible and direction characters as escapes: no name may alter what shows it."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape", "surrogatepass").decode() for each in text
    )


def typed(name: str) -> str:
    """A name as it is typed in a command: in quotes where it has spaces or signs of the shell."""
    return shlex.quote(name)
