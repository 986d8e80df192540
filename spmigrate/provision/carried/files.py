"""Files of PnP files: those that libraries begin with, and what new documents begin as; their content comes along."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from spmigrate.errors import InputError
from spmigrate.formats import xml
from spmigrate.provision.carried.draft import Draft, Entry, put
from spmigrate.provision.carried.node import Node
from spmigrate.provision.catalogue import LARGEST_ASSET
from spmigrate.provision.identity import library_address

Opener = Callable[[str], bytes | None]
"""The content of a file by the path that a template gives; None when it is not at hand."""

BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, EOFError, OSError,
    ValueError,
)  # fmt: skip
"""What reading a damaged, an encrypted or an unknown package raises."""

MOST_BYTES = 200_000_000
"""The most bytes of files that come along: a package of a few kilobytes can unpack to any size."""

ASSETS = "assets"
_LEVELS = ("", "published")
_DOCUMENTS = "shared documents"


def beside(folder: Path) -> Opener:
    """Files that lie beside a provisioning file; nothing outside of its folder is read."""

    def read(path: str) -> bytes | None:
        try:
            found = (folder / path).resolve()
            inside = found.is_relative_to(folder.resolve()) and found.is_file()
            return found.read_bytes() if inside and found.stat().st_size <= LARGEST_ASSET else None
        except (OSError, ValueError):
            return None

    return read


class Package:
    """Files of a package, which keeps them in `Files/` under their own names or under those of its map.

    Each is unpacked once at most, however often the template names it.
    """

    def __init__(self, data: bytes) -> None:
        """Raises what `BROKEN` names for a package that is none."""
        self._file = zipfile.ZipFile(io.BytesIO(data))
        self._names = {each.filename.casefold(): each for each in self._file.infolist()}
        self._inner: dict[str, list[str]] = {}
        for one, other in _map(self._file):
            self._inner.setdefault(one, []).append(other)
        self._kept: dict[str, bytes | None] = {}

    def read(self, path: str) -> bytes | None:
        """The content of a file by the path that a template gives; None when it is missing, broken or too large."""
        wanted = path.casefold()
        for name in (wanted, *self._inner.get(wanted, ())):
            found = self._names.get(f"files/{name}") or self._names.get(f"files/{name.rpartition('/')[2]}")
            if found is not None and found.file_size <= LARGEST_ASSET:
                return self._content(found)
        return None

    def _content(self, entry: zipfile.ZipInfo) -> bytes | None:
        if entry.filename not in self._kept:
            if entry.file_size + sum(len(each or b"") for each in self._kept.values()) > MOST_BYTES:
                return None
            try:
                self._kept[entry.filename] = self._file.read(entry)
            except BROKEN:
                self._kept[entry.filename] = None
        return self._kept[entry.filename]


def _map(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """What files of a package are called outside and inside, whichever of the two its map has as key."""
    for part in package.namelist():
        if not part.casefold().endswith("map.xml"):
            continue
        try:
            root = xml.parse(package.read(part), part)
        except InputError:
            continue
        for each in root.walk():
            key, value = each.attributes.get("Key", ""), each.text.strip()
            if key and value:
                one, other = (name.replace("\\", "/").casefold() for name in (key, value))
                yield from ((one, other), (other, one))


def files(template: Entry, node: Node, draft: Draft) -> None:
    """`<Files>`: each becomes one that its library begins with."""
    for each in node.open("File"):
        _file(template, each, draft)


def document_template(entry: Entry, node: Node, draft: Draft) -> None:
    """What a new document of a content type begins as."""
    for each in node.open("DocumentTemplate"):
        name = each.get("TargetName") or each.content()
        asset = _carried(draft, name, name, name.rpartition("/")[2])
        if asset is None:
            each.leave(f"{name} {_why(draft)}: put it into assets/ and name it as the 'document template'")
        else:
            entry["document template"] = asset


def _file(template: Entry, node: Node, draft: Draft) -> None:
    node.understood("CreateFolder", "Security")
    source, folder = node.get("Src").replace("\\", "/"), draft.text(node, "Folder").strip("/")
    if node.get("Level").casefold() not in _LEVELS:
        node.leave("files are put as versions that readers see", "Level")
    if node.flag("Overwrite"):
        node.leave("a file is put once: what people make of it stays", "Overwrite")
    library, below = _library(template, folder)
    if library is None:
        node.leave(
            f"'{folder}' is in no library of the template: name it under 'libraries', and the file under 'files'"
        )
        return
    asset = _carried(draft, node.get("TargetFileName") or source, source)
    if asset is None:
        node.leave(f"{source} {_why(draft)}: put it into assets/ and name it under 'files'")
        return
    entry: Entry = {"library": library, "from": asset}
    put(entry, "folder", below)
    template.setdefault("files", []).append(entry)


def _carried(draft: Draft, name: str, *paths: str) -> str | None:
    """The name that a file has in the folder of the draft; None when its content is not at hand.

    Of the `name` that it shall have only the last part counts: nothing is written anywhere else.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    if last in ("", "..") or _is_full(draft):
        return None
    content = next((found for path in paths if path and (found := draft.open(path)) is not None), None)
    if content is None:
        return None
    asset = f"{ASSETS}/{last}"
    number = 1
    while draft.assets.get(asset, content) != content:
        number += 1
        asset = str(PurePosixPath(ASSETS) / str(number) / last)
    draft.assets[asset] = content
    return asset


def _is_full(draft: Draft) -> bool:
    return sum(len(content) for content in draft.assets.values()) >= MOST_BYTES


def _why(draft: Draft) -> str:
    if _is_full(draft):
        return f"is left out, since the files come to more than {MOST_BYTES // 10**6} MB"
    return "is not beside the file"


def _library(template: Entry, folder: str) -> tuple[str | None, str]:
    """The library that a path lies in, by our name, and the folder in it."""
    for each in template.get("libraries", ()):
        name = str(each["name"])
        address = str(each.get("address") or library_address(name))
        for start in (address, name, *((_DOCUMENTS,) if name == "Documents" else ())):
            if f"{folder}/".casefold().startswith(f"{start}/".casefold()):
                return name, folder[len(start) :].strip("/")
    return None, ""
