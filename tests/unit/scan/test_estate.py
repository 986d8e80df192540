"""The sample share: always the same, always whole."""

from pathlib import Path

import pytest

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.scan import estate, estate_names


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
    assert estate.generate(tmp_path, files=1000, seed=1, mean_size=24_000).bytes == pytest.approx(24_000_000, rel=0.02)


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
