"""Verification: what the tenant has beside what was copied, item by item. What cannot be looked at is not a pass."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from spmigrate.errors import SpmigrateError, TenantError
from spmigrate.migrate import office
from spmigrate.migrate.access import looking
from spmigrate.migrate.comparison import equal_in_content
from spmigrate.migrate.original import Original, SourceProblem
from spmigrate.migrate.originals import open_original
from spmigrate.model import Amount
from spmigrate.store import verification, waves
from spmigrate.store.ledger import Ledger
from spmigrate.store.row_homes import AS_SIGNED
from spmigrate.store.verification import Copied, Sight, Verdict
from spmigrate.store.waves import Wave
from spmigrate.tenant import files
from spmigrate.tenant.files import Library
from spmigrate.tenant.session import Tenant

EXACT, CONTENT, FAILED, UNVERIFIABLE = "exact", "equal in content", "failed", "unverifiable"
ANOTHER_DATE = "Its modified time is not that of the original."
_SECOND = 1_000_000_000


def verify(ledger: Ledger, wave: Wave, tenant: Tenant) -> dict[str, int]:
    """Look at everything that a wave copied, one listing for each library; returns how many items have which verdict.

    Raises fatal TenantErrors, and Unavailable when the service answers nothing any more; a library that alone cannot
    be listed makes its items unverifiable.
    """
    for site, name in verification.libraries(ledger, wave):
        try:
            library = files.open_library(tenant, site, name)
            verification.keep_sights(ledger, sights(tenant, library))
        except TenantError as error:
            if error.fatal or tenant.patience.silent:
                raise
            verification.record_unseen(ledger, wave, site, name, error.message)
            continue
        for chunk in verification.copied(ledger, wave, site, name, root_id=library.root_id):
            verification.record(ledger, [_verdict(tenant, library, each) for each in chunk])
        since = int(datetime.fromisoformat(wave.created).timestamp())
        verification.keep_unexplained(ledger, wave, site, name, root_id=library.root_id, since=since)
    seen = looking.look(ledger, wave, tenant)
    found = verification.counts(ledger, wave)
    standing = waves.standing(ledger, wave)
    passed = (
        not set(found) - {EXACT, CONTENT}
        and not set(seen) - {AS_SIGNED}
        and not verification.unexplained(ledger, wave, 0)[0]
    )
    if passed and not standing.open.items and standing.lost == Amount():
        waves.set_state(ledger, wave, "verified")
    elif wave.state == "verified":  # it was, and is not any more
        waves.set_state(ledger, wave, "moved")
    return found


def judge(item: Copied) -> Verdict | None:
    """What the listing alone says of an item; None when its content has to be compared. Pure."""
    sight = item.sight
    if sight is None or sight.deleted:
        return Verdict(item.id, FAILED, "It is not at the destination any more.")
    if item.seen_in is None:
        return Verdict(item.id, UNVERIFIABLE, "The listing does not say in which folder it lies.")
    if _folded(item.seen_in, sight.name) != _folded(item.target_folder, item.target_name):
        return Verdict(item.id, FAILED, f"It lies elsewhere: {'/'.join(filter(None, (item.seen_in, sight.name)))}.")
    if sight.modified != item.modified_ns // _SECOND:
        return Verdict(item.id, FAILED, ANOTHER_DATE)
    if not item.size and not sight.size:
        return _passed(item, EXACT, sight)
    if sight.quickxor is None:
        return Verdict(item.id, UNVERIFIABLE, "The service has not worked out its hash yet.")
    if sight.quickxor == item.quickxor and sight.size == item.size:
        return _passed(item, EXACT, sight)
    if office.is_office(item.target_name):
        return None
    return Verdict(item.id, FAILED, "Its content is not that of the original.")


def _verdict(tenant: Tenant, library: Library, item: Copied) -> Verdict:
    known = judge(item)
    if known is not None or item.sight is None:
        return known or Verdict(item.id, FAILED)
    try:
        same = equal_in_content(
            tenant, library, item.target_id, original=partial(_original, tenant, item), sha256=item.sha256
        )
    except SourceProblem as problem:
        return Verdict(item.id, UNVERIFIABLE, f"The service rewrote it, and the original is not to be had: {problem}")
    except TenantError as error:
        if error.fatal or tenant.patience.silent:
            raise
        return Verdict(item.id, UNVERIFIABLE, error.message)
    except SpmigrateError as error:
        return Verdict(item.id, UNVERIFIABLE, error.message)
    return _passed(item, CONTENT, item.sight) if same else Verdict(item.id, FAILED, "A part of the document differs.")


def _original(tenant: Tenant, item: Copied) -> Original:
    return open_original(item.kind, item.root, item.path, item.name, tenant=tenant)


def _folded(folder: str, name: str) -> tuple[str, str]:
    """A place as SharePoint compares it: a folder that was there before may be written in other letters."""
    return folder.lower(), name.lower()


def _passed(item: Copied, verified: str, sight: Sight) -> Verdict:
    return Verdict(item.id, verified, target_quickxor=sight.quickxor, etag=sight.etag)


def sights(tenant: Tenant, library: Library) -> Iterator[Sight]:
    for each in files.changes(tenant, library):
        yield Sight(
            id=each.id, size=each.size, modified=each.modified, quickxor=each.quickxor, etag=each.etag,
            deleted=each.deleted, name=each.name, parent_id=each.parent_id, folder=each.folder, created=each.created,
        )  # fmt: skip
