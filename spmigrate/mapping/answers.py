"""What an owner wrote in a row: read from cells, normalised, and split in what is signed and what is not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from spmigrate.mapping.columns import ANSWER_KEYS, HEADING
from spmigrate.mapping.lists import Choices, marking_for, marking_reaches, normalise
from spmigrate.store.mappings import MappedRow
from spmigrate.store.row_facts import FolderFacts

_REMARKS = ("avoid", "notes")


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one row, by the key of their column; unknown text is kept as it was written."""

    decision: str = ""
    home: str = ""
    subject: str = ""
    keep: str = ""
    sensitive: str = ""
    marking: str = ""
    who: str = ""
    group: str = ""
    used_with: str = ""
    avoid: str = ""
    notes: str = ""
    ig_view: str = ""
    hold: str = ""


def read(values: Mapping[str, Any], choices: Choices) -> tuple[Answers, dict[str, str]]:
    """The answers in a returned row, and by column what was written where a synonym had to be read."""
    found: dict[str, str] = {}
    guessed: dict[str, str] = {}
    for key in ANSWER_KEYS:
        text = _text(values.get(HEADING[key]))
        found[key], is_guess = normalise(key, text, choices.of(key)) if text else ("", False)
        if is_guess:
            guessed[key] = text
    return completed(Answers(**found), choices), guessed


def completed(answers: Answers, choices: Choices) -> Answers:
    """The same with the pre-filled columns that were left empty.

    The keep rule follows from the class; the marking from Sensitive?, and is at least that of the new home.
    """
    keep = answers.keep or (choices.keep_rule(answers.subject) if answers.subject else "")
    marking = answers.marking or (marking_for(answers.sensitive) if answers.sensitive else "")
    home = choices.home(answers.home) if answers.home else None
    if home is not None and marking and not answers.marking and not marking_reaches(marking, home.marking):
        marking = home.marking
    return replace(answers, keep=keep, marking=marking)


def answered(row: MappedRow, answers: Answers, choices: Choices) -> MappedRow:
    """`row` with these answers, the new home resolved to its site and library."""
    home = choices.home(answers.home) if answers.home else None
    written = {key: getattr(answers, key) for key in ANSWER_KEYS}
    remarks = {key: written.pop(key) for key in _REMARKS} | {"home label": answers.home}
    # What information governance has not questioned and what it has found to be in order sign alike.
    written["ig_view"] = "" if answers.ig_view == "OK" else answers.ig_view
    written["home"] = {"site": home.site, "library": home.library} if home else None
    remarks["ig view"] = answers.ig_view
    return replace(row, meaning=written, remarks=remarks)


def recorded(row: MappedRow) -> Answers:
    """The answers that the ledger holds for a row."""
    meaning = {**row.meaning, "home": row.remarks.get("home label", ""), "ig_view": row.remarks.get("ig view", "")}
    remarks = {key: row.remarks.get(key, "") for key in _REMARKS}
    return Answers(**{key: str(value) for key, value in {**meaning, **remarks}.items()})


def proposed(facts: FolderFacts, choices: Choices) -> Answers:
    """What a fresh sheet offers: class and home where the folder's name suggests one. Deciding stays with the owner."""
    words = f" {facts.path.casefold().replace('_', ' ').replace('-', ' ')} "
    subject = next(
        (
            each.name
            for each in choices.lists.business_classes
            if any(f" {word} " in words or f" {word}s " in words for word in each.words)
        ),
        "",
    )
    home = next((each.label for each in choices.destinations if _area(each.label) in words), "")
    keep = choices.keep_rule(subject) if subject else ""
    return Answers(subject=subject, keep=keep, home=home)


def _area(label: str) -> str:
    """The team or service in `Asset Management > Documents`, as it would stand in a folder name."""
    return f" {label.partition('>')[0].strip().casefold()} "


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).strip()
