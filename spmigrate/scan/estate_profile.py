"""What a council's highways share looks like, as data: what lies in it, how large, how old, how deep, how often twice.

Proportions are those of a planning profile of council file shares, not of any real one. Names are of things and places
that every county has; there are no people in them.
"""

from datetime import UTC, datetime

SHARE = "Highways"

LAST_DAY = int(datetime(2025, 3, 31, 17, 0, tzinfo=UTC).timestamp())
"""The newest modified time: fixed, so that a seed always gives the same estate."""

SIZES = ((0.6000, 45_000, 1.3), (0.3585, 350_000, 1.4), (0.0400, 5_000_000, 1.3), (0.0015, 200_000_000, 1.2))
"""Weight, median bytes and sigma of each part of the mixture, before everything is scaled to the wanted mean."""

LARGEST_SHARE = 0.02
"""No ordinary file has more than this part of all bytes: one video must not be half of a small estate."""

ZERO_BYTES = 0.004
DUPLICATES = 0.22
EMPTY_FOLDERS = 0.13
FOLDERS_PER_FILE = 0.11
DEPTH_MEAN, DEPTH_SIGMA, DEPTH_MOST = 6.0, 2.6, 14

AGES = ((0.14, 0, 1), (0.21, 1, 3), (0.31, 3, 7), (0.27, 7, 15), (0.07, 15, 25))
"""Weight, and the range of years since the last change."""

TYPES = {
    "pdf": 22, "docx": 19, "doc": 8, "xlsx": 9, "xls": 4, "msg": 12, "jpg": 8, "png": 2.5, "tif": 1.5, "pptx": 2,
    "ppt": 0.5, "csv": 1.5, "txt": 1.5, "html": 1, "zip": 0.6, "dwg": 0.8, "dgn": 0.4, "shp": 1.3, "accdb": 0.15,
    "mdb": 0.1, "one": 0.3, "lnk": 0.4, "url": 0.2, "mp4": 0.4, "wav": 0.1, "pst": 0.02, "lock": 0.5, "tmp": 0.5,
    "thumbs": 0.4, "exe": 0.2, "bat": 0.1, "none": 0.4, "xml": 1.1, "rtf": 0.6,
}  # fmt: skip
"""Percentages. `lock`, `tmp`, `thumbs` and `none` stand for kinds of names; `shp` makes four files at once."""

SHAPEFILE_PARTS = ("shp", "shx", "dbf", "prj")

TOP_FOLDERS = (
    "Inspections", "Drawings", "Structures", "Drainage", "Street Lighting", "Winter Service", "Road Safety",
    "Traffic Signals", "Contracts", "Resurfacing Programme", "Public Rights of Way", "Photos and Surveys",
    "Committee Papers",
)  # fmt: skip

MIDDLE_FOLDERS = (
    "North area", "South area", "Mid area", "West area", "Claims", "Correspondence", "Reports", "Site visits", "Quotes",
    "Orders", "Invoices", "Consultation", "Design", "As built", "Photos", "Risk assessments", "Method statements",
    "Old", "Archive", "Misc", "To sort", "New folder", "Final", "Superseded", "Training", "Rotas", "Meetings",
    "01.04.18", "Apr 19 (2)", "2016-17", "2017-18", "2018-19", "2020-21", "2021-22", "2022-23", "2023-24",
    "Scheme 1041 Mill Lane", "Scheme 1107 Station Road", "Scheme 1212 Church Street", "Scheme 1350 High Road",
    "Scheme 1488 Bridge Approach", "Scheme 1502 Market Place",
)  # fmt: skip

SUBJECTS = (
    "Bridge inspection", "Pothole repairs", "Gully cleansing", "Salt usage", "Gritting route", "Column replacement",
    "Safety audit", "Speed survey", "Signal timings", "Footway condition", "Surface dressing", "Traffic count",
    "Kerb works", "Culvert survey", "Retaining wall", "Verge cutting", "Road closure", "Temporary order",
    "Parking review", "Cycle route", "School crossing", "Flood report", "Budget monitoring", "Contract review",
    "Claims summary", "Stakeholder letters", "Programme board", "Asset register", "Condition index", "Drone survey",
)  # fmt: skip

DOCUMENTS = ("Report", "Letter", "Minutes", "Agenda", "Schedule", "Drawing", "Quote", "Plan", "Summary", "Checklist")

HEADS = {
    "pdf": b"%PDF-1.7\n", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "pptx": b"PK\x03\x04", "zip": b"PK\x03\x04",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "ppt": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "jpg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n", "tif": b"II*\0", "dwg": b"AC1032", "exe": b"MZ", "pst": b"!BDN",
    "accdb": b"\0\1\0\0Standard ACE DB\0", "mdb": b"\0\1\0\0Standard Jet DB\0", "sqlite": b"SQLite format 3\0",
    "mp4": b"\0\0\0\x18ftypmp42", "wav": b"RIFF", "shp": b"\0\0\x27\x0a", "rtf": b"{\\rtf1",
}  # fmt: skip
"""First bytes by extension; other types hold text."""

TEXT_TYPES = frozenset(["txt", "csv", "html", "htm", "url", "bat", "xml", "prj", "ini", ""])
