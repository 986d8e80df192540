"""Kinds of files, by the end of their names, as people speak of them."""

from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType({
    "Word documents": "doc docx docm dot dotx rtf odt wpd",
    "Workbooks and data": "xls xlsx xlsm xlsb xlt xltx csv ods tsv",
    "Presentations": "ppt pptx pptm pps ppsx odp",
    "PDF": "pdf xps",
    "E-mail": "msg eml pst ost",
    "Pictures and scans": "jpg jpeg png gif tif tiff bmp heic webp psd svg raw",
    "Video and sound": "mp4 mov avi wmv mkv m4v mp3 wav wma m4a",
    "Drawings and maps": "dwg dxf dgn shp shx dbf prj sbn sbx cpg gdb tab map qgz kml kmz rvt skp dwf",
    "Databases": "mdb mde accdb accde ldb laccdb sqlite sqlite3 qbw mdf ldf nsf fdb db",
    "Notebooks": "one onetoc2",
    "Text and web pages": "txt log md xml json html htm mht url lnk",
    "Archives and disk images": "zip 7z rar tar gz iso vhd vhdx vmdk bak cab",
    "Programs and scripts": "exe dll msi bat cmd com scr ps1 vbs js jar py aspx ascx asmx master htc swf xap xsf",
    "Publishing and diagrams": "pub vsd vsdx indd ai eps mpp",
    "Temporary and system files": "tmp temp ini ds_store lock part crdownload",
})  # fmt: skip
"""The extensions of each kind."""

_BY_EXTENSION: Mapping[str, str] = MappingProxyType(
    {extension: kind for kind, extensions in KINDS.items() for extension in extensions.split()}
)

NONE = "No extension"
OTHER = "Other"


def kind_of(extension: str) -> str:
    """The kind of files with this extension, which is in small letters and may be empty."""
    return _BY_EXTENSION.get(extension, OTHER) if extension else NONE


def is_known(extension: str) -> bool:
    """Whether this extension says a kind and nothing else."""
    return extension in _BY_EXTENSION
