"""PnPjs, unmodified, in a web of its own below the team site, as its own test-suite works."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.conftest import Done

PRELUDE = """
import fs from "node:fs";
import { SPDefault } from "@pnp/nodejs";
import { spfi } from "@pnp/sp";
import "@pnp/sp/presets/all.js";
const ready = JSON.parse(fs.readFileSync(process.env.REHEARSAL_READY));
const privateKey = fs.readFileSync(ready.cert, "utf8");
const host = new URL(ready.site).origin;
const team = spfi(ready.site).using(SPDefault({baseUrl: ready.site, msal: {config: {auth: {
  authority: `https://login.microsoftonline.com/${ready.tenant_id}`, clientId: ready.client_id,
  clientCertificate: {thumbprint: ready.thumbprint, privateKey}}}, scopes: [`${host}/.default`]}}));
const address = `web${Math.random().toString(36).slice(2, 10)}`;
const made = await team.web.webs.add("A web of its own", address);
const sp = spfi([team.web, made.Url]);
const refused = (promise) => promise.then(() => "fulfilled", (error) => error.status);
const out = {};
"""
EPILOGUE = "\nconsole.log(JSON.stringify(out));\n"


@pytest.fixture
def pnp(node: Callable[..., Done]) -> Callable[[str], Any]:
    """Run the body of a script that fills `out`, signed in with the certificate."""
    return lambda body: node(PRELUDE + body + EPILOGUE).json


def test_a_web_below_a_site_finds_what_lies_in_it_and_above_it(pnp: Callable[[str], Any]) -> None:
    out = pnp("""
const below = (await sp.web.select("ServerRelativeUrl")()).ServerRelativeUrl.slice(1);
out.list = (await sp.web.getList(`${below}/SitePages`)()).Title;
out.people = (await sp.web.siteUserInfoList()).BaseTemplate;
out.hub = (await sp.web.hubSiteData())["odata.null"];
out.fundamental = (await sp.web.webs.add("Fundamental", "below", "", "FunSite#0", 1033, false)).Title;
const page = sp.web.folders.getByUrl("SitePages").files.getByUrl("Home.aspx");
out.scopes = [await page.getLimitedWebPartManager(1).scope(), await page.getLimitedWebPartManager(0).scope()];
out.parts = await page.getLimitedWebPartManager().webparts();
const forms = sp.web.getFolderByServerRelativePath(`/${below}/Shared Documents/Forms`);
await forms.files.addUsingPath("kept.html", "<p/>", { Overwrite: true });
const kept = `/${below}/Shared Documents/Forms/kept.html`;
out.form = await sp.web.getFileByServerRelativePath(kept).getText();
out.items = (await sp.web.lists.getByTitle("Documents").items()).length;
await team.site.registerHubSite();
const hub = await team.hubSites.getById((await team.site.select("Id")()).Id).getSite();
out.site = await refused(hub.select("Title")());
await team.site.unRegisterHubSite();
""")
    assert (out["list"], out["people"], out["hub"], out["fundamental"]) == ("Site Pages", 112, True, "Fundamental")
    assert (out["scopes"], out["parts"]) == ([1, 0], [])
    assert (out["form"], out["items"], out["site"]) == ("<p/>", 0, "fulfilled")


def test_what_the_service_refuses_is_refused(pnp: Callable[[str], Any]) -> None:
    out = pnp("""
const feature = "a7a2793e-67cd-4dc1-9fd0-43f61581207a";
await sp.web.features.add(feature, true);
out.feature = [await refused(sp.web.features.remove(feature)), await refused(sp.web.features.remove(feature, true))];
out.menu = await refused(sp.navigation.getMenuNodeKey("/some/page/not/there.aspx"));
const empty = { $schema: "schema.json", actions: [], bindata: {}, version: 1 };
out.script = await refused(team.siteScripts.createSiteScript("Nothing", "", empty));
const me = await sp.web.currentUser();
out.whole = await refused(sp.web.currentUser.update({ ...me, Title: "Changed" }));
out.title = (await sp.web.currentUser()).Title;
await sp.web.currentUser.update({ Title: me.Title });
out.login = await refused(sp.web.currentUser.update({ LoginName: "somebody else" }));
""")
    assert (out["feature"], out["menu"], out["script"]) == (["fulfilled", 400], 400, 400)
    assert (out["whole"], out["title"], out["login"]) == ("fulfilled", "Changed", 400)


def test_dates_are_compared_as_instants(pnp: Callable[[str], Any]) -> None:
    out = pnp("""
const { list } = await sp.web.lists.ensure("Dates");
await list.fields.addDateTime("Due", { DisplayFormat: 1 });
await list.items.add({ Title: "On the hour", Due: new Date("2023-06-20T10:00:00Z") });
for (const operator of ["eq", "le", "ge", "lt", "gt"])
  out[operator] = (await list.items.filter(`Due ${operator} '2023-06-20T10:00:00.000Z'`)()).length;
""")
    assert out == {"eq": 1, "le": 1, "ge": 1, "lt": 0, "gt": 0}


def test_groups_say_where_their_site_and_notebook_are(pnp: Callable[[str], Any]) -> None:
    out = pnp("""
const { graphfi } = await import("@pnp/graph");
const { GraphDefault } = await import("@pnp/nodejs");
await import("@pnp/graph/groups/index.js");
const graph = graphfi().using(GraphDefault({ msal: { config: { auth: {
  authority: `https://login.microsoftonline.com/${ready.tenant_id}`, clientId: ready.client_id,
  clientSecret: ready.client_secret } }, scopes: ["https://graph.microsoft.com/.default"] } }));
const { id } = await graph.groups.add("Notes", address, 0);
const of = sp.groupSiteManager;
out.states = [(await of.create(id)).SiteStatus, (await of.getSiteStatus(id)).SiteStatus];
out.notebook = (await of.notebook(id)).includes("/SiteAssets/");
out.teams = JSON.parse(await of.getUserTeamConnectedMemberGroups(ready.admin_user))["@odata.context"].split("#")[1];
out.own = await refused(of.getCurrentUserTeamConnectedMemberGroups());
out.labels = (await of.getAllOrgLabels(0)).IsLastPage;
out.hidden = await of.isTeamifyPromptHidden(ready.site);
await graph.groups.getById(id).delete();
""")
    assert out == {
        "states": [2, 2], "notebook": True, "teams": "Collection(Exchange.MemberGroup)", "own": 403, "labels": True,
        "hidden": False,
    }  # fmt: skip
