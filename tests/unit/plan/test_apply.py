"""Applying: journalled before and after, stopped by what the tenant refuses, never on a moved base."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.errors import AuthError, Refused, StalePlan
from spmigrate.plan import apply
from spmigrate.plan.change import Action, Change, Plan
from spmigrate.store import sites
from spmigrate.store.ledger import Ledger

TITLE = Change("/sites/a", Action.UPDATE, "site", "", "", {"title": "A"}, {"title": "B"})
LINK = Change("/sites/a", Action.CREATE, "link", "home", "Home", {}, {"address": "/sites/a"})


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def events(ledger: Ledger) -> list[tuple[int, str, str]]:
    return [(row["n"], row["subject"], row["event"]) for row in ledger.rows("SELECT * FROM change ORDER BY id")]


def test_every_change_is_journalled_before_and_after(ledger: Ledger) -> None:
    seen: list[list[tuple[int, str, str]]] = []
    steps = list(apply.run("p1", [TITLE, LINK], ledger=ledger, write=lambda _change: seen.append(events(ledger))))
    assert [(step.number, step.trouble) for step in steps] == [(1, ""), (2, "")]
    assert [at[-1] for at in seen] == [(1, "site", "intended"), (2, 'link "Home"', "intended")]
    assert events(ledger)[-1] == (2, 'link "Home"', "applied")


def test_a_refused_change_is_recorded_and_the_rest_of_the_site_waits(ledger: Ledger) -> None:
    def write(_change: Change) -> None:
        raise Refused("no such list")

    (step,) = apply.run("p1", [TITLE, LINK], ledger=ledger, write=write)
    assert step.trouble == "no such list"
    assert events(ledger) == [(1, "site", "intended"), (1, "site", "failed")]


def test_a_fatal_error_is_journalled_and_stops_everything(ledger: Ledger) -> None:
    def write(_change: Change) -> None:
        raise AuthError("the certificate expired")

    with pytest.raises(AuthError):
        list(apply.run("p1", [TITLE], ledger=ledger, write=write))
    assert events(ledger)[-1] == (1, "site", "failed")


def test_a_plan_whose_base_moved_is_refused() -> None:
    plan = Plan(("/sites/a",), (TITLE,))
    apply.confirm(plan, "/sites/a", [TITLE])
    apply.confirm(plan, "/sites/a", [])
    with pytest.raises(StalePlan) as caught:
        apply.confirm(plan, "/sites/a", [TITLE, LINK])
    assert "Home" in caught.value.message


def test_an_applied_site_is_remembered_with_its_latest_template(ledger: Ledger) -> None:
    first = sites.AppliedSite("/sites/a", "A", "https://contoso.sharepoint.com/sites/a", "id", "Team site", 1, "2026")
    sites.record(ledger, first)
    sites.record(ledger, sites.AppliedSite("/sites/a", "B", first.url, "id", "Team site", 2, "2027"))
    assert sites.applied(ledger) == {
        "/sites/a": sites.AppliedSite("/sites/a", "B", first.url, "id", "Team site", 2, "2027")
    }
