"""Faults, throttling, the log of requests, the clock and the seed format, without sockets."""

import json
from pathlib import Path

import pytest

from spmigrate.rehearsal.clock import Clock, normal_time
from spmigrate.rehearsal.errors import RehearsalError
from spmigrate.rehearsal.faults import Faults, fault_response, read_fault
from spmigrate.rehearsal.request_log import RequestLog
from spmigrate.rehearsal.seed import read_seed
from spmigrate.rehearsal.storage import Store
from spmigrate.rehearsal.tenant import open_tenant
from spmigrate.rehearsal.throttle import UNITS_A_MINUTE, Throttle
from spmigrate.rehearsal.throttle_prices import resource_units

ENTRY = {
    "at": "", "method": "GET", "host": "h", "path": "/p", "status": 200, "retry_after": "", "received": 0, "sent": 0,
    "ms": 0.0, "user_agent": "", "app": "",
}  # fmt: skip


def test_fault_strikes_its_count_after_its_skip_and_no_other_request() -> None:
    faults = Faults()
    faults.add(read_fault({"match": {"method": "put", "path": "up"}, "skip": 1, "count": 2, "action": {"status": 429}}))
    struck = [faults.strike(method, "h", "/up") is not None for method in ("GET", "PUT", "PUT", "PUT", "PUT")]
    assert struck == [False, False, True, True, False]


@pytest.mark.parametrize(("status", "code"), [
    (409, "nameAlreadyExists"), (423, "resourceLocked"), (429, "activityLimitReached"), (507, "quotaLimitReached"),
])  # fmt: skip
def test_fault_speaks_as_the_service_does(status: int, code: str) -> None:
    action = read_fault({"action": {"status": status}}).action
    answers = [json.loads(fault_response(action, sharepoint=there).body)["error"]["code"] for there in (False, True)]
    assert answers == [code, f"-1, {code}"]


@pytest.mark.parametrize(
    "rule",
    [
        "nonsense",
        {"action": {}},
        {"action": {"status": 429}, "match": {"verb": "PUT"}},
        {"action": {"reset": "sometimes"}},
        {"action": {"status": 429}, "match": {"path": "("}},
    ],
)
def test_wrong_fault_is_refused_with_a_reason(rule: object) -> None:
    with pytest.raises(RehearsalError):
        read_fault(rule)


def test_minute_limit_refuses_says_when_and_counts_what_it_refuses() -> None:
    throttle = Throttle("council")
    assert throttle.charge("app", UNITS_A_MINUTE - 800, now=0).headers == {}
    near = throttle.charge("app", 100, now=1)
    assert near.passes
    assert near.headers["ratelimit-remaining"] == "700"
    over = throttle.charge("app", 701, now=30)
    assert (over.passes, over.headers["retry-after"]) == (False, "31")
    assert throttle.charge("other", 1, now=30).passes
    assert throttle.usage()["app"]["minute"] == UNITS_A_MINUTE + 1
    assert throttle.charge("app", 1, now=61).passes


def test_day_limit_outlasts_the_minute() -> None:
    throttle = Throttle("council")
    for minute in range(961):
        throttle.charge("app", 3750, now=minute * 60)
    late = throttle.charge("app", 1, now=86_000)
    assert (late.passes, late.headers) == (False, {"retry-after": "401"})


def test_council_has_its_delays_and_office_rewriting_and_open_has_none(tmp_path: Path) -> None:
    for profile in ("open", "council"):
        tenant = open_tenant(tmp_path / profile, profile=profile)
        council = profile == "council"
        assert (tenant.office.on, tenant.delays.sites, tenant.jobs.delayed) == (council, council, council)
        assert bool(tenant.throttle.on) == council
        tenant.store.close()


def test_open_profile_never_refuses() -> None:
    assert Throttle("open").charge("app", 10_000_000, now=0).passes


@pytest.mark.parametrize(
    ("method", "path", "query", "units"),
    [
        ("GET", "/v1.0/drives/d/items/i", "", 1),
        ("GET", "/v1.0/drives/d/items/i/children", "", 2),
        ("GET", "/v1.0/drives/d/root/delta", "", 2),
        ("GET", "/v1.0/drives/d/root/delta", "token=x", 1),
        ("PUT", "/v1.0/drives/d/root:/a:/content", "", 2),
        ("GET", "/v1.0/drives/d/items/i/permissions", "", 5),
    ],
)
def test_requests_cost_what_is_published(method: str, path: str, query: str, units: int) -> None:
    assert resource_units(method, path, query, sharepoint=False) == units


def test_log_keeps_no_secret_of_an_address() -> None:
    log = RequestLog()
    for query in ("guid=1&tempauth=secret", "TempAuth=secret", "temp%61uth=secret", "$top=5&sig=a=secret&code"):
        log.add(**ENTRY, query=query)
    assert "secret" not in str(log.since(0))
    assert log.since(3)[0]["query"] == "$top=5&sig=-&code=-"
    assert log.since(4) == []


def test_what_is_not_rehearsed_is_counted() -> None:
    log = RequestLog()
    for _ in range(2):
        log.add(**{**ENTRY, "status": 501}, query="")
    assert log.unknown() == [{"method": "GET", "host": "h", "path": "/p", "status": 501, "count": 2}]


def test_moved_clock_stays_moved(tmp_path: Path) -> None:
    store = Store(tmp_path)
    Clock(store, real=lambda: 1000.0).advance(93 * 86_400)
    assert Clock(store, real=lambda: 1000.0).seconds() == 1000 + 93 * 86_400
    store.close()


def test_times_of_clients_are_kept_to_the_second_in_utc() -> None:
    assert normal_time("2026-06-01T12:00:00.999+01:00") == "2026-06-01T11:00:00Z"
    assert normal_time("2026-06-01T12:00:00Z") == "2026-06-01T12:00:00Z"
    assert normal_time("2026-W23-1T12:00:00Z") == "2026-06-01T12:00:00Z"
    for wrong in ("2026-02-30T12:00:00Z", "2026-06-01T24:00:01Z", "2026-06-01T12:00:00Z "):
        with pytest.raises(ValueError, match=r"."):
            normal_time(wrong)


def test_seed_names_every_mistake_at_once() -> None:
    text = "users:\n  - {upn: a, nam: A}\nsites: x\npartners:\n  - {tenant_id: 5}\n"
    with pytest.raises(RehearsalError) as caught:
        read_seed(text, source="seed.yaml")
    message = caught.value.message
    assert "users[0].nam: unknown, did you mean name?" in message
    assert "users[0]: name is missing" in message
    assert "sites: expected a list" in message
    assert "partners[0].tenant_id" in message


def test_default_seed_reads() -> None:
    file = Path(__file__).parents[3] / "spmigrate" / "rehearsal" / "seeds" / "default.yaml"
    seed = read_seed(file.read_text(encoding="utf-8"), source="default")
    assert len(seed.users) >= 12
