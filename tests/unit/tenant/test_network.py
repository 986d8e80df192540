"""Where connections go, whom they trust, and what of the environment counts."""

from pathlib import Path

import pytest
import requests
import urllib3

from spmigrate.errors import ConfigError
from spmigrate.tenant.network import Network

SITE = "https://contoso.sharepoint.com/_api/web"


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_text("authority")
    return path


def test_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:word@proxy.example:8080")
    network = Network(agent="x")
    assert network.proxy_for(SITE) == "http://user:word@proxy.example:8080"
    pool = network.pool_for(SITE)
    assert isinstance(pool, urllib3.ProxyManager)
    assert "proxy-authorization" in {name.lower() for name in pool.proxy_headers}


def test_hosts_outside_the_proxy_are_reached_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:8080")
    monkeypatch.setenv("NO_PROXY", "contoso.sharepoint.com")
    network = Network(agent="x")
    assert network.proxy_for(SITE) is None
    assert not isinstance(network.pool_for(SITE), urllib3.ProxyManager)


def test_rehearsal_tenant_is_never_behind_a_proxy(monkeypatch: pytest.MonkeyPatch, ca: Path) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:8080")
    assert Network(agent="x", address=("127.0.0.1", 1), ca=ca).proxy_for(SITE) is None


def test_authority_of_the_environment_is_trusted(monkeypatch: pytest.MonkeyPatch, ca: Path) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca))
    network = Network(agent="x")
    assert network.session.verify == str(ca)
    assert network.pool_for(SITE).connection_pool_kw["ca_certs"] == str(ca)


def test_absent_authority_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "gone.pem"))
    with pytest.raises(ConfigError, match=r"gone\.pem"):
        Network(agent="x")


def test_certificates_are_always_checked() -> None:
    network = Network(agent="x")
    assert network.pool_for(SITE).connection_pool_kw["cert_reqs"] == "CERT_REQUIRED"
    assert Path(str(network.session.verify)).is_file()


def test_nothing_is_sent_without_tls() -> None:
    with pytest.raises(requests.exceptions.InvalidSchema):
        Network(agent="x").session.get("http://contoso.sharepoint.com/")


def test_netrc_does_not_replace_our_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine contoso.sharepoint.com login a password b\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    session = Network(agent="x").session
    request = requests.Request("GET", SITE, headers={"Authorization": "Bearer t"})
    assert session.prepare_request(request).headers["Authorization"] == "Bearer t"


def test_rehearsal_connection_keeps_its_host_name(ca: Path) -> None:
    network = Network(agent="x", address=("127.0.0.1", 1), ca=ca)
    pool = network.pool_for(SITE).connection_from_url(SITE)
    connection = pool._new_conn()
    assert connection.host == "contoso.sharepoint.com"
    with pytest.raises(ConfigError, match=r"127\.0\.0\.1:1 is not running"):
        connection.connect()
