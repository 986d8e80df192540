"""Originals into the containers of a package: small ones in archives, others as blobs of their own, one in memory.

What was sent is kept in the ledger with the digests of what was read, so that a run that goes on sends the rest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from spmigrate.errors import TenantError
from spmigrate.migrate import codes, office
from spmigrate.migrate.comparison import equal_bytes, equal_in_content
from spmigrate.migrate.job_codes import TOO_LARGE
from spmigrate.migrate.original import Original, SourceProblem
from spmigrate.migrate.originals import open_original
from spmigrate.migrate.package import archive, cipher
from spmigrate.migrate.package.archive import ArchiveWriter
from spmigrate.migrate.package.contents import Archive
from spmigrate.migrate.routes.package_choice import MOST_BYTES, left_out
from spmigrate.migrate.routes.package_target import PackageTarget
from spmigrate.model import Outcome
from spmigrate.quickxor import quickxor
from spmigrate.store import packages
from spmigrate.store.batches import Batch, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.store.library_items import LibraryItem
from spmigrate.store.package_identities import Identity
from spmigrate.store.packages import Package, PackedFile
from spmigrate.tenant import blobs
from spmigrate.tenant.packages import Containers
from spmigrate.tenant.session import Tenant

_KEPT_AT_ONCE = 32
_KEPT_BYTES = 16 * 1024 * 1024
_SECOND = 1_000_000_000
T = TypeVar("T")


@dataclass(slots=True)
class Load:
    """A package on its way into its containers."""

    tenant: Tenant
    ledger: Ledger
    batch: Batch
    package: Package
    containers: Containers
    files: dict[int, PackedFile]
    archives: list[Archive] = field(default_factory=list)

    def keep(self, files: Sequence[PackedFile], step: str = "") -> None:
        """Write down what was sent, or why something was not."""
        packages.put_files(self.ledger, self.batch, self.package, files, step)
        self.files.update({each.transfer_id: each for each in files})


def send(load: Load, transfers: Sequence[Transfer], identities: Mapping[int, Identity]) -> None:
    """Bring the content of transfers into the containers, as far as it is not there.

    Raises TenantError, ContainerGone among them, and SpmigrateError for a source that has gone as a whole.
    """
    waiting = {each.id: each for each in transfers if not _is_sent(load, each, identities[each.id])}
    if load.package.archives:
        sizes = {each.id: each.size for each in waiting.values()}
        for number, chosen in enumerate(archive.choose(sizes)):
            for done in _send_archive(load, f"pack{number}.zip", [waiting[each] for each in chosen], identities):
                del waiting[done]
    _send_blobs(load, list(waiting.values()), identities)


def compare(
    tenant: Tenant,
    target: PackageTarget,
    pairs: Sequence[tuple[Transfer, LibraryItem]],
    identities: Mapping[int, Identity],
) -> list[PackedFile]:
    """What lies at the destination under a transfer's name, beside its original: adopted when it is that.

    What came there by an earlier package of ours has the id that we gave: nobody else put it there.
    """
    return [
        replace(found, adopted=found.adopted and there.unique_id != identities[transfer.id].file_id)
        for transfer, there in pairs
        for found in [_compare(tenant, target, transfer, there)]
    ]


def _is_sent(load: Load, transfer: Transfer, identity: Identity) -> bool:
    known = load.files.get(transfer.id)
    return known is not None and known.blob == known.file_id == identity.file_id


def _send_archive(
    load: Load, name: str, transfers: Sequence[Transfer], identities: Mapping[int, Identity]
) -> list[int]:
    """Send small files together; returns those that are done with. What has grown meanwhile is left to others."""
    writer, sent, refused = ArchiveWriter(), [], []
    for each in transfers:
        try:
            found = _read_small(each, room=archive.MOST_BYTES - writer.size)
        except SourceProblem as problem:
            refused.append(_without_original(each, problem))
            continue
        if found is not None:
            content, read = found
            identity = identities[each.id].file_id
            writer.add(identity, content)
            sent.append(_packed(each.id, identity, name, read))
    if sent:
        plain = writer.close()
        load.archives.append(Archive(name, quickxor(plain), tuple(writer.members)))
        vector = cipher.new_vector()
        content = cipher.encrypt(plain, load.containers.key, vector)
        del plain
        blobs.put(load.tenant, load.containers.data, name, content, vector)
    load.keep([*sent, *refused], f"sent {name}" if sent else "")
    return [each.transfer_id for each in (*sent, *refused)]


def _send_blobs(load: Load, transfers: Sequence[Transfer], identities: Mapping[int, Identity]) -> None:
    kept: list[PackedFile] = []
    size = 0
    try:
        for each in transfers:
            kept.append(_send_blob(load, each, identities[each.id].file_id))
            size += kept[-1].size or 0
            if len(kept) >= _KEPT_AT_ONCE or size >= _KEPT_BYTES:
                load.keep(kept)
                kept, size = [], 0
    finally:
        if kept:
            load.keep(kept)


def _send_blob(load: Load, transfer: Transfer, name: str) -> PackedFile:
    def once(original: Original) -> PackedFile:
        if original.size > MOST_BYTES:
            return left_out(transfer, TOO_LARGE)
        vector = cipher.new_vector()
        key, container = load.containers.key, load.containers.data
        if original.size <= blobs.BLOCK:
            content = cipher.encrypt(b"".join(original.fragments(blobs.BLOCK)), key, vector)
            blobs.put(load.tenant, container, name, content, vector)
        else:
            pieces = cipher.encrypt_pieces(original.fragments(blobs.BLOCK), key, vector)
            blobs.put_pieces(load.tenant, container, name, pieces, vector)
        return _packed(transfer.id, name, name, original)

    try:
        return _twice(transfer, once)
    except SourceProblem as problem:
        return _without_original(transfer, problem)


def _read_small(transfer: Transfer, *, room: int) -> tuple[bytes, Original] | None:
    """The content of a small file; None when it has grown out of an archive."""

    def once(original: Original) -> tuple[bytes, Original] | None:
        if cipher.encrypted_size(original.size) >= archive.FILE_BELOW or original.size + archive.MEMBER > room:
            return None
        return b"".join(original.fragments(archive.FILE_BELOW)), original

    return _twice(transfer, once)


def _twice(transfer: Transfer, once: Callable[[Original], T]) -> T:
    """Read an original, once more when it changed while it was read."""
    try:
        with _open(transfer) as original:
            return once(original)
    except SourceProblem as problem:
        if problem.code is not codes.SOURCE_CHANGED:
            raise
    with _open(transfer) as original:
        return once(original)


def _open(transfer: Transfer) -> Original:
    return open_original(transfer.source_kind, transfer.root, transfer.path, transfer.name)


def _packed(transfer_id: int, file_id: str, blob: str, read: Original) -> PackedFile:
    return PackedFile(
        transfer_id, file_id, blob, size=read.size, modified_ns=read.modified_ns, quickxor=read.quickxor(),
        sha256=read.sha256(),
    )  # fmt: skip


def _without_original(transfer: Transfer, problem: SourceProblem) -> PackedFile:
    outcome = Outcome.VANISHED if problem.code is codes.SOURCE_VANISHED else Outcome.FAILED
    return left_out(transfer, problem.code, problem.reason, outcome=outcome)


def _compare(tenant: Tenant, target: PackageTarget, transfer: Transfer, there: LibraryItem) -> PackedFile:
    taken = codes.TARGET_TAKEN if transfer.action == "copy" else codes.TARGET_EDITED
    seen = PackedFile(
        transfer.id, there.unique_id, drive_id=target.library.drive_id, target_id=there.id, etag=there.etag,
        target_quickxor=there.quickxor,
    )  # fmt: skip

    def once(original: Original) -> PackedFile:
        original.read_all(blobs.BLOCK)
        if not _is_same(tenant, target, transfer, there, original):
            return left_out(transfer, taken)
        return replace(
            seen, size=original.size, modified_ns=original.modified_ns, quickxor=original.quickxor(),
            sha256=original.sha256(), outcome=Outcome.COPIED, adopted=True,
        )  # fmt: skip

    try:
        return _twice(transfer, once)
    except SourceProblem as problem:
        if there.size != transfer.size and not office.is_office(transfer.target_name):
            return _without_original(transfer, problem)
        return replace(seen, outcome=Outcome.FAILED, code=codes.ARRIVED_EARLIER.code, reason=problem.reason)


def _is_same(tenant: Tenant, target: PackageTarget, transfer: Transfer, there: LibraryItem, original: Original) -> bool:
    if there.modified != original.modified_ns // _SECOND:
        return False
    library = target.library
    try:
        if there.size == original.size and there.quickxor == original.quickxor():
            return True
        if there.size == original.size and there.quickxor is None:  # the service works hashes out when it likes
            return not original.size or equal_bytes(tenant, library, there.id, sha256=original.sha256())
        return office.is_office(transfer.target_name) and equal_in_content(
            tenant, library, there.id, original=partial(_open, transfer), sha256=original.sha256()
        )
    except TenantError as error:
        if error.transient or error.fatal:
            raise
        return False
