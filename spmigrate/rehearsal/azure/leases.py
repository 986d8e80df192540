"""Leases of blobs: one writer at a time, for 15 to 60 seconds or until given back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal.azure.answers import AzureError
from spmigrate.rehearsal.azure.containers import Containers, StoredBlob
from spmigrate.rehearsal.http import Request, Response

_SHORTEST, _LONGEST = 15, 60


def lease_state(blob: StoredBlob, now: float) -> str:
    """`available`, `leased`, `expired`, `breaking` or `broken`."""
    lease = blob.lease
    if not lease:
        return "available"
    broken = lease.get("broken")
    if broken is not None:
        return "breaking" if now < broken else "broken"
    until = lease.get("until")
    return "leased" if until is None or now < until else "expired"


def lease_headers(blob: StoredBlob, now: float) -> dict[str, str]:
    """What a blob's properties say of its lease."""
    state = lease_state(blob, now)
    locked = state in ("leased", "breaking")
    headers = {"x-ms-lease-status": "locked" if locked else "unlocked", "x-ms-lease-state": state}
    if state == "leased":
        headers["x-ms-lease-duration"] = "infinite" if blob.lease.get("until") is None else "fixed"
    return headers


def check_lease(headers: Mapping[str, str], blob: StoredBlob | None, now: float, *, writes: bool = True) -> None:
    """Refuse (412) a write without the blob's lease id, and anything with a wrong one."""
    given = headers.get("x-ms-lease-id", "").lower()
    held = blob is not None and lease_state(blob, now) in ("leased", "breaking")
    if held and blob is not None:
        if not given and writes:
            raise AzureError("LeaseIdMissing")
        if given and given != blob.lease["id"]:
            raise AzureError("LeaseIdMismatchWithBlobOperation")
    elif given:
        raise AzureError("LeaseNotPresentWithBlobOperation")


def answer_lease(request: Request, containers: Containers, blob: StoredBlob) -> Response:
    """`PUT ?comp=lease`."""
    act = _ACTS.get(request.headers.get("x-ms-lease-action", "").lower())
    if act is None:
        raise AzureError("InvalidHeaderValue", HeaderName="x-ms-lease-action")
    now = containers.clock.seconds()
    status, lease, told = act(request.headers, blob, now)
    saved = containers.save(replace(blob, lease=lease), touched=False)
    return Response(status, {"etag": saved.etag, **told})


def _acquire(headers: Mapping[str, str], blob: StoredBlob, now: float) -> tuple[int, dict[str, Any], dict[str, str]]:
    wanted = headers.get("x-ms-proposed-lease-id", "").lower() or str(uuid.uuid4())
    state = lease_state(blob, now)
    if state == "breaking" or (state == "leased" and blob.lease["id"] != wanted):
        raise AzureError("LeaseAlreadyPresent")
    lease = _timed(wanted, headers.get("x-ms-lease-duration", ""), now)
    return 201, lease, {"x-ms-lease-id": wanted}


def _renew(headers: Mapping[str, str], blob: StoredBlob, now: float) -> tuple[int, dict[str, Any], dict[str, str]]:
    identity = _own(headers, blob)
    if lease_state(blob, now) in ("breaking", "broken"):
        raise AzureError("LeaseNotPresentWithLeaseOperation")
    return 200, _timed(identity, str(blob.lease.get("seconds", -1)), now), {"x-ms-lease-id": identity}


def _change(headers: Mapping[str, str], blob: StoredBlob, now: float) -> tuple[int, dict[str, Any], dict[str, str]]:
    _own(headers, blob)
    if lease_state(blob, now) != "leased":
        raise AzureError("LeaseNotPresentWithLeaseOperation")
    wanted = headers.get("x-ms-proposed-lease-id", "").lower()
    if not wanted:
        raise AzureError("MissingRequiredHeader", HeaderName="x-ms-proposed-lease-id")
    return 200, {**blob.lease, "id": wanted}, {"x-ms-lease-id": wanted}


def _release(headers: Mapping[str, str], blob: StoredBlob, _now: float) -> tuple[int, dict[str, Any], dict[str, str]]:
    _own(headers, blob)
    return 200, {}, {}


def _break(headers: Mapping[str, str], blob: StoredBlob, now: float) -> tuple[int, dict[str, Any], dict[str, str]]:
    if lease_state(blob, now) in ("available", "expired") and not blob.lease:
        raise AzureError("LeaseNotPresentWithLeaseOperation")
    until = blob.lease.get("until")
    rest = 0.0 if until is None else max(0.0, until - now)
    period = headers.get("x-ms-lease-break-period")
    left = min(float(period), rest if until is not None else float(period)) if period else rest
    return 202, {**blob.lease, "broken": now + left}, {"x-ms-lease-time": str(round(left))}


_ACTS = {"acquire": _acquire, "renew": _renew, "change": _change, "release": _release, "break": _break}


def _own(headers: Mapping[str, str], blob: StoredBlob) -> str:
    given = headers.get("x-ms-lease-id", "").lower()
    if not given:
        raise AzureError("MissingRequiredHeader", HeaderName="x-ms-lease-id")
    if not blob.lease:
        raise AzureError("LeaseNotPresentWithLeaseOperation")
    if blob.lease["id"] != given:
        raise AzureError("LeaseIdMismatchWithLeaseOperation")
    return given


def _timed(identity: str, duration: str, now: float) -> dict[str, Any]:
    try:
        seconds = int(duration)
    except ValueError:
        raise AzureError("MissingRequiredHeader", HeaderName="x-ms-lease-duration") from None
    if seconds != -1 and not _SHORTEST <= seconds <= _LONGEST:
        raise AzureError("InvalidHeaderValue", HeaderName="x-ms-lease-duration", HeaderValue=duration)
    return {"id": identity, "seconds": seconds, "until": None if seconds == -1 else now + seconds}
