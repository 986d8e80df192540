"""The people of a migration package: who they are in this tenant, and what becomes of those whom it does not know.

Source: "XML manifest files", unresolved user identifiers. Somebody without a SystemId becomes the System Account; with
one a deleted user is made, who keeps the name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from spmigrate.rehearsal.sharepoint.principals import SYSTEM_ACCOUNT, USER, ensure_user, next_number, resolve
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_PERSON = "i:0#.f|membership|"
Warn = Callable[[str, str], None]
"""Notes a warning about somebody, once: a key and the text."""


class PackagePeople:
    """Users and groups of a package, by their numbers in it."""

    def __init__(self, scope: Scope, people: Mapping[str, Any], warn: Warn) -> None:
        self._scope = scope
        self._users: Mapping[str, Mapping[str, str]] = people.get("users", {})
        self._groups: Mapping[str, Mapping[str, str]] = people.get("groups", {})
        self._warn = warn

    def login(self, number: str) -> str | None:
        """The claims login name of a user of the package; None when the package says nobody."""
        user = self._users.get(number)
        if user is None:
            return None
        return self._principal(user).name

    def principal(self, number: str) -> Entity | None:
        """The site's row for a user or group of the package, made when missing."""
        user = self._users.get(number)
        if user is not None:
            return self._principal(user)
        group = self._groups.get(number)
        if group is None:
            return None
        name = group.get("Name", "")
        found = self._scope.store.find("sitegroup", self._scope.site.id, name)
        return found or self._make_group(name, group)

    def _make_group(self, name: str, group: Mapping[str, str]) -> Entity:
        number = next_number(self._scope)
        props = {"Id": number, "_Owner": number, "Description": group.get("Description", "")}
        return self._scope.store.insert("sitegroup", name, at=self._scope.now, parent=self._scope.site.id, props=props)

    def _principal(self, user: Mapping[str, str]) -> Entity:
        login = user.get("Login", "")
        deleted = user.get("IsDeleted", "").lower() in ("true", "1")
        if not deleted and resolve(self._scope, login) is not None:
            return ensure_user(self._scope, login)
        kept = self._scope.store.find("siteuser", self._scope.site.id, _claim(login))
        if kept is not None:
            return kept
        if not deleted and not user.get("SystemId"):
            self._warn(f"user:{login}", f"Failed to ensure user '{login}'")
            return ensure_user(self._scope, SYSTEM_ACCOUNT)
        if not deleted:
            self._warn(
                f"user:{login}",
                f"Failed to retrieve user '{login}' attributes from the SiteUsers; falling back to passed in values",
            )
        return self._make_deleted(user, _claim(login))

    def _make_deleted(self, user: Mapping[str, str], claim: str) -> Entity:
        scope = self._scope
        props = {
            "Id": next_number(scope), "LoginName": claim, "Title": user.get("Name") or user.get("Login", ""),
            "Email": user.get("Email", ""), "PrincipalType": USER,
            "UserId": {"NameId": user.get("SystemId", ""), "NameIdIssuer": "urn:federation:microsoftonline"},
        }  # fmt: skip
        return scope.store.insert("siteuser", claim, at=scope.now, parent=scope.site.id, props=props)


def _claim(login: str) -> str:
    low = login.strip().lower()
    return low if "|" in low or "\\" in low else _PERSON + low
