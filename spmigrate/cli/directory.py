"""Whether people are in the directory, asked while somebody types their names."""

from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from spmigrate.cli import tenants, view
from spmigrate.errors import SpmigrateError

if TYPE_CHECKING:
    from spmigrate.tenant.session import Tenant


class Directory:
    """Connects when it is first asked. Where nobody can look it has no objection: the plan looks again."""

    def __init__(self, session: view.Session, *, ask: bool) -> None:
        """Without `ask` the tenant is left alone."""
        self._session = session
        self._ask = ask
        self._open = ExitStack()
        self._tenant: Tenant | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def missing(self, logins: Iterable[str]) -> list[str]:
        """Those of the sign-in names that nobody has."""
        from spmigrate.tenant.site.people import is_known

        if not self._ask:
            return []
        try:
            if self._tenant is None:
                self._tenant = self._open.enter_context(tenants.connect(self._session))
            return [login for login in logins if "@" in login and not is_known(self._tenant, login)]
        except SpmigrateError as error:
            self._ask = False
            view.note(f"  whether people are in the directory could not be checked: {error.message}")
            return []
