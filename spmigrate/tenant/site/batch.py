"""Many GETs in one request: SharePoint's `$batch` is multipart, Graph's is JSON. Building and reading are pure."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from requests.structures import CaseInsensitiveDict

from spmigrate.tenant.translate import Answer

BOUNDARY = "batch_spmigrate"
CONTENT_TYPE = f'multipart/mixed; boundary="{BOUNDARY}"'
SITE_LIMIT, GRAPH_LIMIT = 100, 20
"""How many requests SharePoint and Graph take in one batch."""

_KEPT = "%:/?&=$,()'@!*;+~-._"
"""What may stand in an address as it is; a blank would end it."""

_NAMED = re.compile(r'boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))', re.IGNORECASE)
_STATUS = re.compile(rb"\AHTTP/\S+ +(\d{3})")
_LINE = re.compile(rb"\r?\n")


def write_site_batch(urls: Sequence[str]) -> bytes:
    """The body that asks for these addresses, in their order."""
    parts = (
        f"--{BOUNDARY}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"GET {quote(url, safe=_KEPT)} HTTP/1.1\r\nAccept: application/json;odata=nometadata\r\n\r\n"
        for url in urls
    )
    return f"{''.join(parts)}--{BOUNDARY}--\r\n".encode()


def read_site_batch(content_type: str, body: bytes, count: int) -> list[Answer]:
    """The answers in the order of the `count` questions. Raises ValueError when it is no answer to such a batch.

    Line ends, the case of header names and blank lines between the parts differ from one service to the next.
    """
    found = _NAMED.search(content_type)
    if found is None:
        raise ValueError("no boundary")
    answers = [_answer(part) for part in _parts(body, (found[1] or found[2]).encode())]
    if len(answers) != count:
        raise ValueError(f"{len(answers)} answers to {count} questions")
    return answers


def write_graph_batch(paths: Sequence[str]) -> Mapping[str, object]:
    """The body that asks Graph for these paths, numbered in their order."""
    return {"requests": [{"id": str(n), "method": "GET", "url": path} for n, path in enumerate(paths)]}


def read_graph_batch(answer: object, count: int) -> list[Answer]:
    """Graph's answers in the order of the questions: it gives them in any. Raises ValueError when one is missing."""
    given = answer.get("responses") if isinstance(answer, dict) else None
    by_id = {str(each.get("id")): each for each in given or () if isinstance(each, dict)}
    if any(str(n) not in by_id for n in range(count)):
        raise ValueError("not every part has an answer")
    parts = [by_id[str(n)] for n in range(count)]
    return [_graph_answer(each) for each in parts]


def _graph_answer(part: Mapping[str, Any]) -> Answer:
    headers = CaseInsensitiveDict(part.get("headers") or {})
    return Answer(int(part["status"]), headers, json.dumps(part.get("body")).encode())


def _parts(body: bytes, boundary: bytes) -> Iterator[bytes]:
    marks = list(re.finditer(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)", body))
    for mark, following in pairwise(marks):
        if not mark[1]:
            yield body[mark.end() : following.start()]


def _answer(part: bytes) -> Answer:
    """One part: its own headers, a blank line, then a whole HTTP answer."""
    start = part.find(b"HTTP/")
    status = _STATUS.match(part[start:]) if start >= 0 else None
    if status is None:
        raise ValueError("a part without a status")
    head, _, body = _cut(part[start:])
    lines = _LINE.split(head)[1:]
    pairs = (line.decode("latin-1").split(":", 1) for line in lines if b":" in line)
    headers = CaseInsensitiveDict({name.strip(): value.strip() for name, value in pairs})
    return Answer(int(status[1]), headers, body.strip())


def _cut(text: bytes) -> tuple[bytes, bytes, bytes]:
    blank = re.search(rb"\r?\n\r?\n", text)
    return (text[: blank.start()], blank[0], text[blank.end() :]) if blank else (text, b"", b"")
