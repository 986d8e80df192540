"""What people name or write wrongly: refused with the place and what to type, and nothing is written."""

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from spmigrate.cli.app import run as run_here
from spmigrate.mapping.columns import TAB
from tests.conftest import ROOT
from tests.flow.refusal import Run, content, edit, refused

OWNER = "Head of Highways Maintenance"
AGREED = ("--signer", OWNER, "--digest", "8da7f1c04e2b")
TEMPLATES, RULES = "site_templates", "governance_rules"
STRUCTURES, TEAM = "site_templates/sites/structures.yaml", "site_templates/templates/team.yaml"
OWNERSHIP = "governance_rules/rules/ownership.yaml"
EXAMPLES = """\
    examples:
      must fire:
        - {working owners: 1}
      must stay quiet:
        - {working owners: 2}
        - {working owners: 0}
"""


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with one scanned share and one issued workbook; tests take copies of it."""
    folder = tmp_path_factory.mktemp("scanned") / "work"
    for name in (TEMPLATES, RULES, "mappings"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "spmigrate.yaml").write_text("version: 1\ntenant: {rehearsal: ../tenant}\n", "utf-8")
    (folder.parent / "Share" / "Bridges").mkdir(parents=True)
    (folder.parent / "Share" / "Bridges" / "plan.docx").write_text("plan", "utf-8")
    here = ("--config", str(folder / "spmigrate.yaml"))
    assert run_here([*here, "scan", "run", str(folder.parent / "Share")]) == 0
    assert run_here([*here, "mapping", "issue", "Share", "--owner", OWNER]) == 0
    return folder


@pytest.fixture
def work(scanned: Path, tmp_path: Path) -> Path:
    """A working folder of the test's own."""
    return Path(shutil.copytree(scanned, tmp_path / "work"))


@pytest.mark.parametrize(
    ("arguments", "code", "said", "hint"),
    [
        (("scan", "run", "nowhere"), 1, "nowhere cannot be scanned: no such file or directory", "mount the share"),
        (("scan", "run", "spmigrate.yaml"), 1, "spmigrate.yaml cannot be scanned: not a directory", "name a folder"),
        (("scan", "run", "mappings", "--name", "Share"), 2, "'Share' is the name of", "choose another with --name"),
        (("scan", "report", "Shore"), 2, "no source called 'Shore'", "there are: Share"),
        (("mapping", "issue", "Shore", "--owner", OWNER), 2, "no source called 'Shore'", "there are: Share"),
        (("mapping", "issue", "Share", "--owner", OWNER, "--out", "x.xls"), 2, "no name for a workbook", "x.xlsx"),
        (("mapping", "issue", "Share", "--owner", OWNER, "--out", "mappings/S-0001-v1.xlsx"), 1, "exists already", "-"),
        (("mapping", "sign", "S-0007", *AGREED, "--approval-record", "A"), 1, "no sheet S-0007", "correct"),
        (("wave", "plan", "pilot"), 1, "M-0001", "spmigrate mapping status"),
        (("wave", "plan", "pilot", "--sheet", "S-0007"), 2, "there is no sheet S-0007", "sheets: S-0001"),
        (("wave", "run", "pliot"), 2, "there is no wave 'pliot'", "spmigrate wave plan pliot"),
        (("wave", "status", "pliot"), 2, "there is no wave 'pliot'", "spmigrate wave plan pliot"),
        (("wave", "verify", "pliot"), 2, "there is no wave 'pliot'", "spmigrate wave plan pliot"),
        (("site", "plan", "t-s6p2"), 2, "no site file has the address /sites/t-s6p2", "did you mean 't-s6p2x'"),
        (("site", "apply", "--plan", "no.json", "--yes"), 1, "no.json: No such file or directory", "run the same"),
        (("site", "apply", "--plan", "spmigrate.yaml", "--yes"), 1, "is not a plan", "spmigrate site plan --out"),
        (("report", "--out", "nowhere/report.html"), 1, "nowhere/report.html: No such file", "check the path"),
        (("report", "--out", "."), 1, "Is a directory", "name a file"),
        (("report", "--out", "a.html", "--items", "nowhere/i.csv"), 1, "nowhere/i.csv: No such file", "check the path"),
        (("report", "--out", "same", "--items", "./same"), 2, "name the same file", "--items items.csv"),
    ],
)  # fmt: skip
def test_what_is_named_wrongly_is_refused(
    spmigrate: Run, work: Path, arguments: tuple[str, ...], code: int, said: str, hint: str
) -> None:
    before = content(work)
    done = refused(spmigrate, *arguments, code=code, cwd=work)
    assert said in done.stderr and hint in done.json["error"]["hint"]
    after = content(work)
    assert after.pop("a.html", None) is None or "--items" in arguments
    assert after == before


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (STRUCTURES, "template:", "templat:", "structures.yaml:@:1: unknown key 'templat' (did you mean 'template'?)"),
        (STRUCTURES, "Team site", "Teem site", ":@:1: no template for sites is called 'Teem site' (did you mean 'Team"),
        (STRUCTURES, "unit:", "template: Base site\nunit:", "structures.yaml:@:1: 'template' stands here twice"),
        (STRUCTURES, "t-s6p2x", "t-a3w9c", "structures.yaml:@:1: /sites/t-a3w9c is also the address in"),
        (STRUCTURES, "hub: /sites/d-h7k2m", "hub: /sites/d-h7k2n", "structures.yaml:@:"),
        (STRUCTURES, "title: Structures", "title: [", "did not find expected"),
        (TEAM, "versions: {major: 100}", "versions: {major: many}", "team.yaml:@:16: libraries.0.versions.major: "),
        (TEAM, "content types:", "content tpyes:", "(did you mean 'content types'?)"),
    ],
)
def test_templates_and_sites_are_refused_at_their_place(
    spmigrate: Run, work: Path, file: str, old: str, new: str, said: str
) -> None:
    line = edit(work / file, old, new)
    assert said.replace("@", str(line)) in refused(spmigrate, "template", "lint", cwd=work).stderr


@pytest.mark.parametrize(
    "command",
    [("site", "apply", "--yes"), ("site", "status"), ("mapping", "issue", "Share", "--owner", "X")],
    ids=" ".join,
)
def test_every_command_that_needs_templates_stops_at_a_wrong_one(
    spmigrate: Run, work: Path, command: tuple[str, ...]
) -> None:
    line = edit(work / TEAM, "quick launch:", "quick lanch:")
    before = content(work)
    done = refused(spmigrate, *command, cwd=work)
    (problem,) = done.json["error"]["problems"]
    assert problem["where"].endswith(f"team.yaml:{line}:1") and problem["hint"] == "did you mean 'quick launch'?"
    assert content(work) == before


def test_templates_that_are_not_there(spmigrate: Run, work: Path) -> None:
    shutil.rmtree(work / TEMPLATES)
    assert "organisation.yaml: No such file" in refused(spmigrate, "site", "plan", cwd=work).stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{working owners: 1}", "{workin owners: 1}", "ownership.yaml:@:"),
        ("      working owners: {at least: 2}", "      workin owners: {at least: 2}",
         "ownership.yaml:@:7: 'workin owners' is not a fact about a site (did you mean 'working owners'?)"),
        ("{at least: 2}", "{at leest: 2}", "ownership.yaml:@:24: 'at leest' is not a comparison (did you mean 'at l"),
        ("{at least: 2}", "{contains: 2}", "ownership.yaml:@:24: 'contains' makes no sense for 'working owners', a n"),
        ("{at least: 2}", "{at least: two}", "ownership.yaml:@:24: expected a whole number, not 'two'"),
        (EXAMPLES, "", "5: 'examples' is missing"),
        ("id: OWN-02", "id: OWN-01", "ownership.yaml:@:5: OWN-01 stands in more than one place"),
        ("severity: high", "severity: dire", "'dire' is not one of: critical, high, medium, low, info"),
        ("{title} has", "{titel} has", "ownership.yaml:@:5: {titel} is not a fact about a site"),
    ],
)  # fmt: skip
def test_rules_are_refused_at_their_place(spmigrate: Run, work: Path, old: str, new: str, said: str) -> None:
    line = edit(work / OWNERSHIP, old, new)
    assert said.replace("@", str(line)) in refused(spmigrate, "rule", "test", cwd=work).stderr


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("people.yaml", "people: [", "people.yaml:2:1: did not find expected node content"),
        (
            "sites.yaml",
            "version: 1\nsites: [{address: /sites/x, owner: a}]\n",
            "unknown key 'owner' (did you mean 'owners",
        ),
        ("waivers.yaml", None, "waivers.yaml: No such file or directory"),
        ("partners.yaml", "version: 1\npartners: none\n", "partners.yaml:2:1: partners: should be"),
    ],
)
def test_registers_are_refused_before_the_tenant_is_asked(
    spmigrate: Run, work: Path, file: str, text: str | None, said: str
) -> None:
    path = work / RULES / file
    path.unlink() if text is None else path.write_text(text, "utf-8")
    before = content(work)
    assert said in refused(spmigrate, "rule", "check", cwd=work).stderr
    assert content(work) == before


def test_waiver_that_cannot_be_is_not_written(spmigrate: Run, work: Path) -> None:
    before = content(work)
    who = ("--owner", "highways.director", "--approved-by", "highways.director")
    text = ("--reason", "Public consultations need links.", "--until", "2027-01-01")
    done = refused(spmigrate, "rule", "waive", "TEN-99", "x", *who, *text, cwd=work)
    assert "there is no rule TEN-99" in done.stderr and "cannot approve it" in done.stderr
    refused(spmigrate, "rule", "waive", "TEN-01", "x", *who, "--reason", "r", "--until", "soon", code=2, cwd=work)
    assert content(work) == before


def _without(column: str) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        book = openpyxl.load_workbook(file)
        (cell,) = [cell for row in book[TAB].iter_rows(max_row=5) for cell in row if cell.value == column]
        cell.value = "Something else"
        book.save(file)

    return spoil


def _another_workbook(file: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Expenses"
    book.save(file)


def _truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2040)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda file: file.write_text("Folder;Decision\n"),
            "is damaged or not an Excel workbook (in Excel choose File",
        ),
        (lambda file: file.write_bytes(b""), "is damaged or not an Excel workbook (in Excel choose File, Save As"),
        (_truncate, "is damaged or not an Excel workbook (in Excel choose File, Save As, Excel Workbook"),
        (lambda file: file.write_bytes(OLE), "is an old .xls workbook, or encrypted (in Excel choose File, Save As"),
        (_another_workbook, f"the sheet '{TAB}' is missing (start again from the workbook that was issued)"),
        (_without("Decision"), "the column 'Decision' is missing (start again from the workbook that was i"),
        (lambda file: file.unlink(), "S-0001-v1.xlsx: no such file or directory"),
        (lambda file: (file.unlink(), file.mkdir()), "S-0001-v1.xlsx: is not a file"),
    ],
    ids=["text", "empty", "truncated", "protected", "another", "column", "gone", "folder"],
)
def test_workbook_that_is_not_one_is_refused_and_nothing_recorded(
    spmigrate: Run, work: Path, spoil: Callable[[Path], object], said: str
) -> None:
    file = work / "mappings" / "S-0001-v1.xlsx"
    spoil(file)
    before = content(work)
    assert said in refused(spmigrate, "mapping", "collect", file, cwd=work).stderr
    assert content(work) == before


@pytest.mark.parametrize(("name", "data"), [("answers.xls", OLE), ("answers.txt", b"x")])
def test_workbook_of_another_kind_says_how_to_save_it(spmigrate: Run, work: Path, name: str, data: bytes) -> None:
    (work / name).write_bytes(data)
    (problem,) = refused(spmigrate, "mapping", "lint", name, cwd=work).json["error"]["problems"]
    assert problem["where"] == name and ".xlsx" in problem["hint"]
