"""Dates as owners type them, read into ISO days or spoken of."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmigrate.mapping.avoid_dates import read

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1 April 2027", "2027-04-01"),
        ("2027-04-01", "2027-04-01"),
        ("1st of April 2027", "2027-04-01"),
        ("Apr 1, 2027", "2027-04-01"),
        ("1 to 5 April 2027", "2027-04-01/2027-04-05"),
        ("from Monday 29 March to Fri 2 April 2027", "2027-03-29/2027-04-02"),
        ("1, 2 and 9 April 2027", "2027-04-01, 2027-04-02, 2027-04-09"),
        ("20 Dec - 3 Jan 2027", "2026-12-20/2027-01-03"),
        ("April 2027", "2027-04-01/2027-04-30"),
        ("2027-04-01/2027-04-05; 31 May 2027", "2027-04-01/2027-04-05, 2027-05-31"),
        ("", ""),
    ],
)
def test_days_ranges_and_lists_become_iso_without_a_word(text: str, iso: str) -> None:
    found = read(text, TODAY)
    assert (found.text, found.notes, found.wrong) == (iso, (), ())


@pytest.mark.parametrize(
    ("text", "iso", "note"),
    [
        ("5 January", "2027-01-05", "read '5 January' as 5 January 2027"),
        ("1 December", "2026-12-01", "read '1 December' as 1 December 2026"),
        ("04/03/2027", "2027-03-04", "read '04/03/2027' as 4 March 2027"),
        (
            "month end, 1 April 2027",
            "2027-04-01; month end",
            "no date can be read from 'month end'; it is kept as words",
        ),
        ("1 April 2019", "2019-04-01", "these days have passed"),
    ],
)
def test_what_had_to_be_guessed_is_said(text: str, iso: str, note: str) -> None:
    found = read(text, TODAY)
    assert (found.text, found.notes, found.wrong) == (iso, (note,), ())


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("04/25/2027", "'04/25/2027' is in American order; write 25 April 2027"),
        ("31 April 2027", "'31 April 2027' is no day"),
        ("2027-13-01", "'2027-13-01' is no day"),
        ("5 to 1 April 2027", "'1 April 2027' comes before the day that it is the end of"),
    ],
)
def test_what_cannot_be_a_day_is_left_as_it_is_and_must_be_corrected(text: str, wrong: str) -> None:
    found = read(text, TODAY)
    assert (found.text, found.wrong) == (text, (wrong,))


@given(st.dates(TODAY, date(2030, 1, 1)), st.integers(1, 40), st.sampled_from(["%-d %B %Y", "%Y-%m-%d"]))
def test_every_range_is_read_in_every_form(first: date, length: int, form: str) -> None:
    last = first + timedelta(days=length)
    text = f"{first.strftime(form)} to {last.strftime(form)}"
    assert read(text, TODAY).text == f"{first}/{last}"


_pieces = st.sampled_from(
    ["1", "31", "April", "may", "2027", "to", "-", "/", ",", "and", "panel", "1 Feb", "2027-02-03", "30/02/27", "the"]
)


@settings(max_examples=300)
@given(st.lists(_pieces, max_size=8).map(" ".join) | st.text(max_size=30))
def test_reading_what_was_kept_gives_the_same_again(text: str) -> None:
    found = read(text, TODAY)
    assert found.wrong or read(found.text, TODAY).text == found.text
