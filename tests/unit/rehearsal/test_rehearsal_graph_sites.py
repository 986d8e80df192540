"""Graph's sites: how they are found, who reaches them, their pages, terms, activity and search."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.rehearsal.site_calls import APP, SELECTED, Team, open_team


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    opened = open_team(tmp_path)
    yield opened
    opened.tenant.store.close()


def test_site_is_found_by_every_form_of_its_name(team: Team) -> None:
    host, site, web = team.id.split(",")
    forms = (
        team.id,
        f"{site},{web}",
        site,
        f"{host}:/sites/team",
        f"{host}:/sites/TEAM:",
        "root/getByPath(path='/sites/team')",
    )
    assert {team.get(f"sites/{form}")["id"] for form in forms} == {team.id}
    root = team.get("sites/root")["id"]
    assert {team.get(f"sites/{form}")["id"] for form in (host, f"{host}:", "root")} == {root}


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("sites/contoso.sharepoint.com:/sites/nope", (404, "itemNotFound")),
        ("sites/root/nope", (400, "BadRequest")),
        ("sites/root/contentModels", (501, "notImplemented")),
        ("sites/root?$select=nope", (400, "BadRequest")),
        ("sites/root?$expand=nope", (400, "BadRequest")),
    ],
)
def test_what_a_site_has_not_is_told_from_what_is_not_rehearsed(team: Team, path: str, wanted: tuple[int, str]) -> None:
    assert team.refusal("GET", path) == wanted


def test_a_site_is_no_set_that_something_could_be_posted_to(team: Team) -> None:
    assert team.refusal("POST", team.base, {}) == (405, "notAllowed")


def test_selected_application_reaches_the_granted_site_alone_and_as_far_as_granted(team: Team) -> None:
    assert team.ask("GET", team.base, roles=SELECTED)[0] == 403
    grant = {"roles": ["read"], "grantedToIdentities": [{"application": {"id": APP, "displayName": "App"}}]}
    permission = team.post(f"{team.base}/permissions", grant)["id"]
    assert team.ask("GET", f"{team.base}/lists", roles=SELECTED)[0] == 200
    assert team.ask("GET", f"{team.base}/drive/root/children", roles=SELECTED)[0] == 200
    assert team.ask("POST", f"{team.base}/lists", {"displayName": "X"}, roles=SELECTED)[0] == 403
    assert team.ask("GET", "sites/root", roles=SELECTED)[0] == 403
    assert team.rest("web", roles=SELECTED)[0] == 200
    assert team.rest("web", roles=SELECTED, web="")[0] == 403
    assert [each["id"] for each in team.get(f"{team.base}/permissions")["value"]] == [permission]
    team.ask("PATCH", f"{team.base}/permissions/{permission}", {"roles": ["manage"]})
    assert team.ask("POST", f"{team.base}/lists", {"displayName": "X"}, roles=SELECTED)[0] == 201
    assert team.ask("DELETE", f"{team.base}/permissions/{permission}")[0] == 204
    assert team.ask("GET", team.base, roles=SELECTED)[0] == 403
    assert team.rest("web", roles=SELECTED)[0] == 403


@pytest.mark.parametrize("roles", [[], ["nope"], "read", None])
def test_grant_needs_roles_that_there_are(team: Team, roles: object) -> None:
    who = [{"application": {"id": "89ea5c94-7736-4e25-95ad-3fa95f62b66e"}}]
    wanted = {"roles": roles, "grantedToIdentities": who}
    assert team.refusal("POST", f"{team.base}/permissions", wanted) == (400, "invalidRequest")


def test_page_is_a_file_of_the_pages_library_and_checked_out_until_published(team: Team) -> None:
    made = team.post(f"{team.base}/pages", {"name": "news.aspx", "title": "News", "pageLayout": "article"})
    page = f"{team.base}/pages/{made['id']}"
    assert made["publishingState"]["level"] == "checkout"
    assert team.refusal("POST", f"{team.base}/pages", {"name": "news.aspx"}) == (409, "nameAlreadyExists")
    assert team.ask("POST", f"{page}/microsoft.graph.sitePage/publish")[0] == 204
    for name in ("microsoft.graph.sitePage", "graph.sitePage"):
        assert team.ask("GET", f"{page}/{name}/webParts")[0] == 200, name
        assert team.ask("GET", f"{page.rpartition('/')[0]}/{name}")[0] == 200, name
    assert team.get(f"{page}?$select=publishingState")["publishingState"]["level"] == "published"
    status, file = team.rest("web/getfilebyserverrelativepath(decodedurl='/sites/team/SitePages/news.aspx')")
    assert (status, file["Title"]) == (200, "News")
    assert team.ask("DELETE", page)[0] == 204
    assert team.refusal("GET", page) == (404, "itemNotFound")


def test_terms_stand_in_sets_in_groups_for_every_site_alike(team: Team) -> None:
    store = f"{team.base}/termStore"
    group = team.post(f"{store}/groups", {"displayName": "Highways"})
    names = [{"languageTag": "en-US", "name": "Assets"}]
    found = team.post(f"{store}/groups/{group['id']}/sets", {"localizedNames": names})
    label = [{"languageTag": "en-US", "name": "Bridge", "isDefault": True}]
    term = team.post(f"{store}/sets/{found['id']}/children", {"labels": label})
    below = team.post(
        f"{store}/sets/{found['id']}/terms/{term['id']}/children", {"labels": [{**label[0], "name": "Footbridge"}]}
    )
    assert [each["id"] for each in team.get(f"{store}/sets/{found['id']}/terms")["value"]] == [term["id"], below["id"]]
    assert [each["id"] for each in team.get(f"{store}/sets/{found['id']}/children")["value"]] == [term["id"]]
    assert team.get(f"sites/root/termStore/sets/{found['id']}/parentGroup")["displayName"] == "Highways"
    assert team.beta(f"termStore/groups/{group['id']}") == 200
    assert team.refusal("POST", f"{store}/groups", {"displayName": "highways"}) == (409, "nameAlreadyExists")
    assert team.refusal("DELETE", f"{store}/groups/{group['id']}") == (400, "invalidRequest")
    assert team.refusal("GET", f"{store}/sets") == (404, "itemNotFound")
    assert team.ask("GET", store, roles=frozenset({"Sites.Read.All"}))[0] == 403


def test_activity_is_counted_from_what_was_done(team: Team) -> None:
    before = team.get(f"{team.base}/analytics/allTime")["create"]["actionCount"]
    team.put_file("a.txt", b"x")
    assert team.get(f"{team.base}/analytics/allTime")["create"]["actionCount"] == before + 1
    week = team.get(
        f"{team.base}/getActivitiesByInterval(startDateTime='2020-01-01',endDateTime='2020-01-03',interval='day')"
    )
    assert week["value"] == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("street", {"roads.txt", "lights.md"}),
        ("street NOT lights", {"roads.txt"}),
        ('"high street"', {"roads.txt"}),
        ("resurf*", {"roads.txt"}),
        ("filetype:md", {"lights.md"}),
        ("filetype:md OR filetype:txt", {"roads.txt", "lights.md"}),
        ("filename:roads AND IsDocument:1", {"roads.txt"}),
        ('path:"https://contoso.sharepoint.com/sites/team/Shared Documents/Plans" isdocument:true', {"roads.txt"}),
        ("streets", set()),
        ("author:alice", set()),
    ],
)
def test_search_finds_by_words_and_properties_through_graph_and_sharepoint(
    team: Team, query: str, names: set[str]
) -> None:
    team.put_file("Plans/roads.txt", b"Resurfacing of the high street")
    team.put_file("lights.md", b"street lights")
    wanted = {"entityTypes": ["driveItem"], "query": {"queryString": query}, "region": "GBR"}
    container = team.post("search/query", {"requests": [wanted]})["value"][0]["hitsContainers"][0]
    assert {hit["resource"]["name"] for hit in container["hits"]} == names
    assert container["total"] == len(names)
    _, answer = team.rest(f"search/query?querytext='{query}'&selectproperties='Filename'&rowlimit=50")
    rows = answer["PrimaryQueryResult"]["RelevantResults"]["Table"]["Rows"]
    cells = [{cell["Key"]: cell["Value"] for cell in row["Cells"]} for row in rows]
    assert {each["Filename"] for each in cells if each["Filename"]} == names


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        ({"entityTypes": ["driveItem"], "query": {"queryString": "x"}}, (400, "BadRequest")),
        ({"entityTypes": ["driveItem"], "query": {"queryString": "((("}, "region": "GBR"}, (400, "BadRequest")),
        ({"entityTypes": ["nope"], "query": {"queryString": "x"}, "region": "GBR"}, (400, "BadRequest")),
        ({"entityTypes": ["message"], "query": {"queryString": "x"}, "region": "GBR"}, (403, "Forbidden")),
        ({"entityTypes": ["acronym"], "query": {"queryString": "x"}, "region": "GBR"}, (501, "notImplemented")),
        ({"entityTypes": ["site"], "query": {"queryString": "a NEAR b"}, "region": "GBR"}, (501, "notImplemented")),
        ({"entityTypes": ["site"], "query": {"queryString": "nope:1"}, "region": "GBR"}, (501, "notImplemented")),
        ({"entityTypes": ["site"], "query": {"queryString": "x"}, "region": "GBR", "size": 501}, (400, "BadRequest")),
    ],
)
def test_search_that_is_wrong_or_beyond_the_rehearsal_is_refused(
    team: Team, request_: dict[str, object], wanted: tuple[int, str]
) -> None:
    assert team.refusal("POST", "search/query", {"requests": [request_]}) == wanted


def test_search_of_a_selected_application_sees_the_granted_site_alone(team: Team) -> None:
    team.put_file("a.txt", b"needle")
    grant = {"roles": ["read"], "grantedToIdentities": [{"application": {"id": APP}}]}
    query = "search/query?querytext='contentclass:STS_Site OR needle'"
    for address, total in (("sites/root", 1), (team.base, 3)):
        team.post(f"{address}/permissions", grant)
        status, answer = team.rest(query, roles=SELECTED, web="")
        assert (status, answer["PrimaryQueryResult"]["RelevantResults"]["TotalRows"]) == (200, total)


def test_batch_is_done_in_order_of_dependence_and_refused_when_it_cannot_be(team: Team) -> None:
    def part(number: int, **more: object) -> dict[str, object]:
        return {"id": str(number), "method": "GET", "url": "/sites/root", **more}

    parts = [
        part(1, dependsOn=["2"]), part(2), part(3, url="/sites/nope.example"), part(4, dependsOn=["3"]),
        part(5, method="POST", url=f"/{team.base}/lists", body={"displayName": "B"},
             headers={"Content-Type": "application/json"}),
    ]  # fmt: skip
    answers = team.post("$batch", {"requests": parts})["responses"]
    assert [(each["id"], each["status"]) for each in answers] == [
        ("1", 200),
        ("2", 200),
        ("3", 404),
        ("4", 424),
        ("5", 201),
    ]
    wrong = (
        [part(number) for number in range(21)],
        [part(1), part(1)],
        [part(1, dependsOn=["9"])],
        [part(1, dependsOn=["2"]), part(2, dependsOn=["1"])],
        [part(1, method="PATCH", body={})],
        [{"id": "1", "url": "/sites/root"}],
        [part(1, method="PUT", body="***", headers={"Content-Type": "text/plain"})],
    )
    for requests in wrong:
        assert team.refusal("POST", "$batch", {"requests": requests}) == (400, "BadRequest")


def test_grant_on_one_site_makes_no_other(team: Team) -> None:
    grant = {"roles": ["fullcontrol"], "grantedToIdentities": [{"application": {"id": APP}}]}
    team.post(f"{team.base}/permissions", grant)
    wanted = {"request": {"Title": "New", "Url": "https://contoso.sharepoint.com/sites/new", "WebTemplate": "STS#3"}}
    assert team.rest("SPSiteManager/create", wanted, roles=SELECTED)[0] == 403
    assert team.rest("web/lists", {"Title": "New", "BaseTemplate": 100}, roles=SELECTED)[0] == 201


def test_term_store_of_a_sharepoint_host_is_the_same_and_says_more(team: Team) -> None:
    store = f"{team.base}/termStore"
    group = team.post(f"{store}/groups", {"displayName": "Highways"})
    names = [{"languageTag": "en-US", "name": "Assets"}]
    found = team.post(f"{store}/groups/{group['id']}/sets", {"localizedNames": names})
    team.post(f"{store}/sets/{found['id']}/children", {"labels": [{"name": "Bridge", "languageTag": "en-US"}]})
    _, groups = team.drive_api("termStore/termGroups?$filter=displayName eq 'Highways'")
    assert [(each["id"], each["name"], each["type"]) for each in groups["value"]] == [
        (group["id"], "Highways", "regular")
    ]
    _, sets = team.drive_api(f"termStore/termGroups/{group['id']}/termSets")
    assert [(each["id"], each["childrenCount"]) for each in sets["value"]] == [(found["id"], 1)]
    _, terms = team.drive_api("termStore/searchTerm(label='bri')")
    assert [each["labels"][0]["name"] for each in terms["value"]] == ["Bridge"]
    assert team.drive_api("termStore/searchTerm(label='ridge')")[1]["value"] == []
    assert "childrenCount" not in team.get(f"{store}/sets/{found['id']}")
