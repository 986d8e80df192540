"""spmigrate.yaml gone wrong, and tenants that it does not name rightly: said in one line, before anything is done."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.certificates import make_pem
from tests.conftest import ROOT
from tests.flow.refusal import Run, content, refused
from tests.rehearsal_fixtures import RunningTenant

NOWHERE = "00000000-1111-2222-3333-444444444444"
REAL = """\
version: 1
tenant:
  name: {tenant}
  tenant id: {tenant_id}
  sharepoint: {sharepoint}
  client id: {client_id}
  certificate: {cert}
"""


@pytest.fixture
def templates(tmp_path: Path) -> None:
    """What `site plan` reads before it asks the tenant."""
    shutil.copytree(ROOT / "site_templates", tmp_path / "site_templates")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 1\ntenant: {rehearsal: t\n", "spmigrate.yaml:3:1: did not find expected ',' or '}'"),
        ("version: 1\ntenant:\n  rehearsl: t\n", "spmigrate.yaml:3:3: unknown key 'rehearsl' (did you mean 'rehears"),
        ("version: 1\ntenant: {rehearsal: t}\ntenant: {rehearsal: u}\n", ":3:1: 'tenant' stands here twice (first on"),
        ("version: 1\ntenant: {rehearsal: t}\nmigrate: {workers: many}\n", ":3:11: migrate.workers: should be a valid"),
        ("version: 1\ntenant:\n  name: council.example\n", ":2:1: tenant: a real tenant also needs: tenant id, sharep"),
        ("version: 1\ntenant: {rehearsal: t, name: x}\n", ":2:1: tenant: 'rehearsal' stands alone"),
        ("version: 9\ntenant: {rehearsal: t}\n", "spmigrate.yaml:1:1: version: should be less than or equal to 1"),
        ("", "spmigrate.yaml:1:1: 'tenant' is missing"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_used_are_refused_at_their_place(
    spmigrate: Run, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "spmigrate.yaml").write_text(text, "utf-8")
    assert said in refused(spmigrate, "report").stderr
    assert not list(tmp_path.glob("report*"))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("scan", "report"), 1), (("--config", "nowhere.yaml", "report"), 1), (("--config", ".", "report"), 1),
        (("scan", "rnu", "x"), 2), (("scan", "run"), 2), (("wave", "run", "--fast", "x"), 2), (("nonsense",), 2),
        (("demo", "--source", "nowhere"), 2), (("demo", "--source", __file__), 2), (("explain", "NO-SUCH-CODE"), 2),
    ],
)  # fmt: skip
def test_no_working_folder_and_no_such_command(
    spmigrate: Run, tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    refused(spmigrate, *arguments, code=code)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_understood_names_the_nearest(spmigrate: Run) -> None:
    assert "hint:  see: spmigrate scan run --help" in spmigrate("scan", "run").stderr
    assert "'nowhere' does not exist" in spmigrate("demo", "--source", "nowhere").stderr
    assert "did you mean LINK" in spmigrate("explain", "LINKS").stderr


@pytest.mark.usefixtures("templates")
@pytest.mark.parametrize("ready", [None, '{"address": "nowhere"}', "not json"])
def test_rehearsal_tenant_that_does_not_run(spmigrate: Run, tmp_path: Path, ready: str | None) -> None:
    if ready:
        (tmp_path / "tenant").mkdir()
        (tmp_path / "tenant" / "ready.json").write_text(ready, "utf-8")
    (tmp_path / "spmigrate.yaml").write_text("version: 1\ntenant: {rehearsal: tenant}\n", "utf-8")
    done = refused(spmigrate, "site", "plan")
    assert f"spmigrate rehearsal serve --state {tmp_path / 'tenant'}" in done.json["error"]["hint"]


@pytest.fixture
def real(
    rehearsal: RunningTenant, templates: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Path]:
    """A working folder that names the tenant as a real one, reached through a proxy; some of its answers are wrong."""

    def lay_out(**wrong: str) -> Path:
        for name, value in rehearsal.environment.items():
            monkeypatch.setenv(name, value)
        ready: dict[str, Any] = json.loads((rehearsal.state / "ready.json").read_text("utf-8"))
        (tmp_path / "spmigrate.yaml").write_text(REAL.format(**{**ready, **wrong}), "utf-8")
        return tmp_path

    return lay_out


def test_right_answers_are_taken(real: Callable[..., Path], spmigrate: Run) -> None:
    real()
    doctor = spmigrate("doctor", "--json")
    wrong = [each["name"] for each in doctor.json["checks"] if each["state"] != "ok"]
    assert all(name.startswith("permissions in excess") for name in wrong), wrong


@pytest.mark.parametrize(
    ("wrong", "said", "hint"),
    [
        ({"tenant_id": NOWHERE}, f"there is no tenant {NOWHERE}", "check 'tenant id' in spmigrate.yaml"),
        ({"client_id": NOWHERE}, "AADSTS700016", "check 'client id' and 'tenant id' in spmigrate.yaml"),
        ({"sharepoint": "https://fabrikam.sharepoint.com"}, "AADSTS500011", "check 'sharepoint' in spmigrate.yaml"),
        ({"sharepoint": "contoso.sharepoint.com"}, ":2:1: tenant: 'sharepoint' is the address of", "correct this"),
        ({"cert": "nowhere.pem"}, "nowhere.pem cannot be read: No such file", "export SPMIGRATE_CERTIFICATE="),
        ({"cert": "spmigrate.yaml"}, "the PEM file holds no certificate", "put certificate and key in one file"),
        ({"cert": "''"}, "no credential for the tenant", "export SPMIGRATE_CERTIFICATE="),
    ],
)
def test_wrong_tenant_is_refused_and_nothing_is_written(
    real: Callable[..., Path], spmigrate: Run, tmp_path: Path, wrong: dict[str, str], said: str, hint: str
) -> None:
    before = content(real(**wrong))
    done = refused(spmigrate, "site", "plan")
    assert said in done.stderr and hint in done.json["error"]["hint"]
    assert content(tmp_path) == before


def test_doctor_says_the_same_as_the_other_commands(real: Callable[..., Path], spmigrate: Run) -> None:
    real(tenant_id=NOWHERE)
    doctor = spmigrate("doctor")
    assert doctor.code == 1 and f"there is no tenant {NOWHERE}" in doctor.stdout
    assert "-> check 'tenant id' in spmigrate.yaml" in doctor.stdout


@pytest.mark.parametrize(
    ("year", "said", "hint"),
    [
        (2020, "the app's certificate expired on 31 January 2020", "make a new one, register its public part"),
        (2090, "the app's certificate is valid only from 1 January 2090", "set this machine's clock"),
    ],
)
def test_certificate_out_of_its_time(
    real: Callable[..., Path], spmigrate: Run, rehearsal: RunningTenant, year: int, said: str, hint: str
) -> None:
    folder = real(cert="app.pem")
    (folder / "app.pem").write_text(make_pem(begins=datetime(year, 1, 1, tzinfo=UTC), days=30), "utf-8")
    mark = rehearsal.mark()
    done = refused(spmigrate, "site", "plan")
    assert said in done.stderr and hint in done.stderr
    assert not [each for each in rehearsal.requests(mark) if each["path"].endswith("/token")]


def test_certificate_that_the_app_does_not_know(real: Callable[..., Path], spmigrate: Run) -> None:
    folder = real(cert="app.pem")
    (folder / "app.pem").write_text(make_pem(begins=datetime(2020, 1, 1, tzinfo=UTC), days=30_000), "utf-8")
    done = refused(spmigrate, "site", "plan")
    assert "AADSTS700027" in done.stderr and "upload its public part" in done.json["error"]["hint"]


def test_server_that_is_not_trusted(real: Callable[..., Path], spmigrate: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    real()
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    done = refused(spmigrate, "site", "plan")
    assert "is not trusted" in done.stderr and "export REQUESTS_CA_BUNDLE=" in done.json["error"]["hint"]


def test_explanations_need_no_rules_and_no_settings(spmigrate: Run, tmp_path: Path) -> None:
    (tmp_path / "spmigrate.yaml").write_text("broken: [", "utf-8")
    assert spmigrate("explain", "LINK").code == 0
    refused(spmigrate, "explain", "TEN-01")
