"""`spmigrate doctor` against a tenant: each line, its remedy, the exit code."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from spmigrate.config import Credential, TenantSettings
from spmigrate.tenant.permissions import ALWAYS, MICROSOFT_GRAPH, SHAREPOINT
from spmigrate.tenant.readiness import Check, State, examine, exit_code
from tests.certificates import certify, make_key, write_key
from tests.conftest import ROOT
from tests.contract.test_session import now
from tests.rehearsal_fixtures import RunningTenant, serve_tenant

KEY = make_key()
DEMO = ROOT / "spmigrate" / "rehearsal" / "seeds" / "demo.yaml"
ENOUGH = {api: [need.permission for need in ALWAYS if need.api == api] for api in (SHAREPOINT, MICROSOFT_GRAPH)}


def register(
    rehearsal: RunningTenant, settings: TenantSettings, number: int, *, held: dict[str, list[str]], days: float = 365
) -> TenantSettings:
    """An app of its own with these permissions and a certificate of so many days."""
    client_id = f"aaaaaaaa-0000-0000-0000-00000000000{number}"
    certificate = certify(KEY, begins=now(), days=days)
    indented = certificate.replace("\n", "\n        ")
    rehearsal.seed(
        f"apps:\n  - client_id: {client_id}\n    name: doctor {number}\n"
        f"    roles: {{graph: [{', '.join(held[MICROSOFT_GRAPH])}], sharepoint: [{', '.join(held[SHAREPOINT])}]}}\n"
        f"    certificates:\n      - |\n        {indented}\n"
    )
    return replace(settings, client_id=client_id, credential=Credential(certificate_pem=certificate + write_key(KEY)))


def problems(settings: TenantSettings) -> tuple[int, dict[str, Check]]:
    """The exit code, and every line that is not ok."""
    checks = list(examine(settings))
    return exit_code(checks), {check.name: check for check in checks if check.state is not State.OK}


def test_app_with_what_it_needs_is_well(rehearsal: RunningTenant, settings: TenantSettings) -> None:
    assert problems(register(rehearsal, settings, 1, held=ENOUGH)) == (0, {})


def test_missing_and_needless_permissions_are_named(rehearsal: RunningTenant, settings: TenantSettings) -> None:
    held = {
        SHAREPOINT: ENOUGH[SHAREPOINT],
        MICROSOFT_GRAPH: [name for name in ENOUGH[MICROSOFT_GRAPH] if name != "AuditLog.Read.All"]
        + ["User.Invite.All"],
    }
    code, found = problems(register(rehearsal, settings, 2, held=held))
    assert code == 3
    assert set(found) == {
        "permission Microsoft Graph AuditLog.Read.All", "permissions in excess Microsoft Graph",
    }  # fmt: skip
    assert found["permissions in excess Microsoft Graph"].text == "User.Invite.All"
    assert all(check.remedy for check in found.values())


def test_certificate_about_to_end_is_a_finding(rehearsal: RunningTenant, settings: TenantSettings) -> None:
    code, found = problems(register(rehearsal, settings, 3, held=ENOUGH, days=20))
    assert code == 3
    assert set(found) == {"certificate"}


def test_app_that_may_not_read_sharepoint_cannot_work(rehearsal: RunningTenant, settings: TenantSettings) -> None:
    code, found = problems(register(rehearsal, settings, 4, held={**ENOUGH, SHAREPOINT: []}))
    assert code == 1
    assert {"sign in to SharePoint", "permission SharePoint Sites.FullControl.All"} <= set(found)


def test_unreachable_tenant_leaves_permissions_unknown(settings: TenantSettings) -> None:
    checks = list(examine(replace(settings, address=("127.0.0.1", 9)), sleep=lambda _: None))
    found = {check.name: check for check in checks}
    assert exit_code(checks) == 1
    assert found["sign in to SharePoint"].state is State.UNKNOWN
    assert found["reach graph.microsoft.com"].state is State.PROBLEM
    assert found["clock"].state is State.UNKNOWN
    assert found[f"permission {MICROSOFT_GRAPH} User.Read.All"].state is State.UNKNOWN


@pytest.fixture
def work(tmp_path: Path, rehearsal: RunningTenant, spmigrate: Callable[..., Any]) -> Path:
    """A working folder for the rehearsal tenant."""
    assert spmigrate("init", "work", "--rehearsal", rehearsal.state).code == 0
    return tmp_path / "work"


def test_doctor_prints_a_line_and_a_remedy_for_each_check(work: Path, spmigrate: Callable[..., Any]) -> None:
    done = spmigrate("doctor", cwd=work)
    assert done.code == 3, done.stdout + done.stderr
    for line in ("ok       sign in to SharePoint admin centre", "ok       clock", "ok       ledger folder",
                 "problem  permissions in excess Microsoft Graph"):  # fmt: skip
        assert line in done.stdout
    assert "-> take them away" in done.stdout
    assert not (work / "ledger.db").exists()


def test_doctor_prints_one_document_for_machines(work: Path, spmigrate: Callable[..., Any]) -> None:
    done = spmigrate("doctor", "--json", cwd=work)
    assert done.code == done.json["exit_code"] == 3
    assert done.json["counts"]["unknown"] == 0
    assert {"name", "state", "text", "remedy"} == set(done.json["checks"][0])
    assert "eyJ" not in done.stdout + done.stderr


def test_demo_tenant_gives_the_app_what_it_needs_and_nothing_more(
    tmp_path: Path, spmigrate: Callable[..., Any]
) -> None:
    with serve_tenant(tmp_path / "tenant", seed=DEMO):
        spmigrate("init", "work", "--rehearsal", tmp_path / "tenant")
        done = spmigrate("doctor", "--json", cwd=tmp_path / "work")
    assert [check for check in done.json["checks"] if check["state"] != "ok"] == []
    assert done.code == 0
    checked = {check["name"] for check in done.json["checks"]}
    assert {f"permission {need.api} {need.permission}" for need in ALWAYS} <= checked
    (app,) = yaml.safe_load(DEMO.read_text("utf-8"))["apps"]
    assert {api: set(names) for api, names in app["roles"].items()} == {
        "graph": {*ENOUGH[MICROSOFT_GRAPH], "Group.ReadWrite.All"}, "sharepoint": set(ENOUGH[SHAREPOINT]),
    }, "programmes of the sample council have a Microsoft 365 group"  # fmt: skip


def test_doctor_says_that_the_tenant_is_not_running(tmp_path: Path, spmigrate: Callable[..., Any]) -> None:
    spmigrate("init", "work", "--rehearsal", tmp_path / "gone")
    done = spmigrate("doctor", cwd=tmp_path / "work")
    assert done.code == 1
    assert "spmigrate rehearsal serve" in done.stdout
