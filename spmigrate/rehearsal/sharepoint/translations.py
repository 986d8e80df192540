"""Pages in several languages: who is told that one wants translating."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, link
from spmigrate.rehearsal.sharepoint.people import Users, ensure_user
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, TEXT, group, records, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.time_zones import LANGUAGES
from spmigrate.rehearsal.storage import Entity

_KEPT = "_Translations"
_TAGS = {tag.lower() for _, tag, *_ in LANGUAGES}


class Translators(Users):
    """The people who are told of pages for one language."""

    def __init__(self, scope: Scope, logins: list[str]) -> None:
        super().__init__(scope)
        self.logins = logins

    def rows(self) -> list[Entity]:
        return [ensure_user(self.scope, each) for each in self.logins]


class LanguageRecipients(Resource):
    """Who is told of pages for one language."""

    type = "SP.Translation.TranslationNotificationRecipientUsers"
    feed = "TranslationNotificationRecipientUsers"
    declared = table(group(TEXT, "", "LanguageCode"))

    def __init__(self, scope: Scope, code: str, logins: list[str]) -> None:
        super().__init__(scope)
        self.code = code
        self.logins = logins

    @property
    def path(self) -> str:
        return f"Web/MultilingualSettings/Recipients('{self.code}')"

    def stored(self) -> Mapping[str, Any]:
        return {"LanguageCode": self.code}

    @link("Recipients")
    def recipients(self) -> Translators:
        """The people."""
        return Translators(self.scope, self.logins)


class AllRecipients(Collection):
    """Who is told of pages, by language."""

    feed = "TranslationNotificationRecipientUsers"
    element = LanguageRecipients

    def __init__(self, scope: Scope, kept: Mapping[str, list[str]]) -> None:
        super().__init__(scope)
        self.kept = kept

    def all(self) -> list[LanguageRecipients]:
        return [LanguageRecipients(self.scope, code, logins) for code, logins in self.kept.items()]

    def by_key(self, key: object) -> LanguageRecipients:
        for each in self.all():
            if each.code.lower() == str(key).lower():
                return each
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: languageCode")


class MultilingualSettings(Resource):
    """The settings of a web for pages in several languages."""

    type = "SP.MultilingualSettings"
    feed = "MultilingualSettings"
    write_level = Level.CONTROL
    declared = table(group(BOOLEAN, False, "FollowLangPreference"))

    def __init__(self, scope: Scope, web: Entity) -> None:
        super().__init__(scope)
        self.web = web

    @property
    def path(self) -> str:
        return "Web/MultilingualSettings"

    def stored(self) -> Mapping[str, Any]:
        return self.web.props.get(_KEPT) or {}

    def _keep(self, patch: Mapping[str, Any]) -> None:
        self.web = self.scope.store.update(self.web, {_KEPT: {**self.stored(), **patch}}, at=self.scope.now)

    @link("Recipients")
    def recipients(self) -> AllRecipients:
        """Who is told, by language."""
        return AllRecipients(self.scope, self.stored().get("_Recipients") or {})

    @action("SetFollowLangPreference")
    def follow_preference(self, call: Call) -> None:
        """Show pages in the language that each person prefers."""
        self._keep({"FollowLangPreference": call.flag("request", 0)})

    @action("SetNotificationRecipients")
    def set_recipients(self, call: Call) -> None:
        """Say who is told for each language; unknown people and languages are refused."""
        kept: dict[str, list[str]] = {}
        for row in _unwrapped(call.record("request"), "NotificationRecipients"):
            code = str(row.get("LanguageCode") or "")
            if code.lower() not in _TAGS:
                raise bad_argument("Value does not fall within the expected range.\r\nParameter name: LanguageCode")
            people = _unwrapped(row, "Recipients")
            kept[code] = [ensure_user(self.scope, str(each.get("LoginName") or "")).name for each in people]
        self._keep({"_Recipients": kept})


def _unwrapped(given: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Structured values as verbose JSON wraps them, or plain; refuses what is neither."""
    value = given.get(name)
    return records(value.get("results") if isinstance(value, Mapping) else value, name)


class TranslationCalls(Resource):
    """The part of a web that knows of translations."""

    entity: Entity

    @link("MultilingualSettings")
    def multilingual_settings(self) -> MultilingualSettings:
        """The settings for pages in several languages."""
        return MultilingualSettings(self.scope, self.entity)
