"""How large rows are, on trees of every shape."""

from collections import Counter
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.mapping.folders import Folder, tree
from spmigrate.mapping.partition import Limits, Part, Pins, partition
from spmigrate.store.folders import Listed
from spmigrate.store.row_facts import FOLDER, TREE

SMALL = Limits(fewest_rows=3, most_rows=12, mixed_files=2, worth_files=5, large_files=40, deepest=3)


@st.composite
def shares(draw: st.DrawFn) -> Folder:
    """A share of up to 40 folders."""
    listed = [Listed(1, None, "", draw(st.integers(0, 3)))]
    for number in range(2, draw(st.integers(1, 40)) + 1):
        parent = draw(st.sampled_from(listed))
        if not parent.unseen:
            path = f"{parent.path}/f{number}".lstrip("/")
            listed.append(Listed(number, parent.id, path, draw(st.integers(0, 30)), unseen=draw(st.booleans())))
    return tree(listed)


def share(folders: Mapping[str, int]) -> Folder:
    """A share with these folders, each with so many files of its own; folders on the way are made."""
    listed = {"": Listed(1, None, "", folders.get("", 0))}
    for path, files in folders.items():
        steps = path.split("/") if path else []
        for n in range(len(steps)):
            below = "/".join(steps[: n + 1])
            count = files if below == path else folders.get(below, 0)
            listed.setdefault(below, Listed(len(listed) + 1, listed["/".join(steps[:n])].id, below, count))
    return tree(listed.values())


def alike(folder: Folder) -> tuple[str, ...]:
    """Everything belongs to one sheet."""
    del folder
    return ("one",)


def places(parts: list[Part]) -> list[tuple[str, str]]:
    return [(part.folder.path, part.scope) for part in parts]


def rows_of(root: Folder, parts: list[Part]) -> tuple[Counter[int], Counter[int]]:
    """In how many rows each folder is, and each folder's own files."""
    folders: Counter[int] = Counter()
    files: Counter[int] = Counter()
    for part in parts:
        covered = list(part.folder.walk()) if part.scope == TREE else [part.folder]
        folders.update(each.id for each in covered)
        files.update(each.id for each in covered if each.files)
    del root
    return folders, files


@given(shares(), st.data())
def test_each_folder_and_each_file_is_in_exactly_one_row(root: Folder, data: st.DataObject) -> None:
    every = list(root.walk())
    kinds = {each.id: data.draw(st.sampled_from(["a", "b", "c"])) for each in every}
    chosen = data.draw(st.lists(st.sampled_from([each.id for each in every]), max_size=6, unique=True))
    pins = Pins(frozenset(chosen[::2]), frozenset(chosen[1::2]))
    parts = partition(root, lambda folder: (kinds[folder.id],), limits=SMALL, pins=pins)
    folders, files = rows_of(root, parts)
    assert files == Counter(each.id for each in every if each.files)
    split = {each.id for part in parts for each in part.folder.above()}
    for each in every:
        # A folder that is split and holds nothing itself has nothing to decide.
        assert folders[each.id] == (0 if each.id in split and not each.files and not each.unseen else 1)


@given(shares())
def test_no_row_lies_in_another_one(root: Folder) -> None:
    parts = partition(root, alike, limits=SMALL)
    trees = {part.folder.id for part in parts if part.scope == TREE}
    assert not [part for part in parts if any(each.id in trees for each in part.folder.above())]


@given(shares())
def test_what_could_not_be_looked_into_stays_one_row(root: Folder) -> None:
    for part in partition(root, alike, limits=SMALL):
        assert part.scope == TREE or not part.folder.unseen or part.folder.children


def test_a_large_folder_is_split_and_a_small_one_kept_together() -> None:
    root = share({"Large/a": 6, "Large/b": 30, "Small/a": 1, "Small/b": 1})
    assert places(partition(root, alike, limits=SMALL)) == [("Large/a", TREE), ("Large/b", TREE), ("Small", TREE)]


def test_files_beside_folders_that_are_split_have_a_row_of_their_own() -> None:
    root = share({"": 2, "Large": 4, "Large/a": 6})
    assert places(partition(root, alike, limits=SMALL)) == [("", FOLDER), ("Large", FOLDER), ("Large/a", TREE)]


def test_a_part_for_somebody_else_is_a_row_of_its_own() -> None:
    root = share({"Roads/Lights": 4, "Roads/Bridges": 1, "Roads/Signs": 1, "Rest": 9})
    parts = partition(root, lambda folder: ("x" if "Lights" in folder.path else "y",), limits=Limits(mixed_files=3))
    assert places(parts) == [("Rest", TREE), ("Roads/Bridges", TREE), ("Roads/Lights", TREE), ("Roads/Signs", TREE)]


def test_a_part_of_a_few_files_is_not_worth_a_row() -> None:
    root = share({"Roads/Lights": 2, "Roads/Bridges": 1})
    parts = partition(root, lambda folder: ("x" if "Lights" in folder.path else "y",), limits=Limits(mixed_files=3))
    assert places(parts) == [("Roads", TREE)]


def test_a_sheet_gets_rows_until_it_has_enough() -> None:
    root = share({f"{top}/{n}": 300 for top in "abcdefgh" for n in range(10)})
    found = partition(root, alike)
    assert 20 <= len(found) <= 400


def test_too_many_rows_become_fewer_where_folders_are_alike() -> None:
    tops = {f"t{n:03}/{m}": 1 for n in range(150) for m in range(9)}
    wanted = frozenset(range(2, 2000))
    root = share(tops)
    assert len(partition(root, lambda folder: ("one", folder.path), limits=Limits(mixed_files=1))) <= 400
    assert len(partition(root, alike, pins=Pins(split=wanted))) == 1350  # people want it so


def test_a_folder_that_is_to_stay_together_is_not_split_for_its_size() -> None:
    root = share({"Large/a": 6, "Large/b": 30, "Small": 9})
    large = next(each for each in root.walk() if each.path == "Large")
    assert ("Large", TREE) in places(partition(root, alike, limits=SMALL, pins=Pins(together=frozenset([large.id]))))
