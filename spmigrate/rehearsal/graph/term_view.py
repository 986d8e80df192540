"""How the term store looks in Graph, and what of a client's words becomes what in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal import terms
from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.site_routes import bad_argument
from spmigrate.rehearsal.storage import Entity, Store

_TAGS = {
    1033: "en-US", 2057: "en-GB", 6153: "en-IE", 1106: "cy-GB", 1036: "fr-FR", 1031: "de-DE", 3082: "es-ES",
    1040: "it-IT", 1043: "nl-NL", 1045: "pl-PL", 2070: "pt-PT", 1053: "sv-SE", 1030: "da-DK", 1035: "fi-FI",
    1044: "nb-NO", 1041: "ja-JP",
}  # fmt: skip
_NUMBERS = {tag.lower(): number for number, tag in _TAGS.items()}


def tag_of(language: int | str) -> str:
    """The tag of a language: `en-US` for 1033."""
    return _TAGS.get(int(language), "en-US")


def language_of(tag: object) -> int:
    """The number of a language; a 400 for a tag that is none of the store's."""
    found = _NUMBERS.get(str(tag or "en-US").lower())
    if found is None:
        raise bad_argument(f"The language '{tag}' is not a working language of the term store.")
    return found


def show_store(at: str) -> dict[str, Any]:
    """The store."""
    tag = tag_of(terms.DEFAULT_LANGUAGE)
    return {"id": terms.STORE_ID, "createdDateTime": at, "defaultLanguageTag": tag, "languageTags": [tag]}


def show_group(group: Entity) -> dict[str, Any]:
    """A term group."""
    return {
        "createdDateTime": group.created,
        "description": group.props.get("Description") or "",
        "id": group.guid,
        "displayName": group.name,
        "parentSiteId": group.props.get("SiteId"),
        "scope": "system" if group.props.get("System") else "siteCollection" if group.props.get("SiteId") else "global",
    }


def show_set(term_set: Entity) -> dict[str, Any]:
    """A term set."""
    names = term_set.props.get("Names") or {str(terms.DEFAULT_LANGUAGE): term_set.name}
    return {
        "createdDateTime": term_set.created,
        "description": term_set.props.get("Description") or "",
        "id": term_set.guid,
        "localizedNames": [{"name": name, "languageTag": tag_of(number)} for number, name in names.items()],
        "properties": _show_properties(term_set),
    }


def show_term(term: Entity) -> dict[str, Any]:
    """A term."""
    descriptions = term.props.get("Descriptions") or {}
    return {
        "createdDateTime": term.created,
        "id": term.guid,
        "lastModifiedDateTime": term.modified,
        "labels": [
            {"name": each["Value"], "isDefault": bool(each["IsDefaultForLanguage"]),
             "languageTag": tag_of(each["Language"])}
            for each in term.props.get("Labels", [])
        ],
        "descriptions": [
            {"description": text, "languageTag": tag_of(number)} for number, text in descriptions.items() if text
        ],
        "properties": _show_properties(term),
    }  # fmt: skip


def is_wide(call: Call) -> bool:
    """Whether the call came to a SharePoint host, where the same things say more of themselves."""
    return call.request.host != call.tenant.names.graph


def widen_group(group: Entity) -> dict[str, Any]:
    """What SharePoint's own interface says of a group besides."""
    kind = "system" if group.props.get("System") else "siteCollection" if group.props.get("SiteId") else "regular"
    return {"name": group.name, "lastModifiedDateTime": group.modified, "type": kind}


def widen_set(store: Store, term_set: Entity) -> dict[str, Any]:
    """What SharePoint's own interface says of a set besides."""
    above = store.by_id(term_set.parent)
    return {
        "childrenCount": len(terms.terms(store, term_set)), "isOpen": bool(term_set.props.get("IsOpenForTermCreation")),
        "isAvailableForTagging": bool(term_set.props.get("IsAvailableForTagging", True)),
        "contact": term_set.props.get("Contact") or "", "groupId": above.guid if above else "",
        "customSortOrder": [each for each in str(term_set.props.get("CustomSortOrder") or "").split(":") if each],
    }  # fmt: skip


def widen_term(store: Store, term: Entity) -> dict[str, Any]:
    """What SharePoint's own interface says of a term besides."""
    tagged = {
        "setId": terms.set_of(store, term).guid,
        "isAvailable": bool(term.props.get("IsAvailableForTagging", True)),
    }
    return {
        "childrenCount": len(terms.terms(store, term)), "isDeprecated": bool(term.props.get("IsDeprecated")),
        "isAvailableForTagging": [tagged], "topicRequested": False,
        "customSortOrder": [each for each in str(term.props.get("CustomSortOrder") or "").split(":") if each],
    }  # fmt: skip


def show_relation(store: Store, relation: Entity) -> dict[str, Any]:
    """A relation of a term to another set or term."""
    kind = relation.props["relationship"]
    ends = {key: store.get("termset" if key == "set" else "term", relation.props.get(key) or "")
            for key in ("set", "fromTerm", "toTerm")}  # fmt: skip
    shown: dict[str, Any] = {"id": relation.guid, "relationship": kind}
    for key, found in ends.items():
        if found is not None:
            shown[key] = show_set(found) if key == "set" else show_term(found)
    return shown


def _show_properties(row: Entity) -> list[dict[str, str]]:
    kept = row.props.get("CustomProperties") or {}
    return [{"key": str(key), "value": str(value)} for key, value in kept.items()]


def read_properties(body: Mapping[str, Any]) -> dict[str, Any]:
    """Custom properties of a set or term as they are kept, {} when a body has none."""
    given = body.get("properties")
    if given is None:
        return {}
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise bad_argument()
    return {"CustomProperties": {str(each.get("key", "")): str(each.get("value", "")) for each in given}}


def read_names(body: Mapping[str, Any]) -> dict[str, str]:
    """The names of a set by language; a 400 when there is none."""
    given = body.get("localizedNames")
    if not isinstance(given, list) or not given or not all(isinstance(each, Mapping) for each in given):
        raise bad_argument()
    names = {str(language_of(each.get("languageTag"))): str(each.get("name") or "").strip() for each in given}
    if not all(names.values()):
        raise bad_argument()
    return names


def read_labels(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The labels of a term as they are kept, one of each language its default; a 400 when there is none."""
    given = body.get("labels")
    if not isinstance(given, list) or not given or not all(isinstance(each, Mapping) for each in given):
        raise bad_argument()
    labels: list[dict[str, Any]] = []
    for each in given:
        text, language = str(each.get("name") or "").strip(), language_of(each.get("languageTag"))
        if not text:
            raise bad_argument()
        first = all(other["Language"] != language for other in labels)
        wanted = each.get("isDefault")
        labels.append({"Value": text, "Language": language,
                       "IsDefaultForLanguage": first if wanted is None else bool(wanted)})  # fmt: skip
    if not any(each["IsDefaultForLanguage"] for each in labels):
        labels[0]["IsDefaultForLanguage"] = True
    return labels


def read_descriptions(body: Mapping[str, Any]) -> dict[str, Any]:
    """The descriptions of a term as they are kept, {} when a body has none."""
    given = body.get("descriptions")
    if not isinstance(given, list):
        return {}
    return {"Descriptions": {str(language_of(each.get("languageTag"))): str(each.get("description") or "")
                             for each in given if isinstance(each, Mapping)}}  # fmt: skip
