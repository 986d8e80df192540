"""New, empty Office documents in a library."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from urllib.parse import quote

from spmigrate.rehearsal.content import Conflict
from spmigrate.rehearsal.naming import beside
from spmigrate.rehearsal.odata.errors import bad_argument, duplicate_file, file_not_found
from spmigrate.rehearsal.sharepoint import files, folder_tree
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Stored, action

# SP.DocumentTemplateType.
_KINDS = {1: "docx", 2: "xlsx", 3: "pptx"}
_NAMES = {"docx": "Document", "xlsx": "Book", "pptx": "Presentation"}
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument"
# Extension: main part, its content type, its content.
_PARTS = {
    "docx": (
        "word/document.xml",
        f"{_TYPE}.wordprocessingml.document.main+xml",
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p/></w:body>'
        "</w:document>",
    ),
    "xlsx": (
        "xl/workbook.xml",
        f"{_TYPE}.spreadsheetml.sheet.main+xml",
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        f'xmlns:r="{_OFFICE}/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    ),
    "pptx": (
        "ppt/presentation.xml",
        f"{_TYPE}.presentationml.presentation.main+xml",
        '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
        '<p:notesSz cx="6858000" cy="9144000"/></p:presentation>',
    ),
}
_SHEET = "xl/worksheets/sheet1.xml"
_MOMENT = (1980, 1, 1, 0, 0, 0)


@cache
def blank(extension: str) -> bytes:
    """The bytes of an empty document of a kind: ``docx``, ``xlsx`` or ``pptx``."""
    part, kind, content = _PARTS[extension]
    sheet = extension == "xlsx"
    override = f'<Override PartName="/{_SHEET}" ContentType="{_TYPE}.spreadsheetml.worksheet+xml"/>' if sheet else ""
    entries = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/{part}" ContentType="{kind}"/>{override}</Types>',
        "_rels/.rels": _relation("officeDocument", part),
        part: content,
    }
    if sheet:
        entries["xl/_rels/workbook.xml.rels"] = _relation("worksheet", "worksheets/sheet1.xml")
        entries[_SHEET] = (
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
        )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return written.getvalue()


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/relationships/{kind}" Target="{target}"/></Relationships>'
    )


class DocumentCalls(Stored):
    """The part of a library that makes new documents."""

    @action("CreateDocument", Level.WRITE)
    def create_document(self, call: Call) -> files.File:
        """Make an empty document of a kind in a folder."""
        return self._make(call.text("fileName", 0, default=""), call.text("folderPath", default=""), _kind(call))

    @action("CreateDocumentAndGetEditLink", Level.WRITE)
    def create_and_link(self, call: Call) -> str:
        """Make an empty document and tell where Office for the web opens it."""
        if call.text("templateUrl", default=""):
            raise bad_argument("Templates of one's own are not found here.\r\nParameter name: templateUrl")
        made = self.create_document(call)
        query = f"sourcedoc=%7B{made.item.guid.upper()}%7D&file={quote(made.item.name)}&action=editnew"
        return f"{self.scope.web_url}/_layouts/15/Doc.aspx?{query}&mobileredirect=true"

    @action("CreateDocumentWithDefaultName", Level.WRITE)
    def create_with_default_name(self, call: Call) -> str:
        """Make an empty document under the next free name; answers its name."""
        extension = call.text("extension", 1, default="docx").lstrip(".").lower()
        if extension not in _NAMES:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: extension")
        return self._make("", call.text("folderPath", 0, default=""), extension).item.name

    def _make(self, name: str, folder: str, extension: str) -> files.File:
        content = self.scope.content
        root = content.root(self.entity.id)
        if folder:
            address = folder_tree.absolute(self.scope, folder, f"{self.scope.web_path}/{self.entity.name}")
            found = folder_tree.find_item(self.scope, address)
            root = found[1] if found is not None and found[1].folder and found[1].list == self.entity.id else None
        if root is None:
            raise file_not_found()
        given = name if not name or name.lower().endswith(f".{extension}") else f"{name}.{extension}"
        if given and content.child(root, given) is not None:
            raise duplicate_file(given)
        usual = f"{_NAMES[extension]}.{extension}"
        taken = content.child(root, usual) is not None
        leaf = given or (beside(usual, lambda each: content.child(root, each) is not None) if taken else usual)
        blob = content.blobs.put(blank(extension))
        made = content.add_file(root, leaf, blob, by=self.scope.claims.login, conflict=Conflict.FAIL)
        return files.File(self.scope, self.entity, made)


def _kind(call: Call) -> str:
    kind = _KINDS.get(call.number("documentTemplateType", 2, default=1))
    if kind is None:
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: documentTemplateType")
    return kind
