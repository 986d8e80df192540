"""Regional settings: how a site writes dates, times and numbers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spmigrate.errors import Refused
from spmigrate.tenant import site_script
from spmigrate.tenant.contents import DAYS, LOCALES, TIME_ZONES, Attributes, Kind, Part, word_for
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

QUESTIONS = (
    Question(
        "region", Service.SITE,
        "web/RegionalSettings?$select=LocaleId,FirstDayOfWeek,Time24,TimeZone/Id&$expand=TimeZone",
        kinds=frozenset({Kind.REGION}),
    ),
)  # fmt: skip


def parts(answers: Answers) -> Iterator[Part]:
    """How the site writes dates and times."""
    settings = answers.get("region")
    if settings:
        yield Part(Kind.REGION, "", "", {
            "time zone": word_for(TIME_ZONES, settings["TimeZone"]["Id"]),
            "dates and numbers": word_for(LOCALES, settings["LocaleId"]),
            "week starts": DAYS[settings["FirstDayOfWeek"] % len(DAYS)], "24-hour clock": settings["Time24"],
        })  # fmt: skip


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Change the settings that are given. Raises Refused when the time zone stays another, TenantError."""
    changes: dict[str, object] = {}
    if "dates and numbers" in after:
        changes["LocaleId"] = LOCALES[str(after["dates and numbers"])]
    if "week starts" in after:
        changes["FirstDayOfWeek"] = DAYS.index(str(after["week starts"]))
    if "24-hour clock" in after:
        changes["Time24"] = after["24-hour clock"]
    if changes:
        site.rest("MERGE", "web/RegionalSettings", changes)
    if "time zone" in after:
        _set_zone(site, str(after["time zone"]))


def _set_zone(site: "SiteWriter", zone: str) -> None:
    """By a site script: the zone hangs below the settings, where REST does not change it. A script sets all of them."""
    if _zone(site) == TIME_ZONES[zone]:
        return
    there = site.rest("GET", "web/RegionalSettings?$select=LocaleId,Time24")
    site_script.run(site.tenant, site.url, {
        "verb": "setRegionalSettings", "timeZone": TIME_ZONES[zone], "locale": there["LocaleId"],
        "hourFormat": "24" if there["Time24"] else "12",
    })  # fmt: skip
    if _zone(site) != TIME_ZONES[zone]:
        raise Refused(
            f"{site.address}: SharePoint did not take the time zone {zone}",
            hint="set it under Site settings > Regional settings, then plan again",
        )


def _zone(site: "SiteWriter") -> int:
    return int(site.rest("GET", "web/RegionalSettings?$select=TimeZone/Id&$expand=TimeZone")["TimeZone"]["Id"])
