"""What a row stands for in the scan, how much of it may change under a signature, and the digest that is signed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from spmigrate.store import row_sample

CHANGE_PERCENT = 5
"""Below this share of files that came, went or were replaced, a signed row stays signed, unless the policy differs."""


@dataclass(frozen=True, slots=True)
class RowIdentity:
    """The content of a row as a scan saw it: the folder and, in scope `tree`, all below it that no other row covers.

    `folders` is a digest of the paths of its folders, `findings` one of everything that the wave will do otherwise
    than copying as it is (renames with the new name, skips, routes, blocks) and of names that look sensitive. `sample`
    holds the files whose hash lies below `bound`, as they were when the scan started at `looked_ns`. `access` is a
    digest of who may open its folders, empty where the scan did not read that.
    """

    items: int = 0
    bytes: int = 0
    newest_ns: int | None = None
    folders: str = ""
    findings: str = ""
    looked_ns: int = 0
    bound: int = row_sample.WHOLE
    sample: str = ""
    access: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """From the JSON that the ledger holds. Raises ValueError or TypeError when it is damaged."""
        found = cls(**json.loads(text))
        row_sample.unpack(found.sample)
        return found

    def as_text(self) -> str:
        """The JSON that the ledger holds."""
        return canonical(asdict(self))


def difference(signed: RowIdentity, present: RowIdentity, *, percent: int = CHANGE_PERCENT) -> str | None:
    """Why content that was signed must be looked at again, in plain words; None while the signature holds.

    Files may be edited, and fewer than `percent` of them may come, go or be replaced by older ones, taken together. A
    new, lost or renamed folder, another circle of people who may open one, or any change in what would be renamed,
    skipped, routed or refused, needs the owner again.
    """
    if present.folders != signed.folders:
        return "folders were added, renamed or removed"
    if present.findings != signed.findings:
        return "what has to be renamed or left behind, or what looks sensitive, has changed"
    if signed.access and present.access and present.access != signed.access:
        return "who may open its folders has changed"
    changed, text = _turnover(signed, present)
    return text if changed and changed * 100 >= percent * signed.items else None


def growth(signed: RowIdentity, present: RowIdentity) -> str | None:
    """What came and went since a row was signed, too little to end the signature; None when nothing did."""
    changed, text = _turnover(signed, present)
    return text if changed else None


def _turnover(signed: RowIdentity, present: RowIdentity) -> tuple[int, str]:
    """How many files came, went or were replaced, and the same in words. Counts both ways, never the net."""
    below = min(signed.bound, present.bound)
    lost = row_sample.lost(signed.sample, present.sample, below=below, looked_ns=signed.looked_ns)
    growth = present.items - signed.items
    share = signed.items / lost.of if lost.of else 0.0
    gone = max(round(lost.gone * share), -growth)
    replaced, came = round(lost.replaced * share), growth + gone
    changed = gone + replaced + came
    about = "" if below == row_sample.WHOLE else "about "
    return (
        changed,
        f"of {signed.items:,} files, {about}{gone + replaced:,} went or were replaced, and {about}{came:,} came",
    )


def canonical(value: Any) -> str:
    """JSON in the one form that digests are made of: sorted keys, no spaces, Unicode as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(value: Any) -> str:
    """SHA-256 over the canonical form, as hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def row_digest(
    row_id: str, path: str, scope: str, owner: str, identity: RowIdentity, meaning: Mapping[str, Any]
) -> str:
    """The digest that an owner signs: the row, who owns it, what it holds, and every answer that has a consequence."""
    return sha256(row_form(row_id, path, scope, owner, identity, meaning))


def row_form(
    row_id: str, path: str, scope: str, owner: str, identity: RowIdentity, meaning: Mapping[str, Any]
) -> dict[str, Any]:
    """The canonical form of a row: what its digest is the SHA-256 of.

    It names the folder, so that a row which the ledger points at another folder has another digest.
    """
    content = asdict(identity)
    if not identity.access:
        del content["access"]  # forms that were signed before scans read it stay as they are
    return {
        "row": row_id,
        "folder": path,
        "scope": scope,
        "owner": owner,
        "identity": content,
        "meaning": dict(meaning),
    }


def sheet_digest(digests: Mapping[str, str]) -> str:
    """One digest for many rows, whatever their order: `digests` maps row ids to row digests."""
    return sha256(sorted(digests.items()))
