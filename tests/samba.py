"""A real file server for tests: smbd on a high port of this machine, with its own state, and access lists to set.

It needs root, because smbd takes on the account that is signed in. Nothing of the machine is changed: the accounts are
Unix accounts that every system has, their passwords are in a database of the test, and all of it goes at the end.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from smbprotocol.connection import Connection
from smbprotocol.file_info import FileBasicInformation
from smbprotocol.open import CreateDisposition, ImpersonationLevel, Open, SMB2SetInfoRequest
from smbprotocol.security_descriptor import (
    AccessAllowedAce,
    AccessDeniedAce,
    AclPacket,
    SDControl,
    SIDPacket,
    SMB2CreateSDBuffer,
)
from smbprotocol.session import Session
from smbprotocol.tree import TreeConnect

from tests.programs import program

PASSWORD = "Rehearsal-1"
READER = "daemon"
"""An account without any right of its own."""
BACKUP = "bin"
"""An account that may back up whatever the access lists say."""
FULL, CHANGE, READ = 0x1F01FF, 0x1301BF, 0x1200A9

_GLOBAL = """
[global]
workgroup = COUNCIL
netbios name = FS01
server role = standalone server
realm = COUNCIL.EXAMPLE
kerberos method = dedicated keytab
dedicated keytab file = {state}/keytab
passdb backend = tdbsam:{state}/passdb.tdb
private dir = {state}
lock directory = {state}
state directory = {state}
cache directory = {state}
pid directory = {state}
ncalrpc dir = {state}/ncalrpc
usershare path =
log file = {state}/log
smb ports = {port}
interfaces = 127.0.0.1
bind interfaces only = yes
disable netbios = yes
disable spoolss = yes
load printers = no
printing = bsd
printcap name = /dev/null
server min protocol = SMB2
server signing = mandatory
host msdfs = yes
mangled names = no
map archive = no
read only = no
ea support = yes
store dos attributes = yes
vfs objects = acl_xattr
acl_xattr:ignore system acls = yes
"""
_SHARES = {
    "plain": "",
    "hiding": "hide unreadable = yes",
    "stubs": "vfs objects = offline acl_xattr",
    "streams": "vfs objects = streams_xattr acl_xattr",
    "namespace": "msdfs root = yes",
}


@dataclass(frozen=True)
class Samba:
    """A running server; every share has a folder of its own."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes]"

    def root(self, share: str) -> Path:
        """Where a share lies on this machine."""
        return self.folder / share

    @property
    def keytab(self) -> Path:
        """Where the server looks for the keys of its own name, when somebody comes with a ticket."""
        return self.folder / "state" / "keytab"

    def address(self, share: str, path: str = "") -> str:
        """What a person types to scan it."""
        return f"smb://127.0.0.1:{self.port}/{share}" + (f"/{path}" if path else "")

    def kill_sessions(self) -> None:
        """End every connection from the server's side, as a server that is restarted does."""
        for child in _below(self.process.pid):
            name = Path(f"/proc/{child}/comm").read_text().strip()
            if name == "smbd":
                os.kill(child, signal.SIGKILL)

    @contextmanager
    def connected(self, share: str, user: str = "root") -> "Iterator[TreeConnect]":
        """A share as the outsider smbprotocol sees it."""
        connection = Connection(uuid.uuid4(), "127.0.0.1", self.port)
        connection.connect()
        try:
            session = Session(connection, user, PASSWORD, require_encryption=False, auth_protocol="ntlm")
            session.connect()
            tree = TreeConnect(session, rf"\\127.0.0.1\{share}")
            tree.connect()
            yield tree
        finally:
            connection.disconnect()

    def set_access(
        self, share: str, path: str, entries: Sequence[AccessAllowedAce | AccessDeniedAce], *, protected: bool = False
    ) -> None:
        """Give a folder or file this access list, through SMB."""
        descriptor = descriptor_of(entries, protected=protected)
        with self.connected(share) as tree, _opened(tree, path, access=0x60000) as opened:
            _set(opened, kind=3, level=0, parts=4, content=descriptor)

    def set_attributes(self, share: str, path: str, attributes: int) -> None:
        """Mark a file as hidden, for the system and so on, through SMB."""
        basic = FileBasicInformation()
        basic["file_attributes"] = attributes
        with self.connected(share) as tree, _opened(tree, path, access=0x100) as opened:
            _set(opened, kind=1, level=4, parts=0, content=basic.pack())


def entry(who: str, mask: int, *, allows: bool = True, flags: int = 0) -> AccessAllowedAce | AccessDeniedAce:
    """One entry of an access list."""
    sid = SIDPacket()
    sid.from_string(who)
    made = AccessAllowedAce() if allows else AccessDeniedAce()
    made["ace_flags"] = flags
    made["mask"] = mask
    made["sid"] = sid
    return made


def descriptor_of(entries: Sequence[Any] | None, *, protected: bool = False, owner: str | None = None) -> bytes:
    """A security descriptor, by smbprotocol's own structures."""
    made = SMB2CreateSDBuffer()
    made["control"] = (  # as Windows asks for it: what is made below says what it inherited
        SDControl.SELF_RELATIVE | SDControl.DACL_AUTO_INHERITED | SDControl.DACL_COMPUTED_INHERITANCE_REQUIRED
    )
    if protected:
        made["control"].set_flag(SDControl.DACL_PROTECTED)
    if entries is not None:
        packet = AclPacket()
        packet["aces"] = list(entries)
        made.set_dacl(packet)
    if owner is not None:
        sid = SIDPacket()
        sid.from_string(owner)
        made.set_owner(sid)
    packed: bytes = made.pack()
    return packed


def make_folder(tree: TreeConnect, path: str) -> None:
    """Make a folder through SMB, so that it inherits as the server says."""
    made = Open(tree, path)
    made.create(ImpersonationLevel.Impersonation, 0x80, 0x10, 7, CreateDisposition.FILE_CREATE, 1)
    made.close()


@contextmanager
def serve(folder: Path) -> Iterator[Samba]:
    """Run a server until the block ends."""
    smbd, pdbedit, net = (program([name], package="samba samba-vfs-modules") for name in ("smbd", "pdbedit", "net"))
    state, port = folder / "state", free_port()
    (state / "ncalrpc").mkdir(parents=True)
    config = folder / "smb.conf"
    text = _GLOBAL.format(state=state, port=port)
    for share, settings in _SHARES.items():
        (folder / share).mkdir()
        (folder / share).chmod(0o777)
        text += f"[{share}]\npath = {folder / share}\n{settings}\n"
    config.write_text(text)
    for user in (READER, BACKUP, "root"):
        _run(pdbedit, "-s", config, "-t", "-a", "-u", user, said=f"{PASSWORD}\n{PASSWORD}\n")
    for right in ("SeBackupPrivilege", "SeSecurityPrivilege"):
        _run(net, "-s", config, "sam", "rights", "grant", BACKUP, right)
    process = subprocess.Popen(
        [smbd, "-F", "--no-process-group", "-s", str(config)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,  # it ends with a signal to its whole group
    )  # fmt: skip
    try:
        _wait(port, process)
        yield Samba(folder, port, process)
    finally:
        ours = [*_below(process.pid), *_helpers(config)]
        process.terminate()
        process.wait(15)
        for pid in ours:
            _end(pid)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def samba_server() -> Iterator[Samba]:
    """One server for the whole run, in a folder that other accounts can reach, which pytest's own is not."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        if os.environ.get("CI"):
            pytest.fail("smbd needs root")
        pytest.skip("smbd needs root")
    folder = Path(tempfile.mkdtemp(prefix="spmigrate-samba-"))
    folder.chmod(0o755)
    with serve(folder) as running:
        yield running


@pytest.fixture
def samba(samba_server: Samba, monkeypatch: pytest.MonkeyPatch) -> Iterator[Samba]:
    """The server, with its shares empty, and the environment of an account without rights."""
    monkeypatch.setenv("SPMIGRATE_SMB_USER", READER)
    monkeypatch.setenv("SPMIGRATE_SMB_PASSWORD", PASSWORD)
    yield samba_server
    for share in _SHARES:
        for each in samba_server.root(share).iterdir():
            shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()


@contextmanager
def _opened(tree: TreeConnect, path: str, *, access: int) -> Iterator[Open]:
    opened = Open(tree, path)
    opened.create(ImpersonationLevel.Impersonation, access, 0, 7, CreateDisposition.FILE_OPEN, 0)
    try:
        yield opened
    finally:
        opened.close()


def _set(opened: Open, *, kind: int, level: int, parts: int, content: bytes) -> None:
    request = SMB2SetInfoRequest()
    request["info_type"] = kind
    request["file_info_class"] = level
    request["additional_information"] = parts
    request["file_id"] = opened.file_id
    request["buffer"] = content
    tree = opened.tree_connect
    connection = tree.session.connection
    connection.receive(connection.send(request, sid=tree.session.session_id, tid=tree.tree_connect_id))


def _run(*command: object, said: str = "") -> None:
    subprocess.run([str(part) for part in command], input=said, text=True, check=True, capture_output=True)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "smbd ended at once"
        time.sleep(0.05)
    raise AssertionError("smbd does not answer")


def _below(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(each) for each in children.read_text().split()] if children.exists() else []


def _helpers(config: Path) -> list[int]:
    """The programs that smbd started apart from itself, known by the settings that only they have."""
    found = []
    for each in Path("/proc").iterdir():
        try:
            if each.name.isdigit() and str(config).encode() in (each / "cmdline").read_bytes():
                found.append(int(each.name))
        except OSError:
            continue
    return found


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
