"""Regional settings and time zones of a web."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from locale import windows_locale
from typing import Any
from zoneinfo import ZoneInfo

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.odata.literals import parse_date
from spmigrate.rehearsal.odata.render import render_date
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, computed, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, INT, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope

# (id, description, bias in minutes, daylight bias, zone): SharePoint's own ids.
TIME_ZONES = (
    (2, "(UTC) Dublin, Edinburgh, Lisbon, London", 0, -60, "Europe/London"),
    (3, "(UTC+01:00) Brussels, Copenhagen, Madrid, Paris", -60, -60, "Europe/Paris"),
    (4, "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", -60, -60, "Europe/Berlin"),
    (5, "(UTC+02:00) Athens, Bucharest, Istanbul", -120, -60, "Europe/Athens"),
    (10, "(UTC-05:00) Eastern Time (US and Canada)", 300, -60, "America/New_York"),
    (11, "(UTC-06:00) Central Time (US and Canada)", 360, -60, "America/Chicago"),
    (12, "(UTC-07:00) Mountain Time (US and Canada)", 420, -60, "America/Denver"),
    (13, "(UTC-08:00) Pacific Time (US and Canada)", 480, -60, "America/Los_Angeles"),
    (20, "(UTC+09:00) Osaka, Sapporo, Tokyo", -540, 0, "Asia/Tokyo"),
    (23, "(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", -330, 0, "Asia/Kolkata"),
    (31, "(UTC) Monrovia, Reykjavik", 0, 0, "Atlantic/Reykjavik"),
    (76, "(UTC+10:00) Canberra, Melbourne, Sydney", -600, -60, "Australia/Sydney"),
    (93, "(UTC) Coordinated Universal Time", 0, 0, "UTC"),
)
DEFAULTS = {"LocaleId": 1033, "TimeZone": 13}


class TimeZone(Resource):
    """A time zone."""

    type = "SP.TimeZone"
    feed = "TimeZones"
    declared = table(
        group(INT, 0, "Id"), group(TEXT, "", "Description"), group("SP.TimeZoneInformation", None, "Information")
    )

    def __init__(self, scope: Scope, number: int, path: str) -> None:
        super().__init__(scope)
        self.number = number
        self._path = path

    @property
    def path(self) -> str:
        return self._path

    def stored(self) -> Mapping[str, Any]:
        for number, description, bias, daylight, _ in TIME_ZONES:
            if number == self.number:
                information = {"Bias": bias, "DaylightBias": daylight, "StandardBias": 0}
                return {"Id": number, "Description": description, "Information": information}
        return {"Id": self.number, "Description": "", "Information": None}

    @function("LocalTimeToUTC")
    def local_time_to_utc(self, call: Call) -> str:
        """A wall time of this zone as UTC."""
        return render_date(_wall(self.number, parse_date(call.text("date", 0)).replace(tzinfo=None)))

    @function("UTCToLocalTime")
    def utc_to_local_time(self, call: Call) -> str:
        """UTC as a wall time of this zone."""
        moment = parse_date(call.text("date", 0)).astimezone(zone_of(self.number))
        return moment.strftime("%Y-%m-%dT%H:%M:%S")


class TimeZones(Collection):
    """The time zones that a site may have."""

    feed = "TimeZones"
    element = TimeZone

    def all(self) -> list[TimeZone]:
        return [self._at(each[0]) for each in TIME_ZONES]

    def by_key(self, key: object) -> TimeZone:
        if any(str(each[0]) == str(key) for each in TIME_ZONES):
            return self._at(int(str(key)))
        raise bad_argument("Specified argument was out of the range of valid values.\r\nParameter name: id")

    def _at(self, number: int) -> TimeZone:
        return TimeZone(self.scope, number, f"Web/RegionalSettings/TimeZones({number})")

    @function("GetById")
    def get_by_id(self, call: Call) -> TimeZone:
        """A time zone by number."""
        return self.by_key(call.number("id", 0))


class RegionalSettings(Resource):
    """A web's regional settings. The time zone is a child: a MERGE here can't change it."""

    type = "SP.RegionalSettings"
    feed = "RegionalSettings"
    declared = table(
        group(INT, 0, "AdjustHijriDays AlternateCalendarType FirstDayOfWeek FirstWeekOfYear", writable=True),
        group(INT, 1, "CalendarType", writable=True),
        group(INT, 25, "Collation", writable=True),
        group(INT, 1033, "LocaleId", writable=True),
        group(INT, 62, "WorkDays", writable=True),
        group(INT, 480, "WorkDayStartHour", writable=True),
        group(INT, 1020, "WorkDayEndHour", writable=True),
        group(BOOLEAN, False, "ShowWeeks Time24", writable=True),
        group(BOOLEAN, False, "IsEastAsia IsRightToLeft IsUIRightToLeft"),
        group(INT, 0, "DateFormat NegNumberMode TimeMarkerPosition"),
        group(INT, 3, "DigitGrouping"),
        group(INT, 0, "PositiveSign"),
        group(TEXT, "AM", "AM"),
        group(TEXT, "PM", "PM"),
        group(TEXT, "/", "DateSeparator"),
        group(TEXT, ".", "DecimalSeparator"),
        group(TEXT, ",", "ListSeparator ThousandSeparator"),
        group(TEXT, "-", "NegativeSign"),
        group(TEXT, ":", "TimeSeparator"),
        within={
            "FirstDayOfWeek": range(7),
            "FirstWeekOfYear": range(3),
            "LocaleId": frozenset(windows_locale),
            "WorkDays": range(128),
            "WorkDayStartHour WorkDayEndHour": range(1441),
            "CalendarType AlternateCalendarType": range(24),
            "AdjustHijriDays": range(-3, 4),
        },
    )

    @property
    def path(self) -> str:
        return "Web/RegionalSettings"

    def stored(self) -> Mapping[str, Any]:
        web = self.scope.store.by_id(self.scope.web.id) or self.scope.web
        settings: Mapping[str, Any] = web.props.get("_Regional", {})
        return settings

    @computed("DateFormat")
    def _date_format(self) -> int:
        return 1 if self.stored().get("LocaleId", 1033) != 1033 else 0

    @link("TimeZone")
    def time_zone(self) -> TimeZone:
        """The web's time zone."""
        return TimeZone(self.scope, time_zone_id(self.scope), "Web/RegionalSettings/TimeZone")

    @link("TimeZones")
    def time_zones(self) -> TimeZones:
        """All time zones."""
        return TimeZones(self.scope)

    def save(self, patch: Mapping[str, Any]) -> None:
        self.scope.store.update(self.scope.web, {"_Regional": {**self.stored(), **patch}}, at=self.scope.now)


def time_zone_id(scope: Scope) -> int:
    """The number of the web's time zone."""
    web = scope.store.by_id(scope.web.id) or scope.web
    return int(web.props.get("_Regional", {}).get("TimeZone", DEFAULTS["TimeZone"]))


def zone_of(number: int) -> ZoneInfo:
    """The rules of a time zone by SharePoint's number."""
    return ZoneInfo(next((each[4] for each in TIME_ZONES if each[0] == number), "UTC"))


def local_to_utc(scope: Scope, naive: datetime) -> datetime:
    """A wall time of the site as UTC; an hour that occurs twice is the earlier one."""
    return _wall(time_zone_id(scope), naive)


def _wall(number: int, naive: datetime) -> datetime:
    return naive.replace(tzinfo=zone_of(number), fold=0).astimezone(UTC)
