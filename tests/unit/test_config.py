"""spmigrate.yaml and the environment: what is found, what counts, what is refused."""

import json
from pathlib import Path

import pytest

from spmigrate import config, workplace
from spmigrate.errors import ConfigError, InputError

REAL = """\
version: 1
tenant:
  name: contoso.onmicrosoft.com
  tenant id: 11111111-2222-3333-4444-555555555555
  sharepoint: https://contoso.sharepoint.com/
  client id: 66666666-7777-8888-9999-000000000000
"""


def write(folder: Path, text: str = REAL) -> Path:
    path = folder / workplace.FILE_NAME
    path.write_text(text)
    return path


def test_file_is_found_in_a_folder_above(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    path = write(tmp_path)
    assert workplace.find(below, {}).file == path


def test_nearest_file_counts(tmp_path: Path) -> None:
    below = tmp_path / "a"
    below.mkdir()
    write(tmp_path)
    nearer = write(below)
    assert workplace.find(below, {}).file == nearer


def test_environment_names_the_file(tmp_path: Path) -> None:
    named = write(tmp_path).rename(tmp_path / "x.yaml")
    assert workplace.find(tmp_path, {"SPMIGRATE_CONFIG": str(named)}).file == named


def test_absent_file_points_to_init(tmp_path: Path) -> None:
    for ask in (lambda: workplace.find(tmp_path, {}), lambda: config.load(tmp_path / "spmigrate.yaml")):
        with pytest.raises(ConfigError) as raised:
            ask()
        assert "spmigrate init" in str(raised.value.hint)


def test_paths_lie_beside_the_file(tmp_path: Path) -> None:
    settings = config.load(write(tmp_path))
    assert settings.ledger == tmp_path / "ledger.db"
    assert settings.site_templates == tmp_path / "site_templates"
    assert settings.mappings == tmp_path / "mappings"
    assert settings.governance_rules == tmp_path / "governance_rules"


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        (REAL.replace("client id", "client-id"), ":6:", "client id"),
        (REAL.replace("  client id: 66666666-7777-8888-9999-000000000000\n", ""), ":2:", "client id"),
        (REAL.replace("version: 1", "version: 2"), ":1:", "version"),
        (REAL + "  rehearsal: ../tenant\n", ":2:", "stands alone"),
        (REAL + "migrate:\n  workers: 0\n", ":8:", "workers"),
    ],
)
def test_mistake_is_shown_where_it_stands(tmp_path: Path, text: str, where: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        config.load(write(tmp_path, text))
    problems = "\n".join(str(problem) for problem in raised.value.problems)
    assert where in problems
    assert said in problems


def test_real_tenant_takes_its_certificate_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "app.pem").write_text("pem")
    environment = {"SPMIGRATE_CERTIFICATE": "app.pem", "SPMIGRATE_CERTIFICATE_PASSWORD": "word"}
    tenant = config.tenant(config.load(write(tmp_path)), environment)
    assert (tenant.credential.certificate_pem, tenant.credential.password) == ("pem", "word")
    assert tenant.sharepoint == "https://contoso.sharepoint.com"
    assert tenant.admin == "https://contoso-admin.sharepoint.com"
    assert tenant.address is None


def test_environment_precedes_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text("of the file")
    (tmp_path / "b.pem").write_text("of the environment")
    settings = config.load(write(tmp_path, REAL + "  certificate: a.pem\n"))
    assert config.tenant(settings, {}).credential.certificate_pem == "of the file"
    chosen = config.tenant(settings, {"SPMIGRATE_CERTIFICATE": "b.pem", "SPMIGRATE_CLIENT_SECRET": "s"})
    assert chosen.credential.certificate_pem == "of the environment"


def test_secret_is_the_last_resort(tmp_path: Path) -> None:
    tenant = config.tenant(config.load(write(tmp_path)), {"SPMIGRATE_CLIENT_SECRET": "s"})
    assert tenant.credential.secret == "s"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_unreadable_certificate_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content:
        (tmp_path / "app.pem").write_bytes(content)
    with pytest.raises(ConfigError, match=r"app\.pem"):
        config.tenant(config.load(write(tmp_path)), {"SPMIGRATE_CERTIFICATE": "app.pem"})


def test_tenant_without_credential_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        config.tenant(config.load(write(tmp_path)), {})
    assert "export SPMIGRATE_CERTIFICATE" in str(raised.value.hint)


def rehearsal(tmp_path: Path) -> config.Settings:
    work = tmp_path / "work"
    work.mkdir()
    return config.load(write(work, "version: 1\ntenant: {rehearsal: ../tenant}\n"))


def test_rehearsal_tenant_is_described_by_its_state_folder(tmp_path: Path) -> None:
    state = tmp_path / "tenant"
    state.mkdir()
    (state / "app.pem").write_text("pem")
    ready = {
        "address": "127.0.0.1:8443", "tenant": "contoso.onmicrosoft.com", "tenant_id": "t", "client_id": "c",
        "sharepoint": "https://contoso.sharepoint.com", "cert": str(state / "app.pem"), "ca": str(state / "ca.pem"),
    }  # fmt: skip
    (state / "ready.json").write_text(json.dumps(ready))
    tenant = config.tenant(rehearsal(tmp_path), {})
    assert tenant.address is not None
    assert tenant.address == ("127.0.0.1", 8443)
    assert tenant.credential.certificate_pem == "pem"


def test_rehearsal_tenant_that_is_not_running_says_how_to_start_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        config.tenant(rehearsal(tmp_path), {})
    assert "spmigrate rehearsal serve" in str(raised.value.hint)


def test_credential_does_not_show() -> None:
    assert "hush" not in repr(config.Credential(secret="hush", certificate_pem="hush", password="hush"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zone: Europe/Atlantis", "there is no time zone 'Europe/Atlantis'"),
        ("zone: ../../etc/passwd", "there is no time zone"),
        ("windows: [{from: '9', to: 10:00}]", "a time of day such as 19:00"),
        ("windows: [{from: 24:00, to: 10:00}]", "a time of day such as 19:00"),
        ("windows: [{days: [Mon], from: 09:00, to: 10:00}]", "days"),
        ("windows: [{days: [], from: 09:00, to: 10:00}]", "days"),
        ("notify: {mail: {relay: r, from: somebody, to: [a@b.example]}}", "an address such as"),
        ("notify: {mail: {relay: r, from: a@b.example, to: []}}", "to"),
        ("notify: {webhook: https://flows.example}", "webhook"),
    ],
)
def test_mistakes_about_windows_and_messages_are_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        config.load(write(tmp_path, f"{REAL}migrate: {{{text}}}\n"))
    assert said in "\n".join(str(problem) for problem in raised.value.problems)
