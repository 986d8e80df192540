"""Site scripts: every documented verb is carried over or listed."""

import json
from typing import Any

import pytest

from spmigrate.errors import InputError
from spmigrate.provision.carried import site_script
from spmigrate.provision.carried.draft import Draft


def script(*actions: dict[str, Any]) -> Draft:
    return site_script.read(json.dumps({"$schema": "x", "actions": actions, "version": 1}).encode(), "script.json")


def cases(*subactions: dict[str, Any]) -> dict[str, Any]:
    return {"verb": "createSPList", "listName": "Cases", "templateType": 101, "subactions": list(subactions)}


STAGE = {"verb": "createSiteColumn", "fieldType": "Text", "internalName": "Stage", "displayName": "Stage", "id": "{1}"}
XML = '<Field Type="Choice" ID="{2}" Name="Kind" DisplayName="Kind"><CHOICES><CHOICE>A</CHOICE></CHOICES></Field>'

CARRIED: dict[str, tuple[list[dict[str, Any]], str, Any]] = {
    "createSPList": ([cases()], "libraries", [{"name": "Cases"}]),
    "setTitle": (
        [cases({"verb": "setTitle", "title": "Case files"})], "libraries", [{"name": "Case files", "address": "Cases"}],
    ),
    "setDescription": (
        [cases({"verb": "setDescription", "description": "Open ones"})], "libraries",
        [{"name": "Cases", "description": "Open ones"}],
    ),
    "addSPField": (
        [cases({"verb": "addSPField", "fieldType": "Number", "displayName": "Pages", "isRequired": True})], "libraries",
        [{"name": "Cases", "columns": ["Pages"]}],
    ),
    "addSPFieldXml": (
        [cases({"verb": "addSPFieldXml", "schemaXml": XML})], "libraries", [{"name": "Cases", "columns": ["Kind"]}],
    ),
    "addSPLookupFieldXml": (
        [cases({"verb": "addSPLookupFieldXml", "targetListName": "People", "schemaXml":
                '<Field Type="Lookup" Name="Who" DisplayName="Who" List="Lists/People" ShowField="Title"/>'})],
        "libraries", [{"name": "Cases", "columns": ["Who"]}],
    ),
    "addSiteColumn": (
        [STAGE, cases({"verb": "addSiteColumn", "internalName": "Stage"})], "libraries",
        [{"name": "Cases", "columns": ["Stage"]}],
    ),
    "addSPView": (
        [STAGE, cases({"verb": "addSPView", "name": "By stage", "viewFields": ["LinkFilename", "Stage"], "rowLimit": 50,
                       "isPaged": True, "isDefault": True})],
        "libraries",
        [{"name": "Cases", "views": [{"name": "By stage", "columns shown": ["Name", "Stage"], "rows": 50,
                                      "is default": True}]}],
    ),
    "addContentType": (
        [cases({"verb": "addContentType", "name": "Case file"})], "libraries",
        [{"name": "Cases", "content types": ["Case file"]}],
    ),
    "createSiteColumn": ([STAGE], "site columns", ["Stage"]),
    "createSiteColumnXml": ([{"verb": "createSiteColumnXml", "schemaXml": XML}], "site columns", ["Kind"]),
    "createContentType": (
        [STAGE, {"verb": "createContentType", "name": "Case file", "parentId": "0x0101", "id": "0x010100AA",
                 "subactions": [{"verb": "addSiteColumn", "internalName": "Stage"}]}],
        "content types", ["Case file"],
    ),
    "addNavLink": (
        [{"verb": "addNavLink", "url": "https://law.example", "displayName": "Law", "navComponent": "QuickLaunch"}],
        "quick launch", {"links": [{"title": "Law", "to": "https://law.example"}]},
    ),
    "removeNavLink": (
        [{"verb": "removeNavLink", "displayName": "Notebook", "isWebRelative": True}], "remove",
        {"quick launch": ["Notebook"]},
    ),
    "applyTheme": ([{"verb": "applyTheme", "themeName": "County blue"}], "look", {"theme": "County blue"}),
    "setSiteBranding": (
        [{"verb": "setSiteBranding", "navigationLayout": "Megamenu", "headerLayout": "Compact", "headerBackground":
          "Neutral", "showFooter": False}],
        "look", {"header": "Compact", "header emphasis": "Neutral", "mega menu": True, "footer": False},
    ),
    "addPrincipalToSPGroup": (
        [{"verb": "addPrincipalToSPGroup", "principal": "case.lead@council.example", "group": "Owners"}], "permissions",
        {"owners": ["case.lead"]},
    ),
    "setSiteExternalSharingCapability": (
        [{"verb": "setSiteExternalSharingCapability", "capability": "Disabled"}], "sharing",
        {"external sharing": "Only people in the organisation"},
    ),
    "activateSPFeature": (
        [{"verb": "activateSPFeature", "title": "Doc IDs", "featureId": "b50e3104-6812-424f-a011-cc90e6327318",
          "scope": "Site"}],
        "features", ["Document ID service"],
    ),
    "setRegionalSettings": (
        [{"verb": "setRegionalSettings", "timeZone": 2, "locale": 2057, "sortOrder": 25, "hourFormat": "24"}],
        "site", {},
    ),
}  # fmt: skip
"""Verbs that are carried over whole, and where in the template they end."""

LISTED: dict[str, dict[str, Any]] = {
    "deleteSPField": cases({"verb": "deleteSPField", "displayName": "Stage"}),
    "removeSPView": cases({"verb": "removeSPView", "name": "By stage"}),
    "removeContentType": cases({"verb": "removeContentType", "name": "Document"}),
    "setSPFieldCustomFormatter": cases(
        {"verb": "setSPFieldCustomFormatter", "fieldDisplayName": "S", "formatterJSON": {}}
    ),
    "associateFieldCustomizer": cases(
        {"verb": "associateFieldCustomizer", "internalName": "S", "clientSideComponentId": "1"}
    ),
    "associateListViewCommandSet": cases({"verb": "associateListViewCommandSet", "clientSideComponentId": "1"}),
    "addContentTypesFromHub": {"verb": "addContentTypesFromHub", "ids": ["0x0101"]},
    "setSiteLogo": {"verb": "setSiteLogo", "url": "/sites/x/logo.png"},
    "joinHubSite": {"verb": "joinHubSite", "hubSiteId": "1b2c"},
    "installSolution": {"verb": "installSolution", "id": "1"},
    "associateExtension": {"verb": "associateExtension", "title": "t"},
    "triggerFlow": {"verb": "triggerFlow", "url": "https://flow.example", "name": "f"},
    "enableApprovals": {"verb": "enableApprovals"},
}
"""Verbs that are listed as not carried over."""


@pytest.mark.parametrize("verb", CARRIED)
def test_verb_is_carried_over_whole(verb: str) -> None:
    actions, section, expected = CARRIED[verb]
    draft = script(*actions)
    assert draft.templates[0][section] == expected
    assert list(draft.left()) == []


@pytest.mark.parametrize("verb", LISTED)
def test_verb_is_listed_with_a_reason(verb: str) -> None:
    found = list(script(LISTED[verb]).left())
    assert len(found) == 1
    assert verb in found[0].place
    assert found[0].reason


def test_a_property_that_nobody_knows_is_listed() -> None:
    found = list(script(STAGE | {"unheard": "of"}).left())
    assert [each.place for each in found] == ["action 1 createSiteColumn unheard"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"actions": 1}', '{"actions": ["a"]}', '{"actions": [{}]}'])
def test_what_is_no_site_script_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        site_script.read(text.encode(), "script.json")
    assert caught.value.problems
