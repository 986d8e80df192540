"""Taking a run back restores what can be restored, and says what stays."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.plan.change import Action, Change
from spmigrate.provision.diff import compare
from spmigrate.provision.resolve import DesiredSite
from spmigrate.provision.undo import changes_of, taken_back
from spmigrate.store import site_runs, sites
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.contents import Kind, Part, SiteContents
from tests.unit.provision.world import ADDRESS, actual_sites, desired, desired_sites, library, write

REMOVABLE = frozenset({Kind.LIBRARY, Kind.LINK, Kind.PERSON})
_GROWING = {"columns", "content types", "columns shown"}


def apply(site: SiteContents | None, changes: tuple[Change, ...]) -> SiteContents | None:
    for change in changes:
        site = write(site, change)
    return site


@given(desired_sites(), actual_sites, st.data())
def test_undo_of_apply_restores_the_site_but_for_what_it_says_stays(
    wanted: DesiredSite, actual: SiteContents | None, data: st.DataObject
) -> None:
    changes = compare(wanted, actual).changes
    done = changes[: data.draw(st.integers(0, len(changes)))]
    after = apply(actual, done)
    undoing = taken_back(done, {ADDRESS: after}, removable=REMOVABLE)
    back = apply(after, undoing.plan.changes)
    stays = {each.subject for each in undoing.lost}
    before, now = (actual.parts if actual else {}), (back.parts if back else {})
    for place in before.keys() | now.keys():
        was, part = before.get(place), now.get(place)
        if was == part:
            continue
        if was is None or part is None:
            assert (part or was).subject in stays  # type: ignore[union-attr]
            continue
        differing = {name for name in part.attributes if part.attributes[name] != was.attributes.get(name)}
        assert differing <= _GROWING or part.subject in stays


@given(desired_sites(), actual_sites)
def test_taking_back_twice_is_taking_back_once(wanted: DesiredSite, actual: SiteContents | None) -> None:
    done = compare(wanted, actual).changes
    first = taken_back(done, {ADDRESS: apply(actual, done)}, removable=REMOVABLE)
    back = apply(apply(actual, done), first.plan.changes)
    assert taken_back(done, {ADDRESS: back}, removable=REMOVABLE).plan.changes == ()


def test_what_somebody_changed_since_stays_as_it_is() -> None:
    done = [Change(ADDRESS, Action.UPDATE, "library", "papers", "Papers",
                   {"versions kept": 50, "title": "papers"}, {"versions kept": 100, "title": "Papers"})]  # fmt: skip
    there = SiteContents.of(ADDRESS, [library("papers", versions_kept=7)])
    undoing = taken_back(done, {ADDRESS: there}, removable=REMOVABLE)
    assert [change.after for change in undoing.plan.changes] == [{"title": "papers"}]
    assert [each.why for each in undoing.lost] == ["versions kept: somebody changed it since"]


def test_a_library_that_was_filled_since_stays() -> None:
    done = compare(desired(library("papers")), SiteContents.of(ADDRESS, ())).changes
    full = SiteContents.of(ADDRESS, [library("papers", items=3)])
    undoing = taken_back(done, {ADDRESS: full}, removable=REMOVABLE)
    assert (undoing.plan.changes, [each.why for each in undoing.lost]) == (
        (), ["it holds 3 items now: move them first", "only while it is empty"],
    )  # fmt: skip


def test_kinds_that_are_never_taken_away_and_sites_that_went_are_told() -> None:
    done = [Change(ADDRESS, Action.CREATE, "feature", "documents", "Documents", {}, {"name": "Documents"})]
    there = SiteContents.of(ADDRESS, [Part(Kind.FEATURE, "documents", "Documents", {"name": "Documents"})])
    assert "not taken away from here" in taken_back(done, {ADDRESS: there}, removable=REMOVABLE).lost[0].why
    assert "not there any more" in taken_back(done, {ADDRESS: None}, removable=REMOVABLE).lost[0].why


def test_a_journal_with_the_older_word_for_links_is_taken_back_too(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        run = site_runs.begin(ledger, "site apply", "plan")
        entry = sites.Entry("plan", ADDRESS, 1, "add", 'quick launch link "Rota"', {}, {"address": "/rota"},
                            "quick launch link", "quick launch//rota", "Rota", run)  # fmt: skip
        sites.journal(ledger, entry, "intended")
        done = changes_of(ledger, run)
    there = SiteContents.of(ADDRESS, [Part(Kind.LINK, "quick launch//rota", "Rota", {"address": "/rota"})])
    undoing = taken_back(done, {ADDRESS: there}, removable=REMOVABLE)
    assert [(change.action, change.kind) for change in undoing.plan.changes] == [(Action.REMOVE, "link")]


def journalled(ledger: Ledger, change: Change, *events: str) -> int:
    run = site_runs.begin(ledger, "site apply", "plan")
    entry = sites.Entry("plan", change.site, 1, change.action.word, change.subject, change.before, change.after,
                        change.kind, change.key, change.label, run)  # fmt: skip
    for event in events:
        sites.journal(ledger, entry, event)
    return run


def test_a_change_that_failed_half_way_is_taken_back_as_far_as_it_went(tmp_path: Path) -> None:
    update = Change(ADDRESS, Action.UPDATE, Kind.LIBRARY, "papers", "Papers",
                    {"versions kept": 50, "title": "papers"}, {"versions kept": 100, "title": "Papers"})  # fmt: skip
    column = Change(ADDRESS, Action.CREATE, Kind.COLUMN, "ward", "Ward", {}, {"title": "Ward"})
    with Ledger(tmp_path / "ledger.db") as ledger:
        done = changes_of(ledger, journalled(ledger, update, "intended", "failed"))
        never = changes_of(ledger, journalled(ledger, column, "intended", "failed"))
    there = SiteContents.of(ADDRESS, [library("papers", title="papers", versions_kept=100)])
    assert [each.after for each in taken_back(done, {ADDRESS: there}, removable=REMOVABLE).plan.changes] == [
        {"versions kept": 50}
    ]
    undoing = taken_back(never, {ADDRESS: there}, removable=REMOVABLE)
    assert (undoing.plan.changes, undoing.lost) == ((), ())


def test_a_group_into_which_owners_put_people_since_stays() -> None:
    def person(name: str) -> Part:
        return Part(Kind.PERSON, f"Panel/{name}", name, {"role": "Panel", "login": name})

    group = Part(Kind.SITE_GROUP, "panel", "Panel", {"title": "Panel"})
    done = compare(desired(group, person("ours@a.example")), SiteContents.of(ADDRESS, ())).changes
    removable = {Kind.SITE_GROUP, Kind.PERSON}
    ours = SiteContents.of(ADDRESS, [group, person("ours@a.example")])
    assert len(taken_back(done, {ADDRESS: ours}, removable=removable).plan.changes) == 2
    joined = SiteContents.of(ADDRESS, [group, person("ours@a.example"), person("theirs@a.example")])
    undoing = taken_back(done, {ADDRESS: joined}, removable=removable)
    assert [change.label for change in undoing.plan.changes] == ["ours@a.example"]
    assert undoing.lost[0].why == "1 people were put into it since: take them out first"


def test_a_site_that_cannot_be_looked_at_holds_up_no_other() -> None:
    done = [
        Change(site, Action.UPDATE, Kind.LIBRARY, "papers", "Papers", {"title": "papers"}, {"title": "Papers"})
        for site in (ADDRESS, "/sites/locked")
    ]
    there = SiteContents.of(ADDRESS, [library("papers", title="Papers")])
    undoing = taken_back(done, {ADDRESS: there, "/sites/locked": "it is locked"}, removable=REMOVABLE)
    assert undoing.plan.sites == (ADDRESS,)
    assert [(each.site, each.why) for each in undoing.lost] == [("/sites/locked", "it is locked")]


def test_a_site_that_the_run_made_keeps_its_owners_and_what_came_with_it() -> None:
    owner = Part(Kind.PERSON, "Owners/a@a.example", "a in Owners", {"role": "Owners", "login": "a@a.example"})
    member = Part(Kind.PERSON, "Members/b@a.example", "b in Members", {"role": "Members", "login": "b@a.example"})
    parts = [Part(Kind.SITE, "", "T", {"title": "T"}), owner, member, library("shared documents", items=0)]
    there = SiteContents.of(ADDRESS, [*parts, library("papers", items=0)])
    done = compare(desired(*parts, library("papers")), None).changes
    undoing = taken_back(done, {ADDRESS: there}, removable=REMOVABLE)
    assert sorted(change.label for change in undoing.plan.changes) == ["Papers", "b in Members"]
    assert {"it came with the site", "a site keeps those who answer for it"} <= {each.why for each in undoing.lost}
    later = taken_back([change for change in done if change.kind != Kind.SITE], {ADDRESS: there}, removable=REMOVABLE)
    assert len(later.plan.changes) == 4
