"""The values that content is made of: items, versions, dates, and why the service would refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

COLUMNS = (
    "id, list, parent, name, folder, list_item, guid, size, hash, blob, created, modified, author, editor,"
    " fields, etag, ctag, version, change, bin"
)
_FIELDS = 14
# Where a row has its name and its place in the log of changes.
NAME, CHANGE = 3, 18
PURGED = -1
# What the database says of an item, in the order of `COLUMNS`.
Row = tuple[Any, ...]


class Conflict(StrEnum):
    """What to do when the name is taken: refuse, put in its place, or take another name."""

    FAIL = "fail"
    REPLACE = "replace"
    RENAME = "rename"


class Refusal(Exception):
    """The service would refuse this; each API gives `code` its own status and text.

    Codes: `nameAlreadyExists`, `invalidName`, `pathTooLong`, `resourceLocked`, `itemNotFound`,
    `notAFolder`, `cannotMoveIntoItself`, `invalidDate`, `invalidRequest`, `sharingDisabled`, `siteLocked`,
    `quotaLimitReached`. `name` is the name that is taken, where that is the reason.
    """

    def __init__(self, code: str, message: str, name: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.name = name


@dataclass(frozen=True, slots=True)
class Item:
    """A folder, a file or a list item. `bin` is 0 while it lives, the recycled item's id in the recycle
    bin, `PURGED` once it is gone for good; `change` is its place in the log of changes."""

    id: int
    list: int
    parent: int
    name: str
    folder: bool
    list_item: int
    guid: str
    size: int
    hash: str
    blob: str
    created: str
    modified: str
    author: str
    editor: str
    fields: dict[str, Any]
    etag: int
    ctag: int
    version: int
    change: int
    bin: int

    @property
    def version_label(self) -> str:
        """The version as people see it: `3.0`."""
        return f"{self.version // 512}.{self.version % 512}"

    @property
    def file(self) -> bool:
        """True for a file: something with bytes, be they none."""
        return bool(self.blob)


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier state of a file or item."""

    item: int
    number: int
    size: int
    hash: str
    blob: str
    modified: str
    editor: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Times:
    """Dates given by a client; None means now."""

    created: str | None = None
    modified: str | None = None


def read_row(row: Row) -> Item:
    """The item in a row of `COLUMNS`."""
    fields = row[_FIELDS]
    parsed = {} if fields == "{}" else json.loads(fields)
    return Item(*(*row[:4], bool(row[4]), *row[5:_FIELDS], parsed, *row[_FIELDS + 1 :]))


def read_item(row: Row | Item) -> Item:
    """The item of a page's entry, be it read already or not."""
    return read_row(row) if isinstance(row, tuple) else row


def dump_fields(content: Mapping[str, Any]) -> str:
    """Fields as they are stored."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) if content else "{}"
