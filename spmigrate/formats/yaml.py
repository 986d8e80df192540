"""YAML from people: every error at file:line:column, and no value that silently turns into another.

Plain scalars follow the YAML 1.2 core schema, narrowed: `true`/`false`, `null`, integers and decimals are typed,
and everything else is text. So `no`, `off`, `22:30`, `0123` and `2026-04-01` stay what the writer typed; fields of
type `YesNo` and `Day` read them where they are meant. Duplicate keys are errors; keys are words with spaces
(`site columns`), matched to `site_columns` of the model.
"""

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from spmigrate.errors import InputError, Problem

_DEEPEST = 50
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Key = str | int
Place = tuple[Key, ...]


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # base chosen at run time
    """PyYAML with the narrowed core schema in place of YAML 1.1's guesses."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own name


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:null|~|)$", "n~\0"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
):
    for _char in [*_first.replace("\0", ""), *([""] if "\0" in _first else [])]:
        Loader.yaml_implicit_resolvers.setdefault(_char, []).append((f"tag:yaml.org,2002:{_tag}", re.compile(_pattern)))


def _yes_no(value: object) -> object:
    words = {"yes": True, "no": False, "on": True, "off": False}
    return words.get(value, value) if isinstance(value, str) else value


def _day(value: object) -> object:
    if not isinstance(value, str):
        return value
    return read_day(value)


def read_day(text: str) -> date:
    """The calendar day written as 2026-04-30 and in no other form of ISO 8601. Raises ValueError."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("write a date as 2026-04-30")


YesNo = Annotated[bool, BeforeValidator(_yes_no)]
"""A field that takes yes, no, on, off, true or false."""

Day = Annotated[date, BeforeValidator(_day)]
"""A field that takes a calendar date, written 2026-04-30."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a text is written: `pattern` for the program, `spoken` for people, as in 'P7' is not `spoken`."""

    pattern: str
    spoken: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Pydantic's hook: the text is checked after everything else about it."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise ValueError(f"'{text}' is not {self.spoken}")
        return text


class Document(BaseModel):
    """Base of everything read from YAML: strict, frozen, unknown keys refused, keys written with spaces."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        populate_by_name=True,
        alias_generator=lambda name: name.rstrip("_").replace("_", " "),
    )


class Described(Document):
    """A document whose fields carry their explanation in a docstring below them."""

    model_config = ConfigDict(use_attribute_docstrings=True)


M = TypeVar("M", bound=BaseModel)


class Source:
    """A parsed YAML text: its plain value, and where every key and value stands."""

    def __init__(self, text: str, name: str) -> None:
        """Parse `text`; raises InputError for bad syntax and for duplicate keys."""
        self.name = name
        self._marks: dict[Place, tuple[int, int]] = {}
        self._problems: list[Problem] = []
        try:
            self._problems += _unusual(text, name)
            if self._problems:
                raise InputError(f"{name} cannot be used", self._problems)
            loader = Loader(text)
            try:
                node = loader.get_single_node()
                self.value: Any = self._walk(loader, node, ()) if node else None
            finally:
                loader.dispose()
        except yaml.MarkedYAMLError as error:
            raise InputError(f"{name} is not readable YAML", [_unreadable(error, text, name)]) from None
        except yaml.YAMLError as error:
            raise InputError(f"{name} is not readable YAML", [Problem(name, str(error))]) from None
        if self._problems:
            raise InputError(f"{name} cannot be used", self._problems)

    def where(self, place: Place) -> str:
        """`file:line:column` of the value (or key) at `place`, or of the nearest thing above it."""
        line, column = self.position(place)
        return f"{self.name}:{line}:{column}"

    def position(self, place: Place) -> tuple[int, int]:
        """Line and column of `place`, or of the nearest thing above it."""
        while place and place not in self._marks:
            place = place[:-1]
        return self._marks.get(place, (1, 1))

    def _walk(self, loader: Any, node: yaml.Node, place: Place) -> Any:
        self._marks.setdefault(place, (node.start_mark.line + 1, node.start_mark.column + 1))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(loader, node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self._walk(loader, child, (*place, n)) for n, child in enumerate(node.value)]
        return self._scalar(loader, node)

    def _scalar(self, loader: Any, node: yaml.Node) -> Any:
        try:
            return loader.construct_object(node)
        except ValueError:  # Python reads no number of thousands of digits
            self._refuse(node, "this number is too long")
            return None

    def _refuse(self, node: yaml.Node, text: str) -> None:
        where = f"{self.name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"
        self._problems.append(Problem(where, text))

    def _mapping(self, loader: Any, node: yaml.MappingNode, place: Place) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, "a key is one word or several, not a list or more keys")
                continue
            key = self._scalar(loader, key_node)
            below = (*place, key)
            position = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if key in found:
                where = f"{self.name}:{position[0]}:{position[1]}"
                first = self._marks[below][0]
                self._problems.append(Problem(where, f"'{key}' stands here twice", f"first on line {first}"))
            self._marks[below] = position
            found[key] = self._walk(loader, value_node, below)
        return found


def _unreadable(error: yaml.MarkedYAMLError, text: str, name: str) -> Problem:
    """What the parser stumbled over; a tab by its own name, because nobody sees one."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Problem(name, str(error.problem))
    where = f"{name}:{mark.line + 1}:{mark.column + 1}"
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: mark.column + 1]:
        return Problem(where, "a tab stands here", "YAML is indented with spaces: replace it with two")
    return Problem(where, str(error.problem))


def _unusual(text: str, name: str) -> Iterator[Problem]:
    """What YAML allows and nobody needs here: aliases, tags, and nesting so deep that reading it would crash."""
    loader = Loader(text)
    depth = 0
    try:
        while loader.check_event() and depth <= _DEEPEST:
            event = loader.get_event()
            where = f"{name}:{event.start_mark.line + 1}:{event.start_mark.column + 1}"
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent):
                yield Problem(where, f"'*{event.anchor}' is not understood here", "write out what it stands for")
            elif getattr(event, "tag", None) is not None:
                yield Problem(where, f"the tag '{event.tag}' is not understood here", "leave it out")
            elif depth > _DEEPEST:
                yield Problem(where, f"nested more than {_DEEPEST} levels deep")
    finally:
        loader.dispose()


def read(path: Path, model: type[M]) -> M:
    """The file as `model`. Raises InputError with every problem, each at file:line:column."""
    return validate(source(path), model)


def source(path: Path, *, largest: int | None = None) -> Source:
    """The file parsed but not validated. Raises InputError when it cannot be read, or has over `largest` bytes."""
    try:
        size = path.stat().st_size
        if largest is not None and size > largest:
            text = f"has {size / 1e6:.1f} MB; {largest / 1e6:.1f} MB is the most"
            raise InputError(f"{path} is too large", [Problem(str(path), text)])
        return Source(path.read_text("utf-8"), str(path))
    except OSError as error:
        problem = Problem(str(path), error.strerror or "cannot be read")
        raise InputError(f"{path} cannot be read", [problem]) from None
    except UnicodeDecodeError:
        raise InputError(f"{path} cannot be read", [Problem(str(path), "is not UTF-8 text")]) from None


def validate(document: Source, model: type[M]) -> M:
    """`document` as `model`. Raises InputError with every problem, each at file:line:column."""
    text = json.dumps({} if document.value is None else document.value)
    try:
        # JSON mode: strict about types, yet words become enums and dates, and lists become tuples.
        return model.model_validate_json(text)
    except ValidationError as error:
        # Where a word or a mapping may stand, a mapping with an error is no wrong word besides.
        every = error.errors()
        told = [each for each in every if each["type"] != "literal_error" or not isinstance(each["input"], dict)]
        found = sorted(told or every, key=lambda details: document.position(_place(document, details["loc"])))
        problems = [_problem(document, model, details) for details in found]
        raise InputError(f"{document.name} cannot be used", problems) from None


def _problem(document: Source, model: type[BaseModel], details: Any) -> Problem:
    place = _place(document, details["loc"])
    kind, last = details["type"], place[-1] if place else ""
    where = document.where(place)
    if kind == "extra_forbidden":
        known = list(_known_keys(model, place[:-1]))
        near = difflib.get_close_matches(str(last), known, n=1, cutoff=0.5)
        hint = f"did you mean '{near[0]}'?" if near else "known here: " + ", ".join(sorted(known))
        return Problem(where, f"unknown key '{last}'", hint)
    if kind == "missing":
        choices = ", ".join(_choices(model, place or details["loc"]))
        return Problem(where, f"'{details['loc'][-1]}' is missing", f"one of: {choices}" if choices else None)
    label = ".".join(str(part) for part in place) or "the file"
    return Problem(where, f"{label}: {_sentence(kind, details)}")


def _place(document: Source, location: Place) -> Place:
    """`location` without the names that the validator adds for the branches of a union."""
    value, kept = document.value, []
    for n, part in enumerate(location):
        inside = part in value if isinstance(value, dict) else isinstance(part, int) and isinstance(value, list)
        if inside:
            value = value[part]
            kept.append(part)
        elif n == len(location) - 1 and isinstance(value, dict):
            kept.append(part)
    return tuple(kept)


def _sentence(kind: str, details: Any) -> str:
    given = details.get("input")
    if kind in ("model_type", "dict_type"):
        return "expected keys with values, such as 'name: Documents'"
    if kind == "string_type" and isinstance(given, bool | int | float):
        return f"expected text; write it in quotes, such as '{given}'"
    if kind in ("bool_type", "bool_parsing"):
        return "expected yes or no"
    if kind in ("enum", "literal_error"):
        words = re.findall(r"'([^']*)'", str(details["ctx"].get("expected", "")))
        near = difflib.get_close_matches(str(given), words, n=1, cutoff=0.5)
        hint = f" - did you mean '{near[0]}'?" if near else ""
        return f"'{given}' is not one of: {', '.join(words)}{hint}"
    message = str(details["msg"])
    return message.removeprefix("Value error, ").replace("Input should be", "should be")


def _known_keys(model: type[BaseModel], place: Place) -> Iterator[str]:
    """The keys that the model knows at `place`, following lists, mappings and unions."""
    models: list[Any] = [model]
    for part in place:
        models = [below for candidate in models for below in _below(candidate, part)]
    for candidate in models:
        for option in _models_in(candidate):
            yield from (field.alias or name for name, field in option.model_fields.items())


def _choices(model: type[BaseModel], place: Place) -> Iterator[str]:
    """The words that may stand at `place`; nothing when it takes anything but one of some words."""
    found: list[Any] = [model]
    for part in place:
        found = [below for candidate in found for below in _below(candidate, part)]
    for each in found:
        if isinstance(each, type) and issubclass(each, StrEnum):
            yield from each
        elif get_origin(each) is Literal:
            yield from get_args(each)


def _below(annotation: Any, part: Key) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    for option in _models_in(annotation):
        for name, field in option.model_fields.items():
            if part in (name, field.alias):
                yield field.annotation
                return
    for argument in get_args(annotation):
        if (isinstance(part, int) and get_origin(annotation) in (list, tuple)) or (
            get_origin(annotation) is dict and argument is get_args(annotation)[-1]
        ):
            yield argument
        elif get_origin(annotation) is UnionType or "Union" in str(get_origin(annotation)):
            yield from _below(argument, part)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    if get_origin(annotation) is UnionType or "Union" in str(get_origin(annotation)):
        for argument in get_args(annotation):
            yield from _models_in(argument)
