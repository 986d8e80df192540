"""Lists of migration tasks as SPMT and Migration Manager take them: CSV of six columns, or JSON.

Sources: learn.microsoft.com, "How to format your CSV file for data content migration" (SPMT: no heading, all columns
present) and "Bulk upload source and destination paths" (Migration Manager: heading optional; JSON). Their programs
read the files, no spreadsheet does, so nothing is put before a text that looks like a formula.
"""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from spmigrate.errors import InputError, Problem
from spmigrate.formats import whole

_HEADING = ("FileSharePath", "", "", "SharePointSite", "DocLibrary", "DocSubFolder")
_LARGEST = 50_000_000
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[\]}])')


class TaskFormat(StrEnum):
    """The forms of a list of tasks."""

    SPMT_CSV = "spmt-csv"
    MM_CSV = "mm-csv"
    MM_JSON = "mm-json"

    @property
    def suffix(self) -> str:
        """What its files end in."""
        return ".json" if self is TaskFormat.MM_JSON else ".csv"


@dataclass(frozen=True, slots=True)
class Task:
    """One source folder with its site, its library by the name that people see, and the folder in it.

    `where` is its place in the file that it was read from.
    """

    source: str
    web: str
    library: str
    folder: str = ""
    where: str = ""


def write(path: Path, tasks: Sequence[Task], form: TaskFormat) -> None:
    """Write tasks in one of the forms, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole.writing(path) as partial:
        partial.write_text(text_of(tasks, form), "utf-8", newline="")


def text_of(tasks: Sequence[Task], form: TaskFormat) -> str:
    """The file of these tasks."""
    if form is TaskFormat.MM_JSON:
        return json.dumps({"Tasks": [_as_json(task) for task in tasks]}, ensure_ascii=False, indent=2) + "\n"
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    if form is TaskFormat.MM_CSV:
        writer.writerow(_HEADING)
    writer.writerows((task.source, "", "", task.web, task.library, task.folder) for task in tasks)
    return text.getvalue()


def read(path: Path) -> list[Task]:
    """The tasks of a file in any of the forms. Raises InputError with every problem, doubled sources included."""
    try:
        size = path.stat().st_size
        text = path.read_text("utf-8-sig") if size <= _LARGEST else None
    except OSError as error:
        raise InputError(f"{path} cannot be read", [Problem(path.name, error.strerror or "cannot be read")]) from None
    except UnicodeDecodeError:
        raise InputError(f"{path} cannot be read", [Problem(path.name, "is not UTF-8 text")]) from None
    if text is None:
        raise InputError(f"{path} is too large", [Problem(path.name, f"has {size:,} bytes; {_LARGEST:,} is the most")])
    problems: list[Problem] = []
    is_json = text.lstrip()[:1] in ("{", "[")
    tasks = _from_json(text, path.name, problems) if is_json else _from_csv(text, path.name, problems)
    problems += _doubled(tasks)
    if not tasks and not problems:
        problems.append(Problem(path.name, "holds no task"))
    if problems:
        raise InputError(f"{path.name} cannot be used", problems)
    return tasks


def _as_json(task: Task) -> dict[str, Any]:
    return {
        "SourcePath": task.source,
        "TargetPath": task.web,
        "TargetList": task.library,
        "TargetListRelativePath": task.folder,
        "MigrationType": "Content",
    }


def _from_csv(text: str, name: str, problems: list[Problem]) -> list[Task]:
    tasks: list[Task] = []
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            where = f"{name}:{reader.line_num}:1"
            if not any(row) or (not tasks and row[0].casefold() in ("filesharepath", "source")):
                continue
            if not 6 <= len(row) <= 8:
                text_ = f"has {len(row)} columns; a task has six: source, two empty ones, site, library, folder"
                problems.append(Problem(where, text_))
            elif row[1] or row[2]:
                problems.append(Problem(where, "names a list of a SharePoint source; only file shares are read"))
            else:
                tasks.append(_checked(Task(row[0], row[3], row[4], row[5], where), problems))
    except csv.Error as error:
        problems.append(Problem(f"{name}:{reader.line_num}:1", f"is not CSV: {error}"))
    return tasks


def _from_json(text: str, name: str, problems: list[Problem]) -> list[Task]:
    # Microsoft's own sample has a comma behind the last entry of a list.
    lenient = _TRAILING_COMMA.sub(lambda found: found[1] or "", text)
    try:
        found = json.loads(lenient)
    except ValueError as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        problems.append(Problem(f"{name}:{line}:{column}", f"is not JSON: {getattr(error, 'msg', error)}"))
        return []
    entries = found.get("Tasks") if isinstance(found, dict) else found
    if not isinstance(entries, list):
        problems.append(Problem(name, "has no list called Tasks"))
        return []
    tasks = []
    for n, entry in enumerate(entries, start=1):
        where = f"{name}: task {n}"
        if not isinstance(entry, dict):
            problems.append(Problem(where, "is not an object"))
            continue
        keys = ("SourcePath", "TargetPath", "TargetList", "TargetListRelativePath")
        source, web, library, folder = (str(entry.get(key) or "").strip() for key in keys)
        tasks.append(_checked(Task(source, web, library, folder, where), problems))
    return tasks


def _checked(task: Task, problems: list[Problem]) -> Task:
    for text, what in ((task.source, "source path"), (task.web, "site"), (task.library, "library")):
        if not text:
            problems.append(Problem(task.where, f"has no {what}"))
    return task


def _doubled(tasks: Sequence[Task]) -> list[Problem]:
    seen: dict[str, Task] = {}
    problems = []
    for task in tasks:
        key = task.source.replace("\\", "/").rstrip("/").casefold()
        if key and key in seen:
            problems.append(Problem(task.where, f"'{task.source}' stands already in {seen[key].where}"))
        seen.setdefault(key, task)
    return problems
