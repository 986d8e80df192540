"""One door for every request: which area answers, who calls, may they pass."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus

from spmigrate.rehearsal import graph, sharepoint, transfers
from spmigrate.rehearsal.azure import front as azure
from spmigrate.rehearsal.azure import resource_manager
from spmigrate.rehearsal.browser_sessions import BrowserSessions, is_reply
from spmigrate.rehearsal.control import Control
from spmigrate.rehearsal.cross_origin import answer_preflight, is_preflight, opened
from spmigrate.rehearsal.faults import Action, Faults, fault_response, retry_header
from spmigrate.rehearsal.graph.call import GraphError, error_response
from spmigrate.rehearsal.graph.drive_host import is_drive_api
from spmigrate.rehearsal.http import Claims, Request, Response, json_response
from spmigrate.rehearsal.notifications import Notifications
from spmigrate.rehearsal.request_log import RequestLog
from spmigrate.rehearsal.sharepoint.job_runs import AT_ONCE, advance_jobs
from spmigrate.rehearsal.sharepoint.web_pages import challenge_page
from spmigrate.rehearsal.sign_in_errors import SignInProblem, problem_response
from spmigrate.rehearsal.signin import GRAPH_ID, SHAREPOINT_ID, SignIn
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.throttle import FREE, Throttle, Verdict
from spmigrate.rehearsal.throttle_prices import (
    DOWNLOAD_UNITS,
    FRAGMENT_UNITS,
    Call,
    count_mails,
    describe_call,
)
from spmigrate.rehearsal.tokens import TokenProblem, Tokens
from spmigrate.rehearsal.transfer_links import Payer

LOCAL = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class Instruments:
    """What steers and watches the tenant from outside."""

    faults: Faults
    throttle: Throttle
    log: RequestLog


class Service:
    """Answers requests; knows nothing of sockets."""

    def __init__(
        self, tenant: Tenant, tokens: Tokens, instruments: Instruments, control: Control, *, address: str = LOCAL[0]
    ) -> None:
        self.tenant = tenant
        # The names under which the tenant is steered: those of this machine, and the address listened on.
        self.local = frozenset({*LOCAL, address.lower()})
        self.instruments = instruments
        self._tokens = tokens
        self._sign_in = SignIn(tenant, tokens)
        self._sessions = BrowserSessions(tenant, tokens)
        self._control = control
        self.notifications = Notifications(tenant)
        names = tenant.names
        self._sharepoint = frozenset({names.sharepoint, names.admin, names.personal})

    def speaks_sharepoint(self, request: Request) -> bool:
        """True where errors have SharePoint's form; upload and download addresses speak as Graph does."""
        of_drives = transfers.is_transfer(request) or is_drive_api(request)
        return request.host in self._sharepoint and not of_drives

    def answer(self, request: Request) -> tuple[Response, Claims | None]:
        """The answer, and who asked when a token said so; the tenant's jobs are moved on as well."""
        jobs = self.tenant.jobs
        under_way = jobs.waiting and request.host not in self.local
        if under_way:
            advance_jobs(self.tenant)
        answered = self._answer(request)
        if not under_way and self.has_work and not self.works_by_clock:
            advance_jobs(self.tenant, budget=AT_ONCE)
        return answered

    @property
    def has_work(self) -> bool:
        """Whether jobs could go on without anybody asking."""
        return self.tenant.jobs.waiting

    @property
    def works_by_clock(self) -> bool:
        """Whether jobs wait for their turn, and for moments of the clock."""
        return self.tenant.jobs.delayed

    def work(self) -> None:
        """Move the tenant's jobs on by a piece."""
        advance_jobs(self.tenant)

    def _answer(self, request: Request) -> tuple[Response, Claims | None]:
        names = self.tenant.names
        if not (request.host in self._sharepoint or request.host in (names.graph, names.reports, *names.sign_in)):
            return self._of_host(request)
        if is_preflight(request):
            return answer_preflight(request), None
        response, claims = self._of_host(request)
        return opened(request, response), claims

    def _of_host(self, request: Request) -> tuple[Response, Claims | None]:
        host = request.host
        if host == self.tenant.names.graph:
            return self._guarded(request, f"https://{host}")
        if host in self._sharepoint:
            if transfers.is_transfer(request):
                return self._transfer(request), None
            if is_reply(request):
                return self._sessions.begin(request), None
            return self._guarded(request, f"https://{host}")
        if host == self.tenant.names.reports:
            return graph.download(request, self.tenant), None
        if host == self.tenant.names.management:
            return resource_manager.handle(request, self.tenant, self._tokens), None
        if host in (*self.tenant.names.sign_in, self.tenant.names.access_control):
            return self._sign_in.handle(request), None
        if host in self.local:
            return self._control.handle(request), None
        if any(host.endswith("." + suffix) for suffix in self.tenant.names.storage):
            return azure.handle(request, self.tenant), None
        return json_response(421, {"error": {"code": "MisdirectedRequest", "message": f"No host {host} here."}}), None

    def _guarded(self, request: Request, audience: str) -> tuple[Response, Claims | None]:
        at_sharepoint = request.host in self._sharepoint
        try:
            claims = self._cookie(request) if at_sharepoint else None
            if claims is None:
                claims = self._check(request, audience, GRAPH_ID if not at_sharepoint else SHAREPOINT_ID)
        except TokenProblem as problem:
            page = challenge_page(request, sign_in=self.tenant.names.sign_in[0]) if at_sharepoint else None
            if page is not None:
                return page, None
            return (self._challenge(problem) if at_sharepoint else self._unauthorised(problem)), None
        throttle = self.instruments.throttle
        self.tenant.links.payer = Payer(claims.app_id, claims.user) if throttle.on else None
        verdict = self._charge(request, claims) if throttle.on else Verdict(True)
        if not verdict.passes:
            return self._throttled(verdict, sharepoint=at_sharepoint), claims
        known = replace(request, claims=claims, meter=partial(self._meter, claims) if throttle.on else None)
        answers = sharepoint if at_sharepoint and not is_drive_api(request) else graph
        response = answers.handle(known, self.tenant)
        if verdict.headers:
            response = replace(response, headers={**response.headers, **verdict.headers})
        if throttle.on:
            sent = response.file.length if response.file else len(response.body)
            now = self.tenant.clock.seconds()
            throttle.note_bytes(claims.app_id, claims.user, received=request.body.size, sent=sent, now=now)
        return response, claims

    def _cookie(self, request: Request) -> Claims | None:
        """Who a browser's cookie speaks for; a token that comes with it counts alone."""
        if "cookie" not in request.headers or "authorization" in request.headers:
            return None
        return self._sessions.claims(request)

    def _check(self, request: Request, audience: str, api_id: str) -> Claims:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenProblem("InvalidAuthenticationToken", "Access token is empty.")
        claims = self._tokens.check(token.strip())
        of_acs = f"{api_id}/{request.host}@{self.tenant.names.tenant_id}"
        if claims.audience.rstrip("/").lower() not in (audience, api_id, of_acs):
            raise TokenProblem("InvalidAuthenticationToken", "Access token validation failure. Invalid audience.")
        if request.host in self._sharepoint and claims.app_only and not claims.by_certificate:
            # SharePoint takes an application only with a certificate; Graph takes a secret as well.
            raise TokenProblem("invalid_client", "Unsupported app only token.")
        return claims

    def _transfer(self, request: Request) -> Response:
        """Bytes at an address of their own count against whoever was given it, those of a link for anyone against
        its site."""
        throttle, now = self.instruments.throttle, self.tenant.clock.seconds()
        if not throttle.on:
            return transfers.handle(request, self.tenant)
        site, payer = transfers.site_of_link(request, self.tenant), transfers.payer_of(request, self.tenant)
        if site:
            verdict = throttle.charge_link(site, now=now)
        else:
            units = 0 if payer.paid else FRAGMENT_UNITS if request.method == "PUT" else DOWNLOAD_UNITS
            verdict = throttle.charge(payer.app, units, now=now, call=Call(units, payer.user)) if payer.app else FREE
        if not verdict.passes:
            return self._throttled(verdict, sharepoint=False)
        response = transfers.handle(request, self.tenant)
        sent = response.file.length if response.file else len(response.body)
        if site:
            throttle.note_link_bytes(site, sent, now=now)
        elif payer.app:
            throttle.note_bytes(payer.app, payer.user, received=request.body.size, sent=sent, now=now)
        return replace(response, headers={**response.headers, **verdict.headers})

    def _charge(self, request: Request, claims: Claims) -> Verdict:
        call = describe_call(
            request.method,
            request.path,
            request.query,
            sharepoint=request.host in self._sharepoint,
            user=claims.user,
            user_agent=request.headers.get("user-agent", ""),
        )
        mails, site = count_mails(request.path, request.body.small, self.tenant.names.domain)
        call = replace(call, mails=mails, site=site) if mails else call
        return self.instruments.throttle.charge(claims.app_id, call.units, now=self.tenant.clock.seconds(), call=call)

    def _meter(self, claims: Claims, request: Request) -> Response | None:
        """Charge a call of a batch; the refusal when there is no room for it."""
        verdict = self._charge(request, claims)
        return None if verdict.passes else self._throttled(verdict, sharepoint=request.host in self._sharepoint)

    def struck(self, action: Action, request: Request) -> Response:
        """The answer of a request that a fault strikes, in the form of the service that it came to."""
        if any(request.host.endswith("." + suffix) for suffix in self.tenant.names.storage):
            return azure.strike(action, request)
        if request.host in self.tenant.names.sign_in and action.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            again = "A transient error has occurred. Please try again."
            transient = SignInProblem(action.status, "temporarily_unavailable", 90033, again)
            answer = problem_response(transient, self.tenant.clock)
            return replace(answer, headers={**answer.headers, **retry_header(action)})
        at_sharepoint = self.speaks_sharepoint(request)
        if action.expired == "token":
            problem = TokenProblem("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
            return self._challenge(problem) if at_sharepoint else self._unauthorised(problem)
        return fault_response(action, sharepoint=at_sharepoint)

    def _challenge(self, problem: TokenProblem) -> Response:
        realm = self.tenant.names.tenant_id
        headers = {
            "www-authenticate": f'Bearer realm="{realm}",client_id="{SHAREPOINT_ID}",'
            f'trusted_issuers="{SHAREPOINT_ID}@*,D3776938-3DBA-481F-A652-4BEDFCAB7CD8@*,https://sts.windows.net/*/",'
            'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
            "x-ms-diagnostics": f'3000003;reason="{problem.message}";category="{problem.code}"',
        }
        return json_response(401, {"error_description": problem.message}, headers=headers)

    def _unauthorised(self, problem: TokenProblem) -> Response:
        address = "https://login.microsoftonline.com/common/oauth2/authorize"
        headers = {"www-authenticate": f'Bearer realm="", authorization_uri="{address}"'}
        return self._refuse_as_graph(GraphError(401, problem.code, problem.message), headers)

    def _throttled(self, verdict: Verdict, *, sharepoint: bool) -> Response:
        if not sharepoint:
            error = GraphError(429, "activityLimitReached", "The request has been throttled")
            return self._refuse_as_graph(error, verdict.headers)
        said = {
            "code": "-1, Microsoft.SharePoint.Client.ClientServiceException",
            "message": {"lang": "en-US", "value": "The request has been throttled."},
        }
        return json_response(429, {"error": said}, headers=verdict.headers)

    def _refuse_as_graph(self, error: GraphError, headers: Mapping[str, str]) -> Response:
        request_id = str(uuid.uuid4())
        refused = error_response(error, request_id=request_id, at=self.tenant.clock.iso())
        marks = {"request-id": request_id, "client-request-id": request_id}
        return replace(refused, headers={**refused.headers, **marks, **headers})
