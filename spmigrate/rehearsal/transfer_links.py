"""The addresses for bytes: they carry their own permission, so no token is sent with them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.steering import Steering
from spmigrate.rehearsal.tokens import decode, encode
from spmigrate.rehearsal.uploads import Session

_LIFE = 3660
_KEPT = "links"


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose limits an address counts against; `paid` when the request that led to it has been charged for it."""

    app: str = ""
    user: str = ""
    paid: bool = False


class TransferLinks:
    """Makes addresses for downloads and for the progress of copies, and knows them again, also after a restart."""

    def __init__(self, steering: Steering, clock: Clock) -> None:
        self._clock = clock
        # Who is being answered, while anything is counted: the addresses in the answer say so.
        self.payer: Payer | None = None
        kept = steering.read(_KEPT)
        if kept is None:
            kept = secrets.token_hex(32)
            steering.write(_KEPT, kept)
        self._key = bytes.fromhex(kept)

    def download(self, host: str, web: str, item: Item, *, version: int = 0, paid: bool = False) -> str:
        """Where a file's bytes (or an earlier version's) can be fetched without a token, for an hour from now on."""
        return self.downloads(host, web, paid=paid)(item.guid, item.ctag, version)

    def downloads(self, host: str, web: str, *, paid: bool = False) -> Callable[[str, int, int], str]:
        """What gives many files of a web their addresses, by unique id, content tag and version (0 for the present
        one)."""
        # To the minute, so that a page of files has its addresses sealed alike.
        until = int(self._clock.seconds()) // 60 * 60 + _LIFE
        base, claims = _base(host, web), f"{until}{_write_payer(self.payer, paid=paid)}"

        def link(guid: str, ctag: int, version: int) -> str:
            seal = self.download_seal(guid, ctag, version, claims)
            return f"{base}?UniqueId={guid}&ctag={ctag}&version={version}&tempauth={seal}"

        return link

    def download_seal(self, guid: str, ctag: int, version: int, claims: str) -> str:
        """The proof inside a download address: what it claims (until when it holds, who pays), and a seal."""
        return f"v1.{claims}.{self.seal(f'download/{guid}/{ctag}/{version}/{claims}')}"

    def monitor(self, host: str, web: str, job: str) -> str:
        """Where the progress of a copy is asked for without a token; the job's id is unguessable."""
        return f"https://{host}{quote(web.rstrip('/'))}/_api/v2.0/monitor/{job}?tempauth={self.monitor_seal(job)}"

    def monitor_seal(self, job: str) -> str:
        """The proof inside the address of a copy's progress."""
        return self.seal(f"monitor/{job}")

    def seal(self, text: str, *, size: int = 16) -> str:
        """A proof of a text that only this tenant can make, of so many bytes in hexadecimal digits."""
        # Keyed BLAKE2 proves as much as HMAC, and a page of a thousand files takes a third of the time.
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=size).hexdigest()


def upload_link(host: str, web: str, drive_id: str, session: Session) -> str:
    """Where a session's fragments are sent without a token; the session's id is unguessable."""
    base = f"https://{host}{quote(web.rstrip('/'))}/_api/v2.0/drives/{drive_id}/items/stub/uploadSession"
    return f"{base}?guid={session.id}&tempauth={upload_seal(session.id)}"


def upload_seal(session: str) -> str:
    """The proof inside the address of an upload session. The session outlives a restart, so its proof must, too."""
    return session


def read_claims(tempauth: str) -> tuple[str, int]:
    """What the proof inside a download address claims, and until when (seconds; 0 when it is none)."""
    claims = tempauth.partition(".")[2].rpartition(".")[0]
    until = claims.partition(".")[0]
    return claims, int(until) if until.isascii() and until.isdecimal() and len(until) < 19 else 0


def read_payer(tempauth: str) -> Payer:
    """Who pays for a download, as its address says; nobody when it does not."""
    text = read_claims(tempauth)[0].partition(".")[2]
    try:
        app, user, paid = decode(text).decode().split("\n")
    except ValueError:
        return Payer()
    return Payer(app, user, bool(paid))


def _write_payer(payer: Payer | None, *, paid: bool) -> str:
    return "" if payer is None else "." + encode(f"{payer.app}\n{payer.user}\n{'paid' if paid else ''}".encode())


@lru_cache(maxsize=4096)
def _base(host: str, web: str) -> str:
    return f"https://{host}{quote(web.rstrip('/'))}/_layouts/15/download.aspx"
