"""Folders: as deep as a template goes, and gone only while they are empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.errors import Conflict
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.reading import read
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.site_samples import TEMPLATE, apply_all, pending, write_sites

DEEP = TEMPLATE.replace("    versions: {major: 200}\n", '    folders: [A/B/C/D/E, "O\'Brien & Co #1"]\n')


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def test_folders_deeper_than_three_plan_to_nothing_once_they_are_made(
    shared_tenant: Tenant, ledger: Ledger, tmp_path: Path
) -> None:
    desired = write_sites(tmp_path, "/sites/t-deep", template=DEEP)
    assert [step.trouble for step in apply_all(shared_tenant, ledger, desired) if step.trouble] == []
    assert pending(shared_tenant, desired) == []
    found = read(shared_tenant, "/sites/t-deep", {}, [Kind.FOLDER], only=desired[0].contents.parts)
    assert found is not None
    assert {str(part.attributes["path"]) for part in found.parts.values()} == {"A/B/C/D/E", "O'Brien & Co #1"}


def test_a_folder_that_holds_but_an_empty_folder_stays(shared_tenant: Tenant, ledger: Ledger, tmp_path: Path) -> None:
    apply_all(shared_tenant, ledger, write_sites(tmp_path, "/sites/t-held", template=DEEP))
    site = SiteWriter(shared_tenant, "/sites/t-held")
    with pytest.raises(Conflict, match="it holds 1 items"):
        site.remove(Kind.FOLDER, "casepapers/a/b/c/d")
    site.remove(Kind.FOLDER, "casepapers/a/b/c/d/e")
    site.remove(Kind.FOLDER, "casepapers/a/b/c/d")
    site.remove(Kind.FOLDER, "casepapers/a/b/c/d")
