"""The redirect: a notice, shortcuts and a crosswalk for everybody who looks where files used to be.

They are written to a folder that the lead names, one below it for each source. At the source itself a notice and
shortcuts are put only when that is asked for, beside what is there: nothing is overwritten, changed or deleted.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from spmigrate.errors import SpmigrateError
from spmigrate.formats import csv
from spmigrate.model import Document, Section, Table
from spmigrate.store import redirects
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.redirects import OldRoot
from spmigrate.store.waves import Wave
from spmigrate.words import day

NOTICE = "READ ONLY - these files have moved.txt"
CROSSWALK = "where each file is now.csv"
PAGE = "where everything is now.html"
_HEADINGS = ("Old path", "Bytes", "What became of it", "Why", "New address", "Site", "Library", "Folder", "Name")
_READ_ONLY = 0o444
_UNSAFE = str.maketrans(dict.fromkeys('<>:"/\\|?*\0', "-"))


@dataclass(frozen=True, slots=True)
class Home:
    """Where the content of one folder of the old share is now: the folder, its address, what people call it."""

    path: str
    raw: bytes
    address: str
    label: str
    shortcut: str


@dataclass(frozen=True, slots=True)
class Old:
    """One source of a wave, and the homes of its folders."""

    source_id: int
    name: str
    root: str
    kind: str
    homes: tuple[Home, ...]


@dataclass(slots=True)
class Written:
    """What a redirect wrote, and what it left because something of that name was there."""

    files: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)
    lines: int = 0


def plan(ledger: Ledger, wave: Wave, *, tenant: str) -> list[Old]:
    """The sources of a wave with their new homes; `tenant` is the address of the tenant's SharePoint."""
    found = []
    for (source_id, name, root, kind), group in groupby(
        redirects.old_roots(ledger, wave), key=lambda each: (each.source_id, each.source, each.root, each.kind)
    ):
        found.append(Old(source_id, name, root, kind, tuple(_homes(list(group), tenant))))
    if not found:
        raise SpmigrateError(
            f"wave '{wave.name}' has copied nothing that anybody could be sent to",
            hint=f"see what became of its files: spmigrate wave status {wave.name}",
        )
    return found


def write(ledger: Ledger, wave: Wave, old: Old, folder: Path, *, tenant: str, on: datetime) -> Written:
    """Write notice, shortcuts and the crosswalk for one source into `folder`, over what an earlier redirect wrote."""
    folder.mkdir(parents=True, exist_ok=True)
    written = Written()
    for name, content in _texts(old, on):
        path = folder / name
        with suppress(FileNotFoundError):
            path.chmod(0o644)
        path.write_text(content, encoding="utf-8", newline="\r\n")
        path.chmod(_READ_ONLY)
        written.files.append(path)
    rows = (_line(row, tenant) for row in redirects.crosswalk(ledger, wave, old.source_id))
    written.lines = csv.write(folder / CROSSWALK, _HEADINGS, rows)
    written.files.append(folder / CROSSWALK)
    return written


def put_at_source(old: Old, *, on: datetime) -> Written:
    """Put the notice and the shortcut into each moved folder of the source itself, where nothing has their names.

    Raises SpmigrateError when the source is no folder of this machine, or cannot be written to.
    """
    if old.kind != "folder":
        raise SpmigrateError(
            f"{old.root} is not mounted here: nothing can be put there", hint="copy the notice there by hand"
        )
    written = Written()
    for home in old.homes:
        place = Path(os.fsdecode(os.path.join(os.fsencode(old.root), home.raw)))  # noqa: PTH118 - names are bytes
        one = Old(old.source_id, old.name, old.root, old.kind, (home,))
        for name, content in _texts(one, on):
            try:
                with (place / name).open("x", encoding="utf-8", newline="\r\n") as file:
                    file.write(content)
                (place / name).chmod(_READ_ONLY)
                written.files.append(place / name)
            except FileExistsError:
                written.left.append(place / name)
            except OSError as error:
                raise SpmigrateError(
                    f"{place / name} cannot be written: {error.strerror}",
                    hint="lift the freeze for this, or copy the notice there by hand",
                ) from None
    return written


def page(wave: Wave, old: Old, *, lines: int) -> Document:
    """The page that tells where each folder of a source is now."""
    rows = tuple((home.path or "(the whole share)", home.label, home.address) for home in old.homes)
    return Document(
        title=f"{old.name}: where everything is now",
        facts=(("Old place", old.root), ("Wave", wave.name), ("Files in the list beside this page", f"{lines:,}")),
        sections=(
            Section(
                "New homes",
                ("The old files stay where they are, to be read only. Work in the new home.",),
                tables=(Table("Folders", ("Old folder", "New home", "Address"), rows, long=(0, 2)),),
            ),
        ),
    )


def folder_name(old: Old) -> str:
    """The name of a source as a folder."""
    return old.name.translate(_UNSAFE).strip(". ") or f"source {old.source_id}"


def _homes(roots: Sequence[OldRoot], tenant: str) -> Iterator[Home]:
    names: set[str] = set()
    for each in roots:
        address = _address(tenant, each.url, each.site, each.library, each.folder)
        label = f"{each.site_name or each.site} > {each.library}" + (f" > {each.folder}" if each.folder else "")
        name = f"{each.path.rpartition('/')[2] or each.source} - new home".translate(_UNSAFE).strip(". ")
        shortcut, number = f"{name}.url", 2
        while shortcut.casefold() in names:
            shortcut, number = f"{name} {number}.url", number + 1
        names.add(shortcut.casefold())
        yield Home(each.path, each.raw, address, label, shortcut)


def _address(tenant: str, url: str | None, site: str, *parts: str) -> str:
    base = (url or f"{tenant.rstrip('/')}{quote(site)}").rstrip("/")
    return "/".join([base, *(quote(part) for part in parts if part)])


def _texts(old: Old, on: datetime) -> Iterator[tuple[str, str]]:
    homes = "".join(f"  {home.path or 'everything'}\n      {home.label}\n      {home.address}\n" for home in old.homes)
    yield (
        NOTICE,
        (
            f"These files have moved, on {day(on.date())}.\n\n"
            "What you see here is the old copy. It can be read and not changed, and nothing was deleted.\n"
            f"Work in the new home from now on:\n\n{homes}\n"
            "If something is missing there, tell the service desk the old path: they can say where it is.\n"
        ),
    )
    for home in old.homes:
        yield home.shortcut, f"[InternetShortcut]\nURL={home.address}\n"


def _line(row: Row, tenant: str) -> tuple[object, ...]:
    copied = row["outcome"] == "copied"
    parts = (row["library"], row["target_folder"] or "", row["target_name"] or "")
    became = "gone at the source; the copy stays" if row["gone"] else row["outcome"] or "still to move"
    return (
        row["path"], row["size"], became, row["reason"],
        _address(tenant, row["url"], row["site"], *parts) if copied else "",
        row["site"] if copied else "", *((parts) if copied else ("", "", "")),
    )  # fmt: skip
