"""Spoiled and hostile workbooks: read or refused in words, within 5 seconds and 300 MB, and nothing else ever."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from spmigrate.formats import returned_workbook, workbook
from tests.unit.formats.hostile import bombs, sharing
from tests.unit.formats.test_workbook import TABLES, a_book

MEGABYTES = 300
SECONDS = 5.0
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook as it is issued."""
    path = tmp_path_factory.mktemp("hostile") / "book.xlsx"
    workbook.write(path, a_book())
    return path


class Outcome(NamedTuple):
    """What became of a file: `read`, `refused` with so many reasons, or the name of a defect."""

    what: str
    reasons: int
    seconds: float


def outcomes(base: Path, given: Iterable[object]) -> dict[str, Outcome]:
    """What became of every file or seed, in a process of its own under the limit of memory."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.formats.read_hostile", str(MEGABYTES), json.dumps(TABLES), str(base)],
        input="\n".join(map(str, given)), capture_output=True, text=True, cwd=ROOT, timeout=1800,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {name: Outcome(*outcome) for name, *outcome in map(json.loads, done.stdout.splitlines())}


def defects(found: dict[str, Outcome]) -> list[str]:
    """What was neither read nor refused with a reason, or took too long."""
    return [
        f"{name}: {each}"
        for name, each in found.items()
        if (each.what, bool(each.reasons)) not in (("read", False), ("refused", True)) or each.seconds > SECONDS
    ]


@pytest.mark.parametrize("form", ["as issued", "as Excel saves it"])
def test_a_thousand_random_mutations_are_read_or_refused_within_time_and_memory(base: Path, form: str) -> None:
    assert_mutations(base, form, range(500))


@pytest.mark.long
@pytest.mark.parametrize("form", ["as issued", "as Excel saves it"])
def test_ten_thousand_random_mutations_are_read_or_refused_within_time_and_memory(base: Path, form: str) -> None:
    assert_mutations(base, form, range(1000, 6000))


def assert_mutations(base: Path, form: str, seeds: range) -> None:
    """Each seed is read or refused, and both happen."""
    path = base
    if form != "as issued":
        path = base.with_name("shared.xlsx")
        path.write_bytes(sharing(base.read_bytes()))
        assert returned_workbook.read(path, TABLES).pages == returned_workbook.read(base, TABLES).pages
    found = outcomes(path, seeds)
    assert len(found) == len(seeds)
    assert defects(found) == []
    assert {each.what for each in found.values()} == {"read", "refused"}


def test_bombs_are_refused_in_one_sentence_within_time_and_memory(base: Path) -> None:
    paths = {}
    for n, (name, content) in enumerate(bombs(base.read_bytes())):
        paths[str(path := base.with_name(f"bomb{n}.xlsx"))] = name
        path.write_bytes(content)
    found = {paths[path]: outcome for path, outcome in outcomes(base, paths).items()}
    assert len(found) == len(paths)
    assert defects(found) == []
    assert {each.reasons for each in found.values()} <= {0, 1}
    harmless = {"every cell a link", "an element of attributes"}
    assert {name for name, each in found.items() if each.what == "read"} == harmless
