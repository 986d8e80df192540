"""Dates as a web's regional settings read them."""

from __future__ import annotations

from datetime import datetime

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.sharepoint.model import Call, Resource, function
from spmigrate.rehearsal.sharepoint.regional import RegionalSettings

_AMERICAN = ("%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p")
_SCHEMA = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:simpleType name="DateTime">'
    '<xs:restriction base="xs:dateTime"/></xs:simpleType></xs:schema>'
)


class WebDates(Resource):
    """The part of a web that reads dates."""

    @function("ParseDateTime")
    def parse_date_time(self, call: Call) -> str:
        """A date that somebody typed, as ISO 8601; refuses what is none in the web's locale."""
        text = call.text("value", 0).strip()
        american = int(RegionalSettings(self.scope).stored().get("LocaleId", 1033)) == 1033
        patterns = _AMERICAN if american else tuple(each.replace("%m/%d", "%d/%m") for each in _AMERICAN)
        try:
            return datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M:%S")
        except ValueError:
            pass
        for pattern in patterns:
            try:
                return datetime.strptime(text, pattern).strftime("%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 - a wall time
            except ValueError:
                continue
        raise bad_argument("The date is not valid.\r\nParameter name: value")

    @function("GetRegionalDateTimeSchema")
    def date_time_schema(self, _call: Call) -> str:
        """The XML schema of dates."""
        return _SCHEMA
