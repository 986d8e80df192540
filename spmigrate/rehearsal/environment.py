"""What leads programs that know nothing of the rehearsal tenant to it: exports for a shell."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

NODE_HOSTS = "node_hosts.cjs"


def exports(ready: Mapping[str, Any]) -> dict[str, str]:
    """The environment variables by name, from what a running tenant says of itself.

    A CONNECT proxy for what reads one, the certificate authority under the names by which Python, Go, curl and Node
    look for it, and a preload for Node programs: Node 20 reads no proxy from the environment.
    """
    proxy, authority = str(ready["proxy"]), str(ready["ca"])
    return {
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        # A name in an inherited NO_PROXY would lead past the tenant, out of this machine.
        "NO_PROXY": "",
        "no_proxy": "",
        "REQUESTS_CA_BUNDLE": authority,
        "SSL_CERT_FILE": authority,
        "CURL_CA_BUNDLE": authority,
        "NODE_EXTRA_CA_CERTS": authority,
        "NODE_OPTIONS": f'--require "{_for_node(str(ready["node_hosts"]))}"',
    }


def write_node_hosts(state: Path) -> Path:
    """Put the preload into the state folder, beside the ready file that it reads; returns its place."""
    place = state / NODE_HOSTS
    content = (files("spmigrate.rehearsal") / NODE_HOSTS).read_bytes()
    if not place.exists() or place.read_bytes() != content:
        place.write_bytes(content)
    return place


def _for_node(path: str) -> str:
    """A path inside the double quotes of NODE_OPTIONS."""
    return path.replace("\\", "\\\\").replace('"', '\\"')
