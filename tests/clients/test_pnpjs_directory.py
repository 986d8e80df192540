"""PnPjs, unmodified, on Graph's directory: groups with their sites, memberships, advanced queries, paging, teams."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.conftest import Done
from tests.webhook_receiver import receiving

PRELUDE = """
import fs from "fs";
import { GraphDefault } from "@pnp/nodejs";
import { graphfi, ConsistencyLevel } from "@pnp/graph";
import "@pnp/graph/users/index.js";
import "@pnp/graph/groups/index.js";
import "@pnp/graph/teams/index.js";
import "@pnp/graph/directory-objects/index.js";
import "@pnp/graph/admin/index.js";
import "@pnp/graph/sites/group.js";
import "@pnp/graph/appCatalog/index.js";
import "@pnp/graph/files/index.js";
import "@pnp/graph/analytics/index.js";
import "@pnp/graph/subscriptions/index.js";
import { GroupType } from "@pnp/graph/groups/index.js";
const ready = JSON.parse(fs.readFileSync(process.env.REHEARSAL_READY));
const graph = graphfi().using(GraphDefault({ baseUrl: "https://graph.microsoft.com/v1.0", msal: {
  config: { auth: { authority: `https://login.microsoftonline.com/${ready.tenant_id}/`, clientId: ready.client_id,
                    clientSecret: ready.client_secret } },
  scopes: ["https://graph.microsoft.com/.default"] } }));
const name = () => "T" + Math.random().toString(36).slice(2, 8);
const user = await graph.users.getById(ready.admin_user)();
const out = {};
"""


@pytest.fixture
def pnpjs(node: Callable[..., Done]) -> Callable[[str], Any]:
    """Run the body of a script that fills `out`."""
    return lambda body: node(PRELUDE + body + "\nconsole.log(JSON.stringify(out));\n").json


def test_groups_and_memberships(pnpjs: Callable[[str], Any]) -> None:
    out = pnpjs("""
const made = await graph.groups.add(name(), name(), GroupType.Office365);
const id = made.id ?? made.data.id;
await graph.groups.getById(id).update({ displayName: "Altered" });
out.altered = (await graph.groups.getById(id)()).displayName;
out.site = (await graph.groups.getById(id).sites.root()).webUrl.startsWith("https://contoso.sharepoint.com/sites/");
await graph.groups.getById(id).delete();
out.left = (await graph.groups()).filter(each => each.id === id).length;
const bound = `https://graph.microsoft.com/v1.0/users/${user.id}`;
const add = async members => {
  const text = name();
  const group = await graph.groups.add(text, text, GroupType.Security,
    { "members@odata.bind": members, "owners@odata.bind": [bound] });
  return group.id ?? group.data.id;
};
const child = await add([bound]);
const parent = await add([bound, `https://graph.microsoft.com/v1.0/groups/${child}`]);
out.objects = (await graph.users.getById(user.userPrincipalName).getMemberObjects()).includes(child);
out.above = await graph.groups.getById(child).checkMemberGroups([child, parent]);
out.above = out.above.length;
out.held = (await graph.users.getById(user.id).memberOf()).length > 2;
""")
    assert out == {"altered": "Altered", "site": True, "left": 0, "objects": True, "above": 1, "held": True}


def test_queries_and_settings(pnpjs: Callable[[str], Any]) -> None:
    out = pnpjs("""
const ask = async query => { query.query.set("$count", "true"); return (await query()).length; };
out.licensed = await ask(graph.users.using(ConsistencyLevel()).filter("not(assignedLicenses/$count eq 0)")) > 0;
out.plain = await ask(graph.groups.using(ConsistencyLevel()).filter("NOT groupTypes/any(c:c eq 'Unified')")) > 0;
let count = 0;
for await (const page of graph.users.top(5).select("displayName")) { count += page.length; }
out.all = count === (await graph.users.top(999)()).length;
out.kept = (await graph.admin.sharepoint.settings.update({ deletedUserPersonalSiteRetentionPeriodInDays: 31 }))
  .deletedUserPersonalSiteRetentionPeriodInDays;
out.health = (await graph.admin.serviceAnnouncements.healthOverviews.getByName("Microsoft 365 suite")()).status;
const apps = await graph.appCatalog.teamsApps();
const own = graph.appCatalog.teamsApps.getById(apps[0].id).appDefinitions;
const first = (await own())[0].id;
out.definition = (await own.getById(first)()).id === first;
const [drive] = await graph.users.getById(user.id).drives();
const file = { content: "x", filePathName: "read.txt", contentType: "text/plain" };
const read = await graph.users.getById(user.id).drives.getById(drive.id).root.upload(file);
const numbers = await graph.users.getById(user.id).drives.getById(drive.id).getItemById(read.id).analytics();
const until = new Date(Date.now() + 3600000);
out.told = await graph.subscriptions.add("updated", "https://hooks.fabrikam.example/", "/users", until.toISOString())
  .catch((error) => error.status);
out.subscriptions = await graph.subscriptions();
out.numbers = numbers["@odata.context"].split("#")[1];
""")
    assert out == {
        "licensed": True, "plain": True, "all": True, "kept": 31, "health": "serviceOperational", "definition": True,
        "numbers": "microsoft.graph.itemActivityStat", "told": 400, "subscriptions": [],
    }  # fmt: skip


def test_team_is_made_by_an_operation(pnpjs: Callable[[str], Any]) -> None:
    out = pnpjs("""
const made = await graph.teams.create({
  "template@odata.bind": "https://graph.microsoft.com/v1.0/teamsTemplates('standard')", displayName: name(),
  description: "x", members: [{ "@odata.type": "#microsoft.graph.aadUserConversationMember", roles: ["owner"],
    "user@odata.bind": `https://graph.microsoft.com/v1.0/users('${user.id}')` }] });
out.status = (await graph.teams.getById(made.teamId).getOperationById(made.operationId)).status;
await graph.groups.getById(made.teamId).delete();
""")
    assert out == {"status": "succeeded"}


def test_a_subscription_is_confirmed_told_and_ended(pnpjs: Callable[[str], Any]) -> None:
    with receiving() as receiver:
        out = pnpjs(f"""
const until = new Date(Date.now() + 3600000).toISOString();
const [drive] = await graph.users.getById(user.id).drives();
const {{ data: made }} = await graph.subscriptions.add("updated", "{receiver.url}", `/drives/${{drive.id}}/root`, until,
  {{ clientState: "mine" }});
const file = {{ content: "x", filePathName: name() + ".txt", contentType: "text/plain" }};
await graph.users.getById(user.id).drives.getById(drive.id).root.upload(file);
out.id = made.id;
out.listed = (await graph.subscriptions()).map((each) => each.id).includes(made.id);
await new Promise((resolve) => setTimeout(resolve, 200));
await graph.subscriptions.getById(made.id).delete();
out.left = (await graph.subscriptions()).length;
""")
        _, letter = receiver.letters.get(timeout=10)
    assert (out["listed"], out["left"]) == (True, 0)
    assert (letter["value"][0]["subscriptionId"], letter["value"][0]["clientState"]) == (out["id"], "mine")
