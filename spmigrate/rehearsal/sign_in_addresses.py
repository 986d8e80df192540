"""The addresses to which a person comes back after signing in: which are an application's, and of what kind."""

from __future__ import annotations

from collections.abc import Iterable

from spmigrate.rehearsal.http import split_address
from spmigrate.rehearsal.storage import Entity

_NATIVE = "https://login.microsoftonline.com/common/oauth2/nativeclient"
_LOCAL = ("localhost", "127.0.0.1")


def is_own_address(redirect: str, app: Entity) -> bool:
    """True where an application has an address; one that has none named has those of a program on a desk."""
    return _matches(redirect, app.props.get("redirectUris", ["http://localhost", _NATIVE, f"msal{app.guid}://auth"]))


def is_of_server(redirect: str, app: Entity) -> bool:
    """True for an address of a program on a server, which proves who it is when it redeems a code.

    Programs on a desk (`publicClient`) cannot keep a secret and are asked for none.
    """
    return _matches(redirect, (app.props.get("web") or {}).get("redirectUris") or [])


def is_local(address: str) -> bool:
    """True for an address on the machine of the person."""
    return split_address(address).hostname in _LOCAL


def _matches(redirect: str, registered: Iterable[str]) -> bool:
    if redirect in registered:
        return True
    # On this machine any port will do: a program listens where it finds a free one.
    local = split_address(redirect).scheme == "http" and is_local(redirect)
    return local and any(is_local(each) for each in registered)
