"""The tables of governance_rules/README.md, made from the code: `python -m tests.governance_reference` writes them."""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from spmigrate.federate.partners import PartnerRegister
from spmigrate.formats.yaml import Form
from spmigrate.govern.conditions import GROUPS, OPERATORS
from spmigrate.govern.rules import Area
from spmigrate.govern.site_register import SiteRegister
from spmigrate.govern.vocabulary import FactType, Subject, known_about
from spmigrate.govern.waivers import WaiverRegister
from spmigrate.registers.calendar import FreezeCalendar
from spmigrate.registers.people import PeopleRegister
from spmigrate.registers.policy import Policy
from spmigrate.registers.retention import Schedule
from spmigrate.registers.training import TrainingRegister

PAGE = Path(__file__).parent.parent / "governance_rules" / "README.md"

_AREAS = {
    Area.TENANT: "settings of the whole tenant",
    Area.SHARING: "whom a site lets in",
    Area.OWNERSHIP: "who answers for a site",
    Area.PERMISSIONS: "groups that mean everyone, and rights that nobody needs",
    Area.LIFECYCLE: "the register of sites, and reviews",
    Area.INFORMATION: "what must be true of what a site holds",
    Area.GUESTS: "people from outside with an account in the tenant",
    Area.WAIVERS: "the waivers themselves",
    Area.FEDERATION: "partners and their cross-tenant settings",
    Area.OWN: "the council's own rules that no other area fits",
}


def page() -> str:
    """The page with its tables as the code has them."""
    text = PAGE.read_text("utf-8")
    for name, lines in (("areas", _areas()), ("comparisons", _comparisons()), ("facts", _facts()), *_registers()):
        filled = f"<!-- {name} -->\n" + "\n".join(lines) + "\n<!-- end -->"
        text = re.sub(f"<!-- {name} -->\n.*?<!-- end -->", lambda _, filled=filled: filled, text, flags=re.DOTALL)
    return text


def _areas() -> Iterator[str]:
    yield "| area | what it is for | checked by |"
    yield "|---|---|---|"
    for area in Area:
        command = "partner check" if area is Area.FEDERATION else "rule check"
        yield f"| `{area}` | {_AREAS[area]} | `spmigrate {command}` |"


def _comparisons() -> Iterator[str]:
    yield "| comparison | of | means |"
    yield "|---|---|---|"
    for name, operator in OPERATORS.items():
        yield f"| `{name}` | {', '.join(operator.kinds)} | {operator.meaning} |"
    for name, (_, meaning) in GROUPS.items():
        yield f"| `{name}` | conditions | {meaning} |"


def _facts() -> Iterator[str]:
    for subject in Subject:
        yield f"\n### About a {subject}\n"
        yield "| fact | kind | means | source | needs |"
        yield "|---|---|---|---|---|"
        for fact in known_about(subject).values():
            yield f"| `{fact.name}` | {_kind(fact)} | {fact.meaning} | {fact.source} | {fact.permission} |"


def _registers() -> Iterator[tuple[str, Iterator[str]]]:
    ours = (PeopleRegister, TrainingRegister, Policy, Schedule, FreezeCalendar)
    for model in (*ours, SiteRegister, PartnerRegister, WaiverRegister):
        yield model.__doc__.rstrip("."), _keys(model)


def _keys(model: type[BaseModel]) -> Iterator[str]:
    yield "| key | required | value | means |"
    yield "|---|---|---|---|"
    for name, required, value, meaning in _rows(model, "", [], needed=True):
        yield f"| `{name}` | {required} | {value} | {meaning.rstrip('.')} |"


def _rows(model: type[BaseModel], above: str, told: list[Any], *, needed: bool) -> Iterator[tuple[str, str, str, str]]:
    """Every key below `model`, the outer ones before the inner; words that were listed before are not listed again."""
    for name, field in model.model_fields.items():
        key = above + (field.alias or name)
        (inner, many) = _inner(field.annotation)
        below = isinstance(inner, type) and issubclass(inner, BaseModel)
        value = "the keys that follow" if below else _value(field, inner, key, told)
        if many:
            value = f"a list of entries with {value}" if below else f"list: {value}"
        required = "no" if not field.is_required() else "yes" if needed else "with it"
        yield key, required, value, str(field.description)
        if below:
            entries = model.__doc__.endswith(".yaml.") and len(_sections(model)) == 1
            yield from _rows(inner, "" if entries else f"{key} › ", told, needed=needed and field.is_required())


def _sections(model: type[BaseModel]) -> list[str]:
    """The keys of a model that have keys of their own."""
    inner = {name: _inner(field.annotation)[0] for name, field in model.model_fields.items()}
    return [name for name, each in inner.items() if isinstance(each, type) and issubclass(each, BaseModel)]


def _inner(annotation: Any) -> tuple[Any, bool]:
    """What an optional or a list is of, and whether it is a list."""
    if get_origin(annotation) in (list, tuple):
        return _inner(get_args(annotation)[0])[0], True
    given = [each for each in get_args(annotation) if each is not type(None)]
    if get_origin(annotation) in (UnionType, Union):
        return _inner(given[0])
    return annotation, False


def _value(field: FieldInfo, inner: Any, key: str, told: list[Any]) -> str:
    plain, *notes = get_args(inner) if get_origin(inner) is Annotated else (inner,)
    forms = [note for note in (*notes, *field.metadata) if isinstance(note, Form)]
    if forms:
        return forms[0].spoken
    words = get_args(plain) if get_origin(plain) is Literal else plain
    if get_origin(plain) is Literal or issubclass(plain, StrEnum):
        again = next((f"as `{name}`" for known, name in told if known is plain), None)
        told.append((plain, key))
        return again or "one of: " + ", ".join(words)
    shortest = max((note.min_length for note in field.metadata if hasattr(note, "min_length")), default=0)
    if plain is str and shortest > 1:
        return f"text of {shortest} characters or more"
    return {str: "text", bool: "yes or no", int: _numbers(field), date: "a day, such as 2026-12-31"}[plain]


def _numbers(field: FieldInfo) -> str:
    """The numbers that a field takes, by its limits."""
    inside = [note for each in get_args(field.annotation) for note in getattr(each, "__metadata__", ())]
    limits = [*field.metadata, *inside]
    given = {name: getattr(note, name) for note in limits for name in ("ge", "le") if hasattr(note, name)}
    low, high = given.get("ge"), given.get("le")
    return str(low) if low == high else f"a number from {low} to {high}"


def _kind(fact: FactType) -> str:
    return f"{fact.kind}: {', '.join(fact.words)}" if fact.words else str(fact.kind)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
