"""What verification says of one item, from its listing alone."""

from dataclasses import replace

import pytest

from spmigrate.migrate.verify import judge
from spmigrate.store.verification import Copied, Sight

SEEN = Sight(id="t", size=5, modified=1_000, quickxor="H", etag="e", deleted=False, name="a.txt", parent_id="p")
ITEM = Copied(
    id=1, root="/r", path=b"", name=b"a.txt", target_folder="Works/Old", target_name="a.txt", target_id="t", size=5,
    modified_ns=1_000_999_999_999, quickxor="H", sha256="s", sight=SEEN, seen_in="Works/Old",
)  # fmt: skip


def verdict(item: Copied) -> str | None:
    found = judge(item)
    return found.verified if found else None


def test_equal_hash_size_and_second_is_exact() -> None:
    assert verdict(ITEM) == "exact"


@pytest.mark.parametrize(
    "sight",
    [
        None,
        replace(SEEN, deleted=True),
        replace(SEEN, modified=1_001),
        replace(SEEN, quickxor="X"),
        replace(SEEN, size=6),
    ],
)
def test_any_difference_fails(sight: Sight | None) -> None:
    assert verdict(replace(ITEM, sight=sight)) == "failed"


def test_hash_that_is_missing_is_no_pass() -> None:
    assert verdict(replace(ITEM, sight=replace(SEEN, quickxor=None))) == "unverifiable"


def test_empty_file_needs_no_hash() -> None:
    assert verdict(replace(ITEM, size=0, sight=replace(SEEN, size=0, quickxor=None))) == "exact"
    assert verdict(replace(ITEM, size=0, sight=replace(SEEN, size=1))) == "failed"


def test_rewritten_office_file_has_to_be_looked_into() -> None:
    rewritten = replace(ITEM, target_name="a.docx", sight=replace(SEEN, name="a.docx", quickxor="X", size=900))
    assert judge(rewritten) is None
    assert verdict(replace(rewritten, sight=replace(SEEN, name="a.docx", modified=2))) == "failed"


@pytest.mark.parametrize(("folder", "name"), [("Public", "a.txt"), ("Works/Old", "zzz.txt"), ("", "a.txt")])
def test_exact_content_elsewhere_fails_and_says_where(folder: str, name: str) -> None:
    found = judge(replace(ITEM, seen_in=folder, sight=replace(SEEN, name=name)))
    assert found is not None and found.verified == "failed"
    assert found.note == f"It lies elsewhere: {f'{folder}/{name}'.strip('/')}."


def test_letters_of_a_folder_that_was_there_before_do_not_count() -> None:
    assert verdict(replace(ITEM, seen_in="WORKS/old")) == "exact"


def test_place_that_is_not_known_is_no_pass() -> None:
    assert verdict(replace(ITEM, seen_in=None)) == "unverifiable"
