"""ProcessQuery: the client object model over the same objects as REST."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmigrate.rehearsal.csom.query import ACTIONS, PATHS
from spmigrate.rehearsal.csom.statics import TYPE_NAMES
from spmigrate.rehearsal.http import Body, Claims, Request, Response
from spmigrate.rehearsal.sharepoint import handle
from spmigrate.rehearsal.sites import NewSite, create_site
from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.sharepoint.conftest import ADMIN, HOST, OWNER, Door

TENANT = '<Constructor Id="1" TypeId="{268004ae-ef6b-4e9b-8425-127220d84719}" />'
CURRENT = '<StaticProperty Id="1" TypeId="{3747adcd-a3c3-41b9-bfab-4a64dd2f1e0a}" Name="Current" />'
WEB = f'{CURRENT}<Property Id="2" ParentId="1" Name="Web" />'
SESSION = '<StaticMethod Id="1" TypeId="{981cbc68-9edc-4f8d-872f-71146fcbb84f}" Name="GetTaxonomySession" />'
STORE = f'{SESSION}<Method Id="2" ParentId="1" Name="GetDefaultSiteCollectionTermStore" />'
WHOLE = '<Query SelectAllProperties="true"><Properties /></Query>'
MEMBERS = f'{WHOLE}<ChildItemQuery SelectAllProperties="true"><Properties /></ChildItemQuery>'


def packed(actions: str, paths: str) -> bytes:
    """A request as programs write it."""
    return (
        '<Request AddExpandoFieldTypeSuffix="true" SchemaVersion="15.0.0.0" LibraryVersion="16.0.0.0" '
        'ApplicationName="test" xmlns="http://schemas.microsoft.com/sharepoint/clientquery/2009">'
        f"<Actions>{actions}</Actions><ObjectPaths>{paths}</ObjectPaths></Request>"
    ).encode()


def parameters(*given: tuple[str, object]) -> str:
    return (
        "<Parameters>"
        + "".join(f'<Parameter Type="{k}">{escape(str(v))}</Parameter>' for k, v in given)
        + "</Parameters>"
    )


@pytest.fixture
def send(rehearsed: Tenant) -> Callable[..., Response]:
    def call(content: bytes, *, host: str = HOST, site: str = "/sites/team", role: str = "Sites.FullControl.All",
             method: str = "POST") -> Response:  # fmt: skip
        claims = Claims("app", "App", "", "", roles=frozenset({role}), by_certificate=True)
        path = f"{'' if host == ADMIN else site}/_vti_bin/client.svc/ProcessQuery"
        headers = {"accept": "application/json"}
        request = Request(method, host, path, headers=headers, body=Body(len(content), content), claims=claims)
        return handle(request, rehearsed)

    return call


@pytest.fixture
def ask(send: Callable[..., Response]) -> Callable[..., Any]:
    """Ask, and map the ids of actions to their answers; a refusal is an AssertionError with its text."""

    def call(actions: str, paths: str, **where: Any) -> dict[int, Any]:
        response = send(packed(actions, paths), **where)
        answer = json.loads(response.body)
        assert response.status == 200, answer
        assert answer[0]["ErrorInfo"] is None, answer[0]["ErrorInfo"]
        return dict(zip(answer[1::2], answer[2::2], strict=True))

    return call


@pytest.fixture
def refused(send: Callable[..., Response]) -> Callable[..., Any]:
    """Ask for what is refused: the ErrorInfo."""

    def call(actions: str, paths: str, **where: Any) -> Any:
        response = send(packed(actions, paths), **where)
        assert response.status == 200, response.body
        return json.loads(response.body)[0]["ErrorInfo"]

    return call


def test_web_shows_what_rest_shows(ask: Callable[..., Any], team: Door) -> None:
    answer = ask(f'<ObjectPath Id="5" ObjectPathId="2" /><Query Id="6" ObjectPathId="2">{WHOLE}</Query>', WEB)
    web, rest = answer[6], team.get("web")
    assert answer[5] == {"IsNull": False}
    assert web["_ObjectType_"] == "SP.Web"
    assert web["Id"] == f"/Guid({rest['Id']})/"
    assert web["_ObjectIdentity_"].endswith(f":site:{team.get('site')['Id']}:web:{rest['Id']}")
    assert {name: web[name] for name in ("Title", "Url", "Language")} == {
        n: rest[n] for n in ("Title", "Url", "Language")
    }
    assert set(rest) - {"odata.metadata"} <= set(web)


def test_dates_count_months_from_zero(ask: Callable[..., Any], team: Door) -> None:
    web = ask(f'<Query Id="6" ObjectPathId="2">{WHOLE}</Query>', WEB)[6]
    year, month = (int(part) for part in team.get("web")["Created"].split("-")[:2])
    assert web["Created"].startswith(f"/Date({year},{month - 1},")


def test_what_is_set_waits_for_update(ask: Callable[..., Any], team: Door) -> None:
    setting = (
        '<SetProperty Id="5" ObjectPathId="2" Name="Title"><Parameter Type="String">Other</Parameter></SetProperty>'
    )
    seen = ask(f'{setting}<Query Id="6" ObjectPathId="2">{WHOLE}</Query>', WEB)[6]
    assert (seen["Title"], team.get("web")["Title"]) == ("Other", "Team")
    ask(f'{setting}<Method Id="7" ObjectPathId="2" Name="Update" />', WEB)
    assert team.get("web")["Title"] == "Other"


def test_tenant_settings_are_kept_at_once(ask: Callable[..., Any], admin: Door) -> None:
    tenant = ask(f'<Query Id="5" ObjectPathId="1">{WHOLE}</Query>', TENANT, host=ADMIN)[5]
    assert len(tenant) > 230
    name = quoteattr(tenant["_ObjectIdentity_"], {"\n": "&#xA;"})
    setting = '<SetProperty Id="6" ObjectPathId="9" Name="{}"><Parameter Type="String">{}</Parameter></SetProperty>'
    ask(setting.format("HideDefaultThemes", "true"), f'<Identity Id="9" Name={name} />', host=ADMIN)
    assert admin.get("SPO.Tenant?$select=HideDefaultThemes") == {"HideDefaultThemes": True}


def test_lists_are_found_and_answered_as_a_collection(ask: Callable[..., Any]) -> None:
    paths = f'{WEB}<Property Id="3" ParentId="2" Name="Lists" />'
    lists = ask(f'<Query Id="5" ObjectPathId="3">{MEMBERS}</Query>', paths)[5]
    assert lists["_ObjectType_"] == "SP.ListCollection"
    documents = next(each for each in lists["_Child_Items_"] if each["Title"] == "Documents")
    named = f'<Identity Id="1" Name={quoteattr(documents["_ObjectIdentity_"])} />'
    assert ask(f'<Query Id="5" ObjectPathId="1">{WHOLE}</Query>', named)[5]["Id"] == documents["Id"]


def test_made_up_identities_are_understood(ask: Callable[..., Any], team: Door) -> None:
    site, web = team.get("site")["Id"], team.get("web")["Id"]
    listing = team.get("web/lists/getbytitle('Documents')")["Id"]
    identity = f"1a48869e-c092-0000-1f61-81ec89809537|740c6a0b-85e2-48a0-a494-e0f1759d4aa7:site:{site}:web:{web}"
    for steps, kind in (("", "SP.Web"), (f":list:{listing}", "SP.List"), (f":list:{{{listing}}}", "SP.List")):
        path = f'<Identity Id="1" Name="{identity}{steps}" />'
        assert ask(f'<Query Id="5" ObjectPathId="1">{WHOLE}</Query>', path)[5]["_ObjectType_"] == kind


def test_property_bag_needs_custom_script(
    ask: Callable[..., Any], refused: Callable[..., Any], rehearsed: Tenant
) -> None:
    actions = (
        f'<Method Id="5" ObjectPathId="3" Name="SetFieldValue">{parameters(("String", "k"), ("String", "v"))}</Method>'
        '<Method Id="6" ObjectPathId="2" Name="Update" />'
    )
    paths = f'{WEB}<Property Id="3" ParentId="2" Name="AllProperties" />'
    assert refused(actions, paths)["ErrorTypeName"] == "System.UnauthorizedAccessException"
    site = rehearsed.store.find("site", 0, f"{HOST}/sites/team")
    assert site
    rehearsed.store.update(site, {"DenyAddAndCustomizePages": 1}, at=rehearsed.clock.iso())
    ask(actions, paths)
    nested = ('<Query SelectAllProperties="false"><Properties><Property Name="AllProperties" SelectAll="true">'
              '<Query SelectAllProperties="false"><Properties /></Query></Property></Properties></Query>')  # fmt: skip
    bag = ask(f'<Query Id="5" ObjectPathId="2">{nested}</Query>', WEB)[5]["AllProperties"]
    assert (bag["_ObjectType_"], bag["k"], bag["vti_defaultlanguage"]) == ("SP.PropertyValues", "v", "en-us")


def test_field_link_flags_are_kept_by_the_content_type(ask: Callable[..., Any], team: Door) -> None:
    site, web = team.get("site")["Id"], team.get("web")["Id"]
    base = f"x|740c6a0b-85e2-48a0-a494-e0f1759d4aa7:site:{site}:web:{web}"
    team.post("web/contenttypes", {"Id": {"StringValue": "0x0100AA"}, "Name": "Case"})
    field = team.post("web/fields", {"Title": "Number", "FieldTypeKind": 2})["Id"]
    kind = f'<Identity Id="1" Name="{base}:contenttype:0x0100AA" />'
    update = f'<Method Id="9" ObjectPathId="1" Name="Update">{parameters(("Boolean", "true"))}</Method>'
    creation = (
        '<Parameter TypeId="{63fb2c92-8f65-4bbb-a658-b6cd294403f4}">'
        '<Property Name="Field" ObjectPathId="4" /></Parameter>'
    )
    ask(
        f'<ObjectPath Id="5" ObjectPathId="3" />{update}',
        f'{kind}<Property Id="2" ParentId="1" Name="FieldLinks" /><Identity Id="4" Name="{base}:field:{field}" />'
        f'<Method Id="3" ParentId="2" Name="Add"><Parameters>{creation}</Parameters></Method>',
    )
    required = (
        '<SetProperty Id="6" ObjectPathId="2" Name="Required"><Parameter Type="Boolean">true</Parameter></SetProperty>'
    )
    link = f'<Identity Id="2" Name="{base}:contenttype:0x0100AA:fl:{field}" />'
    ask(required, kind + link)
    read = f"web/contenttypes('0x0100AA')/fieldlinks(guid'{field}')"
    assert team.get(read)["Required"] is False
    ask(required + update, kind + link)
    assert team.get(read)["Required"] is True


def test_version_policies_are_kept_with_their_list(ask: Callable[..., Any], team: Door) -> None:
    named = f'<Method Id="4" ParentId="3" Name="GetByTitle">{parameters(("String", "Documents"))}</Method>'
    paths = f'{WEB}<Property Id="3" ParentId="2" Name="Lists" />{named}'
    paths += '<Property Id="5" ParentId="4" Name="VersionPolicies" />'
    value = '<Parameter Type="Int32">2</Parameter>'
    setting = f'<SetProperty Id="6" ObjectPathId="5" Name="DefaultTrimMode">{value}</SetProperty>'
    read = "web/lists/getbytitle('Documents')/VersionPolicies"
    ask(setting, paths)
    assert team.get(read)["DefaultTrimMode"] == 0
    ask(f'{setting}<Method Id="7" ObjectPathId="4" Name="Update" />', paths)
    assert team.get(read)["DefaultTrimMode"] == 2


def test_site_listing_says_where_it_goes_on(ask: Callable[..., Any]) -> None:
    speak = ('<Parameter TypeId="{b92aeee2-c92c-4b67-abcc-024e471bc140}"><Property Name="Filter" Type="String" />'
             '<Property Name="IncludeDetail" Type="Boolean">false</Property><Property Name="StartIndex" Type="String">0'
             '</Property><Property Name="IncludePersonalSite" Type="Enum">0</Property></Parameter>')  # fmt: skip
    name = "GetSitePropertiesFromSharePointByFilters"
    paths = f'{TENANT}<Method Id="2" ParentId="1" Name="{name}"><Parameters>{speak}</Parameters></Method>'
    sites = ask(f'<Query Id="5" ObjectPathId="2">{MEMBERS}</Query>', paths, host=ADMIN)[5]
    assert sites["_ObjectType_"].endswith("SPOSitePropertiesEnumerable")
    assert (sites["NextStartIndex"], sites["NextStartIndexFromSharePoint"]) == (-1, None)
    team = next(each for each in sites["_Child_Items_"] if each["Url"].endswith("/sites/team"))
    assert team["_ObjectIdentity_"].endswith("\nSiteProperties\nhttps%3a%2f%2fcontoso.sharepoint.com%2fsites%2fteam")


def test_sites_are_listed_three_hundred_a_page(ask: Callable[..., Any], rehearsed: Tenant) -> None:
    with rehearsed.store.transaction():
        for number in range(300):
            create_site(rehearsed, NewSite(f"{HOST}/sites/n{number}", "N", OWNER))
    pages = []
    for start in (0, 300):
        speak = ('<Parameter TypeId="{b92aeee2-c92c-4b67-abcc-024e471bc140}"><Property Name="StartIndex" Type="String">'
                 f"{start}</Property></Parameter>")  # fmt: skip
        name = "GetSitePropertiesFromSharePointByFilters"
        paths = f'{TENANT}<Method Id="2" ParentId="1" Name="{name}"><Parameters>{speak}</Parameters></Method>'
        pages.append(ask(f'<Query Id="5" ObjectPathId="2">{MEMBERS}</Query>', paths, host=ADMIN)[5])
    assert [len(each["_Child_Items_"]) for each in pages] == [300, 2]
    assert [each["NextStartIndexFromSharePoint"] for each in pages] == ["300", None]


def test_site_creation_takes_its_time_where_delays_are_kept(ask: Callable[..., Any], rehearsed: Tenant) -> None:
    props = "".join(
        f'<Property Name="{name}" Type="{kind}">{value}</Property>'
        for name, kind, value in (
            ("Owner", "String", OWNER), ("Title", "String", "New"), ("Template", "String", "STS#3"),
            ("Lcid", "UInt32", 1033),
            ("Url", "String", f"https://{HOST}/sites/new"), ("TimeZoneId", "Int32", 2),
        )
    )  # fmt: skip
    creation = (
        f'<Parameters><Parameter TypeId="{{11f84fff-b8cf-47b6-8b50-34e692656606}}">{props}</Parameter></Parameters>'
    )
    paths = f'{TENANT}<Method Id="2" ParentId="1" Name="CreateSite">{creation}</Method>'
    rehearsed.delays.sites = True
    begun = ask(f'<Query Id="5" ObjectPathId="2">{WHOLE}</Query>', paths, host=ADMIN)[5]
    assert begun["IsComplete"] is False
    named = f'<Identity Id="9" Name={quoteattr(begun["_ObjectIdentity_"], {chr(10): "&#xA;"})} />'
    rehearsed.clock.advance(13)
    assert ask(f'<Query Id="5" ObjectPathId="9">{WHOLE}</Query>', named, host=ADMIN)[5]["IsComplete"] is True


def test_terms_are_made_named_and_found_again(ask: Callable[..., Any]) -> None:
    guid = "11111111-2222-4333-8444-555555555555"
    arguments = parameters(("String", "Council"), ("Guid", f"{{{guid}}}"))
    group = f'<Method Id="3" ParentId="2" Name="CreateGroup">{arguments}</Method>'
    made = ask(f'<Query Id="5" ObjectPathId="3">{WHOLE}</Query>', STORE + group)[5]
    assert (made["_ObjectType_"], made["Id"], made["IsSystemGroup"]) == (
        "SP.Taxonomy.TermGroup",
        f"/Guid({guid})/",
        False,
    )
    assert made["CreatedDate"].removeprefix("/Date(").removesuffix(")/").isdigit()
    groups = f'{STORE}<Property Id="3" ParentId="2" Name="Groups" />'
    named = f'<Identity Id="1" Name={quoteattr(made["_ObjectIdentity_"])} />'
    setting = (
        '<SetProperty Id="4" ObjectPathId="1" Name="Description"><Parameter Type="String">D</Parameter></SetProperty>'
    )
    ask(setting, named)
    found = ask(f'<Query Id="5" ObjectPathId="3">{MEMBERS}</Query>', groups)[5]["_Child_Items_"]
    assert [(each["Name"], each["Description"]) for each in found if each["Name"] == "Council"] == [("Council", "D")]


@pytest.mark.parametrize(
    ("actions", "paths", "kind", "number"),
    [
        ('<ObjectPath Id="5" ObjectPathId="4" />',
         f'{WEB}<Property Id="3" ParentId="2" Name="Lists" />'
         f'<Method Id="4" ParentId="3" Name="GetByTitle">{parameters(("String", "Nope"))}</Method>',
         "System.ArgumentException", -1),
        ('<ObjectPath Id="5" ObjectPathId="4" />',
         f'{STORE}<Property Id="3" ParentId="2" Name="Groups" />'
         f'<Method Id="4" ParentId="3" Name="GetByName">{parameters(("String", "Nope"))}</Method>',
         "System.ArgumentOutOfRangeException", -2146233086),
        ('<Method Id="5" ObjectPathId="2" Name="Frobnicate" />', WEB,
         "Microsoft.SharePoint.Client.InvalidClientQueryException", -1),
        ('<SetProperty Id="5" ObjectPathId="2" Name="Url"><Parameter Type="String">x</Parameter></SetProperty>', WEB,
         "Microsoft.SharePoint.Client.InvalidClientQueryException", -1),
    ],
)  # fmt: skip
def test_refusals_are_told_inside_an_answer_of_200(
    refused: Callable[..., Any], actions: str, paths: str, kind: str, number: int
) -> None:
    told = refused(actions, paths)
    assert (told["ErrorTypeName"], told["ErrorCode"]) == (kind, number)


def test_what_was_done_before_a_refusal_stays_done(refused: Callable[..., Any], team: Door) -> None:
    setting = (
        '<SetProperty Id="5" ObjectPathId="2" Name="Title"><Parameter Type="String">Kept</Parameter></SetProperty>'
    )
    refused(
        f'{setting}<Method Id="6" ObjectPathId="2" Name="Update" /><Method Id="7" ObjectPathId="2" Name="Nope" />', WEB
    )
    assert team.get("web")["Title"] == "Kept"


def test_exception_scope_goes_on_after_a_failure(ask: Callable[..., Any]) -> None:
    tried = '<TryScope Id="10"><Method Id="5" ObjectPathId="2" Name="Nope" /></TryScope>'
    caught = '<CatchScope Id="11"><ObjectPath Id="6" ObjectPathId="2" /></CatchScope>'
    scope = f'<ExceptionHandlingScope Id="9">{tried}{caught}</ExceptionHandlingScope>'
    answer = ask(f'{scope}<ObjectPath Id="7" ObjectPathId="2" />', WEB)
    assert answer[9]["HasException"] is True
    assert answer[6] == answer[7] == {"IsNull": False}


@pytest.mark.parametrize(
    ("actions", "paths", "named"),
    [
        ('<ObjectPath Id="5" ObjectPathId="1" />',
         '<Constructor Id="1" TypeId="{80173281-fffd-47b6-9a49-312e06ff8428}" />', b"SP.Search.Query.KeywordQuery"),
        ('<ObjectPath Id="6" ObjectPathId="3" />',
         f'{WEB}<Property Id="3" ParentId="2" Name="PushNotificationSubscribers" />', b"SP.Web"),
    ],
)  # fmt: skip
def test_what_is_lacking_is_501_and_names_it(
    send: Callable[..., Response], actions: str, paths: str, named: bytes
) -> None:
    response = send(packed(actions, paths))
    assert response.status == 501
    assert named in response.body


def test_reader_may_not_write(refused: Callable[..., Any], send: Callable[..., Response]) -> None:
    setting = '<SetProperty Id="5" ObjectPathId="2" Name="Title"><Parameter Type="String">x</Parameter></SetProperty>'
    told = refused(setting, WEB, role="Sites.Read.All")
    assert (told["ErrorCode"], told["ErrorTypeName"]) == (-2147024891, "System.UnauthorizedAccessException")
    assert (
        send(packed('<ObjectPath Id="5" ObjectPathId="1" />', TENANT), host=ADMIN, role="Sites.Read.All").status == 200
    )


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"<Request>", b"<a/>", "<Request/>".encode("utf-16"),
        b'<!DOCTYPE r [<!ENTITY a "b">]><Request><Actions>&a;</Actions></Request>',
        packed("<Nonsense />", WEB), packed("", "<Nonsense />"), b"<Request>" + b" " * 2_100_000,
        packed('<Query Id="1" ObjectPathId="2">' + "<Query><Properties><Property Name='a'>" * 300
               + "</Property></Properties></Query>" * 300 + "</Query>", WEB),
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused(send: Callable[..., Response], content: bytes) -> None:
    response = send(content)
    assert response.status == 200
    told = json.loads(response.body)[0]["ErrorInfo"]
    assert told is None if content == b"<Request/>" else told["ErrorTypeName"].endswith("InvalidClientQueryException")


def test_get_is_refused(send: Callable[..., Response]) -> None:
    assert send(b"", method="GET").status == 405


NAMES = st.sampled_from([
    "Web", "Lists", "Fields", "ContentTypes", "RootFolder", "Update", "GetById", "GetByTitle", "Add", "DeleteObject",
    "AllProperties", "SetFieldValue", "GetSitePropertiesByUrl", "CreateSite", "GrantHubSiteRights", "GetTerm",
    "GetTaxonomySession", "CreateTermSet", "SetTenantCdnPolicy", "AddTenantTheme", "GetExternalUsers", "Title", "Site",
    "Current", "EnsureUser", "GetFolderByServerRelativeUrl", "SetSiteAdmin", "GetItems", "Folders", "Features",
    "Navigation",
])  # fmt: skip
VALUES = st.tuples(
    st.sampled_from(["String", "Int32", "Boolean", "Guid", "Null", "Array", "Enum", "DateTime", "Double"]),
    st.sampled_from(["", "x", "1", "-1", "true", "{11111111-1111-1111-1111-111111111111}", "https://contoso.sharepoint.com",
                     "99999999999999999999", "null", "0x01", "[]", "{}", "/sites/team"]),
)  # fmt: skip


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_request_breaks_the_tenant(send: Callable[..., Response], data: st.DataObject) -> None:
    paths, actions = [], []
    for number in range(1, data.draw(st.integers(1, 5))):
        kind = data.draw(st.sampled_from(sorted(PATHS)))
        given_values = parameters(*data.draw(st.lists(VALUES, max_size=4)))
        type_id = data.draw(st.sampled_from(sorted(TYPE_NAMES)))
        parent = data.draw(st.integers(1, 5))
        name = data.draw(NAMES)
        paths.append(
            f'<{kind} Id="{number}" TypeId="{{{type_id}}}" ParentId="{parent}" Name="{name}">{given_values}</{kind}>'
        )
    for number in range(10, 10 + data.draw(st.integers(1, 4))):
        kind = data.draw(st.sampled_from(sorted(ACTIONS)))
        inner = data.draw(VALUES)
        body = f'<Parameter Type="{inner[0]}">{inner[1]}</Parameter>' if kind.startswith("Set") else (
            MEMBERS if kind == "Query" else parameters(inner))  # fmt: skip
        target = data.draw(st.integers(1, 5))
        actions.append(f'<{kind} Id="{number}" ObjectPathId="{target}" Name="{data.draw(NAMES)}">{body}</{kind}>')
    host = data.draw(st.sampled_from([HOST, ADMIN]))
    response = send(packed("".join(actions), "".join([TENANT, *paths][:5])), host=host)
    assert response.status in (200, 501)
    json.loads(response.body)


def test_an_object_is_made_once(ask: Callable[..., Any], team: Door) -> None:
    creation = (
        '<Parameter TypeId="{e247b7fc-095e-4ea4-a4c9-c5d373723d8c}">'
        '<Property Name="Title" Type="String">Once</Property>'
        '<Property Name="TemplateType" Type="Int32">100</Property></Parameter>'
    )
    lists = f'{WEB}<Property Id="3" ParentId="2" Name="Lists" />'
    paths = f'{lists}<Method Id="4" ParentId="3" Name="Add"><Parameters>{creation}</Parameters></Method>'
    answer = ask(f'<ObjectPath Id="5" ObjectPathId="4" /><Query Id="6" ObjectPathId="4">{WHOLE}</Query>', paths)
    assert answer[6]["Title"] == "Once"
    assert sum(each["Title"] == "Once" for each in team.get("web/lists")["value"]) == 1
