"""The files of a share: what each is, by the number of its content, and the bytes of it.

A duplicate is the same number again: nothing is remembered of the files before.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from spmigrate.scan import estate_files
from spmigrate.scan.estate_profile import Profile, Share

HEADS = {
    "jpg": b"\xff\xd8\xff\xe0", "png": b"\x89PNG\r\n\x1a\n", "tif": b"II*\0", "dwg": b"AC1032", "exe": b"MZ",
    "pst": b"!BDN", "accdb": b"\0\1\0\0Standard ACE DB\0", "mdb": b"\0\1\0\0Standard Jet DB\0",
    "sqlite": b"SQLite format 3\0", "mp4": b"\0\0\0\x18ftypmp42", "wav": b"RIFF", "shp": b"\0\0\x27\x0a",
    "rtf": b"{\\rtf1", "broken": b"PK\x03\x04",
}  # fmt: skip
"""First bytes by extension; other types hold text, or are made as documents."""

DOCUMENTS = frozenset(["docx", "xlsx", "pptx", "docm", "xlsm", "doc", "xls", "ppt", "msg", "pdf", "zip"])
_TEXTS = frozenset(["txt", "csv", "html", "htm", "url", "bat", "xml", "prj", "ini", ""])
SHAPEFILE_PARTS = ("shp", "shx", "dbf", "prj")
LOCK_BYTES = 162
_POOL_BYTES = 1 << 20
_LARGEST_DOCUMENT = 16 << 20
_MACROS = {"docx": "docm", "xlsx": "xlsm"}
_PADDING = 2048
"""Bytes of filling that old Office's files have room for before they grow."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file to be: its kind, its name, its bytes before they are scaled (exactly so many if `exact`), its marks."""

    number: str
    kind: str
    name: str
    size: float
    exact: bool = False
    password: bool = False
    links: int = 0
    macros: bool = False


def draw(profile: Profile, share: Share, seed: int, number: str) -> Sequence[Content]:
    """The content of this number: one file, or the four of a map layer."""
    chance = Random(f"{seed}/{number}")  # noqa: S311 - a sample, not a secret
    kinds, weights = profile.types_of(share)
    kind = chance.choices(kinds, weights)[0]
    part = chance.choices(profile.sizes, [each.weight for each in profile.sizes])[0]
    size = part.median * chance.lognormvariate(0, part.sigma)
    if kind == "shp":
        stem = f"{chance.choice(share.subjects)} {chance.randrange(97)}"
        return [Content(f"{number}.{each}", each, f"{stem}.{each}", size / 4) for each in SHAPEFILE_PARTS]
    if chance.random() < profile.zero_bytes:
        return [Content(number, kind, _name(chance, profile, share, kind), 0, exact=True)]
    if kind == "lock":
        return [Content(number, kind, _name(chance, profile, share, kind), LOCK_BYTES, exact=True)]
    return [_marked(chance, profile, share, number, kind, size)]


def _marked(chance: Random, profile: Profile, share: Share, number: str, kind: str, size: float) -> Content:
    protected = kind in DOCUMENTS and kind not in ("zip", "msg") and chance.random() < profile.password_protected
    linked = profile.external_links if share.external_links is None else share.external_links
    links = chance.randrange(1, 6) if kind in ("xlsx", "xls") and chance.random() < linked else 0
    macros = kind in (*_MACROS, "doc", "xls") and chance.random() < profile.macros
    kind = _MACROS.get(kind, kind) if macros and not protected else kind
    return Content(number, kind, _name(chance, profile, share, kind), size, False, protected, links, macros)


def _name(chance: Random, profile: Profile, share: Share, kind: str) -> str:
    subject, document = chance.choice(share.subjects), chance.choice(profile.documents)
    number = chance.randrange(1, 9999)
    fixed = {
        "thumbs": "Thumbs.db", "tmp": f"~WRL{number:04}.tmp", "lock": f"~${subject}.docx",
        "jpg": f"IMG_{number:04}.jpg", "tif": f"IMG_{number:04}.tif",
    }  # fmt: skip
    if kind in fixed:
        return fixed[kind]
    year = chance.randrange(2004, 2025)
    sensitive = profile.sensitive_names if share.sensitive_names is None else share.sensitive_names
    if chance.random() < sensitive:
        name = f"{chance.choice(profile.sensitive)} - case {number:04} - {number % 28 + 1:02}.{number % 12 + 1:02}"
    else:
        name = chance.choice((
            f"{year}-{number % 12 + 1:02}-{number % 28 + 1:02} {subject} - {document} v{number % 9 + 1:02}",
            f"{subject} {document} {year}",
            f"{subject} - {document}",
            f"{subject} {document} FINAL v{number % 4 + 1}",
            f"{year % 100:02}-{number:04} {subject}",
        ))  # fmt: skip
    return name if kind == "none" else f"{name}.{kind}"


class Filling:
    """Bytes for every content: they begin as the type does, and are no other content's."""

    def __init__(self, seed: int, subjects: Sequence[str]) -> None:
        chance = Random(seed)  # noqa: S311 - a sample, not a secret
        self._noise = chance.randbytes(_POOL_BYTES)
        self._words = " ".join(chance.choices(subjects, k=8000)).encode()

    def pieces(self, content: Content, size: int) -> Iterator[bytes]:
        """The bytes of a file of about this size: exactly so many where the type does not ask for more."""
        if content.kind in DOCUMENTS and 0 < size <= _LARGEST_DOCUMENT:
            yield self._document(content, size)
            return
        head = HEADS.get(content.kind, b"") + f"{content.number}\n".encode()
        yield from self._plain(content, head, size)

    def _document(self, content: Content, size: int) -> bytes:
        def made(filling: bytes) -> bytes:
            return estate_files.document(
                content.kind, filling, password=content.password, links=content.links, macros=content.macros
            )

        bare = len(made(b""))
        left = max(16, size - bare + (_PADDING if bare > _PADDING else 0))
        return made(b"".join(self._plain(content, f"{content.number}\n".encode(), left)))

    def _plain(self, content: Content, head: bytes, left: int) -> Iterator[bytes]:
        pool = self._words if content.kind in _TEXTS else self._noise
        start = sum(map(ord, content.number)) * 7919 % len(pool)
        for piece in itertools.chain([head, pool[start:]], itertools.repeat(pool)):
            if left <= 0:
                return
            yield piece[:left]
            left -= len(piece)
