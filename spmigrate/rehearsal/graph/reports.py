"""Usage reports: a redirect to an address that needs no token, and there the figures of the tenant's state as CSV."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import secrets
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.objects import bad
from spmigrate.rehearsal.graph.querying import answer_list, answer_values
from spmigrate.rehearsal.graph.report_columns import COLUMNS
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.graph.usage import Usage, measure
from spmigrate.rehearsal.http import Request, Response, json_response
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.tokens import decode, encode

_READ = ("Reports.Read.All",)
_PERIODS = {"D7": 7, "D30": 30, "D90": 90, "D180": 180}
# Reports are made once a day and are about two days old (source: Microsoft, "Working with usage reports").
_AGE = timedelta(days=2)
# Sites of the service itself, which no report counts.
_SYSTEM = ("TENANTADMIN", "SPSMSITEHOST")
_NO_SITE = "00000000-0000-0000-0000-000000000000"
Row = list[object]


@lru_cache(maxsize=1)
def _key() -> bytes:
    return secrets.token_bytes(32)


def _redirect(call: Call) -> Response:
    name = next(each for each in COLUMNS if each.lower() == call.parts["report"].lower())
    period = call.parts.get("period", "")
    if "period" in call.parts and period not in _PERIODS:
        message = f"Invalid period value specified: '{period}'. Supported values are: D7, D30, D90, D180."
        raise bad(message, "InvalidArgument")
    if "date" in call.parts:
        try:
            date.fromisoformat(call.parts["date"])
        except ValueError:
            raise bad(f"Invalid date value specified: '{call.parts['date']}'.", "InvalidArgument") from None
    ask = {"report": name, "period": period or "D7", "until": int(call.tenant.clock.seconds()) + 600}
    text = encode(json.dumps(ask).encode())
    seal = hmac.digest(_key(), text.encode(), "sha256").hex()
    address = f"https://{call.tenant.names.reports}/data/v1.0/download?token={text}.{seal}"
    return Response(302, {"location": address, "content-type": "text/plain"})


def download(request: Request, tenant: Tenant) -> Response:
    """The report behind a redirect's address; a 403 for an address that is none of ours, or is over."""
    token = parse_qs(request.query).get("token", [""])[0]
    text, _, seal = token.partition(".")
    sealed = hmac.digest(_key(), text.encode(), "sha256").hex()
    ask = json.loads(decode(text)) if text and hmac.compare_digest(seal.encode(), sealed.encode()) else None
    if ask is None or ask["until"] < tenant.clock.seconds() or request.method != "GET":
        return Response(403, {"content-type": "text/plain"}, b"The token is not valid.")
    name = f"{ask['report'].removeprefix('get')}{tenant.clock.iso()[:10]}.csv"
    headers = {"content-type": "application/octet-stream", "content-disposition": f'attachment; filename="{name}"'}
    return Response(200, headers, _write(tenant, ask["report"], ask["period"]))


def _write(tenant: Tenant, report: str, period: str) -> bytes:
    policy = tenant.store.find("policy", 0, "reportSettings")
    concealed = policy.props.get("displayConcealedNames", True) if policy is not None else True
    sheet = Sheet(tenant, period, concealed=bool(concealed))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS[report].split(","))
    kind, _, rest = _MAKERS[report].partition(" ")
    writer.writerows(sheet.rows(kind, rest))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


class Sheet:
    """The rows of a report; names are hidden as hashes where the tenant's setting says so."""

    def __init__(self, tenant: Tenant, period: str, *, concealed: bool) -> None:
        self._tenant = tenant
        self._days = _PERIODS[period]
        self._concealed = concealed
        self._until = (tenant.clock.now() - _AGE).date()
        self._begin: list[object] = [self._until.isoformat()]

    def rows(self, kind: str, rest: str) -> Iterator[Row]:
        """The rows of a kind of report; `rest` says of what."""
        makers: dict[str, Callable[[str], Iterator[Row]]] = {
            "sites": self._sites, "drives": self._drives, "daily": self._daily, "people": self._people,
            "users": self._users, "groups": self._groups, "activations": self._activations, "nothing": self._nothing,
            "quiet": self._quiet, "joint": self._joint,
            "mail": self._mail, "mailboxes": self._mailboxes, "mailing": self._mailing,
        }  # fmt: skip
        return makers[kind](rest)

    def _hide(self, text: object) -> str:
        plain = str(text or "")
        if not self._concealed or not plain:
            return plain
        return hashlib.sha256(plain.lower().encode()).hexdigest()[:32].upper()

    def _usage(self, *, personal: bool) -> list[Usage]:
        host = self._tenant.names.personal
        found = measure(self._tenant, since=(self._until - timedelta(days=self._days)).isoformat())
        own = [each for each in found if not str(each.site.props.get("Template", "")).startswith(_SYSTEM)]
        return [each for each in own if each.site.name.startswith(host) is personal]

    def _sites(self, _rest: str) -> Iterator[Row]:
        for each in self._usage(personal=False):
            props = each.site.props
            owner = self._tenant.directory.user_by_login(str(props.get("Owner") or ""))
            yield [
                *self._begin, _NO_SITE if self._concealed else each.site.guid,
                "" if self._concealed else f"https://{each.site.name}",
                self._hide(owner.props.get("displayName") if owner is not None else props.get("Title")),
                str(each.site.deleted is not None), each.last_activity[:10], each.files, each.active, 0, 0, each.size,
                27_487_790_694_400, props.get("Template", ""), self._hide(owner.name if owner is not None else ""),
                self._days,
            ]  # fmt: skip

    def _drives(self, _rest: str) -> Iterator[Row]:
        for each in self._usage(personal=True):
            owner = self._tenant.directory.user_by_login(str(each.site.props.get("Owner") or ""))
            yield [
                *self._begin, "" if self._concealed else f"https://{each.site.name}",
                self._hide(owner.props.get("displayName") if owner is not None else each.site.props.get("Title")),
                str(each.site.deleted is not None), each.last_activity[:10], each.files, each.active, each.size,
                1_099_511_627_776, self._hide(owner.name if owner is not None else ""), self._days,
            ]  # fmt: skip

    def _daily(self, rest: str) -> Iterator[Row]:
        """A row a day, the newest first; the state of today stands for every day, for no history is kept."""
        what, _, place = rest.partition(" ")
        found = self._usage(personal=place == "OneDrive")
        by_kind: dict[str, list[int]] = {
            "sites": [len(found), sum(each.active > 0 for each in found)],
            "files": [sum(each.files for each in found), sum(each.active for each in found)],
            "storage": [sum(each.size for each in found)],
            "pages": [0],
        }
        for back in range(self._days):
            day = (self._until - timedelta(days=back)).isoformat()
            yield [*self._begin, place, *by_kind[what], day, self._days]

    def _each_day(self, figures: Row) -> Iterator[Row]:
        for back in range(self._days):
            yield [*self._begin, *figures, (self._until - timedelta(days=back)).isoformat(), self._days]

    def _quiet(self, rest: str) -> Iterator[Row]:
        """A row a day of what is not measured: who did what on which day."""
        return self._each_day([0] * int(rest))

    def _joint(self, what: str) -> Iterator[Row]:
        """A row a day about the sites of groups, of which there is the state of today alone."""
        found = [each for each in self._usage(personal=False) if each.site.props.get("GroupId")]
        active = sum(each.active > 0 for each in found)
        files, changed = sum(each.files for each in found), sum(each.active for each in found)
        figures: dict[str, Row] = {
            "groups": [len(found), active], "files": [files, changed],
            "storage": [0, sum(each.size for each in found)],
        }  # fmt: skip
        return self._each_day(figures[what])

    def _people(self, rest: str) -> Iterator[Row]:
        figures: Row = [0] * (5 if rest == "SharePoint" else 4)
        for user in self._tenant.directory.users():
            if user.props.get("userType", "Member") != "Guest":
                yield [*self._begin, self._hide(user.name), "False", "", "", *figures, self._products(), self._days]

    def _products(self) -> str:
        return "+".join(self._tenant.store.read_value("licences") or {})

    def _users(self, _rest: str) -> Iterator[Row]:
        for user in self._tenant.directory.users():
            if user.props.get("userType", "Member") == "Guest":
                continue
            last = str((user.props.get("signInActivity") or {}).get("lastSignInDateTime") or "")[:10]
            given = user.created[:10]
            yield [
                *self._begin, self._hide(user.name), self._hide(user.props.get("displayName")), "False", "",
                "True", "True", "True", "True", "True", "True", "", "", last, "", "", "", given, given, given, given,
                given, given, self._products(),
            ]  # fmt: skip

    def _groups(self, _rest: str) -> Iterator[Row]:
        sizes = {str(each.site.props.get("GroupId") or ""): each for each in self._usage(personal=False)}
        directory = self._tenant.directory
        for group in directory.groups():
            if "Unified" not in group.props.get("groupTypes", ()):
                continue
            owners, members = directory.people(group, "owner"), directory.people(group, "member")
            guests = sum(each.props.get("userType") == "Guest" for each in members)
            site = sizes.get(group.guid)
            files, size, active = (site.files, site.size, site.active) if site is not None else (0, 0, 0)
            yield [
                *self._begin, self._hide(group.name), "False", self._hide(owners[0].name if owners else ""),
                site.last_activity[:10] if site is not None else "", group.props.get("visibility") or "Public",
                len(members), guests, "", active, "", "", "", "", "", files, size, self._hide(group.guid), self._days,
            ]  # fmt: skip

    def _activations(self, _rest: str) -> Iterator[Row]:
        for name, count in (self._tenant.store.read_value("licences") or {}).items():
            yield [*self._begin, name, count, 0, 0]

    def _licensed(self) -> list[Entity]:
        return [each for each in self._tenant.directory.users() if each.props.get("userType", "Member") != "Guest"]

    def _mail(self, rest: str) -> Iterator[Row]:
        """A row a day of figures of mailboxes in which nothing has happened: `people` stands for how many there are."""
        figures: Row = [len(self._licensed()) if each == "people" else int(each) for each in rest.split()]
        return self._each_day(figures)

    def _mailboxes(self, _rest: str) -> Iterator[Row]:
        for user in self._licensed():
            name, title = self._hide(user.name), self._hide(user.props.get("displayName"))
            yield [
                *self._begin, name, title, "False", "", user.created[:10], "", 0, 0, 105_226_698_752, 106_300_440_576,
                107_374_182_400, 0, 0, 32_212_254_720, "False", self._days,
            ]  # fmt: skip

    def _mailing(self, _rest: str) -> Iterator[Row]:
        for user in self._licensed():
            name, title = self._hide(user.name), self._hide(user.props.get("displayName"))
            yield [*self._begin, name, title, "False", "", "", 0, 0, 0, 0, 0, self._products(), self._days]

    def _nothing(self, _rest: str) -> Iterator[Row]:
        return iter(())


# Which rows a report has.
_MAKERS = {
    "getSharePointSiteUsageDetail": "sites",
    "getSharePointSiteUsageFileCounts": "daily files SharePoint",
    "getSharePointSiteUsageSiteCounts": "daily sites SharePoint",
    "getSharePointSiteUsageStorage": "daily storage SharePoint",
    "getSharePointSiteUsagePages": "daily pages SharePoint",
    "getSharePointActivityUserDetail": "people SharePoint",
    "getSharePointActivityFileCounts": "quiet 4",
    "getSharePointActivityUserCounts": "quiet 5",
    "getSharePointActivityPages": "quiet 1",
    "getOneDriveActivityFileCounts": "quiet 4",
    "getOneDriveActivityUserCounts": "quiet 4",
    "getOffice365ActiveUserCounts": "quiet 7",
    "getOffice365GroupsActivityCounts": "quiet 4",
    "getOffice365GroupsActivityGroupCounts": "joint groups",
    "getOffice365GroupsActivityFileCounts": "joint files",
    "getOffice365GroupsActivityStorage": "joint storage",
    "getOneDriveUsageAccountDetail": "drives",
    "getOneDriveUsageAccountCounts": "daily sites OneDrive",
    "getOneDriveUsageFileCounts": "daily files OneDrive",
    "getOneDriveUsageStorage": "daily storage OneDrive",
    "getOneDriveActivityUserDetail": "people OneDrive",
    "getOffice365ActiveUserDetail": "users",
    "getOffice365GroupsActivityDetail": "groups",
    "getOffice365ActivationsUserCounts": "activations",
    "getOffice365ActivationsUserDetail": "nothing",
    "getOffice365ActivationCounts": "nothing",
    "getEmailActivityUserDetail": "mailing",
    "getEmailActivityCounts": "mail 0 0 0 0 0",
    "getEmailActivityUserCounts": "mail 0 0 0 0 0",
    "getMailboxUsageDetail": "mailboxes",
    "getMailboxUsageMailboxCounts": "mail people 0",
    "getMailboxUsageQuotaStatusMailboxCounts": "mail people 0 0 0 0",
    "getMailboxUsageStorage": "mail 0",
    "getM365AppUserCounts": "mail 0 0 0 0 0 0",
}
_REGISTRATION = define_type(
    "userRegistrationDetails",
    "defaultMfaMethod isAdmin isMfaCapable isMfaRegistered isPasswordlessCapable isSsprCapable isSsprEnabled"
    " isSsprRegistered isSystemPreferredAuthenticationMethodEnabled lastUpdatedDateTime methodsRegistered"
    " systemPreferredAuthenticationMethods userDisplayName userPreferredMethodForSecondaryAuthentication"
    " userPrincipalName userType",
    lists="methodsRegistered systemPreferredAuthenticationMethods",
)


def _registrations(call: Call) -> Response:
    directory, shown = call.tenant.directory, []
    for user in directory.users():
        flags = dict.fromkeys((each for each in _REGISTRATION.properties.values() if each.startswith("is")), False)
        content: dict[str, Any] = {
            "id": user.guid, "userPrincipalName": user.name, "userDisplayName": user.props.get("displayName"),
            "userType": str(user.props.get("userType", "Member")).lower(), **flags,
            "isAdmin": bool(directory.roles_of(user.guid)), "methodsRegistered": [], "defaultMfaMethod": "none",
            "systemPreferredAuthenticationMethods": [], "userPreferredMethodForSecondaryAuthentication": "none",
            "lastUpdatedDateTime": user.created,
        }  # fmt: skip
        shown.append(content)
    return answer_list(call, shown, context="reports/authenticationMethods/userRegistrationDetails", of=_REGISTRATION)


def _by_method(call: Call) -> Response:
    """How many people registered which way to prove themselves: all have a password, nobody anything else yet."""
    total = sum(each.props.get("userType", "Member") != "Guest" for each in call.tenant.directory.users())
    ways = ("password", "email", "mobilePhone", "microsoftAuthenticatorPush", "softwareOneTimePasscode", "fido2")
    counts = [{"authenticationMethod": each, "userCount": total if each == "password" else 0} for each in ways]
    shown = {"totalUserCount": total, "userRoles": "all", "userTypes": "all", "userRegistrationMethodCounts": counts}
    return json_response(200, {"@odata.context": f"{call.base}/$metadata#microsoft.graph.summary", **shown})


def _by_feature(call: Call) -> Response:
    total = sum(each.props.get("userType", "Member") != "Guest" for each in call.tenant.directory.users())
    features = ("ssprRegistered", "ssprEnabled", "ssprCapable", "passwordlessCapable", "mfaCapable")
    counts = [{"feature": each, "userCount": 0} for each in features]
    shown = {"totalUserCount": total, "userRoles": "all", "userTypes": "all", "userRegistrationFeatureCounts": counts}
    return json_response(200, {"@odata.context": f"{call.base}/$metadata#microsoft.graph.summary", **shown})


def _no_simulations(_call: Call) -> Response:
    return answer_values("Collection(microsoft.graph.attackSimulationReport)", [])


_NAMES = "|".join(COLUMNS)
_AUDIT = ("AuditLog.Read.All", "UserAuthenticationMethod.Read.All")
ROUTES: tuple[Route, ...] = (
    route(f"GET reports/{{report:{_NAMES}}}(period='{{period}}')", _READ, _redirect, standing="admin"),
    route(f"GET reports/{{report:{_NAMES}}}(date={{date}})", _READ, _redirect, standing="admin"),
    route(f"GET reports/{{report:{_NAMES}}}", _READ, _redirect, standing="admin"),
    route("GET reports/authenticationMethods/userRegistrationDetails", _AUDIT, _registrations, standing="admin"),
    *(
        route(f"GET reports/authenticationMethods/{name}{arguments}", _AUDIT, answer, standing="admin")
        for name, answer in (("usersRegisteredByMethod", _by_method), ("usersRegisteredByFeature", _by_feature))
        for arguments in ("", "(includedUserTypes='{types}',includedUserRoles='{roles}')")
    ),
    *(
        route(f"GET reports/security/{name}", ("SecurityEvents.Read.All", "Reports.Read.All"), _no_simulations)
        for name in (
            "getAttackSimulationRepeatOffenders",
            "getAttackSimulationSimulationUserCoverage",
            "getAttackSimulationTrainingUserCoverage",
        )
    ),
)
