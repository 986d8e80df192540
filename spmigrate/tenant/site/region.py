"""Regional settings: how a site writes dates, times and numbers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

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
    """Change the settings that are given. Raises TenantError."""
    changes: dict[str, object] = {}
    if "dates and numbers" in after:
        changes["LocaleId"] = LOCALES[str(after["dates and numbers"])]
    if "week starts" in after:
        changes["FirstDayOfWeek"] = DAYS.index(str(after["week starts"]))
    if "24-hour clock" in after:
        changes["Time24"] = after["24-hour clock"]
    if changes:
        site.rest("MERGE", "web/RegionalSettings", changes)
