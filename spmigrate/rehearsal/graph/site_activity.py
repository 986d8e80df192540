"""What was done in a site, counted: analytics, and activities by interval."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from spmigrate.rehearsal.clock import write_time
from spmigrate.rehearsal.graph.call import VERSION, Call, collection
from spmigrate.rehearsal.graph.list_items import need_item
from spmigrate.rehearsal.graph.site_opening import need_list
from spmigrate.rehearsal.graph.site_routes import SiteRoute, bad_argument, site_route
from spmigrate.rehearsal.graph.site_types import ACTIVITY_STAT
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.scope import Scope

_STAT = "microsoft.graph.itemActivityStat"
_WEEK = timedelta(days=7)
_INTERVALS = {"day": 1, "week": 7, "month": 31}
_LONGEST = timedelta(days=90)
_ARGUMENT = re.compile(r"(\w+)='?([^',)]*)'?")


def _analytics(call: Call, scope: Scope) -> Response:
    since = write_time((scope.clock.now() - _WEEK).timestamp())
    shown = {"allTime": _stat(scope, "", scope.now, call), "lastSevenDays": _stat(scope, since, scope.now, call)}
    return json_response(200, {"@odata.context": f"{VERSION}/$metadata#microsoft.graph.itemAnalytics", **shown})


def _last_seven_days(call: Call, scope: Scope) -> Response:
    since = write_time((scope.clock.now() - _WEEK).timestamp())
    return _answer_stat(_stat(scope, since, scope.now, call))


def _all_time(call: Call, scope: Scope) -> Response:
    return _answer_stat(_stat(scope, "", scope.now, call))


def _answer_stat(stat: dict[str, Any]) -> Response:
    return json_response(200, {"@odata.context": f"{VERSION}/$metadata#{_STAT}", **stat})


def _stat(scope: Scope, start: str, end: str, call: Call) -> dict[str, Any]:
    """Counts of a time; nobody's reading is recorded here, so that accesses are none."""
    row = _counts(scope, start, end, call)
    shown: dict[str, Any] = {
        "startDateTime": start or scope.web.created,
        "endDateTime": end,
        "isTrending": False,
        "incompleteData": {"missingDataBeforeDateTime": scope.web.created, "wasThrottled": False},
        "access": {"actionCount": 0, "actorCount": 0, "timeSpentInSeconds": 0},
    }
    for name, (actions, actors) in zip(("create", "edit"), row, strict=True):
        if actions:
            shown[name] = {"actionCount": actions, "actorCount": actors}
    return shown


def _counts(scope: Scope, start: str, end: str, call: Call) -> list[tuple[int, int]]:
    """Actions and actors of what was made, and of what was altered later, by the dates of the items."""
    place, arguments = _place(scope, call)
    found = []
    for column, who, more in (("created", "author", ""), ("modified", "editor", " AND item.modified > item.created")):
        row = scope.store.db.execute(
            f"SELECT count(*), count(DISTINCT item.{who}) FROM item WHERE {place} AND item.list_item > 0"  # noqa: S608
            f" AND item.bin = 0 AND item.{column} >= ? AND item.{column} <= ?{more}",
            (*arguments, start, end),
        ).fetchone()
        found.append((int(row[0]), int(row[1])))
    return found


def _place(scope: Scope, call: Call) -> tuple[str, tuple[int, ...]]:
    if "item" in call.parts:
        return "item.id = ?", (need_item(scope, need_list(scope, call.parts["list"]), call.parts["item"]).id,)
    lists = "SELECT id FROM entity WHERE parent = ? AND kind = 'list' AND deleted IS NULL"
    return f"item.list IN ({lists})", (scope.web.id,)


def _by_interval(call: Call, scope: Scope) -> Response:
    given = {**{name.lower(): value for name, value in call.query.items()},
             **{name.lower(): value for name, value in _ARGUMENT.findall(call.parts.get("arguments", ""))}}  # fmt: skip
    now = scope.clock.now()
    end = _moment(given.get("enddatetime", ""), now)
    start = _moment(given.get("startdatetime", ""), end - _WEEK)
    step = _INTERVALS.get(given.get("interval", "").strip("'") or "day")
    if step is None or start > end or end - start > _LONGEST:
        raise bad_argument()
    shown = []
    while start < end:
        until = min(start + timedelta(days=step), end)
        stat = _stat(scope, write_time(start.timestamp()), write_time(until.timestamp()), call)
        if "create" in stat or "edit" in stat:
            shown.append(stat)
        start = until
    return collection(shown, context="Collection(itemActivityStat)", call=call, of=ACTIVITY_STAT)


def _moment(text: str, usual: datetime) -> datetime:
    if not text or text == "null":
        return usual
    for form in ("%Y-%m-%d", "%m-%d-%Y", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise bad_argument()


_FUNCTION = "{call:(?:microsoft\\.graph\\.)?getActivitiesByInterval}{arguments:(?:\\([^/]*\\))?}"
ROUTES: tuple[SiteRoute, ...] = (
    site_route("GET analytics", Level.READ, _analytics),
    site_route("GET analytics/lastSevenDays", Level.READ, _last_seven_days),
    site_route("GET analytics/allTime", Level.READ, _all_time),
    site_route(f"GET {_FUNCTION}", Level.READ, _by_interval),
    site_route("GET lists/{list}/items/{item}/analytics", Level.READ, _analytics),
    site_route("GET lists/{list}/items/{item}/analytics/lastSevenDays", Level.READ, _last_seven_days),
    site_route("GET lists/{list}/items/{item}/analytics/allTime", Level.READ, _all_time),
    site_route(f"GET lists/{{list}}/items/{{item}}/{_FUNCTION}", Level.READ, _by_interval),
)
