"""Drafting again over what somebody edited: what they changed stays, all else follows the new proposal. Pure.

Three sides: what was proposed before, the file as it is now, and what is proposed now. Where the file differs from
what was proposed before, a person decided.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from spmigrate.mapping.draft import VALUES, Draft, DraftRow, Key, moved_to_owners, sheets_of
from spmigrate.store.row_facts import FOLDER, TREE

T = TypeVar("T")


Propose = Callable[[frozenset[str], frozenset[str]], Draft]
"""Makes a draft in which the folders of the first set are split, and those of the second are one row each."""


@dataclass(frozen=True, slots=True)
class Edits:
    """What a person decided about a draft since it was proposed.

    `split` are folders to be split, `together` those that are to be one row, by path; `sheets` maps rows to the sheet
    that they were moved to, `values` to the proposals that were changed, `owners` sheets to the owner they were given.
    """

    split: frozenset[str] = frozenset()
    together: frozenset[str] = frozenset()
    sheets: Mapping[Key, str] = field(default_factory=dict)
    values: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many decisions there are."""
        changed = sum(len(values) for values in self.values.values())
        return len(self.split) + len(self.together) + len(self.sheets) + changed + len(self.owners)


def edits(before: Draft, edited: Draft) -> Edits:
    """What a person changed in a draft since it was proposed."""
    edited = moved_to_owners(edited)
    was = {row.key: (sheet.sheet, row) for sheet, row in before.rows()}
    owned = {sheet.sheet: sheet.owner for sheet in before.sheets}
    split, together = set[str](), set[str]()
    sheets: dict[Key, str] = {}
    values: dict[Key, Mapping[str, str]] = {}
    for sheet, row in edited.rows():
        known = was.get(row.key)
        if row.split or (known is None and row.scope == FOLDER):
            split.add(row.path)
        elif known is None:
            together.add(row.path)
        if sheet.sheet not in (_sheets_before(was, row)):
            sheets[row.key] = sheet.sheet
        changed = _changed(known[1] if known else None, row)
        if changed:
            values[row.key] = changed
    owners = {each.sheet: each.owner for each in edited.sheets if owned.get(each.sheet) != each.owner}
    return Edits(frozenset(split), frozenset(together), sheets, values, owners)


def redrafted(before: Draft | None, edited: Draft | None, propose: Propose) -> tuple[Draft, Draft, Edits]:
    """The new draft with a person's edits in it, what is now proposed without them, and what those are.

    Rows stay cut as they are, for owners may have them before them: only folders that came since get rows of their
    own, and only a person splits or joins the others. Without `edited`, all is proposed anew; without `before`, all
    that differs from the new proposal is a person's.
    """
    if edited is None:
        proposed = propose(frozenset(), frozenset())
        return proposed, proposed, Edits()
    before = before or propose(frozenset(), frozenset())
    made = edits(before, edited)
    wanted = made.split | made.together
    cut = {above for _, row in before.rows() for above in _above(row.path)}
    cut |= {row.path for _, row in before.rows() if row.scope == FOLDER}
    whole = {row.path for _, row in before.rows() if row.scope == TREE}
    split = made.split | {path for path in cut if not _at_or_below(path, made.together)}
    around = {above for path in wanted for above in _above(path)}
    together = made.together | {path for path in whole - made.split - around if not _below(path, made.together)}
    proposed = propose(split, frozenset(together))
    return applied(proposed, made), proposed, made


def applied(proposed: Draft, made: Edits) -> Draft:
    """A proposal with a person's edits; rows that a folder was split into have what the folder was given."""
    owners = {each.sheet: each.owner for each in proposed.sheets} | dict(made.owners)
    sheets: dict[str, list[DraftRow]] = {}
    for sheet, row in proposed.rows():
        name = _given(made.sheets, row, made.split) or sheet.sheet
        owners.setdefault(name, sheet.owner)
        changed = dict(_given(made.values, row, made.split) or {})
        sheets.setdefault(name, []).append(row.model_copy(update=changed))
    found = sheets_of((name, owners[name], rows) for name, rows in sheets.items())
    return proposed.model_copy(update={"sheets": found})


def _sheets_before(was: Mapping[Key, tuple[str, DraftRow]], row: DraftRow) -> set[str]:
    """The sheets that the folders of a row were in: its own, that of the row around it, or those of the rows in it."""
    if row.key in was:
        return {was[row.key][0]}
    path = row.path
    while path:
        path = path.rpartition("/")[0]
        if (path, TREE) in was:
            return {was[path, TREE][0]}
    inside = {sheet for key, (sheet, _) in was.items() if _at_or_below(key[0], {row.path})}
    return inside if len(inside) == 1 else set()


def _given(found: Mapping[Key, T], row: DraftRow, split: frozenset[str]) -> T | None:
    """What a row was given, or the split folder that it came from."""
    if row.key in found:
        return found[row.key]
    path = row.path
    while True:
        if path in split and (path, TREE) in found:
            return found[path, TREE]
        if not path:
            return None
        path = path.rpartition("/")[0]


def _changed(before: DraftRow | None, row: DraftRow) -> dict[str, str]:
    if before is None:
        return row.values
    return {name: getattr(row, name) for name in VALUES if getattr(row, name) != getattr(before, name)}


def _above(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def _at_or_below(path: str, folders: Iterable[str]) -> bool:
    return path in folders or _below(path, folders)


def _below(path: str, folders: Iterable[str]) -> bool:
    """Whether a path lies in one of these folders."""
    known = set(folders)
    return any(above in known for above in _above(path))
