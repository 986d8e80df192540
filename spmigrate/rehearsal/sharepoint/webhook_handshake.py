"""Webhooks: whether an address confirms that it wants to be told of changes, and telling it. No other machine is ever
asked or told."""

from __future__ import annotations

import http.client
import secrets
import ssl
from ipaddress import ip_address
from urllib.parse import SplitResult, quote

from spmigrate.rehearsal.http import split_address

# Source: Microsoft's page on list webhooks: the token comes back as plain text within five seconds.
_PATIENCE, _ENOUGH = 5.0, 1_000


def is_near(address: SplitResult) -> bool:
    """Whether an address is on this machine, judged without asking a name server."""
    host = (address.hostname or "").lower()
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def confirms(address: SplitResult, *, option: str = "validationtoken") -> bool:
    """Ask an address on this machine for the token that is sent to it, in a query option of that name."""
    token = f"Validation: {secrets.token_hex(16)}"
    status, said = _post(address, f"{option}={quote(token, safe='')}", b"", "text/plain; charset=utf-8")
    return status == http.client.OK and said.strip() == token.encode()


def tell(url: str, content: bytes) -> bool:
    """Send an address on this machine what it wants to be told; False when it did not take it."""
    status, _ = _post(split_address(url), "", content, "application/json; charset=utf-8")
    return http.client.OK <= status < http.client.MULTIPLE_CHOICES


def _post(address: SplitResult, option: str, content: bytes, kind: str) -> tuple[int, bytes]:
    """Status and answer, (0, nothing) where there is none."""
    if not is_near(address):
        return 0, b""
    query = "&".join(each for each in (address.query, option) if each)
    target = quote(address.path or "/", safe="/%:@!$&()*+,;=~") + (f"?{query}" if query else "")
    connection = None
    try:
        connection = _connect(address)
        connection.request("POST", target, body=content, headers={"Content-Type": kind})
        response = connection.getresponse()
        return response.status, response.read(_ENOUGH)
    except (OSError, ValueError, http.client.HTTPException):
        return 0, b""
    finally:
        if connection is not None:
            connection.close()


def _connect(address: SplitResult) -> http.client.HTTPConnection:
    host = address.hostname or ""
    if address.scheme.lower() == "http":
        return http.client.HTTPConnection(host, address.port, timeout=_PATIENCE)
    # Nobody issues certificates for this machine, and nothing secret is sent to it.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, address.port, timeout=_PATIENCE, context=context)
