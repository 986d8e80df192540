"""MSAL and the office365 library sign in by every flow, unmodified; the person is played with plain HTTP."""

from collections.abc import Callable

from tests.clients.conftest import Done

HEAD = """
import json, os, urllib.parse
import msal, requests
ready = json.load(open(os.environ["REHEARSAL_READY"]))
authority = f"https://login.microsoftonline.com/{ready['tenant_id']}"
member = next(each for each in ready["users"] if each.startswith("migration.lead"))
person = {"login": member, "passwd": ready["password"]}
"""

DEVICE = (
    HEAD
    + """
app = msal.PublicClientApplication(ready["client_id"], authority=authority)
flow = app.initiate_device_flow(["https://graph.microsoft.com/User.Read.All"])
early = requests.post(f"{authority}/oauth2/v2.0/token", data={"client_id": ready["client_id"],
    "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": flow["device_code"]}).json()["error"]
wrong = requests.post(flow["verification_uri"], data={**person, "otc": "NOSUCHONE"}).text
right = requests.post(flow["verification_uri"], data={**person, "otc": flow["user_code"]}).text
found = app.acquire_token_by_device_flow(flow)
me = requests.get("https://graph.microsoft.com/v1.0/me", headers={"Authorization": "Bearer " + found["access_token"]})
again = app.acquire_token_silent(["https://graph.microsoft.com/User.Read.All"], app.get_accounts()[0],
                                 force_refresh=True)
print(json.dumps([early, "Check the code" in wrong, "have signed in" in right, me.json()["userPrincipalName"] == member,
                  "access_token" in again]))
"""
)

CODE = (
    HEAD
    + """
app = msal.PublicClientApplication(ready["client_id"], authority=authority)
flow = app.initiate_auth_code_flow(["https://graph.microsoft.com/User.Read.All"], redirect_uri="http://localhost:50321")
session = requests.Session()
page = session.get(flow["auth_uri"]).text
refused = session.post(flow["auth_uri"], data={**person, "passwd": "wrong"}, allow_redirects=False).text
back = session.post(flow["auth_uri"], data=person, allow_redirects=False).headers["Location"]
answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
found = app.acquire_token_by_auth_code_flow(flow, answer)
second = app.client.obtain_token_by_authorization_code(answer["code"], redirect_uri="http://localhost:50321")
silent = session.get(flow["auth_uri"] + "&prompt=none", allow_redirects=False).headers["Location"]
stranger = requests.get(flow["auth_uri"] + "&prompt=none", allow_redirects=False).headers["Location"]
print(json.dumps({"lists users": member in page, "says why": "invalid username or password" in refused,
                  "user": found["id_token_claims"]["preferred_username"] == member,
                  "second": second["error"], "silent": "code=" in silent, "stranger": "login_required" in stranger}))
"""
)

OLD = (
    HEAD
    + """
from office365.sharepoint.client_context import ClientContext
context = ClientContext(ready["site"]).with_client_credentials(ready["client_id"], ready["client_secret"])
web = context.web.get().execute_query()
print(json.dumps(web.title))
"""
)

MSAL_NODE = """
import fs from "node:fs";
import * as msal from "@azure/msal-node";
const ready = JSON.parse(fs.readFileSync(process.env.REHEARSAL_READY));
const authority = `https://login.microsoftonline.com/${ready.tenant_id}`;
const app = new msal.PublicClientApplication({auth: {clientId: ready.client_id, authority}});
const user = ready.users.find((each) => each.startsWith("migration.lead"));
const token = await app.acquireTokenByDeviceCode({
  scopes: ["https://graph.microsoft.com/.default"],
  deviceCodeCallback: (code) => {
    const form = new URLSearchParams({otc: code.userCode, login: user, passwd: ready.password});
    fetch(code.verificationUri, {method: "POST", body: form});
  },
});
console.log(JSON.stringify([token.account.username === user, token.tenantId === ready.tenant_id]));
"""


def test_a_person_signs_in_with_a_device_code(python_client: Callable[..., Done]) -> None:
    assert python_client(DEVICE).json == ["authorization_pending", True, True, True, True]


def test_a_person_signs_in_with_an_authorization_code_and_pkce(python_client: Callable[..., Done]) -> None:
    assert python_client(CODE).json == {
        "lists users": True, "says why": True, "user": True, "second": "invalid_grant", "silent": True,
        "stranger": True,
    }  # fmt: skip


def test_an_old_program_signs_in_by_the_access_control_service(python_client: Callable[..., Done]) -> None:
    assert python_client(OLD).json == "Rehearsal team"


def test_msal_for_node_signs_in_with_a_device_code(node: Callable[..., Done]) -> None:
    assert node(MSAL_NODE).json == [True, True]
