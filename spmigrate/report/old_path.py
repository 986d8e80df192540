"""What a caller says of where something was, read into a place that may have been scanned, or into words."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from spmigrate.store.where_is import ScannedSource
from spmigrate.words import folded

_QUOTES = "\"'“”‘’<>`"
_DRIVE = re.compile(r"\(?([A-Za-z]):\)?(?:$|[\\/])")
_SCHEME = re.compile(r"^(file|smb|cifs):", re.IGNORECASE)
_LONG = re.compile(r"^[\\/]{2}[?.][\\/](UNC[\\/])?", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


class OldPath(NamedTuple):
    """A place: `anchor` is a drive (`G:`), a server (`\\\\fs01`), a root (`/`) or nothing; then names, outermost first.

    `text` is what was asked, without quotes around it.
    """

    anchor: str
    parts: tuple[str, ...]
    text: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words in it, folded, each once, in order; without the letter of the drive and the server."""
        return tuple(dict.fromkeys(word for part in self.parts for word in words_in(part)))


class Candidate(NamedTuple):
    """A source that the place may lie in, and the names below its root; `above` when the place holds the source."""

    source: int
    parts: tuple[str, ...]
    above: bool = False


def words_in(text: str) -> list[str]:
    """The words of a name without capitals and accents, as an index has them."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return [word.casefold() for word in _WORD.findall(bare)]


def parse(text: str) -> OldPath:
    """What was pasted or typed: a drive letter, a UNC path, a file or smb address, names with > between, or words."""
    plain = text.strip().strip(_QUOTES).strip()
    found = _SCHEME.match(plain)
    rest = unquote(plain[found.end() :]) if found else plain
    long = _LONG.match(rest)
    if long:
        rest = ("\\\\" if long[1] else "") + rest[long.end() :]
    if found:
        rest = _of_address(rest, found[1].lower())
    drive = _DRIVE.match(rest)
    if " > " in rest and not drive:
        drive = _DRIVE.match(rest.partition(" > ")[0].strip())
    separators = r"[\\/]+| > " if " > " in rest else r"[\\/]+"
    if drive:
        return OldPath(f"{drive[1].upper()}:", _names(separators, rest[drive.end() :].removeprefix(" >")), plain)
    if re.match(r"[\\/]{2}[^\\/]", rest):
        server, *parts = _names(separators, rest) or ("",)
        return OldPath(f"\\\\{server}", tuple(parts), plain)
    anchor = "/" if rest.startswith("/") else ""
    return OldPath(anchor, _names(separators, rest), plain)


def candidates(
    asked: OldPath, sources: Sequence[ScannedSource], *, drives: Mapping[str, str], shares: Mapping[str, str]
) -> list[Candidate]:
    """The sources that the place may lie in, those that hold it before those that it holds.

    `drives` says what a letter stands for, `shares` where a share was scanned: both from spmigrate.yaml.
    """
    places = [asked, *_beyond(asked, drives, shares)]
    found: dict[tuple[int, tuple[str, ...], bool], Candidate] = {}
    for place in places:
        for source in sources:
            for one in _in_source(place, source):
                found[(one.source, one.parts, one.above)] = one
    return sorted(found.values(), key=lambda each: (each.above, -len(each.parts) if each.above else len(each.parts)))


def _of_address(rest: str, scheme: str) -> str:
    """The path behind `file:` or `smb:`: `///G:/x` is a drive, `//fs01/x` and `////fs01/x` a server, `///x` a root."""
    slashes = len(rest) - len(rest.lstrip("\\/"))
    path = rest[slashes:]
    if _DRIVE.match(path) or re.match(r"[A-Za-z]\|", path):
        return path.replace("|", ":", 1)
    if scheme != "file" or slashes in (2, 4, 5):
        return f"//{path.partition('@')[2] or path}"
    return f"/{path}"


def _names(separators: str, text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in re.split(separators, text) if name.strip() not in ("", "."))


def _beyond(asked: OldPath, drives: Mapping[str, str], shares: Mapping[str, str]) -> list[OldPath]:
    """The same place as the letter of its drive and the shares of its server say."""
    found = []
    place = asked
    for letter, stands_for in drives.items():
        if asked.anchor == f"{letter.upper()}:":
            base = parse(stands_for)
            place = OldPath(base.anchor, (*base.parts, *asked.parts), asked.text)
            found.append(place)
    for share, root in shares.items():
        below = _below(parse(share), place)
        if below is not None:
            base = parse(root)
            found.append(OldPath(base.anchor, (*base.parts, *below), asked.text))
    return found


def _in_source(place: OldPath, source: ScannedSource) -> list[Candidate]:
    if not place.anchor:
        # Names alone: below the source of the first of them, as sheets write it, or below any source.
        named = place.parts and folded(place.parts[0]) == folded(source.name)
        return [Candidate(source.id, place.parts[1:] if named else place.parts)] if place.parts else []
    root = parse(source.root)
    below = _below(root, place)
    if below is not None:
        return [Candidate(source.id, below)]
    return [Candidate(source.id, (), above=True)] if _below(place, root) is not None else []


def _below(root: OldPath, place: OldPath) -> tuple[str, ...] | None:
    """The names of `place` below `root`; None where it lies elsewhere. A server is known by its short name, too."""
    if _server(root.anchor) != _server(place.anchor) or len(place.parts) < len(root.parts):
        return None
    same = all(folded(mine) == folded(theirs) for mine, theirs in zip(root.parts, place.parts, strict=False))
    return place.parts[len(root.parts) :] if same else None


def _server(anchor: str) -> str:
    return anchor.casefold().partition(".")[0]
