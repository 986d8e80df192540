"""One door for every request: which area answers, who calls, may they pass."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spmigrate.rehearsal import graph, sharepoint, transfers
from spmigrate.rehearsal.azure import front as azure
from spmigrate.rehearsal.control import Control
from spmigrate.rehearsal.faults import Faults
from spmigrate.rehearsal.graph.drive_host import is_drive_api
from spmigrate.rehearsal.http import Claims, Request, Response, json_response
from spmigrate.rehearsal.request_log import RequestLog
from spmigrate.rehearsal.sharepoint.job_runs import AT_ONCE, advance_jobs
from spmigrate.rehearsal.signin import GRAPH_ID, SHAREPOINT_ID, SignIn
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.throttle import Throttle, Verdict, resource_units
from spmigrate.rehearsal.tokens import TokenProblem, Tokens

LOCAL = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class Instruments:
    """What steers and watches the tenant from outside."""

    faults: Faults
    throttle: Throttle
    log: RequestLog


class Service:
    """Answers requests; knows nothing of sockets."""

    def __init__(self, tenant: Tenant, tokens: Tokens, instruments: Instruments, control: Control) -> None:
        self.tenant = tenant
        self.instruments = instruments
        self._tokens = tokens
        self._sign_in = SignIn(tenant, tokens)
        self._control = control
        names = tenant.names
        self._sharepoint = frozenset({names.sharepoint, names.admin, names.personal})

    def speaks_sharepoint(self, request: Request) -> bool:
        """True where errors have SharePoint's form; upload and download addresses speak as Graph does."""
        of_drives = transfers.is_transfer(request) or is_drive_api(request)
        return request.host in self._sharepoint and not of_drives

    def answer(self, request: Request) -> tuple[Response, Claims | None]:
        """The answer, and who asked when a token said so; the tenant's jobs are moved on as well."""
        jobs = self.tenant.jobs
        if jobs.waiting and request.host not in LOCAL:
            advance_jobs(self.tenant)
        answered = self._answer(request)
        if jobs.waiting and not jobs.delayed:
            advance_jobs(self.tenant, budget=AT_ONCE)
        return answered

    def _answer(self, request: Request) -> tuple[Response, Claims | None]:
        host = request.host
        if host == self.tenant.names.graph:
            return self._guarded(request, f"https://{host}")
        if host in self._sharepoint:
            if transfers.is_transfer(request):
                return transfers.handle(request, self.tenant), None
            return self._guarded(request, f"https://{host}")
        if host == self.tenant.names.reports:
            return graph.download(request, self.tenant), None
        if host in self.tenant.names.sign_in:
            return self._sign_in.handle(request), None
        if host in LOCAL:
            return self._control.handle(request), None
        if any(host.endswith("." + suffix) for suffix in self.tenant.names.storage):
            return azure.handle(request, self.tenant), None
        return json_response(421, {"error": {"code": "MisdirectedRequest", "message": f"No host {host} here."}}), None

    def _guarded(self, request: Request, audience: str) -> tuple[Response, Claims | None]:
        at_sharepoint = request.host in self._sharepoint
        try:
            claims = self._check(request, audience, GRAPH_ID if not at_sharepoint else SHAREPOINT_ID)
        except TokenProblem as problem:
            return (self._challenge(problem) if at_sharepoint else _unauthorised(problem)), None
        verdict = self._charge(request, claims, sharepoint=at_sharepoint)
        if not verdict.passes:
            return _throttled(verdict, sharepoint=at_sharepoint), claims
        known = replace(request, claims=claims)
        answers = sharepoint if at_sharepoint and not is_drive_api(request) else graph
        response = answers.handle(known, self.tenant)
        if verdict.headers:
            response = replace(response, headers={**response.headers, **verdict.headers})
        return response, claims

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

    def _charge(self, request: Request, claims: Claims, *, sharepoint: bool) -> Verdict:
        throttle = self.instruments.throttle
        if throttle.profile == "open":
            return Verdict(True)
        units = resource_units(request.method, request.path, request.query, sharepoint=sharepoint)
        return throttle.charge(claims.app_id, units, now=self.tenant.clock.seconds())

    def _challenge(self, problem: TokenProblem) -> Response:
        realm = self.tenant.names.tenant_id
        headers = {
            "www-authenticate": f'Bearer realm="{realm}",client_id="{SHAREPOINT_ID}",'
            f'trusted_issuers="{SHAREPOINT_ID}@*,D3776938-3DBA-481F-A652-4BEDFCAB7CD8@*,https://sts.windows.net/*/",'
            'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
            "x-ms-diagnostics": f'3000003;reason="{problem.message}";category="{problem.code}"',
        }
        return json_response(401, {"error_description": problem.message}, headers=headers)


def not_rehearsed(request: Request) -> Response:
    """The service has this and the rehearsal does not: said plainly, never an empty success."""
    message = f"The rehearsal tenant does not answer {request.method} https://{request.host}{request.path}."
    return json_response(501, {"error": {"code": "notImplemented", "message": message}})


def _unauthorised(problem: TokenProblem) -> Response:
    headers = {
        "www-authenticate": 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
    }
    return json_response(401, {"error": {"code": problem.code, "message": problem.message}}, headers=headers)


def _throttled(verdict: Verdict, *, sharepoint: bool) -> Response:
    if sharepoint:
        error = {
            "code": "-1, Microsoft.SharePoint.Client.ClientServiceException",
            "message": {"lang": "en-US", "value": "The request has been throttled."},
        }
        return json_response(429, {"error": error}, headers=verdict.headers)
    error = {"code": "activityLimitReached", "message": "The request has been throttled"}
    return json_response(429, {"error": error}, headers=verdict.headers)
