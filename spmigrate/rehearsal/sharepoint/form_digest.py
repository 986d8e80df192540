"""Form digests: the proof that a page of SharePoint's own sent what changes something.

It is asked for where a browser's cookie says who calls. A token needs none, and what comes with a token is not looked
at: CLI for Microsoft 365 sends `[object Object]`, and the service takes it.
"""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime, timedelta

from spmigrate.rehearsal.http import Request
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.sharepoint.scope import Scope

DIGEST_SECONDS = 1800
_FORM = "%d %b %Y %H:%M:%S -0000"
_OPEN = re.compile(r"/_api/+(contextinfo|sp\.web\.getcontextwebinformation)$", re.IGNORECASE)
_EXCEPTION = "Microsoft.SharePoint.SPException"


def make_digest(scope: Scope) -> str:
    """A digest for the caller and the site, good for half an hour of the tenant's clock."""
    return _seal(scope, scope.clock.now().strftime(_FORM))


def refuse_without_digest(request: Request, scope: Scope) -> None:
    """Refuse (403) what a cookie sends to change something without a digest that this caller was given for this site
    in the last half hour.

    Source of the codes: "security validation … invalid" is -2130575251 (phpSPO pull request 61), the one that has timed
    out -2130575252 (SharePoint's own SPFileHandler; node-sp-auth issue 75).
    """
    if not scope.claims.by_cookie or request.method in ("GET", "HEAD") or _OPEN.search(request.path):
        return
    given = request.headers.get("x-requestdigest", "")
    stamp = given.partition(",")[2]
    try:
        moment = datetime.strptime(stamp, _FORM).replace(tzinfo=UTC)
    except ValueError:
        moment = None
    if moment is None or not hmac.compare_digest(_seal(scope, stamp).encode(), given.encode()):
        raise ODataError(
            403,
            f"-2130575251, {_EXCEPTION}",
            "The security validation for this page is invalid and might be corrupted. Please use your web browser's"
            " Back button to try your operation again.",
        )
    if moment + timedelta(seconds=DIGEST_SECONDS) < scope.clock.now():
        raise ODataError(
            403,
            f"-2130575252, {_EXCEPTION}",
            "The security validation for this page has timed out. Click Back in your Web browser, refresh the page,"
            " and try your operation again.",
        )


def _seal(scope: Scope, stamp: str) -> str:
    about = f"digest/{scope.site.guid}/{scope.claims.login}/{stamp}"
    return f"0x{scope.tenant.links.seal(about, size=64).upper()},{stamp}"
