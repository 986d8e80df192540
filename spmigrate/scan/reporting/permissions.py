"""The permission report: who would gain and lose access, whom to settle, how much each library would bear. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spmigrate import words
from spmigrate.accounts import is_broad
from spmigrate.formats.grid import Column, Grid, Topic, count, path
from spmigrate.scan.reporting.figures import Figures
from spmigrate.scan.reporting.gains import Exchange, exchange, is_orphan, is_own
from spmigrate.scan.reporting.homes import Home
from spmigrate.scan.reporting.naming import Names
from spmigrate.store.listing import Right
from spmigrate.store.profile_access import OwnAccess, has_own

RECOMMENDED_SCOPES, MOST_SCOPES = 5_000, 50_000
"""Unique permissions in one library: recommended, and the most that there can be (Microsoft's page on permissions)."""

_NOBODY = "nobody that this shows"
_AUDIENCES = {
    "Whole team": "Whoever of the team may not open it now.",
    "Function": "Whoever of the function may not open it now.",
    "Named group": "Whoever of the named group may not open it now.",
    "Restricted list": "Whoever is on the restricted list and may not open it now.",
    "Partner": "The partner's people.",
}
_NAMED = 12
"""Accounts of one folder that are named; beyond, they are counted."""


@dataclass(slots=True)
class _Tally:
    """What is to be settled about an account: how many folders name it."""

    right: Right
    allows: int = 0
    denies: int = 0
    words: set[str] = field(default_factory=set)


def permissions(figures: Sequence[Figures], homes: Mapping[int, Sequence[Home]], names: Names) -> tuple[Topic, ...]:
    """The permission report; `homes` are the rows of each source by its id."""
    read = [f for f in figures if f.access.read]
    unread = tuple(
        f"{names.source(f.source)}: permissions were {_read(f.access.read, f.access.folders)}. Nothing is known of who"
        f" would gain or lose access {'to the rest' if f.access.read else 'there'}."
        for f in figures
        if f.access.read < f.access.folders
    )
    if not read:
        how = ("Scan again without --no-access, as somebody who may read permissions.",)
        return (Topic("Who would gain and who would lose access", unread + how),)
    found = []
    for f in read:
        by_place = {(home.path, home.scope): home for home in homes.get(f.source.id, ())}
        found += [(f, exchange(each, _home(each.path, by_place))) for each in f.access.own]
    found.sort(key=lambda pair: (*pair[1].rank[:4], pair[0].source.name, pair[1].folder.path))
    return (_who(found, unread, names), _accounts(found, names), _scopes(found, names))


def _read(some: int, all_: int) -> str:
    return f"read of {some:,} of {words.plural(all_, 'folder')} only" if some else "not read"


def _home(path: str, by_place: Mapping[tuple[str, str], Home]) -> Home | None:
    """The row that answers for a folder: its own, or that of the nearest folder above it that covers a tree."""
    own = by_place.get((path, "folder"))
    if own is not None:
        return own
    while True:
        if (path, "tree") in by_place:
            return by_place[path, "tree"]
        if not path:
            return None
        path = path.rpartition("/")[0]


def _who(found: list[tuple[Figures, Exchange]], unread: tuple[str, ...], names: Names) -> Topic:
    rows = tuple(
        (names.source(f.source), _place(each.folder, names), _audience(each.home, names),
         _named(each.denied, names), " ".join(_gains(each, names)) or _NOBODY, " ".join(_loses(each, names)) or _NOBODY)
        for f, each in found
    )  # fmt: skip
    sentences = (
        *unread,
        *_counted(found),
        "Permissions are not carried. Where a row says who should see a folder, that is what it is held against;"
        " elsewhere, the members of its new library. Members of groups are not looked up.",
    )
    columns = (
        Column("Source", width=18), path("Folder"), Column("New home, and who should see it", width=40),
        Column("Deny entries", width=30), Column("Would gain access", width=50), Column("Would lose access", width=50),
    )  # fmt: skip
    grid = Grid("Permissions", "What has permissions of its own, deny entries first", columns, rows)
    return Topic("Who would gain and who would lose access", sentences, grids=(grid,))


def _counted(found: list[tuple[Figures, Exchange]]) -> Iterator[str]:
    """How many places have deny entries, and how many are open to fewer people than what holds them."""
    denies = sum(1 for _, each in found if each.denied)
    if denies:
        yield (
            f"{words.plural(denies, 'folder or file has', 'folders and files have')} deny entries, which no library"
            " keeps: whom they keep out would gain access as a member of the new home. They come first."
        )
    else:
        yield "Nothing that was read has deny entries of its own."
    widened = sum(1 for _, each in found if each.gain)
    if widened:
        yield (
            f"{words.plural(widened, 'folder or file is', 'folders and files are')} open to fewer people than the"
            " folder above: in a library all members see the same, so the others would gain access."
        )
    else:
        yield "Nothing that was read is open to fewer people than the folder above it."


def _place(own: OwnAccess, names: Names) -> str:
    if own.item_id is not None:
        return names.file(own.folder_id, own.item_id, own.path)
    return names.folder(own.folder_id, own.path)


def _audience(home: Home | None, names: Names) -> str:
    if home is None:
        return "in no row yet: the members of its new library"
    if not home.moves:
        return f"stays: {home.decision}" if home.decision else "not decided yet: the members of its new library"
    group = f" ({home.group})" if home.group and not names.redacted else ""
    who = home.who if home.who in _AUDIENCES or not names.redacted else ""
    return f"{who or 'the members'}{group} in {names.library(home.label)}"


def _gains(each: Exchange, names: Names) -> Iterator[str]:
    if each.denied:
        yield f"Denied now: {_named(each.denied, names)}."
    if each.gain:
        yield f"May open the folder above, not this: {_named(each.gain, names)}."
    if each.home is not None and each.home.moves and each.home.who in _AUDIENCES:
        yield _AUDIENCES[each.home.who]


def _loses(each: Exchange, names: Names) -> Iterator[str]:
    if each.broad:
        yield f"Everybody outside the new home who comes in by {_named(each.broad, names)}."
    if each.lose:
        yield f"Unless they are made members: {_named(each.lose, names)}."


def _named(rights: Sequence[Right], names: Names) -> str:
    shown = dict.fromkeys(f"{names.account(right.who, right.name)} ({right.level})" for right in rights)
    more = f" and {len(shown) - _NAMED:,} more" if len(shown) > _NAMED else ""
    return ", ".join(list(shown)[:_NAMED]) + more


def _accounts(found: list[tuple[Figures, Exchange]], names: Names) -> Topic:
    """Accounts that do not resolve, and groups of everyone, with how many folders name each."""
    tallies: dict[str, _Tally] = {}
    for _, each in found:
        for right in each.folder.access.rights:
            if not is_own(each.folder, right) or not (is_orphan(right) or is_broad(right.who)):
                continue
            tally = tallies.setdefault(right.who, _Tally(right))
            tally.allows += right.allows
            tally.denies += not right.allows
            tally.words.add(right.level)
    rows = tuple(
        (names.account(who, tally.right.name), "group of everyone" if is_broad(who) else "does not resolve: an orphan",
         tally.allows, tally.denies, ", ".join(sorted(tally.words)))
        for who, tally in sorted(tallies.items(), key=lambda pair: (-pair[1].allows - pair[1].denies, pair[0]))
    )  # fmt: skip
    kinds = Counter(is_broad(who) for who in tallies)
    sentences = (
        f"{words.plural(kinds[True], 'group of everyone', 'groups of everyone')} and"
        f" {words.plural(kinds[False], 'account')} that no directory knows any more have entries of their own.",
    )
    columns = (Column("Account", width=40), Column("What it is", width=28), count("Places it may open"),
               count("Places it is denied"), Column("Level", width=20))  # fmt: skip
    return Topic(
        "Accounts to settle", sentences, grids=(Grid("Accounts", "Accounts to settle", columns, rows),), level=3
    )


def _scopes(found: list[tuple[Figures, Exchange]], names: Names) -> Topic:
    """How many folders with permissions of their own each library would have if they were kept."""
    counted: Counter[str] = Counter()
    for f, each in found:
        if each.folder.above is None or not has_own(each.folder.access):
            continue
        home = each.home
        mapped = home is not None and home.moves and home.label
        counted[names.library(home.label) if home and mapped else f"no library yet: {names.source(f.source)}"] += 1
    rows = tuple((where, number, _within(number)) for where, number in counted.most_common())
    columns = (Column("Library", width=50), count("With permissions of their own"),
               Column("Against Microsoft's limits", width=50))  # fmt: skip
    sentences = (
        f"If they were set again in the new library: {RECOMMENDED_SCOPES:,} in one library are recommended,"
        f" {MOST_SCOPES:,} are the most.",
    )
    grid = Grid("Scopes", "Folders and files with permissions of their own, by library", columns, rows)
    return Topic("Permissions of their own, by library", sentences, grids=(grid,), level=3)


def _within(number: int) -> str:
    if number > MOST_SCOPES:
        return f"above the {MOST_SCOPES:,} that there can be: must be split"
    return (
        f"above the {RECOMMENDED_SCOPES:,} recommended" if number > RECOMMENDED_SCOPES else "within the recommendation"
    )
