"""The copy route: SharePoint copies what lies in SharePoint by itself, with its versions; no byte passes through here.

A batch becomes one job of the service for each file. What is about to be asked is written down before it, what has to
be shown to ask after the jobs is sealed, and what became of a file is what the destination shows in the end: killed
anywhere, the next call looks there first. A name that is taken makes a job fail, so nothing is overwritten or doubled.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import quote

from spmigrate.errors import NotFound, Refused, SealedError
from spmigrate.migrate import codes, copied
from spmigrate.migrate.codes import Code
from spmigrate.migrate.routes.job import Later
from spmigrate.migrate.routes.target_folders import Folders
from spmigrate.migrate.target import fold
from spmigrate.model import Outcome
from spmigrate.sealed import Sealed
from spmigrate.store import copy_files
from spmigrate.store.batches import Batch, Moved, Transfer
from spmigrate.store.copy_files import CopyFile
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import copy_jobs, files
from spmigrate.tenant.copy_jobs import SourceFile, SourceFolder
from spmigrate.tenant.files import Stored
from spmigrate.tenant.session import Tenant
from spmigrate.words import plural

POLL_SECONDS = 15.0
"""How often jobs are asked how far they are."""
_FIRST_SECONDS = 2.0
"""When they are asked first: small files are there by then."""


class CopyRoute:
    """Moves batches as copy jobs. Safe between threads; one call a batch at a time."""

    name = "copy"

    def __init__(self, ledger: Ledger, tenant: Tenant, sealed: Sealed, *, poll_seconds: float | None = None) -> None:
        self._ledger = ledger
        self._tenant = tenant
        self._sealed = sealed
        self._poll_seconds = POLL_SECONDS if poll_seconds is None else poll_seconds

    def advance(self, batch: Batch, transfers: Sequence[Transfer]) -> Later | tuple[Moved, ...]:
        """The next step of a batch. Raises TenantError, LedgerError and SealedError."""
        known = copy_files.of_batch(self._ledger, batch)
        step = _Step(self._ledger, self._tenant, self._sealed, batch)
        new = [each for each in transfers if copied.begins_anew(known.get(each.id), batch.token)]
        if new:
            step.begin(new, known)
        else:
            step.poll([each for each in transfers if known[each.id].state == "sent"], known)
        known = copy_files.of_batch(self._ledger, batch)
        under_way = sum(known[each.id].state != "ended" for each in transfers)
        if under_way:
            seconds = min(_FIRST_SECONDS, self._poll_seconds) if new else self._poll_seconds
            return Later(seconds, f"{plural(under_way, 'file')} of copy jobs on the way")
        return tuple(known[each.id].moved(each.batch_id, each.size) for each in transfers)

    def is_away(self, batch: Batch) -> bool:
        """Whether a job of it was asked for."""
        return any(each.state != "ended" for each in copy_files.of_batch(self._ledger, batch).values())


class _Step:
    """One step of one batch."""

    def __init__(self, ledger: Ledger, tenant: Tenant, sealed: Sealed, batch: Batch) -> None:
        self._ledger = ledger
        self._tenant = tenant
        self._sealed = sealed
        self._batch = batch
        self._library = files.open_library(tenant, batch.site, batch.library)
        self._folders = Folders(tenant, self._library)

    def begin(self, transfers: Sequence[Transfer], known: dict[int, CopyFile]) -> None:
        """Ask for the jobs of files that have none, and settle what needs none."""
        by_folder: dict[tuple[str, bytes], list[Transfer]] = defaultdict(list)
        for each in transfers:
            by_folder[each.root, each.path].append(each)
        for (root, path), those in by_folder.items():
            self._begin_folder(root, path, those, known)

    def _begin_folder(self, root: str, path: bytes, those: Sequence[Transfer], known: dict[int, CopyFile]) -> None:
        try:
            source = copy_jobs.find_folder(self._tenant, root, path.decode())
            there = {each.name: each for each in copy_jobs.files_in(self._tenant, source)}
        except NotFound:
            self._put(self._ended(each.id, Outcome.VANISHED, codes.SOURCE_VANISHED) for each in those)
            return
        going: dict[str, list[tuple[Transfer, SourceFile]]] = defaultdict(list)
        for each in those:
            found = there.get(each.name.decode())
            if found is None:
                self._put([self._ended(each.id, Outcome.VANISHED, codes.SOURCE_VANISHED)])
            elif not copied.is_as_scanned(each, found):
                self._put([self._ended(each.id, Outcome.FAILED, codes.SOURCE_EDITED)])
            else:
                going[each.target_folder].append((each, found))
        for folder, pairs in going.items():
            self._send(source, folder, self._left(folder, pairs, known))

    def _left(
        self, folder: str, pairs: list[tuple[Transfer, SourceFile]], known: dict[int, CopyFile]
    ) -> list[tuple[Transfer, SourceFile]]:
        """Those that no earlier attempt has brought there already; of these, the outcome is kept."""
        doubtful = [each for each, _ in pairs if each.intended or each.id in known]
        present = self._present(folder) if doubtful else {}
        left = []
        for each, found in pairs:
            existing = present.get(fold(each.target_name)) if each in doubtful else None
            if existing is None:
                left.append((each, found))
            elif copied.is_copy(found.size, found.modified_ns, found.quickxor, existing):
                self._put([replace(self._arrived(_intended(each, found, self._batch), existing), adopted=True)])
            else:
                self._put([self._ended(each.id, Outcome.FAILED, codes.TARGET_TAKEN)])
        return left

    def _send(self, source: SourceFolder, folder: str, pairs: list[tuple[Transfer, SourceFile]]) -> None:
        if not pairs:
            return
        self._folders.id_of(folder)  # jobs want a folder that is there
        intents = [replace(_intended(each, found, self._batch), site_url=source.site_url) for each, found in pairs]
        self._put(intents)
        base = f"{self._tenant.settings.sharepoint}{quote(self._batch.site)}"
        destination = "/".join(filter(None, (base, quote(self._batch.library), quote(folder))))
        wanted = [(source.address(found.name), found.etag, each.target_name) for each, found in pairs]
        try:
            jobs = copy_jobs.create(self._tenant, source.site_url, wanted, destination=destination)
        except (Refused, NotFound) as error:
            self._put(self._ended(each.id, Outcome.FAILED, codes.COPY_FAILED, error.message) for each, _ in pairs)
            return
        secret = self._sealed.put(json.dumps({job.id: job.info for job in jobs}).encode())
        self._put(
            replace(each, state="sent", job_id=job.id, secret=secret) for each, job in zip(intents, jobs, strict=True)
        )

    def poll(self, transfers: Sequence[Transfer], known: dict[int, CopyFile]) -> None:
        """Ask jobs how far they are; what has ended is looked at where it should be."""
        infos = self._infos({known[each.id].secret or "" for each in transfers})
        ended: dict[str, list[tuple[Transfer, tuple[str, str] | None]]] = defaultdict(list)
        for each in transfers:
            file = known[each.id]
            info = infos.get(file.job_id or "")
            standing = None if info is None else copy_jobs.ask(self._tenant, file.site_url, info)
            if standing is None or standing.ended or standing.error:
                ended[each.target_folder].append((each, standing.error if standing else None))
        for folder, those in ended.items():
            present = self._present(folder)
            self._put(
                self._settled(known[each.id], present.get(fold(each.target_name)), error) for each, error in those
            )
        self._erase(known)

    def _settled(self, file: CopyFile, existing: Stored | None, error: tuple[str, str] | None) -> CopyFile:
        assert file.size is not None and file.modified_ns is not None, "it was sent"
        if error is not None:
            return self._ended(file.transfer_id, Outcome.FAILED, copied.code_of(error), error[1])
        if existing is None:
            reason = "The job has ended, and the file is not at its new home."
            return self._ended(file.transfer_id, Outcome.FAILED, codes.COPY_FAILED, reason)
        if not copied.is_copy(file.size, file.modified_ns, file.quickxor, existing):
            return self._ended(file.transfer_id, Outcome.FAILED, codes.HASH_DIFFERS)
        return self._arrived(file, existing)

    def _arrived(self, file: CopyFile, existing: Stored) -> CopyFile:
        return replace(
            file, state="ended", secret=None, outcome=Outcome.COPIED, drive_id=self._library.drive_id,
            target_id=existing.id, etag=existing.etag, target_quickxor=existing.quickxor,
            quickxor=file.quickxor or existing.quickxor,
        )  # fmt: skip

    def _ended(self, transfer_id: int, outcome: Outcome, code: Code, reason: str = "") -> CopyFile:
        return CopyFile(
            transfer_id, self._batch.token, "ended", outcome=outcome, code=code.code, reason=reason or code.title
        )

    def _present(self, folder: str) -> dict[str, Stored]:
        """What is in a folder of the destination now, by names as SharePoint compares them."""
        found = files.children(self._tenant, self._library, self._folders.id_of(folder))
        return {fold(each.name): each for each in found}

    def _infos(self, secrets: Iterable[str]) -> dict[str, dict[str, object]]:
        """What has to be shown to ask after jobs; a secret that is gone leaves the look at the destination."""
        found: dict[str, dict[str, object]] = {}
        for secret in filter(None, secrets):
            try:
                kept = self._sealed.get(secret)
            except SealedError:
                continue
            found |= {} if kept is None else json.loads(kept)
        return found

    def _erase(self, before: dict[int, CopyFile]) -> None:
        """Forget the secrets of calls all of whose jobs have ended."""
        used = {each.secret for each in copy_files.of_batch(self._ledger, self._batch).values() if each.state == "sent"}
        for secret in {each.secret for each in before.values()} - used:
            if secret:
                self._sealed.erase(secret)

    def _put(self, those: Iterable[CopyFile]) -> None:
        copy_files.put(self._ledger, self._batch, list(those))


def _intended(transfer: Transfer, found: SourceFile, batch: Batch) -> CopyFile:
    return CopyFile(
        transfer.id, batch.token, "intended", size=found.size, modified_ns=found.modified_ns, quickxor=found.quickxor
    )
