"""Inheritance: what a template adds to the one that it extends. Lists merge by name, and only `remove` takes away."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from spmigrate.formats.yaml import Document
from spmigrate.provision.language import Named, Sections, Template
from spmigrate.provision.removal import key_of, parted
from spmigrate.tenant.contents import name_key

D = TypeVar("D", bound=Document)
S = TypeVar("S", bound=Sections)


def chain(name: str, templates: Mapping[str, Template]) -> list[Template]:
    """The template and those above it, the topmost first. Stops at a name that is missing or comes round again."""
    found: list[Template] = []
    seen: set[str] = set()
    wanted: str | None = name
    while wanted is not None and wanted in templates and wanted not in seen:
        seen.add(wanted)
        found.append(templates[wanted])
        wanted = templates[wanted].extends
    return found[::-1]


def inherited(above: Iterable[Template]) -> Template | None:
    """A chain of templates as one, the topmost first; None for an empty chain."""
    whole: Template | None = None
    for template in above:
        whole = template if whole is None else merged(whole, template)
    return whole


def dropped(above: Iterable[Template]) -> list[Sections]:
    """What the templates of a chain remove from those above them, with what is needed to know it by."""
    whole: Template | None = None
    gone: list[Sections] = []
    for template in above:
        if whole is not None:
            gone.append(parted(whole, template.remove)[1])
        whole = template if whole is None else merged(whole, template)
    return gone


def merged(base: S, other: Sections) -> S:
    """`base` without what `other` removes, and with everything that `other` really writes.

    Associative: a chain may be merged from either end.
    """
    return _over(parted(base, other.remove)[0], other)


def _over(base: D, other: Document) -> D:
    changes: dict[str, Any] = {}
    known = type(base).model_fields
    for name in other.model_fields_set & known.keys():
        changes[name] = _joined(getattr(base, name), getattr(other, name))
    return base.model_copy(update=changes)


def _joined(present: Any, added: Any) -> Any:
    if isinstance(present, Document) and isinstance(added, Document):
        return _over(present, added)
    if isinstance(present, tuple) and isinstance(added, tuple):
        return _union(present, added)
    if isinstance(present, dict) and isinstance(added, dict):
        return _union_of_keys(present, added)
    return added


def _union(present: tuple[Any, ...], added: tuple[Any, ...]) -> tuple[Any, ...]:
    merged = {key_of(each): each for each in present}
    for each in added:
        key = key_of(each)
        merged[key] = _entry(merged[key], each) if key in merged else each
    return tuple(merged.values())


def _union_of_keys(present: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    merged = {name_key(name): (name, value) for name, value in present.items()}
    merged |= {name_key(name): (name, value) for name, value in added.items()}
    return dict(merged.values())


def _entry(old: Any, new: Any) -> Any:
    """Two entries of one name: what the newer one says, and what it leaves to the older one."""
    if isinstance(old, Document):
        return _over(old, Named(name=new) if isinstance(new, str) else new)
    return _over(Named(name=old), new) if isinstance(new, Named) else new
