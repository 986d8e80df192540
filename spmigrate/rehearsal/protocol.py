"""HTTP as it arrives: uvicorn's own, save that the names of blobs' metadata keep their letters.

HTTP does not care for the case of a header's name, but Azure Storage gives a blob's metadata back as it was sent: a
migration looks for `IV`, not for `iv`. And an address may hold letters as they are, which the service's front takes,
though HTTP wants them percent-encoded.
"""

from __future__ import annotations

from urllib.parse import quote

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_METADATA = b"x-ms-meta-"
# Bytes of a request's first line and headers together: far more than the service takes, and no more than fits.
_LARGEST_HEAD = 256 * 1024


class NamesKept(HttpToolsProtocol):
    """uvicorn's protocol over httptools."""

    _in_head = True
    _head = 0

    def data_received(self, data: bytes) -> None:
        """Bytes of a connection; a head that does not end is refused."""
        before = self._in_head
        super().data_received(percent_encoded(data) if before and not self._head else data)
        if not (before and self._in_head):
            return
        self._head += len(data)
        if self._head > _LARGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("Bad Request - Request Too Long")

    def on_headers_complete(self) -> None:
        """The end of a request's head."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The end of a request."""
        self._in_head, self._head = True, 0
        super().on_message_complete()

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header of a request."""
        super().on_header(name, value)
        if name[:10].lower() == _METADATA:
            self.headers[-1] = (_METADATA + name[10:], value)


def percent_encoded(data: bytes) -> bytes:
    """The beginning of a request with the letters of its address percent-encoded.

    Source: Windows' http.sys by default takes addresses of bytes as UTF-8, else in the code page (`EnableNonUTF8` and
    `FavorUTF8`, "Http.sys registry settings for Windows").
    """
    end = data.find(b"\r\n")
    line = data[:end] if end >= 0 else data
    if line.isascii():
        return data
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("cp1252", "replace")
    return "".join(char if char.isascii() else quote(char) for char in text).encode() + data[len(line) :]
