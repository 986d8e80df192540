"""Sites that were made from templates, read by PnPjs and CLI for Microsoft 365: they see what the templates say."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from spmigrate.tenant.session import connect
from tests.clients.conftest import Done, environment, run
from tests.conftest import ROOT
from tests.contract.conftest import read_settings
from tests.contract.full_sites import SEED, add_themes, write_full_sites
from tests.rehearsal_fixtures import RunningTenant
from tests.tenant_tree import start

HOST = "https://contoso.sharepoint.com"
TEAM, HUB, GROUP = (f"{HOST}/sites/{address}" for address in ("t-seen", "d-seen2", "g-seen"))
PNP = """
import fs from "node:fs";
import { SPDefault } from "@pnp/nodejs";
import { spfi } from "@pnp/sp";
import "@pnp/sp/presets/all.js";
const ready = JSON.parse(fs.readFileSync(process.env.REHEARSAL_READY));
const privateKey = fs.readFileSync(ready.cert, "utf8");
const open = (url) => spfi(url).using(SPDefault({baseUrl: url, msal: {config: {auth: {
  authority: `https://login.microsoftonline.com/${ready.tenant_id}`, clientId: ready.client_id,
  clientCertificate: {thumbprint: ready.thumbprint, privateKey}}}, scopes: [`${new URL(url).origin}/.default`]}}));
const [team, hub] = process.argv.slice(2).map(open);
const address = new URL(process.argv[2]).pathname;
const titles = (each) => each.map((one) => one.Title);
const out = {};
out.region = await team.web.regionalSettings.select("LocaleId", "FirstDayOfWeek", "Time24")();
out.zone = (await team.web.regionalSettings.timeZone()).Id;
const papers = team.web.getList(`${address}/CasePapers`);
out.papers = await papers.select("Title", "Description", "MajorVersionLimit", "MajorWithMinorVersionsLimit",
  "EnableMinorVersions", "DraftVersionVisibility", "ForceCheckout", "NoCrawl", "HasUniqueRoleAssignments")();
out.types = (await papers.contentTypes()).map((one) => one.Name);
const caseFile = (await team.web.contentTypes()).find((one) => one.Name === "Case file");
out.links = await team.web.contentTypes.getById(caseFile.StringId).fieldLinks.select("Name", "Required", "Hidden")();
const field = (name) => team.web.fields.getByInternalNameOrTitle(name);
out.reference = await field("CouncilReference").select("Title", "Indexed", "EnforceUniqueValues", "DefaultValue")();
out.status = await field("CouncilStatus").select("Choices", "Group")();
out.lookup = (await field("CouncilDecision").select("TypeAsString", "LookupField", "LookupList")());
out.decisions = (await team.web.getList(`${address}/Lists/Decisions`).select("Id")()).Id;
const view = papers.views.getByTitle("To review");
out.view = await view.select("DefaultView", "RowLimit", "ViewQuery", "CustomFormatter")();
out.shown = (await view.fields()).Items;
const status = papers.fields.getByInternalNameOrTitle("CouncilStatus");
out.status_default = (await status.select("DefaultValue")()).DefaultValue;
out.launch = await team.web.navigation.quicklaunch.expand("Children")();
out.owners = (await team.web.associatedOwnerGroup.users()).map((one) => one.LoginName);
out.rights = (await papers.roleAssignments.expand("Member", "RoleDefinitionBindings")())
  .map((one) => [one.Member.Title, titles(one.RoleDefinitionBindings.map((level) => ({ Title: level.Name })))]);
const minutes = team.web.getFolderByServerRelativePath(`${address}/CasePapers/2026/Minutes`);
out.folder = (await minutes.select("Exists")()).Exists;
out.hub = await team.web.hubSiteData();
out.joined = (await team.site.select("HubSiteId")()).HubSiteId;
out.hub_id = (await hub.site.select("Id")()).Id;
out.bar = titles(await hub.web.navigation.topNavigationBar());
out.home = (await hub.web.rootFolder.select("WelcomePage")()).WelcomePage;
out.look = await hub.web.select("HeaderLayout", "HeaderEmphasis", "FooterEnabled", "MegaMenuEnabled",
  "QuickLaunchEnabled", "SiteLogoUrl")();
const plain = (key, value) => (key.startsWith("odata.") ? undefined : value);
console.log(JSON.stringify(out, plain));
"""
CLI = """
import { executeCommand } from 'PACKAGES/@pnp/cli-microsoft365/dist/api.js';
const answers = {};
for (const [key, name, options] of JSON.parse(process.argv[2])) {
  const done = await executeCommand(name, { output: 'json', ...options });
  answers[key] = typeof done.stdout === 'string' && done.stdout ? JSON.parse(done.stdout) : (done.stdout || null);
}
console.log(JSON.stringify(answers));
"""
COMMANDS = [
    ["site", "spo tenant site get", {"url": TEAM}],
    ["label", "spo tenant site get", {"url": HUB}],
    ["hubs", "spo hubsite list", {}],
    ["list", "spo list get", {"webUrl": TEAM, "url": "/sites/t-seen/Lists/Decisions"}],
    ["label_of_list", "spo list retentionlabel get", {"webUrl": TEAM, "listUrl": "/sites/t-seen/CasePapers"}],
    ["groups", "spo group list", {"webUrl": TEAM}],
    ["levels", "spo roledefinition list", {"webUrl": TEAM}],
    ["page", "spo page get", {"webUrl": HUB, "name": "About-us.aspx"}],
    ["group", "entra m365group get", {"displayName": "The programme"}],
    ["channels", "teams channel list", {"teamName": "The programme"}],
]


@pytest.fixture(scope="module")
def applied(rehearsal_server: RunningTenant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The sites, by `site apply` in a process of its own, in a tenant that lets sites be restricted to groups."""
    work = tmp_path_factory.mktemp("seen")
    rehearsal_server.seed(SEED)
    write_full_sites(work / "site_templates", "seen")
    with connect(read_settings(work, rehearsal_server)) as tenant:
        add_themes(tenant)
        settings = f"{tenant.settings.admin}/_api/SPO.Tenant"
        tenant.rest("MERGE", settings, {"EnableRestrictedAccessControl": True})
        running = start(ROOT, work, "site", "apply", "--yes", "--workers", "4")
        said, noted = running.communicate(timeout=120)
        assert running.returncode == 0, said + noted
        yield
        tenant.rest("MERGE", settings, {"EnableRestrictedAccessControl": False})


def test_pnpjs_sees_what_the_templates_say(node: Callable[..., Done], applied: None) -> None:
    seen = node(PNP, TEAM, HUB).json
    assert (seen["region"], seen["zone"]) == ({"LocaleId": 2057, "FirstDayOfWeek": 1, "Time24": True}, 2)
    assert seen["papers"] == {
        "Title": "Case papers", "Description": "Of every case.", "MajorVersionLimit": 50, "EnableMinorVersions": True,
        "MajorWithMinorVersionsLimit": 5, "DraftVersionVisibility": 1, "ForceCheckout": False, "NoCrawl": False,
        "HasUniqueRoleAssignments": True,
    }  # fmt: skip
    assert {"Council document", "Case file"} <= set(seen["types"])
    links = {link["Name"]: (link["Required"], link["Hidden"]) for link in seen["links"]}
    assert links["CouncilReference"] == (True, False) and links["CouncilReviewDate"] == (False, True)
    assert links["CouncilStatus"] == (True, False)
    assert seen["reference"] == {
        "Title": "Reference", "Indexed": True, "EnforceUniqueValues": True, "DefaultValue": "none yet",
    }  # fmt: skip
    assert seen["status"] == {"Choices": ["Open", "Closed"], "Group": "Council"}
    assert (seen["lookup"]["LookupField"], seen["lookup"]["LookupList"].strip("{}")) == ("Title", seen["decisions"])
    assert (seen["view"]["DefaultView"], seen["view"]["RowLimit"], seen["shown"]) == (
        True, 50, ["LinkFilename", "CouncilReviewDate"],
    )  # fmt: skip
    assert "<Today" in seen["view"]["ViewQuery"] and json.loads(seen["view"]["CustomFormatter"]) == {
        "hideSelection": True
    }
    assert (seen["status_default"], seen["folder"]) == ("Closed", True)
    launch = {node["Title"]: [child["Title"] for child in node["Children"]] for node in seen["launch"]}
    assert launch["Help"] == ["Rota"] and "Case papers" in launch
    assert {login.rsplit("|", 1)[-1].split("@")[0] for login in seen["owners"]} >= {"migration.lead", "service.desk"}
    rights = dict(seen["rights"])
    # The app that made the library keeps its own right in it, as whoever ends inheritance does.
    assert rights["Filing"] == ["File and read"]
    assert rights.keys() - {"SharePoint App"} == {"The team Owners", "Filing"}
    assert seen["joined"] == seen["hub_id"] and "Everybody" in json.dumps(seen["hub"])
    assert (seen["bar"], seen["home"]) == (["Rota", "Start"], "SitePages/About-us.aspx")
    look = seen["look"]
    assert (look["HeaderLayout"], look["HeaderEmphasis"], look["FooterEnabled"], look["MegaMenuEnabled"]) == (
        2, 2, True, True,
    )  # fmt: skip
    assert not look["QuickLaunchEnabled"] and "crest" in look["SiteLogoUrl"]


def test_cli_for_microsoft_365_sees_what_the_templates_say(
    rehearsal_server: RunningTenant, node_modules: Path, tmp_path: Path, applied: None
) -> None:
    seen = many(rehearsal_server, node_modules, tmp_path)
    site = seen["site"]
    assert (site["SharingCapability"], site["DefaultSharingLinkType"], site["DefaultLinkPermission"]) == (3, 1, 1)
    assert (site["StorageMaximumLevel"], site["StorageWarningLevel"]) in ((51200, 40960), ("51200", "40960"))
    assert (site["ExternalUserExpirationInDays"], site["AnonymousLinkExpirationInDays"]) == (90, 30)
    assert site["LockState"] == "Unlock"
    hub = next(each for each in seen["hubs"] if each["SiteUrl"] == HUB)
    assert (hub["Title"], hub["Description"], hub["RequiresJoinApproval"]) == ("Everybody", "All of our sites", False)
    above = next(each["ID"] for each in seen["hubs"] if each["SiteUrl"].endswith("d-seen1"))
    assert hub["ParentHubSiteId"].casefold() == above.casefold()
    assert (seen["list"]["Title"], seen["list"]["MajorVersionLimit"], seen["list"]["NoCrawl"]) == (
        "Decisions", 20, True,
    )  # fmt: skip
    assert "Keep 6 years" in json.dumps(seen["label_of_list"])
    assert "Filing" in [each["Title"] for each in seen["groups"]]
    assert "File and read" in [each["Name"] for each in seen["levels"]]
    assert seen["page"]["title"] == "About us"
    assert (seen["group"]["mailNickname"], seen["group"]["visibility"]) == ("g-seen", "Private")
    channels = {each["displayName"]: each["membershipType"] for each in seen["channels"]}
    assert (channels["Board"], channels["Inner"]) == ("standard", "private")


def many(tenant: RunningTenant, modules: Path, home: Path) -> dict[str, Any]:
    """Many commands in one process, through the CLI's own programming interface."""
    env, ready = environment(tenant, home), tenant.ready
    program = str(modules / ".bin" / "m365")
    login = run([
        program, "login", "--authType", "certificate", "--certificateFile", ready["cert"],
        "--thumbprint", ready["thumbprint"], "--appId", ready["client_id"], "--tenant", ready["tenant_id"],
    ], env)  # fmt: skip
    assert login.code == 0, login.stdout + login.stderr
    script = home / "many.mjs"
    script.write_text(CLI.replace("PACKAGES", str(modules)))
    return dict(run(["node", str(script), json.dumps(COMMANDS)], env, cwd=home).json)
