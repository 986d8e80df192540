"""A frozen source: what the last scan shows of writes, open documents and rights; nothing is written to find out."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spmigrate.errors import InputError
from spmigrate.migrate import freezing
from spmigrate.migrate.freezing import Look
from spmigrate.store import waves
from spmigrate.store.ledger import Ledger
from tests.signed_estate import write
from tests.unit.migrate.rounds_case import Case

pytestmark = pytest.mark.homes

_QUIET = Look("2026-01-01T00:00:00.000000Z", (), 0, (), (), 0, freezing.YES, "by the access lists of the last scan")


def _right(who: str, level: str, *, allows: bool = True, name: str = "") -> dict[str, object]:
    return {"who": who, "name": name, "kind": "group", "allows": allows, "level": level, "inherited": False}


def _lists(*rights: dict[str, object]) -> list[tuple[str | None, str]]:
    return [(json.dumps(rights), "Works")]


def test_lists_that_let_everybody_read_and_administrators_change_are_read_only() -> None:
    rights = (_right("S-1-5-32-544", "full"), _right("S-1-5-18", "full"), _right("S-1-5-21-1-2-3-512", "full"),
              _right("S-1-3-0", "full"), _right("S-1-5-21-1-2-3-1104", "read"),
              _right("S-1-1-0", "change", allows=False))  # fmt: skip
    assert freezing.read_only_by_lists(_lists(*rights)) == (freezing.YES, "by the access lists of the last scan")


def test_somebody_who_may_change_a_folder_is_named() -> None:
    found = freezing.read_only_by_lists(_lists(_right("S-1-5-21-1-2-3-1104", "change", name="Works team")))
    assert found == (freezing.NO, "Works team may change Works")


@pytest.mark.parametrize("lists", [[(None, "Works")], _lists(_right("S-1-5-21-1-2-3-1104", "special"))])
def test_what_was_not_read_or_is_special_is_no_pass(lists: list[tuple[str | None, str]]) -> None:
    assert freezing.read_only_by_lists(lists)[0] == freezing.UNCLEAR


def test_only_a_source_that_is_quiet_closed_seen_and_read_only_is_clean() -> None:
    assert _QUIET.is_clean
    for change in (
        {"written": (("a", "t"),)}, {"differences": 1}, {"owner_files": ("~$a",)}, {"open": (("a", "b"),)},
        {"unseen": 1}, {"read_only": freezing.NO}, {"read_only": freezing.UNCLEAR},
    ):  # fmt: skip
        values = {name: getattr(_QUIET, name) for name in Look.__slots__} | change
        assert not Look(**values).is_clean, change


def test_writes_and_owner_files_of_the_waves_folders_are_found_and_no_others(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    write(root / "a" / "1.txt", b"one")
    write(root / "b" / "2.txt", b"two")
    case = Case(ledger, root)
    case.begin()
    since = datetime.now(UTC).replace(microsecond=0)
    for folder in ("a", "b"):
        later = since.timestamp() + 60
        write(root / folder / "late.txt", b"late", modified=int(later))
        write(root / folder / "~$1.docx", b"owner", modified=int(since.timestamp()) - 86_400)
        write(root / folder / "~$old.docx", b"owner")
        write(root / folder / "~$aved by mistake.docx", b"x" * 166)
        os.utime(root / folder, (later, later))
    case.scan()
    look = freezing.look(ledger, waves.get(ledger, "pilot"), since=since, read_only_by="file services")
    assert {path for path, _ in look.written} >= {"a", "a/late.txt"}
    assert all(path.startswith("a") for path, _ in look.written)
    assert (look.owner_files, look.why) == (("a/~$1.docx",), "by the word of file services")
    assert look.left_over == ("a/~$old.docx",)
    assert not look.is_clean
    told = freezing.look(ledger, waves.get(ledger, "pilot"), since=since, listed=[], read_only_by="file services")
    assert (told.owner_files, len(told.left_over)) == ((), 2), "the server holds none of them open"


def test_a_difference_between_two_scans_of_a_frozen_source_shows_even_with_old_dates(
    tmp_path: Path, ledger: Ledger
) -> None:
    root = tmp_path / "share"
    write(root / "a" / "1.txt", b"one")
    case = Case(ledger, root)
    case.begin()
    since = datetime(2026, 1, 1, tzinfo=UTC)
    case.scan()
    write(root / "a" / "1.txt", b"altered, and its date set back")
    case.scan()
    assert freezing.look(ledger, waves.get(ledger, "pilot"), since=since, read_only_by="x").differences == 1
    case.scan()
    assert freezing.look(ledger, waves.get(ledger, "pilot"), since=since, read_only_by="x").differences == 0


def test_open_files_are_read_as_servers_list_them(tmp_path: Path) -> None:
    windows = tmp_path / "open.csv"
    windows.write_text('#TYPE x\n"FileId","ShareRelativePath","ClientUserName"\n"1","a\\1.txt","COUNCIL\\a.role"\n')
    assert freezing.open_files(windows) == [("a\\1.txt", "COUNCIL\\a.role")]
    samba = tmp_path / "open.json"
    samba.write_text(json.dumps({"open_files": {"x": {"filename": "a/1.txt", "opens": {"1": {"username": "b"}}}}}))
    assert freezing.open_files(samba) == [("a/1.txt", "b")]
    samba.write_text("[]")
    with pytest.raises(InputError):
        freezing.open_files(samba)
