"""Identifiers are the same on every site and in every year."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.provision import identity


def test_identifiers_never_change() -> None:
    assert identity.internal_name("Review date") == "CouncilReviewDate"
    assert identity.column_id("CouncilReviewDate") == "829af2ed-ddb9-5ede-88bf-13e52b8bc19a"
    assert identity.content_type_id("Council document", "0x0101") == "0x010100D8AB851770905340A9242CFB5ECE8258"


@given(st.text(min_size=1))
def test_an_internal_name_is_one_that_sharepoint_keeps_as_it_is(column: str) -> None:
    name = identity.internal_name(column)
    assert len(name) <= 32
    assert name.isascii()
    assert name.isalnum()
    UUID(identity.column_id(name))


def test_long_names_that_begin_alike_stay_apart() -> None:
    long = "Date on which the retention of the record was last considered by the"
    assert identity.internal_name(f"{long} owner") != identity.internal_name(f"{long} archive")


def test_a_content_type_id_continues_its_parents() -> None:
    parent = identity.content_type_id("Council document", "0x0101")
    child = identity.content_type_id("Council policy", parent)
    assert child.startswith(parent + "00")
    assert len(child) == len(parent) + 34
