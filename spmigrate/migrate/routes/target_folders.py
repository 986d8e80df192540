"""The folders of one library, as a run knows them: looked up and made once, when they are first needed."""

import threading

from spmigrate.errors import TenantError, Unavailable
from spmigrate.tenant import files
from spmigrate.tenant.files import Library
from spmigrate.tenant.session import Tenant

_REMEMBERED = 50_000
"""Folders whose ids are kept at hand; memory stays flat however many a library has."""


class Folders:
    """The folders of one library. Safe between threads."""

    def __init__(self, tenant: Tenant, library: Library) -> None:
        self.tenant = tenant
        self.library = library
        self._lock = threading.Lock()
        self._ids: dict[str, str] = {"": library.root_id}
        self._failures = 0

    def id_of(self, path: str) -> str:
        """The id of a folder below the library. Raises TenantError."""
        known = self._ids.get(path)
        if known is not None:
            return known
        failures = self._failures
        with self._lock:
            if self._failures != failures:
                raise Unavailable("its folder could not be made: the service does not answer")
            try:
                return self._ensure(path)
            except TenantError as error:
                # Those who wait here would only ask the same in turn, for minutes each.
                self._failures += error.transient
                raise

    def forget(self) -> None:
        """Look all folders up anew: one that was known has gone."""
        with self._lock:
            self._ids = {"": self.library.root_id}

    def _ensure(self, path: str) -> str:
        if path not in self._ids:
            parent, _, name = path.rpartition("/")
            parent_id = self._ensure(parent)
            if len(self._ids) >= _REMEMBERED:
                self._ids = {"": self.library.root_id, parent: parent_id}
            self._ids[path] = files.ensure_folder(self.tenant, self.library, parent_id, name)
        return self._ids[path]
