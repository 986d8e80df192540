"""Addresses of places on file servers: `smb://server[:port]/share/folder/...`. Pure.

What follows the share is the path as people see it in Explorer; nothing in it is percent-encoded, so `%20` in a name
is `%20`. Server and share are one thing in capitals and small letters; folders are left as they were typed.
"""

import re
from dataclasses import dataclass

from spmigrate.errors import UsageProblem

PREFIX = "smb://"
PORT = 445

_FORM = re.compile(
    r"smb://(?P<server>\[[0-9a-f:.%]+\]|[^/@:\[\]\\]+)(?::(?P<port>\d{1,5}))?/(?P<share>[^/\\]+)(?:/(?P<path>.*))?",
    re.I | re.S,
)
_EXAMPLE = "write it as smb://fs01/AdultSocialCare or smb://fs01/AdultSocialCare/Letters"


@dataclass(frozen=True, slots=True)
class Address:
    """A folder on a share; `path` has slashes and is empty for the share itself."""

    server: str
    port: int
    share: str
    path: str = ""

    def __str__(self) -> str:
        host = f"[{self.server}]" if ":" in self.server else self.server
        port = "" if self.port == PORT else f":{self.port}"
        return f"{PREFIX}{host}{port}/{self.share}" + (f"/{self.path}" if self.path else "")

    @property
    def unc(self) -> str:
        r"""As Windows writes it: `\\server\share\folder`."""
        return f"\\\\{self.server}\\{self.share}" + ("\\" + self.path.replace("/", "\\") if self.path else "")

    def holds(self, other: "Address") -> bool:
        """Whether the other one is this folder or lies in it, as a Windows server compares names."""
        if (self.server.casefold(), self.share.casefold()) != (other.server.casefold(), other.share.casefold()):
            return False
        own, others = self.path.casefold(), other.path.casefold()
        return not own or others == own or others.startswith(own + "/")


def parse(text: str) -> Address:
    """The address in a text. Raises UsageProblem when it is none, or carries a name or password."""
    found = _FORM.fullmatch(text)
    if found is None:
        if "@" in text.partition("://")[2].partition("/")[0]:
            raise UsageProblem(
                "names and passwords do not belong in the address of a share",
                hint="export SPMIGRATE_SMB_USER and SPMIGRATE_SMB_PASSWORD, or use a Kerberos ticket",
            )
        raise UsageProblem(f"{text} is no address of a share", hint=_EXAMPLE)
    parts = [part for part in (found["path"] or "").split("/") if part]
    port = int(found["port"] or PORT)
    if any(part in (".", "..") or "\\" in part for part in parts) or not 0 < port < 65536:
        raise UsageProblem(f"{text} is no address of a share", hint=_EXAMPLE)
    return Address(found["server"].strip("[]").lower(), port, found["share"], "/".join(parts))


def from_unc(text: str, *, port: int = PORT) -> Address:
    r"""The address that a referral names as `\server\share\folder`, with one or two backslashes before it.

    Raises ValueError when it names no share.
    """
    parts = [part for part in text.split("\\") if part]
    if len(parts) < 2:
        raise ValueError(f"{text!r} names no share")
    server, share, *path = parts
    return Address(server.lower(), port, share, "/".join(path))
