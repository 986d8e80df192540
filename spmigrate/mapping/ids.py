"""Numbers of sheets and rows as people type them, with check characters that catch a slip."""

import re

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXY"  # 23 of them, a prime; no I, O or Z, which look like 1, 0 and 2
_SHEET = re.compile(r"S-\d{4,}")
_ROW = re.compile(r"^M-(\d{4,})-([A-Z])(\d)$")


def sheet_id(number: int) -> str:
    """`S-0007`."""
    return f"S-{number:04d}"


def is_sheet_id(text: str) -> bool:
    """Whether `text` has the form of a sheet's number."""
    return _SHEET.fullmatch(text) is not None


def row_id(number: int) -> str:
    """`M-0042-S7`: a number, a letter that changes with any digit or swap of digits, and a second check digit."""
    digits = f"{number:04d}"
    weighted = sum((place + 2) * int(digit) for place, digit in enumerate(reversed(digits)))
    return f"M-{digits}-{_LETTERS[weighted % len(_LETTERS)]}{(number * 7 + 3) % 10}"


def is_row_id(text: str) -> bool:
    """Whether `text` is a row id whose check characters are right."""
    found = _ROW.match(text)
    return found is not None and row_id(int(found[1])) == text
