"""What is wrong with an edited draft, all of it at once, at file:line:column. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spmigrate.errors import Problem
from spmigrate.formats import yaml
from spmigrate.mapping.draft import VALUES, Draft, DraftRow, Key, moved_to_owners
from spmigrate.mapping.folders import ROOT, Folder
from spmigrate.mapping.lists import Choices, Who, nearest
from spmigrate.store.row_facts import FOLDER, TREE

_KEY_OF_VALUE = {name: key for name, key in VALUES.items() if name != "group"}


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: `problems` must be settled first, `notes` are for somebody to look at."""

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """A row, and where it stands in the file."""

    row: DraftRow
    place: yaml.Place


def check(document: yaml.Source, draft: Draft, root: Folder, choices: Choices, roles: Collection[str]) -> Checked:
    """Whether the rows are an exact partition of the source, and their words are known.

    `roles` are the ids of the register of people; without any, owners are not looked up.
    """
    placed = _placed(draft)
    folders = {folder.path: folder for folder in root.walk()}
    problems = [
        *_sheets(document, draft), *_folders(document, placed, folders), *_overlaps(document, placed),
        *_words(document, placed, choices),
    ]  # fmt: skip
    if not problems:
        problems += _uncovered(document, draft, root)
    order = {problem: _position(document, problem) for problem in problems}
    notes = [*_owners(document, draft, roles), *_split(document, placed)]
    return Checked(tuple(sorted(problems, key=lambda each: order[each])), tuple(notes))


def overlapping(document: yaml.Source, draft: Draft) -> Iterator[Problem]:
    """Rows of which one lies in another one, or that stand twice."""
    yield from _overlaps(document, _placed(draft))


def uncovered(root: Folder, keys: Collection[Key]) -> list[str]:
    """The folders that no row answers for: the topmost of those that lie in none, and those whose own files do.

    `keys` are the rows. Files that lie directly in a folder are written as `Folder (files in it)`.
    """
    rows = set(keys)
    opened = {path for path, _ in rows} | {above for path, _ in rows for above in _above(path)}
    found: list[str] = []
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        if (folder.path, TREE) in rows:
            continue
        if folder.path not in opened and folder.parent is not None:
            found.append(folder.path)
            continue
        if (folder.path, FOLDER) not in rows and (folder.files or folder.unseen):
            found.append(f"{folder.path or ROOT} (files in it)")
        waiting.extend(reversed(folder.children))
    return found


def overlaps(keys: Sequence[Key]) -> list[tuple[Key, Key]]:
    """Pairs of rows of which the first lies in the second, or stands twice."""
    trees = {path for path, scope in keys if scope == TREE}
    seen: set[Key] = set()
    found: list[tuple[Key, Key]] = []
    for path, scope in keys:
        around = next((above for above in _above(path) if above in trees), None)
        if (path, scope) in seen:
            found.append(((path, scope), (path, scope)))
        elif scope == FOLDER and path in trees:
            found.append(((path, scope), (path, TREE)))
        elif around is not None:
            found.append(((path, scope), (around, TREE)))
        seen.add((path, scope))
    return found


def _placed(draft: Draft) -> list[_Place]:
    return [
        _Place(row, ("sheets", n, "rows", m))
        for n, sheet in enumerate(draft.sheets)
        for m, row in enumerate(sheet.rows)
    ]


def _above(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def _sheets(document: yaml.Source, draft: Draft) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, sheet in enumerate(draft.sheets):
        if sheet.sheet in seen:
            where = document.where(("sheets", n, "sheet"))
            yield Problem(where, f"there is another sheet called '{sheet.sheet}'", "put their rows in one of them")
        seen.add(sheet.sheet)
        if not sheet.sheet.strip():
            yield Problem(document.where(("sheets", n, "sheet")), "a sheet needs a name")


def _folders(document: yaml.Source, placed: Sequence[_Place], folders: Mapping[str, Folder]) -> Iterator[Problem]:
    for each in placed:
        folder = folders.get(each.row.path)
        where = document.where((*each.place, "folder"))
        if folder is None:
            near = nearest(each.row.path, [path for path in folders if path]) if len(folders) < 20_000 else None
            hint = f"did you mean '{near}'?" if near else "draft again: it follows the last scan"
            yield Problem(where, f"there is no folder '{each.row.folder}' in the last scan", hint)
        elif each.row.split and not folder.children:
            yield Problem(where, f"'{each.row.folder}' has no folders to split it into", "take 'split' away")
        elif each.row.split and each.row.only_files:
            yield Problem(where, "a row of only files cannot be split", "take 'split' away")


def _overlaps(document: yaml.Source, placed: Sequence[_Place]) -> Iterator[Problem]:
    lines: dict[Key, list[yaml.Place]] = {}
    for each in placed:
        lines.setdefault(each.row.key, []).append((*each.place, "folder"))
    for inner, outer in overlaps([each.row.key for each in placed]):
        where = document.where(lines[inner][-1])
        if inner == outer:
            yield Problem(where, f"'{inner[0] or ROOT}' is in another row already", "take one of them away")
            continue
        line = document.position(lines[outer][0])[0]
        hint = f"take it away, or in its place write a row for each folder in '{outer[0] or ROOT}'"
        yield Problem(where, f"'{inner[0] or ROOT}' lies in the row of '{outer[0] or ROOT}' in line {line}", hint)


def _words(document: yaml.Source, placed: Sequence[_Place], choices: Choices) -> Iterator[Problem]:
    for each in placed:
        for name, key in _KEY_OF_VALUE.items():
            text, known = getattr(each.row, name), choices.of(key)
            if not text or text in known:
                continue
            near = nearest(text, known)
            hint = f"did you mean '{near}'?" if near else None
            what = "is no library of an approved site" if name == "home" else "is not one of the choices"
            yield Problem(document.where((*each.place, name)), f"'{text}' {what}", hint)
        if each.row.who in (Who.GROUP, Who.PARTNER) and not each.row.group:
            yield Problem(document.where((*each.place, "who")), f"'{each.row.who}' needs a 'group'")


def _uncovered(document: yaml.Source, draft: Draft, root: Folder) -> list[Problem]:
    missing = uncovered(root, [row.key for _, row in draft.rows()])
    hint = "draft again: it adds them"
    return [Problem(document.where(("sheets",)), f"'{each}' is in no row", hint) for each in missing]


def _owners(document: yaml.Source, draft: Draft, roles: Collection[str]) -> Iterator[Problem]:
    for n, sheet in enumerate(moved_to_owners(draft).sheets):
        written = next((m for m, each in enumerate(draft.sheets) if each.sheet == sheet.sheet), n)
        where = document.where(("sheets", written, "owner"))
        if not sheet.owner:
            yield Problem(
                where, f"nobody owns the {len(sheet.rows):,} rows of '{sheet.sheet}'", "write the owner's role"
            )
        elif roles and sheet.owner not in roles:
            near = nearest(sheet.owner, sorted(roles))
            hint = f"did you mean '{near}'?" if near else None
            yield Problem(where, f"'{sheet.owner}' is not in people.yaml", hint)


def _split(document: yaml.Source, placed: Sequence[_Place]) -> Iterator[Problem]:
    for each in placed:
        if each.row.split:
            where = document.where((*each.place, "split"))
            yield Problem(where, f"'{each.row.folder}' is still to be split", "draft again: it does that")


def _position(document: yaml.Source, problem: Problem) -> tuple[int, int]:
    line, column = problem.where.removeprefix(f"{document.name}:").split(":")
    return int(line), int(column)
