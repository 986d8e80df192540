"""Links of a DFS namespace: they are followed to where they lead, and never in a circle."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.fileserver import dfs
from spmigrate.fileserver.dfs import Referral
from spmigrate.scan.places import smb
from spmigrate.scan.places.smb import SmbPlace
from spmigrate.scan.survey import survey
from spmigrate.store import inventory
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Attribute
from tests.samba import Samba


@pytest.fixture
def namespace(samba: Samba) -> Iterator[Samba]:
    for name, target in {
        "Letters": r"127.0.0.1\plain\Letters",
        "Whole": r"127.0.0.1\plain",
        "Circle": r"127.0.0.1\namespace",
        "Gone": r"127.0.0.1\nowhere",
        "Second choice": r"127.0.0.1\nowhere,127.0.0.1\plain\Letters",
    }.items():
        (samba.root("namespace") / name).symlink_to(f"msdfs:{target}")
    (samba.root("plain") / "Letters" / "2019").mkdir(parents=True)
    (samba.root("plain") / "Letters" / "one.txt").write_text("one")
    yield samba


def place(samba: Samba, path: str = "") -> SmbPlace:
    return smb.find(samba.address("namespace", path))


def names(found: SmbPlace, raw: bytes) -> list[bytes]:
    return [entry.raw for entry in found.read(raw)[0]]


def test_link_is_a_folder_that_is_scanned_where_it_leads(namespace: Samba) -> None:
    found = place(namespace)
    link = next(entry for entry in found.read(b"")[0] if entry.raw == b"Letters")
    assert link.kind == "folder" and link.attributes & Attribute.REPARSE
    assert names(found, b"Letters") == [b"2019", b"one.txt"]
    assert names(found, b"Letters/2019") == []
    assert names(found, b"Whole/Letters") == [b"2019", b"one.txt"]
    with found.open(b"Letters/one.txt") as file:
        assert file.read() == b"one"
    assert found.access(b"Letters/one.txt") is not None
    found.close()


def test_folder_below_a_link_is_found_without_its_parent_being_read(namespace: Samba) -> None:
    found = place(namespace)
    assert names(found, b"Whole/Letters/2019") == []
    found.close()


def test_root_may_be_a_link_or_lie_below_one(namespace: Samba) -> None:
    for path in ("Letters", "Whole/Letters"):
        found = place(namespace, path)
        assert found.path.endswith(path)
        assert names(found, b"") == [b"2019", b"one.txt"]
        found.close()


def test_link_to_what_it_lies_in_is_not_followed(namespace: Samba) -> None:
    found = place(namespace)
    kinds = {entry.raw: entry.kind for entry in found.read(b"")[0]}
    assert kinds[b"Circle"] == "link" and kinds[b"Whole"] == "folder"
    with pytest.raises(OSError, match="in which it lies itself"):
        found.read(b"Circle")
    found.close()


def test_link_to_a_share_that_hides_names_is_an_incomplete_scan(namespace: Samba, tmp_path: Path) -> None:
    (namespace.root("namespace") / "Hiding").symlink_to(r"msdfs:127.0.0.1\hiding")
    (namespace.root("hiding") / "seen.txt").touch()
    for link in ("Circle", "Gone"):
        (namespace.root("namespace") / link).unlink()
    found = place(namespace)
    assert not found.reservations
    with Ledger(tmp_path / "ledger.db") as ledger:
        source = survey(ledger, found)
        assert (source.state, source.unseen) == ("incomplete", 1)
        (unseen,) = inventory.unseen(ledger, source, 5)
        assert unseen.reason.startswith("Below 'Hiding': The share leaves out of its listings")
    found.close()


def test_link_that_leads_nowhere_is_a_folder_that_cannot_be_read(namespace: Samba) -> None:
    found = place(namespace)
    kinds = {entry.raw: entry.kind for entry in found.read(b"")[0]}
    assert kinds[b"Gone"] == "folder"
    with pytest.raises(FileNotFoundError, match="no such share"):
        found.read(b"Gone")
    assert not found.has_left(b"Gone")
    found.close()


def test_next_target_is_taken_where_the_first_does_not_answer(namespace: Samba) -> None:
    found = place(namespace)
    assert names(found, b"Second choice") == [b"2019", b"one.txt"]
    found.close()


def test_where_links_lead_is_kept(namespace: Samba) -> None:
    found = place(namespace)
    found.read(b"")
    assert found.referrals["Letters"] == r"\\127.0.0.1\plain\Letters"
    found.close()


def referral(asked: str, consumed: int, targets: list[str], version: int) -> bytes:
    head = struct.pack("<HHI", consumed, len(targets), 2)
    size = {1: 0, 2: 22, 3: 34, 4: 34}[version]
    if version == 1:
        return head + b"".join(
            struct.pack("<HHHH", 1, 10 + 2 * len(each), 0, 0) + each.encode("utf-16-le") + b"\0\0" for each in targets
        )
    entries, texts = b"", b""
    for number, each in enumerate(targets):
        place = size * (len(targets) - number) + len(texts)
        if version == 2:
            entries += struct.pack("<HHHHIIHHH", version, size, 0, 0, 0, 300, place, place, place)
        else:
            entries += struct.pack("<HHHHIHHH16x", version, size, 0, 0, 300, place, place, place)
        texts += each.encode("utf-16-le") + b"\0\0"
    return head + entries + texts


@given(
    st.lists(st.text("abcÄ ", min_size=1, max_size=8), min_size=2, max_size=6),
    st.integers(0, 4),
    st.lists(st.text("abc\\Ü", min_size=1, max_size=20), max_size=4),
    st.sampled_from([1, 2, 3, 4]),
)
def test_referrals_of_every_version_are_read(parts: list[str], below: int, targets: list[str], version: int) -> None:
    below = min(below, len(parts) - 1)
    asked = "\\" + "\\".join(parts)
    consumed = len("\\" + "\\".join(parts[: len(parts) - below])) * 2
    found = dfs.parse(referral(asked, consumed, targets, version), asked)
    assert found == Referral(tuple(parts[len(parts) - below :]), tuple(targets))


@given(st.binary(max_size=80))
def test_referral_of_any_bytes_is_read_or_refused(answer: bytes) -> None:
    try:
        dfs.parse(answer, r"\fs01\share")
    except ValueError as error:
        assert "cut off" in str(error)
