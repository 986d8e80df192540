"""The sample share: always the same, always whole."""

import tracemalloc
from functools import partial
from pathlib import Path
from random import Random

import pytest

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.scan import estate, estate_names, estate_profile, estate_tree
from spmigrate.scan.contents import Wanted, examine


def everything(share: Path) -> list[tuple[str, object, int]]:
    """Path, content or target, and modified time of all there is."""
    return sorted(
        (
            str(path.relative_to(share)),
            path.readlink() if path.is_symlink() else path.read_bytes() if path.is_file() else None,
            path.lstat().st_mtime_ns if not path.is_symlink() else 0,
        )
        for path in share.rglob("*")
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> estate.Estate:
    return estate.generate(tmp_path_factory.mktemp("estate"), files=600, seed=7, mean_size=6000)


def test_it_has_exactly_the_files_asked_for(made: estate.Estate) -> None:
    regular = [path for path in made.share.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(regular) == made.files == 600
    assert sum(path.stat().st_size for path in regular) == made.bytes


def test_same_seed_gives_the_same_share(made: estate.Estate, tmp_path: Path) -> None:
    again = estate.generate(tmp_path, files=600, seed=7, mean_size=6000)
    assert everything(again.share) == everything(made.share)


def test_another_seed_gives_another_share(made: estate.Estate, tmp_path: Path) -> None:
    other = estate.generate(tmp_path, files=600, seed=8, mean_size=6000)
    assert everything(other.share) != everything(made.share)


def test_every_awkward_name_is_there(made: estate.Estate) -> None:
    for each in estate_names.FILES:
        assert (made.share / each.path).is_file(), each.path
    for link, target in estate_names.LINKS:
        assert str((made.share / link).readlink()) == target
    for folder in estate_names.EMPTY_FOLDERS:
        assert not list((made.share / folder).iterdir())


def test_one_file_is_larger_than_a_fragment_and_one_path_too_long(made: estate.Estate) -> None:
    assert max(path.lstat().st_size for path in made.share.rglob("*")) > 10 * 1024 * 1024
    assert max(len(str(path.relative_to(made.share))) for path in made.share.rglob("*")) == 611


def test_mean_size_is_what_was_asked_for(tmp_path: Path) -> None:
    """As nearly as Office allows, whose files have a size that they are never below."""
    assert estate.generate(tmp_path, files=1000, seed=1, mean_size=48_000).bytes == pytest.approx(48_000_000, rel=0.04)


def test_duplicates_are_byte_for_byte(made: estate.Estate) -> None:
    contents: dict[tuple[str, bytes], int] = {}
    for path in made.share.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.stat().st_size > 100:
            key = path.name, path.read_bytes()
            contents[key] = contents.get(key, 0) + 1
    twice = sum(count for count in contents.values() if count > 1)
    assert 0.1 < twice / made.files < 0.5


def test_folder_with_content_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(SpmigrateError, match="not an empty folder"):
        estate.generate(tmp_path, files=600, seed=1, mean_size=6000)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_too_few_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem):
        estate.generate(tmp_path / "new", files=10, seed=1, mean_size=6000)
    assert not (tmp_path / "new").exists()


PROFILE = estate_profile.read()


def test_shipped_profile_is_the_estate_of_a_county() -> None:
    assert len(PROFILE.shares) == 13
    assert sum(share.million_files for share in PROFILE.shares) == pytest.approx(24.7)
    assert sum(share.terabytes for share in PROFILE.shares) == pytest.approx(40.3)


def test_every_share_has_its_part_of_a_scaled_estate(tmp_path: Path) -> None:
    made = list(estate.generate_shares(tmp_path, scale=5e-5, seed=2, mean_size=300, profile=PROFILE, shares=[]))
    assert [each.share.name for each in made] == [share.name for share in PROFILE.shares]
    for each, share in zip(made, PROFILE.shares, strict=True):
        assert each.files == round(share.million_files * 50)
        assert each.files == sum(path.is_file() and not path.is_symlink() for path in each.share.rglob("*"))


def test_named_shares_alone_are_made(tmp_path: Path) -> None:
    names = ["finance", "Legal"]
    made = estate.generate_shares(tmp_path, scale=2e-5, seed=2, mean_size=300, profile=PROFILE, shares=names)
    assert [each.share.name for each in made] == ["Finance", "Legal"]


def test_share_that_is_none_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no share 'Nowhere'"):
        list(
            estate.generate_shares(tmp_path / "new", scale=1, seed=1, mean_size=1, profile=PROFILE, shares=["Nowhere"])
        )
    assert not (tmp_path / "new").exists()


def test_profile_of_ones_own_is_used(tmp_path: Path) -> None:
    text = estate_profile.SHIPPED.read_text("utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(
        text[: text.index("\nshares:") + 1]
        + """shares:
  - name: Parks
    terabytes: 1
    million files: 1
    top: [Trees]
    subjects: [Oak]
""",
        "utf-8",
    )
    (made,) = estate.generate_alike(
        tmp_path / "made", files=300, seed=1, mean_size=2000, profile=estate_profile.read(own), shares=["Parks"]
    )
    assert [path.name for path in made.share.iterdir() if "Trees" in path.name] == ["Trees"]


@pytest.fixture(scope="module")
def finance(tmp_path_factory: pytest.TempPathFactory) -> estate.Estate:
    folder = tmp_path_factory.mktemp("finance")
    return estate.generate(folder, files=1500, seed=3, mean_size=3000, profile=PROFILE, share="Finance")


def test_documents_are_what_they_say(finance: estate.Estate) -> None:
    """Not one is damaged, and as many workbooks have links as the profile says of this share."""
    awkward = {finance.share / each.path for each in estate_names.FILES}
    ordinary = [path for path in finance.share.rglob("*") if path.is_file() and path not in awkward]
    found: dict[str, int] = {}
    for path in ordinary:
        for code, _ in examine(path.name, path.stat().st_size, partial(path.open, "rb"), Wanted(True)).remarks:
            found[code] = found.get(code, 0) + 1
    workbooks = sum(path.suffix in (".xls", ".xlsx", ".xlsm") for path in ordinary)
    assert set(found) >= {"PASSWORD", "EXTERNAL-LINKS", "MACRO"}
    assert set(found) <= {"PASSWORD", "EXTERNAL-LINKS", "MACRO", "DATABASE", "MAILBOX"}
    assert 0.12 < found["EXTERNAL-LINKS"] / workbooks < 0.26


def test_ages_and_empty_folders_are_as_the_profile_has_them(finance: estate.Estate) -> None:
    files = [path for path in finance.share.rglob("*") if path.is_file() and not path.is_symlink()]
    years = [(PROFILE.last_moment - path.stat().st_mtime) / 31_556_952 for path in files]
    assert 0.27 < sum(year > 7 for year in years) / len(years) < 0.41
    folders = [path for path in finance.share.rglob("*") if path.is_dir() and not path.is_symlink()]
    assert 0.03 < sum(not any(folder.iterdir()) for folder in folders) / len(folders) < 0.25


def test_what_a_folder_cannot_hold_is_named(finance: estate.Estate) -> None:
    assert {"hidden or system", "owners that do not resolve", "offline"} <= set(finance.beyond)


@pytest.mark.parametrize(("files", "mean_depth"), [(24_000, 7.0), (300_000, 7.6)])
def test_folders_lie_as_deep_as_the_profile_says_and_add_up(files: int, mean_depth: float) -> None:
    shape = estate_tree.Shape(("a", "b", "c", "d", "e", "f", "g"), ("x", "y"), 7, 21, 0.13, {})
    visits = [
        each for each in estate_tree.walk(Random(4), shape, files=files, folders=files // 9) if each.files is not None
    ]
    assert sum(each.files or 0 for each in visits) == files
    assert len(visits) == len({each.path.lower() for each in visits}) == files // 9
    depth = sum((each.path.count("/") + 2) * (each.files or 0) for each in visits) / files
    assert depth == pytest.approx(mean_depth, abs=1.2)
    assert max(each.path.count("/") + 2 for each in visits) <= 21


def test_memory_does_not_grow_with_the_number_of_files() -> None:
    def most(files: int) -> int:
        tracemalloc.start()
        shape = estate_tree.Shape(PROFILE.shares[0].top, PROFILE.folders, 7, 21, 0.13, {})
        count = sum(1 for _ in estate_tree.walk(Random(4), shape, files=files, folders=files // 10))
        assert count == files // 10 * 2
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    assert most(100_000) < 3 * most(1_000) < 1_000_000
