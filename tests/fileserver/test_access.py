"""Access lists of a real file server, as a scan reads them and what it says of them."""

import os
import pwd
from collections.abc import Iterator

import pytest

from spmigrate.scan import access
from spmigrate.scan.places import smb
from spmigrate.scan.places.smb import SmbPlace
from spmigrate.store.listing import Access, Right
from tests.samba import CHANGE, FULL, READ, READER, Samba, entry, make_folder

EVERYONE, ADMINISTRATORS = "S-1-1-0", "S-1-5-32-544"
ORPHAN = "S-1-5-21-1111111111-2222222222-3333333333-4444"
INHERITABLE = 0x3


@pytest.fixture
def place(samba: Samba) -> Iterator[SmbPlace]:
    (samba.root("plain") / "Letters").mkdir()
    found = smb.find(samba.address("plain"))
    yield found
    found.close()


def read(place: SmbPlace, raw: bytes) -> Access:
    found = place.access(raw)
    assert found is not None
    return found


def codes(place: SmbPlace, raw: bytes) -> dict[str, str]:
    return dict(access.findings(read(place, raw), top=False))


def account(place: SmbPlace) -> str:
    """The SID of the account that scans, by way of a file that belongs to it."""
    return read(place, b"mine.txt").owner


def test_owner_and_rights_have_names_that_the_server_gives(samba: Samba, place: SmbPlace) -> None:
    (samba.root("plain") / "mine.txt").touch()
    os.chown(samba.root("plain") / "mine.txt", pwd.getpwnam(READER).pw_uid, -1)
    who = account(place)
    entries = [entry(who, CHANGE), entry(ADMINISTRATORS, FULL), entry("S-1-5-32-551", READ)]
    samba.set_access("plain", "Letters", entries, protected=True)
    found = read(place, b"Letters")
    assert not found.inherits
    assert found.rights == (
        Right(who, f"FS01\\{READER}", "user", allows=True, level="change", inherited=False),
        Right(ADMINISTRATORS, "Administrators", "group", allows=True, level="full", inherited=False),
        Right("S-1-5-32-551", "Backup Operators", "group", allows=True, level="read", inherited=False),
    )


def test_deny_entry_is_found_and_its_meaning_said(samba: Samba, place: SmbPlace) -> None:
    entries = [entry(ADMINISTRATORS, READ, allows=False), entry(EVERYONE, READ)]
    samba.set_access("plain", "Letters", entries)
    found = codes(place, b"Letters")
    assert next(iter(found)) == "ACL-DENY"
    assert found["ACL-DENY"].startswith("Administrators is denied reading here. SharePoint has no deny entries")


def test_account_that_nobody_knows_is_an_orphan(samba: Samba, place: SmbPlace) -> None:
    samba.set_access("plain", "Letters", [entry(ORPHAN, CHANGE), entry(EVERYONE, READ)])
    assert read(place, b"Letters").rights[0] == Right(ORPHAN, "", "unknown", True, "change", False)
    assert ORPHAN in codes(place, b"Letters")["ACL-ORPHAN"]


def test_sid_that_could_not_be_asked_for_is_no_orphan(samba: Samba, place: SmbPlace) -> None:
    samba.set_access("plain", "Letters", [entry(ORPHAN, CHANGE), entry(EVERYONE, READ)])
    descriptor = place._share.descriptor(b"Letters")
    found = access.of_descriptor(descriptor, lambda _sids: {})
    assert found.rights[0].name == ORPHAN
    assert "ACL-ORPHAN" not in dict(access.findings(found, top=False))


def test_broad_groups_are_found_by_what_they_may_do(samba: Samba, place: SmbPlace) -> None:
    samba.set_access("plain", "Letters", [entry(EVERYONE, CHANGE)])
    assert codes(place, b"Letters")["ACL-BROAD"].startswith("Everyone may read and change here")
    samba.set_access("plain", "Letters", [entry(EVERYONE, READ)])
    assert codes(place, b"Letters")["ACL-BROAD"].startswith("Everyone may read here")


def test_permissions_of_its_own_are_told_from_inherited_ones(samba: Samba, place: SmbPlace) -> None:
    entries = [entry(EVERYONE, READ, flags=INHERITABLE), entry(ADMINISTRATORS, FULL, flags=INHERITABLE)]
    samba.set_access("plain", "Letters", entries, protected=True)
    with samba.connected("plain") as tree:
        make_folder(tree, "Letters\\2019")
    inherited = read(place, b"Letters/2019")
    assert inherited.inherits and all(right.inherited for right in inherited.rights)
    assert codes(place, b"Letters/2019") == {}
    assert codes(place, b"Letters")["ACL-UNIQUE"] == "It inherits nothing: its access list is its own."
    assert "ACL-BROAD" in dict(access.findings(inherited, top=True))


def test_files_have_access_too(samba: Samba, place: SmbPlace) -> None:
    (samba.root("plain") / "Letters" / "one.txt").touch()
    samba.set_access("plain", "Letters\\one.txt", [entry(EVERYONE, READ)], protected=True)
    assert codes(place, b"Letters/one.txt").keys() == {"ACL-BROAD", "ACL-UNIQUE"}


def test_access_list_that_may_not_be_read_says_so(samba: Samba, place: SmbPlace) -> None:
    samba.set_access("plain", "Letters", [entry("S-1-5-18", FULL)], protected=True)
    with pytest.raises(PermissionError, match="permission denied"):
        place.access(b"Letters")


def test_names_of_many_accounts_are_asked_for_in_parts(samba: Samba, place: SmbPlace) -> None:
    orphans = [f"S-1-5-21-1-2-3-{number}" for number in range(1000, 1035)]
    known = place._people.names([*orphans, "S-1-22-2-0"])
    assert {sid for sid, (name, _) in known.items() if not name} == set(orphans)
    assert known["S-1-22-2-0"] == ("Unix Group\\root", "group")


def test_names_are_asked_for_again_when_the_connection_breaks(samba: Samba, place: SmbPlace) -> None:
    assert place._people.names(["S-1-22-2-0"])
    samba.kill_sessions()
    assert place._people.names(["S-1-22-1-0"]) == {"S-1-22-1-0": ("Unix User\\root", "user")}
    assert list(place._share._trees) and len(place._share._trees) == 2, "the share, and one way to its pipes"
