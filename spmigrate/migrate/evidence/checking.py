"""Whether an evidence pack holds: its digests, its account, its rows. Needs the pack alone."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from spmigrate.errors import InputError
from spmigrate.formats.long_zip import ReadZip
from spmigrate.migrate.evidence import content
from spmigrate.model import Outcome
from spmigrate.store.wave_evidence import PackEntry

_FILES = frozenset({
    content.README, content.WAVE, content.ROWS, content.ITEMS, content.EVENTS, content.EXCEPTIONS, content.STEPS,
    content.SUMS, content.HEAD,
})  # fmt: skip
_PASSED = ("exact", "equal in content")
_NAMED = 20

CheckSignoffs = Callable[[Mapping[str, bytes]], Iterable[str]]
"""Says what does not hold in a pack of sign-offs; the command line hands it over."""


@dataclass(slots=True)
class Tally:
    """What the items of a pack add up to."""

    items: dict[str, int] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    open_items: int = 0
    open_bytes: int = 0
    verified: dict[str, int] = field(default_factory=dict)


def troubles(pack: ReadZip, *, check_signoffs: CheckSignoffs, expect: str | None = None) -> Iterator[str]:
    """Everything that does not hold in a pack; nothing when it is whole. `expect` is a head that was kept elsewhere."""
    strange = {name for name in pack.names if not name.startswith(content.SIGNOFFS)} ^ _FILES
    if strange:
        yield f"has other files than a pack of a wave: {', '.join(sorted(strange))}"
        return
    try:
        yield from _digests(pack)
        yield from _head(pack, expect)
        signed = {name.removeprefix(content.SIGNOFFS): pack.whole(name) for name in pack.names
                  if name.startswith(content.SIGNOFFS)}  # fmt: skip
        yield from (f"{content.SIGNOFFS}: {each}" for each in check_signoffs(signed))
        rows = json.loads(pack.whole(content.ROWS))
        yield from _rows(rows, json.loads(signed.get("chain.json", b"[]")))
        yield from _items(pack, {each["row_id"] for each in rows})
    except InputError as error:
        yield from (each.text for each in error.problems)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        yield f"cannot be read: {type(error).__name__}: {error}"


def summary(pack: ReadZip) -> dict[str, Any]:
    """What a whole pack says of its wave, with its head."""
    told: dict[str, Any] = json.loads(pack.whole(content.WAVE))
    return {**told, "head": json.loads(pack.whole(content.HEAD))["entry"]}


def _digests(pack: ReadZip) -> Iterator[str]:
    listed: dict[str, str] = {}
    for line in pack.whole(content.SUMS).decode().splitlines():
        digest, _, name = line.partition("  ")  # as `sha256sum` writes
        listed[name] = digest
    for name in sorted(set(pack.names) - {content.SUMS, content.HEAD}):
        if listed.pop(name, None) != pack.digest(name):
            yield f"{name} is not what {content.SUMS} says"
    yield from (f"{name} is missing" for name in listed)


def _head(pack: ReadZip, expect: str | None) -> Iterator[str]:
    head = PackEntry(**json.loads(pack.whole(content.HEAD)))
    if head.sums != hashlib.sha256(pack.whole(content.SUMS)).hexdigest() or head.entry != head.computed():
        yield f"{content.HEAD} does not fit {content.SUMS}"
    if expect is not None and expect.strip().lower() != head.entry:
        yield f"its head is {head.entry[:12]}…, and {expect.strip()[:12]}… was kept elsewhere"


def _rows(rows: Iterable[Mapping[str, Any]], chain: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Rows that moved without a sign-off of the pack that names their digest."""
    signed = {(row_id, digest) for each in chain if "rows" in each for row_id, digest in each["rows"]}
    for each in rows:
        if each["released"] is None and (each["row_id"], each["digest"]) not in signed:
            yield f"row {each['row_id']} was signed by nobody as it moved"


def _items(pack: ReadZip, rows: set[str]) -> Iterator[str]:
    tally, found = Tally(), 0
    for line in pack.lines(content.ITEMS):
        item = json.loads(line)
        for trouble in _item(item, rows):
            found += 1
            if found <= _NAMED:
                yield trouble
        _add(tally, item)
    if found > _NAMED:
        yield f"and {found - _NAMED:,} more of this kind"
    yield from _account(json.loads(pack.whole(content.WAVE)), tally)


def _item(item: Mapping[str, Any], rows: set[str]) -> Iterator[str]:
    if item["row_id"] not in rows:
        yield f"item {item['id']} belongs to no row of the wave"
    if item["outcome"] == Outcome.COPIED and not (item["sha256"] and item["target_id"]):
        yield f"item {item['id']} is said to be copied, and no digest or no copy is named"
    if item["verified"] in _PASSED and item["outcome"] != Outcome.COPIED:
        yield f"item {item['id']} was not copied, and is said to be verified"


def _add(tally: Tally, item: Mapping[str, Any]) -> None:
    if item["superseded"] is not None or item["gone"] is not None:
        return
    if item["outcome"] is None:
        tally.open_items += 1
        tally.open_bytes += item["size"]
        return
    outcome = item["outcome"]
    tally.items[outcome] = tally.items.get(outcome, 0) + 1
    tally.bytes[outcome] = tally.bytes.get(outcome, 0) + item["size"]
    if outcome == Outcome.COPIED:
        verdict = item["verified"] or "not yet"
        tally.verified[verdict] = tally.verified.get(verdict, 0) + 1


def _account(told: Mapping[str, Any], tally: Tally) -> Iterator[str]:
    for unit, counted, still in (
        ("items", tally.items, tally.open_items), ("bytes", tally.bytes, tally.open_bytes),
    ):  # fmt: skip
        for outcome in Outcome:
            said, found = told[unit][outcome], counted.get(outcome, 0)
            if said != found:
                yield f"the account says {said:,} {unit} {outcome}, the items {found:,}"
        if told["open"][unit] != still:
            yield f"the account says {told['open'][unit]:,} {unit} to move, the items {still:,}"
    if told["verified"] != tally.verified:
        yield "the account of what was verified is not that of the items"
