"""Pages that say where folders are now, for a desk that has no ledger: no file, nothing inside sensitive folders."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from spmigrate import __version__
from spmigrate.formats import whole
from spmigrate.report.document import environment
from spmigrate.report.old_path import words_in
from spmigrate.report.where_is import Answer, Desk, Role, is_plain, tell
from spmigrate.store import where_is
from spmigrate.store.ledger import Ledger
from spmigrate.store.where_is import Place
from spmigrate.words import spoken

MOST_ON_A_PAGE = 1_000
"""Folders; where there are more, each letter has a page of its own."""

_OTHERS = "0 to 9"

Line = tuple[str, Answer]
"""The name of a folder and the answer about it."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Folders by the first letter of their name, how many there are, and how many were left out as sensitive."""

    by_letter: dict[str, list[Line]]
    hidden: int
    gaps: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many folders the pages name."""
        return sum(map(len, self.by_letter.values()))


def collect(ledger: Ledger, desk: Desk, *, depth: int) -> Pages:
    """The folders that may be published, each with the desk's answer."""
    found: dict[str, list[Line]] = {}
    hidden = 0
    for folder_id in where_is.published(ledger, depth):
        place = where_is.at(ledger, folder_id)
        if place is None or not place.path:
            continue
        if _lies_in_sensitive(place):
            hidden += 1
            continue
        name = place.path.rpartition("/")[2]
        found.setdefault(_letter(name), []).append((name, tell(place, desk, Role.SERVICE_DESK)))
    ordered = {letter: sorted(found[letter], key=_order) for letter in sorted(found)}
    return Pages(ordered, hidden, tuple(_gaps(ledger)))


def write(pages: Pages, out: Path, desk: Desk, *, made: datetime) -> int:
    """Write `index.html`, and a page for each letter when there are many folders; returns how many pages."""
    out.mkdir(parents=True, exist_ok=True)
    template = environment().get_template("where_is.html")
    common = {
        "title": "Where is my folder?", "marking": desk.marking, "desk": desk, "made": spoken(made),
        "count": f"{pages.count:,}", "gaps": pages.gaps, "version": __version__,
    }  # fmt: skip
    if pages.count <= MOST_ON_A_PAGE:
        _put(out / "index.html", template.render(common, letters=(), here="", tables=list(pages.by_letter.items())))
        return 1
    letters = [(letter, _file(letter), f"{len(lines):,}") for letter, lines in pages.by_letter.items()]
    _put(out / "index.html", template.render(common, letters=letters, here="", tables=()))
    for letter, lines in pages.by_letter.items():
        _put(out / _file(letter), template.render(common, letters=letters, here=letter, tables=[(letter, lines)]))
    return len(letters) + 1


def _lies_in_sensitive(place: Place) -> bool:
    """Whether a folder lies inside a row that may say something about people; the row's own folder does not."""
    if place.row is None:
        return not place.parts and "/" in place.path
    return not is_plain(place.row) and place.path != place.row.path


def _letter(name: str) -> str:
    words = words_in(name)
    first = words[0][0].upper() if words else ""
    return first if re.fullmatch("[A-Z]", first) else _OTHERS


def _file(letter: str) -> str:
    return f"folders-{letter.lower().replace(' ', '-')}.html"


def _order(line: Line) -> tuple[str, str]:
    return line[0].casefold(), line[1].was


def _put(path: Path, html: str) -> None:
    with whole.writing(path) as partial:
        partial.write_text(html, "utf-8", errors="backslashreplace")


def _gaps(ledger: Ledger) -> Iterator[str]:
    for source in where_is.sources(ledger):
        if source.state != "complete":
            yield f"{source.name} was not scanned wholly ({source.state}): what is not here may still be there."
