"""The names of a folder looked at all at once, which spares nearly all of them a look one by one. Pure.

A hundred names cost what ten would on their own: the loops are in C. It never says that names are in order which are
not; where it has any doubt, it says nothing, and each name is looked at.
"""

import re
from collections.abc import Collection, Sequence

from spmigrate.scan import hints, names

_CHARACTERS = b"abcdefghijklmnopqrstuvwxyz0123456789 !#$%&'()+,-.=@[]^_`{}\n"
_DOUBTFUL = (" \n", ".\n", "_vti_", "..")
_DOUBTFUL_START = re.compile(rf"\n(?:[^a-z0-9(\[]|(?:{'|'.join(sorted(names.DEVICES))}) *[.\n])")


def are_plain(listed: Sequence[str], *, unlike: Collection[str]) -> bool:
    """Whether no name has anything unusual in it, is one of `unlike`, or differs from another in capitals only."""
    text = "\n".join(("", *listed, "")).lower()
    each = text.split("\n")
    if len(each) != len(listed) + 2 or not text.isascii():
        return False
    different = set(each)
    if len(different) <= len(listed) or not different.isdisjoint(unlike):
        return False
    return (
        max(map(len, each)) <= names.LONGEST_NAME
        and not text.encode().translate(None, _CHARACTERS)
        and not any(map(text.__contains__, _DOUBTFUL))
        and _DOUBTFUL_START.search(text) is None
        and not hints.may_tell(text)
    )
