"""Transfers into batches: what is moved, recorded and retried as one unit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spmigrate.migrate.choosing import Choice

MOST_ITEMS = 250
MOST_BYTES = 250_000_000
"""The most that one batch holds. Source: Microsoft's guidance for migration packages (250 items, 250 MB)."""


@dataclass(frozen=True, slots=True)
class Load:
    """A transfer as packing sees it: its id, its bytes, the library it goes to, and the route that was chosen."""

    transfer_id: int
    size: int
    site: str
    library: str
    choice: Choice
    reach: str = ""
    """Which machines can read it; empty for any."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Transfers of one library and one route that make one batch, in order, and why they take it."""

    site: str
    library: str
    route: str
    transfer_ids: tuple[int, ...]
    bytes: int
    why: str
    reach: str = ""


_Place = tuple[str, str, Choice, str]


@dataclass(slots=True)
class _Open:
    """A batch that still has room."""

    ids: list[int] = field(default_factory=list)
    bytes: int = 0


def pack(loads: Iterable[Load]) -> Iterator[Parcel]:
    """Fill batches in the given order, one library and one reason for its route at a time.

    A file above the limit is a batch of its own. The same loads give the same batches; memory holds one open batch for
    each library and reason.
    """
    waiting: dict[_Place, _Open] = {}
    for load in loads:
        place = (load.site, load.library, load.choice, load.reach)
        if load.size > MOST_BYTES:
            yield _close(place, _Open([load.transfer_id], load.size))
            continue
        batch = waiting.setdefault(place, _Open())
        if len(batch.ids) == MOST_ITEMS or batch.bytes + load.size > MOST_BYTES:
            yield _close(place, batch)
            batch = waiting[place] = _Open()
        batch.ids.append(load.transfer_id)
        batch.bytes += load.size
    for place, batch in waiting.items():
        yield _close(place, batch)


def _close(place: _Place, batch: _Open) -> Parcel:
    site, library, choice, reach = place
    return Parcel(site, library, choice.route, tuple(batch.ids), batch.bytes, choice.why, reach)
