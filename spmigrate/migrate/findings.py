"""What a wave is stopped for before its next file: what its last verification found, and quotas that run out."""

from spmigrate.migrate.access.looking import UNLABELLED
from spmigrate.migrate.stopping import Counters, Room
from spmigrate.migrate.verify import ANOTHER_DATE
from spmigrate.store import row_homes, verification, wave_changes
from spmigrate.store.ledger import Ledger
from spmigrate.store.row_homes import WIDER
from spmigrate.store.waves import Wave
from spmigrate.tenant import files
from spmigrate.tenant.session import Tenant


def of_last_look(ledger: Ledger, wave: Wave) -> Counters:
    """What the last verification of a wave found that nothing more may be added to; nothing before there was one."""
    seen = row_homes.files_seen(ledger, wave)
    return Counters(
        wider_permissions=seen.get(WIDER, 0),
        missing_labels=seen.get(UNLABELLED, 0),
        altered_dates=verification.count_noted(ledger, wave, ANOTHER_DATE),
        unexplained=verification.unexplained(ledger, wave, 0)[0],
    )


def rooms(ledger: Ledger, wave: Wave, tenant: Tenant) -> tuple[Room, ...]:
    """What is left of the quota of each site that a wave has still something to go to. Raises TenantError."""
    found: dict[str, Room] = {}
    for place in wave_changes.open_places(ledger, wave):
        if place.site not in found:
            left = files.quota(tenant, files.open_library(tenant, place.site, place.library))
            if left is not None:
                found[place.site] = Room(place.site, *left)
    return tuple(found.values())
