"""office365-rest-python-client, unmodified, over HTTPS, with nothing but the exports that reach the tenant."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from pathlib import Path

import msal
import pytest
import requests
from office365.runtime.exceptions import DuplicatedObjectException, ObjectNotFoundException
from office365.sharepoint.client_context import ClientContext
from office365.sharepoint.lists.creation_information import ListCreationInformation
from office365.sharepoint.navigation.nodes.creationinformation import NavigationNodeCreationInformation
from office365.sharepoint.tenant.administration.tenant import Tenant

from tests.rehearsal_fixtures import RunningTenant

Open = Callable[[str], ClientContext]


@pytest.fixture
def connect(rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A context signed in with the application's certificate, for a site's address."""
    for name, value in rehearsal.environment.items():
        monkeypatch.setenv(name, value)
    ready = rehearsal.ready
    key = Path(ready["cert"]).read_text(encoding="utf-8")

    def open_context(url: str) -> ClientContext:
        return ClientContext(url).with_client_certificate(
            ready["tenant"], ready["client_id"], ready["thumbprint"], private_key=key
        )

    return open_context


@pytest.fixture
def team(connect: Open, rehearsal: RunningTenant) -> ClientContext:
    return connect(rehearsal.ready["site"])


@pytest.fixture
def admin(connect: Open, rehearsal: RunningTenant) -> ClientContext:
    return connect(rehearsal.ready["sharepoint"].replace(".sharepoint", "-admin.sharepoint"))


def make_library(context: ClientContext, name: str) -> str:
    title = f"{name}{uuid.uuid4().hex[:6]}"
    context.web.lists.add(ListCreationInformation(title, None, 101)).execute_query()
    return title


def test_web_is_read_and_changed(team: ClientContext) -> None:
    team.web.set_property("Description", "for all").update().execute_query()
    web = team.web.get().execute_query()
    assert (web.properties["Description"], web.properties["Language"]) == ("for all", 1033)


def test_library_is_made_renamed_and_not_made_twice(team: ClientContext) -> None:
    title = make_library(team, "Records")
    library = team.web.lists.get_by_title(title)
    library.set_property("Title", f"{title} of social care").set_property(
        "MajorVersionLimit", 77
    ).update().execute_query()
    shown = team.web.lists.get_by_title(f"{title} of social care").get().execute_query()
    folder = shown.root_folder.get().execute_query()
    assert (shown.properties["MajorVersionLimit"], folder.server_relative_url) == (77, f"/sites/team/{title}")
    with pytest.raises(DuplicatedObjectException):
        team.web.lists.add(ListCreationInformation(f"{title} of social care", None, 101)).execute_query()


def test_column_content_type_and_view(team: ClientContext) -> None:
    name = f"Doc{uuid.uuid4().hex[:6]}"
    xml = f'<Field Type="Choice" Name="{name}" DisplayName="{name}"><CHOICES><CHOICE>A</CHOICE></CHOICES></Field>'
    column = team.web.fields.create_field_as_xml(xml).execute_query()
    column.set_property("Description", "kind").update().execute_query()
    kind = team.web.content_types.create(f"{name} document", "d", "Council", "0x0101").execute_query()
    kind.field_links.add(name).execute_query()
    library = team.web.lists.get_by_title(make_library(team, "Typed"))
    library.set_property("ContentTypesEnabled", True).update().execute_query()
    bound = library.content_types.add_available_content_type(kind.string_id).execute_query()
    assert bound.string_id.startswith(f"{kind.string_id}00")
    library.views.create("By type", fields=["LinkFilename", name], row_limit=5).execute_query()
    fields = library.views.get_by_title("By type").view_fields.get().execute_query()
    assert fields.properties["Items"] == ["LinkFilename", name]
    assert library.fields.get_by_internal_name_or_title(name).get().execute_query().properties["Description"] == "kind"


@pytest.mark.parametrize("name", ["a.txt", "O'Brien #1 100%.docx"])
def test_file_goes_up_gets_its_dates_and_comes_down(team: ClientContext, name: str) -> None:
    title = make_library(team, "Files")
    folder = team.web.lists.get_by_title(title).root_folder.folders.add("Sub").execute_query()
    folder.files.upload(io.BytesIO(b"hello"), name).execute_query()
    address = f"/sites/team/{title}/Sub/{name}"
    file = team.web.get_file_by_server_relative_path(address)
    file.listItemAllFields.validate_update_list_item(
        {"Modified": "2020-01-01 12:00:00"}, new_document_update=True
    ).execute_query()
    shown = team.web.get_file_by_server_relative_path(address).get().execute_query()
    assert (shown.name, shown.length, shown.major_version) == (name, 5, 1)
    assert shown.time_last_modified.isoformat() == "2020-01-01T12:00:00+00:00"
    assert team.web.get_file_by_server_relative_path(address).get_content().execute_query().value == b"hello"


def test_large_file_goes_up_in_pieces(team: ClientContext, tmp_path: Path) -> None:
    source = tmp_path / "big.bin"
    source.write_bytes(b"0123456789" * 120_000)
    folder = team.web.lists.get_by_title(make_library(team, "Large")).root_folder
    folder.files.create_upload_session(str(source), chunk_size=500_000).execute_query()
    assert [each.length for each in folder.files.get().execute_query()] == [1_200_000]


def test_people_and_permissions(team: ClientContext) -> None:
    user = team.web.ensure_user("engineer@contoso.onmicrosoft.com").execute_query()
    team.web.associated_member_group.users.add_user(user).execute_query()
    logins = [each.login_name for each in team.web.associated_member_group.users.get().execute_query()]
    assert "i:0#.f|membership|engineer@contoso.onmicrosoft.com" in logins
    library = team.web.lists.get_by_title(make_library(team, "Private"))
    library.break_role_inheritance(False, True).execute_query()
    role = team.web.role_definitions.get_by_name("Contribute").get().execute_query()
    library.role_assignments.add_role_assignment(user.id, role.id).execute_query()
    # Whoever breaks the inheritance without a copy keeps full control.
    own, assignment = library.role_assignments.expand(["Member", "RoleDefinitionBindings"]).get().execute_query()
    members = [each.member.properties["LoginName"].rpartition("|")[2] for each in (own, assignment)]
    assert members == ["app@sharepoint", "engineer@contoso.onmicrosoft.com"]
    assert [each.properties["Name"] for each in assignment.role_definition_bindings] == ["Contribute"]


def test_navigation_and_regional_settings(team: ClientContext) -> None:
    title = f"Policies {uuid.uuid4().hex[:6]}"
    team.web.navigation.quick_launch.add(NavigationNodeCreationInformation(title, "/sites/team/x")).execute_query()
    assert title in [each.title for each in team.web.navigation.quick_launch.get().execute_query()]
    team.web.regional_settings.set_property("LocaleId", 2057).update().execute_query()
    assert team.web.regional_settings.get().execute_query().properties["LocaleId"] == 2057


def test_batch_is_one_request(team: ClientContext, rehearsal: RunningTenant) -> None:
    web, lists = team.web, team.web.lists
    team.load(web)
    team.load(lists)
    since = rehearsal.mark()
    team.execute_batch()
    assert (web.title, len(lists) > 4) == ("Rehearsal team", True)
    assert [each["path"] for each in rehearsal.requests(since) if "batch" in each["path"]] == [
        "/sites/team/_api/$batch"
    ]


def test_items_are_added_changed_filtered_and_deleted(team: ClientContext) -> None:
    title = f"Tasks{uuid.uuid4().hex[:6]}"
    tasks = team.web.lists.add(ListCreationInformation(title, None, 100)).execute_query()
    tasks.add_item({"Title": "one"}).execute_query()
    item = tasks.add_item({"Title": "two"}).execute_query()
    item.set_property("Title", "zwei").update().execute_query()
    assert len(tasks.items.filter("Title eq 'zwei'").get().execute_query()) == 1
    item.delete_object().execute_query()
    assert [each.properties["Title"] for each in tasks.items.get().execute_query()] == ["one"]


def test_missing_folder_is_object_not_found(team: ClientContext) -> None:
    with pytest.raises(ObjectNotFoundException):
        team.web.get_folder_by_server_relative_path("/sites/team/nope").get().execute_query()


def test_site_is_made_becomes_a_hub_and_is_joined(connect: Open, rehearsal: RunningTenant) -> None:
    root = rehearsal.ready["sharepoint"]
    hub_url, member_url = (f"{root}/sites/{name}{uuid.uuid4().hex[:6]}" for name in ("hub", "member"))
    sites = connect(root).site_manager
    for url in (hub_url, member_url):
        assert sites.create("Made", url, owner=rehearsal.ready["admin_user"]).execute_query().value.SiteUrl == url
    hub = connect(hub_url)
    hub.site.register_hub_site().execute_query()
    identity = hub.site.get().execute_query().id
    member = connect(member_url)
    member.site.join_hub_site(identity).execute_query()
    assert member.site.get().execute_query().properties["HubSiteId"] == identity
    assert member.web.get().execute_query().properties["IsProvisioningComplete"] is True


def test_tenant_settings_and_sites(admin: ClientContext, rehearsal: RunningTenant) -> None:
    tenant = Tenant(admin)
    assert len(tenant.get().execute_query().properties) > 230
    url = rehearsal.ready["site"]
    site = Tenant(admin).get_site_properties_by_url(url, True).execute_query()
    site.set_property("SharingCapability", 1).update().execute_query()
    again = Tenant(admin).get_site_properties_by_url(url, True).execute_query()
    assert int(again.properties["SharingCapability"].value) == 1
    assert url in [
        each.url for each in Tenant(admin).get_site_properties_from_sharepoint_by_filters("").execute_query()
    ]
    people = Tenant(admin).get_site_administrators(again.properties["SiteId"]).execute_query().value
    assert len(people) >= 1


@pytest.mark.parametrize(
    ("accept", "key"),
    [
        ("application/json;odata=verbose", "d"),
        ("application/json", "odata.metadata"),
        ("application/json;odata=nometadata", "Title"),
    ],
)
@pytest.mark.usefixtures("connect")
def test_every_dialect_over_the_wire(rehearsal: RunningTenant, accept: str, key: str) -> None:
    ready = rehearsal.ready
    app = msal.ConfidentialClientApplication(
        ready["client_id"],
        authority=f"https://login.microsoftonline.com/{ready['tenant']}",
        client_credential={
            "private_key": Path(ready["cert"]).read_text(encoding="utf-8"),
            "thumbprint": ready["thumbprint"],
        },
    )
    token = app.acquire_token_for_client([f"{ready['sharepoint']}/.default"])["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Accept": accept}
    answer = requests.get(f"{ready['site']}/_api/web", headers=headers, timeout=30)
    assert (answer.status_code, key in answer.json()) == (200, True)
    assert answer.headers["SPRequestGuid"]
