"""Referrals of a DFS namespace, out of the bytes that a server sends (MS-DFSC 2.2.4). Pure."""

import struct
from dataclasses import dataclass

_HEAD = struct.Struct("<HHI")
_ENTRY = struct.Struct("<HH")
_LATER = struct.Struct("<HHHHIHHH")  # versions 3 and 4
_SECOND = struct.Struct("<HHHHIIHHH")
_NAME_LIST = 0x2


@dataclass(frozen=True, slots=True)
class Referral:
    r"""Where a path leads: `rest` is what of it lies below the link, targets are `\server\share\folder`, best first."""

    rest: tuple[str, ...]
    targets: tuple[str, ...]


def parse(answer: bytes, asked: str) -> Referral:
    """The referral for the path that was `asked` for. Raises ValueError when the answer cannot be read."""
    try:
        consumed, count, _ = _HEAD.unpack_from(answer)
        offset, targets = _HEAD.size, []
        for _ in range(count):
            version, size = _ENTRY.unpack_from(answer, offset)
            if size < _ENTRY.size:
                raise ValueError("the referral is cut off")
            targets.append(_target(answer, offset, version, size))
            offset += size
    except struct.error:
        raise ValueError("the referral is cut off") from None
    below = asked.encode("utf-16-le", "surrogatepass")[consumed:].decode("utf-16-le", "replace")
    return Referral(tuple(part for part in below.split("\\") if part), tuple(filter(None, targets)))


def _target(answer: bytes, offset: int, version: int, size: int) -> str:
    if version >= 3:
        _, _, _, flags, _, _, _, place = _LATER.unpack_from(answer, offset)
        return "" if flags & _NAME_LIST else _text(answer, offset + place)
    if version == 2:
        return _text(answer, offset + _SECOND.unpack_from(answer, offset)[-1])
    return _text(answer[: offset + size], offset + 8)


def _text(answer: bytes, start: int) -> str:
    end = start
    while answer[end : end + 2] not in (b"\0\0", b"") and end < len(answer):
        end += 2
    return answer[start:end].decode("utf-16-le", "replace")
