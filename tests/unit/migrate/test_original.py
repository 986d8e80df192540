"""Reading source files: what is read is what was there, and nothing outside the source is ever read."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from spmigrate.errors import SpmigrateError
from spmigrate.migrate.original import SourceProblem
from spmigrate.migrate.originals import folder as original_module
from spmigrate.migrate.originals.folder import FolderOriginal as Original
from spmigrate.quickxor import quickxor
from tests.signed_estate import write


def opened(root: Path, path: bytes = b"", name: bytes = b"a.txt") -> Original:
    return Original(str(root), path, name)


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 30])
def test_content_comes_in_pieces_with_its_digests(tmp_path: Path, size: int) -> None:
    content = bytes(range(size))
    write(tmp_path / "a.txt", content, modified=1_234_567_890)
    with opened(tmp_path) as original:
        pieces = list(original.fragments(10))
        assert b"".join(pieces) == content
        assert all(len(piece) == 10 for piece in pieces[:-1])
        assert (original.size, original.modified_ns) == (size, 1_234_567_890 * 10**9)
        assert (original.quickxor(), original.sha256()) == (quickxor(content), hashlib.sha256(content).hexdigest())


def test_names_are_bytes_and_paths_may_be_longer_than_the_system_allows(tmp_path: Path) -> None:
    part = b"d" * 200
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(25):
        os.mkdir(part, dir_fd=folder)
        inner = os.open(part, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    file = os.open(b"caf\xe9", os.O_WRONLY | os.O_CREAT, dir_fd=folder)
    os.write(file, b"deep")
    os.close(file)
    os.close(folder)
    with opened(tmp_path, b"/".join([part] * 25), b"caf\xe9") as original:
        assert b"".join(original.fragments(100)) == b"deep"


def test_file_that_grows_while_it_is_read_is_noticed_before_its_last_piece(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", b"x" * 25)
    with opened(tmp_path) as original, pytest.raises(SourceProblem, match="written to") as caught:
        for number, _ in enumerate(original.fragments(10)):
            assert number < 2, "the last piece must not come"
            with (tmp_path / "a.txt").open("ab") as file:
                file.write(b"more")
    assert caught.value.code.code == "SOURCE-CHANGED"


def test_file_that_shrinks_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", b"x" * 30_000)
    with opened(tmp_path) as original, pytest.raises(SourceProblem, match="shorter"):
        for _ in original.fragments(20_000):
            os.truncate(tmp_path / "a.txt", 1)


@pytest.mark.parametrize(("path", "name"), [(b"", b"gone.txt"), (b"no/folder", b"a.txt"), (b"a.txt", b"b.txt")])
def test_file_that_has_gone_has_vanished(tmp_path: Path, path: bytes, name: bytes) -> None:
    write(tmp_path / "a.txt", b"x")
    with pytest.raises(SourceProblem) as caught:
        opened(tmp_path, path, name)
    assert caught.value.code.code == "SOURCE-VANISHED"


def test_share_that_has_gone_stops_everything(tmp_path: Path) -> None:
    empty = tmp_path / "mount"
    empty.mkdir()
    for root in (empty, tmp_path / "never"):
        with pytest.raises(SpmigrateError, match="not there any more"):
            opened(root)


def test_links_are_never_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "outside" / "secret.txt", b"secret").parent
    root = write(tmp_path / "share" / "other.txt", b"x").parent
    (root / "a.txt").symlink_to(secret / "secret.txt")
    (root / "folder").symlink_to(secret)
    with pytest.raises(SourceProblem, match="is a link now"):
        opened(root)
    with pytest.raises(SourceProblem):
        opened(root, b"folder", b"secret.txt")


def test_system_without_relative_opening_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(original_module, "_NAME_BY_NAME", False)
    write(tmp_path / "in" / "a.txt", b"content")
    (tmp_path / "in" / "link").symlink_to("a.txt")
    with opened(tmp_path, b"in") as original:
        assert list(original.fragments(10)) == [b"content"]
    with pytest.raises(SourceProblem, match="is a link now"):
        opened(tmp_path, b"in", b"link")


def test_pipe_in_the_place_of_a_file_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(SourceProblem, match="is none now"):
        opened(tmp_path)


def test_file_that_another_program_holds_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.txt", b"x")
    really = os.open

    def held(path: str, *rest: int, **more: int) -> int:
        if path == b"a.txt":
            raise OSError(errno.EBUSY, "Device or resource busy")
        return really(path, *rest, **more)

    monkeypatch.setattr(os, "open", held)
    with pytest.raises(SourceProblem, match="Another program") as caught:
        opened(tmp_path)
    assert caught.value.code.code == "SOURCE-LOCKED" and caught.value.code.again


@pytest.mark.parametrize("start", [0, 10, 20, 25])
def test_half_sent_file_goes_on_with_digests_of_the_whole(tmp_path: Path, start: int) -> None:
    content = bytes(range(25))
    write(tmp_path / "a.txt", content)
    with opened(tmp_path) as original:
        assert b"".join(original.fragments(10, start=start)) == content[start:]
        assert (original.quickxor(), original.sha256()) == (quickxor(content), hashlib.sha256(content).hexdigest())


def test_folder_in_the_place_of_a_file_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(SourceProblem):
        opened(tmp_path)


def test_file_that_the_system_does_not_open_is_unreadable(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", b"x")
    with pytest.raises(SourceProblem, match="could not be read") as caught:
        opened(tmp_path, name=b"x" * 300)
    assert caught.value.code.code == "SOURCE-UNREADABLE"


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="needs attributes of Linux")
def test_placeholder_of_an_archive_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub = tmp_path / "a.txt"
    with stub.open("wb") as file:
        file.truncate(1_000_000)
    opened(tmp_path).__exit__(None, None, None)
    try:
        os.setxattr(stub, "user.cifs.dosattrib", (0x1000).to_bytes(4, "little"))
    except OSError:
        pytest.skip("this file system keeps no attributes")
    asked = []
    really = os.open
    monkeypatch.setattr(os, "open", lambda path, *rest, **more: asked.append(path) or really(path, *rest, **more))
    with pytest.raises(SourceProblem, match="archive has taken") as caught:
        opened(tmp_path)
    assert caught.value.code.code == "SOURCE-OFFLINE" and caught.value.code.again
    assert asked == [str(tmp_path)]
