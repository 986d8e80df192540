"""Files that are one thing together, known by their names: shapefiles, drawings, notebooks and geodatabases. Pure."""

import unicodedata
from dataclasses import dataclass

SHAPEFILE_PARTS = (
    ".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".qmd", ".fbn", ".fbx", ".ain", ".aih",
    ".ixs", ".mxs", ".atx", ".shp.xml",
)  # fmt: skip
"""Every file that belongs to a shapefile; the first three make it whole."""

DRAWINGS = ("dwg", "dgn", "dxf")
"""Extensions of drawings: those of one folder may refer to one another."""

SECTIONS = ("one", "onetoc2", "onetemp")
"""Extensions of what a OneNote notebook is made of; whether a folder is one depends on all that is in it."""

SHAPEFILE, DRAWING, SECTION, GEODATABASE = "shapefile", "drawings", "notebook", "geodatabase"

_METADATA = ".shp.xml"
_KINDS = {
    **{part[1:]: SHAPEFILE for part in SHAPEFILE_PARTS if part != _METADATA},
    **dict.fromkeys(DRAWINGS, DRAWING),
    **dict.fromkeys(SECTIONS, SECTION),
    "xml": SHAPEFILE,
}


@dataclass(frozen=True, slots=True)
class Membership:
    """What a file is a part of: the kind of thing, and the name that tells it from others of its folder."""

    kind: str
    stem: str = ""


_OF_FOLDER = {kind: Membership(kind) for kind in (DRAWING, SECTION, GEODATABASE)}


def membership(folder: str, name: str) -> Membership | None:
    """What the file `name` of the folder with this path is a part of, by its name; None for most files."""
    if folder[-4:].lower() == ".gdb":
        return _OF_FOLDER[GEODATABASE]
    stem, _, extension = name.rpartition(".")
    kind = _KINDS.get(extension.lower()) if stem else None
    if kind != SHAPEFILE:
        return None if kind is None else _OF_FOLDER[kind]
    folded = _folded(name)
    if not folded.endswith(".xml"):
        return Membership(SHAPEFILE, folded.rpartition(".")[0])
    return Membership(SHAPEFILE, folded.removesuffix(_METADATA)) if folded.endswith(_METADATA) else None


def _folded(name: str) -> str:
    """The form in which two names are one to Windows and SharePoint: composed, without case."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
