"""The library of a package: what lies in it, what may be put where, and under which ids.

What the library holds is kept in the ledger and brought up to date by its log of changes: one request for all that
arrived since, whatever the number of batches and files.
"""

import re
import threading
from collections.abc import Iterable, Mapping, Sequence

from spmigrate.migrate.package.contents import Home, PackedFolder
from spmigrate.migrate.target import fold
from spmigrate.store import library_items, package_identities
from spmigrate.store.batches import Batch, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.store.library_items import LibraryItem
from spmigrate.store.package_identities import Identity
from spmigrate.tenant import files, library_changes, packages
from spmigrate.tenant.files import Stored
from spmigrate.tenant.library_changes import ReadingLost
from spmigrate.tenant.session import Tenant

_UNIQUE = re.compile(r'"?\{?([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}?,')


class PackageTarget:
    """One library. Safe between threads."""

    def __init__(self, tenant: Tenant, ledger: Ledger, batch: Batch) -> None:
        """Find the library of a batch. Raises TenantError."""
        self._tenant = tenant
        self.ledger = ledger
        self._lock = threading.Lock()
        self.library = files.open_library(tenant, batch.site, batch.library)
        self.facts = packages.list_facts(tenant, self.library)
        self.home = Home(
            site_url=self.facts.site_url, web=batch.site, web_id=self.facts.web_id, list_id=self.facts.list_id,
            root_id=self.facts.root_id, title=self.facts.title, leaf=batch.library,
        )  # fmt: skip

    def refresh(self) -> None:
        """Take in what has changed in the library since the last look. Raises TenantError."""
        drive = self.library.drive_id
        with self._lock:
            while True:
                before = library_items.look(self.ledger, drive)
                try:
                    page = library_changes.read_page(self._tenant, self.library, before.link)
                except ReadingLost:
                    library_items.forget(self.ledger, drive)
                    continue
                last = {each.id: each for each in page.items}
                taken = library_items.keep_page(
                    self.ledger, drive, before,
                    present=[_item(each) for each in last.values() if not each.deleted],
                    absent=[each.id for each in last.values() if each.deleted],
                    link=page.link, whole=page.last,
                )  # fmt: skip
                if taken and page.last:
                    return

    def view(self, transfers: Iterable[Transfer], file_ids: Iterable[str] = ()) -> "View":
        """What lies under the names of transfers and has their ids, as of the last refresh."""
        return View(self, list(transfers), list(file_ids))

    def folders(self, paths: Iterable[str]) -> dict[str, PackedFolder]:
        """The folders of paths below the library and all above them, parents first, with their ids, by folded path."""
        wanted: dict[str, str] = {}
        for path in sorted(set(paths)):
            parts = path.split("/") if path else []
            for depth in range(1, len(parts) + 1):
                wanted.setdefault(fold("/".join(parts[:depth])), "/".join(parts[:depth]))
        ordered = sorted(wanted, key=lambda each: (each.count("/"), each))
        there = {each: self._present(wanted[each]) for each in ordered}
        known = {each: item.unique_id if item else "" for each, item in there.items()}
        identities = package_identities.give_folders(
            self.ledger, self.home.list_id, known, highest=self._highest_number
        )
        found: dict[str, PackedFolder] = {}
        for each in ordered:
            above = each.rpartition("/")[0]
            parent = found[above].identity.file_id if above else self.home.root_id
            found[each] = PackedFolder(wanted[each], identities[each], parent, made=there[each] is None)
        return found

    def identities(self, transfers: Sequence[Transfer]) -> Mapping[int, Identity]:
        """The ids of transfers' files: those of the copies to replace, where there are any."""
        wanted = [each.known_id for each in transfers if each.known_id]
        there = library_items.by_ids(self.ledger, self.library.drive_id, wanted)
        known = {
            each.id: there[each.known_id].unique_id for each in transfers if each.known_id and each.known_id in there
        }
        return package_identities.give_files(
            self.ledger, self.home.list_id, [each.id for each in transfers], known=known,
            highest=self._highest_number,
        )  # fmt: skip

    def children(self, parent_id: str, keys: Sequence[str]) -> dict[str, LibraryItem]:
        """What has these names, folded, in a folder."""
        return library_items.children(self.ledger, self.library.drive_id, parent_id, keys)

    def _present(self, path: str) -> LibraryItem | None:
        found, missing = self.folder(path)
        return None if missing or found is None or not found.folder else found

    def folder(self, path: str) -> tuple[LibraryItem | None, Sequence[str]]:
        """The deepest part of a path that is there, and the names that are missing below it."""
        return library_items.folder_at(self.ledger, self.library.drive_id, self.library.root_id, path, fold)

    def _highest_number(self) -> int:
        return packages.highest_number(self._tenant, self.facts)


class View:
    """A part of a library as the ledger has it, read at once: a batch asks for hundreds of names."""

    def __init__(self, target: PackageTarget, transfers: Sequence[Transfer], file_ids: Sequence[str]) -> None:
        """Use `PackageTarget.view`."""
        self._parents: dict[str, tuple[str | None, bool]] = {}
        self._children: dict[tuple[str, str], LibraryItem] = {}
        names: dict[str, list[str]] = {}
        for each in transfers:
            parent, _ = self._parent(target, each.target_folder)
            if parent is not None:
                names.setdefault(parent, []).append(fold(each.target_name))
        drive = target.library.drive_id
        for parent, keys in names.items():
            for key, item in target.children(parent, keys).items():
                self._children[parent, key] = item
        known = [each.known_id for each in transfers if each.known_id]
        self._by_id = library_items.by_ids(target.ledger, drive, known)
        self._by_unique_id = library_items.by_unique_ids(target.ledger, drive, file_ids)

    def at(self, transfer: Transfer) -> tuple[LibraryItem | None, bool]:
        """What has the name of a transfer's file, and whether a file is in the way of its folder."""
        parent, in_the_way = self._parents[transfer.target_folder]
        return (None if parent is None else self._children.get((parent, fold(transfer.target_name)))), in_the_way

    def known(self, transfer: Transfer) -> LibraryItem | None:
        """The copy that a transfer is to replace or rename."""
        return self._by_id.get(transfer.known_id or "")

    def by_unique_id(self, file_id: str) -> LibraryItem | None:
        """What has an id of packages."""
        return self._by_unique_id.get(file_id)

    def _parent(self, target: PackageTarget, folder: str) -> tuple[str | None, bool]:
        """The id of a folder that is there, and whether there is a file in its place or above it."""
        if folder not in self._parents:
            found, missing = target.folder(folder)
            in_the_way = found is not None and not found.folder
            there = found.id if found else target.library.root_id
            self._parents[folder] = (None if missing or in_the_way else there, in_the_way)
        return self._parents[folder]


def _item(each: Stored) -> LibraryItem:
    found = _UNIQUE.match(each.etag)
    return LibraryItem(
        each.id, each.parent_id, fold(each.name), each.folder, each.size, each.modified, each.etag, each.quickxor,
        found[1].lower() if found else "",
    )  # fmt: skip
