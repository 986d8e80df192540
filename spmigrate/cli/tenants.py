"""The tenant of the working folder as every command reaches it: signed in, and paying from the app's one budget."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from spmigrate.cli import shared_moving, view

if TYPE_CHECKING:
    from spmigrate.config import Settings
    from spmigrate.store.allowance import Limits
    from spmigrate.store.pacing import SharedPurse, Spent
    from spmigrate.tenant.budget import Budget
    from spmigrate.tenant.session import Tenant

GOVERNANCE_PART = 0.25
"""How much of the app's budget checks use by themselves at most: there is work that is in more of a hurry."""


def connect(session: view.Session, *, workers: int = 1, part: float = 0.0) -> "Tenant":
    """The tenant, ready for so many threads. Raises ConfigError, and LedgerError where the pacing file is unusable.

    `part`: how much of the whole budget this command uses at most, from 0 to 1; 0 for as much as is there for all.
    """
    from spmigrate import config

    settings = config.tenant(session.settings)
    session.start_log()
    from spmigrate.tenant import session as tenants  # only now: it takes a second, which no refusal should cost

    rest_units = session.settings.config.migrate.rest_units
    return tenants.connect(settings, workers=workers, purse=purse(session, part=part), rest_units=rest_units)


def purse(session: view.Session, *, part: float = 0.0) -> "SharedPurse":
    """The purse of this command. Raises LedgerError."""
    from spmigrate.store.pacing import SharedPurse

    own = _whole(session.settings).part(part).minute if part else 0.0
    return SharedPurse(
        shared_moving.shelf(session), _app(session.settings), limits=limits(session.settings), own_minute=own
    )


def spent(session: view.Session) -> "Spent | None":
    """Where the app's budget stands; None where nothing has been used yet. Raises LedgerError. Needs no tenant."""
    from spmigrate.store import pacing

    if session.shared_ledger is None and not session.place.pacing.exists():
        return None
    shelf = shared_moving.shelf(session)
    try:
        return pacing.spent(shelf, _app(session.settings), limits(session.settings))
    finally:
        shelf.close()


def limits(settings: "Settings") -> "Callable[[float], Limits]":
    """What all programs together may use at a moment (seconds since 1970): a share of the budget, by the hour."""
    from spmigrate.store.allowance import Limits

    section = settings.config.migrate
    whole = _whole(settings)
    usual, quiet = (
        Limits(each.minute, each.day)
        for each in (whole.part(section.budget_share / 100), whole.part(section.off_peak_share / 100))
    )
    if not section.off_peak:
        return lambda _: usual
    from zoneinfo import ZoneInfo

    from spmigrate.migrate.windows import Windows

    hours = Windows(ZoneInfo(section.zone), section.off_peak, lambda _: ())
    known: dict[int, Limits] = {}

    def at(moment: float) -> Limits:
        minute = int(moment // 60)
        if minute not in known:
            known.clear()
            open_ = hours.open_until(datetime.fromtimestamp(minute * 60, UTC)) is not None
            known[minute] = quiet if open_ else usual
        return known[minute]

    return at


def _whole(settings: "Settings") -> "Budget":
    """The budget by the licences; without end for a rehearsal tenant that was told of none."""
    from spmigrate.tenant.budget import BUDGETS, COUNCIL, ENDLESS

    licences = settings.config.migrate.licences
    if licences is None:
        return BUDGETS[COUNCIL] if settings.config.tenant.rehearsal is None else ENDLESS
    return BUDGETS[licences]


def _app(settings: "Settings") -> str:
    """Whose budget it is: the app in its tenant."""
    section = settings.config.tenant
    if section.rehearsal is not None:
        return f"rehearsal {(settings.folder / section.rehearsal).resolve()}"
    return f"{section.tenant_id} {section.client_id}"
