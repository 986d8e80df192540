"""The session against a tenant: signing in, refusals, throttling, lost connections."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from spmigrate.config import Credential, TenantSettings
from spmigrate.errors import AuthError, ConfigError, Conflict, NotFound, Throttled, Unavailable
from spmigrate.model import Destination
from spmigrate.tenant.session import Tenant, connect
from spmigrate.tenant.signin import GRAPH
from tests.certificates import make_pem
from tests.contract.conftest import asked, read_settings
from tests.contract.scratch import ANYWHERE
from tests.rehearsal_fixtures import RunningTenant, serve_tenant
from tests.unit.tenant.test_pacing import Time

SITE = "/sites/team"


def now() -> datetime:
    return datetime.now(UTC)


def failing(settings: TenantSettings, **changes: Any) -> AuthError:
    """How signing in fails with these settings."""
    with connect(replace(settings, **changes)) as tenant, pytest.raises(AuthError) as raised:
        tenant.graph("GET", "/v1.0/sites/root")
    return raised.value


@ANYWHERE
def test_one_certificate_signs_in_everywhere(tenant: Tenant, home: Destination) -> None:
    assert tenant.graph("GET", "/v1.0/sites/root")["webUrl"] == tenant.settings.sharepoint
    assert tenant.rest("GET", f"{home.site}/_api/web")["Title"] == "Contract tests"
    assert tenant.rest("GET", f"{tenant.settings.admin}/_api/SPO.Tenant")
    web = tenant.context(tenant.settings.sharepoint + home.site).web
    tenant.call(lambda: web.get().execute_query())
    assert web.title == "Contract tests"


def test_every_request_names_the_organisation_and_the_program(tenant: Tenant, rehearsal: RunningTenant) -> None:
    mark = rehearsal.mark()
    tenant.rest("GET", "/_api/web")
    tenant.call(lambda: tenant.context(tenant.settings.sharepoint).web.get().execute_query())
    tenant.send("GET", f"{GRAPH}/v1.0/sites/root", body=None, authorised=True)
    requests = asked(rehearsal, mark)
    assert len(requests) >= 5
    assert {request["user_agent"].rsplit("/", 1)[0] for request in requests} == {"NONISV|contoso|spmigrate"}


def test_token_is_asked_for_once_whatever_the_number_of_threads(tenant: Tenant, rehearsal: RunningTenant) -> None:
    mark = rehearsal.mark()
    with ThreadPoolExecutor(8) as threads:
        tokens = set(threads.map(lambda _: tenant.token(GRAPH), range(16)))
    assert len(tokens) == 1
    assert sum(request["path"].endswith("/token") for request in asked(rehearsal, mark)) == 1


def test_library_asks_for_no_form_digest(tenant: Tenant, rehearsal: RunningTenant) -> None:
    tenant.token(tenant.settings.sharepoint)
    mark = rehearsal.mark()
    context = tenant.context(tenant.settings.sharepoint + SITE)
    tenant.call(lambda: context.web.get().execute_query())
    assert [request["path"].lower() for request in asked(rehearsal, mark)] == [f"{SITE}/_api/web"]


def test_wrong_tenant_is_named(settings: TenantSettings) -> None:
    error = failing(settings, tenant_id="99999999-9999-9999-9999-999999999999")
    assert "99999999-9999" in error.message
    assert "tenant id" in str(error.hint)


def test_unknown_app_is_named(settings: TenantSettings) -> None:
    error = failing(settings, client_id="99999999-9999-9999-9999-999999999999")
    assert error.code == "AADSTS700016"
    assert "client id" in str(error.hint)


def test_foreign_certificate_is_refused(settings: TenantSettings) -> None:
    error = failing(settings, credential=Credential(certificate_pem=make_pem(begins=now())))
    assert error.code == "AADSTS700027"
    assert "upload its public part" in str(error.hint)


def test_expired_certificate_is_found_before_asking(settings: TenantSettings, rehearsal: RunningTenant) -> None:
    mark = rehearsal.mark()
    error = failing(settings, credential=Credential(certificate_pem=make_pem(days=0.001)))
    assert "expired on" in error.message
    assert asked(rehearsal, mark) == []


def test_secret_reaches_graph_alone(settings: TenantSettings, rehearsal: RunningTenant) -> None:
    secret = Credential(secret=rehearsal.ready["client_secret"])
    with connect(replace(settings, credential=secret)) as tenant:
        assert tenant.graph("GET", "/v1.0/sites/root")
        with pytest.raises(AuthError, match="secret"):
            tenant.rest("GET", "/_api/web")


def test_wrong_secret_is_explained(settings: TenantSettings) -> None:
    error = failing(settings, credential=Credential(secret="wrong"))
    assert error.code == "AADSTS7000215"
    assert "wrong'" not in error.message


def test_clock_that_differs_is_explained(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serve_tenant(tmp_path_factory.mktemp("late")) as running:
        settings = read_settings(tmp_path_factory.mktemp("work"), running)
        running.advance(3600)
        error = failing(settings)
    assert error.code == "AADSTS700024"
    assert "clock" in str(error.hint)


def test_untrusted_server_gets_no_token(settings: TenantSettings, rehearsal: RunningTenant) -> None:
    mark = rehearsal.mark()
    assert "not trusted" in failing(settings, ca=None).message
    assert asked(rehearsal, mark) == []


def test_unreachable_tenant_is_said_after_bounded_attempts(
    settings: TenantSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    time = Time()
    away = replace(settings, address=None)
    with connect(away, sleep=time.sleep, now=time.now) as tenant, pytest.raises(Unavailable, match="cannot be reached"):
        tenant.rest("GET", "/_api/web")
    assert 0 < time.at < 200


def test_rehearsal_tenant_that_has_ended_is_said_at_once(settings: TenantSettings) -> None:
    time = Time()
    away = replace(settings, address=("127.0.0.1", 9))
    with connect(away, sleep=time.sleep, now=time.now) as tenant, pytest.raises(ConfigError, match="not running"):
        tenant.rest("GET", "/_api/web")
    assert time.at == 0


def test_real_tenant_is_reached_through_the_proxy_of_the_environment(
    settings: TenantSettings, rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in rehearsal.environment.items():
        monkeypatch.setenv(name, value)
    with connect(replace(settings, address=None, ca=None)) as tenant:
        assert tenant.rest("GET", f"{SITE}/_api/web")["Title"] == "Rehearsal team"
        assert tenant.send("GET", f"{GRAPH}/v1.0/sites/root", body=None, authorised=True).status == 200


def test_refused_token_is_renewed_once(tenant: Tenant, rehearsal: RunningTenant) -> None:
    tenant.rest("GET", "/_api/web")
    mark = rehearsal.mark()
    rehearsal.fault({"status": 401}, path="_api/web$")
    assert tenant.rest("GET", "/_api/web")
    assert [(each["method"], each["status"]) for each in asked(rehearsal, mark)] == [
        ("GET", 401), ("POST", 200), ("GET", 200),
    ]  # fmt: skip


def test_absent_things_are_not_found_with_the_id_of_the_request(tenant: Tenant) -> None:
    web = tenant.context(tenant.settings.sharepoint + SITE).web
    asks: list[tuple[str, Callable[[], object]]] = [
        ("List 'Nothing' does not exist", lambda: tenant.rest("GET", f"{SITE}/_api/web/lists/getbytitle('Nothing')")),
        ("List 'Nothing' does not exist", lambda: web.lists.get_by_title("Nothing").get().execute_query()),
        ("404", lambda: tenant.rest("GET", "/sites/nowhere/_api/web")),
        ("", lambda: tenant.graph("GET", "/v1.0/sites/contoso.sharepoint.com:/sites/nowhere")),
    ]
    for said, ask in asks:
        with pytest.raises(NotFound) as raised:
            tenant.call(ask)
        assert said in raised.value.message
        assert raised.value.status == 404
        assert raised.value.request_id


def test_pages_are_followed_to_the_end(tenant: Tenant) -> None:
    whole = [user["id"] for user in tenant.graph_pages("/v1.0/users?$select=id&$top=999")]
    assert len(whole) > 4
    assert sorted(user["id"] for user in tenant.graph_pages("/v1.0/users?$select=id&$top=2")) == sorted(whole)


@pytest.fixture
def folder(tenant: Tenant) -> Iterator[str]:
    """The address of the children of the team site's library."""
    site = tenant.graph("GET", f"/v1.0/sites/contoso.sharepoint.com:{SITE}")["id"]
    drive = tenant.graph("GET", f"/v1.0/sites/{site}/drives")["value"][0]["id"]
    yield f"/v1.0/drives/{drive}/root"


def make(tenant: Tenant, folder: str, name: str) -> object:
    body = {"name": name, "folder": {}, "@microsoft.graph.conflictBehavior": "fail"}
    return tenant.graph("POST", f"{folder}/children", body)


def test_second_of_a_name_is_a_conflict(tenant: Tenant, folder: str) -> None:
    make(tenant, folder, "Twice")
    with pytest.raises(Conflict) as raised:
        make(tenant, folder, "Twice")
    assert raised.value.code == "nameAlreadyExists"


def test_throttled_thread_stops_all_the_others(tenant: Tenant, rehearsal: RunningTenant) -> None:
    web = f"{SITE}/_api/web"
    tenant.rest("GET", web)
    tenant.graph("GET", "/v1.0/sites/root")
    mark = rehearsal.mark()
    rehearsal.fault({"status": 429, "retry_after": 1}, host="graph")
    with pytest.raises(Throttled) as raised:
        tenant.send("GET", f"{GRAPH}/v1.0/sites/root", body=None, authorised=True)
    assert raised.value.retry_after == 1
    asks: list[Callable[[], object]] = [
        lambda: tenant.rest("GET", web),
        lambda: tenant.graph("GET", "/v1.0/sites/root"),
        lambda: tenant.call(lambda: tenant.context(tenant.settings.sharepoint + SITE).web.get().execute_query()),
        lambda: tenant.send("GET", f"{GRAPH}/v1.0/sites/root", body=None, authorised=True),
    ]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda ask: ask(), asks))
    refused, *others = asked(rehearsal, mark)
    assert (refused["status"], len(others)) == (429, 4)
    opened = datetime.fromisoformat(refused["at"]).timestamp() + 1
    assert all(datetime.fromisoformat(each["at"]).timestamp() >= opened - 0.05 for each in others)


def test_storm_is_ridden_out(tenant: Tenant, rehearsal: RunningTenant) -> None:
    tenant.rest("GET", "/_api/web")
    mark = rehearsal.mark()
    rehearsal.fault({"status": 429, "retry_after": 1}, count=3, path="_api/web")
    rehearsal.fault({"status": 503, "retry_after": 1}, count=2, path="_api/web")
    barrier = threading.Barrier(3)

    def ask(_: int) -> object:
        barrier.wait(10)
        return tenant.rest("GET", f"{SITE}/_api/web")["Title"]

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(ask, range(3))) == ["Rehearsal team"] * 3
    statuses = [request["status"] for request in asked(rehearsal, mark)]
    assert sorted(statuses) == [200, 200, 200, 429, 429, 429, 503, 503]


def test_throttled_sign_in_is_repeated(settings: TenantSettings, rehearsal: RunningTenant) -> None:
    time = Time()
    rehearsal.fault({"status": 429, "retry_after": 40}, host="login", method="POST")
    rehearsal.fault({"status": 503}, host="login", method="POST")
    with connect(settings, sleep=time.sleep, now=time.now) as tenant:
        assert tenant.graph("GET", "/v1.0/sites/root")
    assert 40 <= time.at < 43


@pytest.mark.parametrize("reset", ["before", "after"])
def test_reading_is_repeated_when_the_connection_breaks(tenant: Tenant, rehearsal: RunningTenant, reset: str) -> None:
    tenant.rest("GET", "/_api/web")
    mark = rehearsal.mark()
    rehearsal.fault({"reset": reset}, path="_api/web$")
    assert tenant.rest("GET", "/_api/web")
    assert len(asked(rehearsal, mark)) == 2


def test_cut_answer_is_asked_for_again(tenant: Tenant, rehearsal: RunningTenant) -> None:
    tenant.rest("GET", "/_api/web")
    rehearsal.fault({"truncate": 20}, path="_api/web$")
    assert tenant.rest("GET", "/_api/web")["Title"]


def test_creating_is_not_repeated_when_the_connection_breaks(
    tenant: Tenant, rehearsal: RunningTenant, folder: str
) -> None:
    mark = rehearsal.mark()
    rehearsal.fault({"reset": "after"}, method="POST", path="children$")
    with pytest.raises(Unavailable, match="connection was lost"):
        make(tenant, folder, "Made once")
    assert [request["method"] for request in asked(rehearsal, mark)] == ["POST"]
    assert tenant.graph("GET", f"{folder}:/Made%20once")["name"] == "Made once"


def test_creating_is_repeated_when_it_was_refused(tenant: Tenant, rehearsal: RunningTenant, folder: str) -> None:
    rehearsal.fault({"status": 429, "retry_after": 1}, method="POST", path="children$")
    assert make(tenant, folder, "Made later")


def test_bulk_content_goes_up_and_comes_back(tenant: Tenant, folder: str) -> None:
    content = b"council" * 1000
    put = tenant.send("PUT", f"{GRAPH}{folder}:/bulk.txt:/content", body=content, authorised=True)
    assert put.status == 201
    there = tenant.send("GET", f"{GRAPH}{folder}:/bulk.txt:/content", body=None, authorised=True)
    assert there.status == 302
    assert tenant.send("GET", there.headers["Location"], body=None).body == content
