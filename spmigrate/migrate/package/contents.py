"""What is in a package: the library that it is for, the folders on the way, and its files."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from spmigrate.migrate.stamp import Stamp
from spmigrate.store.package_identities import Identity


@dataclass(frozen=True, slots=True)
class Home:
    """The library of a package. `web` is the web's address below the tenant (`/sites/t-a3w9c`), `leaf` the library's
    own part of it; ids are the target's own."""

    site_url: str
    web: str
    web_id: str
    list_id: str
    root_id: str
    title: str
    leaf: str

    @property
    def address(self) -> str:
        """The library's address below the tenant."""
        return f"{self.web.rstrip('/')}/{self.leaf}"


@dataclass(frozen=True, slots=True)
class PackedFolder:
    """A folder on the way to a file, by its path below the library; `made` when it is not there yet."""

    path: str
    identity: Identity
    parent_id: str
    made: bool = True

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a package: where it goes, what it carries, and which blob or member of an archive holds it."""

    path: str
    identity: Identity
    parent_id: str
    blob: str
    stamp: Stamp

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """All but the last part of its path."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip of small files, by the name of its blob and the digest of its plain bytes."""

    name: str
    checksum: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in a package. Folders stand before those that lie in them."""

    home: Home
    folders: Sequence[PackedFolder]
    documents: Sequence[Document]
    archives: Sequence[Archive] = field(default=())
