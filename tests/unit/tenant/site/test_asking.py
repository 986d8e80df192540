"""Asking: a part of a batch is treated as a request of its own would be."""

import json
from typing import Any, cast

import pytest
import requests

from spmigrate.config import TenantSettings
from spmigrate.errors import AccessDenied, NotFound, Refused, Unavailable
from spmigrate.tenant.sender import Request
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.asking import send
from spmigrate.tenant.site.question import Answers, Question, Service
from spmigrate.tenant.site.reading import ask

SITE = "https://contoso.sharepoint.com/sites/x"


class Answering:
    """A tenant that gives these parts, and remembers what it was asked singly."""

    settings = cast("TenantSettings", type("Named", (), {"admin": "https://contoso-admin.sharepoint.com"}))

    def __init__(self, *parts: tuple[int, Any], kind: str = "multipart/mixed; boundary=b") -> None:
        self.parts, self.kind = parts, kind
        self.single: list[str] = []

    def exchange(self, _request: Request) -> requests.Response:
        """The batch."""
        response = requests.Response()
        response.status_code = 200
        response.headers["Content-Type"] = self.kind
        head = "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1"
        bodies = (f"{head} {status} X\r\nRetry-After: 1\r\n\r\n{json.dumps(body)}" for status, body in self.parts)
        response._content = ("\r\n".join(bodies) + "\r\n--b--").encode()
        return response

    def rest(self, _method: str, url: str) -> Any:
        """One question by itself."""
        self.single.append(url)
        if "denied" in url:
            raise AccessDenied("no")
        return {"value": [len(self.single)]} | ({"odata.nextLink": f"{SITE}/more"} if "pages" in url else {})


def given(tenant: Answering, *paths: str) -> list[Any]:
    return send(cast("Tenant", tenant), Service.SITE, SITE, paths)


def test_a_part_that_is_put_off_is_asked_again_by_itself() -> None:
    tenant = Answering((200, {"a": 1}), (429, {}), (503, {}))
    assert given(tenant, "one", "two", "denied")[:2] == [{"a": 1}, {"value": [1]}]
    assert tenant.single == [f"{SITE}/_api/two", f"{SITE}/_api/denied"]


def test_a_refused_part_is_the_error_of_a_refused_request() -> None:
    error = {"odata.error": {"code": "-1, X", "message": {"value": "List 'x' does not exist"}}}
    found = given(Answering((404, error), (403, {}), (400, error)), "a", "b", "c")
    assert [type(each) for each in found] == [NotFound, AccessDenied, Refused]
    assert "GET contoso.sharepoint.com/sites/x/_api/a: List 'x' does not exist" in found[0].message


def test_further_pages_are_fetched() -> None:
    tenant = Answering((200, {"value": [0], "odata.nextLink": f"{SITE}/pages"}))
    assert given(tenant, "all") == [{"value": [0, 1, 2], "odata.nextLink": f"{SITE}/pages"}]


def test_what_is_no_answer_is_worth_another_try() -> None:
    with pytest.raises(Unavailable, match="2 answers to 1 questions"):
        given(Answering((200, {}), (200, {})), "a")
    with pytest.raises(Unavailable, match="no boundary"):
        given(Answering((200, {}), kind="text/html"), "a")


def test_an_optional_question_may_stay_without_an_answer_and_another_may_not() -> None:
    tenant, answers = cast("Tenant", Answering((403, {}))), Answers("/sites/x", "https://contoso.sharepoint.com")
    asked = Question("labels", Service.SITE, "labels", optional=True)
    assert "labels" not in ask(tenant, answers, [asked, asked])
    with pytest.raises(AccessDenied):
        ask(tenant, answers, [Question("labels", Service.SITE, "labels")])


def test_a_question_whose_ids_are_not_known_is_left_out() -> None:
    asked = Question("owners", Service.GRAPH, "groups/{group_id}/owners")
    without = Answers("/sites/x", "https://contoso.sharepoint.com", found={"site": {"Id": "1", "GroupId": None}})
    joined = Answers("/sites/x", "https://contoso.sharepoint.com", found={"site": {"Id": "1", "GroupId": "{G}"}})
    assert list(asked.paths(without)) == []
    assert list(asked.paths(joined)) == [("", "groups/g/owners")]
