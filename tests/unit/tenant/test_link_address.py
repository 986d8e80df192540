"""Addresses of links are compared in one form."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spmigrate.tenant.link_address import leads_to, plain_address

HOST = "https://contoso.sharepoint.com"


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("/sites/x", "/sites/x"),
        ("/sites/x/", "/sites/x"),
        ("/sites/x/SitePages/Home.aspx", "/sites/x"),
        (f"{HOST}/sites/x/Shared%20Documents/Forms/AllItems.aspx", "/sites/x/Shared Documents"),
        ("/sites/x/SitePages/Rota.aspx", "/sites/x/SitePages/Rota.aspx"),
        ("/sites/x/Plans/Forms/ByYear.aspx", "/sites/x/Plans/Forms/ByYear.aspx"),
        ("/sites/x/A%23%26B%2525", "/sites/x/A%23&B%2525"),
        ("/sites/x/Plans/Forms/AllItems.aspx?id=a%2Fb", "/sites/x/Plans/Forms/AllItems.aspx?id=a%2Fb"),
        ("HTTPS://Contoso.SharePoint.com", "/"),
        (f"{HOST}.evil.example/sites/x", f"{HOST}.evil.example/sites/x"),
        ("https://www.gov.uk/", "https://www.gov.uk"),
        ("https://Intranet.example/A%20b%26c", "https://intranet.example/A%20b%26c"),
        ("https://intranet.example/größe", "https://intranet.example/gr%C3%B6%C3%9Fe"),
        ("https://intranet.example/x/Forms/AllItems.aspx", "https://intranet.example/x/Forms/AllItems.aspx"),
        ("https://[", "https://["),
        ("/", "/"),
        ("", ""),
    ],
)
def test_an_address_is_compared_without_what_sharepoint_adds(url: str, plain: str) -> None:
    assert plain_address(url, HOST) == plain


@example(" /", "/")
@given(st.text("/%2?#5fFA&h:äß ."), st.sampled_from(["", "/", HOST, f"{HOST}/", "https://intranet.example/"]))
def test_the_form_of_a_form_is_itself(text: str, start: str) -> None:
    plain = plain_address(start + text, HOST)
    assert plain_address(plain, HOST) == plain


def test_a_link_to_a_library_may_open_any_view_and_a_link_to_a_view_only_that_one() -> None:
    assert leads_to("/sites/x/Plans/Forms/ByYear.aspx", f"{HOST}/sites/x/Plans", HOST)
    assert not leads_to("/sites/x/Plans", "/sites/x/Plans/Forms/ByYear.aspx", HOST)
    assert not leads_to("https://a.example/Plans/Forms/ByYear.aspx", "https://a.example/Plans", HOST)
