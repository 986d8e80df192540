"""Workbooks in a library: put there when issued, collected from there, and signed by the version that agreed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spmigrate.cli import mapping_choices, mapping_rules, tenants, view
from spmigrate.errors import SpmigrateError, UsageProblem

if TYPE_CHECKING:
    from spmigrate.mapping.acts import Counter
    from spmigrate.mapping.agreement import Presented
    from spmigrate.mapping.rulebook import Rulebook
    from spmigrate.mapping.signoff import Evidence
    from spmigrate.store.mappings import SheetRecord
    from spmigrate.store.signoffs import SignoffEntry
    from spmigrate.tenant.files import Library
    from spmigrate.tenant.session import Tenant


def accounts(record: "SheetRecord", rules: "Rulebook") -> dict[str, str]:
    """The roles that may sign a sheet, by the account that people.yaml gives them. Raises UsageProblem without one."""
    from datetime import UTC, datetime

    today = datetime.now(UTC).date()
    owner = rules.people.person(record.owner, on=today)
    if owner is None:
        raise UsageProblem(
            f"governance_rules/people.yaml has no '{record.owner}', so nobody knows their account",
            hint=f"add an entry with this role and its account, then issue {record.id} again",
        )
    found = {owner.account: record.owner}
    deputy = rules.people.person(record.deputy, on=today) if record.deputy else None
    for person in [*([deputy] if deputy else []), *rules.people.deputies(owner.id, today)]:
        found.setdefault(person.account, person.role)
    return found


@dataclass(frozen=True, slots=True)
class Sharing:
    """A library that workbooks are put into, looked at before any is issued."""

    session: view.Session
    tenant: "Tenant"
    library: "Library"

    @classmethod
    def open(cls, session: view.Session, url: str) -> "Sharing":
        """The library at this address. Raises UsageProblem, NotFound, or Refused when it keeps no versions."""
        from spmigrate.tenant import shared_document

        tenant = tenants.connect(session)
        library = shared_document.library_at(tenant, url)
        shared_document.refuse_without_versions(tenant, library)
        return cls(session, tenant, library)

    def put(self, records: "Sequence[SheetRecord]") -> dict[str, str]:
        """Put workbooks there, each for its owner and deputies; returns their addresses. Raises TenantError."""
        from spmigrate.mapping import in_library

        rules = mapping_rules.rulebook(self.session)
        allowed = {record.id: accounts(record, rules) for record in records}
        urls: dict[str, str] = {}
        with self.tenant as tenant:
            for record in records:
                path = self.session.place.folder / record.file
                people = list(allowed[record.id])
                place = in_library.share(tenant, self.session.ledger, record, path, self.library, people)
                urls[record.id] = place.url
                view.note(f"{record.id}: {', '.join(people)} can edit it")
        return urls


@contextmanager
def fetched(session: view.Session, sheet_id: str) -> Iterator[Path]:
    """The workbook of a sheet as it lies in its library, in a file that goes away again."""
    from spmigrate.mapping import in_library

    place = in_library.need(session.ledger, sheet_id)
    with tenants.connect(session) as tenant, in_library.fetched(tenant, place) as (path, last):
        _tab(path, sheet_id)
        view.note(f"{sheet_id}: version {last.number}, saved by {last.editor or 'an app'} at {last.at}")
        yield path


def present(session: view.Session, sheet_id: str, statement: str, digest: str, collected: Path) -> None:
    """Write into the workbook in the library what there is to agree to, unless it says so already.

    `collected` is what was read there. Raises SpmigrateError when somebody saved it since: their work would be lost.
    """
    from spmigrate.mapping import agreement, in_library, issuing, position
    from spmigrate.mapping.agreement import Presented

    place = in_library.need(session.ledger, sheet_id)
    record = position.record(session.ledger, sheet_id, sheet_id)
    offered = mapping_choices.choices(session)
    book = issuing.book_of(session.ledger, record, offered, presented=Presented(digest, statement))
    with tenants.connect(session) as tenant:
        tag = in_library.tag(tenant, place)
        with in_library.fetched(tenant, place) as (path, last):
            if path.read_bytes() != collected.read_bytes():
                raise SpmigrateError(
                    f"{last.editor or 'an app'} saved the workbook of {sheet_id} while it was collected",
                    hint=f"spmigrate mapping collect {sheet_id}",
                )
            if _tab(path, sheet_id)[0] == Presented(digest, agreement.in_a_cell(statement)):
                return
        in_library.present(tenant, place, book, tag=tag)
    view.note(f"the workbook now says what there is to agree to: {place.url}")


def sign(session: view.Session, at: "Counter", sheet_id: str) -> "SignoffEntry | None":
    """Sign a sheet by the version in which its owner agreed; answers that were changed since are collected after."""
    from spmigrate.mapping import acts, collecting, in_library, position, signed_workbook
    from spmigrate.mapping.signoff import Evidence
    from spmigrate.store.signoffs import Act

    place = in_library.need(session.ledger, sheet_id)
    record = position.record(session.ledger, sheet_id, sheet_id)
    with tenants.connect(session) as tenant:
        found = in_library.signature(tenant, place, lambda path: _tab(path, sheet_id), accounts(record, at.rules))
    editor = at.rules.people.by_account(found.edited_by) if found.edited_by else None
    evidence = Evidence(found.reference, asserted_by=f"SharePoint ({found.saved.editor})", at=found.saved.at, level=1)
    # Both versions in one go: in between the ledger would hold answers that the newest may have taken back.
    with acts.kept(at, sheet_id, Act.SIGNED, found.role):
        with in_library.file_of(place, found.content) as path:
            collecting.collect(
                session.ledger, path, at.offered, keep=True, folder=session.place.mappings / signed_workbook.FOLDER
            )
        entry = acts.sign(
            at, sheet_id, signer=found.role, evidence=evidence, agreed=found.saved.digest,
            shown=found.saved.statement, edited_by=editor.role if editor else found.edited_by or found.role,
        )  # fmt: skip
        if found.newest != found.content:
            with in_library.file_of(place, found.newest) as path:
                collecting.collect(
                    session.ledger, path, at.offered, keep=True, folder=session.place.mappings / signed_workbook.FOLDER
                )
    return entry


def signed_in(session: view.Session, rules: "Rulebook", signer: str, *, by_code: bool) -> "Evidence":
    """Let the signer sign in, and say what that proves. Raises UsageProblem when it is somebody else, AuthError."""
    from datetime import UTC, datetime

    from spmigrate import config
    from spmigrate.mapping.signoff import Evidence
    from spmigrate.tenant import person_signin

    person = rules.people.person(signer, on=datetime.now(UTC).date())
    if person is None:
        raise UsageProblem(
            f"governance_rules/people.yaml has no '{signer}', so nobody knows their account",
            hint="add an entry with this role and its account",
        )
    settings = config.tenant(session.settings)
    if by_code:
        found = person_signin.by_code(settings, show=view.note)
    else:
        found = person_signin.by_browser(settings, login=person.account, show=view.note)
    if found.login.casefold() != person.account.casefold():
        raise UsageProblem(
            f"{found.login} signed in, and {signer} signs in as {person.account}",
            hint="sign in with the account that people.yaml gives this role",
        )
    with tenants.connect(session) as tenant:
        person_signin.check_account(tenant, found, person.account)
    reference = f"of {found.login} ({found.account_id}), identity token SHA-256 {found.proof}"
    return Evidence(reference, asserted_by="Microsoft Entra", at=found.at, level=2)


def _tab(path: Path, sheet_id: str) -> "tuple[Presented, bool]":
    """What the sign-off tab of a workbook says. Raises SpmigrateError when it is the workbook of another sheet."""
    from spmigrate.formats import returned_workbook
    from spmigrate.mapping import returned

    found = returned_workbook.read(path, returned.TABLES, typed=returned.TYPED)
    own = returned.sheet_id(found)
    if own != sheet_id:
        raise SpmigrateError(
            f"what lies in the place of the workbook of {sheet_id} is that of {own}",
            hint="restore an earlier version in the library, or issue the sheet again",
        )
    return returned.presented(found)
