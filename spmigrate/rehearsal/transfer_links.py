"""The addresses for bytes: they carry their own permission, so no token is sent with them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.uploads import Session

_LIFE = 3660


@lru_cache(maxsize=1)
def _key() -> bytes:
    # Drawn for each start of the server: a download address is meant to live for about an hour.
    return secrets.token_bytes(32)


def download_link(host: str, web: str, item: Item, *, now: float, version: int = 0) -> str:
    """Where a file's bytes (or an earlier version's) can be fetched without a token, for an hour from `now` on."""
    return download_links(host, web, now=now)(item.guid, item.ctag, version)


def download_links(host: str, web: str, *, now: float) -> Callable[[str, int, int], str]:
    """What gives many files of a web their addresses, by unique id, content tag and version (0 for the present one)."""
    # To the minute, so that a page of files has its addresses sealed alike.
    until = int(now) // 60 * 60 + _LIFE
    base = _base(host, web)

    def link(guid: str, ctag: int, version: int) -> str:
        seal = download_seal(guid, ctag, version, until)
        return f"{base}?UniqueId={guid}&ctag={ctag}&version={version}&tempauth={seal}"

    return link


@lru_cache(maxsize=4096)
def _base(host: str, web: str) -> str:
    return f"https://{host}{quote(web.rstrip('/'))}/_layouts/15/download.aspx"


def download_seal(guid: str, ctag: int, version: int, until: int) -> str:
    """The proof inside a download address: until when it holds, and a seal."""
    return f"v1.{until}.{_seal(f'download/{guid}/{ctag}/{version}/{until}')}"


def monitor_link(host: str, web: str, job: str) -> str:
    """Where the progress of a copy is asked for without a token; the job's id is unguessable."""
    return f"https://{host}{quote(web.rstrip('/'))}/_api/v2.0/monitor/{job}?tempauth={_seal(f'monitor/{job}')}"


def monitor_seal(job: str) -> str:
    """The proof inside the address of a copy's progress."""
    return _seal(f"monitor/{job}")


def upload_link(host: str, web: str, drive_id: str, session: Session) -> str:
    """Where a session's fragments are sent without a token; the session's id is unguessable."""
    base = f"https://{host}{quote(web.rstrip('/'))}/_api/v2.0/drives/{drive_id}/items/stub/uploadSession"
    return f"{base}?guid={session.id}&tempauth={upload_seal(session.id)}"


def upload_seal(session: str) -> str:
    """The proof inside the address of an upload session. The session outlives a restart, so its proof must, too."""
    return session


def _seal(text: str) -> str:
    # Keyed BLAKE2 proves as much as HMAC, and a page of a thousand files takes a third of the time.
    return hashlib.blake2b(text.encode(), key=_key(), digest_size=32).hexdigest()
