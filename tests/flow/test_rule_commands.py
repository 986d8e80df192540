"""Rules and partners from the command line, on the demo's tenant: what is found, what is waived, what is unknown."""

import json
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from spmigrate.store import checks
from spmigrate.store.ledger import Ledger
from tests.conftest import ROOT, Finished
from tests.rehearsal_fixtures import RunningTenant, serve_tenant

Command = Callable[..., Finished]
SEED = ROOT / "spmigrate" / "rehearsal" / "seeds" / "demo.yaml"
TENANT = "contoso.onmicrosoft.com"
GRAPH = ("User.Read.All", "AuditLog.Read.All", "Group.Read.All", "Policy.Read.All", "Sites.Read.All")
SHAREPOINT = ("Sites.FullControl.All",)


def promised(command: str) -> set[tuple[str, str]]:
    """The findings that the head of the seed promises for `rule check` or `partner check`."""
    head = SEED.read_text("utf-8").partition("\ntenant:")[0]
    part = re.split(r"# What `", head)[1:]
    (lines,) = [each for each in part if each.startswith(command)]
    return set(re.findall(r"^#   (\S+)  (\S+(?: \S+)*)  ", lines, re.MULTILINE))


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTenant]:
    with serve_tenant(tmp_path_factory.mktemp("council"), seed=SEED) as running:
        yield running


@pytest.fixture
def work(tmp_path: Path, council: RunningTenant) -> Path:
    """A working folder with the shipped rules, registers and sites."""
    return lay_out(tmp_path / "work", council.state)


def lay_out(folder: Path, tenant: Path) -> Path:
    folder.mkdir()
    for name in ("governance_rules", "site_templates"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "spmigrate.yaml").write_text(f"version: 1\ntenant:\n  rehearsal: '{tenant}'\n", "utf-8")
    return folder


def found(document: dict[str, Any], *, waived: bool = False) -> set[tuple[str, str]]:
    return {
        (each["rule"], each["subject"])
        for each in document["findings"]
        if each["result"] == "fail" and (each["waiver"] is not None) is waived
    }


def waive(spmigrate: Command, work: Path, *more: str) -> Finished:
    until = (datetime.now(UTC) + timedelta(days=180)).date().isoformat()
    return spmigrate(
        "rule", "waive", "TEN-01", TENANT, "--reason", "Public consultations need links for anyone until spring.",
        "--owner", "highways.director", "--approved-by", "information.governance", "--until", until, *more, cwd=work,
    )  # fmt: skip


def test_the_seed_promises_enough() -> None:
    assert len(promised("rule check")) == 12
    assert len(promised("partner check")) == 3


def test_rules_find_what_the_seed_promises_and_none_other(work: Path, spmigrate: Command) -> None:
    checked = spmigrate("rule", "check", "--json", cwd=work)
    assert checked.code == 3, checked.stderr
    assert found(checked.json) == promised("rule check")
    assert (checked.json["open"], checked.json["waived"], checked.json["unknown"]) == (12, 0, 0)
    assert all(each["gap"] is None for each in checked.json["coverage"].values())
    assert all(each["remedy"] for each in checked.json["findings"])


def test_partners_find_what_the_seed_promises_and_none_other(work: Path, spmigrate: Command) -> None:
    checked = spmigrate("partner", "check", "--json", cwd=work)
    assert checked.code == 3, checked.stderr
    assert found(checked.json) == promised("partner check")
    assert checked.json["unknown"] == 0


def test_a_waived_finding_is_shown_apart(work: Path, spmigrate: Command) -> None:
    assert waive(spmigrate, work).code == 0
    checked = spmigrate("rule", "check", "--json", cwd=work)
    assert checked.code == 3
    assert found(checked.json) == promised("rule check") - {("TEN-01", TENANT)}
    assert found(checked.json, waived=True) == {("TEN-01", TENANT)}
    spoken = spmigrate("rule", "check", cwd=work)
    before, after = spoken.stdout.split("WAIVED (1)")
    assert "TEN-01" not in before
    assert "[W-001]" in after
    assert "11 findings, 1 waived, 0 not known." in after


def test_only_what_the_last_check_saw_can_be_waived_and_once(work: Path, spmigrate: Command) -> None:
    assert spmigrate("rule", "check", cwd=work).code == 3
    until = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    form = (
        "--reason", "A second owner starts soon.", "--owner", "highways.director",
        "--approved-by", "information.governance", "--until", until,
    )  # fmt: skip
    done = spmigrate("rule", "waive", "OWN-01", "t-r9s4e", "/sites/nowhere-at-all-1", *form, cwd=work)
    assert done.code == 1
    assert "the last check of OWN-01 did not see 't-r9s4e' (did you mean '/sites/t-r9s4e'?)" in done.stderr
    assert spmigrate("rule", "waive", "OWN-01", "/sites/t-r9s4e", *form, cwd=work).code == 0
    done = spmigrate("rule", "waive", "OWN-01", "/sites/t-r9s4e", *form, cwd=work)
    assert done.code == 1
    assert f"SUBJECT: '/sites/t-r9s4e' is already waived by W-001 until {until}" in done.stderr


def test_sites_made_from_the_shipped_templates_are_clean(tmp_path: Path, spmigrate: Command) -> None:
    with serve_tenant(tmp_path / "tenant", seed=SEED) as running:
        work = lay_out(tmp_path / "work", running.state)
        applied = spmigrate("site", "apply", "--yes", cwd=work)
        assert applied.code == 0, applied.stderr
        checked = spmigrate("rule", "check", "--json", cwd=work)
    assert found(checked.json) == promised("rule check")
    assert checked.json["coverage"]["site"]["seen"] == 13


def test_findings_milder_than_the_threshold_do_not_fail(work: Path, spmigrate: Command) -> None:
    assert spmigrate("partner", "check", "--fail-on", "high", cwd=work).code == 3
    assert spmigrate("partner", "check", "--fail-on", "critical", cwd=work).code == 0


def test_the_run_is_kept_with_its_facts(work: Path, spmigrate: Command) -> None:
    checked = spmigrate("rule", "check", "--json", cwd=work).json
    with Ledger(work / "ledger.db") as ledger:
        sheet = checks.facts(ledger, checked["run"])
        results = checks.results(ledger, checked["run"])
    assert len(results) == sum(checked["results"].values())
    assert {fact.source for fact in sheet.facts} >= {"SPO.Tenant", "SPO.Tenant/sites", "Graph users", "sites.yaml"}


@pytest.fixture
def less(work: Path, council: RunningTenant) -> Callable[[str], None]:
    """Sign in as an app that holds exactly the documented permissions, without one of them."""

    def grant(without: str) -> None:
        ready = json.loads((council.state / "ready.json").read_text("utf-8"))
        pem = (council.state / ready["cert"]).read_text("utf-8")
        app = {
            "client_id": str(uuid.uuid4()), "name": "Governance checks", "certificates": [pem],
            "roles": {
                "graph": [each for each in GRAPH if f"Graph {each}" != without],
                "sharepoint": [each for each in SHAREPOINT if f"SharePoint {each}" != without],
            },
        }  # fmt: skip
        council.seed(json.dumps({"apps": [app]}))
        paths = {name: str((council.state / ready[name]).resolve()) for name in ("cert", "ca")}
        (work / "tenant").mkdir()
        content = json.dumps({**ready, **paths, "client_id": app["client_id"]})
        (work / "tenant" / "ready.json").write_text(content, "utf-8")
        (work / "spmigrate.yaml").write_text("version: 1\ntenant: {rehearsal: tenant}\n", "utf-8")

    return grant


def test_the_documented_permissions_are_enough(less: Callable[[str], None], work: Path, spmigrate: Command) -> None:
    less("nothing")
    checked = spmigrate("rule", "check", "--json", cwd=work)
    assert checked.code == 3, checked.stderr
    assert found(checked.json) == promised("rule check")


@pytest.mark.parametrize(
    ("missing", "command", "hidden"),
    [
        ("SharePoint Sites.FullControl.All", "rule", {"TEN", "SHR", "OWN", "PRM", "LIF", "INF"}),
        ("Graph Sites.Read.All", "rule", set()),
        ("Graph User.Read.All", "rule", {"GST", "OWN"}),
        ("Graph AuditLog.Read.All", "rule", {"GST"}),
        ("Graph Policy.Read.All", "partner", {"FED"}),
    ],
)
def test_what_may_not_be_read_is_unknown_and_never_a_pass(
    missing: str, command: str, hidden: set[str], less: Callable[[str], None], work: Path, spmigrate: Command
) -> None:
    less(missing)
    checked = spmigrate(command, "check", "--json", cwd=work)
    assert checked.code == 5, checked.stderr
    everything = promised(f"{command} check")
    assert found(checked.json) <= everything
    lost = everything - found(checked.json)
    assert {rule[:3] for rule, _ in lost} <= hidden
    unsure = {each["rule"] for each in checked.json["findings"] if each["result"] == "unknown"}
    assert {rule for rule, _ in lost} <= unsure
    assert any(missing in each["message"] for each in checked.json["findings"])


def test_a_misspelt_fact_stops_everything_with_the_place(work: Path, spmigrate: Command) -> None:
    path = work / "governance_rules" / "rules" / "ownership.yaml"
    path.write_text(path.read_text("utf-8").replace("unfit owners: {at most", "unfitt owners: {at most"), "utf-8")
    for command in ("test", "check", "list"):
        done = spmigrate("rule", command, cwd=work)
        assert done.code == 1
        assert re.search(r"ownership\.yaml:\d+:\d+: 'unfitt owners' .*did you mean 'unfit owners'", done.stderr)
        assert "Traceback" not in done.stderr
    assert not (work / "ledger.db").exists()


def test_a_waiver_that_may_not_be_is_refused_and_nothing_is_written(work: Path, spmigrate: Command) -> None:
    before = (work / "governance_rules" / "waivers.yaml").read_text("utf-8")
    done = waive(spmigrate, work, "--approved-by", "highways.director")
    assert done.code == 1
    assert "--approved-by: whoever asks for a waiver cannot approve it" in done.stderr
    done = waive(spmigrate, work, "--reason", "x")
    assert done.code == 1
    assert "--reason: it should have at least 10 characters" in done.stderr
    for until in ("2027-W01-1", "20270104"):
        assert waive(spmigrate, work, "--until", until).code == 2
    assert "Traceback" not in done.stderr
    assert (work / "governance_rules" / "waivers.yaml").read_text("utf-8") == before


def test_lists_and_examples_need_no_tenant(tmp_path: Path, spmigrate: Command) -> None:
    work = lay_out(tmp_path / "work", tmp_path / "nowhere")
    tried = spmigrate("rule", "test", "--json", cwd=work)
    assert (tried.code, tried.json["failures"]) == (0, [])
    assert len(spmigrate("rule", "list", "--json", cwd=work).json["rules"]) == tried.json["rules"]
    assert len(spmigrate("partner", "list", "--json", cwd=work).json["partners"]) == 16
    assert "Fire and Rescue Service E" in spmigrate("partner", "list", cwd=work).stdout


def test_the_example_of_the_readme_is_a_rule_file_as_it_stands(tmp_path: Path, spmigrate: Command) -> None:
    work = lay_out(tmp_path / "work", tmp_path / "nowhere")
    before = spmigrate("rule", "test", "--json", cwd=work).json
    page = (work / "governance_rules" / "README.md").read_text("utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0]
    (work / "governance_rules" / "rules" / "own.yaml").write_text(example, "utf-8")
    tried = spmigrate("rule", "test", "--json", cwd=work)
    assert (tried.code, tried.json["failures"]) == (0, [])
    assert tried.json["rules"] == before["rules"] + 1


def test_a_rule_for_champions_says_what_to_do(tmp_path: Path, spmigrate: Command) -> None:
    told = spmigrate("explain", "NEW-02", cwd=tmp_path).stdout
    assert "Choose a unit of your branch" in told and "file:line:column" not in told


def test_a_rule_is_explained_key_by_key(tmp_path: Path, spmigrate: Command) -> None:
    work = lay_out(tmp_path / "work", tmp_path / "nowhere")
    explained = spmigrate("explain", "ten-01", "--json", cwd=work).json
    assert list(explained) == ["code", "title", "severity", "why", "remedy"]
    (listed,) = [each for each in spmigrate("rule", "list", "--json", cwd=work).json["rules"] if each["id"] == "TEN-01"]
    assert {key: explained[key] for key in ("title", "severity", "why", "remedy")} == {
        key: listed[key] for key in ("title", "severity", "why", "remedy")
    }
    spoken = spmigrate("explain", "TEN-01", cwd=work).stdout.splitlines()
    assert spoken == [f"TEN-01: {listed['title']} (critical)", listed["why"], listed["remedy"]]


def test_an_example_that_fails_is_named_with_its_place(work: Path, spmigrate: Command) -> None:
    path = work / "governance_rules" / "rules" / "ownership.yaml"
    path.write_text(path.read_text("utf-8").replace("- {working owners: 2}", "- {working owners: 1}"), "utf-8")
    tried = spmigrate("rule", "test", cwd=work)
    assert tried.code == 3
    assert re.search(r"ownership\.yaml:\d+:\d+: OWN-01: this example must stay quiet, and the rule fired", tried.stdout)


def test_a_waiver_that_ran_out_hides_nothing_and_is_a_finding(work: Path, spmigrate: Command) -> None:
    assert waive(spmigrate, work).code == 0
    path = work / "governance_rules" / "waivers.yaml"
    text = path.read_text("utf-8")
    text = re.sub(r"^    approved on: .*$", "    approved on: 2025-01-01", text, flags=re.MULTILINE)
    path.write_text(re.sub(r"^    expires: .*$", "    expires: 2025-06-30", text, flags=re.MULTILINE), "utf-8")
    checked = spmigrate("rule", "check", "--json", cwd=work)
    assert checked.code == 3
    assert found(checked.json) == promised("rule check") | {("OPS-03", "W-001")}
    assert checked.json["waived"] == 0


def test_problems_of_all_registers_are_shown_together(work: Path, spmigrate: Command) -> None:
    folder = work / "governance_rules"
    for name, old, new in (
        ("partners.yaml", "domains: [unitary-b.example]", "domains: [district-a.example]"),
        ("sites.yaml", "kind: directorate", "kind: directorat"),
        ("people.yaml", "may: [approve waivers", "may: [aprove waivers"),
        ("waivers.yaml", "waivers: []", "waivers: [{id: 7}]"),
        ("rules/ownership.yaml", "unfit owners: {at", "unfitt owners: {at"),
        ("calendar.yaml", "units: [HRM]", "units: [HRX]"),
        ("training.yaml", "due days: 30", "due dais: 30"),
        ("policy.yaml", "locked by: [Migration lead]", "lockt by: [Migration lead]"),
        ("retention.yaml", "trigger: permanent", "trigger: permanant"),
    ):
        (folder / name).write_text((folder / name).read_text("utf-8").replace(old, new, 1), "utf-8")
    done = spmigrate("rule", "check", cwd=work)
    assert done.code == 1
    assert "district-a.example belongs to more than one partner" in done.stderr
    assert "did you mean 'directorate'?" in done.stderr
    assert "did you mean 'approve waivers'?" in done.stderr
    assert "waivers.yaml" in done.stderr
    assert "did you mean 'unfit owners'?" in done.stderr
    assert "Payroll cut-off: 'HRX' is not in organisation.yaml" in done.stderr
    for meant in ("due days", "locked by", "permanent"):
        assert f"did you mean '{meant}'?" in done.stderr


def test_a_label_that_the_schedule_lacks_is_noted_and_stops_nothing(work: Path, spmigrate: Command) -> None:
    path = work / "governance_rules" / "retention.yaml"
    path.write_text(path.read_text("utf-8").replace("RL-MG02 Superseded+6", "RL-MG02 Replaced+6"), "utf-8")
    done = spmigrate("rule", "check", cwd=work)
    assert done.code in (0, 3)
    assert "note: organisation.yaml has the label 'RL-MG02 Superseded+6', which no rule of retention.yaml has" in (
        done.stderr
    )


def test_classes_and_keep_rules_of_the_lists_are_checked_with_the_registers(work: Path, spmigrate: Command) -> None:
    shutil.copytree(ROOT / "mappings", work / "mappings")
    lists, calendar = work / "mappings" / "lists.yaml", work / "governance_rules" / "calendar.yaml"
    usual = lists.read_text("utf-8")
    calendar.write_text(calendar.read_text("utf-8").replace("classes: [Finance]", "classes: [Finances]", 1), "utf-8")
    done = spmigrate("rule", "check", cwd=work)
    assert done.code == 1
    assert "Year end: 'Finances' is not in lists.yaml" in done.stderr
    lists.write_text(usual.replace("RL-DM01 Permanent", "RL-DM01 Permanente", 1), "utf-8")
    done = spmigrate("rule", "check", cwd=work)
    assert done.code == 1
    assert "'RL-DM01 Permanente' is no label of retention.yaml (did you mean 'RL-DM01 Permanent'?)" in done.stderr
