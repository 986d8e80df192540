"""Access lists as one form: held against the structures of smbprotocol, which this product did not write."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.scan import access, modes
from spmigrate.scan.modes import Modes
from spmigrate.store.listing import Access, Right
from tests.samba import CHANGE, FULL, READ, descriptor_of, entry

ORPHAN = "S-1-5-21-1-2-3-1001"
NAMES = {"S-1-5-21-1-2-3-1002": ("COUNCIL\\Highways", "group"), ORPHAN: ("", "unknown")}

sids = st.builds(
    lambda authority, parts: f"S-1-{authority}-" + "-".join(map(str, parts)),
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=8),
)
entries = st.lists(
    st.tuples(sids, st.integers(0, 2**32 - 1), st.booleans(), st.integers(0, 0x1F)), max_size=8
)  # fmt: skip


def names(wanted: object) -> dict[str, tuple[str, str]]:
    return NAMES


def found(*listed: object, top: bool = False, protected: bool = False) -> dict[str, str]:
    return dict(access.findings(access.of_descriptor(descriptor_of(listed, protected=protected), names), top=top))


@given(entries, st.booleans(), st.none() | sids)
def test_what_smbprotocol_packs_is_read_entry_by_entry(
    listed: list[tuple[str, int, bool, int]], protected: bool, owner: str | None
) -> None:
    packed = [entry(who, mask, allows=allows, flags=flags) for who, mask, allows, flags in listed]
    read = access.of_descriptor(descriptor_of(packed, protected=protected, owner=owner), lambda _sids: {})
    assert read.inherits is not protected
    assert read.owner == (owner or "")
    expected = [
        (who, allows, access.level(mask, allows=allows), bool(flags & 0x10))
        for who, mask, allows, flags in listed
        if who not in ("S-1-3-0", "S-1-3-1")
    ]
    if listed:
        assert [(r.who, r.allows, r.level, r.inherited) for r in read.rights] == list(dict.fromkeys(expected))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(descriptor: bytes) -> None:
    try:
        access.of_descriptor(descriptor, names)
    except ValueError as error:
        assert str(error).startswith("the access list is")


@given(entries, st.data())
def test_descriptor_that_is_cut_off_is_refused_or_read_as_far_as_it_counts(
    listed: list[tuple[str, int, bool, int]], data: st.DataObject
) -> None:
    packed = descriptor_of([entry(who, mask) for who, mask, _, _ in listed], owner=ORPHAN)
    cut = packed[: data.draw(st.integers(0, len(packed)))]
    try:
        access.of_descriptor(cut, names)
    except ValueError:
        return
    assert cut == packed


def test_missing_list_opens_to_everyone_and_an_empty_one_to_nobody() -> None:
    nobody = struct.pack("<BxHIIII", 1, 0x8004, 0, 0, 0, 20) + struct.pack("<BxHHxx", 2, 8, 0)
    assert access.of_descriptor(nobody, names).rights == ()
    (everyone,) = access.of_descriptor(descriptor_of(None), names).rights
    assert (everyone.who, everyone.level, everyone.allows) == ("S-1-1-0", "full", True)


def test_masks_amount_to_levels() -> None:
    assert [access.level(mask, allows=True) for mask in (FULL, CHANGE, READ, 0x10000000, 0x80000000, 0x2, 0)] == [
        "full", "change", "read", "full", "read", "special", "special",
    ]  # fmt: skip
    assert [access.level(mask, allows=False) for mask in (FULL, READ, 0x116, 0x10000)] == [
        "full", "read", "change", "special",
    ]  # fmt: skip


def test_findings_name_deny_entries_first() -> None:
    listed = [entry("S-1-1-0", READ), entry(ORPHAN, READ), entry("S-1-5-21-1-2-3-1002", FULL, allows=False)]
    told = access.findings(access.of_descriptor(descriptor_of(listed), names), top=False)
    assert [code for code, _ in told] == ["ACL-DENY", "ACL-ORPHAN", "ACL-BROAD", "ACL-UNIQUE"]
    assert told[0][1].startswith("COUNCIL\\Highways is denied everything here")
    assert told[-1][1] == "It adds 3 entries of its own to what it inherits."


def test_groups_of_everybody_are_broad_in_every_domain() -> None:
    for who in ("S-1-1-0", "S-1-5-11", "S-1-5-32-545", "S-1-5-21-7-8-9-513"):
        assert "ACL-BROAD" in found(entry(who, READ))
    for who in ("S-1-5-32-544", "S-1-5-21-7-8-9-512", "S-1-5-21-7-8-9-1513"):
        assert "ACL-BROAD" not in found(entry(who, READ))
    assert "ACL-BROAD" not in found(entry("S-1-1-0", READ, allows=False))


def test_inherited_entries_are_told_of_at_the_top_alone() -> None:
    inherited = entry("S-1-1-0", READ, flags=0x10)
    assert found(inherited) == {}
    assert set(found(inherited, top=True)) == {"ACL-BROAD"}
    assert set(found(inherited, protected=True)) == {"ACL-UNIQUE"}


def look(who: str) -> str:
    return {"uid:1": "daemon", "gid:1": "daemon", "uid:7": "lp"}.get(who, "")


def posix(mode: int, acl: bytes = b"", above: Modes | None = None) -> Access:
    return modes.of_modes(Modes(1, 1, mode, acl), above, look)


def acl(*parts: tuple[int, int, int]) -> bytes:
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *part) for part in parts)


def test_modes_are_rights_of_owner_group_and_others() -> None:
    assert [(r.who, r.level, r.allows) for r in posix(0o750).rights] == [
        ("uid:1", "full", True), ("gid:1", "read", True),
    ]  # fmt: skip
    assert [(r.who, r.level) for r in posix(0o777).rights] == [
        ("uid:1", "full"), ("gid:1", "change"), ("other", "change"),
    ]  # fmt: skip
    assert "ACL-BROAD" in dict(access.findings(posix(0o755), top=False))
    assert "ACL-BROAD" not in dict(access.findings(posix(0o750), top=False))


def test_named_user_with_less_than_others_is_denied_the_rest() -> None:
    listed = acl((1, 7, 0), (2, 0, 7), (2, 6, 99), (4, 5, 0), (16, 5, 0), (32, 5, 0))
    rights = posix(0o755, listed).rights
    assert rights[0] == Right("uid:7", "lp", "user", allows=False, level="read", inherited=False)
    assert Right("uid:99", "", "user", allows=True, level="read", inherited=False) in rights  # masked: 6 & 5
    assert [code for code, _ in access.findings(posix(0o755, listed), top=False)][:2] == ["ACL-DENY", "ACL-DENY"]


def test_folder_with_the_modes_of_the_one_above_inherits() -> None:
    assert posix(0o755, above=Modes(1, 1, 0o755)).inherits
    assert not posix(0o755, above=Modes(1, 1, 0o750)).inherits
    assert access.findings(posix(0o755, above=Modes(1, 1, 0o755)), top=False) == []
    assert "ACL-UNIQUE" in dict(access.findings(posix(0o755, above=Modes(1, 1, 0o750)), top=False))


def test_more_people_in_a_list_than_a_library_takes_are_told() -> None:
    people = tuple(Right(f"S-1-5-21-{number}", "A", "user", True, "read", False) for number in range(5001))
    assert "ACL-ENTRIES" in dict(access.findings(Access("", inherits=True, rights=people), top=True))
    twice = (*people[:5000], *people[:5000])
    assert "ACL-ENTRIES" not in dict(access.findings(Access("", inherits=True, rights=twice), top=True))
