"""Every mistake is found at its place, with what was probably meant."""

from collections.abc import Callable
from pathlib import Path

import pytest

from spmigrate.errors import InputError, Problem
from spmigrate.provision.lint import review
from spmigrate.provision.resolve import resolve
from spmigrate.tenant.contents import Kind
from tests.conftest import ROOT

ORGANISATION = """\
organisation: Sample County Council
version: 1
people domain: contoso.onmicrosoft.com
naming: {longest address: 12, never use: [new], address letters: {Team: t}}
site columns:
  - {name: Business class, type: Choice, choices: [Finance, Legal services]}
  - {name: Review date, type: Date}
content types:
  - {name: Council document, columns: [Business class]}
"""
BASE = """\
template: Base site
version: 1
parameters:
  - {name: title, ask: What is it called?}
  - {name: owners, ask: Who owns it?, answer: People}
site: {title: "{title}", description: A site.}
permissions: {owners: ["{owners}"]}
libraries:
  - {name: Papers, content types: [Council document], columns shown: [Name, Business class]}
"""
TEAM = """\
template: Team site
extends: Base site
version: 1
kind: Team
site: {type: Team site without group}
"""
SITE = """\
address: /sites/t-a3w9c
template: Team site
business class: Finance
answers: {title: Assets, owners: [one, two]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small catalogue without mistakes."""
    for name, text in {
        "organisation.yaml": ORGANISATION, "templates/base.yaml": BASE, "templates/team.yaml": TEAM,
        "sites/assets.yaml": SITE,
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def problems(folder: Path) -> list[Problem]:
    try:
        return list(review(folder).advice)
    except InputError as error:
        return error.problems


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")


def test_a_catalogue_without_mistakes_has_no_problems(folder: Path) -> None:
    assert problems(folder) == []


def test_the_templates_that_ship_have_neither_errors_nor_advice() -> None:
    assert review(ROOT / "site_templates").advice == ()


MISTAKES = [
    ("organisation.yaml", ": [Business class]", ": [Busines class]", "9:40", "no site column", "Business"),
    ("organisation.yaml", "name: Review date", "name: business CLASS", "7:6", "stands here twice", "number 1"),
    ("organisation.yaml", "name: Review date", "name: Modified", "7:6", "SharePoint has already", "another name"),
    ("organisation.yaml", "Council document,", "A, based on: Documnt,", "9:15", "no content type", "Document"),
    ("organisation.yaml", "type: Date", "type: Dat", "7:25", "not one of", None),
    ("organisation.yaml", "version: 1", "version: 1\nversionn: 2", "3:1", "unknown key 'versionn'", "version"),
    ("organisation.yaml", ", choices: [Finance, Legal services]", "", "6:5", "needs 'choices'", None),
    ("templates/team.yaml", "extends: Base site", "extends: Base sit", "2:1", "no template 'Base sit'", "Base site"),
    ("templates/base.yaml", "version: 1", "version: 1\nextends: Team site", "3:1", "extends itself", None),
    ("templates/base.yaml", ": [Council document]", ": [Council paper]", "9:36", "no content type", "Council"),
    ("templates/base.yaml", "[Name, Business class]", "[Name, Review date]", "9:77", "column 'Review date'", None),
    ("templates/base.yaml", '"{title}"', '"{titel}"', "6:8", "no parameter is called 'titel'", "title"),
    ("templates/base.yaml", '["{owners}"]', '["{title}"]', "7:24", "not a question that is answered by People", None),
    ("templates/base.yaml", '["{owners}"]', "[Everyone except external users]", "7:24", "whole organisation", "roles"),
    ("templates/team.yaml", "kind: Team", "kind: Team\nremove: {libraries: [Paper]}", "5:22", "'Paper'", "Papers"),
    ("templates/team.yaml", "site: {type: Team site without group}", "", "1:1", "needs 'type'", None),
    (
        "templates/team.yaml", "kind: Team", "kind: Team\nremove: {libraries: [papers]}\nlibraries: [{name: Papers}]",
        "5:22", "'papers' is declared and removed here", "one of the two",
    ),
    (
        "templates/team.yaml", "kind: Team",
        "kind: Team\nquick launch: {links: [{title: P, to: home page}, {title: p, to: /sites/x}]}",
        "5:52", "'p' stands here twice", "number 1",
    ),
    ("templates/base.yaml", "[Council document]", "[Council document, council Document]", "9:54", "here twice", None),
    ("templates/base.yaml", "[Name, Business class]", "[Name, Name]", "9:77", "'Name' stands here twice", None),
    ("templates/base.yaml", "{name: Papers,", "{name: Site pages, address: SitePages,", "9:5", "its own", "another"),
    ("templates/base.yaml", "name: Papers,", "name: Site Assets,", "9:5", "'SiteAssets' is where SharePoint", None),
    (
        "templates/team.yaml", "kind: Team", "kind: Team\nlibraries: [{name: Old, address: papers}]",
        "5:13", "the address of 'Old' is the name of the library 'Papers'", "another address",
    ),
    ("templates/base.yaml", '"{title}"', '"{title"', "6:8", "a brace stands alone", "like: {title}"),
    ("templates/base.yaml", '"{title}"', '"{{title}}"', "6:8", "a brace stands alone", "like: {title}"),
    ("organisation.yaml", "[Finance, Legal services]", "[Finance, finance]", "6:61", "'finance' stands", "number 1"),
    ("sites/assets.yaml", "[one, two]", "[]", "4:26", "the site has no owner", "two roles"),
    ("sites/assets.yaml", "title: Assets", 'title: " "', "4:1", "the site has no title", None),
    (
        "templates/team.yaml", "kind: Team", "kind: Team\nquick launch: {links: [{title: P, to: library/Paper}]}",
        "5:35", "no library 'Paper'", "Papers",
    ),
    ("sites/assets.yaml", "template: Team site", "template: Teem site", "2:1", "no template for sites", "Team site"),
    ("sites/assets.yaml", "template: Team site", "template: Base site", "2:1", "no template for sites", "Team site"),
    ("sites/assets.yaml", "title: Assets", "titel: Assets", "4:11", "does not ask for 'titel'", "title"),
    ("sites/assets.yaml", "title: Assets, ", "", "4:1", "'title' is missing", "What is it called?"),
    ("sites/assets.yaml", "[one, two]", "[One Person, two]", "4:35", "not a role id", "service.desk"),
    ("sites/assets.yaml", "class: Finance", "class: Finances", "3:1", "classification scheme", "Finance"),
    ("sites/assets.yaml", "/sites/t-a3w9c", "sites/t-a3w9c", "1:1", "address", None),
    ("sites/assets.yaml", "title: Assets", "title: [A, B]", "4:11", "one answer", None),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "place", "text", "hint"), MISTAKES)
def test_a_mistake_is_found_where_it_is(
    folder: Path, file: str, old: str, new: str, place: str, text: str, hint: str | None
) -> None:
    change(folder, file, old, new)
    found = problems(folder)
    matching = [each for each in found if text in each.text]
    assert matching, [str(each) for each in found]
    assert matching[0].where == f"{folder / file}:{place}"
    assert hint is None or hint in (matching[0].hint or "")


ADVICE = [
    ("[one, two]", "[one]", "1 owner"),
    ("/sites/t-a3w9c", "/sites/t-a3w9c-assets", "14 characters"),
    ("/sites/t-a3w9c", "/sites/d-a3w9c", "begin with 't-'"),
    ("/sites/t-a3w9c", "/sites/T3w9c", "capital letters"),
    ("title: Assets", "title: New assets", "says 'new'"),
]


@pytest.mark.parametrize(("old", "new", "text"), ADVICE)
def test_a_design_that_will_be_regretted_gets_advice(folder: Path, old: str, new: str, text: str) -> None:
    change(folder, "sites/assets.yaml", old, new)
    found = review(folder).advice
    assert any(text in each.text for each in found), [str(each) for each in found]


def test_more_than_twenty_required_columns_get_advice(folder: Path) -> None:
    names = [f"Column {n:02}" for n in range(21)]
    columns = "".join(f"  - {{name: {name}, type: Text, required: yes}}\n" for name in names)
    change(folder, "organisation.yaml", "content types:\n", f"{columns}content types:\n")
    change(folder, "organisation.yaml", "columns: [Business class]", f"columns: [Business class, {', '.join(names)}]")
    (advice,) = review(folder).advice
    assert "21 required columns" in advice.text


def test_the_errors_of_all_files_are_shown_together(folder: Path) -> None:
    for file in ("organisation.yaml", "templates/team.yaml", "sites/assets.yaml"):
        (folder / file).write_text((folder / file).read_text() + "wrong: key\n")
    assert len(problems(folder)) == 3


def test_two_sites_cannot_share_an_address(folder: Path) -> None:
    (folder / "sites/copy.yaml").write_text(SITE.replace("t-a3w9c", "T-A3W9C"))
    assert any("is also the address in" in each.text for each in problems(folder))


def test_a_site_joins_a_hub_of_the_folder_only(folder: Path) -> None:
    change(folder, "templates/team.yaml", "kind: Team", "kind: Team\nhub: {member of: /sites/d-x}")
    assert any("'/sites/d-x' is not a hub" in each.text for each in problems(folder))


def test_a_hub_that_is_missing_says_what_to_add(folder: Path) -> None:
    change(folder, "templates/team.yaml", "kind: Team", "kind: Team\nhub: {member of: /sites/d-x}")
    (problem,) = problems(folder)
    assert problem.hint == (
        "none is known here; or add a file for /sites/d-x to sites/, of a template that says 'hub: {is a hub: yes}'"
    )
    change(folder, "templates/team.yaml", "/sites/d-x", "/sites/t-a3w9c")
    (problem,) = problems(folder)
    assert problem.hint == "make it one: 'Team site', its template, needs 'hub: {is a hub: yes}'"


@pytest.mark.parametrize(
    ("to", "answer", "refused"),
    [
        ("{title}", "Asset Management", True),
        ("https://intranet.example/{title}", "Asset Management", True),
        ("https://intranet.example/{title}", "Assets", False),
        ("{title}", "library/Plans", True),
        ("{title}", "library/papers", False),
        ("{title}", "/sites/t-a3w9c", False),
    ],
)
def test_a_link_is_an_address_once_the_answer_is_filled_in(folder: Path, to: str, answer: str, refused: bool) -> None:
    links = f'kind: Team\nquick launch: {{links: [{{title: P, to: "{to}"}}]}}'
    change(folder, "templates/team.yaml", "kind: Team", links)
    change(folder, "sites/assets.yaml", "title: Assets", f"title: {answer}")
    assert [each.where for each in problems(folder)] == ([f"{folder / 'sites/assets.yaml'}:4:11"] if refused else [])


def test_a_link_whose_question_may_stay_unanswered_is_left_out(folder: Path) -> None:
    asked = "parameters: [{name: rota, ask: Where is the rota?, optional: yes}]"
    links = 'quick launch: {links: [{title: Rota, to: "{rota}"}]}'
    change(folder, "templates/team.yaml", "kind: Team", f"kind: Team\n{asked}\n{links}")
    (site,) = resolve(review(folder).catalogue)
    assert not any(kind is Kind.LINK for kind, _ in site.contents.parts)


def test_an_inherited_link_needs_its_library(folder: Path) -> None:
    change(
        folder,
        "templates/base.yaml",
        "libraries:",
        "quick launch: {links: [{title: P, to: library/Papers}]}\nlibraries:",
    )
    change(folder, "templates/team.yaml", "kind: Team", "kind: Team\nremove: {libraries: [Papers]}")
    (problem,) = problems(folder)
    assert problem.text == "the link 'P' leads to the library 'Papers', which is removed here"
    assert problem.where == f"{folder / 'templates/team.yaml'}:5:10"


@pytest.mark.parametrize("name", ["templates/team.yml", "sites/assets.YAML", "sites/old/assets.yaml"])
def test_a_file_that_would_not_be_read_is_refused(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(SITE, "utf-8")
    (problem,) = problems(folder)
    assert (problem.where, problem.text) == (str(folder / name), "is not read")


def test_a_long_or_a_wrong_answer_gets_one_message(folder: Path) -> None:
    change(folder, "sites/assets.yaml", "title: Assets", f"title: {'A' * 256}")
    (problem,) = problems(folder)
    assert "at most 255 characters" in problem.text
    change(folder, "sites/assets.yaml", "A" * 256, "5")
    (problem,) = problems(folder)
    assert "expected text; write it in quotes" in problem.text
    change(folder, "sites/assets.yaml", "title: 5", "title: []")
    (problem,) = problems(folder)
    assert "one answer" in problem.text
    change(folder, "sites/assets.yaml", "[one, two]", f"[one, {'t' * 256}]")
    (problem,) = problems(folder)
    assert problem.where == f"{folder / 'sites/assets.yaml'}:4:36"


@pytest.mark.parametrize("spoil", [lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text])
def test_windows_line_ends_and_a_byte_order_mark_are_welcome(folder: Path, spoil: Callable[[str], str]) -> None:
    for path in folder.rglob("*.yaml"):
        path.write_bytes(spoil(path.read_text("utf-8")).encode())
    assert problems(folder) == []


def test_a_missing_vocabulary_is_one_clear_problem(folder: Path) -> None:
    (folder / "organisation.yaml").unlink()
    (problem,) = problems(folder)
    assert problem.where == str(folder / "organisation.yaml")
