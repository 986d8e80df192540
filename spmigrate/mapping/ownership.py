"""Whose a folder is: the unit whose name its path or the share names, and the role that decides for that unit. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from spmigrate.model import Destination, Unit
from spmigrate.words import folded

_EMPTY_WORDS = frozenset({"and", "of", "the", "for", "in", "to", "a", "service", "services", "team", "teams", "unit"})
_COMMON_WORDS = frozenset(
    {"adult", "asset", "business", "care", "community", "contract", "delivery", "development", "information",
     "investigation", "management", "operation", "people", "planning", "programme", "project", "public", "quality",
     "record", "resilience", "strategy", "support", "transport"}
)  # fmt: skip
"""Words in many a folder name: alone they say nothing about whose it is."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a folder is: `role` decides for `unit`; both are empty for what is nobody's. `why` says it in words."""

    role: str = ""
    unit: str = ""
    why: str = ""


@dataclass(frozen=True)
class Organisation:
    """The units, the libraries of their sites, and the roles of people by the unit that they belong to.

    `roles` maps the code of a unit to the ids of those who may own its folders, the likeliest first.
    """

    units: tuple[Unit, ...]
    destinations: tuple[Destination, ...]
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def by_code(self) -> Mapping[str, Unit]:
        """Every unit by its code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _words(self) -> Mapping[str, frozenset[str]]:
        return {unit.code: spoken(unit.name) for unit in self.units}

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[Unit]]:
        """The units by each word of their name, and by their code."""
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            for word in {*self._words[unit.code], folded(unit.code)}:
                found.setdefault(word, []).append(unit)
        return found

    def _likely(self, name: str, words: frozenset[str]) -> list[Unit]:
        """The units that a name has anything in common with."""
        shared = {unit.code: unit for word in {*words, folded(name)} for unit in self._by_word.get(word, ())}
        return [shared[code] for code in sorted(shared)]

    def of_share(self, name: str) -> Unit | None:
        """The unit that a whole share is named after: the smallest that all of the name's words belong to."""
        wanted = spoken(name)
        if not wanted:
            return None
        whole = [unit for unit in self.units if wanted <= self._words[unit.code]]
        if whole:
            return min(whole, key=lambda unit: (len(unit.above), len(self._words[unit.code])))
        touched = [unit for unit in self.units if wanted & self._words[unit.code]]
        covered = frozenset[str]().union(*(self._words[unit.code] for unit in touched))
        return self._common(touched) if wanted <= covered else None

    def of_folder(self, name: str, within: Unit | None) -> Unit | None:
        """The unit that a folder is named after, None when it names none. `within` is the unit of what it lies in.

        Outside of that unit's branch only a name of several words counts, and only when all of them stand there.
        """
        words = spoken(name)
        likely = self._likely(name, words)
        named = [unit for unit in likely if self._names(unit, name, words, within)]
        if named:
            return max(named, key=lambda unit: (len(self._words[unit.code]), self._near(unit, within), len(unit.above)))
        near = [unit for unit in likely if within and self._below(unit, within) and self._hints(unit, words)]
        fewest = min((len(self._words[unit.code]) for unit in near), default=0)
        closest = [unit for unit in near if len(self._words[unit.code]) == fewest]
        return closest[0] if len(closest) == 1 else None

    def owner(self, unit: Unit) -> Owner:
        """Who decides for a unit: one of its own roles, else of the nearest unit above it that has one."""
        for code in (unit.code, *reversed(unit.above)):
            role = next(iter(self.candidates(code)), "")
            if role:
                name = self.by_code[code].name
                above = "" if code == unit.code else f"no role is known for {unit.name}; {name} is above it: "
                return Owner(role, unit.code, f"{above}{role} decides for {name}")
        return Owner("", unit.code, f"no role is known for {unit.name} nor above it: name it in people.yaml")

    def candidates(self, code: str) -> Sequence[str]:
        """The roles that may own the folders of a unit, the likeliest first."""
        owners = [role for each in self.destinations if each.unit == code for role in each.owners]
        known = list(self.roles.get(code, ()))
        return [*dict.fromkeys([*(role for role in owners if role in known), *known, *owners])]

    def homes(self, unit: Unit) -> tuple[Unit, list[Destination]] | None:
        """The libraries of a unit's sites, or of the nearest unit above it that has any, with that unit."""
        for code in (unit.code, *reversed(unit.above)):
            found = [each for each in self.destinations if each.unit == code]
            if found and code in self.by_code:
                return self.by_code[code], found
        return None

    def _names(self, unit: Unit, name: str, words: frozenset[str], within: Unit | None) -> bool:
        own = self._words[unit.code]
        if not own or (within is not None and unit.code == within.code):
            return False
        if within is None or not self._below(unit, within):
            return len(own) > 1 and own <= words
        return folded(name) == folded(unit.code) or (own <= words and not (len(own) == 1 and own <= _COMMON_WORDS))

    def _hints(self, unit: Unit, words: frozenset[str]) -> bool:
        """Whether a folder's words are part of a unit's name, and say enough."""
        few = len(words) == 1 and words <= _COMMON_WORDS
        return bool(words) and words < self._words[unit.code] and not few

    def _below(self, unit: Unit, within: Unit) -> bool:
        return within.code in unit.above

    def _near(self, unit: Unit, within: Unit | None) -> bool:
        return within is not None and self._below(unit, within)

    def _common(self, units: Iterable[Unit]) -> Unit | None:
        """The smallest unit that all of these belong to, or are."""
        lines = [(*unit.above, unit.code) for unit in units]
        shared: Unit | None = None
        for codes in zip(*lines, strict=False):
            if len(set(codes)) > 1:
                break
            shared = self.by_code[codes[0]]
        return shared


def spoken(name: str) -> frozenset[str]:
    """The words of a name that say something, without case, number or the way they are joined.

    `ChildrenFamilies`, `children_families` and `Children and Families` have the same.
    """
    parts = re.findall(r"[^\W\d_]+", " ".join(_CAMEL.split(name)))
    return frozenset(_singular(folded(part)) for part in parts) - _EMPTY_WORDS


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
