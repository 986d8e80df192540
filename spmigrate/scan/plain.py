"""The names of a folder looked at all at once, which spares nearly all of them a look one by one. Pure.

A hundred names cost what ten would on their own: the loops are in C. It never says that names are in order which are
not; where it has any doubt, it says nothing, and each name is looked at.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from spmigrate.scan import hints, names

_CHARACTERS = b"abcdefghijklmnopqrstuvwxyz0123456789 !#$%&'()+,-.=@[]^_`{}\n"
_AT_ONCE = 10_000
_DOUBTFUL = (" \n", ".\n", "_vti_", "..")
_DOUBTFUL_START = re.compile(rf"\n(?:[^a-z0-9(\[]|(?:{'|'.join(sorted(names.DEVICES))}) *[.\n])")


def are_plain(listed: Sequence[str], *, unlike: Collection[str]) -> bool:
    """Whether no name has anything unusual in it, is one of `unlike`, or differs from another in capitals only."""
    text = "\n".join(("", *listed, "")).lower()
    if text.count("\n") != len(listed) + 1 or not text.isascii():
        return False
    different = {hash(name.lower()) for name in listed}  # two of one hash are a doubt, and cost nothing but a look
    return (
        len(different) == len(listed)
        and max(map(len, listed), default=0) <= names.LONGEST_NAME
        and not text.encode().translate(None, _CHARACTERS)
        and not any(map(text.__contains__, (*_DOUBTFUL, *(f"\n{name}\n" for name in unlike))))
        and _DOUBTFUL_START.search(text) is None
        and not (hints.may_tell(text) if len(listed) < _AT_ONCE else any(map(hints.may_tell, _slices(listed))))
    )


def _slices(listed: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(listed), _AT_ONCE):
        yield "\n".join(listed[start : start + _AT_ONCE]).lower()
