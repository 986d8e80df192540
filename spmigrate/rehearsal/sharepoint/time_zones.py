"""SharePoint's time zones by its own numbers, and the languages that sites can have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

# Zones are looked at in this year to tell standard from daylight time.
_YEAR = 2026
# number|description after the offset|rules
_ZONES = """
2|Dublin, Edinburgh, Lisbon, London|Europe/London
3|Brussels, Copenhagen, Madrid, Paris|Europe/Paris
4|Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna|Europe/Berlin
5|Athens, Bucharest, Istanbul|Europe/Athens
6|Belgrade, Bratislava, Budapest, Ljubljana, Prague|Europe/Belgrade
7|Minsk|Europe/Minsk
8|Brasilia|America/Sao_Paulo
9|Atlantic Time (Canada)|America/Halifax
10|Eastern Time (US and Canada)|America/New_York
11|Central Time (US and Canada)|America/Chicago
12|Mountain Time (US and Canada)|America/Denver
13|Pacific Time (US and Canada)|America/Los_Angeles
14|Alaska|America/Anchorage
15|Hawaii|Pacific/Honolulu
16|Midway Island, Samoa|Pacific/Pago_Pago
17|Auckland, Wellington|Pacific/Auckland
18|Brisbane|Australia/Brisbane
19|Adelaide|Australia/Adelaide
20|Osaka, Sapporo, Tokyo|Asia/Tokyo
21|Kuala Lumpur, Singapore|Asia/Singapore
22|Bangkok, Hanoi, Jakarta|Asia/Bangkok
23|Chennai, Kolkata, Mumbai, New Delhi|Asia/Kolkata
24|Abu Dhabi, Muscat|Asia/Dubai
25|Tehran|Asia/Tehran
26|Baghdad|Asia/Baghdad
27|Jerusalem|Asia/Jerusalem
28|Newfoundland|America/St_Johns
29|Azores|Atlantic/Azores
30|Mid-Atlantic|Atlantic/South_Georgia
31|Monrovia, Reykjavik|Atlantic/Reykjavik
32|Cayenne, Fortaleza|America/Cayenne
33|Georgetown, La Paz, San Juan|America/La_Paz
34|Indiana (East)|America/Indiana/Indianapolis
35|Bogota, Lima, Quito|America/Bogota
36|Saskatchewan|America/Regina
37|Guadalajara, Mexico City, Monterrey|America/Mexico_City
38|Arizona|America/Phoenix
39|International Date Line West|Etc/GMT+12
40|Fiji, Marshall Islands|Pacific/Fiji
41|Magadan, Solomon Islands, New Caledonia|Pacific/Guadalcanal
42|Hobart|Australia/Hobart
43|Guam, Port Moresby|Pacific/Guam
44|Darwin|Australia/Darwin
45|Beijing, Chongqing, Hong Kong, Urumqi|Asia/Shanghai
46|Novosibirsk|Asia/Novosibirsk
47|Tashkent|Asia/Tashkent
48|Kabul|Asia/Kabul
49|Cairo|Africa/Cairo
50|Harare, Pretoria|Africa/Johannesburg
51|Moscow, St. Petersburg, Volgograd|Europe/Moscow
53|Cabo Verde Islands|Atlantic/Cape_Verde
54|Baku|Asia/Baku
55|Central America|America/Guatemala
56|Nairobi|Africa/Nairobi
57|Sarajevo, Skopje, Warsaw, Zagreb|Europe/Warsaw
58|Ekaterinburg|Asia/Yekaterinburg
59|Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius|Europe/Helsinki
60|Greenland|America/Nuuk
61|Yangon (Rangoon)|Asia/Yangon
62|Kathmandu|Asia/Kathmandu
63|Irkutsk|Asia/Irkutsk
64|Krasnoyarsk|Asia/Krasnoyarsk
65|Santiago|America/Santiago
66|Sri Jayawardenepura|Asia/Colombo
67|Nuku'alofa|Pacific/Tongatapu
68|Vladivostok|Asia/Vladivostok
69|West Central Africa|Africa/Lagos
70|Yakutsk|Asia/Yakutsk
71|Astana, Dhaka|Asia/Dhaka
72|Seoul|Asia/Seoul
73|Perth|Australia/Perth
74|Kuwait, Riyadh|Asia/Riyadh
75|Taipei|Asia/Taipei
76|Canberra, Melbourne, Sydney|Australia/Sydney
77|Chihuahua, La Paz, Mazatlan|America/Mazatlan
78|Baja California|America/Tijuana
79|Amman|Asia/Amman
80|Beirut|Asia/Beirut
81|Manaus|America/Manaus
82|Tbilisi|Asia/Tbilisi
83|Windhoek|Africa/Windhoek
84|Yerevan|Asia/Yerevan
85|Buenos Aires|America/Argentina/Buenos_Aires
86|Casablanca|Africa/Casablanca
87|Islamabad, Karachi|Asia/Karachi
88|Caracas|America/Caracas
89|Port Louis|Indian/Mauritius
90|Montevideo|America/Montevideo
91|Asuncion|America/Asuncion
92|Petropavlovsk-Kamchatsky|Asia/Kamchatka
93|Coordinated Universal Time|UTC
94|Ulaanbaatar|Asia/Ulaanbaatar
"""
# (LCID, tag, name) of the display languages.
LANGUAGES = (
    (1025, "ar-SA", "Arabic"), (1026, "bg-BG", "Bulgarian"), (1027, "ca-ES", "Catalan"),
    (1028, "zh-TW", "Chinese (Traditional)"), (1029, "cs-CZ", "Czech"), (1030, "da-DK", "Danish"),
    (1031, "de-DE", "German"), (1032, "el-GR", "Greek"), (1033, "en-US", "English"), (1035, "fi-FI", "Finnish"),
    (1036, "fr-FR", "French"), (1037, "he-IL", "Hebrew"), (1038, "hu-HU", "Hungarian"), (1040, "it-IT", "Italian"),
    (1041, "ja-JP", "Japanese"), (1042, "ko-KR", "Korean"), (1043, "nl-NL", "Dutch"),
    (1044, "nb-NO", "Norwegian (Bokmål)"), (1045, "pl-PL", "Polish"), (1046, "pt-BR", "Portuguese (Brazil)"),
    (1048, "ro-RO", "Romanian"), (1049, "ru-RU", "Russian"), (1050, "hr-HR", "Croatian"), (1051, "sk-SK", "Slovak"),
    (1053, "sv-SE", "Swedish"), (1054, "th-TH", "Thai"), (1055, "tr-TR", "Turkish"), (1057, "id-ID", "Indonesian"),
    (1058, "uk-UA", "Ukrainian"), (1060, "sl-SI", "Slovenian"), (1061, "et-EE", "Estonian"),
    (1062, "lv-LV", "Latvian"), (1063, "lt-LT", "Lithuanian"), (1066, "vi-VN", "Vietnamese"),
    (1068, "az-Latn-AZ", "Azerbaijani"), (1069, "eu-ES", "Basque"), (1071, "mk-MK", "Macedonian"),
    (1081, "hi-IN", "Hindi"), (1086, "ms-MY", "Malay"), (1087, "kk-KZ", "Kazakh"), (1106, "cy-GB", "Welsh"),
    (1110, "gl-ES", "Galician"), (1164, "prs-AF", "Dari"), (2052, "zh-CN", "Chinese (Simplified)"),
    (2070, "pt-PT", "Portuguese (Portugal)"), (2074, "sr-Latn-CS", "Serbian (Latin)"), (2108, "ga-IE", "Irish"),
    (3082, "es-ES", "Spanish"), (5146, "bs-Latn-BA", "Bosnian"), (9242, "sr-Latn-RS", "Serbian (Latin, Serbia)"),
    (10266, "sr-Cyrl-RS", "Serbian (Cyrillic)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone: SharePoint's number, the places, the name of its rules."""

    number: int
    places: str
    rules: str

    @property
    def zone(self) -> ZoneInfo:
        """The rules."""
        return ZoneInfo(self.rules)

    @property
    def description(self) -> str:
        """As people see it: ``(UTC+01:00) Brussels, …``."""
        bias = self.information()["Bias"]
        if not bias:
            return f"(UTC) {self.places}"
        hours, minutes = divmod(abs(bias), 60)
        return f"(UTC{'-' if bias > 0 else '+'}{hours:02}:{minutes:02}) {self.places}"

    def information(self) -> dict[str, int]:
        """``SP.TimeZoneInformation``: minutes to add to local time for UTC, and what daylight time changes."""
        return _information(self.rules)


@cache
def _information(rules: str) -> dict[str, int]:
    zone = ZoneInfo(rules)
    offsets = [
        int((datetime(_YEAR, month, 1, tzinfo=zone).utcoffset() or timedelta()).total_seconds()) // 60
        for month in (1, 7)
    ]
    return {"Bias": -min(offsets), "DaylightBias": min(offsets) - max(offsets), "StandardBias": 0}


ZONES = tuple(
    Zone(int(number), places, rules)
    for number, places, rules in (line.split("|") for line in _ZONES.strip().splitlines())
)
_BY_NUMBER = {each.number: each for each in ZONES}


def find_zone(number: int) -> Zone | None:
    """A time zone by SharePoint's number."""
    return _BY_NUMBER.get(number)
