"""A mounted share shows no names that it hides; the kernel knows that it hides some."""

from pathlib import Path

import pytest

from spmigrate.scan.places import local, mounts
from spmigrate.scan.survey import survey
from spmigrate.store import inventory
from spmigrate.store.ledger import Ledger

_DEBUG = r"""Display Internal CIFS Data Structures for Debugging
---------------------------------------------------
CIFS Version 2.43
Servers:
1) ConnectionId: 0x1 Hostname: fs01
	Shares:
	0) IPC: \\fs01\IPC$ Mounts: 1 DevInfo: 0x0 Attributes: 0x0
	PathComponentMax: 0 Status: 1 type: 0 Serial Number: 0x0
	Share Capabilities: None	Share Flags: 0x30
	1) \\FS01\Adult Care Mounts: 1 Type: NTFS DevInfo: 0x20020 Attributes: 0xc706ff
	PathComponentMax: 255 Status: 1 type: DISK Serial Number: 0x1
	Share Capabilities: None Aligned, Partition Aligned,	Share Flags: 0x830
	2) \\fs01\Common Mounts: 1 Type: NTFS DevInfo: 0x20020 Attributes: 0xc706ff
	PathComponentMax: 255 Status: 1 type: DISK Serial Number: 0x2
	Share Capabilities: None	Share Flags: 0x30
"""


@pytest.fixture
def drives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders that the kernel takes for mounted shares: one that hides names, one that does not."""
    drives = (tmp_path / "drives").resolve()
    for name in ("Adult Care/Letters", "Common", "here"):
        (drives / name).mkdir(parents=True)
    listed = str(drives).replace(" ", r"\040")
    proc = tmp_path / "proc"
    for name, text in {
        "self/mounts": "/dev/sda1 / ext4 rw 0 0\n"
        f"//fs01/Adult\\040Care/Sub {listed}/Adult\\040Care cifs rw 0 0\n//fs01/Common {listed}/Common smb3 rw 0 0\n",
        "fs/cifs/DebugData": _DEBUG,
    }.items():
        (proc / name).parent.mkdir(parents=True, exist_ok=True)
        (proc / name).write_text(text)
    monkeypatch.setattr(mounts, "_PROC", proc)
    return drives


@pytest.mark.parametrize(
    ("folder", "hides"), [("Adult Care", 1), ("Adult Care/Letters", 1), ("Common", 0), ("here", 0), (".", 1)]
)
def test_share_that_hides_names_is_known_wherever_the_scan_begins(drives: Path, folder: str, hides: int) -> None:
    found = local.find(drives / folder).reservations
    assert len(found) == hides
    assert all("\\\\fs01\\Adult Care leaves out" in each and "access-based" in each for each in found)


def test_scan_of_a_mounted_share_that_hides_names_is_incomplete(drives: Path, tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        source = survey(ledger, drives / "Adult Care")
        assert (source.state, source.unseen) == ("incomplete", 1)
        assert "access-based enumeration" in inventory.unseen(ledger, source, 1)[0].reason


def test_system_that_tells_nothing_of_mounts_hides_nothing(drives: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mounts, "_PROC", drives)
    assert local.find(drives / "Adult Care").reservations == ()
