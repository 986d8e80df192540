"""What a scan asks beyond names: access, contents, and what a place as a whole may hide."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest

from spmigrate.scan.depth import Depth
from spmigrate.scan.places import local
from spmigrate.scan.places.local import LocalPlace
from spmigrate.scan.survey import survey
from spmigrate.store import inventory, row_facts
from spmigrate.store.entries import Entries
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Access, Attribute, Content, Entry, Found, Listing, Right

EVERYONE = Right("S-1-1-0", "Everyone", "group", allows=True, level="read", inherited=False)
NOBODY = Right("S-1-5-21-1", "", "unknown", allows=False, level="full", inherited=False)


@dataclass
class Share:
    """A folder of this machine that answers for access as a file server does."""

    folder: LocalPlace
    reservations: tuple[str, ...] = ()
    stub: bytes = b""

    def __getattr__(self, name: str) -> object:
        return getattr(self.folder, name)

    def read(self, raw: bytes) -> tuple[Entries, int]:
        entries, modified_ns = self.folder.read(raw)
        told = (each._replace(attributes=int(Attribute.OFFLINE)) if each.raw == self.stub else each for each in entries)
        return Entries.of(told), modified_ns

    def open(self, raw: bytes) -> BinaryIO:
        assert not self.stub or not raw.endswith(self.stub), "opening a stub would fetch it"
        return self.folder.open(raw)

    def access(self, raw: bytes) -> Access | None:
        if raw == b"closed":
            raise PermissionError(13, "Permission denied")
        rights = (NOBODY,) if raw.endswith(b"odd.txt") else (EVERYONE,)
        return Access("S-1-5-18", inherits=True, rights=rights)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> LocalPlace:
    for name in ("open", "closed"):
        (tmp_path / "Share" / name).mkdir(parents=True)
    for name in ("open/odd.txt", "open/plan.docx", "closed/plan.docx"):
        (tmp_path / "Share" / name).write_text(name, "utf-8")
    return local.find(tmp_path / "Share")


def codes(ledger: Ledger) -> list[str]:
    rows = ledger.rows("SELECT f.code FROM finding f JOIN source s ON s.scan_id = f.scan_id ORDER BY f.code")
    return [row["code"] for row in rows]


def test_access_of_folders_is_kept_once_and_judged(ledger: Ledger, folder: LocalPlace) -> None:
    survey(ledger, Share(folder), access="folders")
    kept = [tuple(row) for row in ledger.rows("SELECT owner, inherits FROM access")]
    assert kept == [("S-1-5-18", 1)]
    without = [row["path"] for row in ledger.rows("SELECT path FROM folder WHERE access_id IS NULL")]
    assert without == ["closed"]
    assert {"ACL-BROAD", "ACL-UNSEEN"} <= set(codes(ledger))
    assert ledger.one("SELECT 1 FROM item WHERE access_id IS NOT NULL") is None


def test_what_was_asked_for_and_not_read_keeps_the_scan_from_being_complete(
    ledger: Ledger, folder: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = survey(ledger, Share(folder), access="folders")
    assert (done.state, done.unseen, done.unread) == ("incomplete", 0, 1)
    done = survey(ledger, Share(folder))
    assert (done.state, done.unread) == ("complete", 0)

    def locked(_share: Share, _raw: bytes) -> BinaryIO:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(Share, "open", locked)
    done = survey(ledger, Share(folder), look_inside=True)
    assert (done.state, done.unseen, done.unread) == ("incomplete", 0, 3)


def test_access_of_files_is_read_on_request(ledger: Ledger, folder: LocalPlace) -> None:
    survey(ledger, Share(folder), access="files")
    rows = ledger.rows("SELECT i.name, a.rights FROM item i JOIN access a ON a.id = i.access_id ORDER BY i.id")
    assert [(row["name"], "S-1-1-0" in row["rights"]) for row in rows] == [
        ("plan.docx", True), ("odd.txt", False), ("plan.docx", True),
    ]  # fmt: skip
    assert {"ACL-DENY", "ACL-ORPHAN"} <= set(codes(ledger))
    assert ledger.one("SELECT count(*) FROM access")[0] == 2  # type: ignore[index]


def test_access_that_can_be_read_no_more_is_another_access(
    ledger: Ledger, folder: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest(*, access: str = "folders") -> str:
        source = survey(ledger, Share(folder), access=access)
        row = ledger.one("SELECT id FROM folder WHERE path='closed'")
        assert row is not None
        return row_facts.folder_facts(ledger, [(row["id"], "tree")], source.scan_id)[0].identity.access

    unread = digest()
    assert unread and unread == digest()
    assert digest(access="") == "", "nobody asked"
    monkeypatch.setattr(Share, "access", lambda *_: Access("S-1-5-18", inherits=True, rights=(EVERYONE,)))
    assert digest() not in ("", unread)


def test_without_access_nothing_is_said_of_it(ledger: Ledger, folder: LocalPlace) -> None:
    survey(ledger, Share(folder), access="folders")
    survey(ledger, Share(folder))
    assert not [code for code in codes(ledger) if code.startswith("ACL-")]
    assert ledger.one("SELECT 1 FROM folder WHERE access_id IS NOT NULL") is None


def test_offline_stub_is_never_opened(ledger: Ledger, folder: LocalPlace) -> None:
    survey(ledger, Share(folder, stub=b"odd.txt"), look_inside=True, hashes=True)
    rows = ledger.rows("SELECT name FROM item WHERE sha256 IS NULL")
    assert [row["name"] for row in rows] == ["odd.txt"]


def test_what_a_place_may_hide_keeps_the_scan_from_being_complete(ledger: Ledger, folder: LocalPlace) -> None:
    hides = ("The share hides what this account may not open.",)
    done = survey(ledger, Share(folder, reservations=hides))
    assert (done.state, done.unseen) == ("incomplete", 1)
    (unseen,) = inventory.unseen(ledger, done, 5)
    assert (unseen.path, unseen.reason) == (".", hides[0])
    assert codes(ledger) == ["UNSEEN"]
    again = survey(ledger, Share(folder))
    assert (again.state, again.unseen) == ("complete", 0)


def test_digests_are_those_of_the_content(ledger: Ledger, folder: LocalPlace) -> None:
    import hashlib

    survey(ledger, folder, hashes=True)
    row = ledger.one("SELECT sha256 FROM item WHERE name='odd.txt'")
    assert row is not None
    assert row["sha256"] == hashlib.sha256(b"open/odd.txt").hexdigest()


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="needs attributes of Linux")
def test_stub_on_a_mounted_share_is_known_by_what_its_server_says(tmp_path: Path) -> None:
    stub = tmp_path / "stub.docx"
    with stub.open("wb") as file:
        file.truncate(1_000_000)
    try:
        os.setxattr(stub, "user.cifs.dosattrib", struct.pack("<I", 0x1000 | 0x2))
    except OSError:
        pytest.skip("this file system keeps no attributes")
    ((entry,), _) = local.find(tmp_path).read(b"")
    assert entry.attributes == Attribute.OFFLINE | Attribute.HIDDEN


def test_digests_that_a_library_tells_weigh_nothing(folder: LocalPlace) -> None:
    source = Source(1, "Share", "/share", 1, "running", "", None, None, 0, 0, 0, 0)
    depth = Depth(folder, source, lambda *_: ())
    big = Entry(b"film.mp4", "film.mp4", "file", 10**10, 1, 1, None, 0, 1)
    told, read = Content(None, "x=", looked=False), Content("ab", "x=", looked=False)
    found = Found(1, b"", "")
    assert depth.weight(Listing(found, Entries.of([big]), [], contents={big.raw: told})) == 0
    assert depth.weight(Listing(found, Entries.of([big]), [], contents={big.raw: read})) > 0
