"""Agreeing in the workbook itself, where it lies in a library: which saved version is the signature. Pure.

A name in a cell proves nothing. That the service says whose account saved the version in which the cell was set does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spmigrate.errors import SpmigrateError

QUESTION = "Do you agree?"
AGREE, NOT_YET = "I agree", "Not yet"
TAB = "Sign-off"
HEADINGS = ("Digest", "What you are asked to agree to", QUESTION)


@dataclass(frozen=True, slots=True)
class Presented:
    """What the owner is asked to agree to: the paragraph, and the digest of exactly these rows."""

    digest: str = ""
    statement: str = ""


@dataclass(frozen=True, slots=True)
class SavedVersion:
    """A version of a workbook: who saved it when, in the service's own words, and what its sign-off tab says."""

    number: str
    at: str
    editor: str
    editor_id: str
    digest: str
    agreed: bool


def signature(versions: Sequence[SavedVersion], allowed: Mapping[str, str], *, sheet_id: str) -> SavedVersion:
    """The version that signs: the one in which the cell was set that is still set. `versions` are oldest first.

    `allowed` are the roles of those who may sign, by the id of their account. Raises SpmigrateError when nobody has
    agreed, somebody else set the cell, or there was nothing yet to agree to.
    """
    if not versions or not versions[-1].agreed:
        raise SpmigrateError(
            f"nobody has agreed to {sheet_id} yet",
            hint=f"the owner chooses '{AGREE}' on the tab {TAB} of the workbook, and saves it",
        )
    before = next((n for n in range(len(versions) - 1, -1, -1) if not versions[n].agreed), -1)
    found = versions[before + 1]
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
