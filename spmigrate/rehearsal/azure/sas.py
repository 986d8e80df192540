"""Shared access signatures: making them for what SharePoint gives out, and checking them.

Source: "Create a service SAS" (Azure Storage REST reference), the string to sign of each version.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from spmigrate.rehearsal.azure.answers import AzureError

# The version that SharePoint's addresses of containers and queues carry (seen in 2023).
VERSION = "2018-03-28"
_OLDEST = "2015-04-05"
_FORMS = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class Grant:
    """What a signature allows: letters of permission, on one container or queue, between two moments."""

    permissions: str
    start: str
    expiry: str


def sign(account: str, key: bytes, name: str, grant: Grant, *, queue: bool = False) -> str:
    """The query string for a container or queue."""
    fields = {"sv": VERSION, "sp": grant.permissions, "st": grant.start, "se": grant.expiry}
    if not queue:
        fields["sr"] = "c"
    kind = "queue" if queue else "blob"
    signature = _signature(key, _text(fields, f"/{kind}/{account}/{name}", queue=queue))
    resource = "" if queue else "sr=c&"
    return (
        f"sv={VERSION}&{resource}sig={quote(signature, safe='')}&st={quote(grant.start, safe='')}"
        f"&se={quote(grant.expiry, safe='')}&sp={grant.permissions}"
    )


def check(query: Mapping[str, str], resource: str, *, account: str, key: bytes, now: float) -> str:
    """The letters that a request's signature allows on `container` or `container/blob`; refuses a wrong, missing or
    expired one."""
    queue = "sr" not in query
    if not query.get("sig"):
        raise AzureError("NoAuthenticationInformation")
    needed = ["sv", "sp", "se"]
    if any(not query.get(name) for name in needed) or query["sv"] < _OLDEST or query.get("sr", "c") not in ("c", "b"):
        raise _failed("Signature fields not well formed.")
    container = resource.partition("/")[0]
    signed = container if query.get("sr", "c") == "c" else resource
    text = _text(query, f"/{'queue' if queue else 'blob'}/{account}/{signed}", queue=queue)
    if not hmac.compare_digest(_signature(key, text).encode(), query["sig"].encode()):
        raise _failed(f"Signature did not match. String to sign used was {text}")
    start, expiry = _moment(query.get("st", "")), _moment(query["se"])
    if now >= (expiry or 0) or (start is not None and now < start):
        current = _written(now)
        raise _failed(
            "Signature not valid in the specified time frame: "
            f"Start [{_written(start or 0)}] - Expiry [{_written(expiry or 0)}] - Current [{current}]"
        )
    return query["sp"]


def _text(fields: Mapping[str, str], resource: str, *, queue: bool) -> str:
    def get(*names: str) -> list[str]:
        return [fields.get(name, "") for name in names]

    version = fields.get("sv", "")
    lines = [*get("sp", "st", "se"), resource, *get("si", "sip", "spr", "sv")]
    if queue:
        return "\n".join(lines)
    if version >= "2018-11-09":
        lines += get("sr", "snapshot")
    if version >= "2020-12-06":
        lines += get("ses")
    return "\n".join([*lines, *get("rscc", "rscd", "rsce", "rscl", "rsct")])


def _signature(key: bytes, text: str) -> str:
    return base64.b64encode(hmac.digest(key, text.encode(), "sha256")).decode()


def _moment(text: str) -> float | None:
    if not text:
        return None
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    raise _failed("Signature fields not well formed.")


def _written(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


def _failed(detail: str) -> AzureError:
    return AzureError("AuthenticationFailed", AuthenticationErrorDetail=detail)
