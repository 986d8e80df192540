"""Limits one by one: each with its switch, its window and its band."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from spmigrate.rehearsal.control import Control, Levers
from spmigrate.rehearsal.faults import Faults
from spmigrate.rehearsal.http import Body, Request, Response
from spmigrate.rehearsal.request_log import RequestLog
from spmigrate.rehearsal.switches import Switches
from spmigrate.rehearsal.tenant import open_tenant
from spmigrate.rehearsal.throttle import BANDS, SWITCHES, Throttle
from spmigrate.rehearsal.throttle_prices import Call, count_mails, describe_call

AGENT = "NONISV|Contoso|SpMigrate/1.0"


def only(*names: str) -> Throttle:
    throttle = Throttle()
    for name in names:
        throttle.switch(name, on=True)
    return throttle


@pytest.mark.parametrize(
    ("switch", "call", "passing", "wait"),
    [
        ("search", Call(0, search=True), 25, "1"),
        ("search", Call(0, user="a@x", search=True), 10, "1"),
        ("sharing", Call(5, sharing=True), 300, "301"),
        ("user", Call(1, user="a@x"), 3000, "301"),
        ("people", Call(2, people=True), 9000, "301"),
        ("tenant", Call(50), 1125, "301"),
        ("app-minute", Call(50), 75, "61"),
        ("app-day", Call(50_000), 72, "86401"),
        ("undecorated", Call(50, decorated=False), 60, "61"),
        ("labels", Call(2, labels=True), 100, "301"),
        ("delegation", Call(2, user="a@x", delegation=True), 50, "301"),
        ("mails", Call(5, user="a@x", mails=20), 10, "3601"),
        ("mails", Call(5, site="s", mails=20), 10, "3601"),
    ],
)
def test_a_limit_holds_alone_and_only_while_it_is_on(switch: str, call: Call, passing: int, wait: str) -> None:
    throttle = only(switch)
    answers = [throttle.charge("app", call.units, now=0, call=call) for _ in range(passing + 1)]
    assert [each.passes for each in answers] == [True] * passing + [False]
    assert answers[-1].headers["retry-after"] == wait
    assert ("ratelimit-reset" in answers[-1].headers) == (switch == "app-minute")
    throttle.switch(switch, on=False)
    throttle.switch("transfer", on=True)
    assert throttle.charge("app", call.units, now=0, call=call).passes


def test_applications_and_users_do_not_wait_for_each_other() -> None:
    throttle = only("search")
    for _ in range(26):
        throttle.charge("app", 0, now=0, call=Call(0, search=True))
    assert throttle.charge("other", 0, now=0, call=Call(0, search=True)).passes
    assert throttle.charge("app", 0, now=0, call=Call(0, user="a@x", search=True)).passes
    assert throttle.charge("app", 0, now=1, call=Call(0, search=True)).passes


def test_bytes_of_an_hour() -> None:
    throttle = only("transfer")
    throttle.note_bytes("app", "a@x", received=51 << 30, sent=0, now=0)
    assert not throttle.charge("app", 1, now=1, call=Call(1, user="a@x")).passes
    assert throttle.charge("app", 1, now=1, call=Call(1, user="b@x")).passes
    assert throttle.charge("app", 1, now=3601, call=Call(1, user="a@x")).passes


def test_links_for_anyone_count_against_their_site() -> None:
    throttle = only("anonymous")
    answers = [throttle.charge_link("1", now=0) for _ in range(3001)]
    assert [each.passes for each in answers] == [True] * 3000 + [False]
    assert answers[-1].headers == {"retry-after": "301"}
    assert throttle.charge_link("2", now=0).passes
    throttle.note_link_bytes("2", 101 << 30, now=0)
    assert throttle.charge_link("2", now=6000).headers == {"retry-after": "1201"}
    assert throttle.charge_link("2", now=7200).passes


def test_invitations_are_counted_by_whom_they_go_out_to() -> None:
    people = [{"email": "a@nhstrust.example"}, {"email": "B@Contoso.onmicrosoft.com"}, {"email": "c@other.example"}]
    content = {"recipients": people, "sendInvitation": True}
    path = f"/v1.0/drives/b!{'s' * 64}/items/01/invite"
    count = partial(count_mails, domain="contoso.onmicrosoft.com")
    assert count(path, json.dumps(content).encode()) == (2, "s" * 21)
    assert count(path, json.dumps({**content, "sendInvitation": False}).encode())[0] == 0
    assert count(path + "x", json.dumps(content).encode())[0] == 0
    assert count(path, b"[") == count(path, b"[1]") == count(path, b'{"recipients": [1]}') == (0, "")


def test_a_band_is_the_size_of_the_tenant() -> None:
    throttle = only("app-minute")
    throttle.band = "0-1000"
    assert throttle.charge("app", BANDS["0-1000"].minute, now=0).passes
    assert not throttle.charge("app", 1, now=0).passes
    assert throttle.profile == "own"


@pytest.mark.parametrize(
    ("method", "path", "sharepoint", "kinds"),
    [
        ("POST", "/v1.0/drives/d/items/i/invite", False, (5, False, True, False)),
        ("GET", "/v1.0/drives/d/items/i/permissions", False, (5, False, False, False)),
        ("POST", "/v1.0/search/query", False, (2, True, False, False)),
        ("GET", "/v1.0/users", False, (0, False, False, False)),
        ("POST", "/v1.0/$batch", False, (0, False, False, False)),
        ("GET", "/_api/search/query", True, (2, True, False, False)),
        ("POST", "/_api/SP.Web.ShareObject", True, (2, False, True, False)),
        ("GET", "/_api/SP.UserProfiles.PeopleManager/GetMyProperties", True, (2, False, False, True)),
        ("POST", "/v1.0/drives/d/items/i/assignSensitivityLabel", False, (2, False, False, False)),
        ("POST", "/_api/SP.OAuth.Token/Acquire", True, (2, False, False, False)),
    ],
)
def test_what_a_request_is(method: str, path: str, sharepoint: bool, kinds: tuple[int, bool, bool, bool]) -> None:
    found = describe_call(method, path, "", sharepoint=sharepoint, user_agent=f"python-requests/2 {AGENT}")
    assert (found.units, found.search, found.sharing, found.people) == kinds
    assert found.decorated
    assert (found.labels, found.delegation) == (path.endswith("Label"), path.endswith("Acquire"))
    assert not describe_call(method, path, "", sharepoint=sharepoint, user_agent="python-requests/2").decorated


@pytest.fixture
def control(tmp_path: Path) -> Callable[[str, object], Response]:
    tenant = open_tenant(tmp_path / "state")
    levers = Levers(
        clock=tenant.clock, faults=Faults(), switches=Switches(tenant), log=RequestLog(), seed=lambda _: {},
        reset=lambda: None, office=tenant.office,
    )  # fmt: skip
    made = Control("token", levers)

    def call(method: str, content: object = None) -> Response:
        body = b"" if content is None else json.dumps(content).encode()
        headers = {"authorization": "Bearer token"}
        return made.handle(Request(method, "127.0.0.1", "/_rehearsal/throttle", "", headers, Body(len(body), body)))

    return call


def test_switches_are_moved_from_outside(control: Callable[..., Response]) -> None:
    shown = json.loads(control("GET").body)
    assert (shown["profile"], shown["band"]) == ("open", "5001-15000")
    assert set(shown["on"]) == {*SWITCHES, "jobs", "sites", "names", "gzip"}
    changed = json.loads(control("POST", {"on": ["search", "jobs", "names", "gzip"], "band": "50000+"}).body)
    assert [name for name, on in changed["on"].items() if on] == ["search", "jobs", "names", "gzip"]
    assert json.loads(control("POST", {"profile": "council", "off": ["tenant"]}).body)["profile"] == "own"
    for wrong in ({"on": ["nonsense"]}, {"band": "7"}, {"profile": "x"}, {}, {"else": 1}):
        assert control("POST", wrong).status == 400


@pytest.mark.parametrize(("profile", "delayed"), [("open", False), ("council", True)])
def test_the_profile_says_whether_jobs_wait(tmp_path: Path, profile: str, delayed: bool) -> None:
    assert open_tenant(tmp_path / "state", profile=profile).jobs.delayed is delayed
