"""Connections that break when SharePoint had done what it was asked for: asked again, nothing is doubled."""

import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from spmigrate.config import TenantSettings
from spmigrate.errors import Unavailable
from spmigrate.tenant.contents import Attributes, Kind
from spmigrate.tenant.session import Tenant, connect
from spmigrate.tenant.site import creation, footer, page_sections, reading
from spmigrate.tenant.site.hubs import hub_addresses
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.scratch import Scratch
from tests.rehearsal_fixtures import RunningTenant

NEW = {
    "type": "Communication site", "title": "x", "description": "", "language": "English", "time zone": "London",
}  # fmt: skip
SECTIONS = (((page_sections.Block(heading="Welcome"),),),)
CONTENT = page_sections.digest(SECTIONS)
LINK = {"menu": "quick launch", "parent": "", "title": "Duty", "address": "/sites/duty", "place": 1}

MEANT = {"title": "About", "content": CONTENT, "for": ("group:All staff",)}
BEGUN = "letter-0123abcd.dotx"
TYPE = {"id": "0x010100" + "B" * 31, "description": "", "group": "Council", "columns": ()}

ROWS: list[tuple[Kind, str, Attributes, str]] = [
    (Kind.FEATURE, "document id service", {"name": "Document ID service"}, "features/add"),
    (Kind.PAGE, "about.aspx", {"file": "About.aspx", "title": "About", "content": CONTENT}, "AddTemplateFile"),
    (Kind.PAGE, "more.aspx", {"file": "More.aspx", "title": "More", "content": CONTENT}, "SavePage"),
    (Kind.PAGE, "last.aspx", {"file": "Last.aspx", "title": "Last", "content": CONTENT}, "Publish"),
    (Kind.PAGE, "meant.aspx", {**MEANT, "file": "Meant.aspx"}, "CreateFieldAsXml"),
    (Kind.PAGE, "aimed.aspx", {**MEANT, "file": "Aimed.aspx"}, "SitePages.*/items"),
    (Kind.CONTENT_TYPE, "letter", {"document template": BEGUN}, "SiteAssets.*AddUsingPath"),
    (Kind.CONTENT_TYPE, "minutes", {"document template": BEGUN}, "contenttypes"),
    (Kind.LIBRARY, "closed", {"address": "Closed", "title": "Closed", "own permissions": True}, "breakrole"),
    (Kind.LIBRARY, "shut", {"address": "Shut", "title": "Shut", "own permissions": True}, "removeroleassignment"),
    (Kind.LINK, "quick launch//duty", LINK, "navigation/quicklaunch"),
    (Kind.LINK, "footer//duty", {**LINK, "menu": "footer"}, "SaveMenuState"),
    (Kind.HUB, "", {"title": "The hub", "description": "d"}, "RegisterHubSite"),
    (Kind.HUB, "", {"title": "Another", "description": "e"}, "ProcessQuery"),
    (Kind.STORAGE, "", {"limit": 40, "warning": 30}, "SPO.Tenant/sites"),
    (Kind.LOOK, "", {"header": "Compact", "footer": True}, "SetChromeOptions"),
]


@pytest.fixture(scope="module")
def address(shared_tenant: Tenant, owner: str) -> Iterator[str]:
    places = Scratch(shared_tenant, owner)
    made = places.address("t-lost")
    creation.create(shared_tenant, made, {**NEW, "owner": owner}, sleep=time.sleep)
    yield made
    places.clear()


@pytest.mark.parametrize(("kind", "key", "wanted", "path"), ROWS, ids=lambda value: str(value)[:24])
def test_a_change_whose_answer_was_lost_is_made_once(
    kind: Kind,
    key: str,
    wanted: Attributes,
    path: str,
    settings: TenantSettings,
    address: str,
    rehearsal: RunningTenant,
) -> None:
    with connect(settings, sleep=lambda _: None) as tenant:
        writer = SiteWriter(tenant, address, sleep=lambda _: None, materials={
            CONTENT: page_sections.write_sections(SECTIONS), BEGUN: b"PK"})  # fmt: skip
        if kind is Kind.CONTENT_TYPE:
            writer.put(kind, key, {**TYPE, "id": f"{TYPE['id']}{len(key) % 10}", "name": key.capitalize()})
        rehearsal.fault({"reset": "after"}, method="POST", path=path)
        for _ in range(3):
            try:
                writer.put(kind, key, wanted)
            except Unavailable:
                continue
            break
        assert rehearsal.faults_left() == 0
        writer.put(kind, key, wanted)
        found = reading.read(tenant, address, hub_addresses(tenant), frozenset({kind}))
        assert found is not None
        part = found.get(kind, key)
        assert part is not None
        assert {name: part.attributes[name] for name in wanted} == wanted
        launched = writer.rest("GET", "web/navigation/quicklaunch?$select=Title")["value"]
        for links in (launched, footer.links(writer.rest("GET", footer.PATH))):
            assert [each["Title"] for each in links].count("Duty") <= 1


def test_a_file_and_the_removal_of_a_page_whose_answer_was_lost_happen_once(
    settings: TenantSettings, address: str, rehearsal: RunningTenant
) -> None:
    file = {"library": "Shared Documents", "path": "form.docx", "from": "assets/form.docx"}
    with connect(settings, sleep=lambda _: None) as tenant:
        writer = SiteWriter(tenant, address, sleep=lambda _: None, materials={"assets/form.docx": b"PK"})
        writer.put(Kind.PAGE, "gone.aspx", {"file": "Gone.aspx", "title": "Gone"})
        for path, act in (
            ("AddUsingPath", lambda: writer.put(Kind.FILE, "shared documents/form.docx", file)),
            ("recycle", lambda: writer.remove(Kind.PAGE, "gone.aspx")),
        ):
            rehearsal.fault({"reset": "after"}, method="POST", path=path)
            with suppress(Unavailable):
                act()
            assert rehearsal.faults_left() == 0
            act()
        documents = writer.rest("GET", f"web/GetList('{address}/Shared Documents')/items?$select=FileLeafRef")["value"]
        assert [each["FileLeafRef"] for each in documents] == ["form.docx"]
        bin_ = writer.rest("GET", "web/RecycleBin?$select=LeafName")["value"]
        assert [each["LeafName"] for each in bin_].count("Gone.aspx") == 1
