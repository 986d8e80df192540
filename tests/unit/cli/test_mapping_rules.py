"""What the commands of `mapping` go by: the registers of the working folder, read once and by one rule."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from spmigrate.cli import mapping_choices, mapping_rules, view
from spmigrate.federate import partners, standing
from spmigrate.store import clock
from tests.conftest import ROOT
from tests.registers import write_registers


@pytest.fixture
def session(tmp_path: Path) -> view.Session:
    """The sample council's working folder."""
    for name in ("site_templates", "mappings"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "spmigrate.yaml").write_text("version: 1\ntenant:\n  rehearsal: tenant\n")
    write_registers(tmp_path / "governance_rules")
    return view.Session(config=tmp_path / "spmigrate.yaml")


@pytest.mark.parametrize("change", [("state: live", "state: suspended"), ("link: allow", "link: deny"), ("", "")])
def test_lint_and_gate_never_disagree_on_a_partner(session: view.Session, change: tuple[str, str]) -> None:
    file = session.place.governance_rules / partners.FILE
    file.write_text(file.read_text().replace(*change))
    offered = {each.id: each.reason for each in mapping_choices.choices(session).partners}
    judged = {each.id: each.trouble for each in mapping_rules.rulebook(session).partners}
    assert offered == judged and len(judged) > 3
    assert any(judged.values()), "some of the sample's partners cannot be shared with"


def test_whether_a_partner_may_be_shared_with_is_said_by_its_standing_alone(
    session: view.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = partners.read(session.place.governance_rules, people=None)
    for each in register.partners:
        found = standing.standing(each, date(2026, 6, 1))
        assert found.usable == (not found.reason)
    monkeypatch.setattr(standing, "_reasons", lambda _partner, _on: iter(["closed for good"]))
    assert {each.trouble for each in mapping_rules.rulebook(session).partners} == {"closed for good"}
    assert {each.reason for each in mapping_choices.choices(session).partners} == {"closed for good"}


@pytest.mark.parametrize("percent", [2, 10])
def test_the_policys_share_of_new_files_reaches_lint_and_gate(session: view.Session, percent: int) -> None:
    file = session.place.governance_rules / "policy.yaml"
    text = file.read_text()
    assert "growth percent: 5" in text
    file.write_text(text.replace("growth percent: 5", f"growth percent: {percent}"))
    assert mapping_choices.choices(session).growth_percent == percent
    assert mapping_rules.rulebook(session).policy.growth_percent == percent


def test_an_agreement_that_ends_at_midnight_counts_for_a_wave_that_runs_through_it(
    session: view.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = min(
        each.agreement.expires for each in partners.read(session.place.governance_rules, people=None).partners
        if each.agreement and standing.standing(each, each.agreement.expires).usable
    )  # fmt: skip
    rules = mapping_rules.gatekeeper(session).rules
    troubles = []
    for on in (ends, ends + timedelta(days=1)):
        monkeypatch.setattr(clock, "now", lambda on=on: f"{on.isoformat()}T00:00:01.000000Z")
        troubles.append({each.id for each in rules().partners if each.trouble})
    assert troubles[0] < troubles[1]
