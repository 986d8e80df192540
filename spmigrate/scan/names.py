"""The rules that SharePoint has for names, and names that would pass them. Pure.

Source of the rules: Microsoft's support page "Restrictions and limitations in OneDrive and SharePoint"
(64883a5d-228e-48f5-b3d2-eb39e07630fa), with the full stop at the end and `_files` from the migration guides.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from spmigrate.limits import units

LONGEST_NAME = 255
"""Characters in one file or folder name (UTF-16 units, the stricter count)."""

_FORBIDDEN = re.compile(r'["*:<>?/\\|]')
_CONTROL = re.compile("[\x00-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_MAPPED = re.compile("[\uf001-\uf07f]")
_VTI = re.compile("_vti_", re.IGNORECASE)
_THICKET = re.compile("_(files?)$", re.IGNORECASE)
DEVICES = frozenset(["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))])
"""Names of devices of Windows, which are no names of files with any extension."""

_THICKETS_ABROAD = (
    "-dateien", "-filer", "_archivos", "_arquivos", "_bestanden", "_bylos", "_datoteke", "_dosyalar", "_elemei",
    "_failid", "_fails", "_fajlovi", "_ficheiros", "_fichiers", "_fitxers", "_fitxategiak", "_pliki", "_podatoteke",
    "_soubory", "_tiedostot",
)  # fmt: skip
"""How other languages' programs end the folder of a saved web page; no page says whether SharePoint refuses it."""

_SERVICE = frozenset([".lock", "desktop.ini"])
_LONGEST_EXTENSION = 16

_ORDINARY = re.compile(r"[A-Za-z0-9(\[][A-Za-z0-9 !#$%&'()+,\-.=@\[\]^_`{}]*")

_STAND_IN: Mapping[int, str | None] = {
    **dict.fromkeys(map(ord, "\t\n\r"), " "),
    **dict.fromkeys(range(0xF001, 0xF020)),
    **dict.fromkeys(range(0xF020, 0xF080), "-"),
    0xF028: " ",
    0xF029: ".",
    ord('"'): "'",
}


def fold(name: str) -> str:
    """The form in which two names are one to SharePoint: composed, without case."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def is_plain(name: str, lower: str) -> bool:
    """Whether a file name surely breaks no rule and has nothing unusual in it; nearly all are, so it is asked first."""
    return (
        len(name) <= LONGEST_NAME
        and _ORDINARY.fullmatch(name) is not None
        and name[-1] not in " ."
        and "_vti_" not in lower
        and not _reserved(lower)
    )


def refusals(name: str, *, folder: bool, top: bool) -> list[str]:
    """The codes of every name rule that this name breaks; `top` for what lies directly in the source's root."""
    return [*_character_refusals(name), *_word_refusals(name, folder=folder, top=top)]


def _character_refusals(name: str) -> Iterator[str]:
    if _FORBIDDEN.search(name):
        yield "NAME-CHARACTER"
    if _CONTROL.search(name):
        yield "NAME-CONTROL"
    if _MAPPED.search(name):
        yield "NAME-MAPPED"
    if len(name) > LONGEST_NAME or units(name) > LONGEST_NAME:
        yield "NAME-LENGTH"


def _word_refusals(name: str, *, folder: bool, top: bool) -> Iterator[str]:
    lower = name.lower()
    if name != name.strip():
        yield "NAME-SPACE"
    if name.endswith("."):
        yield "NAME-DOT"
    if _reserved(lower):
        yield "NAME-RESERVED"
    if "_vti_" in lower:
        yield "NAME-VTI"
    if lower.startswith("~" if folder else "~$"):
        yield "NAME-TILDE"
    if folder and lower.endswith(("_files", "_file")):
        yield "NAME-THICKET"
    if folder and top and lower == "forms":
        yield "NAME-FORMS"


def is_thicket_abroad(lower: str) -> bool:
    """Whether a folder's name in small letters ends as that of a saved web page does in another language."""
    return lower.endswith(_THICKETS_ABROAD)


def _reserved(lower: str) -> bool:
    return lower.partition(".")[0].rstrip() in DEVICES or lower in _SERVICE


def readable(raw: bytes) -> str | None:
    """The name as text, None when its bytes are not UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def guess(raw: bytes) -> str:
    """The most likely text of a name that is not UTF-8: it was written by a Western European Windows."""
    return raw.decode("cp1252", "replace").replace("\ufffd", "-")


def clean(name: str, *, folder: bool, top: bool) -> str:
    """The nearest name that breaks no rule, without regard to its neighbours."""
    cleaned = unicodedata.normalize("NFC", name).translate(_STAND_IN)
    cleaned = unicodedata.normalize("NFC", _FORBIDDEN.sub("-", _CONTROL.sub("", cleaned)))
    # One repair can uncover the next fault, as in "~ ~CON .": each round shortens the name or is the last.
    while (better := _repair(cleaned, folder=folder, top=top)) != cleaned:
        cleaned = better
    return cleaned


def _repair(name: str, *, folder: bool, top: bool) -> str:
    name = _VTI.sub("_vti-", name).strip().rstrip(".").strip()
    if folder:
        name = _THICKET.sub(r" \1", name.lstrip("~"))
    elif name.startswith("~$"):
        name = name[2:]
    if not name:
        return "unnamed"
    if _reserved(name.lower()):
        stem, dot, rest = name.partition(".")
        name = f"{stem.rstrip()}_{dot}{rest}"
    if folder and top and name.lower() == "forms":
        name += "_"
    return _fitted(name, "", folder=folder)


def numbered(name: str, number: int, *, folder: bool) -> str:
    """A clean name told apart by a number: `Plan (2).docx`; shortened where the number would not fit."""
    return _fitted(name, f" ({number})", folder=folder)


def _fitted(name: str, suffix: str, *, folder: bool) -> str:
    stem, extension = (name, "") if folder else split_extension(name)
    while stem and units(stem) + units(suffix) + units(extension) > LONGEST_NAME:
        stem = stem[:-1]
    if not suffix:
        return stem + extension
    kept = stem if stem == name else stem.rstrip(" .")  # nothing is left of `..`, and no name begins with a space
    return (kept + suffix).lstrip() + extension


def split_extension(name: str) -> tuple[str, str]:
    """Stem and extension with its full stop; no extension where what follows the stop cannot be one."""
    stem, dot, extension = name.rpartition(".")
    if not stem or not extension or len(extension) > _LONGEST_EXTENSION or " " in extension:
        return name, ""
    return stem, dot + extension


def extension(name: str) -> str:
    """The extension in small letters without its full stop; empty where there is none, as in a file called `tmp`."""
    return split_extension(name)[1][1:].lower()


def proposal(name: str, *, folder: bool, top: bool, taken: set[str]) -> str:
    """A name that breaks no rule and is not among `taken` (folded); it is added there."""
    wanted = clean(name, folder=folder, top=top)
    chosen, number = wanted, 2
    while fold(chosen) in taken:
        chosen = numbered(wanted, number, folder=folder)
        number += 1
    taken.add(fold(chosen))
    return chosen
