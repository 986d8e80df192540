"""Workbooks that owners work on in a library: put there, read back, and the version that an owner signed by."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from spmigrate.errors import UsageProblem
from spmigrate.formats import workbook
from spmigrate.mapping import agreement
from spmigrate.mapping.agreement import Presented, SavedVersion
from spmigrate.store import sheet_documents
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import SheetRecord
from spmigrate.store.sheet_documents import SheetDocument
from spmigrate.tenant import shared_document
from spmigrate.tenant.files import Library
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.shared_document import SharedDocument, Version

ReadTab = Callable[[Path], tuple[Presented, bool]]
"""What a workbook asks its owner to agree to, and whether its cell says so."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The version of a workbook by which an owner signed: the role, who saved it when, and its content.

    `newest` is the content now, the same unless somebody saved it since; `edited_by` the account of whoever saved the
    last version before it, and so edited the answers last; empty when no person did.
    """

    role: str
    saved: SavedVersion
    url: str
    sha256: str
    content: bytes
    newest: bytes
    edited_by: str = ""

    @property
    def reference(self) -> str:
        """What the evidence names: version, address and digest of the file."""
        return f"{self.saved.number} of {self.url} (SHA-256 {self.sha256})"


def need(ledger: Ledger, sheet_id: str) -> SheetDocument:
    """Where the workbook of a sheet lies. Raises UsageProblem when it is in no library."""
    found = sheet_documents.of_sheet(ledger, sheet_id)
    if found is None:
        raise UsageProblem(
            f"the workbook of {sheet_id} is in no library", hint="issue it there: spmigrate mapping issue … --library"
        )
    return found


def share(
    tenant: Tenant, ledger: Ledger, record: SheetRecord, path: Path, library: Library, accounts: Sequence[str]
) -> SheetDocument:
    """Put a workbook that was just issued into a library, and let these accounts edit it. Raises TenantError."""
    document = shared_document.put(tenant, library, path.name, path.read_bytes())
    place = SheetDocument(
        record.id, record.version, document.url, library.site, library.name, library.drive_id, document.item_id
    )
    sheet_documents.put(ledger, place)
    shared_document.grant(tenant, document, list(accounts))
    return place


@contextmanager
def fetched(tenant: Tenant, place: SheetDocument) -> Iterator[tuple[Path, Version]]:
    """The workbook as it is now, in a file that goes away again, and who saved it last. Raises TenantError."""
    document = _document(place)
    last = shared_document.versions(tenant, document)[-1]
    with file_of(place, shared_document.content(tenant, document, last)) as path:
        yield path, last


def present(tenant: Tenant, place: SheetDocument, book: workbook.Book, *, tag: str) -> None:
    """Save a version that says what there is to agree to.

    Raises TenantError, also while somebody has it locked, and when somebody saved it since it had this tag.
    """
    with tempfile.TemporaryDirectory(prefix="spmigrate-") as folder:
        path = Path(folder) / "book.xlsx"
        workbook.write(path, book)
        shared_document.replace(tenant, _document(place), path.read_bytes(), tag=tag)


def tag(tenant: Tenant, place: SheetDocument) -> str:
    """What changes with every save of the workbook. Raises TenantError."""
    return shared_document.tag(tenant, _document(place))


def signature(tenant: Tenant, place: SheetDocument, read: ReadTab, accounts: Mapping[str, str]) -> Signature:
    """The version by which the owner signed. `accounts` are the roles that may sign, by sign-in name.

    Raises SpmigrateError when there is none, TenantError.
    """
    document = _document(place)
    allowed = {shared_document.account_id(tenant, account): role for account, role in accounts.items()}
    kept: dict[str, bytes] = {}
    saved: list[SavedVersion] = []
    history = shared_document.versions(tenant, document)
    for version in reversed(history):
        content = shared_document.content(tenant, document, version)
        with file_of(place, content) as path:
            shown, agreed = read(path)
        saved.insert(0, SavedVersion(
            version.number, version.at, version.editor, version.editor_id, shown.digest, agreed, shown.statement
        ))  # fmt: skip
        kept[version.number] = content
        if not agreed:
            break  # what came before was taken back
    found = agreement.signature(saved, allowed, sheet_id=place.sheet_id)
    content, newest = kept[found.number], kept[saved[-1].number]
    sha256 = hashlib.sha256(content).hexdigest()
    edited_by = _edited_by(tenant, history, found.number)
    return Signature(allowed[found.editor_id], found, place.url, sha256, content, newest, edited_by)


def _edited_by(tenant: Tenant, history: Sequence[Version], number: str) -> str:
    """The account of the last person who saved the workbook before this version; empty when there is none."""
    before = next(n for n, version in enumerate(history) if version.number == number)
    editor = next((each.editor_id for each in reversed(history[:before]) if each.editor_id), "")
    return shared_document.login_of(tenant, editor) if editor else ""


@contextmanager
def file_of(place: SheetDocument, content: bytes) -> Iterator[Path]:
    """The content of a version, in a file that goes away again."""
    with tempfile.TemporaryDirectory(prefix="spmigrate-") as folder:
        path = Path(folder) / f"{place.sheet_id}-v{place.version}.xlsx"
        path.write_bytes(content)
        yield path


def _document(place: SheetDocument) -> SharedDocument:
    return SharedDocument(place.url, Library(place.site, place.library, place.drive_id, ""), place.item_id)
