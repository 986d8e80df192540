"""Transfers into batches: what is moved, recorded and retried as one unit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

MOST_ITEMS = 250
MOST_BYTES = 250_000_000
"""The most that one batch holds. Source: Microsoft's guidance for migration packages (250 items, 250 MB)."""


@dataclass(frozen=True, slots=True)
class Load:
    """A transfer as packing sees it: its id, its bytes, and the library it goes to."""

    transfer_id: int
    size: int
    site: str
    library: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """Transfers of one library that make one batch, in order, and why they stand together."""

    site: str
    library: str
    transfer_ids: tuple[int, ...]
    bytes: int
    why: str


@dataclass(slots=True)
class _Open:
    """A batch that still has room."""

    ids: list[int] = field(default_factory=list)
    bytes: int = 0


def pack(loads: Iterable[Load]) -> Iterator[Parcel]:
    """Fill batches in the given order, one library at a time.

    A file above the limit is a batch of its own. The same loads give the same batches; memory holds one open batch for
    each library.
    """
    waiting: dict[tuple[str, str], _Open] = {}
    for load in loads:
        place = (load.site, load.library)
        if load.size > MOST_BYTES:
            yield Parcel(*place, (load.transfer_id,), load.size, "one large file")
            continue
        batch = waiting.setdefault(place, _Open())
        if len(batch.ids) == MOST_ITEMS or batch.bytes + load.size > MOST_BYTES:
            yield _close(place, batch)
            batch = waiting[place] = _Open()
        batch.ids.append(load.transfer_id)
        batch.bytes += load.size
    for place, batch in waiting.items():
        yield _close(place, batch)


def _close(place: tuple[str, str], batch: _Open) -> Parcel:
    return Parcel(*place, tuple(batch.ids), batch.bytes, f"{len(batch.ids)} files of one library")
