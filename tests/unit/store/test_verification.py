"""What is kept of a listing, and how copied items find themselves in it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.store import verification
from spmigrate.store.ledger import Ledger
from spmigrate.store.verification import Sight
from spmigrate.store.waves import Wave

WAVE = Wave(id=1, name="w", round=1, state="moved", created="", tenant="t", sheets=None)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        opened.execute("PRAGMA foreign_keys=OFF")
        opened.execute("INSERT INTO source(id, name, kind, root) VALUES(1, 's', 'local', '/s')")
        opened.execute("INSERT INTO folder(id, source_id, path, raw, state, scan_id) VALUES(1, 1, '', x'', 'seen', 1)")
        opened.execute_many(
            "INSERT INTO item(id, source_id, folder_id, name, kind, size, modified_ns, scan_id)"
            " VALUES(?, 1, 1, ?, 'file', 1, 0, 1)",
            [(number, str(number)) for number in range(1, 4)],
        )
        opened.execute_many(
            "INSERT INTO transfer(id, wave_id, round, item_id, row_id, size, modified_ns, state, outcome, site,"
            " library, target_folder, target_name, target_id, copied_size, copied_modified_ns, quickxor, sha256)"
            " VALUES(?, 1, 1, ?, 'M', 1, 0, 'finished', 'copied', '/sites/t', 'L', 'A/B', ?, ?, 1, 0, 'q', 's')",
            [(number, number, f"{number}.txt", f"t{number}") for number in range(1, 4)],
        )
        yield opened


def sight(item_id: str, name: str, parent: str, *, deleted: bool = False) -> Sight:
    return Sight(item_id, 1, 0, "q", "e", deleted, name, parent)


def test_place_of_each_item_is_found_whatever_the_order_of_the_listing(ledger: Ledger) -> None:
    verification.keep_sights(
        ledger,
        iter(
            [
                sight("t1", "1.txt", "b"), sight("b", "B", "a"), sight("t2", "2.txt", "top"), sight("a", "Old", "top"),
                sight("top", "root", ""), sight("a", "A", "top"), sight("t3", "3.txt", "unlisted"),
            ]
        ),
    )  # fmt: skip
    (chunk,) = verification.copied(ledger, WAVE, "/sites/t", "L", root_id="top")
    assert [each.seen_in for each in chunk] == ["A/B", "", None]


def test_ledger_can_be_written_to_while_a_listing_is_fetched(ledger: Ledger, tmp_path: Path) -> None:
    def listing() -> Iterator[Sight]:
        for number in range(2500):
            if number == 1500:
                with sqlite3.connect(tmp_path / "ledger.db", timeout=0) as other:
                    other.execute("UPDATE source SET name = 'other'")
            yield sight(f"x{number}", "x", "top")

    verification.keep_sights(ledger, listing())
    assert tuple(ledger.one("SELECT count(*) FROM sight") or ()) == (2500,)


def test_copied_items_are_read_along_an_index_and_never_sorted(ledger: Ledger) -> None:
    verification.keep_sights(ledger, iter(()))
    plan = [
        row["detail"] for row in ledger.rows("EXPLAIN QUERY PLAN " + verification._COPIED, (1, "/sites/t", "L", 0, 9))
    ]
    assert any("transfer_copied (wave_id=? AND site=? AND library=? AND id>?)" in step for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan
