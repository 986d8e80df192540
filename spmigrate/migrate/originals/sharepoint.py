"""Files of SharePoint that go to another of its sites by hand: new content for a copy that is there already."""

from collections.abc import Iterator

from spmigrate.errors import AccessDenied, NotFound, SpmigrateError
from spmigrate.migrate import codes
from spmigrate.migrate.original import Original, SourceProblem, gone
from spmigrate.tenant import copy_jobs, folders, transfer
from spmigrate.tenant.files import Library
from spmigrate.tenant.folders import Listed
from spmigrate.tenant.session import Tenant


class SharePointOriginal(Original):
    """A file of a library, read in ranges."""

    def __init__(self, tenant: Tenant, root: str, path: bytes, name: bytes) -> None:
        """Find `name` in the folder `path` below the address `root`.

        Raises SourceProblem, SpmigrateError for a site that went, and TenantError.
        """
        self._tenant = tenant
        self._name = name.decode()
        self._root = root
        try:
            self._folder = copy_jobs.find_folder(tenant, root, path.decode())
            found = self._item()
        except NotFound:
            raise self._missing() from None
        except AccessDenied as error:
            raise SourceProblem(codes.SOURCE_UNREADABLE, error.message) from None
        super().__init__(found.size, found.modified_ns)
        library = Library("", self._folder.library, self._folder.drive_id, "")
        self._pieces: Iterator[bytes] = transfer.ranges(tenant, library, found.id)
        self._rest = b""

    def close(self) -> None:
        """Nothing is held open between ranges."""

    def _read(self, length: int) -> bytes:
        while len(self._rest) < length:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._rest += piece
        taken, self._rest = self._rest[:length], self._rest[length:]
        return taken

    def _look(self) -> tuple[int, int]:
        try:
            found = self._item()
        except NotFound:
            raise self._missing() from None
        return found.size, found.modified_ns

    def _item(self) -> Listed:
        inside = "/".join(filter(None, (self._folder.path, self._name)))
        return folders.item(self._tenant, self._folder.drive_id, inside)

    def _missing(self) -> SourceProblem | SpmigrateError:
        try:
            copy_jobs.find_home(self._tenant, self._root)
        except NotFound:
            return gone(self._root)
        return SourceProblem(codes.SOURCE_VANISHED, codes.SOURCE_VANISHED.title)
