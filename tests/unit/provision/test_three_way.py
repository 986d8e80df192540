"""Three things are compared: what is wanted, what is there, and what was last applied."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.plan.change import Action, Sort, fingerprints
from spmigrate.provision.diff import Recorded, compare
from spmigrate.provision.ownership import OWNERSHIP, Ownership, owner_of
from spmigrate.provision.resolve import DesiredSite
from spmigrate.tenant.contents import Kind, Part, SiteContents, Value
from tests.unit.provision.world import ADDRESS, actual_sites, desired, desired_sites, library, write

SITE = Part(Kind.SITE, "", "", {"type": "Communication site", "title": "Assets"})


def site(*parts: Part) -> SiteContents:
    return SiteContents.of(ADDRESS, [SITE, *parts])


def recorded(*parts: Part) -> dict[tuple[str, str], Mapping[str, Value]]:
    return {(part.kind.value, part.key): part.attributes for part in parts}


def described(text: str) -> Part:
    return Part(Kind.SITE, "", "", {**SITE.attributes, "description": text})


@pytest.mark.parametrize(
    ("was", "there", "wanted", "moved"),
    [
        (100, 100, 200, "template"),
        (100, 50, 100, "site"),
        (100, 50, 200, "both"),
        (None, 50, 200, ""),
    ],
)
def test_what_the_template_owns_is_changed_and_who_moved_is_told(
    was: int | None, there: int, wanted: int, moved: str
) -> None:
    base = recorded(library("papers", versions_kept=was)) if was else {}
    plan = compare(
        desired(SITE, library("papers", versions_kept=wanted)), site(library("papers", versions_kept=there)), base
    )
    (change,) = plan.changes
    assert change.after == {"versions kept": wanted}
    assert dict(change.moved) == ({"versions kept": moved} if moved else {})


@pytest.mark.parametrize(
    ("was", "there", "wanted", "result"),
    [
        ("one", "one", "two", "two"),
        ("one", "ours", "two", Sort.CONFLICT),
        ("one", "ours", "one", Sort.KEPT),
        (None, "ours", "two", Sort.KEPT),
        ("one", "two", "two", None),
    ],
)
def test_what_is_seeded_changes_only_where_owners_left_it_alone(
    was: str | None, there: str, wanted: str, result: object
) -> None:
    plan = compare(desired(described(wanted)), SiteContents.of(ADDRESS, [described(there)]),
                   recorded(described(was)) if was else {})  # fmt: skip
    if isinstance(result, Sort):
        assert (plan.changes, [note.sort for note in plan.notes]) == ((), [result])
        assert there in plan.notes[0].text and wanted in plan.notes[0].text
    else:
        assert [change.after["description"] for change in plan.changes] == ([result] if result else [])
        assert plan.notes == ()


def test_a_part_left_to_owners_is_made_once_and_then_theirs() -> None:
    rota = library("rota", versions_kept=100)
    ours = replace(desired(SITE, rota), seeded=frozenset({rota.place}))
    assert [change.action for change in compare(ours, site()).changes] == [Action.CREATE]
    edited = compare(ours, site(library("rota", versions_kept=7)), recorded(SITE, rota))
    assert (edited.changes, [note.sort for note in edited.notes]) == ((), [Sort.KEPT])
    gone = compare(ours, site(), recorded(SITE, rota))
    assert (gone.changes, [note.sort for note in gone.notes]) == ((), [Sort.KEPT])
    moved = compare(ours, site(), recorded(SITE, library("rota", versions_kept=50)))
    assert (moved.changes, [note.sort for note in moved.notes]) == ((), [Sort.CONFLICT])


def test_a_part_that_somebody_took_away_comes_back_and_is_told_so() -> None:
    papers = library("papers")
    (change,) = compare(desired(SITE, papers), site(), recorded(SITE, papers)).changes
    assert (change.action, dict(change.moved)) == (Action.CREATE, {"": "site"})
    (fresh,) = compare(desired(SITE, papers), site(), recorded(SITE)).changes
    assert dict(fresh.moved) == {"": "template"}


def link(title: str, menu: str = "quick launch") -> Part:
    attributes: dict[str, Value] = {"menu": menu, "parent": "", "title": title, "address": "https://rota.example/"}
    return Part(Kind.LINK, f"{menu}//{title.casefold()}", title, attributes)


def test_an_exact_menu_loses_links_that_the_template_named_once_and_keeps_those_of_owners() -> None:
    exact = replace(desired(SITE, link("Home")), exact_menus=frozenset({"quick launch"}))
    there = site(link("Home"), link("Old"), link("Ours"), link("Foot", "footer"))
    base = recorded(SITE, link("Home"), link("Old"), link("Foot", "footer"))
    assert [(change.action, change.label) for change in compare(exact, there, base).changes] == [(Action.REMOVE, "Old")]
    assert compare(replace(exact, exact_menus=frozenset()), there, base).changes == ()


def test_a_reason_of_the_sites_own_is_shown_with_what_it_changes() -> None:
    papers = library("papers", versions_kept=500)
    wanted = replace(
        desired(SITE, papers, absent=(library("rota"),)),
        reasons={(papers.place, "versions kept"): "audit, 2026", (library("rota").place, ""): "not used"},
    )
    plan = compare(wanted, site(library("papers", versions_kept=100), library("rota", items=0)))
    assert [dict(change.because) for change in plan.changes] == [{"versions kept": "audit, 2026"}, {"": "not used"}]


def test_lists_without_an_order_and_formatting_compare_by_meaning() -> None:
    def level(*allows: str) -> Part:
        return Part(Kind.PERMISSION_LEVEL, "filing", "Filing", {"allows": allows})

    def view(formatting: str) -> Part:
        return Part(Kind.VIEW, "papers/all", "All", {"formatting": formatting, "descending": True})

    assert compare(desired(level("Open", "View items")), site(level("View items", "Open"))).changes == ()
    assert compare(desired(view('{"a": 1}')), site(view('{ "a":1 }'))).changes == ()
    assert len(compare(desired(view('{"a": 1}')), site(view('{"a": 2}'))).changes) == 1


@given(desired_sites(), desired_sites(), actual_sites)
def test_an_upgrade_leaves_nothing_to_do_and_no_owners_edit_is_lost(
    first: DesiredSite, second: DesiredSite, actual: SiteContents | None
) -> None:
    base: Recorded = recorded(*first.contents.parts.values())
    plan = compare(second, actual, base)
    upgraded = actual
    for change in plan.changes:
        upgraded = write(upgraded, change)
    assert compare(second, upgraded, recorded(*second.contents.parts.values())).changes == ()
    for place, part in (actual.parts if actual else {}).items():
        wanted = second.contents.parts.get(place)
        now = upgraded.parts.get(place) if upgraded else None
        for name, value in part.attributes.items():
            if wanted is None or name not in wanted.attributes or now is None:
                continue
            left_alone = base.get((place[0].value, place[1]), {}).get(name) == value
            if owner_of(wanted, name) is Ownership.SEEDED and not left_alone:
                assert now.attributes[name] == value


@given(actual_sites, st.sampled_from(["title", "versions kept"]))
def test_fingerprints_tell_whether_a_kind_of_part_moved(actual: SiteContents | None, name: str) -> None:
    before = fingerprints(actual)
    assert fingerprints(actual) == before
    moved = write(actual, compare(desired(library("alpha", **{name.replace(" ", "_"): "new"})), actual).changes[0])
    after = fingerprints(moved)
    assert after["library"] != before.get("library")
    assert {kind: each for kind, each in after.items() if kind != "library"} == {
        kind: each for kind, each in before.items() if kind != "library"
    }


def test_items_in_a_library_are_no_change_of_the_site() -> None:
    assert fingerprints(site(library("papers", items=1))) == fingerprints(site(library("papers", items=2)))


def test_the_table_names_attributes_once() -> None:
    assert {Ownership.FIXED, Ownership.SEEDED, Ownership.IDENTITY} == set(OWNERSHIP.values())
    assert OWNERSHIP[Kind.SITE, "description"] is Ownership.SEEDED
    assert owner_of(library("papers"), "title", {library("papers").place}) is Ownership.SEEDED
