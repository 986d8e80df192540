"""Where an item goes, or why it does not: decided from the row, the scan's findings and the names, nothing else."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from spmigrate.migrate import codes
from spmigrate.migrate.codes import Code
from spmigrate.model import Decision, Destination, Outcome, Treatment

MOST_PATH = 400
"""Characters of a decoded path, site and library included, host and leading slash not. Source: Microsoft's support
page "Restrictions and limitations in OneDrive and SharePoint"."""
MOST_NAME = 255
"""Characters of one file or folder name. Same source."""


@dataclass(frozen=True, slots=True)
class Fate:
    """An outcome that is known before anything moves."""

    outcome: Outcome
    code: str
    reason: str

    @classmethod
    def of(cls, outcome: Outcome, code: Code, detail: str = "") -> "Fate":
        """An outcome for a reason of the mover's own."""
        return cls(outcome, code.code, detail or code.title)


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding of the scan, as far as moving depends on it."""

    code: str
    treatment: Treatment
    proposal: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Place:
    """A source folder's home: its path below the library, or the outcome of everything in it."""

    path: str
    fate: Fate | None = None


_PLAIN_KINDS = {
    "link": Fate(Outcome.SKIPPED, "LINK", "A link, which is never followed."),
    "special": Fate(Outcome.SKIPPED, "SPECIAL", "A socket, pipe or device, which holds no content."),
}
_DECIDED = {
    Decision.ARCHIVE: Fate.of(Outcome.SKIPPED, codes.OWNER_ARCHIVE),
    Decision.NOT_OURS: Fate.of(Outcome.SKIPPED, codes.OWNER_NOT_OURS),
    Decision.BUSINESS_SYSTEM: Fate.of(Outcome.ROUTED, codes.OWNER_SYSTEM),
}
_BY_TREATMENT = (
    (Treatment.SKIP, Outcome.SKIPPED),
    (Treatment.ROUTE, Outcome.ROUTED),
    (Treatment.BLOCK, Outcome.FAILED),
)
"""What counts first where a scan says several things of one item: staying behind by rule makes the rest irrelevant."""


def start(decision: Decision, name: str, marks: Sequence[Mark], *, is_root: bool, above: str = "") -> Place:
    """The home of a row's own folder, in the path `above` that the folders around it have in the library.

    A row on the root of a source fills the library itself: its name is dropped.
    """
    if decision in _DECIDED:
        return Place("", _DECIDED[decision])
    if is_root:
        stays = [mark for mark in marks if mark.treatment is not Treatment.RENAME]
        found = name_or_fate(decision, name, stays)
        return Place("", found if isinstance(found, Fate) else None)
    return below(Place(above), decision, name, marks)


def below(parent: Place, decision: Decision, name: str, marks: Sequence[Mark]) -> Place:
    """The home of a folder inside another one; an outcome passes on to everything below it."""
    if parent.fate is not None:
        return parent
    found = name_or_fate(decision, name, marks)
    if isinstance(found, Fate):
        return Place(parent.path, found)
    return Place(join(parent.path, found))


def name_or_fate(decision: Decision, name: str, marks: Sequence[Mark]) -> str | Fate:
    """The name at the destination (NFC, with the signed rename), or why the item does not move."""
    for treatment, outcome in _BY_TREATMENT:
        for mark in marks:
            if mark.treatment is treatment:
                return Fate(outcome, mark.code, mark.message)
    renames = [mark for mark in marks if mark.treatment is Treatment.RENAME]
    if renames and decision is not Decision.MOVE_AND_TIDY:
        return Fate(Outcome.FAILED, renames[0].code, f"{renames[0].message} The owner did not decide to tidy.")
    proposals = [mark.proposal for mark in renames if mark.proposal]
    if renames and not proposals:
        return Fate(Outcome.FAILED, renames[0].code, f"{renames[0].message} No new name was proposed.")
    return unicodedata.normalize("NFC", proposals[-1] if proposals else name)


def settle(
    place: Place, decision: Decision, kind: str, name: str, marks: Sequence[Mark], *, destination: Destination | None
) -> str | Fate:
    """The name of one item at its destination, or its outcome.

    `kind` is `file`, `link` or `special`; only files move. Lengths are those of the real destination.
    """
    if place.fate is not None:
        return place.fate
    if kind in _PLAIN_KINDS:
        return _PLAIN_KINDS[kind]
    found = name_or_fate(decision, name, marks)
    if isinstance(found, Fate) or destination is None:
        return found
    return too_long(destination, join(place.path, found)) or found


def too_long(destination: Destination, path: str) -> Fate | None:
    """Why a path below a library does not fit; None when it does."""
    if not is_text(path):
        return Fate.of(Outcome.FAILED, codes.NAME_UNREADABLE)
    longest = max(path.split("/"), key=characters)
    if characters(longest) > MOST_NAME:
        return Fate.of(Outcome.FAILED, codes.NAME_LONG, f"A name has {characters(longest)} characters; 255 fit.")
    whole = characters(f"{destination.site.strip('/')}/{destination.library}/{path}")
    if whole > MOST_PATH:
        return Fate.of(Outcome.FAILED, codes.PATH_LONG, f"The new path has {whole} characters; 400 fit.")
    return None


def characters(text: str) -> int:
    """Length as SharePoint counts it, in UTF-16 code units: an emoji counts two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_text(name: str) -> bool:
    """Whether a name can be sent at all: bytes that were no UTF-8 appear as lone surrogates."""
    return name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name)


def join(folder: str, name: str) -> str:
    """A path below the library, `/` between its parts, none at its ends."""
    return f"{folder}/{name}" if folder else name


def key(destination: Destination, path: str) -> bytes:
    """Sixteen bytes that are equal for two paths which SharePoint takes for the same: case and NFC do not count."""
    whole = f"{destination.site}\n{destination.library}\n{path}"
    return hashlib.blake2b(fold(whole).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def fold(text: str) -> str:
    """Upper case one character at a time, as file systems of Windows compare; `ß` and `ss` stay two names."""
    if text.isascii():
        return text.upper()
    return "".join(
        upper if len(upper := character.upper()) == 1 else character for character in unicodedata.normalize("NFC", text)
    )
