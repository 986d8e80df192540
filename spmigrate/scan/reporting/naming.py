"""How a report calls folders, files and accounts: by their names, or, in a copy for others, by codes that stay.

A code is the number that the ledger keeps for a thing from scan to scan: the same folder has the same code in every
report of this ledger. Only what was written with a key file leads back from codes to names.
"""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Protocol

from spmigrate.scan.reporting.kinds import is_known
from spmigrate.store.inventory import Source
from spmigrate.words import visible

TOP = "the top folder"
NO_LIBRARY = "its new library"


class Names(Protocol):
    """What a report may say of a thing. `redacted` says that names are left out."""

    redacted: bool

    def source(self, source: Source) -> str:
        """A source."""

    def root(self, source: Source) -> str:
        """Where a source lies."""

    def folder(self, folder_id: int, path: str) -> str:
        """A folder, by its path below the root."""

    def file(self, folder_id: int, item_id: int, path: str) -> str:
        """A file, by its path below the root."""

    def account(self, who: str, name: str) -> str:
        """A person, a group or a SID."""

    def text(self, text: str) -> str:
        """Words that may hold a name: a proposed name, a message, an owner's answer."""

    def library(self, label: str) -> str:
        """A new home; empty where there is none yet."""

    def reason(self, text: str) -> str:
        """Why a place could not be looked at."""

    def extension(self, extension: str) -> str:
        """The end of a file name, without its full stop."""


class PlainNames:
    """Everything by its name, characters that would alter the report as escapes."""

    redacted = False

    def source(self, source: Source) -> str:
        """The source's name."""
        return visible(source.name)

    def root(self, source: Source) -> str:
        """The path of its root."""
        return visible(source.root)

    def folder(self, folder_id: int, path: str) -> str:
        """The folder's path."""
        del folder_id
        return visible(path) if path not in ("", ".") else TOP

    def file(self, folder_id: int, item_id: int, path: str) -> str:
        """The file's path."""
        del folder_id, item_id
        return visible(path)

    def account(self, who: str, name: str) -> str:
        """The name, or the SID where it has none."""
        return visible(name or who)

    def text(self, text: str) -> str:
        """The words as they are."""
        return visible(text)

    def library(self, label: str) -> str:
        """The home's label."""
        return visible(label) or NO_LIBRARY

    def reason(self, text: str) -> str:
        """The reason as the system gave it."""
        return visible(text)

    def extension(self, extension: str) -> str:
        """The extension."""
        return visible(extension)


class CodedNames:
    """Everything by a code. `key` has what each code that was used stands for: code, kind and name."""

    redacted = True

    def __init__(self, accounts: Iterable[str] = ()) -> None:
        """`accounts` are those of the ledger, in the order in which it met them."""
        self.key: dict[str, tuple[str, str]] = {}
        self._accounts = {who: number for number, who in enumerate(dict.fromkeys(accounts), start=1)}
        self._libraries: dict[str, int] = {}

    def source(self, source: Source) -> str:
        """`S-01`."""
        return self._coded(f"S-{source.id:02d}", "source", source.name)

    def root(self, source: Source) -> str:
        """Nothing: the root is a name."""
        self._coded(f"S-{source.id:02d}", "source", f"{source.name} ({source.root})")
        return ""

    def folder(self, folder_id: int, path: str) -> str:
        """`F-0042`."""
        return self._coded(f"F-{folder_id:04d}", "folder", path or TOP)

    def file(self, folder_id: int, item_id: int, path: str) -> str:
        """`F-0042/17.docx`: the folder's code, the file's number, and its extension if every council knows it."""
        extension = PurePosixPath(path.rpartition("/")[2]).suffix.lower()
        ending = extension if is_known(extension[1:]) else ""
        return self._coded(f"F-{folder_id:04d}/{item_id}{ending}", "file", path)

    def account(self, who: str, name: str) -> str:
        """`A-0003`."""
        number = self._accounts.setdefault(who, len(self._accounts) + 1)
        return self._coded(f"A-{number:04d}", "account", f"{name} ({who})" if name else who)

    def text(self, text: str) -> str:
        """Nothing: free words may hold names."""
        del text
        return ""

    def library(self, label: str) -> str:
        """`L-01`, in the order in which the report names them."""
        if not label:
            return NO_LIBRARY
        number = self._libraries.setdefault(label, len(self._libraries) + 1)
        return self._coded(f"L-{number:02d}", "library", label)

    def reason(self, text: str) -> str:
        """Whether it was a matter of permission."""
        refused = any(word in text.lower() for word in ("denied", "permission", "not permitted"))
        return "permission denied" if refused else "it could not be read"

    def extension(self, extension: str) -> str:
        """The extension if every council knows it: others may be a part of a name."""
        return extension if is_known(extension) else ""

    def _coded(self, code: str, kind: str, name: str) -> str:
        self.key[code] = (kind, visible(name))
        return code
