"""Who may open folders of this machine, and of shares that are mounted here."""

import os
import struct
import sys
from pathlib import Path

import pytest

from spmigrate.scan.places import local, local_access
from spmigrate.store.listing import Right
from tests.samba import CHANGE, descriptor_of, entry

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="modes and attributes of Linux")
CLERK = "S-1-5-21-1-2-3-1001"


def test_modes_of_a_folder_are_read_and_compared_with_the_one_above(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for each in (tmp_path, tmp_path / "a", tmp_path / "a" / "b"):
        each.chmod(0o755)
    place = local.find(tmp_path)
    found = place.access(b"a/b")
    assert found is not None and found.inherits and found.owner == f"uid:{os.getuid()}"
    (tmp_path / "a" / "b").chmod(0o700)
    found = place.access(b"a/b")
    assert found is not None and not found.inherits
    assert [(right.who, right.level) for right in found.rights] == [(f"uid:{os.getuid()}", "full")]


def test_posix_list_of_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.touch(0o640)
    listed = ((1, 6, 2**32 - 1), (2, 6, 1), (4, 4, 2**32 - 1), (16, 6, 2**32 - 1), (32, 0, 2**32 - 1))
    packed = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *each) for each in listed)
    try:
        os.setxattr(file, "system.posix_acl_access", packed)
    except OSError:
        pytest.skip("this file system keeps no access lists")
    found = local.find(tmp_path).access(b"one.txt")
    assert found is not None
    assert Right("uid:1", "daemon", "user", allows=True, level="change", inherited=False) in found.rights


def test_list_of_a_mounted_share_is_the_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    descriptor = descriptor_of([entry(CLERK, CHANGE), entry("S-1-5-21-1-2-3-1002", CHANGE)])
    attributes = {"system.cifs_ntsd": descriptor}
    monkeypatch.setattr(local_access, "_attribute", lambda _path, name: attributes.get(name, b""))
    found = local.find(tmp_path, sids={CLERK: ("COUNCIL\\Clerk", "user")}).access(b"")
    assert found is not None
    assert [(right.name, right.kind) for right in found.rights] == [
        ("COUNCIL\\Clerk", "user"), ("S-1-5-21-1-2-3-1002", "unknown"),
    ]  # fmt: skip


def test_list_that_cannot_be_read_is_an_error_of_that_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_access, "_attribute", lambda _path, _name: b"\1\2\3")
    with pytest.raises(OSError, match="cut off"):
        local.find(tmp_path).access(b"")
