"""`template` and `site`, as a champion and an engineer run them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.rehearsal_fixtures import RunningTenant

Run = Callable[..., Any]
ROLES = ["highways.director", "highways.maintenance.head", "asset.management.lead", "structures.lead"]
USERS = "users:\n" + "".join(f"  - {{upn: {role}, name: {role}}}\n" for role in [*ROLES, "champion.highways"])


@pytest.fixture
def folder(rehearsal: RunningTenant, tmp_path: Path) -> Callable[[str], Path]:
    """A working folder with the shipped templates; the sites' addresses end in a word of the test's own."""

    def make(word: str) -> Path:
        rehearsal.seed(USERS)
        (tmp_path / "spmigrate.yaml").write_text(f"version: 1\ntenant:\n  rehearsal: '{rehearsal.state}'\n", "utf-8")
        shutil.copytree(ROOT / "site_templates", tmp_path / "site_templates")
        for path in (tmp_path / "site_templates" / "sites").glob("*.yaml"):
            text = path.read_text("utf-8")
            for code in ("h7k2m", "m4q8r", "a3w9c", "s6p2x"):
                text = text.replace(code, word + code[:2])
            path.write_text(text, "utf-8")
        return tmp_path

    return make


def test_templates_are_checked_and_described_without_a_tenant(spmigrate: Run, tmp_path: Path) -> None:
    (tmp_path / "spmigrate.yaml").write_text("version: 1\ntenant: {rehearsal: tenant}\n", "utf-8")
    shutil.copytree(ROOT / "site_templates", tmp_path / "site_templates")
    linted = spmigrate("template", "lint", "--json")
    assert (linted.code, linted.json) == (0, {"templates": 6, "sites": 4, "advice": []})
    schema = spmigrate("template", "schema", "template")
    assert schema.json["properties"]["extends"]["description"] == "The template that this one adds to."

    site = tmp_path / "site_templates" / "sites" / "structures.yaml"
    site.write_text(site.read_text("utf-8").replace("template: Team site", "templat: Team site"), "utf-8")
    wrong = spmigrate("template", "lint")
    assert wrong.code == 1
    assert "structures.yaml:2:1: unknown key 'templat' (did you mean 'template'?)" in wrong.stderr

    site.write_text(site.read_text("utf-8").replace("templat:", "template:").replace(", highways.maintenance.head", ""))
    alone = spmigrate("template", "lint")
    assert alone.code == 1
    assert "'owners' needs 2 entries at least, and has 1" in alone.stderr


def test_sites_are_planned_applied_and_then_need_nothing(spmigrate: Run, folder: Callable[[str], Path]) -> None:
    folder("flow")
    planned = spmigrate("site", "plan")
    assert planned.code == 4
    assert planned.stdout.startswith("Plan for 4 sites: 101 to add, 0 to change, 0 to remove, 0 unchanged.")
    assert planned.stdout.index("/sites/d-flowh7") < planned.stdout.index("/sites/t-flowa3")

    refused = spmigrate("site", "apply")
    assert refused.code == 1
    assert "add --yes" in refused.stderr

    applied = spmigrate("site", "apply", "--yes")
    assert applied.code == 0, applied.stderr
    assert "/sites/d-flowh7 [24/" in applied.stderr
    again = spmigrate("site", "plan", "--json")
    assert (again.code, again.json["changes"], again.json["notes"]) == (0, [], [])
    status = spmigrate("site", "status", "--json")
    assert {row["state"] for row in status.json["sites"]} == {"current"}

    idle = spmigrate("site", "apply")
    assert (idle.code, idle.stdout) == (0, "Nothing to do on 4 sites: 101 unchanged.\n")
    assert spmigrate("site", "status", "--json").json == status.json, "the time of application stays"


def test_a_plan_is_kept_and_applied_as_it_was_shown(spmigrate: Run, folder: Callable[[str], Path]) -> None:
    work = folder("kept")
    planned = spmigrate("site", "plan", "d-kepth7", "--json")
    assert planned.code == 4
    assert planned.json["sites"] == ["/sites/d-kepth7"]
    (work / "plan.json").write_text(planned.stdout, "utf-8")
    applied = spmigrate("site", "apply", "--plan", "plan.json", "--yes", "--json")
    assert applied.code == 0, applied.stderr
    assert applied.json["plan"] == planned.json["plan"]
    assert applied.json["failed"] == []

    again = spmigrate("site", "apply", "--plan", "plan.json")
    assert again.code == 0, again.stderr
    assert again.stdout == f"Already applied.\nNothing to do on 1 site: {len(planned.json['changes'])} unchanged.\n"

    settled = spmigrate("site", "plan", "d-kepth7", "--out", "nothing.json")
    assert (settled.code, "there is nothing to apply" in settled.stderr) == (0, True)

    edited = json.loads(planned.stdout)
    edited["changes"].pop()
    (work / "plan.json").write_text(json.dumps(edited), "utf-8")
    refused = spmigrate("site", "apply", "--plan", "plan.json", "--yes")
    assert refused.code == 1
    assert "was edited after it was made" in refused.stderr


def test_a_template_that_moves_on_shows_in_the_status_and_in_the_plan(
    spmigrate: Run, folder: Callable[[str], Path]
) -> None:
    work = folder("next")
    assert spmigrate("site", "apply", "d-nexth7", "--yes").stdout.endswith("\n1 site applied.\n")
    both = spmigrate("site", "apply", "d-nexth7", "f-nextm4", "--yes")
    assert both.stdout.endswith("\n1 site applied, 1 needed nothing.\n")
    template = work / "site_templates" / "templates" / "directorate.yaml"
    text = template.read_text("utf-8").replace("version: 2", "version: 3").replace("{major: 500}", "{major: 400}")
    template.write_text(text, "utf-8")
    status = spmigrate("site", "status", "--json")
    states = {row["address"]: row["state"] for row in status.json["sites"]}
    assert states["/sites/d-nexth7"] == "template has moved on"
    assert states["/sites/t-nexts6"] == "not applied from here"
    assert "another working folder may have applied a site" in spmigrate("site", "status").stderr
    planned = spmigrate("site", "plan", "d-nexth7")
    assert '~ library "Policies"  versions kept: 500 -> 400' in planned.stdout


def test_wrong_addresses_and_failures_are_told_in_words(spmigrate: Run, folder: Callable[[str], Path]) -> None:
    work = folder("oops")
    unknown = spmigrate("site", "plan", "d-oopsh8")
    assert unknown.code == 2
    assert "did you mean 'd-oopsh7'?" in unknown.stderr
    site = work / "site_templates" / "sites" / "structures.yaml"
    site.write_text(site.read_text("utf-8").replace("structures.lead", "no.such.role"), "utf-8")
    planned = spmigrate("site", "plan", "t-oopss6")
    assert planned.code == 3
    refused = spmigrate("site", "apply", "t-oopss6", "--yes")
    assert refused.code == 1
    assert "nobody in the directory signs in as no.such.role@contoso.onmicrosoft.com" in refused.stderr
    assert "the person's account is missing in Microsoft Entra" in refused.stderr
    assert "/sites/d-oopsh7 is not a hub of the tenant (make it one first:" in refused.stderr
    assert "[1/" not in refused.stderr


def test_a_change_that_the_tenant_refuses_is_told_and_the_next_site_goes_on(
    spmigrate: Run, folder: Callable[[str], Path], rehearsal: RunningTenant
) -> None:
    folder("part")
    rehearsal.fault({"status": 403}, method="POST", path="d-parth7/_api/web/fields/CreateFieldAsXml")
    applied = spmigrate("site", "apply", "d-parth7", "f-partm4", "--yes", "--json")
    assert applied.code == 3, applied.stderr
    assert applied.json["failed"][0]["site"] == "/sites/d-parth7"
    assert applied.json["failed"][0]["change"] == 'column "Business class"'
    assert "/sites/f-partm4 [1/" in applied.stderr
    rehearsal.fault({"status": 403}, method="POST", path="d-parth7/_api/web/fields/CreateFieldAsXml")
    told = spmigrate("site", "apply", "d-parth7", "--yes")
    assert (told.code, "failed; the message beside each says why" in told.stdout) == (3, True)
    assert "run the same command again: it does what is left" in told.stderr
    again = spmigrate("site", "apply", "d-parth7", "f-partm4", "--yes")
    assert again.code == 0, again.stderr


def test_a_plan_is_refused_before_the_question_when_a_site_moved_on(
    spmigrate: Run, folder: Callable[[str], Path]
) -> None:
    work = folder("base")
    planned = spmigrate("site", "plan", "d-baseh7", "--json")
    (work / "plan.json").write_text(planned.stdout, "utf-8")
    site = work / "site_templates" / "sites" / "highways-and-transport.yaml"
    site.write_text(site.read_text("utf-8").replace("title: Highways and Transport", "title: Roads"), "utf-8")
    refused = spmigrate("site", "apply", "--plan", "plan.json")
    assert refused.code == 1
    assert "/sites/d-baseh7 changed since the plan was made" in refused.stderr


def test_what_was_begun_is_shown_without_what_is_done(
    spmigrate: Run, folder: Callable[[str], Path], rehearsal: RunningTenant
) -> None:
    work = folder("half")
    planned = spmigrate("site", "plan", "d-halfh7", "--json")
    (work / "plan.json").write_text(planned.stdout, "utf-8")
    rehearsal.fault({"status": 403}, method="POST", path="d-halfh7/_api/web/fields/CreateFieldAsXml")
    assert spmigrate("site", "apply", "--plan", "plan.json", "--yes").code == 3
    rest = spmigrate("site", "apply", "--plan", "plan.json", "--yes")
    assert rest.code == 0, rest.stderr
    assert rest.stdout.startswith("Some of this plan is applied already; what is left:\nPlan for 1 site: ")
    assert '+ site "Highways' not in rest.stdout
