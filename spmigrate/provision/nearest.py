"""What somebody probably meant, for the end of an error message."""

import difflib
from collections.abc import Iterable

_SHOWN = 20
"""Names of a list that are shown: a county has a hundred sites."""


def suggestion(given: str, known: Iterable[str]) -> str:
    """`did you mean 'Review date'?`, or what there is when nothing is near."""
    names = sorted(set(known))
    folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(given.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{folded[near[0]]}'?"
    if not names:
        return "none is known here"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return "known here: " + ", ".join(names[:_SHOWN]) + more
