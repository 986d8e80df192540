"""Batches: what services answer in their own ways is read as the same."""

import pytest

from spmigrate.tenant.site import batch

PARTS = (
    (b"200 OK", b"CONTENT-TYPE: application/json;odata=nometadata", b'{"a":"\xc3\x89"}'),
    (b"404 Not Found", b"content-type: text/plain\r\nRetry-After: 3", b"404 FILE NOT FOUND"),
    (b"204 No Content", b"X: y", b""),
)


def answer(line: bytes, *, before: bytes = b"", boundary: bytes = b"batchresponse_1") -> bytes:
    """A batch's answer with these line ends."""
    chunks = [before]
    for status, headers, body in PARTS:
        head = b"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 " + status
        chunks.append(b"--" + boundary + b"\r\n" + head + b"\r\n" + headers + b"\r\n\r\n" + body + b"\r\n")
    return (b"".join(chunks) + b"--" + boundary + b"--\r\n").replace(b"\r\n", line)


@pytest.mark.parametrize("line", [b"\r\n", b"\n"])
@pytest.mark.parametrize("before", [b"", b"A preamble\r\n\r\n"])
@pytest.mark.parametrize(
    "kind", ['multipart/mixed; boundary="batchresponse_1"', "Multipart/Mixed;Boundary=batchresponse_1"]
)
def test_line_ends_preambles_and_quotes_do_not_matter(line: bytes, before: bytes, kind: str) -> None:
    found = batch.read_site_batch(kind, answer(line, before=before), 3)
    assert [(each.status, each.body) for each in found] == [
        (200, b'{"a":"\xc3\x89"}'), (404, b"404 FILE NOT FOUND"), (204, b""),
    ]  # fmt: skip
    assert found[1].headers["retry-after"] == "3"


@pytest.mark.parametrize(
    ("kind", "body", "count"),
    [("text/html", b"<html>", 1), ("multipart/mixed; boundary=x", b"", 1),
     ("multipart/mixed; boundary=batchresponse_1", answer(b"\r\n"), 2),
     ("multipart/mixed; boundary=x", b"--x\r\nsomething\r\n--x--", 1)],
)  # fmt: skip
def test_what_is_no_answer_to_the_batch_is_told(kind: str, body: bytes, count: int) -> None:
    with pytest.raises(ValueError, match=r"boundary|answers to|status"):
        batch.read_site_batch(kind, body, count)


def test_a_batch_asks_in_order_and_each_part_is_whole() -> None:
    body = batch.write_site_batch(["https://x.example/_api/web", "https://x.example/_api/site"]).decode()
    assert body.count(f"--{batch.BOUNDARY}\r\n") == 2
    assert body.index("GET https://x.example/_api/web HTTP/1.1\r\n") < body.index("GET https://x.example/_api/site")
    assert body.endswith(f"--{batch.BOUNDARY}--\r\n")


def test_graph_answers_in_any_order() -> None:
    given = {"responses": [{"id": "1", "status": 404, "body": {}}, {"id": "0", "status": 200, "body": {"id": "g"}}]}
    assert [each.status for each in batch.read_graph_batch(given, 2)] == [200, 404]
    with pytest.raises(ValueError, match="not every part"):
        batch.read_graph_batch(given, 3)
