"""Whether the work can start: each condition checked for itself, so that one answer shows all that is to be mended."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

from spmigrate.config import TenantSettings
from spmigrate.errors import ExitCode, SpmigrateError, TenantError
from spmigrate.tenant import certificate, permissions
from spmigrate.tenant.pacing import Retries
from spmigrate.tenant.session import Tenant, connect
from spmigrate.tenant.signin import GRAPH, LOGIN

WARN_DAYS = 30
"""How long before its end a certificate is reported: registering a new one takes a change request."""
CLOCK_SECONDS = 60.0
"""Difference of the clocks that is reported; Microsoft Entra refuses a sign-in at about five minutes."""


class State(StrEnum):
    """What a check found."""

    OK = "ok"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor: what was looked at, what was found, what to do. `vital`: nothing works without it."""

    name: str
    state: State
    text: str
    remedy: str = ""
    vital: bool = False


def exit_code(checks: list[Check]) -> ExitCode:
    """1 when signing in or reaching a service failed, 5 when something could not be checked, 3 for other problems."""
    found = [ExitCode.DONE]
    for check in checks:
        if check.state is State.UNKNOWN:
            found.append(ExitCode.INCOMPLETE)
        elif check.state is State.PROBLEM:
            found.append(ExitCode.FAILED if check.vital else ExitCode.FINDINGS)
    return ExitCode.worst(*found)


def examine(
    settings: TenantSettings,
    *,
    today: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Check]:
    """Check a tenant, one line after the other. Changes nothing."""
    yield check_credential(settings, today())
    with connect(settings, retries=Retries(attempts=2), sleep=sleep) as tenant:
        reached: set[str] = set()
        yield from _reach(tenant, today, reached)
        signed_in: dict[str, frozenset[str]] = {}
        for check, api, held in _sign_in(tenant, reached):
            if held is not None:
                signed_in[api] = held
            yield check
        yield from check_permissions(signed_in)


def check_credential(settings: TenantSettings, today: datetime) -> Check:
    """Whether the app's certificate can be read and for how long it is valid."""
    name = "certificate"
    if not settings.credential.certificate_pem:
        return Check(
            name, State.PROBLEM, "a client secret is used, which SharePoint refuses",
            "export SPMIGRATE_CERTIFICATE=/path/to/certificate-and-key.pem", vital=True,
        )  # fmt: skip
    try:
        pair = certificate.read(settings.credential.certificate_pem, settings.credential.password)
        pair.check(today)
    except SpmigrateError as error:
        return _problem(name, error)
    days = (pair.ends - today).days
    text = f"{pair.thumbprint}, valid until {pair.ends:%Y-%m-%d} ({days} days)"
    if pair.ends - today < timedelta(days=WARN_DAYS):
        return Check(name, State.PROBLEM, text, "make and register a new one now: after that day nothing works")
    return Check(name, State.OK, text)


def check_clock(date: str, here: datetime) -> Check:
    """Whether this machine's clock agrees with the `Date` header of an answer that came just now."""
    try:
        there = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return Check("clock", State.UNKNOWN, "the service did not say what time it is")
    seconds = (here - there).total_seconds()
    if abs(seconds) <= CLOCK_SECONDS:
        return Check("clock", State.OK, "agrees with Microsoft's")
    text = f"{abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} Microsoft's"
    return Check("clock", State.PROBLEM, text, "synchronise it (NTP): sign-in fails at about 300 s")


def check_permissions(held: dict[str, frozenset[str]]) -> Iterator[Check]:
    """Permissions missing, held and in excess; `held` lacks an API whose token could not be had."""
    for need in permissions.ALWAYS:
        name = f"permission {need.api} {need.permission}"
        if need.api not in held:
            yield Check(name, State.UNKNOWN, "not checked: the sign-in failed", "mend the sign-in first")
        elif need.met_by(held[need.api]):
            yield Check(name, State.OK, f"held ({need.work}: {need.why})")
        else:
            remedy = "grant it, with admin consent, in Microsoft Entra: App registrations, API permissions"
            yield Check(name, State.PROBLEM, f"missing ({need.work}: {need.why})", remedy)
    for api, names in permissions.excess(held).items():
        remedy = "take them away in Microsoft Entra: spmigrate does not use them"
        yield Check(f"permissions in excess {api}", State.PROBLEM, ", ".join(names), remedy)


def _reach(tenant: Tenant, today: Callable[[], datetime], reached: set[str]) -> Iterator[Check]:
    """A check for each host, and for the clock; adds the hosts that answer to `reached`."""
    settings = tenant.settings
    clock = Check("clock", State.UNKNOWN, "not checked: no service answered", "mend the connection first")
    login = f"{LOGIN}/{settings.tenant_id}/v2.0/.well-known/openid-configuration"
    for url in (login, f"{GRAPH}/v1.0/", f"{settings.sharepoint}/_api/web", f"{settings.admin}/_api/web"):
        host = urlsplit(url).netloc
        try:
            date = tenant.reach(url)
        except SpmigrateError as error:
            yield _problem(f"reach {host}", error)
            continue
        reached.add(host)
        yield Check(f"reach {host}", State.OK, "answers")
        if clock.state is State.UNKNOWN:
            clock = check_clock(date, today())
    yield clock


def _sign_in(tenant: Tenant, reached: set[str]) -> Iterator[tuple[Check, str, frozenset[str] | None]]:
    """For each service: the check, the API it stands for, and the permissions of its token."""
    settings = tenant.settings
    services: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
        ("Microsoft Graph", permissions.MICROSOFT_GRAPH, GRAPH, lambda: tenant.graph("GET", "/v1.0/sites/root")),
        ("SharePoint", permissions.SHAREPOINT, settings.sharepoint, lambda: tenant.rest("GET", "/_api/web")),
        (
            "SharePoint admin centre", permissions.SHAREPOINT, settings.admin,
            lambda: tenant.rest("GET", f"{settings.admin}/_api/SPO.Tenant"),
        ),
    )  # fmt: skip
    for service, api, audience, ask in services:
        name = f"sign in to {service}"
        if not {urlsplit(LOGIN).netloc, urlsplit(audience).netloc} <= reached:
            yield (
                Check(name, State.UNKNOWN, "not checked: it cannot be reached", "mend the connection first"),
                api,
                None,
            )
            continue
        try:
            held = permissions.roles(tenant.token(audience))
        except SpmigrateError as error:
            yield _problem(name, error), api, None
            continue
        yield _ask(name, ask), api, held


def _ask(name: str, ask: Callable[[], object]) -> Check:
    """Whether a service accepts the app's token."""
    try:
        ask()
    except TenantError as error:
        state = State.UNKNOWN if error.transient else State.PROBLEM
        return Check(name, state, error.message, error.hint or "", vital=not error.transient)
    return Check(name, State.OK, "the app's token is accepted")


def _problem(name: str, error: SpmigrateError) -> Check:
    return Check(name, State.PROBLEM, error.message, error.hint or "", vital=True)
