"""One connection to one server: signing in, shares, and the handful of requests that looking takes.

Everything is signed: smbprotocol checks signatures that are there, and this module refuses answers that have none.
Requests are made with smbprotocol's structures; answers are read here, because its structures cost a third of a
millisecond for each name of a folder.
"""

import logging
import struct
import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple

from smbprotocol.connection import Connection
from smbprotocol.exceptions import SMBAuthenticationError, SMBException, SMBResponseException
from smbprotocol.header import Smb2Flags
from smbprotocol.ioctl import CtlCode, IOCTLFlags, SMB2IOCTLRequest
from smbprotocol.open import (
    CreateDisposition,
    ImpersonationLevel,
    SMB2CloseRequest,
    SMB2CreateRequest,
    SMB2QueryDirectoryRequest,
    SMB2QueryInfoRequest,
    SMB2ReadRequest,
)
from smbprotocol.session import Session
from smbprotocol.tree import ShareCapabilities, SMB2TreeConnectRequest, SMB2TreeConnectResponse, TreeConnect

from spmigrate.errors import ConfigError
from spmigrate.fileserver.credentials import Credentials
from spmigrate.fileserver.status import Lost, Status

# Its log lines repeat what our errors say, with a traceback; without a handler they would go to stderr.
for _name in ("smbprotocol", "spnego"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False

_CONNECT_SECONDS = 20
_ANSWER_SECONDS = 120
_UNIT = 65_536
"""Bytes of an answer that one credit pays for. Source: MS-SMB2 3.1.5.2."""
_LARGEST_ANSWER = 16 * _UNIT
_SHARED = 7  # others may go on reading, writing and deleting
_ID_BOTH_DIRECTORY = 37  # FileIdBothDirectoryInformation, MS-FSCC 2.4.22
_NO_FILE = b"\xff" * 16
_CREATED = struct.Struct("<8xq8xq16xqI4x16s")
_PLACED = struct.Struct("<HHI")
_READ = struct.Struct("<HBxI")
_CONTROLLED = struct.Struct("<32xII")


class Opened(NamedTuple):
    """A folder, file or pipe that is open; `created` and `modified` are in the server's ticks."""

    id: bytes
    attributes: int
    size: int
    created: int
    modified: int


class Tree(TreeConnect):  # type: ignore[misc]  # smbprotocol has no types
    """A share that is connected, with what the server says of it."""

    def __init__(self, session: Any, share_name: str) -> None:
        super().__init__(session, share_name)
        self.flags = 0

    def connect(self, require_secure_negotiate: bool = True) -> None:
        """Connect, and keep the share's flags, which the class that this extends forgets."""
        request = SMB2TreeConnectRequest()
        request["buffer"] = self.share_name.encode("utf-16-le", "surrogatepass")
        answer = self.session.connection.receive(
            self.session.connection.send(request, sid=self.session.session_id), timeout=_ANSWER_SECONDS
        )
        said = SMB2TreeConnectResponse()
        said.unpack(answer["data"].get_value())
        self.tree_connect_id = answer["tree_id"].get_value()
        self.flags = said["share_flags"].get_value()
        self.is_dfs_share = said["capabilities"].has_flag(ShareCapabilities.SMB2_SHARE_CAP_DFS)
        self.encrypt_data = bool(self.session.connection.supports_encryption) and bool(self.flags & 0x8000)
        self._connected = True
        self.session.tree_connect_table[self.tree_connect_id] = self
        if require_secure_negotiate:
            self._verify_dialect_negotiate()


@dataclass(slots=True)
class Server:
    """A server that an account is signed in to. Not for more than one thread."""

    name: str
    connection: Any
    session: Any

    def tree(self, share: str) -> Tree:
        """Connect to a share. Raises Status and Lost."""
        tree = Tree(self.session, f"\\\\{self.name}\\{share}")
        try:
            tree.connect()
        except SMBResponseException as error:
            raise Status(error.status) from None
        except (SMBException, OSError, ValueError) as error:
            raise Lost(str(error)) from None
        return tree

    def ask(self, tree: Tree, message: Any) -> bytes:
        """Send one request, and return the body of the answer. Raises Status for a refusal, and Lost."""
        try:
            sent = self.connection.send(message, sid=self.session.session_id, tid=tree.tree_connect_id)
            answer = self.connection.receive(sent, timeout=_ANSWER_SECONDS, resolve_symlinks=False)
        except SMBResponseException as error:
            self._check_signed(error.header, tree)
            raise Status(error.status) from None
        except (SMBException, OSError, ValueError) as error:
            raise Lost(str(error)) from None
        self._check_signed(answer, tree)
        return bytes(answer["data"].get_value())

    def close(self) -> None:
        """End the connection; whatever the server still has open, it closes."""
        try:
            self.connection.disconnect(close=False)
        except (SMBException, OSError, ValueError):
            return

    def _check_signed(self, answer: Any, tree: Tree) -> None:
        encrypted = self.session.encrypt_data or tree.encrypt_data
        if not encrypted and not answer["flags"].has_flag(Smb2Flags.SMB2_FLAGS_SIGNED):
            raise Lost(f"{self.name} answers without a signature")

    def room(self) -> int:
        """How many bytes the next answer may have."""
        connection = self.connection
        if not connection.supports_multi_credit:
            return min(_UNIT, int(connection.max_transact_size))
        granted = int(connection.sequence_window["high"] - connection.sequence_window["low"])
        return min(_LARGEST_ANSWER, max(granted, 1) * _UNIT, int(connection.max_transact_size))


def sign_in(name: str, port: int, credentials: Credentials) -> Server:
    """Connect to a server and sign in. Raises ConfigError when the account is refused, Lost when nobody answers."""
    connection = Connection(uuid.uuid4(), name, port, require_signing=True)
    try:
        connection.connect(timeout=_CONNECT_SECONDS)
        session = Session(
            connection, credentials.user, credentials.password,
            require_encryption=False, auth_protocol=credentials.mechanism,
        )  # fmt: skip
        session.connect()
    except SMBAuthenticationError as error:
        _drop(connection)
        raise ConfigError(f"signing in to {name} failed: {_first_line(error)}", hint=_hint(credentials)) from None
    except SMBResponseException as error:
        _drop(connection)
        status = Status(error.status)
        if not status.refuses_account:
            raise Lost(status.reason) from None
        raise ConfigError(f"{name} refuses this account: {status.reason}", hint=_hint(credentials)) from None
    except (SMBException, OSError, ValueError) as error:
        _drop(connection)
        raise Lost(_first_line(error)) from None
    return Server(name, connection, session)


def open_name(server: Server, tree: Tree, path: str, *, access: int, options: int) -> Opened:
    """Open what there is at a path with backslashes; nothing is made. Raises Status and Lost."""
    request = SMB2CreateRequest()
    request["impersonation_level"] = ImpersonationLevel.Impersonation
    request["desired_access"] = access
    request["share_access"] = _SHARED
    request["create_disposition"] = CreateDisposition.FILE_OPEN
    request["create_options"] = options
    request["buffer_path"] = path.encode("utf-16-le", "surrogatepass") or b"\0\0"
    created, modified, size, attributes, opened = _CREATED.unpack_from(server.ask(tree, request))
    return Opened(opened, attributes, size, created, modified)


def close_name(server: Server, tree: Tree, opened: Opened) -> None:
    """Close what was opened. Raises Status and Lost."""
    request = SMB2CloseRequest()
    request["file_id"] = opened.id
    server.ask(tree, request)


def list_names(server: Server, tree: Tree, opened: Opened) -> bytes:
    """The next stretch of an open folder as FileIdBothDirectoryInformation. Raises Status at the end, and Lost."""
    request = SMB2QueryDirectoryRequest()
    request["file_information_class"] = _ID_BOTH_DIRECTORY
    request["file_id"] = opened.id
    request["output_buffer_length"] = server.room()
    request["buffer"] = "*".encode("utf-16-le")
    return _placed(server.ask(tree, request))


def look_up(
    server: Server, tree: Tree, opened: Opened, *, kind: int, level: int = 0, parts: int = 0, room: int = _UNIT
) -> bytes:
    """What QUERY_INFO says: `kind` 1 file, 2 volume, 3 security; `level` its class. Raises Status and Lost."""
    request = SMB2QueryInfoRequest()
    request["info_type"] = kind
    request["file_info_class"] = level
    request["additional_information"] = parts
    request["output_buffer_length"] = min(room, int(server.connection.max_transact_size))
    request["file_id"] = opened.id
    return _placed(server.ask(tree, request))


def read_bytes(server: Server, tree: Tree, opened: Opened, offset: int, length: int) -> bytes:
    """Up to `length` bytes from `offset` on. Raises Status at the end of the file, and Lost."""
    request = SMB2ReadRequest()
    request["length"] = min(length, server.room(), int(server.connection.max_read_size))
    request["offset"] = offset
    request["file_id"] = opened.id
    answer = server.ask(tree, request)
    _, start, size = _READ.unpack_from(answer)
    return answer[start - 64 : start - 64 + size]


def refer(server: Server, tree: Tree, path: str) -> bytes:
    r"""The referral for a DFS path such as `\server\share\folder` (MS-DFSC 2.2.4). Raises Status and Lost."""
    sent = struct.pack("<H", 4) + path.encode("utf-16-le", "surrogatepass") + b"\0\0"
    return _control(server, tree, CtlCode.FSCTL_DFS_GET_REFERRALS, _NO_FILE, sent)


def transceive(server: Server, tree: Tree, pipe: Opened, sent: bytes) -> bytes:
    """One call through a named pipe. Raises Status and Lost."""
    return _control(server, tree, CtlCode.FSCTL_PIPE_TRANSCEIVE, pipe.id, sent)


def _control(server: Server, tree: Tree, code: int, opened: bytes, sent: bytes) -> bytes:
    request = SMB2IOCTLRequest()
    request["ctl_code"] = code
    request["file_id"] = opened
    request["max_output_response"] = _UNIT
    request["flags"] = IOCTLFlags.SMB2_0_IOCTL_IS_FSCTL
    request["buffer"] = sent
    answer = server.ask(tree, request)
    start, size = _CONTROLLED.unpack_from(answer)
    return answer[start - 64 : start - 64 + size]


def _placed(answer: bytes) -> bytes:
    _, start, size = _PLACED.unpack_from(answer)
    return answer[start - 64 : start - 64 + size]


def _drop(connection: Any) -> None:
    if connection.transport is not None:
        Server("", connection, None).close()


def _hint(credentials: Credentials) -> str:
    if credentials.password is None:
        return "get a ticket with kinit, or name a keytab: export KRB5_CLIENT_KTNAME=/path/to/keytab"
    return "check SPMIGRATE_SMB_USER (DOMAIN\\name or name@domain) and its password"


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
