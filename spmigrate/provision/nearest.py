"""What somebody probably meant, for the end of an error message."""

import difflib
from collections.abc import Iterable


def suggestion(given: str, known: Iterable[str]) -> str:
    """`did you mean 'Review date'?`, or the whole list when nothing is near."""
    names = sorted(set(known))
    folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(given.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{folded[near[0]]}'?"
    return "known here: " + ", ".join(names) if names else "none is known here"
