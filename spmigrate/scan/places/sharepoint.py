"""A site or a library of SharePoint, read through Microsoft Graph, a folder at a time."""

import errno
import tempfile
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import BinaryIO, TypeVar, cast

from spmigrate.errors import AccessDenied, NotFound, SpmigrateError, TenantError
from spmigrate.scan import walk
from spmigrate.store.entries import Entries
from spmigrate.store.listing import Access, Entry, Right
from spmigrate.tenant import folders, transfer
from spmigrate.tenant.files import Library
from spmigrate.tenant.folders import Home, Listed
from spmigrate.tenant.session import Tenant

T = TypeVar("T")

_IN_MEMORY = 8 << 20
_raw = attrgetter("raw")
_LEVELS = {"owner": "full", "write": "change", "read": "read"}


class SharePointPlace:
    """A site with its libraries as folders, or one library, or a folder of it."""

    kind = "sharepoint"
    reservations: tuple[str, ...] = ()

    def __init__(self, tenant: Tenant, home: Home, library: str, folder: str) -> None:
        """Looks at the root: the site when `library` is empty. Raises TenantError and OSError."""
        self._tenant = tenant
        self._home = home
        self._folder = folder
        self._drives = {each.name: each for each in folders.drives(tenant, home.id)}
        self._library = self._named(library) if library else ""
        self._digests: dict[bytes, str] = {}
        self.path = "/".join(filter(None, (home.url.rstrip("/"), self._library, folder)))
        self.directory = self._identity()
        self.empty = not self.read(b"")[0]

    def check_present(self) -> None:
        """Raise SpmigrateError when another site, library or folder, or none, lies at the address by now."""
        hint = "see that the site is there, then run the same command: the scan goes on"
        try:
            if self._identity() == self.directory:
                return
        except TenantError as error:
            raise SpmigrateError(f"{self.path} has gone during the scan: {error.message}", hint=hint) from None
        raise SpmigrateError(f"{self.path} is not what it was when the scan began", hint=hint)

    def read(self, raw: bytes) -> tuple[Entries, int]:
        """The entries of a folder in the order of their bytes; when it was modified is not told. Raises OSError."""
        library, path = self._split(raw)
        if not library:
            found = [
                Entry(name.encode(), name, "folder", 0, each.modified_ns, each.created_ns, None, 0, each.id)
                for name, each in self._drives.items()
            ]
            return Entries.of(sorted(found, key=_raw)), 0
        listed = self._ask(lambda: list(folders.children(self._tenant, self._drive(library), path)))
        self._digests = {each.name.encode(): each.quickxor for each in listed if each.quickxor}
        return Entries.of(sorted(map(_entry, listed), key=_raw)), 0

    @property
    def digests(self) -> Mapping[bytes, str]:
        """QuickXorHash of the files of the folder that was read last, as the service says it, in base64."""
        return self._digests

    def has_left(self, raw: bytes) -> bool:
        """Whether a folder that was found and is not there now was surely taken away. Raises OSError if unsure."""
        above, _, name = raw.rpartition(b"/")
        try:
            return name not in {entry.raw for entry in self.read(above)[0]}
        except FileNotFoundError:
            if not above:
                raise
            return self.has_left(above)

    def open(self, raw: bytes) -> BinaryIO:
        """A file's content, fetched whole: in memory when it is small, else in a file that goes. Raises OSError."""
        library, path = self._split(raw)
        content = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes it

        def fetch() -> None:
            drive = self._drive(library)
            found = folders.item(self._tenant, drive, path)
            transfer.download(self._tenant, Library("", library, drive, ""), found.id, content)

        try:
            self._ask(fetch)
        except BaseException:
            content.close()
            raise
        content.seek(0)
        return cast("BinaryIO", content)

    def access(self, raw: bytes) -> Access | None:
        """Who was given what on a folder or file; None for the site itself. Raises OSError."""
        library, path = self._split(raw)
        if not library:
            return None
        given = self._ask(lambda: list(folders.grants(self._tenant, self._drive(library), path)))
        rights = tuple(
            Right(each.who, each.name, each.kind, allows=True, level=_LEVELS.get(each.role, "special"),
                  inherited=each.inherited)
            for each in given
        )  # fmt: skip
        return Access("", any(each.inherited for each in given) or not given, tuple(dict.fromkeys(rights)))

    def _split(self, raw: bytes) -> tuple[str, str]:
        """The library and the path in it; no library for the site itself."""
        text = raw.decode()
        if self._library:
            return self._library, "/".join(filter(None, (self._folder, text)))
        library, _, path = text.partition("/")
        return library, path

    def _drive(self, library: str) -> str:
        return self._drives[library].id

    def _named(self, library: str) -> str:
        """The library of this name, in the spelling of its address."""
        known = {name.casefold(): name for name in self._drives}
        if library.casefold() not in known:
            there = ", ".join(sorted(self._drives)) or "none"
            raise NotFound(f"{self._home.url} has no library '{library}'", hint=f"there are: {there}", status=404)
        return known[library.casefold()]

    def _identity(self) -> str:
        if not self._library:
            return folders.find_site(self._tenant, self._home.url).id
        return folders.item(self._tenant, self._drive(self._library), self._folder).id

    def _ask(self, query: Callable[[], T]) -> T:
        """Ask, with refusals as errors of the operating system. What ends a run is raised as it is."""
        try:
            return query()
        except AccessDenied as error:
            raise OSError(errno.EACCES, error.message) from None
        except NotFound as error:
            raise OSError(errno.ENOENT, error.message) from None
        except TenantError as error:
            if error.fatal or error.transient:
                raise
            raise OSError(errno.EIO, error.message) from None


def find(text: str, tenant: Tenant) -> SharePointPlace:
    """The site, library or folder at an address, as it stands in a browser. Raises SpmigrateError."""
    home = folders.find_site(tenant, text)
    library, *inside = home.rest or ("",)
    try:
        return SharePointPlace(tenant, home, library, "/".join(inside))
    except OSError as error:
        raise SpmigrateError(f"{text} cannot be scanned: {walk.reason(error)}", hint="name a site or library") from None


def _entry(listed: Listed) -> Entry:
    return Entry(
        listed.name.encode(), listed.name, listed.kind, listed.size, listed.modified_ns, listed.created_ns, None, 0,
        listed.id,
    )  # fmt: skip
