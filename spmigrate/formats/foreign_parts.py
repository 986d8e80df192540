"""The parts of a workbook beside its sheets: which make it unusable, and which are left out and said so.

What Excel, LibreOffice and SharePoint add when they save is left out: people cannot help it. What can act, compute or
keep what nobody sees makes the workbook unusable, so that nothing signed rests on it.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from spmigrate.formats.container import SAVE_AS

_DELETE = "delete it in Excel and save again"
_DISCONNECT = "in Excel choose Data, Queries & Connections, and delete it"

_UNUSABLE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "xl/vbaproject": ("contains macros", SAVE_AS),
        "xl/macrosheets/": ("contains macros", SAVE_AS),
        "xl/dialogsheets/": ("contains macros", SAVE_AS),
        "xl/activex/": ("contains buttons or boxes that run programs", _DELETE),
        "xl/externallinks/": ("contains links to other workbooks", "in Excel choose Data, Edit Links, Break Link"),
        "xl/pivotcache/": ("contains a pivot table, which can hide data", "delete the pivot table"),
        "xl/pivottables/": ("contains a pivot table, which can hide data", "delete the pivot table"),
        "xl/slicercaches/": ("contains a slicer, which can hide data", _DELETE),
        "xl/timelinecaches/": ("contains a timeline, which can hide data", _DELETE),
        "xl/model/": (
            "contains a data model, which can hide data",
            "in Excel choose Power Pivot, Manage; delete it",
        ),
        "xl/embeddings/": ("contains an embedded file", "delete the embedded object"),
        "xl/querytables/": ("contains a data connection", _DISCONNECT),
        "xl/connections.xml": (
            "contains a data connection",
            "in Excel choose Data, Queries & Connections, and delete it",
        ),
        "xl/revisions/": ("keeps a history of changes, which can hide data", "in Excel choose Unshare Workbook"),
    }
)

_LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "docprops/custom.xml": "properties that SharePoint or a label added",
        "docmetadata/": "the sensitivity label",
        "customxml/": "properties that SharePoint added",
        "xl/customproperty": "properties that a program added",
        "xl/persons/": "the list of people who commented",
        "docprops/thumbnail": "a picture of the first page",
        "xl/drawings/": "pictures and shapes",
        "xl/media/": "pictures and shapes",
        "xl/charts/": "charts",
        "xl/printersettings/": "printer settings",
        "xl/calcchain.xml": "the order of calculation",
        "xl/webextensions/": "add-ins",
        "_xmlsignatures/": "a digital signature of the file",
    }
)


def unusable(parts: Iterable[str]) -> dict[str, str]:
    """Why a workbook of these parts cannot be used, each with what to do about it."""
    found = tuple(parts)
    return dict(why for start, why in _UNUSABLE.items() if any(part.startswith(start) for part in found))


def left_out(parts: Iterable[str]) -> list[str]:
    """What of these parts is not read, in words; what every workbook holds is not worth one."""
    found = tuple(parts)
    said = {text: None for start, text in _LEFT_OUT.items() if any(part.startswith(start) for part in found)}
    if any("/comments" in part or "vmldrawing" in part for part in found):
        said.pop("pictures and shapes", None)
    return list(said)
