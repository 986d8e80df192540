"""Values between Python and PostgreSQL as SQLite has them: truth is a number, sums are integers, rows have names.

PostgreSQL keeps no NUL in a text and no half of a surrogate pair. Both become U+FFFD, as bytes do that are no UTF-8;
the names of files and folders are kept beside that in their own bytes (`raw`), so that nothing is lost.
"""

import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

import psycopg
from psycopg.adapt import Buffer, Dumper, Loader
from psycopg.types.string import StrDumper, StrDumperUnknown

_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")
_NUMBER_OR_TEXT = frozenset(("file_id", "former_file_id"))
"""Columns without a type hold a number of 64 bits or a text. Here they are texts; no text looks like such a number."""
_NUMBER = re.compile(r"-?[1-9][0-9]{0,18}|0")
_MOST = 1 << 63


class KeptRow(tuple[Any, ...]):
    """A row: its values by place and by name, as sqlite3.Row has them."""

    __slots__ = ()
    places: ClassVar[dict[str, int]]
    names: ClassVar[tuple[str, ...]]

    def __getitem__(self, key: Any, /) -> Any:
        if isinstance(key, str):
            try:
                key = self.places[key]
            except KeyError:
                raise IndexError(f"no value is called {key}") from None
        return tuple.__getitem__(self, key)

    def keys(self) -> list[str]:
        """The names of the values, in order."""
        return list(self.names)


@lru_cache(maxsize=1000)
def _row_class(names: tuple[str, ...]) -> type[KeptRow]:
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    return type("Row", (KeptRow,), {"__slots__": (), "places": places, "names": names})


def row_factory(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], KeptRow]:
    """How rows of an answer are made."""
    names = tuple(column.name for column in cursor.description or ())
    made = _row_class(names)
    mixed = [place for place, name in enumerate(names) if name in _NUMBER_OR_TEXT]
    if not mixed:
        return made

    def make(values: Sequence[Any]) -> KeptRow:
        whole = list(values)
        for place in mixed:
            whole[place] = _number_or_text(whole[place])
        return made(whole)

    return make


def _number_or_text(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.fullmatch(value) and -_MOST <= int(value) < _MOST:
        return int(value)
    return value


def keepable(text: str) -> str:
    """A text as PostgreSQL can keep it."""
    return _UNKEEPABLE.sub("\ufffd", text)


def keepable_json(text: str) -> str:
    """A JSON text whose values PostgreSQL can keep."""
    return json.dumps(_cleaned(json.loads(text)), ensure_ascii=False) if "\\u" in text else text


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return keepable(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return value


class _Text(StrDumperUnknown):
    def dump(self, obj: str) -> Buffer | None:
        try:
            return super().dump(obj)
        except (psycopg.DataError, UnicodeEncodeError):
            return super().dump(keepable(obj))


class _TypedText(StrDumper):
    def dump(self, obj: str) -> Buffer | None:
        try:
            return super().dump(obj)
        except (psycopg.DataError, UnicodeEncodeError):
            return super().dump(keepable(obj))


class _Truth(Dumper):
    oid = 20  # bigint

    def dump(self, obj: bool) -> Buffer | None:
        return b"1" if obj else b"0"

    def quote(self, obj: bool) -> Buffer:
        return b"1" if obj else b"0"


class _Number(Loader):
    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(Decimal(text))


def adapt(connection: psycopg.Connection[Any]) -> None:
    """Have a connection treat values so."""
    connection.adapters.register_dumper(str, _TypedText)
    connection.adapters.register_dumper(str, _Text)
    connection.adapters.register_dumper(bool, _Truth)
    connection.adapters.register_loader("numeric", _Number)
