"""Rows that would meet at their destination: said before anything is signed."""

from collections.abc import Mapping

import pytest

from spmigrate.mapping import collisions
from spmigrate.mapping.collisions import Going
from spmigrate.store.row_facts import FOLDER, TREE, Seed
from spmigrate.store.row_paths import Names

FILES = Names(files=["Plans", "readme.txt"], folders=["Old"])


def said(mine: tuple[str, str], other: tuple[str, str], lying: Names = FILES) -> list[str]:
    """What is said of a row at a place of a library, while another row holds these names at its place."""
    places: list[tuple[str, Seed, str]] = [("M-1", (1, mine[1]), mine[0]), ("M-2", (2, other[1]), other[0])]
    row, there = (Going(row_id, seed, ("/sites/a", "Docs", path)) for row_id, seed, path in places)
    names: Mapping[Seed, Names] = {row.seed: Names(), there.seed: lying}
    return [each.text for each in collisions.meeting([row], [there], lambda _: names) if each.blocks]


@pytest.mark.parametrize(
    ("place", "other", "text"),
    [
        ("plans", "", "a file of the name of this folder to the same place: Plans"),
        ("plans/2019", "", "a file of the name of a folder around this one to the same place: Plans"),
        ("plans/2019/may", "", "a file of the name of a folder around this one to the same place: Plans"),
        ("a/plans", "a", "a file of the name of this folder to the same place: Plans"),
        ("a/plans/2019", "a", "a file of the name of a folder around this one to the same place: Plans"),
        ("old", "", "a folder of the same name to the same place"),
    ],
)
@pytest.mark.parametrize("scope", [FOLDER, TREE])
def test_what_has_the_name_of_a_folder_on_the_way_is_named(place: str, other: str, text: str, scope: str) -> None:
    assert said((place, TREE), (other, scope)) == [f"M-2 moves {text}"]


@pytest.mark.parametrize(
    ("place", "other"),
    [("plans", "b"), ("a/plans", ""), ("a/readme.txt.old", "a"), ("ab/plans", "a"), ("old/new", ""), ("", "")],
)
def test_other_names_and_other_places_do_not_meet(place: str, other: str) -> None:
    assert said((place, TREE), (other, FOLDER)) == []
