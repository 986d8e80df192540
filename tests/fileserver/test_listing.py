"""Folders of a real file server as a scan sees them."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from smbprotocol.header import Smb2Flags, SMB2HeaderResponse

from spmigrate.errors import ConfigError, SpmigrateError
from spmigrate.fileserver import connection, credentials
from spmigrate.fileserver.address import parse
from spmigrate.fileserver.share import Share
from spmigrate.fileserver.status import Lost
from spmigrate.scan.places import find, smb
from spmigrate.scan.places.smb import SmbPlace
from spmigrate.store.listing import Attribute, Entry
from tests.samba import BACKUP, PASSWORD, Samba

NAMES = [
    "Minutes ", "Report.", " Budget.xlsx", "aux.docx", "CON", "LPT1.txt", ".lock", "desktop.ini", "~$Panel.docx",
    "~Archive", "\uf022x.txt", "Café.docx", "Cafe\u0301.docx", "README.txt", "Readme.txt", "a\u200bb\u00a0c\u202e.txt",
    "Children’s – final “v2”.docx", "50% off #2 & 'draft'.docx", "A%20B.docx", "Smith; Jones", "x" * 251 + ".txt",
    "report..final...docx", "=HYPERLINK(1).csv", "+1", "@x", "🚧.txt",
]  # fmt: skip


@pytest.fixture
def scanned(samba: Samba) -> Iterator[Callable[..., SmbPlace]]:
    """Places that are closed at the end."""
    made: list[SmbPlace] = []

    def place(share: str = "plain", path: str = "", **settings: bool) -> SmbPlace:
        made.append(smb.find(samba.address(share, path), **settings))
        return made[-1]

    yield place
    for each in made:
        each.close()


def listed(place: SmbPlace, raw: bytes = b"") -> dict[bytes, Entry]:
    return {entry.raw: entry for entry in place.read(raw)[0]}


def test_awkward_names_arrive_as_the_server_keeps_them(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    for name in NAMES:
        (samba.root("plain") / name).write_text(name)
    place = scanned()
    found = listed(place)
    assert sorted(found) == sorted(name.encode() for name in NAMES)
    for name in NAMES:
        with place.open(name.encode()) as file:
            assert file.read() == name.encode()


def test_sizes_times_and_ids_are_those_of_the_server(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    file = samba.root("plain") / "Letters" / "one.txt"
    file.parent.mkdir()
    file.write_bytes(b"x" * 123_456)
    os.utime(file, ns=(1_300_000_000_000_000_000, 1_300_000_000_123_456_700))
    place = scanned()
    folder = listed(place)[b"Letters"]
    one = listed(place, b"Letters")[b"one.txt"]
    assert (folder.kind, one.kind, one.size, one.modified_ns) == ("folder", "file", 123_456, 1_300_000_000_123_456_700)
    assert one.created_ns is not None and one.file_id == file.stat().st_ino != folder.file_id


def test_folder_of_many_answers_is_listed_whole(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    names = {f"{number:05} {'long name ' * 12}.txt".encode() for number in range(6_000)}
    for name in names:
        (samba.root("plain") / name.decode()).touch()
    assert set(listed(scanned())) == names


def test_deep_and_long_paths_are_read(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    parts = [f"{depth:02} {'folder ' * 10}x" for depth in range(21)]
    here = samba.root("plain")
    for part in parts:
        here = here / part
        here.mkdir()
    (here / "end.txt").write_text("end")
    raw = "/".join(parts).encode()
    assert len(raw) > 1500
    assert set(listed(scanned(), raw)) == {b"end.txt"}


def test_attributes_are_carried_over(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    for name, attributes in (("plain.txt", 0x80), ("hidden.txt", 0x2), ("both.txt", 0x6)):
        (samba.root("plain") / name).touch()
        samba.set_attributes("plain", name, attributes)
    found = {raw: entry.attributes for raw, entry in listed(scanned()).items()}
    assert found == {
        b"plain.txt": 0, b"hidden.txt": Attribute.HIDDEN, b"both.txt": Attribute.HIDDEN | Attribute.SYSTEM,
    }  # fmt: skip


def test_offline_stub_is_a_file_that_is_never_opened(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    (samba.root("stubs") / "archived.pdf").write_bytes(b"%PDF")
    place = scanned("stubs")
    stub = listed(place)[b"archived.pdf"]
    assert (stub.kind, stub.size, stub.attributes) == ("file", 4, Attribute.OFFLINE)
    with pytest.raises(OSError, match="lies elsewhere"):
        place.open(b"archived.pdf")


def test_named_streams_are_looked_for_where_asked(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    for name in ("with.txt", "without.txt"):
        (samba.root("streams") / name).touch()
    os.setxattr(samba.root("streams") / "with.txt", "user.DosStream.notes:$DATA", b"said\0")
    assert listed(scanned("streams"))[b"with.txt"].attributes == 0
    found = listed(scanned("streams", streams=True))
    assert found[b"with.txt"].attributes == Attribute.STREAMS
    assert found[b"without.txt"].attributes == 0


def test_folder_that_lies_in_itself_is_a_link(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    inner = samba.root("plain") / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "up").symlink_to("..")
    (inner / "top").symlink_to(samba.root("plain"))
    (inner / "real").mkdir()
    found = listed(scanned(), b"a/b")
    assert {raw: entry.kind for raw, entry in found.items()} == {b"up": "link", b"top": "link", b"real": "folder"}


def test_folder_that_may_not_be_listed_says_why(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    (samba.root("plain") / "closed").mkdir(mode=0o700)
    place = scanned()
    with pytest.raises(PermissionError, match="permission denied"):
        place.read(b"closed")
    assert not place.has_left(b"closed")


def test_folder_that_was_taken_away_has_left(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    for name in ("there", "gone"):
        (samba.root("plain") / name).mkdir()
    place = scanned()
    (samba.root("plain") / "gone").rmdir()
    with pytest.raises(FileNotFoundError):
        place.read(b"gone")
    assert place.has_left(b"gone")
    assert not place.has_left(b"there")


def test_content_is_read_in_pieces_and_from_any_place(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    content = os.urandom(3_000_000)
    (samba.root("plain") / "big.bin").write_bytes(content)
    with scanned().open(b"big.bin") as file:
        assert file.read(10) == content[:10]
        assert file.seek(-5, os.SEEK_END) == len(content) - 5
        assert file.read() == content[-5:]
        file.seek(0)
        assert file.read() == content


def test_share_that_hides_what_may_not_be_opened_is_scanned_with_a_reservation(
    samba: Samba, scanned: Callable[..., SmbPlace]
) -> None:
    (samba.root("hiding") / "open").mkdir()
    (samba.root("hiding") / "closed").mkdir(mode=0o700)
    place = scanned("hiding")
    assert set(listed(place)) == {b"open"}
    assert not place.backup
    assert len(place.reservations) == 1 and "access-based enumeration" in place.reservations[0]
    assert scanned("plain").reservations == ()


def test_backup_right_is_noticed_where_it_is_granted(
    samba: Samba, scanned: Callable[..., SmbPlace], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not scanned().backup
    monkeypatch.setenv("SPMIGRATE_SMB_USER", BACKUP)
    assert scanned().backup


def test_server_that_hides_in_spite_of_the_backup_right_keeps_its_reservation(
    samba: Samba, scanned: Callable[..., SmbPlace], monkeypatch: pytest.MonkeyPatch
) -> None:
    (samba.root("hiding") / "closed").mkdir(mode=0o700)
    monkeypatch.setenv("SPMIGRATE_SMB_USER", BACKUP)
    place = scanned("hiding")
    assert listed(place) == {}
    assert place.reservations


def test_another_folder_at_the_root_is_noticed(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    here = samba.root("plain") / "Letters"
    here.mkdir()
    place = scanned(path="Letters")
    place.check_present()
    here.rename(here.with_name("moved"))
    with pytest.raises(SpmigrateError, match="has gone during the scan: no such file or folder"):
        place.check_present()
    here.mkdir()
    with pytest.raises(SpmigrateError, match="not the folder any more"):
        place.check_present()


def test_connection_that_breaks_is_made_again(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    (samba.root("plain") / "one.txt").touch()
    place = scanned()
    samba.kill_sessions()
    assert set(listed(place)) == {b"one.txt"}


def test_what_cannot_be_reached_or_signed_in_to_is_one_sentence(
    samba: Samba, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(SpmigrateError, match="no such share"):
        find(samba.address("nowhere"))
    with pytest.raises(SpmigrateError, match="no such file or folder"):
        find(samba.address("plain", "nowhere"))
    monkeypatch.setenv("SPMIGRATE_SMB_PASSWORD", "wrong")
    with pytest.raises(ConfigError, match="refuses this account: wrong name or password"):
        find(samba.address("plain"))
    file = tmp_path / "credentials"
    file.write_text(f"username = {BACKUP}\npassword={PASSWORD}\n")
    file.chmod(0o600)
    monkeypatch.delenv("SPMIGRATE_SMB_USER")
    monkeypatch.delenv("SPMIGRATE_SMB_PASSWORD")
    monkeypatch.setenv("SPMIGRATE_SMB_CREDENTIALS", str(file))
    assert find(samba.address("plain")).empty


def test_every_folder_and_file_is_opened_with_backup_intent(
    samba: Samba, scanned: Callable[..., SmbPlace], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    opening = connection.open_name

    def spy(*arguments: Any, access: int, options: int) -> connection.Opened:
        nonlocal asked
        asked += [options] if arguments[2] != "lsarpc" else []
        return opening(*arguments, access=access, options=options)

    monkeypatch.setattr(connection, "open_name", spy)
    (samba.root("plain") / "one.txt").write_text("one")
    place = scanned()
    place.read(b"")
    place.access(b"one.txt")
    place.open(b"one.txt").close()
    assert len(asked) >= 5 and all(options & 0x4000 for options in asked)


def test_server_that_stays_away_stops_the_scan_instead_of_every_folder(samba: Samba) -> None:
    (samba.root("plain") / "one").mkdir()
    waited: list[float] = []
    share = Share(parse(samba.address("plain")), credentials.find(), sleep=waited.append)
    place = SmbPlace(share)
    share.address = replace(share.address, port=1)
    samba.kill_sessions()
    with pytest.raises(SpmigrateError, match="has gone during the scan: the file server does not answer") as gone:
        place.read(b"one")
    assert "run the same command" in (gone.value.hint or "") and len(waited) >= 3


def test_answer_without_a_signature_is_not_believed(samba: Samba, scanned: Callable[..., SmbPlace]) -> None:
    place = scanned()
    server = next(iter(place._share._servers.values()))
    tree = next(iter(place._share._trees.values()))
    answer = SMB2HeaderResponse()
    with pytest.raises(Lost, match="without a signature"):
        server._check_signed(answer, tree)
    answer["flags"].set_flag(Smb2Flags.SMB2_FLAGS_SIGNED)
    server._check_signed(answer, tree)
    assert server.connection.require_signing and not server.session.encrypt_data
