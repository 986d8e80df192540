"""Answers compressed as the service compresses them, for clients that say they can read it.

On loopback it is a loss: for a page of files the server works half as long again, and nothing is saved on the way. So
it is off unless the profile is `council`, or the switch `gzip` is on.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import replace

from spmigrate.rehearsal.http import Request, Response

# Shorter answers would hardly become shorter.
_SHORTEST = 1024
_LEVEL = 1
# Headers of files, and of Azure Storage.
_UNCOMPRESSED = frozenset({"content-disposition", "accept-ranges", "x-ms-version"})
_KINDS = ("application/json", "application/xml", "application/atom+xml", "text/html", "multipart/mixed")
_REFUSED = re.compile(r"\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)", re.IGNORECASE)


def compressed(request: Request, response: Response) -> Response:
    """An answer as it is sent: compressed where it is text of some length and the client takes gzip. Files are sent as
    they are, and so is everything from Azure Storage."""
    if response.file is not None or len(response.body) < _SHORTEST or request.method == "HEAD":
        return response
    if not _UNCOMPRESSED.isdisjoint(response.headers) or not response.headers.get("content-type", "").startswith(
        _KINDS
    ):
        return response
    varied = {**response.headers, "vary": "Accept-Encoding"}
    accepted = request.headers.get("accept-encoding", "")
    if "gzip" not in accepted.lower() or _REFUSED.search(accepted):
        return replace(response, headers=varied)
    body = gzip.compress(response.body, _LEVEL, mtime=0)
    return replace(response, headers={**varied, "content-encoding": "gzip"}, body=body)
