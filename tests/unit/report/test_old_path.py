"""What callers paste and type: drives, servers, addresses, quotes, names with > between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.report.old_path import Candidate, candidates, parse
from spmigrate.store.where_is import ScannedSource

SOURCES = [
    ScannedSource(1, "Adults", "smb://fs01/AdultSocialCare", "complete"),
    ScannedSource(2, "Highways", "/srv/shares/highways", "complete"),
]
DRIVES = {"G": r"\\fs01\AdultSocialCare", "h": r"\\fs02.council.example\Highways"}
SHARES = {r"\\fs02\Highways": "/srv/shares/highways"}
PARTS = ("Placements", "Panel minutes")


def found(text: str) -> list[Candidate]:
    return candidates(parse(text), SOURCES, drives=DRIVES, shares=SHARES)


@pytest.mark.parametrize(
    "text",
    [r"G:\Placements\Panel minutes", "g:/Placements/Panel minutes", r'"G:\Placements\Panel minutes"',
     "‘G:\\Placements\\Panel minutes’ ", "G: > Placements > Panel minutes", "(G:) > Placements > Panel minutes",
     r"\\fs01\AdultSocialCare\Placements\Panel minutes",
     r"\\FS01.council.example\adultsocialcare\Placements\Panel minutes",
     "//fs01/AdultSocialCare/Placements/Panel minutes",
     r"\\?\UNC\fs01\AdultSocialCare\Placements\Panel minutes",
     r"\\?\G:\Placements\Panel minutes", "file:///G:/Placements/Panel%20minutes",
     r"file:\\\G:\Placements\Panel minutes",
     "file://fs01/AdultSocialCare/Placements/Panel%20minutes",
     "<file:////fs01/AdultSocialCare/Placements/Panel%20minutes>",
     "smb://fs01/AdultSocialCare/Placements/Panel minutes", "G:\\Placements\\\\Panel minutes\\"],
)  # fmt: skip
def test_every_way_to_write_a_place_is_the_same_place(text: str) -> None:
    assert found(text) == [Candidate(1, PARTS)]


def test_a_share_that_was_scanned_elsewhere_is_found_there() -> None:
    address = "file:///srv/shares/highways/Bridges"
    for text in (r"H:\Bridges", r"\\fs02\Highways\Bridges", "/srv/shares/highways/Bridges", address):
        assert found(text) == [Candidate(2, ("Bridges",))]


def test_names_alone_are_looked_for_below_every_source_and_below_the_one_they_name() -> None:
    assert found("Highways > Bridges") == [Candidate(2, ("Bridges",)), Candidate(1, ("Highways", "Bridges"))]
    assert found("panel minutes") == [Candidate(1, ("panel minutes",)), Candidate(2, ("panel minutes",))]


def test_a_server_stands_for_the_sources_on_it() -> None:
    assert found(r"\\fs01") == [Candidate(1, (), above=True)]
    assert found(r"\\fs09\x") == []
    assert found("Z:\\x") == []


def test_words_know_no_accents_and_no_capitals() -> None:
    assert parse("Café_Minutes  2019 minutes.DOCX").words == ("cafe", "minutes", "2019", "docx")


@given(st.text(max_size=80))
def test_whatever_is_pasted_is_read(text: str) -> None:
    assert all(part == part.strip() and part for part in parse(text).parts)
    assert isinstance(found(text), list)
