"""Workbooks that somebody built to do harm, and workbooks that somebody's disk, mail or program spoiled."""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Iterator

SHEET = "xl/worksheets/sheet2.xml"
STRINGS = "xl/sharedStrings.xml"

_NASTY = (
    b"", b"-1", b"0", b"1e999", b"NaN", b"99999999999999999999", b"A1:XFD1048576", b"XFE1", b"A0", b"1.5", b"true",
    b"\xff\xfe", b"&#0;", b"&lt;", b"../../../etc/passwd", b"s", b"d", b"inlineStr", b"hidden", b"9" * 5000,
)  # fmt: skip


def parts(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    """A workbook of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return out.getvalue()


def with_part(base: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """`base` with one of its parts changed; a part that is not there begins empty."""
    found = parts(base)
    found[name] = change(found.get(name, b""))
    return packed(found)


def sharing(base: bytes) -> bytes:
    """`base` as Excel saves it: the texts of all sheets in one part, the cells pointing to them."""
    found = parts(base)
    texts: list[bytes] = []

    def share(cell: re.Match[bytes]) -> bytes:
        texts.append(cell[3])
        return b"<c" + cell[1] + b't="s"' + cell[2] + b"><v>" + str(len(texts) - 1).encode() + b"</v></c>"

    for name in [name for name in found if name.startswith("xl/worksheets/sheet")]:
        found[name] = re.sub(rb'<c([^>]*?)t="inlineStr"([^>]*)><is>(.*?)</is></c>', share, found[name], flags=re.S)
    main = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    found[STRINGS] = main + b"".join(b"<si>" + text + b"</si>" for text in texts) + b"</sst>"
    link = (
        b'<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>'
    )
    rels = "xl/_rels/workbook.xml.rels"
    found[rels] = found[rels].replace(b"</Relationships>", link)
    return packed(found)


def mutated(base: bytes, seed: int) -> bytes:
    """One of endlessly many ways to spoil `base`, the same for the same seed."""
    chance = random.Random(seed)
    return chance.choice((_flip, _cut, _swap, _scramble, _retag, _retag, _revalue, _revalue, _drop, _rename))(
        base, chance
    )


def _flip(base: bytes, chance: random.Random) -> bytes:
    content = bytearray(base)
    for _ in range(chance.choice((1, 3, 30))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def _cut(base: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(base))
    return base[:start] if chance.random() < 0.5 else base[:start] + base[start + chance.randrange(400) :]


def _swap(base: bytes, chance: random.Random) -> bytes:
    found = parts(base)
    one, other = chance.sample(sorted(found), 2)
    found[one], found[other] = found[other], found[one]
    return packed(found)


def _scramble(base: bytes, chance: random.Random) -> bytes:
    def change(part: bytes) -> bytes:
        content = bytearray(part)
        for _ in range(chance.choice((1, 4))):
            start = chance.randrange(len(content) + 1)
            content[start : start + chance.randrange(12)] = chance.randbytes(chance.randrange(4))
        return bytes(content)

    return _somewhere(base, chance, change)


def _retag(base: bytes, chance: random.Random) -> bytes:
    """An element lost, doubled, moved, or repeated a thousand times."""

    def change(part: bytes) -> bytes:
        tags = re.findall(rb"<[^>]*>|[^<]+", part)
        here, there = chance.randrange(len(tags)), chance.randrange(len(tags))
        match chance.randrange(4):
            case 0:
                del tags[here]
            case 1:
                tags.insert(there, tags[here])
            case 2:
                tags[here], tags[there] = tags[there], tags[here]
            case _:
                tags[here] *= 1000
        return b"".join(tags)

    return _somewhere(base, chance, change)


def _revalue(base: bytes, chance: random.Random) -> bytes:
    """An attribute or a text that no program would write."""

    def change(part: bytes) -> bytes:
        places = [found.span(1) for found in re.finditer(rb'="([^"]*)"|>([^<]+)<', part) if found.group(1) is not None]
        places += [found.span(1) for found in re.finditer(rb">([^<]+)<", part)]
        if not places:
            return part
        start, end = chance.choice(places)
        return part[:start] + chance.choice(_NASTY) + part[end:]

    return _somewhere(base, chance, change)


def _drop(base: bytes, chance: random.Random) -> bytes:
    found = parts(base)
    del found[chance.choice(sorted(found))]
    return packed(found)


def _rename(base: bytes, chance: random.Random) -> bytes:
    found = parts(base)
    name = chance.choice(sorted(found))
    new = chance.choice((name.upper(), "xl/" + name, "../" + name, name + ".bin", "xl/vbaProject.bin", "é" + name))
    found[new] = found.pop(name)
    return packed(found)


def _somewhere(base: bytes, chance: random.Random, change: Callable[[bytes], bytes]) -> bytes:
    return with_part(base, chance.choice([name for name, part in sorted(parts(base).items()) if part]), change)


def bombs(base: bytes) -> Iterator[tuple[str, bytes]]:
    """Files that are small to send and enormous, endless or misleading to read."""
    yield from _entity_bombs(base)
    yield from _element_bombs(base)
    yield from _text_bombs(base)
    yield from _zip_bombs(base)


def _entity_bombs(base: bytes) -> Iterator[tuple[str, bytes]]:
    laughs = b'<!DOCTYPE l [<!ENTITY a0 "haha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
    )
    yield "billion laughs", with_part(base, SHEET, lambda xml: laughs + b"]>" + _in_cell(xml, b"&a11;"))
    quadratic = b'<!DOCTYPE l [<!ENTITY a "' + b"h" * 100_000 + b'">]>'
    yield "quadratic blow-up", with_part(base, SHEET, lambda xml: quadratic + _in_cell(xml, b"&a;" * 100_000))
    outside = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    yield "a file from outside", with_part(base, SHEET, lambda xml: outside + _in_cell(xml, b"&a;"))
    yield "a document type in the relations", with_part(base, "_rels/.rels", lambda xml: laughs + b"]>" + xml)


def _element_bombs(base: bytes) -> Iterator[tuple[str, bytes]]:
    deep = 2_000_000
    yield "two million levels", with_part(base, SHEET, lambda xml: _in_data(xml, b"<a>" * deep + b"</a>" * deep))
    yield "ten million empty cells", with_part(base, SHEET, lambda xml: _in_data(xml, b"<row>" + b"<c/>" * 9_000_000))
    yield "two million rows", with_part(base, SHEET, lambda xml: _in_data(xml, b"<row/>" * 2_000_000))
    cells = b'<row r="9">' + b"<c><v>1</v></c>" * 900_000 + b"</row>"
    yield "a row without end", with_part(base, SHEET, lambda xml: _in_data(xml, cells))
    attributes = b"".join(b' a%d="x"' % n for n in range(300_000))
    yield "an element of attributes", with_part(base, SHEET, lambda xml: _in_data(xml, b"<row" + attributes + b"/>"))
    merged = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells><pageMargins'
    yield "every cell merged", with_part(base, SHEET, lambda xml: xml.replace(b"<pageMargins", merged))
    link = b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks><pageMargins'
    yield "every cell a link", with_part(base, SHEET, lambda xml: xml.replace(b"<pageMargins", link))
    formats = b'<xf numFmtId="14"/>' * 1_500_000 + b"</cellXfs>"
    yield "a million styles", with_part(base, "xl/styles.xml", lambda xml: xml.replace(b"</cellXfs>", formats))
    sheets = b"<sheets>" + b'<sheet name="x" sheetId="9" r:id="rId1"/>' * 500_000
    yield "a million sheets", with_part(base, "xl/workbook.xml", lambda xml: xml.replace(b"<sheets>", sheets))


def _text_bombs(base: bytes) -> Iterator[tuple[str, bytes]]:
    wide = "\U0001f600".encode()
    yield "a text of 35 million characters", with_part(base, SHEET, lambda xml: _in_cell(xml, b"x" * 35_000_000))
    yield "a text of wide characters", with_part(base, SHEET, lambda xml: _in_cell(xml, wide + b"x" * 35_000_000))
    strings = b"<si><t>" + b"x" * 200 + b"</t></si>"
    yield (
        "a hundred thousand long texts",
        with_part(sharing(base), STRINGS, lambda xml: xml.replace(b"</sst>", strings * 170_000 + b"</sst>")),
    )
    empty = b"<si/>" * 7_000_000 + b"</sst>"
    yield "seven million texts", with_part(sharing(base), STRINGS, lambda xml: xml.replace(b"</sst>", empty))
    lines = b"&#10;" * 7_000_000
    yield "seven million lines", with_part(base, SHEET, lambda xml: _in_cell(xml, lines))


def _zip_bombs(base: bytes) -> Iterator[tuple[str, bytes]]:
    yield "a gigabyte of spaces", _with_spaces(base, 1_000_000_000)
    longer = with_part(base, SHEET, lambda xml: xml + b" " * 100_000_000)
    yield "a lie about the size", _declaring(longer, SHEET.encode(), 100)
    many = {f"xl/media/{n}.xml": b"" for n in range(60_000)}
    yield "sixty thousand parts", packed(parts(base) | many)
    yield "parts that lie over each other", _overlapping(base)
    yield "a zip of itself", packed(parts(base) | {"xl/embeddings/book.xlsx": base})
    yield "twenty-one million bytes", base + b"\0" * 21_000_000
    yield "nothing at all", b""
    yield "the end of a zip alone", b"PK\x05\x06" + b"\0" * 18
    yield "an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    yield "two parts of one name", base + packed({"x": b""})


def _with_spaces(base: bytes, count: int) -> bytes:
    out = io.BytesIO(base)
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("xl/worksheets/spaces.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(count // 10_000_000):
            part.write(b" " * 10_000_000)
    return out.getvalue()


def _declaring(content: bytes, part: bytes, size: int) -> bytes:
    """`content` whose list says that a part is of this size."""
    at = content.rindex(part) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


def _overlapping(base: bytes) -> bytes:
    """`base` with a hundred more entries that all point at its largest part."""
    out = io.BytesIO(base)
    with zipfile.ZipFile(out, "a") as archive:
        largest = max(archive.infolist(), key=lambda entry: entry.compress_size)
        for n in range(100):
            twin = zipfile.ZipInfo(f"xl/media/{n}.xml")
            for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(twin, name, getattr(largest, name))
            archive.filelist.append(twin)
        archive._didModify = True  # type: ignore[attr-defined]  # so that the list is written again
    return out.getvalue()


def _in_cell(xml: bytes, text: bytes) -> bytes:
    return xml.replace(b"<t>Apple</t>", b"<t>" + text + b"</t>")


def _in_data(xml: bytes, elements: bytes) -> bytes:
    return xml.replace(b"<sheetData>", b"<sheetData>" + elements)
