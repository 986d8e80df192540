"""Lengths as the service counts them."""

from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from spmigrate import limits


@given(st.text() | st.text("Aa0 ~_-./%&é"))
def test_length_of_an_address_is_that_of_the_path_percent_encoded(path: str) -> None:
    assert limits.encoded(path) == len(quote(path, errors="replace"))
