"""What became of the files of a package: decided by what lies at the destination, then by what the job told.

A JobEnd without errors proves nothing, and an error need not mean that a file is missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from spmigrate.migrate import codes, job_codes, office
from spmigrate.migrate.code import Code
from spmigrate.migrate.package.events import Trouble
from spmigrate.migrate.routes.package_target import View
from spmigrate.model import Outcome
from spmigrate.store.batches import Transfer
from spmigrate.store.library_items import LibraryItem
from spmigrate.store.packages import Package, PackedFile

MOST_JOBS = 3
"""In how many packages a file is sent before it counts as one that does not arrive."""
FATAL, CANCELLED, ENDED, FORGOTTEN, BLOCKED, FOUND = "fatal", "cancelled", "end", "forgotten", "blocked", "found"
"""How a job ended. `found`: its id was never learnt, and what it did was found at the destination."""


def attribute(files: Mapping[int, PackedFile], troubles: Iterable[Trouble]) -> list[PackedFile]:
    """Files with the errors that a job told of them, by id; what concerns a folder concerns all that lies below it.

    The errors are no outcomes yet.
    """
    by_id = {each.file_id: each for each in files.values() if each.file_id}
    found: dict[int, PackedFile] = {}
    for trouble in troubles:
        file = by_id.get(trouble.id)
        if trouble.fatal or file is None or file.outcome is not None:
            continue
        code = job_codes.explain(trouble.number, trouble.message)
        found[file.transfer_id] = replace(file, code=code.code, reason=say(code, trouble))
    return list(found.values())


def attribute_folders(
    files: Mapping[int, PackedFile], transfers: Iterable[Transfer], leaf: str, troubles: Iterable[Trouble]
) -> list[PackedFile]:
    """Files in folders that the job could not make, with the error of the folder."""
    places = [
        (trouble.url.strip("/").casefold() + "/", trouble) for trouble in troubles
        if not trouble.fatal and trouble.kind.casefold() == "folder" and trouble.url
    ]  # fmt: skip
    found = []
    for transfer in transfers if places else ():
        file = files.get(transfer.id)
        path = f"{leaf}/{transfer.target_folder}/".casefold()
        trouble = next((each for url, each in places if path.startswith(url)), None)
        if file is not None and file.outcome is None and not file.code and trouble is not None:
            found.append(replace(file, code=job_codes.PARENT.code, reason=say(job_codes.PARENT, trouble)))
    return found


def say(code: Code, trouble: Trouble) -> str:
    """A reason for people: what it means, then the service's own words and number."""
    said = trouble.message or "no words"
    return f"{code.title} The service said: {said} ({trouble.number or 'no number'})"


def settle(
    view: View, package: Package, transfer: Transfer, file: PackedFile, *, drive_id: str, jobs: int
) -> PackedFile | None:
    """The outcome of a file whose job has ended; None when it goes back to be sent again."""
    if file.outcome is not None:
        return file
    if not file.blob:
        return None
    there = view.by_unique_id(file.file_id)
    if there is not None and _has_arrived(view, transfer, there):
        return _arrived(drive_id, transfer, file, there)
    if file.code:
        return replace(file, outcome=Outcome.FAILED)
    code = _missing(package, jobs)
    if code is None:
        return None
    reason = f"{code.title} {package.note}".strip()
    return replace(file, outcome=Outcome.FAILED, code=code.code, reason=reason)


def is_missing(view: View, transfer: Transfer, file: PackedFile) -> bool:
    """Whether nothing explains why a file that was sent is not at the destination: it may be on its way to the log."""
    if file.outcome is not None or file.code or not file.blob:
        return False
    there = view.by_unique_id(file.file_id)
    return there is None or not _has_arrived(view, transfer, there)


def _missing(package: Package, jobs: int) -> Code | None:
    if package.ending == CANCELLED:
        return job_codes.CANCELLED
    if package.ending == FATAL and not package.archives:
        return job_codes.FATAL
    if jobs < MOST_JOBS:
        return None
    if package.ending in (FATAL, BLOCKED):
        return job_codes.FATAL
    return job_codes.EXPIRED if package.ending == FORGOTTEN else job_codes.NOT_ARRIVED


def _has_arrived(view: View, transfer: Transfer, there: LibraryItem) -> bool:
    """Whether what has our id is what this package brought: a copy that was there before keeps its eTag until then."""
    expected, _ = view.at(transfer)
    if there.folder or expected is None or expected.id != there.id:
        return False
    if transfer.action == "copy":
        return True
    return there.etag != transfer.known_etag


def _arrived(drive_id: str, transfer: Transfer, file: PackedFile, there: LibraryItem) -> PackedFile:
    exact = there.size == file.size and there.quickxor in (None, file.quickxor)
    code = None if exact or office.is_office(transfer.target_name) else codes.HASH_DIFFERS
    return replace(
        file, outcome=Outcome.COPIED if code is None else Outcome.FAILED, code=code.code if code else None,
        reason=code.title if code else None, drive_id=drive_id, target_id=there.id, etag=there.etag,
        target_quickxor=there.quickxor,
    )  # fmt: skip
