"""What is proposed for a row: a home, a class, a keep rule, a marking and who should see it, each with why. Pure.

Proposals are guesses from names and from what the scan saw. Nothing is decided by them: a decision is never proposed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from spmigrate import words
from spmigrate.mapping.folders import Folder
from spmigrate.mapping.lists import MARKINGS, Choices, Sensitive, Who, marking_for
from spmigrate.mapping.ownership import Organisation, Owner, spoken
from spmigrate.mapping.partition import Part
from spmigrate.model import Destination, Unit
from spmigrate.store.row_facts import FOLDER

SENSITIVE = "SENSITIVE-NAME"
BROAD = "ACL-BROAD"
UNIQUE = "ACL-UNIQUE"
READ_CODES = (SENSITIVE, BROAD, UNIQUE)
"""The findings that proposals are made from."""

_FEWEST_HINTS = 3
_SENSITIVE_SHARE = 0.05
_TOP_KINDS = ("Directorate", "Function")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a folder is proposed as: whose it is, what it is about, and whether names in it look sensitive."""

    owner: Owner
    unit: Unit | None = None
    subject: str = ""
    why_subject: str = ""
    sensitive: bool = False
    site: str = ""
    """The code of the unit whose site is proposed."""

    @property
    def kind(self) -> tuple[str, ...]:
        """Folders of different kinds belong in different rows; the first word is the sheet."""
        return self.owner.role, self.site, self.subject, "sensitive" if self.sensitive else ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a row is proposed, by the key of its column; `why` are the reasons in plain words."""

    values: Mapping[str, str]
    why: tuple[str, ...]


@dataclass(slots=True)
class Proposer:
    """Proposes for the folders of one source. What a folder does not say itself, it has from what it lies in."""

    source: str
    organisation: Organisation
    choices: Choices
    standings: dict[int, Standing] = field(default_factory=dict)

    def look(self, root: Folder) -> None:
        """Find what every folder is proposed as, each after the one that it lies in."""
        for folder in root.walk():
            above = self.standings[folder.parent.id] if folder.parent is not None else None
            self.standings[folder.id] = self._standing(folder, above)

    def kind(self, folder: Folder) -> tuple[str, ...]:
        """The kind of a folder, as rows are cut by."""
        return self.standings[folder.id].kind

    def propose(self, part: Part) -> Proposal:
        """The proposals for a row, with the reasons."""
        standing = self.standings[part.folder.id]
        hints = part.folder.hints if part.scope == FOLDER else part.folder.all_hints
        home, why_home = self._home(part, standing)
        subject, why_subject = standing.subject, standing.why_subject
        if not subject and home is not None and home.business_class in self.choices.of("subject"):
            subject, why_subject = home.business_class, f"About: {home.business_class}, as the site {_site(home)} is"
        keep = self.choices.keep_rule(subject) if subject else ""
        keep_why = f"Keep: {keep}, the usual rule for {subject}" if keep else ""
        sensitive, why_sensitive = _sensitive(hints)
        marking, why_marking = _marking(sensitive, home)
        who, why_who = _who(hints, sensitive, home, broad=_is_broad(part.folder, hints))
        values = {
            "home": home.label if home else "", "subject": subject, "keep": keep, "sensitive": sensitive,
            "marking": marking, "who": who,
        }  # fmt: skip
        told = (standing.owner.why, why_home, why_subject, keep_why, why_sensitive, why_marking, why_who)
        return Proposal(values, tuple(each for each in told if each))

    def _standing(self, folder: Folder, above: Standing | None) -> Standing:
        if above is None:
            unit = self.organisation.of_share(self.source)
            owner, named = self._owner(unit, f"the share is named {self.source}"), self.source
        else:
            unit = self.organisation.of_folder(folder.name, above.unit)
            owner, named = self._owner(unit, f"the folder is named {folder.name}"), folder.name
        if unit is None and above is not None:
            unit, owner = above.unit, above.owner
        found, word = self._subject(named)
        why = f"About: {found}, because of '{word}' in the name" if found else ""
        if not found and above is not None:
            found, why = above.subject, above.why_subject
        sensitive = _is_sensitive(folder)
        if above is not None and (unit, owner, found, sensitive) == (
            above.unit, above.owner, above.subject, above.sensitive,
        ):  # fmt: skip
            return above
        homes = self.organisation.homes(unit) if unit else None
        return Standing(owner, unit, found, why, sensitive, homes[0].code if homes else "")

    def _owner(self, unit: Unit | None, reason: str) -> Owner:
        if unit is None:
            return Owner(why="Owner: nobody, because no unit of the organisation is named here")
        found = self.organisation.owner(unit)
        return Owner(found.role, found.unit, f"Owner: {reason}; {found.why}")

    def _subject(self, name: str) -> tuple[str, str]:
        """The business class that a name suggests, and the word that does."""
        text = f" {' '.join(words.folded(name).replace('_', ' ').replace('-', ' ').split())} "
        for each in self.choices.lists.business_classes:
            for word in each.words:
                if f" {word} " in text or f" {word}s " in text:
                    return each.name, word
        return "", ""

    def _home(self, part: Part, standing: Standing) -> tuple[Destination | None, str]:
        unit = standing.unit
        found = self.organisation.homes(unit) if unit else None
        if unit is None or found is None:
            return None, "Home: none proposed, because no site belongs to the unit" if unit else ""
        of, libraries = found
        path = spoken(" ".join(part.folder.path.split("/")))
        chosen = next((each for each in libraries if _library(each) and _library(each) <= path), None)
        plain = next((each for each in libraries if each.library == "Shared Documents"), libraries[0])
        home = chosen or plain
        above = "" if of.code == unit.code else f", because {unit.name} has no site of its own"
        word = f", because the path names {home.label.rpartition(' > ')[2]}" if chosen else ""
        return home, f"Home: the site of {of.name}{above}{word}"


def _is_sensitive(folder: Folder) -> bool:
    count = folder.all_hints.get(SENSITIVE, 0)
    return count >= _FEWEST_HINTS and count >= _SENSITIVE_SHARE * folder.all_files


def _sensitive(hints: Mapping[str, int]) -> tuple[str, str]:
    count = hints.get(SENSITIVE, 0)
    if not count:
        return "", ""
    return Sensitive.PERSONAL.value, f"Sensitive: {words.plural(count, 'name hints', 'names hint')} at people"


def _marking(sensitive: str, home: Destination | None) -> tuple[str, str]:
    """The higher of what the sensitivity and the site demand."""
    floor = home.marking if home and home.marking in MARKINGS else ""
    if sensitive and marking_for(sensitive) != MARKINGS[0]:
        return marking_for(sensitive), f"Marking: {marking_for(sensitive)}, as it is sensitive"
    if floor and floor != MARKINGS[0]:
        return floor, f"Marking: {floor}, the lowest of the site {_site(home)}" if home else ""
    return "", ""


def _is_broad(folder: Folder, hints: Mapping[str, int]) -> bool:
    """Whether everybody may open parts of a row today: by an access list in it, or by one above that reaches it.

    A scan speaks of an access list where it begins, not again in the folders that inherit it.
    """
    if hints.get(BROAD):
        return True
    for each in (folder, *folder.above()):
        if each.hints.get(BROAD) or each.hints.get(UNIQUE):
            return BROAD in each.hints
    return False


def _who(hints: Mapping[str, int], sensitive: str, home: Destination | None, *, broad: bool) -> tuple[str, str]:
    unique = hints.get(UNIQUE, 0)
    if sensitive and unique:
        return Who.RESTRICTED.value, f"Who: {_own_access(unique)} today, and names look sensitive"
    if sensitive:
        wide = " today everybody in the council may open parts of it;" if broad else ""
        return Who.RESTRICTED.value, f"Who:{wide} names look sensitive, so not more than need to"
    if home is None:
        return "", ""
    wide = "; today everybody in the council may open parts of it" if broad else ""
    own = f"; {_own_access(unique)} today: look" if unique else ""
    if home.kind in _TOP_KINDS:
        return Who.FUNCTION.value, f"Who: the home is the site of a {home.kind.casefold()}{wide}{own}"
    return Who.TEAM.value, f"Who: the home is the site of a team{wide}{own}" if home.kind else ""


def _own_access(count: int) -> str:
    return words.plural(count, "folder has access of its own", "folders have access of their own")


def _library(home: Destination) -> frozenset[str]:
    """The words of a library's name; none for the one that every site has."""
    return frozenset() if home.library == "Shared Documents" else spoken(home.label.rpartition(" > ")[2])


def _site(home: Destination | None) -> str:
    return home.label.partition(" > ")[0] if home else ""


def sheet_names(standings: Iterator[Standing]) -> Mapping[str, str]:
    """For each owner the name of the unit that most of their folders belong to: what their sheet is called."""
    counts: dict[str, dict[str, int]] = {}
    for each in standings:
        if each.unit is not None:
            units = counts.setdefault(each.owner.role, {})
            units[each.unit.name] = units.get(each.unit.name, 0) + 1
    return {role: max(units, key=lambda name: (units[name], name)) for role, units in counts.items()}
