"""The ``Filter`` of a listing of sites: ``Url -like 'project' -and LockState -eq 'Unlock'``."""

from __future__ import annotations

import re
from collections.abc import Callable

from spmigrate.rehearsal.odata.errors import bad_argument

_TEST = re.compile(r"\s*(\w+)\s+-(eq|ne|like|notlike)\s+(?:'([^']*)'|\"([^\"]*)\"|([^\s'\"]+))\s*", re.IGNORECASE)
_AND = re.compile(r"-and\b", re.IGNORECASE)
Read = Callable[[str], str | None]


def read_site_filter(text: str) -> Callable[[Read], bool]:
    """The test that a filter means, given what reads a property of a site by name; refuses (400) what is no filter.

    As the service judges it, ``-like`` finds the text anywhere, with or without stars.
    """
    tests: list[tuple[str, str, str]] = []
    position = 0
    while True:
        found = _TEST.match(text, position)
        if found is None:
            raise _malformed(text)
        value = next(each for each in found.groups()[2:] if each is not None)
        tests.append((found[1], found[2].lower(), value))
        position = found.end()
        if position == len(text):
            return lambda read: all(_holds(read, *each) for each in tests)
        joined = _AND.match(text, position)
        if joined is None:
            raise _malformed(text)
        position = joined.end()


def _holds(read: Read, name: str, operator: str, value: str) -> bool:
    found = read(name)
    if found is None:
        raise _malformed(name)
    low, wanted = found.casefold(), value.casefold()
    if operator in ("like", "notlike"):
        return (wanted.strip("*") in low) == (operator == "like")
    return (low == wanted) == (operator == "eq")


def _malformed(text: str) -> Exception:
    return bad_argument(f"The filter '{text}' is not valid.\r\nParameter name: Filter")
