"""The awkward names that real shares hold, each of which the rest of the product must treat rightly."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

LARGE_FILE_BYTES = 11 * 1024 * 1024 + 137
"""More than one fragment of an upload, and no multiple of any fragment's size."""

LOCK_FILE_BYTES = 162

_LONG_WORDS = "Detailed inspection of carriageway footway verge drainage and street furniture "
_DEEP_FOLDERS = 20
_DEEP_PATH = 611


@dataclass(frozen=True, slots=True)
class Awkward:
    """A file that must be there. `size` None means as large as chance says; `like` gives it another type's content.

    It is protected by a password, has links to so many other workbooks, or macros.
    """

    path: str
    size: int | None = None
    like: str | None = None
    password: bool = False
    links: int = 0
    macros: bool = False

    @property
    def kind(self) -> str:
        """The type of its content: by its extension, as far as it has one."""
        name = self.path.rpartition("/")[2]
        return self.like or (name.rpartition(".")[2].strip().lower() if "." in name[1:] else "")


def _long_name() -> str:
    return (_LONG_WORDS * 4)[:251] + ".pdf"


def _deep_path() -> str:
    """A path of 21 levels and 611 characters: longer than SharePoint takes, whatever the destination."""
    folders = [f"{level:02} Junction improvement works" for level in range(1, _DEEP_FOLDERS)]
    start = "/".join(["Drawings", *folders]) + "/"
    return start + "Deep section".ljust(_DEEP_PATH - len(start) - len(".pdf"), "x") + ".pdf"


FILES = (
    Awkward("Committee Papers/Minutes 2019-03.docx "),
    Awkward("Inspections/Minutes /Agenda.docx"),
    Awkward("Committee Papers/Report."),
    Awkward("Inspections/Older./Notes.txt"),
    Awkward("Contracts/ Budget.xlsx"),
    Awkward("Drainage/aux.docx"),
    Awkward("Drainage/CON"),
    Awkward("Drainage/LPT1.txt"),
    Awkward("Drainage/nul/Readings.csv"),
    Awkward("Drawings/.lock", LOCK_FILE_BYTES),
    Awkward("Photos and Surveys/desktop.ini", 282),
    Awkward("Photos and Surveys/Thumbs.db", 5120),
    Awkward("Photos and Surveys/.DS_Store", 6148),
    Awkward("Structures/_vti_cnf/index.htm"),
    Awkward("forms/Permit application.docx"),
    Awkward("Contracts/forms/Order form.docx"),
    Awkward("Committee Papers/~$Panel.docx", LOCK_FILE_BYTES),
    Awkward("Committee Papers/~$Saved by mistake.docx", 48_000),
    Awkward("Contracts/~WRL0001.tmp"),
    Awkward("Contracts/draft.tmp"),
    Awkward("Structures/~Archive/Bridge list.xlsx"),
    Awkward("Resurfacing Programme/Report.htm"),
    Awkward("Resurfacing Programme/Report_files/image001.png"),
    Awkward("Drawings/Section A\uf022 plan.pdf"),
    Awkward("Drawings/Sketch\uf028"),
    Awkward(unicodedata.normalize("NFC", "Road Safety/Café audit.docx")),
    Awkward(unicodedata.normalize("NFD", "Road Safety/Café audit.docx")),
    Awkward(unicodedata.normalize("NFD", "Road Safety/Crèche crossing.docx")),
    Awkward("Winter Service/README.txt"),
    Awkward("Winter Service/Readme.txt"),
    Awkward("Winter Service/Routes/North.docx"),
    Awkward("Winter Service/routes/South.docx"),
    Awkward("Traffic Signals/Timing\u200bplan.xlsx"),
    Awkward("Traffic Signals/Junction\u00a0list.xlsx"),
    Awkward("Traffic Signals/Payment\u202excod.exe"),
    Awkward("Road Safety/Children’s – final “v2”.docx"),
    Awkward("Contracts/50% off #2 & 'draft'.docx"),
    Awkward("Contracts/Terms; conditions + {notes} = agreed, @last.docx"),
    Awkward("Contracts/A%20B.docx"),
    Awkward("Contracts/100%.xlsx"),
    Awkward("Contracts/Mill Lane; Station Road/Quote.pdf"),
    Awkward(f"Inspections/{_long_name()}"),
    Awkward(_deep_path()),
    Awkward("Inspections/01.04.19/Patrol.docx"),
    Awkward("Winter Service/Apr 19 (2)/Rota.xlsx"),
    Awkward("Contracts/2019-20/Payments.xlsx"),
    Awkward("Committee Papers/Copy of Copy of FINAL v3 (2) - use this one.docx"),
    Awkward("Committee Papers/report..final...docx"),
    Awkward("Committee Papers/Bericht Straße 東京 🚧.docx"),
    Awkward("Photos and Surveys/scan.pdf", like="jpg"),
    Awkward("Committee Papers/Exempt annex.docx", password=True),
    Awkward("Committee Papers/Exempt annex.pdf", password=True),
    Awkward("Committee Papers/Half a report.docx", like="broken"),
    Awkward("Contracts/Forecast.xlsx", links=2),
    Awkward("Contracts/Old forecast.xls", links=1),
    Awkward("Traffic Signals/Timings.xlsm", macros=True),
    Awkward("Public Rights of Way/Roads.gdb/a00000001.gdbtable"),
    Awkward("Public Rights of Way/footpaths.shp"),
    Awkward("Public Rights of Way/footpaths.shx"),
    Awkward("Public Rights of Way/footpaths.dbf"),
    Awkward("Public Rights of Way/footpaths.prj"),
    Awkward("Public Rights of Way/bridleways.shp"),
    Awkward("Drawings/A-100 general arrangement.dwg"),
    Awkward("Drawings/xref-border.dwg"),
    Awkward("Inspections/Team Notebook/Open Notebook.onetoc2"),
    Awkward("Inspections/Team Notebook/Routes.one"),
    Awkward("Inspections/Patrol log.one"),
    Awkward("Structures/Bridges.accdb"),
    Awkward("Structures/Bridges.laccdb", 64),
    Awkward("Structures/bridges_old.mdb"),
    Awkward("Street Lighting/columns.sqlite"),
    Awkward("Committee Papers/archive.pst"),
    Awkward("Contracts/ledger.qbw"),
    Awkward("Street Lighting/setup.exe"),
    Awkward("Road Safety/Placement review - [child initials] - 14.03.docx"),
    Awkward("Contracts/=HYPERLINK(A1).csv"),
    Awkward("Contracts/+1"),
    Awkward("Contracts/@x"),
    Awkward("Committee Papers/What next?.docx"),
    Awkward("Committee Papers/Agenda: 14 March.docx"),
    Awkward('Drawings/Plan "A" <old>.pdf'),
    Awkward("Drawings/a|b*c.txt"),
    Awkward("Drawings/a-b-c.txt"),
    Awkward("Drawings/back\\slash.txt"),
    Awkward("Drawings/two\nlines.txt"),
    Awkward("Winter Service/caf\udce9 rota.txt"),
    Awkward("Inspections/Depot share.lnk", 1200),
    Awkward("Inspections/Standards.url", 120),
    Awkward("Drainage/placeholder.txt", 0),
    Awkward("Drainage/NOTES"),
    Awkward("Photos and Surveys/Drone flight 2021-06.mp4", LARGE_FILE_BYTES),
)
"""Every case that a POSIX file system can hold. `\\udce9` stands for a byte that is not UTF-8."""

LINKS = (
    ("Inspections/Latest", "01.04.19"),
    ("Drawings/Back to the top", ".."),
    ("Contracts/Gone.docx", "../elsewhere/Gone.docx"),
)
"""Symbolic links, as reparse points would be: to a folder, in a circle, to nothing."""

EMPTY_FOLDERS = ("Street Lighting/Empty", "Committee Papers/2015-16/Awaiting papers")


def folders() -> Iterator[str]:
    """Every folder that the awkward names lie in, those above it first."""
    for path in (*(each.path.rpartition("/")[0] for each in FILES), *EMPTY_FOLDERS):
        parts = path.split("/")
        yield from ("/".join(parts[:count]) for count in range(1, len(parts) + 1))


@cache
def names_by_folder() -> Mapping[str, frozenset[str]]:
    """What names the awkward ones take, by folder: ordinary names are to be ordinary."""
    taken: dict[str, set[str]] = {}
    for path in (*(each.path for each in FILES), *(link for link, _ in LINKS), *folders()):
        folder, _, name = path.rpartition("/")
        taken.setdefault(folder, set()).add(name)
    return {folder: frozenset(names) for folder, names in taken.items()}
