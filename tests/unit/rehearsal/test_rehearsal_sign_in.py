"""Sign-in without sockets: proofs, refusals, tokens and what the APIs make of them."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from spmigrate.rehearsal.http import Body, Request, Response
from spmigrate.rehearsal.identity import CLIENT_ID, Identity, ensure_identity, is_own_host
from spmigrate.rehearsal.signin import SignIn
from spmigrate.rehearsal.storage import Props
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from spmigrate.rehearsal.tokens import TokenProblem, Tokens, decode, encode, split
from tests.unit.rehearsal.builders import read

GRAPH = "https://graph.microsoft.com/.default"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("identity")


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Tenant]:
    opened = open_tenant(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture
def identity(keys: Path, tenant: Tenant) -> Identity:
    made = ensure_identity(keys, tenant.names)
    pem = made.certificates.app_certificate().public_bytes(serialization.Encoding.PEM).decode()
    props: Props = {
        "displayName": "App",
        "certificates": [pem],
        "secrets": [made.secrets.client_secret],
        "roles": {"graph": ["Sites.Read.All"], "sharepoint": ["Sites.FullControl.All"]},
        "scopes": {"graph": ["User.Read.All"]},
    }
    tenant.store.insert("app", "App", at=tenant.clock.iso(), guid=CLIENT_ID, props=props)
    tenant.store.write_value("password", made.secrets.password)
    tenant.directory.add_user(f"alice@{tenant.names.domain}", props={"displayName": "Alice"})
    return made


@pytest.fixture
def tokens(identity: Identity, tenant: Tenant) -> Tokens:
    return Tokens(identity.certificates.token_key, tenant.clock, tenant_id=tenant.names.tenant_id)


@pytest.fixture
def sign_in(tenant: Tenant, tokens: Tokens) -> SignIn:
    return SignIn(tenant, tokens)


def ask(sign_in: SignIn, path: str = "/contoso.onmicrosoft.com/oauth2/v2.0/token", **form: str) -> Response:
    body = urlencode({"client_id": CLIENT_ID, "scope": GRAPH, **form}).encode()
    return sign_in.handle(Request("POST", "login.microsoftonline.com", path, body=Body(len(body), body)))


def prove(identity: Identity, tenant: Tenant, *, algorithm: str = "RS256", **changes: object) -> str:
    pem = identity.certificates.app.read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    certificate = identity.certificates.app_certificate()
    name, digest = ("x5t", hashes.SHA1()) if algorithm == "RS256" else ("x5t#S256", hashes.SHA256())
    mark = base64.urlsafe_b64encode(certificate.fingerprint(digest)).decode()
    now = tenant.clock.seconds()
    body = {
        "aud": f"https://login.microsoftonline.com/{tenant.names.tenant_id}/oauth2/v2.0/token",
        "iss": CLIENT_ID, "sub": CLIENT_ID, "exp": now + 600, "iat": now, **changes,
    }  # fmt: skip
    header = json.dumps({"alg": algorithm, name: mark}).encode()
    signed = f"{encode(header)}.{encode(json.dumps(body).encode())}"
    cover = padding.PKCS1v15() if algorithm == "RS256" else padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    return f"{signed}.{encode(key.sign(signed.encode(), cover, hashes.SHA256()))}"


def with_assertion(sign_in: SignIn, assertion: str) -> Response:
    return ask(sign_in, grant_type="client_credentials", client_assertion=assertion, client_assertion_type=ASSERTION)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_certificate_gives_a_token_with_roles(
    sign_in: SignIn, identity: Identity, tenant: Tenant, tokens: Tokens, algorithm: str
) -> None:
    answer = with_assertion(sign_in, prove(identity, tenant, algorithm=algorithm))
    claims = tokens.check(read(answer)["access_token"])
    assert (claims.audience, claims.roles, claims.by_certificate) == (
        "https://graph.microsoft.com", frozenset({"Sites.Read.All"}), True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"exp": 1}, 700024),
        ({"iss": "somebody"}, 700021),
        ({"aud": "https://elsewhere.example/token"}, 700023),
    ],
)
def test_wrong_assertion_is_refused_by_number(
    sign_in: SignIn, identity: Identity, tenant: Tenant, changes: dict[str, object], number: int
) -> None:
    answer = with_assertion(sign_in, prove(identity, tenant, **changes))
    assert (answer.status, read(answer)["error"], read(answer)["error_codes"]) == (401, "invalid_client", [number])


def test_forged_signature_is_refused(sign_in: SignIn, identity: Identity, tenant: Tenant) -> None:
    assertion = prove(identity, tenant)
    other = prove(identity, tenant, sub="x").rpartition(".")[2]
    answer = with_assertion(sign_in, assertion.rpartition(".")[0] + "." + other)
    assert read(answer)["error_codes"] == [700027]


def test_expired_certificate_is_refused(sign_in: SignIn, identity: Identity, tenant: Tenant) -> None:
    tenant.clock.set_to(datetime.now(UTC) + timedelta(days=4000))
    answer = with_assertion(sign_in, prove(identity, tenant))
    assert read(answer)["error_codes"] == [700027]
    assert "expired" in read(answer)["error_description"]


def test_secret_works_in_the_form_and_in_the_header(sign_in: SignIn, identity: Identity) -> None:
    secret = identity.secrets.client_secret
    assert ask(sign_in, grant_type="client_credentials", client_secret=secret).status == 200
    form = urlencode({"grant_type": "client_credentials", "scope": ".default"}).encode()
    basic = base64.b64encode(f"{CLIENT_ID}:{secret}".encode()).decode()
    header = {"authorization": f"Basic {basic}"}
    path = "/contoso.onmicrosoft.com/oauth2/v2.0/token"
    answer = sign_in.handle(Request("POST", "login.microsoftonline.com", path, "", header, Body(len(form), form)))
    assert answer.status == 200


@pytest.mark.parametrize(
    ("form", "status", "number"),
    [
        ({"client_secret": "wrong"}, 401, 7000215),
        ({}, 401, 7000218),
        ({"client_id": "11111111-1111-1111-1111-111111111111"}, 400, 700016),
        ({"client_secret": "right", "scope": "https://elsewhere.example/.default"}, 400, 500011),
    ],
)
def test_refusals_carry_their_number(
    sign_in: SignIn, identity: Identity, form: dict[str, str], status: int, number: int
) -> None:
    if form.get("client_secret") == "right":
        form = {**form, "client_secret": identity.secrets.client_secret}
    answer = ask(sign_in, grant_type="client_credentials", **form)
    assert (answer.status, read(answer)["error_codes"]) == (status, [number])


def test_wrong_tenant_is_refused(sign_in: SignIn) -> None:
    assert read(ask(sign_in, "/elsewhere.example/oauth2/v2.0/token"))["error_codes"] == [90002]


def test_password_and_refresh_speak_for_the_user(sign_in: SignIn, identity: Identity, tokens: Tokens) -> None:
    password = identity.secrets.password
    first = read(ask(sign_in, grant_type="password", username="alice@contoso.onmicrosoft.com", password=password))
    second = read(ask(sign_in, grant_type="refresh_token", refresh_token=first["refresh_token"]))
    assert tokens.check(second["access_token"]).user == "alice@contoso.onmicrosoft.com"
    stolen = ask(sign_in, grant_type="refresh_token", refresh_token=first["access_token"])
    assert read(stolen)["error"] == "invalid_grant"


def test_wrong_password_is_refused(sign_in: SignIn) -> None:
    answer = ask(sign_in, grant_type="password", username="alice@contoso.onmicrosoft.com", password="no")
    assert read(answer)["error_codes"] == [50126]


def test_disabled_account_is_refused(sign_in: SignIn, identity: Identity, tenant: Tenant) -> None:
    tenant.directory.add_user(f"gone@{tenant.names.domain}", props={"displayName": "Gone", "accountEnabled": False})
    password = identity.secrets.password
    answer = ask(sign_in, grant_type="password", username="gone@contoso.onmicrosoft.com", password=password)
    assert read(answer)["error_codes"] == [50057]


def test_token_ends_with_its_hour(sign_in: SignIn, identity: Identity, tenant: Tenant, tokens: Tokens) -> None:
    secret = identity.secrets.client_secret
    token = read(ask(sign_in, grant_type="client_credentials", client_secret=secret))["access_token"]
    tokens.check(token)
    tenant.clock.advance(3601)
    with pytest.raises(TokenProblem, match="expired"):
        tokens.check(token)


def test_altered_token_is_refused(sign_in: SignIn, identity: Identity, tokens: Tokens) -> None:
    secret = identity.secrets.client_secret
    token = read(ask(sign_in, grant_type="client_credentials", client_secret=secret))["access_token"]
    header, _, signature = token.split(".")
    body = {**split(token)[1], "roles": ["Sites.FullControl.All"]}
    with pytest.raises(TokenProblem, match="signature"):
        tokens.check(f"{header}.{encode(json.dumps(body).encode())}.{signature}")


def test_discovery_names_the_token_endpoint_by_tenant_id(sign_in: SignIn, tenant: Tenant) -> None:
    for path in ("/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration",
                 "/contoso.onmicrosoft.com/.well-known/openid-configuration"):  # fmt: skip
        found = read(sign_in.handle(Request("GET", "login.microsoftonline.com", path)))
        assert tenant.names.tenant_id in found["token_endpoint"]


def test_grant_that_there_is_not_is_refused(sign_in: SignIn, identity: Identity) -> None:
    assert identity
    assert read(ask(sign_in, grant_type="urn:elsewhere:grant"))["error_codes"] == [70003]


def test_private_files_are_private(identity: Identity, keys: Path) -> None:
    for name in ("secrets.json", "control.token", "certificates/app.pem", "certificates/ca-key.pem"):
        assert (keys / name).stat().st_mode & 0o077 == 0, name


def test_refresh_ends_when_the_account_is_disabled(identity: Identity, sign_in: SignIn, tenant: Tenant) -> None:
    given = ask(sign_in, grant_type="password", username="alice@contoso.onmicrosoft.com",
                password=identity.secrets.password)  # fmt: skip
    alice = tenant.directory.user("alice@contoso.onmicrosoft.com")
    assert alice
    tenant.store.update(alice, {"accountEnabled": False}, at=tenant.clock.iso())
    answer = ask(sign_in, grant_type="refresh_token", refresh_token=read(given)["refresh_token"])
    assert (answer.status, read(answer)["error_codes"]) == (400, [50057])


@pytest.mark.parametrize("mark", ["A", "abcde", 5, ["x"], {"a": 1}, "ü", "AAAA"])
def test_thumbprint_of_any_form_is_refused_as_the_service_does(
    identity: Identity, sign_in: SignIn, mark: object
) -> None:
    assert identity
    header = encode(json.dumps({"alg": "RS256", "x5t": mark}).encode())
    answer = with_assertion(sign_in, f"{header}.{encode(b'{}')}.{encode(b'signature')}")
    assert (answer.status, read(answer)["error"]) == (401, "invalid_client")
    assert read(answer)["error_codes"][0] in (50027, 700027)


@pytest.mark.parametrize("ends", ["soon", None, True, 1e300, -5, [1]])
def test_assertion_whose_end_is_no_moment_is_malformed(
    identity: Identity, sign_in: SignIn, tenant: Tenant, ends: object
) -> None:
    answer = with_assertion(sign_in, prove(identity, tenant, exp=ends))
    assert (answer.status, read(answer)["error_codes"]) == (401, [50027])


def own_token(sign_in: SignIn, identity: Identity, tenant: Tenant) -> str:
    """A person's token for the application itself, as their program gets it before it calls the application."""
    form = {"username": f"alice@{tenant.names.domain}", "password": identity.secrets.password}
    scope = f"api://{CLIENT_ID}/.default"
    return str(read(ask(sign_in, grant_type="password", client_id=CLIENT_ID, scope=scope, **form))["access_token"])


def on_behalf(sign_in: SignIn, identity: Identity, assertion: str, **more: str) -> Response:
    form = {"requested_token_use": "on_behalf_of", "client_secret": identity.secrets.client_secret, **more}
    kind = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    return ask(sign_in, grant_type=kind, client_id=CLIENT_ID, scope=GRAPH, assertion=assertion, **form)


def test_application_acts_on_behalf_of_who_called_it(
    sign_in: SignIn, identity: Identity, tenant: Tenant, tokens: Tokens
) -> None:
    answer = read(on_behalf(sign_in, identity, own_token(sign_in, identity, tenant)))
    claims = tokens.check(answer["access_token"])
    assert (claims.user, claims.audience) == (f"alice@{tenant.names.domain}", "https://graph.microsoft.com")


def test_token_for_another_api_is_no_assertion(sign_in: SignIn, identity: Identity, tenant: Tenant) -> None:
    form = {"username": f"alice@{tenant.names.domain}", "password": identity.secrets.password}
    foreign = read(ask(sign_in, grant_type="password", client_id=CLIENT_ID, scope=GRAPH, **form))["access_token"]
    assert read(on_behalf(sign_in, identity, foreign))["error_codes"] == [500131]


def test_acting_on_behalf_needs_the_applications_own_proof(sign_in: SignIn, identity: Identity, tenant: Tenant) -> None:
    token = own_token(sign_in, identity, tenant)
    assert read(on_behalf(sign_in, identity, token, client_secret="wrong"))["error_codes"] == [7000215]


def test_first_version_of_the_endpoint_names_the_resource_and_writes_times_as_text(
    sign_in: SignIn, identity: Identity
) -> None:
    form = {"client_id": CLIENT_ID, "client_secret": identity.secrets.client_secret}
    path = "/contoso.onmicrosoft.com/oauth2/token"
    answer = read(ask(sign_in, path, grant_type="client_credentials", resource="https://graph.microsoft.com", **form))
    assert answer["resource"] == "https://graph.microsoft.com"
    assert (answer["expires_in"], int(answer["expires_on"]) - int(answer["not_before"])) == ("3599", 3599)


def test_access_control_service_says_where_it_gives_tokens(sign_in: SignIn, tenant: Tenant) -> None:
    asked = Request("GET", tenant.names.access_control, "/metadata/json/1", f"realm={tenant.names.tenant_id}")
    endpoints = {each["protocol"]: each["location"] for each in read(sign_in.handle(asked))["endpoints"]}
    assert endpoints["OAuth2"] == f"https://{tenant.names.access_control}/{tenant.names.tenant_id}/tokens/OAuth/2"
    assert is_own_host(tenant.names, tenant.names.access_control)


def test_published_keys_prove_a_token_and_its_claims(sign_in: SignIn, identity: Identity, tenant: Tenant) -> None:
    def look(path: str) -> dict[str, Any]:
        found: dict[str, Any] = read(sign_in.handle(Request("GET", "login.microsoftonline.com", path)))
        return found

    about = look(f"/{tenant.names.tenant_id}/v2.0/.well-known/openid-configuration")
    keys_path = about["jwks_uri"].removeprefix("https://login.microsoftonline.com")
    answer = read(ask(sign_in, grant_type="client_credentials", client_secret=identity.secrets.client_secret))
    head, body, signature = answer["access_token"].split(".")
    wanted = json.loads(decode(head))["kid"]
    (key,) = [each for each in look(keys_path)["keys"] if each["kid"] == wanted]
    modulus, exponent = (int.from_bytes(decode(key[name]), "big") for name in ("n", "e"))
    public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    public.verify(decode(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    claims = json.loads(decode(body))
    assert (claims["tid"], claims["appid"], claims["idtyp"]) == (tenant.names.tenant_id, CLIENT_ID, "app")
    assert (claims["aud"], claims["roles"]) == ("https://graph.microsoft.com", ["Sites.Read.All"])


def test_instances_and_realms_are_discovered(sign_in: SignIn, tenant: Tenant) -> None:
    query = "api-version=1.1&authorization_endpoint=https://login.microsoftonline.com/common/oauth2/v2.0/authorize"
    found = read(sign_in.handle(Request("GET", "login.microsoftonline.com", "/common/discovery/instance", query)))
    assert found["tenant_discovery_endpoint"].endswith("/v2.0/.well-known/openid-configuration")
    assert "login.microsoftonline.com" in found["metadata"][0]["aliases"]
    kinds = {}
    for name in (f"alice@{tenant.names.domain}", "alice@elsewhere.example"):
        asked = Request("GET", "login.microsoftonline.com", f"/common/userrealm/{name}", "api-version=1.0")
        kinds[name.rpartition("@")[2]] = read(sign_in.handle(asked))["account_type"]
    assert kinds == {tenant.names.domain: "Managed", "elsewhere.example": "Unknown"}
