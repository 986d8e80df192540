"""The names of a folder looked at all at once, which spares nearly all of them a look one by one. Pure.

A hundred names cost what ten would on their own: the loops are in C. It never says that names are in order which are
not; where it has any doubt, it says nothing, and each name is looked at.
"""

from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter

from spmigrate.scan import hints, names

_FIRST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789([")
_LAST = frozenset(" .")
_CHARACTERS = b"abcdefghijklmnopqrstuvwxyz0123456789 !#$%&'()+,-.=@[]^_`{}\n"
_DEVICES = frozenset(word for name in names.DEVICES for word in hints.words(name))
_DOUBTFUL = hints.FIRST_WORDS | _DEVICES | {b"vti"}
"""Words of names that are worth a look at the whole of them."""
_first, _last, _end = itemgetter(0), itemgetter(-1), itemgetter(slice(-4, None))


def are_plain(parts: Iterable[Sequence[str]], *, unlike: Collection[str]) -> bool:
    """Whether no name has anything unusual in it, is one of `unlike`, or differs from another in capitals only.

    The names of a folder come in `parts`, so that those of an enormous one need not be there at once.
    """
    different = set(map(hash, unlike))  # two of one hash are a doubt, and cost nothing but a look
    count = len(different)
    for part in parts:
        text = "\n".join(part).lower()
        lowered = text.split("\n")
        if not part:
            continue
        if len(lowered) != len(part) or not _is_plain(text, lowered):
            return False
        different.update(map(hash, lowered))
        count += len(part)
    return len(different) == count


def _is_plain(text: str, lowered: Sequence[str]) -> bool:
    """Whether there is surely nothing unusual in names in small letters, which are also given as one text."""
    return (
        text.isascii()
        and max(map(len, lowered)) <= names.LONGEST_NAME
        and _FIRST.issuperset(map(_first, lowered))
        and _LAST.isdisjoint(map(_last, lowered))
        and ".." not in text
        and not text.encode().translate(None, _CHARACTERS)
        and _DOUBTFUL.isdisjoint(hints.words(text))
    )


def ends(listed: Iterable[str]) -> set[str]:
    """The different last four characters of names, in small letters: few, however many names there are."""
    return {each.lower() for each in set(map(_end, listed))}
