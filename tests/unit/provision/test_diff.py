"""What a difference is, and the laws of applying it."""

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.plan.apply import confirm
from spmigrate.plan.change import Action
from spmigrate.provision.diff import compare
from spmigrate.provision.resolve import DesiredSite
from spmigrate.tenant.contents import Kind, Part, SiteContents, arrange
from tests.unit.provision.world import ADDRESS, FIELDS, actual_sites, desired, desired_sites, library, write

SITE = Part(Kind.SITE, "", "", {"type": "Communication site", "title": "Assets"})


def site(*parts: Part) -> SiteContents:
    return SiteContents.of(ADDRESS, [SITE, *parts])


@given(desired_sites(), actual_sites)
def test_after_applying_nothing_is_left_to_do(wanted: DesiredSite, actual: SiteContents | None) -> None:
    for change in compare(wanted, actual).changes:
        actual = write(actual, change)
    assert compare(wanted, actual).changes == ()


@given(desired_sites(), actual_sites, st.data())
def test_killed_between_any_two_changes_and_run_again_equals_never_killed(
    wanted: DesiredSite, actual: SiteContents | None, data: st.DataObject
) -> None:
    plan = compare(wanted, actual)
    whole = half = actual
    for change in plan.changes:
        whole = write(whole, change)
    for change in plan.changes[: data.draw(st.integers(0, len(plan.changes)))]:
        half = write(half, change)
    rest = compare(wanted, half).changes
    confirm(plan, wanted.address, rest)
    for change in rest:
        half = write(half, change)
    assert half == whole


@given(desired_sites(), actual_sites)
def test_nothing_is_removed_because_it_is_absent(wanted: DesiredSite, actual: SiteContents | None) -> None:
    removed = [change for change in compare(wanted, actual).changes if change.action is Action.REMOVE]
    assert {(change.kind, change.key) for change in removed} <= {part.place for part in wanted.absent}


@given(st.lists(st.sampled_from(FIELDS), unique=True), st.lists(st.sampled_from(FIELDS), unique=True))
def test_a_view_shows_the_wanted_columns_in_order_and_keeps_the_others(actual: list[str], wanted: list[str]) -> None:
    shown = arrange(tuple(actual), tuple(wanted))
    assert isinstance(shown, tuple)
    assert [column for column in shown if column in wanted] == wanted
    assert sorted(shown) == sorted({*actual, *wanted})


@given(st.lists(st.sampled_from(FIELDS), unique=True), st.lists(st.sampled_from(FIELDS), unique=True))
def test_a_view_left_half_arranged_is_seen_and_ends_as_if_nothing_had_happened(
    actual: list[str], wanted: list[str]
) -> None:
    target = arrange(tuple(actual), tuple(wanted))
    view = list(actual)
    for column in wanted:
        if column not in view:
            assert arrange(tuple(view), tuple(wanted)) == target
            view.append(column)
    for index, column in enumerate(target):
        if view[index] != column:
            assert arrange(tuple(view), tuple(wanted)) == target
            view.remove(column)
            view.insert(index, column)
    assert tuple(view) == target == arrange(target, tuple(wanted))


def test_a_view_that_already_fits_is_left_alone() -> None:
    assert arrange(("DocIcon", "LinkFilename", "Rota", "Modified"), ("LinkFilename", "Modified")) == (
        "DocIcon", "LinkFilename", "Rota", "Modified",
    )  # fmt: skip


def test_the_icon_stays_in_front_when_columns_are_added() -> None:
    shown = arrange(("DocIcon", "LinkFilename", "Modified"), ("LinkFilename", "CouncilMarking", "Modified"))
    assert shown == ("DocIcon", "LinkFilename", "CouncilMarking", "Modified")


def test_only_what_differs_is_changed() -> None:
    plan = compare(desired(SITE, library("papers", versions_kept=100)), site(library("papers", versions_kept=500)))
    (change,) = plan.changes
    assert (change.before, change.after) == ({"versions kept": 500}, {"versions kept": 100})
    assert plan.unchanged == 1


def test_a_column_with_another_id_is_adopted() -> None:
    ours = Part(Kind.COLUMN, "CouncilMarking", "Marking", {"id": "ours", "type": "Choice", "title": "Marking"})
    theirs = Part(Kind.COLUMN, "CouncilMarking", "Marking", {"id": "theirs", "type": "Choice", "title": "Marking"})
    assert compare(desired(SITE, ours), site(theirs)).changes == ()


def test_a_column_of_another_type_is_noted_and_not_touched() -> None:
    ours = Part(Kind.COLUMN, "CouncilYear", "Year", {"type": "Text", "title": "Year"})
    theirs = Part(Kind.COLUMN, "CouncilYear", "Year", {"type": "Number", "title": "Year"})
    plan = compare(desired(SITE, ours), site(theirs))
    assert plan.changes == ()
    assert [note.text for note in plan.notes] == ["type is Number, the template says Text"]


def test_an_empty_library_that_is_removed_goes_and_a_full_one_stays() -> None:
    wanted = desired(SITE, absent=(library("policies"),))
    (change,) = compare(wanted, site(library("policies", items=0))).changes
    assert change.action is Action.REMOVE
    full = compare(wanted, site(library("policies", items=7)))
    assert full.changes == ()
    assert "holds 7 items" in full.notes[0].text


def page(file: str, *, home: bool) -> Part:
    return Part(Kind.PAGE, file.casefold(), file, {"file": file, "title": file, "is home page": home})


def test_a_page_that_is_removed_goes_once_the_site_opens_with_another() -> None:
    old, new = page("Old.aspx", home=True), page("A.aspx", home=True)
    gone = Part(Kind.PAGE, "old.aspx", "Old.aspx")
    (note,) = compare(desired(SITE, absent=(gone,)), site(old)).notes
    assert "the site opens with it" in note.text
    assert compare(desired(SITE, absent=(gone,)), site(old)).changes == ()
    for present in ((old,), (old, page("A.aspx", home=False))):
        changes = compare(desired(SITE, new, absent=(gone,)), site(*present)).changes
        assert [change.key for change in changes] == ["a.aspx", "old.aspx"]
        assert changes[1].action is Action.REMOVE


def test_sharing_tightens_first_and_loosens_last() -> None:
    def order(present: str, wanted: str) -> list[str]:
        sharing = Part(Kind.SHARING, "", "", {"external sharing": present})
        plan = compare(
            desired(SITE, library("papers"), Part(Kind.SHARING, "", "", {"external sharing": wanted})), site(sharing)
        )
        return [change.kind for change in plan.changes]

    assert order("Anyone with the link", "Existing guests") == ["sharing", "library"]
    assert order("Existing guests", "New and existing guests") == ["library", "sharing"]


def sharing(external: str, link: str, permission: str) -> Part:
    levels = {"external sharing": external, "default link": link, "default link permission": permission}
    return Part(Kind.SHARING, "", "", levels)


def turns(wanted: Part, actual: SiteContents | None) -> list[tuple[str, list[str]]]:
    """The kinds of changes in order, each with what it changes; the site itself left out."""
    plan = compare(desired(SITE, library("papers"), wanted), actual)
    return [(change.kind, sorted(change.after)) for change in plan.changes if change.kind != Kind.SITE]


PAPERS = ("library", ["address", "title"])


def test_every_part_of_sharing_closes_early_or_opens_late_by_itself() -> None:
    mixed = sharing("Only people in the organisation", "Anyone", "View")
    assert turns(mixed, site(sharing("Existing guests", "Specific people", "Edit"))) == [
        ("sharing", ["default link permission", "external sharing"]), PAPERS, ("sharing", ["default link"]),
    ]  # fmt: skip
    opened = sharing("Existing guests", "People in the organisation", "View")
    assert turns(opened, site(sharing("Existing guests", "Specific people", "View"))) == [
        PAPERS, ("sharing", ["default link"]),
    ]  # fmt: skip
    unknown = sharing("Existing guests", "Tenant default", "Tenant default")
    assert turns(unknown, site(sharing("Existing guests", "Specific people", "Edit"))) == [
        ("sharing", ["default link permission"]), PAPERS, ("sharing", ["default link"]),
    ]  # fmt: skip
    assert turns(mixed, None) == [
        ("sharing", ["default link permission", "external sharing"]), PAPERS, ("sharing", ["default link"]),
    ]  # fmt: skip


def test_a_new_site_that_was_left_half_shared_is_finished_by_its_plan() -> None:
    wanted = desired(SITE, sharing("Existing guests", "Specific people", "Edit"))
    plan = compare(wanted, None)
    rest = compare(wanted, site(sharing("Anyone with the link", "Tenant default", "View"))).changes
    assert [sorted(change.after) for change in rest] == [
        ["default link", "external sharing"], ["default link permission"],
    ]  # fmt: skip
    assert all(plan.shows(change) for change in rest)


def test_a_new_site_is_made_first_and_joins_its_hub_after_its_contents() -> None:
    hub = Part(Kind.HUB_MEMBERSHIP, "", "", {"hub": "/sites/d-h7k2m"})
    kinds = [change.kind for change in compare(desired(hub, library("papers"), SITE), None).changes]
    assert kinds == ["site", "library", "member of hub"]
