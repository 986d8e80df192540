"""The page of a site for the people who will live in it."""

from pathlib import Path

from spmigrate.provision.lint import review
from spmigrate.provision.preview import preview
from tests.contract.full_sites import write_full_sites


def shown(folder: Path) -> dict[str, str]:
    """The pages of four sites that use every part of the language, as text, by address."""
    sites = write_full_sites(folder, "seen")
    catalogue = review(folder).catalogue
    return {site.address: repr(preview(catalogue, site)) for site in sites}


def test_what_new_documents_begin_as_is_told_by_the_name_of_the_file(tmp_path: Path) -> None:
    team = shown(tmp_path)["/sites/t-seen"]
    assert "('A new Council document begins as', 'case.dotx')" in team
    assert "('A new Case file begins as', 'case.dotx')" in team  # it inherits it


def test_for_whom_a_page_is_is_told_and_that_it_protects_nothing(tmp_path: Path) -> None:
    assert (
        "Page: About us, shown first to All staff; everybody else can open it too" in shown(tmp_path)["/sites/d-seen2"]
    )


def test_theme_and_logo_are_told_in_words(tmp_path: Path) -> None:
    hub = shown(tmp_path)["/sites/d-seen2"]
    assert "('Theme', 'Council green')" in hub
    assert "('Logo', 'crest.png')" in hub
