"""Makes a believable shared drive, the same one for the same seed, for rehearsals and tests."""

import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.scan import estate_names as awkward
from spmigrate.scan import estate_profile as profile

FEWEST_FILES = 150
"""Below, the awkward names would be most of the estate."""

_YEAR = 31_556_952
_POOL_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Estate:
    """What was made: the share's folder, and what it holds."""

    share: Path
    files: int
    folders: int
    links: int
    bytes: int


@dataclass(slots=True)
class _Plan:
    """A file to be written; `content` is the number of its content, which duplicates share."""

    folder: str
    name: str
    kind: str
    size: int | None
    content: int
    modified: int


@dataclass
class _Tree:
    """Folders, and the names in them, compared without case: ordinary names are to be ordinary."""

    names: dict[str, set[str]] = field(default_factory=dict)

    def add_folder(self, path: str) -> str:
        """Make a folder and those above it known; returns its path."""
        parent, _, name = path.rpartition("/")
        if path and path not in self.names:
            self.add_folder(parent)
            self.names[parent].add(name.lower())
        self.names.setdefault(path, set())
        return path

    def free(self, folder: str, name: str) -> str:
        """This name, numbered if the folder has it already."""
        stem, dot, extension = name.rpartition(".")
        stem, extension = (stem, dot + extension) if stem else (name, "")
        tries = itertools.chain([name], (f"{stem} ({n}){extension}" for n in itertools.count(2)))
        return next(each for each in tries if each.lower() not in self.names[folder])


def generate(folder: Path, *, files: int, seed: int, mean_size: int) -> Estate:
    """Make the share `Highways` with exactly `files` regular files of `mean_size` bytes on average in `folder`.

    Raises UsageProblem for too few files, SpmigrateError when the folder is not empty.
    """
    if files < FEWEST_FILES:
        raise UsageProblem(f"an estate has at least {FEWEST_FILES} files", hint=f"--files {FEWEST_FILES}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SpmigrateError(f"{folder} is not an empty folder", hint="name a new one: nothing is ever overwritten")
    chance = Random(seed)  # noqa: S311 - a sample, not a secret
    tree = _Tree()
    plans = _planned(chance, tree, files)
    _weigh(chance, plans, files * mean_size)
    share = folder / profile.SHARE
    try:
        return _write(share, tree, plans, seed)
    except OSError:
        shutil.rmtree(share, ignore_errors=True)
        raise


def _planned(chance: Random, tree: _Tree, files: int) -> list[_Plan]:
    numbers = itertools.count()
    tree.add_folder("")
    plans = [_awkward(chance, tree, each, next(numbers)) for each in awkward.FILES]
    for path in (*awkward.EMPTY_FOLDERS, *profile.TOP_FOLDERS):
        tree.add_folder(path)
    homes = _grow(chance, tree, int(files * profile.FOLDERS_PER_FILE))
    ordinary: list[_Plan] = []
    while len(plans) < files:
        for plan in _some(chance, tree, homes, ordinary, numbers):
            tree.names[plan.folder].add(plan.name.lower())
            ordinary.append(plan)
            plans.append(plan)
    # A set of map files may have gone over the number: its last parts go again.
    return plans[:files]


def _awkward(chance: Random, tree: _Tree, each: awkward.Awkward, number: int) -> _Plan:
    folder, _, name = each.path.rpartition("/")
    tree.add_folder(folder)
    tree.names[folder].add(name.lower())
    kind = each.like or (name.rpartition(".")[2].lower() if "." in name[1:] else "")
    return _Plan(folder, name, kind, each.size, number, _modified(chance))


def _grow(chance: Random, tree: _Tree, wanted: int) -> list[str]:
    """Folders below the top ones, to the depths of the profile; returns those that files go into."""
    grown = list(profile.TOP_FOLDERS)
    while len(tree.names) < wanted:
        depth = min(max(2, round(chance.gauss(profile.DEPTH_MEAN, profile.DEPTH_SIGMA))), profile.DEPTH_MOST)
        path = chance.choice(grown)
        # A branch that is deep enough already gets a sister instead of a daughter.
        while path.count("/") + 1 >= depth and "/" in path:
            path = path.rpartition("/")[0]
        name = tree.free(path, chance.choice(profile.MIDDLE_FOLDERS))
        grown.append(tree.add_folder(f"{path}/{name}"))
    empty = set(chance.sample(grown, int(len(grown) * profile.EMPTY_FOLDERS)))
    return [path for path in grown if path not in empty or path in profile.TOP_FOLDERS]


def _some(
    chance: Random, tree: _Tree, homes: list[str], ordinary: list[_Plan], numbers: Iterator[int]
) -> Iterator[_Plan]:
    """One more file, or the four files of a map layer, or an earlier file again in another folder."""
    folder = chance.choice(homes)
    if ordinary and chance.random() < profile.DUPLICATES:
        again = chance.choice(ordinary)
        if again.kind not in profile.SHAPEFILE_PARTS and again.name.lower() not in tree.names[folder]:
            yield _Plan(folder, again.name, again.kind, again.size, again.content, again.modified)
            return
    kind = chance.choices(list(profile.TYPES), list(profile.TYPES.values()))[0]
    modified = _modified(chance)
    size = 0 if chance.random() < profile.ZERO_BYTES else None
    if kind == "shp":
        stem = tree.free(folder, f"{chance.choice(profile.SUBJECTS)} {modified % 97}.shp").removesuffix(".shp")
        for part in profile.SHAPEFILE_PARTS:
            yield _Plan(folder, f"{stem}.{part}", part, None, next(numbers), modified)
        return
    if kind == "lock":
        size = awkward.LOCK_FILE_BYTES
    yield _Plan(folder, tree.free(folder, _name(chance, kind)), kind, size, next(numbers), modified)


def _name(chance: Random, kind: str) -> str:
    subject, document = chance.choice(profile.SUBJECTS), chance.choice(profile.DOCUMENTS)
    number = chance.randrange(1, 9999)
    if kind in ("jpg", "tif"):
        return f"IMG_{number:04}.{kind}"
    if kind == "thumbs":
        return "Thumbs.db"
    if kind == "tmp":
        return f"~WRL{number:04}.tmp"
    if kind == "lock":
        return f"~${subject}.docx"
    year = chance.randrange(2004, 2025)
    name = chance.choice((
        f"{year}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02} {subject} - {document} v{number % 9 + 1:02}",
        f"{subject} {document} {year}",
        f"{subject} - {document}",
        f"{subject} {document} FINAL v{number % 4 + 1}",
        f"{year % 100:02}-{number:04} {subject}",
    ))  # fmt: skip
    return name if kind == "none" else f"{name}.{kind}"


def _modified(chance: Random) -> int:
    _, youngest, oldest = chance.choices(profile.AGES, [age[0] for age in profile.AGES])[0]
    return profile.LAST_DAY - int(chance.uniform(youngest, oldest) * _YEAR)


def _weigh(chance: Random, plans: list[_Plan], total: int) -> None:
    """Give every file without a size one from the profile, so that all together have about `total` bytes."""
    weights = [part[0] for part in profile.SIZES]
    by_content: dict[int, float] = {}
    for plan in plans:
        if plan.size is None and plan.content not in by_content:
            _, median, sigma = chance.choices(profile.SIZES, weights)[0]
            by_content[plan.content] = median * chance.lognormvariate(0, sigma)
    fixed = sum(plan.size for plan in plans if plan.size is not None)
    drawn = [by_content[plan.content] for plan in plans if plan.size is None]
    most = sum(drawn) * profile.LARGEST_SHARE
    # The one large file must not starve the others of a small estate.
    scale = max(total - fixed, total // 2) / sum(min(size, most) for size in drawn)
    for plan in plans:
        if plan.size is None:
            plan.size = max(1, round(min(by_content[plan.content], most) * scale))


def _write(share: Path, tree: _Tree, plans: list[_Plan], seed: int) -> Estate:
    for path in tree.names:
        (share / path).mkdir(parents=True, exist_ok=True)
    pool = Random(seed).randbytes(_POOL_BYTES)  # noqa: S311 - a sample, not a secret
    words = " ".join(Random(seed).choices(profile.SUBJECTS, k=8000)).encode()  # noqa: S311 - a sample, not a secret
    for plan in plans:
        target = share / plan.folder / plan.name
        with target.open("xb") as file:
            file.writelines(_content(plan, words if plan.kind in profile.TEXT_TYPES else pool))
        os.utime(target, (plan.modified, plan.modified))
    for link, aim in awkward.LINKS:
        (share / link).symlink_to(aim)
    newest: dict[str, int] = {}
    for plan in plans:
        newest[plan.folder] = max(plan.modified, newest.get(plan.folder, 0))
    for path in tree.names:
        modified = newest.get(path, profile.LAST_DAY)
        os.utime(share / path, (modified, modified))
    size = sum(plan.size or 0 for plan in plans)
    return Estate(share, len(plans), len(tree.names) - 1, len(awkward.LINKS), size)


def _content(plan: _Plan, pool: bytes) -> Iterator[bytes]:
    """Bytes that begin as the type does and are no other file's."""
    left = plan.size or 0
    start = plan.content * 7919 % len(pool)
    head = profile.HEADS.get(plan.kind, b"") + f"{plan.content:08}\n".encode()
    for piece in itertools.chain([head, pool[start:]], itertools.repeat(pool)):
        if left <= 0:
            return
        yield piece[:left]
        left -= len(piece)
