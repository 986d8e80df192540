"""Agreeing in the workbook itself, where it lies in a library: which saved version is the signature. Pure.

A name in a cell proves nothing. That the service says whose account saved the version in which the cell was set does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from spmigrate.errors import SpmigrateError
from spmigrate.formats.tables import plain

QUESTION = "Do you agree?"
AGREE, NOT_YET = "I agree", "Not yet"
TAB = "Sign-off"
HEADINGS = ("Digest", "What you are asked to agree to", QUESTION)


@dataclass(frozen=True, slots=True)
class Presented:
    """What the owner is asked to agree to: the paragraph, and the digest of exactly these rows."""

    digest: str = ""
    statement: str = ""


def in_a_cell(statement: str) -> str:
    """A statement as a cell holds it, and as it is compared: in one line."""
    return plain(" ".join(statement.split()))


@dataclass(frozen=True, slots=True)
class SavedVersion:
    """A version of a workbook: who saved it when, in the service's own words, and what its sign-off tab says.

    `number` is as SharePoint counts: `4.0` follows `3.0`, and `3.2` follows `3.1`.
    """

    number: str
    at: str
    editor: str
    editor_id: str
    digest: str
    agreed: bool
    statement: str = ""


def signature(versions: Sequence[SavedVersion], allowed: Mapping[str, str], *, sheet_id: str) -> SavedVersion:
    """The version that signs: the one in which the cell was set that is still set. `versions` are oldest first.

    `allowed` are the roles of those who may sign, by the id of their account. Raises SpmigrateError when nobody has
    agreed, somebody else set the cell, there was nothing yet to agree to, or versions are missing between the one
    before it was set and the last: who set it, and whether it was taken back, is then not known.
    """
    if not versions or not versions[-1].agreed:
        raise SpmigrateError(
            f"nobody has agreed to {sheet_id} yet",
            hint=f"the owner chooses '{AGREE}' on the tab {TAB} of the workbook, and saves it",
        )
    before = next((n for n in range(len(versions) - 1, -1, -1) if not versions[n].agreed), -1)
    found = versions[before + 1]
    _refuse_gaps(versions[max(before, 0) :], sheet_id, whole=before >= 0)
    if found.editor_id not in allowed:
        raise SpmigrateError(
            f"'{AGREE}' was set by {found.editor or 'an account without a name'} (version {found.number}), not by"
            f" {' or '.join(sorted(set(allowed.values())))}",
            hint="the owner sets the cell to 'Not yet', saves, sets it to 'I agree' and saves again",
        )
    if not found.digest:
        raise SpmigrateError(
            f"{sheet_id} was agreed to before it said what there is to agree to (version {found.number})",
            hint=f"spmigrate mapping collect {sheet_id}, which writes it there; then the owner agrees again",
        )
    return found


def _refuse_gaps(versions: Sequence[SavedVersion], sheet_id: str, *, whole: bool) -> None:
    """Raise SpmigrateError unless these versions follow one another, from the one before the cell was set."""
    pairs = pairwise(versions)
    gap = next((f"between {one.number} and {two.number}" for one, two in pairs if not _follows(one, two)), "")
    if gap or not whole:
        raise SpmigrateError(
            f"versions of the workbook of {sheet_id} are missing {gap or f'before {versions[0].number}'}, so nobody can"
            " tell who agreed",
            hint="the owner sets the cell to 'Not yet', saves, sets it to 'I agree' and saves again",
        )


def _follows(one: SavedVersion, two: SavedVersion) -> bool:
    (major, minor), after = _counted(one), _counted(two)
    return after in ((major, minor + 1), (major + 1, 0))


def _counted(version: SavedVersion) -> tuple[int, int]:
    major, _, minor = version.number.partition(".")
    return int(major), int(minor or 0)
