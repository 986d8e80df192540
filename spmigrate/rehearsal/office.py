"""Office files come back different: SharePoint writes a library's properties into what is uploaded.

Source: issues of the OneDrive API and of rclone on sizes and hashes that differ after an upload; the service puts a
custom property part with the content type into ``.docx``, ``.xlsx`` and ``.pptx``.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from spmigrate.rehearsal.blobs import Blob, Blobs
from spmigrate.rehearsal.storage import Store

SWITCH = "office.rewriting"
_KINDS = frozenset({"docx", "docm", "xlsx", "xlsm", "pptx", "pptm"})
# Larger files are left as they are: the service does not look into them either (no number is published).
_LARGEST = 100 * 1024 * 1024
# What is packed tighter than any document is left as it is: unpacking it could take all memory.
_LARGEST_UNPACKED = 4 * _LARGEST
_PART = "docProps/custom.xml"
_CONTENT_TYPE = "0x0101"
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_CUSTOM = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="ContentTypeId">'
    f"<vt:lpwstr>{_CONTENT_TYPE}</vt:lpwstr></property></Properties>"
)
_EPOCH = (1980, 1, 1, 0, 0, 0)


class OfficeRewriting:
    """Writes properties into Office files as they arrive; a switch, on from the start where the profile says so."""

    def __init__(self, store: Store, blobs: Blobs, *, usual: bool) -> None:
        self._store = store
        self._blobs = blobs
        self._usual = usual

    @property
    def on(self) -> bool:
        """Whether files are rewritten."""
        kept = self._store.read_value(SWITCH)
        return self._usual if kept is None else bool(kept)

    def switch(self, on: bool) -> None:
        """Rewrite from now on, or leave files as they are."""
        self._store.write_value(SWITCH, on)

    def rewrite(self, name: str, blob: Blob) -> Blob:
        """The bytes that a file of this name is kept with."""
        if name.rpartition(".")[2].lower() not in _KINDS or blob.size > _LARGEST or not blob.size or not self.on:
            return blob
        changed = with_properties(self._blobs.read(blob.address))
        return blob if changed is None else self._blobs.put(changed)


def with_properties(content: bytes) -> bytes | None:
    """An Office file with the properties of the library in it; None when it has them, or is no such file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            names = set(source.namelist())
            if _PART in names or not {"[Content_Types].xml", "_rels/.rels"} <= names:
                return None
            if sum(each.file_size for each in source.infolist()) > _LARGEST_UNPACKED:
                return None
            return _rewritten(source)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError):
        return None


def _rewritten(source: zipfile.ZipFile) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == "[Content_Types].xml":
                override = f'<Override PartName="/{_PART}" ContentType="{_TYPE}"/>'
                part = part.replace(b"</Types>", f"{override}</Types>".encode())
            elif entry.filename == "_rels/.rels":
                relation = f'<Relationship Id="rIdCustom" Type="{_RELATION}" Target="{_PART}"/>'
                part = part.replace(b"</Relationships>", f"{relation}</Relationships>".encode())
            target.writestr(entry, part)
        target.writestr(zipfile.ZipInfo(_PART, _EPOCH), _CUSTOM)
    return out.getvalue()
