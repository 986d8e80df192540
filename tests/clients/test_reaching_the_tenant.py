"""The exports alone lead programs of every kind to the tenant."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import Done, run

FETCH = """
import fs from "node:fs";
import https from "node:https";
import * as msal from "@azure/msal-node";
const ready = JSON.parse(fs.readFileSync(process.env.REHEARSAL_READY));
const signIn = new msal.ConfidentialClientApplication({auth: {
  clientId: ready.client_id, clientSecret: ready.client_secret,
  authority: `https://login.microsoftonline.com/${ready.tenant_id}`}});
const token = await signIn.acquireTokenByClientCredential({scopes: ["https://graph.microsoft.com/.default"]});
const headers = {authorization: `Bearer ${token.accessToken}`};
const fetched = await (await fetch("https://graph.microsoft.com/v1.0/organization", {headers})).json();
const asked = await new Promise((good, bad) => https.get("https://graph.microsoft.com/v1.0/organization", {headers},
  (answer) => {
    let text = "";
    answer.on("data", (part) => text += part);
    answer.on("end", () => good(JSON.parse(text)));
  }
).on("error", bad));
console.log(JSON.stringify([fetched.value[0].id, asked.value[0].id, ready.tenant_id]));
"""


def test_node_programs_that_read_no_proxy_reach_the_tenant(node: Callable[..., Done]) -> None:
    by_fetch, by_https, expected = node(FETCH).json
    assert by_fetch == by_https == expected


def test_node_reaches_nothing_else_by_the_preload(node: Callable[..., Done]) -> None:
    script = """
let said = "reached";
try { await fetch("https://elsewhere.invalid/"); } catch (error) { said = error.cause.syscall; }
console.log(JSON.stringify(said));
"""
    assert node(script).json == "getaddrinfo"


def test_curl_reaches_the_tenant(outsider_env: dict[str, str], tmp_path: Path) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    address = "https://login.microsoftonline.com/contoso.onmicrosoft.com/.well-known/openid-configuration"
    assert "tenant_region_scope" in run([curl, "-sSf", address], outsider_env).json


def test_other_hosts_are_refused(python_client: Callable[..., Done]) -> None:
    script = """
import requests
try:
    requests.get("https://www.example.com/")
except requests.exceptions.ProxyError as problem:
    print('"refused"' if "403" in str(problem) else f'"{problem}"')
"""
    assert python_client(script).json == "refused"


def test_rclone_lists_the_library(rclone: Callable[..., Done]) -> None:
    assert rclone("lsjson", "team:").json is not None
