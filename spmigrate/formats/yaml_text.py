"""Writing YAML that people read and that `formats.yaml` reads back as it was: one form for one value."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from spmigrate.formats.yaml import Loader

_LINE = 120
_SHORT = 80
"""A list of words no longer than this stands on one line."""


class Word(str):
    """A text that is written without quotes: `yes` and `no` where a key asks for them."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """PyYAML that quotes only what `formats.yaml` would read as something else than text."""

    yaml_implicit_resolvers = Loader.yaml_implicit_resolvers

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Entries of a list stand two columns to the right of its key."""
        del indentless
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """What stands twice is written twice: the reader takes no aliases."""
        del data
        return True


def _sequence(dumper: yaml.SafeDumper, given: Sequence[Any]) -> yaml.Node:
    plain = all(isinstance(each, str | int | float | bool) for each in given)
    short = plain and sum(len(str(each)) + 2 for each in given) <= _SHORT
    return dumper.represent_sequence("tag:yaml.org,2002:seq", given, flow_style=short)


def _text(dumper: yaml.SafeDumper, given: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", given, style=_style(given))


def _style(text: str) -> str | None:
    """Lines as a block, and what nobody sees written out; the dumper's choice for all other texts."""
    if text.isprintable():
        return None
    lines = text.split("\n")
    plain = all(line.isprintable() and line == line.rstrip() for line in lines) and lines[0] == lines[0].lstrip() != ""
    return "|" if plain else '"'


def _word(dumper: yaml.SafeDumper, given: Word) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(given))


def _mapping(dumper: yaml.SafeDumper, given: Mapping[str, Any]) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", given.items(), flow_style=not given)


_Dumper.add_representer(list, _sequence)
_Dumper.add_representer(tuple, _sequence)
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(str, _text)
_Dumper.add_representer(Word, _word)


def dump(value: Mapping[str, Any]) -> str:
    """The YAML of a mapping, in its order of keys."""
    return yaml.dump(dict(value), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_LINE)
