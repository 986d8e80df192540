"""Term sets and themes that the organisation writes out: made before the first site, and nothing taken away."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from spmigrate.errors import Refused
from spmigrate.plan import change, describe
from spmigrate.plan.change import WHOLE_TENANT
from spmigrate.provision import tenant_wide, undo
from spmigrate.provision.lint import review
from spmigrate.provision.provisioning import apply_sites, plan_sites
from spmigrate.provision.resolve import resolve
from spmigrate.store import site_runs
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import term_store, themes
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import lookups
from tests.rehearsal_fixtures import RunningTenant

TERMS = ("Highways", "Highways > Bridges", "Highways > Bridges > Arches", "Waste", "Waste > Bridges")


@pytest.fixture
def path() -> str:
    """A term set in a group that nobody has made."""
    return f"Council {uuid4()}/Functions"


def test_a_term_set_is_made_with_its_group_and_terms(tenant: Tenant, path: str) -> None:
    assert term_store.present(tenant, {path: TERMS}) == {}
    for _ in range(2):
        term_store.ensure(tenant, path, TERMS)
        assert term_store.present(tenant, {path: (*TERMS, "Parks", "Waste > Arches")}) == {path: TERMS}


def test_what_is_missing_is_added_and_what_is_there_stays(tenant: Tenant, path: str) -> None:
    term_store.ensure(tenant, path, ("Parks", "HIGHWAYS"))
    term_store.ensure(tenant, path.upper(), TERMS)
    found = term_store.present(tenant, {path: ("Parks", *TERMS)})
    assert found == {path: ("Parks", *TERMS)}
    assert tenant_wide.compare(tenant_wide.Shared({path: TERMS}), found, ()).changes == ()


def test_a_theme_is_added_once_and_one_that_is_there_stays_as_it_is(tenant: Tenant) -> None:
    name = f"Council {uuid4()}"
    assert themes.present(tenant, [name]) == frozenset()
    for primary in ("#123456", "#ff0000"):
        themes.ensure(tenant, name, {"themePrimary": primary, "white": "#ffffff"})
        assert themes.present(tenant, [name, "Nobody's"]) == {name}
    assert "#123456" in lookups.theme_palettes(tenant)[name]


def test_a_theme_whose_answer_was_lost_is_added_once(tenant: Tenant, rehearsal: RunningTenant) -> None:
    name = f"Council {uuid4()}"
    rehearsal.fault({"reset": "after"}, method="POST", path="AddTenantTheme")
    themes.ensure(tenant, name, {"themePrimary": "#123456", "white": "#ffffff"})
    assert rehearsal.faults_left() == 0
    options = tenant.rest("GET", f"{tenant.settings.admin}/_api/ThemeManager/GetTenantThemingOptions")
    assert [each["name"] for each in options["themePreviews"]].count(name) == 1


def test_a_theme_that_is_not_kept_is_told(tenant: Tenant, rehearsal: RunningTenant) -> None:
    rehearsal.fault({"status": 200}, method="POST", path="AddTenantTheme")
    with pytest.raises(Refused, match="did not add the theme") as caught:
        themes.ensure(tenant, "Lost", {"themePrimary": "#00703c"})
    assert "Add-SPOTheme" in str(caught.value.hint)


def test_stopped_half_way_it_goes_on(tenant: Tenant, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, left = tenant.graph, 4

    def counted(method: str, *rest: object, **more: object) -> object:
        nonlocal left
        left -= method == "POST"
        if left == 0:
            raise KeyboardInterrupt
        return graph(method, *rest, **more)  # type: ignore[arg-type]  # whatever was asked

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(tenant, "graph", counted)
        term_store.ensure(tenant, path, TERMS)
    term_store.ensure(tenant, path, TERMS)
    assert term_store.present(tenant, {path: TERMS}) == {path: TERMS}


def lay_out(folder: Path, path: str) -> Path:
    """A site with a column that uses the term set."""
    for name, text in {
        "organisation.yaml": f"""organisation: Sample County Council
version: 1
people domain: contoso.onmicrosoft.com
site columns: [{{name: Function, type: Managed metadata, term set: "{path}"}}]
term sets: [{{name: "{path}", terms: [Waste, {{name: Highways, terms: [Bridges]}}]}}]
themes: [{{name: "{path[:40]}", palette: {{themePrimary: "#00703c", themeDark: "#002d18", white: "#ffffff"}}}}]
""",
        "templates/team.yaml": f"""template: Team site
version: 1
kind: Team
site: {{type: Team site without group, title: Terms}}
permissions: {{owners: [migration.lead, service.desk]}}
site columns: [Function]
look: {{theme: "{path[:40]}"}}
""",
        "sites/team.yaml": "address: /sites/t-terms\ntemplate: Team site\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def test_what_a_site_rests_on_is_added_before_it_and_shown_in_its_plan(
    tenant: Tenant, path: str, tmp_path: Path
) -> None:
    desired = resolve(review(lay_out(tmp_path / "sites", path)).catalogue)
    planned = plan_sites(tenant, desired, watch=lambda _: None)
    first, terms = planned.plan.changes[0], ("Waste", "Highways", "Highways > Bridges")
    assert (first.site, first.kind, first.label, first.after) == (WHOLE_TENANT, Kind.TERM_SET, path, {"terms": terms})
    theme = planned.plan.changes[1]
    assert (theme.site, theme.kind, theme.label) == (WHOLE_TENANT, Kind.THEME, path[:40])
    assert theme.after == {"colours": ("themePrimary #00703c", "themeDark #002d18", "white #ffffff")}
    assert (planned.obstacles, list(planned.plan.sites)) == ((), [WHOLE_TENANT, "/sites/t-terms"])
    text = "\n".join(describe.lines(planned.plan, details=True))
    for said in (
        "Plan for 1 site:",
        "needs: Term store administrator",
        "cannot be undone: the term set stays",
        "the theme stays: other sites may have it",
    ):
        assert said in text
    kept = change.load(json.dumps(describe.document(planned.plan)), "plan.json")
    with Ledger(tmp_path / "ledger.db") as ledger:
        run = site_runs.begin(ledger, "site apply", kept.id)
        steps = list(apply_sites(tenant, ledger, desired, planned, kept, number=run))
        assert [str(step) for step in steps if step.trouble or not step.change] == []  # type: ignore[union-attr]
        assert plan_sites(tenant, desired, watch=lambda _: None, ledger=ledger).plan.changes == ()
        lost = {each.site: each.why for each in undo.plan_undo(tenant, undo.changes_of(ledger, run)).lost}
    assert "documents and other sites may carry it" in lost[WHOLE_TENANT]
    assert term_store.present(tenant, {path: terms}) == {path: terms}
