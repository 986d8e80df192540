"""Regional settings and time zones of a web."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from locale import windows_locale
from typing import Any
from zoneinfo import ZoneInfo

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.odata.literals import parse_date
from spmigrate.rehearsal.odata.render import Bag, Complex, render_date
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, computed, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, INT, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.time_zones import LANGUAGES, ZONES, find_zone

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
        found = find_zone(self.number)
        if found is None:
            return {"Id": self.number, "Description": "", "Information": None}
        return {"Id": found.number, "Description": found.description, "Information": found.information()}

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
        return [self._at(each.number) for each in ZONES]

    def by_key(self, key: object) -> TimeZone:
        if str(key).isdecimal() and find_zone(int(str(key))) is not None:
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

    @function("InstalledLanguages")
    @function("GetGlobalInstalledLanguages")
    def installed_languages(self, _call: Call) -> Complex:
        """The languages that sites can have."""
        languages = tuple(
            Complex("SP.Language", {"DisplayName": name, "LanguageTag": tag, "Lcid": lcid})
            for lcid, tag, name in LANGUAGES
        )
        return Complex("SP.LanguageCollection", {"Items": Bag("Collection(SP.Language)", languages)})

    @action("Update")
    def update(self, _call: Call) -> None:
        """Keep what was set (nothing is pending over REST)."""

    def save(self, patch: Mapping[str, Any]) -> None:
        self.scope.store.update(self.scope.web, {"_Regional": {**self.stored(), **patch}}, at=self.scope.now)


def time_zone_id(scope: Scope) -> int:
    """The number of the web's time zone."""
    web = scope.store.by_id(scope.web.id) or scope.web
    return int(web.props.get("_Regional", {}).get("TimeZone", DEFAULTS["TimeZone"]))


def zone_of(number: int) -> ZoneInfo:
    """The rules of a time zone by SharePoint's number."""
    found = find_zone(number)
    return found.zone if found else ZoneInfo("UTC")


def local_to_utc(scope: Scope, naive: datetime) -> datetime:
    """A wall time of the site as UTC; an hour that occurs twice is the earlier one."""
    return _wall(time_zone_id(scope), naive)


def _wall(number: int, naive: datetime) -> datetime:
    return naive.replace(tzinfo=zone_of(number), fold=0).astimezone(UTC)


def language_tag(scope: Scope) -> str:
    """The language of the web in the form that pages carry: ``en-us``."""
    lcid = scope.web.props.get("Language", 1033)
    return next((tag.lower() for number, tag, _ in LANGUAGES if number == lcid), "en-us")
