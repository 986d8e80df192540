"""From answers to parts: keys, attributes and values are those that the tenant side reads and writes."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from spmigrate.provision.catalogue import Catalogue
from spmigrate.provision.language import Organisation, PageSections, SiteFile, Template
from spmigrate.provision.lint import review
from spmigrate.provision.resolve import DesiredSite, answered, desired_site, resolve
from spmigrate.provision.resolve.answers import holds
from spmigrate.provision.view_filter import conditions
from spmigrate.tenant.contents import Kind, Value
from spmigrate.tenant.site.page_sections import digest, read_sections
from spmigrate.tenant.site.writing import REMOVE
from tests.unit.provision.strategies import COLUMNS, PARAMETERS, Entry, written

NO = "no"
VOCABULARY: Entry = {
    "organisation": "Sample", "version": 1, "people domain": "council.example", "site columns": list(COLUMNS),
    "content types": [
        {"name": "Council document", "columns": ["Marking", "Reference"]},
        {
            "name": "Council policy", "based on": "council document",
            "columns": [{"column": "Review date", "hidden": "yes"}],
        },
        {"name": "Case folder", "based on": "Document set", "columns": ["Reference"]},
    ],
    "term sets": ["Corporate/Business functions"],
    "permission levels": [{"name": "Reviewers", "allows": ["view items"]}],
}  # fmt: skip
PAGE: Entry = {"sections": [{"columns": [[{"show": "Documents", "library": "Case files"}]]}]}


def resolved(
    template: Entry, *, override: list[Entry] | None = None, above: Entry | None = None, **answers: Any
) -> DesiredSite:
    base = {"template": "Base", "version": 1, "parameters": list(PARAMETERS), **(above or {})}
    team = {
        "template": "Team", "version": 2, "extends": "Base", "kind": "Team",
        "site": {"type": "Team site with Microsoft 365 group", "title": "{title}"},
        "permissions": {"owners": ["{owners}"]}, **template,
    }  # fmt: skip
    file = {
        "address": "/sites/t-a3w9c", "template": "Team", "override": override or [],
        "answers": {"title": "Bridges", "owners": ["one.role", "two.role"], "work": "Case work", **answers},
    }  # fmt: skip
    catalogue = Catalogue.of(
        written(Organisation, VOCABULARY, "organisation.yaml"),
        [written(Template, base, "base.yaml"), written(Template, team, "team.yaml")],
        [written(SiteFile, file, "team.yaml")],
        pages={"pages/home.yaml": written(PageSections, PAGE, "home.yaml").words},
    )
    return desired_site(catalogue, catalogue.sites[0].words, today=lambda: date(2026, 6, 1))


def attributes(site: DesiredSite, kind: Kind, key: str = "") -> dict[str, Value]:
    part = site.contents.get(kind, key)
    assert part is not None, [place for place in site.contents.parts if place[0] is kind]
    return dict(part.attributes)


def keys(site: DesiredSite, kind: Kind) -> set[str]:
    return {key for found, key in site.contents.parts if found is kind}


def test_document_sets_bring_their_feature_unless_the_template_names_it() -> None:
    site = resolved({"libraries": [{"name": "Cases", "content types": ["Case folder", "document set"]}]})
    folder = attributes(site, Kind.CONTENT_TYPE, "case folder")
    assert (folder["parent"], str(folder["id"])[:12]) == ("Document Set", "0x0120D52000")
    assert attributes(site, Kind.LIBRARY, "cases")["content types"] == ("Case folder", "Document Set")
    assert keys(site, Kind.FEATURE) == {"document sets"}
    seeded = [{"name": "document sets", "owned by": "site owners"}]
    named = resolved({"content types": ["Case folder"], "features": seeded})
    assert named.seeded == {(Kind.FEATURE, "document sets")}
    assert keys(resolved({"content types": ["Council policy"]}), Kind.FEATURE) == set()


def test_a_site_with_a_group_is_private_unless_it_says_otherwise() -> None:
    site = resolved({"team": {"name": "{title}", "channels": [{"name": "Rota", "privacy": "Private"}]}})
    assert attributes(site, Kind.SITE) == {
        "type": "Team site with Microsoft 365 group", "language": "English", "owner": "one.role@council.example",
        "title": "Bridges", "description": "",
    }  # fmt: skip
    assert attributes(site, Kind.GROUP) == {"alias": "t-a3w9c", "privacy": "Private"}
    assert attributes(site, Kind.TEAM) == {"name": "Bridges"}
    assert attributes(site, Kind.CHANNEL, "rota") == {"name": "Rota", "description": "", "privacy": "Private"}
    assert attributes(site, Kind.REGION)["time zone"] == "London"


def test_a_library_says_what_its_template_says_and_leaves_the_rest_free() -> None:
    library = {
        "name": "Case files", "versions": {"major": 50, "drafts": 0}, "check out": "yes", "allow folders": NO,
        "content types": ["council POLICY"], "default content type": "council policy", "columns": ["Budget"],
        "columns shown": ["Name", "Review date"], "retention label": "Six years", "folders": ["2026/Minutes"],
        "default values": {"Published": "yes"},
        "permissions": {"inherit": NO, "give": {"owners": "full control", "{owners}": "read"}},
        "views": [
            {"name": "Due", "columns shown": ["Name"], "filter": "review date is before today", "sort by": "Name"},
        ],
    }  # fmt: skip
    site = resolved({"libraries": [library]})
    assert attributes(site, Kind.LIBRARY, "casefiles") == {
        "address": "CaseFiles", "title": "Case files", "versions kept": 50, "draft versions kept": 0,
        "automatic versions": False, "check-out": True, "folders": False,
        "content types": ("Council policy",), "default content type": "Council policy",
        "columns": ("CouncilBudget",), "columns shown": ("LinkFilename", "CouncilReviewDate"),
        "retention label": "Six years", "own permissions": True,
    }  # fmt: skip
    assert attributes(site, Kind.VIEW, "casefiles/due") == {
        "list": "casefiles", "title": "Due", "columns shown": ("LinkFilename",), "sort by": "FileLeafRef",
        "filter": "CouncilReviewDate is before today",
    }  # fmt: skip
    assert attributes(site, Kind.DEFAULT_VALUE, "casefiles/CouncilPublished")["value"] == "yes"
    assert attributes(site, Kind.FOLDER, "casefiles/2026/minutes") == {"library": "casefiles", "path": "2026/Minutes"}
    assert {key: attributes(site, Kind.ACCESS_RIGHT, key)["level"] for key in keys(site, Kind.ACCESS_RIGHT)} == {
        "casefiles/Owners": "Full Control", "casefiles/one.role@council.example": "Read",
        "casefiles/two.role@council.example": "Read",
    }  # fmt: skip


@pytest.mark.parametrize(("versions", "expected"), [
    ("automatic", {"automatic versions": True}),
    ({"expire after": 365}, {"versions expire after": 365, "automatic versions": False}),
    ({"major": 9, "expire after": 30},
     {"versions kept": 9, "versions expire after": 30, "automatic versions": False}),
    ({"drafts": 5}, {"draft versions kept": 5}),
])  # fmt: skip
def test_versions_of_a_library_go_by_number_by_days_or_by_themselves(versions: Any, expected: dict[str, Any]) -> None:
    given = attributes(resolved({"libraries": [{"name": "Plans", "versions": versions}]}), Kind.LIBRARY, "plans")
    assert {name: value for name, value in given.items() if name not in ("address", "title")} == expected


def test_columns_and_content_types_come_with_what_needs_them() -> None:
    site = resolved({"lists": [{"name": "Contacts"}], "content types": ["Council policy"], "site columns": ["Contact"]})
    assert keys(site, Kind.CONTENT_TYPE) == {"council document", "council policy"}
    policy = attributes(site, Kind.CONTENT_TYPE, "council policy")
    assert policy["columns"] == ("CouncilMarking", "CouncilReference", "CouncilReviewDate")
    assert policy["hidden columns"] == ("CouncilReviewDate",)
    assert "required columns" not in policy
    assert policy["parent"] == "Council document"
    contact = attributes(site, Kind.COLUMN, "CouncilContact")
    assert (contact["type"], contact["looks up"], contact["shows"]) == ("Lookup", "lists/contacts", "Title")
    assert attributes(site, Kind.COLUMN, "CouncilReference")["unique"] is True
    assert attributes(site, Kind.COLUMN, "CouncilReference")["indexed"] is True
    assert attributes(site, Kind.LIST, "lists/contacts")["list type"] == "Custom list"


def test_links_are_known_by_menu_parent_and_title() -> None:
    below = [{"title": "Files", "to": "library/Case files"}, {"title": "Rota", "to": "list/Rota"}]
    links = [{"title": "Home", "to": "home page"}, {"title": "More", "links": below}]
    menu = {"mode": "exact", "links": links}
    site = resolved({"libraries": [{"name": "Case files"}], "lists": [{"name": "Rota"}], "quick launch": menu})
    assert site.exact_menus == frozenset({"quick launch"})
    assert attributes(site, Kind.LINK, "quick launch//home") == {
        "menu": "quick launch", "parent": "", "title": "Home", "address": "/sites/t-a3w9c", "place": 1,
    }  # fmt: skip
    assert attributes(site, Kind.LINK, "quick launch//more")["address"] == ""
    assert attributes(site, Kind.LINK, "quick launch/more/files")["address"] == "/sites/t-a3w9c/CaseFiles"
    assert attributes(site, Kind.LINK, "quick launch/more/rota") == {
        "menu": "quick launch", "parent": "More", "title": "Rota", "address": "/sites/t-a3w9c/Lists/Rota", "place": 2,
    }  # fmt: skip


def test_people_are_known_by_role_and_sign_in() -> None:
    groups = [{"name": "Auditors", "level": "reviewers", "people": ["group:Audit", "someone@partner.example"]}]
    site = resolved({"permissions": {"owners": ["{owners}"], "administrators": ["service.desk"], "groups": groups}})
    assert keys(site, Kind.PERSON) == {
        "Owners/one.role@council.example", "Owners/two.role@council.example",
        "Members/one.role@council.example", "Members/two.role@council.example",
        "Administrators/service.desk@council.example", "Auditors/group:audit", "Auditors/someone@partner.example",
    }  # fmt: skip
    assert attributes(site, Kind.SITE_GROUP, "auditors")["level"] == "Reviewers"
    assert attributes(site, Kind.PERMISSION_LEVEL, "reviewers")["allows"] == ("View Items",)


def test_a_page_shows_what_its_file_says_and_stays_its_owners() -> None:
    page = {"file": "Home.aspx", "title": "Welcome", "sections from": "pages/home.yaml", "home page": "yes"}
    site = resolved({"libraries": [{"name": "Case files"}], "pages": [page]})
    found = attributes(site, Kind.PAGE, "home.aspx")
    content = site.materials[str(found["content"])]
    sections = read_sections(content)
    assert sections[0][0][0].library == "CaseFiles"
    assert digest(sections) == found["content"]
    assert (Kind.PAGE, "home.aspx") in site.seeded


def test_entries_hold_under_their_conditions_once_for_each_answer() -> None:
    libraries = [
        {"name": "Case files", "when": "{private}"}, {"name": "Open files", "when": "not {private}"},
        {"name": "Projects", "when": "{work} is Projects"},
        {"name": "{each} papers", "for each": "{districts}", "owned by": "site owners"},
    ]  # fmt: skip
    site = resolved({"libraries": libraries}, private="no", districts=["North", "South"])
    assert keys(site, Kind.LIBRARY) == {"openfiles", "northpapers", "southpapers"}
    assert site.seeded == {(Kind.LIBRARY, "northpapers"), (Kind.LIBRARY, "southpapers")}
    assert keys(resolved({"libraries": libraries}), Kind.LIBRARY) == {"casefiles"}


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        (None, True), ("{private}", True), ("not {private}", False), ("{Private}", True), ("{work} is case work", True),
        ("{work} is Projects", False), ("{districts} is South", True), ("{nothing}", False), ("not {nothing}", True),
    ],
)  # fmt: skip
def test_conditions(condition: str | None, met: bool) -> None:
    asked = written(Template, {"template": "T", "version": 1, "parameters": list(PARAMETERS)}, "t").words.parameters
    answers = answered(asked, {"work": "Case work", "districts": ("North", "South")})
    assert holds(condition, answers) is met


def test_an_exception_changes_the_site_with_its_reason_until_it_expires() -> None:
    above = {"libraries": [{"name": "Case files", "versions": {"major": 50}}, {"name": "Plans"}]}
    change = {"libraries": [{"name": "case files", "versions": {"major": 500}}], "remove": {"libraries": ["Plans"]}}
    site = resolved({}, above=above, override=[{"because": "CAB-112", "until": "2026-06-01", **change}])
    assert attributes(site, Kind.LIBRARY, "casefiles")["versions kept"] == 500
    assert site.reasons[(Kind.LIBRARY, "casefiles"), "versions kept"] == "CAB-112 (until 2026-06-01)"
    assert site.reasons[(Kind.LIBRARY, "plans"), ""] == "CAB-112 (until 2026-06-01)"
    assert [part.place for part in site.absent] == [(Kind.LIBRARY, "plans")]
    late = resolved({}, above=above, override=[{"because": "CAB-112", "until": "2026-05-31", **change}])
    assert (attributes(late, Kind.LIBRARY, "casefiles")["versions kept"], late.reasons, late.absent) == (50, {}, ())


def test_everything_can_be_removed_by_name() -> None:
    above = {
        "libraries": [{
            "name": "Papers", "columns": ["Marking"], "views": [{"name": "Open"}], "folders": ["2026"],
            "default values": {"Marking": "OFFICIAL"}, "columns shown": ["Name", "Marking"],
            "permissions": {"inherit": NO, "give": {"Members": "Edit", "Owners": "Edit"}},
        }],
        "lists": [{"name": "Rota"}], "features": ["Site pages"], "pages": [{"file": "A.aspx", "title": "A"}],
        "files": [{"library": "Papers", "folder": "2026", "from": "assets/terms.docx"}],
        "quick launch": {"links": [{"title": "More", "links": [{"title": "Help", "to": "home page"}]}]},
        "permissions": {"members": ["service.desk"], "groups": [{"name": "Auditors", "people": ["auditor"]}]},
    }  # fmt: skip
    remove = {
        "lists": ["Rota"], "views": ["Papers/Open"], "folders": ["papers/2026"], "default values": ["Papers/marking"],
        "permissions": ["Papers/Members"], "columns shown": ["Papers/Marking"], "features": ["Site pages"],
        "pages": ["A.aspx"], "files": ["papers/2026/terms.docx"], "quick launch": ["More/Help"],
        "groups": ["Auditors"], "people": ["Members/service.desk"],
    }  # fmt: skip
    site = resolved({"remove": remove}, above=above)
    assert {part.place for part in site.absent} == {
        (Kind.LIST, "lists/rota"), (Kind.VIEW, "papers/open"), (Kind.FOLDER, "papers/2026"),
        (Kind.DEFAULT_VALUE, "papers/CouncilMarking"), (Kind.ACCESS_RIGHT, "papers/Members"),
        (Kind.FEATURE, "site pages"), (Kind.PAGE, "a.aspx"), (Kind.LINK, "quick launch/more/help"),
        (Kind.SITE_GROUP, "auditors"), (Kind.PERSON, "Members/service.desk@council.example"),
    }  # fmt: skip
    assert attributes(site, Kind.LIBRARY, "papers")["columns shown"] == ("LinkFilename",)
    assert not [part for part in site.contents.parts.values() if part.kind is Kind.FILE]
    assert {kind for kind, _ in (part.place for part in site.absent)} <= set(REMOVE), "each of them can be taken away"


def test_a_filter_is_read_by_the_columns_that_it_names() -> None:
    names = ["Status", "Status and age", "Modified"]
    found = [str(each) for each in conditions("Status and age is old and cold and status is not empty", names)]
    assert found == ["Status and age is old and cold", "Status is not empty"]
    with pytest.raises(ValueError, match="does not begin with a column"):
        conditions("State is old", names)
    with pytest.raises(ValueError, match="does not say what is asked"):
        conditions("Status was old", names)


@pytest.mark.parametrize(("kind", "members"), [
    ("Team site with Microsoft 365 group", {"one.role@council.example", "two.role@council.example"}),
    ("Team site without group", {"two.role@council.example"}),
])  # fmt: skip
def test_owners_of_a_group_are_wanted_as_its_members_too(tmp_path: Path, kind: str, members: set[str]) -> None:
    files = {
        "organisation.yaml": "organisation: A Council\nversion: 1\npeople domain: council.example\n",
        "templates/team.yaml": f"template: T\nversion: 1\nkind: Team\nsite: {{type: {kind}, title: T}}\n"
        "permissions: {owners: [one.role, two.role], members: [Two.role@council.example]}\n",
        "sites/t.yaml": "address: /sites/t-1\ntemplate: T\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (site,) = resolve(review(tmp_path).catalogue)
    found = {key for kind, key in site.contents.parts if kind is Kind.PERSON and key.startswith("Members/")}
    assert found == {f"Members/{each}" for each in members}
    out = "override: [{because: They left, remove: {people: [owners/one.role]}}]\n"
    (tmp_path / "sites/t.yaml").write_text(files["sites/t.yaml"] + out, "utf-8")
    (site,) = resolve(review(tmp_path).catalogue)
    gone = {part.key for part in site.absent}
    assert gone == {"Owners/one.role@council.example"} | (
        {"Members/one.role@council.example"} if "Microsoft" in kind else set()
    )
