"""Runs over sites: killed at any point of the journal, side by side, drifting, taken back, refused in time."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from spmigrate.plan import apply as applying
from spmigrate.plan.change import Action, Plan
from spmigrate.provision import drift, undo
from spmigrate.provision.lint import review
from spmigrate.provision.provisioning import Planned, Trouble, apply_site, apply_sites, plan_sites
from spmigrate.provision.resolve import DesiredSite, resolve
from spmigrate.store import site_runs, sites
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.reading import read
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.site_samples import SMALL, SMALL_ORGANISATION, apply_all, write_sites
from tests.rehearsal_fixtures import RunningTenant


class Killed(BaseException):
    """The run was killed: nothing catches it."""


@pytest.fixture
def tenant(shared_tenant: Tenant) -> Tenant:
    return shared_tenant


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def small(folder: Path, address: str, **changed: str) -> list[DesiredSite]:
    template = SMALL
    for old, new in changed.items():
        template = template.replace(old, new)
    return write_sites(folder, address, template=template, organisation=SMALL_ORGANISATION)


@contextmanager
def killed_at(point: int) -> Iterator[None]:
    """Die at the n-th line of the journal: the odd ones before it is written, the even ones after."""
    journal, calls = sites.journal, 0

    def counted(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == point:
            raise Killed
        journal(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(applying.sites, "journal", counted)
        yield


def run(tenant: Tenant, ledger: Ledger, site: DesiredSite, plan: Plan) -> bool:
    """Apply; whether the run was killed."""
    try:
        steps = list(apply_site(tenant, ledger, site, plan, sleep=time.sleep, number=1))
    except Killed:
        return True
    assert [step.trouble for step in steps if step.trouble] == []
    return False


def known(ledger: Ledger, tenant: Tenant, address: str) -> tuple[Any, Any]:
    """What is recorded of a site and what it holds, without what differs between two sites."""
    found = read(tenant, address, {}, None)
    assert found is not None
    held = {
        (kind.value, key): {name: value for name, value in part.attributes.items() if name not in ("id", "items")}
        for (kind, key), part in found.parts.items()
    }
    texts = [json.dumps([[*place, parts[place]] for place in sorted(parts)], default=str).replace(address, "(site)")
             for parts in (sites.parts(ledger, address), held)]  # fmt: skip
    return texts[0], texts[1]


def test_killed_at_any_point_of_the_journal_and_run_again_equals_never_killed(
    tenant: Tenant, ledger: Ledger, tmp_path: Path
) -> None:
    site_runs.begin(ledger, "site apply", "p")
    whole: Any = None
    for point in range(60):
        (site,) = small(tmp_path, f"/sites/t-journal{point}")
        plan = plan_sites(tenant, [site], watch=lambda _: None, ledger=ledger).plan
        with killed_at(point):
            killed = run(tenant, ledger, site, plan)
        assert not run(tenant, ledger, site, plan)
        whole = whole or known(ledger, tenant, site.address)
        assert known(ledger, tenant, site.address) == whole, f"killed at line {point} of the journal"
        if point and not killed:
            break
    assert 15 < point < 59


def apply_as_run(
    tenant: Tenant, ledger: Ledger, desired: list[DesiredSite], *, workers: int = 1
) -> tuple[int, Planned, list[object]]:
    """Apply as one numbered run: its number, what was planned, and what was told."""
    planned = plan_sites(tenant, desired, watch=lambda _: None, ledger=ledger)
    number = site_runs.begin(ledger, "site apply", planned.plan.id)
    events = list(apply_sites(tenant, ledger, desired, planned, planned.plan, workers=workers, number=number))
    return number, planned, events


def troubles(events: list[object]) -> list[str]:
    return [each.text if isinstance(each, Trouble) else each.trouble  # type: ignore[attr-defined]
            for each in events if isinstance(each, Trouble) or each.trouble]  # type: ignore[attr-defined]  # fmt: skip


def test_sites_are_applied_side_by_side_after_their_hub(tenant: Tenant, ledger: Ledger, tmp_path: Path) -> None:
    write_sites(tmp_path, "/sites/t-side0", hub="/sites/d-side", template=SMALL, organisation=SMALL_ORGANISATION)
    for n in range(1, 4):
        text = f"address: /sites/t-side{n}\ntemplate: Team site\nanswers: {{title: The team, hub: /sites/d-side}}\n"
        (tmp_path / f"sites/site{n}.yaml").write_text(text)
    desired = resolve(review(tmp_path).catalogue)
    _, planned, events = apply_as_run(tenant, ledger, desired, workers=4)
    assert troubles(events) == []
    order = [event.change.site for event in events]  # type: ignore[attr-defined]
    hub_steps = order.count("/sites/d-side")
    assert set(order[:hub_steps]) == {"/sites/d-side"}
    assert len(order) == len(planned.plan.changes)
    again = plan_sites(tenant, desired, watch=lambda _: None, ledger=ledger)
    assert (again.plan.changes, again.obstacles) == ((), ())
    assert {each.version for each in sites.applied(ledger).values()} == {1}


def test_one_site_that_fails_stops_no_other(
    tenant: Tenant, ledger: Ledger, tmp_path: Path, rehearsal: RunningTenant
) -> None:
    small(tmp_path, "/sites/t-one")
    (tmp_path / "sites/two.yaml").write_text("address: /sites/t-two\ntemplate: Team site\nanswers: {title: Two}\n")
    desired = resolve(review(tmp_path).catalogue)
    rehearsal.fault({"status": 403}, method="POST", path="t-one/_api/web/fields")
    number, _, events = apply_as_run(tenant, ledger, desired, workers=2)
    assert len(troubles(events)) == 1
    assert set(sites.applied(ledger)) == {"/sites/t-two"}
    assert set(site_runs.taken(ledger, number)) == {"/sites/t-one", "/sites/t-two"}


def test_a_run_is_taken_back_as_far_as_that_goes(tenant: Tenant, ledger: Ledger, tmp_path: Path) -> None:
    desired = small(tmp_path, "/sites/t-undo")
    first, _, _ = apply_as_run(tenant, ledger, desired)
    before = read(tenant, "/sites/t-undo", {}, None)
    grown = {"version: 1": "version: 2", "{major: 50}": "{major: 70}", "Existing guests": "New and existing guests",
             "links: [": "links: [{title: Rota, to: https://rota.example/}, "}  # fmt: skip
    second, _, events = apply_as_run(tenant, ledger, small(tmp_path, "/sites/t-undo", **grown))
    assert troubles(events) == []
    undoing = undo.plan_undo(tenant, undo.changes_of(ledger, second))
    assert undoing.lost == ()
    third = site_runs.begin(ledger, "undo", undoing.plan.id)
    done = list(undo.undo_sites(tenant, ledger, undoing, run=third, undone=second, workers=1))
    assert troubles(list(done)) == []
    after = read(tenant, "/sites/t-undo", {}, None)
    assert before is not None and after is not None
    assert after.parts == before.parts
    assert sites.applied(ledger)["/sites/t-undo"].version == 1
    (site,) = small(tmp_path, "/sites/t-undo")
    assert plan_sites(tenant, [site], watch=lambda _: None, ledger=ledger).plan.changes == ()
    all_back = undo.plan_undo(tenant, undo.changes_of(ledger, first))
    assert any("never deleted" in each.why for each in all_back.lost)
    assert all(change.action is not Action.REMOVE or change.kind != "site" for change in all_back.plan.changes)


def test_drift_tells_what_people_changed_from_what_the_template_moved(
    tenant: Tenant, ledger: Ledger, tmp_path: Path
) -> None:
    apply_all(tenant, ledger, small(tmp_path, "/sites/t-driftruns"))
    writer = SiteWriter(tenant, "/sites/t-driftruns")
    writer.put(Kind.SITE, "", {"description": "Ours now", "title": "The best team"})
    (site,) = small(tmp_path, "/sites/t-driftruns", **{"{major: 50}": "{major: 70}"})
    plan = plan_sites(tenant, [site], watch=lambda _: None, ledger=ledger).plan
    found = drift.drifts(plan)
    assert [(each.attribute, each.present) for each in found if each.counts] == [("title", "The best team")]
    assert [each.mover for each in found if each.attribute == "versions kept"] == ["template"]
    assert ["Ours now" in each.text for each in found if each.owner == "site owners"] == [True]


def test_missing_rights_are_found_before_the_first_change(
    tenant: Tenant, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spmigrate.provision import preflight

    monkeypatch.setattr(preflight.permissions, "roles", lambda _token: frozenset({"User.Read.All"}))
    (site,) = small(tmp_path, "/sites/t-rights")
    planned = plan_sites(tenant, [site], watch=lambda _: None, ledger=ledger)
    assert [each.where for each in planned.obstacles] == ["SharePoint"]
    assert "Sites.FullControl.All" in (planned.obstacles[0].hint or "")


def test_a_locked_site_is_an_obstacle_unless_it_is_unlocked(
    tenant: Tenant, ledger: Ledger, tmp_path: Path, rehearsal: RunningTenant
) -> None:
    apply_all(tenant, ledger, small(tmp_path, "/sites/t-locked"))
    SiteWriter(tenant, "/sites/t-locked").put(Kind.LOCK, "", {"state": "Read only"})
    (site,) = small(tmp_path, "/sites/t-locked", **{"{major: 50}": "{major: 70}"})
    planned = plan_sites(tenant, [site], watch=lambda _: None, ledger=ledger)
    assert [each.text for each in planned.obstacles] == ["the site is locked (Read only)"]
    opened = {"{major: 50}": "{major: 70}", 'title: "{title}"}': 'title: "{title}", lock: Unlocked}'}
    (site,) = small(tmp_path, "/sites/t-locked", **opened)
    planned = plan_sites(tenant, [site], watch=lambda _: None, ledger=ledger)
    assert (planned.obstacles, planned.plan.changes[0].kind) == ((), "lock")
    assert troubles(apply_as_run(tenant, ledger, [site])[2]) == []
    assert plan_sites(tenant, [site], watch=lambda _: None, ledger=ledger).plan.changes == ()
