"""`estate generate`, as a person runs it: a whole estate in small, named shares, a profile of one's own."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Finished

Run = Callable[..., Finished]


@pytest.fixture(autouse=True)
def _working_folder(tmp_path: Path) -> None:
    (tmp_path / "spmigrate.yaml").write_text("version: 1\ntenant:\n  rehearsal: tenant\n", "utf-8")


def test_estate_in_small_has_every_share_and_says_what_it_cannot_hold(spmigrate: Run) -> None:
    made = spmigrate("estate", "generate", "shares", "--scale", "0.00001", "--mean-size", "500B")
    assert made.code == 0, made.stderr
    assert len(made.stdout.splitlines()) == 13
    assert "Common" in made.stdout
    assert "owners that do not resolve" in made.stderr


def test_named_shares_are_made_the_same_for_the_same_seed(spmigrate: Run, tmp_path: Path) -> None:
    options = (
        "--scale",
        "0.00005",
        "--share",
        "Legal",
        "--share",
        "finance",
        "--seed",
        9,
        "--mean-size",
        "400B",
        "--json",
    )
    one, two = (spmigrate("estate", "generate", folder, *options) for folder in ("one", "two"))
    assert [Path(each["share"]).name for each in one.json["shares"]] == ["Legal", "Finance"]
    listed = [sorted(path.relative_to(tmp_path / at) for path in (tmp_path / at).rglob("*")) for at in ("one", "two")]
    assert listed[0] == listed[1]
    assert one.json["bytes"] == two.json["bytes"]


def test_placeholders_of_an_archive_are_known_and_never_opened(spmigrate: Run, tmp_path: Path) -> None:
    options = ("--share", "Legal", "--scale", "0.0005", "--mean-size", "2KB", "--json")
    made = spmigrate("estate", "generate", "shares", *options)
    if "offline" in made.json["not made"]:
        pytest.skip("this file system holds no mark of a placeholder")
    scanned = spmigrate("scan", "run", made.json["share"], "--look-inside", "--hash", "--json")
    stubs = sum(
        found.st_size > 0 and found.st_blocks == 0 and b"user.cifs" in b" ".join(map(os.fsencode, os.listxattr(path)))
        for path in Path(made.json["share"]).rglob("*")
        if path.is_file() and not path.is_symlink() and (found := path.stat())
    )
    (offline,) = [each for each in scanned.json["findings"] if each["code"] == "OFFLINE"]
    assert offline["count"] == stubs > 0


def test_bad_profile_is_refused_with_its_line(spmigrate: Run, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("version: 1\nzero bytes: 2\n", "utf-8")
    refused = spmigrate("estate", "generate", "shares", "--profile", "own.yaml")
    assert refused.code == 1
    assert "own.yaml:2" in refused.stderr
    assert not (tmp_path / "shares").exists()


def test_two_ways_to_say_how_many_are_one_too_many(spmigrate: Run) -> None:
    assert spmigrate("estate", "generate", "shares", "--scale", "0.1", "--files", 300).code == 2
