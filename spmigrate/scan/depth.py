"""How deep a scan looks, beyond names: into what files contain, over their bytes, at who may open them.

A file that is as an earlier scan found it is not opened again. An offline stub is never opened: that would fetch it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from spmigrate.scan import access, checks, contents, walk
from spmigrate.scan.contents import Wanted
from spmigrate.scan.place import Place
from spmigrate.store.inventory import Source
from spmigrate.store.listing import Access, Attribute, Content, Entry, Found, Known, Listing, Remark, join

_BYTES_OF_ONE_ENTRY = 50_000
"""Bytes that are read in the time in which one more name is scanned, roughly."""


@dataclass(frozen=True, slots=True)
class Depth:
    """What a scan asks of each folder and file of a place; `beside` puts entries beside what was kept of them."""

    place: Place
    source: Source
    beside: Callable[[Found, Sequence[Entry]], Iterable[tuple[Sequence[Entry], Mapping[bytes, Known]]]]

    def add(self, listing: Listing) -> Listing:
        """The listing with all that was asked for."""
        source = self.source
        told = {raw: Content(None, digest, looked=False) for raw, digest in self.place.digests.items()}
        if source.look_inside or source.hashes:
            listing = self._contents(listing)
        if told:
            listing = replace(listing, contents={**told, **listing.contents})
        if source.access:
            listing = self._access(listing)
        return listing

    def weight(self, listing: Listing) -> int:
        """How many entries' worth of time went into the contents of a listing."""
        read = {raw for raw, content in listing.contents.items() if content.read}
        return sum(e.size for e in listing.entries if e.raw in read) // _BYTES_OF_ONE_ENTRY if read else 0

    def _contents(self, listing: Listing) -> Listing:
        folder = listing.folder
        found: dict[bytes, Content] = {}
        remarks, inside = list(listing.remarks), list(listing.inside)
        for entry, was in self._beside(folder, listing.entries):
            wanted = self._wanted(entry, was)
            if wanted is None:
                continue
            path = join(folder.raw, entry.raw)
            said = contents.examine(entry.name, entry.size, partial(self.place.open, path), wanted)
            unread = [message for code, message in said.remarks if code == "UNREADABLE"]
            remarks += [checks.remark(entry, "UNREADABLE", message) for message in unread]
            inside += [checks.remark(entry, *each) for each in said.remarks if each[0] != "UNREADABLE"]
            found[entry.raw] = Content(said.sha256, said.quickxor, wanted.look_inside and not unread)
        return replace(listing, remarks=remarks, inside=inside, contents=found)

    def _beside(self, folder: Found, entries: Sequence[Entry]) -> Iterator[tuple[Entry, Known | None]]:
        for part, known in self.beside(folder, entries):
            for entry in part:
                yield entry, None if folder.new else known.get(entry.raw)

    def _wanted(self, entry: Entry, was: Known | None) -> Wanted | None:
        """What is still to be read of a file; None for nothing."""
        if entry.kind != "file" or entry.reason is not None or entry.attributes & Attribute.OFFLINE:
            return None
        look_inside, hashes = self.source.look_inside and entry.size > 0, self.source.hashes
        if was is not None and was.is_same(entry):
            look_inside = look_inside and was.looked_scan is None
            hashes = hashes and was.sha256 is None
        return Wanted(look_inside, hashes) if look_inside or hashes else None

    def _access(self, listing: Listing) -> Listing:
        remarks = list(listing.remarks)
        own = self._access_of(listing.folder.raw, None, remarks, top=not listing.folder.raw)
        files: dict[bytes, Access] = {}
        if self.source.access == "files":
            for entry in listing.entries:
                if entry.kind != "file" or entry.reason is not None:
                    continue
                found = self._access_of(join(listing.folder.raw, entry.raw), entry, remarks, top=False)
                if found is not None:
                    files[entry.raw] = found
        return replace(listing, remarks=remarks, access=own, item_access=files)

    def _access_of(self, raw: bytes, entry: Entry | None, remarks: list[Remark], *, top: bool) -> Access | None:
        try:
            found = self.place.access(raw)
        except OSError as error:
            text = f"The scan could not read who may open this: {walk.reason(error)}."
            remarks.append(checks.remark(entry, "ACL-UNSEEN", text))
            return None
        if found is not None:
            remarks += [checks.remark(entry, *each) for each in access.findings(found, top=top)]
        return found
