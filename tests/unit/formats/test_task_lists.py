"""Lists of tasks, as Microsoft's own pages write them."""

from pathlib import Path

import pytest

from spmigrate.errors import InputError
from spmigrate.formats.task_lists import Task, TaskFormat, read, text_of, write

TASKS = (
    Task(r"\\fs03\Highways\Bridges, old", "https://contoso.sharepoint.com/sites/t-s6p2x", "Documents", "Bridges, old"),
    Task(r"\\fs03\Highways\=x", "https://contoso.sharepoint.com/sites/t-s6p2x", "Working papers", "=x"),
)
SAMPLE = """
{"Tasks": [
  {"SourcePath": "\\\\\\\\fs\\\\a,]", "TargetPath": "https://c.sharepoint.com/sites/s", "TargetList": "Documents",
   "TargetListRelativePath": "x", "Settings": {"MigrateHiddenItems": false,},},
]}
"""


def test_spmt_has_six_columns_and_no_heading() -> None:
    assert text_of(TASKS, TaskFormat.SPMT_CSV) == (
        '"\\\\fs03\\Highways\\Bridges, old",,,https://contoso.sharepoint.com/sites/t-s6p2x,Documents,"Bridges, old"\r\n'
        "\\\\fs03\\Highways\\=x,,,https://contoso.sharepoint.com/sites/t-s6p2x,Working papers,=x\r\n"
    )


def test_migration_manager_has_its_heading() -> None:
    text = text_of(TASKS, TaskFormat.MM_CSV)
    assert text.startswith("FileSharePath,,,SharePointSite,DocLibrary,DocSubFolder\r\n")


@pytest.mark.parametrize("form", list(TaskFormat))
def test_what_was_written_reads_back(form: TaskFormat, tmp_path: Path) -> None:
    path = tmp_path / f"tasks{form.suffix}"
    write(path, TASKS, form)
    assert [(each.source, each.web, each.library, each.folder) for each in read(path)] == [
        (each.source, each.web, each.library, each.folder) for each in TASKS
    ]


def test_commas_behind_last_entries_are_forgiven_as_in_microsofts_sample(tmp_path: Path) -> None:
    (tmp_path / "tasks.json").write_text(SAMPLE)
    found = read(tmp_path / "tasks.json")
    assert [(each.source, each.library, each.folder) for each in found] == [(r"\\fs\a,]", "Documents", "x")]


def test_every_problem_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    path.write_text(
        "\\\\fs\\A,,,https://c/sites/s,Documents,x\n\\\\FS\\a\\,,,https://c/sites/t,Documents,\nshort,row\n,,,,,y\n"
    )
    with pytest.raises(InputError) as caught:
        read(path)
    assert [str(each) for each in caught.value.problems] == [
        "tasks.csv:3:1: has 2 columns; a task has six: source, two empty ones, site, library, folder",
        "tasks.csv:4:1: has no source path",
        "tasks.csv:4:1: has no site",
        "tasks.csv:4:1: has no library",
        r"tasks.csv:2:1: '\\FS\a\' stands already in tasks.csv:1:1",
    ]


@pytest.mark.parametrize("text", ["", "{", '{"Tasks": 3}', '{"Tasks": [3]}', "\x00\xff"])
def test_what_is_no_list_of_tasks_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "tasks.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError):
        read(tmp_path / "tasks.json")
