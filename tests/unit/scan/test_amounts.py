"""Limits of libraries that only the whole of a scan shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate import limits
from spmigrate.scan import amounts
from spmigrate.scan.survey import survey
from spmigrate.store.amounts import Amount, below
from spmigrate.store.ledger import Ledger

pytestmark = pytest.mark.homes


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def amount(path: str = "", items: int = 0, files: int = 0, separate: int = 0, size: int = 0) -> Amount:
    return Amount(1, path, items, files, separate, size)


@pytest.mark.parametrize(
    ("within", "beyond", "code"),
    [
        (amount("a", items=100_000), amount("a", items=100_001), "LIBRARY-PERMISSIONS"),
        (amount("a", separate=5_000), amount("a", separate=5_001), "LIBRARY-SCOPES"),
        (amount(files=300_000), amount(files=300_001), "LIBRARY-SYNC"),
        (amount(items=20_000), amount(items=20_001), "LIBRARY-INDEX"),
        (amount(size=25 * 10**12), amount(size=25 * 10**12 + 1), "SITE-SIZE"),
        (amount(items=30_000_000), amount(items=30_000_001), "LIBRARY-ITEMS"),
    ],
)
def test_limit_is_said_from_the_first_one_beyond_it(within: Amount, beyond: Amount, code: str) -> None:
    assert code not in [each.code for each in amounts.examine(within)]
    assert code in [each.code for each in amounts.examine(beyond)]


def test_what_a_library_cannot_take_is_said_beside_what_is_advised() -> None:
    (found,) = amounts.examine(amount("a", separate=60_000))
    assert found.message == "60,000 places have permissions of their own; a library takes 50,000."


def test_everything_below_a_folder_is_counted_whatever_the_names_sort_as(ledger: Ledger, tmp_path: Path) -> None:
    share = tmp_path / "Share"
    for path in ("a/x/1", "a/2", "a b/3", "a!/4", "5", "a/x/y/6"):
        (share / path).parent.mkdir(parents=True, exist_ok=True)
        (share / path).write_text("x", "utf-8")
    source = survey(ledger, share)
    assert max(each.bytes for each in below(ledger, source)) == source.bytes == 6
    counted = {each.path: (each.items, each.files) for each in below(ledger, source)}
    assert counted == {"": (11, 6), "a": (5, 3), "a/x": (3, 2), "a/x/y": (1, 1), "a b": (1, 1), "a!": (1, 1)}


def test_findings_of_the_whole_are_kept_once(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    share = tmp_path / "Share"
    (share / "a").mkdir(parents=True)
    for number in range(4):
        (share / "a" / f"{number}").touch()
    monkeypatch.setattr(amounts, "FIXED_PERMISSIONS", 3)
    source = survey(ledger, share)
    amounts.mark(ledger, source)
    rows = ledger.rows(
        "SELECT f.path FROM finding x JOIN folder f ON f.id=x.folder_id WHERE code='LIBRARY-PERMISSIONS'"
    )
    assert sorted(row[0] for row in rows) == ["", "a"]


def test_files_are_told_apart_by_digest_where_there_is_one(ledger: Ledger, tmp_path: Path) -> None:
    share = tmp_path / "Share"
    for path, letter in (("a/Plan.bin", b"x"), ("b/Plan.bin", b"y"), ("c/Other.bin", b"x")):
        (share / path).parent.mkdir(parents=True)
        (share / path).write_bytes(letter * 20_000)

    def found() -> list[tuple[str, str]]:
        rows = ledger.rows(
            "SELECT x.code, f.path FROM finding x JOIN folder f ON f.id=x.folder_id WHERE x.code LIKE 'DUPLICATE%'"
        )
        return sorted((row[0], row[1]) for row in rows)

    survey(ledger, share)
    assert found() == [("DUPLICATE", "a"), ("DUPLICATE", "b")]
    survey(ledger, share, hashes=True)
    assert found() == [("DUPLICATE-CONTENT", "a"), ("DUPLICATE-CONTENT", "c")]


@pytest.mark.parametrize(
    ("site", "library", "left"),
    [
        ("/sites/t-b3k9w", "Documents", 400 - len("sites/t-b3k9w/Documents/")),
        ("https://council.sharepoint.example/sites/x", "Plans", 400 - len("sites/x/Plans/")),
        ("/sites/x", "🚧", 400 - len("sites/x/") - 3),
    ],
)
def test_budget_is_what_site_and_library_leave(site: str, library: str, left: int) -> None:
    assert limits.budget(site, library) == left
