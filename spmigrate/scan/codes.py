"""What a scan can find, as data: one entry for each cause, with what it means for the item and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from spmigrate.model import Severity, Treatment
from spmigrate.store.listing import Entry, Remark

_LIMITS = "https://support.microsoft.com/office/64883a5d-228e-48f5-b3d2-eb39e07630fa"
_UNSUPPORTED = "https://learn.microsoft.com/sharepointmigration/mm-unsupported-files"
_RISKS = "https://learn.microsoft.com/sharepointmigration/spmt-scan-risk-codes"
_SIZES = "https://learn.microsoft.com/sharepointmigration/mm-file-size-limitations"
_TROUBLE = "https://learn.microsoft.com/sharepointmigration/mm-troubleshoot"
_ONENOTE = "https://learn.microsoft.com/sharepoint/dev/apis/onenote-migration-service"
_SCANS = "https://learn.microsoft.com/sharepointmigration/mm-scan"
_SHARES = "https://learn.microsoft.com/sharepointmigration/fileshare-to-odsp-migration-guide"
_PERMISSIONS = "https://learn.microsoft.com/sharepoint/dev/apis/migration-perm-guidance"
_LABELS = "https://learn.microsoft.com/purview/sensitivity-labels-sharepoint-onedrive-files"
_OWN = "the council's own practice"


@dataclass(frozen=True, slots=True)
class Code:
    """One cause of findings. `source` is the page that the limit comes from."""

    code: str
    severity: Severity
    treatment: Treatment
    title: str
    message: str
    remedy: str
    source: str


def _code(code: str, severity: Severity, treatment: Treatment, *texts: str) -> Code:
    title, message, remedy, source = texts
    return Code(code, severity, treatment, title, message, remedy, source)


_TIDY = "Decide 'Move and tidy' to move it under the proposed name, or rename it on the shared drive and scan again."

_BLOCKED = (
    _code("UNSEEN", Severity.CRITICAL, Treatment.BLOCK, "Could not be looked at",
          "The scan was not allowed to look at this.",
          "Give the scanning account read access, then run the scan again.", _OWN),
    _code("FILE-TOO-LARGE", Severity.HIGH, Treatment.BLOCK, "Larger than 250 GB",
          "The file is larger than the 250 GB that SharePoint takes.",
          "Split it, or keep it on other storage.", _SIZES),
    _code("PATH-TOO-LONG", Severity.HIGH, Treatment.BLOCK, "Path too long",
          "The path would be longer than the 400 characters that SharePoint takes.",
          "Shorten folder names on the shared drive, or map a deeper folder to a library of its own.", _LIMITS),
    _code("OFFLINE", Severity.HIGH, Treatment.BLOCK, "Only a placeholder: the content is in an archive",
          "The file is a placeholder; opening it would fetch its content from an archive, so it is never opened.",
          "Have the archive system bring it back to the share, or leave it to the archive; then scan again.", _OWN),
    _code("EFS-ENCRYPTED", Severity.HIGH, Treatment.BLOCK, "Encrypted by Windows (EFS)",
          "The file is encrypted for one person's account; nobody else can read it, nor can it be moved.",
          "Ask that person, or the recovery agent, to take the encryption off; then scan again.", _OWN),
)  # fmt: skip

_RENAMED = (
    _code("NAME-CHARACTER", Severity.HIGH, Treatment.RENAME, "Forbidden character in a name",
          'The name contains one of " * : < > ? \\ |, which SharePoint refuses.', _TIDY, _LIMITS),
    _code("NAME-CONTROL", Severity.HIGH, Treatment.RENAME, "Control character in a name",
          "The name contains a control character, such as a line break.", _TIDY, _LIMITS),
    _code("NAME-MAPPED", Severity.HIGH, Treatment.RENAME, "Mac stand-in character in a name",
          "The name contains a private character that a Mac wrote in place of a forbidden one.", _TIDY, _LIMITS),
    _code("NAME-ENCODING", Severity.HIGH, Treatment.RENAME, "Name in an unknown encoding",
          "The bytes of the name are not readable text.", _TIDY, _LIMITS),
    _code("NAME-SPACE", Severity.HIGH, Treatment.RENAME, "Space at the beginning or end of a name",
          "The name begins or ends with a space.", _TIDY, _LIMITS),
    _code("NAME-DOT", Severity.HIGH, Treatment.RENAME, "Full stop at the end of a name",
          "The name ends with a full stop.", _TIDY, _LIMITS),
    _code("NAME-RESERVED", Severity.HIGH, Treatment.RENAME, "Reserved name",
          "The name is reserved for a device or for the service, such as CON, AUX or .lock.", _TIDY, _LIMITS),
    _code("NAME-VTI", Severity.HIGH, Treatment.RENAME, "_vti_ in a name",
          "The name contains _vti_, which SharePoint keeps for itself.", _TIDY, _LIMITS),
    _code("NAME-TILDE", Severity.HIGH, Treatment.RENAME, "Tilde at the beginning of a name",
          "Folders must not begin with ~, nor files with ~$.", _TIDY, _LIMITS),
    _code("NAME-THICKET", Severity.HIGH, Treatment.RENAME, "Folder name ends in _files",
          "SharePoint takes a folder that ends in _files or _file for a part of a web page.", _TIDY, _RISKS),
    _code("NAME-FORMS", Severity.HIGH, Treatment.RENAME, "Folder 'forms' at the top",
          "A library keeps the folder 'forms' at its top for itself.", _TIDY, _LIMITS),
    _code("NAME-LENGTH", Severity.HIGH, Treatment.RENAME, "Name longer than 255 characters",
          "The name is longer than 255 characters.", _TIDY, _LIMITS),
    _code("TWIN-CASE", Severity.HIGH, Treatment.RENAME, "Names that differ in capitals only",
          "Another name in this folder differs in capitals only; SharePoint takes the two for one.", _TIDY, _LIMITS),
    _code("TWIN-UNICODE", Severity.HIGH, Treatment.RENAME, "Names that look the same",
          "Another name in this folder is the same text in other Unicode characters.", _TIDY, _OWN),
)  # fmt: skip

_STAYING = (
    _code("LINK", Severity.LOW, Treatment.SKIP, "Link",
          "A symbolic link or reparse point; it is never followed.",
          "Nothing to do: what it points to is scanned where it lies.", _UNSUPPORTED),
    _code("SPECIAL", Severity.LOW, Treatment.SKIP, "Not a file",
          "A socket, pipe or device.", "Nothing to do: it holds no content.", _OWN),
    _code("LOCK-FILE", Severity.INFO, Treatment.SKIP, "Lock file",
          "A program left this to say that a document was open.", "Nothing to do.", _LIMITS),
    _code("TEMPORARY", Severity.INFO, Treatment.SKIP, "Temporary file",
          "A temporary file of a program.", "Nothing to do.", _LIMITS),
    _code("SYSTEM-FILE", Severity.INFO, Treatment.SKIP, "Folder settings or thumbnails",
          "Windows or macOS keeps this for its own display of the folder.", "Nothing to do.", _LIMITS),
    _code("SHORTCUT", Severity.LOW, Treatment.SKIP, "Windows shortcut",
          "A shortcut to a drive letter or share; it would lead nowhere from SharePoint.",
          "Make a link in the new library if people used it.", _UNSUPPORTED),
    _code("DATABASE", Severity.MEDIUM, Treatment.ROUTE, "Database",
          "A database file does not work from SharePoint.",
          "Find its users; move the data to a supported system or keep the file on a share.", _OWN),
    _code("MAILBOX", Severity.MEDIUM, Treatment.ROUTE, "Outlook data file",
          "An Outlook data file does not work from SharePoint.",
          "Import it to a mailbox with the messaging team.", _OWN),
)  # fmt: skip

_PLAIN_NOTES = (
    _code("FORMS", Severity.INFO, Treatment.NOTE, "Folder 'forms' further down",
          "Fine where it is; SharePoint refuses a folder 'forms' at the top of a library.",
          "Do not map this folder to the top of a library under its present name.", _LIMITS),
    _code("THICKET-ABROAD", Severity.LOW, Treatment.NOTE, "Folder of a saved web page, in another language",
          "The name ends as an Office program in another language ends the folder of a saved web page.",
          "It moves. Should SharePoint refuse it, or keep it with a page of its name, rename it on the shared drive.",
          _RISKS),
    _code("FILE-LARGE", Severity.LOW, Treatment.NOTE, "Larger than 15 GB",
          "The file moves by upload session only, and slowly.", "Plan it into a wave with time to spare.", _SIZES),
    _code("PATH-LONG", Severity.LOW, Treatment.NOTE, "Long path",
          "The path will be longer than 300 characters: little room is left, and sync may fail.",
          "Shorten folder names where the owner agrees.", _LIMITS),
    _code("PATH-ENCODED", Severity.LOW, Treatment.NOTE, "Address longer than 400 characters",
          "With the tenant's name, and %20 for each space, the address is longer than 400 characters.",
          "It moves; Microsoft's own tools count so, and some programs cannot open it. Shorten folder names.", _SCANS),
    _code("PATH-OFFICE", Severity.LOW, Treatment.NOTE, "Path too long for desktop Office",
          "Where the library is synchronised, Excel may not open a path longer than 218 characters, Word and PowerPoint"
          " not one longer than 259.",
          "It moves, and opens in the browser. Shorten folder names where people work with it on the desktop.",
          _LIMITS),
    _code("FOLDER-LARGE", Severity.LOW, Treatment.NOTE, "More than 5,000 entries in one folder",
          "The folder itself has more than 5,000 entries.",
          "It moves; views of it need a filter on an indexed column. Better split it by year or letter.", _RISKS),
    _code("HIDDEN", Severity.LOW, Treatment.NOTE, "Hidden or system file",
          "It is hidden on the share; SharePoint hides nothing, so everybody in the library will see it.",
          "Ask the owner whether it is needed.", _SHARES),
    _code("STREAMS", Severity.LOW, Treatment.NOTE, "Alternate data streams",
          "Further streams are attached to the file; they do not move.",
          "Ask the owner of the program that wrote them; most are marks of a download.", _SHARES),
    _code("WEB-SHORTCUT", Severity.INFO, Treatment.NOTE, "Web shortcut",
          "A shortcut to a web page; it moves, and opens in a browser only.",
          "Make a link in the new library if people used it.", _UNSUPPORTED),
    _code("ZERO-BYTES", Severity.INFO, Treatment.NOTE, "Empty file",
          "The file has no content.", "It moves; delete it later if nobody needs it.", _UNSUPPORTED),
    _code("DIRECTION", Severity.HIGH, Treatment.NOTE, "Right-to-left override in a name",
          "A hidden character makes the name read differently from what it is, as disguised programs do.",
          "Ask the security team to look at it before the wave.", _OWN),
    _code("INVISIBLE", Severity.LOW, Treatment.NOTE, "Invisible character in a name",
          "The name contains a character that cannot be seen, such as a no-break space.",
          "It moves as it is; search may not find it.", _OWN),
    _code("DECOMPOSED", Severity.INFO, Treatment.NOTE, "Accents written apart",
          "The name writes its accents as separate characters, as a Mac does.",
          "It moves in the composed form (NFC), which looks the same.", _OWN),
    _code("MANY-DOTS", Severity.INFO, Treatment.NOTE, "Several full stops together",
          "The name has full stops in a row.", "It moves as it is.", _OWN),
    _code("SEMICOLON", Severity.LOW, Treatment.NOTE, "Semicolon in a folder name",
          "Some desktop programs cannot save into a folder with a semicolon in its name.",
          "Rename the folder if people save there from desktop programs.", _OWN),
    _code("FORMULA-NAME", Severity.INFO, Treatment.NOTE, "Name that reads as a formula",
          "Spreadsheets would take the name for a formula; it is escaped in workbooks and CSV files.",
          "Nothing to do.", _OWN),
    _code("FOLK-VERSION", Severity.INFO, Treatment.NOTE, "Version kept by name",
          "The name speaks of copies or final versions; SharePoint keeps versions itself.",
          "Ask the owner which one counts.", _OWN),
    _code("SENSITIVE-NAME", Severity.MEDIUM, Treatment.NOTE, "Name hints at personal content",
          "The name itself may say something about a person.",
          "Check who may see the destination; redact it in reports.", _OWN),
)  # fmt: skip

_INSIDE_NOTES = (
    _code("LABEL-ENCRYPTED", Severity.HIGH, Treatment.NOTE, "Encrypted by a label or rights management",
          "The file is encrypted by a sensitivity label or rights management; nobody outside those rights can open it.",
          "Ask the information governance officer whose label it is before the wave.", _LABELS),
    _code("PASSWORD", Severity.MEDIUM, Treatment.NOTE, "Protected by a password",
          "The file is encrypted with a password: search, preview and retention cannot look into it.",
          "Ask the owner to take the password off, and to protect the library instead.", _LABELS),
    _code("EXTERNAL-LINKS", Severity.MEDIUM, Treatment.NOTE, "Workbook with links to other workbooks",
          "The workbook takes values from other workbooks; the links break when either of them moves.",
          "Move the workbooks in one wave, and let the owner repair the links (Data, Edit Links).", _SHARES),
    _code("DATA-CONNECTION", Severity.LOW, Treatment.NOTE, "Workbook with a data connection",
          "The workbook fetches data from a database, a text file or a web page.",
          "Let the owner refresh it once from its new place.", _SHARES),
    _code("MACRO", Severity.LOW, Treatment.NOTE, "Macros",
          "The document holds macros: they do not run in a browser, and paths in them stay as they were.",
          "Ask the owner whether they are used, and test them in the pilot.", _OWN),
    _code("CAD-REFERENCES", Severity.MEDIUM, Treatment.NOTE, "Drawing that refers to others",
          "The drawing loads other drawings by their paths.",
          "Move the whole drawing folder in one wave, and open the drawing from its new place.", _OWN),
    _code("DAMAGED", Severity.LOW, Treatment.NOTE, "Damaged file",
          "The file breaks off, or contradicts itself; it may not open where it is now.",
          "Ask the owner whether it opens; it moves as it is.", _OWN),
    _code("UNREADABLE", Severity.MEDIUM, Treatment.NOTE, "Content could not be read",
          "The content of the file could not be read when it was scanned.",
          "Close the program that holds it, or give the scanning account read access; then scan again.", _OWN),
)  # fmt: skip

_CONTENT_NOTES = (
    _code("SHAPEFILE", Severity.INFO, Treatment.NOTE, "Map data in several files",
          "A shapefile is several files of one name; they must stay together.", "Nothing to do: they do.", _OWN),
    _code("SHAPEFILE-PART", Severity.LOW, Treatment.NOTE, "Shapefile with a part missing",
          "The .shx or .dbf of this shapefile is not in the folder.", "Ask the owner whether it still opens.", _OWN),
    _code("GEODATABASE", Severity.MEDIUM, Treatment.NOTE, "Geodatabase",
          "A folder that is one database of maps; its files are of no use one by one, nor can they be edited there.",
          "Ask the owner whether it is still edited; a finished one moves as a whole.", _OWN),
    _code("CAD-SET", Severity.LOW, Treatment.NOTE, "Drawings that lie together",
          "Drawings of one folder may refer to one another.",
          "Keep the folder in one row, and open a drawing with references from its new place.", _OWN),
    _code("ONENOTE", Severity.LOW, Treatment.NOTE, "OneNote notebook",
          "A notebook is a folder of sections; they must stay together.",
          "Open it once from its new place, and check that sections load.", _ONENOTE),
    _code("ONENOTE-SECTION", Severity.LOW, Treatment.NOTE, "OneNote section outside a notebook",
          "A section without its table of contents, or among other files: it will not be taken for a notebook.",
          "Ask the owner to put it into a notebook first.", _ONENOTE),
    _code("ONENOTE-LARGE", Severity.MEDIUM, Treatment.NOTE, "OneNote notebook larger than 2 GB",
          "The notebook is larger than the 2 GB that open well from SharePoint.",
          "Ask the owner to split it before the wave.", _LIMITS),
    _code("SOFTWARE", Severity.LOW, Treatment.NOTE, "Program or disk image",
          "Programs and disk images are not documents.", "Ask the owner whether it is needed.", _OWN),
    _code("SCRIPT-PAGE", Severity.LOW, Treatment.NOTE, "Page with script",
          "Sites that do not allow custom script refuse this kind of file.",
          "Leave it behind, or ask the platform team.", _RISKS),
    _code("DATE-ODD", Severity.LOW, Treatment.NOTE, "Modified time cannot be right",
          "The modified time lies in the future or before 1980; retention counts from it.",
          "Ask the owner for the right year.", _TROUBLE),
    _code("OLD", Severity.INFO, Treatment.NOTE, "Nothing here changed for seven years",
          "No file directly in this folder was modified in the last seven years.",
          "Consider 'Leave as read-only archive'.", _OWN),
    _code("DUPLICATE", Severity.INFO, Treatment.NOTE, "Same name and size elsewhere",
          "Other files of this source have the same name and the same size.",
          "Ask the owner which one counts.", _OWN),
    _code("DUPLICATE-CONTENT", Severity.INFO, Treatment.NOTE, "Same content elsewhere",
          "Other files of this source have exactly the same content.",
          "Ask the owner which one counts.", _OWN),
    _code("CONTENT-TYPE", Severity.LOW, Treatment.NOTE, "Content is not what the extension says",
          "The first bytes of the file belong to another type.", "It may not open; tell the owner.", _OWN),
)  # fmt: skip

_ACCESS_NOTES = (
    _code("ACL-UNSEEN", Severity.HIGH, Treatment.NOTE, "Access list could not be read",
          "The scan was not allowed to read who may open this.",
          "Give the scanning account the right to read permissions, then run the scan again.", _OWN),
    _code("ACL-DENY", Severity.HIGH, Treatment.NOTE, "Somebody is denied access",
          "The access list denies somebody something. SharePoint has no deny entries: they would see it.",
          "Decide with the owner who may see it in SharePoint, before the wave.", _SHARES),
    _code("ACL-ORPHAN", Severity.LOW, Treatment.NOTE, "Access for an account that nobody knows",
          "The access list names an account that was deleted, or belongs to a domain that does not answer.",
          "Nothing to do if the account is gone: it opens nothing in SharePoint.", _OWN),
    _code("ACL-BROAD", Severity.MEDIUM, Treatment.NOTE, "Open to everybody, or nearly",
          "Everyone, Authenticated Users, Users or Domain Users may open it: it would come up in everybody's search.",
          "Ask the owner who should see it; decide 'Who should see it' in the mapping sheet.", _OWN),
    _code("ACL-UNIQUE", Severity.INFO, Treatment.NOTE, "Permissions of its own",
          "Its access list differs from that of the folder above it.",
          "Ask the owner whether the difference still matters; a library of its own is the clearest way to keep it.",
          _SHARES),
    _code("ACL-ENTRIES", Severity.HIGH, Treatment.NOTE, "More than 5,000 entries in an access list",
          "SharePoint takes 5,000 people and groups on one library, folder or file.",
          "Put the people into groups before the move.", _PERMISSIONS),
)  # fmt: skip

_AMOUNTS = (
    _code("LIBRARY-ITEMS", Severity.HIGH, Treatment.NOTE, "More than 30,000,000 items",
          "One library takes 30,000,000 items at most.", "Map its folders to several libraries.", _RISKS),
    _code("LIBRARY-PERMISSIONS", Severity.MEDIUM, Treatment.NOTE, "Permissions that could not be changed later",
          "Above 100,000 items below a folder, its permissions can be neither separated nor joined again.",
          "Split it over several rows, and settle permissions before the files come.", _PERMISSIONS),
    _code("LIBRARY-SCOPES", Severity.MEDIUM, Treatment.NOTE, "More than 5,000 places with permissions of their own",
          "A library works well up to 5,000 folders and files with permissions of their own, and takes 50,000.",
          "Split it over several libraries, or let more folders inherit.", _PERMISSIONS),
    _code("SITE-SIZE", Severity.HIGH, Treatment.NOTE, "More than 25 TB",
          "One site takes 25 TB at most.", "Map its folders to several sites.", _LIMITS),
    _code("LIBRARY-INDEX", Severity.INFO, Treatment.NOTE, "More than 20,000 items",
          "Above 20,000 items no column of a library can be indexed any more.",
          "Let the template make the indexes that views need before the files come.", _RISKS),
    _code("LIBRARY-SYNC", Severity.LOW, Treatment.NOTE, "More than 300,000 files",
          "Microsoft advises against synchronising more than 300,000 files.",
          "Split it over several libraries, and do not offer to synchronise the whole.", _LIMITS),
)  # fmt: skip

_WORST_FIRST = (
    *_BLOCKED, *_RENAMED, *_STAYING, *_PLAIN_NOTES, *_INSIDE_NOTES, *_CONTENT_NOTES, *_AMOUNTS, *_ACCESS_NOTES,
)  # fmt: skip
CODES: Mapping[str, Code] = MappingProxyType({code.code: code for code in _WORST_FIRST})
"""Every cause by its code, worst first."""


def remark(entry: Entry | None, code: str, message: str = "", proposal: str | None = None) -> Remark:
    """A finding of this code, with its own message or the code's."""
    known = CODES[code]
    return Remark(entry, code, known.severity, known.treatment, message or known.message, proposal)
