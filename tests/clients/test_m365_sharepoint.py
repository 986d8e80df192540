"""CLI for Microsoft 365, unmodified: sites, hubs, tenant settings, and what it does through ProcessQuery."""

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import Done, environment, run
from tests.rehearsal_fixtures import RunningTenant

ROOT = "https://contoso.sharepoint.com"
TEAM = f"{ROOT}/sites/team"
OWNER = "admin@contoso.onmicrosoft.com"
M365 = Callable[..., Done]


@pytest.fixture(scope="module")
def user(rehearsal_server: RunningTenant, node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> M365:
    """The CLI, signed in with name and password."""
    return signed_in(
        rehearsal_server, node_modules, tmp_path_factory.mktemp("m365-user"), "--authType", "password",
        "--userName", rehearsal_server.ready["admin_user"], "--password", rehearsal_server.ready["password"],
    )  # fmt: skip


def signed_in(tenant: RunningTenant, modules: Path, home: Path, *given: str) -> M365:
    """The CLI with a home of its own, signed in as told."""
    env, ready = environment(tenant, home), tenant.ready

    def call(*arguments: object) -> Done:
        return run([str(modules / ".bin" / "m365"), *map(str, arguments), "--output", "json"], env)

    done = call("login", *given, "--appId", ready["client_id"], "--tenant", ready["tenant_id"])
    assert done.code == 0, done.stdout + done.stderr
    return call


@pytest.fixture(scope="module")
def site(m365: M365) -> str:
    """A communication site that the CLI has made."""
    url = f"{ROOT}/sites/c{uuid.uuid4().hex[:10]}"
    made = m365("spo", "site", "add", "--type", "CommunicationSite", "--url", url, "--title", "Made", "--owners", OWNER)
    assert made.json == url
    return url


@pytest.fixture(scope="module")
def batch(
    rehearsal_server: RunningTenant, node_modules: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Many commands in one process, through the CLI's own programming interface: each is a list of words."""
    home = tmp_path_factory.mktemp("m365-batch")
    ready = rehearsal_server.ready
    signed_in(rehearsal_server, node_modules, home, "--authType", "password", "--userName", ready["admin_user"],
              "--password", ready["password"])  # fmt: skip
    script = home / "batch.mjs"
    script.write_text(BATCH.replace("PACKAGES", str(node_modules)))
    env = environment(rehearsal_server, home)

    def call(*commands: tuple[str, dict[str, object]]) -> list[Any]:
        done = run(["node", str(script), json.dumps(commands)], env, cwd=home)
        return list(done.json)

    yield call


BATCH = """
import { executeCommand } from 'PACKAGES/@pnp/cli-microsoft365/dist/api.js';
const answers = [];
for (const [name, options] of JSON.parse(process.argv[2])) {
  try {
    const done = await executeCommand(name, { output: 'json', ...options });
    answers.push(typeof done.stdout === 'string' && done.stdout ? JSON.parse(done.stdout) : (done.stdout || null));
  } catch (problem) {
    answers.push({ refused: problem?.error?.message ?? problem?.message ?? String(problem) });
  }
}
console.log(JSON.stringify(answers));
"""


@pytest.mark.parametrize("how", ["pem", "pfx"])
def test_it_signs_in_with_a_certificate(
    how: str, rehearsal_server: RunningTenant, node_modules: Path, tmp_path: Path
) -> None:
    ready = rehearsal_server.ready
    given = {
        "pem": ["--certificateFile", ready["cert"], "--thumbprint", ready["thumbprint"]],
        "pfx": ["--certificateFile", ready["pfx"], "--password", ready["pfx_password"]],
    }
    call = signed_in(rehearsal_server, node_modules, tmp_path, "--authType", "certificate", *given[how])
    assert call("spo", "web", "get", "--url", TEAM).json["Url"] == TEAM


def test_it_signs_in_as_a_user(user: M365) -> None:
    assert user("status").json["connectedAs"] == OWNER
    assert user("spo", "site", "get", "--url", TEAM).json["Url"] == TEAM


def test_sites_are_listed(m365: M365, site: str) -> None:
    found = {each["Url"]: each for each in m365("spo", "site", "list").json}
    assert {TEAM, site} <= set(found)
    assert found[site]["Template"] == "SITEPAGEPUBLISHING#0"


def test_tenant_settings_are_read_and_set(m365: M365) -> None:
    before = m365("spo", "tenant", "settings", "list").json
    assert len(before) > 200
    wanted = not before["HideSyncButtonOnODB"]
    done = m365("spo", "tenant", "settings", "set", "--HideSyncButtonOnODB", str(wanted).lower())
    assert done.code == 0, done.stderr
    assert m365("spo", "tenant", "settings", "list").json["HideSyncButtonOnODB"] is wanted


def test_a_classic_site_lives_dies_and_comes_back(batch: Any) -> None:
    url = f"{ROOT}/sites/k{uuid.uuid4().hex[:10]}"
    answers = batch(
        (
            "spo site add",
            {"type": "ClassicSite", "url": url, "title": "Old", "owners": OWNER, "timeZone": 2, "wait": True},
        ),
        ("spo site set", {"url": url, "title": "New", "sharingCapability": "Disabled", "noScriptSite": False}),
        ("spo site get", {"url": url}),
        ("spo site remove", {"url": url, "force": True}),
        ("spo tenant recyclebinitem list", {}),
        ("spo tenant recyclebinitem restore", {"siteUrl": url}),
        ("spo web get", {"url": url}),
        ("spo site remove", {"url": url, "force": True}),
        ("spo tenant recyclebinitem remove", {"siteUrl": url, "force": True, "wait": True}),
        ("spo web get", {"url": url}),
    )
    assert answers[0] == url
    assert url in [each["Url"] for each in answers[4]]
    assert answers[6]["Title"] == "New"
    assert "refused" in answers[9]


def test_a_site_joins_a_hub(batch: Any, site: str) -> None:
    hub = batch(("spo hubsite register", {"siteUrl": site}))[0]["ID"]
    answers = batch(
        ("spo hubsite set", {"id": hub, "title": "Directorate", "description": "All of it"}),
        ("spo hubsite rights grant", {"hubSiteUrl": site, "principals": OWNER, "rights": "Join"}),
        ("spo site hubsite connect", {"siteUrl": TEAM, "id": hub}),
        ("spo hubsite get", {"id": hub, "withAssociatedSites": True}),
        ("spo site hubsite disconnect", {"siteUrl": TEAM, "force": True}),
        ("spo hubsite rights revoke", {"hubSiteUrl": site, "principals": OWNER, "force": True}),
        ("spo hubsite unregister", {"url": site, "force": True}),
        ("spo hubsite get", {"id": hub}),
    )
    assert answers[0]["ID"].lower() == hub.lower()
    assert answers[3]["Title"] == "Directorate"
    assert answers[7]["refused"]


def test_columns_of_content_types_have_flags(batch: Any) -> None:
    kind, column = f"0x0100{uuid.uuid4().hex.upper()}", str(uuid.uuid4())
    name = f"C{column[:8]}"
    xml = f'<Field Type="Text" Name="{name}" DisplayName="{name}" ID="{{{column}}}" AllowDeletion="TRUE" />'
    web = {"webUrl": TEAM}
    answers = batch(
        ("spo contenttype add", {**web, "name": f"Case {column[:8]}", "id": kind, "group": "Council"}),
        ("spo field add", {**web, "xml": xml}),
        ("spo contenttype field set", {**web, "contentTypeId": kind, "id": column, "required": True}),
        ("spo contenttype field list", {**web, "contentTypeId": kind}),
        ("spo contenttype set", {**web, "id": kind, "Description": "Of the council"}),
        ("spo contenttype get", {**web, "id": kind}),
        ("spo field set", {**web, "title": name, "Description": "Number"}),
        ("spo field get", {**web, "title": name}),
        ("spo contenttype field remove", {**web, "contentTypeId": kind, "id": column, "force": True}),
        ("spo contenttype field list", {**web, "contentTypeId": kind}),
    )
    assert [each["Required"] for each in answers[3] if each["InternalName"] == name] == [True]
    assert answers[5]["Description"] == "Of the council"
    assert answers[7]["Description"] == "Number"
    assert name not in [each["InternalName"] for each in answers[9]]


def test_properties_of_webs_and_folders_are_kept(batch: Any, site: str) -> None:
    where = {"webUrl": site, "key": "council.key"}
    answers = batch(
        ("spo propertybag set", {**where, "value": "x"}),
        ("spo site set", {"url": site, "noScriptSite": False}),
        ("spo propertybag set", {**where, "value": "one & two"}),
        ("spo propertybag get", where),
        ("spo propertybag set", {**where, "value": "three", "folder": "/Shared Documents"}),
        ("spo propertybag get", {**where, "folder": "/Shared Documents"}),
        ("spo propertybag remove", {**where, "force": True}),
        ("spo propertybag list", {"webUrl": site}),
    )
    assert "Access denied" in answers[0]["refused"]
    assert (answers[3], answers[5]) == ("one & two", "three")
    assert "vti_defaultlanguage" in [each["key"] for each in answers[7]]
    assert "council.key" not in [each["key"] for each in answers[7]]


def test_terms_are_made_and_found(batch: Any) -> None:
    group = f"G{uuid.uuid4().hex[:8]}"
    answers = batch(
        ("spo term group add", {"name": group, "description": "Of the council"}),
        ("spo term set add", {"name": "Services", "termGroupName": group, "customProperties": '{"a":"b"}'}),
        ("spo term add", {"name": "Roads", "termSetName": "Services", "termGroupName": group, "description": "All"}),
        ("spo term group list", {}),
        ("spo term set get", {"name": "Services", "termGroupName": group}),
        ("spo term list", {"termSetName": "Services", "termGroupName": group}),
        ("spo term get", {"name": "Roads", "termSetName": "Services", "termGroupName": group}),
        ("spo term group get", {"name": "Nothing of the kind"}),
    )
    assert {"People", "System", group} <= {each["Name"] for each in answers[3]}
    assert answers[4]["CustomProperties"] == {"a": "b"}
    assert [each["Name"] for each in answers[5]] == ["Roads"]
    assert (answers[6]["Id"], answers[6]["Description"]) == (answers[2]["Id"], "All")
    assert "out of the range" in answers[7]["refused"]


def test_the_tenant_has_themes_content_delivery_and_places(batch: Any, site: str) -> None:
    name = f"T{uuid.uuid4().hex[:8]}"
    answers = batch(
        ("spo theme set", {"name": name, "theme": '{"themePrimary":"#03787c"}'}),
        ("spo theme get", {"name": name}),
        ("spo theme apply", {"name": name, "webUrl": site}),
        ("spo theme remove", {"name": name, "force": True}),
        ("spo theme get", {"name": name}),
        ("spo cdn set", {"type": "Public", "enabled": True}),
        ("spo cdn get", {"type": "Public"}),
        ("spo cdn origin list", {"type": "Public"}),
        ("spo cdn policy list", {"type": "Public"}),
        ("spo orgnewssite set", {"url": site}),
        ("spo orgnewssite list", {}),
        ("spo orgnewssite remove", {"url": site, "force": True}),
        ("spo orgassetslibrary add", {"libraryUrl": f"{site}/Shared Documents", "cdnType": "Public"}),
        ("spo orgassetslibrary list", {}),
        ("spo orgassetslibrary remove", {"libraryUrl": f"{site}/Shared Documents", "force": True}),
        ("spo homesite add", {"url": site}),
        ("spo homesite list", {}),
        ("spo homesite remove", {"url": site, "force": True}),
    )
    assert answers[1]["Palette"] == {"themePrimary": "#03787c"}
    assert "could not be found" in answers[4]["refused"]
    assert answers[6] is True
    assert "*/CLIENTSIDEASSETS" in answers[7]
    assert answers[8][0]["Policy"] == "IncludeFileExtensions"
    assert site in answers[10]
    assert answers[13]["Libraries"][0]["DisplayName"] == "Documents"
    assert site in [each["Url"] for each in answers[16]]


def test_items_change_without_a_version(batch: Any) -> None:
    title = f"L{uuid.uuid4().hex[:8]}"
    where = {"webUrl": TEAM, "listTitle": title}
    answers = batch(
        ("spo list add", {"webUrl": TEAM, "title": title, "baseTemplate": "GenericList"}),
        ("spo list set", {"webUrl": TEAM, "title": title, "description": "Of the council", "enableVersioning": True}),
        ("spo list get", {"webUrl": TEAM, "title": title}),
        ("spo listitem add", {**where, "Title": "One"}),
        ("spo listitem set", {**where, "id": 1, "Title": "Two", "systemUpdate": True}),
        ("spo listitem get", {**where, "id": 1}),
        ("spo list remove", {"webUrl": TEAM, "title": title, "force": True}),
    )
    assert answers[2]["Description"] == "Of the council"
    assert (answers[5]["Title"], answers[5]["OData__UIVersionString"]) == ("Two", answers[3]["OData__UIVersionString"])


def test_guests_are_seen_by_sharepoint(batch: Any) -> None:
    mail = f"g{uuid.uuid4().hex[:8]}@district.example"
    invited, listed, groups = batch(
        ("entra user guest add", {"emailAddress": mail}),
        ("spo externaluser list", {"pageSize": 50, "filter": mail.partition("@")[0]}),
        ("entra m365group list", {}),
    )
    assert invited["invitedUserEmailAddress"] == mail
    assert [each["InvitedAs"] for each in listed] == [mail]
    assert isinstance(groups, list)


def test_a_group_gets_its_site_and_goes_with_it(batch: Any) -> None:
    alias = f"t{uuid.uuid4().hex[:8]}"
    url = f"{ROOT}/sites/{alias}"
    made, groups, removed, gone = batch(
        ("spo site add", {"type": "TeamSite", "alias": alias, "title": alias}),
        ("entra m365group list", {"displayName": alias}),
        ("spo site remove", {"url": url, "force": True}),
        ("spo web get", {"url": url}),
    )
    assert made == url
    assert [each["mailNickname"] for each in groups] == [alias]
    assert removed is None
    assert gone["refused"]


def test_pages_are_composed_and_published(batch: Any, site: str) -> None:
    page = {"webUrl": site, "pageName": "composed.aspx"}
    named = {"webUrl": site, "name": "composed.aspx"}
    answers = batch(
        ("spo page add", {**named, "title": "Composed"}),
        ("spo page section add", {**page, "sectionTemplate": "TwoColumn"}),
        ("spo page text add", {**page, "text": "Hello", "section": 1, "column": 1}),
        ("spo page clientsidewebpart add", {**page, "standardWebPart": "BingMap", "section": 1, "column": 2}),
        ("spo page control list", page),
        ("spo page set", {**named, "title": "Done", "publish": True}),
        ("spo page get", named),
        ("spo page list", {"webUrl": site}),
        ("spo page copy", {"webUrl": site, "sourceName": "composed.aspx", "targetUrl": "copied.aspx"}),
        ("spo page remove", {"webUrl": site, "name": "copied.aspx", "force": True}),
    )
    assert [each for each in answers if isinstance(each, dict) and "refused" in each] == []
    assert {3, 4} <= {each["controlType"] for each in answers[4]}
    assert (answers[6]["title"], answers[6]["numControls"]) == ("Done", 3)
    assert "composed.aspx" in [each["FileName"] for each in answers[7]]


def test_permissions_defaults_and_rows_of_lists_are_kept(batch: Any, site: str) -> None:
    web, reader = {"webUrl": site}, {"upn": OWNER}
    cases, files = {**web, "listTitle": "Cases"}, {**web, "listTitle": "Documents"}
    answers = batch(
        ("spo user ensure", {**web, "userName": OWNER}),
        ("spo list add", {**web, "title": "Cases", "baseTemplate": "GenericList"}),
        ("spo listitem batch add", {**cases, "csvContent": "Title\nOne\nTwo\n"}),
        ("spo listitem list", cases),
        ("spo list roleinheritance break", {**cases, "force": True, "clearExistingPermissions": True}),
        ("spo list roleassignment add", {**cases, **reader, "roleDefinitionName": "Read"}),
        ("spo list roleassignment remove", {**cases, **reader, "force": True}),
        ("spo list defaultvalue set", {**files, "fieldName": "Title", "fieldValue": "Untitled"}),
        ("spo list defaultvalue list", files),
        ("spo list sitescript get", cases),
        ("spo folder add", {**web, "parentFolderUrl": "Shared Documents", "name": "Red", "color": "darkRed"}),
        ("spo folder move", {**web, "sourceUrl": "Shared Documents/Red", "targetUrl": f"{site}/SiteAssets"}),
        ("file list", {**web, "folderUrl": "Shared Documents", "recursive": True}),
    )
    assert [place for place, each in enumerate(answers) if isinstance(each, dict) and "refused" in each] == []
    assert [each["Title"] for each in answers[3]] == ["One", "Two"]
    assert [each["fieldValue"] for each in answers[8]] == ["Untitled"]
    assert answers[11]["ServerRelativeUrl"].endswith("/SiteAssets/Red")
