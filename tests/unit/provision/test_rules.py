"""Every rule of the linter finds what it is about, and nothing else does."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from spmigrate.errors import InputError
from spmigrate.provision.lint import RULES, Finding, review

ORGANISATION = """\
organisation: Sample County Council
version: 1
people domain: council.example
naming: {longest address: 12, never use: [new], address letters: {Team: t, Directorate: d}}
site columns:
  - {name: Marking, type: Choice, choices: [OFFICIAL, SECRET], default: OFFICIAL}
  - {name: Review date, type: Date}
  - {name: Function, type: Managed metadata, term set: Corporate/Functions}
  - {name: Contact, type: Lookup, looks up: {list: Contacts}}
  - {name: Unused, type: Text}
content types:
  - {name: Council document, columns: [Marking, {column: Review date, required: yes}]}
term sets: [Corporate/Functions]
retention labels: [Six years]
sensitivity labels: [Internal]
groups: [Senior managers]
themes: [{name: County}]
permission levels: [{name: Reviewers, allows: [View Items]}]
tier labels: [Directorate, Team]
units:
  - {code: HWT, name: Highways, kind: Directorate}
  - {code: STR, name: Structures, kind: Team, part of: HWT}
champions: [{role: champion.highways, branch: HWT, templates: [Team site]}]
"""
BASE = """\
template: Base site
version: 1
parameters:
  - {name: title, ask: What is it called?}
  - {name: owners, ask: Who owns it?, answer: People}
  - {name: private, ask: Only for members?, answer: Yes or no, default: yes}
  - {name: work, ask: What is done here?, answer: Choice, choices: [Case work, Projects], default: Projects}
  - {name: districts, ask: Where?, answer: Several choices, choices: [North, South], optional: yes}
  - {name: rota, ask: Where is the rota?, optional: yes}
site: {title: "{title}", description: A site.}
permissions: {owners: ["{owners}"]}
libraries:
  - name: Papers
    content types: [Council document]
    columns shown: [Name, Marking]
    retention label: Six years
lists:
  - {name: Contacts, type: Contacts}
quick launch: {links: [{title: Papers, to: library/Papers}]}
"""
TEAM = """\
template: Team site
extends: Base site
version: 1
kind: Team
parameters: [{name: hub, ask: Where does it belong?, answer: Site}]
site: {type: Team site without group}
hub: {member of: "{hub}"}
"""
DIRECTORATE = """\
template: Directorate site
extends: Base site
version: 1
kind: Directorate
parameters: [{name: above, ask: Which hub is above?, answer: Site, optional: yes}]
site: {type: Communication site}
hub: {is a hub: yes, parent: "{above}"}
"""
HUB = """\
address: /sites/d-h7k2m
template: Directorate site
answers: {title: Highways and Transport, owners: [one, two]}
"""
SITE = """\
address: /sites/t-a3w9c
template: Team site
unit: HWT/STR
marking: OFFICIAL
answers: {title: Assets, owners: [one, two], hub: /sites/d-h7k2m}
"""
FILES = {
    "organisation.yaml": ORGANISATION, "templates/base.yaml": BASE, "templates/team.yaml": TEAM,
    "templates/directorate.yaml": DIRECTORATE, "sites/d.yaml": HUB, "sites/t.yaml": SITE, "assets/case.dotx": "PK",
}  # fmt: skip
ORG, B, T = "organisation.yaml", "templates/base.yaml", "templates/team.yaml"
D, S = "templates/directorate.yaml", "sites/t.yaml"
END = "kind: Team\n"
MANY = ", ".join(f"{{title: L{n}, to: home page}}" for n in range(101))
HOMES = "pages: [{file: A.aspx, title: A, home page: yes}, {file: B.aspx, title: B, home page: yes}]\n"
ELEVEN = ", ".join(f'"group:G{n}"' for n in range(11))
FIRST_VIEWS = "views: [{name: A, is default: yes}, {name: B, is default: yes}]\n    columns shown:"
DEEP = "footer: {links: [{title: A, links: [{title: B, links: [{title: C, links: [{title: D}]}]}]}]}\n"
SITE_TYPE = "site: {type: Team site without group}"
COLUMNS = "".join(f"  - {{name: C{n}, type: Text, required: yes}}\n" for n in range(21))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue without mistakes, with something of everything."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def found(folder: Path) -> Iterator[Finding]:
    try:
        problems = list(review(folder, today=lambda: date(2026, 6, 1)).advice)
    except InputError as error:
        problems = error.problems
    for each in problems:
        assert isinstance(each, Finding), str(each)
        yield each


MISTAKES = [
    ("ORG-01", ORG, "name: Unused", "name: marking"),
    ("ORG-01", ORG, "retention labels: [Six years]", "retention labels: [Six years, six Years]"),
    ("ORG-01", ORG, "[Corporate/Functions]", "[Corporate/Functions, {name: corporate/functions}]"),
    ("ORG-01", ORG, "[Corporate/Functions]",
     "[{name: Corporate/Functions, terms: [A, {name: a, terms: [B]}, {name: C, terms: [A]}]}]"),
    ("ORG-02", ORG, "name: Unused", "name: Modified by"),
    ("ORG-03", ORG, "name: Unused", "name: Review-date"),
    ("ORG-04", ORG, "[Marking, {column", "[Markin, {column"),
    ("ORG-05", ORG, "{name: Council document,", "{name: Council document, based on: Documnt,"),
    ("ORG-06", ORG, "{name: Council document,", "{name: Council document, based on: council document,"),
    ("ORG-06", ORG, "kind: Directorate}", "kind: Directorate, part of: STR}"),
    ("ORG-07", ORG, "content types:\n", "content types:\n  - {name: Document}\n"),
    ("ORG-07", ORG, "content types:\n", "content types:\n  - {name: Document set}\n"),
    ("ORG-08", ORG, "term set: Corporate/Functions", "term set: Corporate/Function"),
    ("ORG-09", ORG, "default: OFFICIAL", "default: PUBLIC"),
    ("ORG-09", ORG, "type: Date}", "type: Date, default: tomorrow}"),
    ("ORG-10", ORG, "{name: Reviewers,", "{name: Full control,"),
    ("ORG-11", ORG, "[View Items]", "[See Items]"),
    ("ORG-12", ORG, "part of: HWT", "part of: HWX"),
    ("ORG-12", ORG, "kind: Team,", "kind: Crew,"),
    ("ORG-13", ORG, "branch: HWT", "branch: HWX"),
    ("ORG-13", ORG, "templates: [Team site]", "templates: [Teem site]"),
    ("ORG-14", ORG, "{name: Council document,", "{name: Council document, document template: assets/no.dotx,"),
    ("ORG-14", ORG, "{name: Council document,",
     "{name: Council document, from hub: yes, document template: assets/a.dotx,"),
    ("ORG-14", ORG, "content types:\n",
     "content types:\n  - {name: Case, based on: Document Set, document template: assets/case.dotx}\n"),
    ("TPL-01", D, "template: Directorate site", "template: Team site"),
    ("TPL-02", T, "extends: Base site", "extends: Base sit"),
    ("TPL-03", B, "version: 1", "version: 1\nextends: Team site"),
    ("TPL-05", B, "[Council document]", "[Council document, council Document]"),
    ("TPL-05", T, SITE_TYPE, "site: {type: Team site without group, other languages: [Welsh, Welsh]}"),
    ("TPL-05", B, "{title: Papers, to", "{title: papers, to: home page}, {title: Papers, to"),
    ("TPL-06", B, "columns shown:", "columns: [Nothing]\n    columns shown:"),
    ("TPL-07", B, "[Council document]", "[Council paper]"),
    ("TPL-08", B, '"{title}"', '"{title"'),
    ("TPL-09", B, '"{title}"', '"{titel}"'),
    ("TPL-09", B, "type: Contacts}", 'type: Contacts, when: "{privat}"}'),
    ("TPL-10", B, '["{owners}"]', '["{title}"]'),
    ("TPL-10", B, "type: Contacts}", 'type: Contacts, when: "{work} is Casework"}'),
    ("TPL-10", B, "type: Contacts}", 'type: Contacts, for each: "{title}"}'),
    ("TPL-10", B, "type: Contacts}", 'type: Contacts, description: "{each}"}'),
    ("TPL-11", B, '["{owners}"]', '["{owners}", Some Body]'),
    ("TPL-12", B, '["{owners}"]', '["{owners}", Everyone except external users]'),
    ("TPL-12", ORG, "groups: [Senior managers]", "groups: [Senior managers, Everyone]"),
    ("TPL-13", B, '["{owners}"]', '["{owners}", "group:Junior managers"]'),
    ("TPL-14", T, END, END + "remove: {libraries: [Paper]}\n"),
    ("TPL-14", T, END, END + "remove: {columns shown: [Papers/Review date]}\n"),
    ("TPL-15", T, END, END + "remove: {lists: [Contacts]}\nlists: [{name: Contacts}]\n"),
    ("TPL-16", B, "to: library/Papers", "to: list/Papers"),
    ("TPL-16", T, END, END + "remove: {libraries: [Papers]}\n"),
    ("TPL-17", T, SITE_TYPE, "site: {description: A team.}"),
    ("TPL-18", B, "[Name, Marking]", "[Name, Unused]"),
    ("TPL-18", B, "columns shown:", "views: [{name: Open, filter: Marking was OFFICIAL}]\n    columns shown:"),
    ("TPL-18", B, "columns shown:", "views: [{name: Open, sort by: Unused}]\n    columns shown:"),
    ("TPL-19", B, "libraries:\n", "libraries:\n  - {name: Site assets, retention label: Six years}\n"),
    ("TPL-20", B, "libraries:\n", "libraries:\n  - {name: Old, address: papers}\n"),
    ("TPL-20", B, "name: Contacts,", "name: Papers,"),
    ("TPL-21", B, "libraries:\n", "libraries:\n  - {name: 会议}\n"),
    ("TPL-22", B, "retention label: Six years", "retention label: Six year"),
    ("TPL-23", B, "site: {title", "site: {sensitivity label: Intern, title"),
    ("TPL-24", D, "kind: Directorate\n", "kind: Directorate\nlook: {theme: Count}\n"),
    ("TPL-25", B, '["{owners}"]}', '["{owners}"], groups: [{name: Readers, level: Reed}]}'),
    ("TPL-26", T, END, END + "features: [Document sats]\n"),
    ("TPL-27", T, SITE_TYPE, "site: {type: Team site without group, privacy: Private}"),
    ("TPL-27", T, END, END + "team: {name: Us}\n"),
    ("TPL-28", T, 'member of: "{hub}"', 'member of: "{hub}", approval: yes'),
    ("TPL-28", D, "is a hub: yes", 'is a hub: yes, member of: "{above}"'),
    ("TPL-28", T, END, END + "look: {theme: County}\n"),
    ("TPL-29", B, "columns shown:", "default content type: Council policy\n    columns shown:"),
    ("TPL-30", T, END, END + "look: {logo: assets/crest.png}\n"),
    ("TPL-30", T, END, END + "pages: [{file: A.aspx, title: A, sections from: pages/a.yaml}]\n"),
    ("TPL-31", T, END, END + HOMES),
    ("TPL-31", B, "columns shown:", FIRST_VIEWS),
    ("TPL-31", B, "columns shown:", "views: [{name: A, is default: yes, columns shown: [Name]}]\n    columns shown:"),
    ("TPL-32", B, "columns shown:", "default values: {Marking: PUBLIC}\n    columns shown:"),
    ("TPL-32", B, "columns shown:", "default values: {Unused: a}\n    columns shown:"),
    ("TPL-33", T, END, END + "site columns: [Contact]\nremove: {lists: [Contacts]}\n"),
    ("TPL-34", B, '["{owners}"]}', '["{owners}"], groups: [{name: members}]}'),
    ("TPL-35", T, SITE_TYPE, "site: {type: Team site without group, storage limit: 5, storage warning: 5}"),
    ("TPL-36", B, "columns shown:", "folders: [2026/Who?]\n    columns shown:"),
    ("TPL-37", B, "default: Projects", "default: Project"),
    ("TPL-38", T, END, END + DEEP),
    ("TPL-39", T, SITE_TYPE, "site: {type: Team site with Microsoft 365 group}\nteam: {name: Us}"),
    ("TPL-13", T, SITE_TYPE, 'site: {type: Team site without group, restrict access to: ["group:Nobody"]}'),
    ("TPL-40", T, SITE_TYPE, "site: {type: Team site without group, restrict access to: [service.desk]}"),
    ("TPL-40", T, SITE_TYPE, "site: {type: Team site without group, restrict access to: [Members]}"),
    ("TPL-40", T, SITE_TYPE,
     'site: {type: Team site with Microsoft 365 group, restrict access to: ["group:Senior managers"]}'),
    ("TPL-40", T, SITE_TYPE, f"site: {{type: Team site without group, restrict access to: [{ELEVEN}]}}"),
    ("TPL-41", T, SITE_TYPE,
     'site: {type: Team site with Microsoft 365 group}\npermissions: {members: ["group:Senior managers"]}'),
    ("TPL-30", T, END, END + "files: [{library: Papers, from: assets/none.docx}]\n"),
    ("TPL-36", T, END, END + "files: [{library: Papers, folder: a/b?, from: assets/a.docx}]\n"),
    ("TPL-12", T, END, END + "quick launch: {links: [{title: A, for: ['group:Everyone']}]}\n"),
    ("TPL-13", T, END, END + "quick launch: {links: [{title: A, for: ['group:Senior']}]}\n"),
    ("TPL-43", T, END, END + "footer: {links: [{title: A, for: ['group:Senior managers']}]}\n"),
    ("TPL-42", T, END, END + "files: [{library: Paper, from: assets/a.docx}]\n"),
    ("SIT-01", S, "/sites/t-a3w9c", "/sites/D-H7K2M"),
    ("SIT-02", S, "template: Team site", "template: Base site"),
    ("SIT-03", S, "title: Assets", "title: Assets, titel: A"),
    ("SIT-04", S, "title: Assets, ", ""),
    ("SIT-05", S, "title: Assets", "title: Assets, work: Casework"),
    ("SIT-05", S, "title: Assets", "title: Assets, private: perhaps"),
    ("SIT-05", S, "title: Assets", "title: Assets, districts: [North, North]"),
    ("SIT-06", S, "hub: /sites/d-h7k2m", "hub: /sites/t-a3w9c"),
    ("SIT-07", S, "marking: OFFICIAL", "marking: PUBLIC"),
    ("SIT-08", S, "title: Assets", 'title: " "'),
    ("SIT-09", S, "[one, two]", "[]"),
    ("SIT-10", B, "{title: Papers, to", '{title: Rota, to: "{rota}"}, {title: Papers, to'),
    ("SIT-11", S, "HWT/STR", "HWT/SPR"),
    ("SIT-14", S, "/sites/t-a3w9c", "/sites/contentTypeHub"),
    ("SIT-15", T, SITE_TYPE, "site: {type: Team site with Microsoft 365 group}"),
    ("DES-02", B, "columns shown:", "folders: [a/b/c/d]\n    columns shown:"),
    ("DES-03", B, "    retention label: Six years\n", ""),
    ("DES-04", S, "[one, two]", "[one]"),
    ("DES-05", S, "/sites/t-a3w9c", "/sites/t-a3w9c-assets"),
    ("DES-06", S, "/sites/t-a3w9c", "/sites/t-A3w9c"),
    ("DES-07", S, "/sites/t-a3w9c", "/sites/d-a3w9c"),
    ("DES-08", S, "title: Assets", "title: New assets"),
    ("DES-09", B, ", description: A site.", ""),
    ("DES-10", S, "/sites/t-a3w9c", "/sites/highways"),
    ("DES-11", S, "answers:", "override: [{because: Agreed, until: 2026-05-31}]\nanswers:"),
    ("DES-12", T, END, END + f"footer: {{links: [{MANY}]}}\n"),
]  # fmt: skip


ANSWERED = {
    "SIT-10": ("title: Assets", "title: Assets, rota: the usual place"),
    "SIT-15": ("[one, two]", '[one, "group:Senior managers"]'),
}
"""What the site answers besides, where it takes an answer to break a rule."""


@pytest.mark.parametrize(("rule", "file", "old", "new"), MISTAKES)
def test_a_rule_finds_what_it_is_about(folder: Path, rule: str, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    if rule in ANSWERED:
        (folder / "sites/t.yaml").write_text(SITE.replace(*ANSWERED[rule]), "utf-8")
    hits = [each for each in found(folder) if each.rule == rule]
    assert hits, [str(each) for each in found(folder)]
    assert all(each.where.startswith(str(folder)) and each.where.count(":") >= 2 for each in hits)
    assert str(hits[0]).endswith(f"[{rule}]")


def test_the_catalogue_of_the_examples_breaks_no_rule(folder: Path) -> None:
    assert [str(each) for each in found(folder)] == []


def test_more_than_four_templates_in_a_row_are_refused(folder: Path) -> None:
    above = "Team site"
    for n in range(3):
        text = f"template: Team {n}\nextends: {above}\nversion: 1\n"
        (folder / f"templates/team{n}.yaml").write_text(text, "utf-8")
        above = f"Team {n}"
    assert {each.rule for each in found(folder)} == {"TPL-04"}


def test_names_that_meet_once_for_each_is_written_out_are_refused(folder: Path) -> None:
    libraries = 'libraries: [{name: "{each} papers", for each: "{districts}"}, {name: North papers}]\n'
    (folder / T).write_text(TEAM + libraries, "utf-8")
    assert [each.rule for each in found(folder) if each.rule.startswith("SIT")] == []
    answered = SITE.replace("title: Assets", "title: Assets, districts: [North, South]")
    (folder / S).write_text(answered, "utf-8")
    assert "SIT-12" in {each.rule for each in found(folder)}


def test_required_columns_of_all_content_types_of_a_library_are_counted_together(folder: Path) -> None:
    columns = "".join(f"  - {{name: C{n}, type: Text, required: yes}}\n" for n in range(22))
    names = [", ".join(f"C{n}" for n in half) for half in (range(12), range(10, 21))]
    types = "".join(f"  - {{name: Half {n}, columns: [{each}]}}\n" for n, each in enumerate(names))
    text = ORGANISATION.replace("content types:\n", columns + "content types:\n" + types)
    (folder / ORG).write_text(text, "utf-8")
    halves = BASE.replace("content types: [Council document]", "content types: [Half 0, Half 1]")
    halves = halves.replace("    columns shown: [Name, Marking]\n", "")
    (folder / B).write_text(halves, "utf-8")
    (hit,) = [each for each in found(folder) if each.rule == "DES-01"]
    assert hit.text == "'Papers' has 21 required columns, its content types together"
    assert hit.where.startswith(str(folder / B))
    own = halves.replace("[Half 0, Half 1]", "[Half 0]").replace(
        "    retention", "    columns: [C21]\n    retention", 1
    )
    (folder / B).write_text(own, "utf-8")
    assert [each for each in found(folder) if each.rule == "DES-01"] == []


def test_links_that_nobody_could_tell_apart_are_refused(folder: Path) -> None:
    again = "links: [{title: Forms, links: [{title: Home, to: home page}]}]"
    links = f"quick launch: {{links: [{{title: A, {again}}}, {{title: B, {again}}}]}}\n"
    (folder / T).write_text(TEAM + links, "utf-8")
    assert [(each.rule, each.where) for each in found(folder)] == [("SIT-12", f"{folder / S}:5:1")]


def test_hubs_stand_at_most_three_levels_deep_and_never_in_a_ring(folder: Path) -> None:
    def hub(n: int, above: int | None) -> None:
        parent = f", above: /sites/d-{above}" if above is not None else ""
        answers = f"answers: {{title: Hub, owners: [one, two]{parent}}}"
        text = f"address: /sites/d-{n}\ntemplate: Directorate site\n{answers}\n"
        (folder / f"sites/d{n}.yaml").write_text(text, "utf-8")

    for n in range(3):
        hub(n, n - 1 if n else None)
    assert list(found(folder)) == []
    hub(3, 2)
    assert [each.rule for each in found(folder)] == ["SIT-13"]
    hub(0, 3)
    assert {each.rule for each in found(folder)} == {"SIT-13"}
    assert any("lies above itself" in each.text for each in found(folder))


def test_more_than_twenty_required_columns_get_advice(folder: Path) -> None:
    text = ORGANISATION.replace("content types:\n", f"{COLUMNS}content types:\n")
    names = ", ".join(f"C{n}" for n in range(21))
    (folder / ORG).write_text(text.replace("columns: [Marking", f"columns: [{names}, Marking"), "utf-8")
    assert [each.rule for each in found(folder)] == ["DES-01"]


def test_an_exception_is_checked_like_a_template(folder: Path) -> None:
    override = "override:\n  - {because: Agreed, libraries: [{name: Papers, content types: [Council paper]}]}\n"
    (folder / S).write_text(SITE + override, "utf-8")
    (problem,) = found(folder)
    assert (problem.rule, problem.where) == ("TPL-07", f"{folder / S}:7:66")


def test_an_exception_says_why(folder: Path) -> None:
    (folder / S).write_text(SITE + "override:\n  - {features: [Site pages]}\n", "utf-8")
    with pytest.raises(InputError) as caught:
        review(folder)
    assert "'because' is missing" in caught.value.problems[0].text


def test_every_rule_of_the_table_has_a_test() -> None:
    elsewhere = {"TPL-04", "SIT-12", "SIT-13", "DES-01"}
    assert {rule for rule, *_ in MISTAKES} | elsewhere == set(RULES)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("template: T\nversion: 1\nsite:\n\ttitle: A\n", "a tab stands here"),
        ("template: &t T\nversion: 1\npurpose: *t\n", "'*t' is not understood here"),
        ("template: T\nversion: 1\nsite:\n", "'site' has no value"),
        ("template: T\nversion: 1\npurpose: " + "x" * 5_000_000, "has 5.0 MB"),
        ("template: T\nversion: 1\nlibraries: " + "[" * 100 + "]" * 100, "nested more than"),
        ("template: T\nversion: 1\ntemplate: U\n", "stands here twice"),
    ],
)  # fmt: skip
def test_a_file_that_nobody_could_have_meant_gets_a_clear_message(folder: Path, text: str, says: str) -> None:
    (folder / "templates/odd.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        review(folder)
    assert any(says in each.text for each in caught.value.problems), [str(each) for each in caught.value.problems]
