"""The order of work within a site, and of sites."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.plan.apply import confirm
from spmigrate.plan.change import Action, Change, Plan
from spmigrate.provision.diff import compare
from spmigrate.provision.order import closes, in_order, levels
from spmigrate.provision.resolve import DesiredSite
from spmigrate.tenant.contents import Kind, Part, SiteContents, Value
from tests.unit.provision.world import ADDRESS, desired


def change(kind: Kind, key: str = "", action: Action = Action.CREATE, **after: Value) -> Change:
    return Change(ADDRESS, action, kind, key, key, {}, {name.replace("_", " "): value for name, value in after.items()})


@given(st.permutations(list(Kind)))
def test_kinds_are_written_in_one_order(kinds: list[Kind]) -> None:
    ordered = [step.kind for step in in_order([change(kind, state="Read only") for kind in kinds])]
    middle = [kind for kind in Kind if kind not in (Kind.SITE, Kind.SHARING, Kind.TEAM, Kind.CHANNEL, Kind.LOCK)]
    assert ordered[0] == "site"
    assert [kind for kind in ordered if kind in middle] == middle
    assert ordered[-3:] == ["team", "channel", "lock"]


def test_a_site_is_unlocked_before_and_locked_after_everything_else() -> None:
    opening = replace(change(Kind.LOCK, action=Action.UPDATE, state="Unlocked"), before={"state": "Read only"})
    closing = replace(change(Kind.LOCK, action=Action.UPDATE, state="Read only"), before={"state": "Unlocked"})
    library = change(Kind.LIBRARY, "papers")
    assert in_order([library, opening]) == (opening, library)
    assert in_order([closing, library]) == (library, closing)


@pytest.mark.parametrize(
    ("name", "before", "after", "shuts"),
    [
        ("external sharing", "Existing guests", "Only people in the organisation", True),
        ("external sharing", "Existing guests", "New and existing guests", False),
        ("links to people expire after", 30, 7, True),
        ("links to people expire after", 7, 30, False),
        ("anyone links expire after", 0, 30, True),
        ("anyone links expire after", 30, 0, False),
        ("unmanaged devices", "Full access", "Web only", True),
        ("unmanaged devices", "Blocked", "Web only", False),
        ("restrict access to", (), ("group:A", "group:B"), True),
        ("restrict access to", None, ("group:A",), True),
        ("restrict access to", ("group:A", "group:B"), ("group:A",), True),
        ("restrict access to", ("group:A",), ("group:B",), False),
        ("restrict access to", ("group:A",), (), False),
    ],
)
def test_what_closes_sharing(name: str, before: Value, after: Value, shuts: bool) -> None:
    assert closes(name, before, after) is shuts


def test_lookup_columns_come_after_the_lists_and_what_needs_them_after_that() -> None:
    columns = ("CouncilWard", "CouncilOffice")
    wanted = desired(
        Part(Kind.SITE, "", "", {"type": "Communication site"}),
        Part(Kind.COLUMN, "CouncilWard", "Ward", {"type": "Text"}),
        Part(Kind.COLUMN, "CouncilOffice", "Office", {"type": "Lookup", "looks up": "lists/offices"}),
        Part(Kind.CONTENT_TYPE, "file", "File", {"name": "File", "columns": columns}),
        Part(Kind.LIBRARY, "papers", "Papers", {"address": "papers", "columns shown": columns}),
        Part(Kind.LIST, "lists/offices", "Offices", {"address": "Lists/Offices"}),
        Part(Kind.VIEW, "papers/all", "All", {"columns shown": columns}),
    )  # fmt: skip
    plan = compare(wanted, None)
    told = [
        (step.action.value, step.kind, step.after.get("columns") or step.after.get("columns shown"))
        for step in plan.changes
    ]
    assert told == [
        ("+", "site", None),
        ("+", "column", None),
        ("+", "content type", ("CouncilWard",)),
        ("+", "library", ("CouncilWard",)),
        ("+", "list", None),
        ("+", "column", None),
        ("~", "content type", columns),
        ("~", "library", columns),
        ("+", "view", columns),
    ]
    half = SiteContents.of(ADDRESS, [
        *(Part(Kind(step.kind), step.key, step.label, step.after) for step in plan.changes[:6])
    ])  # fmt: skip
    rest = compare(wanted, half).changes
    assert [(step.kind, step.action) for step in rest] == [
        ("content type", Action.UPDATE), ("library", Action.UPDATE), ("view", Action.CREATE),
    ]  # fmt: skip
    confirm(plan, ADDRESS, rest)
    confirm(plan, ADDRESS, plan.changes)
    bare = SiteContents.of(ADDRESS, [*half.parts.values(), Part(Kind.CONTENT_TYPE, "file", "File", {"columns": ()})])
    confirm(plan, ADDRESS, compare(wanted, bare).changes)


def test_what_lies_in_something_is_made_after_it_and_removed_before_it() -> None:
    made = [change(Kind.FOLDER, "papers/a/b"), change(Kind.FOLDER, "papers/a")]
    assert [step.key for step in in_order(made)] == ["papers/a", "papers/a/b"]
    links = [change(Kind.LINK, "m/policies/leave", parent="Policies"), change(Kind.LINK, "m//policies", parent="")]
    assert [step.key for step in in_order(links)] == ["m//policies", "m/policies/leave"]
    gone = [change(Kind.FOLDER, key, Action.REMOVE) for key in ("papers/a", "papers/a/b")]
    assert [step.key for step in in_order(gone)] == ["papers/a/b", "papers/a"]


def site(address: str, *parts: Part) -> DesiredSite:
    return replace(desired(), address=address, contents=SiteContents.of(address, parts))


def hub(address: str, parent: str = "") -> DesiredSite:
    return site(address, Part(Kind.HUB, "", "", {"parent": parent} if parent else {}))


def test_hubs_go_level_by_level_and_other_sites_last() -> None:
    given_sites = [
        site("/sites/t"),
        hub("/sites/f", "/sites/d"),
        hub("/sites/d", "/sites/c"),
        hub("/sites/c"),
        hub("/sites/x"),
    ]
    found = [[each.address for each in level] for level in levels(given_sites)]
    assert found == [["/sites/c", "/sites/x"], ["/sites/d"], ["/sites/f"], ["/sites/t"]]


def test_hubs_that_name_each_other_end() -> None:
    ring = [hub("/sites/a", "/sites/b"), hub("/sites/b", "/sites/a"), site("/sites/t")]
    assert sorted(each.address for level in levels(ring) for each in level) == ["/sites/a", "/sites/b", "/sites/t"]
    assert [each.address for each in levels(ring)[-1]] == ["/sites/t"]


def test_a_new_site_is_closed_until_everything_else_is_done() -> None:
    made = change(Kind.SITE, type="Communication site")
    sharing = replace(change(Kind.SHARING), after={
        "external sharing": "Existing guests", "default link": "Specific people",
    })  # fmt: skip
    steps = in_order([change(Kind.LIBRARY, "papers"), sharing, made])
    assert [step.kind for step in steps] == ["site", "sharing", "library", "sharing"]
    tightest = "Only people in the organisation"
    assert steps[1].after == {"external sharing": tightest, "default link": "Specific people"}
    assert (steps[3].action, dict(steps[3].before)) == (Action.UPDATE, {"external sharing": tightest})
    assert steps[3].after == {"external sharing": "Existing guests"}
    begun = replace(sharing, action=Action.UPDATE, before={"external sharing": tightest}, after=steps[3].after)
    assert Plan((sharing.site,), steps).shows(begun)
