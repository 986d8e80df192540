"""Draft folders of site templates: what an import or a workshop gives people to look at, and to make their own."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from spmigrate.errors import Problem, UsageProblem
from spmigrate.provision.catalogue import Catalogue
from spmigrate.provision.language import Organisation, Template, Words, text
from spmigrate.tenant.contents import name_key

W = TypeVar("W", bound=Words)
Entry = dict[str, Any]

_PLAIN: Mapping[str, Any] = {"organisation": "Our organisation", "version": 1, "people domain": "council.example"}


@dataclass(frozen=True, slots=True)
class DraftFolder:
    """What was written, and what the language would not take of it."""

    files: tuple[Path, ...]
    refused: tuple[Problem, ...]


def write(
    folder: Path,
    present: Catalogue | None,
    *,
    vocabulary: Entry,
    templates: Iterable[Entry],
    beside: Iterable[Template] = (),
    heading: str = "",
    assets: Mapping[str, bytes] = MappingProxyType({}),
) -> DraftFolder:
    """Write a folder that `template lint --folder` and `template preview --folder` take.

    `vocabulary` is added to the present organisation's, which holds where both have a name. `beside` are templates that
    the new ones extend. `heading` stands above each new template, as a comment. `assets` are files that they name.
    Raises UsageProblem when the folder is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageProblem(f"{folder} is not empty", hint="name a new folder with --to")
    refused: list[Problem] = []
    organisation = accepted(_with(present, vocabulary), Organisation, "organisation.yaml", refused)
    texts = {Path("organisation.yaml"): text(organisation)}
    for each in beside:
        texts[_file(each.template)] = text(each)
    for entry in templates:
        template = accepted(entry, Template, str(_file(entry["template"])), refused)
        lines = "".join(f"# {line}\n" for line in heading.splitlines())
        texts[_file(template.template)] = lines + text(template)
    for path, content in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, "utf-8")
    for name, data in assets.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "sites").mkdir()
    written = [*(folder / path for path in texts), *(folder / name for name in assets)]
    return DraftFolder(tuple(written), tuple(refused))


def accepted(entry: Entry, model: type[W], name: str, refused: list[Problem]) -> W:
    """The entry as `model`, without the values that it does not take; each of those becomes a problem."""
    while True:
        try:
            return model.model_validate_json(json.dumps(entry))
        except ValidationError as error:
            first = error.errors()[0]
            place = _take_out(entry, first["loc"])
            if not place:
                raise
            reason = str(first["msg"]).removeprefix("Value error, ")
            refused.append(Problem(f"{name}: {' > '.join(map(str, place))}", reason, "write it by hand if it matters"))


def _take_out(entry: Any, location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Take the innermost value at `location` out of `entry`; returns where that was, empty when there is none."""
    trail: list[tuple[Any, int | str]] = []
    at = entry
    for part in location:
        found = (
            part in at if isinstance(at, dict) else isinstance(at, list) and isinstance(part, int) and part < len(at)
        )
        if found:
            trail.append((at, part))
            at = at[part]
    if not trail:
        return ()
    holder, last = trail[-1]
    place = tuple(_named(above, part) for above, part in trail)
    del holder[last]
    return place


def _named(holder: Any, part: int | str) -> int | str:
    """A part of a place: an entry of a list by its name, if it has one."""
    value = holder[part]
    if isinstance(part, int) and isinstance(value, dict):
        return next((str(value[key]) for key in ("name", "title", "file") if key in value), part + 1)
    return part


def _with(present: Catalogue | None, vocabulary: Entry) -> Entry:
    """The present organisation's document with more vocabulary."""
    whole: Entry = dict(_PLAIN)
    if present is not None:
        whole = present.organisation.words.model_dump(mode="json", by_alias=True, exclude_unset=True)
        whole.pop("champions", None)  # they name templates that are not in the draft
    for key, entries in vocabulary.items():
        there = list(whole.get(key, ()))
        known = {_key(each) for each in there}
        more = there + [each for each in entries if _key(each) not in known]
        if more:
            whole[key] = more
    return whole


def _key(entry: Any) -> str:
    return name_key(str(entry["name"] if isinstance(entry, dict) else entry))


def _file(template: str) -> Path:
    slug = re.sub(r"[^a-z0-9]+", "-", template.casefold()).strip("-") or "template"
    return Path("templates") / f"{slug}.yaml"
