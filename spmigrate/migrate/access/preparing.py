"""Before content arrives: each row's folder is made, closed to everybody, and opened for those who may see it."""

from collections.abc import Callable
from dataclasses import replace

from spmigrate import log
from spmigrate.errors import Conflict, NotFound, Refused, SpmigrateError
from spmigrate.migrate import codes, consent
from spmigrate.store import row_homes, wave_changes
from spmigrate.store.ledger import Ledger
from spmigrate.store.row_homes import CLOSED, READY, REFUSED, RowHome
from spmigrate.store.waves import Wave
from spmigrate.tenant import files, row_folders
from spmigrate.tenant.files import Library
from spmigrate.tenant.row_folders import Field
from spmigrate.tenant.session import Tenant


def prepare(ledger: Ledger, wave: Wave, tenant: Tenant, *, ended: Callable[[], bool] = lambda: False) -> list[RowHome]:
    """Make the folders of the rows with something to move; returns those that the service refused.

    What a refused row has to move fails, and may be offered again. A run that died here is finished by the next one:
    a folder is open to nobody until it is as it was signed. Raises TenantError when the service does not answer, or a
    library is not there.
    """
    opened: dict[tuple[str, str], _Shelf] = {}
    still_open = set(wave_changes.open_rows(ledger, wave))
    refused: list[RowHome] = []
    for home in row_homes.of_wave(ledger, wave):
        if ended():
            break
        if home.row_id not in still_open or home.state == READY:
            continue
        place = (home.site, home.library)
        if place not in opened:
            opened[place] = _Shelf(tenant, files.open_library(tenant, *place))
        try:
            _make_ready(ledger, wave, opened[place], home)
        except (NotFound, Refused, Conflict) as error:
            refused.append(replace(home, note=error.message))
            row_homes.note_state(ledger, wave, home.row_id, REFUSED, note=error.message)
            log.logger().info("home.refused", row=home.row_id, reason=error.message)
    wave_changes.fail_rows(ledger, wave, {each.row_id: each.note for each in refused}, code=codes.HOME_REFUSED.code)
    return refused


def is_needed(ledger: Ledger, wave: Wave) -> bool:
    """Whether a row with something to move has a folder that is not as it was signed."""
    still_open = set(wave_changes.open_rows(ledger, wave))
    return any(home.row_id in still_open and home.state != READY for home in row_homes.of_wave(ledger, wave))


def check_batch(ledger: Ledger, wave: Wave, batch_id: int) -> None:
    """Raise SpmigrateError while a folder of a batch is not as it was signed: nothing is put where more may see it.

    Rows that were refused are offered again while other machines move the wave, and rounds begin that way, too.
    """
    rows = row_homes.not_ready(ledger, batch_id=batch_id)
    if rows:
        raise SpmigrateError(
            f"the folders of {consent.listed(rows)} are not yet as they were signed",
            hint=f"make them ready with: spmigrate wave run {wave.name}",
        )


class _Shelf:
    """A library with what is asked of it once."""

    def __init__(self, tenant: Tenant, library: Library) -> None:
        self.tenant = tenant
        self.library = library
        self._fields: dict[str, Field] | None = None
        self._label: str | None = None

    @property
    def fields(self) -> dict[str, Field]:
        """Its columns by their words, folded."""
        if self._fields is None:
            self._fields = row_folders.fields(self.tenant, self.library)
        return self._fields

    @property
    def label(self) -> str:
        """The retention label of all that is filed there."""
        if self._label is None:
            self._label = row_folders.library_label(self.tenant, self.library)
        return self._label


def _make_ready(ledger: Ledger, wave: Wave, shelf: _Shelf, home: RowHome) -> None:
    tenant, library = shelf.tenant, shelf.library
    # Who they are is asked first, so that nothing is closed for somebody who is not to be found.
    given = row_folders.resolve(tenant, home.site, home.grants) if home.own else []
    row_homes.note_state(ledger, wave, home.row_id, CLOSED, given=given)
    folder_id = row_folders.make(tenant, library, home.path)
    if home.own:
        row_folders.close(tenant, library, home.path)
        row_folders.give(tenant, library, home.path, given)
    if home.label and home.label != shelf.label:
        _label(shelf, home, folder_id)
    columns = _columns(shelf, home)
    row_homes.note_state(ledger, wave, home.row_id, READY, given=given, folder_id=folder_id, columns=columns)


def _label(shelf: _Shelf, home: RowHome, folder_id: str) -> None:
    """Label a row's folder. A row that fills its library keeps by the library's label, which the template decides."""
    if home.path:
        row_folders.put_label(shelf.tenant, shelf.library, folder_id, home.label)
    elif not shelf.label:
        raise Refused(
            f"the row keeps by '{home.label}', and it fills a library that has no label",
            hint="give the library a label in its site's template, or let the owner name a folder",
        )


def _columns(shelf: _Shelf, home: RowHome) -> list[tuple[str, str]]:
    """The columns that the row's files carry: those that the library has, where it does not fill them so by itself."""
    found = [(shelf.fields.get(title.casefold()), value) for title, value in home.columns]
    return [(field.name, value) for field, value in found if field is not None and field.default != value]
