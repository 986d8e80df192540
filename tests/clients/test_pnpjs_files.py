"""PnPjs, unmodified: files, folders, recycle bins, subsites, navigation, features, pages and site scripts."""

from __future__ import annotations

from collections.abc import Callable

from tests.clients.conftest import Done

# What each script begins with: a signed-in `sp` at a new subsite of the announced site, with a library of its own.
PRELUDE = """
import { readFileSync } from "fs";
import { SPDefault } from "@pnp/nodejs";
import { spfi } from "@pnp/sp";
import "@pnp/sp/presets/all.js";
import { Web } from "@pnp/sp/webs/index.js";
import { ClientsideText } from "@pnp/sp/clientside-pages/index.js";
const ready = JSON.parse(readFileSync(process.env.REHEARSAL_READY));
const host = new URL(ready.site).origin;
const key = readFileSync(ready.cert, "utf8").match(/-----BEGIN (?:RSA )?PRIVATE KEY-----[^]*?KEY-----/)[0];
const auth = { authority: `https://login.microsoftonline.com/${ready.tenant_id}/`, clientId: ready.client_id,
               clientCertificate: { thumbprint: ready.thumbprint, privateKey: key } };
const msal = { config: { auth }, scopes: [`${host}/.default`] };
const connect = (url) => spfi(url).using(SPDefault({ baseUrl: url, msal }));
const name = `pnp${Date.now()}`;
const site = (await connect(ready.site).web.webs.add("Own place", name)).Url, path = new URL(site).pathname;
const sp = connect(site);
const web = sp.web, library = web.defaultDocumentLibrary.rootFolder, files = library.files, folders = library.folders;
const root = (await library.select("ServerRelativeUrl")()).ServerRelativeUrl;
const refused = async (work) => { try { await work(); return 0; } catch (e) { return e.status ?? -1; } };
const plain = (name, value) => name.startsWith("odata.") && name !== "odata.null" ? undefined : value;
const say = (facts) => console.log(JSON.stringify(facts, plain));
"""

FILES = """
await files.addUsingPath("report.txt", "one", { Overwrite: true });
const taken = await refused(() => files.addUsingPath("report.txt", "two"));
const unique = await files.addUsingPath("report.txt", "two", { EnsureUniqueFileName: true });
const odd = await files.addUsingPath("50 % of #1 'draft'.txt", "odd", { Overwrite: true });
const found = await web.getFileById(odd.UniqueId).select("Name", "ListId", "VroomItemID")();
const pieces = [];
const large = await files.addChunked("large.bin", new Blob([Buffer.alloc(3000, "a")]),
  { chunkSize: 1000, progress: (each) => pieces.push(each.stage), Overwrite: true });
const file = files.getByUrl("report.txt");
await file.checkout();
const held = await refused(() => file.checkout());
const out = await files.getByUrl("report.txt").select("CheckOutType", "Level")();
await file.setContent("thrown away");
await file.undoCheckout();
const undone = await file.getText();
await file.checkout();
await file.setContent("two");
await file.checkin("second");
const versions = await file.versions.select("VersionLabel", "IsCurrentVersion")();
await file.versions.restoreByLabel("1.0");
const restored = { text: await file.getText(), label: (await files.getByUrl("report.txt")()).UIVersionLabel };
await file.copyTo(`${root}/copy.txt`, true);
await files.getByUrl("copy.txt").moveByPath(`${root}/moved.txt`, false);
const again = await refused(() => file.copyByPath(`${root}/moved.txt`, false));
await file.copyByPath(`${root}/moved.txt`, false, { KeepBoth: true, ResetAuthorAndCreatedOnCopy: true,
                                                    ShouldBypassSharedLocks: true });
const item = await file.getItem("Id");
const names = (await files.select("Name")()).map((each) => each.Name).sort();
say({ taken, unique: unique.Name, found: found.Name, drive: found.VroomItemID.slice(0, 2), size: large.Length, pieces,
      held, out, undone, versions, restored, again, names, item: item.Id > 0, locked: await file.getLockedByUser(),
      missing: await files.getByUrl("nothing.txt").exists() });
"""


def test_files_are_added_checked_out_versioned_copied_and_moved(node: Callable[..., Done]) -> None:
    seen = node(PRELUDE + FILES).json
    assert (seen["taken"], seen["held"], seen["again"]) == (400, 423, 400)
    assert (seen["unique"], seen["found"], seen["drive"]) == ("report1.txt", "50 % of #1 'draft'.txt", "01")
    assert (seen["size"], seen["pieces"]) == ("3000", ["starting", "continue", "continue", "finishing"])
    assert seen["out"] == {"CheckOutType": 0, "Level": 255}
    assert (seen["undone"], seen["restored"]) == ("one", {"text": "one", "label": "3.0"})
    assert seen["versions"] == [{"IsCurrentVersion": False, "VersionLabel": "1.0"}]
    assert seen["names"] == [
        "50 % of #1 'draft'.txt", "large.bin", "moved.txt", "moved1.txt", "report.txt", "report1.txt",
    ]  # fmt: skip
    assert (seen["item"], seen["locked"], seen["missing"]) == (True, None, False)


FOLDERS = """
await folders.addUsingPath("a");
await folders.getByUrl("a").addSubFolderUsingPath("b");
await folders.getByUrl("a").folders.getByUrl("b").files.addUsingPath("x.txt", "xx");
const metrics = await folders.getByUrl("a").storageMetrics();
await folders.getByUrl("a").moveByPath(`${root}/c`, true);
await folders.getByUrl("c").copyByPath(`${root}/d`, true);
const copied = (await folders.getByUrl("d").folders.getByUrl("b").files())[0].Name;
await web.rootFolder.folders.addUsingPath("top");
await web.rootFolder.folders.getByUrl("top").files.addUsingPath("loose.txt", "1");
const atTop = (await web.folders.select("Name")()).map((each) => each.Name);
const loose = await web.getFileByServerRelativePath(`${path}/top/loose.txt`).listItemAllFields();
const infos = await folders.getByUrl("c").getParentInfos();
const bin = web.recycleBin;
await files.addUsingPath("gone.txt", "1", { Overwrite: true });
const first = await files.getByUrl("gone.txt").recycle();
const [entry] = (await bin()).filter((each) => each.Id === first);
await bin.getById(first).moveToSecondStage();
const second = (await sp.site.recycleBin.filter("ItemState eq 2")()).filter((each) => each.Id === first);
const stages = [(await bin()).some((each) => each.Id === first), second.length];
await sp.site.recycleBin.getById(first).restore();
await folders.getByUrl("c").folders.getByUrl("b").files.getByUrl("x.txt").recycle();
await folders.getByUrl("c").delete();
await bin.restoreAll();
const back = await web.getFileByServerRelativePath(`${root}/c/b/x.txt`).getText();
await files.getByUrl("gone.txt").recycle();
await files.addUsingPath("gone.txt", "2");
const blocked = await refused(() => bin.restoreAll());
await bin.deleteAll();
say({ metrics: metrics.TotalFileCount, copied, atTop, loose: loose["odata.null"], list: infos.ParentList.Id.length,
      entry: [entry.LeafName, `/${entry.DirName}` === root, entry.ItemType, entry.Size, entry.DeletedByName],
      stages, back, blocked,
      left: (await bin()).length, kept: await files.getByUrl("gone.txt").getText() });
"""


def test_folders_and_both_stages_of_the_recycle_bin(node: Callable[..., Done]) -> None:
    seen = node(PRELUDE + FOLDERS).json
    assert (seen["metrics"], seen["copied"], seen["list"], seen["loose"]) == ("1", "x.txt", 36, True)
    assert {"top", "SitePages", "Shared Documents", "_catalogs", "Lists"} <= set(seen["atTop"])
    assert seen["entry"] == ["gone.txt", True, 1, "1", "SharePoint App"]
    assert seen["stages"] == [False, 1]
    assert (seen["back"], seen["blocked"], seen["left"], seen["kept"]) == ("xx", 400, 0, "2")


WEBS = """
const made = await web.webs.add("Minutes", "minutes");
const taken = await refused(() => web.webs.add("Minutes", "minutes"));
const sub = Web([web, made.Url]);
await sub.update({ Title: "Agendas" });
await sub.defaultDocumentLibrary.rootFolder.files.addUsingPath("a.txt", "b");
await web.getFileByServerRelativePath(`${path}/minutes/Shared Documents/a.txt`).getText().catch(() => "not here");
const parent = await (await sub.getParentWeb()).select("Url")();
const unique = (await sub.select("HasUniqueRoleAssignments")()).HasUniqueRoleAssignments;
const infos = (await web.getSubwebsFilteredForCurrentUser()()).map((each) => each.Title);
const opened = (await sp.site.openWebById(made.Id)).data.Title;
await sub.delete();
const launch = web.navigation.quicklaunch;
const one = await launch.add("One", `${site}/one`), two = await launch.add("Two", `${site}/two`);
await launch.getById(one.Id).children.add("Below", `${site}/below`);
await launch.moveAfter(one.Id, two.Id);
const menu = await sp.navigation.getMenuState();
const feature = "87294c72-f260-42f3-a41b-981a2ffce37a";
const active = await refused(() => web.features.add(feature));
await web.features.remove(feature);
const inactive = (await web.features.getById(feature)())["odata.null"];
const zone = (await web.regionalSettings.timeZones.getById(2)).Description;
const local = await web.regionalSettings.timeZone.utcToLocalTime("2026-07-01T12:00:00Z");
const utc = await web.regionalSettings.timeZone.localTimeToUTC(local);
const action = await web.userCustomActions.add({ Title: "t", Location: "ScriptLink", ScriptSrc: "~site/x.js" });
await web.userCustomActions.getById((action.data ?? action).Id).update({ Sequence: 7 });
const actions = (await web.userCustomActions()).map((each) => [each.Title, each.Sequence, each.Scope]);
await web.userCustomActions.clear();
say({ taken, parent: parent.Url === site, unique, infos, opened, gone: (await web.webs()).length,
      menu: menu.Nodes.slice(-3, -1).map((each) => [each.Title, each.Nodes.map((below) => below.Title)]),
      active, inactive, zone, utc, icon: await web.mapToIcon("x.docx"), actions,
      languages: (await web.regionalSettings.getInstalledLanguages()).length,
      left: (await web.userCustomActions()).length, title: await web.titleResource("en-us"),
      templates: (await web.availableWebTemplates()()).some((each) => each.Name === "STS#3") });
"""


def test_subsites_navigation_features_and_regional_settings(node: Callable[..., Done]) -> None:
    seen = node(PRELUDE + WEBS).json
    assert (seen["taken"], seen["parent"], seen["unique"]) == (500, True, False)
    assert (seen["infos"], seen["opened"], seen["gone"]) == (["Agendas"], "Agendas", 0)
    assert seen["menu"] == [["Two", []], ["One", ["Below"]]]
    assert (seen["active"], seen["inactive"]) == (500, True)
    assert seen["zone"] == "(UTC) Dublin, Edinburgh, Lisbon, London"
    assert (seen["utc"], seen["icon"]) == ("2026-07-01T12:00:00Z", "icdocx.png")
    assert (seen["actions"], seen["left"]) == ([["t", 7, 3]], 0)
    assert seen["languages"] > 40 and seen["templates"] and seen["title"] == "Own place"


PAGES = """
const page = await web.addClientsidePage("welcome", "Welcome here");
page.addSection().addControl(new ClientsideText("<p>Hello</p>"));
const welcome = web.getFileByServerRelativePath(`${path}/SitePages/welcome.aspx`).select("Level", "UIVersionLabel");
const draft = await welcome();
await page.save();
const loaded = await web.loadClientsidePage(`${path}/SitePages/welcome.aspx`);
await loaded.promoteToNews();
const live = await welcome();
const item = await loaded.getItem("PromotedState", "CanvasContent1");
const home = await web.loadClientsidePage(`${path}/SitePages/Home.aspx`);
await loaded.delete();
const script = { $schema: "x", version: 1, actions: [
  { verb: "createSPList", listName: "Visits", templateType: 100, subactions: [
    { verb: "addSPField", fieldType: "Text", displayName: "Place", addToDefaultView: true },
    { verb: "addSPView", name: "By place", viewFields: ["Place"], makeDefault: false }] },
  { verb: "addNavLink", displayName: "Visits", url: "/Lists/Visits", isWebRelative: true },
  { verb: "activateSPFeature", scope: "Web", featureId: "7201d6a4-a5d3-49a1-8c19-19c4bac6e668" },
  { verb: "setSiteLogo", url: "/x.png" }] };
const kept = await sp.siteScripts.createSiteScript("Visits", "a list", script);
const design = await sp.siteDesigns.createSiteDesign({ Title: "Visits", WebTemplate: "64", SiteScriptIds: [kept.Id] });
const results = await sp.siteDesigns.applySiteDesign(design.Id, site);
const twice = await sp.siteDesigns.applySiteDesign(design.Id, site);
const list = web.lists.getByTitle("Visits");
const fields = (await list.fields.filter("InternalName eq 'Place'")()).length;
const views = (await list.views()).map((each) => each.Title).sort();
const extracted = JSON.parse(await sp.siteScripts.getSiteScriptFromList(`${site}/Lists/Visits`));
const runs = await sp.siteDesigns.getSiteDesignRun(site, design.Id);
await sp.siteDesigns.deleteSiteDesign(design.Id);
await sp.siteScripts.deleteSiteScript(kept.Id);
say({ draft, live, title: loaded.title, sections: loaded.sections.length, news: item.PromotedState,
      html: item.CanvasContent1.includes("Hello"), home: home.sections.length,
      parts: (await web.getClientsideWebParts()).length, outcomes: results.map((each) => each.Outcome),
      twice: twice.map((each) => each.Outcome), fields, views, verb: extracted.actions[0].verb, runs: runs.length });
"""


def test_pages_and_site_scripts(node: Callable[..., Done]) -> None:
    seen = node(PRELUDE + PAGES).json
    assert seen["draft"] == {"Level": 255, "UIVersionLabel": "0.1"}
    assert seen["live"] == {"Level": 1, "UIVersionLabel": "1.0"}
    assert (seen["title"], seen["sections"], seen["news"], seen["html"]) == ("Welcome here", 1, 2, True)
    assert seen["home"] == 1 and seen["parts"] > 25
    assert (seen["outcomes"], seen["twice"]) == ([0, 0, 0, 1], [0, 2, 2, 1])
    assert (seen["fields"], seen["views"]) == (1, ["All Items", "By place"])
    assert (seen["verb"], seen["runs"]) == ("createSPList", 2)
