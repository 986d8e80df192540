"""Graph's sites as two more clients use them, unmodified: office365-rest-python-client and PnPjs."""

from collections.abc import Callable

from tests.clients.conftest import Done

OFFICE365 = """
import json, os, uuid
from office365.graph_client import GraphClient

ready = json.load(open(os.environ["REHEARSAL_READY"]))
client = GraphClient(tenant=ready["tenant_id"]).with_client_secret(ready["client_id"], ready["client_secret"])
mark = uuid.uuid4().hex[:6]
site, root, out = client.sites.get_by_url(ready["site"]), client.sites.root, {}
library = root.lists["Documents"].get().execute_query()
text = library.columns.add_text("Text" + mark).execute_query()
lookup = library.columns.add_lookup("Look" + mark, library).execute_query()
out["columns"] = [text.properties["name"], lookup.properties["name"]]
for column in (text, lookup):
    column.delete_object().execute_query()
kind = root.content_types.add("docSet" + mark, "0x0120D520").execute_query()
out["kind"] = kind.properties["parentId"]
kind.delete_object().execute_query()
out["applicable"] = len(root.get_applicable_content_types_for_list(library.id).execute_query()) > 0
page = site.pages.add("Page " + mark).execute_query()
pages = site.lists["Site Pages"]
item = pages.items.find_by_name(page.name, required=True).execute_query()
before = page.get().select(["publishingState"]).execute_query().publishing_state.level
item.drive_item.checkin("Initial version").execute_query()
out["page"] = [before, site.pages.find_by_title("Page " + mark, required=True).execute_query().name]
page.delete_object().execute_query()
store = client.sites.get_by_url(ready["sharepoint"]).term_store
group = store.groups.add("Group_" + mark).execute_query()
terms = group.sets.add("Set_" + mark).execute_query()
term = terms.children.add("Term_" + mark).execute_query()
out["terms"] = [len(group.sets.get().execute_query()), len(terms.terms.get().execute_query())]
for each in (term, terms, group):
    each.delete_object().execute_query()
print(json.dumps(out))
"""

PNPJS = """
import { graphfi } from "@pnp/graph";
import { GraphDefault } from "@pnp/nodejs";
import { createBatch } from "@pnp/graph/batching.js";
import { GraphCollection, graphPost } from "@pnp/graph/index.js";
import { body } from "@pnp/queryable/index.js";
import "@pnp/graph/presets/all.js";
import fs from "fs";

const ready = JSON.parse(fs.readFileSync(process.env.REHEARSAL_READY));
const auth = {
  authority: `https://login.microsoftonline.com/${ready.tenant_id}/`,
  clientId: ready.client_id,
  clientSecret: ready.client_secret,
};
const scopes = ["https://graph.microsoft.com/.default"];
const graph = graphfi().using(
  GraphDefault({ baseUrl: "https://graph.microsoft.com/v1.0", msal: { config: { auth }, scopes } }));
const mark = Math.random().toString(36).slice(2, 8);
const address = new URL(ready.site);
const site = graph.sites.getById((await graph.sites.getById(`${address.hostname}:${address.pathname}`)()).id);
const out = {};
const made = await site.lists.add({ displayName: `L${mark}`, list: { template: "genericList" } });
const list = site.lists.getById(made.id);
const rows = GraphCollection(list, "items");
for (let number = 0; number < 5; number++) await graphPost(rows, body({ fields: { title: `T${number}` } }));
out.pages = [];
for await (const page of rows.top(2)) out.pages.push(page.length);
const column = await list.columns.add({ name: `C${mark}`, text: { maxLength: 255 } });
await list.columns.getById(column.id).update({ displayName: "Changed" });
out.column = (await list.columns.getById(column.id)()).displayName;
const kind = await site.contentTypes.add({ name: `CT${mark}`, base: { name: "Item", id: "0x01" } });
const type = site.contentTypes.getById((kind.data ?? kind).id);
const shared = await site.columns.add({ name: `S${mark}`, text: {} });
out.linked = (await type.columns.addRef(site.columns.getById(shared.id))).name === `S${mark}`;
const answer = await list.contentTypes.addCopy(type);
const copy = answer.data ?? answer;
out.copied = copy.name === `CT${mark}`;
await list.contentTypes.getById(copy.id).delete();
await type.delete();
const groups = await graph.termStore.groups();
const sets = await graph.termStore.groups.getById(groups[0].id).sets();
out.sets = sets.length > 0;
const [batched, execute] = graph.batched();
const seen = [];
batched.users().then(() => seen.push("users"));
batched.sites().then(() => seen.push("sites"));
await execute();
out.batch = seen;
await list.delete();
console.log(JSON.stringify(out));
"""


def test_office365_client_is_content_with_sites_pages_and_terms(python_client: Callable[..., Done]) -> None:
    out = python_client(OFFICE365).json
    assert [name[:4] for name in out["columns"]] == ["Text", "Look"]
    assert out["kind"] == "0x0120D520"
    assert out["applicable"] is True
    assert out["page"][0] == "checkout"
    assert out["page"][1].endswith(".aspx")
    assert out["terms"] == [1, 1]


def test_pnpjs_is_content_with_lists_columns_content_types_and_batches(node: Callable[..., Done]) -> None:
    out = node(PNPJS).json
    assert out == {
        "pages": [2, 2, 1], "column": "Changed", "linked": True, "copied": True, "sets": True,
        "batch": ["users", "sites"],
    }  # fmt: skip
