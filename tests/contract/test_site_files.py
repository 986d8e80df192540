"""Files that libraries begin with: put once, seen by readers, and then their owners' own."""

from pathlib import Path

import pytest

from spmigrate.errors import NotFound, Refused
from spmigrate.plan.change import Action
from spmigrate.provision.lint import review
from spmigrate.provision.provisioning import plan_sites
from spmigrate.provision.resolve import DesiredSite, resolve
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.scratch import Scratch
from tests.contract.site_samples import apply_all

ORGANISATION = "organisation: Sample County Council\nversion: 1\npeople domain: contoso.onmicrosoft.com\n"
TEMPLATE = """\
template: Team site
version: 1
kind: Team
site: {type: Team site without group, title: Files}
permissions: {owners: [migration.lead, service.desk]}
libraries:
  - {name: Papers, check out: yes, versions: {drafts: 5}}
  - {name: Documents, address: Shared Documents}
files:
  - {library: Papers, folder: "The cook's/2026", from: assets/terms & notes.docx}
  - {library: Documents, from: assets/terms & notes.docx}
"""
NAME = "terms & notes.docx"


def desired(folder: Path, address: str) -> list[DesiredSite]:
    (folder / "assets").mkdir(parents=True, exist_ok=True)
    (folder / "assets" / NAME).write_bytes(b"as the council gives it")
    for name, text in {
        "organisation.yaml": ORGANISATION, "templates/team.yaml": TEMPLATE,
        "sites/team.yaml": f"address: {address}\ntemplate: Team site\n",
    }.items():  # fmt: skip
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return resolve(review(folder).catalogue)


def file(tenant: Tenant, address: str, path: str) -> str:
    whole = f"{address}/{path}".replace("'", "''").replace("&", "%26").replace(" ", "%20")
    return f"{tenant.settings.sharepoint}{address}/_api/web/GetFileByServerRelativePath(DecodedUrl='{whole}')"


def test_a_file_is_put_once_and_stays_as_people_leave_it(tenant: Tenant, scratch: Scratch, tmp_path: Path) -> None:
    address = scratch.address("t-files")
    sites = desired(tmp_path / "sites", address)
    papers = file(tenant, address, f"Papers/The cook's/2026/{NAME}")
    top = file(tenant, address, f"Shared Documents/{NAME}")
    with Ledger(tmp_path / "ledger.db") as ledger:
        assert [step.trouble for step in apply_all(tenant, ledger, sites) if step.trouble] == []
        shown = tenant.rest("GET", f"{papers}?$select=CheckOutType,UIVersionLabel")
        assert (shown["CheckOutType"], shown["UIVersionLabel"]) == (2, "1.0")
        tenant.rest("POST", f"{top}/SaveBinaryStream", b"as somebody wrote it", repeatable=True)
        (tmp_path / "sites" / "assets" / NAME).write_bytes(b"as the council changed it")
        sites = resolve(review(tmp_path / "sites").catalogue)
        assert plan_sites(tenant, sites, watch=lambda _: None, ledger=ledger).plan.changes == ()
        tenant.rest("POST", f"{top}/recycle()")
        after = plan_sites(tenant, sites, watch=lambda _: None, ledger=ledger).plan
        assert after.changes == ()
        assert [note.text for note in after.notes if "file" in note.subject] == ["the site's owners took it away"]
        fresh = plan_sites(tenant, sites, watch=lambda _: None).plan
        assert [(each.kind, each.action) for each in fresh.changes] == [(Kind.FILE, Action.CREATE)]


def test_put_again_it_is_not_overwritten(tenant: Tenant, scratch: Scratch, owner: str) -> None:
    address = scratch.address("t-files")
    writer = SiteWriter(tenant, address, materials={"assets/a.txt": b"first"})
    writer.create({"type": "Team site without group", "title": "x", "description": "", "language": "English",
                   "owner": owner})  # fmt: skip
    after = {"library": "shared documents", "path": "In/a.txt", "from": "assets/a.txt"}
    for again in (writer, SiteWriter(tenant, address, materials={"assets/a.txt": b"second"})):
        again.put(Kind.FILE, "shared documents/in/a.txt", after)
    found = tenant.rest("GET", f"{file(tenant, address, 'Shared Documents/In/a.txt')}?$select=Length")
    assert int(found["Length"]) == len(b"first")
    with pytest.raises(Refused, match="no longer at hand"):
        SiteWriter(tenant, address).put(Kind.FILE, "", {**after, "path": "b.txt"})
    with pytest.raises(NotFound):
        writer.put(Kind.FILE, "", {**after, "library": "nowhere", "path": "b.txt"})
