"""Whether an address confirms that it wants to be told of changes. Only this machine is ever asked."""

from __future__ import annotations

import http.client
import secrets
import ssl
from ipaddress import ip_address
from urllib.parse import SplitResult, quote

# Source: Microsoft's page on list webhooks: the token comes back as plain text within five seconds.
_PATIENCE, _ENOUGH = 5.0, 1_000


def is_near(address: SplitResult) -> bool:
    """Whether an address is on this machine, judged without asking a name server."""
    host = (address.hostname or "").lower()
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def confirms(address: SplitResult) -> bool:
    """Ask an address on this machine for the token that is sent to it."""
    if not is_near(address):
        return False
    token = secrets.token_hex(16)
    query = f"{address.query}&" if address.query else ""
    target = f"{quote(address.path or '/', safe='/%:@!$&()*+,;=~')}?{query}validationtoken={token}"
    connection = None
    try:
        connection = _connect(address)
        connection.request("POST", target, headers={"Content-Length": "0", "Content-Type": "text/plain"})
        response = connection.getresponse()
        said = response.read(_ENOUGH)
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        if connection is not None:
            connection.close()
    return response.status == http.client.OK and said.strip() == token.encode()


def _connect(address: SplitResult) -> http.client.HTTPConnection:
    host = address.hostname or ""
    if address.scheme.lower() == "http":
        return http.client.HTTPConnection(host, address.port, timeout=_PATIENCE)
    # Nobody issues certificates for this machine, and nothing secret is sent to it.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, address.port, timeout=_PATIENCE, context=context)
