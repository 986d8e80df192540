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
        self._ledger = ledger
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
                before = library_items.look(self._ledger, drive)
                try:
                    page = library_changes.read_page(self._tenant, self.library, before.link)
                except ReadingLost:
                    library_items.forget(self._ledger, drive)
                    continue
                last = {each.id: each for each in page.items}
                taken = library_items.keep_page(
                    self._ledger, drive, before,
                    present=[_item(each) for each in last.values() if not each.deleted],
                    absent=[each.id for each in last.values() if each.deleted],
                    link=page.link, whole=page.last,
                )  # fmt: skip
                if taken and page.last:
                    return

    def at(self, folder: str, name: str) -> tuple[LibraryItem | None, bool]:
        """What has a name in a folder, and whether a file is in the way of the folder."""
        found, missing = self._folder(folder)
        if missing:
            return None, found is not None and not found.folder
        parent = found.id if found else self.library.root_id
        if found is not None and not found.folder:
            return None, True
        return library_items.child(self._ledger, self.library.drive_id, parent, fold(name)), False

    def by_id(self, item_id: str) -> LibraryItem | None:
        """What has an id of the destination's own."""
        return library_items.by_id(self._ledger, self.library.drive_id, item_id)

    def by_unique_id(self, file_id: str) -> LibraryItem | None:
        """What has an id of packages."""
        return library_items.by_unique_id(self._ledger, self.library.drive_id, file_id)

    def is_at(self, item: LibraryItem, folder: str, name: str) -> bool:
        """Whether an item lies in a folder under a name."""
        there, _ = self.at(folder, name)
        return there is not None and there.id == item.id

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
            self._ledger, self.home.list_id, known, highest=self._highest_number
        )
        found: dict[str, PackedFolder] = {}
        for each in ordered:
            above = each.rpartition("/")[0]
            parent = found[above].identity.file_id if above else self.home.root_id
            found[each] = PackedFolder(wanted[each], identities[each], parent, made=there[each] is None)
        return found

    def identities(self, transfers: Sequence[Transfer]) -> Mapping[int, Identity]:
        """The ids of transfers' files: those of the copies to replace, where there are any."""
        known: dict[int, str] = {}
        for each in transfers:
            item = self.by_id(each.known_id) if each.known_id else None
            if item is not None and item.unique_id:
                known[each.id] = item.unique_id
        return package_identities.give_files(
            self._ledger, self.home.list_id, [each.id for each in transfers], known=known,
            highest=self._highest_number,
        )  # fmt: skip

    def _present(self, path: str) -> LibraryItem | None:
        found, missing = self._folder(path)
        return None if missing or found is None or not found.folder else found

    def _folder(self, path: str) -> tuple[LibraryItem | None, Sequence[str]]:
        return library_items.folder_at(self._ledger, self.library.drive_id, self.library.root_id, path, fold)

    def _highest_number(self) -> int:
        return packages.highest_number(self._tenant, self.facts)


def _item(each: Stored) -> LibraryItem:
    found = _UNIQUE.match(each.etag)
    return LibraryItem(
        each.id, each.parent_id, fold(each.name), each.folder, each.size, each.modified, each.etag, each.quickxor,
        found[1].lower() if found else "",
    )  # fmt: skip
