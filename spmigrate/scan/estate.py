"""Makes believable shared drives, the same ones for the same seed, for rehearsals and tests.

Folder after folder is made and forgotten: memory does not grow with the number of files.
"""

import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.scan import estate_content as contents
from spmigrate.scan import estate_names as awkward
from spmigrate.scan import estate_profile, estate_tree
from spmigrate.scan.estate_content import Content, Filling
from spmigrate.scan.estate_profile import Profile, Share

FEWEST_FILES = 150
"""Below, the awkward names would be most of the share; such a share has none."""

LARGEST_SHARE = 0.02
"""No ordinary file has more than this part of all bytes: one video must not be half of a small estate."""

DEFAULT_SHARE = "Highways"
_YEAR = 31_556_952
_ATTRIBUTES = "user.cifs.dosattrib"
"""Where Linux shows the attributes of a file on a mounted Windows share; here it marks a placeholder."""
_OFFLINE = (0x1000).to_bytes(4, "little")
_COMMON = 40
"""Of so many files one content is shared with other shares."""
_LONGEST_NAME = 240


@dataclass(frozen=True, slots=True)
class Estate:
    """What was made: the share's folder, what it holds, and what of the profile this file system does not hold."""

    share: Path
    files: int
    folders: int
    links: int
    bytes: int
    beyond: tuple[str, ...] = ()


class _File(NamedTuple):
    """One file of a folder, as it will be written; `size` as drawn or, for an exact content, as it is."""

    folder: str
    name: str
    content: Content
    modified: int
    offline: bool


@dataclass(frozen=True, slots=True)
class _Order:
    """What was asked for."""

    profile: Profile
    share: Share
    files: int
    seed: int
    awkward: bool
    stubs: bool = False
    """Whether placeholders of an archive are made, too: they block, and not every file system holds them."""

    @property
    def ordinary(self) -> int:
        """How many files are not among the awkward ones."""
        return self.files - (len(awkward.FILES) if self.awkward else 0)


def generate(
    folder: Path, *, files: int, seed: int, mean_size: int, profile: Profile | None = None, share: str = DEFAULT_SHARE
) -> Estate:
    """Make one share of exactly `files` regular files of about `mean_size` bytes on average, as a folder in `folder`.

    It has every awkward name. Raises UsageProblem for too few files, SpmigrateError when the folder is not empty.
    """
    known = profile or estate_profile.read()
    (made,) = generate_alike(folder, files=files, seed=seed, mean_size=mean_size, profile=known, shares=[share])
    return made


def generate_alike(
    folder: Path, *, files: int, seed: int, mean_size: int, profile: Profile, shares: Sequence[str]
) -> Iterator[Estate]:
    """Make these shares, each with `files` files, as `generate` does."""
    if files < FEWEST_FILES:
        raise UsageProblem(f"an estate has at least {FEWEST_FILES} files", hint=f"--files {FEWEST_FILES}")
    chosen = [profile.share(name) for name in shares]
    _check_empty(folder)
    for share in chosen:
        yield _make(folder, _Order(profile, share, files, seed, awkward=True), mean_size)


def generate_shares(
    folder: Path, *, scale: float, seed: int, mean_size: int, profile: Profile, shares: Sequence[str]
) -> Iterator[Estate]:
    """Make shares of the profile (all when none is named), with `scale` of its files each, one after the other.

    A share's files are larger or smaller than `mean_size` as the profile has it. Awkward names are in each that has
    files enough. Raises UsageProblem for a share that the profile does not have, SpmigrateError when the folder is not
    empty.
    """
    chosen = [profile.share(name) for name in shares] or list(profile.shares)
    _check_empty(folder)
    for share in chosen:
        files = max(1, round(share.million_files * 1e6 * scale))
        order = _Order(profile, share, files, seed, awkward=files >= FEWEST_FILES, stubs=True)
        yield _make(folder, order, max(1, round(mean_size * share.mean_size / profile.mean_of_shares)))


def _check_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SpmigrateError(f"{folder} is not an empty folder", hint="name a new one: nothing is ever overwritten")


def _make(folder: Path, order: _Order, mean_size: int) -> Estate:
    share = folder / order.share.name
    try:
        return _Writer(share, order, mean_size).write()
    except OSError:
        shutil.rmtree(share, ignore_errors=True)
        raise


def _visits(order: _Order, chance: Random) -> Iterator[estate_tree.Visit]:
    profile = order.profile
    taken = awkward.names_by_folder() if order.awkward else {}
    shape = estate_tree.Shape(
        order.share.top, profile.folders, profile.depth.mean, profile.depth.most, profile.empty_folders, taken
    )
    folders = max(1, round(order.files * profile.folders_per_file))
    return estate_tree.walk(chance, shape, files=order.ordinary, folders=folders)


def _files(order: _Order, chance: Random) -> Iterator[_File | estate_tree.Visit]:
    """Folders as they are entered and left, and after each entry its files. The same again for the same chance."""
    distinct = 0
    for visit in _visits(order, chance):
        yield visit
        names = estate_tree.Names({name.lower() for name in _taken(order, visit.path)})
        left = visit.files or 0
        while left:
            drawn, distinct = _drawn(order, chance, distinct)
            if len(drawn) > left:  # a map layer that does not fit: its first file alone
                drawn = drawn[:left]
            modified = _modified(order.profile, chance)
            for content in drawn:
                offline = order.stubs and chance.random() < order.profile.offline and not content.exact
                name = names.free(_lengthened(order, chance, visit.path, content.name))
                yield _File(visit.path, name, content, modified, offline)
            left -= len(drawn)


def _taken(order: _Order, path: str) -> Collection[str]:
    return awkward.names_by_folder().get(path, frozenset()) if order.awkward else frozenset()


def _drawn(order: _Order, chance: Random, distinct: int) -> tuple[Sequence[Content], int]:
    profile, pick = order.profile, chance.random()
    if pick < profile.duplicates_across_shares:
        common = f"common/{chance.randrange(max(1, order.files // _COMMON))}"
        return contents.draw(profile, profile.shares[0], order.seed, common), distinct
    if distinct and pick < profile.duplicates_across_shares + profile.duplicates:
        number = chance.randrange(distinct)
    else:
        number, distinct = distinct, distinct + 1
    return contents.draw(profile, order.share, order.seed, f"{order.share.name}/{number}"), distinct


def _lengthened(order: _Order, chance: Random, path: str, name: str) -> str:
    """The name, or now and then one so long that no destination takes the path."""
    if chance.random() >= order.profile.too_long_paths or len(path) < 400 - _LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    return f"{(stem + ' ') * 20}"[: _LONGEST_NAME - 10].strip() + dot + extension if stem else name


def _modified(profile: Profile, chance: Random) -> int:
    age = chance.choices(profile.ages, [each.weight for each in profile.ages])[0]
    return profile.last_moment - int(chance.uniform(age.from_, age.to) * _YEAR)


class _Writer:
    """Writes one share: first counts what its files would weigh, then makes them."""

    def __init__(self, share: Path, order: _Order, mean_size: int) -> None:
        self._share = share
        self._order = order
        self._mean_size = mean_size
        self._filling = Filling(order.seed, order.share.subjects)
        self._scale, self._most = 1.0, order.files * order.profile.mean_size * LARGEST_SHARE
        self._bytes = self._links = 0
        self._folders: int = 0
        self._offline_held = True
        self._chance = Random(f"{order.seed}/{order.share.name}/marks")  # noqa: S311 - a sample, not a secret
        self._awkward = [
            max(1, int(mean_size * self._chance.uniform(0.2, 1.4))) if each.size is None else each.size
            for each in (awkward.FILES if order.awkward else ())
        ]

    def write(self) -> Estate:
        """Make everything."""
        self._weigh()
        self._share.mkdir(parents=True)
        kept = self._write_awkward() if self._order.awkward else set()
        newest: list[int] = []
        for each in _files(self._order, self._again()):
            if isinstance(each, _File):
                newest[-1] = max(newest[-1], each.modified)
                self._write_file(each)
            elif each.files is None:
                self._leave(each.path, newest.pop())
            else:
                newest.append(0)
                self._enter(each.path, known=each.path in kept)
        self._finish(kept)
        return Estate(self._share, self._order.files, self._folders, self._links, self._bytes, self._beyond())

    def _again(self) -> Random:
        return Random(f"{self._order.seed}/{self._order.share.name}")  # noqa: S311 - a sample, not a secret

    def _weigh(self) -> None:
        """Find the scale at which all files together have about the bytes that were asked for."""
        fixed, drawn = sum(self._awkward), 0.0
        for each in _files(self._order, self._again()):
            if isinstance(each, _File):
                if each.content.exact:
                    fixed += round(each.content.size)
                else:
                    drawn += min(each.content.size, self._most)
        total = self._order.files * self._mean_size
        # The one large file must not starve the others of a small estate.
        self._scale = max(total - fixed, total // 2) / drawn if drawn else 1.0

    def _enter(self, path: str, *, known: bool) -> None:
        (self._share / path).mkdir(exist_ok=known)
        self._folders += not known

    def _leave(self, path: str, newest: int) -> None:
        folder = self._share / path
        if self._chance.random() < self._order.profile.separate_folders:
            folder.chmod(0o700)
        moment = newest or self._order.profile.last_moment
        os.utime(folder, (moment, moment))

    def _write_file(self, file: _File) -> None:
        target = self._share / file.folder / file.name
        content = file.content
        size = round(content.size if content.exact else max(1, min(content.size, self._most) * self._scale))
        if file.offline and self._offline_held and self._stub(target, size):
            self._bytes += size
        else:
            with target.open("xb") as opened:
                opened.writelines(self._filling.pieces(content, size))
                self._bytes += opened.tell()
        os.utime(target, (file.modified, file.modified))
        if self._chance.random() < self._order.profile.links:
            link = target.with_name(f"Link to {file.name}"[:200])
            if not link.is_symlink() and not link.exists():
                link.symlink_to(file.name)
                self._links += 1

    def _stub(self, target: Path, size: int) -> bool:
        """Make a placeholder: bytes that take no room, and the mark of an archive. False where none can be made."""
        if not hasattr(os, "setxattr"):
            self._offline_held = False
            return False
        with target.open("xb") as opened:
            opened.truncate(size)
        try:
            os.setxattr(target, _ATTRIBUTES, _OFFLINE)
        except OSError:
            target.unlink()
            self._offline_held = False
        return self._offline_held

    def _write_awkward(self) -> set[str]:
        """Every awkward name; returns the folders that were made for them."""
        folders = set(awkward.folders())
        for path in sorted(folders):
            (self._share / path).mkdir(parents=True)
        self._folders += len(folders)
        for number, (each, size) in enumerate(zip(awkward.FILES, self._awkward, strict=True)):
            content = Content(f"awkward/{number}", each.kind, "", size, True, each.password, each.links, each.macros)
            target = self._share / each.path
            with target.open("xb") as opened:
                opened.writelines(self._filling.pieces(content, size))
                self._bytes += opened.tell()
            modified = _modified(self._order.profile, self._chance)
            os.utime(target, (modified, modified))
        for link, aim in awkward.LINKS:
            (self._share / link).symlink_to(aim)
        self._links += len(awkward.LINKS)
        return folders

    def _finish(self, kept: set[str]) -> None:
        """Give the folders whose content was made in two goes their time, innermost first."""
        moment = self._order.profile.last_moment
        for path in sorted(kept, reverse=True):
            os.utime(self._share / path, (moment, moment))
        os.utime(self._share, (moment, moment))

    def _beyond(self) -> tuple[str, ...]:
        held = self._order.stubs and self._offline_held
        return (*self._order.profile.beyond_a_folder, *(() if held else ("offline",)))
