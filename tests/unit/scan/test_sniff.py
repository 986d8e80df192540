"""Extensions that lie."""

import pytest

from spmigrate.scan import sniff


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [
        ("scan.pdf", b"\xff\xd8\xff\xe0", "The extension says PDF; the content is JPEG."),
        ("scan.PDF", b"%PDF-1.7", None),
        ("old.doc", b"PK\x03\x04", "The extension says old Office or Outlook; the content is ZIP or Office."),
        ("notes.pdf", b"plain text", None),
        ("notes.txt", b"%PDF-1.7", None),
        ("pdf", b"\xff\xd8\xff\xe0", None),
    ],
)
def test_only_a_sure_contradiction_is_said(name: str, head: bytes, said: str | None) -> None:
    assert sniff.mismatch(name, head) == said
