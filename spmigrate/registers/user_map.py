"""Whom an account of a file server is in the tenant: the table that SPMT and Migration Manager read, too.

CSV without headings: sign-in name or SID, the user principal name or group in the tenant, TRUE for a group. Source:
Microsoft, "Create a user mapping file for SPMT".
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from spmigrate.errors import InputError, Problem
from spmigrate.words import folded

_COLUMNS = 3
_GROUP = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Mapped:
    """Somebody in the tenant: `login` is a user principal name, or for a group its name or id."""

    login: str
    group: bool = False


@dataclass(frozen=True, slots=True)
class UserMap:
    """Accounts of file servers, by SID or by name in any case, and who they are in the tenant."""

    entries: Mapping[str, Mapped] = field(default_factory=dict)

    def find(self, accounts: Iterable[str]) -> Mapped | None:
        """Who is meant by one of these names of an account; None when the table does not say."""
        return next((self.entries[folded(each)] for each in accounts if folded(each) in self.entries), None)


def read_user_map(path: Path) -> UserMap:
    """The table at `path`. Raises InputError with every line that cannot be used."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} cannot be read", [Problem(path.name, str(error))]) from None
    found: dict[str, Mapped] = {}
    problems: list[Problem] = []
    for number, cells in enumerate(csv.reader(text.splitlines()), start=1):
        values = [cell.strip() for cell in cells]
        if not any(values):
            continue
        where = f"{path.name}:{number}"
        if len(values) != _COLUMNS or not values[0] or not values[1] or values[2].lower() not in _GROUP:
            problems.append(Problem(where, "is not: account, who it is in the tenant, TRUE or FALSE for a group"))
        elif folded(values[0]) in found:
            problems.append(Problem(where, f"'{values[0]}' stands there twice"))
        else:
            found[folded(values[0])] = Mapped(values[1], _GROUP[values[2].lower()])
    if problems:
        raise InputError(f"{path.name} cannot be used", problems)
    return UserMap(found)
