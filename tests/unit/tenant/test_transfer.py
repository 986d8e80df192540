"""Content of files, where the service answers oddly or is busy."""

import io
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from spmigrate.errors import Throttled, Unavailable
from spmigrate.tenant import transfer
from spmigrate.tenant.files import Library
from spmigrate.tenant.pacing import Patience
from spmigrate.tenant.sender import Reply
from spmigrate.tenant.transfer import Spot, Times

LIBRARY = Library("/sites/t", "L", "d", "root")
SPOT = Spot(LIBRARY, "root", "", "a.txt")
PAGE = Reply(200, {"Content-Type": "text/html"}, b"<html>sign in to the proxy</html>")
SESSION = Reply(200, {}, json.dumps({"uploadUrl": "https://contoso.sharepoint.com/up"}).encode())


def tenant(answer: Callable[[str, str], Reply]) -> Any:
    """A tenant of which only bulk content is asked."""
    return SimpleNamespace(
        send=lambda method, url, **_: answer(method, url), patience=Patience(sleep=lambda _: None)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("method", "odd"),
    [
        ("POST", PAGE), ("POST", Reply(200, {}, b"{}")), ("POST", Reply(200, {}, b"[]")), ("PUT", PAGE),
        ("PUT", Reply(201, {}, b"{}")), ("PUT", Reply(202, {}, b"[]")),
    ],
)  # fmt: skip
def test_success_that_is_not_the_service_s_is_no_crash(method: str, odd: Reply) -> None:
    asked = tenant(lambda verb, _: odd if verb == method else SESSION)
    with pytest.raises(Unavailable):
        transfer.upload(asked, SPOT, iter([b"x"]), size=1, times=Times(0, 0), sleep=lambda _: None)


def test_odd_answers_to_empty_files_and_downloads_are_no_crash() -> None:
    with pytest.raises(Unavailable):
        transfer.upload_empty(tenant(lambda *_: PAGE), SPOT)
    with pytest.raises(Unavailable):
        transfer.download(tenant(lambda *_: PAGE), LIBRARY, "i", io.BytesIO())


def test_download_is_repeated_when_the_service_is_busy() -> None:
    answers = iter(
        [
            Throttled("wait", retry_after=1), Reply(302, {"Location": "https://contoso.sharepoint.com/down"}, b""),
            Unavailable("no answer"), Throttled("wait", retry_after=1), Reply(206, {}, b"content"),
        ]
    )  # fmt: skip

    def answer(_method: str, _url: str) -> Reply:
        given = next(answers)
        if isinstance(given, Exception):
            raise given
        return given

    received = io.BytesIO()
    transfer.download(tenant(answer), LIBRARY, "i", received)
    assert received.getvalue() == b"content"
