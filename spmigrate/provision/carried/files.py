"""Files of PnP files: those that libraries begin with, and what new documents begin as; their content comes along."""

import io
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


def packed(data: bytes) -> Opener:
    """Files of a package, which keeps them in `Files/` under their own names or under those of its map."""

    def read(path: str) -> bytes | None:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                return _content(package, path.casefold())
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
            return None

    return read


def _content(package: zipfile.ZipFile, wanted: str) -> bytes | None:
    names = {each.filename.casefold(): each for each in package.infolist()}
    for name in (wanted, *(inner for outer, inner in _map(package) if outer == wanted)):
        found = names.get(f"files/{name}") or names.get(f"files/{name.rpartition('/')[2]}")
        if found is not None and found.file_size <= LARGEST_ASSET:
            return package.read(found)
    return None


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
            each.leave(f"{name} is not beside the file: put it into assets/ and name it as the 'document template'")
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
        node.leave(f"{source} is not beside the file: put it into assets/ and name it under 'files'")
        return
    entry: Entry = {"library": library, "from": asset}
    put(entry, "folder", below)
    template.setdefault("files", []).append(entry)


def _carried(draft: Draft, name: str, *paths: str) -> str | None:
    """The name that a file has in the folder of the draft; None when its content is not at hand.

    Of the `name` that it shall have only the last part counts: nothing is written anywhere else.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    content = next((found for path in paths if path and (found := draft.open(path)) is not None), None)
    if content is None or last in ("", ".."):
        return None
    asset = f"{ASSETS}/{last}"
    number = 1
    while draft.assets.get(asset, content) != content:
        number += 1
        asset = str(PurePosixPath(ASSETS) / str(number) / last)
    draft.assets[asset] = content
    return asset


def _library(template: Entry, folder: str) -> tuple[str | None, str]:
    """The library that a path lies in, by our name, and the folder in it."""
    for each in template.get("libraries", ()):
        name = str(each["name"])
        address = str(each.get("address") or library_address(name))
        for start in (address, name, *((_DOCUMENTS,) if name == "Documents" else ())):
            if f"{folder}/".casefold().startswith(f"{start}/".casefold()):
                return name, folder[len(start) :].strip("/")
    return None, ""
