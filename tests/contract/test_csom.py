"""The requests to the client object model against a tenant: what they set is what REST reads back."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest

from spmigrate.errors import NotFound, Refused
from spmigrate.tenant import csom
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import creation
from tests.contract.scratch import ANYWHERE, Scratch

NEW = {
    "type": "Team site without group", "title": "x", "description": "", "language": "English",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A site with its ids."""

    tenant: Tenant
    url: str
    ids: csom.WebIds

    def web(self, path: str) -> str:
        return f"{self.url}/_api/web/{path}"

    def run(self, request: bytes) -> None:
        csom.run(self.tenant, self.url, request)

    def run_as_administrator(self, request: bytes) -> None:
        csom.run(self.tenant, self.tenant.settings.admin, request)


@pytest.fixture
def place(tenant: Tenant, scratch: Scratch) -> Iterator[Place]:
    address = scratch.address("t-csom")
    creation.create(tenant, address, {**NEW, "owner": scratch.owner}, sleep=time.sleep)
    url = tenant.settings.sharepoint + address
    site, web = (tenant.rest("GET", f"{url}/_api/{each}?$select=Id")["Id"] for each in ("site", "web"))
    yield Place(tenant, url, csom.WebIds(site, web))


def add_column(place: Place, name: str, kind: str = "Text") -> str:
    identity = str(uuid4())
    xml = f'<Field Type="{kind}" ID="{{{identity}}}" Name="{name}" StaticName="{name}" DisplayName="{name}"/>'
    body = {"parameters": {"SchemaXml": xml, "Options": 8}}
    place.tenant.rest("POST", place.web("fields/CreateFieldAsXml"), body)
    return identity


@ANYWHERE
def test_a_content_type_gets_the_id_that_was_asked_for_and_its_columns_their_flags(place: Place) -> None:
    identity = "0x010100" + uuid4().hex.upper()
    place.run(csom.create_content_type(place.ids, csom.NewContentType(identity, "Law & <order>", "Told", "Council")))
    made = place.tenant.rest("GET", place.web(f"contenttypes('{identity}')"))
    assert (made["Name"], made["Description"], made["Group"]) == ("Law & <order>", "Told", "Council")
    column = add_column(place, "Marking")
    links = place.web(f"contenttypes('{identity}')/FieldLinks")
    place.tenant.rest("POST", links, {"FieldInternalName": "Marking"})
    place.tenant.rest("MERGE", place.web("lists/getbytitle('Documents')"), {"ContentTypesEnabled": True})
    copies = place.web("lists/getbytitle('Documents')/ContentTypes")
    place.tenant.rest("POST", f"{copies}/AddAvailableContentType", {"contentTypeId": identity})
    place.run(csom.flag_columns(place.ids, identity, {column: {"Required": True, "Hidden": False}}))
    flags = {each["Name"]: (each["Required"], each["Hidden"]) for each in place.tenant.rest("GET", links)["value"]}
    assert flags["Marking"] == (True, False)
    found = place.tenant.rest("GET", f"{copies}?$select=Name,FieldLinks&$expand=FieldLinks")["value"]
    copy = next(each for each in found if each["Name"] == "Law & <order>")
    assert [link["Required"] for link in copy["FieldLinks"] if link["Name"] == "Marking"] == [True]


def test_a_column_of_managed_metadata_is_bound_to_its_term_set(place: Place) -> None:
    column = add_column(place, "Theme", "TaxonomyFieldType")
    store, chosen = str(uuid4()), str(uuid4())
    place.run(csom.bind_term_set(place.ids, column, store_id=store, set_id=chosen))
    found = place.tenant.rest("GET", place.web(f"fields(guid'{column}')"))
    assert (found["SspId"], found["TermSetId"], found["Open"]) == (store, chosen, False)


@ANYWHERE
def test_a_change_of_a_column_reaches_the_libraries_that_have_it(place: Place) -> None:
    column = add_column(place, "Marking")
    xml = place.tenant.rest("GET", place.web(f"fields(guid'{column}')"))["SchemaXml"]
    site_column = {"parameters": {"SchemaXml": xml}}
    place.tenant.rest("POST", place.web("lists/getbytitle('Documents')/fields/CreateFieldAsXml"), site_column)
    place.run(csom.push_column(place.ids, column, {"Title": "Business class", "Required": True}))
    for where in ("fields", "lists/getbytitle('Documents')/fields"):
        found = place.tenant.rest("GET", place.web(f"{where}/getbyinternalnameortitle('Marking')"))
        assert (found["Title"], found["Required"]) == ("Business class", True)


@ANYWHERE
def test_a_hub_is_described_and_those_who_may_join_are_named(place: Place, owner: str) -> None:
    place.tenant.rest("POST", f"{place.url}/_api/site/RegisterHubSite")
    changes = {"Title": "Adults", "Description": "For adults", "RequiresJoinApproval": True}
    place.run_as_administrator(csom.set_hub(place.ids.site, changes))
    hub = place.tenant.rest("GET", f"/_api/HubSites/GetById('{place.ids.site}')")
    assert {name: hub[name] for name in changes} == changes
    for request, names in (({"grant": [owner]}, [owner]), ({"grant": [owner]}, [owner]), ({"revoke": [owner]}, [])):
        place.run_as_administrator(csom.set_joiners(place.url, **request))
        found = csom.read_hub(place.tenant, place.ids.site)
        assert found["Title"] == "Adults"
        assert [each["PrincipalName"].rsplit("|", 1)[-1] for each in found["Permissions"] or ()] == names


def test_a_refusal_is_an_error_and_not_an_answer(place: Place) -> None:
    with pytest.raises((NotFound, Refused)):
        place.run_as_administrator(csom.set_hub(place.ids.web, {"Title": "None"}))
    with pytest.raises((NotFound, Refused)):
        place.run(csom.push_column(place.ids, str(uuid4()), {"Title": "None"}))
