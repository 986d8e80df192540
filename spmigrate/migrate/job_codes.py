"""Why a file of a package did not arrive: the service's errors in plain English, each with Microsoft's own code.

Microsoft's codes are those of its migration tools ("Troubleshooting migration errors"); the numbers by which a job
reports errors are Windows' and SharePoint's, which are mapped here.
"""

import re

from spmigrate.migrate.code import Code

_RETRY = "Then: spmigrate wave retry WAVE"
_AFRESH = "Then scan again, and plan another wave of its sheet: spmigrate wave plan NAME --sheet ID"

NAME = Code(
    "JOB-NAME", "SharePoint does not take this name (Microsoft's 0x01110010).", f"Rename it at the source. {_AFRESH}"
)
PATH = Code(
    "JOB-PATH",
    "The path is too long for SharePoint (Microsoft's 0x0111000B).",
    f"Shorten folder names at the source, or choose a home with a shorter address. {_AFRESH}",
)
PARENT = Code(
    "JOB-PARENT",
    "The folder that it belongs in did not arrive, or has gone (Microsoft's 0x0111000F, 0x01410010).",
    f"Look whether somebody moved or removed the folder at the destination. {_RETRY}",
    again=True,
)
DATE = Code(
    "JOB-DATE",
    "A date of the file is none that SharePoint takes (Microsoft's 0x01110011).",
    f"Correct the file's dates at the source. {_AFRESH}",
)
CHECKED_OUT = Code(
    "JOB-CHECKED-OUT",
    "Somebody has what has this name at the destination checked out or open (Microsoft's 0x0131000F).",
    f"Ask who has it. {_RETRY}",
    again=True,
)
CONTENT = Code(
    "JOB-CONTENT",
    "The service could not read what was sent for this file (Microsoft's 0x01510001).",
    f"Nothing was lost: it is sent anew. {_RETRY}",
    again=True,
)
VIRUS = Code(
    "JOB-VIRUS",
    "The service's virus scanner refused this file (Microsoft's 0x01610002).",
    f"Have the file looked at by information security. {_RETRY}",
    again=True,
)
RECYCLED = Code(
    "JOB-RECYCLED",
    "An earlier copy of this file was removed at the destination and lies in its recycle bin (Microsoft's 0x01710004).",
    f"Ask who removed it. If it is wanted after all, it is sent as a new file. {_RETRY}",
    again=True,
)
PERMISSIONS = Code(
    "JOB-PERMISSIONS",
    "The library has too many files with permissions of their own (Microsoft's 0x02030003).",
    f"Let files inherit what their folders have. {_RETRY}",
    again=True,
)
QUOTA = Code(
    "JOB-QUOTA",
    "The site has no room left.",
    f"Raise the site's storage limit in the SharePoint admin centre. {_RETRY}",
    again=True,
)
VERSIONING = Code(
    "JOB-VERSIONING",
    "The library keeps no versions, which the service asks for (Microsoft's 0x02010020).",
    f"Switch versions on in the library. {_RETRY}",
    again=True,
)
REFUSED = Code(
    "JOB-REFUSED",
    "The service did not import this file.",
    f"The reason stands beside it, in the service's own words. {_RETRY}",
    again=True,
)
NOT_ARRIVED = Code(
    "JOB-NOT-ARRIVED",
    "Its jobs came to their end without an error and without the file (Microsoft's 0x01710009).",
    f"Move it by the other route, or look at Microsoft's service health. {_RETRY}",
    again=True,
)
FATAL = Code(
    "JOB-FATAL",
    "The service refused the whole package that this file was in (Microsoft's 0x01710006).",
    f"The reason stands beside it, in the service's own words. {_RETRY}",
    again=True,
)
CANCELLED = Code(
    "JOB-CANCELLED",
    "Somebody cancelled the job that this file was in, or the service did.",
    f"Look in the SharePoint admin centre who did. {_RETRY}",
    again=True,
)
EXPIRED = Code(
    "JOB-EXPIRED",
    "What the job reported has expired, and the file is not there (Microsoft's 0x01610001).",
    _RETRY.removeprefix("Then: "),
    again=True,
)
TOO_LARGE = Code(
    "JOB-TOO-LARGE", "A package takes files up to 15 GB.", "Move it by the session route: spmigrate wave plan --route"
)

JOB_CODES = (
    NAME, PATH, PARENT, DATE, CHECKED_OUT, CONTENT, VIRUS, RECYCLED, PERMISSIONS, QUOTA, VERSIONING, REFUSED,
    NOT_ARRIVED, FATAL, CANCELLED, EXPIRED, TOO_LARGE,
)  # fmt: skip

_BY_NUMBER = {
    -2130245363: NAME, -2147024773: NAME, -2147024690: PATH, -2147024893: PARENT, -2147024894: PARENT,
    -2147018894: CHECKED_OUT, -2147018887: CHECKED_OUT, -2147024864: CHECKED_OUT, -2147023729: RECYCLED,
    -2147213136: CONTENT, -2147024784: QUOTA,
}  # fmt: skip
_BY_WORDS = (
    (re.compile(r"recycle bin", re.I), RECYCLED),
    (re.compile(r"virus|malware", re.I), VIRUS),
    (re.compile(r"quota|storage limit|not enough (space|storage)", re.I), QUOTA),
    (re.compile(r"checked out|is locked|locked for", re.I), CHECKED_OUT),
    (re.compile(r"padding is invalid|snapshot|blob '|not encrypted|cryptograph", re.I), CONTENT),
    (re.compile(r"datetime|date is (not|in)valid", re.I), DATE),
    (re.compile(r"unique (permission|scope)|security scopes", re.I), PERMISSIONS),
    (re.compile(r"versioning", re.I), VERSIONING),
    (re.compile(r"invalid (file|folder|character)|characters that (are not|cannot)", re.I), NAME),
)


def explain(number: str, message: str) -> Code:
    """What an error of a job means, by its number and, where that says little, by its words."""
    text = number.strip()
    known = _BY_NUMBER.get(int(text)) if re.fullmatch(r"-?\d+", text) else None
    if known is not None and known is not PARENT:
        return known
    by_words = next((code for pattern, code in _BY_WORDS if pattern.search(message)), None)
    return by_words or known or REFUSED
