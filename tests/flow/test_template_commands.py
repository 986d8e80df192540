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
    ground = spmigrate("template", "preview", "Base site", cwd=work)
    assert (ground.code, "'Base site' makes no sites: it has no kind" in ground.stderr) == (2, True)


def test_of_a_hundred_sites_only_some_are_named(work: Path, spmigrate: Command) -> None:
    for path in (work / "site_templates/samples/county").glob("*.yaml"):
        shutil.copy(path, work / "site_templates/sites")
    refused = spmigrate("template", "preview", "nothing", cwd=work)
    assert refused.stderr.rstrip().endswith("more")
    assert len(refused.stderr) < 1000


def test_versions_are_compared_by_what_they_would_change(work: Path, spmigrate: Command) -> None:
    apply_as_it_is(work)
    change(work, "version: 2\n", "version: 3\n")
    change(work, "name: Working papers\n", "name: Working papers\n    approval: yes\n")
    shown = spmigrate("template", "preview", "team", "--diff", "2", "3", "--out", "page.html", cwd=work)
    assert shown.code == 0, shown.stderr
    page = (work / "page.html").read_text("utf-8")
    assert "1 to change" in page
    assert "library &#34;Working papers&#34;  approval: (none) -&gt; yes" in page
    site = spmigrate("template", "preview", "t-s6p2x", "--diff", "2", "3", "--out", "page.html", cwd=work)
    assert site.stdout.startswith("Team site: from 2 to 3"), "a site is compared by its template"
    unknown = spmigrate("template", "preview", "team", "--diff", "7", "now", cwd=work)
    assert unknown.code == 2
    assert "applied from here: 2" in unknown.stderr


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
    assert f"{TEAM}:3:1: version 2 was applied with other content (raise it to 3" in told.stdout
    change(work, "version: 2\n", "version: 3\n")
    assert spmigrate("template", "lint", cwd=work).code == 0


def test_another_folder_of_templates_can_be_checked_and_shown(work: Path, spmigrate: Command) -> None:
    shutil.copytree(work / "site_templates", work / "draft")
    assert spmigrate("template", "lint", "--folder", "draft", cwd=work).code == 0
    shown = spmigrate("template", "preview", "team", "--folder", "draft", "--out", "page.html", cwd=work)
    assert shown.code == 0, shown.stderr


PNP = """<p:Provisioning xmlns:p="http://schemas.dev.office.com/PnP/2022/09/ProvisioningSchema">
<p:Templates><p:ProvisioningTemplate ID="T" DisplayName="Case team" BaseSiteTemplate="STS#3">
<p:SiteFields><Field Type="Text" Name="CaseNumber" DisplayName="Case number"/></p:SiteFields>
<p:Lists><p:ListInstance Title="Cases" Url="Cases" TemplateType="101" EnableVersioning="true" MaxVersionLimit="50">
<p:Views><View DisplayName="By number"><ViewFields><FieldRef Name="CaseNumber"/></ViewFields></View></p:Views>
</p:ListInstance></p:Lists>
<p:Workflows/>
</p:ProvisioningTemplate></p:Templates></p:Provisioning>"""


def test_a_pnp_file_becomes_a_folder_that_lints_and_previews(work: Path, spmigrate: Command) -> None:
    (work / "team.xml").write_text(PNP)
    done = spmigrate("template", "import", "team.xml", "--to", "draft", "--kind", "Team", cwd=work)
    assert done.code == 3
    assert "1 template, 1 column and 0 content types carried over into draft" in done.stdout
    assert "team.xml:7  Provisioning/Templates/ProvisioningTemplate/Workflows: workflows of this kind" in done.stdout
    linted = spmigrate("template", "lint", "--folder", "draft", cwd=work)
    assert linted.code in (0, 3), linted.stderr
    shown = spmigrate("template", "preview", "Case team", "--folder", "draft", "--out", "page.html", cwd=work)
    assert shown.code == 0, shown.stderr
    assert "Library “Cases”" in (work / "page.html").read_text("utf-8")
    again = spmigrate("template", "import", "team.xml", "--to", "draft", cwd=work)
    assert again.code == 2
    assert "draft is not empty" in again.stderr


def test_a_site_script_becomes_a_folder_outside_a_working_folder(tmp_path: Path, spmigrate: Command) -> None:
    (tmp_path / "script.json").write_text('{"actions": [{"verb": "applyTheme", "themeName": "Blue"}]}')
    done = spmigrate("template", "import", "script.json", "--json", cwd=tmp_path)
    assert done.code == 0, done.stderr
    assert done.json["not_carried"] == []
    assert "theme: Blue" in (tmp_path / "imported-script" / "templates" / "imported-site.yaml").read_text("utf-8")


def test_what_the_language_refuses_is_told_and_the_rest_is_carried(work: Path, spmigrate: Command) -> None:
    (work / "team.xml").write_text(PNP.replace("Case number", "x" * 300))
    done = spmigrate("template", "import", "team.xml", "--to", "draft", "--json", cwd=work)
    assert done.code == 3
    assert "site columns" in done.json["refused"][0]["where"]
    assert (work / "draft" / "templates" / "case-team.yaml").exists()


def test_a_file_that_is_none_of_them_is_refused_in_a_sentence(work: Path, spmigrate: Command) -> None:
    for name, text in (("a.xml", "<a/>"), ("b.json", "{}"), ("c.pnp", "PK\x03\x04"), ("d.xml", "no markup")):
        (work / name).write_text(text)
        done = spmigrate("template", "import", name, cwd=work)
        assert done.code == 1
        assert done.stderr.startswith(f"error: {name} is not")
    assert spmigrate("template", "import", "nowhere.xml", cwd=work).code == 1


def test_a_package_as_large_as_a_disk_is_refused_before_it_is_read(work: Path, spmigrate: Command) -> None:
    with (work / "huge.pnp").open("wb") as file:
        file.truncate(500_000_001)
    done = spmigrate("template", "import", "huge.pnp", cwd=work)
    assert done.code == 1
    assert "it is larger than 500 MB" in done.stderr
    assert "Traceback" not in done.stderr
