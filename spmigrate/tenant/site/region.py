"""Regional settings: how a site writes dates, times and numbers, and which languages its menus have."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from spmigrate.errors import Refused
from spmigrate.tenant import csom, site_script
from spmigrate.tenant.contents import DAYS, LANGUAGES, LOCALES, TIME_ZONES, Attributes, Kind, Part, word_for
from spmigrate.tenant.site.question import Answers, Json, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_LANGUAGES = "web?$select=IsMultilingual,Language,SupportedUILanguageIds"


def _languages(answers: Answers) -> Mapping[str, str]:
    return {"": _LANGUAGES} if answers.says(Kind.REGION, "", "other languages") else {}


QUESTIONS = (
    Question(
        "region", Service.SITE,
        "web/RegionalSettings?$select=LocaleId,FirstDayOfWeek,Time24,TimeZone/Id&$expand=TimeZone",
        kinds=frozenset({Kind.REGION}),
    ),
    Question("languages", Service.SITE, _languages, kinds=frozenset({Kind.REGION})),
)  # fmt: skip


def parts(answers: Answers) -> Iterator[Part]:
    """How the site writes dates and times, and the languages of its menus besides its own."""
    settings = answers.get("region")
    if not settings:
        return
    told = {"other languages": _others(answers["languages"])} if answers.get("languages") else {}
    yield Part(Kind.REGION, "", "", {
        "time zone": word_for(TIME_ZONES, settings["TimeZone"]["Id"]),
        "dates and numbers": word_for(LOCALES, settings["LocaleId"]),
        "week starts": DAYS[settings["FirstDayOfWeek"] % len(DAYS)], "24-hour clock": settings["Time24"], **told,
    })  # fmt: skip


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Change the settings that are given, and add languages to those that are there. Raises Refused when SharePoint
    does not take the time zone or a language, TenantError."""
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
    wanted = after.get("other languages")
    if isinstance(wanted, tuple):
        _add_languages(site, wanted)


def _others(web: Json) -> tuple[str, ...]:
    """The languages besides the web's own. SharePoint lists some fifty on many sites: only those of ours are told."""
    known = set(web["SupportedUILanguageIds"] or ()) - {web["Language"]} if web["IsMultilingual"] else set()
    return tuple(word for word, number in LANGUAGES.items() if number in known)


def _add_languages(site: "SiteWriter", wanted: tuple[str, ...]) -> None:
    def missing() -> list[str]:
        web = site.rest("GET", _LANGUAGES)
        present = {*_others(web), word_for(LANGUAGES, web["Language"])}
        return [each for each in wanted if each not in present]

    left = missing()
    if not left:
        return
    csom.run(site.tenant, site.url, csom.add_languages(site.ids, [LANGUAGES[each] for each in left]))
    left = missing()
    if left:
        raise Refused(
            f"{site.address}: SharePoint did not take the language {', '.join(left)}",
            hint="switch it on under Site settings > Language settings, then plan again",
        )


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
