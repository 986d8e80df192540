"""What a file is to carry beside its content: people, dates, columns and grants, the same for every route."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from spmigrate.store.batches import Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.store.stamps import planned_dates

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
    """The stamp of each transfer, by its id: the dates that the scan saw, where nothing else was decided."""
    return {
        row["id"]: Stamp(
            author=None,
            editor=None,
            created_ns=row["modified_ns"] if row["created_ns"] is None else row["created_ns"],
            modified_ns=row["modified_ns"],
        )
        for row in planned_dates(ledger, [each.id for each in transfers])
    }
