"""Every limit of names, paths, sizes and counts that the service publishes, refused as it refuses them.

Counts that no test could reach are lowered, so that the refusal itself is what is tried.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from spmigrate.rehearsal.naming import MAX_NAME, MAX_PATH
from tests.unit.rehearsal.sharepoint.conftest import ADMIN, Door

LIBRARY = "/sites/team/Shared Documents"
ROOT = f"web/getfolderbyserverrelativepath(decodedurl='{LIBRARY}')"
SHAREPOINT = "spmigrate.rehearsal.sharepoint"
THROTTLED = "-2147024860, Microsoft.SharePoint.SPQueryThrottledException"

BAD_NAMES = [
    *(f"a{each}b.txt" for each in '"*:<>?|\\\x01\x7f'), " a.txt", "a.txt ", "a.", ".lock", "CON",
    "prn", "AUX", "nul", "COM0", "com9", "LPT0", "lpt9", "desktop.ini", "~$a.docx", "a_vti_b.txt",
]  # fmt: skip
GOOD_NAMES = ["a#b%.txt", "~a & {b}.txt", "it''s+a,b.txt", "COM10.txt", "console.txt", "é.txt", ".a"]
BAD_FOLDERS = ["a_files", "a_file", "~a"]


def upload(team: Door, name: str) -> int:
    return team("POST", f"{ROOT}/files/addusingpath(decodedurl=@n,overwrite=true)?@n='{quoted(name)}'", b"x")[0]


def quoted(name: str) -> str:
    return quote(name, safe="")


@pytest.mark.parametrize("name", BAD_NAMES)
def test_name_that_no_file_may_have(team: Door, name: str) -> None:
    assert upload(team, name) in (400, 404)
    assert team.get(f"{ROOT}/files")["value"] == []


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_name_that_looks_odd_and_is_allowed(team: Door, name: str) -> None:
    assert upload(team, name) == 200
    assert [each["Name"] for each in team.get(f"{ROOT}/files")["value"]] == [name.replace("''", "'")]


@pytest.mark.parametrize("name", BAD_FOLDERS)
def test_name_that_no_folder_of_a_librarys_root_may_have(team: Door, name: str) -> None:
    assert team("POST", f"{ROOT}/folders/addusingpath(decodedurl='{name}')")[0] == 400


def test_names_that_differ_by_case_are_one(team: Door) -> None:
    assert (upload(team, "Hello.doc"), upload(team, "hello.DOC")) == (200, 200)
    assert len(team.get(f"{ROOT}/files")["value"]) == 1


def test_segment_and_path_have_their_longest(team: Door) -> None:
    assert upload(team, "n" * MAX_NAME) == 200
    assert upload(team, "n" * (MAX_NAME + 1)) == 400
    team.post(f"{ROOT}/folders/addusingpath(decodedurl='{'f' * 200}')")
    left = MAX_PATH - len(f"sites/team/Shared Documents/{'f' * 200}/")
    inner = f"web/getfolderbyserverrelativepath(decodedurl='{LIBRARY}/{'f' * 200}')/files"
    assert team("POST", f"{inner}/addusingpath(decodedurl='{'n' * left}')", b"x")[0] == 200
    assert team("POST", f"{inner}/addusingpath(decodedurl='{'n' * (left + 1)}')", b"x")[0] == 400


def make_list(team: Door, rows: int = 0) -> str:
    team.post("web/lists", {"Title": "Limited", "BaseTemplate": 100})
    for number in range(rows):
        team.post("web/lists/getbytitle('Limited')/items", {"Title": str(number)})
    return "web/lists/getbytitle('Limited')"


def group(team: Door) -> int:
    return int(team.post("web/sitegroups", {"Title": "One more"})["Id"])


def _request_body(team: Door) -> Any:
    return team.refusal("POST", f"{ROOT}/files/add(url='a.txt',overwrite=true)", b"12345678901")


def _attachment(team: Door) -> Any:
    path = f"{make_list(team, 1)}/items(1)/attachmentfiles/add(filename='a.txt')"
    return team.refusal("POST", path, b"12345678901")


def _items(team: Door) -> Any:
    path = make_list(team, 2)
    return team.refusal("POST", f"{path}/items", {"Title": "one more"})


def _threshold(team: Door) -> Any:
    return team.refusal("GET", f"{make_list(team, 3)}/items?$filter=Title eq '1'")


def _files_of_a_folder(team: Door) -> Any:
    for number in range(3):
        upload(team, f"{number}.txt")
    return team.refusal("GET", f"{ROOT}/files")


def _index(team: Door) -> Any:
    path = make_list(team, 3)
    return team.refusal("PATCH", f"{path}/fields/getbyinternalnameortitle('Title')", {"Indexed": True})


def _inheritance(team: Door) -> Any:
    path, unique = make_list(team, 3), "breakroleinheritance(copyRoleAssignments=true,clearSubscopes=true)"
    team.post(f"{path}/{unique}")
    team.tenant.throttle.switch("inheritance", on=True)
    team.refusal("POST", f"{path}/resetroleinheritance")
    upload(team, "1.txt")
    for number in range(2):
        team.post(f"{ROOT}/folders/addusingpath(decodedurl='{number}')")
    # A folder is judged by what is in it, not by its library.
    team.post(f"web/getfolderbyserverrelativepath(decodedurl='{LIBRARY}/1')/ListItemAllFields/{unique}")
    return team.refusal("POST", f"web/lists/getbytitle('Documents')/{unique}")


def _scopes(team: Door) -> Any:
    path = make_list(team, 3)
    unique = "breakroleinheritance(copyRoleAssignments=true,clearSubscopes=true)"
    for number in (1, 2):
        team.post(f"{path}/items({number})/{unique}")
    return team.refusal("POST", f"{path}/items(3)/{unique}")


def _assignments(team: Door) -> Any:
    path = f"web/roleassignments/addroleassignment(principalid={group(team)},roledefid=1073741826)"
    return team.refusal("POST", path)


def _levels(team: Door) -> Any:
    return team.refusal(
        "POST", "web/roledefinitions", {"Name": "One more", "BasePermissions": {"High": "0", "Low": "1"}}
    )


def _lists(team: Door) -> Any:
    return team.refusal("POST", "web/lists", {"Title": "One more", "BaseTemplate": 100})


def _webs(team: Door) -> Any:
    given = {"parameters": {"Url": "below", "Title": "B", "WebTemplate": "STS#3"}}
    return team.refusal("POST", "web/webinfos/add", given)


def _lookups(team: Door) -> Any:
    path = make_list(team)
    for name in ("P1", "P2", "P3"):
        xml = f'<Field Type="User" Name="{name}" StaticName="{name}" DisplayName="{name}" />'
        team.post(f"{path}/fields/CreateFieldAsXml", {"parameters": {"SchemaXml": xml}})
    return team.refusal("GET", f"{path}/items?$select=P1/Title,P2/Title,P3/Title&$expand=P1,P2,P3")


def _caml_lookups(team: Door) -> Any:
    path = make_list(team)
    for name in ("P1", "P2", "P3"):
        xml = f'<Field Type="User" Name="{name}" StaticName="{name}" DisplayName="{name}" />'
        team.post(f"{path}/fields/CreateFieldAsXml", {"parameters": {"SchemaXml": xml}})
    fields = "".join(f'<FieldRef Name="{name}" />' for name in ("P1", "P2", "P3"))
    view = f"<View><ViewFields>{fields}</ViewFields></View>"
    return team.refusal("POST", f"{path}/RenderListDataAsStream", {"parameters": {"ViewXml": view}})


def _links(team: Door) -> Any:
    return team.refusal("POST", "web/navigation/quicklaunch", {"Title": "One more", "Url": "/x"})


def _hubs(team: Door) -> Any:
    return team.refusal("POST", "site/RegisterHubSite")


LIMITS: list[tuple[str, str, int, Any, int, str]] = [
    ("one request of 262,144,000 bytes", f"{SHAREPOINT}.service.MAX_UPLOAD", 10, _request_body, 400,
     "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"),
    ("an attachment of 250 MB", f"{SHAREPOINT}.service.MAX_UPLOAD", 10, _attachment, 400,
     "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"),
    ("30,000,000 items in a list", "spmigrate.rehearsal.content.MAX_ITEMS", 2, _items, 400, "-2130575245"),
    ("5,000 items in what a query looks through", f"{SHAREPOINT}.item_query.THRESHOLD", 2, _threshold, 500, THROTTLED),
    ("5,000 files in a folder that is listed", f"{SHAREPOINT}.file_collection.THRESHOLD", 2, _files_of_a_folder, 500,
     THROTTLED),
    ("20,000 items when a column is indexed", f"{SHAREPOINT}.indexing.MAX_ITEMS", 2, _index, 500, THROTTLED),
    ("20 indexed columns", f"{SHAREPOINT}.indexing.MAX_INDEXES", 0, _index, 400, "-2147024809"),
    ("100,000 things below what stops inheriting", f"{SHAREPOINT}.securables.MAX_INHERITING", 2, _inheritance, 429, ""),
    ("50,000 unique scopes of a list", f"{SHAREPOINT}.securables.MAX_SCOPES", 2, _scopes, 500, "-2146232832"),
    ("5,000 assignments of a scope", f"{SHAREPOINT}.securables.MAX_ASSIGNMENTS", 3, _assignments, 400, ""),
    ("1,000 permission levels of a site", f"{SHAREPOINT}.roles.MAX_LEVELS", 3, _levels, 400, ""),
    ("2,000 lists of a site", f"{SHAREPOINT}.lists.MAX_LISTS", 3, _lists, 400, ""),
    ("2,000 webs below one", f"{SHAREPOINT}.sub_webs.MAX_WEBS", 0, _webs, 400, ""),
    ("12 lookups in a query", f"{SHAREPOINT}.lookups.MAX_LOOKUPS", 2, _lookups, 500, THROTTLED),
    ("12 lookups in a CAML query", f"{SHAREPOINT}.lookups.MAX_LOOKUPS", 2, _caml_lookups, 500, THROTTLED),
    ("500 links at a level", f"{SHAREPOINT}.navigation.MAX_NODES", 3, _links, 400, "-2147024809"),
    ("2,000 hubs", f"{SHAREPOINT}.hubs.MAX_HUBS", 0, _hubs, 400, ""),
]  # fmt: skip


@pytest.mark.parametrize(("what", "constant", "lowered", "reach", "status", "code"), LIMITS, ids=[e[0] for e in LIMITS])
def test_limit_is_refused_and_what_is_below_it_is_not(
    team: Door, monkeypatch: pytest.MonkeyPatch, what: str, constant: str, lowered: int, reach: Any, status: int,
    code: str,
) -> None:  # fmt: skip
    module, _, name = constant.rpartition(".")
    present = getattr(__import__(module, fromlist=[name]), name)
    digits = "".join(each for each in what.split(" bytes")[0] if each.isdigit())
    assert str(present) == digits or name in ("MAX_UPLOAD",), (what, present)
    monkeypatch.setattr(constant, lowered)
    refused = reach(team)
    assert refused[0] == status, refused
    assert refused[1].startswith(code), refused


def test_columns_of_the_service_are_no_lookups_of_a_query(team: Door) -> None:
    query = {"query": {"ViewXml": "<View Scope='RecursiveAll'><Query></Query></View>"}}
    for title in ("Documents", "Site Pages"):
        assert team("POST", f"web/lists/getbytitle('{title}')/getitems", query)[0] == 200, title
    team.post("web/lists", {"Title": "Jobs", "BaseTemplate": 171})
    assert team("POST", "web/lists/getbytitle('Jobs')/getitems", query)[0] == 200


def test_drafts_end_at_511(team: Door) -> None:
    team.merge("web/lists/getbytitle('Documents')", {"EnableMinorVersions": True})
    for _ in range(511):
        assert upload(team, "a.txt") == 200
    assert upload(team, "a.txt") == 400


def test_site_takes_no_more_than_its_quota(team: Door, admin: Door) -> None:
    site = team.get("site")["Id"]
    assert admin.merge(f"SPO.Tenant/sites('{site}')", {"StorageMaximumLevel": 1}) == 204
    assert admin.host == ADMIN
    path = f"{ROOT}/files/add(url='a.bin',overwrite=true)"
    assert team("POST", path, bytes(600_000))[0] == 200
    assert team("POST", f"{ROOT}/files/add(url='b.bin',overwrite=true)", bytes(600_000))[0] == 507


@pytest.mark.parametrize("title", ["a/b", 'a"b', "a[b", "a]b", "a:b", "a|b", "a<b", "a+b", "a=b", "a;b", "a,b", "a?b",
                                   "a*b", "a'b", "a@b", "a\\b", "a>b"])  # fmt: skip
def test_group_title_with_a_character_that_is_forbidden(team: Door, title: str) -> None:
    assert team.refusal("POST", "web/sitegroups", {"Title": title})[0] == 400


@pytest.mark.parametrize("leaf", ["a~b", "a#b", "a%b", "a&b", "a*b", "a{b", "a}b", "a:b", "a<b", "a?b", "a+b", "a|b",
                                  'a"b', "_a", ".a", "a..b", "a."])  # fmt: skip
def test_site_address_with_what_no_address_may_have(team: Door, leaf: str) -> None:
    url = f"https://contoso.sharepoint.com/sites/{leaf}"
    request = {"Title": "N", "Url": url, "WebTemplate": "STS#3", "Owner": "owner@contoso.onmicrosoft.com"}
    assert team("POST", "SPSiteManager/create", {"request": request})[0] == 400
