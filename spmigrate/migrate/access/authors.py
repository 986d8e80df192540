"""Who the owners of originals are in the tenant: by the table of users, then by the directory, then by a stand-in."""

from collections.abc import Iterator

from spmigrate.registers.user_map import UserMap
from spmigrate.store import stamps
from spmigrate.store.ledger import Ledger
from spmigrate.store.stamps import DIRECTORY, FALL_BACK, MAPPED, UNKNOWN
from spmigrate.store.waves import Wave
from spmigrate.tenant import accounts
from spmigrate.tenant.session import Tenant


def find(ledger: Ledger, wave: Wave, tenant: Tenant, *, users: UserMap, fall_back: str | None) -> None:
    """Look up the owners of a wave's files, each once, before they move. Raises TenantError.

    Nobody becomes the author by guessing: whom nobody knows is noted, and `fall_back` stands in, if there is one.
    """
    owners = stamps.owners(ledger, wave)
    mapped = {each: found.login for each in owners if (found := users.find([each])) is not None and not found.group}
    sids = [each for each in owners if each not in mapped and each.startswith("S-1-5-21-")]
    known = accounts.people_by_sid(tenant, sids)
    stamps.put_authors(ledger, wave, _found(owners, mapped, known, fall_back))


def _found(
    owners: list[str], mapped: dict[str, str], known: dict[str, str], fall_back: str | None
) -> Iterator[tuple[str, str | None, str]]:
    for each in owners:
        if each in mapped:
            yield each, mapped[each], MAPPED
        elif each in known:
            yield each, known[each], DIRECTORY
        elif fall_back:
            yield each, fall_back, FALL_BACK
        else:
            yield each, None, UNKNOWN
