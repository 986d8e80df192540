"""What answers of `where-is` take from settings and registers, kept in where-is.db while those files stay the same.

Reading and checking them takes longer than the whole of an answer may take.
"""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmigrate.cli import view
from spmigrate.errors import ConfigError, InputError, LedgerError

if TYPE_CHECKING:
    from spmigrate.report.where_is import Desk
    from spmigrate.store.where_is_index import WordIndex

_KEY = "desk"
_FORM = 1
"""Raised when what is kept gets another form."""


def index(session: view.Session) -> "WordIndex | None":
    """The word index of the working folder, None while there is none. Raises LedgerError when it is damaged."""
    from spmigrate.store.where_is_index import FILE, WordIndex

    path = session.place.folder / FILE
    return WordIndex(path) if path.is_file() else None


def desk(session: view.Session, kept_in: "WordIndex | None") -> "Desk":
    """Drives, shares, roles and words of policy.yaml: as they were kept, or read anew once a file has changed."""
    from spmigrate.report.where_is import Desk

    stamp = [_FORM, *map(_stamp, _files(session))]
    kept = kept_in.note(_KEY) if kept_in is not None else None
    if kept is None or kept["stamp"] != stamp:
        kept = {"stamp": stamp, "desk": _read(session)}
        if kept_in is not None:
            _keep(kept_in.path, kept)
    return Desk(**kept["desk"])


def _files(session: view.Session) -> list[Path]:
    return [session.place.file, *(session.place.governance_rules / name for name in ("policy.yaml", "people.yaml"))]


def _stamp(path: Path) -> list[int]:
    try:
        found = path.stat()
    except OSError:
        return [0, 0]
    return [found.st_mtime_ns, found.st_size]


def _keep(path: Path, value: dict[str, Any]) -> None:
    from spmigrate.store.where_is_index import WordIndex

    with contextlib.suppress(LedgerError):  # somebody who may only read it reads the files every time
        writer = WordIndex(path, write=True, patience=0.1)
        writer.put_note(_KEY, value)
        writer.close()


def _read(session: view.Session) -> dict[str, Any]:
    """Everything from its file. Raises InputError for spmigrate.yaml; without registers the product's own words do."""
    from spmigrate import config
    from spmigrate.registers.people import read_people
    from spmigrate.registers.policy import ServiceDesk, read_policy

    settings = session.settings.config
    host = settings.tenant.sharepoint or ""
    if settings.tenant.rehearsal:
        with contextlib.suppress(ConfigError):
            host = config.tenant(session.settings).sharepoint
    words, people = ServiceDesk(), {}
    with contextlib.suppress(InputError):
        words = read_policy(session.place.governance_rules).service_desk
    with contextlib.suppress(InputError):
        people = {each.id: each.role for each in read_people(session.place.governance_rules).people}
    host = host if not host or host.startswith("https://") else f"https://{host}"
    return {
        "drives": dict(settings.drives), "shares": dict(settings.shares), "people": people, "marking": words.marking,
        "contact": words.contact, "incident": words.incident, "host": host.rstrip("/"),
    }  # fmt: skip
