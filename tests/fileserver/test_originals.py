"""Files of a share as the mover reads them: what a file server may do to a file, or to itself, while it is read."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from smbprotocol.open import CreateDisposition, ImpersonationLevel, Open

from spmigrate.errors import ConfigError, SpmigrateError
from spmigrate.fileserver.credentials import find
from spmigrate.fileserver.share import Share
from spmigrate.migrate import originals
from spmigrate.migrate.original import Original, SourceProblem
from spmigrate.migrate.originals.smb import Shares, SmbOriginal
from spmigrate.quickxor import quickxor
from tests.samba import Samba
from tests.signed_estate import write

PIECE = 1 << 20
LARGE = os.urandom(PIECE) * 5 + b"end"


@pytest.fixture
def shares() -> Iterator[Shares]:
    made = Shares()
    yield made
    made.close()


def opened(shares: Shares, samba: Samba, path: bytes, name: bytes, *, share: str = "plain") -> SmbOriginal:
    return SmbOriginal(shares, samba.address(share), path, name)


def shared(samba: Samba, path: str, content: bytes = b"content", *, share: str = "plain") -> Path:
    """A file of a share that everybody may read."""
    file = write(samba.root(share) / path, content, modified=1_234_567_890)
    file.chmod(0o644)
    return file


@contextmanager
def held(samba: Samba, path: str, *, sharing: int) -> Iterator[None]:
    """Somebody has the file open, and lets others do with it what `sharing` says."""
    with samba.connected("plain") as tree:
        theirs = Open(tree, path)
        theirs.create(ImpersonationLevel.Impersonation, 0x12019F, 0x80, sharing, CreateDisposition.FILE_OPEN, 0)
        yield
        theirs.close()


@pytest.mark.parametrize("content", [b"", b"x", LARGE])
def test_content_comes_in_pieces_with_its_digests_and_its_time(samba: Samba, shares: Shares, content: bytes) -> None:
    shared(samba, "Works/2024/Café #1.bin", content)
    with opened(shares, samba, b"Works/2024", "Café #1.bin".encode()) as original:
        pieces = list(original.fragments(2 * PIECE))
        assert b"".join(pieces) == content
        assert (original.size, original.modified_ns) == (len(content), 1_234_567_890 * 10**9)
        assert (original.quickxor(), original.sha256()) == (quickxor(content), hashlib.sha256(content).hexdigest())


def test_half_sent_file_goes_on_with_digests_of_the_whole(samba: Samba, shares: Shares) -> None:
    shared(samba, "a.bin", LARGE)
    with opened(shares, samba, b"", b"a.bin") as original:
        assert b"".join(original.fragments(PIECE, start=3 * PIECE)) == LARGE[3 * PIECE :]
        assert original.sha256() == hashlib.sha256(LARGE).hexdigest()


def test_connection_is_used_again_for_the_next_file(samba: Samba, shares: Shares) -> None:
    for name in ("a.txt", "b.txt"):
        shared(samba, name)
    with opened(shares, samba, b"", b"a.txt") as first:
        connection = first._share
    with opened(shares, samba, b"", b"b.txt") as second, opened(shares, samba, b"", b"a.txt") as other:
        assert second._share is connection and other._share is not connection


def test_file_that_another_program_holds_is_locked_and_offered_again(samba: Samba, shares: Shares) -> None:
    shared(samba, "held.docx")
    with held(samba, "held.docx", sharing=0), pytest.raises(SourceProblem, match="holds the file") as caught:
        opened(shares, samba, b"", b"held.docx")
    assert caught.value.code.code == "SOURCE-LOCKED" and caught.value.code.again
    with opened(shares, samba, b"", b"held.docx") as original:
        assert list(original.fragments(PIECE)) == [b"content"]


def test_file_that_others_may_read_is_read_while_it_is_open(samba: Samba, shares: Shares) -> None:
    shared(samba, "open.docx")
    with held(samba, "open.docx", sharing=1), opened(shares, samba, b"", b"open.docx") as original:
        assert list(original.fragments(PIECE)) == [b"content"]


def test_nobody_is_kept_from_a_file_while_it_is_read(samba: Samba, shares: Shares) -> None:
    shared(samba, "a.bin", LARGE)
    with opened(shares, samba, b"", b"a.bin") as original:
        next(original.fragments(PIECE))
        with held(samba, "a.bin", sharing=7):
            pass


def test_connection_that_breaks_is_made_again_and_the_file_goes_on(samba: Samba, shares: Shares) -> None:
    shared(samba, "a.bin", LARGE)
    with opened(shares, samba, b"", b"a.bin") as original:
        original._share._sleep = lambda _: None
        pieces = original.fragments(PIECE)
        content = next(pieces)
        samba.kill_sessions()
        content += b"".join(pieces)
        assert (content, original.sha256()) == (LARGE, hashlib.sha256(LARGE).hexdigest())


def test_file_that_was_altered_while_the_connection_was_lost_has_changed(samba: Samba, shares: Shares) -> None:
    file = shared(samba, "a.bin", LARGE)
    with opened(shares, samba, b"", b"a.bin") as original:
        original._share._sleep = lambda _: None
        pieces = original.fragments(PIECE)
        next(pieces)
        samba.kill_sessions()
        write(file, LARGE + b"more")
        with pytest.raises(SourceProblem) as caught:
            list(pieces)
    assert caught.value.code.code == "SOURCE-CHANGED"


def test_file_that_is_written_to_while_it_is_read_is_noticed_before_its_last_piece(
    samba: Samba, shares: Shares
) -> None:
    file = shared(samba, "a.bin", LARGE)
    with opened(shares, samba, b"", b"a.bin") as original, pytest.raises(SourceProblem, match="written to"):
        for number, _ in enumerate(original.fragments(PIECE)):
            assert number < 5, "the last piece must not come"
            with file.open("ab") as growing:
                growing.write(b"more")


@pytest.mark.parametrize(("path", "name"), [(b"", b"gone.txt"), (b"no/folder", b"a.txt")])
def test_file_that_has_gone_has_vanished(samba: Samba, shares: Shares, path: bytes, name: bytes) -> None:
    shared(samba, "a.txt")
    with pytest.raises(SourceProblem) as caught:
        opened(shares, samba, path, name)
    assert caught.value.code.code == "SOURCE-VANISHED"


def test_folder_or_link_in_the_place_of_a_file_is_a_change(samba: Samba, shares: Shares) -> None:
    shared(samba, "folder/a.txt")
    with pytest.raises(SourceProblem) as caught:
        opened(shares, samba, b"", b"folder")
    assert caught.value.code.code == "SOURCE-CHANGED"


def test_file_that_the_account_may_not_read_is_unreadable(samba: Samba, shares: Shares) -> None:
    shared(samba, "secret.txt").chmod(0)
    with pytest.raises(SourceProblem, match="permission denied") as caught:
        opened(shares, samba, b"", b"secret.txt")
    assert caught.value.code.code == "SOURCE-UNREADABLE"


def test_share_that_has_gone_stops_the_run_with_a_sentence(samba: Samba, shares: Shares) -> None:
    with pytest.raises(SpmigrateError, match="not there any more") as caught:
        SmbOriginal(shares, samba.address("never"), b"", b"a.txt")
    assert caught.value.hint and "connect it again" in caught.value.hint


def test_server_that_does_not_answer_stops_the_run_with_a_sentence(
    shares: Shares, monkeypatch: pytest.MonkeyPatch, samba: Samba
) -> None:
    monkeypatch.setattr("spmigrate.fileserver.share._WAITS", (0.0,))
    with pytest.raises(SpmigrateError, match="not there any more"):
        SmbOriginal(shares, "smb://127.0.0.1:1/plain", b"", b"a.txt")


def test_account_that_is_refused_stops_the_run(samba: Samba, shares: Shares, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPMIGRATE_SMB_PASSWORD", "another")
    with pytest.raises(ConfigError, match="refuses this account"):
        opened(shares, samba, b"", b"a.txt")


def test_originals_are_opened_by_the_kind_of_their_source(samba: Samba, tmp_path: Path) -> None:
    shared(samba, "a.txt", b"of the share")
    write(tmp_path / "a.txt", b"of the folder")
    found = [
        originals.open_original("smb", samba.address("plain"), b"", b"a.txt"),
        originals.open_original("folder", str(tmp_path), b"", b"a.txt"),
    ]
    assert [_content(each) for each in found] == [b"of the share", b"of the folder"]
    originals.close_connections()


def _content(original: Original) -> bytes:
    with original:
        return b"".join(original.fragments(PIECE))


def test_connections_that_nobody_has_are_closed(samba: Samba, shares: Shares) -> None:
    shared(samba, "a.txt")
    with opened(shares, samba, b"", b"a.txt") as original:
        connection: Share = original._share
    shares.close()
    assert not connection._servers
    assert find().user
