"""Documents that people work on in a library: who saved which version is the service's own word."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from spmigrate.errors import Conflict, NotFound, Refused, UsageProblem
from spmigrate.tenant import shared_document
from spmigrate.tenant.files import Library
from spmigrate.tenant.session import Tenant
from tests.contract.people import save_as
from tests.rehearsal_fixtures import RunningTenant

OWNER = "engineer@contoso.onmicrosoft.com"


@pytest.fixture
def library(tenant: Tenant) -> Library:
    return shared_document.library_at(tenant, "https://contoso.sharepoint.com/sites/team/Shared%20Documents")


@pytest.fixture
def name() -> Iterator[str]:
    yield f"sheet {uuid4()}.xlsx"


def test_who_saved_each_version_and_what_it_holds_is_read_back(
    tenant: Tenant, library: Library, name: str, rehearsal: RunningTenant
) -> None:
    document = shared_document.put(tenant, library, name, b"as it was issued")
    shared_document.grant(tenant, document, [OWNER])
    save_as(rehearsal, OWNER, document, b"as the owner left it")
    seen = shared_document.tag(tenant, document)
    shared_document.replace(tenant, document, b"with what there is to agree to", tag=seen)
    history = shared_document.versions(tenant, document)
    assert [each.number for each in history] == ["1.0", "2.0", "3.0"]
    assert [shared_document.content(tenant, document, each) for each in history] == [
        b"as it was issued", b"as the owner left it", b"with what there is to agree to",
    ]  # fmt: skip
    owner = shared_document.account_id(tenant, OWNER)
    assert [each.editor_id == owner for each in history] == [False, True, False]
    assert (history[1].editor, history[2].current, history[1].current) == (OWNER, True, False)
    assert document.url.endswith(".xlsx")


def test_a_document_is_never_put_over_another(tenant: Tenant, library: Library, name: str) -> None:
    shared_document.put(tenant, library, name, b"one")
    with pytest.raises(Conflict):
        shared_document.put(tenant, library, name, b"two")


def test_what_somebody_saved_meanwhile_is_never_written_over(
    tenant: Tenant, library: Library, name: str, rehearsal: RunningTenant
) -> None:
    document = shared_document.put(tenant, library, name, b"as it was issued")
    seen = shared_document.tag(tenant, document)
    save_as(rehearsal, OWNER, document, b"as the owner left it")
    with pytest.raises(Conflict):
        shared_document.replace(tenant, document, b"with what there is to agree to", tag=seen)
    newest = shared_document.versions(tenant, document)[-1]
    assert shared_document.content(tenant, document, newest) == b"as the owner left it"


def test_the_account_of_an_id_is_read_back(tenant: Tenant) -> None:
    assert shared_document.login_of(tenant, shared_document.account_id(tenant, OWNER)) == OWNER
    gone = "6f1d0c5e-0000-4000-8000-000000000000"
    assert shared_document.login_of(tenant, gone) == gone


def test_a_library_without_versions_is_refused(tenant: Tenant, library: Library) -> None:
    shared_document.refuse_without_versions(tenant, library)
    address = f"{tenant.settings.sharepoint}{library.site}/_api/web/GetList('{library.site}/Shared Documents')"
    tenant.rest("MERGE", address, {"EnableVersioning": False})
    try:
        with pytest.raises(Refused, match="keeps no versions"):
            shared_document.refuse_without_versions(tenant, library)
    finally:
        tenant.rest("MERGE", address, {"EnableVersioning": True})


@pytest.mark.parametrize(
    "url", ["https://elsewhere.sharepoint.com/sites/team/Docs", "https://contoso.sharepoint.com/sites/team"]
)
def test_an_address_that_is_no_library_of_the_tenant_is_told(tenant: Tenant, url: str) -> None:
    with pytest.raises(UsageProblem, match="is no library of"):
        shared_document.library_at(tenant, url)


def test_an_account_that_nobody_has_is_told(tenant: Tenant) -> None:
    with pytest.raises(NotFound, match="nobody in the directory"):
        shared_document.account_id(tenant, "nobody.such@contoso.onmicrosoft.com")
