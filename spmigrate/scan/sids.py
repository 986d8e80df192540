"""A table of accounts for shares that are mounted: a mount tells numbers of accounts, and nobody to ask for names."""

from collections.abc import Mapping
from pathlib import Path

from spmigrate.errors import InputError, Problem
from spmigrate.formats import records

FILE_NAME = "sids.csv"
_KINDS = ("user", "group")


def read(path: Path) -> Mapping[str, tuple[str, str]]:
    """Names and kinds by SID, out of columns sid, name and kind; none where there is no such file.

    A SID without a name is one that the directory does not know any more. Raises InputError.
    """
    if not path.exists():
        return {}
    listed = records.read(path, wanted=("sid",))
    found: dict[str, tuple[str, str]] = {}
    problems = list(listed.problems)
    for row in listed.rows:
        values = {key.strip().casefold(): str(value) for key, value in row.values.items()}
        sid, kind = values.get("sid", ""), values.get("kind", "").casefold()
        if not sid.startswith("S-1-"):
            problems.append(Problem(row.where, f"'{sid}' is no SID", "it begins with S-1-"))
        else:
            found[sid] = (values.get("name", ""), kind if kind in _KINDS else "unknown")
    if problems:
        raise InputError(f"{path.name} cannot be used", problems)
    return found
