"""Words in names that say something about people, or about how copies are kept; as data. Pure.

A hint is no proof: it tells where somebody should look. Words that mean something else in other services are left out
alone and taken in company: a highways team adopts roads, and Foster is a surname.
"""

import re
from collections.abc import Mapping

PERSONAL: Mapping[str, str] = {
    "health": "medical, sickness, diagnosis, diagnosed, psychiatric, psychological, mental health, occ health,"
    " occupational health, fit note, sick note, sick leave, hiv, pregnancy, pregnant, disability, disabilities,"
    " sexual health, suicide, self harm, overdose, substance misuse, dols, mental capacity, mca assessment, care plan,"
    " care needs, continuing healthcare",
    "children and families": "placement, placements, safeguarding, safeguard, child protection, child prot,"
    " child in need, cin plan, looked after, lac review, care order, care proceedings, adoption order, adoption panel,"
    " adopter, adopters, fostering, foster carer, foster carers, foster placement, ehcp, s47, section 47, life story,"
    " special guardianship, age assessment, family court",
    "offences or victims": "conviction, convictions, criminal, offender, offenders, offending, youth offending, dbs,"
    " crb, domestic abuse, domestic violence, assault, witness statement, probation, marac, mappa, police report",
    "employment": "disciplinary, discipline, grievance, grievances, capability hearing, dismissal, whistleblowing,"
    " return to work, settlement agreement, exit interview",
    "origin or belief": "ethnicity, religion, trade union, asylum, uasc, immigration status, sexual orientation",
    "identity": "dob, date of birth, ni number, national insurance, passport, birth certificate, death certificate,"
    " next of kin, bank details, payslip, payslips",
}
"""What a name may speak of, and the words or phrases that it is recognised by."""

FOLK_VERSIONS = "copy of, use this one, final final, do not use"
"""Phrases by which people keep versions without a system."""

_FOLK_END = re.compile(r" - copy(?![^\W_])")
_all_words = re.compile(r"[^\W_]+").findall


def _phrases(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.split(",")]


_GROUPS = {phrase: group for group, text in PERSONAL.items() for phrase in _phrases(text)}
_FOLK = _phrases(FOLK_VERSIONS)
FIRST_WORDS = frozenset(phrase.partition(" ")[0].encode() for phrase in (*_GROUPS, *_FOLK)) | {b"copy"}
"""What a name may speak of begins with one of these words."""
_SEPARATORS = b"-_.,;:()[]{}&'+#!$%=@^`" + bytes(set(b"0123456789").difference(*FIRST_WORDS))
_TO_SPACES = bytes.maketrans(_SEPARATORS, b" " * len(_SEPARATORS))
_FOLK_PHRASE = re.compile(rf"(?<!\S)(?:{'|'.join(_FOLK)})(?!\S)")
_PERSONAL = re.compile(rf"(?<!\S)(?:{'|'.join(sorted(map(re.escape, _GROUPS), key=len, reverse=True))})(?!\S)")


def may_tell(lower: str) -> bool:
    """Whether ASCII names in small letters, one or many, are worth a closer look; few are, so this is asked first."""
    return not FIRST_WORDS.isdisjoint(words(lower))


def words(lower: str) -> list[bytes]:
    """The words of ASCII names in small letters, one or many. Most digits only separate: dates need no look."""
    return lower.encode().translate(_TO_SPACES).split()


def personal(lower: str) -> str | None:
    """What the name may say about people, in a word or two."""
    found = _PERSONAL.search(" ".join(_all_words(lower)))
    return _GROUPS[found[0]] if found else None


def is_folk_version(lower: str) -> bool:
    """Whether the name speaks of copies, or of being the one that counts."""
    return _FOLK_END.search(lower) is not None or _FOLK_PHRASE.search(" ".join(_all_words(lower))) is not None
