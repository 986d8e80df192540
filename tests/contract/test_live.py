"""The seam to a real tenant: which tests cross it, what they need, and that nothing of them stays."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from spmigrate.tenant.session import Tenant
from tests.conftest import ROOT
from tests.contract.scratch import LIVE, LIVE_OWNER
from tests.rehearsal_fixtures import RunningTenant


def run_pytest(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


def collected(*arguments: str, **environment: str) -> tuple[set[str], int]:
    """The tests that would run, and how many would not."""
    done = run_pytest("--collect-only", "tests/contract", *arguments, **environment)
    assert done.returncode == 0, done.stdout
    left_out = re.search(r"\((\d+) deselected\)", done.stdout)
    return {line for line in done.stdout.splitlines() if "::" in line}, int(left_out[1]) if left_out else 0


def test_live_tests_are_those_of_the_default_run_and_nothing_else_is_left_out_of_it() -> None:
    named = {LIVE: "spmigrate.yaml", LIVE_OWNER: "somebody@council.example"}
    live, _ = collected("-m", "live", **named)
    default, left_out = collected()
    assert {name.partition("::")[0].rpartition("/")[2] for name in live} == {
        "test_csom.py", "test_facts.py", "test_files.py", "test_scanned_site.py", "test_session.py",
        "test_site_creation.py", "test_site_links.py", "test_sites.py",
    }  # fmt: skip
    long, _ = collected("-m", "long")
    assert left_out == len(live) + len(long)
    assert {name.replace("live", "rehearsal") for name in live} <= default


def test_live_tests_say_in_a_line_what_they_need() -> None:
    done = run_pytest("-m", "live", "tests/contract/test_sites.py")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    said = [line for line in done.stdout.splitlines() if LIVE in line]
    assert len(said) == 1, done.stdout
    assert f"need {LIVE} and {LIVE_OWNER} in the environment: see tests/README.md" in said[0]


def test_live_tests_run_on_the_tenant_that_is_named_and_leave_nothing_there(
    tenant: Tenant, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    def addresses() -> list[str]:
        listed = tenant.graph_pages("/v1.0/sites?search=*")
        return sorted(site["webUrl"] for site in listed)

    (tmp_path / "spmigrate.yaml").write_text(f"version: 1\ntenant:\n  rehearsal: '{rehearsal.state}'\n", "utf-8")
    before, mark = addresses(), rehearsal.mark()
    done = run_pytest(
        "-m", "live", "tests/contract/test_session.py", "tests/contract/test_facts.py", "tests/contract/test_sites.py",
        "-k", "certificate or every_fact or applying_and_planning",
        SPMIGRATE_LIVE=str(tmp_path / "spmigrate.yaml"), SPMIGRATE_LIVE_OWNER="migration.lead@contoso.onmicrosoft.com",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
    assert any(each["path"].endswith("SPSiteManager/create") for each in rehearsal.requests(mark))
    assert addresses() == before
    deleted = tenant.rest("GET", f"{tenant.settings.admin}/_api/SPO.Tenant/GetDeletedSitePropertiesFromSharePoint")
    assert [each for each in deleted["value"] if "law1" in str(each)] == []
