"""ProcessQuery: what is refused, what is lacking, and what nobody would send."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmigrate.rehearsal.csom.query import ACTIONS, PATHS
from spmigrate.rehearsal.csom.statics import TYPE_NAMES
from spmigrate.rehearsal.http import Response
from tests.unit.rehearsal.sharepoint.conftest import ADMIN, HOST, Door
from tests.unit.rehearsal.sharepoint.process_query import (
    MEMBERS,
    STORE,
    TENANT,
    WEB,
    packed,
    parameters,
)


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
