"""What a file is to carry beside its content: people, dates, columns and grants, the same for every route."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from spmigrate.store import stamps as stored
from spmigrate.store.batches import Transfer
from spmigrate.store.ledger import Ledger, Row

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or a group of the tenant: `login` is the user principal name, or the id of a group.

    `system_id` is a SID in base64 or a PUID of 16 hexadecimal digits, where one is known: with it the service keeps the
    name of somebody who has left. `former`: has left.
    """

    login: str
    name: str = ""
    email: str = ""
    group: bool = False
    system_id: str = ""
    former: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """Who may do what with a file: `role` is a permission level's title, as in `Read` or `Contribute`."""

    principal: Principal
    role: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file is given. None for people leaves the app; None for grants leaves what the library has.

    Times are nanoseconds since 1970. `columns` are values by internal name, as the service takes them as text.
    """

    author: Principal | None
    editor: Principal | None
    created_ns: int
    modified_ns: int
    columns: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    grants: tuple[Granted, ...] | None = None


def stamps(ledger: Ledger, transfers: Sequence[Transfer]) -> Mapping[int, Stamp]:
    """The stamp of each transfer, by its id: the dates that the scan saw, the columns that its row names where the
    library does not fill them so by itself, and the owner of the original where copies are to name them."""
    return {row["id"]: _stamp(row) for row in stored.planned(ledger, [each.id for each in transfers])}


def _stamp(row: Row) -> Stamp:
    author = None if row["author"] is None else Principal(row["author"])
    return Stamp(
        author=author,
        editor=author,
        created_ns=row["modified_ns"] if row["created_ns"] is None else row["created_ns"],
        modified_ns=row["modified_ns"],
        columns=_NOTHING if row["columns"] is None else dict(json.loads(row["columns"])),
    )
