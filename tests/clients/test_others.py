"""Programs that are not named in what the tenant was built for: Microsoft's own libraries, used in their own ways."""

from collections.abc import Callable

from tests.clients.conftest import Done

GRAPH_CLIENT = """
import fs from "node:fs";
import * as graphClient from "@microsoft/microsoft-graph-client";
const {Client, PageIterator, LargeFileUploadTask, FileUpload} = graphClient;
const {BatchRequestContent, BatchResponseContent} = graphClient;
const ready = JSON.parse(fs.readFileSync(process.env.REHEARSAL_READY));
const form = new URLSearchParams({client_id: ready.client_id, client_secret: ready.client_secret,
  grant_type: "client_credentials", scope: "https://graph.microsoft.com/.default"});
const place = `https://login.microsoftonline.com/${ready.tenant_id}/oauth2/v2.0/token`;
const {access_token} = await (await fetch(place, {method: "POST", body: form})).json();
const graph = Client.init({authProvider: (done) => done(null, access_token)});
const users = [];
const first = await graph.api("/users").top(4).get();
await new PageIterator(graph, first, (each) => users.push(each.id)).iterate();
const count = Number(await graph.api("/users/$count").header("ConsistencyLevel", "eventual").get());
const site = (await graph.api("/sites/contoso.sharepoint.com:/sites/team").get()).id;
const bytes = Buffer.alloc(3_000_001, 7);
const address = `/sites/${site}/drive/root:/graph client.bin:/createUploadSession`;
const session = await LargeFileUploadTask.createUploadSession(graph, address, {});
const file = new FileUpload(bytes, "graph client.bin", bytes.length);
const task = new LargeFileUploadTask(graph, file, session, {rangeSize: 327680 * 4});
const uploaded = (await task.upload()).responseBody;
const stream = await graph.api(`/sites/${site}/drive/items/${uploaded.id}/content`).getStream();
let read = 0;
for await (const piece of stream) read += piece.length;
const batch = new BatchRequestContent([
  {id: "1", request: new Request("https://graph.microsoft.com/sites/root")},
  {id: "2", request: new Request("https://graph.microsoft.com/nosuch")},
]);
const answers = new BatchResponseContent(await graph.api("/$batch").post(await batch.getContent()));
const refused = await graph.api(`/sites/${site}/drive/root:/none`).get().catch((error) => error);
console.log(JSON.stringify({users: users.length === new Set(users).size && users.length === count && count > 4,
  size: uploaded.size, read, batch: ["1", "2"].map((each) => answers.getResponseById(each).status),
  refused: [refused.statusCode, refused.code, Boolean(refused.requestId)]}));
"""

ON_BEHALF = """
import json, os
import requests
from azure.identity import OnBehalfOfCredential, UsernamePasswordCredential
ready = json.load(open(os.environ["REHEARSAL_READY"]))
tenant, app = ready["tenant_id"], ready["client_id"]
person = UsernamePasswordCredential(app, ready["admin_user"], ready["password"], tenant_id=tenant)
own = person.get_token(f"api://{app}/.default").token
acting = OnBehalfOfCredential(tenant, app, client_secret=ready["client_secret"], user_assertion=own)
token = acting.get_token("https://graph.microsoft.com/.default").token
me = requests.get("https://graph.microsoft.com/v1.0/me", headers={"Authorization": "Bearer " + token}).json()
there = requests.get("https://graph.microsoft.com/v1.0/me", headers={"Authorization": "Bearer " + own})
print(json.dumps([me["userPrincipalName"] == ready["admin_user"], there.status_code]))
"""

OWN_ID = """
import json, os
import requests
from azure.identity import DeviceCodeCredential
ready = json.load(open(os.environ["REHEARSAL_READY"]))
person = {"login": ready["users"][1], "passwd": ready["password"]}
signing_in = DeviceCodeCredential(
    tenant_id=ready["tenant_id"], prompt_callback=lambda uri, code, _: requests.post(uri, data={**person, "otc": code}))
token = signing_in.get_token("https://graph.microsoft.com/.default").token
asked = ["me", "groups?$top=1", "me/drive"]
head = {"Authorization": "Bearer " + token}
managing = signing_in.get_token("https://management.azure.com/.default").token
tenants = requests.get("https://management.azure.com/tenants?api-version=2022-12-01",
                       headers={"Authorization": "Bearer " + managing}).json()["value"]
graph = "https://graph.microsoft.com/v1.0/"
print(json.dumps([[requests.get(graph + each, headers=head).status_code for each in asked],
                  [each["tenantId"] == ready["tenant_id"] for each in tenants]]))
"""

OLD_ADDRESS = """
import json, os
import requests
ready = json.load(open(os.environ["REHEARSAL_READY"]))
form = {"client_id": ready["client_id"], "grant_type": "password", "username": ready["admin_user"],
        "password": ready["password"], "resource": ready["sharepoint"]}
found = requests.post(f"https://login.microsoftonline.com/{ready['tenant_id']}/oauth2/token", data=form).json()
head = {"Authorization": "Bearer " + found["access_token"], "Accept": "application/json;odata=nometadata"}
title = requests.get(ready["site"] + "/_vti_bin/client.svc/web/title", headers=head).json()["value"]
graph = {**form, "resource": "https://graph.microsoft.com"}
token = requests.post(f"https://login.microsoftonline.com/{ready['tenant_id']}/oauth2/token", data=graph).json()
head = {"Authorization": "Bearer " + token["access_token"]}
root = "https://graph.microsoft.com/v1.0/sites/root/drive/root"
statuses = [requests.get(f"{root}?{sign}select=id,driveId", headers=head).status_code for sign in ("", "$")]
begun = requests.post(f"{root}:/unknown.bin:/createUploadSession", json={"deferCommit": True}, headers=head).json()
put = requests.put(begun["uploadUrl"], data=b"12345", headers={"Content-Range": "bytes 0-4/*"}).status_code
made = requests.post(begun["uploadUrl"], headers={"Content-Length": "0"})
print(json.dumps([found["resource"] == ready["sharepoint"], title, statuses, put, made.status_code,
                  made.json().get("size")]))
"""


def test_graph_client_of_javascript_pages_uploads_and_batches(node: Callable[..., Done]) -> None:
    assert node(GRAPH_CLIENT).json == {
        "users": True, "size": 3_000_001, "read": 3_000_001, "batch": [200, 400],
        "refused": [404, "itemNotFound", True],
    }  # fmt: skip


def test_azure_identity_acts_on_behalf_of_a_person(python_client: Callable[..., Done]) -> None:
    assert python_client(ON_BEHALF).json == [True, 401]


def test_azure_identity_signs_a_person_in_under_its_own_id(python_client: Callable[..., Done]) -> None:
    assert python_client(OWN_ID).json == [[200, 200, 403], [True]]


def test_older_scripts_use_older_addresses(python_client: Callable[..., Done]) -> None:
    assert python_client(OLD_ADDRESS).json == [True, "Rehearsal team", [200, 400], 202, 201, 5]
