"""After content has arrived: whether each row's folder is seen by exactly those who were signed, and has its label."""

from spmigrate.errors import NotFound, TenantError
from spmigrate.store import row_homes
from spmigrate.store.ledger import Ledger
from spmigrate.store.row_homes import AS_SIGNED, NARROWER, READY, UNSEEN, WIDER, RowHome
from spmigrate.store.waves import Wave
from spmigrate.tenant import files, row_folders
from spmigrate.tenant.files import Library
from spmigrate.tenant.row_folders import Sight
from spmigrate.tenant.session import Tenant

UNLABELLED = "label missing"


def look(ledger: Ledger, wave: Wave, tenant: Tenant) -> dict[str, int]:
    """Look at the folders of a wave's rows; returns how many are as signed, wider, narrower, unlabelled, not seen.

    What cannot be looked at is not seen, which is no pass. Raises fatal TenantErrors.
    """
    opened: dict[tuple[str, str], Library] = {}
    for home in row_homes.of_wave(ledger, wave):
        if home.state != READY:
            continue
        place = (home.site, home.library)
        try:
            if place not in opened:
                opened[place] = files.open_library(tenant, *place)
            seen, note = _judge(tenant, opened[place], home)
        except NotFound:
            seen, note = UNSEEN, "its folder is not there any more"
        except TenantError as error:
            if error.fatal or tenant.patience.silent:
                raise
            seen, note = UNSEEN, error.message
        row_homes.note_seen(ledger, wave, home.row_id, seen, note)
    return row_homes.counts(ledger, wave)


def compare(home: RowHome, sight: Sight) -> tuple[str, str]:
    """What a sight of a folder says beside what was given to it. Pure."""
    if not home.path:
        return AS_SIGNED, ""
    if home.own and not sight.own:
        return WIDER, "it inherits from its library, and was closed for others"
    if not home.own:
        return (NARROWER, "somebody gave it permissions of its own") if sight.own else (AS_SIGNED, "")
    more, less = sight.given - frozenset(home.given), frozenset(home.given) - sight.given
    if more:
        return WIDER, f"{len(more)} more may see or change it than was signed"
    if less:
        return NARROWER, f"{len(less)} of those who were signed may not see or change it any more"
    return AS_SIGNED, ""


def _judge(tenant: Tenant, library: Library, home: RowHome) -> tuple[str, str]:
    seen, note = compare(home, row_folders.look(tenant, library, home.path) if home.path else Sight(False, frozenset()))
    if seen in (WIDER, UNSEEN) or not home.label:
        return seen, note
    whole = row_folders.library_label(tenant, library)
    if not home.path:
        return (seen, note) if whole else (UNLABELLED, f"it should keep by '{home.label}': its library has no label")
    label = row_folders.label_of(tenant, library, home.folder_id) or whole
    if label != home.label:
        return UNLABELLED, f"it should keep by '{home.label}' and has {label or 'no label'}"
    return seen, note
