"""Law 1 for links: whatever form an address is written in, applying and planning again leaves nothing to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.store.ledger import Ledger
from spmigrate.tenant.session import Tenant
from tests.contract.scratch import ANYWHERE, Scratch
from tests.contract.site_samples import SMALL, SMALL_ORGANISATION, apply_all, pending, write_sites

OWN = [
    "/sites/d-h7k2m", "/sites/d-h7k2m/", "/sites/d-h7k2m/Shared%20Documents", "/sites/x/A%23B%2525%26C",
    "/sites/x/Plans/Forms/AllItems.aspx", "/sites/x/Plans/Forms/ByYear.aspx", "/sites/x/SitePages/Home.aspx",
    "/sites/x/Plans/Forms/AllItems.aspx?id=a%2Fb",
]  # fmt: skip
FOREIGN = [
    "https://intranet.example", "https://Intranet.example/a%20b", "https://intranet.example/x/Forms/AllItems.aspx",
    "https://intranet.example/q?a=b%26c#d", "https://intranet.example/größe/",
]  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


@ANYWHERE
def test_links_of_every_form_are_written_once(
    shared_tenant: Tenant, ledger: Ledger, tmp_path: Path, scratch: Scratch
) -> None:
    host = shared_tenant.settings.sharepoint
    forms = [*OWN, *(host + each for each in OWN), *FOREIGN, f"{host}.evil.example/sites/x"]
    links = ", ".join(f'{{title: Link {n}, to: "{each}"}}' for n, each in enumerate(forms))
    template = SMALL.replace("links: [", f"links: [{links}, ")
    desired = write_sites(
        tmp_path, scratch.address("t-links"), template=template, organisation=SMALL_ORGANISATION, owner=scratch.owner
    )
    assert [step.trouble for step in apply_all(shared_tenant, ledger, desired) if step.trouble] == []
    assert pending(shared_tenant, desired) == []
    nodes = shared_tenant.rest("GET", f"{desired[0].address}/_api/web/navigation/quicklaunch?$select=Url,Title")
    urls = {node["Title"]: node["Url"] for node in nodes["value"]}
    for n, each in enumerate(forms):
        assert urls[f"Link {n}"].startswith("/") == (each in OWN or each.removeprefix(host) in OWN), each
