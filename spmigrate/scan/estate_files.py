"""Small files that are what they say: Office documents old and new, PDF and zip, plain, protected, or with links.

They hold nothing but filling; a program that checks them finds the marks that a real one has.
"""

import struct
import zlib
from collections.abc import Iterable

_FREE, _END, _TABLE, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_CUTOFF = 4096
_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SMALL_SECTORS_BYTES = 6_000_000
"""Above, sectors of 4,096 bytes are used, so that the header's 109 tables reach the end."""

_DATED = (2019 - 1980) << 9 | 3 << 5 | 14
_MAIN_PARTS = {
    "docx": "word/document.xml", "docm": "word/document.xml", "xlsx": "xl/workbook.xml", "xlsm": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}  # fmt: skip
_MAIN_STREAMS = {
    "doc": "WordDocument", "xls": "Workbook", "ppt": "PowerPoint Document", "msg": "__substg1.0_1000001F",
}  # fmt: skip


def compound(streams: Iterable[tuple[str, bytes]]) -> bytes:
    """A compound file with these streams, as old Office writes them ([MS-CFB])."""
    parts = [(name, content.ljust(_CUTOFF, b"\0")) for name, content in streams]
    small = sum(len(content) for _, content in parts) < _SMALL_SECTORS_BYTES
    sector = 512 if small else 4096
    sectors = [-(-len(content) // sector) for _, content in parts]
    listed = -(-(len(parts) + 1) * 128 // sector)
    tables = 1
    while (tables + listed + sum(sectors)) * 4 > tables * sector:
        tables += 1
    table = [_TABLE] * tables + _chain(tables, listed)
    starts = []
    for count in sectors:
        starts.append(len(table))
        table += _chain(len(table), count)
    table += [_FREE] * (tables * sector // 4 - len(table))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", _MAGIC, 0x3E, 3 if small else 4, 0xFFFE, sector.bit_length() - 1, 6,
        0 if small else listed, tables, tables, 0, _CUTOFF, _END, 0, _END, 0,
    )  # fmt: skip
    header += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, 1 if parts else _NONE, _NONE, _END, 0)
    for number, ((name, content), start) in enumerate(zip(parts, starts, strict=True), 1):
        directory += _entry(name, 2, _NONE, number + 1 if number < len(parts) else _NONE, start, len(content))
    body = b"".join(content.ljust(count * sector, b"\0") for (_, content), count in zip(parts, sectors, strict=True))
    numbers = struct.pack(f"<{len(table)}I", *table)
    return header.ljust(sector, b"\0") + numbers + directory.ljust(listed * sector, b"\0") + body


def _chain(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), _END] if count else []


def _entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII36xIQ", text, len(text), kind, 1, _NONE, right, child, start, size)


def archive(members: Iterable[tuple[str, bytes]], *, encrypted: bool = False) -> bytes:
    """A zip file with these members, stored as they are; `encrypted` sets the mark that says so."""
    body, listed, count = bytearray(), bytearray(), 0
    for name, content in members:
        text = name.encode()
        facts = struct.pack(
            "<HHHHIIIHH", int(encrypted), 0, 0, _DATED, zlib.crc32(content), len(content), len(content), len(text), 0
        )
        listed += b"PK\x01\x02" + struct.pack("<HH", 20, 20) + facts
        listed += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + text
        body += b"PK\x03\x04" + struct.pack("<H", 20) + facts + text + content
        count += 1
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(listed), len(body), 0)
    return bytes(body + listed + end)


def document(kind: str, filling: bytes, *, password: bool = False, links: int = 0, macros: bool = False) -> bytes:
    """A file of this extension: docx, xlsx, doc, xls, pptx, ppt, msg, pdf, zip and the like."""
    if kind == "pdf":
        return _pdf(filling, password=password)
    if kind in _MAIN_STREAMS:
        return _old(kind, filling, password=password, links=links, macros=macros)
    if password and kind != "zip":
        return compound([("EncryptionInfo", b"\4\0\4\0"), ("EncryptedPackage", filling)])
    parts = [(_MAIN_PARTS.get(kind, "content.bin"), filling)]
    if kind in _MAIN_PARTS:
        parts.insert(0, ("[Content_Types].xml", b"<Types/>"))
    parts += [(f"xl/externalLinks/externalLink{number}.xml", b"<externalLink/>") for number in range(1, links + 1)]
    if macros:
        folder = _MAIN_PARTS[kind].partition("/")[0]
        parts.append((f"{folder}/vbaProject.bin", b"macros"))
    return archive(parts, encrypted=password)


def _old(kind: str, filling: bytes, *, password: bool, links: int, macros: bool) -> bytes:
    start = b""
    others: list[tuple[str, bytes]] = [("_VBA_PROJECT_CUR" if kind == "xls" else "Macros", b"macros")] if macros else []
    if kind == "xls":
        records = [(0x0809, b"\0\6\5\0" + bytes(12))]
        records += [(0x002F, bytes(54))] if password else []
        records += [(0x01AE, struct.pack("<HHB", 1, 9, 0) + b"\1Book.xls")] * links
        records += [(0x000A, b"")]
        start = b"".join(struct.pack("<HH", code, len(body)) + body for code, body in records)
    elif kind == "doc":
        start = struct.pack("<HH6xH", 0xA5EC, 0xC1, 0x0100 if password else 0).ljust(1472, b"\0")
    elif kind == "ppt":
        token = 0xF3D1C4DF if password else 0xE391C05F
        others.append(("Current User", struct.pack("<IIII", 0x0FF60000, 24, 20, token)))
    return compound([(_MAIN_STREAMS[kind], start + filling), *others])


def _pdf(filling: bytes, *, password: bool) -> bytes:
    start = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n2 0 obj\n<< /Length " + str(len(filling)).encode()
    body = start + b" >>\nstream\n" + filling + b"\nendstream\nendobj\n"
    protection = b" /Encrypt << /Filter /Standard /V 2 /R 3 >>" if password else b""
    end = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R" + protection + b" >>\n"
    return body + end + b"startxref\n" + str(len(body)).encode() + b"\n%%EOF\n"
