"""Looking for what a caller names: at its exact place first, then folders by words of their names, then files."""

from collections.abc import Sequence
from typing import NamedTuple

from spmigrate.report.old_path import Candidate, OldPath, candidates, parse, words_in
from spmigrate.report.where_is import Desk
from spmigrate.store import where_is
from spmigrate.store.ledger import Ledger
from spmigrate.store.where_is import Place, ScannedSource
from spmigrate.store.where_is_index import WordIndex

MOST = 10
_KINDS = {"folder": "folders", "item": "files"}
_LOOKED_AT = 200
"""Matches that are ranked; what a word like `archive` has more is not looked at."""


class Search(NamedTuple):
    """What was found, best first: `gaps` say what could not be looked at, so that nothing found means less."""

    asked: str
    places: tuple[Place, ...]
    exact: bool = False
    anchored: bool = False
    more: bool = False
    gaps: tuple[str, ...] = ()


def search(ledger: Ledger, index: WordIndex | None, text: str, desk: Desk) -> Search:
    """The places that `text` may mean, ten at most."""
    asked = parse(text)
    scanned = where_is.sources(ledger)
    meant = candidates(asked, scanned, drives=desk.drives, shares=desk.shares)
    exact = _exact(ledger, meant)
    anchored = bool(asked.anchor)
    if exact and (anchored or len(asked.parts) > 1):
        return Search(asked.text, tuple(exact[:MOST]), exact=True, anchored=anchored, more=len(exact) > MOST)
    by_words, more = _by_words(ledger, index, asked) if index is not None else ([], False)
    places = [*exact, *(each for each in by_words if each not in exact)]
    gaps = tuple(_gaps(asked, scanned, meant, desk, ledger, index))
    more = more or len(places) > MOST
    return Search(asked.text, tuple(places[:MOST]), exact=bool(exact), anchored=anchored, more=more, gaps=gaps)


def _exact(ledger: Ledger, meant: Sequence[Candidate]) -> list[Place]:
    """What lies exactly there; a place that only holds sources stands for each of them."""
    found = []
    for each in meant:
        met = where_is.meet(ledger, each.source, each.parts)
        place = where_is.at(ledger, met.folder_id, met.item_id) if met is not None and met.whole else None
        if place is not None:
            found.append(place)
    return found


def _by_words(ledger: Ledger, index: WordIndex, asked: OldPath) -> tuple[list[Place], bool]:
    """Folders whose names have the words, then files; of a whole path that is not there, the words of its last name."""
    words = asked.words if not asked.anchor else tuple(dict.fromkeys(words_in(asked.parts[-1]))) if asked.parts else ()
    folders = index.folders(words, most=_LOOKED_AT)
    ranked = sorted(
        (_rank(words, path), id_) for id_, _, path in where_is.folder_paths(ledger, folders) if _has(words, path)
    )
    places = [where_is.at(ledger, id_) for _, id_ in ranked[:MOST]]
    more = len(ranked) > MOST
    if len(places) < MOST:
        files = where_is.item_names(ledger, index.files(words, most=_LOOKED_AT))
        best = sorted(
            (_rank(words, f"{path}/{name}"), folder, id_) for id_, folder, name, path in files if _has(words, name)
        )
        places += [where_is.at(ledger, folder, id_) for _, folder, id_ in best[: MOST - len(places)]]
        more = more or len(ranked) + len(best) > MOST
    return [place for place in places if place is not None], more


def _rank(words: Sequence[str], path: str) -> tuple[int, int, int, str]:
    """Names that are the words and nothing else first, then those with all of them; then what lies higher up."""
    name = words_in(path.rpartition("/")[2])
    fit = 0 if name == list(words) else 1 if set(words) <= set(name) else 2
    return fit, path.count("/"), len(path), path


def _has(words: Sequence[str], path: str) -> bool:
    """Whether a path still has the words that an index knew it by; the last may have gone on."""
    there = set(words_in(path))
    *first, last = words
    return set(first) <= there and any(word.startswith(last) for word in there)


def _gaps(
    asked: OldPath, scanned: Sequence[ScannedSource], meant: Sequence[Candidate], desk: Desk, ledger: Ledger,
    index: WordIndex | None,
) -> list[str]:  # fmt: skip
    """What stands between an answer of nothing and there being nothing."""
    found = []
    letter = asked.anchor[:1] if asked.anchor.endswith(":") else ""
    if letter and letter not in {each.upper() for each in desk.drives}:
        found.append(f"spmigrate.yaml does not say what the drive {letter}: is (drives)")
    elif asked.anchor and not meant:
        found.append("no source that was scanned lies there")
    wanted = {each.source for each in meant} or {each.id for each in scanned}
    found += [
        f"{each.name} was not scanned wholly ({each.state}): what is not found may still be there"
        for each in scanned
        if each.id in wanted and each.state != "complete"
    ]
    if index is None:
        found.append("parts of names cannot be looked for yet: run spmigrate where-is index")
    else:
        marks = index.marks()
        behind = [_KINDS[kind] for kind, newest in where_is.newest(ledger).items() if newest > marks[kind]]
        if behind:
            found.append(f"the newest {' and '.join(behind)} are not in the index yet: run spmigrate where-is index")
    return found
