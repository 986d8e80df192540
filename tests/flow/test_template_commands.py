"""`template` from the command line: pages for the workshop, and versions that can be compared. No tenant."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spmigrate.provision.catalogue import read
from spmigrate.provision.versions import version_of
from spmigrate.store import templates
from spmigrate.store.ledger import Ledger
from tests.conftest import ROOT

Command = Callable[..., Any]
TEAM = "site_templates/templates/team.yaml"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "site_templates", tmp_path / "site_templates")
    (tmp_path / "spmigrate.yaml").write_text("version: 1\ntenant: {rehearsal: ../tenant}\n")
    return tmp_path


def change(work: Path, old: str, new: str) -> None:
    text = (work / TEAM).read_text("utf-8")
    assert old in text
    (work / TEAM).write_text(text.replace(old, new), "utf-8")


def apply_as_it_is(work: Path) -> None:
    with Ledger(work / "ledger.db") as ledger:
        now = version_of(read(work / "site_templates"), "Team site")
        templates.keep(ledger, now.template, now.version, digest=now.digest, document=now.document)


@pytest.mark.parametrize("subject", ["Directorate", "function", "Team site", "/sites/t-s6p2x", "d-h7k2m"])
def test_a_kind_a_template_and_a_site_have_a_page(work: Path, spmigrate: Command, subject: str) -> None:
    shown = spmigrate("template", "preview", subject, "--out", "page.html", "--json", cwd=work)
    assert shown.code == 0, shown.stderr
    page = (work / "page.html").read_text("utf-8")
    assert f"<h1>{shown.json['title']}</h1>" in page
    for heading in ("Where it stands, and what is in it", "Who sees what", "Library “Documents”"):
        assert heading in page
    assert "Council" + "DocumentType" not in page, "internal names are for programs"
    assert "<script" not in page


def test_a_kind_shows_the_questions_that_are_asked(work: Path, spmigrate: Command) -> None:
    assert spmigrate("template", "preview", "team", "--out", "page.html", cwd=work).code == 0
    assert "Which directorate does it belong to now?" in (work / "page.html").read_text("utf-8")


def test_an_unknown_subject_is_refused_with_those_that_there_are(work: Path, spmigrate: Command) -> None:
    refused = spmigrate("template", "preview", "teem", cwd=work)
    assert refused.code == 2
    assert "no kind, template or site is called 'teem'" in refused.stderr
    assert "Team site" in refused.stderr


def test_versions_are_compared_by_what_they_would_change(work: Path, spmigrate: Command) -> None:
    apply_as_it_is(work)
    change(work, "version: 1\n", "version: 2\n")
    change(work, "name: Working papers\n", "name: Working papers\n    approval: yes\n")
    shown = spmigrate("template", "preview", "team", "--diff", "1", "2", "--out", "page.html", cwd=work)
    assert shown.code == 0, shown.stderr
    page = (work / "page.html").read_text("utf-8")
    assert "1 to change" in page
    assert "library &#34;Working papers&#34;  approval: (none) -&gt; yes" in page
    unknown = spmigrate("template", "preview", "team", "--diff", "7", "now", cwd=work)
    assert unknown.code == 2
    assert "applied from here: 1" in unknown.stderr


def test_two_folders_are_compared(work: Path, spmigrate: Command) -> None:
    shutil.copytree(work / "site_templates", work / "before")
    shown = spmigrate("template", "preview", "team", "--diff", "before", "now", "--out", "page.html", cwd=work)
    assert shown.code == 0, shown.stderr
    assert "Nothing would change." in (work / "page.html").read_text("utf-8")


def test_content_that_changed_under_an_applied_version_is_told(work: Path, spmigrate: Command) -> None:
    apply_as_it_is(work)
    assert spmigrate("template", "lint", cwd=work).code == 0
    change(work, "major: 100", "major: 120")
    told = spmigrate("template", "lint", cwd=work)
    assert told.code == 3
    assert f"{TEAM}:3:1: version 1 was applied with other content (raise it to 2" in told.stdout
    change(work, "version: 1\n", "version: 2\n")
    assert spmigrate("template", "lint", cwd=work).code == 0


def test_another_folder_of_templates_can_be_checked_and_shown(work: Path, spmigrate: Command) -> None:
    shutil.copytree(work / "site_templates", work / "draft")
    assert spmigrate("template", "lint", "--folder", "draft", cwd=work).code == 0
    shown = spmigrate("template", "preview", "team", "--folder", "draft", "--out", "page.html", cwd=work)
    assert shown.code == 0, shown.stderr
