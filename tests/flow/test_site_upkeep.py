"""Sites over the years, as a scheduled job and an engineer keep them: drift, undo, moves, rollouts, kept plans."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spmigrate.tenant.contents import Kind
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.site_samples import SMALL_ORGANISATION
from tests.rehearsal_fixtures import RunningTenant
from tests.tenant_tree import session

Run = Callable[..., Any]

TEMPLATE = """\
template: Team site
version: 1
kind: Team
parameters: [{name: title, ask: What is it called?}, {name: hub, ask: Which hub?, answer: Site}]
site: {type: Team site without group, title: "{title}", description: For the team.}
sharing: {external sharing: Existing guests}
permissions: {owners: [migration.lead, service.desk]}
libraries:
  - name: Case papers
    versions: {major: 50}
    content types: [Council policy]
quick launch: {links: [{title: Case papers, to: library/Case papers}]}
hub: {member of: "{hub}"}
"""
HUB = """\
template: Hub site
version: 1
kind: Directorate
site: {type: Communication site, title: The hub}
permissions: {owners: [migration.lead, service.desk]}
hub: {is a hub: yes}
"""


@pytest.fixture
def council(rehearsal: RunningTenant, tmp_path: Path) -> Callable[..., Path]:
    """A working folder with two hubs and some teams; addresses end in a word of the test's own."""

    def make(word: str, teams: int = 1) -> Path:
        (tmp_path / "spmigrate.yaml").write_text(f"version: 1\ntenant:\n  rehearsal: '{rehearsal.state}'\n", "utf-8")
        files = {"organisation.yaml": SMALL_ORGANISATION, "templates/team.yaml": TEMPLATE, "templates/hub.yaml": HUB}
        for n in (1, 2):
            files[f"sites/hub{n}.yaml"] = f"address: /sites/d-{word}{n}\ntemplate: Hub site\n"
        for n in range(1, teams + 1):
            files[f"sites/team{n}.yaml"] = (
                f"# team {n}\naddress: /sites/t-{word}{n}\ntemplate: Team site\nanswers:\n  title: Team {n}\n"
                f"  hub: /sites/d-{word}1   # until April\n"
            )
        for name, text in files.items():
            path = tmp_path / "site_templates" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path

    return make


def edit(work: Path, address: str, kind: Kind, key: str, **after: Any) -> None:
    """Change something on a site as people do."""
    with session(work) as tenant:
        SiteWriter(tenant, address).put(kind, key, {name.replace("_", " "): value for name, value in after.items()})


def upgrade(work: Path, **changed: str) -> None:
    path = work / "site_templates/templates/team.yaml"
    text = path.read_text("utf-8").replace("version: 1", "version: 2")
    for old, new in changed.items():
        text = text.replace(old.replace("_", " "), new)
    path.write_text(text, "utf-8")


def test_a_plan_in_a_file_is_applied_shown_by_roles_and_undone(spmigrate: Run, council: Callable[..., Path]) -> None:
    work = council("file")
    planned = spmigrate("site", "plan", "--all", "--details", "--out", "plan.json")
    assert planned.code == 4, planned.stderr
    assert "needs: SharePoint Administrator" in planned.stdout
    assert "cannot be undone: a site is never deleted from here" in planned.stdout
    kept = json.loads((work / "plan.json").read_text("utf-8"))
    assert kept["changes"][0]["needs"] == "SharePoint Administrator"
    applied = spmigrate("site", "apply", "plan.json", "--yes")
    assert applied.code == 0, applied.stderr
    assert "take it back with: spmigrate site apply --undo 1" in applied.stderr

    upgrade(work, **{"{major:_50}": "{major: 80}"})
    second = spmigrate("site", "apply", "--template", "Team site", "--yes", "--json")
    assert (second.code, second.json["run"], second.json["changes"]) == (0, 2, 1)
    undone = spmigrate("site", "apply", "--undo", "2", "--yes")
    assert undone.code == 0, undone.stderr
    assert '~ library "Case papers"  versions kept: 80 -> 50' in undone.stdout
    assert "versions kept: 50 -> 80  (the template moved)" in spmigrate("site", "plan").stdout
    assert spmigrate("site", "apply", "--undo", "2").stdout.startswith("Nothing of run 2 is left to take back.")
    stays = spmigrate("site", "apply", "--undo", "1", "--yes", "--json")
    assert stays.code == 3
    assert any("never deleted" in each["why"] for each in stays.json["stays"])
    unknown = spmigrate("site", "apply", "--undo", "99")
    assert unknown.code == 1 and "there is no such run (the last runs are 4 (" in unknown.stderr


def test_a_scheduled_job_learns_of_drift_by_exit_code(
    spmigrate: Run, council: Callable[..., Path], rehearsal: RunningTenant
) -> None:
    work = council("job")
    assert spmigrate("site", "drift").code == 0, "nothing was ever applied"
    assert spmigrate("site", "apply", "--yes").code == 0
    clean = spmigrate("site", "drift", "--all", "--json")
    assert (clean.code, clean.json["sites"], clean.json["differences"]) == (0, 3, [])
    edit(work, "/sites/t-job1", Kind.SITE, "", description="Ours now")
    assert spmigrate("site", "drift").code == 0, "what site owners own is theirs"
    edit(work, "/sites/t-job1", Kind.LIBRARY, "casepapers", versions_kept=5)
    found = spmigrate("site", "drift")
    assert found.code == 3
    assert found.stdout.startswith("1 site of 3 drifted: 1 difference in what the template owns.\n")
    assert '~ /sites/t-job1  library "Case papers"  versions kept: 5, the template says 50' in found.stdout
    assert (
        '= /sites/t-job1  site "Team 1": description is Ours now, the template began with For the team.' in found.stdout
    )
    rehearsal.fault({"status": 403}, method="POST", path="d-job1/_api/.batch")
    blind = spmigrate("site", "drift", "--json")
    assert blind.code == 5
    assert list(blind.json["unread"]) == ["/sites/d-job1"]


def test_a_site_moves_to_another_hub_by_its_file(spmigrate: Run, council: Callable[..., Path]) -> None:
    work = council("move", teams=2)
    assert spmigrate("site", "apply", "--yes", "--workers", "2").code == 0
    file = work / "site_templates/sites/team1.yaml"
    before = file.read_text("utf-8")
    wrong = spmigrate("site", "move", "t-move1", "--to-hub", "t-move2", "--yes")
    assert wrong.code == 2 and "hubs are /sites/d-move1, /sites/d-move2" in wrong.stderr
    asked = spmigrate("site", "move", "t-move1", "--to-hub", "d-move2")
    assert asked.code == 1 and file.read_text("utf-8") == before
    moved = spmigrate("site", "move", "t-move1", "--to-hub", "d-move2", "--successor-area", "North", "--yes")
    assert moved.code == 4, moved.stderr
    assert "~ member of hub  hub: /sites/d-move1 -> /sites/d-move2" in moved.stdout
    assert file.read_text("utf-8") == before.replace("d-move1", "d-move2") + "successor area: North\n"
    assert spmigrate("site", "apply", "t-move1", "--yes").code == 0
    assert spmigrate("site", "plan").code == 0
    back = spmigrate("site", "move", "--area", "north", "--to-hub", "/sites/d-move1", "--yes", "--json")
    assert (back.code, [each["site"] for each in back.json["files"]]) == (4, ["/sites/t-move1"])
    assert spmigrate("site", "move", "--area", "South", "--to-hub", "d-move1").code == 2


def test_a_rollout_goes_by_stages_halts_resumes_and_never_overwrites_owners(
    spmigrate: Run, council: Callable[..., Path], rehearsal: RunningTenant
) -> None:
    work = council("roll", teams=5)
    assert spmigrate("site", "apply", "--yes", "--workers", "4").code == 0
    edit(work, "/sites/t-roll2", Kind.SITE, "", description="Ours now")
    upgrade(work, **{"{major:_50}": "{major: 80}", "For_the_team.": "For all of the team."})
    status = spmigrate("site", "status", "--json").json["templates"]
    assert [(each["template"], each["current"], each["behind"]) for each in status] == [
        ("Hub site", 2, 0), ("Team site", 0, 5),
    ]  # fmt: skip
    options = ("--lab", "t-roll4", "--canary", "1", "--wave", "2", "--yes")
    rehearsal.fault({"status": 403}, method="POST", path="t-roll1/_api/web/GetList")
    halted = spmigrate("site", "rollout", "Team site", *options)
    assert halted.code == 3, halted.stderr
    assert "Halted: canary: 1 of 1 sites failed" in halted.stdout
    report = spmigrate("site", "rollout", "Team site", "--report", "--json").json
    assert [(each["site"][-1], each["stage"], each["outcome"]) for each in report["sites"]] == [
        ("4", "lab", "upgraded"), ("1", "canary", "failed"), ("2", "wave 1", "waiting"), ("3", "wave 1", "waiting"),
        ("5", "wave 2", "waiting"),
    ]  # fmt: skip
    assert report["state"] == "halted"
    done = spmigrate("site", "rollout", "Team site", *options, "--json")
    assert done.code == 3, "a conflict is to be looked at"
    assert (done.json["state"], done.json["counts"]) == ("finished", {"upgraded": 5})
    assert list(done.json["conflicts"]) == ["/sites/t-roll2"]
    assert "Ours now" in done.json["conflicts"]["/sites/t-roll2"][0]
    plan = spmigrate("site", "plan", "--json")
    assert (plan.code, plan.json["changes"]) == (0, [])
    assert [each["sort"] for each in plan.json["notes"]] == ["kept"]
    assert spmigrate("site", "status").stdout.endswith("7 of 7 sites are on the current version of their template.\n")


def test_what_makes_no_sense_together_is_refused(spmigrate: Run, council: Callable[..., Path]) -> None:
    council("odd")
    for arguments, said in (
        (("plan", "t-odd1", "--all"), "exclude each other"),
        (("plan", "--template", "Team"), "did you mean 'Team site'?"),
        (("apply", "--undo", "1", "t-odd1"), "--undo takes a run"),
        (("move", "t-odd1"), "say where the sites go"),
        (("move", "--to-hub", "d-odd1"), "name the sites"),
        (("rollout", "Team site", "--lab", "d-odd1"), "does not stand on Team site"),
        (("rollout", "Team site", "--report"), "never rolled out"),
    ):
        done = spmigrate("site", *arguments)
        assert (done.code, said in done.stderr) == (2, True), done.stderr


def test_an_existing_site_is_exported_and_taken_over(spmigrate: Run, council: Callable[..., Path]) -> None:
    work = council("from")
    assert spmigrate("site", "apply", "--yes").code == 0
    printed = spmigrate("site", "export", "https://contoso.sharepoint.com/sites/t-from1")
    assert printed.code in (0, 3), printed.stderr
    assert "template: Site t-from1" in printed.stdout and "title: Team 1" in printed.stdout
    (work / "site_templates/sites/team1.yaml").unlink()
    kept = spmigrate("site", "export", "t-from1", "--template", "One team", "--out", "site_templates", "--json")
    assert kept.json["changes"] == []
    assert (work / "site_templates/templates/t-from1.yaml").read_text("utf-8").startswith("template: One team\n")
    planned = spmigrate("site", "plan", "--json")
    assert (planned.code, planned.json["changes"]) == (0, []), planned.stdout
    assert "/sites/t-from1" in planned.json["sites"]
    again = spmigrate("site", "export", "t-from1", "--out", "site_templates")
    assert again.code == 1 and "is there already" in again.stderr
    taken = spmigrate("site", "export", "t-from1", "--template", "One team")
    assert taken.code == 2 and "there is a template 'One team' already" in taken.stderr
    assert "there is no such site" in spmigrate("site", "export", "t-nowhere").stderr
