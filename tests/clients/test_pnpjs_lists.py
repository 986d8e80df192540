"""PnPjs, unmodified, on lists: items, queries, columns, views, content types, attachments, comments, batches."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.conftest import Done

PRELUDE = """
import fs from "node:fs";
import { SPDefault } from "@pnp/nodejs";
import { spfi } from "@pnp/sp";
import "@pnp/sp/webs/index.js"; import "@pnp/sp/sites/index.js"; import "@pnp/sp/lists/index.js";
import "@pnp/sp/items/index.js"; import "@pnp/sp/fields/index.js";
import "@pnp/sp/views/index.js"; import "@pnp/sp/content-types/index.js"; import "@pnp/sp/attachments/index.js";
import "@pnp/sp/comments/item.js"; import "@pnp/sp/batching.js"; import "@pnp/sp/forms/index.js";
import "@pnp/sp/folders/index.js"; import "@pnp/sp/files/index.js";
import "@pnp/sp/subscriptions/index.js"; import "@pnp/sp/user-custom-actions/index.js";
import "@pnp/sp/related-items/index.js"; import "@pnp/sp/security/index.js"; import "@pnp/sp/site-users/index.js";
const ready = JSON.parse(fs.readFileSync(process.env.REHEARSAL_READY));
const privateKey = fs.readFileSync(ready.cert, "utf8");
const host = new URL(ready.site).origin;
const sp = spfi(ready.site).using(SPDefault({baseUrl: ready.site, msal: {config: {auth: {
  authority: `https://login.microsoftonline.com/${ready.tenant_id}`, clientId: ready.client_id,
  clientCertificate: {thumbprint: ready.thumbprint, privateKey}}}, scopes: [`${host}/.default`]}}));
const name = (text) => `${text} ${Math.random().toString(36).slice(2, 8)}`;
const refused = (promise) => promise.then(() => "fulfilled", (error) => error.status);
const out = {};
"""
EPILOGUE = "\nconsole.log(JSON.stringify(out));\n"


@pytest.fixture
def pnp(node: Callable[..., Done]) -> Callable[[str], Any]:
    """Run the body of a script that fills `out`, signed in with the certificate."""
    return lambda body: node(PRELUDE + body + EPILOGUE).json


def test_items_are_added_changed_found_in_pages_and_recycled(pnp: Callable[[str], Any]) -> None:
    out = pnp("""
const { list } = await sp.web.lists.ensure(name("Items"));
const [batched, execute] = sp.batched();
const title = (await list.select("Title")()).Title;
for (let n = 0; n < 5; n++) batched.web.lists.getByTitle(title).items.add({ Title: `Item ${n}` });
await execute();
out.count = (await list.select("ItemCount")()).ItemCount;
out.pages = [];
for await (const page of list.items.select("Id").top(2)) out.pages.push(page.map((each) => each.Id));
const item = list.items.getById(2);
out.before = (await item()).Title;
out.etag = typeof (await item.update({ Title: "Changed" })).etag;
out.stale = await refused(item.update({ Title: "Lost" }, '"00000000-0000-0000-0000-000000000000,1"'));
out.versions = (await item.versions()).map((each) => [each.VersionLabel, each.Title]);
out.text = (await item.fieldValuesAsText()).Title;
out.html = (await item.fieldValuesAsHTML()).Title;
out.edit = (await item.fieldValuesForEdit()).Title;
out.found = (await list.items.filter("startswith(Title,'Item')").orderBy("Id", false)()).map((each) => each.Title);
out.wopi = await item.getWopiFrameUrl();
out.parent = (await item.getParentInfos()).ParentList.Title === title;
await item.recycle();
out.gone = await refused(list.items.getById(2)());
out.form = (await list.items.getById(1).validateUpdateListItem([{ FieldName: "Title", FieldValue: "By form" }]))
  .map((each) => each.HasException);
""")
    assert out["count"] == 5
    assert out["pages"] == [[1, 2], [3, 4], [5]]
    assert (out["before"], out["etag"], out["stale"]) == ("Item 1", "string", 412)
    assert out["versions"] == [["2.0", "Changed"], ["1.0", "Item 1"]]
    assert out["text"] == out["html"] == out["edit"] == "Changed"
    assert out["found"] == ["Item 4", "Item 3", "Item 2", "Item 0"]
    assert (out["wopi"], out["parent"], out["gone"], out["form"]) == ("", True, 404, [False])


def test_lists_are_queried_and_rendered_as_the_service_does(pnp: Callable[[str], Any]) -> None:
    out = pnp("""
const { list } = await sp.web.lists.ensure(name("Queries"));
for (let n = 1; n <= 3; n++) await list.items.add({ Title: `Item ${n}` });
const caml = (inner) => list.getItemsByCAMLQuery({ ViewXml: `<View>${inner}</View>` });
const equals = (column, text) => "<Query><Where><Eq><FieldRef Name='" + column + "'/><Value Type='Text'>" + text
  + "</Value></Eq></Where></Query>";
out.eq = (await caml(equals("Title", "item 2"))).map((each) => each.Id);
out.order = (await caml("<Query><OrderBy><FieldRef Name='Title' Ascending='FALSE'/></OrderBy></Query>"
  + "<RowLimit>2</RowLimit>")).map((each) => each.Id);
out.nothing = await refused(caml(equals("Nope", "x")));
out.rows = (await list.renderListData("<View><RowLimit>5</RowLimit></View>")).Row.length;
const stream = await list.renderListDataAsStream({ ViewXml: "<View><RowLimit Paged='TRUE'>2</RowLimit></View>" });
out.stream = [stream.Row.map((each) => each.Title), stream.FirstRow, stream.LastRow];
const more = await list.renderListDataAsStream({ ViewXml: "<View><RowLimit Paged='TRUE'>2</RowLimit></View>",
  Paging: stream.NextHref.slice(1) });
out.more = [more.Row.map((each) => each.ID), more.NextHref === undefined];
out.filtered = (await list.renderListDataAsStream({ ViewXml: "<View><RowLimit>5</RowLimit></View>" }, {},
  new Map([["FilterField1", "Title"], ["FilterValue1", "Item 2"]]))).Row.length;
const whole = await list.renderListDataAsStream({ RenderOptions: [1, 2, 4], ViewXml: "<View/>" });
out.whole = [whole.ListData.Row.length, whole.ListSchema.Field.length > 0, whole.ListTitle !== ""];
out.form = (await list.renderListFormData(1, "editform", 2)).ListData.Title;
const changes = await list.getChanges({ Add: true, Item: true });
out.changes = changes.map((each) => [each.ChangeType, each.ItemId]);
const token = changes[changes.length - 1].ChangeToken;
await list.items.getById(2).delete();
out.later = (await list.getChanges({ Add: true, DeleteObject: true, Item: true, ChangeTokenStart: token }))
  .map((each) => [each.ChangeType, each.ItemId]);
const xml = await list.getListItemChangesSinceToken({ ChangeToken: token.StringValue });
out.xml = /<Id ChangeType="Delete"[^>]*>2<\\/Id>/.test(xml);
out.reserved = await list.reserveListItemId();
out.next = (await list.items.add({ Title: "After" })).Id;
out.parts = [(await list.forms()).length, (await list.eventReceivers()).length, (await list.userCustomActions()).length,
  (await list.subscriptions()).length, (await list.relatedFields()).length,
  (await list.informationRightsManagementSettings()).AllowPrint];
const tomorrow = new Date(Date.now() + 864e5).toISOString();
out.webhook = await refused(list.subscriptions.add("https://hooks.example/", tomorrow));
""")
    assert (out["eq"], out["order"], out["nothing"]) == ([2], [3, 2], 500)
    assert (out["rows"], out["stream"]) == (3, [["Item 1", "Item 2"], 1, 2])
    assert (out["more"], out["filtered"], out["whole"]) == ([["3"], True], 1, [3, True, True])
    assert out["form"] == "Item 1"
    assert (out["changes"], out["later"]) == ([[1, 1], [1, 2], [1, 3]], [[3, 2]])
    assert (out["xml"], out["reserved"], out["next"]) == (True, 4, 5)
    assert (out["parts"], out["webhook"]) == ([3, 0, 0, 0, 0, False], 400)


def test_columns_of_every_type_hold_their_values(pnp: Callable[[str], Any]) -> None:
    out = pnp("""
const { list } = await sp.web.lists.ensure(name("Columns"));
const { data: target } = { data: await sp.web.lists.add(name("Colours")) };
const colours = sp.web.lists.getById(target.Id);
await colours.items.add({ Title: "Red" }); await colours.items.add({ Title: "Blue" });
const fields = list.fields;
await fields.addText("Word", { MaxLength: 20 }); await fields.addNumber("Amount");
await fields.addDateTime("When", { DisplayFormat: 1 }); await fields.addCurrency("Price");
await fields.addMultilineText("Story"); await fields.addUrl("Link"); await fields.addUser("Person", {});
await fields.addChoice("Pick", { Choices: ["A", "B"] }); await fields.addMultiChoice("Picks", { Choices: ["A", "B"] });
await fields.addBoolean("Flag");
await fields.addLookup("Colour", { LookupListId: target.Id, LookupFieldName: "Title" });
await fields.addCalculated("Twice", { Formula: "=Amount*2", OutputType: 9 });
out.types = (await fields.filter("CanBeDeleted eq true").select("InternalName", "TypeAsString")())
  .map((each) => [each.InternalName, each.TypeAsString]).sort();
const me = await sp.web.ensureUser(ready.admin_user);
const made = await list.items.add({ Title: "One", Word: "w", Amount: 2.5, When: "2026-03-04T05:06:07Z", Price: 3,
  Story: "s", Link: { Url: "https://a.example", Description: "d" }, PersonId: me.Id, Pick: "A", Picks: ["A", "B"],
  Flag: true, ColourId: 2 });
const item = list.items.getById(made.Id);
const read = await item();
out.read = [read.Word, read.Amount, read.When, read.Price, read.Link.Url, read.PersonId === me.Id, read.Picks,
  read.Flag, read.ColourId, Number(read.Twice), read.Id === read.ID];
const open = await item.select("Colour/Title", "Person/EMail").expand("Colour", "Person")();
out.open = [open.Colour.Title, open.Person.EMail.includes("@")];
out.unopened = await refused(item.select("Colour/Title")());
out.long = await refused(item.update({ Word: "x".repeat(21) }));
out.wrong = await refused(item.update({ ColourId: 99 }));
out.bad = await refused(fields.addCalculated("Bad", { Formula: "=Missing+1" }));
const colour = await fields.getByTitle("Colour")();
out.dependent = (await fields.addDependentLookupField("ColourId2", colour.Id, "ID")).Title;
out.related = (await colours.relatedFields()).length > 0;
await fields.getByTitle("Word").update({ Description: "said" });
await fields.getByTitle("Word").setShowInEditForm(false);
const word = await fields.getByInternalNameOrTitle("Word")();
out.word = [word.Description, /ShowInEditForm="FALSE"/.test(word.SchemaXml)];
await fields.getByTitle("Word").delete();
out.gone = await refused(fields.getByTitle("Word")());
out.built = await refused(fields.getByInternalNameOrTitle("Modified").delete());
""")
    kinds = dict(out["types"])
    assert kinds == {
        "Word": "Text", "Amount": "Number", "When": "DateTime", "Price": "Currency", "Story": "Note", "Link": "URL",
        "Person": "User", "Pick": "Choice", "Picks": "MultiChoice", "Flag": "Boolean", "Colour": "Lookup",
        "Twice": "Calculated",
    }  # fmt: skip
    assert out["read"] == ["w", 2.5, "2026-03-04T05:06:07Z", 3, "https://a.example", True, ["A", "B"], True, 2, 5, True]
    assert (out["open"], out["unopened"]) == (["Blue", True], 400)
    assert (out["long"], out["wrong"], out["bad"]) == (400, 400, 400)
    assert (out["dependent"], out["related"], out["word"]) == ("ColourId2", True, ["said", True])
    assert (out["gone"], out["built"]) == (400, 400)


def test_views_and_content_types_are_made_and_changed(pnp: Callable[[str], Any]) -> None:
    out = pnp("""
const { list } = await sp.web.lists.ensure(name("Views"));
const made = await list.views.add(name("Mine"), false, { RowLimit: 7 });
const view = list.views.getById(made.Id);
await view.fields.add("Created"); await view.fields.add("Modified"); await view.fields.move("Modified", 0);
await view.fields.remove("Created");
out.fields = (await view.fields()).Items;
out.schema = (await list.defaultView.fields.getSchemaXml()).includes("LinkTitle");
await view.update({ RowLimit: 20 });
out.limit = (await view()).RowLimit;
await view.setViewXml("<View><ViewFields><FieldRef Name='Title'/></ViewFields><Query><Where><Eq>"
  + "<FieldRef Name='Title'/><Value Type='Text'>Test</Value></Eq></Where></Query></View>");
out.xml = [(await view()).ViewQuery.startsWith("<Where>"), (await view.fields()).Items];
out.html = (await list.defaultView.renderAsHtml()).includes("<table");
await view.fields.removeAll();
await view.delete();
out.views = (await list.views()).length;
out.kept = await refused(list.defaultView.delete());
const kind = await sp.web.contentTypes.add("0x01008D19F38845B0884EBEBE239FDF359184", name("Kind"));
const again = await sp.web.contentTypes.add("0x01008D19F38845B0884EBEBE239FDF359184", name("Kind"));
out.kinds = kind.data.StringId !== again.data.StringId;
const type = sp.web.contentTypes.getById(kind.data.StringId);
out.kind = [(await type.fieldLinks()).length > 0, (await type.fields()).length > 0, (await type.parent()).StringId,
  (await type.workflowAssociations()).length];
const library = await sp.web.lists.add(name("Pictures"), "", 101, true);
const bound = await sp.web.lists.getById(library.Id).contentTypes.addAvailableContentType("0x010102");
out.bound = bound.data.StringId.startsWith("0x010102");
""")
    assert (out["fields"][0], "Created" in out["fields"]) == ("Modified", False)
    assert (out["schema"], out["limit"], out["html"]) == (True, 20, True)
    assert out["xml"] == [True, ["Title"]]
    assert (out["views"], out["kept"]) == (1, 400)
    assert (out["kinds"], out["kind"], out["bound"]) == (True, [True, True, "0x01", 0], True)


def test_attachments_and_comments_live_with_their_item(pnp: Callable[[str], Any]) -> None:
    out = pnp("""
const { list } = await sp.web.lists.ensure(name("Attached"));
const item = list.items.getById((await list.items.add({ Title: "One" })).Id);
await item.attachmentFiles.add("a.txt", "first");
await item.attachmentFiles.add("b.txt", "second");
out.twice = await refused(item.attachmentFiles.add("A.TXT", "again"));
out.names = (await item.attachmentFiles()).map((each) => each.FileName);
out.text = await item.attachmentFiles.getByName("a.txt").getText();
await item.attachmentFiles.getByName("a.txt").setContent("changed");
out.changed = await item.attachmentFiles.getByName("a.txt").getText();
out.url = (await item.attachmentFiles.getByName("a.txt")()).ServerRelativeUrl.endsWith("/Attachments/1/a.txt");
await item.attachmentFiles.getByName("a.txt").delete();
await item.attachmentFiles.getByName("b.txt").recycle();
out.flag = (await item()).Attachments;
const comment = await item.comments.add("Looks right");
await comment.like();
const reply = await item.comments.getById(comment.id).replies.add({ text: "Thanks" });
out.comment = (await item.comments()).map((each) => [each.text, each.likeCount, each.replyCount]);
out.reply = (await item.comments.getById(comment.id).replies()).map((each) => each.text);
await item.comments.clear();
out.cleared = (await item.comments()).length;
""")
    assert (out["twice"], out["names"]) == (400, ["a.txt", "b.txt"])
    assert (out["text"], out["changed"], out["url"], out["flag"]) == ("first", "changed", True, False)
    assert (out["comment"], out["reply"], out["cleared"]) == ([["Looks right", 1, 1]], ["Thanks"], 0)


def test_batch_goes_on_after_a_refusal_and_keeps_what_was_done(pnp: Callable[[str], Any]) -> None:
    out = pnp("""
const { list } = await sp.web.lists.ensure(name("Batch"));
const title = (await list.select("Title")()).Title;
const [batched, execute] = sp.batched();
const results = {};
const items = () => batched.web.lists.getByTitle(title).items;
items().add({ Title: "Kept" }).then((made) => results.first = made.Id);
items().getById(77).update({ Title: "Nowhere" }).catch((error) => results.second = error.status);
batched.web.lists.getByTitle("No such list")().catch((error) => results.third = error.status);
items().add({ Title: "Kept too" }).then((made) => results.last = made.Id);
await execute();
out.results = results;
out.titles = (await list.items()).map((each) => each.Title);
""")
    assert out["results"] == {"first": 1, "second": 404, "third": 404, "last": 2}
    assert out["titles"] == ["Kept", "Kept too"]
