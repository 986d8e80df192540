"""Names for SIDs, asked of the file server itself (MS-LSAT, LsarLookupSids), which asks its domain."""

import struct
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from spmigrate import log
from spmigrate.fileserver.share import Share

Known = tuple[str, str]
"""A name, `DOMAIN\\name`, and what it is: user, group or unknown. Without a name nobody knows the SID any more."""

_AT_ONCE = 10
"""SIDs a call, so that the answer fits the one fragment of 4,280 bytes that servers send."""
_REMEMBERED = 50_000
_PIPE = "lsarpc"
_INTERFACE = UUID("12345778-1234-abcd-ef00-0123456789ab")
_NDR = UUID("8a885d04-1ceb-11c9-9fe8-08002b104860")
_OPEN_POLICY, _LOOKUP_SIDS = 44, 15
_LOOKUP_NAMES = 0x800
_SOME, _NONE = 0x107, 0xC0000073  # STATUS_SOME_NOT_MAPPED, STATUS_NONE_MAPPED
_KINDS = {1: "user", 2: "group", 4: "group", 5: "group", 9: "user"}
_LAST = 0x2


class People:
    """The names that a file server knows. Each SID is asked for once."""

    def __init__(self, share: Share) -> None:
        self._share = share
        self._known: dict[str, Known] = {}
        self._silent = False

    def names(self, sids: Iterable[str]) -> Mapping[str, Known]:
        """What the server says of these SIDs; those are left out that it could not be asked for."""
        wanted = sorted(set(sids))
        missing = [sid for sid in wanted if sid not in self._known]
        if missing and not self._silent:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            try:
                self._known |= self._share.call(_PIPE, lambda send: _look_up(send, missing))
            except (OSError, ValueError, struct.error) as error:
                self._silent = True
                log.logger().warning("sids.unresolved", server=self._share.address.server, why=str(error))
        return {sid: self._known[sid] for sid in wanted if sid in self._known}


def _look_up(send: Callable[[bytes], bytes], sids: list[str]) -> dict[str, Known]:
    send(_pdu(11, _bind()))
    opened = _answer(send(_pdu(0, _request(_OPEN_POLICY, struct.pack("<8I", 0, 24, 0, 0, 0, 0, 0, _LOOKUP_NAMES)))))
    policy, status = opened[:20], struct.unpack("<I", opened[20:24])[0]
    if status:
        raise ValueError(f"the server does not tell names: status 0x{status:08x}")
    found: dict[str, Known] = {}
    for start in range(0, len(sids), _AT_ONCE):
        some = sids[start : start + _AT_ONCE]
        asked = policy + marshal(some) + struct.pack("<IIHxxI", 0, 0, 1, 0)
        found |= dict(
            zip(some, unmarshal(_answer(send(_pdu(0, _request(_LOOKUP_SIDS, asked)))), len(some)), strict=True)
        )
    return found


def marshal(sids: list[str]) -> bytes:
    """SIDs as LSAPR_SID_ENUM_BUFFER."""
    pointers = struct.pack(
        f"<3I{len(sids)}I", len(sids), 0x20000, len(sids), *range(0x20004, 0x20004 + 4 * len(sids), 4)
    )
    return pointers + b"".join(_sid(sid) for sid in sids)


def _sid(text: str) -> bytes:
    _, revision, authority, *rest = text.split("-")
    parts = [int(part) for part in rest]
    head = struct.pack("<IBB", len(parts), int(revision), len(parts)) + int(authority, 0).to_bytes(6, "big")
    return head + struct.pack(f"<{len(parts)}I", *parts)


def unmarshal(answer: bytes, count: int) -> list[Known]:
    """The names in an answer of LsarLookupSids, one for each SID asked. Raises ValueError when it cannot be read."""
    if len(answer) < 4:
        raise ValueError("the answer is cut off")
    status = struct.unpack("<I", answer[-4:])[0]
    if status not in (0, _SOME, _NONE):
        raise ValueError(f"the server does not tell names: status 0x{status:08x}")
    try:
        reading = _Reading(answer)
        domains = reading.domains() if reading.number() else []
        found = reading.translated(domains)
    except struct.error:
        raise ValueError("the answer is cut off") from None
    if len(found) != count:
        raise ValueError(f"{count} SIDs were asked for, {len(found)} were answered")
    return found


class _Reading:
    """Values of NDR, one after the other, each at its own alignment."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._at = 0

    def number(self) -> int:
        self._at += -self._at % 4
        value: int = struct.unpack_from("<I", self._answer, self._at)[0]
        self._at += 4
        return value

    def domains(self) -> list[str]:
        """The names of the domains that the answer refers to by number (LSAPR_REFERENCED_DOMAIN_LIST)."""
        count, array, _ = self.number(), self.number(), self.number()
        if not array:
            return []
        self.number()
        heads = [(self.number(), self.number(), self.number()) for _ in range(count)]
        names = []
        for _, name, sid in heads:
            names.append(self._text() if name else "")
            if sid:
                parts = self.number()
                self._at += 8 + 4 * parts
        return names

    def translated(self, domains: list[str]) -> list[Known]:
        """What each of the asked identifiers is called, in their order, and its kind (LSAPR_TRANSLATED_NAMES)."""
        count, array = self.number(), self.number()
        if not array:
            return []
        self.number()
        heads = [(self.number() & 0xFFFF, self.number(), self.number(), self.number()) for _ in range(count)]
        found = []
        for use, _, pointer, domain in heads:
            name = self._text() if pointer else ""
            if use not in _KINDS:
                found.append(("", "unknown"))
                continue
            of = domains[domain] if domain < len(domains) else ""
            found.append((f"{of}\\{name}" if of and name else name or of, _KINDS[use]))
        return found

    def _text(self) -> str:
        self.number(), self.number()
        length = 2 * self.number()
        text = self._answer[self._at : self._at + length]
        if len(text) != length:
            raise struct.error
        self._at += length
        return text.decode("utf-16-le", "replace")


def _bind() -> bytes:
    syntaxes = _INTERFACE.bytes_le + struct.pack("<I", 0) + _NDR.bytes_le + struct.pack("<I", 2)
    return struct.pack("<HHIBxxxHBx", 4280, 4280, 0, 1, 0, 1) + syntaxes


def _request(number: int, body: bytes) -> bytes:
    return struct.pack("<IHH", len(body), 0, number) + body


def _pdu(kind: int, body: bytes) -> bytes:
    return struct.pack("<BBBB4sHHI", 5, 0, kind, 3, b"\x10\0\0\0", 16 + len(body), 0, 1) + body


def _answer(pdu: bytes) -> bytes:
    if len(pdu) < 24 or pdu[2] != 2:
        raise ValueError("the server refuses to tell names")
    if not pdu[3] & _LAST:
        raise ValueError("the answer comes in more than one piece")
    return pdu[24 : struct.unpack_from("<H", pdu, 8)[0]]
