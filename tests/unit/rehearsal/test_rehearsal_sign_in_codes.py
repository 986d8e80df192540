"""Device codes and authorization codes: once, in time, by the right application, with the right verifier."""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmigrate.rehearsal.sign_in_codes import Asked, Codes
from spmigrate.rehearsal.sign_in_errors import SignInProblem
from spmigrate.rehearsal.sign_in_pages import sign_in_page, way_back
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant, open_tenant

APP = "11111111-2222-3333-4444-555555555555"
BACK = "http://localhost:9"


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Tenant]:
    opened = open_tenant(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture
def codes(tenant: Tenant) -> Codes:
    return Codes(tenant)


@pytest.fixture
def person(tenant: Tenant) -> Entity:
    return tenant.directory.add_user(f"alice@{tenant.names.domain}", props={"displayName": "Alice"})


def number(call: object, *arguments: object) -> int:
    with pytest.raises(SignInProblem) as caught:
        call(*arguments)  # type: ignore[operator] - each refusing method in turn
    return caught.value.number


def test_device_code_waits_then_gives_the_person_once(codes: Codes, person: Entity) -> None:
    given_codes = codes.give_device_code(APP, "scope")
    redeem = (codes.redeem_device_code, given_codes["device_code"])
    assert number(*redeem, APP) == 70016
    waiting = codes.waiting_device(given_codes["user_code"].lower())
    assert waiting
    codes.approve_device(waiting, person)
    assert number(*redeem, "another application") == 70018
    assert codes.redeem_device_code(given_codes["device_code"], APP) == (person.guid, "scope")
    assert number(*redeem, APP) == 70018


def test_device_code_ends_after_a_quarter_of_an_hour(codes: Codes, tenant: Tenant) -> None:
    given_codes = codes.give_device_code(APP, "scope")
    tenant.clock.advance(901)
    assert number(codes.redeem_device_code, given_codes["device_code"], APP) == 70020
    assert codes.waiting_device(given_codes["user_code"]) is None


def test_code_is_good_once_and_for_its_own_address(codes: Codes, person: Entity) -> None:
    code = codes.give_code(Asked(APP, BACK, "scope"), person)
    assert number(codes.redeem_code, {"code": code, "redirect_uri": "http://localhost:10"}, APP) == 500112
    assert number(codes.redeem_code, {"code": code, "redirect_uri": BACK}, "another") == 70000
    assert codes.redeem_code({"code": code, "redirect_uri": BACK}, APP)["user"] == person.guid
    assert number(codes.redeem_code, {"code": code, "redirect_uri": BACK}, APP) == 54005


def test_code_ends_after_ten_minutes(codes: Codes, tenant: Tenant, person: Entity) -> None:
    code = codes.give_code(Asked(APP, BACK, "scope"), person)
    tenant.clock.advance(601)
    assert number(codes.redeem_code, {"code": code, "redirect_uri": BACK}, APP) == 70008


@pytest.mark.parametrize("verifier", ["", "another-verifier", "täuschung"])
def test_code_with_a_challenge_needs_its_verifier(codes: Codes, person: Entity, verifier: str) -> None:
    right = "a-verifier-of-some-length"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(right.encode()).digest()).rstrip(b"=").decode()
    code = codes.give_code(Asked(APP, BACK, "scope", challenge=challenge, method="S256"), person)
    form = {"code": code, "redirect_uri": BACK}
    assert number(codes.redeem_code, {**form, "code_verifier": verifier}, APP) in (50148, 501481)
    assert codes.redeem_code({**form, "code_verifier": right}, APP)["scope"] == "scope"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_what_is_sent_never_becomes_markup(text: str) -> None:
    page = sign_in_page([text], app=text, hint=text, problem=text).body.decode()
    assert page.count("<script") == 0
    assert page.count("<input") == 2
    form = way_back("http://localhost", "form_post", {"state": text}).body.decode()
    assert form.count("<input") == 1
