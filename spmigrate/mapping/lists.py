"""The choices that a sheet offers: words of the product, the council's own classes, the rules of its schedule."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from spmigrate.model import Decision, Destination, PartnerStanding
from spmigrate.store.row_identity import CHANGE_PERCENT
from spmigrate.words import folded

if TYPE_CHECKING:
    from spmigrate.mapping.lists_file import ListsFile
    from spmigrate.registers.retention import Schedule

QUERY = "Query"


class Sensitive(StrEnum):
    """What an owner can say about people's details in a folder."""

    NO = "No"
    PERSONAL = "Personal"
    SPECIAL = "Special category or criminal"
    DONT_KNOW = "I don't know"


class Who(StrEnum):
    """Who should see a folder in its new home."""

    TEAM = "Whole team"
    FUNCTION = "Function"
    GROUP = "Named group"
    RESTRICTED = "Restricted list"
    PARTNER = "Partner"


class UsedWith(StrEnum):
    """What else depends on the files of a folder."""

    NOTHING = "No"
    WORKBOOKS = "Linked workbooks"
    DATABASE = "Database"
    DRAWINGS = "GIS or CAD set"


class GovernanceView(StrEnum):
    """What information governance says of a row."""

    OK = "OK"
    CHANGE = "Change"
    DPIA = "DPIA needed"
    HOLD = "Hold"


MARKINGS = (
    "OFFICIAL", "OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE PERSONAL", "OFFICIAL-SENSITIVE COMMERCIAL",
    "OFFICIAL-SENSITIVE LEGAL",
)  # fmt: skip
"""Markings, lowest first; the three kinds of OFFICIAL-SENSITIVE protect alike."""

_PERSONAL_MARKING = "OFFICIAL-SENSITIVE PERSONAL"
_PROTECTS_PEOPLE = frozenset(MARKINGS[2:])

_SYNONYMS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "decision": {
            "yes": Decision.MOVE, "yes please": Decision.MOVE, "yes pls": Decision.MOVE, "migrate": Decision.MOVE,
            "keep": Decision.MOVE, "tidy": Decision.MOVE_AND_TIDY, "move & tidy": Decision.MOVE_AND_TIDY,
            "archive": Decision.ARCHIVE, "read only archive": Decision.ARCHIVE, "leave": Decision.ARCHIVE,
            "no": Decision.ARCHIVE, "business system": Decision.BUSINESS_SYSTEM, "not mine": Decision.NOT_OURS,
            "dont know": Decision.DONT_KNOW, "don't know": Decision.DONT_KNOW, "not sure": Decision.DONT_KNOW,
            "i dont know": Decision.DONT_KNOW, "unsure": Decision.DONT_KNOW, "?": Decision.DONT_KNOW,
        },
        "sensitive": {
            "none": Sensitive.NO, "n": Sensitive.NO, "not sensitive": Sensitive.NO, "special": Sensitive.SPECIAL,
            "special category": Sensitive.SPECIAL, "criminal": Sensitive.SPECIAL, "personal data": Sensitive.PERSONAL,
            "dont know": Sensitive.DONT_KNOW, "don't know": Sensitive.DONT_KNOW, "not sure": Sensitive.DONT_KNOW,
            "i dont know": Sensitive.DONT_KNOW, "?": Sensitive.DONT_KNOW,
        },
        "who": {
            "team": Who.TEAM, "everyone in the team": Who.TEAM, "the team": Who.TEAM, "group": Who.GROUP,
            "restricted": Who.RESTRICTED, "shared with partner": Who.PARTNER,
        },
        "used_with": {"none": UsedWith.NOTHING, "n": UsedWith.NOTHING, "gis": UsedWith.DRAWINGS,
                      "cad": UsedWith.DRAWINGS, "linked workbook": UsedWith.WORKBOOKS},
        "marking": {"official sensitive": MARKINGS[1], "o-s": MARKINGS[1]},
        "ig_view": {"dpia": GovernanceView.DPIA, "fine": GovernanceView.OK, "yes": GovernanceView.OK},
    }
)  # fmt: skip
"""What people write instead of a choice: accepted, and said so."""


@dataclass(frozen=True)
class Choices:
    """Everything that the columns of one sheet may hold, by the column's key, and the homes by their label.

    `growth_percent` of a folder's files must come or go before what was said of it is asked anew. `drives` and `shares`
    say which letter people know a source by.
    """

    lists: "ListsFile"
    destinations: tuple[Destination, ...]
    schedule: "Schedule"
    partners: tuple[PartnerStanding, ...] = ()
    growth_percent: int = CHANGE_PERCENT
    drives: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, str] = field(default_factory=dict)

    def of(self, key: str) -> tuple[str, ...]:
        """The choices of a column, empty when anything may be written."""
        return self._by_key.get(key, ())

    @cached_property
    def _by_key(self) -> Mapping[str, tuple[str, ...]]:
        offered: dict[str, Sequence[str]] = {
            "decision": list(Decision),
            "home": [destination.label for destination in self.destinations],
            "subject": [each.name for each in self.lists.business_classes],
            "keep": [*self.schedule.labels, QUERY],
            "sensitive": list(Sensitive),
            "marking": MARKINGS,
            "who": list(Who),
            "group": [*self.lists.groups, *(_shown(each) for each in self.partners if each.usable)],
            "used_with": list(UsedWith),
            "ig_view": list(GovernanceView),
        }
        return {key: tuple(map(str, choices)) for key, choices in offered.items()}

    def home(self, label: str) -> Destination | None:
        """The approved library of this label, None when there is none."""
        return self._homes.get(folded(label))

    @cached_property
    def _homes(self) -> Mapping[str, Destination]:
        return {folded(each.label): each for each in reversed(self.destinations)}

    def partner(self, text: str) -> PartnerStanding | None:
        """The registered partner that is written like this: its id, its name, or both; None when there is none."""
        wanted = folded(text)
        return next((each for each in self.partners if wanted in map(folded, (each.id, each.name, _shown(each)))), None)

    def keep_rule(self, subject: str) -> str:
        """The keep rule of a business class; the default while the class is unknown."""
        return next(
            (each.keep_rule for each in self.lists.business_classes if each.name == subject),
            self.schedule.default,
        )


def normalise(key: str, text: str, choices: Sequence[str]) -> tuple[str, bool]:
    """The choice that `text` means, and whether it had to be guessed from a synonym; unknown text as it is."""
    wanted = folded(text)
    for choice in choices:
        if folded(choice) == wanted:
            return choice, False
    synonym = _SYNONYMS.get(key, {}).get(wanted.rstrip(".!?") or wanted)
    return (str(synonym), True) if synonym else (text.strip(), False)


def nearest(text: str, choices: Sequence[str]) -> str | None:
    """The choice that `text` looks like, for a hint."""
    known = {folded(choice): choice for choice in choices}
    near = difflib.get_close_matches(folded(text), list(known), n=1, cutoff=0.6)
    return known[near[0]] if near else None


def marking_for(sensitive: str) -> str:
    """The lowest marking that a folder of this sensitivity may carry."""
    return _PERSONAL_MARKING if sensitive in (Sensitive.PERSONAL, Sensitive.SPECIAL) else MARKINGS[0]


def marking_is_enough(marking: str, sensitive: str) -> bool:
    """Whether a marking protects as much as the sensitivity demands."""
    return marking_for(sensitive) == MARKINGS[0] or marking in _PROTECTS_PEOPLE


def marking_reaches(marking: str, floor: str) -> bool:
    """Whether a marking is at least as high as the lowest one of a site; a site without one takes any."""
    return floor not in MARKINGS or _height(marking) >= _height(floor)


def _height(marking: str) -> int:
    return min(MARKINGS.index(marking), 2) if marking in MARKINGS else 0


def _shown(partner: PartnerStanding) -> str:
    return f"{partner.id} {partner.name}"
