"""Inheritance: what a template adds to the one that it extends. Lists merge by name, and only `remove` takes away."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from spmigrate.formats.yaml import Document
from spmigrate.provision.language import Library, Link, Parameter, Template
from spmigrate.tenant.contents import name_key

D = TypeVar("D", bound=Document)


def chain(name: str, templates: Mapping[str, Template]) -> list[Template]:
    """The template and those above it, the topmost first. Stops at a name that is missing or comes round again."""
    found: list[Template] = []
    wanted: str | None = name
    while wanted is not None and wanted in templates and templates[wanted] not in found:
        found.append(templates[wanted])
        wanted = templates[wanted].extends
    return found[::-1]


def inherited(above: Iterable[Template]) -> Template | None:
    """A chain of templates as one, the topmost first; None for an empty chain."""
    whole: Template | None = None
    for template in above:
        whole = template if whole is None else _drop(_over(whole, template), template)
    return whole


def _over(base: D, other: D) -> D:
    """`base` with everything that `other` really writes."""
    changes: dict[str, Any] = {}
    for name in other.model_fields_set:
        present, added = getattr(base, name), getattr(other, name)
        if isinstance(present, Document) and isinstance(added, Document):
            changes[name] = _over(present, added)
        elif isinstance(present, tuple) and isinstance(added, tuple):
            changes[name] = _union(present, added)
        else:
            changes[name] = added
    return base.model_copy(update=changes)


def _union(present: tuple[Any, ...], added: tuple[Any, ...]) -> tuple[Any, ...]:
    merged = {_name(each): each for each in present}
    for each in added:
        old = merged.get(_name(each))
        merged[_name(each)] = _over(old, each) if isinstance(old, Document) else each
    return tuple(merged.values())


def _drop(whole: Template, template: Template) -> Template:
    """Without what the newest template removes; what it removes it may not declare itself."""
    remove = template.remove
    return whole.model_copy(
        update={
            "libraries": _without(whole.libraries, remove.libraries),
            "site_columns": _without(whole.site_columns, remove.site_columns),
            "content_types": _without(whole.content_types, remove.content_types),
            "quick_launch": whole.quick_launch.model_copy(
                update={"links": _without(whole.quick_launch.links, remove.quick_launch)}
            ),
        }
    )


def _without(present: tuple[Any, ...], names: tuple[str, ...]) -> tuple[Any, ...]:
    gone = {name_key(name) for name in names}
    return tuple(each for each in present if _name(each) not in gone)


def _name(each: str | Library | Link | Parameter) -> str:
    if isinstance(each, str):
        return name_key(each)
    return name_key(each.title if isinstance(each, Link) else each.name)
