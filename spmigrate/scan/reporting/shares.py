"""How old, of what kind and how large the files are, and what need not move: duplicates and ROT. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from spmigrate import words
from spmigrate.formats.grid import Column, Grid, Topic, count, part, size
from spmigrate.model import Amount, Bar, Chart
from spmigrate.scan.reporting.figures import WORTH_COMPARING, Figures
from spmigrate.scan.reporting.kinds import kind_of
from spmigrate.scan.reporting.naming import Names
from spmigrate.store.profile import Slice

_AGES = {
    0: "Under 1 year", 1: "1 to 3 years", 2: "3 to 7 years", 3: "7 to 15 years", 4: "Over 15 years",
    -1: "Date not known",
}  # fmt: skip
_SIZES = {
    0: "Empty", 1: "Under 10 KB", 2: "10 to 100 KB", 3: "100 KB to 1 MB", 4: "1 to 10 MB", 5: "10 to 100 MB",
    6: "100 MB to 1 GB", 7: "1 to 15 GB", 8: "15 to 250 GB", 9: "Over 250 GB",
}  # fmt: skip
_OLD = (3, 4)
_TRIVIAL = ("ZERO-BYTES", "TEMPORARY", "LOCK-FILE", "SYSTEM-FILE", "SHORTCUT")
_SOURCE = Column("Source", width=18)


@dataclass(frozen=True, slots=True)
class _Profile:
    """One way to divide files: the tab and caption of its table, the parts in their order, and the part of a slice."""

    tab: str
    title: str
    heading: str
    parts: Sequence[str]
    part_of: Callable[[Slice], str]


def ages(figures: Sequence[Figures], names: Names) -> Topic:
    """Files by how long ago they were last changed, counted from the scan."""
    labels = [label for age, label in _AGES.items() if age >= 0 or any(s.age < 0 for f in figures for s in f.slices)]
    return _topic(
        _Profile("Age", "How old the files are", "Last changed", labels, lambda s: _AGES[s.age]), figures, names
    )


def kinds(figures: Sequence[Figures], names: Names) -> Topic:
    """Files by kind, the most frequent first."""
    weight = _sums((s for f in figures for s in f.slices), lambda s: kind_of(s.extension))
    labels = sorted(weight, key=lambda label: (-weight[label].items, label))
    profile = _Profile("Types", "What kinds of files there are", "Kind", labels, lambda s: kind_of(s.extension))
    return _topic(profile, figures, names)


def sizes(figures: Sequence[Figures], names: Names) -> Topic:
    """Files by size."""
    labels = list(_SIZES.values())
    return _topic(
        _Profile("Sizes", "How large the files are", "Size of a file", labels, lambda s: _SIZES[s.size]), figures, names
    )


def _topic(profile: _Profile, figures: Sequence[Figures], names: Names) -> Topic:
    whole = _sums((s for f in figures for s in f.slices), profile.part_of)
    files = sum((each.items for each in whole.values()), 0)
    rows = []
    for f in figures:
        own = _sums(f.slices, profile.part_of)
        rows += [
            (names.source(f.source), label, own[label].items, _part(own[label].items, f.files.items), own[label].bytes)
            for label in profile.parts
            if label in own
        ]
    columns = (_SOURCE, Column(profile.heading), count("Files"), part("Part of the files"), size("Size"))
    grid = Grid(profile.tab, profile.title, columns, tuple(rows))
    if not files:
        return Topic(profile.title, ("There are no files.",), grids=(grid,))
    bars = tuple(
        Bar(label, whole[label].items, f"{words.plural(whole[label].items, 'file')}, {words.size(whole[label].bytes)}")
        for label in profile.parts
        if label in whole
    )
    most = max(bars, key=lambda bar: bar.length)
    says = (
        f"A bar for each, as long as its number of files. The longest is {most.label}: {most.text}. The table has all."
    )
    return Topic(profile.title, charts=(Chart(profile.title, says, bars),), grids=(grid,))


def _sums(slices: Iterable[Slice], part_of: Callable[[Slice], str]) -> dict[str, Amount]:
    found: dict[str, Amount] = {}
    for each in slices:
        part = part_of(each)
        found[part] = found.get(part, Amount()) + each.amount
    return found


def _part(some: int, all_: int) -> str:
    return f"{some * 100 / all_:.1f}%" if all_ else "0.0%"


def waste(figures: Sequence[Figures], names: Names) -> Topic:
    """What need not move: copies, what is long unchanged, and what nobody would miss."""
    rows: list[tuple[str | int, ...]] = []
    for f in figures:
        source = names.source(f.source)
        for what, how, amount in _waste(f):
            rows.append((source, what, how, amount.items, _part(amount.items, f.files.items), amount.bytes))
    columns = (_SOURCE, Column("What", width=26), Column("Found by", width=50), count("Files"),
               part("Part of the files"), size("Size"))  # fmt: skip
    sentences = (
        *(_compared(f, names) for f in figures),
        "A file can be in several lines: they must not be added up. Nothing is left behind because it is in this table;"
        " owners decide.",
    )
    return Topic(
        "What need not move", sentences, grids=(Grid("ROT", "Redundant, obsolete, trivial", columns, tuple(rows)),)
    )


def _waste(f: Figures) -> list[tuple[str, str, Amount]]:
    old = sum((s.amount for s in f.slices if s.age in _OLD), Amount())
    trivial = sum((Amount(t.count, t.bytes) for t in f.totals if t.code in _TRIVIAL), Amount())
    lines = [("Redundant: more copies", "the same name and size", f.duplicates.by_name)]
    if f.duplicates.hashed:
        lines.insert(0, ("Redundant: more copies", "the same content (SHA-256)", f.duplicates.by_hash))
    if f.duplicates.hashed == f.duplicates.files > 0:
        lines.pop()
    return [
        *lines,
        ("Obsolete", "not changed for seven years", old),
        ("Trivial", "empty, temporary, lock and system files, shortcuts", trivial),
    ]


def _compared(f: Figures, names: Names) -> str:
    """How copies were told in this source."""
    source, found = names.source(f.source), f.duplicates
    by_name = f"by name and size, from {words.size(WORTH_COMPARING)} on: some of them may differ in content"
    if not found.hashed:
        return f"{source}: no file has a hash, so copies are told {by_name}."
    if found.hashed == found.files:
        return f"{source}: every file has a hash, so copies are told by content."
    return (
        f"{source}: {found.hashed:,} of {words.plural(found.files, 'file')} have a hash, and copies among them are told"
        f" by content; among the others, {by_name}."
    )


def extensions(figures: Figures) -> Mapping[str, Amount]:
    """Files and bytes of each extension, the most bytes first."""
    found = _sums(figures.slices, lambda s: s.extension)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].bytes, pair[0])))
