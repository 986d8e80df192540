"""Transfers into batches: what is moved, recorded and retried as one unit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spmigrate.migrate import choosing
from spmigrate.migrate.choosing import Choice

MOST_ITEMS = 250
MOST_BYTES = 250_000_000
"""The most that one batch holds. Source: Microsoft's guidance for migration packages (250 items, 250 MB)."""

MOST_SETS = 20_000
"""The most sets of which more may come: from there on the oldest is taken to be whole, so that memory stays flat."""

_SPLIT = "part of a set that is larger than one batch"


@dataclass(frozen=True, slots=True)
class Kin:
    """Files that travel together, of one folder or below it: a shapefile, its drawings, a notebook, a geodatabase."""

    kind: str
    folder_id: int
    folder: str
    stem: str = ""
    reaches_below: bool = False

    def reaches(self, folder: str) -> bool:
        """Whether files of the folder with this path can belong to it."""
        return folder == self.folder or (self.reaches_below and (not self.folder or _is_below(folder, self.folder)))


def _is_below(folder: str, other: str) -> bool:
    return folder.startswith(other) and folder[len(other) : len(other) + 1] == "/"


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
    folder: str = ""
    """The path of its folder: the loads of a folder, and of those below it, come one after another."""
    kin: Kin | None = None
    """The set that it is a part of."""


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

    def has_room(self, items: int, size: int) -> bool:
        """Whether so much more fits."""
        return len(self.ids) + items <= MOST_ITEMS and self.bytes + size <= MOST_BYTES


@dataclass(slots=True)
class _Set:
    """What has come of a set and is in no batch yet; `is_split` once a part of it is in one."""

    loads: list[Load] = field(default_factory=list)
    bytes: int = 0
    is_split: bool = False


@dataclass(slots=True)
class _Packing:
    """Open batches, and sets of which more may come."""

    waiting: dict[_Place, _Open] = field(default_factory=dict)
    sets: dict[tuple[Kin, str, str, str], _Set] = field(default_factory=dict)

    def put(self, place: _Place, ids: list[int], size: int) -> Iterator[Parcel]:
        """Into the open batch of a place, all in one; a batch that has no room for them is full."""
        batch = self.waiting.setdefault(place, _Open())
        if batch.ids and not batch.has_room(len(ids), size):
            yield _close(place, batch)
            batch = self.waiting[place] = _Open()
        batch.ids += ids
        batch.bytes += size

    def gather(self, kin: Kin, load: Load) -> Iterator[Parcel]:
        """One more of a set. What is too much for one batch leaves in several, each of the set alone."""
        key = (kin, load.site, load.library, load.reach)
        if len(self.sets) >= MOST_SETS and key not in self.sets:
            yield from self.leave(self.sets.pop(next(iter(self.sets))))
        held = self.sets.setdefault(key, _Set())
        if load.size > MOST_BYTES:
            held.is_split = True
            yield _close(_place(load, _split(load.choice)), _Open([load.transfer_id], load.size))
            return
        if len(held.loads) == MOST_ITEMS or held.bytes + load.size > MOST_BYTES:
            held.is_split = True
            yield from self.leave(held)
        held.loads.append(load)
        held.bytes += load.size

    def leave(self, held: _Set) -> Iterator[Parcel]:
        """What there is of a set goes into batches: one, unless its files cannot take one route."""
        one = choosing.for_all({load.choice for load in held.loads})
        batches: dict[_Place, _Open] = {}
        for load in held.loads:
            choice = one or load.choice
            batch = batches.setdefault(_place(load, _split(choice) if held.is_split else choice), _Open())
            batch.ids.append(load.transfer_id)
            batch.bytes += load.size
        for place, batch in batches.items():
            if held.is_split:
                yield _close(place, batch)
            else:
                yield from self.put(place, batch.ids, batch.bytes)
        held.loads, held.bytes = [], 0

    def leave_all(self, folder: str | None = None) -> Iterator[Parcel]:
        """The sets of which nothing more comes once the loads of `folder` come; all of them without one."""
        for key in [key for key in self.sets if folder is None or not key[0].reaches(folder)]:
            yield from self.leave(self.sets.pop(key))


def pack(loads: Iterable[Load]) -> Iterator[Parcel]:
    """Fill batches in the given order, one library and one reason for its route at a time.

    A set is in one batch, with others where there is room. One that is larger than a batch is split into batches of
    its own, which say so: the limits are the service's advice, and a batch that has to fit into a window stays small.
    A file above the limit is a batch of its own. The same loads give the same batches; memory holds one open batch for
    each library and reason, and for each set of one folder no more than a batch. A set whose parts lie more than
    `MOST_SETS` sets apart in one folder is the only one that may be parted: its names do not follow each other.
    """
    packing = _Packing()
    folder = ""
    for load in loads:
        if load.folder != folder:
            folder = load.folder
            if packing.sets:
                yield from packing.leave_all(folder)
        if load.kin is not None:
            yield from packing.gather(load.kin, load)
        elif load.size > MOST_BYTES:
            yield _close(_place(load, load.choice), _Open([load.transfer_id], load.size))
        else:
            yield from packing.put(_place(load, load.choice), [load.transfer_id], load.size)
    yield from packing.leave_all()
    for place, batch in packing.waiting.items():
        yield _close(place, batch)


def _place(load: Load, choice: Choice) -> _Place:
    return load.site, load.library, choice, load.reach


def _split(choice: Choice) -> Choice:
    return Choice(choice.route, f"{choice.why}; {_SPLIT}")


def _close(place: _Place, batch: _Open) -> Parcel:
    site, library, choice, reach = place
    return Parcel(site, library, choice.route, tuple(sorted(batch.ids)), batch.bytes, choice.why, reach)
