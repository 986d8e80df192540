"""What SharePoint Online takes at most, and how much of a path is left once its destination is known. Pure.

Sources: Microsoft's support page "Restrictions and limitations in OneDrive and SharePoint"
(64883a5d-228e-48f5-b3d2-eb39e07630fa), the risk codes of the SharePoint Migration Tool, and the guidance on permissions
of the Migration API.
"""

LONGEST_PATH = 400
"""Characters of a decoded path below the tenant, from `sites/` to the file name."""

ASSUMED_PREFIX = 70
"""Characters set aside for `sites/`, a site address of up to 40, and a library's name, until those are known."""

ASSUMED_HOST = 40
"""Characters of `https://`, a tenant's name and `.sharepoint.com/`, which Microsoft's own tools count as well."""

ASSUMED_SYNC_ROOT = 80
"""Characters of the folder of a synchronised library on a computer: the profile, the organisation, site and library."""

OFFICE_PATH, WORKBOOK_PATH = 259, 218
"""Characters of a whole path on a computer that Word and PowerPoint, and that Excel, open for certain. Source:
Microsoft support, "Maximum path length limitation in Office"; newer versions may open longer ones.

OneDrive itself synchronises up to 520; with such a root nothing that fits into SharePoint reaches that.
"""

LARGEST_FILE = 250_000_000_000
LARGE_FILE = 15_000_000_000
"""Bytes of a file from which only an upload session takes it."""

LARGEST_NOTEBOOK = 2_000_000_000

LIBRARY_ITEMS = 30_000_000
INDEXED_ITEMS = 20_000
"""Items of a library from which no column can be indexed any more."""
SITE_BYTES = 25_000_000_000_000
SYNCED_FILES = 300_000
"""Files in all libraries that one person synchronises, beyond which Microsoft advises against it."""

FIXED_PERMISSIONS = 100_000
"""Items below a folder or library from which its permissions can be neither separated nor joined again."""

MOST_SCOPES, ADVISED_SCOPES = 50_000, 5_000
"""Folders and files with permissions of their own in one library: what is possible, and what is advised."""

MOST_ENTRIES = 5_000
"""People and groups that have rights of their own on one library, folder or file."""

VIEW_THRESHOLD = 5_000
"""Entries of one folder from which a view of it must be filtered by an indexed column."""


def units(text: str) -> int:
    """Length in UTF-16 code units, in which Windows and SharePoint count characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def budget(site: str, library: str) -> int:
    """Characters left for folders and the file name in this library of this site.

    `site` is an address such as `/sites/t-b3k9w`, with or without its tenant. Negative when nothing is left.
    """
    address = site.partition("://")[2].partition("/")[2] if "://" in site else site
    return LONGEST_PATH - units(address.strip("/")) - 1 - units(library.strip("/")) - 1


_AS_THEY_ARE = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~/"
"""The characters that an address writes as they are (RFC 3986), and what separates names."""


def encoded(path: str) -> int:
    """Length of a path as an address writes it, in which a space has three characters."""
    raw = path.encode(errors="replace")
    return len(raw) + 2 * len(raw.translate(None, _AS_THEY_ARE))
