"""What libraries and lists are there, and what is set for them."""

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

from spmigrate.tenant.contents import Attributes, Kind, Part, Value, library_key, word_for
from spmigrate.tenant.site import version_limits
from spmigrate.tenant.site.question import NO_ID, Answers, Json, Paths, Question, Service

LIST_TYPES: Mapping[str, int] = {
    "Custom list": 100,
    "Links": 103,
    "Announcements": 104,
    "Contacts": 105,
    "Calendar": 106,
    "Tasks": 171,
    "Issues": 1100,
}
"""BaseTemplate of a list, by the words of the "add an app" page."""

LIBRARY_TEMPLATE = 101
DRAFT_READERS: tuple[str, ...] = ("Readers", "Editors", "Approvers")
"""DraftVersionVisibility: who sees drafts."""

SWITCHES: Mapping[str, tuple[str, bool]] = {
    "approval": ("EnableModeration", True),
    "check-out": ("ForceCheckout", True),
    "folders": ("EnableFolderCreation", True),
    "searchable": ("NoCrawl", False),
}
"""What can be on or off: SharePoint's name, and what it says when it is on."""

HOLDERS = frozenset({
    Kind.CONTENT_TYPE, Kind.LIBRARY, Kind.LIST, Kind.VIEW, Kind.DEFAULT_VALUE, Kind.FOLDER, Kind.ACCESS_RIGHT,
})  # fmt: skip
_LISTS = frozenset({Kind.LIBRARY, Kind.LIST})
_FOLDER = "Folder"
_SERVICES_OWN = frozenset({"style library", "formservertemplates"})
"""Libraries that SharePoint keeps in every site for itself."""

LISTS = Question(
    "lists", Service.SITE,
    "web/lists?$select=Id,Title,Description,ItemCount,BaseTemplate,EnableVersioning,MajorVersionLimit,"
    "EnableMinorVersions,MajorWithMinorVersionsLimit,DraftVersionVisibility,EnableModeration,ForceCheckout,"
    "EnableFolderCreation,NoCrawl,ContentTypesEnabled,DefaultSensitivityLabelForLibrary,HasUniqueRoleAssignments,"
    "RootFolder/ServerRelativeUrl,RootFolder/ContentTypeOrder,ContentTypes/Name,ContentTypes/StringId,"
    "ContentTypes/FieldLinks/Name,DefaultView/Id,DefaultView/ViewFields/Items"
    "&$expand=RootFolder,ContentTypes/FieldLinks,DefaultView/ViewFields&$filter=Hidden eq false and "
    f"({' or '.join(f'BaseTemplate eq {number}' for number in (LIBRARY_TEMPLATE, *LIST_TYPES.values()))})",
    kinds=HOLDERS,
)  # fmt: skip


def ours(answers: Answers) -> Iterator[tuple[str, Json]]:
    """Libraries and lists with what they are matched by, but those that SharePoint keeps for itself."""
    for each in answers.values("lists"):
        key = library_key(str(each["RootFolder"]["ServerRelativeUrl"])[len(answers.address) + 1 :])
        if key not in _SERVICES_OWN:
            yield key, each


def of_lists(path: str, matters: Callable[[Answers, str], bool]) -> Paths:
    """Makes the paths of a later round: one for each list for which it matters, by its id in lower case."""
    return lambda answers: {
        _id(each): f"web/lists(guid'{each['Id']}')/{path}" for key, each in ours(answers) if matters(answers, key)
    }


def holds(*kinds: Kind) -> Callable[[Answers, str], bool]:
    """Whether somebody wants to know of a part of these kinds that belongs to a list."""

    def test(answers: Answers, list_key: str) -> bool:
        if answers.only is None:
            return any(kind in answers.kinds for kind in kinds)
        return any(kind in kinds and key.startswith(f"{list_key}/") for kind, key in answers.only)

    return test


def _columns_matter(answers: Answers, key: str) -> bool:
    bound = any(answers.says(kind, key, "columns") for kind in _LISTS)
    return bound or holds(Kind.DEFAULT_VALUE)(answers, key)


def _labels(answers: Answers) -> Mapping[str, str]:
    ask = "SP.CompliancePolicy.SPPolicyStoreProxy.GetListComplianceTag(listUrl=@a1)?@a1="
    return {
        _id(each): ask + quote(f"'{answers.host}{each['RootFolder']['ServerRelativeUrl']}'", safe="")
        for key, each in ours(answers)
        if each["BaseTemplate"] == LIBRARY_TEMPLATE and answers.says(Kind.LIBRARY, key, "retention label")
    }


def _version_limits(answers: Answers) -> Mapping[str, str]:
    names = (version_limits.AUTOMATIC, version_limits.DAYS)
    return {
        _id(each): f"web/lists(guid'{each['Id']}')?{version_limits.SELECT}"
        for key, each in ours(answers)
        if each["BaseTemplate"] == LIBRARY_TEMPLATE and any(answers.says(Kind.LIBRARY, key, name) for name in names)
    }


def _label_names(answers: Answers) -> Mapping[str, str]:
    labels = {str(each.get("DefaultSensitivityLabelForLibrary") or "") for _, each in ours(answers)} - {"", NO_ID}
    return {"all": "beta/security/informationProtection/sensitivityLabels"} if labels else {}


FIELDS = Question(
    "list columns", Service.SITE,
    of_lists(
        "fields?$select=InternalName,TypeAsString,DefaultValue&$filter=Hidden eq false and ReadOnlyField eq false",
        _columns_matter,
    ),
    round=2, kinds=frozenset({Kind.LIBRARY, Kind.LIST, Kind.DEFAULT_VALUE}),
)  # fmt: skip
QUESTIONS = (
    LISTS,
    FIELDS,
    Question("retention labels", Service.SITE, _labels, round=2, kinds=frozenset({Kind.LIBRARY}), optional=True),
    Question("version limits", Service.SITE, _version_limits, round=2, kinds=frozenset({Kind.LIBRARY})),
    Question("label names", Service.GRAPH, _label_names, round=2, kinds=_LISTS, optional=True),
)


def parts(answers: Answers) -> Iterator[Part]:
    """Libraries and lists below the site's address, with the columns of the view that opens first."""
    names = answers.get("label names", {}).get("all", {"value": []})["value"]
    sensitivity = {str(each["id"]).lower(): str(each["name"]) for each in names}
    for key, each in ours(answers):
        found = _settings(answers, each)
        label = str(each.get("DefaultSensitivityLabelForLibrary") or "").lower()
        found["sensitivity label"] = sensitivity.get(label, "" if label == NO_ID else label)
        if each["BaseTemplate"] == LIBRARY_TEMPLATE:
            tag = answers.get("retention labels", {}).get(_id(each)) or {}
            found["retention label"] = tag.get("TagName") or ""
            limits = answers.get("version limits", {}).get(_id(each))
            found |= version_limits.told(limits) if limits else {}
            yield Part(Kind.LIBRARY, key, each["Title"], found)
        else:
            yield Part(
                Kind.LIST, key, each["Title"], {**found, "list type": word_for(LIST_TYPES, each["BaseTemplate"])}
            )


def _settings(answers: Answers, each: Json) -> dict[str, Value]:
    types = each["ContentTypes"] if each["ContentTypesEnabled"] else ()
    columns = answers.get("list columns", {}).get(_id(each), {"value": []})["value"]
    first = [str(kind["StringValue"]).casefold() for kind in each["RootFolder"].get("ContentTypeOrder") or ()][:1]
    return {
        "address": str(each["RootFolder"]["ServerRelativeUrl"])[len(answers.address) + 1 :], "title": each["Title"],
        "description": each["Description"] or "", "items": each["ItemCount"],
        "versions kept": each["MajorVersionLimit"] if each["EnableVersioning"] else 0,
        "draft versions kept": each["MajorWithMinorVersionsLimit"] if each["EnableMinorVersions"] else 0,
        "drafts seen by": DRAFT_READERS[each["DraftVersionVisibility"]],
        **{word: each[name] is on for word, (name, on) in SWITCHES.items()},
        "content types": tuple(kind["Name"] for kind in types if kind["Name"] != _FOLDER),
        "default content type": next(
            (kind["Name"] for kind in each["ContentTypes"] if str(kind["StringId"]).casefold() in first), ""
        ),
        "columns": tuple(field["InternalName"] for field in columns),
        "columns shown": tuple(each["DefaultView"]["ViewFields"]["Items"]) if each["DefaultView"] else (),
        "own permissions": bool(each.get("HasUniqueRoleAssignments")),
    }  # fmt: skip


def settings_of(after: Attributes, *, library: bool) -> dict[str, object]:
    """What of the attributes is a property of the list itself, by SharePoint's names."""
    changes: dict[str, object] = {}
    if "title" in after:
        changes["Title"] = after["title"]
    if "description" in after:
        changes["Description"] = after["description"]
    if "versions kept" in after:
        kept = after["versions kept"]
        changes |= {"EnableVersioning": True, "MajorVersionLimit": kept} if kept else {"EnableVersioning": False}
    if "draft versions kept" in after and library:
        kept = after["draft versions kept"]
        changes["EnableMinorVersions"] = bool(kept)
        if kept:
            changes |= {"EnableVersioning": True, "MajorWithMinorVersionsLimit": kept}
    for word, (name, on) in SWITCHES.items():
        if word in after:
            changes[name] = on if after[word] else not on
    if "drafts seen by" in after:
        changes["DraftVersionVisibility"] = DRAFT_READERS.index(str(after["drafts seen by"]))
    if after.get("content types"):
        changes["ContentTypesEnabled"] = True
    return changes


def _id(each: Json) -> str:
    return str(each["Id"]).lower()
