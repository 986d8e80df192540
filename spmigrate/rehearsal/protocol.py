"""HTTP as it arrives: uvicorn's own, save that the names of blobs' metadata keep their letters.

HTTP does not care for the case of a header's name, but Azure Storage gives a blob's metadata back as it was sent: a
migration looks for `IV`, not for `iv`.
"""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_METADATA = b"x-ms-meta-"


class NamesKept(HttpToolsProtocol):
    """uvicorn's protocol over httptools."""

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header of a request."""
        super().on_header(name, value)
        if name[:10].lower() == _METADATA:
            self.headers[-1] = (_METADATA + name[10:], value)
