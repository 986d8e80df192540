"""How an owner of a rehearsal answers: one policy and one seed give always the same answers."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from spmigrate.mapping.lists import Sensitive, UsedWith, Who
from spmigrate.model import Decision

Row = Mapping[str, object]
Offered = Mapping[str, Sequence[str]]
Policy = Callable[[Row, Offered, int], dict[str, str]]

_SAMPLE = MappingProxyType({
    "Highways > Contracts": Decision.ARCHIVE,
    "Highways > Public Rights of Way": Decision.NOT_OURS,
})  # fmt: skip
_SUBJECT = "Transport and infrastructure"
_MIXED = (
    (70, Decision.MOVE_AND_TIDY), (82, Decision.ARCHIVE), (90, Decision.NOT_OURS), (95, Decision.BUSINESS_SYSTEM),
    (100, Decision.DONT_KNOW),
)  # fmt: skip
"""How often a decision falls, as the upper bound of a number below 100."""


def sample(row: Row, offered: Offered, seed: int) -> dict[str, str]:
    """As the sample council's asset manager would: most of it moves, somewhere."""
    folder = str(row["What your team calls it"])
    homes = offered["New home"]
    subject = str(row.get("What is it about") or _SUBJECT)
    return _moved(_SAMPLE.get(folder, Decision.MOVE_AND_TIDY), homes[_number(folder, seed, len(homes))], subject)


def agreeable(row: Row, offered: Offered, seed: int) -> dict[str, str]:
    """Move everything and agree with what was proposed; what was not proposed is the first choice."""
    del seed
    return _agreed(row, offered, Decision.MOVE_AND_TIDY)


def mixed(row: Row, offered: Offered, seed: int) -> dict[str, str]:
    """Most rows move, some stay, and of every twenty one is left with "I don't know"."""
    number = _number(str(row["Row ID"]), seed, 100)
    return _agreed(row, offered, next(decision for bound, decision in _MIXED if number < bound))


POLICIES: Mapping[str, Policy] = MappingProxyType({"sample": sample, "agreeable": agreeable, "mixed": mixed})
"""The policies by name."""


def _agreed(row: Row, offered: Offered, decision: Decision) -> dict[str, str]:
    home = str(row.get("New home") or offered["New home"][0])
    found = _moved(decision, home, str(row.get("What is it about") or offered["What is it about"][0]))
    kept = {heading: str(row[heading]) for heading in ("Sensitive?", "Who should see it") if row.get(heading)}
    found |= kept
    if found["Who should see it"] in (Who.GROUP, Who.RESTRICTED, Who.PARTNER):
        found["Group or partner"] = str(row.get("Group or partner") or "the present team")
    return found


def _moved(decision: Decision, home: str, subject: str) -> dict[str, str]:
    return {
        "Decision": str(decision),
        "New home": home,
        "What is it about": subject,
        "Sensitive?": str(Sensitive.NO),
        "Who should see it": str(Who.TEAM),
        "Used with other files?": str(UsedWith.NOTHING),
    }


def _number(text: str, seed: int, below: int) -> int:
    """A number below `below` that is always the same for a text and a seed."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{text}".encode("utf-8", "surrogatepass")).digest()[:8]) % below
