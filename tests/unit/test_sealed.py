"""Secrets outside the ledger: sealed, for their owner alone, found out when altered, gone when erased."""

import os
import re
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmigrate.errors import SealedError
from spmigrate.sealed import KEY_FILE, FileSealed, seal, unseal

SECRET = b"https://contoso.sharepoint.com/upload?tempauth=canary-of-an-upload-address"
posix = pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".sealed"


def test_secret_is_had_again_by_another_process_and_gone_when_erased(folder: Path) -> None:
    kept = FileSealed(folder).put(SECRET)
    later = FileSealed(folder)
    assert (later.get(kept), later.ids()) == (SECRET, frozenset({kept}))
    later.erase(kept)
    assert (FileSealed(folder).get(kept), later.ids()) == (None, frozenset())
    later.erase(kept)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(value=st.binary(max_size=200))
def test_any_bytes_come_back_as_they_were(tmp_path: Path, value: bytes) -> None:
    sealed = FileSealed(tmp_path / ".sealed")
    assert sealed.get(sealed.put(value)) == value


def test_nothing_is_made_before_the_first_secret(folder: Path) -> None:
    sealed = FileSealed(folder)
    assert (sealed.get("0" * 32), sealed.ids()) == (None, frozenset())
    sealed.erase("0" * 32)
    assert not folder.exists()


def test_no_file_shows_the_secret_and_no_id_tells_of_it(folder: Path) -> None:
    sealed = FileSealed(folder)
    ids = {sealed.put(SECRET) for _ in range(2)}
    assert len(ids) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", kept) for kept in ids)
    assert all(b"canary" not in each.read_bytes() and b"https" not in each.read_bytes() for each in folder.iterdir())


@posix
def test_folder_and_files_are_their_owners_alone_whatever_the_umask_says(folder: Path) -> None:
    before = os.umask(0)
    try:
        FileSealed(folder).put(SECRET)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = list(folder.iterdir())
    assert len(files) == 2
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}


@posix
@pytest.mark.parametrize(("which", "mode"), [("", 0o755), ("", 0o710), (KEY_FILE, 0o640), ("secret", 0o604)])
def test_looser_modes_are_refused_and_the_way_out_is_told(folder: Path, which: str, mode: int) -> None:
    kept = FileSealed(folder).put(SECRET)
    loose = folder / (kept if which == "secret" else which)
    loose.chmod(mode)
    with pytest.raises(SealedError, match=f"open to others \\(mode {mode:o}\\)") as refused:
        FileSealed(folder).get(kept)
    assert refused.value.hint is not None
    assert refused.value.hint.endswith(f"chmod {'600' if which else '700'} {loose}")


@posix
def test_a_folder_open_to_others_gets_no_secret(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    with pytest.raises(SealedError, match="open to others"):
        FileSealed(folder).put(SECRET)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("at", [0, 11, 12, -1])
def test_altered_secret_is_found_out(folder: Path, at: int) -> None:
    kept = FileSealed(folder).put(SECRET)
    content = bytearray((folder / kept).read_bytes())
    content[at] ^= 1
    (folder / kept).write_bytes(content)
    with pytest.raises(SealedError, match=r"was altered.*another key"):
        FileSealed(folder).get(kept)


@pytest.mark.parametrize("length", [0, 5, 12, 20])
def test_cut_off_secret_is_found_out(folder: Path, length: int) -> None:
    kept = FileSealed(folder).put(SECRET)
    (folder / kept).write_bytes((folder / kept).read_bytes()[:length])
    with pytest.raises(SealedError, match="was altered"):
        FileSealed(folder).get(kept)


def test_secret_under_another_id_is_found_out(folder: Path) -> None:
    sealed = FileSealed(folder)
    one, other = sealed.put(SECRET), sealed.put(b"another")
    (folder / one).replace(folder / other)
    with pytest.raises(SealedError, match="was altered"):
        sealed.get(other)


def test_key_that_is_gone_is_told_and_not_replaced(folder: Path) -> None:
    kept = FileSealed(folder).put(SECRET)
    (folder / KEY_FILE).unlink()
    for ask in (lambda: FileSealed(folder).get(kept), lambda: FileSealed(folder).put(SECRET)):
        with pytest.raises(SealedError, match=f"{KEY_FILE} is gone") as told:
            ask()
        assert told.value.hint is not None
        assert "begins anew" in told.value.hint
    assert not (folder / KEY_FILE).exists()
    FileSealed(folder).erase(kept)
    again = FileSealed(folder)
    assert again.get(again.put(SECRET)) == SECRET


def test_key_of_another_length_is_no_key(folder: Path) -> None:
    kept = FileSealed(folder).put(SECRET)
    (folder / KEY_FILE).write_bytes(b"short")
    with pytest.raises(SealedError, match="not a key"):
        FileSealed(folder).get(kept)


def test_programs_that_begin_at_once_share_one_key(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: FileSealed(folder).put(SECRET), range(32)))
    assert {FileSealed(folder).get(kept) for kept in ids} == {SECRET}
    assert {each.name for each in folder.iterdir()} == {*ids, KEY_FILE}


@pytest.mark.parametrize("kept", ["../key", KEY_FILE, "", "A" * 32, "0" * 31])
def test_only_ids_are_names_of_secrets(folder: Path, kept: str) -> None:
    sealed = FileSealed(folder)
    sealed.put(SECRET)
    for ask in (sealed.get, sealed.erase):
        with pytest.raises(SealedError, match="not the id"):
            ask(kept)
    assert (folder / KEY_FILE).exists()


@posix
def test_link_in_the_place_of_a_secret_is_not_followed(folder: Path, tmp_path: Path) -> None:
    sealed = FileSealed(folder)
    kept = sealed.put(SECRET)
    (folder / kept).replace(tmp_path / "elsewhere")
    (folder / kept).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SealedError, match="cannot be read"):
        sealed.get(kept)


def test_full_disk_leaves_nothing_and_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = FileSealed(folder)
    kept = sealed.put(SECRET)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SealedError, match="No space left"):
        sealed.put(b"another")
    assert {each.name for each in folder.iterdir()} == {kept, KEY_FILE}


def test_another_key_opens_nothing() -> None:
    assert unseal(b"1" * 32, "a", seal(b"1" * 32, "a", SECRET), where="here") == SECRET
    with pytest.raises(SealedError, match="here was altered"):
        unseal(b"2" * 32, "a", seal(b"1" * 32, "a", SECRET), where="here")
