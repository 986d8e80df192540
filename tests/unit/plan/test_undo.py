"""What takes a change back, and why some things last."""

import pytest

from spmigrate.plan.change import Action, Change
from spmigrate.plan.roles import needed
from spmigrate.plan.undo import inverse, lasting
from spmigrate.tenant.contents import Kind, Value

SITE = "/sites/t-a3w9c"


def change(kind: Kind, action: Action, before: dict[str, Value], after: dict[str, Value]) -> Change:
    return Change(SITE, action, kind, "key", "Label", before, after)


def test_what_was_changed_is_set_back_and_lists_that_grew_stay() -> None:
    done = change(
        Kind.LIBRARY, Action.UPDATE,
        {"title": "papers", "columns": ("A",), "approval": None},
        {"title": "Papers", "columns": ("A", "B"), "approval": True},
    )  # fmt: skip
    back = inverse(done)
    assert back.change is not None
    assert (back.change.before, back.change.after) == ({"title": "Papers"}, {"title": "papers"})
    assert back.lost.startswith("columns, approval:")
    assert lasting(done) == back.lost


def test_a_library_that_lost_its_own_permissions_is_not_closed_to_everybody() -> None:
    done = change(Kind.LIBRARY, Action.UPDATE, {"own permissions": True}, {"own permissions": False})
    back = inverse(done)
    assert back.change is None
    assert "is not recorded" in back.lost
    closed = inverse(change(Kind.LIBRARY, Action.UPDATE, {"own permissions": False}, {"own permissions": True}))
    assert closed.change is not None
    assert closed.change.after == {"own permissions": False}
    assert "single folders and files" in closed.lost


@pytest.mark.parametrize("kind", list(Kind))
def test_everything_that_is_made_is_taken_away_again_or_lasts_for_a_reason(kind: Kind) -> None:
    back = inverse(change(kind, Action.CREATE, {}, {"title": "x"}))
    assert (back.change is None) == bool(lasting(change(kind, Action.CREATE, {}, {"title": "x"})))
    if back.change is not None:
        assert (back.change.action, back.change.before) == (Action.REMOVE, {"title": "x"})
    else:
        assert back.lost


def test_a_link_that_was_taken_away_is_made_again_and_a_library_waits_in_the_recycle_bin() -> None:
    link = inverse(change(Kind.LINK, Action.REMOVE, {"title": "Rota"}, {}))
    assert link.change is not None
    assert (link.change.action, link.change.after) == (Action.CREATE, {"title": "Rota"})
    for kind in (Kind.LIBRARY, Kind.LIST, Kind.PAGE):
        back = inverse(change(kind, Action.REMOVE, {"title": "Old"}, {}))
        assert back.change is None
        assert "recycle bin" in back.lost
    assert inverse(change(Kind.LINK, Action.REMOVE, {}, {})).change is None


@pytest.mark.parametrize(
    ("kind", "action", "after", "role"),
    [
        (Kind.SITE, Action.CREATE, {"type": "Communication site"}, "SharePoint Administrator"),
        (Kind.SITE, Action.CREATE, {"type": "Team site with Microsoft 365 group"}, "Groups Administrator"),
        (Kind.SITE, Action.UPDATE, {"title": "x"}, "Site owner"),
        (Kind.SITE, Action.UPDATE, {"owner": "x"}, "SharePoint Administrator"),
        (Kind.SHARING, Action.UPDATE, {}, "SharePoint Administrator"),
        (Kind.CHANNEL, Action.CREATE, {}, "Groups Administrator"),
        (Kind.COLUMN, Action.CREATE, {}, "Site owner"),
    ],
)
def test_each_step_names_the_role_that_it_needs(kind: Kind, action: Action, after: dict[str, Value], role: str) -> None:
    assert needed(change(kind, action, {}, after)) == role


def test_who_administers_a_site_is_for_a_sharepoint_administrator_to_say() -> None:
    for role, needs in (("Administrators", "SharePoint Administrator"), ("Visitors", "Site owner")):
        step = Change(SITE, Action.CREATE, Kind.PERSON, f"{role}/a@b.example", "a", {}, {"role": role})
        assert needed(step) == needs
