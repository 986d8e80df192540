"""Lists of Microsoft's migration tools from the command line: written from signed rows, and read as drafts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Finished
from tests.flow.test_mapping_commands import answer, issue, sign, work
from tests.unit.mapping.desk_case import MOVE

Run = Callable[..., Finished]
__all__ = ["work"]

HOST = "https://contoso.sharepoint.com"
SITE = f"{HOST}/sites/t-s6p2x"


_TENANT = f"""version: 1
tenant:
  name: council
  tenant id: 0a1d5f30-7c0e-4d3f-9a11-000000000001
  sharepoint: {HOST}
  client id: 0a1d5f30-7c0e-4d3f-9a11-000000000002
"""


@pytest.fixture
def known_host(work: Path) -> Path:
    """A working folder that knows the address of its tenant."""
    (work / "spmigrate.yaml").write_text(_TENANT)
    return work


def drafted_folders(work: Path) -> set[str]:
    lines = (work / "mappings/drafts/Highways.yaml").read_text().splitlines()
    return {line.partition("folder: ")[2].strip("'\"") for line in lines if "- folder: " in line}


def test_signed_rows_are_written_for_every_tool_and_read_back(known_host: Path, spmigrate: Run) -> None:
    work = known_host
    file = issue(spmigrate, work)
    answer(file, MOVE)
    assert spmigrate("mapping", "collect", file, cwd=work).code == 0
    early = spmigrate("mapping", "issue", "Highways", "--format", "spmt-csv", "--out", "early.csv", "--json", cwd=work)
    assert (early.code, early.json["tasks"], len(early.json["left_out"])) == (3, 0, 4)
    assert sign(spmigrate, work).code == 0
    for form, suffix in (("spmt-csv", "csv"), ("mm-csv", "csv"), ("mm-json", "json")):
        made = spmigrate("mapping", "issue", "Highways", "--format", form, "--json", cwd=work)
        assert (made.code, made.json["tasks"], made.json["unsigned"]) == (3, 3, False), made.stderr
        assert made.json["file"].endswith(f"Highways-{form}.{suffix}")
        assert ["the tools always take the folders too" in each for each in made.json["left_out"]] == [True]
        read = spmigrate("mapping", "import", made.json["file"], "--json", cwd=work)
        assert (read.code, read.json["notes"]) == (0, []), read.stderr
        assert [(each["source"], each["rows"]) for each in read.json["drafts"]] == [("Highways", 3)]
        assert drafted_folders(work) == {"Bridges", "Surveys", "=HYPERLINK(1)"}
        (work / "mappings/drafts/Highways.yaml").unlink()


def test_list_with_a_comma_too_many_is_read_and_targets_nobody_knows_are_named(work: Path, spmigrate: Run) -> None:
    share = work.parent / "share"
    tasks = [
        {"SourcePath": f"{share}/Bridges", "TargetPath": SITE, "TargetList": "Documents",
         "TargetListRelativePath": "Bridges"},
        {"SourcePath": f"{share}/Surveys", "TargetPath": f"{HOST}/sites/t-s6p2y", "TargetList": "Documents",
         "TargetListRelativePath": "Surveys"},
    ]  # fmt: skip
    (work / "tasks.json").write_text(json.dumps({"Tasks": tasks}, indent=1).replace("\n ]", ",\n ]"))
    done = spmigrate("mapping", "import", "tasks.json", cwd=work)
    assert done.code == 3, done.stderr
    assert f"tasks.json: task 2: '{HOST}/sites/t-s6p2y' is no approved site" in done.stdout
    assert "did you mean '/sites/t-s6p2x'?" in done.stdout
    assert drafted_folders(work) == {"Bridges", "Surveys"}
    again = spmigrate("mapping", "import", "tasks.json", cwd=work)
    assert again.code == 1 and "exists already, and may hold somebody's work" in again.stderr


def test_doubled_and_unknown_sources_are_refused_together_and_nothing_is_written(work: Path, spmigrate: Run) -> None:
    share = work.parent / "share"
    rows = [f"{share}/{name},,,{SITE},Documents,{name}\n" for name in ("Bridges", "bridges/", "Surveys")]
    (work / "tasks.csv").write_text("".join(rows))
    doubled = spmigrate("mapping", "import", "tasks.csv", cwd=work)
    assert (
        doubled.code == 1
        and "tasks.csv:2:1: " in doubled.stderr
        and "stands already in tasks.csv:1:1" in doubled.stderr
    )
    rows = [f"{share}/Bridge,,,{SITE},Documents,Bridge\n", f"/elsewhere,,,{SITE},Documents,x\n"]
    (work / "tasks.csv").write_text("".join(rows))
    unknown = spmigrate("mapping", "import", "tasks.csv", cwd=work)
    assert unknown.code == 1
    assert "has no folder 'Bridge' (did you mean 'Bridges'?)" in unknown.stderr
    assert "'/elsewhere' is in no scanned source" in unknown.stderr
    assert not (work / "mappings/drafts/Highways.yaml").exists()
